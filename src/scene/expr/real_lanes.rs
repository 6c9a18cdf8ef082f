//! One real number per lane: the real or the imaginary part of [`Lanes`](super::lanes::Lanes).
//!
//! A number that is the same in all lanes is stored and computed once.

use std::sync::Arc;

/// One real number per lane. Clones share their numbers until one of them is changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RealLanes {
    /// The same number in all lanes.
    Uniform(f64),
    /// A number for each lane.
    Each(Arc<Vec<f64>>),
}

impl RealLanes {
    /// A number for each lane.
    pub(super) fn each(values: Vec<f64>) -> Self {
        Self::Each(Arc::new(values))
    }

    /// The number in one lane.
    pub(super) fn at(&self, lane: usize) -> f64 {
        match self {
            Self::Uniform(value) => *value,
            Self::Each(values) => values[lane],
        }
    }

    /// The common number of all lanes, if they are known to have one.
    pub(super) fn uniform(&self) -> Option<f64> {
        match self {
            Self::Uniform(value) => Some(*value),
            Self::Each(_) => None,
        }
    }

    /// Whether all lanes are known to be zero, of either sign.
    pub(super) fn is_zero(&self) -> bool {
        self.uniform() == Some(0.0)
    }

    /// Whether a lane is zero, of either sign.
    pub(super) fn has_zero(&self) -> bool {
        match self {
            Self::Uniform(value) => *value == 0.0,
            Self::Each(values) => values.contains(&0.0),
        }
    }

    /// The numbers of some lanes, which may repeat.
    pub(super) fn gather(&self, lanes: &[usize]) -> Self {
        match self {
            Self::Uniform(value) => Self::Uniform(*value),
            Self::Each(values) => Self::each(lanes.iter().map(|lane| values[*lane]).collect()),
        }
    }

    /// The numbers of `count` lanes.
    pub(super) fn to_vec(&self, count: usize) -> Vec<f64> {
        match self {
            Self::Uniform(value) => vec![*value; count],
            Self::Each(values) => values.to_vec(),
        }
    }

    /// Applies a function to each lane.
    pub(super) fn map(self, f: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::Uniform(value) => Self::Uniform(f(value)),
            Self::Each(mut values) => {
                for value in Arc::make_mut(&mut values) {
                    *value = f(*value);
                }
                Self::Each(values)
            }
        }
    }

    /// Combines the numbers of each lane by a function.
    pub(super) fn zip(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        match (self, other) {
            (Self::Uniform(a), b) => b.map(|b| f(a, b)),
            (a, Self::Uniform(b)) => a.map(|a| f(a, b)),
            (Self::Each(a), Self::Each(mut b)) if Arc::strong_count(&a) > 1 => {
                for (a, b) in a.iter().zip(Arc::make_mut(&mut b)) {
                    *b = f(*a, *b);
                }
                Self::Each(b)
            }
            (Self::Each(mut a), Self::Each(b)) => {
                for (a, b) in Arc::make_mut(&mut a).iter_mut().zip(b.iter()) {
                    *a = f(*a, *b);
                }
                Self::Each(a)
            }
        }
    }

    /// Applies a function of one number, or the same function of many at once.
    pub(super) fn map_all(self, f: impl Fn(f64) -> f64, f_all: impl Fn(&mut [f64])) -> Self {
        match self {
            Self::Uniform(value) => Self::Uniform(f(value)),
            Self::Each(mut values) => {
                f_all(Arc::make_mut(&mut values).as_mut_slice());
                Self::Each(values)
            }
        }
    }
}
