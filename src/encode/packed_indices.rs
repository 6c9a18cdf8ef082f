//! Pixels of a GIF image block. Fixed pixels must be written with their index; free pixels may also be written as
//! clear.
//!
//! The LZW encoder writes long runs of free pixels as clear without reading them. So their indices are omitted while a
//! frame is queued; only their number is kept, and how many continue the index before them.

use std::ops::Range;

use super::palette::Palette;

/// Minimum length of a run that is encoded on its own; if it is free, as clear and without trying other choices.
/// Strings between long runs then end where a run begins, so they start alike the next time, and films are 3 % smaller.
/// Films are larger with 24, 60 or 90.
pub(super) const LONG_RUN: usize = 40;

/// GIF has no code size below 2 bits.
pub(super) const MIN_CODE_SIZE: u32 = 2;

/// Palette indices with ranges of fixed pixels; all others are free.
pub(super) struct PackedIndices {
    /// Indices of all pixels that are not omitted.
    indices: Vec<u8>,
    /// Ranges of fixed pixels, ascending and disjoint, followed by an empty range at the end of all pixels.
    fixed: Vec<FixedRange>,
    /// Number of bits of the fixed indices. No other index has more.
    code_size: u32,
}

/// A range of fixed pixels.
struct FixedRange {
    start: usize,
    end: usize,
    /// Number of omitted pixels before this range.
    omitted: usize,
    /// Number of leading omitted pixels, since the range before, whose index equals the last of that range.
    omitted_equal: usize,
}

/// A pixel, and the first fixed range that does not end before it.
#[derive(Clone, Copy, Default)]
pub(super) struct Position {
    pub(super) at: usize,
    range: usize,
}

impl PackedIndices {
    /// Indices of which those outside of the ascending, disjoint ranges `fixed` are free. A free pixel whose index takes more
    /// bits than those of all fixed pixels becomes clear, because it would make all codes longer.
    pub(super) fn new(indices: Vec<u8>, fixed: impl IntoIterator<Item = Range<usize>>) -> Self {
        let end = std::iter::once(indices.len()..indices.len());
        let kept = |Range { start, end }| FixedRange { start, end, omitted: 0, omitted_equal: 0 };
        let fixed = fixed.into_iter().chain(end).map(kept).collect();
        let mut packed = Self { fixed, code_size: MIN_CODE_SIZE, indices };
        let bits = packed.fixed().fold(0, |bits, own| bits | all_bits(&packed.indices[own]));
        packed.code_size = (u8::BITS - bits.leading_zeros()).max(MIN_CODE_SIZE);
        if packed.code_size < u8::BITS {
            let (mut indices, too_long) = (std::mem::take(&mut packed.indices), u8::MAX << packed.code_size);
            for free in packed.free() {
                for index in &mut indices[free] {
                    *index = if *index & too_long == 0 { *index } else { Palette::CLEAR };
                }
            }
            packed.indices = indices;
        }
        packed
    }

    /// Omits the indices that the LZW encoder does not read. Returns the memory of all indices, or an empty vector if
    /// none was omitted.
    pub(super) fn pack(&mut self) -> Vec<u8> {
        let (mut omitted, mut end_before) = (0, 0);
        for fixed in &mut self.fixed {
            // The last pixels of a long run may become part of a short one.
            let unread = (fixed.start - end_before).saturating_sub(LONG_RUN - 1);
            let before = self.indices[..end_before].last();
            let run =
                before.map(|&index| leading_equal(&self.indices[end_before..end_before + unread], index));
            omitted += unread;
            (fixed.omitted, fixed.omitted_equal, end_before) = (omitted, run.unwrap_or(0), fixed.end);
        }
        if omitted == 0 {
            return Vec::new();
        }
        let mut indices = Vec::with_capacity(self.indices.len() - omitted);
        let (mut omitted, mut end_before) = (0, 0);
        for fixed in &self.fixed {
            let kept = end_before + fixed.omitted - omitted..fixed.end;
            indices.extend_from_slice(&self.indices[kept]);
            (omitted, end_before) = (fixed.omitted, fixed.end);
        }
        std::mem::replace(&mut self.indices, indices)
    }

    /// Indices of all pixels that are not omitted.
    pub(super) fn stored(&self) -> &[u8] {
        &self.indices
    }

    /// Ranges of fixed pixels.
    pub(super) fn fixed(&self) -> impl Iterator<Item = Range<usize>> {
        self.fixed.iter().map(|fixed| fixed.start..fixed.end).filter(|fixed| !fixed.is_empty())
    }

    /// Number of pixels.
    pub(super) fn len(&self) -> usize {
        self.fixed.last().map_or(0, |last| last.end)
    }

