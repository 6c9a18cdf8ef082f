//! LZW encoder of GIF that exploits free pixels and skips along runs.
//!
//! A free pixel (`packed_indices`) may be written as clear or with its own index. At each step the encoder takes the
//! longest dictionary string that matches some choice, with the own index where both match. So strings match more often,
//! and erased and unchanged background look alike. Without free pixels, the output equals that of the plain greedy encoder.
//!
//! A full dictionary is kept for some more codes, because a new one takes a thousand codes to become useful. Then it is cleared,
//! except near the end of a frame if the frame is smaller without.
//!
//! Frames consist mostly of runs. The dictionary strings s, ss, sss, … of one index are kept in a list of codes, so a
//! run of n pixels takes about √(2n) steps instead of n. The pixels of a free run are not read at all.

use super::lzw_dictionary::{LzwDictionary, MAX_CODES, pack};
use super::packed_indices::{LONG_RUN, PackedIndices, Position};
use super::palette::Palette;

/// Maximum number of candidate strings during the search for the longest. With twice as many, films are smaller by a
/// few hundredths of a percent.
const MAX_CANDIDATES: usize = 6;

/// Number of codes for which a full dictionary is kept. Films of large frames are 0.2 to 0.3 % smaller for it. With 1024, some are
/// smaller by as much again, and others larger by 1 %.
const KEPT_CODES: usize = 256;

/// Estimated number of codes that are left near the end of a frame, where keeping a full dictionary to the end is tried.
///
/// Keeping it for as long as it compresses as well as the average since the last clear was tried too, also after the codes for
/// which it is kept in any case: no measure of the recent codes tells frames whose content returns from frames whose content has
/// changed for good.
const NEAR_END_CODES: usize = 8192;

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
    dictionary: LzwDictionary,
    /// For each index, the codes of its repetitions: once, twice, ….
    runs: Vec<Vec<u16>>,
}

impl LzwEncoder {
    pub(super) fn new() -> Self {
        Self {
            out: Vec::new(),
            pending: 0,
            pending_bits: 0,
            min_code_size: 0,
            code_width: 0,
            next_code: 0,
            growing: None,
            dictionary: LzwDictionary::new(),
            runs: (0..=u16::from(u8::MAX)).map(|index| vec![index]).collect(),
        }
    }

    /// Encodes the pixels of one image block: a byte with the minimum code size, followed by the code stream.
    pub(super) fn encode(&mut self, indices: &PackedIndices) -> Vec<u8> {
        self.min_code_size = indices.code_size();
        self.code_width = self.min_code_size + 1;
        self.growing = None;
        self.out.push(self.min_code_size as u8);
        self.reset_dictionary();
        let mut position = indices.advance(Position::default(), 0);
        let (mut run_end, mut code_count) = (0, 0);
        let mut shortest: Option<Vec<u8>> = None;
        while position.at < indices.len() {
            let string = self.longest_match(indices, position, &mut run_end);
            self.push_string(string);
            position = indices.advance(position, string.length);
            code_count += 1;
            if self.next_code == MAX_CODES {
                if is_near_end(indices, position, code_count) {
                    let kept = self.finish_with_full_dictionary(indices, position);
                    shortest = [shortest, kept].into_iter().flatten().min_by_key(Vec::len);
                }
                position = self.write_with_full_dictionary(indices, position, KEPT_CODES);
                code_count += KEPT_CODES;
                if position.at < indices.len() {
                    self.reset_dictionary();
                }
            }
        }
        let cleared = self.finish();
        shortest.filter(|kept| kept.len() < cleared.len()).unwrap_or(cleared)
    }

    /// The block if the full dictionary is kept from `position` to the end; `None` if that takes far more codes than
    /// estimated. The state of the encoder does not change.
    fn finish_with_full_dictionary(
        &mut self,
        indices: &PackedIndices,
        position: Position,
    ) -> Option<Vec<u8>> {
        let (length, pending, pending_bits) = (self.out.len(), self.pending, self.pending_bits);
        let end = self.write_with_full_dictionary(indices, position, 2 * NEAR_END_CODES);
        self.write_code(self.end_code());
        let block = (end.at == indices.len()).then(|| self.block());
        self.out.truncate(length);
        (self.pending, self.pending_bits) = (pending, pending_bits);
        block
    }

