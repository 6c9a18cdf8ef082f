//! The cost of a position for a legend: texts that it would overlap, and lines that it would cover.
//!
//! Lines are measured by their length. Counting points would not do, as they lie densely where a curve bends.
//! For an element that changes, the worst of some frames counts.

use std::cmp::Ordering;

use crate::geometry::Bounds;
use crate::mark::Mark;
use crate::panel::chords::{clipped_length, visit_chords};

/// The cost of a position. Earlier fields outweigh later ones.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LegendCost {
    /// Device pixels by which static texts overlap the legend.
    pub(super) overlap: f64,
    /// The number of frames in which a moving text meets the legend.
    pub(super) frames: usize,
    /// The length of covered lines, in device pixels.
    pub(super) covered: f64,
}

impl LegendCost {
    /// Compares two costs; the smaller one is better.
    pub(super) fn total_cmp(&self, other: &Self) -> Ordering {
        let overlap = self.overlap.total_cmp(&other.overlap);
        overlap.then(self.frames.cmp(&other.frames)).then(self.covered.total_cmp(&other.covered))
    }
}

/// The length of the lines and outlines of marks within a rectangle, in device pixels.
pub(super) fn covered_length(marks: &[Mark], within: &Bounds) -> f64 {
    let mut sum = 0.0;
    for mark in marks {
        visit_chords(mark, &mut |a, b| sum += clipped_length(a, b, within));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{PixelRect, Point};
    use crate::panel::device_style::fill_mark;
    use crate::panel::shape;
    use crate::raster::Rgba;

    const LEGEND: Bounds = Bounds { left: 10.0, top: 10.0, right: 20.0, bottom: 30.0 };

    #[test]
    fn discs_count_with_their_circumference() {
        let at = |x: f64| {
            fill_mark(shape::disc(4.0), Point::new(x, 20.0), Rgba::BLACK, PixelRect::from_size(9, 9))
        };
        let circumference = 8.0 * std::f64::consts::PI;
        for (x, share) in [(100.0, 0.0), (15.0, 1.0), (20.0, 0.5)] {
            let covered = covered_length(&[at(x)], &LEGEND);
            assert!((covered / circumference - share).abs() < 0.01, "{x}: {covered}");
        }
    }
}
