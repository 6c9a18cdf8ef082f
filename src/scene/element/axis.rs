//! One axis of a panel: what it shows of its values, and where it is divided.

use super::Label;
use crate::scene::number_format::shortest;
use crate::scene::source::Origin;

/// One axis of a panel.
#[derive(Clone, Debug, Default)]
pub struct Axis {
    /// First and last value, from left to right or from the bottom up; none: fitted.
    pub range: Option<[f64; 2]>,
    /// Its name.
    pub label: Option<Label>,
    /// Where it is divided.
    pub ticks: Ticks,
    /// Where that is written.
    pub ticks_origin: Option<Origin>,
    /// Fine lines at the ticks.
    pub grid: bool,
    /// Widened until its units are as long as the other axis's.
    pub equal: bool,
    /// What equal lengths on it stand for.
    pub scale: Scale,
    /// The panel (by index) whose range it takes over.
    pub share: Option<usize>,
}

/// What equal lengths on an axis stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences.
    #[default]
    Linear,
    /// Equal ratios; only values greater than 0 have a place.
    Log,
}

/// The least length of a range, as a part of its greatest magnitude. A number has 16 digits; a range that begins
/// where ten of them are equal still has a million numbers for its pixels, and labels that differ.
const MIN_RELATIVE_LENGTH: f64 = 1e-10;
/// Within these magnitudes the lengths of a range, and the pixels in a unit of it, can be multiplied by one another.
const MIN_LENGTH: f64 = 1e-150;
const MAX_MAGNITUDE: f64 = 1e150;

/// What keeps two numbers from being the ends of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeDefect {
    /// They are equal.
    Equal,
    /// They differ in their last digits only.
    TooClose,
    /// What lies between them is too short to be divided.
    TooShort,
    /// One of them is too large.
    TooLarge,
}

impl RangeDefect {
    /// Why a range cannot be shown, to follow its name, and the remedy.
    #[must_use]
    pub fn explain(self, [a, b]: [f64; 2]) -> (String, String) {
        let (a, b) = (shortest(a), shortest(b));
        let reaches = format!("reaches from {a} to {b}");
        match self {
            Self::Equal => (reaches, "its ends must differ".to_owned()),
            Self::TooClose => (
                format!("{reaches}: ends that agree in their first ten digits"),
                format!("show the difference from {a} in its place, on a linear axis"),
            ),
            Self::TooShort => (
                format!("{reaches}, which is too short for an axis"),
                format!("show it in a smaller unit: a range is at least {MIN_LENGTH:e} long"),
            ),
            Self::TooLarge => (
                format!("{reaches}, which is too large for an axis"),
                format!("show it in a larger unit: a range ends at {MAX_MAGNITUDE:e} at most"),
            ),
        }
    }
}

impl Scale {
    /// What keeps two numbers that have a place on an axis of this scale from being its ends.
    #[must_use]
    pub fn range_defect(self, [a, b]: [f64; 2]) -> Option<RangeDefect> {
        let (length, largest) = ((b - a).abs(), a.abs().max(b.abs()));
        if a == b {
            Some(RangeDefect::Equal)
        } else if self == Self::Linear && !(largest <= MAX_MAGNITUDE && length.is_finite()) {
            Some(RangeDefect::TooLarge)
        } else if self == Self::Linear && length < MIN_LENGTH {
            Some(RangeDefect::TooShort)
        } else {
            (length < largest * MIN_RELATIVE_LENGTH).then_some(RangeDefect::TooClose)
        }
    }

    /// The coordinate in which an axis of this scale is even; not finite where a value has no place on it.
    #[must_use]
    pub fn transform(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log if value > 0.0 => libm::log10(value),
            Self::Log => f64::NAN,
        }
    }

    /// The value at such a coordinate.
    #[must_use]
    pub fn inverse(self, transformed: f64) -> f64 {
        match self {
            Self::Linear => transformed,
            Self::Log => libm::pow(10.0, transformed),
        }
    }
}

/// Where an axis is divided.
#[derive(Clone, Debug, Default)]
pub enum Ticks {
    /// At round numbers.
    #[default]
    Auto,
    /// Nowhere.
    None,
    /// At these values, labelled with the number or with a label.
    At(Vec<(f64, Option<Label>)>),
    /// At the multiples of `step`.
    Every {
        /// Positive.
        step: f64,
        /// Values are labelled in this unit, if any.
        unit: Option<Unit>,
    },
}

/// The unit in which ticks are labelled: `3π/2`, `2T`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Its value, positive.
    pub value: f64,
    /// Its name as LaTeX mathematics, without dollars.
    pub symbol: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_cannot_be_divided_are_known() {
        let one = f64::EPSILON + 1.0;
        for (range, linear, log) in [
            ([0.0, 1.0], None, None),
            ([5.0, -5.0], None, None),
            ([2.0, 2.0], Some(RangeDefect::Equal), Some(RangeDefect::Equal)),
            ([1.0, one], Some(RangeDefect::TooClose), Some(RangeDefect::TooClose)),
            ([one, 1.0], Some(RangeDefect::TooClose), Some(RangeDefect::TooClose)),
            ([1.0, 1.0 + 2e-10], None, None),
            ([1e300, 1.1e300], Some(RangeDefect::TooLarge), None),
            ([5e-324, 1e300], Some(RangeDefect::TooLarge), None),
            ([5e-324, 1e-323], Some(RangeDefect::TooShort), None),
            ([0.0, 5e-324], Some(RangeDefect::TooShort), None),
            ([f64::MIN, f64::MAX], Some(RangeDefect::TooLarge), None),
            ([0.0, f64::INFINITY], Some(RangeDefect::TooLarge), None),
            ([0.0, f64::NAN], Some(RangeDefect::TooLarge), None),
        ] {
            assert_eq!(Scale::Linear.range_defect(range), linear, "{range:?}");
            if range.iter().all(|end| Scale::Log.transform(*end).is_finite()) {
                assert_eq!(Scale::Log.range_defect(range), log, "{range:?}");
            }
        }
    }
}
