//! The first pass over a film: what its second pass has to know beforehand.
//!
//! Palettes need every color, and an APNG's header the number of frames that differ. Both are
//! found from the pixels that really change, so that a survey costs little more than drawing.

use super::changes::{Change, Changes, RunColors, Shown};
use super::histogram::Histogram;
use super::{EncodeError, Frame, delta};
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// Looks at every frame of a film once, in order.
#[derive(Default)]
pub struct Survey {
    seen: Option<Seen>,
}

struct Seen {
    shown: Raster,
    tally: Tally,
}

/// What a film consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Census {
    /// Every color that occurs, with the number of pixels that show it, summed over all frames;
    /// ascending.
    pub colors: Vec<(Rgba, u64)>,
    /// Whether there were so many colors that `colors` tells them apart only roughly.
    pub coarse: bool,
    /// Frames that differ from the one before them.
    pub distinct_frames: u32,
}

/// Counts changes, of all frames or some: tallies of different frames of a film add up.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    colors: Histogram,
    /// How many frames differ from the one before them.
    distinct: u32,
}

impl Survey {
    /// A survey that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks at the next frame.
    ///
    /// # Errors
    /// [`EncodeError::FrameSize`] if its size is not the first one's.
    pub fn push(&mut self, frame: &Frame) -> Result<(), EncodeError> {
        match &mut self.seen {
            None => {
                let mut tally = Tally::default();
                let image = frame.image;
                let shown = Shown { image, canvas: image.bounds(), around: Rgba::CLEAR };
                Changes::default().first(shown, Some(&mut tally));
                self.seen = Some(Seen { shown: frame.image.clone(), tally });
            }
            Some(seen) => {
                same_size(seen.shown.bounds(), frame.image)?;
                seen.next(frame);
            }
        }
        Ok(())
    }

    /// What was seen.
    ///
    /// # Errors
    /// [`EncodeError::Film`] if no frame was.
    pub fn finish(self) -> Result<Census, EncodeError> {
        let seen = self.seen.ok_or(NO_FRAME)?;
        let frames = seen.tally.colors.frame();
        Ok(seen.tally.into_census(frames))
    }
}

pub(super) const NO_FRAME: EncodeError = EncodeError::Film("a film needs at least one frame");

/// Refuses a frame that does not fit the film's canvas.
pub(super) fn same_size(canvas: PixelRect, frame: &Raster) -> Result<(), EncodeError> {
    let (film, frame) = ((canvas.width(), canvas.height()), (frame.width(), frame.height()));
    if film == frame { Ok(()) } else { Err(EncodeError::FrameSize { film, frame }) }
}

impl Seen {
    fn next(&mut self, frame: &Frame) {
        let mut differs = false;
        for span in delta::rows(frame.changed, self.shown.bounds()) {
            let new = frame.image.row(span.y, span.left, span.right);
            let old = self.shown.row_mut(span.y, span.left, span.right);
            delta::stretches(old, new, |from, to| {
                differs = true;
                self.tally.exchange(&old[from..to], &new[from..to]);
            });
            old.copy_from_slice(new);
        }
        self.tally.end_frame(differs);
    }
}

impl Tally {
    /// What is counted next belongs to this frame.
    pub(crate) fn at_frame(&mut self, index: usize) {
        self.colors.set_frame(index as u64);
    }

    /// Adds what was counted elsewhere.
    pub(crate) fn add(&mut self, other: &Self) {
        self.colors.add(&other.colors);
        self.distinct += other.distinct;
    }

    /// What a film of so many frames consists of.
    pub(crate) fn into_census(self, frames: u64) -> Census {
        Census {
            coarse: self.colors.is_coarse(),
            colors: self.colors.into_counts(frames),
            distinct_frames: self.distinct,
        }
    }

    /// Counts what a first frame shows.
    pub(super) fn first(&mut self, change: Change<'_, Rgba>) {
        for run in change.runs() {
            match run.shades {
                RunColors::All(color) => self.colors.enter(color, run.length as u64),
                RunColors::Each(colors) => colors.iter().for_each(|&color| self.colors.enter(color, 1)),
            }
        }
        self.end_frame(true);
    }

    /// Moves pixels from their old colors to their new ones, run by run.
    #[inline]
    pub(super) fn exchange(&mut self, old: &[Rgba], new: &[Rgba]) {
        old.chunk_by(|a, b| a == b).for_each(|run| self.colors.leave(run[0], run.len() as u64));
        new.chunk_by(|a, b| a == b).for_each(|run| self.colors.enter(run[0], run.len() as u64));
    }

    /// The present frame is complete.
    pub(super) fn end_frame(&mut self, differs: bool) {
        self.distinct += u32::from(differs);
        self.colors.set_frame(self.colors.frame() + 1);
    }
}
