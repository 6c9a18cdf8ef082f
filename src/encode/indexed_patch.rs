//! Changed rectangle of one GIF frame, as palette indices.

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
        let fixed = self.indices.fixed().map(|own| new_index(own.start)..new_index(own.start) + own.len());
        *self = Self { rect, indices: PackedIndices::new(indices, fixed) };
    }

    /// Whether any pixel is clear or may be written as clear.
    pub(super) fn may_contain_clear(&self) -> bool {
        let fixed: usize = self.indices.fixed().map(|own| own.len()).sum();
        fixed < self.indices.len() || self.indices.stored().contains(&Palette::CLEAR)
    }
}
