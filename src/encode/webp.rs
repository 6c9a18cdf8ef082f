//! Animated WebP, lossless: every colour exactly, and of every frame only what changes.
//!
//! The container is made here (RIFF chunks, little-endian: `VP8X` the canvas, `ANIM` the plays, an `ANMF` a frame), the
//! pixels inside are coded by `vp8l`. As in APNG, a frame whose changes are all opaque is blended
//! over the canvas with its unchanged pixels clear, and one with translucent changes replaces its rectangle. A
//! rectangle begins at even columns and rows, for WebP halves their numbers.

use std::io::{Seek, SeekFrom, Write};

use super::delta::{self, Span};
use super::stamp::WEBP_CHUNK;
use super::stretch::Stretch;
use super::survey::{NO_FRAME, same_size};
use super::time::{self, Clock};
use super::{EncodeError, Frame, Plays, Stamp, vp8l};
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// What libwebp takes, and so every browser; the format's own fields would hold one pixel more.
const MOST_PIXELS: u32 = 16_383;

/// `VP8X`: the file is animated, and frames have alpha, be it only to leave pixels as they are.
const ANIMATED_WITH_ALPHA: u8 = 0b0001_0010;

/// `ANMF`: the frame replaces its rectangle; 0 blends it. What was shown stays under the next frame either way.
const REPLACE: u8 = 0b10;

/// Writes a film frame by frame. It must be finished: only then the file's length is known.
///
/// A frame is held back until the next one differs: only then its delay is known.
pub struct WebpEncoder<W: Write> {
    out: W,
    /// Where the file begins in the writer, and how long it is so far.
    start: u64,
    length: u64,
    /// Which frames are written.
    stretch: Stretch,
    clock: Clock,
    /// The canvas after the frame that is held back.
    shown: Raster,
    held: Option<Held>,
    stamp: Option<Stamp>,
}

/// A frame whose end is not known yet.
struct Held {
    rect: PixelRect,
    flags: u8,
    /// Its `VP8L` chunk; nothing if another writes the frame.
    coded: Vec<u8>,
    /// The frame in which it first shows.
    begun: usize,
    until: f64,
}

impl<W: Write + Seek> WebpEncoder<W> {
    /// Begins a film of this size in pixels; a `&mut` writer can be used again afterwards.
    ///
    /// # Errors
    /// If WebP cannot hold the size or the number of plays, or the writer fails.
    pub fn new(mut writer: W, size: (u32, u32), plays: Plays) -> Result<Self, EncodeError> {
        let header = header(size, plays)?;
        let start = writer.stream_position()?;
        writer.write_all(&header)?;
        let length = header.len() as u64;
        Ok(Self { start, length, ..Self::amid(writer, size, Stretch::WHOLE) })
    }

    /// Ends the film, tells the file its length, and hands the last byte to the writer.
    ///
    /// # Errors
    /// If there was no frame, the last one is shown for too short or long a time, or the writer fails.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        self.end()?;
        self.write_all(&trailer(self.stamp)?)?;
        let told = told(self.length)?;
        self.out.seek(SeekFrom::Start(self.start + LENGTH_AT as u64))?;
        self.out.write_all(&told)?;
        self.out.seek(SeekFrom::Start(self.start + self.length))?;
        Ok(self.out.flush()?)
    }
}

impl<W: Write> WebpEncoder<W> {
    /// Writes the frames of a stretch, and nothing before or after them.
    pub(crate) fn amid(writer: W, size: (u32, u32), stretch: Stretch) -> Self {
        Self {
            out: writer,
            start: 0,
            length: 0,
            stretch,
            clock: Clock::new(time::WEBP_TICKS),
            shown: Raster::filled(size.0, size.1, Rgba::CLEAR),
            held: None,
            stamp: None,
        }
    }

    /// Ends the file with a chunk that says what it was made from.
    #[must_use]
    pub fn stamped(mut self, stamp: Option<Stamp>) -> Self {
        self.stamp = stamp;
        self
    }

