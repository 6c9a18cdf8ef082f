//! How the pixels are written that a GIF frame leaves unchanged: as clear or with their own index.
//!
//! Which way is smaller depends on the film: where much of the picture changes, strings of clear and changed pixels return
//! too seldom. So parts of some frames are encoded in every way, and the frames that follow are written in the best. This is
//! done while frames are in order, so the choice does not depend on threads.

use super::lzw::LzwEncoder;
use super::packed_indices::PackedIndices;
use super::palette::Palette;

/// Number of changed pixels from which a frame is dense. Smaller frames are smallest, or nearly so, if they prefer indices.
const DENSE: usize = 20_000;

/// Number of dense frames for which a choice is kept.
const FRAMES_PER_CHOICE: usize = 16;

/// How free pixels are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FreePixels {
    /// As clear or with their index, whichever makes a string longer; with their index if both do.
    OwnFirst,
    /// Likewise, but as clear if both do.
    ClearFirst,
    /// With their index.
    Fixed,
}

impl FreePixels {
    const ALL: [Self; 3] = [Self::OwnFirst, Self::ClearFirst, Self::Fixed];

    /// Values that may be written for a free pixel with this index, the preferred one first.
    #[inline]
    pub(super) fn choices(self, index: u8) -> impl Iterator<Item = u8> {
        let (first, second) = match self {
            Self::OwnFirst => (index, Palette::CLEAR),
            Self::ClearFirst => (Palette::CLEAR, index),
            Self::Fixed => (index, index),
        };
        std::iter::once(first).chain((second != first).then_some(second))
    }
}

/// Chooses how the free pixels of frames are written.
pub(super) struct FreePixelChooser {
    lzw: LzwEncoder,
    choice: FreePixels,
    /// Number of dense frames for which the choice is still kept.
    frames_left: usize,
}

impl FreePixelChooser {
    pub(super) fn new() -> Self {
        Self { lzw: LzwEncoder::new(), choice: FreePixels::OwnFirst, frames_left: 0 }
    }

    /// Chooses for the next frame. No index may be omitted yet.
    pub(super) fn choose(&mut self, indices: &PackedIndices) -> FreePixels {
        let changed: usize = indices.fixed().map(|own| own.len()).sum();
        if changed < DENSE || changed == indices.len() {
            return FreePixels::OwnFirst;
        }
        if self.frames_left == 0 {
            self.frames_left = FRAMES_PER_CHOICE;
            self.choice = self.smallest(indices);
        }
        self.frames_left -= 1;
        self.choice
    }

    /// The way in which the middle half of a frame is smallest.
    fn smallest(&mut self, indices: &PackedIndices) -> FreePixels {
        let mut part = indices.slice(indices.len() / 4..indices.len() * 3 / 4);
        let mut size = |free_pixels: FreePixels| {
            if free_pixels == FreePixels::Fixed {
                part.fix_all();
            }
            self.lzw.encode(&part, free_pixels).len()
        };
        let sizes = FreePixels::ALL.map(|free_pixels| (size(free_pixels), free_pixels));
        sizes.into_iter().min_by_key(|(size, _)| *size).map_or(FreePixels::OwnFirst, |(_, best)| best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_frames_without_returning_strings_are_written_without_choice() {
        // Every other pixel of noise in few colors changes.
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(0x915F_77F5).wrapping_add(12_345);
            1 + (state >> 16) as u8 % 3
        };
        let indices: Vec<u8> = (0..4 * DENSE).map(|_| noise()).collect();
        let sparse = PackedIndices::new(indices.clone(), (0..DENSE / 2).map(|k| 4 * k..4 * k + 1));
        let dense = PackedIndices::new(indices.clone(), (0..2 * DENSE).map(|k| 2 * k..2 * k + 1));
        let mut chooser = FreePixelChooser::new();
        assert_eq!(chooser.choose(&sparse), FreePixels::OwnFirst);
        let choice = chooser.choose(&dense);
        let size = |free_pixels| {
            let mut indices = PackedIndices::new(indices.clone(), (0..2 * DENSE).map(|k| 2 * k..2 * k + 1));
            if free_pixels == FreePixels::Fixed {
                indices.fix_all();
            }
            LzwEncoder::new().encode(&indices, free_pixels).len()
        };
        assert_eq!(FreePixels::ALL.into_iter().min_by_key(|choice| size(*choice)), Some(choice));
        let one_color = PackedIndices::new(vec![1; 4 * DENSE], (0..2 * DENSE).map(|k| 2 * k..2 * k + 1));
        for _ in 1..FRAMES_PER_CHOICE {
            assert_eq!(chooser.choose(&one_color), choice, "the choice is kept");
        }
    }
}
