//! GIF: one palette, and of every frame only what changes.
//!
//! The canvas is kept as palette indices. Where something opaque becomes clear, the frame *before* must say
//! that its place is cleared after it. Unchanged pixels inside a frame's rectangle are free: the coder writes them as transparent or as they are. Every step of time is one frame:
//! browsers stretch delays of zero to a tenth of a second.

use std::borrow::Cow;
use std::io::Write;

use gif::{DisposalMethod, Encoder, Extension, Repeat};

use super::canvas::{Canvas, ONE_PIXEL};
use super::delay;
use super::delta::{self, Span};
use super::encoder::{FilmEncoder, Format, Showing};
use super::indexed_patch::Patch;
use super::lzw::Coder;
use super::palette_map::PaletteMap;
use super::{EncodeError, Palette};
use crate::raster::Rgba;
use crate::stamp::Stamp;
use crate::timing::LoopCount;
use crate::timing::ticks::{self, TickRounder};

/// Writes a film as a GIF.
pub type GifEncoder<W> = FilmEncoder<W, Gif>;

/// GIF, as [`GifEncoder`] writes it.
pub struct Gif {
    nearest: PaletteMap,
    clock: TickRounder,
}

/// A frame of which all is known.
pub(super) struct Timed {
    patch: Patch,
    delay: u16,
    dispose: DisposalMethod,
}

impl<W: Write> GifEncoder<W> {
    /// Begins a film of this size in pixels; a `&mut` writer can be used again afterwards.
    ///
    /// # Errors
    /// If GIF cannot hold the size (1 to 65535 each) or the number of plays (up to 65536), or the writer
    /// fails.
    pub fn new(writer: W, size: (u32, u32), palette: Palette, plays: LoopCount) -> Result<Self, EncodeError> {
        let header = header(size, &palette, plays)?;
        let (nearest, clock) = (PaletteMap::new(palette), TickRounder::new(ticks::GIF_TICKS));
        let mut encoder = Self::of(writer, size, Gif { nearest, clock });
        encoder.write_all(&header)?;
        Ok(encoder)
    }

    /// Ends the film and hands the last byte to the writer.
    ///
    /// # Errors
    /// If no frame was pushed, the last one is shown for too short or long a time, or the writer fails.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        self.end()?;
        self.write_all(&trailer(self.stamp))?;
        Ok(self.out.flush()?)
    }
}

impl Format for Gif {
    type CanvasPixel = u8;
    type Patch = Patch;
    type Timed = Timed;
    type Coder = (Coder, bool);

    const ANNOUNCED: bool = false;

    fn coder(&self) -> (Coder, bool) {
        (Coder::new(), self.nearest.palette().has_clear())
    }

