//! What is shown: a canvas of indices or of colours.

use std::ops::Range;

use super::delta::{self, Span};
use crate::geometry::PixelRect;

/// What cells of a canvas hold.
pub(super) trait Shade: Copy + PartialEq {
    /// What they hold before anything is painted.
    const CLEAR: Self;
}

/// A canvas.
pub(super) struct Plane<T> {
    width: usize,
    cells: Vec<T>,
}

impl<T: Shade> Plane<T> {
    /// One that shows nothing.
    pub(super) fn clear((width, height): (u32, u32)) -> Self {
        Self { width: width as usize, cells: vec![T::CLEAR; width as usize * height as usize] }
    }

    pub(super) fn bounds(&self) -> PixelRect {
        PixelRect::of_size(self.width as u32, (self.cells.len() / self.width) as u32)
    }

    /// The span of one row that so many cells from a place on take.
    pub(super) fn span(&self, at: usize, length: usize) -> Span {
        let left = (at % self.width) as i32;
        Span { y: (at / self.width) as i32, left, right: left + length as i32 }
    }

    fn place(&self, span: Span) -> Range<usize> {
        let start = span.y as usize * self.width;
        start + span.left as usize..start + span.right as usize
    }

    pub(super) fn row(&self, span: Span) -> &[T] {
        &self.cells[self.place(span)]
    }

    /// Paints a span; where it differs from what was there is added to `changed`.
    pub(super) fn paint(&mut self, span: Span, shades: &[T], changed: &mut Vec<Span>) {
        let place = self.place(span);
        let row = &mut self.cells[place];
        delta::stretches(row, shades, |from, to| changed.push(span.part(from, to)));
        row.copy_from_slice(shades);
    }
}
