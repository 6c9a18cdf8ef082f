//! Number formatting: hundredths of a device pixel in as few characters as possible.
//!
//! Absolute positions are rounded before they are subtracted, so that rounding errors of relative commands do not add up.

use crate::geometry::Point;

/// Decimals of a coordinate: hundredths of a device pixel.
pub(super) const DECIMALS: u32 = 2;

/// Largest coordinate in device pixels. Renderers use 32-bit floats, which resolve a hundredth of a pixel up to here, and no
/// picture is that large.
const FARTHEST: f64 = 1e5;

/// A point on the grid of hundredths of a pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GridPoint {
    pub(super) x: i64,
    pub(super) y: i64,
}

impl GridPoint {
    pub(super) fn of(point: Point) -> Self {
        Self { x: hundredths(point.x), y: hundredths(point.y) }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y }
    }

    /// Distance to another point, in pixels.
    pub(super) fn distance(self, other: Self) -> f64 {
        let way = self.minus(other);
        libm::hypot(way.x as f64, way.y as f64) / 100.0
    }
}

/// The nearest hundredth.
pub(super) fn hundredths(pixels: f64) -> i64 {
    (pixels.clamp(-FARTHEST, FARTHEST) * 100.0).round() as i64
}

/// A length in pixels, rounded to a hundredth.
pub(super) fn length(pixels: f64) -> String {
    decimal(hundredths(pixels), DECIMALS)
}

/// `value / 10^decimals` in the shortest form: `.5`, `-3`, `12.25`.
pub(super) fn decimal(value: i64, decimals: u32) -> String {
    let unit = 10_u64.pow(decimals);
    let (whole, part) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let sign = if value < 0 { "-" } else { "" };
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{part:0width$}", width = decimals as usize);
    let whole = if whole == 0 { String::new() } else { whole.to_string() };
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// A real number rounded to `decimals`.
pub(super) fn rounded(value: f64, decimals: u32) -> String {
    decimal((value * 10_u64.pow(decimals) as f64).round() as i64, decimals)
}

/// Appends a number, after a space only where it would merge with the one before it.
pub(super) fn join(text: &mut String, number: &str) {
    let last = text.rsplit(|c: char| c != '.' && !c.is_ascii_digit()).next().unwrap_or_default();
    let apart = match number.chars().next() {
        Some('-') => true,
        // `.5.5` is read as `.5` and `.5`, since a number has one point.
        Some('.') => last.is_empty() || last.contains('.'),
        _ => last.is_empty(),
    };
    if !apart {
        text.push(' ');
    }
    text.push_str(number);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_shortest_form() {
        let written = [0, 7, -50, 100, -1225, 30_010].map(|value| decimal(value, 2));
        assert_eq!(written, ["0", ".07", "-.5", "1", "-12.25", "300.1"]);
        assert_eq!((rounded(1.0 / 3.0, 4), rounded(-1e-9, 4)), (".3333".to_owned(), "0".to_owned()));
    }

    #[test]
    fn joined_numbers_stay_separate() {
        let mut text = String::from("l");
        for number in ["1", ".5", ".5", "-2", "3", ".25", "7"] {
            join(&mut text, number);
        }
        assert_eq!(text, "l1 .5.5-2 3 .25 7");
    }

    #[test]
    fn extreme_coordinates_are_clamped() {
        assert_eq!(length(1e300), "100000");
        assert_eq!(length(f64::NAN), "0");
    }
}
