//! Rendering on several threads: the frames are split into segments, which workers draw in any order.
//!
//! All workers call one function of the frame's index. The changes of frames are kept up to a memory budget; frames beyond it are
//! drawn again when they are encoded. So memory does not grow with the number of frames.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::animation::Animation;
use crate::encode::{EncodeError, PackedChanges, PushChanges};
use crate::film::film_colors::FrameStatistics;
use crate::film::frame_worker::FrameWorker;
use crate::film::progress::{Progress, Stage};
use crate::film::write::push_changes_to;
use crate::mark::Mark;
use crate::parallel;

/// Bytes of changes that are kept: about three hundred frames that change twelve thousand pixels each.
pub(super) const CHANGES_BUDGET: usize = 2 << 20;

/// If the changes of a film exceed the budget by more than this factor, none are kept. Drawing the few kept frames again costs
/// little, and encoding needs the memory.
const MAX_OVERSUBSCRIPTION: usize = 4;

/// Number of frames after which the size of all changes is estimated.
const FRAMES_BEFORE_ESTIMATE: usize = 64;

/// Bytes of changes in one batch of frames that are drawn again.
const REDRAW_BUDGET: usize = 1 << 19;

/// Minimum and maximum number of frames of a segment. Each segment also draws the frame before it. Short segments take less
/// memory and balance the load better.
const SEGMENT_LENGTHS: (usize, usize) = (4, 16);

/// Segments for each worker, if their lengths allow it.
const SEGMENTS_PER_WORKER: usize = 4;

/// Settings of a rendering pass.
#[derive(Clone, Copy)]
pub(super) struct RenderOptions<'a> {
    pub(super) progress: &'a dyn Progress,
    /// Bytes of changes that are kept.
    pub(super) budget: usize,
}

impl<'a> RenderOptions<'a> {
    pub(super) fn with_progress(progress: &'a dyn Progress) -> Self {
        Self { progress, budget: CHANGES_BUDGET }
    }
}

/// Consecutive frames of a film.
pub(super) struct Segment {
    frames: Range<usize>,
    /// The changes of its frames, if they were kept.
    changes: Option<PackedChanges>,
    /// Size of the changes in bytes, kept or not; 0 if unknown.
    bytes: usize,
}

impl Segment {
    /// Frames that have not been drawn yet.
    pub(super) fn undrawn(frames: Range<usize>) -> Self {
        Self { frames, changes: None, bytes: 0 }
    }
}

/// Workers that call one function for the marks of a frame.
pub(super) struct ParallelRenderer<'a, M> {
    animation: Animation,
    workers: Vec<FrameWorker>,
    marks: &'a M,
}

impl<'a, E: Send, M: Fn(usize) -> Result<Vec<Mark>, E> + Sync> ParallelRenderer<'a, M> {
    /// A renderer with `threads` workers, or fewer if there are not enough segments.
    pub(super) fn new(animation: &Animation, threads: usize, marks: &'a M) -> Self {
        let threads = threads.clamp(1, animation.timing.frames.div_ceil(SEGMENT_LENGTHS.0).max(1));
        let workers = (0..threads).map(|_| FrameWorker::new(animation)).collect();
        Self { animation: *animation, workers, marks }
    }

    /// Number of workers.
    pub(super) fn count(&self) -> usize {
        self.workers.len()
    }

    /// Returns the statistics of all frames drawn since the last call.
    pub(super) fn take_statistics(&mut self) -> FrameStatistics {
        let mut all = FrameStatistics::default();
        self.workers.iter_mut().for_each(|worker| all.add(&worker.take_statistics()));
        all
    }

    /// Draws all frames once, counts their colors, and keeps their changes within the budget.
    pub(super) fn draw_and_count(
        &mut self,
        RenderOptions { progress, budget }: RenderOptions<'_>,
    ) -> Result<Vec<Segment>, E> {
        progress.begin(Stage::Draw);
        let frames = self.animation.timing.frames;
        let length =
            frames.div_ceil(SEGMENTS_PER_WORKER * self.count()).clamp(SEGMENT_LENGTHS.0, SEGMENT_LENGTHS.1);
        let memory = MemoryBudget::new(budget, frames);
        let segments = self.map_segments(split_frames(0..frames, length), |worker, frames, marks| {
            let (mut kept, mut size, mut bytes) = (true, 0, 0);
            let changes = worker.draw(frames.clone(), true, marks, |changes| {
                progress.step();
                let added = changes.bytes() - size;
                bytes += added;
                kept = kept && memory.reserve(added);
                if !kept {
                    // The changes of a single frame always fit.
                    *changes = PackedChanges::default();
                }
                size = changes.bytes();
            })?;
            Ok(Segment { frames, changes: kept.then_some(changes), bytes })
        });
        let mut segments = segments.into_iter().collect::<Result<Vec<_>, _>>()?;
        if segments.iter().all(|segment| segment.changes.is_some()) {
            self.workers.iter_mut().for_each(FrameWorker::release);
        } else if segments.iter().map(|segment| segment.bytes).sum::<usize>() > MAX_OVERSUBSCRIPTION * budget
        {
            for segment in &mut segments {
                segment.changes = None;
            }
        }
        Ok(segments)
    }

