//! Animated lossless WebP: all colors exact, and only the changed pixels of each frame.
//!
//! The container is written here: little-endian RIFF chunks, namely `VP8X` (canvas), `ANIM` (number of plays) and an
//! `ANMF` for each frame. The pixels are encoded by `vp8l`. The rectangle of a frame begins at an even column and row,
//! because WebP stores half of each.

use std::borrow::Cow;
use std::io::{Seek, SeekFrom, Write};

use super::canvas::Canvas;
use super::color_patch::ColorPatch;
use super::delay;
use super::delta::{self, Span};
use super::encoder::{FilmEncoder, Format, FrameTiming};
use super::{EncodeError, vp8l};
use crate::geometry::PixelRect;
use crate::raster::Rgba;
use crate::stamp::Stamp;
use crate::stamp::WEBP_CHUNK;
use crate::timing::LoopCount;
use crate::timing::ticks::{self, TickRounder};

/// Maximum width and height of libwebp, and so of every browser; the file format could hold one pixel more.
const MAX_SIDE: u32 = 16_383;

/// Flags of `VP8X`: the file is animated and has alpha, even if only for unchanged pixels.
const ANIMATED_WITH_ALPHA: u8 = 0b0001_0010;

/// Flags of `ANMF`: the frame replaces its rectangle; without the flag it is blended. The canvas is kept for the next
/// frame in both cases.
const REPLACE: u8 = 0b10;

/// Encoder of a film as an animated WebP. Its writer seeks back at the end, because the file begins with its length.
pub type WebpEncoder<W> = FilmEncoder<W, Webp>;

/// The WebP format of [`WebpEncoder`].
pub struct Webp {
    /// Position of the file in the writer.
    start: u64,
    rounder: TickRounder,
}

/// A frame with its delay in milliseconds.
pub(super) struct TimedFrame {
    patch: ColorPatch,
    delay: u32,
}

impl<W: Write + Seek> WebpEncoder<W> {
    /// Writes the header of a film of `size` (width, height) pixels. A `&mut` writer can be used again afterwards.
    ///
    /// # Errors
    /// If WebP cannot store the size or the number of plays, or the writer fails.
    pub fn new(mut writer: W, size: (u32, u32), plays: LoopCount) -> Result<Self, EncodeError> {
        let (header, start) = (header(size, plays)?, writer.stream_position()?);
        let rounder = TickRounder::new(ticks::WEBP_TICKS);
        let mut encoder = Self::with_format(writer, size, Webp { start, rounder });
        encoder.write_all(&header)?;
        Ok(encoder)
    }

    /// Writes the remaining frames, the end of the file and its length, and flushes the writer.
    ///
    /// # Errors
    /// If no frame was pushed, the delay of the last frame is too short or too long, or the writer fails.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        self.finish_frames()?;
        self.write_all(&trailer(self.stamp)?)?;
        let (length_field, start) = (riff_length(self.bytes_written)?, self.format.start);
        self.out.seek(SeekFrom::Start(start + LENGTH_OFFSET as u64))?;
        self.out.write_all(&length_field)?;
        self.out.seek(SeekFrom::Start(start + self.bytes_written))?;
        Ok(self.out.flush()?)
    }
}

impl Format for Webp {
    type CanvasPixel = Rgba;
    type Patch = ColorPatch;
    type TimedFrame = TimedFrame;
    type Coder = ();

    const HEADER_COUNTS_FRAMES: bool = false;

    fn new_coder(&self) {}

