//! From the state of a discrete system to its outputs.

use num_complex::Complex64;

use super::sources::{MatrixSource, StepAt, VectorSource};
use crate::system::SystemError;

/// From the state to outputs.
pub(super) struct Readout {
    c: MatrixSource,
    d: VectorSource,
    /// C and D, if they are the same at each step.
    fixed: Option<Matrices>,
    order: usize,
    /// Whether outputs are twice the real part of C·x.
    pub(super) is_twice_real: bool,
}

/// The rows of C, and D.
#[derive(Clone)]
pub(super) struct Matrices {
    pub(super) c: Vec<Vec<Complex64>>,
    pub(super) d: Vec<Complex64>,
}

impl Readout {
    /// The readout of a system of this many states.
    pub(super) fn new(
        c: MatrixSource,
        d: VectorSource,
        order: usize,
        is_twice_real: bool,
    ) -> Result<Self, SystemError> {
        let mut readout = Self { c, d, fixed: None, order, is_twice_real };
        if readout.c.is_constant() && readout.d.is_constant() {
            let first = StepAt { k: 0, t: 0.0, u: Complex64::ZERO };
            readout.fixed = Some(readout.matrices(first)?);
        }
        Ok(readout)
    }

    /// The number of columns of C.
    pub(super) fn columns(&self, order: usize) -> usize {
        match (&self.c, &self.fixed) {
            (_, Some(fixed)) => fixed.c[0].len(),
            (MatrixSource::Rows(_, rows), _) => rows.first().map_or(order, Vec::len),
            _ => order,
        }
    }

    /// The number of outputs.
    pub(super) fn outputs(&self) -> usize {
        self.c.order().max(1)
    }

    fn matrices(&self, at: StepAt) -> Result<Matrices, SystemError> {
        let (mut c, _) = self.c.at(at)?;
        if c.is_empty() {
            c = vec![(0..self.order).map(|at| f64::from(u8::from(at == 0)).into()).collect()];
        }
        let mut d = self.d.at(at)?;
        d.resize(c.len(), Complex64::ZERO);
        Ok(Matrices { c, d })
    }

    /// C and D, which must be the same at each step.
    pub(super) fn constant(&self) -> Result<&Matrices, SystemError> {
        let key = if self.c.is_constant() { "D" } else { "C" };
        self.fixed.as_ref().ok_or_else(|| selective(key))
    }

    /// An output at a step.
    pub(super) fn output(&self, row: usize, at: StepAt, x: &[Complex64]) -> Result<Complex64, SystemError> {
        match &self.fixed {
            Some(matrices) => Ok(self.read(matrices, row, x, at.u)),
            None => Ok(self.read(&self.matrices(at)?, row, x, at.u)),
        }
    }

    /// C·x + D·u.
    pub(super) fn read(&self, matrices: &Matrices, row: usize, x: &[Complex64], u: Complex64) -> Complex64 {
        // 0 times ∞ is no number, but a state that is not read does not matter.
        let terms = matrices.c[row].iter().zip(x).filter(|(c, _)| **c != Complex64::ZERO);
        let sum: Complex64 = terms.map(|(c, x)| times(*c, *x)).sum();
        let sum = if self.is_twice_real { (2.0 * sum.re).into() } else { sum };
        if matrices.d[row] == Complex64::ZERO { sum } else { sum + times(matrices.d[row], u) }
    }
}

/// The product. That of real numbers is real, also if one is infinite.
fn times(left: Complex64, right: Complex64) -> Complex64 {
    if left.im == 0.0 && right.im == 0.0 { (left.re * right.re).into() } else { left * right }
}

/// The error for a member that only systems with constant matrices have.
pub(super) fn selective(key: &str) -> SystemError {
    let message = format!("`{key}` changes from step to step");
    let help = format!("write `{key}` without k and u: C, K, H and the poles are those of constant matrices");
    SystemError::new(key, message, help)
}
