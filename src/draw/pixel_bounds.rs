//! Rounding of coordinates to whole pixels inside a clip.
//!
//! These functions run for every part of a stroke. Each compiles to a few instructions,
//! whereas `f64::floor` is a library call on x86-64 without SSE 4.1.

use crate::geometry::{PixelRect, Point};

/// The smallest rectangle of whole pixels around the corners `low` and `high`, clipped to `clip`.
pub(crate) fn enclosing_pixels(low: Point, high: Point, clip: PixelRect) -> PixelRect {
    PixelRect {
        left: floor_clamped(low.x, clip.left, clip.right),
        top: floor_clamped(low.y, clip.top, clip.bottom),
        right: ceil_clamped(high.x, clip.left, clip.right),
        bottom: ceil_clamped(high.y, clip.top, clip.bottom),
    }
}

/// `v` rounded down and clamped to `low..=high`; `low` for NaN.
fn floor_clamped(v: f64, low: i32, high: i32) -> i32 {
    let v = clamp(v, low, high);
    let whole = v as i32;
    whole - i32::from(f64::from(whole) > v)
}

/// `v` rounded up and clamped to `low..=high`; `low` for NaN.
fn ceil_clamped(v: f64, low: i32, high: i32) -> i32 {
    let v = clamp(v, low, high);
    let whole = v as i32;
    whole + i32::from(f64::from(whole) < v)
}

/// `v` clamped to `low..=high`; `low` for NaN, and also if `high` is less than `low`.
fn clamp(v: f64, low: i32, high: i32) -> f64 {
    fast_min(fast_max(v, f64::from(low)), f64::from(high.max(low)))
}

/// The lesser of two numbers; `b` if either is NaN. One instruction, whereas `f64::min`, which ignores NaN,
/// takes five.
pub(crate) fn fast_min(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The greater of two numbers; `b` if either is NaN.
pub(crate) fn fast_max(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_numbers_are_clamped() {
        for v in [-1e300, -3.5, -3.0, -0.2, -0.0, 0.0, 0.3, 2.0, 2.999, 7.0, 1e300, f64::INFINITY] {
            let clamp = |v: f64| v.clamp(-3.0, 7.0) as i32;
            assert_eq!(
                (floor_clamped(v, -3, 7), ceil_clamped(v, -3, 7)),
                (clamp(v.floor()), clamp(v.ceil()))
            );
        }
        assert_eq!((floor_clamped(f64::NAN, -3, 7), ceil_clamped(f64::NAN, -3, 7)), (-3, -3));
        // An inverted range yields its low end.
        assert_eq!((floor_clamped(5.5, 4, 2), ceil_clamped(5.5, 4, 2)), (4, 4));
    }
}
