//! Gaussian elimination with partial pivoting.

use crate::solver::state_space::matrix::Matrix;
use crate::solver::state_space::scalar::Scalar;

/// The matrix has no inverse, up to rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Singular;

/// A matrix as the product of triangular ones.
#[derive(Debug)]
pub(super) struct Factors<T> {
    /// The rows, in the order of the pivots: up to the diagonal the multiples that were subtracted, from there on the
    /// upper triangular matrix.
    rows: Vec<Vec<T>>,
    /// For each of them the row of the matrix.
    order: Vec<usize>,
}

impl<T: Scalar> Factors<T> {
    /// The factors of a square matrix.
    pub(super) fn new(matrix: &Matrix<T>) -> Result<Self, Singular> {
        let size = matrix.rows();
        let mut rows: Vec<Vec<T>> =
            (0..size).map(|row| (0..size).map(|column| matrix.get(row, column)).collect()).collect();
        // The largest size that each entry has had.
        let mut sizes: Vec<Vec<f64>> =
            rows.iter().map(|row| row.iter().map(|entry| entry.size()).collect()).collect();
        let mut order: Vec<usize> = (0..size).collect();
        for at in 0..size {
            let is_larger = |row: usize, best: usize| rows[row][at].size() > rows[best][at].size();
            let pivot = (at..size).fold(at, |best, row| if is_larger(row, best) { row } else { best });
            rows.swap(at, pivot);
            sizes.swap(at, pivot);
            order.swap(at, pivot);
            // What cancellation leaves of a larger entry is rounding. A NaN is not larger either.
            let rounding = 4.0 * size as f64 * f64::EPSILON * sizes[at][at];
            let is_sound = rows[at][at].size() > rounding;
            if !is_sound {
                return Err(Singular);
            }
            let (upper, lower) = rows.split_at_mut(at + 1);
            for (row, sizes) in lower.iter_mut().zip(&mut sizes[at + 1..]) {
                eliminate(row, &upper[at], at, sizes);
            }
        }
        Ok(Self { rows, order })
    }

    /// The solution for a right side.
    pub(super) fn solve(&self, right: &[T]) -> Vec<T> {
        let mut solution: Vec<T> = self.order.iter().map(|at| right[*at]).collect();
        for (at, row) in self.rows.iter().enumerate() {
            let known: T = row[..at].iter().zip(&solution).map(|(factor, entry)| *factor * *entry).sum();
            solution[at] = solution[at] - known;
        }
        for (at, row) in self.rows.iter().enumerate().rev() {
            let later = row[at + 1..].iter().zip(&solution[at + 1..]);
            let known: T = later.map(|(factor, entry)| *factor * *entry).sum();
            solution[at] = (solution[at] - known) / row[at];
        }
        solution
    }
}

/// Subtracts the multiple of another row that makes this entry 0, and keeps the multiple in its place.
fn eliminate<T: Scalar>(row: &mut [T], pivot: &[T], at: usize, sizes: &mut [f64]) {
    if row[at] == T::default() {
        return;
    }
    let factor = row[at] / pivot[at];
    row[at] = factor;
    for column in at + 1..row.len() {
        let change = factor * pivot[column];
        row[column] = row[column] - change;
        sizes[column] = sizes[column].max(change.size());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solutions_satisfy_the_equations() {
        let matrix = Matrix::from_fn(6, 6, |row, column| ((row * 7 + column * 5) % 11) as f64 - 4.0);
        let right = [1.0, 2.0, -3.0, 0.5, 0.0, 7.0];
        let solution = Factors::new(&matrix).expect("factors").solve(&right);
        let mut product = vec![0.0; 6];
        matrix.add_times(&solution, &mut product);
        for (actual, expected) in product.iter().zip(right) {
            assert!((actual - expected).abs() < 1e-13);
        }
    }

    #[test]
    fn dependent_equations_are_singular_and_stiff_ones_are_not() {
        let of = |entries: [[f64; 2]; 2]| {
            let matrix = Matrix::from_fn(2, 2, |row, column| entries[row][column]);
            Factors::new(&matrix).map(|factors| factors.solve(&[1.0, 1.0])[1])
        };
        assert_eq!(of([[0.1, 0.3], [0.7, 2.1]]), Err(Singular));
        assert_eq!(of([[0.0, 0.0], [0.0, 1.0]]), Err(Singular));
        assert_eq!(of([[1e18, 0.0], [0.0, 2.0]]), Ok(0.5));
        assert_eq!(of([[0.0, 1.0], [f64::NAN, 1.0]]), Err(Singular));
    }
}
