//! The outlines that panels fill: rectangles, discs, crosses, arrowheads. Device pixels, around a
//! shape's own origin, y downward.

use std::sync::Arc;

use tiny_skia_path::{Path, PathBuilder, Rect};

use crate::geometry::Point;
use crate::mark::Shape;

/// A quarter circle as a cubic Bézier curve: the control points' distance over the radius.
const KAPPA: f32 = 0.552_284_8;

fn from_outlines(outlines: impl IntoIterator<Item = Option<Path>>) -> Arc<Shape> {
    Arc::new(Shape { outlines: outlines.into_iter().flatten().collect() })
}

/// A filled rectangle between two corners.
#[must_use]
pub(super) fn rectangle(a: Point, b: Point) -> Arc<Shape> {
    from_outlines([rectangle_path(a, b)])
}

fn rectangle_path(a: Point, b: Point) -> Option<Path> {
    let rect =
        Rect::from_ltrb(a.x.min(b.x) as f32, a.y.min(b.y) as f32, a.x.max(b.x) as f32, a.y.max(b.y) as f32)?;
    Some(PathBuilder::from_rect(rect))
}

/// The outline of a rectangle, `width` thick, half of it inside, with mitred corners.
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
    from_outlines([circle_path(radius as f32, false)])
}

/// A ring around the origin, `width` thick, half of it inside.
#[must_use]
pub(super) fn ring(radius: f64, width: f64) -> Arc<Shape> {
    let (outer, inner) = ((radius + width / 2.0) as f32, (radius - width / 2.0) as f32);
    let mut path = PathBuilder::new();
    push_circle(&mut path, outer, false);
    if inner > 0.0 {
        // The other way round, so that the inside counts as outside.
        push_circle(&mut path, inner, true);
    }
    from_outlines([path.finish()])
}

fn circle_path(radius: f32, backwards: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    push_circle(&mut path, radius, backwards);
    path.finish()
}

fn push_circle(path: &mut PathBuilder, r: f32, backwards: bool) {
    let k = r * KAPPA;
    let s = if backwards { -1.0 } else { 1.0 };
    path.move_to(r, 0.0);
    path.cubic_to(r, s * k, k, s * r, 0.0, s * r);
    path.cubic_to(-k, s * r, -r, s * k, -r, 0.0);
    path.cubic_to(-r, -s * k, -k, -s * r, 0.0, -s * r);
    path.cubic_to(k, -s * r, r, -s * k, r, 0.0);
    path.close();
}

/// Two bars that cross at the origin, `size` long and `width` thick; upright, or turned by 45°.
#[must_use]
pub(super) fn cross(size: f64, width: f64, diagonal: bool) -> Arc<Shape> {
    let (long, short) = (size / 2.0, width / 2.0);
    let bars = [[long, short], [short, long]];
    let turn = |x: f64, y: f64| {
        if diagonal {
            let half_root = std::f64::consts::FRAC_1_SQRT_2;
            ((x - y) * half_root, (x + y) * half_root)
        } else {
            (x, y)
        }
    };
    from_outlines(bars.map(|[w, h]| polygon_path(&[turn(-w, -h), turn(w, -h), turn(w, h), turn(-w, h)])))
}

/// An arrowhead whose tip is the origin and that points along `direction` (of any length).
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
        at(length * 0.8, 0.0),
        at(length, -width / 2.0),
    ])])
}

/// A polygon, filled by the non-zero rule.
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
    fn outlines_lie_half_inside() {
        let outline = rectangle_outline(Point::new(10.0, 20.0), Point::new(30.0, 60.0), 4.0);
        assert_eq!(bounds(&outline), [8.0, 18.0, 32.0, 62.0]);
        assert_eq!(bounds(&ring(10.0, 2.0)), [-11.0, -11.0, 11.0, 11.0]);
    }

    #[test]
    fn an_arrowhead_ends_in_its_tip() {
        let head = arrowhead(Point::new(3.0, 0.0), 10.0, 6.0);
        assert_eq!(bounds(&head), [-10.0, -3.0, 0.0, 3.0]);
        assert!(arrowhead(Point::new(0.0, 0.0), 10.0, 6.0).outlines.is_empty());
    }
}
