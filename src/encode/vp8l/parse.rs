//! Chooses the cheapest tokens of a picture for given costs of symbols.
//!
//! This is a shortest path problem: an edge leads from each node (`matches`) to the next pixel (a literal or cache hit),
//! and edges to the nodes that each possible copy passes. Only the cheapest path to each node is kept, and at the end it
//! is traced back. Forced copies divide the picture into independent segments.

use super::Pixel;
use super::color_cache::CacheHits;
use super::costs::TokenCosts;
use super::matches::{Candidate, MatchNode, Matches};
use super::tokens::Token;

/// Maximum number of nodes of a segment, which bounds memory.
const MAX_SEGMENT: usize = 1 << 12;

/// Maximum number of nodes that a copy passes if it is tried up to each of them. A longer copy is tried up to the last node.
const MAX_TRIED_NODES: usize = 32;

/// Cheapest known path to a node: its cost and its last step.
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
    let nodes = &matches.nodes;
    let mut parser = Parser { pixels, hits, costs, nodes, paths: vec![START], begin: 0, tokens: Vec::new() };
    for node in matches.nodes() {
        match node.forced_copy() {
            Some((copy, step)) => parser.push_forced_copy(node.index, copy, step),
            None => parser.extend_paths(node),
        }
    }
    parser.trace_back(parser.paths.len() - 1);
    parser.tokens
}

struct Parser<'a, P> {
    pixels: &'a [P],
    hits: &'a CacheHits,
    costs: &'a TokenCosts,
    /// Positions of all nodes.
    nodes: &'a [u32],
    /// Paths to the nodes from `begin` on.
    paths: Vec<PathNode>,
    /// First node of the segment.
    begin: usize,
    /// Tokens of all completed segments.
    tokens: Vec<Token>,
}

impl<P: Pixel> Parser<'_, P> {
    /// Extends the path to a node by all its possible steps.
    fn extend_paths(&mut self, node: MatchNode<'_>) {
        let nodes = self.nodes;
        let (here, at) = (node.index - self.begin, nodes[node.index]);
        let cost = self.paths[here].cost;
        if nodes[node.index + 1] == at + 1 {
            let step = Candidate { length: 1, distance: 0 };
            self.relax(here + 1, cost + self.pixel_cost(at as usize), step);
        }
        let ahead = &nodes[node.index + 1..nodes.len().min(self.begin + MAX_SEGMENT + 1)];
        // A farther candidate is only useful for lengths that nearer candidates do not reach.
        let mut reached = 0;
        for Candidate { length, distance } in node.candidates() {
            let cost = cost + self.costs.distance(distance);
            let mut relax = |passed: usize| {
                let length = ahead[passed] - at;
                self.relax(
                    here + 1 + passed,
                    cost + self.costs.length(length),
                    Candidate { length, distance },
                );
            };
            let tried = &ahead[..ahead.len().min(MAX_TRIED_NODES)];
            let mut passed = reached;
            while passed < tried.len() && tried[passed] <= at + length {
                relax(passed);
                passed += 1;
            }
            reached = passed;
            if passed == MAX_TRIED_NODES {
                let last = ahead.partition_point(|&node| node <= at + length);
                if last > passed {
                    relax(last - 1);
                }
            }
        }
        if here + 1 == MAX_SEGMENT {
            self.trace_back(MAX_SEGMENT);
        }
    }

    /// Ends the segment and pushes a forced copy over `step` nodes.
    fn push_forced_copy(&mut self, index: usize, Candidate { length, distance }: Candidate, step: usize) {
        self.trace_back(index - self.begin);
        self.tokens.push(Token::Copy { length, distance });
        self.begin += step;
    }

    /// Records a path to a node if it is cheaper than the known one.
    fn relax(&mut self, node: usize, cost: u32, step: Candidate) {
        if self.paths.len() <= node {
            self.paths.resize(node + 1, UNREACHED);
        }
        if cost < self.paths[node].cost {
            self.paths[node] = PathNode { cost, step };
        }
    }

    /// Ends the segment at a node: traces its cheapest path back to the start, pushes the tokens, and begins a new segment.
    fn trace_back(&mut self, node: usize) {
        let (traced, end) = (self.tokens.len(), self.begin + node);
        let (mut node, mut position) = (node, self.nodes[end]);
        while node > 0 {
            let Candidate { length, distance } = self.paths[node].step;
            position -= length;
            node = self.nodes[self.begin..self.begin + node].partition_point(|&other| other < position);
            self.tokens.push(match distance {
                0 => self.single_pixel(position as usize),
                distance => Token::Copy { length, distance },
            });
        }
        self.tokens[traced..].reverse();
        self.paths.clear();
        self.paths.push(START);
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
