//! Merges similar colors, for smaller files at a bounded error.
//!
//! Lossy coders for photographs and video produce ringing around thin lines, and make these drawings larger than
//! lossless coders do. Here the number of colors along the edges of lines determines the file size. Similar colors are
//! merged with the leader algorithm (Hartigan, *Clustering Algorithms*, 1975): colors are visited in descending order
//! of their number of pixels, and a color that is not near any leader becomes a leader.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::FilmStatistics;
use super::color_histogram::{ColorCount, sum_equal};
use crate::quality::Quality;
use crate::raster::Rgba;

/// Maps the colors of a film to fewer colors.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColorMerge {
    tolerance: u8,
    /// Colors that map to themselves.
    leaders: Vec<Rgba>,
    /// Counted colors in ascending order, each with its replacement.
    mapping: Vec<(Rgba, Rgba)>,
}

impl ColorMerge {
    /// Merges the colors of a film. Colors of `pinned` and the clear color map to themselves.
    pub(crate) fn new(statistics: &FilmStatistics, pinned: &[Rgba], quality: Quality) -> Self {
        let tolerance = quality.max_channel_error();
        let mut merge = Self { tolerance, ..Self::default() };
        if quality.is_exact() {
            return merge;
        }
        let is_fixed = |color| color == Rgba::CLEAR || pinned.contains(&color);
        let mut colors = statistics.colors.clone();
        // The sort is stable: colors of equal counts stay in ascending order.
        colors.sort_by_key(|&(color, count)| (!is_fixed(color), Reverse(count.pixels)));
        for (color, _) in colors {
            let is_near = |leader: &Rgba| max_channel_difference(*leader, color) <= tolerance;
            if is_fixed(color) || !merge.leaders.iter().any(is_near) {
                merge.leaders.push(color);
            }
        }
        let merged = |&(color, _): &(Rgba, ColorCount)| (color, merge.nearest_leader(color));
        merge.mapping = statistics.colors.iter().map(merged).collect();
        merge
    }

    /// Maps colors, keeping their order.
    pub(super) fn map_colors<'a>(&self, colors: &'a [Rgba]) -> Cow<'a, [Rgba]> {
        if self.tolerance == 0 {
            return Cow::Borrowed(colors);
        }
        colors.iter().map(|&color| self.merged_color(color)).collect()
    }

    /// Statistics of the film after the colors are mapped.
    pub(crate) fn apply_to_statistics<'a>(&self, statistics: &'a FilmStatistics) -> Cow<'a, FilmStatistics> {
        if self.tolerance == 0 {
            return Cow::Borrowed(statistics);
        }
        let merged = |&(color, count): &(Rgba, ColorCount)| (self.merged_color(color), count);
        let colors = sum_equal(statistics.colors.iter().map(merged).collect());
        Cow::Owned(FilmStatistics { colors, ..*statistics })
    }

    fn merged_color(&self, color: Rgba) -> Rgba {
        match self.mapping.binary_search_by_key(&color, |&(counted, _)| counted) {
            Ok(index) => self.mapping[index].1,
            // Statistics of films with very many colors contain only approximate colors.
            Err(_) => self.nearest_leader(color),
        }
    }

    /// Nearest leader within the tolerance, the first of equally near ones; the color itself if there is none.
    fn nearest_leader(&self, color: Rgba) -> Rgba {
        let near =
            self.leaders.iter().filter(|&&leader| max_channel_difference(leader, color) <= self.tolerance);
        near.min_by_key(|&&leader| squared_distance(leader, color)).copied().unwrap_or(color)
    }
}

/// Absolute differences of red, green, blue and alpha.
fn channel_differences(a: Rgba, b: Rgba) -> [u8; 4] {
    let [a, b] = [a, b].map(|color| color.bits().to_le_bytes());
    std::array::from_fn(|channel| a[channel].abs_diff(b[channel]))
}

/// Largest absolute difference of a channel.
fn max_channel_difference(a: Rgba, b: Rgba) -> u8 {
    let [r, g, b, a] = channel_differences(a, b);
    r.max(g).max(b).max(a)
}

/// Squared Euclidean distance.
fn squared_distance(a: Rgba, b: Rgba) -> u32 {
    channel_differences(a, b).map(|difference| u32::from(difference).pow(2)).into_iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INK: Rgba = Rgba::opaque(200, 30, 60);

    /// Statistics of an anti-aliased line on white.
    fn statistics() -> FilmStatistics {
        let over = |ink: u8, cover: u32| (255 - (255 - u32::from(ink)) * cover / 97) as u8;
        let edge_color = |cover| Rgba::opaque(over(INK.r, cover), over(INK.g, cover), over(INK.b, cover));
        let count = |pixels| ColorCount { pixels, ..ColorCount::default() };
        let mut colors: Vec<_> =
            (0..=97).map(|cover| (edge_color(cover), count(u64::from(1000 - cover)))).collect();
        colors.push((Rgba::CLEAR, count(1)));
        colors.sort_unstable();
        FilmStatistics { colors, is_approximate: false, distinct_frames: 9 }
    }

    #[test]
    fn channel_errors_stay_within_the_quality() {
        let mut before = usize::MAX;
        for percent in [100, 99, 95, 90, 75, 50, 0] {
            let quality = Quality::new(percent).expect("a quality");
            let merge = ColorMerge::new(&statistics(), &[INK], quality);
            let colors: Vec<Rgba> = statistics().colors.iter().map(|&(color, _)| color).collect();
            let merged = merge.map_colors(&colors);
            for (&color, &merged) in colors.iter().zip(&*merged) {
                assert!(
                    max_channel_difference(color, merged) <= 100 - percent,
                    "{color:?} {merged:?} at {percent} %"
                );
                let is_fixed = [INK, Rgba::CLEAR, Rgba::WHITE].contains(&color);
                assert!(!is_fixed || color == merged, "{color:?} at {percent} %");
            }
            let counted = statistics();
            let after = merge.apply_to_statistics(&counted);
            assert!(merged.iter().all(|merged| after.colors.iter().any(|(color, _)| color == merged)));
            let pixels = |statistics: &FilmStatistics| {
                statistics.colors.iter().map(|(_, count)| count.pixels).sum::<u64>()
            };
            assert_eq!(pixels(&after), pixels(&counted));
            assert!(after.colors.is_sorted() && after.colors.len() <= before, "{percent} %");
            before = after.colors.len();
        }
        assert!(before <= 5, "at 0 % there are {before}");
    }

    #[test]
    fn uncounted_colors_map_to_a_near_leader_or_themselves() {
        let quality = Quality::new(98).expect("a quality");
        let merge = ColorMerge::new(&statistics(), &[INK], quality);
        let colors = [Rgba::opaque(200, 31, 61), Rgba::opaque(0, 255, 0)];
        assert_eq!(*merge.map_colors(&colors), [INK, colors[1]]);
    }

    #[test]
    fn a_quality_is_a_percentage() {
        assert_eq!(Quality::new(100), Some(Quality::EXACT));
        assert_eq!(Quality::new(0).map(Quality::percent), Some(0));
        assert_eq!(Quality::new(101), None);
    }
}