    fn map_colors<'a>(&mut self, colors: &'a [Rgba]) -> Cow<'a, [Rgba]> {
        Cow::Borrowed(colors)
    }

    fn next_patch(
        &self,
        canvas: &Canvas<Rgba>,
        before: Option<&mut TimedFrame>,
        changed: Vec<Span>,
    ) -> ColorPatch {
        match before {
            None => ColorPatch::replacing(canvas.bounds(), |span| canvas.row(span)),
            Some(_) => ColorPatch::changed(canvas, align_to_even(delta::bounding_rect(&changed)), &changed),
        }
    }

    /// Splits a delay that exceeds 24 bits: the patch comes first, followed by frames that change nothing.
    fn assign_delays(
        &mut self,
        mut patch: ColorPatch,
        timing: FrameTiming,
    ) -> Result<Vec<TimedFrame>, EncodeError> {
        let delay = self.rounder.advance(timing.end);
        let delays = match delay::split_webp_delay(delay) {
            Err(EncodeError::FrameTooShort { .. }) if timing.is_only_frame => vec![delay as u32],
            delays => delays?,
        };
        let frame =
            |delay| TimedFrame { patch: std::mem::replace(&mut patch, ColorPatch::unchanged()), delay };
        Ok(delays.into_iter().map(frame).collect())
    }

    fn queued_bytes(frame: &TimedFrame) -> usize {
        frame.patch.bytes()
    }

    fn encode_frame((): &mut (), TimedFrame { patch, delay }: TimedFrame) -> Result<Vec<u8>, EncodeError> {
        let rect = patch.rect;
        let fields = [rect.left as u32 / 2, rect.top as u32 / 2, rect.width() - 1, rect.height() - 1, delay];
        let mut frame: Vec<u8> = fields.into_iter().flat_map(to_u24).collect();
        frame.push(if patch.blends { 0 } else { REPLACE });
        frame.extend(chunk(*b"VP8L", &vp8l::encode(&patch)?)?);
        chunk(*b"ANMF", &frame)
    }
}

/// A RIFF chunk, padded to an even length.
fn chunk(name: [u8; 4], data: &[u8]) -> Result<Vec<u8>, EncodeError> {
    let length_field = u32::try_from(data.len()).map_err(|_| FILE_TOO_LARGE)?;
    let pad = &[0][..data.len() % 2];
    Ok([&name, &length_field.to_le_bytes(), data, pad].concat())
}

/// Position of the length field in the file.
const LENGTH_OFFSET: usize = 4;

/// Value of the length field of a file of `length` bytes: the number of bytes after the field.
fn riff_length(length: u64) -> Result<[u8; 4], EncodeError> {
    let length_field = u32::try_from(length - (LENGTH_OFFSET + 4) as u64).map_err(|_| FILE_TOO_LARGE)?;
    Ok(length_field.to_le_bytes())
}

/// Error of a chunk or file beyond the 32 bits of its length field.
const FILE_TOO_LARGE: EncodeError =
    EncodeError::Film("the film takes more than the 4 GiB that a WebP holds; make fewer or smaller frames");

/// Bytes before the first frame. The length field is written at the end.
fn header(size: (u32, u32), plays: LoopCount) -> Result<Vec<u8>, EncodeError> {
    let holds = |length: u32| (1..=MAX_SIDE).contains(&length);
    if !holds(size.0) || !holds(size.1) {
        return Err(EncodeError::Size { format: "WebP", size, max: MAX_SIDE });
    }
    let plays = match plays {
        LoopCount::Forever => 0,
        LoopCount::Times(times) => u16::try_from(times.max(1))
            .map_err(|_| EncodeError::Film("a WebP plays 65535 times at most, or forever"))?,
    };
    let mut bytes = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
    bytes.extend([ANIMATED_WITH_ALPHA, 0, 0, 0]);
    bytes.extend([size.0 - 1, size.1 - 1].into_iter().flat_map(to_u24));
    // The background is clear black; the first frame covers all of it.
    bytes.extend(b"ANIM\x06\0\0\0\0\0\0\0");
    bytes.extend(plays.to_le_bytes());
    Ok(bytes)
}

/// Bytes after the last frame: a chunk with the stamp.
fn trailer(stamp: Option<Stamp>) -> Result<Vec<u8>, EncodeError> {
    stamp.map_or(Ok(Vec::new()), |stamp| chunk(*WEBP_CHUNK, stamp.to_string().as_bytes()))
}

/// A number as 24 bits, little-endian.
fn to_u24(number: u32) -> [u8; 3] {
    let [low, middle, high, _] = number.to_le_bytes();
    [low, middle, high]
}

/// Extends a rectangle to an even left column and top row.
fn align_to_even(rect: PixelRect) -> PixelRect {
    PixelRect { left: rect.left & !1, top: rect.top & !1, ..rect }
}
