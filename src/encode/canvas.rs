//! What is shown: a canvas of indices or of colors.

use super::delta::{self, Span};
use crate::geometry::PixelRect;

/// What cells of a canvas hold.
pub(super) trait CanvasPixel: Copy + PartialEq {
    /// What they hold before anything is painted.
    const CLEAR: Self;
}

/// The least that a frame can cover.
pub(super) const ONE_PIXEL: PixelRect = PixelRect::from_size(1, 1);

/// A canvas.
pub(super) struct Canvas<T> {
    bounds: PixelRect,
    cells: Vec<T>,
}

impl<T: CanvasPixel> Canvas<T> {
    /// One that shows nothing.
    pub(super) fn clear((width, height): (u32, u32)) -> Self {
        let cells = vec![T::CLEAR; width as usize * height as usize];
        Self { bounds: PixelRect::from_size(width, height), cells }
    }

    pub(super) fn bounds(&self) -> PixelRect {
        self.bounds
    }

    pub(super) fn row(&self, span: Span) -> &[T] {
        &self.cells[span.place(self.bounds)]
    }

    /// Paints a span; where it differs from what was there is added to `changed`.
    pub(super) fn paint(&mut self, span: Span, shades: &[T], changed: &mut Vec<Span>) {
        let row = &mut self.cells[span.place(self.bounds)];
        delta::stretches(row, shades, |from, to| changed.push(span.part(from, to)));
        row.copy_from_slice(shades);
    }
}
