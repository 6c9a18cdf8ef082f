//! GIF's LZW, greedy as ever, but quick in runs.
//!
//! Most of what a frame holds are runs of one index: the unchanged pixels. A run of n walks down the
//! dictionary strings s, ss, sss, …, which are known beforehand: if s repeated k times is in the
//! dictionary, so are all shorter repetitions. Their codes are kept in one list per index, and a run is
//! coded in about √(2n) steps instead of n. The output is that of the plain coder.

/// Codes have at most twelve bits.
const MOST_CODES: u16 = 4096;

/// Slots of the hash table, four for each code at most.
const SLOTS: usize = 1 << 14;

/// The minimal code size byte and the code stream of these indices, as one image block wants them.
pub(super) fn encode(indices: &[u8]) -> Vec<u8> {
    let highest = indices.iter().copied().max().unwrap_or(0);
    // GIF has no code size below 2.
    let bits = (u8::BITS - highest.leading_zeros()).max(2);
    let mut coder = Coder::new(bits, indices.len() / 8);
    coder.clear();
    let mut at = 0;
    let mut run_end = 0;
    while at < indices.len() {
        if run_end <= at {
            run_end = at + indices[at..].iter().take_while(|&&index| index == indices[at]).count();
        }
        at += coder.step(&indices[at..], run_end - at);
    }
    coder.finish()
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
        Self { out, pending: 0, pending_bits: 0, bits, width: bits + 1, next: 0, table: vec![0; SLOTS], runs }
    }

    /// Codes the longest known string that `indices` begin with, `run` equal ones first; returns its
    /// length.
    fn step(&mut self, indices: &[u8], run: usize) -> usize {
        let repeated = &self.runs[usize::from(indices[0])];
        let mut length = run.min(repeated.len());
        let mut code = repeated[length - 1];
        if length < run {
            self.emit(code);
            self.runs[usize::from(indices[0])].push(self.next);
            self.count();
            return length;
        }
        while let Some(&index) = indices.get(length) {
            let slot = self.find(code, index);
            if self.table[slot] == 0 {
                self.emit(code);
                self.table[slot] = key(code, index) << 12 | u32::from(self.next);
                self.count();
                return length;
            }
            code = (self.table[slot] & 0xFFF) as u16;
            length += 1;
        }
        self.emit(code);
        // The decoder, which knows a string one code later, now widens its codes just as if it had been
        // added here.
        self.count();
        length
    }

    /// The slot that holds the string, or the free one where it belongs. Runs are not in the table.
    fn find(&self, code: u16, index: u8) -> usize {
        let key = key(code, index);
        let mut slot = (key.wrapping_mul(0x9E37_79B1) >> (u32::BITS - SLOTS.trailing_zeros())) as usize;
        while self.table[slot] != 0 && self.table[slot] >> 12 != key {
            slot = (slot + 1) % SLOTS;
        }
        slot
    }

    /// A string was added: widens the codes, or begins anew when twelve bits are used up.
    ///
    /// Keeping a full dictionary for as long as it codes well was tried: where rows of runs and dense
    /// rows take turns, files grew by up to a third.
    fn count(&mut self) {
        self.next += 1;
        if self.next == MOST_CODES {
            self.clear();
        } else if u32::from(self.next) > 1 << self.width {
            self.width += 1;
        }
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

fn key(code: u16, index: u8) -> u32 {
    u32::from(code) << 8 | u32::from(index)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::io::Cursor;

    /// What a decoder makes of our code stream.
    fn decoded(indices: &[u8]) -> Vec<u8> {
        let width = indices.len() as u16;
        let mut file = gif::Encoder::new(Vec::new(), width, 1, &[0; 768]).expect("a small file");
        let buffer = super::encode(indices).into();
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
            assert_eq!(decoded(&vec![3; length]), vec![3; length], "{length} equal indices");
        }
    }

    #[test]
    fn noise_comes_back_at_every_code_size_and_around_every_widening() {
        let state = &mut 1;
        for colours in [1, 2, 3, 4, 5, 16, 17, 128, 129, 256] {
            for length in (1..600).step_by(7).chain(3_700..3_860).chain([60_000]) {
                let indices: Vec<u8> = (0..length).map(|_| (noise(state) % colours) as u8).collect();
                assert!(decoded(&indices) == indices, "{length} indices of {colours}");
            }
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
            assert!(decoded(&indices) == indices, "runs of up to {longest}");
            assert!(super::encode(&indices) == plainly_encoded(&indices, 4), "runs of up to {longest}");
        }
    }
}
