//! GIF: one palette, and of every frame only what changes.
//!
//! The encoder keeps the canvas as palette indices and holds one frame back, for two reasons: a frame
//! that looks the same only lengthens the one before, and where something opaque becomes clear the frame
//! *before* must say that its place is cleared after it. Unchanged pixels inside a frame's rectangle are
//! free: the coder writes them as transparent or as they are. Every step of time is one frame:
//! browsers stretch delays of zero to a tenth of a second.

use std::io::Write;

use gif::{DisposalMethod, Encoder, Extension, Repeat};

use super::changes::{Change, Colours};
use super::delta::{self, Span};
use super::lzw::{Cells, Coder};
use super::nearest::Nearest;
use super::plane::{ONE_PIXEL, Patch, Plane};
use super::stretch::{Encode, Stretch};
use super::survey::NO_FRAME;
use super::time::{self, Clock};
use super::{EncodeError, Frame, Palette, Plays, Stamp};
use crate::hands;

/// Frames wait for their coding until there are this many for each thread, or so many pixels in all.
const BATCH: usize = 4;
const BATCH_PIXELS: usize = 3 << 20;

/// Writes a film frame by frame. It must be finished: a dropped encoder leaves a truncated film.
pub struct GifEncoder<W: Write> {
    out: W,
    /// Makes the file's blocks, in memory.
    blocks: Encoder<Vec<u8>>,
    /// Which frames are written.
    stretch: Stretch,
    nearest: Nearest,
    clock: Clock,
    /// The canvas after the frame that is held back.
    shown: Plane,
    /// The canvas after the frame that is pushed; equal to `shown` in between.
    next: Plane,
    held: Option<Held>,
    /// Frames that wait for their coding, in order.
    waiting: Vec<Waiting>,
    /// One for each thread.
    coders: Vec<Coder>,
    stamp: Option<Stamp>,
}

/// A frame whose end is not known yet.
struct Held {
    patch: Patch,
    /// The frame in which it first shows.
    begun: usize,
    until: f64,
}

/// A frame of which all is known.
struct Waiting {
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
    pub fn new(mut writer: W, size: (u32, u32), palette: Palette, plays: Plays) -> Result<Self, EncodeError> {
        writer.write_all(&header(size, &palette, plays)?)?;
        Self::amid(writer, size, palette, Stretch::WHOLE)
    }

    /// Writes the frames of a stretch, and nothing before or after them.
    pub(crate) fn amid(
        writer: W,
        size: (u32, u32),
        palette: Palette,
        stretch: Stretch,
    ) -> Result<Self, EncodeError> {
        let mut blocks = blocks(size, &palette)?;
        blocks.get_mut().clear();
        let clear = || Plane::clear(size);
        Ok(Self {
            out: writer,
            blocks,
            stretch,
            nearest: Nearest::new(palette),
            clock: Clock::new(time::GIF_TICKS),
            shown: clear(),
            next: clear(),
            held: None,
            waiting: Vec::new(),
            coders: vec![Coder::new()],
            stamp: None,
        })
    }

    /// Codes several frames at once; the file does not depend on how many.
    #[must_use]
    pub fn on_threads(mut self, threads: usize) -> Self {
        self.coders.resize_with(threads.max(1), Coder::new);
        self
    }

