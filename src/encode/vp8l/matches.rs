//! Finds copies of earlier pixels.
//!
//! For each pixel, candidates are searched at the nearest neighbors, whose distances have short codes, and wherever the
//! same three pixels occurred before. A copy of at least [`FORCED_LENGTH`] pixels is taken without a search for
//! alternatives, and no candidates are searched inside of it; such copies cover most of a picture.

use super::Pixel;
use super::lz77_codes::DistanceCodes;
use crate::encode::{color_table, delta};

/// Minimum length of a copy that is taken without alternatives. With 128, a dense drawing is 2 % larger and written a fifth
/// faster; with 256 it is 2 % smaller and takes two fifths longer.
const FORCED_LENGTH: usize = 192;

/// Maximum length of a copy, and maximum distance: distance codes are at most 2^20.
const LENGTH_BITS: u32 = 12;
const MAX_LENGTH: usize = 1 << LENGTH_BITS;
const MAX_DISTANCE: usize = (1 << 20) - 120;

/// Number of near neighbors that are tried.
pub(super) const NEAR_DISTANCES: usize = 16;

/// Maximum number of earlier positions with the same hash that are tried.
const MAX_CHAIN: usize = 12;

/// Bits of the hash of three pixels.
const HASH_BITS: u32 = 16;

/// A possible copy.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Candidate {
    pub(super) length: u32,
    /// Distance code, see `DistanceCodes`.
    pub(super) distance: u32,
}

/// A candidate in 32 bits: its length minus one in the lowest 12 bits, its distance code minus one in the other 20.
#[derive(Clone, Copy)]
pub(super) struct PackedCandidate(u32);

/// Candidates at all positions that are not inside a forced copy.
#[derive(Default)]
pub(super) struct Matches {
    candidates: Vec<PackedCandidate>,
    /// Number of candidates at each position.
    counts: Vec<u8>,
}

/// A position in the picture with its candidates.
#[derive(Clone, Copy)]
pub(super) struct MatchPosition<'a> {
    pub(super) at: usize,
    candidates: &'a [PackedCandidate],
}

impl PackedCandidate {
    fn new(Candidate { length, distance }: Candidate) -> Self {
        Self((distance - 1) << LENGTH_BITS | (length - 1))
    }

    fn unpack(self) -> Candidate {
        let length = (self.0 & (MAX_LENGTH as u32 - 1)) + 1;
        Candidate { length, distance: (self.0 >> LENGTH_BITS) + 1 }
    }
}

impl MatchPosition<'_> {
    /// Candidates in ascending order of length.
    pub(super) fn candidates(&self) -> impl Iterator<Item = Candidate> {
        self.candidates.iter().map(|packed| packed.unpack())
    }

    /// The forced copy at this position, if there is one.
    pub(super) fn forced_copy(&self) -> Option<Candidate> {
        let longest = self.candidates.last().map(|packed| packed.unpack());
        longest.filter(|longest| longest.length as usize >= FORCED_LENGTH)
    }
}

impl Matches {
    /// Finds the candidates of a whole picture.
    pub(super) fn find<P: Pixel>(pixels: &[P], distances: &DistanceCodes) -> Self {
        let mut matches = Self::default();
        let mut finder = MatchFinder::new(pixels, distances);
        let mut at = 0;
        while at < pixels.len() {
            let begin = matches.candidates.len();
            finder.find_candidates(at, &mut matches.candidates);
            let position = MatchPosition { at, candidates: &matches.candidates[begin..] };
            matches.counts.push(position.candidates.len() as u8);
            let next = at + position.forced_copy().map_or(1, |copy| copy.length as usize);
            (at..next).for_each(|at| finder.insert(at));
            at = next;
        }
        matches
    }

    /// All positions with their candidates, in order.
    pub(super) fn positions(&self) -> impl Iterator<Item = MatchPosition<'_>> {
        let (mut at, mut begin) = (0, 0);
        self.counts.iter().map(move |&count| {
            let end = begin + usize::from(count);
            let position = MatchPosition { at, candidates: &self.candidates[begin..end] };
            begin = end;
            at += position.forced_copy().map_or(1, |copy| copy.length as usize);
            position
        })
    }
}

