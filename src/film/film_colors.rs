//! What a whole film holds, as formats want to know it before its first frame is coded.

use std::borrow::Cow;

use crate::encode::{Census, ColorMerge, Palette};
use crate::film::Reel;
use crate::film::frame_worker::Notes;
use crate::quality::Quality;
use crate::raster::Rgba;

/// What a film holds.
pub(super) struct Contents {
    census: Census,
    /// The opaque colors of marks and background, ascending, which stay as they are where others are chosen.
    pinned: Vec<Rgba>,
}

impl Contents {
    /// Of a film of which this was noted.
    pub(super) fn new(reel: &Reel, notes: Notes) -> Self {
        let inks = notes.inks.into_iter().chain([reel.background]);
        let mut pinned: Vec<_> = inks.filter(|color| color.a == u8::MAX).collect();
        pinned.sort_unstable();
        Self { census: notes.tally.into_census(reel.timing.frames as u64), pinned }
    }

    /// What the film holds at some quality, and what its colors become there.
    pub(super) fn reduced(&self, quality: Quality) -> (Cow<'_, Census>, ColorMerge) {
        let reduction = ColorMerge::new(&self.census, &self.pinned, quality);
        (reduction.census(&self.census), reduction)
    }

    /// The colors of a GIF at some quality, and what becomes of the film's before they meet them.
    pub(super) fn palette(&self, quality: Quality, matte: Rgba) -> (Palette, ColorMerge) {
        let (census, reduction) = self.reduced(quality);
        (Palette::build(&census, &self.pinned, matte), reduction)
    }
}
