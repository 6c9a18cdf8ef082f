//! Animated WebP, lossless: every color exactly, and of every frame only what changes.
//!
//! The container is made here (RIFF chunks, little-endian: `VP8X` the canvas, `ANIM` the plays, an `ANMF` a frame), the
//! pixels inside are coded by `vp8l`. A frame's rectangle begins at even columns and rows, for WebP halves their numbers.

use std::borrow::Cow;
use std::io::{Seek, SeekFrom, Write};

use super::canvas::Canvas;
use super::color_patch::Patch;
use super::delay;
use super::delta::{self, Span};
use super::encoder::{FilmEncoder, Format, Showing};
use super::{EncodeError, vp8l};
use crate::geometry::PixelRect;
use crate::raster::Rgba;
use crate::stamp::Stamp;
use crate::stamp::WEBP_CHUNK;
use crate::timing::LoopCount;
use crate::timing::ticks::{self, TickRounder};

/// What libwebp takes, and so every browser; the format's own fields would hold one pixel more.
const MOST_PIXELS: u32 = 16_383;

/// `VP8X`: the file is animated, and frames have alpha, be it only to leave pixels as they are.
const ANIMATED_WITH_ALPHA: u8 = 0b0001_0010;

/// `ANMF`: the frame replaces its rectangle; 0 blends it. What was shown stays under the next frame either way.
const REPLACE: u8 = 0b10;

/// Writes a film as an animated WebP. Only when it is finished the file's length is known.
pub type WebpEncoder<W> = FilmEncoder<W, Webp>;

/// WebP, as [`WebpEncoder`] writes it.
pub struct Webp {
    /// Where the file begins in the writer.
    start: u64,
    clock: TickRounder,
}

/// A frame of which all is known, and its delay in milliseconds.
pub(super) struct Timed {
    patch: Patch,
    delay: u32,
}

impl<W: Write + Seek> WebpEncoder<W> {
    /// Begins a film of this size in pixels; a `&mut` writer can be used again afterwards.
    ///
    /// # Errors
    /// If WebP cannot hold the size or the number of plays, or the writer fails.
    pub fn new(mut writer: W, size: (u32, u32), plays: LoopCount) -> Result<Self, EncodeError> {
        let (header, start) = (header(size, plays)?, writer.stream_position()?);
        let clock = TickRounder::new(ticks::WEBP_TICKS);
        let mut encoder = Self::of(writer, size, Webp { start, clock });
        encoder.write_all(&header)?;
        Ok(encoder)
    }

    /// Ends the film, tells the file its length, and hands the last byte to the writer.
    ///
    /// # Errors
    /// If there was no frame, the last one is shown for too short or long a time, or the writer fails.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        self.end()?;
        self.write_all(&trailer(self.stamp)?)?;
        let (told, start) = (told(self.length)?, self.format.start);
        self.out.seek(SeekFrom::Start(start + LENGTH_AT as u64))?;
        self.out.write_all(&told)?;
        self.out.seek(SeekFrom::Start(start + self.length))?;
        Ok(self.out.flush()?)
    }
}

impl Format for Webp {
    type CanvasPixel = Rgba;
    type Patch = Patch;
    type Timed = Timed;
    type Coder = ();

    const ANNOUNCED: bool = false;

    fn coder(&self) {}

    fn shades<'a>(&mut self, colors: &'a [Rgba]) -> Cow<'a, [Rgba]> {
        Cow::Borrowed(colors)
    }

    fn patch(&self, canvas: &Canvas<Rgba>, before: Option<&mut Timed>, changed: Vec<Span>) -> Patch {
        match before {
            None => Patch::whole(canvas.bounds(), |span| canvas.row(span)),
            Some(_) => Patch::of(canvas, from_even(delta::bounds(&changed)), &changed),
        }
    }

    /// What 24 bits cannot say goes on in frames that change nothing.
    fn timed(&mut self, mut patch: Patch, showing: Showing) -> Result<Vec<Timed>, EncodeError> {
        let delay = self.clock.advance(showing.until);
        let delays = match delay::split_webp_delay(delay) {
            Err(EncodeError::FrameTooShort { .. }) if showing.alone => vec![delay as u32],
            delays => delays?,
        };
        let frame = |delay| Timed { patch: std::mem::replace(&mut patch, Patch::nothing()), delay };
        Ok(delays.into_iter().map(frame).collect())
    }

    fn bytes(frame: &Timed) -> usize {
        frame.patch.bytes()
    }

    fn code((): &mut (), Timed { patch, delay }: Timed) -> Result<Vec<u8>, EncodeError> {
        let rect = patch.rect;
        let fields = [rect.left as u32 / 2, rect.top as u32 / 2, rect.width() - 1, rect.height() - 1, delay];
        let mut frame: Vec<u8> = fields.into_iter().flat_map(three).collect();
        frame.push(if patch.over { 0 } else { REPLACE });
        frame.extend(chunk(*b"VP8L", &vp8l::encode(&patch)?)?);
        chunk(*b"ANMF", &frame)
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

const TOO_LONG: EncodeError =
    EncodeError::Film("the film takes more than the 4 GiB that a WebP holds; make fewer or smaller frames");

/// All that stands before the first frame. The file's length follows at the end.
fn header(size: (u32, u32), plays: LoopCount) -> Result<Vec<u8>, EncodeError> {
    let holds = |length: u32| (1..=MOST_PIXELS).contains(&length);
    if !holds(size.0) || !holds(size.1) {
        return Err(EncodeError::Size { format: "WebP", size, most: MOST_PIXELS });
    }
    let plays = match plays {
        LoopCount::Forever => 0,
        LoopCount::Times(times) => u16::try_from(times.max(1))
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
fn trailer(stamp: Option<Stamp>) -> Result<Vec<u8>, EncodeError> {
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
