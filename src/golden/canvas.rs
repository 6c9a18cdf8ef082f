//! The canvas of an animation, on which frames are composited and disposed of.
//!
//! GIF, APNG and WebP share one model. A frame covers a rectangle; it replaces the pixels there or is blended
//! over them. When its time is over, the frame stays, its rectangle is cleared, or the former pixels are
//! restored. The canvas starts clear: viewers ignore the background color that a file may name.

use std::ops::Range;

use super::decode::Delay;
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba, over};

/// A decoded frame, not yet composited.
pub(super) struct FramePatch {
    /// The position of the frame, inside the canvas.
    pub(super) rect: PixelRect,
    /// The pixels of the frame, row by row from the top.
    pub(super) pixels: Vec<Rgba>,
    pub(super) blend: Blend,
    pub(super) dispose: Dispose,
    pub(super) delay: Delay,
}

/// How a frame is combined with the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blend {
    /// The frame replaces the canvas, clear pixels included.
    Source,
    /// The frame is composited over the canvas.
    Over,
}

/// How a frame is removed before the next one is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dispose {
    /// The frame stays.
    Keep,
    /// The rectangle of the frame is cleared.
    Clear,
    /// The rectangle of the frame gets its former pixels back.
    Restore,
}

/// The composited image, and how to remove the current frame from it.
pub(super) struct Canvas {
    size: (u32, u32),
    image: Raster,
    pending: PendingDisposal,
}

/// A [`Dispose`] that is carried out before the next frame, with the pixels to restore.
enum PendingDisposal {
    Nothing,
    Clear(PixelRect),
    Restore(PixelRect, Vec<Rgba>),
}

impl Canvas {
    /// Creates a canvas of this width and height. Its pixels are allocated with the first frame, so that a
    /// file that merely claims a large size takes no memory.
    pub(super) fn new(size: (u32, u32)) -> Self {
        Self { size, image: Raster::filled(0, 0, Rgba::CLEAR), pending: PendingDisposal::Nothing }
    }

    /// Width and height, in pixels.
    pub(super) fn size(&self) -> (u32, u32) {
        self.size
    }

    /// The composited image; empty before the first frame.
    pub(super) fn image(&self) -> &Raster {
        &self.image
    }

    /// Disposes of the current frame and composites the next one.
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

    /// Calls `visit` for each row of a rectangle, with the pixels of the canvas and the range of the indices
    /// that they have within the rectangle.
    fn for_each_row(&mut self, rect: PixelRect, mut visit: impl FnMut(&mut [Rgba], Range<usize>)) {
        let width = rect.width() as usize;
        for (row, y) in (rect.top..rect.bottom).enumerate() {
            visit(self.image.row_mut(y, rect.left, rect.right), row * width..(row + 1) * width);
        }
    }
}

/// Replaces every fully transparent pixel by [`Rgba::CLEAR`], so that invisible colors never count as a
/// difference.
fn normalize_clear(pixel: Rgba) -> Rgba {
    if pixel.a == 0 { Rgba::CLEAR } else { pixel }
}

/// The rectangle of a frame; `None` if it is empty or exceeds a canvas of this size.
pub(super) fn frame_rect(origin: (u32, u32), size: (u32, u32), canvas: (u32, u32)) -> Option<PixelRect> {
    let right = origin.0.checked_add(size.0).filter(|right| *right <= canvas.0)?;
    let bottom = origin.1.checked_add(size.1).filter(|bottom| *bottom <= canvas.1)?;
    let [left, top, right, bottom] = [origin.0, origin.1, right, bottom].map(|side| side as i32);
    Some(PixelRect { left, top, right, bottom }).filter(|rect| !rect.is_empty())
}
