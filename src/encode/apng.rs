//! APNG: every color exactly, and of every frame only what changes.
//!
//! A PNG says colors in one way from its first frame to its last, and what its pixels may be the census of the
//! film knows (`png_color_type`). Rows are not filtered: on flat colors with clear gaps, deflate does better on the bytes
//! themselves (by a quarter) than on their differences.

use std::borrow::Cow;
use std::io::Write;

use png::chunk::{IDAT, fcTL, fdAT};
use png::{BlendOp, ColorType, Compression, DisposeOp, Encoder, EncodingError, Filter, Writer};

use super::canvas::Canvas;
use super::color_patch::Patch;
use super::delay;
use super::delta::{self, Span};
use super::encoder::{FilmEncoder, Format, Showing};
use super::png::{check_size, write_stamp};
use super::png_color_type::PngColorType;
use super::survey::NO_FRAME;
use super::{Census, EncodeError};
use crate::raster::Rgba;
use crate::stamp::Stamp;
use crate::timing::LoopCount;
use crate::timing::ticks::{self, TickRounder};

/// Writes a film as an animated PNG.
pub type ApngEncoder<W> = FilmEncoder<W, Apng>;

/// APNG, as [`ApngEncoder`] writes it.
pub struct Apng {
    clock: TickRounder,
    coloring: PngColorType,
    /// Frames that the header announces, and those that stand in the file so far.
    announced: u32,
    written: u32,
}

/// A frame of which all is known: its number in the file, and its delay as a fraction of seconds.
pub(super) struct Timed {
    patch: Patch,
    number: u32,
    delay: (u16, u16),
}

impl<W: Write> ApngEncoder<W> {
    /// Begins a film of this size in pixels, whose frames `census` has counted; a `&mut` writer can be used
    /// again afterwards.
    ///
    /// # Errors
    /// If PNG cannot hold the size, the film has no frame, or the writer fails.
    pub fn new(writer: W, size: (u32, u32), census: &Census, plays: LoopCount) -> Result<Self, EncodeError> {
        let header = header(size, census, plays)?;
        let clock = TickRounder::new(ticks::APNG_TICKS);
        let (coloring, announced) = (coloring(census), census.distinct_frames);
        let mut encoder = Self::of(writer, size, Apng { clock, coloring, announced, written: 0 });
        encoder.write_all(&header)?;
        Ok(encoder)
    }

    /// Ends the film and hands the last byte to the writer.
    ///
    /// # Errors
    /// If there were fewer frames than the census counted, the last one is shown for too short or long a
    /// time, or the writer fails.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        self.end()?;
        let Apng { announced, written, .. } = self.format;
        if written < announced {
            return Err(EncodeError::FrameCount { announced, came: written });
        }
        self.write_all(&trailer(self.stamp)?)?;
        Ok(self.out.flush()?)
    }
}

impl Format for Apng {
    type CanvasPixel = Rgba;
    type Patch = Patch;
    type Timed = Timed;
    type Coder = PngColorType;

    /// So many as were counted are announced.
    const ANNOUNCED: bool = true;

    fn coder(&self) -> PngColorType {
        self.coloring.clone()
    }

