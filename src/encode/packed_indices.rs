//! The pixels of a GIF's image block, some of which are free: may be written as clear or as the color they have.
//!
//! The coder writes long runs of free pixels as clear without looking at them. So those need not be kept while a frame waits
//! to be coded, but for where they end and for how far they go on as the pixel before them does.

use std::ops::Range;

/// A run as long as this is coded by itself: a free one as clear, without looking at other choices. Strings
/// of what lies between such runs end where one begins, and so begin alike the next time; films are 3 %
/// smaller for it. With 24, 60 or 90 instead they are larger.
pub(super) const LONG_RUN: usize = 40;

/// Pixels, in order.
pub(super) struct PackedIndices {
    /// Their indices, but for those that are left out.
    indices: Vec<u8>,
    /// What is not free, ascending and disjoint; and behind all pixels one that is empty.
    fixed: Vec<Fixed>,
    highest: u8,
}

/// Pixels that must be written as they are.
struct Fixed {
    start: usize,
    end: usize,
    /// How many of the pixels before them are left out.
    left_out: usize,
    /// How many of those that are left out behind the fixed pixels before have the index of the last of these.
    alike: usize,
}

/// A place in the pixels, and the first fixed ones that do not end before it.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) at: usize,
    range: usize,
}

impl PackedIndices {
    /// All of them; those outside of `fixed`, whose ranges ascend and are disjoint, are free.
    pub(super) fn new(indices: Vec<u8>, fixed: impl IntoIterator<Item = Range<usize>>) -> Self {
        let end = std::iter::once(indices.len()..indices.len());
        let kept = |Range { start, end }| Fixed { start, end, left_out: 0, alike: 0 };
        let highest = indices.iter().copied().fold(0, u8::max);
        Self { fixed: fixed.into_iter().chain(end).map(kept).collect(), highest, indices }
    }

    /// Leaves out what need not be looked at. Returns the memory in which all of them were, or none if all are still there.
    pub(super) fn pack(&mut self) -> Vec<u8> {
        let (mut left_out, mut behind) = (0, 0);
        for fixed in &mut self.fixed {
            // The end of a long run may become a short one.
            let unseen = (fixed.start - behind).saturating_sub(LONG_RUN - 1);
            let before = self.indices[..behind].last();
            let run = before.map(|&index| leading(&self.indices[behind..behind + unseen], index));
            left_out += unseen;
            (fixed.left_out, fixed.alike, behind) = (left_out, run.unwrap_or(0), fixed.end);
        }
        if left_out == 0 {
            return Vec::new();
        }
        let mut indices = Vec::with_capacity(self.indices.len() - left_out);
        let (mut left_out, mut behind) = (0, 0);
        for fixed in &self.fixed {
            let seen = behind + fixed.left_out - left_out..fixed.end;
            indices.extend_from_slice(&self.indices[seen]);
            (left_out, behind) = (fixed.left_out, fixed.end);
        }
        std::mem::replace(&mut self.indices, indices)
    }

    /// The indices of those that are not left out.
    pub(super) fn indices(&self) -> &[u8] {
        &self.indices
    }

    /// Those that are not free.
    pub(super) fn fixed(&self) -> impl Iterator<Item = Range<usize>> {
        self.fixed.iter().map(|fixed| fixed.start..fixed.end).filter(|fixed| !fixed.is_empty())
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.fixed.last().map_or(0, |last| last.end)
    }

    /// The highest index.
    pub(super) fn highest(&self) -> u8 {
        self.highest
    }

    /// The place so many pixels further on.
    pub(super) fn advance(&self, place: Place, by: usize) -> Place {
        let Place { at, mut range } = Place { at: place.at + by, ..place };
        while self.fixed.get(range).is_some_and(|fixed| fixed.end <= at) {
            range += 1;
        }
        Place { at, range }
    }

    /// How many pixels from here on are free.
    pub(super) fn free(&self, place: Place) -> usize {
        self.fixed[place.range].start.saturating_sub(place.at)
    }

    /// The index of the pixel here, which is fixed or near to one that is.
    pub(super) fn index(&self, place: Place) -> u8 {
        self.indices[place.at - self.fixed[place.range].left_out]
    }

    /// The indices from here on to the end of the fixed pixels, as far as none is left out.
    pub(super) fn ahead(&self, place: Place) -> &[u8] {
        let fixed = &self.fixed[place.range];
        &self.indices[place.at - fixed.left_out..fixed.end - fixed.left_out]
    }

    /// Where the pixels that have the index of the one here end.
    pub(super) fn same_end(&self, mut place: Place) -> usize {
        let index = self.index(place);
        loop {
            let ahead = self.ahead(place);
            let same = leading(ahead, index);
            place.at += same;
            let left_out = self.fixed[place.range].left_out;
            match self.fixed.get(place.range + 1) {
                Some(next) if same == ahead.len() => {
                    place = Place { at: place.at + next.alike, range: place.range + 1 };
                    if next.alike < next.left_out - left_out {
                        return place.at;
                    }
                }
                _ => return place.at,
            }
        }
    }
}

/// How many of the first cells have an index.
fn leading(cells: &[u8], index: u8) -> usize {
    const BLOCK: usize = 16;
    // Whole blocks are compared at once.
    let blocks = cells.chunks_exact(BLOCK).take_while(|block| *block == [index; BLOCK]).count() * BLOCK;
    blocks + cells[blocks..].iter().take_while(|&&own| own == index).count()
}
