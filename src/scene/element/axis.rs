//! One axis of a panel: what it shows of its values, and where it is divided.

use super::Label;
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

impl Scale {
    /// The coordinate in which an axis of this scale is even; not finite where a value has no place on it.
    #[must_use]
    pub fn even(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log if value > 0.0 => libm::log10(value),
            Self::Log => f64::NAN,
        }
    }

    /// The value at such a coordinate.
    #[must_use]
    pub fn value(self, even: f64) -> f64 {
        match self {
            Self::Linear => even,
            Self::Log => libm::pow(10.0, even),
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
