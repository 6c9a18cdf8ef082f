//! APNG: every colour exactly, and of every frame only what changes.
//!
//! Where all changed pixels are opaque, the frame is blended over the canvas and its unchanged pixels
//! are clear, which makes the file a third smaller; where some are translucent, the frame replaces its
//! rectangle. So even an opaque film is written with an alpha channel. Rows are not filtered: on flat
//! colours with clear gaps, deflate does better on the bytes themselves (by a quarter) than on their
//! differences.

use std::io::Write;

use png::chunk::{IDAT, fcTL, fdAT};
use png::{BlendOp, ColorType, Compression, DisposeOp, Encoder, EncodingError, Filter, Writer};

use super::changes::{Change, Colours};
use super::delta::{self, Span};
use super::png::{channels, check_size, write_stamp};
use super::stretch::{Encode, Stretch};
use super::survey::{NO_FRAME, same_size};
use super::time::{self, Clock};
use super::{Census, EncodeError, Frame, Plays, Stamp};
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// Writes a film frame by frame. It must be finished: a dropped encoder leaves a truncated film.
///
/// A frame is held back until the next one differs: only then its delay is known.
pub struct ApngEncoder<W: Write> {
    out: W,
    /// Which frames are written.
    stretch: Stretch,
    clock: Clock,
    /// The canvas after the frame that is held back.
    shown: Raster,
    held: Option<Held>,
    /// Frames that the header announces, and those that stand in the file so far.
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
    /// The frame in which it first shows.
    begun: usize,
    until: f64,
}

impl<W: Write> ApngEncoder<W> {
    /// Begins a film of this size in pixels, whose frames `census` has counted; a `&mut` writer can be used
    /// again afterwards.
    ///
    /// # Errors
    /// If PNG cannot hold the size, the film has no frame, or the writer fails.
    pub fn new(mut writer: W, size: (u32, u32), census: &Census, plays: Plays) -> Result<Self, EncodeError> {
        writer.write_all(&header(size, census.distinct_frames, plays)?)?;
        Ok(Self::amid(writer, size, census.distinct_frames, Stretch::WHOLE))
    }

    /// Writes the frames of a stretch, and nothing before or after them.
    pub(crate) fn amid(writer: W, size: (u32, u32), announced: u32, stretch: Stretch) -> Self {
        Self {
            out: writer,
            stretch,
            clock: Clock::new(time::APNG_TICKS),
            shown: Raster::filled(size.0, size.1, Rgba::CLEAR),
            held: None,
            announced,
            written: 0,
            stamp: None,
        }
    }

