//! Prefix codes and their headers in the stream. A header contains the code length of each symbol, which are
//! prefix-coded themselves (RFC 9649, section 3.7.2).

use super::bit_writer::BitWriter;
use super::huffman;

/// Maximum code length of a symbol, and of a symbol of the code length code.
const MAX_CODE_LENGTH: u32 = 15;
const MAX_LENGTH_CODE_LENGTH: u32 = 7;

/// Order in which the lengths of the code length code are stored; trailing zeros are omitted.
const LENGTH_CODE_ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Symbols of the code length code for runs: the last nonzero length repeated, and short and long runs of zeros.
const REPEAT: RunSymbol = RunSymbol { symbol: 16, min: 3, max: 6, extra_bits: 2 };
const SHORT_ZEROS: RunSymbol = RunSymbol { symbol: 17, min: 3, max: 10, extra_bits: 3 };
const LONG_ZEROS: RunSymbol = RunSymbol { symbol: 18, min: 11, max: 138, extra_bits: 7 };

/// A symbol for a run of `min` to `max` equal code lengths.
#[derive(Clone, Copy)]
struct RunSymbol {
    symbol: usize,
    min: usize,
    max: usize,
    extra_bits: u32,
}

/// A code length or a run of code lengths, as it is written.
struct LengthToken {
    symbol: usize,
    extra: u32,
    extra_bits: u32,
}

/// Prefix code of an alphabet.
pub(super) struct PrefixCode {
    lengths: Vec<u8>,
    codes: Vec<u32>,
    /// Whether only one symbol occurs; it takes no bits.
    is_single: bool,
}

impl PrefixCode {
    /// Optimal code for symbols with these counts.
    pub(super) fn from_counts(counts: &[u32]) -> Self {
        Self::limited(counts, MAX_CODE_LENGTH)
    }

    /// Optimal code with code lengths of at most `limit`.
    fn limited(counts: &[u32], limit: u32) -> Self {
        let lengths = huffman::code_lengths(counts, limit);
        let is_single = counts.iter().filter(|count| **count > 0).count() == 1;
        Self { codes: huffman::canonical_codes(&lengths), lengths, is_single }
    }

    /// Writes a symbol that occurs. A single symbol takes no bits, although its stored code length is 1.
    pub(super) fn write_symbol(&self, writer: &mut BitWriter, symbol: usize) {
        if !self.is_single {
            writer.write(self.codes[symbol], self.lengths[symbol].into());
        }
    }

    /// Writes the code lengths of all symbols.
    pub(super) fn write_header(&self, writer: &mut BitWriter) {
        let used: Vec<usize> = (0..self.lengths.len()).filter(|&symbol| self.lengths[symbol] > 0).collect();
        match used[..] {
            [] => write_simple_code(writer, &[0]),
            [symbol] if symbol < 256 => write_simple_code(writer, &[symbol]),
            [first, second] if second < 256 => write_simple_code(writer, &[first, second]),
            _ => self.write_normal_code(writer),
        }
    }

    /// Writes a normal code length code: the lengths are prefix-coded themselves.
    fn write_normal_code(&self, writer: &mut BitWriter) {
        let end = self.lengths.iter().rposition(|&length| length > 0).map_or(0, |last| last + 1);
        let tokens = length_tokens(&self.lengths[..end]);
        let mut counts = [0; LENGTH_CODE_ORDER.len()];
        for token in &tokens {
            counts[token.symbol] += 1;
        }
        let code = Self::limited(&counts, MAX_LENGTH_CODE_LENGTH);
        let count = LENGTH_CODE_ORDER
            .iter()
            .rposition(|&symbol| counts[symbol] > 0)
            .map_or(4, |last| (last + 1).max(4));
        writer.write_bit(false);
        writer.write(count as u32 - 4, 4);
        LENGTH_CODE_ORDER[..count].iter().for_each(|&symbol| writer.write(code.lengths[symbol].into(), 3));
        write_token_count(writer, tokens.len());
        for LengthToken { symbol, extra, extra_bits } in tokens {
            code.write_symbol(writer, symbol);
            writer.write(extra, extra_bits);
        }
    }
}

/// Writes a simple code length code, for one or two symbols.
fn write_simple_code(writer: &mut BitWriter, symbols: &[usize]) {
    writer.write_bit(true);
    writer.write_bit(symbols.len() == 2);
    let long = symbols[0] > 1;
    writer.write_bit(long);
    writer.write(symbols[0] as u32, if long { 8 } else { 1 });
    symbols[1..].iter().for_each(|&symbol| writer.write(symbol as u32, 8));
}

/// Writes the number of code length tokens, at least two. Zeros at the end of the alphabet are omitted.
fn write_token_count(writer: &mut BitWriter, token_count: usize) {
    writer.write_bit(true);
    let number = token_count.saturating_sub(2) as u32;
    let width = (u32::BITS - number.leading_zeros()).max(1).next_multiple_of(2);
    writer.write((width - 2) / 2, 3);
    writer.write(number, width);
}

/// Converts code lengths to tokens.
fn length_tokens(lengths: &[u8]) -> Vec<LengthToken> {
    let mut tokens = Vec::new();
    // The decoder assumes 8 as the length before the first.
    let mut last = 8;
    for run in lengths.chunk_by(|a, b| a == b) {
        let (length, mut left) = (run[0], run.len());
        if length != 0 && length != last {
            tokens.push(LengthToken { symbol: length.into(), extra: 0, extra_bits: 0 });
            left -= 1;
            last = length;
        }
        while left > 0 {
            let run_symbol = match length {
                0 if left >= LONG_ZEROS.min => LONG_ZEROS,
                0 => SHORT_ZEROS,
                1.. => REPEAT,
            };
            let run_length = left.min(run_symbol.max);
            if run_length < run_symbol.min {
                tokens.push(LengthToken { symbol: length.into(), extra: 0, extra_bits: 0 });
                left -= 1;
            } else {
                tokens.push(LengthToken {
                    symbol: run_symbol.symbol,
                    extra: (run_length - run_symbol.min) as u32,
                    extra_bits: run_symbol.extra_bits,
                });
                left -= run_length;
            }
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_tokens_reproduce_every_length() {
        let mut lengths = Vec::new();
        for step in 0..300_usize {
            lengths.extend(vec![(step * 7 % 5) as u8 * 3; step * step % 161]);
        }
        let (mut read, mut last) = (Vec::new(), 8);
        for LengthToken { symbol, extra, extra_bits } in length_tokens(&lengths) {
            assert!(extra < 1 << extra_bits.max(1));
            let (length, count) = match symbol {
                16 => (last, extra + 3),
                17 => (0, extra + 3),
                18 => (0, extra + 11),
                length => (length as u8, 1),
            };
            if length > 0 {
                last = length;
            }
            read.extend(vec![length; count as usize]);
        }
        assert_eq!(read, lengths);
    }
}
