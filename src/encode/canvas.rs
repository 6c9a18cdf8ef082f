//! Canvas of an encoder: the current frame, as palette indices or colors.

use super::delta::{self, Span};
use crate::geometry::PixelRect;

/// A pixel of a canvas.
pub(super) trait CanvasPixel: Copy + PartialEq {
    /// Value of a pixel before the first frame.
    const CLEAR: Self;
}

/// Smallest rectangle of a frame, for frames that change nothing.
pub(super) const ONE_PIXEL: PixelRect = PixelRect::from_size(1, 1);

/// The current frame, row by row.
pub(super) struct Canvas<T> {
    bounds: PixelRect,
    pixels: Vec<T>,
}

impl<T: CanvasPixel> Canvas<T> {
    /// A canvas of (width, height) pixels, all of them clear.
    pub(super) fn new((width, height): (u32, u32)) -> Self {
        let pixels = vec![T::CLEAR; width as usize * height as usize];
        Self { bounds: PixelRect::from_size(width, height), pixels }
    }

    pub(super) fn bounds(&self) -> PixelRect {
        self.bounds
    }

    pub(super) fn row(&self, span: Span) -> &[T] {
        &self.pixels[span.index_range(self.bounds)]
    }

    /// Replaces the pixels of a span, and appends the parts that differ to `changed`.
    pub(super) fn paint(&mut self, span: Span, new: &[T], changed: &mut Vec<Span>) {
        let row = &mut self.pixels[span.index_range(self.bounds)];
        delta::for_each_difference(row, new, |from, to| changed.push(span.subspan(from, to)));
        row.copy_from_slice(new);
    }
}
