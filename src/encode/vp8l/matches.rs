//! Where a picture repeats itself.
//!
//! For each pixel the copies are looked for that its next pixels can be had by: from the nearest places, whose
//! distances are short to write, and from wherever the same three pixels began before. A copy as long as
//! [`LONG`] is taken without looking further, and its inside is passed over: that is most of a picture.

use super::Pixel;
use super::prefix::Distances;
use crate::encode::{color_table, delta};

/// A copy that is surely taken.
const LONG: usize = 128;

/// The longest copy, and the farthest: distances are 2^20 at most, also by number.
const LENGTH_BITS: u32 = 12;
const LONGEST: usize = 1 << LENGTH_BITS;
const FARTHEST: usize = (1 << 20) - 120;

/// How many near places are looked at.
pub(super) const NEAR: usize = 16;

/// How many earlier places with the same beginning are looked at.
const CHAIN: usize = 12;

/// Slots of the table of beginnings.
const TABLE_BITS: u32 = 14;

/// A copy that would do.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Candidate {
    pub(super) length: u32,
    /// By number.
    pub(super) distance: u32,
}

/// A candidate in half the memory: both less one, its length in the lowest 12 bits, its distance in the other 20.
#[derive(Clone, Copy)]
pub(super) struct Packed(u32);

/// The candidates at all places that can be come to.
#[derive(Default)]
pub(super) struct Matches {
    candidates: Vec<Packed>,
    /// How many candidates there are at each place.
    counts: Vec<u8>,
}

/// A place of the picture with its candidates.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) at: usize,
    candidates: &'a [Packed],
}

impl Packed {
    fn of(Candidate { length, distance }: Candidate) -> Self {
        Self((distance - 1) << LENGTH_BITS | (length - 1))
    }

    fn candidate(self) -> Candidate {
        let length = (self.0 & (LONGEST as u32 - 1)) + 1;
        Candidate { length, distance: (self.0 >> LENGTH_BITS) + 1 }
    }
}

impl Place<'_> {
    /// The candidates, each longer than the one before it.
    pub(super) fn candidates(&self) -> impl Iterator<Item = Candidate> {
        self.candidates.iter().map(|packed| packed.candidate())
    }

    /// The copy that is surely taken here, if there is one.
    pub(super) fn sure(&self) -> Option<Candidate> {
        let longest = self.candidates.last().map(|packed| packed.candidate());
        longest.filter(|longest| longest.length as usize >= LONG)
    }
}

impl Matches {
    /// Looks through a picture.
    pub(super) fn find<P: Pixel>(pixels: &[P], distances: &Distances) -> Self {
        let mut matches = Self::default();
        let mut finder = Finder::new(pixels, distances);
        let mut at = 0;
        while at < pixels.len() {
            let begin = matches.candidates.len();
            finder.look(at, &mut matches.candidates);
            let place = Place { at, candidates: &matches.candidates[begin..] };
            matches.counts.push(place.candidates.len() as u8);
            let next = at + place.sure().map_or(1, |copy| copy.length as usize);
            (at..next).for_each(|at| finder.learn(at));
            at = next;
        }
        matches
    }

    /// All places in order.
    pub(super) fn places(&self) -> impl Iterator<Item = Place<'_>> {
        let (mut at, mut begin) = (0, 0);
        self.counts.iter().map(move |&count| {
            let end = begin + usize::from(count);
            let place = Place { at, candidates: &self.candidates[begin..end] };
            begin = end;
            at += place.sure().map_or(1, |copy| copy.length as usize);
            place
        })
    }
}

/// Remembers where three pixels have occurred.
struct Finder<'a, P> {
    pixels: &'a [P],
    distances: &'a Distances,
    /// Up to where the pixels go on as those at each near place do: looked at once, not from every pixel on.
    until: Vec<usize>,
    /// For every hash the last place that was learned, counted from 1; 0 where there is none.
    last: Vec<u32>,
    /// Places that were learned, each with the one of the same hash before it.
    known: Vec<(u32, u32)>,
}

impl<'a, P: Pixel> Finder<'a, P> {
    fn new(pixels: &'a [P], distances: &'a Distances) -> Self {
        Self {
            pixels,
            distances,
            until: vec![0; distances.nearest.len()],
            last: vec![0; 1 << TABLE_BITS],
            known: Vec::new(),
        }
    }

    /// Notes candidates for the pixels from a place on.
    fn look(&mut self, at: usize, candidates: &mut Vec<Packed>) {
        let mut longest = 0;
        let mut offer = |distance: usize, length: usize| {
            let length = length.min(LONGEST);
            if length > longest {
                longest = length;
                let distance = self.distances.number(distance);
                candidates.push(Packed::of(Candidate { length: length as u32, distance }));
            }
            longest
        };
        let mut best = 0;
        for (until, &distance) in self.until.iter_mut().zip(&self.distances.nearest) {
            if distance > at {
                continue;
            }
            if *until <= at {
                *until = at + same(self.pixels, at, distance);
            }
            best = offer(distance, *until - at);
            if best >= LONG {
                return;
            }
        }
        let mut next = self.hash(at).map_or(0, |hash| self.last[hash]);
        for _ in 0..CHAIN {
            let Some(&(place, before)) = (next as usize).checked_sub(1).map(|index| &self.known[index])
            else {
                return;
            };
            let distance = at - place as usize;
            if distance > FARTHEST || best >= LONG || at + best == self.pixels.len() {
                return;
            }
            // Most are no longer than the best.
            if self.pixels[at + best] == self.pixels[at + best - distance] {
                best = offer(distance, same(self.pixels, at, distance));
            }
            next = before;
        }
    }

    /// Remembers a place, unless it lies inside a run: a run is found by its beginning.
    fn learn(&mut self, at: usize) {
        let pixel = self.pixels[at];
        let inside = at > 0 && self.pixels[at - 1..].iter().take(4).all(|other| *other == pixel);
        if let Some(hash) = self.hash(at).filter(|_| !inside) {
            self.known.push((at as u32, self.last[hash]));
            self.last[hash] = self.known.len() as u32;
        }
    }

    /// Of the three pixels from a place on.
    fn hash(&self, at: usize) -> Option<usize> {
        let [a, b, c] = self.pixels.get(at..at + 3)?.as_array::<3>()?.map(P::argb);
        let mixed =
            a ^ b.wrapping_mul(0x85EB_CA77).rotate_left(11) ^ c.wrapping_mul(0xC2B2_AE3D).rotate_left(19);
        Some((color_table::spread(mixed) >> (u32::BITS - TABLE_BITS)) as usize)
    }
}

/// How many pixels from a place on are as those a distance before.
fn same<P: Pixel>(pixels: &[P], at: usize, distance: usize) -> usize {
    let (old, new) = (&pixels[at - distance..], &pixels[at..]);
    if old[0] == new[0] { delta::leading(&old[..new.len()], new, |old, new| old == new) } else { 0 }
}
