//! What one frame of a GIF holds: a patch of the canvas, in indices of the palette.

use std::ops::Range;

use super::Palette;
use super::delta::{self, Span};
use super::plane::{Plane, Shade};
use crate::geometry::PixelRect;

impl Shade for u8 {
    const CLEAR: Self = Palette::CLEAR;
}

/// What one frame of the file holds: indices, of which only some are not as they were.
pub(super) struct Patch {
    pub(super) rect: PixelRect,
    pub(super) cells: Vec<u8>,
    /// Where the cells that change lie, in order.
    pub(super) fixed: Vec<Range<usize>>,
}

impl Patch {
    /// What a rectangle of a canvas shows, all of it as before but what lies in the spans of `fixed`.
    pub(super) fn of(canvas: &Plane<u8>, rect: PixelRect, fixed: &[Span]) -> Self {
        let mut cells = Vec::with_capacity(rect.width() as usize * rect.height() as usize);
        for row in delta::rows(&[rect], rect) {
            cells.extend_from_slice(canvas.row(row));
        }
        Self { rect, cells, fixed: fixed.iter().map(|span| span.place(rect)).collect() }
    }

    /// Widens the rectangle so that it also covers `place`.
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
        for (row, own) in self.cells.chunks_exact(inner).enumerate() {
            let start = moved(row * inner);
            cells[start..start + inner].copy_from_slice(own);
        }
        let fixed = self.fixed.iter().map(|own| moved(own.start)..moved(own.start) + own.len());
        *self = Self { rect, cells, fixed: fixed.collect() };
    }

    /// Whether any cell is clear, or may be written so.
    pub(super) fn is_clear_anywhere(&self) -> bool {
        let fixed: usize = self.fixed.iter().map(Range::len).sum();
        fixed < self.cells.len() || self.cells.contains(&Palette::CLEAR)
    }
}
