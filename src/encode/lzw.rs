//! GIF's LZW for pixels that may be free: quick in runs, and choosing what compresses best.
//!
//! A pixel that does not change may be written as clear or as the color it has. The coder takes, at each
//! step, the longest string of its dictionary that fits some choice, so that erased background and
//! untouched background become one. Where nothing is free the output is that of the plain greedy coder.
//!
//! Most of what a frame holds are runs. A run of n walks down the dictionary strings s, ss, sss, …, whose
//! codes are kept in one list per index: it is coded in about √(2n) steps instead of n, and where all of it
//! is free its pixels are not even looked at.

use super::packed_indices::{LONG_RUN, PackedIndices, Place};
use super::palette::Palette;

/// Codes have at most twelve bits.
const MOST_CODES: u16 = 4096;

/// Slots of the hash table, four for each code at most.
const SLOTS: usize = 1 << 14;

/// How many strings are followed at once while the longest is looked for. Twice as many make films a
/// few hundredths of a percent smaller.
const FOLLOWED: usize = 6;

/// A string of the dictionary.
#[derive(Clone, Copy)]
struct Found {
    code: u16,
    length: usize,
    first: u8,
}

/// A coder, which can be used for one image block after the other. Those of several threads stand side by side, and must not
/// share lines of the processors' caches, for every code changes them.
#[repr(align(128))]
pub(super) struct Coder {
    out: Vec<u8>,
    /// Bits that have not been written yet, the earliest lowest.
    pending: u64,
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
    table: Box<[u32; SLOTS]>,
    /// For every code which indices, modulo 64, extend it: most that are asked for do not.
    extended: Box<[u64; MOST_CODES as usize]>,
    /// For every index the codes of its repetitions, once, twice, ….
    runs: Vec<Vec<u16>>,
}