    fn shades<'a>(&mut self, colors: &'a [Rgba]) -> Cow<'a, [Rgba]> {
        Cow::Borrowed(colors)
    }

    fn patch(&self, canvas: &Canvas<Rgba>, before: Option<&mut Timed>, changed: Vec<Span>) -> Patch {
        match before {
            None => Patch::whole(canvas.bounds(), |span| canvas.row(span)),
            Some(_) if changed.is_empty() => Patch::nothing(),
            Some(_) => Patch::of(canvas, delta::bounds(&changed), &changed),
        }
    }

    fn timed(&mut self, patch: Patch, showing: Showing) -> Result<Vec<Timed>, EncodeError> {
        let number = self.written;
        if number == self.announced {
            return Err(EncodeError::FrameCount { announced: number, came: number + 1 });
        }
        let delay = match delay::apng_fraction(&mut self.clock, showing.until) {
            Err(EncodeError::FrameTooShort { milliseconds, .. }) if showing.alone => {
                (milliseconds as u16, ticks::APNG_TICKS as u16)
            }
            fraction => fraction?,
        };
        self.written += 1;
        Ok(vec![Timed { patch, number, delay }])
    }

    fn bytes(frame: &Timed) -> usize {
        frame.patch.bytes()
    }

    /// Its chunks: what is said of it, and its pixels.
    fn code(coloring: &mut PngColorType, frame: Timed) -> Result<Vec<u8>, EncodeError> {
        let Timed { patch, number, delay } = frame;
        // Chunks count from 0, and all frames but the first, which is what viewers without animation show, have two.
        let sequence = |chunk: u32| (2 * number + chunk).saturating_sub(1).to_be_bytes();
        let (first, rect) = (number == 0, patch.rect);
        let mut control = sequence(u32::from(first)).to_vec();
        for side in [rect.width(), rect.height(), rect.left as u32, rect.top as u32] {
            control.extend(side.to_be_bytes());
        }
        control.extend([delay.0.to_be_bytes(), delay.1.to_be_bytes()].as_flattened());
        let blend = if patch.over { BlendOp::Over } else { BlendOp::Source };
        control.extend([DisposeOp::None as u8, blend as u8]);
        let pixels = deflated(&coloring.rows(&patch)?, coloring.row_bytes(rect.width()))?;
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

/// How the colors of a film are said; all but a single frame have gaps that are clear.
fn coloring(census: &Census) -> PngColorType {
    if census.coarse {
        return PngColorType::Alpha;
    }
    let colors = census.colors.iter().map(|&(color, _)| color).collect();
    PngColorType::of(colors, census.distinct_frames > 1)
}

/// All that stands before the first frame.
fn header(size: (u32, u32), census: &Census, plays: LoopCount) -> Result<Vec<u8>, EncodeError> {
    check_size("APNG", size)?;
    if census.distinct_frames == 0 {
        return Err(NO_FRAME);
    }
    let mut file = Vec::new();
    let mut out = Encoder::new(&mut file, size.0, size.1);
    coloring(census).tell(&mut out);
    out.set_animated(census.distinct_frames, repetitions(plays))?;
    drop(out.write_header()?);
    file.truncate(file.len() - END);
    Ok(file)
}

/// All that stands behind the last frame: a text that holds the stamp, and the file's end.
fn trailer(stamp: Option<Stamp>) -> Result<Vec<u8>, EncodeError> {
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
    let mut out = Encoder::new(&mut file, 1, 1).write_header()?;
    write(&mut out)?;
    // A writer that is dropped ends the picture; one that is finished wants pixels first.
    drop(out);
    file.truncate(file.len() - END);
    Ok(file.split_off(BEGINNING))
}

/// Rows of so many bytes, as the only chunk of a picture that holds nothing else says them: a grey one, for it has a
/// byte a pixel.
fn deflated(rows: &[u8], row: usize) -> Result<Vec<u8>, EncodeError> {
    let width = u32::try_from(row).map_err(|_| TOO_LARGE)?;
    let mut file = Vec::new();
    let mut out = Encoder::new(&mut file, width, (rows.len() / row) as u32);
    out.set_compression(Compression::High);
    out.set_filter(Filter::NoFilter);
    out.set_color(ColorType::Grayscale);
    let mut out = out.write_header()?;
    out.write_image_data(rows)?;
    drop(out);
    file.truncate(file.len() - END - SUM);
    let pixels = file.split_off(BEGINNING + HEAD);
    let whole = file[BEGINNING..] == [&(pixels.len() as u32).to_be_bytes(), &IDAT.0[..]].concat();
    if whole { Ok(pixels) } else { Err(TOO_LARGE) }
}

const TOO_LARGE: EncodeError =
    EncodeError::Film("a frame takes more than the 2 GiB that a chunk of an APNG holds; make smaller frames");

/// APNG stores how often a film plays, and 0 for ever.
fn repetitions(plays: LoopCount) -> u32 {
    match plays {
        LoopCount::Forever => 0,
        LoopCount::Times(times) => times.max(1),
    }
}
