//! The straight pieces of marks: chords of lines and of outlines, and their lengths within a rectangle.

use tiny_skia_path::{Path, PathSegment};

use crate::geometry::{Bounds, Point};
use crate::mark::{Mark, Polyline};

/// The number of chords that approximate a curved segment of an outline.
const CHORDS: u8 = 6;

/// A straight piece of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chord {
    pub(super) from: Point,
    pub(super) to: Point,
    /// Its opacity, 0 to 1.
    pub(super) weight: f64,
}

impl Chord {
    /// Whether it meets a rectangle.
    pub(super) fn meets(&self, rect: &Bounds) -> bool {
        clipped_length(self.from, self.to, rect) > 0.0
    }
}

/// Calls `visit` with the ends of each chord of the mark's lines or outlines.
pub(super) fn visit_chords(mark: &Mark, visit: &mut impl FnMut(Point, Point)) {
    match mark {
        Mark::Nothing | Mark::Image(_) => {}
        Mark::Stroke(stroke) => visit_polyline(&stroke.path, stroke.visible_points, visit),
        Mark::Tail(tail) => visit_polyline(&tail.path, tail.path.points.len(), visit),
        Mark::Fill(fill) => fill.shape.outlines.iter().for_each(|path| visit_path(path, fill.at, visit)),
    }
}

fn visit_polyline(path: &Polyline, visible_points: usize, visit: &mut impl FnMut(Point, Point)) {
    let points = &path.points[..visible_points.min(path.points.len())];
    let starts_subpath = |i: usize| path.subpath_starts.binary_search(&i).is_ok();
    let chords = points.windows(2).enumerate().filter(|(i, _)| !starts_subpath(i + 1));
    chords.for_each(|(_, pair)| visit(pair[0], pair[1]));
}

/// The chords of a path with its origin at a point.
fn visit_path(path: &Path, origin: Point, visit: &mut impl FnMut(Point, Point)) {
    let place = |p: tiny_skia_path::Point| Point::new(f64::from(p.x) + origin.x, f64::from(p.y) + origin.y);
    let (mut first, mut last) = (Point::default(), Point::default());
    let mut line_to = |last: &mut Point, next: Point| {
        visit(*last, next);
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
pub(super) fn clipped_length(a: Point, b: Point, within: &Bounds) -> f64 {
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

    const BOX: Bounds = Bounds { left: 10.0, top: 10.0, right: 20.0, bottom: 30.0 };

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
                (clipped_length(a, b, &BOX) - length).abs() < 1e-9
                    && (clipped_length(b, a, &BOX) - length).abs() < 1e-9
            );
        }
    }
}
