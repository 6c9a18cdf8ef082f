//! The transfer function C·(s − A)⁻¹·B.
//!
//! A unitary transformation brings A to Hessenberg form once, and each value then costs the square of the size
//! (A. Laub, "Efficient multivariable frequency response computations", 1981).

use nalgebra::{DMatrix, DVector, Hessenberg};
use num_complex::Complex64;

use super::matrix::Matrix;

/// A transfer function, ready to be evaluated.
#[derive(Debug)]
pub(in crate::solver) struct Transfer {
    /// A in upper Hessenberg form, row by row.
    a: Vec<Vec<Complex64>>,
    b: Vec<Complex64>,
    c: Vec<Complex64>,
}

impl Transfer {
    /// The transfer function from the input to one output.
    pub(in crate::solver) fn new(a: &Matrix<Complex64>, b: &[Complex64], c: &[Complex64]) -> Self {
        let size = a.rows();
        // A scalar is its own transpose: C·(s − A)⁻¹·B = Bᵀ·(s − Aᵀ)⁻¹·Cᵀ. Lower triangular matrices are
        // transposed, so that they stay as they are.
        let is_lower =
            (0..size).all(|row| (row + 2..size).all(|column| a.get(row, column) == Complex64::ZERO));
        let (a, b, c) = if is_lower {
            (DMatrix::from_fn(size, size, |row, column| a.get(column, row)), c, b)
        } else {
            (DMatrix::from_fn(size, size, |row, column| a.get(row, column)), b, c)
        };
        let (q, form) =
            if (0..size).all(|column| (column + 2..size).all(|row| a[(row, column)] == Complex64::ZERO)) {
                (DMatrix::identity(size, size), a)
            } else {
                Hessenberg::new(a).unpack()
            };
        let b = q.adjoint() * DVector::from_column_slice(b);
        let c = q.transpose() * DVector::from_column_slice(c);
        Self {
            a: form.row_iter().map(|row| row.iter().copied().collect()).collect(),
            b: b.iter().copied().collect(),
            c: c.iter().copied().collect(),
        }
    }

    /// The value at `s`; not finite at a pole.
    pub(in crate::solver) fn at(&self, s: Complex64) -> Complex64 {
        let size = self.b.len();
        let mut rows: Vec<Vec<Complex64>> =
            self.a.iter().map(|row| row.iter().map(|entry| -entry).collect()).collect();
        rows.iter_mut().enumerate().for_each(|(at, row)| row[at] += s);
        let mut x = self.b.clone();
        for at in 1..size {
            let (upper, lower) = rows.split_at_mut(at);
            let (upper, lower) = (&mut upper[at - 1], &mut lower[0]);
            if lower[at - 1].l1_norm() > upper[at - 1].l1_norm() {
                std::mem::swap(upper, lower);
                x.swap(at - 1, at);
            }
            if lower[at - 1] != Complex64::ZERO {
                let factor = lower[at - 1] / upper[at - 1];
                lower.iter_mut().zip(&*upper).skip(at).for_each(|(lower, upper)| *lower -= factor * upper);
                let moved = factor * x[at - 1];
                x[at] -= moved;
            }
        }
        for at in (0..size).rev() {
            let known: Complex64 = (at + 1..size).map(|column| rows[at][column] * x[column]).sum();
            x[at] = (x[at] - known) / rows[at][at];
        }
        self.c.iter().zip(&x).map(|(c, x)| c * x).sum()
    }
}
