//! GIF: one palette, and only the changed pixels of each frame.
//!
//! The canvas holds palette indices. GIF cannot make an opaque pixel clear; instead, the frame *before* is marked to be
//! cleared after its delay. Unchanged pixels inside the rectangle of a frame are free: each is written as
//! transparent or with its own index, whichever compresses better (`free_pixels`). No frame has a delay of zero, because browsers
//! stretch it to a tenth of a second.

use std::borrow::Cow;
use std::io::Write;

use gif::{DisposalMethod, Encoder, Extension, Repeat};

use super::canvas::{Canvas, ONE_PIXEL};
use super::delay;
use super::delta::{self, Span};
use super::encoder::{FilmEncoder, Format, FrameTiming};
use super::free_pixels::FreePixelChooser;
use super::indexed_patch::IndexedPatch;
use super::lzw::LzwEncoder;
use super::palette_map::PaletteMap;
use super::{EncodeError, Palette};
use crate::raster::Rgba;
use crate::stamp::Stamp;
use crate::timing::LoopCount;
use crate::timing::ticks::{self, TickRounder};

/// Encoder of a film as a GIF.
pub type GifEncoder<W> = FilmEncoder<W, Gif>;

/// The GIF format of [`GifEncoder`].
pub struct Gif {
    palette_map: PaletteMap,
    rounder: TickRounder,
    free_pixels: FreePixelChooser,
}

/// A frame with its delay in hundredths of a second.
pub(super) struct TimedFrame {
    patch: IndexedPatch,
    delay: u16,
    dispose: DisposalMethod,
}

/// State of an encoding thread.
pub(super) struct Coder {
    lzw: LzwEncoder,
    /// Whether the film has clear pixels.
    has_clear: bool,
}

impl<W: Write> GifEncoder<W> {
    /// Writes the header of a film of `size` (width, height) pixels. A `&mut` writer can be used again afterwards.
    ///
    /// # Errors
    /// If GIF cannot store the size (1 to 65535 each) or the number of plays (up to 65536), or the writer fails.
    pub fn new(writer: W, size: (u32, u32), palette: Palette, plays: LoopCount) -> Result<Self, EncodeError> {
        let header = header(size, &palette, plays)?;
        let (palette_map, rounder) = (PaletteMap::new(palette), TickRounder::new(ticks::GIF_TICKS));
        let free_pixels = FreePixelChooser::new();
        let mut encoder = Self::with_format(writer, size, Gif { palette_map, rounder, free_pixels });
        encoder.write_all(&header)?;
        Ok(encoder)
    }

    /// Writes the remaining frames and the end of the file, and flushes the writer.
    ///
    /// # Errors
    /// If no frame was pushed, the delay of the last frame is too short or too long, or the writer fails.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        self.finish_frames()?;
        self.write_all(&trailer(self.stamp))?;
        Ok(self.out.flush()?)
    }
}

impl Format for Gif {
    type CanvasPixel = u8;
    type Patch = IndexedPatch;
    type TimedFrame = TimedFrame;
    type Coder = Coder;

    const HEADER_COUNTS_FRAMES: bool = false;

    fn new_coder(&self) -> Coder {
        Coder { lzw: LzwEncoder::new(), has_clear: self.palette_map.palette().has_clear() }
    }

    fn map_colors<'a>(&mut self, colors: &'a [Rgba]) -> Cow<'a, [u8]> {
        self.palette_map.indices(colors).into()
    }

    fn next_patch(
        &self,
        canvas: &Canvas<u8>,
        before: Option<&mut TimedFrame>,
        mut changed: Vec<Span>,
    ) -> IndexedPatch {
        let (rect, buffer) = match before {
            None => (canvas.bounds(), Vec::new()),
            Some(before) => {
                changed = dispose_before(canvas, before, changed);
                let rect = if changed.is_empty() { ONE_PIXEL } else { delta::bounding_rect(&changed) };
                // The rectangle before is final, so indices that the encoder does not read can be omitted.
                (rect, before.patch.indices.pack())
            }
        };
        IndexedPatch::changed(canvas, rect, &changed, buffer)
    }

    /// Splits a delay that exceeds 16 bits: the patch comes first, followed by frames that change nothing.
    fn assign_delays(
        &mut self,
        mut patch: IndexedPatch,
        timing: FrameTiming,
    ) -> Result<Vec<TimedFrame>, EncodeError> {
        let delay = self.rounder.advance(timing.end);
        let delays = match delay::split_gif_delay(delay) {
            Err(EncodeError::FrameTooShort { .. }) if timing.is_only_frame => vec![delay as u16],
            delays => delays?,
        };
        self.free_pixels.choose(&patch.indices).apply_to(&mut patch.indices);
        let frame = |delay| {
            let patch = std::mem::replace(&mut patch, IndexedPatch::unchanged());
            TimedFrame { patch, delay, dispose: DisposalMethod::Keep }
        };
        Ok(delays.into_iter().map(frame).collect())
    }

    fn queued_bytes(frame: &TimedFrame) -> usize {
        frame.patch.indices.stored().len()
    }

    fn encode_frame(coder: &mut Coder, frame: TimedFrame) -> Result<Vec<u8>, EncodeError> {
        let TimedFrame { patch, delay, dispose } = frame;
        let code = coder.lzw.encode(&patch.indices);
        // Some decoders clear to an opaque background unless the frame, or even the first frame, has a transparent
        // index.
        let (rect, transparent) = (patch.rect, coder.has_clear || patch.may_contain_clear());
        // The encoder of the `gif` crate always begins with a file header, which is discarded.
        let mut blocks = Encoder::new(Vec::new(), 1, 1, &[0; 6])?;
        blocks.get_mut().clear();
        blocks.write_lzw_pre_encoded_frame(&gif::Frame {
            delay,
            dispose,
            transparent: transparent.then_some(Palette::CLEAR),
            left: rect.left as u16,
            top: rect.top as u16,
            width: rect.width() as u16,
            height: rect.height() as u16,
            buffer: code.into(),
            ..gif::Frame::default()
        })?;
        Ok(std::mem::take(blocks.get_mut()))
    }
}