    /// Takes the next frame.
    ///
    /// # Errors
    /// If its size is not the film's, the frame before it was shown for too short or long a time, or the
    /// writer fails.
    pub fn push(&mut self, frame: &Frame) -> Result<(), EncodeError> {
        same_size(&self.shown, frame.image)?;
        let begun = self.stretch.advance();
        let own = self.stretch.holds(begun);
        let bounds = self.shown.bounds();
        let mut next = if let Some(mut held) = self.held.take() {
            let row =
                |Span { y, left, right }| (self.shown.row(y, left, right), frame.image.row(y, left, right));
            let rect = delta::bounds(&delta::differences(&delta::rows(frame.changed, bounds), row));
            if rect.is_empty() {
                held.until = frame.until;
                self.held = Some(held);
                return Ok(());
            }
            self.release(&held, false)?;
            Held::change(&self.shown, frame, from_even(rect), own)?
        } else {
            let coded = if own { coded(frame.image.pixels(), bounds)? } else { Vec::new() };
            Held { rect: bounds, flags: REPLACE, coded, begun, until: frame.until }
        };
        next.begun = begun;
        for y in next.rect.top..next.rect.bottom {
            let (left, right) = (next.rect.left, next.rect.right);
            self.shown.row_mut(y, left, right).copy_from_slice(frame.image.row(y, left, right));
        }
        self.held = Some(next);
        Ok(())
    }

    /// Writes the last frame, which stays until the film ends.
    pub(crate) fn end(&mut self) -> Result<(), EncodeError> {
        let held = self.held.take().ok_or(NO_FRAME)?;
        self.release(&held, true)
    }

    /// Whether all frames of the stretch are written, so that more need not be pushed.
    pub(crate) fn is_done(&self) -> bool {
        self.held.as_ref().is_some_and(|held| self.stretch.ends_before(held.begun))
    }

    /// Writes the frame held back, unless another does.
    fn release(&mut self, held: &Held, last: bool) -> Result<(), EncodeError> {
        let delay = self.clock.advance(held.until);
        if !self.stretch.holds(held.begun) {
            return Ok(());
        }
        let mut parts = match time::webp_parts(delay) {
            // A single frame does not move, so no viewer cares how briefly it is shown.
            Err(EncodeError::FrameTooShort { .. }) if last && held.begun == 0 => vec![delay as u32],
            parts => parts?,
        }
        .into_iter();
        if let Some(part) = parts.next() {
            self.frame(held, part)?;
        }
        // What 24 bits cannot say goes on in frames that change nothing.
        let rect = PixelRect::of_size(1, 1);
        for part in parts {
            let still = Held { rect, flags: 0, coded: coded(&[Rgba::CLEAR], rect)?, ..*held };
            self.frame(&still, part)?;
        }
        Ok(())
    }

    fn frame(&mut self, held: &Held, delay: u32) -> Result<(), EncodeError> {
        let mut head = Vec::new();
        for field in [held.rect.left as u32 / 2, held.rect.top as u32 / 2] {
            head.extend(three(field));
        }
        for field in [held.rect.width() - 1, held.rect.height() - 1, delay] {
            head.extend(three(field));
        }
        head.push(held.flags);
        head.extend_from_slice(&held.coded);
        self.write_all(&chunk(*b"ANMF", &head)?)
    }

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.length += bytes.len() as u64;
        Ok(self.out.write_all(bytes)?)
    }
}

/// A chunk of an even length, as all are.
fn chunk(name: [u8; 4], data: &[u8]) -> Result<Vec<u8>, EncodeError> {
    let told = u32::try_from(data.len()).map_err(|_| TOO_LONG)?;
    let pad = &[0][..data.len() % 2];
    Ok([&name, &told.to_le_bytes(), data, pad].concat())
}

/// Where the file's length stands in it.
const LENGTH_AT: usize = 4;

