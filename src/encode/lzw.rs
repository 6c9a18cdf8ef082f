//! LZW encoder of GIF that exploits free pixels and skips along runs.
//!
//! A free pixel (`packed_indices`) may be written as clear or with its own index. At each step the encoder takes the
//! longest dictionary string that matches some choice. So strings match more often, and erased and unchanged background
//! look alike. Without free pixels, the output equals that of the plain greedy encoder.
//!
//! Frames consist mostly of runs. The dictionary strings s, ss, sss, … of one index are kept in a list of codes, so a
//! run of n pixels takes about √(2n) steps instead of n. The pixels of a free run are not read at all.

use super::packed_indices::{LONG_RUN, PackedIndices, Position};
use super::palette::Palette;

/// Number of codes of twelve bits, the most that GIF allows.
const MAX_CODES: u16 = 4096;

/// Slots of the hash table, at least four for each code.
const SLOTS: usize = 1 << 14;

/// Maximum number of candidate strings during the search for the longest. With twice as many, films are smaller by a
/// few hundredths of a percent.
const MAX_CANDIDATES: usize = 6;

/// A string of the dictionary: its code, number of pixels and first index.
#[derive(Clone, Copy)]
struct DictionaryString {
    code: u16,
    length: usize,
    first: u8,
}

/// An encoder, reused for all image blocks. Aligned to avoid false sharing, because every code writes to it and several
/// threads have an encoder each.
#[repr(align(128))]
pub(super) struct LzwEncoder {
    out: Vec<u8>,
    /// Bits that are not in `out` yet, the earliest lowest.
    pending: u64,
    pending_bits: u32,
    /// Minimum code size of the image block, in bits.
    min_code_size: u32,
    /// Width of the next code, in bits.
    code_width: u32,
    /// Code of the next new string.
    next_code: u16,
    /// The last written string, and the code of the new string that extends it. The last index of the new string is the
    /// first index of the string that follows.
    growing: Option<(DictionaryString, u16)>,
    /// Hash table of strings: (prefix code, index) in the upper 20 bits, the code of the string in the lower 12. An
    /// empty slot is 0, which is never the code of a string.
    table: Box<[u32; SLOTS]>,
    /// A bit filter for each code: the indices modulo 64 that extend it. Most lookups fail here.
    extended: Box<[u64; MAX_CODES as usize]>,
    /// For each index, the codes of its repetitions: once, twice, ….
    runs: Vec<Vec<u16>>,
}

