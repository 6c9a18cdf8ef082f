//! GIF: one palette, and of every frame only what changes.
//!
//! The encoder keeps the canvas as palette indices and holds one frame back, for two reasons: a frame
//! that looks the same only lengthens the one before, and where something opaque becomes clear the frame
//! *before* must say that its place is cleared after it. Unchanged pixels inside a frame's rectangle are
//! transparent, unless they go on with a run of their own colour. Every step of time is one frame:
//! browsers stretch delays of zero to a tenth of a second.

use std::io::Write;

use gif::{DisposalMethod, Encoder, Repeat};

use super::lzw::Cell;
use super::nearest::Nearest;
use super::survey::NO_FRAME;
use super::time::{self, Clock};
use super::{EncodeError, Frame, Palette, Plays, delta, lzw};
use crate::geometry::PixelRect;

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
}

/// A frame whose end is not known yet.
struct Held {
    patch: Patch,
    until: f64,
}

/// What one frame of the file holds: pixels, of which the free ones are as they were.
struct Patch {
    rect: PixelRect,
    cells: Vec<Cell>,
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
        let (nearest, clock) = (Nearest::new(palette), Clock::new(time::GIF_TICKS));
        Ok(Self { out, nearest, clock, shown: clear(), next: clear(), held: None, first: true })
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
        let mut rects = match self.held {
            None => vec![bounds],
            Some(_) => delta::clipped(frame.changed, bounds),
        };
        self.next.take(&rects, |y, left, right, cells| {
            self.nearest.map(frame.image.row(y, left, right), cells);
        });
        let changed = match self.held.take() {
            None => bounds,
            Some(held) => {
                let changed = self.changes(&rects, |old, new| old != new);
                if changed.is_empty() {
                    self.held = Some(Held { until: frame.until, ..held });
                    return Ok(());
                }
                self.release(held, &mut rects)?
            }
        };
        let patch = Patch::between(&self.shown, &self.next, changed);
        self.shown.take(&rects, |y, left, right, cells| {
            cells.copy_from_slice(self.next.row(y, left, right));
        });
        self.held = Some(Held { patch, until: frame.until });
        Ok(())
    }

    /// Ends the film and hands the last byte to the writer.
    ///
    /// # Errors
    /// If no frame was pushed, the last one is shown for too short or long a time, or the writer fails.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        let held = self.held.take().ok_or(NO_FRAME)?;
        let (patch, delay) = self.begin(held, true)?;
        self.write(&patch, delay, DisposalMethod::Keep)?;
        self.out.into_inner()?.flush()?;
        Ok(())
    }

    /// Writes the frame held back, now that the next canvas is known, and returns where that one must be
    /// painted. Where opaque pixels become clear, the frame is widened over them and cleared after it
    /// was shown; that place joins `rects`.
    fn release(&mut self, held: Held, rects: &mut Vec<PixelRect>) -> Result<PixelRect, EncodeError> {
        let (mut patch, delay) = self.begin(held, false)?;
        let erased = self.changes(rects, |&old, &new| old != new && new == Palette::CLEAR);
        if erased.is_empty() {
            self.write(&patch, delay, DisposalMethod::Keep)?;
        } else {
            patch = patch.widened(erased);
            self.write(&patch, delay, DisposalMethod::Background)?;
            self.shown.take(&[patch.rect], |_, _, _, cells| cells.fill(Palette::CLEAR));
            rects.push(patch.rect);
        }
        let changed = self.changes(rects, |old, new| old != new);
        Ok(if changed.is_empty() { ONE_PIXEL } else { changed })
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
            self.write(&patch, part, DisposalMethod::Keep)?;
            patch = Patch { rect: ONE_PIXEL, cells: vec![Cell::fixed(Palette::CLEAR)] };
        }
        Ok((patch, rest))
    }

    fn write(&mut self, patch: &Patch, delay: u16, dispose: DisposalMethod) -> Result<(), EncodeError> {
        self.first = false;
        let rect = patch.rect;
        // Some decoders clear to an opaque background unless the frame, or even the first one, has a
        // transparent index.
        let transparent = self.nearest.palette().has_clear()
            || patch.cells.iter().any(|cell| cell.is_free() || cell.index() == Palette::CLEAR);
        self.out.write_lzw_pre_encoded_frame(&gif::Frame {
            delay,
            dispose,
            transparent: transparent.then_some(Palette::CLEAR),
            left: rect.left as u16,
            top: rect.top as u16,
            width: rect.width() as u16,
            height: rect.height() as u16,
            buffer: lzw::encode(&patch.cells).into(),
            ..gif::Frame::default()
        })?;
        Ok(())
    }

    fn changes(&self, rects: &[PixelRect], differs: impl Fn(&u8, &u8) -> bool) -> PixelRect {
        let rows = |y, left, right| (self.shown.row(y, left, right), self.next.row(y, left, right));
        delta::bounds(rects, rows, differs)
    }
}

/// The least that a frame can cover.
const ONE_PIXEL: PixelRect = PixelRect::of_size(1, 1);

impl Patch {
    /// What turns `old` into `new` inside the rectangle, provided that nothing opaque becomes clear there.
    fn between(old: &Plane, new: &Plane, rect: PixelRect) -> Self {
        let mut cells = Vec::with_capacity(rect.width() as usize * rect.height() as usize);
        for y in rect.top..rect.bottom {
            let pairs = old.row(y, rect.left, rect.right).iter().zip(new.row(y, rect.left, rect.right));
            cells.extend(
                pairs.map(|(old, &new)| if *old == new { Cell::free(new) } else { Cell::fixed(new) }),
            );
        }
        Self { rect, cells }
    }

    /// The same on a rectangle that also covers `place`.
    fn widened(self, place: PixelRect) -> Self {
        let rect = self.rect.union(&place);
        if rect == self.rect {
            return self;
        }
        let width = rect.width() as usize;
        let mut cells = vec![Cell::fixed(Palette::CLEAR); width * rect.height() as usize];
        let column = (self.rect.left - rect.left) as usize;
        let below = (self.rect.top - rect.top) as usize;
        let inner = self.rect.width() as usize;
        for (row, own) in self.cells.chunks_exact(inner).enumerate() {
            let start = (below + row) * width + column;
            cells[start..start + inner].copy_from_slice(own);
        }
        Self { rect, cells }
    }
}

impl Plane {
    fn clear(width: u16, height: u16) -> Self {
        Self { width: width.into(), cells: vec![Palette::CLEAR; usize::from(width) * usize::from(height)] }
    }

    fn bounds(&self) -> PixelRect {
        PixelRect::of_size(self.width as u32, (self.cells.len() / self.width) as u32)
    }

    fn row(&self, y: i32, left: i32, right: i32) -> &[u8] {
        let start = y as usize * self.width;
        &self.cells[start + left as usize..start + right as usize]
    }

    /// Rewrites the rectangles row by row: `fill(y, left, right, cells)`.
    fn take(&mut self, rects: &[PixelRect], mut fill: impl FnMut(i32, i32, i32, &mut [u8])) {
        for rect in rects {
            for y in rect.top..rect.bottom {
                let start = y as usize * self.width;
                let cells = &mut self.cells[start + rect.left as usize..start + rect.right as usize];
                fill(y, rect.left, rect.right, cells);
            }
        }
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
