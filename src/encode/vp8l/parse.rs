//! The cheapest way through a picture, if symbols cost what they are said to.
//!
//! Between two copies that are surely taken all ways are tried at once: a pixel is come to from the one before it, and by each
//! copy that ends in front of it. Of all ways to a pixel only the cheapest is kept, and at the end it is followed back.

use super::Pixel;
use super::color_cache::Slots;
use super::costs::{Costs, SHORT};
use super::matches::{Candidate, Matches, Place};
use super::tokens::Token;

/// Pixels through which the cheapest way is looked for at once, for the sake of memory.
const STRETCH: usize = 1 << 12;

/// A way to a pixel: what it costs, and its last step.
#[derive(Clone, Copy)]
struct Way {
    cost: u32,
    /// How many pixels it takes, and from where it copies them; a pixel by itself comes from nowhere, which is 0.
    step: Candidate,
}

const UNKNOWN: Way = Way { cost: u32::MAX, step: Candidate { length: 0, distance: 0 } };
const START: Way = Way { cost: 0, ..UNKNOWN };

/// Tokens that write the pixels.
pub(super) fn cheapest<P: Pixel>(
    pixels: &[P],
    slots: &Slots,
    matches: &Matches,
    costs: &Costs,
) -> Vec<Token> {
    let mut parser = Parser { pixels, slots, costs, ways: vec![START], begin: 0, tokens: Vec::new() };
    for place in matches.places() {
        match place.sure() {
            Some(copy) => parser.take(place.at, copy),
            None => parser.step(place),
        }
    }
    parser.settle(parser.ways.len() - 1);
    parser.tokens
}

struct Parser<'a, P> {
    pixels: &'a [P],
    slots: &'a Slots,
    costs: &'a Costs,
    /// The ways to the pixels from `begin` on.
    ways: Vec<Way>,
    begin: usize,
    /// What is settled.
    tokens: Vec<Token>,
}

impl<P: Pixel> Parser<'_, P> {
    /// Goes on from a pixel in every way.
    fn step(&mut self, place: Place<'_>) {
        let here = place.at - self.begin;
        let cost = self.ways[here].cost;
        self.reach(here + 1, cost + self.cost(place.at), Candidate { length: 1, distance: 0 });
        // A candidate that is no longer than a nearer one has nothing to offer there.
        let mut reached = 0;
        for Candidate { length, distance } in place.candidates() {
            let length = length.min((STRETCH - here) as u32);
            let cost = cost + self.costs.distance(distance);
            for part in (reached + 1..=length.min(SHORT)).chain((length > SHORT).then_some(length)) {
                let step = Candidate { length: part, distance };
                self.reach(here + part as usize, cost + self.costs.length(part), step);
            }
            reached = length.min(SHORT);
        }
        if here + 1 == STRETCH {
            self.settle(STRETCH);
        }
    }

    /// Takes a copy without looking at anything else.
    fn take(&mut self, at: usize, Candidate { length, distance }: Candidate) {
        self.settle(at - self.begin);
        self.tokens.push(Token::Copy { length, distance });
        self.begin += length as usize;
    }

    fn reach(&mut self, place: usize, cost: u32, step: Candidate) {
        if self.ways.len() <= place {
            self.ways.resize(place + 1, UNKNOWN);
        }
        if cost < self.ways[place].cost {
            self.ways[place] = Way { cost, step };
        }
    }

    /// Follows the cheapest way to a pixel back to the first, and begins there anew.
    fn settle(&mut self, mut place: usize) {
        let (settled, end) = (self.tokens.len(), self.begin + place);
        while place > 0 {
            let Candidate { length, distance } = self.ways[place].step;
            place -= length as usize;
            self.tokens.push(match distance {
                0 => self.alone(self.begin + place),
                distance => Token::Copy { length, distance },
            });
        }
        self.tokens[settled..].reverse();
        self.ways.clear();
        self.ways.push(START);
        self.begin = end;
    }

    /// A pixel by itself.
    fn alone(&self, at: usize) -> Token {
        self.slots.of(at).map_or(Token::Pixel(self.pixels[at].argb()), Token::Cached)
    }

    fn cost(&self, at: usize) -> u32 {
        self.costs.alone(self.alone(at))
    }
}
