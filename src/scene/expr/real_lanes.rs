//! One real number per lane: the real or the imaginary part of [`Lanes`](super::lanes::Lanes).
//!
//! A number that is the same in all lanes is stored and computed once. The loops over lanes are compiled for several
//! instruction sets, as those of [`vector_math`](super::vector_math) are.

#![allow(
    clippy::inline_always,
    reason = "a loop is compiled for an instruction set only where it is inlined"
)]

use std::sync::Arc;

use fearless_simd::{Level, dispatch};

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
            Self::Each(values) => dispatch!(Level::new(), _ => contains_zero(values)),
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
                let own = Arc::make_mut(&mut values).as_mut_slice();
                dispatch!(Level::new(), _ => map_each(own, &f));
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
                let own = Arc::make_mut(&mut b).as_mut_slice();
                dispatch!(Level::new(), _ => zip_each(own, &a, |b, a| f(a, b)));
                Self::Each(b)
            }
            (Self::Each(mut a), Self::Each(b)) => {
                let own = Arc::make_mut(&mut a).as_mut_slice();
                dispatch!(Level::new(), _ => zip_each(own, &b, &f));
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

/// Replaces each number by a function of it.
#[inline(always)]
fn map_each(own: &mut [f64], f: impl Fn(f64) -> f64) {
    for own in own {
        *own = f(*own);
    }
}

/// Replaces each number by a function of it and of that in the same lane of `other`.
#[inline(always)]
fn zip_each(own: &mut [f64], other: &[f64], f: impl Fn(f64, f64) -> f64) {
    for (own, other) in own.iter_mut().zip(other) {
        *own = f(*own, *other);
    }
}

/// Whether a number is zero, of either sign.
#[inline(always)]
fn contains_zero(values: &[f64]) -> bool {
    /// Numbers that are compared without a branch.
    const BLOCK: usize = 32;
    let has_zero = |block: &[f64]| block.iter().fold(0, |any, value| any | u8::from(*value == 0.0)) != 0;
    values.chunks(BLOCK).any(has_zero)
}
