//! GIF's LZW for pixels that may be free: quick in runs, and choosing what compresses best.
//!
//! A pixel that does not change may be written as clear or as the colour it has. The coder takes, at each
//! step, the longest string of its dictionary that fits some choice, so that erased background and
//! untouched background become one. Where nothing is free the output is that of the plain greedy coder.
//!
//! Most of what a frame holds are runs. A run of n walks down the dictionary strings s, ss, sss, …, whose
//! codes are kept in one list per index: it is coded in about √(2n) steps instead of n.

use super::palette::Palette;

/// Codes have at most twelve bits.
const MOST_CODES: u16 = 4096;

/// Slots of the hash table, four for each code at most.
const SLOTS: usize = 1 << 14;

/// How many strings are followed at once while the longest is looked for. Twice as many make films a
/// few hundredths of a percent smaller.
const FOLLOWED: usize = 6;

/// A run of free pixels as long as this is taken as clear without looking at other choices.
const LONG_RUN: usize = 24;

/// What a pixel asks for: an index in the lower byte, and whether clear would do as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell(u16);

impl Cell {
    /// A pixel that must have this index.
    pub(super) const fn fixed(index: u8) -> Self {
        Self(index as u16)
    }

    /// A pixel that has this index already.
    pub(super) const fn free(index: u8) -> Self {
        Self(index as u16 | 0x100)
    }

    pub(super) const fn index(self) -> u8 {
        self.0 as u8
    }

    pub(super) const fn is_free(self) -> bool {
        self.0 > 0xFF
    }

    /// The indices it may be written as, the one it has first; the two may be equal.
    const fn choices(self) -> [u8; 2] {
        [self.index(), if self.is_free() { Palette::CLEAR } else { self.index() }]
    }
}

/// The minimal code size byte and the code stream of these pixels, as one image block wants them.
pub(super) fn encode(cells: &[Cell]) -> Vec<u8> {
    let highest = cells.iter().map(|cell| cell.index()).max().unwrap_or(0);
    // GIF has no code size below 2.
    let bits = (u8::BITS - highest.leading_zeros()).max(2);
    let mut coder = Coder::new(bits, cells.len() / 8);
    coder.clear();
    let (mut at, mut free_end, mut same_end) = (0, 0, 0);
    while at < cells.len() {
        let rest = &cells[at..];
        if free_end <= at {
            free_end = at + rest.iter().take_while(|cell| cell.is_free()).count();
        }
        if same_end <= at {
            same_end = at + rest.iter().take_while(|cell| cell.index() == rest[0].index()).count();
        }
        let string = coder.longest(rest, free_end - at, same_end - at);
        coder.take(string);
        at += string.length;
    }
    coder.finish()
}

/// A string of the dictionary.
#[derive(Clone, Copy)]
struct Found {
    code: u16,
    length: usize,
    first: u8,
}

struct Coder {
    out: Vec<u8>,
    /// Bits that have not filled a byte yet, the earliest lowest.
    pending: u32,
    pending_bits: u32,
    /// The minimal code size.
    bits: u32,
    /// Bits of the next code.
    width: u32,
    /// The code that the next dictionary string gets.
    next: u16,
    /// The string that was coded last and the code of the one that extends it, whose last index is the
    /// first of the next string.
    growing: Option<(Found, u16)>,
    /// (prefix code, index) in the upper 20 bits and the string's code in the lower 12; 0, which no
    /// string has, where free.
    table: Vec<u32>,
    /// For every index the codes of its repetitions, once, twice, ….
    runs: Vec<Vec<u16>>,
}

impl Coder {
    fn new(bits: u32, capacity: usize) -> Self {
        let mut out = Vec::with_capacity(capacity);
        out.push(bits as u8);
        let runs = (0..1_u16 << bits).map(|index| vec![index]).collect();
        Self {
            out,
            pending: 0,
            pending_bits: 0,
            bits,
            width: bits + 1,
            next: 0,
            growing: None,
            table: vec![0; SLOTS],
            runs,
        }
    }

    /// The longest known string that fits the pixels, of which the first `free` are free and the first
    /// `same` have one index.
    fn longest(&self, cells: &[Cell], free: usize, same: usize) -> Found {
        let head = if free >= LONG_RUN {
            self.run(Palette::CLEAR, free)
        } else if same >= LONG_RUN {
            self.run(cells[0].index(), same)
        } else {
            return self.follow(cells, &cells[0].choices().map(|first| (u16::from(first), first)), 1);
        };
        if head.length < free.max(same) {
            return head;
        }
        self.follow(cells, &[(head.code, head.first)], head.length)
    }

