//! Colors of a whole film, which encoders need before its first frame.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::animation::Animation;
use crate::encode::{Census, ColorMerge, Palette, Tally};
use crate::quality::Quality;
use crate::raster::Rgba;

/// Colors counted while frames are drawn.
#[derive(Debug, Default)]
pub(super) struct FrameStatistics {
    /// Colors of pixels, and which frames differ from the one before.
    pub(super) tally: Tally,
    /// Colors of marks.
    pub(super) mark_colors: BTreeSet<Rgba>,
}

impl FrameStatistics {
    /// Adds the counts of other frames.
    pub(super) fn add(&mut self, other: &Self) {
        self.tally.add(&other.tally);
        self.mark_colors.extend(&other.mark_colors);
    }
}

/// Colors of a whole film.
pub(super) struct FilmColors {
    census: Census,
    /// Opaque colors of marks and background, ascending. They stay exact where other colors are replaced.
    pinned: Vec<Rgba>,
}

impl FilmColors {
    /// Sums up the statistics of all frames.
    pub(super) fn new(animation: &Animation, statistics: FrameStatistics) -> Self {
        let colors = statistics.mark_colors.into_iter().chain([animation.background]);
        let mut pinned: Vec<_> = colors.filter(|color| color.a == u8::MAX).collect();
        pinned.sort_unstable();
        Self { census: statistics.tally.into_census(animation.timing.frames as u64), pinned }
    }

    /// The colors that remain at a quality, and the replacement of the others.
    pub(super) fn at_quality(&self, quality: Quality) -> (Cow<'_, Census>, ColorMerge) {
        let merge = ColorMerge::new(&self.census, &self.pinned, quality);
        (merge.census(&self.census), merge)
    }

    /// The palette of a GIF at a quality, and the replacement of colors before the palette is applied.
    pub(super) fn palette(&self, quality: Quality, matte: Rgba) -> (Palette, ColorMerge) {
        let (census, merge) = self.at_quality(quality);
        (Palette::build(&census, &self.pinned, matte), merge)
    }
}
