//! What a film in true colour shows: the canvas, and the patch of it that one frame holds.
//!
//! Where all changed pixels are opaque, a patch is blended over the canvas, and its unchanged pixels are clear, which
//! makes files a third smaller; where some are translucent, it replaces its rectangle.

use super::EncodeError;
use super::changes::{Changes, Colours, Run, Unpacked};
use super::delta::{self, Span};
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// The picture that is shown.
pub(super) struct Canvas {
    image: Raster,
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

impl Canvas {
    /// One that shows nothing.
    pub(super) fn clear(size: (u32, u32)) -> Self {
        Self { image: Raster::filled(size.0, size.1, Rgba::CLEAR) }
    }

    pub(super) fn bounds(&self) -> PixelRect {
        self.image.bounds()
    }

    /// Paints pixels; where they differ from what was there is added to `changed`. Those of one colour are taken to differ.
    pub(super) fn paint(&mut self, span: Span, colours: Colours<'_>, changed: &mut Vec<Span>) {
        let row = self.image.row_mut(span.y, span.left, span.right);
        match colours {
            Colours::All(colour) => {
                row.fill(colour);
                changed.push(span);
            }
            Colours::Each(colours) => {
                delta::stretches(row, colours, |from, to| {
                    let (left, right) = (span.left + from as i32, span.left + to as i32);
                    changed.push(Span { left, right, ..span });
                });
                row.copy_from_slice(colours);
            }
        }
    }

    /// All that it shows.
    pub(super) fn whole(&self) -> Patch {
        Patch::whole(&self.image, self.bounds())
    }

    /// What has changed in the spans of `changed`, on a rectangle around them.
    pub(super) fn patch(&self, changed: &[Span], rect: PixelRect) -> Patch {
        let row = |span: &Span| self.image.row(span.y, span.left, span.right);
        if !changed.iter().flat_map(row).all(|pixel| pixel.a == u8::MAX) {
            return Patch::whole(&self.image, rect);
        }
        let mut patch = Patch { rect, over: true, runs: Changes::default(), covered: 0 };
        for span in changed {
            patch.push(place(span.left - rect.left, span.y - rect.top, rect), row(span));
        }
        patch.ended()
    }
}

/// The place of a pixel in a rectangle.
fn place(x: i32, y: i32, rect: PixelRect) -> usize {
    y as usize * rect.width() as usize + x as usize
}

impl Patch {
    /// All that a rectangle of a picture shows.
    pub(super) fn whole(image: &Raster, rect: PixelRect) -> Self {
        let mut patch = Self { rect, over: false, runs: Changes::default(), covered: 0 };
        for y in rect.top..rect.bottom {
            patch.push(place(0, y - rect.top, rect), image.row(y, rect.left, rect.right));
        }
        patch.ended()
    }

    /// What changes nothing, on a single pixel.
    pub(super) fn nothing() -> Self {
        Self { rect: PixelRect::of_size(1, 1), over: true, runs: Changes::default(), covered: 0 }.ended()
    }

    fn push(&mut self, at: usize, pixels: &[Rgba]) {
        self.runs.push(at, pixels);
        self.covered += pixels.len();
    }

    fn ended(mut self) -> Self {
        self.runs.end_frame();
        self.runs.shrink();
        self
    }

    /// How many bytes it takes, about.
    pub(super) fn bytes(&self) -> usize {
        self.runs.bytes()
    }

    /// How many pixels it has.
    fn area(&self) -> usize {
        self.rect.width() as usize * self.rect.height() as usize
    }

    /// All colours of its pixels, each once but for the clear one, which is also that of pixels that stay as they were.
    pub(super) fn colours(&self) -> impl Iterator<Item = Rgba> {
        let gaps = self.covered < self.area();
        gaps.then_some(Rgba::CLEAR).into_iter().chain(self.runs.colours().iter().copied())
    }

    /// All its pixels row by row, each as `say` says its colour, and as `clear` those that stay as they were.
    pub(super) fn cells<T: Copy>(
        &self,
        clear: T,
        mut say: impl FnMut(Rgba) -> Result<T, EncodeError>,
    ) -> Result<Vec<T>, EncodeError> {
        let mut cells = vec![clear; self.area()];
        for Run { at, length, colours } in self.runs.frame(0, &mut Unpacked::default()).runs() {
            let cells = &mut cells[at..at + length];
            match colours {
                Colours::All(colour) => cells.fill(say(colour)?),
                Colours::Each(colours) => {
                    for (cell, &colour) in cells.iter_mut().zip(colours) {
                        *cell = say(colour)?;
                    }
                }
            }
        }
        Ok(cells)
    }
}