impl Coder {
    #[allow(
        clippy::large_stack_arrays,
        reason = "made once a film, and of a known length: no bounds to check"
    )]
    pub(super) fn new() -> Self {
        Self {
            out: Vec::new(),
            pending: 0,
            pending_bits: 0,
            bits: 0,
            width: 0,
            next: 0,
            growing: None,
            table: Box::new([0; SLOTS]),
            extended: Box::new([0; MOST_CODES as usize]),
            runs: (0..=u16::from(u8::MAX)).map(|index| vec![index]).collect(),
        }
    }

    /// The minimal code size byte and the code stream of these pixels, as one image block wants them.
    pub(super) fn encode(&mut self, cells: &PackedIndices) -> Vec<u8> {
        // GIF has no code size below 2.
        self.bits = (u8::BITS - cells.highest().leading_zeros()).max(2);
        self.width = self.bits + 1;
        self.growing = None;
        self.out.push(self.bits as u8);
        self.clear();
        let mut place = cells.advance(Place::default(), 0);
        let mut same_end = 0;
        while place.at < cells.len() {
            let string = self.longest(cells, place, &mut same_end);
            self.take(string);
            place = cells.advance(place, string.length);
        }
        self.finish()
    }

    /// The longest known string that fits the pixels from a place on. `same_end` is where the pixels of the
    /// index last looked at end.
    fn longest(&self, cells: &PackedIndices, place: Place, same_end: &mut usize) -> Found {
        let free = cells.free(place);
        let (head, whole) = if free >= LONG_RUN {
            (self.run(Palette::CLEAR, free), free)
        } else {
            let index = cells.index(place);
            if *same_end <= place.at {
                *same_end = cells.same_end(place);
            }
            let same = *same_end - place.at;
            if same < LONG_RUN {
                let mut strings = Strings::default();
                strings.add(key(u16::from(index), index));
                if free > 0 && index != Palette::CLEAR {
                    strings.add(key(u16::from(Palette::CLEAR), Palette::CLEAR));
                }
                return self.follow(cells, place, strings, 1);
            }
            (self.run(index, same), same)
        };
        if head.length < whole {
            return head;
        }
        let mut strings = Strings::default();
        strings.add(key(head.code, head.first));
        self.follow(cells, place, strings, head.length)
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

    /// Extends strings of `length` pixels for as long as one of them fits.
    fn follow(&self, cells: &PackedIndices, from: Place, mut alive: Strings, mut length: usize) -> Found {
        let mut place = cells.advance(from, length);
        while place.at < cells.len() {
            let free = cells.free(place);
            if free >= LONG_RUN {
                break;
            }
            if free == 0 && alive.count == 1 {
                // One string and one choice: nearly always, where pixels change.
                let fixed = cells.ahead(place);
                let mut string = alive.items[0];
                let known = |index: &&u8| self.child(string, **index).map(|longer| string = longer).is_some();
                let more = fixed.iter().take_while(known).count();
                alive.items[0] = string;
                length += more;
                place = cells.advance(place, more);
                if more < fixed.len() {
                    break;
                }
                continue;
            }
            let own = cells.index(place);
            let mut longer = Strings::default();
            for &string in alive.items.iter().take(alive.count) {
                self.child(string, own).into_iter().for_each(|child| longer.add(child));
                if own != Palette::CLEAR && free > 0 {
                    self.child(string, Palette::CLEAR).into_iter().for_each(|child| longer.add(child));
                }
            }
            if longer.count == 0 {
                break;
            }
            alive = longer;
            length += 1;
            place = cells.advance(place, 1);
        }
        let string = alive.items[0];
        Found { code: (string >> 8) as u16, length, first: string as u8 }
    }

    /// A string extended by an index; both are said by their code and, in the lowest 8 bits, their first index.
    fn child(&self, string: u32, index: u8) -> Option<u32> {
        let (code, first) = ((string >> 8) as u16, string as u8);
        if self.extended[usize::from(code % MOST_CODES)] & bit(index) != 0 {
            let slot = self.table[self.find(code, index)];
            if slot != 0 {
                return Some(key((slot & 0xFFF) as u16, first));
            }
        }
        // The string that grows now ends in the first index of this one.
        let grows = |(last, _): &(Found, u16)| last.code == code && first == index;
        self.growing.filter(grows).map(|(_, next)| key(next, first))
    }

    /// Codes a string, and lets the one before it grow by its first index.
    fn take(&mut self, string: Found) {
        if let Some((last, code)) = self.growing.take() {
            let slot = self.find(last.code, string.first);
            if self.table[slot] == 0 {
                self.extended[usize::from(last.code)] |= bit(string.first);
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
        // Said in this way, the compiler knows that every slot is inside the table.
        while self.table[slot % SLOTS] != 0 && self.table[slot % SLOTS] >> 12 != key {
            slot += 1;
        }
        slot % SLOTS
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
        self.extended.fill(0);
        for codes in &mut self.runs {
            codes.truncate(1);
        }
    }

    fn emit(&mut self, code: u16) {
        self.pending |= u64::from(code) << self.pending_bits;
        self.pending_bits += self.width;
        if self.pending_bits >= u32::BITS {
            self.out.extend_from_slice(&(self.pending as u32).to_le_bytes());
            self.pending >>= u32::BITS;
            self.pending_bits -= u32::BITS;
        }
    }

    fn finish(&mut self) -> Vec<u8> {
        let end = (1 << self.bits) + 1;
        self.emit(end);
        let rest = self.pending_bits.div_ceil(8) as usize;
        self.out.extend_from_slice(&self.pending.to_le_bytes()[..rest]);
        (self.pending, self.pending_bits) = (0, 0);
        // As large as it need be; the coder's own buffer stays for the next block.
        let block = self.out.clone();
        self.out.clear();
        block
    }
}

/// Some strings, each said by its code and its first index.
#[derive(Clone, Copy, Default)]
struct Strings {
    items: [u32; FOLLOWED],
    count: usize,
}

impl Strings {
    fn add(&mut self, string: u32) {
        if self.count < FOLLOWED {
            self.items[self.count] = string;
            self.count += 1;
        }
    }
}

fn bit(index: u8) -> u64 {
    1 << (index % 64)
}

fn key(code: u16, index: u8) -> u32 {
    u32::from(code) << 8 | u32::from(index)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::io::Cursor;
    use std::ops::Range;

    use super::{Coder, PackedIndices, Palette};

    /// The code stream of pixels of which those in `fixed` must be as they are.
    fn encoded(indices: &[u8], fixed: &[Range<usize>]) -> Vec<u8> {
        Coder::new().encode(&PackedIndices::new(indices.to_vec(), fixed.iter().cloned()))
    }

    /// The same where none is free.
    fn encoded_as_they_are(indices: &[u8]) -> Vec<u8> {
        encoded(indices, std::slice::from_ref(&(0..indices.len())))
    }

    /// What a decoder makes of a code stream of so many pixels.
    fn decoded(buffer: Vec<u8>, width: usize) -> Vec<u8> {
        let (width, buffer) = (width as u16, buffer.into());
        let mut file = gif::Encoder::new(Vec::new(), width, 1, &[0; 768]).expect("a small file");
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
            let indices = vec![3; length];
            let found = decoded(encoded_as_they_are(&indices), length);
            assert_eq!(found, indices, "{length} equal indices");
        }
    }

    #[test]
    fn noise_comes_back_at_every_code_size_and_around_every_widening() {
        let state = &mut 1;
        for colors in [1, 2, 3, 4, 5, 16, 17, 128, 129, 256] {
            for length in (1..600).step_by(7).chain(3_700..3_860).chain([60_000]) {
                let indices: Vec<u8> = (0..length).map(|_| (noise(state) % colors) as u8).collect();
                let found = decoded(encoded_as_they_are(&indices), length);
                assert!(found == indices, "{length} indices of {colors}");
            }
        }
    }

    #[test]
    fn free_pixels_come_back_as_they_were_or_clear_and_runs_of_them_make_the_stream_no_longer() {
        let state = &mut 3;
        for (longest, colors) in [(1, 4), (6, 9), (40, 30), (3_000, 200)] {
            let (mut indices, mut fixed) = (Vec::new(), Vec::new());
            while indices.len() < 50_000 {
                let (index, free) = (1 + noise(state) % colors, !noise(state).is_multiple_of(3));
                let length = (1 + noise(state) % longest).min(50_000 - indices.len() as u64) as usize;
                let start = indices.len();
                indices.extend(std::iter::repeat_n(index as u8, length));
                if !free {
                    fixed.push(start..indices.len());
                }
            }
            let chosen = encoded(&indices, &fixed);
            let found = decoded(chosen.clone(), indices.len());
            let mut clear = vec![Palette::CLEAR; indices.len()];
            for range in fixed {
                clear[range.clone()].copy_from_slice(&indices[range]);
            }
            let fits = |index: usize| [indices[index], clear[index]].contains(&found[index]);
            assert!((0..indices.len()).all(fits), "runs of up to {longest}");
            // Noise and short runs have no patterns to choose for.
            if longest <= super::LONG_RUN as u64 {
                continue;
            }
            let (chosen, plain) = (chosen.len(), encoded_as_they_are(&clear).len());
            assert!(chosen <= plain + plain / 100, "runs of up to {longest}: {chosen} bytes, {plain}");
        }
    }

    #[test]
    fn packed_cells_make_the_same_stream() {
        let state = &mut 9;
        // With few colors, runs that are fixed often go on where pixels are free and left out.
        for (longest, colors) in [(30, 2), (90, 2), (300, 3), (3_000, 40)] {
            let (mut indices, mut fixed) = (Vec::new(), Vec::new());
            for _ in 0..400 {
                let (index, free) = (noise(state) % colors, noise(state).is_multiple_of(2));
                let start = indices.len();
                indices.extend(std::iter::repeat_n(index as u8, 1 + (noise(state) % longest) as usize));
                if !free {
                    fixed.push(start..indices.len());
                }
            }
            let mut cells = PackedIndices::new(indices.clone(), fixed.iter().cloned());
            assert_eq!(cells.pack(), indices);
            assert!(cells.indices().len() < indices.len() && cells.len() == indices.len());
            assert!(Coder::new().encode(&cells) == encoded(&indices, &fixed), "runs of up to {longest}");
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
            let stream = encoded_as_they_are(&indices);
            assert!(stream == plainly_encoded(&indices, 4), "runs of up to {longest}");
            assert!(decoded(stream, indices.len()) == indices, "runs of up to {longest}");
        }
    }

    #[test]
    fn a_coder_that_was_used_codes_like_a_new_one() {
        let mut coder = Coder::new();
        let state = &mut 5;
        for (colors, length) in [(200, 9_000), (3, 40), (200, 9_000), (17, 1)] {
            let indices: Vec<u8> = (0..length).map(|_| (noise(state) % colors) as u8).collect();
            let cells = PackedIndices::new(indices, []);
            assert_eq!(coder.encode(&cells), Coder::new().encode(&cells));
        }
    }
}