    /// Writes up to `max_codes` codes of the strings that are known. Returns the position after them.
    fn write_with_full_dictionary(
        &mut self,
        indices: &PackedIndices,
        mut position: Position,
        max_codes: usize,
    ) -> Position {
        let mut run_end = 0;
        for _ in 0..max_codes {
            if position.at == indices.len() {
                break;
            }
            let string = self.longest_match(indices, position, &mut run_end);
            self.write_code(string.code);
            position = indices.advance(position, string.length);
        }
        position
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
            let (ahead, matched) = if free > 0 {
                let own = indices.free_ahead(position);
                (own.len(), self.extend_over_free(&mut candidates, own))
            } else {
                let own = indices.fixed_ahead(position);
                (own.len(), self.extend_over_fixed(&mut candidates, own))
            };
            length += matched;
            if matched < ahead {
                break;
            }
            position = indices.advance(position, matched);
        }
        let string = candidates.items[0];
        DictionaryString { code: (string >> 8) as u16, length, first: string as u8 }
    }

    /// Extends candidates over fixed pixels for as long as one of them matches. Returns the number of matched pixels.
    fn extend_over_fixed(&self, candidates: &mut Candidates, own: &[u8]) -> usize {
        let mut matched = 0;
        while candidates.count > 1 && matched < own.len() {
            let mut longer = 0;
            for k in 0..candidates.count {
                if let Some(child) = self.child(candidates.items[k], own[matched]) {
                    candidates.items[longer] = child;
                    longer += 1;
                }
            }
            if longer == 0 {
                return matched;
            }
            candidates.count = longer;
            matched += 1;
        }
        // A single candidate and no choice, which is nearly always the case where pixels change.
        let mut string = candidates.items[0];
        let known = |index: &&u8| self.child(string, **index).map(|longer| string = longer).is_some();
        matched += own[matched..].iter().take_while(known).count();
        candidates.items[0] = string;
        matched
    }

    /// Extends candidates over free pixels, each by their index and by clear, for as long as one of them matches. Returns
    /// the number of matched pixels.
    fn extend_over_free(&self, candidates: &mut Candidates, own: &[u8]) -> usize {
        let mut spare = Candidates::default();
        let (mut present, mut longer) = (&mut *candidates, &mut spare);
        let mut matched = 0;
        for &index in own {
            longer.count = 0;
            for &string in &present.items[..present.count] {
                self.child(string, index).into_iter().for_each(|child| longer.add(child));
                if index != Palette::CLEAR {
                    self.child(string, Palette::CLEAR).into_iter().for_each(|child| longer.add(child));
                }
            }
            if longer.count == 0 {
                break;
            }
            // Only the references are exchanged.
            std::mem::swap(&mut present, &mut longer);
            matched += 1;
        }
        if matched % 2 == 1 {
            *candidates = spare;
        }
        matched
    }

    /// Code of a string extended by an index. Both strings are packed as the code and, in the lowest 8 bits, the first
    /// index.
    fn child(&self, string: u32, index: u8) -> Option<u32> {
        let (code, first) = ((string >> 8) as u16, string as u8);
        if let Some(longer) = self.dictionary.extension(code, index) {
            return Some(pack(longer, first));
        }
        // The string that is being added ends in the first index of the next string.
        let grows = |(last, _): &(DictionaryString, u16)| last.code == code && first == index;
        self.growing.filter(grows).map(|(_, next)| pack(next, first))
    }

    /// Writes a string, and adds the string before it, extended by its first index, to the dictionary.
    fn push_string(&mut self, string: DictionaryString) {
        if let Some((last, code)) = self.growing.take() {
            self.dictionary.add_extension(last.code, string.first, code);
            let run = &mut self.runs[usize::from(string.first)];
            if run[run.len() - 1] == last.code {
                run.push(code);
            }
        }
        self.write_code(string.code);
        let code = self.next_code;
        self.next_code += 1;
        if self.next_code < MAX_CODES {
            self.dictionary.add_code(code);
            self.growing = Some((string, code));
            if u32::from(self.next_code) > 1 << self.code_width {
                self.code_width += 1;
            }
        }
    }

    /// Writes the clear code and starts with an empty dictionary.
    fn reset_dictionary(&mut self) {
        let clear = 1 << self.min_code_size;
        self.write_code(clear);
        self.code_width = self.min_code_size + 1;
        self.next_code = clear + 2;
        self.dictionary.clear(clear);
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
        self.write_code(self.end_code());
        let block = self.block();
        self.out.clear();
        (self.pending, self.pending_bits) = (0, 0);
        block
    }

    /// Bytes of all codes so far. The copy has no spare capacity; the buffer is reused for the next block.
    fn block(&self) -> Vec<u8> {
        let rest = self.pending_bits.div_ceil(8) as usize;
        [&self.out, &self.pending.to_le_bytes()[..rest]].concat()
    }

    fn end_code(&self) -> u16 {
        (1 << self.min_code_size) + 1
    }
}

/// Whether at most [`NEAR_END_CODES`] codes are left, if the remaining fixed pixels take as many codes each as those before.
fn is_near_end(indices: &PackedIndices, position: Position, code_count: usize) -> bool {
    let (done, left) = indices.fixed_around(position);
    code_count * left <= NEAR_END_CODES * done
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

#[cfg(test)]
#[path = "lzw/tests.rs"]
mod tests;
