//! Damping: proportional to stiffness, or coupling the modes.

use num_complex::Complex64;

use super::modes::Modes;
use super::parameters::{ChainError, MAX_COUPLED, Parameters};
use crate::solver::state_space::{Matrices, OutputPart, StateSpace};

/// The rounding that numbers of the same ratio may have.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// The ratio of damping to stiffness, in seconds, if it is the same for all springs.
pub(super) fn ratio(parameters: &Parameters) -> Option<f64> {
    let springs = || parameters.stiffnesses.iter().zip(&parameters.dampings);
    let ratio = springs().find(|(k, _)| **k > 0.0).map_or(0.0, |(k, c)| c / k);
    springs().all(|(k, c)| (c - ratio * k).abs() <= ROUNDING * c).then_some(ratio)
}

/// The system q″ = −Ω²·q − Γ·q′ of the amplitudes.
pub(super) fn coupled(
    parameters: &Parameters,
    modes: &Modes,
    start: &[f64],
    rates: &[f64],
) -> Result<StateSpace, ChainError> {
    let count = start.len();
    if count > MAX_COUPLED {
        return Err(ChainError::Coupled(count));
    }
    let mut a = vec![vec![Complex64::ZERO; 2 * count]; 2 * count];
    for mode in 0..count {
        a[mode][count + mode] = Complex64::ONE;
        a[count + mode][mode] = (-modes.squares[mode].high).into();
    }
    for (joined, at) in parameters.springs() {
        let damping = parameters.dampings[at] / modes.total_mass;
        let place = |mode, mass: Option<usize>| mass.map_or(0.0, |mass| modes.shape(mode, mass));
        let stretches: Vec<f64> =
            (0..count).map(|mode| place(mode, joined[1]) - place(mode, joined[0])).collect();
        for (row, stretch) in stretches.iter().enumerate() {
            for (column, other) in stretches.iter().enumerate() {
                a[count + row][count + column] -= damping * stretch * other;
            }
        }
    }
    let x0: Vec<Complex64> = start.iter().chain(rates).map(|entry| (*entry).into()).collect();
    let zeros = || vec![Complex64::ZERO; 2 * count];
    let output = OutputPart::Whole;
    let matrices = Matrices { a, b: zeros(), c: vec![zeros()], d: vec![Complex64::ZERO], output };
    // The entries are finite, since the parameters are in range.
    StateSpace::new(matrices, &x0, None).map_err(|_| ChainError::Coupled(count))
}