    /// The longest known repetition of an index, up to `length`.
    fn run(&self, index: u8, length: usize) -> Found {
        let known = &self.runs[usize::from(index)];
        if let Some((last, code)) = self.growing
            && length > known.len()
            && last.first == index
            && last.code == known[known.len() - 1]
        {
            return Found { code, length: known.len() + 1, first: index };
        }
        let length = length.min(known.len());
        Found { code: known[length - 1], length, first: index }
    }

    /// Extends strings of `length` pixels, given by code and first index, for as long as one of them fits.
    fn follow(&self, cells: &[Cell], strings: &[(u16, u8)], mut length: usize) -> Found {
        let mut alive = Strings::default();
        for &(code, first) in strings {
            alive.add(code, first);
        }
        while let Some(cell) = cells.get(length) {
            let mut longer = Strings::default();
            for &(code, first) in alive.iter() {
                let [own, clear] = cell.choices();
                self.extend(code, first, own, &mut longer);
                if clear != own {
                    self.extend(code, first, clear, &mut longer);
                }
            }
            if longer.count == 0 {
                break;
            }
            alive = longer;
            length += 1;
        }
        let (code, first) = alive.items[0];
        Found { code, length, first }
    }

    fn extend(&self, code: u16, first: u8, index: u8, longer: &mut Strings) {
        let slot = self.table[self.find(code, index)];
        if slot != 0 {
            longer.add((slot & 0xFFF) as u16, first);
        } else if let Some((last, next)) = self.growing
            && last.code == code
            && first == index
        {
            // The string that grows now ends in the first index of this one.
            longer.add(next, first);
        }
    }

    /// Codes a string, and lets the one before it grow by its first index.
    fn take(&mut self, string: Found) {
        if let Some((last, code)) = self.growing.take() {
            let slot = self.find(last.code, string.first);
            if self.table[slot] == 0 {
                self.table[slot] = key(last.code, string.first) << 12 | u32::from(code);
            }
            let run = &mut self.runs[usize::from(string.first)];
            if run[run.len() - 1] == last.code {
                run.push(code);
            }
        }
        self.emit(string.code);
        let code = self.next;
        if self.count() {
            self.growing = Some((string, code));
        }
    }

    /// The slot that holds the string, or the free one where it belongs.
    fn find(&self, code: u16, index: u8) -> usize {
        let key = key(code, index);
        let mut slot = (key.wrapping_mul(0x9E37_79B1) >> (u32::BITS - SLOTS.trailing_zeros())) as usize;
        while self.table[slot] != 0 && self.table[slot] >> 12 != key {
            slot = (slot + 1) % SLOTS;
        }
        slot
    }

    /// A string is added: widens the codes, or begins anew when twelve bits are used up. Whether the
    /// dictionary goes on.
    ///
    /// Keeping a full dictionary for as long as it codes well was tried: where rows of runs and dense
    /// rows take turns, files grew by up to a third.
    fn count(&mut self) -> bool {
        self.next += 1;
        if self.next == MOST_CODES {
            self.clear();
            return false;
        }
        if u32::from(self.next) > 1 << self.width {
            self.width += 1;
        }
        true
    }

    fn clear(&mut self) {
        let clear = 1 << self.bits;
        self.emit(clear);
        self.width = self.bits + 1;
        self.next = clear + 2;
        self.table.fill(0);
        for codes in &mut self.runs {
            codes.truncate(1);
        }
    }

    fn emit(&mut self, code: u16) {
        self.pending |= u32::from(code) << self.pending_bits;
        self.pending_bits += self.width;
        while self.pending_bits >= 8 {
            self.out.push(self.pending as u8);
            self.pending >>= 8;
            self.pending_bits -= 8;
        }
    }

    fn finish(mut self) -> Vec<u8> {
        let end = (1 << self.bits) + 1;
        self.emit(end);
        if self.pending_bits > 0 {
            self.out.push(self.pending as u8);
        }
        self.out
    }
}

/// Some strings, by code and first index.
#[derive(Clone, Copy, Default)]
struct Strings {
    items: [(u16, u8); FOLLOWED],
    count: usize,
}

impl Strings {
    fn add(&mut self, code: u16, first: u8) {
        if self.count < FOLLOWED {
            self.items[self.count] = (code, first);
            self.count += 1;
        }
    }

    fn iter(&self) -> std::slice::Iter<'_, (u16, u8)> {
        self.items[..self.count].iter()
    }
}

