//! Encoder of films, shared by all formats.
//!
//! A frame is held back until a frame arrives that differs, because its duration is unknown until then; equal frames
//! only extend it. Frames of known duration are encoded by background threads while the next frames are compared. A
//! queued frame holds only its changes, and the queue is bounded, so memory does not grow with the film.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::Write;

use super::canvas::{Canvas, CanvasPixel};
use super::delta::{self, Span};
use super::packed_changes::{FrameChanges, PackedChanges, RunPixels, UnpackBuffer};
use super::statistics::{NO_FRAMES, check_frame_size};
use super::{ColorMerge, EncodeError, Frame};
use crate::parallel::OrderedQueue;
use crate::raster::Rgba;
use crate::stamp::Stamp;

/// Maximum number of queued frames for each background thread, and maximum number of bytes of all queued frames.
const QUEUED_FRAMES_PER_THREAD: usize = 3;
const MAX_QUEUED_BYTES: usize = 8 << 20;

/// A consumer of packed changes.
pub(crate) trait PushChanges {
    /// Consumes the changes of the next frames. `frame_end` returns the end of a frame in seconds, by its index in
    /// `changes`. The first frame of the film must change every pixel.
    fn push_changes(
        &mut self,
        changes: &PackedChanges,
        frame_end: &dyn Fn(usize) -> f64,
    ) -> Result<(), EncodeError>;
}

/// Operations that differ between formats.
pub(super) trait Format {
    /// Pixel of the canvas.
    type CanvasPixel: CanvasPixel;
    /// Pixels of a frame whose duration is not known yet.
    type Patch;
    /// A frame of the file with its duration.
    type TimedFrame: Send + 'static;
    /// State of an encoding thread.
    type Coder: Send + 'static;

    /// Whether the header of the file states the number of distinct frames. If so, frames that were drawn differently
    /// are written even if merged colors make them equal.
    const HEADER_COUNTS_FRAMES: bool;

    /// Creates the state of an encoding thread.
    fn new_coder(&self) -> Self::Coder;

    /// Converts colors to pixels of the canvas.
    fn map_colors<'a>(&mut self, colors: &'a [Rgba]) -> Cow<'a, [Self::CanvasPixel]>;

    /// Builds the patch of the next frame from the canvas after the frame was painted. `changed` are the spans that
    /// differ from the frame `before`, in order. A format may adjust `before`, for example how it is disposed. The
    /// first frame has none before it.
    fn next_patch(
        &self,
        canvas: &Canvas<Self::CanvasPixel>,
        before: Option<&mut Self::TimedFrame>,
        changed: Vec<Span>,
    ) -> Self::Patch;

    /// Converts a patch to one or more frames of the file that together last until the end of `timing`.
    fn assign_delays(
        &mut self,
        patch: Self::Patch,
        timing: FrameTiming,
    ) -> Result<Vec<Self::TimedFrame>, EncodeError>;

    /// Approximate size of a queued frame in bytes.
    fn queued_bytes(frame: &Self::TimedFrame) -> usize;

    /// Encodes all bytes of a frame.
    fn encode_frame(coder: &mut Self::Coder, frame: Self::TimedFrame) -> EncodeResult;
}

/// Timing of a frame.
#[derive(Clone, Copy)]
pub(super) struct FrameTiming {
    /// End of the frame, in seconds since the film began.
    pub(super) end: f64,
    /// Whether it is the only frame of the film; then a duration below the limit of viewers does not matter.
    pub(super) is_only_frame: bool,
}

/// Bytes of an encoded frame.
type EncodeResult = Result<Vec<u8>, EncodeError>;

/// Encoder that writes a film frame by frame. It must be finished: a dropped encoder leaves a truncated file.
#[expect(private_bounds, reason = "all formats are defined in this crate")]
pub struct FilmEncoder<W, F: Format> {
    pub(super) out: W,
    pub(super) format: F,
    canvas: Canvas<F::CanvasPixel>,
    /// Replacement of colors, for pushed changes only.
    color_merge: ColorMerge,
    pub(super) stamp: Option<Stamp>,
    /// Number of bytes written.
    pub(super) bytes_written: u64,
    pending: Option<PendingFrame<F::Patch>>,
    queue: OrderedQueue<F::Coder, F::TimedFrame, EncodeResult>,
    /// Size in bytes of each queued frame.
    queued_bytes: VecDeque<usize>,
}

/// The last frame, whose end is not known yet.
struct PendingFrame<P> {
    patch: P,
    /// Whether it is the first frame of the film.
    is_first: bool,
    end: f64,
}

#[expect(private_bounds, reason = "all formats are defined in this crate")]
impl<W: Write, F: Format> FilmEncoder<W, F> {
    /// An encoder of a film of `size` (width, height) pixels.
    pub(super) fn with_format(out: W, size: (u32, u32), format: F) -> Self {
        Self {
            out,
            queue: OrderedQueue::new(format.new_coder(), F::encode_frame),
            format,
            canvas: Canvas::new(size),
            color_merge: ColorMerge::default(),
            stamp: None,
            bytes_written: 0,
            pending: None,
            queued_bytes: VecDeque::new(),
        }
    }