    /// Pushes the changes of all segments into `encoder`, in order. Frames whose changes were not kept are drawn again.
    pub(super) fn encode_segments(
        &mut self,
        segments: Vec<Segment>,
        progress: &dyn Progress,
        encoder: &mut impl PushChanges,
    ) -> Result<(), E>
    where
        E: From<EncodeError>,
    {
        for Segment { frames, changes, bytes } in segments {
            if let Some(changes) = changes {
                self.push_changes(frames.start, &changes, progress, encoder)?;
            } else {
                let bytes_per_frame = bytes / frames.len().max(1);
                self.draw_and_encode(frames, bytes_per_frame, progress, encoder)?;
            }
        }
        Ok(())
    }

    /// Draws frames and pushes their changes into `encoder`, in batches that fit the redraw budget.
    fn draw_and_encode(
        &mut self,
        frames: Range<usize>,
        mut bytes_per_frame: usize,
        progress: &dyn Progress,
        encoder: &mut impl PushChanges,
    ) -> Result<(), E>
    where
        E: From<EncodeError>,
    {
        let Range { mut start, end } = frames;
        while start < end {
            // If the size of a frame is unknown, a single frame is drawn first.
            let length = (REDRAW_BUDGET / self.count())
                .checked_div(bytes_per_frame)
                .unwrap_or(1)
                .clamp(1, SEGMENT_LENGTHS.1);
            // Segments that are too short for several workers are drawn by one worker, which continues from frame to frame.
            let workers = if length < SEGMENT_LENGTHS.0 { 1 } else { self.count() };
            let batch = start..end.min(start + length * workers);
            let segments = split_frames(batch.clone(), batch.len().div_ceil(workers));
            let drawn = self.map_segments(segments, |worker, frames, marks| {
                Ok((frames.start, worker.draw(frames, false, marks, |_| ())?))
            });
            let mut bytes = 0;
            for drawn in drawn {
                let (first, changes) = drawn?;
                bytes += changes.bytes();
                self.push_changes(first, &changes, progress, encoder)?;
            }
            bytes_per_frame = (bytes / batch.len()).max(1);
            start = batch.end;
        }
        Ok(())
    }

    fn push_changes(
        &self,
        first: usize,
        changes: &PackedChanges,
        progress: &dyn Progress,
        encoder: &mut impl PushChanges,
    ) -> Result<(), EncodeError> {
        push_changes_to(encoder, &self.animation.timing, first, changes)?;
        (0..changes.frame_count()).for_each(|_| progress.step());
        Ok(())
    }

    /// Calls `work` for each segment, several at once. Results are in the order of the segments.
    fn map_segments<R: Send>(
        &mut self,
        segments: Vec<Range<usize>>,
        work: impl Fn(&mut FrameWorker, Range<usize>, &mut &M) -> Result<R, E> + Sync,
    ) -> Vec<Result<R, E>> {
        let marks = self.marks;
        parallel::map(&mut self.workers, segments.len(), |worker, index| {
            work(worker, segments[index].clone(), &mut { marks })
        })
    }
}

/// Splits frames into ranges of a length; the last range may be shorter.
pub(super) fn split_frames(frames: Range<usize>, length: usize) -> Vec<Range<usize>> {
    let end = frames.end;
    frames.step_by(length).map(|start| start..(start + length).min(end)).collect()
}

/// Memory for changes that are kept, shared by all workers.
struct MemoryBudget {
    bytes: usize,
    /// Number of frames of the film.
    frames: usize,
    used: AtomicUsize,
    /// Number of frames that have asked for memory so far.
    requests: AtomicUsize,
}

impl MemoryBudget {
    fn new(bytes: usize, frames: usize) -> Self {
        Self { bytes, frames, used: AtomicUsize::new(0), requests: AtomicUsize::new(0) }
    }

    /// Reserves memory for the changes of one frame. Fails if the budget is used up, or if the whole film is estimated to exceed
    /// it by more than [`MAX_OVERSUBSCRIPTION`].
    fn reserve(&self, bytes: usize) -> bool {
        let used = self.used.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let requests = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        let estimate = if requests < FRAMES_BEFORE_ESTIMATE { 0 } else { used / requests * self.frames };
        used <= self.bytes && estimate <= self.bytes.saturating_mul(MAX_OVERSUBSCRIPTION)
    }
}
