//! Values of an expression at many values of its variable, one per lane.
//!
//! Lanes stay in the cheapest representation: one value for all, real numbers, or complex numbers. The
//! representation does not affect the results: each lane has the bits of the scalar computation.

use num_complex::Complex64;

use super::function::UnaryFunction;
use super::number::{from_real, to_real, to_truth};

/// One value per lane.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lanes {
    /// The same value in all lanes.
    Uniform(Complex64),
    /// Real values, whose imaginary parts are +0.
    Real(Vec<f64>),
    /// Complex values.
    Complex(Vec<Complex64>),
}

impl Lanes {
    /// One value per lane, in the cheapest representation.
    pub(super) fn from_values(values: Vec<Complex64>) -> Self {
        if values.iter().all(|value| is_real_lane(*value)) {
            Self::Real(values.into_iter().map(|value| value.re).collect())
        } else {
            Self::Complex(values)
        }
    }

    /// The value in one lane.
    pub(crate) fn at(&self, lane: usize) -> Complex64 {
        match self {
            Self::Uniform(value) => *value,
            Self::Real(values) => from_real(values[lane]),
            Self::Complex(values) => values[lane],
        }
    }

    /// The values of all lanes as real numbers; `None` if one of them is not real.
    pub(crate) fn into_reals(self, lanes: usize) -> Option<Vec<f64>> {
        match self {
            Self::Uniform(value) => Some(vec![to_real(value).ok()?; lanes]),
            Self::Real(values) => Some(values),
            Self::Complex(values) => values.into_iter().map(|value| to_real(value).ok()).collect(),
        }
    }

    /// Applies a function to each lane, on the real line where possible.
    pub(super) fn apply(self, function: UnaryFunction) -> Self {
        match (self, function.real_function()) {
            (Self::Real(mut values), Some(f)) => {
                for value in &mut values {
                    *value = f(*value);
                }
                Self::Real(values)
            }
            (values, _) => values.map(|value| function.apply(value)),
        }
    }

    /// Applies a complex function to each lane.
    pub(super) fn map(self, f: impl Fn(Complex64) -> Complex64) -> Self {
        match self {
            Self::Uniform(value) => Self::Uniform(f(value)),
            Self::Real(values) => map_reals(values, |_, value| f(from_real(value))),
            Self::Complex(mut values) => {
                for value in &mut values {
                    *value = f(*value);
                }
                Self::Complex(values)
            }
        }
    }

    /// Combines two values lane by lane by `f`. `real_f` is the same function for real numbers; its values are
    /// real.
    pub(super) fn zip_reals(
        self,
        other: Self,
        real_f: impl Fn(f64, f64) -> f64,
        f: impl Fn(Complex64, Complex64) -> Complex64,
    ) -> Self {
        match (self, other) {
            (Self::Real(mut a), Self::Real(b)) => {
                for (a, b) in a.iter_mut().zip(&b) {
                    *a = real_f(*a, *b);
                }
                Self::Real(a)
            }
            (Self::Real(mut a), Self::Uniform(b)) if is_real_lane(b) => {
                for a in &mut a {
                    *a = real_f(*a, b.re);
                }
                Self::Real(a)
            }
            (Self::Uniform(a), Self::Real(mut b)) if is_real_lane(a) => {
                for b in &mut b {
                    *b = real_f(a.re, *b);
                }
                Self::Real(b)
            }
            (a, b) => a.zip(b, f),
        }
    }

    /// Combines two values lane by lane by a complex function.
    pub(super) fn zip(self, other: Self, f: impl Fn(Complex64, Complex64) -> Complex64) -> Self {
        match (self, other) {
            (Self::Uniform(a), b) => b.map(|b| f(a, b)),
            (a, Self::Uniform(b)) => a.map(|a| f(a, b)),
            (Self::Real(a), b) => map_reals(a, |lane, a| f(from_real(a), b.at(lane))),
            (Self::Complex(mut a), b) => {
                for (lane, a) in a.iter_mut().enumerate() {
                    *a = f(*a, b.at(lane));
                }
                Self::Complex(a)
            }
        }
    }

    /// The common value of all lanes, if they are known to have one.
    pub(super) fn uniform(&self) -> Option<Complex64> {
        match self {
            Self::Uniform(value) => Some(*value),
            Self::Real(_) | Self::Complex(_) => None,
        }
    }

    /// A value with the same truth value as every lane; `None` if the lanes differ.
    pub(super) fn common_truth(&self, lanes: usize) -> Option<Complex64> {
        let first = self.at(0);
        (1..lanes).all(|lane| to_truth(self.at(lane)) == to_truth(first)).then_some(first)
    }
}

/// Whether a value can be stored in [`Lanes::Real`]: its imaginary part is +0.
fn is_real_lane(value: Complex64) -> bool {
    value.im.to_bits() == 0
}

/// Applies a function to real lanes, in place for as long as its values are real.
fn map_reals(mut values: Vec<f64>, f: impl Fn(usize, f64) -> Complex64) -> Lanes {
    for lane in 0..values.len() {
        let value = f(lane, values[lane]);
        if !is_real_lane(value) {
            let done = values[..lane].iter().map(|value| from_real(*value));
            let rest = values[lane + 1..].iter().zip(lane + 1..).map(|(value, lane)| f(lane, *value));
            return Lanes::Complex(done.chain([value]).chain(rest).collect());
        }
        values[lane] = value.re;
    }
    Lanes::Real(values)
}
