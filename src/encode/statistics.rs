//! First pass over a film: counts its colors and its distinct frames.
//!
//! A GIF palette depends on all colors of the film, and the header of an APNG states the number of distinct frames.
//! Only changed pixels are visited, so the first pass costs little more than drawing.

use super::color_histogram::{ColorCount, ColorHistogram};
use super::frame_set::SampledFrame;
use super::packed_changes::{CanvasView, FrameChanges, PackedChanges, RunPixels};
use super::{EncodeError, Frame, delta};
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// Counts the colors and distinct frames of a film, whose frames are pushed once each, in order.
#[derive(Default)]
pub struct FilmAnalyzer {
    state: Option<AnalyzerState>,
}

struct AnalyzerState {
    picture: Raster,
    counts: FrameCounts,
}

/// Colors and distinct frames of a whole film.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilmStatistics {
    /// How often each color is shown; in ascending order of colors.
    pub colors: Vec<(Rgba, ColorCount)>,
    /// Whether `colors` are only approximate, because the film has too many.
    pub is_approximate: bool,
    /// Number of frames that differ from the frame before; the first frame counts.
    pub distinct_frames: u32,
}

/// Counts of all frames of a film or of some. Counts of different frames can be added.
#[derive(Debug, Default)]
pub(crate) struct FrameCounts {
    colors: ColorHistogram,
    /// Number of frames that differ from the frame before.
    distinct_frames: u32,
}

impl FilmAnalyzer {
    /// An analyzer without frames.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts the next frame.
    ///
    /// # Errors
    /// [`EncodeError::FrameSize`] if its size differs from the first frame.
    pub fn push(&mut self, frame: &Frame) -> Result<(), EncodeError> {
        match &mut self.state {
            None => {
                let mut counts = FrameCounts::default();
                counts.set_frame(0, 1);
                let image = frame.image;
                let view = CanvasView { image, canvas: image.bounds(), background: Rgba::CLEAR };
                PackedChanges::default().push_first_frame(view, Some(&mut counts));
                self.state = Some(AnalyzerState { picture: frame.image.clone(), counts });
            }
            Some(state) => {
                check_frame_size(state.picture.bounds(), frame.image)?;
                state.push(frame);
            }
        }
        Ok(())
    }

    /// Returns the statistics of all frames.
    ///
    /// # Errors
    /// [`EncodeError::Film`] if there was no frame.
    pub fn finish(self) -> Result<FilmStatistics, EncodeError> {
        let state = self.state.ok_or(NO_FRAMES)?;
        let frames = state.counts.colors.frame();
        Ok(state.counts.into_statistics(frames))
    }
}

/// Error of a film without frames.
pub(super) const NO_FRAMES: EncodeError = EncodeError::Film("a film needs at least one frame");

/// Fails if the size of a frame differs from the canvas of the film.
pub(super) fn check_frame_size(canvas: PixelRect, frame: &Raster) -> Result<(), EncodeError> {
    let (film, frame) = ((canvas.width(), canvas.height()), (frame.width(), frame.height()));
    if film == frame { Ok(()) } else { Err(EncodeError::FrameSize { film, frame }) }
}

impl AnalyzerState {
    fn push(&mut self, frame: &Frame) {
        let mut is_distinct = false;
        for span in delta::row_spans(frame.changed, self.picture.bounds()) {
            let new = frame.image.row(span.y, span.left, span.right);
            let old = self.picture.row_mut(span.y, span.left, span.right);
            delta::for_each_difference(old, new, |from, to| {
                is_distinct = true;
                self.counts.replace_pixels(&old[from..to], &new[from..to]);
            });
            old.copy_from_slice(new);
        }
        self.counts.end_frame(is_distinct);
    }
}

impl FrameCounts {
    /// Sets the index of the frame that is counted next, in a film of `frames` frames.
    pub(crate) fn set_frame(&mut self, index: usize, frames: usize) {
        self.colors.set_frame(index as u64, SampledFrame::new(index, frames));
    }

    /// Adds the counts of other frames.
    pub(crate) fn add(&mut self, other: &Self) {
        self.colors.add(&other.colors);
        self.distinct_frames += other.distinct_frames;
    }

    /// Statistics of a film of `frames` frames.
    pub(crate) fn into_statistics(self, frames: u64) -> FilmStatistics {
        FilmStatistics {
            is_approximate: self.colors.is_approximate(),
            colors: self.colors.into_counts(frames),
            distinct_frames: self.distinct_frames,
        }
    }

    /// Counts the pixels of the first frame of a film.
    pub(super) fn add_first_frame(&mut self, changes: FrameChanges<'_, Rgba>) {
        for run in changes.runs() {
            match run.pixels {
                RunPixels::Uniform(color) => self.colors.add_pixels(color, run.length as u64),
                RunPixels::Each(colors) => colors.iter().for_each(|&color| self.colors.add_pixels(color, 1)),
            }
        }
        self.end_frame(true);
    }

    /// Removes the old colors of changed pixels and adds their new colors.
    #[inline]
    pub(super) fn replace_pixels(&mut self, old: &[Rgba], new: &[Rgba]) {
        old.chunk_by(|a, b| a == b).for_each(|run| self.colors.remove_pixels(run[0], run.len() as u64));
        new.chunk_by(|a, b| a == b).for_each(|run| self.colors.add_pixels(run[0], run.len() as u64));
    }

    /// Completes the current frame. `is_distinct` is whether it differs from the frame before.
    pub(super) fn end_frame(&mut self, is_distinct: bool) {
        self.distinct_frames += u32::from(is_distinct);
        let next = self.colors.frame() + 1;
        // The number of frames may not be known.
        self.colors.set_frame(next, SampledFrame::at_place(next as usize));
    }
}
