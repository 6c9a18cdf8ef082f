//! Rendering on several threads: the frames are split into segments, which workers draw in any order.
//!
//! All workers call one function of the frame's index. The changes of frames are kept in memory or in a scratch file
//! (`change_store`); frames whose changes are not kept are drawn again when they are encoded. So memory does not grow with the
//! number of frames.

use std::ops::Range;

use crate::animation::Animation;
use crate::encode::{EncodeError, PackedChanges, PushChanges};
use crate::film::change_store::{ChangeStore, Segment, SegmentChanges, join_dropped};
use crate::film::film_colors::FrameStatistics;
use crate::film::frame_worker::FrameWorker;
use crate::film::progress::{Progress, Stage};
use crate::film::write::push_changes_to;
use crate::mark::Mark;
use crate::parallel;

/// Bytes of changes in one batch of frames that are drawn again.
const REDRAW_BUDGET: usize = 1 << 19;

/// Minimum and maximum number of frames of a segment. Each segment also draws the frame before it. Short segments take less
/// memory and balance the load better.
const SEGMENT_LENGTHS: (usize, usize) = (4, 16);

/// Segments for each worker, if their lengths allow it.
const SEGMENTS_PER_WORKER: usize = 4;

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

    /// Draws all frames once, counts their colors, and keeps their changes in `store`.
    pub(super) fn draw_and_count(
        &mut self,
        store: &ChangeStore<'_>,
        progress: &dyn Progress,
    ) -> Result<Vec<Segment>, E> {
        progress.begin(Stage::Draw);
        let frames = self.animation.timing.frames;
        let length =
            frames.div_ceil(SEGMENTS_PER_WORKER * self.count()).clamp(SEGMENT_LENGTHS.0, SEGMENT_LENGTHS.1);
        let recorded = self.map_segments(split_frames(0..frames, length), |worker, frames, marks| {
            let mut recorder = store.record(frames.start);
            let changes = worker.draw(frames, true, marks, |changes| {
                progress.step();
                recorder.after_frame(changes);
            })?;
            Ok(recorder.finish(changes))
        });
        let mut segments = Vec::new();
        for recorded in recorded {
            segments.extend(recorded?);
        }
        let segments = join_dropped(segments);
        if !segments.iter().any(|segment| matches!(segment.changes, SegmentChanges::Dropped)) {
            self.workers.iter_mut().for_each(FrameWorker::release);
        }
        Ok(segments)
    }

    /// Pushes the changes of all segments into `encoder`, in order. Frames whose changes were not kept are drawn again.
    pub(super) fn encode_segments(
        &mut self,
        segments: Vec<Segment>,
        store: &ChangeStore<'_>,
        progress: &dyn Progress,
        encoder: &mut impl PushChanges,
    ) -> Result<(), E>
    where
        E: From<EncodeError>,
    {
        for Segment { frames, changes, bytes } in segments {
            let kept = match changes {
                SegmentChanges::InMemory(changes) => Some(changes),
                SegmentChanges::InFile(stored) => store.read(&stored),
                SegmentChanges::Dropped => None,
            };
            if let Some(changes) = kept {
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
