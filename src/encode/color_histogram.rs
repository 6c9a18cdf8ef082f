//! Color histogram of a film: the number of pixels of each color, summed over all frames.
//!
//! A pixel counts in every frame, but costs nothing while it does not change: a pixel that enters at frame k of n is
//! shown in n − k frames. So two sums are kept for each color: pixels entered minus pixels left, and the same weighted
//! by frame index. Both can be summed in any order, and on several threads. So can the sets of frames in which
//! pixels change to a color. Memory is bounded: beyond [`MAX_COLORS`], the lowest bits of all channels are dropped.

use super::color_table::ColorTable;
use super::frame_set::{FrameSet, SampledFrame};
use crate::raster::Rgba;

/// Maximum number of distinct colors; beyond it, colors are quantized. Films have a few thousand.
const MAX_COLORS: usize = 1 << 18;

/// How often a film shows a color.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ColorCount {
    /// Number of pixels, summed over all frames.
    pub pixels: u64,
    /// The frames of a sample in which pixels change to the color.
    pub(super) frames: FrameSet,
}

impl ColorCount {
    /// Adds the count of another color, which becomes the same color.
    pub(super) fn add(&mut self, other: Self) {
        self.pixels += other.pixels;
        self.frames.insert_all(other.frames);
    }
}

/// Sums of one color.
#[derive(Clone, Copy, Debug, Default)]
struct ColorSums {
    /// Number of pixels that changed to the color minus number of pixels that changed from it.
    pixels: i64,
    /// The same sum, each pixel multiplied by the index of its frame.
    moment: i64,
    /// The frames of a sample in which pixels changed to the color.
    frames: FrameSet,
}

impl ColorSums {
    /// Adds pixels that change to the color in a frame; a negative number changes from it.
    #[inline]
    fn add_pixels(&mut self, pixels: i64, frame: u64) {
        self.pixels += pixels;
        self.moment += pixels * frame as i64;
    }

    /// Adds the sums of other frames, or of a color that becomes the same color.
    fn add(&mut self, other: Self) {
        self.pixels += other.pixels;
        self.moment += other.moment;
        self.frames.insert_all(other.frames);
    }
}

/// Sums of all colors.
#[derive(Debug, Default)]
pub(super) struct ColorHistogram {
    colors: ColorTable,
    /// By color index.
    sums: Vec<ColorSums>,
    /// Index of the current frame.
    frame: u64,
    /// The current frame in the sample of frames.
    sampled_frame: SampledFrame,
    /// Number of low bits dropped from every channel.
    dropped_bits: u32,
}

impl ColorHistogram {
    /// Adds pixels of a color, from the current frame on.
    pub(super) fn add_pixels(&mut self, color: Rgba, pixels: u64) {
        let (frame, sampled_frame) = (self.frame, self.sampled_frame);
        let sums = self.sums_of(color);
        sums.add_pixels(pixels as i64, frame);
        sums.frames.insert(sampled_frame);
    }

    /// Removes pixels of a color, from the current frame on.
    pub(super) fn remove_pixels(&mut self, color: Rgba, pixels: u64) {
        let frame = self.frame;
        self.sums_of(color).add_pixels(-(pixels as i64), frame);
    }

    /// Index of the current frame.
    pub(super) fn frame(&self) -> u64 {
        self.frame
    }

    /// Sets the index of the current frame, and its place in the sample.
    pub(super) fn set_frame(&mut self, index: u64, sampled_frame: SampledFrame) {
        (self.frame, self.sampled_frame) = (index, sampled_frame);
    }

    /// Adds the sums of another histogram.
    pub(super) fn add(&mut self, other: &Self) {
        while self.dropped_bits < other.dropped_bits {
            self.drop_bit();
        }
        other.iter().for_each(|(color, sums)| self.sums_of(color).add(sums));
    }

    /// Whether colors were quantized, so that they are only approximate.
    pub(super) fn is_approximate(&self) -> bool {
        self.dropped_bits > 0
    }

    /// Counts of all colors of a film of `frames` frames, in ascending order of the colors.
    pub(super) fn into_counts(self, frames: u64) -> Vec<(Rgba, ColorCount)> {
        let total = |sums: ColorSums| (sums.pixels * frames as i64 - sums.moment).max(0) as u64;
        let count = |sums: ColorSums| ColorCount { pixels: total(sums), frames: sums.frames };
        let mut counts: Vec<_> = self.iter().map(|(color, sums)| (color, count(sums))).collect();
        counts.retain(|(_, count)| count.pixels > 0);
        counts.sort_unstable();
        counts
    }

    /// Colors in the order of their first appearance.
    fn iter(&self) -> impl Iterator<Item = (Rgba, ColorSums)> {
        self.colors.colors().iter().copied().zip(self.sums.iter().copied())
    }

    /// The sums of a color.
    #[inline]
    fn sums_of(&mut self, color: Rgba) -> &mut ColorSums {
        let index = self.colors.probe_first(color).unwrap_or_else(|| self.intern(color));
        &mut self.sums[index as usize]
    }

    /// Index of a color, or of its quantized color if bits are dropped. Adds new colors.
    #[cold]
    fn intern(&mut self, color: Rgba) -> u32 {
        // Dropping a bit may merge no colors, so bits are dropped until there is room. The number of dropped bits then
        // depends on the set of colors and not on their order.
        while self.sums.len() >= MAX_COLORS && !self.colors.contains(self.quantize(color)) {
            self.drop_bit();
        }
        let index = self.colors.intern(self.quantize(color));
        self.sums.resize(self.colors.colors().len(), ColorSums::default());
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
        (self.frame, self.sampled_frame) = (fine.frame, fine.sampled_frame);
        self.dropped_bits = fine.dropped_bits + 1;
        fine.iter().for_each(|(color, sums)| self.sums_of(color).add(sums));
    }
}

/// Sorts counts and adds up those of equal keys.
pub(super) fn sum_equal<T: Ord + Copy>(mut counts: Vec<(T, ColorCount)>) -> Vec<(T, ColorCount)> {
    counts.sort_unstable();
    counts.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1.add(later.1);
        }
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
        histogram.set_frame(0, SampledFrame::new(0, 3));
        histogram.add_pixels(Rgba::WHITE, 10);
        other.set_frame(2, SampledFrame::new(2, 3));
        other.remove_pixels(Rgba::WHITE, 4);
        other.add_pixels(Rgba::BLACK, 4);
        histogram.add(&other);
        let count = |pixels, frame| {
            let mut frames = FrameSet::default();
            frames.insert(SampledFrame::new(frame, 3));
            ColorCount { pixels, frames }
        };
        assert_eq!(histogram.into_counts(3), [(Rgba::BLACK, count(4, 2)), (Rgba::WHITE, count(26, 0))]);
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
            histogram.set_frame(3, SampledFrame::new(3, 5));
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
        assert_eq!(counts.iter().map(|(_, count)| count.pixels).sum::<u64>(), 600_000);
    }
}
