//! What a picture is written as: pixels, pixels seen lately, and copies of what was written before.

use super::bits::Bits;
use super::code::Code;
use super::color_cache::Cache;
use super::prefix::Prefixed;

/// Values of a channel.
const VALUES: usize = 256;

/// Symbols of lengths, which follow the values of green, and of distances.
const LENGTHS: usize = 24;
const DISTANCES: usize = 40;

/// A piece of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A pixel, alpha in the highest byte, then red, green and blue.
    Pixel(u32),
    /// The color in this slot of the cache.
    Cached(usize),
    /// As many pixels as were written a distance before, which is given by its number.
    Copy { length: u32, distance: u32 },
}

/// How often every symbol occurs. Green's alphabet also has the lengths and the slots of the cache.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    pub(super) green: Vec<u32>,
    pub(super) red: [u32; VALUES],
    pub(super) blue: [u32; VALUES],
    pub(super) alpha: [u32; VALUES],
    pub(super) distance: [u32; DISTANCES],
}

impl Counts {
    /// Nothing has occurred.
    pub(super) fn new(cache: Cache) -> Self {
        let values = [0; VALUES];
        let green = vec![0; VALUES + LENGTHS + cache.slots()];
        Self { green, red: values, blue: values, alpha: values, distance: [0; DISTANCES] }
    }

    /// What occurs in some tokens.
    pub(super) fn of(tokens: &[Token], cache: Cache) -> Self {
        let mut counts = Self::new(cache);
        for &token in tokens {
            counts.add(token);
        }
        counts
    }

    /// The counts of the lengths' symbols.
    pub(super) fn lengths(&mut self) -> &mut [u32] {
        &mut self.green[VALUES..VALUES + LENGTHS]
    }

    /// Counts a token.
    pub(super) fn add(&mut self, token: Token) {
        match token {
            Token::Pixel(pixel) => {
                let [blue, green, red, alpha] = pixel.to_le_bytes().map(usize::from);
                self.green[green] += 1;
                self.red[red] += 1;
                self.blue[blue] += 1;
                self.alpha[alpha] += 1;
            }
            Token::Cached(slot) => self.green[slot_symbol(slot)] += 1,
            Token::Copy { length, distance } => {
                self.green[length_symbol(Prefixed::of(length))] += 1;
                self.distance[Prefixed::of(distance).symbol] += 1;
            }
        }
    }
}

/// The symbol of a length in green's alphabet.
pub(super) fn length_symbol(prefixed: Prefixed) -> usize {
    VALUES + prefixed.symbol
}

/// The symbol of a slot in green's alphabet.
pub(super) fn slot_symbol(slot: usize) -> usize {
    VALUES + LENGTHS + slot
}

/// Writes the codes that suit the tokens best, and the tokens.
pub(super) fn write(bits: &mut Bits, tokens: &[Token], cache: Cache) {
    let counts = Counts::of(tokens, cache);
    let alphabets = [&counts.green[..], &counts.red, &counts.blue, &counts.alpha, &counts.distance];
    let [green, red, blue, alpha, distance] = alphabets.map(|counts| {
        let code = Code::of(counts);
        code.tell(bits);
        code
    });
    let rest = |bits: &mut Bits, prefixed: Prefixed| bits.put(prefixed.rest, prefixed.bits);
    for &token in tokens {
        match token {
            Token::Pixel(pixel) => {
                let channels = pixel.to_le_bytes().map(usize::from);
                green.put(bits, channels[1]);
                red.put(bits, channels[2]);
                blue.put(bits, channels[0]);
                alpha.put(bits, channels[3]);
            }
            Token::Cached(slot) => green.put(bits, slot_symbol(slot)),
            Token::Copy { length, distance: number } => {
                let (length, number) = (Prefixed::of(length), Prefixed::of(number));
                green.put(bits, length_symbol(length));
                rest(bits, length);
                distance.put(bits, number.symbol);
                rest(bits, number);
            }
        }
    }
}