    /// Ends the file with a comment that says what it was made from.
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
        let bounds = self.shown.bounds();
        let (film, size) = ((bounds.width(), bounds.height()), (frame.image.width(), frame.image.height()));
        if film != size {
            return Err(EncodeError::FrameSize { film, frame: size });
        }
        let rects = if self.held.is_none() { &[bounds][..] } else { frame.changed };
        let spans = delta::rows(rects, bounds);
        for &span in &spans {
            let row = frame.image.row(span.y, span.left, span.right);
            self.nearest.map(row, self.next.row_mut(span));
        }
        self.advance(spans, frame.until)
    }

    /// Ends the film and hands the last byte to the writer.
    ///
    /// # Errors
    /// If no frame was pushed, the last one is shown for too short or long a time, or the writer fails.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        self.end()?;
        self.out.write_all(&trailer(self.stamp))?;
        Ok(self.out.flush()?)
    }

    /// The next canvas is complete; it differs from the one that is shown in `spans` at most.
    fn advance(&mut self, mut spans: Vec<Span>, until: f64) -> Result<(), EncodeError> {
        let begun = self.stretch.advance();
        let mut fixed = self.changes(&spans);
        let rect = match self.held.take() {
            None => self.shown.bounds(),
            Some(held) if fixed.is_empty() => {
                self.held = Some(Held { until, ..held });
                return Ok(());
            }
            Some(held) => {
                self.release(held, &mut spans, &mut fixed)?;
                if fixed.is_empty() { ONE_PIXEL } else { delta::bounds(&fixed) }
            }
        };
        let patch = Patch::of(&self.next, rect, &fixed);
        for span in spans {
            self.shown.row_mut(span).copy_from_slice(self.next.row(span));
        }
        self.held = Some(Held { patch, begun, until });
        Ok(())
    }

    /// Writes the frame held back, now that the next canvas is known. Where opaque pixels become clear, the
    /// frame is widened over them and cleared after it was shown; `spans` and `fixed` are then those of what
    /// is left.
    fn release(
        &mut self,
        held: Held,
        spans: &mut Vec<Span>,
        fixed: &mut Vec<Span>,
    ) -> Result<(), EncodeError> {
        let begun = held.begun;
        let (mut patch, delay) = self.begin(held, false)?;
        let erased: Vec<Span> = fixed.iter().filter_map(|&span| self.cleared(span)).collect();
        if erased.is_empty() {
            return self.write(begun, Waiting { patch, delay, dispose: DisposalMethod::Keep });
        }
        patch = patch.widened(delta::bounds(&erased));
        for span in delta::rows(&[patch.rect], self.shown.bounds()) {
            self.shown.row_mut(span).fill(Palette::CLEAR);
        }
        *spans = delta::rows(&[patch.rect.union(&delta::bounds(fixed))], self.shown.bounds());
        *fixed = self.changes(spans);
        self.write(begun, Waiting { patch, delay, dispose: DisposalMethod::Background })
    }

    /// Splits a delay that sixteen bits cannot say: all parts but the last are written, the frame first and
    /// then frames that change nothing. Returns what is left to write and for how long.
    fn begin(&mut self, held: Held, last: bool) -> Result<(Patch, u16), EncodeError> {
        let Held { mut patch, begun, until } = held;
        let delay = self.clock.advance(until);
        // A single frame does not move, so no viewer cares how briefly it is shown.
        if let (0, true, Ok(delay)) = (begun, last, u16::try_from(delay)) {
            return Ok((patch, delay));
        }
        let mut parts = match time::gif_parts(delay) {
            // Whoever writes the frame tells what is wrong with it; here it may be known only by halves.
            Err(_) if !self.stretch.holds(begun) => Vec::new(),
            parts => parts?,
        };
        let rest = parts.pop().unwrap_or(0);
        for part in parts {
            self.write(begun, Waiting { patch, delay: part, dispose: DisposalMethod::Keep })?;
            patch = Patch { rect: ONE_PIXEL, cells: vec![Palette::CLEAR], fixed: Vec::new() };
        }
        Ok((patch, rest))
    }

    /// Hands a frame that first shows at `begun` over to be coded and written, unless another writes it.
    fn write(&mut self, begun: usize, frame: Waiting) -> Result<(), EncodeError> {
        if !self.stretch.holds(begun) {
            return Ok(());
        }
        self.waiting.push(frame);
        let threads = self.coders.len();
        let pixels = || self.waiting.iter().map(|waiting| waiting.patch.cells.len()).sum::<usize>();
        if threads == 1 || self.waiting.len() >= BATCH * threads || pixels() >= BATCH_PIXELS {
            self.write_waiting()?;
        }
        Ok(())
    }

    /// Codes and writes the frames that wait.
    fn write_waiting(&mut self) -> Result<(), EncodeError> {
        let waiting = std::mem::take(&mut self.waiting);
        let blocks = code(&waiting, &mut self.coders);
        for (Waiting { patch, delay, dispose }, block) in waiting.into_iter().zip(blocks) {
            let rect = patch.rect;
            // Some decoders clear to an opaque background unless the frame, or even the first one, has a
            // transparent index.
            let transparent = self.nearest.palette().has_clear() || patch.is_clear_anywhere();
            self.blocks.write_lzw_pre_encoded_frame(&gif::Frame {
                delay,
                dispose,
                transparent: transparent.then_some(Palette::CLEAR),
                left: rect.left as u16,
                top: rect.top as u16,
                width: rect.width() as u16,
                height: rect.height() as u16,
                buffer: block.into(),
                ..gif::Frame::default()
            })?;
            self.out.write_all(self.blocks.get_ref())?;
            self.blocks.get_mut().clear();
        }
        Ok(())
    }

    /// The part of a span between the first and the last cell that is clear in the next canvas.
    fn cleared(&self, span: Span) -> Option<Span> {
        let row = self.next.row(span);
        let clear = |index: &u8| *index == Palette::CLEAR;
        let (first, last) = (row.iter().position(clear)?, row.iter().rposition(clear)?);
        Some(Span { left: span.left + first as i32, right: span.left + last as i32 + 1, ..span })
    }

    /// What really changes inside `spans`.
    fn changes(&self, spans: &[Span]) -> Vec<Span> {
        delta::differences(spans, |span| (self.shown.row(span), self.next.row(span)))
    }
}