    /// Number of fixed pixels before a position and from it on.
    pub(super) fn fixed_around(&self, position: Position) -> (usize, usize) {
        let count = |ranges: &[FixedRange]| ranges.iter().map(|fixed| fixed.end - fixed.start).sum::<usize>();
        let (before, after) = (count(&self.fixed[..position.range]), count(&self.fixed[position.range..]));
        let part = self.fixed.get(position.range).map_or(0, |fixed| position.at.saturating_sub(fixed.start));
        (before + part, after - part)
    }

    /// Ranges of free pixels.
    pub(super) fn free(&self) -> impl Iterator<Item = Range<usize>> {
        let ends = std::iter::once(0).chain(self.fixed.iter().map(|fixed| fixed.end));
        ends.zip(&self.fixed).map(|(end, fixed)| end..fixed.start).filter(|free| !free.is_empty())
    }

    /// The pixels of a range. None may be omitted.
    pub(super) fn slice(&self, range: Range<usize>) -> Self {
        let inside = |own: Range<usize>| {
            let (start, end) = (own.start.max(range.start), own.end.min(range.end));
            (start < end).then(|| start - range.start..end - range.start)
        };
        Self::new(self.indices[range.clone()].to_vec(), self.fixed().filter_map(inside))
    }

    /// Makes the free pixels of some ranges clear, and fixes all others. The ranges must be ascending and free as a whole,
    /// and no index may be omitted.
    pub(super) fn clear_only(&mut self, clear: impl IntoIterator<Item = Range<usize>>) {
        let mut indices = std::mem::take(&mut self.indices);
        let (mut fixed, mut fixed_from) = (Vec::new(), 0);
        for range in clear {
            fixed.push(fixed_from..range.start);
            fixed_from = range.end;
            indices[range].fill(Palette::CLEAR);
        }
        fixed.push(fixed_from..indices.len());
        *self = Self::new(indices, fixed.into_iter().filter(|own| !own.is_empty()));
    }

    /// Number of bits of an index, at least 2.
    pub(super) fn code_size(&self) -> u32 {
        self.code_size
    }

    /// Position `by` pixels further on.
    pub(super) fn advance(&self, position: Position, by: usize) -> Position {
        let Position { at, mut range } = Position { at: position.at + by, ..position };
        while self.fixed.get(range).is_some_and(|fixed| fixed.end <= at) {
            range += 1;
        }
        Position { at, range }
    }

    /// Number of free pixels from a position on.
    pub(super) fn free_len(&self, position: Position) -> usize {
        self.fixed[position.range].start.saturating_sub(position.at)
    }

    /// Index of a pixel, which must be fixed or near a fixed pixel.
    pub(super) fn index(&self, position: Position) -> u8 {
        self.indices[position.at - self.fixed[position.range].omitted]
    }

    /// Indices from a position to the end of the next fixed range. None of them may be omitted.
    pub(super) fn fixed_ahead(&self, position: Position) -> &[u8] {
        let fixed = &self.fixed[position.range];
        &self.indices[position.at - fixed.omitted..fixed.end - fixed.omitted]
    }

    /// Indices from a free pixel to the next fixed range. None of them may be omitted.
    pub(super) fn free_ahead(&self, position: Position) -> &[u8] {
        let fixed = &self.fixed[position.range];
        &self.indices[position.at - fixed.omitted..fixed.start - fixed.omitted]
    }

    /// End of the run of pixels with the index at a position.
    #[inline]
    pub(super) fn run_end(&self, position: Position) -> usize {
        match self.fixed_ahead(position) {
            // Most runs are a single pixel.
            [index, next, ..] if index != next => position.at + 1,
            _ => self.long_run_end(position),
        }
    }

    /// [`Self::run_end`] of a run that may be long.
    fn long_run_end(&self, mut position: Position) -> usize {
        let index = self.index(position);
        loop {
            let ahead = self.fixed_ahead(position);
            let same = leading_equal(ahead, index);
            position.at += same;
            let omitted = self.fixed[position.range].omitted;
            match self.fixed.get(position.range + 1) {
                Some(next) if same == ahead.len() => {
                    position = Position { at: position.at + next.omitted_equal, range: position.range + 1 };
                    if next.omitted_equal < next.omitted - omitted {
                        return position.at;
                    }
                }
                _ => return position.at,
            }
        }
    }
}

/// The bits that are set in any index.
fn all_bits(indices: &[u8]) -> u8 {
    indices.iter().fold(0, |bits, index| bits | index)
}

/// Number of leading values equal to `index`.
fn leading_equal(indices: &[u8], index: u8) -> usize {
    const BLOCK: usize = 16;
    // Most runs are short.
    if let Some(end) = indices.iter().take(BLOCK / 4).position(|&own| own != index) {
        return end;
    }
    // Whole blocks are compared at once.
    let blocks = indices.chunks_exact(BLOCK).take_while(|block| *block == [index; BLOCK]).count() * BLOCK;
    blocks + indices[blocks..].iter().take_while(|&&own| own == index).count()
}