    /// Encodes frames on `threads` threads. The bytes of the file do not depend on their number.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.queue.ensure_threads(threads, || self.format.new_coder());
        self
    }

    /// Replaces the colors of pushed changes.
    #[must_use]
    pub(crate) fn with_color_merge(mut self, color_merge: ColorMerge) -> Self {
        self.color_merge = color_merge;
        self
    }

    /// Adds a stamp at the end of the file, in a place that viewers ignore.
    #[must_use]
    pub fn with_stamp(mut self, stamp: Option<Stamp>) -> Self {
        self.stamp = stamp;
        self
    }

    /// Pushes the next frame.
    ///
    /// # Errors
    /// If the size of the frame differs from the film, the delay of an earlier frame is too short or too long, there
    /// are more distinct frames than the header states, or the writer fails.
    pub fn push(&mut self, frame: &Frame) -> Result<(), EncodeError> {
        let bounds = self.canvas.bounds();
        check_frame_size(bounds, frame.image)?;
        let rects = if self.pending.is_none() { &[bounds][..] } else { frame.changed };
        let mut changed = Vec::new();
        for span in delta::row_spans(rects, bounds) {
            let row = frame.image.row(span.y, span.left, span.right);
            self.canvas.paint(span, &self.format.map_colors(row), &mut changed);
        }
        let is_distinct = !changed.is_empty();
        self.push_painted(changed, is_distinct, frame.end)
    }

    /// Paints changes onto the canvas, and returns the spans in which canvas pixels differ.
    fn paint_changes(&mut self, changes: FrameChanges<'_, F::CanvasPixel>) -> Vec<Span> {
        let (mut changed, mut uniform) = (Vec::new(), Vec::new());
        for run in changes.runs() {
            let pixels = match run.pixels {
                RunPixels::Each(pixels) => pixels,
                RunPixels::Uniform(pixel) => {
                    uniform.clear();
                    uniform.resize(run.length, pixel);
                    &uniform
                }
            };
            let span = Span::from_index(self.canvas.bounds(), run.start, run.length);
            self.canvas.paint(span, pixels, &mut changed);
        }
        changed
    }

    /// Records a frame that is already painted. `changed` are the spans in which the canvas differs from the frame
    /// before; `is_distinct` is whether the frame was drawn differently, before colors were merged.
    fn push_painted(&mut self, changed: Vec<Span>, is_distinct: bool, end: f64) -> Result<(), EncodeError> {
        let (changed, is_first) = (delta::sort_and_join(changed), self.pending.is_none());
        let patch = match self.pending.take() {
            None => self.format.next_patch(&self.canvas, None, changed),
            Some(pending) if changed.is_empty() && !(F::HEADER_COUNTS_FRAMES && is_distinct) => {
                self.pending = Some(PendingFrame { end, ..pending });
                return Ok(());
            }
            Some(pending) => {
                let timing = FrameTiming { end: pending.end, is_only_frame: false };
                let mut frames = self.format.assign_delays(pending.patch, timing)?;
                let patch = self.format.next_patch(&self.canvas, frames.last_mut(), changed);
                self.enqueue(frames)?;
                patch
            }
        };
        self.pending = Some(PendingFrame { patch, is_first, end });
        Ok(())
    }

    /// Writes the last frame and all queued frames.
    pub(super) fn finish_frames(&mut self) -> Result<(), EncodeError> {
        let pending = self.pending.take().ok_or(NO_FRAMES)?;
        let timing = FrameTiming { end: pending.end, is_only_frame: pending.is_first };
        let frames = self.format.assign_delays(pending.patch, timing)?;
        self.enqueue(frames)?;
        self.drain_queue(0)
    }

    /// Queues frames to be encoded and written.
    fn enqueue(&mut self, frames: Vec<F::TimedFrame>) -> Result<(), EncodeError> {
        for frame in frames {
            self.queued_bytes.push_back(F::queued_bytes(&frame));
            self.queue.push(frame);
        }
        // The calling thread encodes only if background threads do not keep up.
        self.drain_queue(QUEUED_FRAMES_PER_THREAD * (self.queue.threads() - 1))
    }

    /// Writes encoded frames in order until at most `max_frames` are queued and their size is within the limit.
    fn drain_queue(&mut self, max_frames: usize) -> Result<(), EncodeError> {
        while self.queued_bytes.len() > max_frames
            || self.queued_bytes.iter().sum::<usize>() > MAX_QUEUED_BYTES
        {
            self.queued_bytes.pop_front();
            self.queue.pop().map_or(Ok(()), |encoded| self.write_all(&encoded?))?;
        }
        Ok(())
    }

    /// Writes bytes and counts them.
    pub(super) fn write_all(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.bytes_written += bytes.len() as u64;
        Ok(self.out.write_all(bytes)?)
    }
}

impl<W: Write, F: Format> PushChanges for FilmEncoder<W, F> {
    fn push_changes(
        &mut self,
        changes: &PackedChanges,
        frame_end: &dyn Fn(usize) -> f64,
    ) -> Result<(), EncodeError> {
        let colors = self.color_merge.map_colors(changes.colors());
        let (pixels, mut buffer) = (self.format.map_colors(&colors), UnpackBuffer::default());
        (0..changes.frame_count()).try_for_each(|index| {
            let frame = changes.unpack(index, &pixels, &mut buffer);
            let is_distinct = !frame.is_empty();
            let changed = self.paint_changes(frame);
            self.push_painted(changed, is_distinct, frame_end(index))
        })
    }
}
