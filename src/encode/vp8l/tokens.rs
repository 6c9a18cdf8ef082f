//! Tokens of a picture: literal pixels, color cache hits, and copies of earlier pixels.

use super::bit_writer::BitWriter;
use super::color_cache::ColorCache;
use super::lz77_codes::PrefixedValue;
use super::prefix_code::PrefixCode;
use super::prefix_groups::{self, PrefixGroups};

/// Number of values of a channel.
const CHANNEL_VALUES: usize = 256;

/// Number of symbols of lengths, which follow the values of the green alphabet, and of distances.
const LENGTH_SYMBOLS: usize = 24;
const DISTANCE_SYMBOLS: usize = 40;

/// One token of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A pixel: alpha in the highest byte, then red, green and blue.
    Literal(u32),
    /// The color in a slot of the cache.
    Cached(usize),
    /// A copy of `length` pixels; `distance` is a distance code.
    Copy { length: u32, distance: u32 },
}

impl Token {
    /// Number of pixels.
    pub(super) fn pixels(self) -> usize {
        match self {
            Self::Literal(_) | Self::Cached(_) => 1,
            Self::Copy { length, .. } => length as usize,
        }
    }
}

/// Counts of all symbols. The green alphabet also contains lengths and cache slots.
#[derive(Clone, Debug)]
pub(super) struct SymbolCounts {
    pub(super) green: Vec<u32>,
    pub(super) red: [u32; CHANNEL_VALUES],
    pub(super) blue: [u32; CHANNEL_VALUES],
    pub(super) alpha: [u32; CHANNEL_VALUES],
    pub(super) distance: [u32; DISTANCE_SYMBOLS],
}

impl SymbolCounts {
    /// Counts of zero.
    pub(super) fn new(cache: ColorCache) -> Self {
        let values = [0; CHANNEL_VALUES];
        let green = vec![0; CHANNEL_VALUES + LENGTH_SYMBOLS + cache.slot_count()];
        Self { green, red: values, blue: values, alpha: values, distance: [0; DISTANCE_SYMBOLS] }
    }

    /// Counts of the symbols of tokens.
    pub(super) fn from_tokens(tokens: &[Token], cache: ColorCache) -> Self {
        let mut counts = Self::new(cache);
        for &token in tokens {
            counts.add(token);
        }
        counts
    }

    /// Number of symbols that occur, in all alphabets.
    pub(super) fn distinct(&self) -> u64 {
        let distinct = |counts: &[u32]| counts.iter().filter(|count| **count > 0).count() as u64;
        self.alphabets().map(distinct).into_iter().sum()
    }

    /// Counts by alphabet, in the order of the stream.
    fn alphabets(&self) -> [&[u32]; 5] {
        [&self.green, &self.red, &self.blue, &self.alpha, &self.distance]
    }

    /// Counts of length symbols.
    pub(super) fn length_counts(&mut self) -> &mut [u32] {
        &mut self.green[CHANNEL_VALUES..CHANNEL_VALUES + LENGTH_SYMBOLS]
    }

    /// Counts the symbols of a token.
    pub(super) fn add(&mut self, token: Token) {
        match token {
            Token::Literal(pixel) => {
                let [blue, green, red, alpha] = pixel.to_le_bytes().map(usize::from);
                self.green[green] += 1;
                self.red[red] += 1;
                self.blue[blue] += 1;
                self.alpha[alpha] += 1;
            }
            Token::Cached(slot) => self.green[slot_symbol(slot)] += 1,
            Token::Copy { length, distance } => {
                self.green[length_symbol(PrefixedValue::new(length))] += 1;
                self.distance[PrefixedValue::new(distance).symbol] += 1;
            }
        }
    }
}

/// Symbol of a length in the green alphabet.
pub(super) fn length_symbol(prefixed: PrefixedValue) -> usize {
    CHANNEL_VALUES + prefixed.symbol
}

/// Symbol of a cache slot in the green alphabet.
pub(super) fn slot_symbol(slot: usize) -> usize {
    CHANNEL_VALUES + LENGTH_SYMBOLS + slot
}

/// Writes optimal prefix codes for each group, followed by the tokens.
pub(super) fn write_tokens(
    writer: &mut BitWriter,
    tokens: &[Token],
    cache: ColorCache,
    groups: &PrefixGroups,
) {
    let codes = |counts: SymbolCounts| {
        counts.alphabets().map(|counts| {
            let code = PrefixCode::from_counts(counts);
            code.write_header(writer);
            code
        })
    };
    let codes: Vec<_> = groups.counts(tokens, cache).into_iter().map(codes).collect();
    let write_extra =
        |writer: &mut BitWriter, prefixed: PrefixedValue| writer.write(prefixed.extra, prefixed.extra_bits);
    for (position, token) in prefix_groups::with_positions(tokens) {
        let [green, red, blue, alpha, distance] = &codes[groups.group_at(position)];
        match token {
            Token::Literal(pixel) => {
                let channels = pixel.to_le_bytes().map(usize::from);
                green.write_symbol(writer, channels[1]);
                red.write_symbol(writer, channels[2]);
                blue.write_symbol(writer, channels[0]);
                alpha.write_symbol(writer, channels[3]);
            }
            Token::Cached(slot) => green.write_symbol(writer, slot_symbol(slot)),
            Token::Copy { length, distance: number } => {
                let (length, number) = (PrefixedValue::new(length), PrefixedValue::new(number));
                green.write_symbol(writer, length_symbol(length));
                write_extra(writer, length);
                distance.write_symbol(writer, number.symbol);
                write_extra(writer, number);
            }
        }
    }
}
