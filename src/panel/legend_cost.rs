//! The cost of a position for a legend: texts that it would overlap, and lines that it would cover.
//!
//! Lines are measured by their length. Counting points would not do, as they lie densely where a curve bends.
//! For an element that changes, the worst of some frames counts.

use std::cmp::Ordering;

use tiny_skia_path::{Path, PathSegment};

use crate::geometry::{Bounds, Point};
use crate::mark::{Fill, Mark, Polyline};

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

/// The number of chords that approximate a curved segment of an outline.
const CHORDS: u8 = 6;

/// The length of the lines and outlines of marks within a rectangle, in device pixels.
pub(super) fn covered_length(marks: &[Mark], within: &Bounds) -> f64 {
    marks.iter().map(|mark| mark_length(mark, within)).sum()
}

/// The length of a mark's lines within a rectangle.
fn mark_length(mark: &Mark, within: &Bounds) -> f64 {
    match mark {
        Mark::Nothing | Mark::Image(_) => 0.0,
        Mark::Stroke(stroke) => polyline_length(&stroke.path, stroke.visible_points, within),
        Mark::Tail(tail) => polyline_length(&tail.path, tail.path.points.len(), within),
        Mark::Fill(fill) => outline_length(fill, within),
    }
}

fn polyline_length(path: &Polyline, visible_points: usize, within: &Bounds) -> f64 {
    let points = &path.points[..visible_points.min(path.points.len())];
    let starts_subpath = |i: usize| path.subpath_starts.binary_search(&i).is_ok();
    let chords = points.windows(2).enumerate().filter(|(i, _)| !starts_subpath(i + 1));
    chords.map(|(_, pair)| clipped_length(pair[0], pair[1], within)).sum()
}

fn outline_length(fill: &Fill, within: &Bounds) -> f64 {
    fill.shape.outlines.iter().map(|path| path_length(path, fill.at, within)).sum()
}

/// The length of a path within a rectangle, with the path's origin at a point.
fn path_length(path: &Path, origin: Point, within: &Bounds) -> f64 {
    let place = |p: tiny_skia_path::Point| Point::new(f64::from(p.x) + origin.x, f64::from(p.y) + origin.y);
    let (mut first, mut last, mut sum) = (Point::default(), Point::default(), 0.0);
    let mut line_to = |last: &mut Point, next: Point| {
        sum += clipped_length(*last, next, within);
        *last = next;
    };
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(p) => (first, last) = (place(p), place(p)),
            PathSegment::LineTo(p) => line_to(&mut last, place(p)),
            PathSegment::QuadTo(a, p) => {
                let points = [last, place(a), place(p)];
                chord_ends(|t| bezier(&points, t)).for_each(|p| line_to(&mut last, p));
            }
            PathSegment::CubicTo(a, b, p) => {
                let points = [last, place(a), place(b), place(p)];
                chord_ends(|t| bezier(&points, t)).for_each(|p| line_to(&mut last, p));
            }
            PathSegment::Close => line_to(&mut last, first),
        }
    }
    sum
}

/// The ends of the chords of a curve over 0 to 1.
fn chord_ends(at: impl Fn(f64) -> Point) -> impl Iterator<Item = Point> {
    (1..=CHORDS).map(move |i| at(f64::from(i) / f64::from(CHORDS)))
}

/// A point of a Bézier curve, by de Casteljau's algorithm.
fn bezier(points: &[Point], t: f64) -> Point {
    match points {
        [] => Point::default(),
        [only] => *only,
        [head @ .., _] => {
            let (a, b) = (bezier(head, t), bezier(&points[1..], t));
            Point::new(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t)
        }
    }
}

/// The length of a line segment within a rectangle, by Liang–Barsky clipping.
fn clipped_length(a: Point, b: Point, within: &Bounds) -> f64 {
    let lies_beside = |p: f64, q: f64, low: f64, high: f64| p.max(q) < low || p.min(q) > high;
    if lies_beside(a.x, b.x, within.left, within.right) || lies_beside(a.y, b.y, within.top, within.bottom) {
        return 0.0;
    }
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (start, step, low, high) in
        [(a.x, dx, within.left, within.right), (a.y, dy, within.top, within.bottom)]
    {
        if step == 0.0 {
            if start < low || start > high {
                return 0.0;
            }
        } else {
            let (p, q) = ((low - start) / step, (high - start) / step);
            (from, to) = (from.max(p.min(q)), to.min(p.max(q)));
        }
    }
    if to > from { (to - from) * libm::hypot(dx, dy) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::PixelRect;
    use crate::panel::device_style::fill_mark;
    use crate::panel::shape;
    use crate::raster::Rgba;

    const LEGEND: Bounds = Bounds { left: 10.0, top: 10.0, right: 20.0, bottom: 30.0 };

    #[test]
    fn only_the_part_inside_of_the_rectangle_counts() {
        let cases = [
            ((0.0, 15.0), (100.0, 15.0), 10.0),
            ((12.0, 0.0), (12.0, 100.0), 20.0),
            ((11.0, 11.0), (14.0, 15.0), 5.0),
            ((0.0, 5.0), (100.0, 5.0), 0.0),
            ((9.0, 40.0), (21.0, 0.0), libm::hypot(12.0, 40.0) / 2.0),
        ];
        for (a, b, length) in cases {
            let (a, b) = (Point::new(a.0, a.1), Point::new(b.0, b.1));
            assert!(
                (clipped_length(a, b, &LEGEND) - length).abs() < 1e-9
                    && (clipped_length(b, a, &LEGEND) - length).abs() < 1e-9
            );
        }
    }

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
