//! Changed rectangle of one GIF frame, as palette indices.

use std::ops::Range;

use super::Palette;
use super::canvas::{Canvas, CanvasPixel, ONE_PIXEL};
use super::delta::{self, Span};
use super::packed_indices::PackedIndices;
use crate::geometry::PixelRect;

impl CanvasPixel for u8 {
    const CLEAR: Self = Palette::CLEAR;
}

/// A rectangle of palette indices. Only some of them differ from the frame before.
pub(super) struct IndexedPatch {
    pub(super) rect: PixelRect,
    /// Indices of all pixels; changed pixels are fixed and unchanged pixels are free.
    pub(super) indices: PackedIndices,
}

impl IndexedPatch {
    /// A patch of a single pixel that changes nothing.
    pub(super) fn unchanged() -> Self {
        Self { rect: ONE_PIXEL, indices: PackedIndices::new(vec![Palette::CLEAR], []) }
    }

    /// A patch of a rectangle of the canvas. The spans of `fixed`, in order, are changed pixels; all others are free.
    /// Reuses the memory of `buffer`.
    pub(super) fn changed(canvas: &Canvas<u8>, rect: PixelRect, fixed: &[Span], mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        buffer.reserve(rect.width() as usize * rect.height() as usize);
        for row in delta::row_spans(&[rect], rect) {
            buffer.extend_from_slice(canvas.row(row));
        }
        Self { rect, indices: PackedIndices::new(buffer, fixed.iter().map(|span| span.index_range(rect))) }
    }

    /// Widens the rectangle to include `area`. The indices must not be packed yet.
    pub(super) fn widen(&mut self, area: PixelRect) {
        let rect = self.rect.union(&area);
        if rect == self.rect {
            return;
        }
        let width = rect.width() as usize;
        let column = (self.rect.left - rect.left) as usize;
        let below = (self.rect.top - rect.top) as usize;
        let inner = self.rect.width() as usize;
        let new_index = |index: usize| (below + index / inner) * width + column + index % inner;
        let mut indices = vec![Palette::CLEAR; width * rect.height() as usize];
        for (row, own) in self.indices.stored().chunks_exact(inner).enumerate() {
            let start = new_index(row * inner);
            indices[start..start + inner].copy_from_slice(own);
        }
        let rows = self.indices.fixed().flat_map(|own| split_at_multiples(own, inner));
        let fixed = rows.map(|own| new_index(own.start)..new_index(own.start) + own.len());
        *self = Self { rect, indices: PackedIndices::new(indices, fixed) };
    }

    /// Whether any pixel is clear or may be written as clear.
    pub(super) fn may_contain_clear(&self) -> bool {
        let fixed: usize = self.indices.fixed().map(|own| own.len()).sum();
        fixed < self.indices.len() || self.indices.stored().contains(&Palette::CLEAR)
    }
}

/// Parts of a range between multiples of `step`.
fn split_at_multiples(range: Range<usize>, step: usize) -> impl Iterator<Item = Range<usize>> {
    let steps = range.start / step..range.end.div_ceil(step);
    steps.map(move |k| range.start.max(k * step)..range.end.min((k + 1) * step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_widened_patch_keeps_its_pixels_and_what_is_fixed() {
        let rect = PixelRect { left: 5, top: 5, right: 12, bottom: 9 };
        let area = PixelRect { left: 2, top: 4, right: 9, bottom: 12 };
        let at = |x: i32, y: i32| (y * 20 + x) as u8;
        let own: Vec<u8> = (5..9).flat_map(|y| (5..12).map(move |x| at(x, y))).collect();
        // Ranges inside of a row, up to the end of a row, and over several rows.
        for fixed in [&[(1, 3)][..], &[(3, 7), (8, 9)], &[(5, 23)], &[(0, 28)]] {
            let ranges = || fixed.iter().map(|(start, end)| *start..*end);
            let is_fixed = |index: usize| ranges().any(|range| range.contains(&index));
            let indices = PackedIndices::new(own.clone(), ranges());
            let mut patch = IndexedPatch { rect, indices };
            patch.widen(area);
            assert_eq!(patch.rect, rect.union(&area));
            let places = (4..12).flat_map(|y| (2..12).map(move |x| (x, y)));
            for (index, (x, y)) in places.enumerate() {
                let inside = (5..12).contains(&x) && (5..9).contains(&y);
                let found = patch.indices.fixed().any(|range| range.contains(&index));
                // Free pixels whose index takes more bits than those of fixed pixels are clear.
                let is_kept = inside && (found || u32::from(at(x, y)) >> patch.indices.code_size() == 0);
                let expected = if is_kept { at(x, y) } else { Palette::CLEAR };
                assert_eq!(patch.indices.stored()[index], expected, "({x}, {y})");
                assert_eq!(
                    found,
                    inside && is_fixed(((y - 5) * 7 + x - 5) as usize),
                    "({x}, {y}), {fixed:?}"
                );
            }
        }
    }
}
