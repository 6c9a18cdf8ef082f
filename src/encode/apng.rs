//! APNG: every colour exactly, and of every frame only what changes.
//!
//! Where all changed pixels are opaque, the frame is blended over the canvas and its unchanged pixels
//! are clear, which makes the file a third smaller; where some are translucent, the frame replaces its
//! rectangle. So even an opaque film is written with an alpha channel. Rows are not filtered: on flat
//! colours with clear gaps, deflate does better on the bytes themselves (by a quarter) than on their
//! differences.

use std::io::Write;

use png::{BlendOp, ColorType, Compression, Encoder, Filter, Writer};

use super::changes::{Change, Colours};
use super::delta::{self, Span};
use super::png::{channels, check_size, write_stamp};
use super::survey::{NO_FRAME, same_size};
use super::time::{self, Clock};
use super::{Census, EncodeError, Frame, Plays, Stamp};
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// Writes a film frame by frame. It must be finished: a dropped encoder leaves a truncated film.
///
/// A frame is held back until the next one differs: only then its delay is known.
pub struct ApngEncoder<W: Write> {
    out: Writer<W>,
    clock: Clock,
    /// The canvas after the frame that is held back.
    shown: Raster,
    held: Option<Held>,
    /// Frames that the header announces, and those that were written.
    announced: u32,
    written: u32,
    stamp: Option<Stamp>,
}

/// Bytes of a pixel.
const CHANNELS: usize = 4;

/// A frame whose end is not known yet.
struct Held {
    rect: PixelRect,
    blend: BlendOp,
    data: Vec<u8>,
    until: f64,
}

impl<W: Write> ApngEncoder<W> {
    /// Begins a film of this size in pixels, whose frames `census` has counted; a `&mut` writer can be used
    /// again afterwards.
    ///
    /// # Errors
    /// If PNG cannot hold the size, the film has no frame, or the writer fails.
    pub fn new(writer: W, size: (u32, u32), census: &Census, plays: Plays) -> Result<Self, EncodeError> {
        check_size("APNG", size)?;
        let announced = census.distinct_frames;
        if announced == 0 {
            return Err(NO_FRAME);
        }
        let mut out = Encoder::new(writer, size.0, size.1);
        out.set_compression(Compression::Balanced);
        out.set_filter(Filter::NoFilter);
        out.set_color(ColorType::Rgba);
        out.set_animated(announced, repetitions(plays))?;
        Ok(Self {
            out: out.write_header()?,
            clock: Clock::new(time::APNG_TICKS),
            shown: Raster::filled(size.0, size.1, Rgba::CLEAR),
            held: None,
            announced,
            written: 0,
            stamp: None,
        })
    }

    /// Ends the file with a text that says what it was made from.
    #[must_use]
    pub fn stamped(mut self, stamp: Option<Stamp>) -> Self {
        self.stamp = stamp;
        self
    }

    /// Takes the next frame.
    ///
    /// # Errors
    /// If its size is not the film's, the frame before it was shown for too short or long a time, there are
    /// more frames than the census counted, or the writer fails.
    pub fn push(&mut self, frame: &Frame) -> Result<(), EncodeError> {
        same_size(&self.shown, frame.image)?;
        let bounds = self.shown.bounds();
        let rects = if self.held.is_none() { &[bounds][..] } else { frame.changed };
        let cells = |span| (row_of(&self.shown, span), row_of(frame.image, span));
        let changed = delta::differences(&delta::rows(rects, bounds), cells);
        for &span in &changed {
            self.shown.row_mut(span.y, span.left, span.right).copy_from_slice(row_of(frame.image, span));
        }
        self.advance(&changed, frame.until)
    }