/// If opaque pixels become clear, widens the frame before over them and marks it to be cleared. Returns the spans in
/// which the canvas differs from what remains.
fn dispose_before(canvas: &Canvas<u8>, before: &mut TimedFrame, changed: Vec<Span>) -> Vec<Span> {
    let erased: Vec<Span> = changed.iter().filter_map(|&span| cleared_part(canvas, span)).collect();
    if erased.is_empty() {
        return changed;
    }
    before.dispose = DisposalMethod::Background;
    before.patch.widen(delta::bounding_rect(&erased));
    let rect = before.patch.rect;
    let mut differing: Vec<Span> = changed.into_iter().flat_map(|span| span.outside(rect)).collect();
    for span in delta::row_spans(&[rect], canvas.bounds()) {
        let row = canvas.row(span);
        let nothing = vec![Palette::CLEAR; row.len()];
        delta::for_each_difference(&nothing, row, |from, to| differing.push(span.subspan(from, to)));
    }
    delta::sort_and_join(differing)
}

/// Part of a span from its first to its last clear pixel.
fn cleared_part(canvas: &Canvas<u8>, span: Span) -> Option<Span> {
    let row = canvas.row(span);
    let clear = |index: &u8| *index == Palette::CLEAR;
    let (first, last) = (row.iter().position(clear)?, row.iter().rposition(clear)?);
    Some(span.subspan(first, last + 1))
}

/// Bytes before the first frame.
fn header(size: (u32, u32), palette: &Palette, plays: LoopCount) -> Result<Vec<u8>, EncodeError> {
    let repeat = repeat_count(plays)?;
    let (width, height) = (check_length(size.0, size)?, check_length(size.1, size)?);
    let mut table = vec![[0; 3]];
    table.extend(palette.colors());
    let mut blocks = Encoder::new(Vec::new(), width, height, table.as_flattened())?;
    if let Some(repeat) = repeat {
        blocks.set_repeat(repeat)?;
    }
    Ok(std::mem::take(blocks.get_mut()))
}

/// Bytes after the last frame: a comment with the stamp, and the trailer byte.
fn trailer(stamp: Option<Stamp>) -> Vec<u8> {
    let text = stamp.map(|stamp| stamp.to_string()).unwrap_or_default();
    let mut bytes = Vec::new();
    if !text.is_empty() {
        // A text of less than 256 bytes is one block, followed by the block terminator.
        bytes.extend([b'!', Extension::Comment as u8, text.len() as u8]);
        bytes.extend(text.bytes().chain([0]));
    }
    bytes.push(b';');
    bytes
}

/// Converts a width or height of `size` to the 16 bits of GIF.
fn check_length(length: u32, size: (u32, u32)) -> Result<u16, EncodeError> {
    let max = u32::from(u16::MAX);
    match u16::try_from(length) {
        Ok(length) if length > 0 => Ok(length),
        _ => Err(EncodeError::Size { format: "GIF", size, max }),
    }
}

/// Number of repetitions as GIF stores it: none for a single play, infinite as 0.
fn repeat_count(plays: LoopCount) -> Result<Option<Repeat>, EncodeError> {
    match plays {
        LoopCount::Forever => Ok(Some(Repeat::Infinite)),
        LoopCount::Times(0 | 1) => Ok(None),
        LoopCount::Times(times) => match u16::try_from(times - 1) {
            Ok(again) => Ok(Some(Repeat::Finite(again))),
            Err(_) => Err(EncodeError::Film("GIF counts up to 65536 plays; `loop = true` plays for ever")),
        },
    }
}
