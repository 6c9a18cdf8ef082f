//! Dense matrices whose products skip the zeros that triangular, banded and diagonal matrices have.

use std::ops::Range;

use super::scalar::Scalar;

/// A dense matrix, stored column by column.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::solver) struct Matrix<T> {
    rows: usize,
    columns: usize,
    entries: Vec<T>,
    /// For each column the rows from its first entry other than 0 to its last one.
    spans: Vec<Range<usize>>,
}

impl<T: Scalar> Matrix<T> {
    /// The matrix with these entries.
    pub(in crate::solver) fn from_fn(rows: usize, columns: usize, entry: impl Fn(usize, usize) -> T) -> Self {
        let entry = &entry;
        let entries = (0..columns).flat_map(|column| (0..rows).map(move |row| entry(row, column))).collect();
        Self::from_entries(rows, columns, entries)
    }

    fn from_entries(rows: usize, columns: usize, entries: Vec<T>) -> Self {
        let spans = entries.chunks_exact(rows).map(nonzero_span).collect();
        Self { rows, columns, entries, spans }
    }

    /// The number of rows.
    pub(in crate::solver) fn rows(&self) -> usize {
        self.rows
    }

    /// An entry.
    pub(in crate::solver) fn get(&self, row: usize, column: usize) -> T {
        self.entries[column * self.rows + row]
    }

    /// A column.
    pub(in crate::solver) fn column(&self, column: usize) -> &[T] {
        &self.entries[column * self.rows..][..self.rows]
    }

    /// The matrix with a function applied to every entry.
    pub(in crate::solver) fn map(&self, function: impl Fn(T) -> T) -> Self {
        let entries = self.entries.iter().map(|entry| function(*entry)).collect();
        Self::from_entries(self.rows, self.columns, entries)
    }

    /// The matrix with entries of another type.
    pub(in crate::solver) fn map_entries<U: Scalar>(&self, function: impl Fn(T) -> U) -> Matrix<U> {
        let entries = self.entries.iter().map(|entry| function(*entry)).collect();
        Matrix::from_entries(self.rows, self.columns, entries)
    }

    /// The matrix of a function of two matrices' entries.
    pub(in crate::solver) fn zip(&self, other: &Self, function: impl Fn(T, T) -> T) -> Self {
        let pairs = self.entries.iter().zip(&other.entries);
        let entries = pairs.map(|(left, right)| function(*left, *right)).collect();
        Self::from_entries(self.rows, self.columns, entries)
    }

    /// The sum of two matrices.
    pub(in crate::solver) fn plus(&self, other: &Self) -> Self {
        self.zip(other, |left, right| left + right)
    }

    /// The product of two matrices.
    pub(in crate::solver) fn times(&self, other: &Self) -> Self {
        let mut entries = vec![T::default(); self.rows * other.columns];
        for (column, sum) in entries.chunks_exact_mut(self.rows).enumerate() {
            self.add_times(other.column(column), sum);
        }
        Self::from_entries(self.rows, other.columns, entries)
    }

    /// Adds the product with a vector to `sum`.
    pub(in crate::solver) fn add_times(&self, vector: &[T], sum: &mut [T]) {
        for (column, factor) in vector.iter().enumerate().filter(|(_, factor)| **factor != T::default()) {
            let span = self.spans[column].clone();
            let entries = &self.column(column)[span.clone()];
            for (sum, entry) in sum[span].iter_mut().zip(entries) {
                *sum += *entry * *factor;
            }
        }
    }

    /// The largest sum of the sizes in a column, an upper bound of the growth of a vector's 1-norm.
    pub(in crate::solver) fn norm(&self) -> f64 {
        let sums = self.entries.chunks_exact(self.rows).map(|column| column.iter().map(|x| x.size()).sum());
        // A maximum would pass over a NaN.
        sums.fold(0.0, |largest: f64, sum: f64| if sum <= largest { largest } else { sum })
    }

    /// Powers of two d for which the matrix diag(d)⁻¹·A·diag(d) has rows and columns of similar norms, off the
    /// diagonal (B. Parlett and C. Reinsch, "Balancing a matrix for calculation of eigenvalues and
    /// eigenvectors", 1969).
    pub(in crate::solver) fn balance(&self) -> Vec<f64> {
        let mut scales = vec![1.0; self.rows];
        for _ in 0..MAX_SWEEPS {
            let mut has_changed = false;
            for at in 0..self.rows {
                let factor = self.balancing_factor(&scales, at);
                has_changed |= factor != 1.0;
                scales[at] *= factor;
            }
            if !has_changed {
                break;
            }
        }
        scales
    }

    /// The factor of one scale that brings the row and the column of this index together.
    fn balancing_factor(&self, scales: &[f64], at: usize) -> f64 {
        let others = || (0..self.rows).filter(|other| *other != at);
        let column: f64 = others().map(|row| self.get(row, at).size() / scales[row]).sum();
        let row: f64 = others().map(|column| self.get(at, column).size() * scales[column]).sum();
        let (column, row) = (column * scales[at], row / scales[at]);
        if !(column > 0.0 && row > 0.0 && column.is_finite() && row.is_finite()) {
            return 1.0;
        }
        let factor = libm::ldexp(1.0, libm::round(libm::log2(row / column) / 2.0) as i32);
        let gain = (column * factor + row / factor) / (column + row);
        if gain < 0.95 && (1e-100..1e100).contains(&(factor * scales[at])) { factor } else { 1.0 }
    }

    /// The matrix diag(d)⁻¹·A·diag(d).
    pub(in crate::solver) fn scaled(&self, scales: &[f64]) -> Self {
        Self::from_fn(self.rows, self.columns, |row, column| {
            self.get(row, column).scale(scales[column] / scales[row])
        })
    }
}

/// Balancing converges in a few sweeps; the bound is there for matrices with extreme entries.
const MAX_SWEEPS: usize = 50;

/// The indices from the first number other than 0 to the last one.
fn nonzero_span<T: Scalar>(numbers: &[T]) -> Range<usize> {
    let is_nonzero = |number: &T| *number != T::default();
    let first = numbers.iter().position(is_nonzero);
    let last = numbers.iter().rposition(is_nonzero);
    first.zip(last).map_or(0..0, |(first, last)| first..last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_the_definition() {
        let left = Matrix::from_fn(3, 4, |row, column| {
            if (row + column) % 3 == 1 { 0.0 } else { (row * 5 + column) as f64 - 3.0 }
        });
        let right =
            Matrix::from_fn(4, 2, |row, column| if row == 2 { 0.0 } else { row as f64 - column as f64 });
        let product = left.times(&right);
        for (row, column) in (0..3).flat_map(|row| (0..2).map(move |column| (row, column))) {
            let expected: f64 = (0..4).map(|at| left.get(row, at) * right.get(at, column)).sum();
            assert_eq!(product.get(row, column), expected);
        }
    }

    #[test]
    fn balancing_brings_rows_and_columns_together() {
        let entries = [[0.0, 1.0], [-1e12, -3.0]];
        let matrix = Matrix::from_fn(2, 2, |row, column| entries[row][column]);
        let balanced = matrix.scaled(&matrix.balance());
        assert!(balanced.norm() < 3e6, "{balanced:?}");
        assert_eq!(balanced.get(0, 1) * balanced.get(1, 0), -1e12, "powers of two round nothing");
    }
}
