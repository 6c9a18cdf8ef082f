//! The eigenvalues of A.
//!
//! A is first taken apart into the groups of states that act on each other in both directions; its
//! eigenvalues are those of the groups. Those of triangular matrices are therefore the entries of the
//! diagonal to the last bit, also where an iteration would lose every digit (`HiPPO-LegS`).

use std::cmp::Ordering;

use nalgebra::{DMatrix, Schur};
use num_complex::Complex64;

use super::matrix::Matrix;

/// The eigenvalues of a matrix: by |im| from the smallest on, then by re from the largest on, and of a
/// conjugate pair the one above the real axis first. Those of real matrices come in exactly conjugate pairs.
/// They are NaN where the iteration does not converge.
pub(in crate::solver) fn eigenvalues(a: &Matrix<Complex64>) -> Vec<Complex64> {
    let scaled = a.scaled(&a.balance());
    let mut values: Vec<Complex64> =
        groups(a).into_iter().flat_map(|group| group_eigenvalues(&scaled, &group)).collect();
    values.sort_by(order);
    values
}

pub(in crate::solver) fn order(left: &Complex64, right: &Complex64) -> Ordering {
    let by_size = left.im.abs().total_cmp(&right.im.abs());
    by_size.then(right.re.total_cmp(&left.re)).then(right.im.total_cmp(&left.im))
}

/// The strongly connected components of the graph with an edge for each entry that is not 0.
fn groups(a: &Matrix<Complex64>) -> Vec<Vec<usize>> {
    let size = a.rows();
    let reached: Vec<Vec<bool>> = (0..size).map(|from| reachable(a, from)).collect();
    let mut is_taken = vec![false; size];
    let mut groups = Vec::new();
    for first in 0..size {
        if !is_taken[first] {
            let group: Vec<usize> = (first..size)
                .filter(|at| *at == first || reached[first][*at] && reached[*at][first])
                .collect();
            for at in &group {
                is_taken[*at] = true;
            }
            groups.push(group);
        }
    }
    groups
}

/// The states that act, possibly through others, on this one.
fn reachable(a: &Matrix<Complex64>, from: usize) -> Vec<bool> {
    let mut is_reached = vec![false; a.rows()];
    let mut open = vec![from];
    while let Some(row) = open.pop() {
        for (column, reached) in is_reached.iter_mut().enumerate() {
            if !*reached && a.get(row, column) != Complex64::ZERO {
                *reached = true;
                open.push(column);
            }
        }
    }
    is_reached
}

/// The eigenvalues of the block of these rows and columns.
fn group_eigenvalues(a: &Matrix<Complex64>, group: &[usize]) -> Vec<Complex64> {
    let size = group.len();
    let entry = |row: usize, column: usize| a.get(group[row], group[column]);
    if size == 1 {
        return vec![entry(0, 0)];
    }
    let rounds = 100 * size;
    let is_real = (0..size).all(|row| (0..size).all(|column| entry(row, column).im == 0.0));
    if is_real {
        let block = DMatrix::from_fn(size, size, |row, column| entry(row, column).re);
        if size == 2 {
            return pair(&block, 0).to_vec();
        }
        if let Some(schur) = Schur::try_new(block, f64::EPSILON, rounds) {
            return of_real_schur_form(&schur.unpack().1);
        }
    }
    let block = DMatrix::from_fn(size, size, entry);
    match Schur::try_new(block, f64::EPSILON, rounds) {
        Some(schur) => schur.unpack().1.diagonal().iter().copied().collect(),
        None => vec![Complex64::new(f64::NAN, f64::NAN); size],
    }
}

/// The eigenvalues of the blocks along the diagonal.
fn of_real_schur_form(form: &DMatrix<f64>) -> Vec<Complex64> {
    let mut values = Vec::with_capacity(form.nrows());
    while values.len() < form.nrows() {
        let at = values.len();
        if at + 1 < form.nrows() && form[(at + 1, at)] != 0.0 {
            values.extend(pair(form, at));
        } else {
            values.push(form[(at, at)].into());
        }
    }
    values
}

/// The eigenvalues of the 2 × 2 block at this place on the diagonal. The product of the two is the
/// determinant, so that the smaller one keeps its digits.
fn pair(matrix: &DMatrix<f64>, at: usize) -> [Complex64; 2] {
    let [a, b] = [matrix[(at, at)], matrix[(at, at + 1)]];
    let [c, d] = [matrix[(at + 1, at)], matrix[(at + 1, at + 1)]];
    let middle = 0.5 * (a + d);
    let square = 0.25 * (a - d) * (a - d) + b * c;
    let radius = square.abs().sqrt();
    if square < 0.0 {
        return [Complex64::new(middle, radius), Complex64::new(middle, -radius)];
    }
    let larger = if middle < 0.0 { middle - radius } else { middle + radius };
    let smaller = if larger == 0.0 { 0.0 } else { (a * d - b * c) / larger };
    [larger.into(), smaller.into()]
}

#[cfg(test)]
mod tests {
    use super::super::scalar::Scalar;
    use super::*;

    fn of(entries: &[&[f64]]) -> Vec<Complex64> {
        eigenvalues(&Matrix::from_fn(entries.len(), entries.len(), |row, column| {
            entries[row][column].to_complex()
        }))
    }

    #[test]
    fn stiff_companion_keeps_its_slow_pole() {
        let poles = of(&[&[0.0, 1.0], &[-1e6, -1_000_001.0]]);
        assert!((poles[0] + 1.0).norm() < 1e-15 && (poles[1] + 1e6).norm() < 1e-9, "{poles:?}");
    }

    #[test]
    fn triangular_matrices_give_their_diagonal_exactly() {
        let poles = of(&[&[-1.0, 0.0, 0.0], &[1e9, -2.0, 0.0], &[1.0, 1e12, -1.0]]);
        assert_eq!(poles, [-1.0, -1.0, -2.0].map(Complex64::from));
        let poles = of(&[&[-1.0, 3.0, 7.0], &[0.0, 0.0, 2.0], &[0.0, -2.0, 0.0]]);
        assert_eq!(poles, [(-1.0).into(), Complex64::new(0.0, 2.0), Complex64::new(0.0, -2.0)]);
    }

    #[test]
    fn real_matrices_have_conjugate_pairs() {
        let size = 9;
        let a = Matrix::from_fn(size, size, |row, column| {
            Complex64::from(((row * 7 + column * 13) % 11) as f64 - 5.0 + f64::from(u8::from(row == column)))
        });
        let poles = eigenvalues(&a);
        let trace: f64 = (0..size).map(|at| a.get(at, at).re).sum();
        assert!((poles.iter().sum::<Complex64>() - trace).norm() < 1e-12);
        for pole in &poles {
            assert!(poles.contains(&pole.conj()), "{poles:?}");
        }
    }
}
