//! Fewer colors for a smaller file, none of them far from what was drawn.
//!
//! Lossy coders that work on waves, as those of photographs and video do, ring around thin lines and make these drawings
//! larger than lossless ones. What costs bytes here is the number of shades on the edges of lines. So the nearest of them
//! are merged, by the leader algorithm (Hartigan, *Clustering Algorithms*, 1975): colors come in turn, those of the most
//! pixels first, and each that is near no leader becomes one itself.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::Census;
use super::histogram::merged;
use crate::quality::Quality;
use crate::raster::Rgba;

/// What the colors of a film become.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColorMerge {
    tolerance: u8,
    /// Those that stay as they are.
    leaders: Vec<Rgba>,
    /// All that were counted, ascending, and what each becomes.
    counted: Vec<(Rgba, Rgba)>,
}

impl ColorMerge {
    /// For a film of which this was counted. Of the colors that occur in it, those of `pinned` stay as they are, and so
    /// does the clear one.
    pub(crate) fn new(census: &Census, pinned: &[Rgba], quality: Quality) -> Self {
        let tolerance = quality.max_channel_error();
        let mut reduction = Self { tolerance, ..Self::default() };
        if quality.is_exact() {
            return reduction;
        }
        let stays = |color| color == Rgba::CLEAR || pinned.contains(&color);
        let mut colors = census.colors.clone();
        // Equal counts stay in ascending order of colors.
        colors.sort_by_key(|&(color, pixels)| (!stays(color), Reverse(pixels)));
        for (color, _) in colors {
            let leads = |leader: &Rgba| departure(*leader, color) <= tolerance;
            if stays(color) || !reduction.leaders.iter().any(leads) {
                reduction.leaders.push(color);
            }
        }
        let becomes = |&(color, _): &(Rgba, u64)| (color, reduction.leader(color));
        reduction.counted = census.colors.iter().map(becomes).collect();
        reduction
    }

    /// What these colors become, in their order.
    pub(super) fn of<'a>(&self, colors: &'a [Rgba]) -> Cow<'a, [Rgba]> {
        if self.tolerance == 0 {
            return Cow::Borrowed(colors);
        }
        colors.iter().map(|&color| self.becomes(color)).collect()
    }

    /// What was counted of the film as it becomes.
    pub(crate) fn census<'a>(&self, census: &'a Census) -> Cow<'a, Census> {
        if self.tolerance == 0 {
            return Cow::Borrowed(census);
        }
        let became = |&(color, pixels): &(Rgba, u64)| (self.becomes(color), pixels);
        let colors = merged(census.colors.iter().map(became).collect());
        Cow::Owned(Census { colors, ..*census })
    }

    fn becomes(&self, color: Rgba) -> Rgba {
        match self.counted.binary_search_by_key(&color, |&(counted, _)| counted) {
            Ok(place) => self.counted[place].1,
            // Where there are very many, they were told apart only roughly.
            Err(_) => self.leader(color),
        }
    }

    /// The nearest leader, the first among equals; the color itself if none is near enough.
    fn leader(&self, color: Rgba) -> Rgba {
        let near = self.leaders.iter().filter(|&&leader| departure(leader, color) <= self.tolerance);
        near.min_by_key(|&&leader| square(leader, color)).copied().unwrap_or(color)
    }
}

/// The differences of red, green, blue and alpha.
fn differences(a: Rgba, b: Rgba) -> [u8; 4] {
    let [a, b] = [a, b].map(|color| color.bits().to_le_bytes());
    std::array::from_fn(|channel| a[channel].abs_diff(b[channel]))
}

/// The largest difference of a channel.
fn departure(a: Rgba, b: Rgba) -> u8 {
    let [r, g, b, a] = differences(a, b);
    r.max(g).max(b).max(a)
}

/// The square of the Euclidean distance.
fn square(a: Rgba, b: Rgba) -> u32 {
    differences(a, b).map(|difference| u32::from(difference).pow(2)).into_iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INK: Rgba = Rgba::opaque(200, 30, 60);

    /// A line of some color on white, whose edge has many shades.
    fn census() -> Census {
        let over = |ink: u8, cover: u32| (255 - (255 - u32::from(ink)) * cover / 97) as u8;
        let shade = |cover| Rgba::opaque(over(INK.r, cover), over(INK.g, cover), over(INK.b, cover));
        let mut colors: Vec<_> = (0..=97).map(|cover| (shade(cover), u64::from(1000 - cover))).collect();
        colors.push((Rgba::CLEAR, 1));
        colors.sort_unstable();
        Census { colors, coarse: false, distinct_frames: 9 }
    }

    #[test]
    fn no_channel_departs_by_more_than_the_quality_allows() {
        let mut before = usize::MAX;
        for percent in [100, 99, 95, 90, 75, 50, 0] {
            let quality = Quality::new(percent).expect("a quality");
            let reduction = ColorMerge::new(&census(), &[INK], quality);
            let colors: Vec<Rgba> = census().colors.iter().map(|&(color, _)| color).collect();
            let became = reduction.of(&colors);
            for (&color, &became) in colors.iter().zip(&*became) {
                assert!(departure(color, became) <= 100 - percent, "{color:?} {became:?} at {percent} %");
                let stays = [INK, Rgba::CLEAR, Rgba::WHITE].contains(&color);
                assert!(!stays || color == became, "{color:?} at {percent} %");
            }
            let counted = census();
            let merged = reduction.census(&counted);
            assert!(became.iter().all(|became| merged.colors.iter().any(|(color, _)| color == became)));
            let pixels = |census: &Census| census.colors.iter().map(|(_, pixels)| pixels).sum::<u64>();
            assert_eq!(pixels(&merged), pixels(&counted));
            assert!(merged.colors.is_sorted() && merged.colors.len() <= before, "{percent} %");
            before = merged.colors.len();
        }
        assert!(before <= 5, "at 0 % there are {before}");
    }

    #[test]
    fn what_was_not_counted_goes_to_what_is_near_or_stays() {
        let quality = Quality::new(98).expect("a quality");
        let reduction = ColorMerge::new(&census(), &[INK], quality);
        let asked = [Rgba::opaque(200, 31, 61), Rgba::opaque(0, 255, 0)];
        assert_eq!(*reduction.of(&asked), [INK, asked[1]]);
    }

    #[test]
    fn a_quality_is_a_percentage() {
        assert_eq!(Quality::new(100), Some(Quality::EXACT));
        assert_eq!(Quality::new(0).map(Quality::percent), Some(0));
        assert_eq!(Quality::new(101), None);
    }
}