    /// Another has written a frame before those that are pushed, which was shown until this instant.
    pub(crate) fn skip(&mut self, until: f64) {
        // What the file cannot say is an error of whoever writes it.
        let _ = time::apng_fraction(&mut self.clock, until);
        self.written += 1;
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

    /// The canvas shows the next frame, of which `changed` is new.
    fn advance(&mut self, changed: &[Span], until: f64) -> Result<(), EncodeError> {
        let begun = self.stretch.advance();
        let next = match self.held.take() {
            None => Held { begun, until, ..Held::whole(&self.shown, self.shown.bounds()) },
            Some(held) if changed.is_empty() => Held { until, ..held },
            Some(held) => {
                self.release(&held, false)?;
                Held { begun, until, ..Held::change(&self.shown, changed) }
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
        self.end()?;
        if self.written < self.announced {
            return Err(EncodeError::FrameCount { announced: self.announced, came: self.written });
        }
        self.out.write_all(&trailer(self.stamp)?)?;
        Ok(self.out.flush()?)
    }

    /// Writes the frame held back, unless another does.
    fn release(&mut self, held: &Held, last: bool) -> Result<(), EncodeError> {
        if !self.stretch.holds(held.begun) {
            self.skip(held.until);
            return Ok(());
        }
        if self.written == self.announced {
            return Err(EncodeError::FrameCount { announced: self.announced, came: self.written + 1 });
        }
        // A single frame does not move, so no viewer cares how briefly it is shown.
        let delay = match time::apng_fraction(&mut self.clock, held.until) {
            Err(EncodeError::FrameTooShort { milliseconds, .. }) if last && self.written == 0 => {
                (milliseconds as u16, time::APNG_TICKS as u16)
            }
            fraction => fraction?,
        };
        self.out.write_all(&held.chunks(self.written, delay)?)?;
        self.written += 1;
        Ok(())
    }
}

impl<W: Write> Encode for ApngEncoder<W> {
    fn push_change(&mut self, change: Change<'_>, until: f64) -> Result<(), EncodeError> {
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

    fn is_done(&self) -> bool {
        self.held.as_ref().is_some_and(|held| self.stretch.ends_before(held.begun))
    }

    fn end(&mut self) -> Result<(), EncodeError> {
        let held = self.held.take().ok_or(NO_FRAME)?;
        self.release(&held, true)
    }
}

impl Held {
    /// What a rectangle of a picture shows.
    fn whole(image: &Raster, rect: PixelRect) -> Self {
        let rows = (rect.top..rect.bottom).map(|y| image.row(y, rect.left, rect.right));
        let data = rows.flat_map(|row| channels(row, true)).collect();
        Self { rect, blend: BlendOp::Source, data, begun: 0, until: 0.0 }
    }

    /// What makes a picture of the one before it, from which it differs in the spans of `changed`.
    fn change(image: &Raster, changed: &[Span]) -> Self {
        let rect = delta::bounds(changed);
        let pixels = |span: &Span| row_of(image, *span);
        if !changed.iter().flat_map(pixels).all(|pixel| pixel.a == u8::MAX) {
            return Self::whole(image, rect);
        }
        let width = rect.width() as usize;
        let mut data = vec![0; width * rect.height() as usize * CHANNELS];
        for span in changed {
            let start = (span.y - rect.top) as usize * width + (span.left - rect.left) as usize;
            let bytes = channels(pixels(span), true);
            data[start * CHANNELS..][..bytes.len()].copy_from_slice(&bytes);
        }
        Self { rect, blend: BlendOp::Over, data, begun: 0, until: 0.0 }
    }

    /// Its chunks as frame `number` of the file, from 0: what is said of it, and its pixels.
    fn chunks(&self, number: u32, delay: (u16, u16)) -> Result<Vec<u8>, EncodeError> {
        // Chunks count from 0, and all frames but the first, which is what viewers without animation show, have two.
        let sequence = |chunk: u32| (2 * number + chunk).saturating_sub(1).to_be_bytes();
        let first = number == 0;
        let mut control = sequence(u32::from(first)).to_vec();
        for side in [self.rect.width(), self.rect.height(), self.rect.left as u32, self.rect.top as u32] {
            control.extend(side.to_be_bytes());
        }
        control.extend([delay.0.to_be_bytes(), delay.1.to_be_bytes()].as_flattened());
        control.extend([DisposeOp::None as u8, self.blend as u8]);
        let pixels = deflated(&self.data, &self.rect)?;
        chunks(|out| {
            out.write_chunk(fcTL, &control)?;
            if first {
                out.write_chunk(IDAT, &pixels)
            } else {
                out.write_chunk(fdAT, &[&sequence(1), &*pixels].concat())
            }
        })
    }
}

/// All that stands before the first frame.
pub(crate) fn header(size: (u32, u32), frames: u32, plays: Plays) -> Result<Vec<u8>, EncodeError> {
    check_size("APNG", size)?;
    if frames == 0 {
        return Err(NO_FRAME);
    }
    let mut file = Vec::new();
    let mut out = encoder(&mut file, size);
    out.set_animated(frames, repetitions(plays))?;
    drop(out.write_header()?);
    file.truncate(file.len() - END);
    Ok(file)
}

/// All that stands behind the last frame: a text that holds the stamp, and the file's end.
pub(crate) fn trailer(stamp: Option<Stamp>) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = chunks(|out| write_stamp(out, stamp))?;
    bytes.extend_from_slice(b"\0\0\0\0IEND\xae\x42\x60\x82");
    Ok(bytes)
}

/// How many bytes a PNG has before all chunks but the one that tells its size, and the chunk that ends it.
const BEGINNING: usize = 8 + 25;
const END: usize = 12;

/// Bytes of a chunk before what it holds, its length and name, and the sum behind.
const HEAD: usize = 8;
const SUM: usize = 4;

/// What `png` writes of a picture with these chunks, without what stands around them. The animation is put together
/// here, for that crate can begin one only with its first frame.
fn chunks(
    write: impl FnOnce(&mut Writer<&mut Vec<u8>>) -> Result<(), EncodingError>,
) -> Result<Vec<u8>, EncodeError> {
    let mut file = Vec::new();
    let mut out = encoder(&mut file, (1, 1)).write_header()?;
    write(&mut out)?;
    // A writer that is dropped ends the picture; one that is finished wants pixels first.
    drop(out);
    file.truncate(file.len() - END);
    Ok(file.split_off(BEGINNING))
}

/// The pixels of a frame, as the only chunk of a picture that holds nothing else says them.
fn deflated(data: &[u8], rect: &PixelRect) -> Result<Vec<u8>, EncodeError> {
    let mut file = Vec::new();
    let mut out = encoder(&mut file, (rect.width(), rect.height())).write_header()?;
    out.write_image_data(data)?;
    drop(out);
    file.truncate(file.len() - END - SUM);
    let pixels = file.split_off(BEGINNING + HEAD);
    if file[BEGINNING..] == [&(pixels.len() as u32).to_be_bytes(), &IDAT.0[..]].concat() {
        return Ok(pixels);
    }
    Err(EncodeError::Film(
        "a frame takes more than the 2 GiB that a chunk of an APNG holds; make smaller frames",
    ))
}

fn encoder(file: &mut Vec<u8>, size: (u32, u32)) -> Encoder<'_, &mut Vec<u8>> {
    let mut out = Encoder::new(file, size.0, size.1);
    out.set_compression(Compression::Balanced);
    out.set_filter(Filter::NoFilter);
    out.set_color(ColorType::Rgba);
    out
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
