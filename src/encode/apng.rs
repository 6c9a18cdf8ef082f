//! APNG: every colour exactly, and of every frame only what changes.
//!
//! Where all changed pixels are opaque, the frame is blended over the canvas and its unchanged pixels
//! are clear, which makes the file a third smaller; where some are translucent, the frame replaces its
//! rectangle. So even an opaque film is written with an alpha channel. Rows are not filtered: on flat
//! colours with clear gaps, deflate does better on the bytes themselves (by a quarter) than on their
//! differences.

use std::io::Write;

use png::{BlendOp, ColorType, Compression, Encoder, Filter, Writer};

use super::png::{channels, check_size};
use super::survey::{NO_FRAME, same_size};
use super::time::{self, Clock};
use super::{Census, EncodeError, Frame, Plays, delta};
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
}

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
        })
    }

    /// Takes the next frame.
    ///
    /// # Errors
    /// If its size is not the film's, the frame before it was shown for too short or long a time, there are
    /// more frames than the census counted, or the writer fails.
    pub fn push(&mut self, frame: &Frame) -> Result<(), EncodeError> {
        same_size(&self.shown, frame.image)?;
        let bounds = self.shown.bounds();
        let next = if let Some(mut held) = self.held.take() {
            let rects = delta::clipped(frame.changed, bounds);
            let rows = |y, left, right| (self.shown.row(y, left, right), frame.image.row(y, left, right));
            let rect = delta::bounds(&rects, rows, |old, new| old != new);
            if rect.is_empty() {
                held.until = frame.until;
                self.held = Some(held);
                return Ok(());
            }
            self.write(&held, false)?;
            Held::change(&self.shown, frame, rect)
        } else {
            let data = channels(frame.image.pixels(), true);
            Held { rect: bounds, blend: BlendOp::Source, data, until: frame.until }
        };
        for y in next.rect.top..next.rect.bottom {
            let (left, right) = (next.rect.left, next.rect.right);
            self.shown.row_mut(y, left, right).copy_from_slice(frame.image.row(y, left, right));
        }
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
    /// What turns `old` into the frame inside the rectangle.
    fn change(old: &Raster, frame: &Frame, rect: PixelRect) -> Self {
        let rows = |y| {
            let row = |image| Raster::row(image, y, rect.left, rect.right);
            row(old).iter().zip(row(frame.image))
        };
        let mut changes = (rect.top..rect.bottom).flat_map(rows).filter(|(old, new)| old != new);
        let opaque = changes.all(|(_, new)| new.a == u8::MAX);
        let blend = if opaque { BlendOp::Over } else { BlendOp::Source };
        let kept = |(old, new): (&Rgba, &Rgba)| if opaque && old == new { Rgba::CLEAR } else { *new };
        let pixels: Vec<Rgba> = (rect.top..rect.bottom).flat_map(rows).map(kept).collect();
        Self { rect, blend, data: channels(&pixels, true), until: frame.until }
    }
}

/// APNG stores how often a film plays, and 0 for ever.
fn repetitions(plays: Plays) -> u32 {
    match plays {
        Plays::Forever => 0,
        Plays::Times(times) => times.max(1),
    }
}