/// Searches candidates. A hash chain holds earlier positions by their next three pixels.
struct MatchFinder<'a, P> {
    pixels: &'a [P],
    distances: &'a DistanceCodes,
    /// For each near neighbor, the end of the present match at its distance, so that a match is measured only once.
    near_ends: Vec<usize>,
    /// For each hash, its last entry in `chain`, counted from 1; 0 if there is none.
    heads: Vec<u32>,
    /// Inserted positions, each with the entry before it of the same hash.
    chain: Vec<(u32, u32)>,
}

impl<'a, P: Pixel> MatchFinder<'a, P> {
    fn new(pixels: &'a [P], distances: &'a DistanceCodes) -> Self {
        Self {
            pixels,
            distances,
            near_ends: vec![0; distances.near_distances.len()],
            heads: vec![0; 1 << HASH_BITS],
            chain: Vec::new(),
        }
    }

    /// Appends the candidates at a position, each longer than the one before.
    fn find_candidates(&mut self, at: usize, candidates: &mut Vec<PackedCandidate>) {
        let mut longest = 0;
        let mut offer = |distance: usize, length: usize| {
            let length = length.min(MAX_LENGTH);
            if length > longest {
                longest = length;
                let distance = self.distances.code(distance);
                candidates.push(PackedCandidate::new(Candidate { length: length as u32, distance }));
            }
            longest
        };
        let mut best = 0;
        for (near_end, &distance) in self.near_ends.iter_mut().zip(&self.distances.near_distances) {
            if distance > at {
                continue;
            }
            if *near_end <= at {
                *near_end = at + match_length(self.pixels, at, distance);
            }
            best = offer(distance, *near_end - at);
        }
        let mut next = self.hash(at).map_or(0, |hash| self.heads[hash]);
        for _ in 0..MAX_CHAIN {
            let Some(&(position, before)) = (next as usize).checked_sub(1).map(|index| &self.chain[index])
            else {
                return;
            };
            let distance = at - position as usize;
            if distance > MAX_DISTANCE || best >= FORCED_LENGTH || at + best == self.pixels.len() {
                return;
            }
            // Most matches are not longer than the best, and differ at its end.
            if self.pixels[at + best] == self.pixels[at + best - distance] {
                best = offer(distance, match_length(self.pixels, at, distance));
            }
            next = before;
        }
    }

    /// Inserts a position, unless it is inside a run: a run is found by its start.
    fn insert(&mut self, at: usize) {
        let pixel = self.pixels[at];
        let inside = at > 0 && self.pixels[at - 1..].iter().take(4).all(|other| *other == pixel);
        if let Some(hash) = self.hash(at).filter(|_| !inside) {
            self.chain.push((at as u32, self.heads[hash]));
            self.heads[hash] = self.chain.len() as u32;
        }
    }

    /// Hash of the three pixels from a position on; `None` at the end of the picture.
    fn hash(&self, at: usize) -> Option<usize> {
        let [a, b, c] = self.pixels.get(at..at + 3)?.as_array::<3>()?.map(P::argb);
        let mixed =
            a ^ b.wrapping_mul(0x85EB_CA77).rotate_left(11) ^ c.wrapping_mul(0xC2B2_AE3D).rotate_left(19);
        Some((color_table::hash_u32(mixed) >> (u32::BITS - HASH_BITS)) as usize)
    }
}

/// Number of pixels from `at` on that equal the pixels `distance` before them.
fn match_length<P: Pixel>(pixels: &[P], at: usize, distance: usize) -> usize {
    let (old, new) = (&pixels[at - distance..], &pixels[at..]);
    if old[0] == new[0] { delta::leading_pairs(&old[..new.len()], new, |old, new| old == new) } else { 0 }
}
