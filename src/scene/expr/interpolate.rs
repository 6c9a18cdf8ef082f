//! `interp`: linear interpolation between points, constant beyond the first and the last one.

use std::cmp::Ordering;

use num_complex::Complex64;

use super::arithmetic::multiply_by_real;
use super::number::NAN;

/// The interpolated value at x.
///
/// `point_x(i)` and `point_y(i)` are the coordinates of point i of `count`. The value is NaN if the x values are not
/// strictly increasing.
pub(super) fn interpolate(
    x: f64,
    count: usize,
    point_x: impl Fn(usize) -> f64,
    point_y: impl Fn(usize) -> Complex64,
) -> Complex64 {
    let mut last = f64::NEG_INFINITY;
    // The segment that holds x: the index of its end, and the x values of both of its ends.
    let mut segment = None;
    for i in 0..count {
        let next = point_x(i);
        if last.partial_cmp(&next) != Some(Ordering::Less) {
            return NAN;
        }
        if segment.is_none() && x < next {
            segment = Some((i, last, next));
        }
        last = next;
    }
    match segment {
        _ if x.is_nan() || count == 0 => NAN,
        None => point_y(count - 1),
        Some((0, ..)) => point_y(0),
        Some((end, from, to)) => {
            let before = point_y(end - 1);
            before + multiply_by_real(point_y(end) - before, (x - from) / (to - from))
        }
    }
}
