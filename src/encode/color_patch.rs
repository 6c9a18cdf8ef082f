//! What one frame of a film in true color holds: a patch of the canvas.
//!
//! Where all changed pixels are opaque, a patch is blended over the canvas, and its unchanged pixels are clear, which
//! makes files a third smaller; where some are translucent, it replaces its rectangle.

use super::EncodeError;
use super::canvas::{Canvas, CanvasPixel, ONE_PIXEL};
use super::changes::{Changes, Run, RunColors, Unpacked};
use super::delta::{self, Span};
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

impl CanvasPixel for Rgba {
    const CLEAR: Self = Self::CLEAR;
}

/// What one frame of a file shows.
pub(super) struct Patch {
    pub(super) rect: PixelRect,
    /// Whether it is blended over what was shown, and not put in its place.
    pub(super) over: bool,
    /// Its pixels as a single frame's, counted in the rectangle.
    runs: Changes,
    /// How many they are.
    covered: usize,
}

impl Patch {
    /// All of a picture.
    pub(super) fn of_image(image: &Raster) -> Self {
        Self::whole(image.bounds(), |span| image.row(span.y, span.left, span.right))
    }

    /// All that a rectangle of a canvas shows, whose rows `row` knows.
    pub(super) fn whole<'a>(rect: PixelRect, row: impl Fn(Span) -> &'a [Rgba]) -> Self {
        Self::of_spans(rect, false, &delta::rows(&[rect], rect), row)
    }

    /// What has changed in the spans of `changed`, on a rectangle around them.
    pub(super) fn of(canvas: &Canvas<Rgba>, rect: PixelRect, changed: &[Span]) -> Self {
        let row = |span| canvas.row(span);
        if changed.iter().flat_map(|&span| row(span)).all(|pixel| pixel.a == u8::MAX) {
            Self::of_spans(rect, true, changed, row)
        } else {
            Self::whole(rect, row)
        }
    }

    fn of_spans<'a>(rect: PixelRect, over: bool, spans: &[Span], row: impl Fn(Span) -> &'a [Rgba]) -> Self {
        let (mut runs, mut covered) = (Changes::default(), 0);
        for &span in spans {
            let pixels = row(span);
            runs.push(span.place(rect).start, pixels);
            covered += pixels.len();
        }
        runs.end_frame();
        runs.shrink();
        Self { rect, over, runs, covered }
    }

    /// What changes nothing, on a single pixel.
    pub(super) fn nothing() -> Self {
        Self::of_spans(ONE_PIXEL, true, &[], |_| &[])
    }

    /// How many bytes it takes, about.
    pub(super) fn bytes(&self) -> usize {
        self.runs.bytes()
    }

    /// How many pixels it has.
    fn area(&self) -> usize {
        self.rect.width() as usize * self.rect.height() as usize
    }

    /// All colors of its pixels, each once but for the clear one, which is also that of pixels that stay as they were.
    pub(super) fn colors(&self) -> impl Iterator<Item = Rgba> {
        let gaps = self.covered < self.area();
        gaps.then_some(Rgba::CLEAR).into_iter().chain(self.runs.colors().iter().copied())
    }

    /// All its pixels row by row, each as `say` says its color, and as `clear` those that stay as they were.
    pub(super) fn cells<T: Copy>(
        &self,
        clear: T,
        say: impl Fn(Rgba) -> Result<T, EncodeError>,
    ) -> Result<Vec<T>, EncodeError> {
        let said = self.runs.colors().iter().map(|&color| say(color)).collect::<Result<Vec<_>, _>>()?;
        let mut cells = vec![clear; self.area()];
        for Run { at, length, shades } in self.runs.frame(0, &said, &mut Unpacked::default()).runs() {
            let cells = &mut cells[at..at + length];
            match shades {
                RunColors::All(shade) => cells.fill(shade),
                RunColors::Each(shades) => cells.copy_from_slice(shades),
            }
        }
        Ok(cells)
    }
}