    fn shades<'a>(&mut self, colors: &'a [Rgba]) -> Cow<'a, [u8]> {
        self.nearest.indices(colors).into()
    }

    fn patch(&self, canvas: &Canvas<u8>, before: Option<&mut Timed>, mut changed: Vec<Span>) -> Patch {
        let (rect, memory) = match before {
            None => (canvas.bounds(), Vec::new()),
            Some(before) => {
                changed = dispose(canvas, before, changed);
                let rect = if changed.is_empty() { ONE_PIXEL } else { delta::bounds(&changed) };
                // What it holds is settled now.
                (rect, before.patch.cells.pack())
            }
        };
        Patch::of(canvas, rect, &changed, memory)
    }

    /// A delay that sixteen bits cannot say is split: the frame comes first, and then frames that change nothing.
    fn timed(&mut self, mut patch: Patch, showing: Showing) -> Result<Vec<Timed>, EncodeError> {
        let delay = self.clock.advance(showing.until);
        let delays = match delay::split_gif_delay(delay) {
            Err(EncodeError::FrameTooShort { .. }) if showing.alone => vec![delay as u16],
            delays => delays?,
        };
        let frame = |delay| {
            let patch = std::mem::replace(&mut patch, Patch::nothing());
            Timed { patch, delay, dispose: DisposalMethod::Keep }
        };
        Ok(delays.into_iter().map(frame).collect())
    }

    fn bytes(frame: &Timed) -> usize {
        frame.patch.cells.indices().len()
    }

    fn code((coder, clear): &mut (Coder, bool), frame: Timed) -> Result<Vec<u8>, EncodeError> {
        let Timed { patch, delay, dispose } = frame;
        let code = coder.encode(&patch.cells);
        // Some decoders clear to an opaque background unless the frame, or even the first one, has a
        // transparent index.
        let (rect, transparent) = (patch.rect, *clear || patch.is_clear_anywhere());
        // A writer of blocks wants to begin with some file's header.
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

/// Where opaque pixels become clear, the frame before is widened over them and cleared after it was shown. Returns
/// where the canvas differs from what is left.
fn dispose(canvas: &Canvas<u8>, before: &mut Timed, changed: Vec<Span>) -> Vec<Span> {
    let erased: Vec<Span> = changed.iter().filter_map(|&span| cleared(canvas, span)).collect();
    if erased.is_empty() {
        return changed;
    }
    before.dispose = DisposalMethod::Background;
    before.patch.widen(delta::bounds(&erased));
    let rect = before.patch.rect;
    let mut differing: Vec<Span> = changed.into_iter().flat_map(|span| span.outside(rect)).collect();
    for span in delta::rows(&[rect], canvas.bounds()) {
        let row = canvas.row(span);
        let nothing = vec![Palette::CLEAR; row.len()];
        delta::stretches(&nothing, row, |from, to| differing.push(span.part(from, to)));
    }
    delta::in_order(differing)
}

/// The part of a span between the first and the last cell that is clear.
fn cleared(canvas: &Canvas<u8>, span: Span) -> Option<Span> {
    let row = canvas.row(span);
    let clear = |index: &u8| *index == Palette::CLEAR;
    let (first, last) = (row.iter().position(clear)?, row.iter().rposition(clear)?);
    Some(span.part(first, last + 1))
}

/// All that stands before the first frame.
fn header(size: (u32, u32), palette: &Palette, plays: LoopCount) -> Result<Vec<u8>, EncodeError> {
    let repeat = repetitions(plays)?;
    let (width, height) = (gif_length(size.0, size)?, gif_length(size.1, size)?);
    let mut table = vec![[0; 3]];
    table.extend(palette.colors());
    let mut blocks = Encoder::new(Vec::new(), width, height, table.as_flattened())?;
    if let Some(repeat) = repeat {
        blocks.set_repeat(repeat)?;
    }
    Ok(std::mem::take(blocks.get_mut()))
}

/// All that stands behind the last frame: a comment that holds the stamp, and the file's last byte.
fn trailer(stamp: Option<Stamp>) -> Vec<u8> {
    let words = stamp.map(|stamp| stamp.to_string()).unwrap_or_default();
    let mut bytes = Vec::new();
    if !words.is_empty() {
        // Words of fewer than 256 bytes are one block, after which comes its end.
        bytes.extend([b'!', Extension::Comment as u8, words.len() as u8]);
        bytes.extend(words.bytes().chain([0]));
    }
    bytes.push(b';');
    bytes
}

fn gif_length(length: u32, size: (u32, u32)) -> Result<u16, EncodeError> {
    let most = u32::from(u16::MAX);
    match u16::try_from(length) {
        Ok(length) if length > 0 => Ok(length),
        _ => Err(EncodeError::Size { format: "GIF", size, most }),
    }
}

/// GIF stores how often a film is played again, nothing for once, and 0 for ever.
fn repetitions(plays: LoopCount) -> Result<Option<Repeat>, EncodeError> {
    match plays {
        LoopCount::Forever => Ok(Some(Repeat::Infinite)),
        LoopCount::Times(0 | 1) => Ok(None),
        LoopCount::Times(times) => match u16::try_from(times - 1) {
            Ok(again) => Ok(Some(Repeat::Finite(again))),
            Err(_) => Err(EncodeError::Film("GIF counts up to 65536 plays; `loop = true` plays for ever")),
        },
    }
}