impl LzwEncoder {
    #[allow(
        clippy::large_stack_arrays,
        reason = "allocated once per thread; the fixed length avoids bounds checks"
    )]
    pub(super) fn new() -> Self {
        Self {
            out: Vec::new(),
            pending: 0,
            pending_bits: 0,
            min_code_size: 0,
            code_width: 0,
            next_code: 0,
            growing: None,
            table: Box::new([0; SLOTS]),
            extended: Box::new([0; MAX_CODES as usize]),
            runs: (0..=u16::from(u8::MAX)).map(|index| vec![index]).collect(),
        }
    }

    /// Encodes the pixels of one image block: a byte with the minimum code size, followed by the code stream.
    pub(super) fn encode(&mut self, indices: &PackedIndices) -> Vec<u8> {
        // GIF has no code size below 2.
        self.min_code_size = (u8::BITS - indices.max_index().leading_zeros()).max(2);
        self.code_width = self.min_code_size + 1;
        self.growing = None;
        self.out.push(self.min_code_size as u8);
        self.reset_dictionary();
        let mut position = indices.advance(Position::default(), 0);
        let mut run_end = 0;
        while position.at < indices.len() {
            let string = self.longest_match(indices, position, &mut run_end);
            self.push_string(string);
            position = indices.advance(position, string.length);
        }
        self.finish()
    }

    /// Longest known string that matches the pixels at `position`. `run_end` caches the end of the run of equal indices
    /// that was measured last.
    fn longest_match(
        &self,
        indices: &PackedIndices,
        position: Position,
        run_end: &mut usize,
    ) -> DictionaryString {
        let free = indices.free_len(position);
        let (head, run_length) = if free >= LONG_RUN {
            (self.longest_run(Palette::CLEAR, free), free)
        } else {
            let index = indices.index(position);
            if *run_end <= position.at {
                *run_end = indices.run_end(position);
            }
            let same = *run_end - position.at;
            if same < LONG_RUN {
                let mut strings = Candidates::default();
                strings.add(pack(u16::from(index), index));
                if free > 0 && index != Palette::CLEAR {
                    strings.add(pack(u16::from(Palette::CLEAR), Palette::CLEAR));
                }
                return self.extend_candidates(indices, position, strings, 1);
            }
            (self.longest_run(index, same), same)
        };
        if head.length < run_length {
            return head;
        }
        let mut strings = Candidates::default();
        strings.add(pack(head.code, head.first));
        self.extend_candidates(indices, position, strings, head.length)
    }

    /// Longest known repetition of an index, of at most `length` pixels.
    fn longest_run(&self, index: u8, length: usize) -> DictionaryString {
        let known = &self.runs[usize::from(index)];
        if let Some((last, code)) = self.growing
            && length > known.len()
            && last.first == index
            && last.code == known[known.len() - 1]
        {
            return DictionaryString { code, length: known.len() + 1, first: index };
        }
        let length = length.min(known.len());
        DictionaryString { code: known[length - 1], length, first: index }
    }

    /// Extends candidates of `length` pixels for as long as one of them matches.
    fn extend_candidates(
        &self,
        indices: &PackedIndices,
        from: Position,
        mut candidates: Candidates,
        mut length: usize,
    ) -> DictionaryString {
        let mut position = indices.advance(from, length);
        while position.at < indices.len() {
            let free = indices.free_len(position);
            if free >= LONG_RUN {
                break;
            }
            if free == 0 && candidates.count == 1 {
                // A single candidate and no choice, which is nearly always the case where pixels change.
                let fixed = indices.fixed_ahead(position);
                let mut string = candidates.items[0];
                let known = |index: &&u8| self.child(string, **index).map(|longer| string = longer).is_some();
                let more = fixed.iter().take_while(known).count();
                candidates.items[0] = string;
                length += more;
                position = indices.advance(position, more);
                if more < fixed.len() {
                    break;
                }
                continue;
            }
            let own = indices.index(position);
            let mut longer = Candidates::default();
            for &string in candidates.items.iter().take(candidates.count) {
                self.child(string, own).into_iter().for_each(|child| longer.add(child));
                if own != Palette::CLEAR && free > 0 {
                    self.child(string, Palette::CLEAR).into_iter().for_each(|child| longer.add(child));
                }
            }
            if longer.count == 0 {
                break;
            }
            candidates = longer;
            length += 1;
            position = indices.advance(position, 1);
        }
        let string = candidates.items[0];
        DictionaryString { code: (string >> 8) as u16, length, first: string as u8 }
    }

    /// Code of a string extended by an index. Both strings are packed as the code and, in the lowest 8 bits, the first
    /// index.
    fn child(&self, string: u32, index: u8) -> Option<u32> {
        let (code, first) = ((string >> 8) as u16, string as u8);
        if self.extended[usize::from(code % MAX_CODES)] & filter_bit(index) != 0 {
            let slot = self.table[self.find_slot(code, index)];
            if slot != 0 {
                return Some(pack((slot & 0xFFF) as u16, first));
            }
        }
        // The string that is being added ends in the first index of the next string.
        let grows = |(last, _): &(DictionaryString, u16)| last.code == code && first == index;
        self.growing.filter(grows).map(|(_, next)| pack(next, first))
    }

    /// Writes a string, and adds the string before it, extended by its first index, to the dictionary.
    fn push_string(&mut self, string: DictionaryString) {
        if let Some((last, code)) = self.growing.take() {
            let slot = self.find_slot(last.code, string.first);
            if self.table[slot] == 0 {
                self.extended[usize::from(last.code)] |= filter_bit(string.first);
                self.table[slot] = pack(last.code, string.first) << 12 | u32::from(code);
            }
            let run = &mut self.runs[usize::from(string.first)];
            if run[run.len() - 1] == last.code {
                run.push(code);
            }
        }
        self.write_code(string.code);
        let code = self.next_code;
        if self.add_code() {
            self.growing = Some((string, code));
        }
    }

    /// Slot of the string, or the empty slot where it belongs.
    fn find_slot(&self, code: u16, index: u8) -> usize {
        let key = pack(code, index);
        let mut slot = (key.wrapping_mul(0x9E37_79B1) >> (u32::BITS - SLOTS.trailing_zeros())) as usize;
        // The remainder tells the compiler that the slot is inside the table.
        while self.table[slot % SLOTS] != 0 && self.table[slot % SLOTS] >> 12 != key {
            slot += 1;
        }
        slot % SLOTS
    }

    /// Counts a new code: widens the codes, or resets the dictionary when twelve bits are used up. Returns whether the
    /// dictionary was kept.
    ///
    /// Keeping a full dictionary for as long as it compresses well was tried: if rows of runs and dense rows alternate,
    /// files grow by up to a third.
    fn add_code(&mut self) -> bool {
        self.next_code += 1;
        if self.next_code == MAX_CODES {
            self.reset_dictionary();
            return false;
        }
        if u32::from(self.next_code) > 1 << self.code_width {
            self.code_width += 1;
        }
        true
    }

    /// Writes the clear code and starts with an empty dictionary.
    fn reset_dictionary(&mut self) {
        let clear = 1 << self.min_code_size;
        self.write_code(clear);
        self.code_width = self.min_code_size + 1;
        self.next_code = clear + 2;
        self.table.fill(0);
        self.extended.fill(0);
        for codes in &mut self.runs {
            codes.truncate(1);
        }
    }

    fn write_code(&mut self, code: u16) {
        self.pending |= u64::from(code) << self.pending_bits;
        self.pending_bits += self.code_width;
        if self.pending_bits >= u32::BITS {
            self.out.extend_from_slice(&(self.pending as u32).to_le_bytes());
            self.pending >>= u32::BITS;
            self.pending_bits -= u32::BITS;
        }
    }

    /// Writes the end code and returns the block.
    fn finish(&mut self) -> Vec<u8> {
        let end = (1 << self.min_code_size) + 1;
        self.write_code(end);
        let rest = self.pending_bits.div_ceil(8) as usize;
        self.out.extend_from_slice(&self.pending.to_le_bytes()[..rest]);
        (self.pending, self.pending_bits) = (0, 0);
        // The copy has no spare capacity; the buffer is reused for the next block.
        let block = self.out.clone();
        self.out.clear();
        block
    }
}

