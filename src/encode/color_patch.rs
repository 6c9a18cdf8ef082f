//! Changed rectangle of one frame in true color, for APNG and WebP.
//!
//! If all changed pixels are opaque, the patch is blended over the canvas and its unchanged pixels are clear, which
//! makes files a third smaller. If some are translucent, the patch replaces its rectangle.

use super::EncodeError;
use super::canvas::{Canvas, CanvasPixel, ONE_PIXEL};
use super::delta::{self, Span};
use super::packed_changes::{PackedChanges, PixelRun, RunPixels, UnpackBuffer};
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

impl CanvasPixel for Rgba {
    const CLEAR: Self = Self::CLEAR;
}

/// A rectangle of pixels that updates the canvas.
pub(super) struct ColorPatch {
    pub(super) rect: PixelRect,
    /// Whether the patch is blended over the canvas; otherwise it replaces its rectangle.
    pub(super) blends: bool,
    /// Changed pixels, as a single frame whose canvas is `rect`.
    runs: PackedChanges,
    /// Number of changed pixels.
    changed_pixels: usize,
}

impl ColorPatch {
    /// A patch of all pixels of a picture.
    pub(super) fn from_image(image: &Raster) -> Self {
        Self::replacing(image.bounds(), |span| image.row(span.y, span.left, span.right))
    }

    /// A patch that replaces a rectangle; `row` returns the pixels of a span.
    pub(super) fn replacing<'a>(rect: PixelRect, row: impl Fn(Span) -> &'a [Rgba]) -> Self {
        Self::from_spans(rect, false, &delta::row_spans(&[rect], rect), row)
    }

    /// A patch of the changed spans of a canvas; `rect` must contain them.
    pub(super) fn changed(canvas: &Canvas<Rgba>, rect: PixelRect, changed: &[Span]) -> Self {
        let row = |span| canvas.row(span);
        if changed.iter().flat_map(|&span| row(span)).all(|pixel| pixel.a == u8::MAX) {
            Self::from_spans(rect, true, changed, row)
        } else {
            Self::replacing(rect, row)
        }
    }

    fn from_spans<'a>(
        rect: PixelRect,
        blends: bool,
        spans: &[Span],
        row: impl Fn(Span) -> &'a [Rgba],
    ) -> Self {
        let (mut runs, mut changed_pixels) = (PackedChanges::default(), 0);
        for &span in spans {
            let pixels = row(span);
            runs.push_row(span.index_range(rect).start, pixels);
            changed_pixels += pixels.len();
        }
        runs.end_frame();
        runs.shrink();
        Self { rect, blends, runs, changed_pixels }
    }

    /// A patch of a single pixel that changes nothing.
    pub(super) fn unchanged() -> Self {
        Self::from_spans(ONE_PIXEL, true, &[], |_| &[])
    }

    /// Approximate size in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.runs.bytes()
    }

    /// Number of pixels of the rectangle.
    fn area(&self) -> usize {
        self.rect.width() as usize * self.rect.height() as usize
    }

    /// Distinct colors of the patch; only the clear color may occur twice. Unchanged pixels are clear.
    pub(super) fn colors(&self) -> impl Iterator<Item = Rgba> {
        let gaps = self.changed_pixels < self.area();
        gaps.then_some(Rgba::CLEAR).into_iter().chain(self.runs.colors().iter().copied())
    }

    /// All pixels row by row: changed pixels converted by `convert`, unchanged pixels as `clear`.
    pub(super) fn map_pixels<T: Copy>(
        &self,
        clear: T,
        convert: impl Fn(Rgba) -> Result<T, EncodeError>,
    ) -> Result<Vec<T>, EncodeError> {
        let converted =
            self.runs.colors().iter().map(|&color| convert(color)).collect::<Result<Vec<_>, _>>()?;
        let mut pixels = vec![clear; self.area()];
        for PixelRun { start, length, pixels: run } in
            self.runs.unpack(0, &converted, &mut UnpackBuffer::default()).runs()
        {
            let pixels = &mut pixels[start..start + length];
            match run {
                RunPixels::Uniform(pixel) => pixels.fill(pixel),
                RunPixels::Each(each) => pixels.copy_from_slice(each),
            }
        }
        Ok(pixels)
    }
}