    /// Takes the next frame as what it changes; the first must name every pixel.
    pub(crate) fn push_change(&mut self, change: Change<'_>, until: f64) -> Result<(), EncodeError> {
        let width = self.shown.width() as usize;
        let mut changed = Vec::new();
        for run in change.runs() {
            let (y, left) = ((run.at / width) as i32, (run.at % width) as i32);
            let span = Span { y, left, right: left + run.length as i32 };
            let pixels = self.shown.row_mut(span.y, span.left, span.right);
            match run.colours {
                Colours::All(colour) => pixels.fill(colour),
                Colours::Each(colours) => pixels.copy_from_slice(colours),
            }
            changed.push(span);
        }
        self.advance(&changed, until)
    }

    /// The canvas shows the next frame, of which `changed` is new.
    fn advance(&mut self, changed: &[Span], until: f64) -> Result<(), EncodeError> {
        let next = match self.held.take() {
            None => Held::whole(&self.shown, self.shown.bounds(), until),
            Some(held) if changed.is_empty() => Held { until, ..held },
            Some(held) => {
                self.write(&held, false)?;
                Held::change(&self.shown, changed, until)
            }
        };
        self.held = Some(next);
        Ok(())
    }

    /// Ends the film and hands the last byte to the writer.
    ///
    /// # Errors
    /// If there were fewer frames than the census counted, the last one is shown for too short or long a
    /// time, or the writer fails.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        let held = self.held.take().ok_or(NO_FRAME)?;
        self.write(&held, true)?;
        if self.written < self.announced {
            return Err(EncodeError::FrameCount { announced: self.announced, came: self.written });
        }
        write_stamp(&mut self.out, self.stamp)?;
        Ok(self.out.finish()?)
    }

    fn write(&mut self, held: &Held, last: bool) -> Result<(), EncodeError> {
        if self.written == self.announced {
            return Err(EncodeError::FrameCount { announced: self.announced, came: self.written + 1 });
        }
        // A single frame does not move, so no viewer cares how briefly it is shown.
        let (numerator, denominator) = match time::apng_fraction(&mut self.clock, held.until) {
            Err(EncodeError::FrameTooShort { milliseconds, .. }) if last && self.written == 0 => {
                (milliseconds as u16, time::APNG_TICKS as u16)
            }
            fraction => fraction?,
        };
        // The coder checks each of these against the others, so the position must not push the size out.
        self.out.reset_frame_position()?;
        self.out.set_frame_dimension(held.rect.width(), held.rect.height())?;
        self.out.set_frame_position(held.rect.left as u32, held.rect.top as u32)?;
        self.out.set_frame_delay(numerator, denominator)?;
        self.out.set_blend_op(held.blend)?;
        self.out.write_image_data(&held.data)?;
        self.written += 1;
        Ok(())
    }
}

impl Held {
    /// What a rectangle of a picture shows.
    fn whole(image: &Raster, rect: PixelRect, until: f64) -> Self {
        let rows = (rect.top..rect.bottom).map(|y| image.row(y, rect.left, rect.right));
        let data = rows.flat_map(|row| channels(row, true)).collect();
        Self { rect, blend: BlendOp::Source, data, until }
    }

    /// What makes a picture of the one before it, from which it differs in the spans of `changed`.
    fn change(image: &Raster, changed: &[Span], until: f64) -> Self {
        let rect = delta::bounds(changed);
        let pixels = |span: &Span| row_of(image, *span);
        if !changed.iter().flat_map(pixels).all(|pixel| pixel.a == u8::MAX) {
            return Self::whole(image, rect, until);
        }
        let width = rect.width() as usize;
        let mut data = vec![0; width * rect.height() as usize * CHANNELS];
        for span in changed {
            let start = (span.y - rect.top) as usize * width + (span.left - rect.left) as usize;
            let bytes = channels(pixels(span), true);
            data[start * CHANNELS..][..bytes.len()].copy_from_slice(&bytes);
        }
        Self { rect, blend: BlendOp::Over, data, until }
    }
}

fn row_of(image: &Raster, span: Span) -> &[Rgba] {
    image.row(span.y, span.left, span.right)
}

/// APNG stores how often a film plays, and 0 for ever.
fn repetitions(plays: Plays) -> u32 {
    match plays {
        Plays::Forever => 0,
        Plays::Times(times) => times.max(1),
    }
}
