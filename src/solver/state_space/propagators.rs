//! The exact motion over steps whose lengths are powers of two, and over any time as a sum of them.
//!
//! Over a step h the state moves to E·x + Σ Fₘ·cₘ, where the input is Σ cₘ·(τ/h)ᵐ:
//!
//! ```text
//! E = exp(A·h),   Fₘ = ∫₀ʰ exp(A·(h − τ))·B·(τ/h)ᵐ dτ.
//! ```
//!
//! Both follow from Taylor series where A·h is small, and from there by doubling h:
//!
//! ```text
//! E(2h) = E²,   Fₘ(2h) = 2⁻ᵐ·(E·Fₘ + Σ C(m, i)·Fᵢ).
//! ```
//!
//! No eigenvector is needed, so defective and far from normal matrices lose nothing.

use std::sync::OnceLock;

use super::matrix::Matrix;
use super::polynomial::{Polynomial, TERMS};
use super::scalar::Scalar;
use super::wide_matrix::WideMatrix;

/// The propagators of one system.
#[derive(Debug)]
pub(in crate::solver) struct Propagators<T> {
    /// A and B for balanced states.
    a: Matrix<T>,
    b: Vec<T>,
    /// The factors from balanced states to states.
    scales: Vec<f64>,
    /// The binary exponent of the shortest step.
    shortest: i32,
    /// The steps from the shortest one on, each computed when it is needed. There are about a thousand places, which a
    /// system without motion does without.
    steps: OnceLock<Box<[StepPlace<T>]>>,
}

/// The place of a step: empty until the step is computed, `None` if it would overflow.
type StepPlace<T> = OnceLock<Option<Step<T>>>;

/// The propagators of one step.
#[derive(Debug)]
struct Step<T> {
    /// E.
    exponential: WideMatrix<T>,
    /// The columns Fₘ.
    input: Matrix<T>,
}

/// The state has become too large for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::solver) struct TooLarge;

/// The exponent of the norm of A·h for the shortest step. So small a norm keeps the rounding of the series'
/// quadratic term below the 75 bits of the powers.
const SHORTEST_NORM: i32 = -12;

/// The powers of A·h in the series of the exponential; the next one is below 2⁻⁹⁰.
const SERIES_POWERS: usize = 6;

/// A step whose exponential is larger than this is replaced by several shorter ones.
const LARGEST_NORM: f64 = 1e120;

/// The number of times that the longest step may be repeated.
const MAX_REPETITIONS: u32 = 1 << 20;

impl<T: Scalar> Propagators<T> {
    /// The propagators of x′ = A·x + B·u.
    pub(in crate::solver) fn new(a: &Matrix<T>, b: &[T]) -> Self {
        let scales = a.balance();
        let b = b.iter().zip(&scales).map(|(b, scale)| b.scale(1.0 / scale)).collect();
        Self::of_balanced(a.scaled(&scales), b, scales)
    }

    fn of_balanced(a: Matrix<T>, b: Vec<T>, scales: Vec<f64>) -> Self {
        let norm = a.norm();
        let shortest = if norm > 0.0 { SHORTEST_NORM - libm::ilogb(norm) - 1 } else { 0 };
        let shortest = shortest.clamp(LOWEST_EXPONENT, 0);
        Self { a, b, scales, shortest, steps: OnceLock::new() }
    }

    /// The balanced state of a state.
    pub(in crate::solver) fn balanced(&self, state: &[T]) -> Vec<T> {
        state.iter().zip(&self.scales).map(|(entry, scale)| entry.scale(1.0 / scale)).collect()
    }

    /// The state of a balanced state.
    pub(in crate::solver) fn unbalanced(&self, state: &[T]) -> Vec<T> {
        state.iter().zip(&self.scales).map(|(entry, scale)| entry.scale(*scale)).collect()
    }

    /// The propagators of the reversed time.
    pub(super) fn reversed(&self) -> Self {
        let b = self.b.iter().map(|entry| -*entry).collect();
        Self::of_balanced(self.a.map(|entry| -entry), b, self.scales.clone())
    }

    /// The balanced state `duration` seconds later, under an input that is this polynomial from now on.
    pub(in crate::solver) fn advance(
        &self,
        mut state: Vec<T>,
        input: &Polynomial<T>,
        duration: f64,
    ) -> Result<Vec<T>, TooLarge> {
        let mut rest = duration;
        let mut count = 0;
        // Each step takes a leading bit off the duration, so that both differences are exact.
        while let Some((step, length)) = self.longest_within(rest) {
            state = step.advance(&state, &input.part(duration - rest, length));
            rest -= length;
            count += 1;
            if count > MAX_REPETITIONS || !state.iter().all(|entry| entry.size().is_finite()) {
                return Err(TooLarge);
            }
        }
        state = self.series(state, &input.part(duration - rest, rest));
        if state.iter().all(|entry| entry.size().is_finite()) { Ok(state) } else { Err(TooLarge) }
    }

    /// The longest step of at most this duration, and its length in seconds.
    fn longest_within(&self, duration: f64) -> Option<(&Step<T>, f64)> {
        if duration < exp2(self.shortest) {
            return None;
        }
        let mut exponent = libm::ilogb(duration);
        loop {
            if let Some(step) = self.step(exponent) {
                return Some((step, exp2(exponent)));
            }
            exponent -= 1;
        }
    }

