//! Animated PNG: all colors exact, and only the changed pixels of each frame.
//!
//! All frames share one PNG color type, chosen from the colors of the whole film (`png_color_type`). Rows are not
//! filtered: on flat colors with transparent gaps, deflate compresses the plain bytes better by a quarter than their
//! differences.

use std::borrow::Cow;
use std::io::Write;

use png::chunk::{IDAT, fcTL, fdAT};
use png::{BlendOp, ColorType, Compression, DisposeOp, Encoder, EncodingError, Filter, Writer};

use super::canvas::Canvas;
use super::color_patch::ColorPatch;
use super::delay::{self, DelayFraction};
use super::delta::{self, Span};
use super::encoder::{FilmEncoder, Format, FrameTiming};
use super::png::{check_size, write_stamp};
use super::png_color_type::PngColorType;
use super::statistics::NO_FRAMES;
use super::{EncodeError, FilmStatistics};
use crate::raster::Rgba;
use crate::stamp::Stamp;
use crate::timing::LoopCount;
use crate::timing::ticks::{self, TickRounder};

/// Encoder of a film as an animated PNG.
pub type ApngEncoder<W> = FilmEncoder<W, Apng>;

/// The APNG format of [`ApngEncoder`].
pub struct Apng {
    rounder: TickRounder,
    color_type: PngColorType,
    /// Number of frames in the header, and number of frames assigned to the file so far.
    frame_count: u32,
    written: u32,
}

/// A frame with its index in the file and its delay.
pub(super) struct TimedFrame {
    patch: ColorPatch,
    number: u32,
    delay: DelayFraction,
}

impl<W: Write> ApngEncoder<W> {
    /// Writes the header of a film of `size` (width, height) pixels. `statistics` come from a first pass over the same
    /// frames. A `&mut` writer can be used again afterwards.
    ///
    /// # Errors
    /// If PNG cannot store the size, the film has no frame, or the writer fails.
    pub fn new(
        writer: W,
        size: (u32, u32),
        statistics: &FilmStatistics,
        plays: LoopCount,
    ) -> Result<Self, EncodeError> {
        let header = header(size, statistics, plays)?;
        let rounder = TickRounder::new(ticks::APNG_TICKS);
        let (color_type, frame_count) = (color_type_for(statistics), statistics.distinct_frames);
        let mut encoder =
            Self::with_format(writer, size, Apng { rounder, color_type, frame_count, written: 0 });
        encoder.write_all(&header)?;
        Ok(encoder)
    }

    /// Writes the remaining frames and the end of the file, and flushes the writer.
    ///
    /// # Errors
    /// If the number of distinct frames differs from the statistics, the delay of the last frame is too short or too
    /// long, or the writer fails.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        self.finish_frames()?;
        let Apng { frame_count, written, .. } = self.format;
        if written < frame_count {
            return Err(EncodeError::FrameCount { announced: frame_count, encoded: written });
        }
        self.write_all(&trailer(self.stamp)?)?;
        Ok(self.out.flush()?)
    }
}

impl Format for Apng {
    type CanvasPixel = Rgba;
    type Patch = ColorPatch;
    type TimedFrame = TimedFrame;
    type Coder = PngColorType;

    /// The header states the number of frames.
    const HEADER_COUNTS_FRAMES: bool = true;

    fn new_coder(&self) -> PngColorType {
        self.color_type.clone()
    }

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
            Some(_) if changed.is_empty() => ColorPatch::unchanged(),
            Some(_) => ColorPatch::changed(canvas, delta::bounding_rect(&changed), &changed),
        }
    }

    fn assign_delays(
        &mut self,
        patch: ColorPatch,
        timing: FrameTiming,
    ) -> Result<Vec<TimedFrame>, EncodeError> {
        let number = self.written;
        if number == self.frame_count {
            return Err(EncodeError::FrameCount { announced: number, encoded: number + 1 });
        }
        let delay = match delay::apng_fraction(&mut self.rounder, timing.end) {
            Err(EncodeError::FrameTooShort { milliseconds, .. }) if timing.is_only_frame => {
                DelayFraction { numerator: milliseconds as u16, denominator: ticks::APNG_TICKS as u16 }
            }
            fraction => fraction?,
        };
        self.written += 1;
        Ok(vec![TimedFrame { patch, number, delay }])
    }

    fn queued_bytes(frame: &TimedFrame) -> usize {
        frame.patch.bytes()
    }

    /// Encodes the chunks of a frame: its control data (`fcTL`) and its pixels (`IDAT` or `fdAT`).
    fn encode_frame(color_type: &mut PngColorType, frame: TimedFrame) -> Result<Vec<u8>, EncodeError> {
        let TimedFrame { patch, number, delay } = frame;
        // Sequence numbers count `fcTL` and `fdAT` chunks from 0. The first frame, which is also the still image of
        // viewers without animation, has only an `fcTL`; all others have both.
        let sequence = |chunk: u32| (2 * number + chunk).saturating_sub(1).to_be_bytes();
        let (first, rect) = (number == 0, patch.rect);
        let mut control = sequence(u32::from(first)).to_vec();
        for side in [rect.width(), rect.height(), rect.left as u32, rect.top as u32] {
            control.extend(side.to_be_bytes());
        }
        control.extend([delay.numerator.to_be_bytes(), delay.denominator.to_be_bytes()].as_flattened());
        let blend = if patch.blends { BlendOp::Over } else { BlendOp::Source };
        control.extend([DisposeOp::None as u8, blend as u8]);
        let pixels = deflate_rows(&color_type.pack_rows(&patch)?, color_type.row_bytes(rect.width()))?;
        write_chunks(|out| {
            out.write_chunk(fcTL, &control)?;
            if first {
                out.write_chunk(IDAT, &pixels)
            } else {
                out.write_chunk(fdAT, &[&sequence(1), &*pixels].concat())
            }
        })
    }
}

