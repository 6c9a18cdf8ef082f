//! The parts that both methods share: the problem along one direction of time, the point that a step starts
//! from, the norm that errors are measured in, and the polynomial that a step leaves behind.

use super::{Equation, Failure};
use crate::solver::wide::Wide;

/// The direction of integration from t = 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
}

/// An equation along one direction of time: in the elapsed time τ = |t|.
pub(super) struct Problem<'a, E> {
    pub(super) equation: &'a E,
    pub(super) direction: Direction,
}

/// The start of a step.
#[derive(Clone, Debug)]
pub(super) struct Point {
    /// τ, the elapsed time in seconds.
    pub(super) time: f64,
    /// y.
    pub(super) state: Vec<f64>,
    /// The part of y that rounding has lost so far.
    pub(super) lost: Vec<f64>,
    /// dy/dτ.
    pub(super) rates: Vec<f64>,
    /// The recent size of each component, which errors are a share of.
    pub(super) size: Vec<f64>,
}

/// A step that is accurate enough.
pub(super) struct Accepted {
    /// y at the end.
    pub(super) state: Vec<f64>,
    /// The part that its rounding has lost.
    pub(super) lost: Vec<f64>,
    /// dy/dτ at the end.
    pub(super) rates: Vec<f64>,
    /// [`COEFFICIENTS`] numbers a component.
    pub(super) polynomial: Vec<f64>,
    /// The length proposed for the next step, seconds.
    pub(super) next: f64,
}

/// The result of an attempt.
pub(super) enum Attempt {
    Accepted(Accepted),
    /// The step is to be repeated.
    Rejected(Rejected),
}

/// An attempt that is not accurate enough.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rejected {
    /// The length to repeat the step with, seconds.
    pub(super) shorter: f64,
    /// The error as a share of the tolerance; NaN if it is unknown.
    pub(super) error: f64,
}

/// The number of coefficients of a polynomial of degree 7.
pub(super) const COEFFICIENTS: usize = 8;

/// The share of its recent size that a component may fall to within a step before its errors count for more. An
/// oscillation passes zero in few steps and keeps its size; a decay is followed to the end.
const SIZE_DECAY: f64 = 0.9;

/// A component counts as at least this share of the largest one, so that the rounding errors of components that
/// cancel to nearly zero are not followed.
const SMALLEST_SHARE: f64 = 1e-3;

/// The smallest size of a component, far above denormal numbers.
const SMALLEST_SIZE: f64 = 1e-280;

/// The largest share of a size that is told from others, far from overflow when squared.
const LARGEST_SHARE: f64 = 1e100;

impl Direction {
    /// The sign of t.
    pub(super) fn sign(self) -> f64 {
        match self {
            Self::Forward => 1.0,
            Self::Backward => -1.0,
        }
    }
}

impl<E: Equation> Problem<'_, E> {
    /// Writes dy/dτ into `rates`.
    pub(super) fn rates(&self, time: f64, state: &[f64], rates: &mut [f64]) -> Result<(), Failure<E::Error>> {
        let sign = self.direction.sign();
        self.equation.rates(sign * time, state, rates).map_err(Failure::Equation)?;
        if let Some(component) = rates.iter().position(|rate| !rate.is_finite()) {
            return Err(Failure::NotReal { t: sign * time, component });
        }
        if self.direction == Direction::Backward {
            for rate in rates {
                *rate = -*rate;
            }
        }
        Ok(())
    }
}

impl Point {
    /// Moves to the end of a step.
    pub(super) fn advance(&mut self, time: f64, step: Accepted) {
        for (size, value) in self.size.iter_mut().zip(&step.state) {
            *size = value.abs().max(SIZE_DECAY * *size);
        }
        self.time = time;
        self.state = step.state;
        self.lost = step.lost;
        self.rates = step.rates;
    }

    /// The state after these increments, and what its rounding has lost: W. Kahan's compensated summation, which keeps
    /// the rounding errors of many short steps from adding up.
    pub(super) fn plus(&self, increments: impl Iterator<Item = f64>) -> (Vec<f64>, Vec<f64>) {
        let sum = |((start, lost), increment): ((&f64, &f64), f64)| {
            let Wide { high, low } = Wide::sum(*start, increment + lost);
            (high, low)
        };
        self.state.iter().zip(&self.lost).zip(increments).map(sum).unzip()
    }

    /// The size of each component in a step to `end`.
    pub(super) fn sizes(&self, end: &[f64]) -> Vec<f64> {
        let mut sizes: Vec<f64> =
            self.size.iter().zip(end).map(|(size, value)| size.max(value.abs())).collect();
        let largest = sizes.iter().fold(0.0, |largest: f64, size| largest.max(*size));
        let smallest = (SMALLEST_SHARE * largest).max(SMALLEST_SIZE);
        for size in &mut sizes {
            *size = size.max(smallest);
        }
        sizes
    }
}

/// The root mean square of errors as shares of sizes. It is finite: an error that is not counts as
/// `LARGEST_SHARE`.
pub(super) fn error_norm(errors: &[f64], sizes: &[f64]) -> f64 {
    let share = |(error, size): (&f64, &f64)| (error / size).abs().min(LARGEST_SHARE);
    let sum: f64 = errors.iter().zip(sizes).map(share).map(|share| share * share).sum();
    (sum / errors.len() as f64).sqrt()
}

/// The value of a polynomial in its nested form c₀ + s(c₁ + r(c₂ + s(c₃ + r(c₄ + …)))), where s runs from 0 to
/// 1 along the step and r = 1 − s. The value at 0 is exactly c₀.
pub(super) fn evaluate(polynomial: &[f64], s: f64) -> f64 {
    let r = 1.0 - s;
    let [c0, c1, c2, c3, c4, c5, c6, c7] = *polynomial else { return f64::NAN };
    c0 + s * (c1 + r * (c2 + s * (c3 + r * (c4 + s * (c5 + r * (c6 + s * c7))))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polynomial_runs_from_its_first_coefficient_to_the_sum_with_the_second() {
        let polynomial = [0.3, 0.4, 5.0, -3.0, 2.0, 7.0, -1.0, 0.5];
        assert_eq!(evaluate(&polynomial, 0.0), 0.3);
        assert_eq!(evaluate(&polynomial, 1.0), 0.7);
    }

    #[test]
    fn many_small_increments_add_up() {
        let mut point =
            Point { time: 0.0, state: vec![1.0], lost: vec![0.0], rates: vec![0.0], size: vec![1.0] };
        for _ in 0..1_000_000 {
            (point.state, point.lost) = point.plus([1e-17].into_iter());
        }
        assert_eq!(point.state, [1.0 + 1e-11]);
    }

    #[test]
    fn a_small_component_counts_as_a_share_of_the_largest() {
        let point = Point {
            time: 0.0,
            state: vec![1.0, 0.0],
            lost: vec![0.0; 2],
            rates: vec![0.0; 2],
            size: vec![1.0, 0.0],
        };
        assert_eq!(point.sizes(&[2.0, 0.0]), [2.0, 2e-3]);
        assert_eq!(point.sizes(&[0.5, 0.25]), [1.0, 0.25]);
    }
}
