//! GIF: one palette, and of every frame only what changes.
//!
//! The encoder keeps the canvas as palette indices and holds one frame back, for two reasons: a frame
//! that looks the same only lengthens the one before, and where something opaque becomes clear the frame
//! *before* must say that its place is cleared after it. Unchanged pixels inside a frame's rectangle are
//! free: the coder writes them as transparent or as they are. Every step of time is one frame:
//! browsers stretch delays of zero to a tenth of a second.

use std::io::Write;
use std::ops::Range;

use gif::{DisposalMethod, Encoder, Extension, Repeat};

use super::changes::{Change, Colours};
use super::delta::{self, Span};
use super::lzw::{Cells, Coder};
use super::nearest::Nearest;
use super::survey::NO_FRAME;
use super::time::{self, Clock};
use super::{EncodeError, Frame, Palette, Plays, Stamp};
use crate::geometry::PixelRect;
use crate::hands;

/// Frames wait for their coding until there are this many for each thread, or so many pixels in all.
const BATCH: usize = 4;
const BATCH_PIXELS: usize = 3 << 20;

/// Writes a film frame by frame. It must be finished: a dropped encoder leaves a truncated film.
pub struct GifEncoder<W: Write> {
    out: Encoder<W>,
    nearest: Nearest,
    clock: Clock,
    /// The canvas after the frame that is held back.
    shown: Plane,
    /// The canvas after the frame that is pushed; equal to `shown` in between.
    next: Plane,
    held: Option<Held>,
    /// Whether the frame held back is the first that the file gets.
    first: bool,
    /// Frames that wait for their coding, in order.
    waiting: Vec<Waiting>,
    /// One for each thread.
    coders: Vec<Coder>,
    stamp: Option<Stamp>,
}

/// A frame whose end is not known yet.
struct Held {
    patch: Patch,
    until: f64,
}

/// A frame of which all is known.
struct Waiting {
    patch: Patch,
    delay: u16,
    dispose: DisposalMethod,
}

/// What one frame of the file holds: indices, of which only some are not as they were.
struct Patch {
    rect: PixelRect,
    cells: Vec<u8>,
    /// Where the cells that change lie, in order.
    fixed: Vec<Range<usize>>,
}

/// A canvas of indices.
struct Plane {
    width: usize,
    cells: Vec<u8>,
}