/// What a file of so many bytes says there: how many follow.
fn told(length: u64) -> Result<[u8; 4], EncodeError> {
    let told = u32::try_from(length - (LENGTH_AT + 4) as u64).map_err(|_| TOO_LONG)?;
    Ok(told.to_le_bytes())
}

/// Tells a header how long its file is.
pub(super) fn set_length(header: &mut [u8], length: u64) -> Result<(), EncodeError> {
    header[LENGTH_AT..LENGTH_AT + 4].copy_from_slice(&told(length)?);
    Ok(())
}

const TOO_LONG: EncodeError =
    EncodeError::Film("the film takes more than the 4 GiB that a WebP holds; make fewer or smaller frames");

impl Held {
    /// What turns `old` into the frame inside the rectangle, coded if this is to be written.
    fn change(old: &Raster, frame: &Frame, rect: PixelRect, own: bool) -> Result<Self, EncodeError> {
        let (until, flags, begun) = (frame.until, 0, 0);
        if !own {
            return Ok(Self { rect, flags, coded: Vec::new(), begun, until });
        }
        let rows = |y| {
            let row = |image| Raster::row(image, y, rect.left, rect.right);
            row(old).iter().zip(row(frame.image))
        };
        let mut changes = (rect.top..rect.bottom).flat_map(rows).filter(|(old, new)| old != new);
        let opaque = changes.all(|(_, new)| new.a == u8::MAX);
        let kept = |(old, new): (&Rgba, &Rgba)| if opaque && old == new { Rgba::CLEAR } else { *new };
        let pixels: Vec<Rgba> = (rect.top..rect.bottom).flat_map(rows).map(kept).collect();
        let flags = if opaque { flags } else { REPLACE };
        Ok(Self { rect, flags, coded: coded(&pixels, rect)?, begun, until })
    }
}

/// All that stands before the first frame. The file's length follows at the end.
pub(crate) fn header(size: (u32, u32), plays: Plays) -> Result<Vec<u8>, EncodeError> {
    let holds = |length: u32| (1..=MOST_PIXELS).contains(&length);
    if !holds(size.0) || !holds(size.1) {
        return Err(EncodeError::Size { format: "WebP", size, most: MOST_PIXELS });
    }
    let plays = match plays {
        Plays::Forever => 0,
        Plays::Times(times) => u16::try_from(times.max(1))
            .map_err(|_| EncodeError::Film("a WebP plays 65535 times at most, or forever"))?,
    };
    let mut bytes = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
    bytes.extend([ANIMATED_WITH_ALPHA, 0, 0, 0]);
    bytes.extend([size.0 - 1, size.1 - 1].into_iter().flat_map(three));
    // Under the first frame, which covers all of it, lies clear black.
    bytes.extend(b"ANIM\x06\0\0\0\0\0\0\0");
    bytes.extend(plays.to_le_bytes());
    Ok(bytes)
}

/// All that stands behind the last frame: a chunk that holds the stamp.
pub(crate) fn trailer(stamp: Option<Stamp>) -> Result<Vec<u8>, EncodeError> {
    stamp.map_or(Ok(Vec::new()), |stamp| chunk(*WEBP_CHUNK, stamp.to_string().as_bytes()))
}

/// A number in WebP's 24 bits.
fn three(number: u32) -> [u8; 3] {
    let [low, middle, high, _] = number.to_le_bytes();
    [low, middle, high]
}

/// The rectangle with one column or row more where it begins at an odd one.
fn from_even(rect: PixelRect) -> PixelRect {
    PixelRect { left: rect.left & !1, top: rect.top & !1, ..rect }
}

/// A picture of the rectangle's size as a `VP8L` chunk.
fn coded(pixels: &[Rgba], rect: PixelRect) -> Result<Vec<u8>, EncodeError> {
    chunk(*b"VP8L", &vp8l::encode(pixels, rect.width()))
}
