//! Polyline simplification by Ramer, Douglas and Peucker, for curves and for values over time.

use crate::geometry::Point;

/// Greatest distance of a simplified curve from its samples, in device pixels: two fifths of the sampling tolerance.
pub(super) const CHORD: f64 = 0.02;

/// Indices that remain of `0..count`: the first, the last, and those that interpolation would miss by more than `tolerance`.
/// `deviation(from, to, k)` is the distance of item `k` from the line between the items `from` and `to`.
pub(super) fn simplify(
    count: usize,
    tolerance: f64,
    deviation: impl Fn(usize, usize, usize) -> f64,
) -> Vec<usize> {
    let mut simplify = vec![false; count];
    let mut spans = vec![(0, count.saturating_sub(1))];
    while let Some((from, to)) = spans.pop().filter(|_| count > 0) {
        (simplify[from], simplify[to]) = (true, true);
        let deviations = (from + 1..to).map(|k| (k, deviation(from, to, k)));
        let worst = deviations.max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((k, _)) = worst.filter(|(_, deviation)| *deviation > tolerance) {
            spans.extend([(from, k), (k, to)]);
        }
    }
    (0..count).filter(|k| simplify[*k]).collect()
}

/// Indices of the points that must remain in any of several curves with equally many points.
pub(super) fn simplify_polylines(curves: &[&[Point]]) -> Vec<usize> {
    let count = curves.first().map_or(0, |curve| curve.len());
    simplify(count, CHORD, |from, to, k| {
        curves.iter().map(|curve| distance(curve[from], curve[to], curve[k])).fold(0.0, f64::max)
    })
}

/// Distance of a point from a line segment.
fn distance(from: Point, to: Point, point: Point) -> f64 {
    let (along, way) =
        (Point::new(to.x - from.x, to.y - from.y), Point::new(point.x - from.x, point.y - from.y));
    let square = along.x * along.x + along.y * along.y;
    let part =
        if square > 0.0 { ((way.x * along.x + way.y * along.y) / square).clamp(0.0, 1.0) } else { 0.0 };
    libm::hypot(way.x - along.x * part, way.y - along.y * part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fine_circle_keeps_its_shape_with_a_few_points() {
        let at = |k: u32| libm::sincos(f64::from(k) / 1000.0 * std::f64::consts::TAU);
        let circle: Vec<Point> = (0..=1000).map(at).map(|(y, x)| Point::new(50.0 * x, 50.0 * y)).collect();
        let kept = simplify_polylines(&[&circle]);
        assert!(kept.len() < 200 && kept[0] == 0 && kept.last() == Some(&1000), "{}", kept.len());
        for pair in kept.windows(2) {
            for point in &circle[pair[0]..=pair[1]] {
                assert!(distance(circle[pair[0]], circle[pair[1]], *point) <= CHORD);
            }
        }
    }

    #[test]
    fn a_point_that_one_curve_needs_remains_in_all() {
        let line = |y: f64| [0.0, 1.0, 2.0].map(|x| Point::new(x, if x == 1.0 { y } else { 0.0 }));
        assert_eq!(simplify_polylines(&[&line(0.0)]), [0, 2]);
        assert_eq!(simplify_polylines(&[&line(0.0), &line(0.5)]), [0, 1, 2]);
        assert!(simplify_polylines(&[]).is_empty());
    }
}
