//! Draws consecutive frames and records what each of them changes.
//!
//! Consecutive frames are cheap, because only changed rectangles are painted. A worker that begins in the middle of a film first
//! draws the frame before, unless it has just drawn it. So the changes of a frame do not depend on which worker drew it, and
//! a worker that draws all frames in order draws each of them once.

use std::ops::Range;

use crate::animation::Animation;
use crate::encode::PackedChanges;
use crate::film::Renderer;
use crate::film::film_colors::FrameStatistics;
use crate::mark::Mark;

/// Per-thread rendering state, padded to a cache line to avoid false sharing.
#[repr(align(128))]
pub(super) struct FrameWorker {
    animation: Animation,
    /// The renderer, from the first frame on.
    renderer: Option<Renderer>,
    /// Index of the frame that the renderer shows.
    current: Option<usize>,
    statistics: FrameStatistics,
}

impl FrameWorker {
    pub(super) fn new(animation: &Animation) -> Self {
        Self { animation: *animation, renderer: None, current: None, statistics: FrameStatistics::default() }
    }

    /// Returns the statistics since the last call.
    pub(super) fn take_statistics(&mut self) -> FrameStatistics {
        std::mem::take(&mut self.statistics)
    }

    /// Frees the memory of the renderer.
    pub(super) fn release(&mut self) {
        (self.renderer, self.current) = (None, None);
    }

    fn renderer_and_statistics(&mut self) -> (&mut Renderer, &mut FrameStatistics) {
        let Animation { size: (width, height), background, .. } = self.animation;
        let renderer = self.renderer.get_or_insert_with(|| Renderer::growing(width, height, background));
        (renderer, &mut self.statistics)
    }

    /// Draws some consecutive frames and returns their changes. `counting` adds the frames to the statistics, which must be
    /// done once for each frame. `after_frame` is called with the changes so far.
    pub(super) fn draw<E>(
        &mut self,
        frames: Range<usize>,
        counting: bool,
        marks: &mut impl FnMut(usize) -> Result<Vec<Mark>, E>,
        mut after_frame: impl FnMut(&mut PackedChanges),
    ) -> Result<PackedChanges, E> {
        let mut changes = PackedChanges::default();
        let before = frames.start.checked_sub(1).filter(|before| self.current != Some(*before));
        if let Some(before) = before {
            let marks = marks(before)?;
            self.renderer_and_statistics().0.show(marks);
        }
        for index in frames {
            self.draw_frame(index, marks(index)?, counting, &mut changes);
            after_frame(&mut changes);
        }
        changes.shrink();
        Ok(changes)
    }

    fn draw_frame(&mut self, index: usize, marks: Vec<Mark>, counting: bool, changes: &mut PackedChanges) {
        self.current = Some(index);
        let frames = self.animation.timing.frames;
        let (renderer, statistics) = self.renderer_and_statistics();
        if counting {
            statistics.mark_colors.extend(marks.iter().flat_map(Mark::colors));
            statistics.counts.set_frame(index, frames);
        }
        let mut counts = counting.then_some(&mut statistics.counts);
        if index == 0 {
            renderer.show(marks);
            changes.push_first_frame(renderer.shown(), counts);
        } else {
            renderer.show_band_by_band(marks, |shown, band, before| {
                changes.push_rect(shown, band, before, counts.as_deref_mut());
            });
            changes.finish_frame(counts);
        }
    }
}
