//! Color histogram of a film: the number of pixels of each color, summed over all frames.
//!
//! A pixel counts in every frame, but costs nothing while it does not change: a pixel that enters at frame k of n is
//! shown in n − k frames. So two sums are kept for each color: pixels entered minus pixels left, and the same weighted
//! by frame index. Both can be summed in any order, and on several threads. Memory is bounded: beyond [`MAX_COLORS`],
//! the lowest bits of all channels are dropped.

use super::color_table::ColorTable;
use crate::raster::Rgba;

/// Maximum number of distinct colors; beyond it, colors are quantized. Films have a few thousand.
const MAX_COLORS: usize = 1 << 18;

/// Sums of one color.
#[derive(Clone, Copy, Debug, Default)]
struct ColorCount {
    /// Number of pixels that changed to the color minus number of pixels that changed from it.
    pixels: i64,
    /// The same sum, each pixel multiplied by the index of its frame.
    moment: i64,
}

impl ColorCount {
    fn add(&mut self, other: Self) {
        self.pixels += other.pixels;
        self.moment += other.moment;
    }
}

/// Sums of all colors.
#[derive(Debug, Default)]
pub(super) struct ColorHistogram {
    colors: ColorTable,
    /// By color index.
    counts: Vec<ColorCount>,
    /// Index of the current frame.
    frame: u64,
    /// Number of low bits dropped from every channel.
    dropped_bits: u32,
}

impl ColorHistogram {
    /// Adds pixels of a color, from the current frame on.
    pub(super) fn add_pixels(&mut self, color: Rgba, pixels: u64) {
        self.record(color, pixels as i64, pixels as i64 * self.frame as i64);
    }

    /// Removes pixels of a color, from the current frame on.
    pub(super) fn remove_pixels(&mut self, color: Rgba, pixels: u64) {
        self.record(color, -(pixels as i64), -(pixels as i64) * self.frame as i64);
    }

    /// Index of the current frame.
    pub(super) fn frame(&self) -> u64 {
        self.frame
    }

    /// Sets the index of the current frame.
    pub(super) fn set_frame(&mut self, index: u64) {
        self.frame = index;
    }

    /// Adds the sums of another histogram.
    pub(super) fn add(&mut self, other: &Self) {
        while self.dropped_bits < other.dropped_bits {
            self.drop_bit();
        }
        for (color, ColorCount { pixels, moment }) in other.iter() {
            self.record(color, pixels, moment);
        }
    }

    /// Whether colors were quantized, so that they are only approximate.
    pub(super) fn is_approximate(&self) -> bool {
        self.dropped_bits > 0
    }

    /// Counts of all colors in ascending order: the number of pixels, summed over a film of `frames` frames.
    pub(super) fn into_counts(self, frames: u64) -> Vec<(Rgba, u64)> {
        let total = |count: ColorCount| (count.pixels * frames as i64 - count.moment).max(0) as u64;
        let mut counts: Vec<_> = self.iter().map(|(color, count)| (color, total(count))).collect();
        counts.retain(|&(_, count)| count > 0);
        counts.sort_unstable();
        counts
    }

    /// Colors in the order of their first appearance.
    fn iter(&self) -> impl Iterator<Item = (Rgba, ColorCount)> {
        self.colors.colors().iter().copied().zip(self.counts.iter().copied())
    }

    #[inline]
    fn record(&mut self, color: Rgba, pixels: i64, moment: i64) {
        let index = self.colors.probe_first(color).unwrap_or_else(|| self.intern(color));
        self.counts[index as usize].add(ColorCount { pixels, moment });
    }

    /// Index of a color, or of its quantized color if bits are dropped. Adds new colors.
    #[cold]
    fn intern(&mut self, color: Rgba) -> u32 {
        // Dropping a bit may merge no colors, so bits are dropped until there is room. The number of dropped bits then
        // depends on the set of colors and not on their order.
        while self.counts.len() >= MAX_COLORS && !self.colors.contains(self.quantize(color)) {
            self.drop_bit();
        }
        let index = self.colors.intern(self.quantize(color));
        self.counts.resize(self.colors.colors().len(), ColorCount::default());
        index
    }

