//! Finds copies of earlier pixels.
//!
//! For each pixel, candidates are searched at the nearest neighbors, whose distances have short codes, and wherever the
//! same three pixels occurred before. Tokens begin and end only at *nodes*: at all pixels except those well inside of a
//! run of equal pixels, which cover most of a picture. A copy that would end inside of a run ends where the run begins
//! instead, and another copies the run. A copy over [`FORCED_NODES`] nodes is taken without a search for alternatives, and
//! no candidates are searched inside of it.

use super::Pixel;
use super::lz77_codes::DistanceCodes;
use crate::encode::{color_table, delta};

/// Minimum number of nodes that a copy passes if it is taken without alternatives.
const FORCED_NODES: usize = 64;

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

/// Candidates at all nodes that are not inside a forced copy.
pub(super) struct Matches {
    /// Positions where tokens may begin and end, ascending; the last is the end of the picture.
    pub(super) nodes: Vec<u32>,
    candidates: Vec<PackedCandidate>,
    /// Number of candidates at each node, and the number of nodes up to the next.
    steps: Vec<(u8, u32)>,
}

/// A node with its candidates.
#[derive(Clone, Copy)]
pub(super) struct MatchNode<'a> {
    /// Number of the node.
    pub(super) index: usize,
    /// Number of nodes to the end of the forced copy, or 1.
    step: usize,
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

impl MatchNode<'_> {
    /// Candidates in ascending order of length.
    pub(super) fn candidates(&self) -> impl Iterator<Item = Candidate> {
        self.candidates.iter().map(|packed| packed.unpack())
    }

    /// The forced copy at this node and the number of nodes that it passes, if there is one.
    pub(super) fn forced_copy(&self) -> Option<(Candidate, usize)> {
        let longest = self.candidates.last().map(|packed| packed.unpack());
        longest.filter(|_| self.step > 1).map(|longest| (longest, self.step))
    }
}

impl Matches {
    /// Finds the candidates of a whole picture.
    pub(super) fn find<P: Pixel>(pixels: &[P], distances: &DistanceCodes) -> Self {
        let nodes = find_nodes(pixels);
        let (mut candidates, mut steps) = (Vec::new(), Vec::new());
        let mut finder = MatchFinder::new(pixels, distances);
        let mut index = 0;
        while index + 1 < nodes.len() {
            let (begin, at) = (candidates.len(), nodes[index] as usize);
            finder.find_candidates(at, &mut candidates);
            let longest = candidates[begin..].last().map_or(0, |packed| packed.unpack().length);
            let end = at as u32 + longest;
            let is_forced = nodes.get(index + FORCED_NODES).is_some_and(|&node| node <= end);
            let step = if is_forced { nodes[index..].partition_point(|&node| node <= end) - 1 } else { 1 };
            if is_forced {
                let last = candidates.len() - 1;
                let length = nodes[index + step] - at as u32;
                candidates[last] = PackedCandidate::new(Candidate { length, ..candidates[last].unpack() });
            }
            steps.push(((candidates.len() - begin) as u8, step as u32));
            nodes[index..index + step].iter().for_each(|&node| finder.insert(node as usize));
            index += step;
        }
        Self { nodes, candidates, steps }
    }

    /// All nodes with their candidates, in order, except those inside of forced copies.
    pub(super) fn nodes(&self) -> impl Iterator<Item = MatchNode<'_>> {
        let (mut index, mut begin) = (0, 0);
        self.steps.iter().map(move |&(count, step)| {
            let end = begin + usize::from(count);
            let node = MatchNode { index, step: step as usize, candidates: &self.candidates[begin..end] };
            begin = end;
            index += step as usize;
            node
        })
    }
}

/// Positions where tokens may begin and end: all pixels except those whose two neighbors before and three after are equal
/// to them. The second pixel of a run is a node, because the first may be written as a literal. No two nodes are
/// farther from each other than a copy reaches.
fn find_nodes<P: Pixel>(pixels: &[P]) -> Vec<u32> {
    let mut nodes = Vec::new();
    let mut last = 0;
    for (at, pixel) in pixels.iter().enumerate() {
        let inside = at >= 2
            && pixels.get(at - 2..at + 4).is_some_and(|near| near.iter().all(|other| other == pixel))
            && at - last < MAX_LENGTH;
        if !inside {
            nodes.push(at as u32);
            last = at;
        }
    }
    nodes.push(pixels.len() as u32);
    nodes
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
            if distance > MAX_DISTANCE || best >= MAX_LENGTH || at + best == self.pixels.len() {
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
