//! What all films have in common on their way into a file, whatever the format.
//!
//! A frame is held back until one comes that differs, for only then it is known how long it shows; what looks the same
//! only lengthens it. Frames of which all is known are coded by whichever thread is free, while those that follow are being
//! told apart. They hold no more than what they change, and few of them wait, so memory does not grow with the film.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::Write;

use super::canvas::{Canvas, CanvasPixel};
use super::changes::{Change, Changes, RunColors, Unpacked};
use super::delta::{self, Span};
use super::survey::{NO_FRAME, same_size};
use super::{ColorMerge, EncodeError, Frame};
use crate::parallel::OrderedQueue;
use crate::raster::Rgba;
use crate::stamp::Stamp;

/// How many frames may wait to be coded and written for each further thread, and how many bytes they may take.
const WAITING: usize = 3;
const WAITING_BYTES: usize = 1 << 20;

/// Who takes what frames change.
pub(crate) trait PushChanges {
    /// Takes what the next frames change, each of which ends when `until` says for its index in `changes`; the first of the
    /// film must name every pixel.
    fn push_changes(&mut self, changes: &Changes, until: &dyn Fn(usize) -> f64) -> Result<(), EncodeError>;
}

/// What formats differ in: what they know of a pixel, what they say of a frame, and how it is coded.
pub(super) trait Format {
    /// What a pixel of the canvas is.
    type CanvasPixel: CanvasPixel;
    /// What a frame shows, before it is known how long.
    type Patch;
    /// A frame of the file, of which all is known.
    type Timed: Send + 'static;
    /// What a thread codes with.
    type Coder: Send + 'static;

    /// Whether a frame that was drawn another than the one before is a frame of the file even if it shows the same there.
    const ANNOUNCED: bool;

    /// One that has coded nothing.
    fn coder(&self) -> Self::Coder;

    /// What pixels of these colors are.
    fn shades<'a>(&mut self, colors: &'a [Rgba]) -> Cow<'a, [Self::CanvasPixel]>;

    /// What the next frame shows, which is painted. It follows `before`, of which some formats must say what becomes of it,
    /// and from which it differs in the spans of `changed`, row by row from the left; the first frame follows nothing.
    fn patch(
        &self,
        canvas: &Canvas<Self::CanvasPixel>,
        before: Option<&mut Self::Timed>,
        changed: Vec<Span>,
    ) -> Self::Patch;

    /// The frames of the file that show a patch as long as asked: one at least.
    fn timed(&mut self, patch: Self::Patch, showing: Showing) -> Result<Vec<Self::Timed>, EncodeError>;

    /// How many bytes a frame takes that waits, about.
    fn bytes(frame: &Self::Timed) -> usize;

    /// All that the file says of a frame.
    fn code(coder: &mut Self::Coder, frame: Self::Timed) -> Coded;
}

/// How a frame shows.
#[derive(Clone, Copy)]
pub(super) struct Showing {
    /// When it ends, in seconds since the film began.
    pub(super) until: f64,
    /// Whether it is the film's only frame: it does not move, so no viewer cares how briefly it is shown.
    pub(super) alone: bool,
}

/// What the file says of a frame.
type Coded = Result<Vec<u8>, EncodeError>;

/// Writes a film frame by frame. It must be finished: a dropped encoder leaves a truncated film.
#[expect(private_bounds, reason = "there are no other formats than those of this crate")]
pub struct FilmEncoder<W, F: Format> {
    pub(super) out: W,
    pub(super) format: F,
    canvas: Canvas<F::CanvasPixel>,
    reduction: ColorMerge,
    pub(super) stamp: Option<Stamp>,
    /// Bytes written so far.
    pub(super) length: u64,
    held: Option<Held<F::Patch>>,
    line: OrderedQueue<F::Coder, F::Timed, Coded>,
    /// How many bytes each frame takes that is in the line.
    waiting: VecDeque<usize>,
}

/// A frame whose end is not known yet.
struct Held<P> {
    patch: P,
    /// Whether it is the film's first.
    first: bool,
    until: f64,
}

#[expect(private_bounds, reason = "there are no other formats than those of this crate")]
impl<W: Write, F: Format> FilmEncoder<W, F> {
    pub(super) fn of(out: W, size: (u32, u32), format: F) -> Self {
        Self {
            out,
            line: OrderedQueue::new(format.coder(), F::code),
            format,
            canvas: Canvas::clear(size),
            reduction: ColorMerge::default(),
            stamp: None,
            length: 0,
            held: None,
            waiting: VecDeque::new(),
        }
    }

    /// Codes several frames at once; the file does not depend on how many.
    #[must_use]
    pub fn on_threads(mut self, threads: usize) -> Self {
        self.line.ensure_threads(threads, || self.format.coder());
        self
    }

