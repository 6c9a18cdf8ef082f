//! What a place for a legend would cover: how long the lines are that a panel ever draws there.
//!
//! Lengths are measured rather than points counted, which lie densely where a curve bends. Of an
//! element that changes the worst of some frames counts.

use tiny_skia_path::{Path, PathSegment};

use crate::geometry::{Bounds, Point};
use crate::mark::{Fill, Mark, Polyline};

/// What one element draws, in frames that differ.
#[derive(Default)]
pub(super) struct DrawnMarks(Vec<Vec<Mark>>);

/// A curve of an outline is taken as this many chords.
const CHORDS: u8 = 6;

impl DrawnMarks {
    /// Adds what it draws in one more frame.
    pub(super) fn add(&mut self, marks: Vec<Mark>) {
        if self.0.last() != Some(&marks) {
            self.0.push(marks);
        }
    }

    /// How much of it lies in a rectangle at worst: device pixels of lines and edges.
    pub(super) fn covered(&self, by: &Bounds) -> f64 {
        let frame = |marks: &Vec<Mark>| marks.iter().map(|mark| length(mark, by)).sum::<f64>();
        self.0.iter().map(frame).fold(0.0, f64::max)
    }
}

/// How long the lines of a mark are in a rectangle.
fn length(mark: &Mark, within: &Bounds) -> f64 {
    match mark {
        Mark::Nothing => 0.0,
        Mark::Stroke(stroke) => stroked(&stroke.path, stroke.visible_points, within),
        Mark::Tail(tail) => stroked(&tail.path, tail.path.points.len(), within),
        Mark::Fill(fill) => outlined(fill, within),
    }
}

fn stroked(path: &Polyline, upto: usize, within: &Bounds) -> f64 {
    let points = &path.points[..upto.min(path.points.len())];
    let begins = |i: usize| path.subpath_starts.binary_search(&i).is_ok();
    let chords = points.windows(2).enumerate().filter(|(i, _)| !begins(i + 1));
    chords.map(|(_, pair)| clipped(pair[0], pair[1], within)).sum()
}

fn outlined(fill: &Fill, within: &Bounds) -> f64 {
    fill.shape.outlines.iter().map(|path| edges(path, fill.at, within)).sum()
}

/// How long a path's edges are in a rectangle, the path's origin lying at `at`.
fn edges(path: &Path, at: Point, within: &Bounds) -> f64 {
    let place = |p: tiny_skia_path::Point| Point::new(f64::from(p.x) + at.x, f64::from(p.y) + at.y);
    let (mut first, mut last, mut sum) = (Point::default(), Point::default(), 0.0);
    let mut to = |last: &mut Point, next: Point| {
        sum += clipped(*last, next, within);
        *last = next;
    };
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(p) => (first, last) = (place(p), place(p)),
            PathSegment::LineTo(p) => to(&mut last, place(p)),
            PathSegment::QuadTo(a, p) => {
                let points = [last, place(a), place(p)];
                chords(|t| bezier(&points, t)).for_each(|p| to(&mut last, p));
            }
            PathSegment::CubicTo(a, b, p) => {
                let points = [last, place(a), place(b), place(p)];
                chords(|t| bezier(&points, t)).for_each(|p| to(&mut last, p));
            }
            PathSegment::Close => to(&mut last, first),
        }
    }
    sum
}

fn chords(at: impl Fn(f64) -> Point) -> impl Iterator<Item = Point> {
    (1..=CHORDS).map(move |i| at(f64::from(i) / f64::from(CHORDS)))
}

/// The point of a Bézier curve, by de Casteljau's halving.
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

/// How long the part of a chord is that lies in a rectangle.
fn clipped(a: Point, b: Point, within: &Bounds) -> f64 {
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

    const SHEET: Bounds = Bounds { left: 10.0, top: 10.0, right: 20.0, bottom: 30.0 };

    #[test]
    fn chords_count_as_far_as_they_lie_inside() {
        let cases = [
            ((0.0, 15.0), (100.0, 15.0), 10.0),
            ((12.0, 0.0), (12.0, 100.0), 20.0),
            ((11.0, 11.0), (14.0, 15.0), 5.0),
            ((0.0, 5.0), (100.0, 5.0), 0.0),
            ((9.0, 40.0), (21.0, 0.0), libm::hypot(12.0, 40.0) / 2.0),
        ];
        for (a, b, length) in cases {
            let (a, b) = (Point::new(a.0, a.1), Point::new(b.0, b.1));
            assert!((clipped(a, b, &SHEET) - length).abs() < 1e-9 && clipped(b, a, &SHEET) - length < 1e-9);
        }
    }

    #[test]
    fn a_disc_counts_with_its_circumference() {
        let at = |x: f64| {
            fill_mark(shape::disc(4.0), Point::new(x, 20.0), Rgba::BLACK, PixelRect::from_size(9, 9))
        };
        let mut drawn = DrawnMarks::default();
        for x in [100.0, 15.0, 20.0] {
            drawn.add(vec![at(x)]);
        }
        let circumference = 8.0 * std::f64::consts::PI;
        assert!((drawn.covered(&SHEET) / circumference - 1.0).abs() < 0.01, "the worst frame counts");
    }
}