impl<W: Write> Encode for GifEncoder<W> {
    fn push_change(&mut self, change: Change<'_>, until: f64) -> Result<(), EncodeError> {
        let width = self.next.width;
        let mut spans = Vec::new();
        for run in change.runs() {
            let cells = &mut self.next.cells[run.at..run.at + run.length];
            match run.colours {
                Colours::All(colour) => cells.fill(self.nearest.index(colour)),
                Colours::Each(colours) => self.nearest.map(colours, cells),
            }
            let left = (run.at % width) as i32;
            spans.push(Span { y: (run.at / width) as i32, left, right: left + run.length as i32 });
        }
        self.advance(spans, until)
    }

    fn is_done(&self) -> bool {
        self.held.as_ref().is_some_and(|held| self.stretch.ends_before(held.begun))
    }

    fn end(&mut self) -> Result<(), EncodeError> {
        let held = self.held.take().ok_or(NO_FRAME)?;
        let begun = held.begun;
        let (patch, delay) = self.begin(held, true)?;
        self.write(begun, Waiting { patch, delay, dispose: DisposalMethod::Keep })?;
        self.write_waiting()
    }
}

/// All that stands before the first frame.
pub(crate) fn header(size: (u32, u32), palette: &Palette, plays: Plays) -> Result<Vec<u8>, EncodeError> {
    let repeat = repetitions(plays)?;
    let mut blocks = blocks(size, palette)?;
    if let Some(repeat) = repeat {
        blocks.set_repeat(repeat)?;
    }
    Ok(std::mem::take(blocks.get_mut()))
}

/// All that stands behind the last frame: a comment that holds the stamp, and the file's last byte.
pub(crate) fn trailer(stamp: Option<Stamp>) -> Vec<u8> {
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

/// What makes blocks; it has made those of the size and the palette.
fn blocks(size: (u32, u32), palette: &Palette) -> Result<Encoder<Vec<u8>>, EncodeError> {
    let (width, height) = (gif_length(size.0, size)?, gif_length(size.1, size)?);
    let mut table = vec![[0; 3]];
    table.extend(palette.colours());
    Ok(Encoder::new(Vec::new(), width, height, table.as_flattened())?)
}

/// The code streams of some frames, each coded by whichever coder is free.
fn code(waiting: &[Waiting], coders: &mut [Coder]) -> Vec<Vec<u8>> {
    hands::each(coders, waiting.len(), |coder, index| {
        let Patch { cells, fixed, .. } = &waiting[index].patch;
        coder.encode(&Cells { indices: cells, fixed })
    })
}

fn gif_length(length: u32, size: (u32, u32)) -> Result<u16, EncodeError> {
    let most = u32::from(u16::MAX);
    match u16::try_from(length) {
        Ok(length) if length > 0 => Ok(length),
        _ => Err(EncodeError::Size { format: "GIF", size, most }),
    }
}

/// GIF stores how often a film is played again, nothing for once, and 0 for ever.
fn repetitions(plays: Plays) -> Result<Option<Repeat>, EncodeError> {
    match plays {
        Plays::Forever => Ok(Some(Repeat::Infinite)),
        Plays::Times(0 | 1) => Ok(None),
        Plays::Times(times) => match u16::try_from(times - 1) {
            Ok(again) => Ok(Some(Repeat::Finite(again))),
            Err(_) => Err(EncodeError::Film("GIF counts up to 65536 plays; `loop = true` plays for ever")),
        },
    }
}