/// Candidate strings, packed as code and first index.
#[derive(Clone, Copy, Default)]
struct Candidates {
    items: [u32; MAX_CANDIDATES],
    count: usize,
}

impl Candidates {
    fn add(&mut self, string: u32) {
        if self.count < MAX_CANDIDATES {
            self.items[self.count] = string;
            self.count += 1;
        }
    }
}

/// Bit of an index in the filters of `extended`.
fn filter_bit(index: u8) -> u64 {
    1 << (index % 64)
}

/// Packs a code and an index.
fn pack(code: u16, index: u8) -> u32 {
    u32::from(code) << 8 | u32::from(index)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::io::Cursor;
    use std::ops::Range;

    use super::{LzwEncoder, PackedIndices, Palette};

    /// Code stream of pixels of which only those in `fixed` are fixed.
    fn encoded(indices: &[u8], fixed: &[Range<usize>]) -> Vec<u8> {
        LzwEncoder::new().encode(&PackedIndices::new(indices.to_vec(), fixed.iter().cloned()))
    }

    /// Code stream of fixed pixels.
    fn encoded_without_choice(indices: &[u8]) -> Vec<u8> {
        encoded(indices, std::slice::from_ref(&(0..indices.len())))
    }

    /// Pixels that the `gif` crate decodes from a code stream.
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

    /// Textbook LZW encoder: strings in a map, one index at a time.
    fn textbook_encoded(indices: &[u8], bits: u32) -> Vec<u8> {
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
    fn runs_of_every_length_round_trip() {
        for length in (1..400).chain([4_093, 4_096, 65_535]) {
            let indices = vec![3; length];
            let found = decoded(encoded_without_choice(&indices), length);
            assert_eq!(found, indices, "{length} equal indices");
        }
    }

    #[test]
    fn noise_round_trips_at_every_code_size_and_width() {
        let state = &mut 1;
        for colors in [1, 2, 3, 4, 5, 16, 17, 128, 129, 256] {
            for length in (1..600).step_by(7).chain(3_700..3_860).chain([60_000]) {
                let indices: Vec<u8> = (0..length).map(|_| (noise(state) % colors) as u8).collect();
                let found = decoded(encoded_without_choice(&indices), length);
                assert!(found == indices, "{length} indices of {colors}");
            }
        }
    }

    #[test]
    fn free_pixels_decode_as_their_color_or_clear_and_free_runs_cost_nothing() {
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
            // Noise and short runs contain no patterns to choose from.
            if longest <= super::LONG_RUN as u64 {
                continue;
            }
            let (chosen, plain) = (chosen.len(), encoded_without_choice(&clear).len());
            assert!(chosen <= plain + plain / 100, "runs of up to {longest}: {chosen} bytes, {plain}");
        }
    }

    #[test]
    fn packed_indices_encode_to_the_same_stream() {
        let state = &mut 9;
        // With few colors, fixed runs often continue into free pixels that are omitted.
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
            let mut packed = PackedIndices::new(indices.clone(), fixed.iter().cloned());
            assert_eq!(packed.pack(), indices);
            assert!(packed.stored().len() < indices.len() && packed.len() == indices.len());
            let stream = LzwEncoder::new().encode(&packed);
            assert!(stream == encoded(&indices, &fixed), "runs of up to {longest}");
        }
    }

    #[test]
    fn runs_among_noise_encode_like_the_textbook_encoder() {
        let state = &mut 7;
        for longest in [2, 10, 300] {
            let mut indices = Vec::new();
            while indices.len() < 60_000 {
                let (index, length) = (noise(state) % 9, 1 + noise(state) % longest);
                indices.extend(std::iter::repeat_n(index as u8, length as usize));
            }
            indices.truncate(60_000);
            let stream = encoded_without_choice(&indices);
            assert!(stream == textbook_encoded(&indices, 4), "runs of up to {longest}");
            assert!(decoded(stream, indices.len()) == indices, "runs of up to {longest}");
        }
    }

    #[test]
    fn a_reused_encoder_writes_the_same_stream() {
        let mut coder = LzwEncoder::new();
        let state = &mut 5;
        for (colors, length) in [(200, 9_000), (3, 40), (200, 9_000), (17, 1)] {
            let indices: Vec<u8> = (0..length).map(|_| (noise(state) % colors) as u8).collect();
            let indices = PackedIndices::new(indices, []);
            assert_eq!(coder.encode(&indices), LzwEncoder::new().encode(&indices));
        }
    }
}