    /// The step of 2^`exponent` seconds.
    fn step(&self, exponent: i32) -> Option<&Step<T>> {
        let index = (exponent - self.shortest) as usize;
        let steps = self.steps();
        let known = (0..index).rev().find(|at| steps[*at].get().is_some()).map_or(0, |at| at + 1);
        for at in known..index {
            self.compute(at);
        }
        self.compute(index)
    }

    /// The places of all steps.
    fn steps(&self) -> &[StepPlace<T>] {
        self.steps.get_or_init(|| (self.shortest..f64::MAX_EXP).map(|_| OnceLock::new()).collect())
    }

    /// The step with this index, whose predecessor is known.
    fn compute(&self, index: usize) -> Option<&Step<T>> {
        let steps = self.steps();
        let step = steps[index].get_or_init(|| {
            if index == 0 {
                return Some(self.first_step());
            }
            steps[index - 1].get()?.as_ref()?.doubled()
        });
        step.as_ref()
    }

    /// The shortest step, by Taylor series.
    fn first_step(&self) -> Step<T> {
        let length = exp2(self.shortest);
        let small = self.a.map(|entry| entry.scale(length));
        let mut power = small.clone();
        let mut rest = small.map(|_| T::default());
        for order in 2..=SERIES_POWERS {
            power = power.times(&small).map(|entry| entry.scale(1.0 / order as f64));
            rest = rest.plus(&power);
        }
        let columns: Vec<Vec<T>> = (0..TERMS)
            .map(|power| {
                let mut coefficients = vec![T::default(); power + 1];
                coefficients[power] = T::from_complex(1.0.into());
                self.series(vec![T::default(); self.b.len()], &Polynomial { length, coefficients })
            })
            .collect();
        let input = Matrix::from_fn(self.b.len(), TERMS, |row, column| columns[column][row]);
        Step { exponential: WideMatrix::one_plus(&small, &rest), input }
    }

    /// The state at the end of a polynomial input no longer than the shortest step, by the Taylor series of
    /// the state.
    ///
    /// With σ = τ/h and x = Σ ξₘσᵐ, the equation of motion gives ξₘ₊₁ = h·(A·ξₘ + B·cₘ)/(m + 1).
    fn series(&self, state: Vec<T>, input: &Polynomial<T>) -> Vec<T> {
        if input.length == 0.0 {
            return state;
        }
        let input_terms = input.significant_terms(SERIES_TOLERANCE);
        let mut sum = state.clone();
        let mut term = state;
        for order in 0.. {
            let mut next = vec![T::default(); term.len()];
            self.a.add_times(&term, &mut next);
            if let Some(coefficient) = input.coefficients.get(order) {
                next.iter_mut().zip(&self.b).for_each(|(next, b)| *next += *b * *coefficient);
            }
            let factor = input.length / (order + 1) as f64;
            term = next.into_iter().map(|entry| entry.scale(factor)).collect();
            sum.iter_mut().zip(&term).for_each(|(sum, term)| *sum += *term);
            let is_input_used = order + 1 >= input_terms;
            if is_input_used
                && (largest(&term) <= SERIES_TOLERANCE * largest(&sum) || order > MAX_SERIES_ORDER)
            {
                break;
            }
        }
        sum
    }
}

/// A term of the series below this, relative to the sum, is the last one.
const SERIES_TOLERANCE: f64 = 1e-19;

/// The series ends by then whatever its terms, since each is below 2⁻¹² of the one before.
const MAX_SERIES_ORDER: usize = TERMS + 8;

/// Shorter steps would be subnormal.
const LOWEST_EXPONENT: i32 = -1000;

/// 2^`exponent`.
fn exp2(exponent: i32) -> f64 {
    libm::ldexp(1.0, exponent)
}

/// The size of the largest entry.
fn largest<T: Scalar>(vector: &[T]) -> f64 {
    vector.iter().fold(0.0, |largest: f64, entry| largest.max(entry.size()))
}

impl<T: Scalar> Step<T> {
    /// The state after the step, under an input that is this polynomial during it.
    fn advance(&self, state: &[T], input: &Polynomial<T>) -> Vec<T> {
        let mut sum = vec![T::default(); state.len()];
        self.exponential.high.add_times(state, &mut sum);
        self.input.add_times(&input.coefficients, &mut sum);
        sum
    }

    /// The step of twice the length, unless it is too large.
    fn doubled(&self) -> Option<Self> {
        let exponential = self.exponential.squared();
        let norm = exponential.high.norm();
        if norm.is_nan() || norm > LARGEST_NORM {
            return None;
        }
        let moved = self.exponential.high.times(&self.input);
        let mut half = 1.0;
        let columns: Vec<Vec<T>> = (0..TERMS)
            .map(|power| {
                let mut column = moved.column(power).to_vec();
                let mut binomial = 1.0;
                for lower in 0..=power {
                    let entries = self.input.column(lower);
                    column.iter_mut().zip(entries).for_each(|(sum, entry)| *sum += entry.scale(binomial));
                    binomial = binomial * (power - lower) as f64 / (lower + 1) as f64;
                }
                for entry in &mut column {
                    *entry = entry.scale(half);
                }
                half *= 0.5;
                column
            })
            .collect();
        let input = Matrix::from_fn(moved.rows(), TERMS, |row, column| columns[column][row]);
        Some(Self { exponential, input })
    }
}