    /// Shows, of changes that are pushed, what colors become in their place.
    #[must_use]
    pub(crate) fn reducing(mut self, reduction: ColorMerge) -> Self {
        self.reduction = reduction;
        self
    }

    /// Ends the file by saying what it was made from, where viewers pass over it.
    #[must_use]
    pub fn stamped(mut self, stamp: Option<Stamp>) -> Self {
        self.stamp = stamp;
        self
    }

    /// Takes the next frame.
    ///
    /// # Errors
    /// If its size is not the film's, one before it was shown for too short or long a time or is not what was announced,
    /// or the writer fails.
    pub fn push(&mut self, frame: &Frame) -> Result<(), EncodeError> {
        let bounds = self.canvas.bounds();
        same_size(bounds, frame.image)?;
        let rects = if self.held.is_none() { &[bounds][..] } else { frame.changed };
        let mut changed = Vec::new();
        for span in delta::rows(rects, bounds) {
            let row = frame.image.row(span.y, span.left, span.right);
            self.canvas.paint(span, &self.format.shades(row), &mut changed);
        }
        let differs = !changed.is_empty();
        self.advance(changed, differs, frame.until)
    }

    /// Paints what the next frame changes. Returns where that is another shade.
    fn paint(&mut self, change: Change<'_, F::CanvasPixel>) -> Vec<Span> {
        let (mut changed, mut uniform) = (Vec::new(), Vec::new());
        for run in change.runs() {
            let shades = match run.shades {
                RunColors::Each(shades) => shades,
                RunColors::All(shade) => {
                    uniform.clear();
                    uniform.resize(run.length, shade);
                    &uniform
                }
            };
            let span = Span::of_cells(self.canvas.bounds(), run.at, run.length);
            self.canvas.paint(span, shades, &mut changed);
        }
        changed
    }

    /// The next frame is painted, and differs from the one that is shown in the spans of `changed`, and whether it `differs`
    /// as it was drawn.
    fn advance(&mut self, changed: Vec<Span>, differs: bool, until: f64) -> Result<(), EncodeError> {
        let (changed, first) = (delta::in_order(changed), self.held.is_none());
        let patch = match self.held.take() {
            None => self.format.patch(&self.canvas, None, changed),
            Some(held) if changed.is_empty() && !(F::ANNOUNCED && differs) => {
                self.held = Some(Held { until, ..held });
                return Ok(());
            }
            Some(held) => {
                let showing = Showing { until: held.until, alone: false };
                let mut frames = self.format.timed(held.patch, showing)?;
                let patch = self.format.patch(&self.canvas, frames.last_mut(), changed);
                self.write(frames)?;
                patch
            }
        };
        self.held = Some(Held { patch, first, until });
        Ok(())
    }

    /// Writes the last frame, which stays until the film ends.
    pub(super) fn end(&mut self) -> Result<(), EncodeError> {
        let held = self.held.take().ok_or(NO_FRAME)?;
        let showing = Showing { until: held.until, alone: held.first };
        let frames = self.format.timed(held.patch, showing)?;
        self.write(frames)?;
        self.write_until_left(0)
    }

    /// Hands frames over to be coded and written.
    fn write(&mut self, frames: Vec<F::Timed>) -> Result<(), EncodeError> {
        for frame in frames {
            self.waiting.push_back(F::bytes(&frame));
            self.line.push(frame);
        }
        // The thread that tells frames apart codes only when the others do not keep up with it.
        self.write_until_left(WAITING * (self.line.threads() - 1))
    }

    /// Writes frames in order until no more than so many wait, nor too large ones.
    fn write_until_left(&mut self, most: usize) -> Result<(), EncodeError> {
        while self.waiting.len() > most || self.waiting.iter().sum::<usize>() > WAITING_BYTES {
            self.waiting.pop_front();
            self.line.pop().map_or(Ok(()), |coded| self.write_all(&coded?))?;
        }
        Ok(())
    }

    pub(super) fn write_all(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.length += bytes.len() as u64;
        Ok(self.out.write_all(bytes)?)
    }
}

impl<W: Write, F: Format> PushChanges for FilmEncoder<W, F> {
    fn push_changes(&mut self, changes: &Changes, until: &dyn Fn(usize) -> f64) -> Result<(), EncodeError> {
        let colors = self.reduction.of(changes.colors());
        let (shades, mut unpacked) = (self.format.shades(&colors), Unpacked::default());
        (0..changes.frames()).try_for_each(|index| {
            let change = changes.frame(index, &shades, &mut unpacked);
            let differs = !change.is_nothing();
            let changed = self.paint(change);
            self.advance(changed, differs, until(index))
        })
    }
}
