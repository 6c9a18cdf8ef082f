//! What a GIF shows, as indices of its palette: the canvas, and the patch of it that one frame holds.

use std::ops::Range;

use super::Palette;
use super::delta::Span;
use crate::geometry::PixelRect;

/// What one frame of the file holds: indices, of which only some are not as they were.
pub(super) struct Patch {
    pub(super) rect: PixelRect,
    pub(super) cells: Vec<u8>,
    /// Where the cells that change lie, in order.
    pub(super) fixed: Vec<Range<usize>>,
}

/// A canvas of indices.
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) cells: Vec<u8>,
}

/// The least that a frame can cover.
pub(super) const ONE_PIXEL: PixelRect = PixelRect::of_size(1, 1);

impl Patch {
    /// What a rectangle of a canvas shows, all of it as before but what lies in the spans of `fixed`.
    pub(super) fn of(canvas: &Plane, rect: PixelRect, fixed: &[Span]) -> Self {
        let width = rect.width() as usize;
        let mut cells = Vec::with_capacity(width * rect.height() as usize);
        for y in rect.top..rect.bottom {
            cells.extend_from_slice(canvas.row(Span { y, left: rect.left, right: rect.right }));
        }
        let place = |span: &Span| {
            let row = (span.y - rect.top) as usize * width;
            row + (span.left - rect.left) as usize..row + (span.right - rect.left) as usize
        };
        Self { rect, cells, fixed: fixed.iter().map(place).collect() }
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

impl Plane {
    pub(super) fn clear((width, height): (u32, u32)) -> Self {
        Self { width: width as usize, cells: vec![Palette::CLEAR; width as usize * height as usize] }
    }

    pub(super) fn bounds(&self) -> PixelRect {
        PixelRect::of_size(self.width as u32, (self.cells.len() / self.width) as u32)
    }

    fn place(&self, span: Span) -> Range<usize> {
        let start = span.y as usize * self.width;
        start + span.left as usize..start + span.right as usize
    }

    pub(super) fn row(&self, span: Span) -> &[u8] {
        &self.cells[self.place(span)]
    }

    pub(super) fn row_mut(&mut self, span: Span) -> &mut [u8] {
        let place = self.place(span);
        &mut self.cells[place]
    }
}
