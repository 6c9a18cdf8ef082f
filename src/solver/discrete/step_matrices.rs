//! The matrices of one step, and the step itself.

use num_complex::Complex64;

use crate::solver::state_space::matrix::Matrix;
use crate::solver::state_space::scalar::Scalar;

/// Ad and Bd.
#[derive(Clone, Debug)]
pub struct StepMatrices(Numbers);

/// A real system is computed with real numbers, which are four times as fast.
#[derive(Clone, Debug)]
enum Numbers {
    Real(Pair<f64>),
    Complex(Pair<Complex64>),
}

#[derive(Clone, Debug)]
pub(super) struct Pair<T> {
    pub(super) a: Matrix<T>,
    pub(super) b: Vec<T>,
}

impl StepMatrices {
    /// Matrices from their rows. All sizes are those of `b`. Imaginary parts are dropped unless `is_complex`.
    #[must_use]
    pub fn new(a: &[Vec<Complex64>], b: &[Complex64], is_complex: bool) -> Self {
        if is_complex { Self::of_complex(Pair::of(a, b)) } else { Self::of_real(Pair::of(a, b)) }
    }

    pub(super) fn of_real(pair: Pair<f64>) -> Self {
        Self(Numbers::Real(pair))
    }

    pub(super) fn of_complex(pair: Pair<Complex64>) -> Self {
        Self(Numbers::Complex(pair))
    }

    /// The number of states.
    #[must_use]
    pub fn order(&self) -> usize {
        match &self.0 {
            Numbers::Real(pair) => pair.b.len(),
            Numbers::Complex(pair) => pair.b.len(),
        }
    }

    /// An entry of Ad.
    #[must_use]
    pub fn a(&self, row: usize, column: usize) -> Complex64 {
        match &self.0 {
            Numbers::Real(pair) => pair.a.get(row, column).into(),
            Numbers::Complex(pair) => pair.a.get(row, column),
        }
    }

    /// An entry of Bd.
    #[must_use]
    pub fn b(&self, row: usize) -> Complex64 {
        match &self.0 {
            Numbers::Real(pair) => pair.b[row].into(),
            Numbers::Complex(pair) => pair.b[row],
        }
    }

    /// Ad·x + Bd·u. A part that overflows stays infinite, with the sign that it had if it had one. The imaginary
    /// parts of `x` and `u` are not used if the matrices are real.
    #[must_use]
    pub fn advance(&self, x: &[Complex64], u: Complex64) -> Vec<Complex64> {
        match &self.0 {
            Numbers::Real(pair) => pair.advance(x, u),
            Numbers::Complex(pair) => pair.advance(x, u),
        }
    }

    /// x + Bd·u.
    #[must_use]
    pub fn start(&self, x: &[Complex64], u: Complex64) -> Vec<Complex64> {
        match &self.0 {
            Numbers::Real(pair) => pair.start(x, u),
            Numbers::Complex(pair) => pair.start(x, u),
        }
    }
}

impl<T: Scalar> Pair<T> {
    pub(super) fn of(a: &[Vec<Complex64>], b: &[Complex64]) -> Self {
        Self {
            a: Matrix::from_fn(a.len(), a.len(), |row, column| T::from_complex(a[row][column])),
            b: b.iter().map(|entry| T::from_complex(*entry)).collect(),
        }
    }

    fn advance(&self, x: &[Complex64], u: Complex64) -> Vec<Complex64> {
        let state: Vec<T> = x.iter().map(|entry| T::from_complex(*entry)).collect();
        let mut sum = vec![T::default(); state.len()];
        self.a.add_times(&state, &mut sum);
        let mut next = self.plus_input(&sum, u);
        if next.iter().any(|x| !is_finite(x)) {
            keep_infinite(x, u, &mut next);
        }
        next
    }

    fn start(&self, x: &[Complex64], u: Complex64) -> Vec<Complex64> {
        let state: Vec<T> = x.iter().map(|entry| T::from_complex(*entry)).collect();
        self.plus_input(&state, u)
    }

    fn plus_input(&self, x: &[T], u: Complex64) -> Vec<Complex64> {
        let u = T::from_complex(u);
        let has_input = u != T::default();
        let terms = x.iter().zip(&self.b);
        terms.map(|(x, b)| if has_input { *x + *b * u } else { *x }.to_complex()).collect()
    }
}

fn is_finite(number: &Complex64) -> bool {
    number.re.is_finite() && number.im.is_finite()
}

/// Replaces the NaNs that a finite input leaves of infinite states, such as ∞ − ∞, by infinities.
fn keep_infinite(before: &[Complex64], u: Complex64, next: &mut [Complex64]) {
    let is_nan = |x: &Complex64| x.re.is_nan() || x.im.is_nan();
    if !is_finite(&u) || before.iter().any(is_nan) {
        return;
    }
    let kept = |before: f64, next: f64| match next {
        _ if !next.is_nan() => next,
        _ if before.is_infinite() => before,
        _ => f64::INFINITY,
    };
    for (before, next) in before.iter().zip(next) {
        *next = Complex64::new(kept(before.re, next.re), kept(before.im, next.im));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overflow_stays_infinite() {
        let rows = [[1.0, 1.0], [-4.0, 1.0]].map(|row| row.map(Complex64::from).to_vec());
        let matrices = StepMatrices::new(&rows, &[Complex64::ZERO; 2], false);
        let mut x = vec![Complex64::from(1e308), Complex64::from(1e308)];
        for _ in 0..5 {
            x = matrices.advance(&x, Complex64::ZERO);
        }
        assert!(x.iter().all(|x| x.re.is_infinite() && x.im == 0.0), "{x:?}");
        let lost = matrices.advance(&[Complex64::from(f64::NAN), Complex64::ONE], Complex64::ZERO);
        assert!(lost[0].re.is_nan());
    }

    #[test]
    fn real_matrices_stay_real() {
        let matrices = StepMatrices::new(&[vec![Complex64::I + 2.0]], &[Complex64::I + 3.0], false);
        assert_eq!((matrices.a(0, 0), matrices.b(0)), (2.0.into(), 3.0.into()));
        assert_eq!(matrices.advance(&[5.0.into()], 7.0.into()), [31.0.into()]);
        assert_eq!(matrices.start(&[5.0.into()], 7.0.into()), [26.0.into()]);
    }
}
