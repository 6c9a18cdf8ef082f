//! A canvas on which the frames of a film are laid, and from which they are taken off again.
//!
//! GIF, APNG and WebP say the same things in different words: a frame covers a rectangle, replaces what lies there or
//! is blended over it, and after its time stays, leaves a hole, or gives back what it covered. The canvas begins
//! clear; background colors that files name are what no viewer shows.

use std::ops::Range;

use super::decode::Delay;
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba, over};

/// What a frame brings.
pub(super) struct FramePatch {
    /// Where it lies, inside the canvas.
    pub(super) rect: PixelRect,
    /// Its pixels, row by row.
    pub(super) pixels: Vec<Rgba>,
    pub(super) blend: Blend,
    pub(super) dispose: Dispose,
    pub(super) delay: Delay,
}

/// How a frame meets what lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blend {
    /// It replaces it.
    Source,
    /// It is seen through where it is clear.
    Over,
}

/// What becomes of a frame after its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dispose {
    /// It stays.
    Keep,
    /// Its rectangle becomes clear.
    Clear,
    /// Its rectangle shows again what it showed before.
    Restore,
}

/// What is shown, and what must happen to it before the next frame.
pub(super) struct Canvas {
    size: (u32, u32),
    image: Raster,
    pending: PendingDisposal,
}

/// A [`Dispose`] whose time comes with the next frame.
enum PendingDisposal {
    Nothing,
    Clear(PixelRect),
    Restore(PixelRect, Vec<Rgba>),
}

impl Canvas {
    /// A canvas of this size. Its pixels are made with the first frame: a file that only says it is large takes no
    /// memory.
    pub(super) fn new(size: (u32, u32)) -> Self {
        Self { size, image: Raster::filled(0, 0, Rgba::CLEAR), pending: PendingDisposal::Nothing }
    }

    /// Width and height.
    pub(super) fn size(&self) -> (u32, u32) {
        self.size
    }

    /// What is shown; empty before the first frame.
    pub(super) fn image(&self) -> &Raster {
        &self.image
    }

    /// Takes the last frame off as it wanted, and lays the next one on.
    pub(super) fn show(&mut self, patch: &FramePatch) {
        if self.image.pixels().is_empty() {
            self.image = Raster::filled(self.size.0, self.size.1, Rgba::CLEAR);
        }
        match std::mem::replace(&mut self.pending, PendingDisposal::Nothing) {
            PendingDisposal::Nothing => {}
            PendingDisposal::Clear(rect) => self.for_each_row(rect, |row, _| row.fill(Rgba::CLEAR)),
            PendingDisposal::Restore(rect, pixels) => {
                self.for_each_row(rect, |row, indices| row.copy_from_slice(&pixels[indices]));
            }
        }
        self.pending = match patch.dispose {
            Dispose::Keep => PendingDisposal::Nothing,
            Dispose::Clear => PendingDisposal::Clear(patch.rect),
            Dispose::Restore => {
                let mut covered = Vec::with_capacity(patch.pixels.len());
                self.for_each_row(patch.rect, |row, _| covered.extend_from_slice(row));
                PendingDisposal::Restore(patch.rect, covered)
            }
        };
        self.for_each_row(patch.rect, |row, indices| {
            for (pixel, &new) in row.iter_mut().zip(&patch.pixels[indices]) {
                *pixel = match patch.blend {
                    Blend::Source => normalize_clear(new),
                    Blend::Over => over(*pixel, new, u8::MAX),
                };
            }
        });
    }

    /// Calls `visit` for each row of a rectangle, and tells which of the rectangle's indices pixels lie there.
    fn for_each_row(&mut self, rect: PixelRect, mut visit: impl FnMut(&mut [Rgba], Range<usize>)) {
        let width = rect.width() as usize;
        for (row, y) in (rect.top..rect.bottom).enumerate() {
            visit(self.image.row_mut(y, rect.left, rect.right), row * width..(row + 1) * width);
        }
    }
}

/// A color that is not seen is no color: whatever a file keeps there, it cannot differ.
fn normalize_clear(pixel: Rgba) -> Rgba {
    if pixel.a == 0 { Rgba::CLEAR } else { pixel }
}

/// The rectangle of a frame, if it holds a pixel and all of it lies on a canvas of this size.
pub(super) fn frame_rect(origin: (u32, u32), size: (u32, u32), canvas: (u32, u32)) -> Option<PixelRect> {
    let right = origin.0.checked_add(size.0).filter(|right| *right <= canvas.0)?;
    let bottom = origin.1.checked_add(size.1).filter(|bottom| *bottom <= canvas.1)?;
    let [left, top, right, bottom] = [origin.0, origin.1, right, bottom].map(|side| side as i32);
    Some(PixelRect { left, top, right, bottom }).filter(|rect| !rect.is_empty())
}
