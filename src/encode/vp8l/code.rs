//! A prefix code and how a decoder is told of it: by the lengths of its symbols, which are coded themselves.

use super::bits::Bits;
use super::huffman;

/// The longest code of a symbol, and of a length.
const LONGEST: u32 = 15;
const LONGEST_OF_LENGTHS: u32 = 7;

/// The order in which the code of lengths is told: the end of what is 0 is left out.
const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Symbols beside the lengths 0 to 15: the last length that was not 0 once more, and zeros, a few or many.
const AGAIN: Run = Run { symbol: 16, least: 3, most: 6, bits: 2 };
const ZEROS: Run = Run { symbol: 17, least: 3, most: 10, bits: 3 };
const MANY_ZEROS: Run = Run { symbol: 18, least: 11, most: 138, bits: 7 };

/// What runs of lengths may be written as.
#[derive(Clone, Copy)]
struct Run {
    symbol: usize,
    least: usize,
    most: usize,
    bits: u32,
}

/// A length or a run of lengths, as written.
struct Told {
    symbol: usize,
    rest: u32,
    bits: u32,
}

/// The codes of an alphabet.
pub(super) struct Code {
    lengths: Vec<u8>,
    codes: Vec<u32>,
    /// Whether only one symbol occurs.
    single: bool,
}

impl Code {
    /// The best code for symbols that occur so often.
    pub(super) fn of(counts: &[u32]) -> Self {
        Self::limited(counts, LONGEST)
    }

    fn limited(counts: &[u32], limit: u32) -> Self {
        let lengths = huffman::lengths(counts, limit);
        let single = counts.iter().filter(|count| **count > 0).count() == 1;
        Self { codes: huffman::codes(&lengths), lengths, single }
    }

    /// Writes a symbol that occurs. Where it is the only one it takes no bits, though its length is told as 1.
    pub(super) fn put(&self, bits: &mut Bits, symbol: usize) {
        if !self.single {
            bits.put(self.codes[symbol], self.lengths[symbol].into());
        }
    }

    /// Tells the decoder.
    pub(super) fn tell(&self, bits: &mut Bits) {
        let used: Vec<usize> = (0..self.lengths.len()).filter(|&symbol| self.lengths[symbol] > 0).collect();
        match used[..] {
            [] => tell_few(bits, &[0]),
            [symbol] if symbol < 256 => tell_few(bits, &[symbol]),
            [first, second] if second < 256 => tell_few(bits, &[first, second]),
            _ => self.tell_lengths(bits),
        }
    }

    fn tell_lengths(&self, bits: &mut Bits) {
        let end = self.lengths.iter().rposition(|&length| length > 0).map_or(0, |last| last + 1);
        let told = runs(&self.lengths[..end]);
        let mut counts = [0; ORDER.len()];
        for told in &told {
            counts[told.symbol] += 1;
        }
        let code = Self::limited(&counts, LONGEST_OF_LENGTHS);
        let count = ORDER.iter().rposition(|&symbol| counts[symbol] > 0).map_or(4, |last| (last + 1).max(4));
        bits.flag(false);
        bits.put(count as u32 - 4, 4);
        ORDER[..count].iter().for_each(|&symbol| bits.put(code.lengths[symbol].into(), 3));
        tell_end(bits, told.len());
        for Told { symbol, rest, bits: count } in told {
            code.put(bits, symbol);
            bits.put(rest, count);
        }
    }
}

/// A code of one symbol or two.
fn tell_few(bits: &mut Bits, symbols: &[usize]) {
    bits.flag(true);
    bits.flag(symbols.len() == 2);
    let long = symbols[0] > 1;
    bits.flag(long);
    bits.put(symbols[0] as u32, if long { 8 } else { 1 });
    symbols[1..].iter().for_each(|&symbol| bits.put(symbol as u32, 8));
}

/// How many lengths and runs follow, two at least: what would be 0 to the end of the alphabet is left out.
fn tell_end(bits: &mut Bits, told: usize) {
    bits.flag(true);
    let number = told.saturating_sub(2) as u32;
    let width = (u32::BITS - number.leading_zeros()).max(1).next_multiple_of(2);
    bits.put((width - 2) / 2, 3);
    bits.put(number, width);
}

/// Lengths as symbols.
fn runs(lengths: &[u8]) -> Vec<Told> {
    let mut told = Vec::new();
    // What the decoder takes for the length before the first.
    let mut last = 8;
    for run in lengths.chunk_by(|a, b| a == b) {
        let (length, mut left) = (run[0], run.len());
        if length != 0 && length != last {
            told.push(Told { symbol: length.into(), rest: 0, bits: 0 });
            left -= 1;
            last = length;
        }
        while left > 0 {
            let kind = match length {
                0 if left >= MANY_ZEROS.least => MANY_ZEROS,
                0 => ZEROS,
                1.. => AGAIN,
            };
            let taken = left.min(kind.most);
            if taken < kind.least {
                told.push(Told { symbol: length.into(), rest: 0, bits: 0 });
                left -= 1;
            } else {
                told.push(Told { symbol: kind.symbol, rest: (taken - kind.least) as u32, bits: kind.bits });
                left -= taken;
            }
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_say_every_length() {
        let mut lengths = Vec::new();
        for step in 0..300_usize {
            lengths.extend(vec![(step * 7 % 5) as u8 * 3; step * step % 161]);
        }
        let (mut read, mut last) = (Vec::new(), 8);
        for Told { symbol, rest, bits } in runs(&lengths) {
            assert!(rest < 1 << bits.max(1));
            let (length, count) = match symbol {
                16 => (last, rest + 3),
                17 => (0, rest + 3),
                18 => (0, rest + 11),
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