impl<W: Write> GifEncoder<W> {
    /// Begins a film of this size in pixels; a `&mut` writer can be used again afterwards.
    ///
    /// # Errors
    /// If GIF cannot hold the size (1 to 65535 each) or the number of plays (up to 65536), or the writer
    /// fails.
    pub fn new(writer: W, size: (u32, u32), palette: Palette, plays: Plays) -> Result<Self, EncodeError> {
        let (width, height) = (gif_length(size.0, size)?, gif_length(size.1, size)?);
        let repeat = repetitions(plays)?;
        let mut table = vec![[0; 3]];
        table.extend(palette.colours());
        let mut out = Encoder::new(writer, width, height, table.as_flattened())?;
        if let Some(repeat) = repeat {
            out.set_repeat(repeat)?;
        }
        let clear = || Plane::clear(width, height);
        Ok(Self {
            out,
            nearest: Nearest::new(palette),
            clock: Clock::new(time::GIF_TICKS),
            shown: clear(),
            next: clear(),
            held: None,
            first: true,
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

    /// Takes the next frame as what it changes; the first must name every pixel.
    pub(crate) fn push_change(&mut self, change: Change<'_>, until: f64) -> Result<(), EncodeError> {
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

    /// Ends the film and hands the last byte to the writer.
    ///
    /// # Errors
    /// If no frame was pushed, the last one is shown for too short or long a time, or the writer fails.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        let held = self.held.take().ok_or(NO_FRAME)?;
        let (patch, delay) = self.begin(held, true)?;
        self.write(patch, delay, DisposalMethod::Keep)?;
        self.write_waiting()?;
        if let Some(stamp) = self.stamp {
            self.out.write_raw_extension(Extension::Comment.into(), &[stamp.to_string().as_bytes()])?;
        }
        self.out.into_inner()?.flush()?;
        Ok(())
    }

    /// The next canvas is complete; it differs from the one that is shown in `spans` at most.
    fn advance(&mut self, mut spans: Vec<Span>, until: f64) -> Result<(), EncodeError> {
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
        self.held = Some(Held { patch, until });
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
        let (mut patch, delay) = self.begin(held, false)?;
        let erased: Vec<Span> = fixed.iter().filter_map(|&span| self.cleared(span)).collect();
        if erased.is_empty() {
            return self.write(patch, delay, DisposalMethod::Keep);
        }
        patch = patch.widened(delta::bounds(&erased));
        for span in delta::rows(&[patch.rect], self.shown.bounds()) {
            self.shown.row_mut(span).fill(Palette::CLEAR);
        }
        *spans = delta::rows(&[patch.rect.union(&delta::bounds(fixed))], self.shown.bounds());
        *fixed = self.changes(spans);
        self.write(patch, delay, DisposalMethod::Background)
    }

    /// Splits a delay that sixteen bits cannot say: all parts but the last are written, the frame first and
    /// then frames that change nothing. Returns what is left to write and for how long.
    fn begin(&mut self, held: Held, last: bool) -> Result<(Patch, u16), EncodeError> {
        let delay = self.clock.advance(held.until);
        // A single frame does not move, so no viewer cares how briefly it is shown.
        if let (true, true, Ok(delay)) = (self.first, last, u16::try_from(delay)) {
            return Ok((held.patch, delay));
        }
        let mut patch = held.patch;
        let mut parts = time::gif_parts(delay)?;
        let rest = parts.pop().unwrap_or(0);
        for part in parts {
            self.write(patch, part, DisposalMethod::Keep)?;
            patch = Patch { rect: ONE_PIXEL, cells: vec![Palette::CLEAR], fixed: Vec::new() };
        }
        Ok((patch, rest))
    }

    /// Hands a frame over to be coded and written.
    fn write(&mut self, patch: Patch, delay: u16, dispose: DisposalMethod) -> Result<(), EncodeError> {
        self.first = false;
        self.waiting.push(Waiting { patch, delay, dispose });
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
            self.out.write_lzw_pre_encoded_frame(&gif::Frame {
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

/// The code streams of some frames, each coded by whichever coder is free.
fn code(waiting: &[Waiting], coders: &mut [Coder]) -> Vec<Vec<u8>> {
    hands::each(coders, waiting.len(), |coder, index| {
        let Patch { cells, fixed, .. } = &waiting[index].patch;
        coder.encode(&Cells { indices: cells, fixed })
    })
}

/// The least that a frame can cover.
const ONE_PIXEL: PixelRect = PixelRect::of_size(1, 1);

impl Patch {
    /// What a rectangle of a canvas shows, all of it as before but what lies in the spans of `fixed`.
    fn of(canvas: &Plane, rect: PixelRect, fixed: &[Span]) -> Self {
        let width = rect.width() as usize;
        let mut cells = Vec::with_capacity(width * rect.height() as usize);
        for y in rect.top..rect.bottom {
            cells.extend_from_slice(canvas.row(Span { y, left: rect.left, right: rect.right }));
        }
        let place = |span: &Span| {
            let row = (span.y - rect.top) as usize * width;
            row + (span.left - rect.left) as usize..row + (span.right - rect.left) as usize
        };
        Self { rect, cells, fixed: fixed.iter().map(place).collect() }
    }

    /// The same on a rectangle that also covers `place`.
    fn widened(self, place: PixelRect) -> Self {
        let rect = self.rect.union(&place);
        if rect == self.rect {
            return self;
        }
        let width = rect.width() as usize;
        let column = (self.rect.left - rect.left) as usize;
        let below = (self.rect.top - rect.top) as usize;
        let inner = self.rect.width() as usize;
        let moved = |cell: usize| (below + cell / inner) * width + column + cell % inner;
        let mut cells = vec![Palette::CLEAR; width * rect.height() as usize];
        for (row, own) in self.cells.chunks_exact(inner).enumerate() {
            let start = moved(row * inner);
            cells[start..start + inner].copy_from_slice(own);
        }
        let fixed = self.fixed.iter().map(|own| moved(own.start)..moved(own.start) + own.len());
        Self { rect, cells, fixed: fixed.collect() }
    }

    /// Whether any cell is clear, or may be written so.
    fn is_clear_anywhere(&self) -> bool {
        let fixed: usize = self.fixed.iter().map(Range::len).sum();
        fixed < self.cells.len() || self.cells.contains(&Palette::CLEAR)
    }
}

impl Plane {
    fn clear(width: u16, height: u16) -> Self {
        Self { width: width.into(), cells: vec![Palette::CLEAR; usize::from(width) * usize::from(height)] }
    }

    fn bounds(&self) -> PixelRect {
        PixelRect::of_size(self.width as u32, (self.cells.len() / self.width) as u32)
    }

    fn place(&self, span: Span) -> Range<usize> {
        let start = span.y as usize * self.width;
        start + span.left as usize..start + span.right as usize
    }

    fn row(&self, span: Span) -> &[u8] {
        &self.cells[self.place(span)]
    }

    fn row_mut(&mut self, span: Span) -> &mut [u8] {
        let place = self.place(span);
        &mut self.cells[place]
    }
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