/// Color type for a film. Films of several frames contain transparent gaps where pixels do not change.
fn color_type_for(statistics: &FilmStatistics) -> PngColorType {
    if statistics.is_approximate {
        return PngColorType::Alpha;
    }
    let colors = statistics.colors.iter().map(|&(color, _)| color).collect();
    PngColorType::for_colors(colors, statistics.distinct_frames > 1)
}

/// Bytes before the first frame.
fn header(size: (u32, u32), statistics: &FilmStatistics, plays: LoopCount) -> Result<Vec<u8>, EncodeError> {
    check_size("APNG", size)?;
    if statistics.distinct_frames == 0 {
        return Err(NO_FRAMES);
    }
    let mut file = Vec::new();
    let mut out = Encoder::new(&mut file, size.0, size.1);
    color_type_for(statistics).configure(&mut out);
    out.set_animated(statistics.distinct_frames, play_count(plays))?;
    drop(out.write_header()?);
    file.truncate(file.len() - IEND_BYTES);
    Ok(file)
}

/// Bytes after the last frame: a text chunk with the stamp, and the end chunk.
fn trailer(stamp: Option<Stamp>) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = write_chunks(|out| write_stamp(out, stamp))?;
    bytes.extend_from_slice(b"\0\0\0\0IEND\xae\x42\x60\x82");
    Ok(bytes)
}

/// Length of the signature and the `IHDR` chunk, and length of the `IEND` chunk.
const PREAMBLE_BYTES: usize = 8 + 25;
const IEND_BYTES: usize = 12;

/// Length of the fields of a chunk before its data (length and name) and after it (checksum).
const CHUNK_HEADER_BYTES: usize = 8;
const CRC_BYTES: usize = 4;

/// Chunks that `png` writes, without the signature, `IHDR` and `IEND` around them. The `png` crate cannot begin an
/// animation without its first frame, so the file is assembled here.
fn write_chunks(
    write: impl FnOnce(&mut Writer<&mut Vec<u8>>) -> Result<(), EncodingError>,
) -> Result<Vec<u8>, EncodeError> {
    let mut file = Vec::new();
    let mut out = Encoder::new(&mut file, 1, 1).write_header()?;
    write(&mut out)?;
    // Dropping the writer writes `IEND`; finishing it would require image data.
    drop(out);
    file.truncate(file.len() - IEND_BYTES);
    Ok(file.split_off(PREAMBLE_BYTES))
}

/// Compresses rows of `row` bytes each. The rows are written as a grayscale picture with one byte per pixel, and the
/// data of its only `IDAT` chunk is returned.
fn deflate_rows(rows: &[u8], row: usize) -> Result<Vec<u8>, EncodeError> {
    let width = u32::try_from(row).map_err(|_| FRAME_TOO_LARGE)?;
    let mut file = Vec::new();
    let mut out = Encoder::new(&mut file, width, (rows.len() / row) as u32);
    out.set_compression(Compression::High);
    out.set_filter(Filter::NoFilter);
    out.set_color(ColorType::Grayscale);
    let mut out = out.write_header()?;
    out.write_image_data(rows)?;
    drop(out);
    file.truncate(file.len() - IEND_BYTES - CRC_BYTES);
    let pixels = file.split_off(PREAMBLE_BYTES + CHUNK_HEADER_BYTES);
    let is_single_chunk =
        file[PREAMBLE_BYTES..] == [&(pixels.len() as u32).to_be_bytes(), &IDAT.0[..]].concat();
    if is_single_chunk { Ok(pixels) } else { Err(FRAME_TOO_LARGE) }
}

/// Error of a frame whose pixels do not fit one chunk.
const FRAME_TOO_LARGE: EncodeError =
    EncodeError::Film("a frame takes more than the 2 GiB that a chunk of an APNG holds; make smaller frames");

/// Number of plays as APNG stores it; 0 means forever.
fn play_count(plays: LoopCount) -> u32 {
    match plays {
        LoopCount::Forever => 0,
        LoopCount::Times(times) => times.max(1),
    }
}
