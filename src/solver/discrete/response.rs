//! The kernel and the transfer function of a recurrence whose matrices are the same at each step.

use std::convert::Infallible;
use std::sync::Arc;

use num_complex::Complex64;

use super::recurrence::{Equation, Failure, Recurrence};
use super::step_matrices::StepMatrices;
use super::steps::State;
use crate::solver::state_space::matrix::Matrix;
use crate::solver::state_space::poles;
use crate::solver::state_space::transfer::Transfer;

/// The states Ad^k·Bd: the response to an input that is 1 at step 0 and 0 afterwards.
#[derive(Debug)]
pub struct Kernel(Recurrence<Pulse>);

#[derive(Debug)]
struct Pulse(Arc<StepMatrices>);

impl Kernel {
    /// The kernel of these matrices.
    #[must_use]
    pub fn new(matrices: Arc<StepMatrices>) -> Self {
        let start = vec![Complex64::ZERO; matrices.order()];
        Self(Recurrence::new(Pulse(matrices), start))
    }

    /// Ad^k·Bd.
    ///
    /// # Errors
    /// The step lies beyond [`MAX_STEPS`](super::MAX_STEPS).
    pub fn state(&self, k: usize) -> Result<State, Failure<Infallible>> {
        self.0.state(k)
    }
}

impl Equation for Pulse {
    type Error = Infallible;

    fn fixed_step(&self) -> Option<f64> {
        Some(1.0)
    }

    fn input(&self, k: usize, _t: f64) -> Result<Complex64, Infallible> {
        Ok(if k == 0 { Complex64::ONE } else { Complex64::ZERO })
    }

    fn step(&self, _k: usize, _t: f64, _u: Complex64) -> Result<f64, Infallible> {
        Ok(1.0)
    }

    fn matrices(&self, _k: usize, _t: f64, _u: Complex64) -> Result<Arc<StepMatrices>, Infallible> {
        Ok(Arc::clone(&self.0))
    }
}

/// The eigenvalues of a square matrix in the order of
/// [`StateSpace::poles`](crate::solver::state_space::StateSpace::poles).
#[must_use]
pub fn eigenvalues(rows: &[Vec<Complex64>]) -> Vec<Complex64> {
    poles::eigenvalues(&Matrix::from_fn(rows.len(), rows.len(), |row, column| rows[row][column]))
}

/// C·(1 − Ad·z⁻¹)⁻¹·Bd, the sum of the kernel's values C·Ad^k·Bd times z^−k.
#[derive(Debug)]
pub struct ZTransfer(Transfer);

impl ZTransfer {
    /// The transfer function to one output.
    #[must_use]
    pub fn new(matrices: &StepMatrices, c: &[Complex64]) -> Self {
        let order = matrices.order();
        let a = Matrix::from_fn(order, order, |row, column| matrices.a(row, column));
        let scales = a.balance();
        let b: Vec<Complex64> = (0..order).map(|row| matrices.b(row) / scales[row]).collect();
        let c: Vec<Complex64> = c.iter().zip(&scales).map(|(c, scale)| c * scale).collect();
        Self(Transfer::new(&a.scaled(&scales), &b, &c))
    }

    /// The value at `z`; not finite at a pole.
    #[must_use]
    pub fn at(&self, z: Complex64) -> Complex64 {
        z * self.0.at(z)
    }
}