    /// Drops low bits and replaces them by the highest bits, so that 0 stays 0 and 255 stays 255.
    fn quantize(&self, color: Rgba) -> Rgba {
        let quantize = |channel: u8| {
            let high = channel >> self.dropped_bits << self.dropped_bits;
            high | (u16::from(channel) >> (8 - self.dropped_bits)) as u8
        };
        match self.dropped_bits {
            0 => color,
            _ => Rgba {
                r: quantize(color.r),
                g: quantize(color.g),
                b: quantize(color.b),
                a: quantize(color.a),
            },
        }
    }

    /// Drops one more bit of every channel, and adds up colors that become equal.
    fn drop_bit(&mut self) {
        let fine = std::mem::take(self);
        (self.frame, self.dropped_bits) = (fine.frame, fine.dropped_bits + 1);
        for (color, ColorCount { pixels, moment }) in fine.iter() {
            self.record(color, pixels, moment);
        }
    }
}

/// Sorts counts and adds up those of equal keys.
pub(super) fn sum_equal<T: Ord + Copy>(mut counts: Vec<(T, u64)>) -> Vec<(T, u64)> {
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
    fn pixels_are_counted_once_for_every_frame() {
        let (mut histogram, mut other) = (ColorHistogram::default(), ColorHistogram::default());
        histogram.add_pixels(Rgba::WHITE, 10);
        other.set_frame(2);
        other.remove_pixels(Rgba::WHITE, 4);
        other.add_pixels(Rgba::BLACK, 4);
        histogram.add(&other);
        assert_eq!(histogram.into_counts(3), [(Rgba::BLACK, 4), (Rgba::WHITE, 26)]);
    }

    #[test]
    fn quantization_does_not_depend_on_order() {
        // All channels are even, so dropping the lowest bit merges no colors.
        let color = |step: u32| Rgba {
            r: (step << 1) as u8,
            g: (step >> 7 << 1) as u8,
            b: (step >> 14 << 1) as u8,
            a: 255,
        };
        let all: Vec<Rgba> = (0..=MAX_COLORS as u32).map(color).collect();
        let count = |colors: &mut dyn Iterator<Item = &Rgba>| {
            let mut histogram = ColorHistogram::default();
            histogram.set_frame(3);
            colors.for_each(|&color| histogram.add_pixels(color, 2));
            histogram
        };
        let outcome = |histogram: ColorHistogram| (histogram.dropped_bits, histogram.into_counts(5));
        let whole = outcome(count(&mut all.iter()));
        assert_eq!(whole.0, 2, "dropping one bit merges no colors");
        assert!(outcome(count(&mut all.iter().rev())) == whole, "backwards");
        for parts in [2, 7] {
            let mut sum = ColorHistogram::default();
            for part in all.chunks(all.len().div_ceil(parts)).rev() {
                sum.add(&count(&mut part.iter()));
            }
            assert!(outcome(sum) == whole, "{parts} parts");
        }
    }

    #[test]
    fn the_number_of_colors_is_bounded_and_no_pixel_is_lost() {
        let mut histogram = ColorHistogram::default();
        for step in 0..600_000_u32 {
            let [r, g, b, _] = (step * 27).to_le_bytes();
            histogram.add_pixels(Rgba::opaque(r, g, b), 1);
        }
        assert!(histogram.is_approximate());
        assert_eq!(histogram.quantize(Rgba::WHITE), Rgba::WHITE);
        let counts = histogram.into_counts(1);
        assert!(counts.len() <= MAX_COLORS);
        assert_eq!(counts.iter().map(|&(_, count)| count).sum::<u64>(), 600_000);
    }
}
