//! The axes of panels: ranges, scales and ticks.

use super::Label;
use crate::scene::expr::Code;
use crate::scene::number_format::shortest;
use crate::scene::source::Origin;

/// The name of an axis of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisName {
    /// The horizontal axis.
    X,
    /// The vertical axis at the left.
    Y,
    /// The vertical axis at the right.
    Y2,
}

impl AxisName {
    /// All axes, in the order in which they are read.
    pub const ALL: [Self; 3] = [Self::X, Self::Y, Self::Y2];

    /// The key of the axis in a panel.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::Y => "y",
            Self::Y2 => "y2",
        }
    }
}

/// The vertical axis that an element is drawn on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VerticalAxis {
    /// The axis at the left.
    #[default]
    Y,
    /// The axis at the right, which the panel then has.
    Y2,
}

impl From<VerticalAxis> for AxisName {
    fn from(axis: VerticalAxis) -> Self {
        match axis {
            VerticalAxis::Y => Self::Y,
            VerticalAxis::Y2 => Self::Y2,
        }
    }
}

/// One axis of a panel.
#[derive(Clone, Debug, Default)]
pub struct Axis {
    /// The first and last value, from left to right or from bottom to top; `None` to fit the range to the data.
    pub range: Option<[f64; 2]>,
    /// The same, for a range that may change from frame to frame: its own, or that of the axis it shares. `range` is then
    /// `None`.
    pub moving: Option<MovingRange>,
    /// The name of the axis.
    pub label: Option<Label>,
    /// The ticks.
    pub ticks: Ticks,
    /// The position of `ticks` in the file.
    pub ticks_origin: Option<Origin>,
    /// Whether there are grid lines at the ticks.
    pub grid: bool,
    /// The scale.
    pub scale: Scale,
    /// The index of the panel whose range is used.
    pub share: Option<usize>,
}

/// A range that may change from frame to frame.
#[derive(Clone, Debug)]
pub struct MovingRange {
    /// The first and the last value.
    pub ends: [Code; 2],
    /// The position in the file.
    pub origin: Origin,
}

impl Axis {
    /// Whether the range is fitted to the data, or shared with an axis whose range is.
    #[must_use]
    pub fn is_fitted(&self) -> bool {
        self.range.is_none() && self.moving.is_none()
    }
}

/// The scale of an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Equal lengths are equal differences.
    #[default]
    Linear,
    /// Equal lengths are equal ratios. Only values greater than 0 can be shown.
    Log,
}

/// The minimal length of a range relative to its largest magnitude. An `f64` has 16 digits. If the ends of a range agree in
/// ten of them, there are still a million numbers between them, enough for pixels and distinct tick labels.
const MIN_RELATIVE_LENGTH: f64 = 1e-10;
/// The minimal length of a range. Products of two lengths, or of pixels per unit, do not underflow or overflow.
const MIN_LENGTH: f64 = 1e-150;
/// The maximal magnitude of the ends of a linear range, for the same reason.
const MAX_MAGNITUDE: f64 = 1e150;

/// The reason why two numbers cannot be the ends of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeDefect {
    /// The ends are equal.
    Equal,
    /// The ends differ only in their last digits.
    TooClose,
    /// The range is too short for ticks.
    TooShort,
    /// One of the ends is too large.
    TooLarge,
}

impl RangeDefect {
    /// The reason as text to follow the name of the range, and the remedy.
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
    /// The reason why two numbers that the scale can show cannot be the ends of an axis; `None` if they can.
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

    /// Maps a value to the coordinate in which the axis is linear. NaN if the scale cannot show the value.
    #[must_use]
    pub fn transform(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log if value > 0.0 => libm::log10(value),
            Self::Log => f64::NAN,
        }
    }

    /// Maps a linear coordinate back to its value; the inverse of [`transform`](Self::transform).
    #[must_use]
    pub fn inverse(self, transformed: f64) -> f64 {
        match self {
            Self::Linear => transformed,
            Self::Log => libm::pow(10.0, transformed),
        }
    }
}

/// The ticks of an axis.
#[derive(Clone, Debug, Default)]
pub enum Ticks {
    /// At round numbers.
    #[default]
    Auto,
    /// No ticks.
    None,
    /// At these values, labeled with the number or a label.
    At(Vec<(f64, Option<Label>)>),
    /// At the multiples of `step`.
    Every {
        /// The distance of two ticks, positive.
        step: f64,
        /// The unit of the labels, if any.
        unit: Option<Unit>,
    },
}

/// The unit of tick labels such as `3π/2` or `2T`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The value of the unit, positive.
    pub value: f64,
    /// The symbol in LaTeX mathematics, without dollars.
    pub symbol: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defects_of_ranges_are_found() {
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
