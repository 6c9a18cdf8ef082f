//! The first pass over a film: what its second pass has to know beforehand.
//!
//! Palettes need every colour, and an APNG's header the number of frames that differ. Both are
//! found from the pixels that really change, so that a survey costs little more than drawing.

use super::histogram::Histogram;
use super::{EncodeError, Frame, delta};
use crate::raster::{Raster, Rgba};

/// Looks at every frame of a film once, in order.
#[derive(Default)]
pub struct Survey {
    seen: Option<Seen>,
}

struct Seen {
    shown: Raster,
    colours: Histogram,
    frames: u32,
}

/// What a film consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Census {
    /// Every colour that occurs, with the number of pixels that show it, summed over all frames;
    /// ascending.
    pub colours: Vec<(Rgba, u64)>,
    /// Whether there were so many colours that `colours` tells them apart only roughly.
    pub coarse: bool,
    /// Frames that differ from the one before them.
    pub distinct_frames: u32,
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
            None => self.seen = Some(Seen::first(frame.image)),
            Some(seen) => {
                same_size(&seen.shown, frame.image)?;
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
        Ok(Census {
            coarse: seen.colours.is_coarse(),
            colours: seen.colours.into_counts(),
            distinct_frames: seen.frames,
        })
    }
}

pub(super) const NO_FRAME: EncodeError = EncodeError::Film("a film needs at least one frame");

/// Refuses a frame that does not fit the film's canvas.
pub(super) fn same_size(film: &Raster, frame: &Raster) -> Result<(), EncodeError> {
    let (film, frame) = ((film.width(), film.height()), (frame.width(), frame.height()));
    if film == frame { Ok(()) } else { Err(EncodeError::FrameSize { film, frame }) }
}

impl Seen {
    fn first(image: &Raster) -> Self {
        let mut colours = Histogram::new();
        for run in image.pixels().chunk_by(|a, b| a == b) {
            colours.enter(run[0], run.len() as u64);
        }
        colours.next_frame();
        Self { shown: image.clone(), colours, frames: 1 }
    }

    fn next(&mut self, frame: &Frame) {
        let mut differs = false;
        for rect in delta::clipped(frame.changed, self.shown.bounds()) {
            for y in rect.top..rect.bottom {
                let new = frame.image.row(y, rect.left, rect.right);
                let old = self.shown.row_mut(y, rect.left, rect.right);
                if old != new {
                    differs = true;
                    count_changes(&mut self.colours, old, new);
                    old.copy_from_slice(new);
                }
            }
        }
        self.frames += u32::from(differs);
        self.colours.next_frame();
    }
}

/// Moves the pixels that change from their old colours to their new ones, run by run.
fn count_changes(colours: &mut Histogram, old: &[Rgba], new: &[Rgba]) {
    let mut start = 0;
    while start < new.len() {
        let pair = (old[start], new[start]);
        let run = old[start..].iter().zip(&new[start..]).take_while(|&(&a, &b)| (a, b) == pair).count();
        if pair.0 != pair.1 {
            colours.leave(pair.0, run as u64);
            colours.enter(pair.1, run as u64);
        }
        start += run;
    }
}
