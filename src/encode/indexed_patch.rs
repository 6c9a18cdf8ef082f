//! What one frame of a GIF holds: a patch of the canvas, in indices of the palette.

use super::Palette;
use super::canvas::{Canvas, CanvasPixel, ONE_PIXEL};
use super::delta::{self, Span};
use super::packed_indices::PackedIndices;
use crate::geometry::PixelRect;

impl CanvasPixel for u8 {
    const CLEAR: Self = Palette::CLEAR;
}

/// What one frame of the file holds: indices, of which only some are not as they were.
pub(super) struct Patch {
    pub(super) rect: PixelRect,
    /// Those that change are not free.
    pub(super) cells: PackedIndices,
}

impl Patch {
    /// What changes nothing.
    pub(super) fn nothing() -> Self {
        Self { rect: ONE_PIXEL, cells: PackedIndices::new(vec![Palette::CLEAR], []) }
    }

    /// What a rectangle of a canvas shows, all of it as before but what lies in the spans of `fixed`, which are in order. Its
    /// cells replace what is in `memory`.
    pub(super) fn of(canvas: &Canvas<u8>, rect: PixelRect, fixed: &[Span], mut memory: Vec<u8>) -> Self {
        memory.clear();
        memory.reserve(rect.width() as usize * rect.height() as usize);
        for row in delta::rows(&[rect], rect) {
            memory.extend_from_slice(canvas.row(row));
        }
        Self { rect, cells: PackedIndices::new(memory, fixed.iter().map(|span| span.place(rect))) }
    }

    /// Widens the rectangle so that it also covers `place`. All cells must still be there.
    pub(super) fn widen(&mut self, place: PixelRect) {
        let rect = self.rect.union(&place);
        if rect == self.rect {
            return;
        }
        let width = rect.width() as usize;
        let column = (self.rect.left - rect.left) as usize;
        let below = (self.rect.top - rect.top) as usize;
        let inner = self.rect.width() as usize;
        let moved = |cell: usize| (below + cell / inner) * width + column + cell % inner;
        let mut cells = vec![Palette::CLEAR; width * rect.height() as usize];
        for (row, own) in self.cells.indices().chunks_exact(inner).enumerate() {
            let start = moved(row * inner);
            cells[start..start + inner].copy_from_slice(own);
        }
        let fixed = self.cells.fixed().map(|own| moved(own.start)..moved(own.start) + own.len());
        *self = Self { rect, cells: PackedIndices::new(cells, fixed) };
    }

    /// Whether any cell is clear, or may be written so.
    pub(super) fn is_clear_anywhere(&self) -> bool {
        let fixed: usize = self.cells.fixed().map(|own| own.len()).sum();
        fixed < self.cells.len() || self.cells.indices().contains(&Palette::CLEAR)
    }
}
