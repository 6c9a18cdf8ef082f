//! Systems of linear equations by Gaussian elimination, real and complex.

use crate::solver::state_space::scalar::Scalar;

/// The factors of a square matrix, P·A = L·U, by partial pivoting.
#[derive(Clone, Debug)]
pub(super) struct Factors<S> {
    /// L below the diagonal and U above, row by row.
    entries: Vec<S>,
    /// The row that each row is exchanged with.
    pivots: Vec<usize>,
}

impl<S: Scalar> Factors<S> {
    /// Factors a matrix that is given row by row; `None` if it is singular or not finite.
    pub(super) fn new(mut entries: Vec<S>, dimension: usize) -> Option<Self> {
        let mut pivots = Vec::with_capacity(dimension);
        for column in 0..dimension {
            let size = |row: &usize| entries[row * dimension + column].size();
            let pivot = (column..dimension).max_by(|first, second| size(first).total_cmp(&size(second)))?;
            if !(size(&pivot) > 0.0 && size(&pivot).is_finite()) {
                return None;
            }
            pivots.push(pivot);
            for k in 0..dimension {
                entries.swap(column * dimension + k, pivot * dimension + k);
            }
            eliminate(&mut entries, dimension, column);
        }
        Some(Self { entries, pivots })
    }

    /// Replaces the right-hand side b by the solution of A·x = b.
    pub(super) fn solve(&self, b: &mut [S]) {
        let dimension = b.len();
        for (row, pivot) in self.pivots.iter().enumerate() {
            b.swap(row, *pivot);
        }
        for row in 0..dimension {
            for k in 0..row {
                b[row] = b[row] - self.entries[row * dimension + k] * b[k];
            }
        }
        for row in (0..dimension).rev() {
            for k in row + 1..dimension {
                b[row] = b[row] - self.entries[row * dimension + k] * b[k];
            }
            b[row] = b[row] / self.entries[row * dimension + row];
        }
    }
}

/// Subtracts multiples of the pivot's row from the rows below and keeps the factors in the cleared column.
fn eliminate<S: Scalar>(entries: &mut [S], dimension: usize, column: usize) {
    let (above, below) = entries.split_at_mut((column + 1) * dimension);
    let pivot_row = &above[column * dimension..];
    for row in below.chunks_exact_mut(dimension) {
        let factor = row[column] / pivot_row[column];
        row[column] = factor;
        for (entry, pivot) in row[column + 1..].iter_mut().zip(&pivot_row[column + 1..]) {
            *entry = *entry - factor * *pivot;
        }
    }
}

#[cfg(test)]
mod tests {
    use num_complex::Complex64;

    use super::*;

    #[test]
    fn a_system_that_needs_exchanges_of_rows_is_solved() {
        let factors = Factors::new(vec![0.0, 2.0, 1.0, 1.0, 0.0, 3.0, 4.0, 1.0, 0.0], 3).expect("regular");
        let mut b = [7.0, 10.0, 6.0];
        factors.solve(&mut b);
        for (x, expected) in b.into_iter().zip([1.0, 2.0, 3.0]) {
            assert!((x - expected).abs() < 1e-14, "{x}");
        }
    }

    #[test]
    fn a_complex_system_is_solved() {
        let [i, one] = [Complex64::I, Complex64::ONE];
        let factors = Factors::new(vec![one, i, i, one * 2.0], 2).expect("regular");
        let mut b = [one + i * 2.0, i + 4.0];
        factors.solve(&mut b);
        assert!((b[0] - 1.0).size() < 1e-15 && (b[1] - 2.0).size() < 1e-15, "{b:?}");
    }

    #[test]
    fn a_singular_matrix_has_no_factors() {
        assert!(Factors::new(vec![1.0, 2.0, 2.0, 4.0], 2).is_none());
        assert!(Factors::new(vec![f64::NAN], 1).is_none());
    }
}
