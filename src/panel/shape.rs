//! Outlines of filled shapes: rectangles, discs, crosses, arrowheads. Coordinates are device pixels around
//! the shape's own origin, y downward.

use std::sync::Arc;

use tiny_skia_path::{Path, PathBuilder, Rect};

use crate::geometry::Point;
use crate::mark::Shape;

/// The distance of a cubic Bézier curve's control points from its ends, over the radius, with which it
/// approximates a quarter circle: 4/3·(√2 − 1).
const KAPPA: f32 = 0.552_284_8;

/// The distance from an arrowhead's tip to the notch at its back, as a fraction of its length.
pub(super) const ARROWHEAD_NOTCH: f64 = 0.8;

fn from_outlines(outlines: impl IntoIterator<Item = Option<Path>>) -> Arc<Shape> {
    Arc::new(Shape { outlines: outlines.into_iter().flatten().collect() })
}

/// A rectangle between two opposite corners.
#[must_use]
pub(super) fn rectangle(a: Point, b: Point) -> Arc<Shape> {
    from_outlines([rectangle_path(a, b)])
}

fn rectangle_path(a: Point, b: Point) -> Option<Path> {
    let rect =
        Rect::from_ltrb(a.x.min(b.x) as f32, a.y.min(b.y) as f32, a.x.max(b.x) as f32, a.y.max(b.y) as f32)?;
    Some(PathBuilder::from_rect(rect))
}

/// The outline of a rectangle as four bars `width` thick, centered on its sides.
#[must_use]
pub(super) fn rectangle_outline(a: Point, b: Point, width: f64) -> Arc<Shape> {
    let half = width / 2.0;
    let (left, right) = (a.x.min(b.x), a.x.max(b.x));
    let (top, bottom) = (a.y.min(b.y), a.y.max(b.y));
    let bar = |l: f64, t: f64, r: f64, b: f64| rectangle_path(Point::new(l, t), Point::new(r, b));
    from_outlines([
        bar(left - half, top - half, right + half, top + half),
        bar(left - half, bottom - half, right + half, bottom + half),
        bar(left - half, top - half, left + half, bottom + half),
        bar(right - half, top - half, right + half, bottom + half),
    ])
}

/// A disc around the origin.
#[must_use]
pub(super) fn disc(radius: f64) -> Arc<Shape> {
    let mut path = PathBuilder::new();
    push_circle(&mut path, radius as f32, false);
    from_outlines([path.finish()])
}

/// A ring around the origin, `width` thick, centered on the circle of this radius.
#[must_use]
pub(super) fn ring(radius: f64, width: f64) -> Arc<Shape> {
    let (outer, inner) = ((radius + width / 2.0) as f32, (radius - width / 2.0) as f32);
    let mut path = PathBuilder::new();
    push_circle(&mut path, outer, false);
    if inner > 0.0 {
        // The opposite direction makes a hole under the nonzero rule.
        push_circle(&mut path, inner, true);
    }
    from_outlines([path.finish()])
}

fn push_circle(path: &mut PathBuilder, r: f32, reversed: bool) {
    let k = r * KAPPA;
    let s = if reversed { -1.0 } else { 1.0 };
    path.move_to(r, 0.0);
    path.cubic_to(r, s * k, k, s * r, 0.0, s * r);
    path.cubic_to(-k, s * r, -r, s * k, -r, 0.0);
    path.cubic_to(-r, -s * k, -k, -s * r, 0.0, -s * r);
    path.cubic_to(k, -s * r, r, -s * k, r, 0.0);
    path.close();
}

/// Two bars that cross at the origin, `size` long and `width` thick; rotated by 45° if `diagonal`.
#[must_use]
pub(super) fn cross(size: f64, width: f64, diagonal: bool) -> Arc<Shape> {
    let (long, short) = (size / 2.0, width / 2.0);
    let bars = [[long, short], [short, long]];
    let rotate = |x: f64, y: f64| {
        if diagonal {
            let half_root = std::f64::consts::FRAC_1_SQRT_2;
            ((x - y) * half_root, (x + y) * half_root)
        } else {
            (x, y)
        }
    };
    from_outlines(
        bars.map(|[w, h]| polygon_path(&[rotate(-w, -h), rotate(w, -h), rotate(w, h), rotate(-w, h)])),
    )
}

/// An arrowhead with its tip at the origin, pointing along `direction`, which may have any length. Empty if
/// `direction` is zero.
#[must_use]
pub(super) fn arrowhead(direction: Point, length: f64, width: f64) -> Arc<Shape> {
    let norm = libm::hypot(direction.x, direction.y);
    if norm == 0.0 {
        return Arc::default();
    }
    let (ux, uy) = (direction.x / norm, direction.y / norm);
    let at = |back: f64, side: f64| (-ux * back - uy * side, -uy * back + ux * side);
    from_outlines([polygon_path(&[
        (0.0, 0.0),
        at(length, width / 2.0),
        at(length * ARROWHEAD_NOTCH, 0.0),
        at(length, -width / 2.0),
    ])])
}

/// A polygon, filled by the nonzero rule.
#[must_use]
pub(super) fn polygon(corners: &[Point]) -> Arc<Shape> {
    let corners: Vec<_> = corners.iter().map(|p| (p.x, p.y)).collect();
    from_outlines([polygon_path(&corners)])
}

fn polygon_path(corners: &[(f64, f64)]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (i, &(x, y)) in corners.iter().enumerate() {
        if i == 0 {
            path.move_to(x as f32, y as f32);
        } else {
            path.line_to(x as f32, y as f32);
        }
    }
    path.close();
    path.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(shape: &Shape) -> [f32; 4] {
        let all: Vec<Rect> = shape.outlines.iter().map(Path::bounds).collect();
        let low = |f: fn(&Rect) -> f32| all.iter().map(f).fold(f32::INFINITY, f32::min);
        let high = |f: fn(&Rect) -> f32| all.iter().map(f).fold(f32::NEG_INFINITY, f32::max);
        [low(Rect::left), low(Rect::top), high(Rect::right), high(Rect::bottom)]
    }

    #[test]
    fn outlines_are_centered_on_the_edge() {
        let outline = rectangle_outline(Point::new(10.0, 20.0), Point::new(30.0, 60.0), 4.0);
        assert_eq!(bounds(&outline), [8.0, 18.0, 32.0, 62.0]);
        assert_eq!(bounds(&ring(10.0, 2.0)), [-11.0, -11.0, 11.0, 11.0]);
    }

    #[test]
    fn arrowheads_end_at_their_tip() {
        let head = arrowhead(Point::new(3.0, 0.0), 10.0, 6.0);
        assert_eq!(bounds(&head), [-10.0, -3.0, 0.0, 3.0]);
        assert!(arrowhead(Point::new(0.0, 0.0), 10.0, 6.0).outlines.is_empty());
    }
}
