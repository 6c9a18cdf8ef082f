//! One who draws frames and notes what each changes.
//!
//! Frames that follow one another are cheap: only what is new is painted. A stretch of frames begins with the one before
//! it, which is shown first unless it is shown already; so what a frame changes does not depend on who drew it, and a
//! hand that draws all frames in order asks for each of them once.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::encode::{Changes, Tally};
use crate::film::{Reel, Renderer};
use crate::mark::Mark;
use crate::raster::Rgba;

/// One who draws. Those of several threads stand side by side, and must not share lines of the processors' caches.
#[repr(align(128))]
pub(super) struct Hand {
    reel: Reel,
    /// What it draws with, from its first frame on.
    renderer: Option<Renderer>,
    /// The frame that shows.
    shown: Option<usize>,
    notes: Notes,
}

/// What was seen while drawing.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// The colors of pixels.
    pub(super) tally: Tally,
    /// The colors of marks.
    pub(super) inks: BTreeSet<Rgba>,
}

impl Notes {
    /// Adds what was seen in other frames.
    pub(super) fn add(&mut self, other: &Self) {
        self.tally.add(&other.tally);
        self.inks.extend(&other.inks);
    }
}

impl Hand {
    pub(super) fn new(reel: &Reel) -> Self {
        Self { reel: *reel, renderer: None, shown: None, notes: Notes::default() }
    }

    /// What it has seen since it was last asked.
    pub(super) fn take_notes(&mut self) -> Notes {
        std::mem::take(&mut self.notes)
    }

    /// Gives back what it draws with.
    pub(super) fn rest(&mut self) {
        (self.renderer, self.shown) = (None, None);
    }

    /// What it draws with, and its notes.
    fn tools(&mut self) -> (&mut Renderer, &mut Notes) {
        let Reel { size: (width, height), background, .. } = self.reel;
        let renderer = self.renderer.get_or_insert_with(|| Renderer::growing(width, height, background));
        (renderer, &mut self.notes)
    }

    /// Draws the frames of a stretch and returns what they change. `counting` says whether what they hold is noted, which
    /// must be done once for each frame. `drawn` sees after each frame what the stretch has changed so far.
    pub(super) fn draw<E>(
        &mut self,
        stretch: Range<usize>,
        counting: bool,
        marks: &mut impl FnMut(usize) -> Result<Vec<Mark>, E>,
        mut drawn: impl FnMut(&mut Changes),
    ) -> Result<Changes, E> {
        let mut changes = Changes::default();
        let before = stretch.start.checked_sub(1).filter(|before| self.shown != Some(*before));
        if let Some(before) = before {
            let marks = marks(before)?;
            self.tools().0.show(marks);
        }
        for index in stretch {
            self.draw_frame(index, marks(index)?, counting, &mut changes);
            drawn(&mut changes);
        }
        changes.shrink();
        Ok(changes)
    }

    fn draw_frame(&mut self, index: usize, marks: Vec<Mark>, counting: bool, changes: &mut Changes) {
        self.shown = Some(index);
        let (renderer, notes) = self.tools();
        if counting {
            notes.inks.extend(marks.iter().filter_map(Mark::color));
            notes.tally.at_frame(index);
        }
        let mut tally = counting.then_some(&mut notes.tally);
        if index == 0 {
            renderer.show(marks);
            changes.first(renderer.shown(), tally);
        } else {
            renderer.show_band_by_band(marks, |shown, band, before| {
                changes.next(shown, band, before, tally.as_deref_mut());
            });
            changes.end_next(tally);
        }
    }
}
