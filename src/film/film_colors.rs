//! Colors of a whole film, which encoders need before its first frame.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::animation::Animation;
use crate::encode::{ColorMerge, FilmStatistics, FrameCounts, Palette};
use crate::quality::Quality;
use crate::raster::Rgba;

/// Colors counted while frames are drawn.
#[derive(Debug, Default)]
pub(super) struct FrameStatistics {
    /// Colors of pixels, and which frames differ from the one before.
    pub(super) counts: FrameCounts,
    /// Colors of marks.
    pub(super) mark_colors: BTreeSet<Rgba>,
}

impl FrameStatistics {
    /// Adds the counts of other frames.
    pub(super) fn add(&mut self, other: &Self) {
        self.counts.add(&other.counts);
        self.mark_colors.extend(&other.mark_colors);
    }
}

/// Colors of a whole film.
pub(super) struct FilmColors {
    statistics: FilmStatistics,
    /// Opaque colors of marks and background, ascending. They stay exact where other colors are replaced.
    pinned: Vec<Rgba>,
}

impl FilmColors {
    /// Sums up the statistics of all frames.
    pub(super) fn new(animation: &Animation, statistics: FrameStatistics) -> Self {
        let colors = statistics.mark_colors.into_iter().chain([animation.background]);
        let mut pinned: Vec<_> = colors.filter(|color| color.a == u8::MAX).collect();
        pinned.sort_unstable();
        Self { statistics: statistics.counts.into_statistics(animation.timing.frames as u64), pinned }
    }

    /// The colors that remain at a quality, and the replacement of the others.
    pub(super) fn at_quality(&self, quality: Quality) -> (Cow<'_, FilmStatistics>, ColorMerge) {
        let merge = ColorMerge::new(&self.statistics, &self.pinned, quality);
        (merge.apply_to_statistics(&self.statistics), merge)
    }

    /// The palette of a GIF at a quality, and the replacement of colors before the palette is applied.
    pub(super) fn palette(&self, quality: Quality, matte: Rgba) -> (Palette, ColorMerge) {
        let (statistics, merge) = self.at_quality(quality);
        (Palette::build(&statistics, &self.pinned, matte), merge)
    }
}