fn key(code: u16, index: u8) -> u32 {
    u32::from(code) << 8 | u32::from(index)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::io::Cursor;

    use super::{Cell, Palette};

    fn fixed(indices: &[u8]) -> Vec<Cell> {
        indices.iter().copied().map(Cell::fixed).collect()
    }

    /// What a decoder makes of our code stream.
    fn decoded(cells: &[Cell]) -> Vec<u8> {
        let width = cells.len() as u16;
        let mut file = gif::Encoder::new(Vec::new(), width, 1, &[0; 768]).expect("a small file");
        let buffer = super::encode(cells).into();
        let frame = gif::Frame { width, height: 1, buffer, ..gif::Frame::default() };
        file.write_lzw_pre_encoded_frame(&frame).expect("to memory");
        let mut options = gif::DecodeOptions::new();
        options.check_lzw_end_code(true);
        let file = Cursor::new(file.into_inner().expect("to memory"));
        let mut decoder = options.read_info(file).expect("a header");
        decoder.read_next_frame().expect("a sound frame").expect("one frame").buffer.to_vec()
    }

    /// The textbook's coder: strings in a map, one index at a time.
    fn plainly_encoded(indices: &[u8], bits: u32) -> Vec<u8> {
        let clear = 1_u16 << bits;
        let singles = || (0..clear).map(|index| (vec![index as u8], index)).collect::<HashMap<_, _>>();
        let (mut strings, mut next, mut width) = (singles(), clear + 2, bits + 1);
        let mut codes = vec![(clear, width)];
        let mut string = Vec::new();
        for &index in indices {
            string.push(index);
            if strings.contains_key(&string) {
                continue;
            }
            codes.push((strings[&string[..string.len() - 1]], width));
            strings.insert(std::mem::replace(&mut string, vec![index]), next);
            next += 1;
            width += u32::from(u32::from(next) > 1 << width);
            if next == 4096 {
                codes.push((clear, 12));
                (strings, next, width) = (singles(), clear + 2, bits + 1);
            }
        }
        codes.push((strings[&string], width));
        codes.push((clear + 1, width + u32::from(u32::from(next) + 1 > 1 << width)));
        let stream = codes.iter().flat_map(|&(code, width)| (0..width).map(move |bit| code >> bit & 1 == 1));
        let bytes = stream.collect::<Vec<bool>>();
        let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
        std::iter::once(bits as u8).chain(bytes.chunks(8).map(byte)).collect()
    }

    /// Deterministic noise.
    fn noise(state: &mut u64) -> u64 {
        *state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
        *state >> 33
    }

    #[test]
    fn runs_of_every_length_come_back() {
        for length in (1..400).chain([4_093, 4_096, 65_535]) {
            assert_eq!(decoded(&fixed(&vec![3; length])), vec![3; length], "{length} equal indices");
        }
    }

    #[test]
    fn noise_comes_back_at_every_code_size_and_around_every_widening() {
        let state = &mut 1;
        for colours in [1, 2, 3, 4, 5, 16, 17, 128, 129, 256] {
            for length in (1..600).step_by(7).chain(3_700..3_860).chain([60_000]) {
                let indices: Vec<u8> = (0..length).map(|_| (noise(state) % colours) as u8).collect();
                assert!(decoded(&fixed(&indices)) == indices, "{length} indices of {colours}");
            }
        }
    }

    #[test]
    fn free_pixels_come_back_as_they_were_or_clear_and_runs_of_them_make_the_stream_no_longer() {
        let state = &mut 3;
        for (longest, colours) in [(1, 4), (6, 9), (40, 30), (3_000, 200)] {
            let mut cells = Vec::new();
            while cells.len() < 50_000 {
                let (index, free) = (1 + noise(state) % colours, !noise(state).is_multiple_of(3));
                let cell = if free { Cell::free(index as u8) } else { Cell::fixed(index as u8) };
                cells.extend(std::iter::repeat_n(cell, 1 + (noise(state) % longest) as usize));
            }
            cells.truncate(50_000);
            let found = decoded(&cells);
            let fits = |(cell, index): (&Cell, &u8)| cell.choices().contains(index);
            assert!(cells.iter().zip(&found).all(fits), "runs of up to {longest}");
            // Noise has no patterns to choose for.
            if longest < 40 {
                continue;
            }
            let clear: Vec<Cell> = cells
                .iter()
                .map(|cell| Cell::fixed(if cell.is_free() { Palette::CLEAR } else { cell.index() }))
                .collect();
            let (chosen, plain) = (super::encode(&cells).len(), super::encode(&clear).len());
            assert!(chosen <= plain + plain / 100, "runs of up to {longest}: {chosen} bytes, {plain}");
        }
    }

    #[test]
    fn runs_among_noise_come_back_and_are_coded_as_plainly() {
        let state = &mut 7;
        for longest in [2, 10, 300] {
            let mut indices = Vec::new();
            while indices.len() < 60_000 {
                let (index, length) = (noise(state) % 9, 1 + noise(state) % longest);
                indices.extend(std::iter::repeat_n(index as u8, length as usize));
            }
            indices.truncate(60_000);
            assert!(decoded(&fixed(&indices)) == indices, "runs of up to {longest}");
            assert!(
                super::encode(&fixed(&indices)) == plainly_encoded(&indices, 4),
                "runs of up to {longest}"
            );
        }
    }
}
