//! How many pixels of each color a film shows, summed over its frames.
//!
//! A pixel that stays counts in every frame, yet costs nothing while it stays: one that is shown from
//! frame k on is shown in n − k of n frames. So for each color the pixels that enter and leave are summed,
//! and their frames' indices; both sums may be taken in any order, and by several threads.
//! Memory is bounded: past [`MOST_COLORS`] the lowest bits of all channels are dropped.

use super::color_table::ColorTable;
use crate::raster::Rgba;

/// More colors than this are told apart more coarsely. Films have some thousands.
const MOST_COLORS: usize = 1 << 18;

/// What was counted of a color.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Pixels that came to show it, less those that ceased to.
    pixels: i64,
    /// The same, each times the index of the frame in which it did.
    moment: i64,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.pixels += other.pixels;
        self.moment += other.moment;
    }
}

/// What was counted of every color.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    shades: ColorTable,
    /// By the numbers of colors.
    counts: Vec<Count>,
    /// The index of the present frame.
    frame: u64,
    /// Low bits dropped from every channel.
    dropped: u32,
}

impl Histogram {
    /// From the present frame on, this many pixels more show the color.
    pub(super) fn enter(&mut self, color: Rgba, pixels: u64) {
        self.count(color, pixels as i64, pixels as i64 * self.frame as i64);
    }

    /// From the present frame on, this many pixels less show the color.
    pub(super) fn leave(&mut self, color: Rgba, pixels: u64) {
        self.count(color, -(pixels as i64), -(pixels as i64) * self.frame as i64);
    }

    /// The index of the present frame.
    pub(super) fn frame(&self) -> u64 {
        self.frame
    }

    /// Another frame becomes present.
    pub(super) fn set_frame(&mut self, index: u64) {
        self.frame = index;
    }

    /// Adds what another one has counted.
    pub(super) fn add(&mut self, other: &Self) {
        while self.dropped < other.dropped {
            self.drop_a_bit();
        }
        for (color, Count { pixels, moment }) in other.iter() {
            self.count(color, pixels, moment);
        }
    }

    /// Whether colors had to be merged, so that the counted ones are not the true ones.
    pub(super) fn is_coarse(&self) -> bool {
        self.dropped > 0
    }

    /// Every color with pixels times frames of a film so many frames long, in ascending order of colors.
    pub(super) fn into_counts(self, frames: u64) -> Vec<(Rgba, u64)> {
        let total = |count: Count| (count.pixels * frames as i64 - count.moment).max(0) as u64;
        let mut counts: Vec<_> = self.iter().map(|(color, count)| (color, total(count))).collect();
        counts.retain(|&(_, count)| count > 0);
        counts.sort_unstable();
        counts
    }

    /// Colors in the order of their first appearance.
    fn iter(&self) -> impl Iterator<Item = (Rgba, Count)> {
        self.shades.colors().iter().copied().zip(self.counts.iter().copied())
    }

    #[inline]
    fn count(&mut self, color: Rgba, pixels: i64, moment: i64) {
        let number = self.shades.at_hand(color).unwrap_or_else(|| self.number(color));
        self.counts[number as usize].add(Count { pixels, moment });
    }

    /// The number of a color, or of what it becomes where bits are dropped.
    #[cold]
    fn number(&mut self, color: Rgba) -> u32 {
        // Dropping a bit may bring none together. It is gone on with until there is room, so that how coarse colors
        // become follows from which there are, and not from the order in which they came.
        while self.counts.len() >= MOST_COLORS && !self.shades.knows(self.coarse(color)) {
            self.drop_a_bit();
        }
        let number = self.shades.number(self.coarse(color));
        self.counts.resize(self.shades.colors().len(), Count::default());
        number
    }

    /// Drops the low bits and fills them with the high ones, so that 0 stays 0 and 255 stays 255.
    fn coarse(&self, color: Rgba) -> Rgba {
        let keep = |channel: u8| {
            let high = channel >> self.dropped << self.dropped;
            high | (u16::from(channel) >> (8 - self.dropped)) as u8
        };
        match self.dropped {
            0 => color,
            _ => Rgba { r: keep(color.r), g: keep(color.g), b: keep(color.b), a: keep(color.a) },
        }
    }

    /// Makes colors coarser, and adds up those that have become one.
    fn drop_a_bit(&mut self) {
        let fine = std::mem::take(self);
        (self.frame, self.dropped) = (fine.frame, fine.dropped + 1);
        for (color, Count { pixels, moment }) in fine.iter() {
            self.count(color, pixels, moment);
        }
    }
}

/// Counts in ascending order of what was counted, equal ones as their sum.
pub(super) fn merged<T: Ord + Copy>(mut counts: Vec<(T, u64)>) -> Vec<(T, u64)> {
    counts.sort_unstable();
    counts.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        kept.1 += if same { later.1 } else { 0 };
        same
    });
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_count_once_for_every_frame_they_are_shown_in() {
        let (mut histogram, mut other) = (Histogram::default(), Histogram::default());
        histogram.enter(Rgba::WHITE, 10);
        other.set_frame(2);
        other.leave(Rgba::WHITE, 4);
        other.enter(Rgba::BLACK, 4);
        histogram.add(&other);
        assert_eq!(histogram.into_counts(3), [(Rgba::BLACK, 4), (Rgba::WHITE, 26)]);
    }

    #[test]
    fn how_coarse_colors_become_depends_on_no_order() {
        // Even channels: without their lowest bits all colors are still there.
        let color = |step: u32| Rgba {
            r: (step << 1) as u8,
            g: (step >> 7 << 1) as u8,
            b: (step >> 14 << 1) as u8,
            a: 255,
        };
        let all: Vec<Rgba> = (0..=MOST_COLORS as u32).map(color).collect();
        let count = |colors: &mut dyn Iterator<Item = &Rgba>| {
            let mut histogram = Histogram::default();
            histogram.set_frame(3);
            colors.for_each(|&color| histogram.enter(color, 2));
            histogram
        };
        let outcome = |histogram: Histogram| (histogram.dropped, histogram.into_counts(5));
        let whole = outcome(count(&mut all.iter()));
        assert_eq!(whole.0, 2, "one bit brings none together");
        assert!(outcome(count(&mut all.iter().rev())) == whole, "backwards");
        for parts in [2, 7] {
            let mut sum = Histogram::default();
            for part in all.chunks(all.len().div_ceil(parts)).rev() {
                sum.add(&count(&mut part.iter()));
            }
            assert!(outcome(sum) == whole, "{parts} parts");
        }
    }

    #[test]
    fn absurdly_many_colors_stay_bounded_and_lose_no_pixel() {
        let mut histogram = Histogram::default();
        for step in 0..600_000_u32 {
            let [r, g, b, _] = (step * 27).to_le_bytes();
            histogram.enter(Rgba::opaque(r, g, b), 1);
        }
        assert!(histogram.is_coarse());
        assert_eq!(histogram.coarse(Rgba::WHITE), Rgba::WHITE);
        let counts = histogram.into_counts(1);
        assert!(counts.len() <= MOST_COLORS);
        assert_eq!(counts.iter().map(|&(_, count)| count).sum::<u64>(), 600_000);
    }
}
