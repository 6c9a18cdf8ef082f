//! Chooses the cheapest tokens of a picture for given costs of symbols.
//!
//! This is a shortest path problem: an edge leads from each pixel to the next one (a literal or cache hit), and one to
//! the end of each possible copy. Only the cheapest path to each pixel is kept, and at the end it is traced back.
//! Forced copies divide the picture into independent segments.

use super::Pixel;
use super::color_cache::CacheHits;
use super::costs::{MAX_SHORT_COPY, TokenCosts};
use super::matches::{Candidate, MatchPosition, Matches};
use super::tokens::Token;

/// Maximum number of pixels of a segment, which bounds memory.
const MAX_SEGMENT: usize = 1 << 12;

/// Cheapest known path to a pixel: its cost and its last step.
#[derive(Clone, Copy)]
struct PathNode {
    cost: u32,
    /// Length of the step in pixels and its distance code; 0 is a single pixel that is not copied.
    step: Candidate,
}

const UNREACHED: PathNode = PathNode { cost: u32::MAX, step: Candidate { length: 0, distance: 0 } };
const START: PathNode = PathNode { cost: 0, ..UNREACHED };

/// Cheapest tokens for the pixels.
pub(super) fn cheapest_tokens<P: Pixel>(
    pixels: &[P],
    hits: &CacheHits,
    matches: &Matches,
    costs: &TokenCosts,
) -> Vec<Token> {
    let mut parser = Parser { pixels, hits, costs, nodes: vec![START], begin: 0, tokens: Vec::new() };
    for position in matches.positions() {
        match position.forced_copy() {
            Some(copy) => parser.push_forced_copy(position.at, copy),
            None => parser.extend_paths(position),
        }
    }
    parser.trace_back(parser.nodes.len() - 1);
    parser.tokens
}

struct Parser<'a, P> {
    pixels: &'a [P],
    hits: &'a CacheHits,
    costs: &'a TokenCosts,
    /// Paths to the pixels from `begin` on.
    nodes: Vec<PathNode>,
    /// First pixel of the segment.
    begin: usize,
    /// Tokens of all completed segments.
    tokens: Vec<Token>,
}

impl<P: Pixel> Parser<'_, P> {
    /// Extends the path to a pixel by all its possible steps.
    fn extend_paths(&mut self, position: MatchPosition<'_>) {
        let here = position.at - self.begin;
        let cost = self.nodes[here].cost;
        self.relax(here + 1, cost + self.pixel_cost(position.at), Candidate { length: 1, distance: 0 });
        // A farther candidate is only useful for lengths that nearer candidates do not reach.
        let mut reached = 0;
        for Candidate { length, distance } in position.candidates() {
            let length = length.min((MAX_SEGMENT - here) as u32);
            let cost = cost + self.costs.distance(distance);
            for partial in
                (reached + 1..=length.min(MAX_SHORT_COPY)).chain((length > MAX_SHORT_COPY).then_some(length))
            {
                let step = Candidate { length: partial, distance };
                self.relax(here + partial as usize, cost + self.costs.length(partial), step);
            }
            reached = length.min(MAX_SHORT_COPY);
        }
        if here + 1 == MAX_SEGMENT {
            self.trace_back(MAX_SEGMENT);
        }
    }

    /// Ends the segment and pushes a forced copy.
    fn push_forced_copy(&mut self, at: usize, Candidate { length, distance }: Candidate) {
        self.trace_back(at - self.begin);
        self.tokens.push(Token::Copy { length, distance });
        self.begin += length as usize;
    }

    /// Records a path to a position if it is cheaper than the known one.
    fn relax(&mut self, position: usize, cost: u32, step: Candidate) {
        if self.nodes.len() <= position {
            self.nodes.resize(position + 1, UNREACHED);
        }
        if cost < self.nodes[position].cost {
            self.nodes[position] = PathNode { cost, step };
        }
    }

    /// Ends the segment at a position: traces its cheapest path back to the start, pushes the tokens, and begins a new
    /// segment.
    fn trace_back(&mut self, mut position: usize) {
        let (traced, end) = (self.tokens.len(), self.begin + position);
        while position > 0 {
            let Candidate { length, distance } = self.nodes[position].step;
            position -= length as usize;
            self.tokens.push(match distance {
                0 => self.single_pixel(self.begin + position),
                distance => Token::Copy { length, distance },
            });
        }
        self.tokens[traced..].reverse();
        self.nodes.clear();
        self.nodes.push(START);
        self.begin = end;
    }

    /// Token of a single pixel: a cache hit or a literal.
    fn single_pixel(&self, at: usize) -> Token {
        self.hits.slot(at).map_or(Token::Literal(self.pixels[at].argb()), Token::Cached)
    }

    fn pixel_cost(&self, at: usize) -> u32 {
        self.costs.token(self.single_pixel(at))
    }
}
