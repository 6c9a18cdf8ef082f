//! The solution of (1 − g·A)·x = b to full precision, also where A is stiff.
//!
//! The rounding of 1 − g·A alone costs as many digits as the rates in A are apart. The residual b − x + g·A·x, which
//! is summed with twice the digits, corrects it (J. Wilkinson, "Rounding errors in algebraic processes", 1963).

use num_complex::Complex64;

use super::lu::{Factors, Singular};
use crate::solver::state_space::matrix::Matrix;
use crate::solver::state_space::scalar::Scalar;
use crate::solver::wide::Wide;

/// The corrections that are made at most. Each one adds the digits that the first solution has.
const MAX_CORRECTIONS: usize = 4;

/// (1 − g·A)⁻¹, to be applied to vectors.
pub(super) struct Resolvent<'a, T> {
    a: &'a Matrix<T>,
    factor: f64,
    factors: Factors<T>,
}

impl<'a, T: Scalar> Resolvent<'a, T> {
    /// The inverse for a factor g.
    pub(super) fn new(a: &'a Matrix<T>, factor: f64) -> Result<Self, Singular> {
        let matrix = Matrix::from_fn(a.rows(), a.rows(), |row, column| {
            let one = if row == column { T::from_complex(Complex64::ONE) } else { T::default() };
            one - a.get(row, column).scale(factor)
        });
        Ok(Self { a, factor, factors: Factors::new(&matrix)? })
    }

    /// The inverse times a vector.
    pub(super) fn times(&self, right: &[T]) -> Vec<T> {
        let mut solution = self.factors.solve(right);
        let mut last = f64::INFINITY;
        for _ in 0..MAX_CORRECTIONS {
            let correction = self.factors.solve(&self.residual(right, &solution));
            let size = largest(&correction);
            let is_better = size < 0.5 * last;
            if !is_better {
                break;
            }
            solution.iter_mut().zip(&correction).for_each(|(entry, change)| *entry += *change);
            if size <= f64::EPSILON * largest(&solution) {
                break;
            }
            last = size;
        }
        solution
    }

    /// b − x + g·A·x.
    fn residual(&self, right: &[T], x: &[T]) -> Vec<T> {
        let size = x.len();
        let mut sums = vec![[Wide::default(); 2]; size];
        for (column, x) in x.iter().enumerate() {
            for (entry, sum) in self.a.column(column).iter().zip(&mut sums) {
                add_product(sum, entry.to_complex(), x.to_complex());
            }
        }
        let row = |at: usize| {
            let [x, right] = [x[at].to_complex(), right[at].to_complex()];
            let [re, im] = sums[at].map(|sum| sum.times(self.factor));
            T::from_complex(Complex64::new(
                re.plus_number(-x.re).plus_number(right.re).value(),
                im.plus_number(-x.im).plus_number(right.im).value(),
            ))
        };
        (0..size).map(row).collect()
    }
}

/// Adds the product of two complex numbers to the sums of its parts.
fn add_product([re, im]: &mut [Wide; 2], left: Complex64, right: Complex64) {
    *re = re.plus_product(left.re, right.re);
    if left.im != 0.0 || right.im != 0.0 {
        *re = re.plus_product(-left.im, right.im);
        *im = im.plus_product(left.re, right.im).plus_product(left.im, right.re);
    }
}

fn largest<T: Scalar>(vector: &[T]) -> f64 {
    vector.iter().fold(0.0, |largest: f64, entry| largest.max(entry.size()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A has the eigenvalues −1e6 and −1 with the vectors (1, 1) and (1, 2).
    #[test]
    fn stiff_matrices_keep_their_digits() {
        let entries = [[-1_999_999.0, 999_999.0], [-1_999_998.0, 999_998.0]];
        let a = Matrix::from_fn(2, 2, |row, column| entries[row][column]);
        let x = Resolvent::new(&a, 0.25).expect("an inverse").times(&[1.0, 2.0]);
        assert!((x[0] - 0.8).abs() < 1e-15 && (x[1] - 1.6).abs() < 1e-15, "{x:?}");
        let complex = a.map_entries(|entry| Complex64::new(entry, 0.0));
        let right = [Complex64::new(1.0, -1.0), Complex64::new(2.0, -2.0)];
        let x = Resolvent::new(&complex, 0.25).expect("an inverse").times(&right);
        assert!((x[1] - Complex64::new(1.6, -1.6)).norm() < 1e-15, "{x:?}");
    }
}
