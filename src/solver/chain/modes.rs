//! The modes of a chain without damping.

use super::parameters::{ChainError, Parameters};
use super::{ring, segment};
use crate::solver::wide::Wide;

/// Frequencies and shapes, slowest first.
pub(super) struct Modes {
    /// ω², in rad²/s².
    pub(super) squares: Vec<Wide>,
    /// ω, in rad/s.
    pub(super) omegas: Vec<f64>,
    /// The sum of mass·shape² of each mode.
    pub(super) total_mass: f64,
    /// The entries of all modes for mass 0, for mass 1, ….
    by_mass: Vec<f64>,
}

/// Entries below this fraction of the largest one do not determine the sign of a shape.
const NEGLIGIBLE: f64 = 1e-9;

/// Two values of ω² are different if they differ by more than this fraction.
const DIFFERENT: f64 = 1e-13;

impl Modes {
    /// The modes of a chain with sound parameters.
    pub(super) fn new(parameters: &Parameters) -> Result<Self, ChainError> {
        let total_mass = parameters.total_mass();
        let of_ring = ring::shapes(parameters)?;
        let is_ring = of_ring.is_some();
        let shapes: Vec<(Option<f64>, Vec<f64>)> = match of_ring {
            Some(shapes) => shapes.into_iter().map(|shape| (None, shape)).collect(),
            None => segment::cut(parameters)
                .iter()
                .flat_map(|segment| segment.modes(&parameters.masses))
                .collect(),
        };
        let mut modes: Vec<(Wide, Vec<f64>)> = shapes
            .into_iter()
            .map(|(omega, mut shape)| {
                normalize(&mut shape, &parameters.masses, total_mass);
                (refined(square(parameters, &shape), omega), shape)
            })
            .collect();
        // Those of a ring are in order, and pairs must stay so.
        if !is_ring {
            modes.sort_by(|(a, _), (b, _)| a.high.total_cmp(&b.high).then(a.low.total_cmp(&b.low)));
        }
        let count = parameters.masses.len();
        let by_mass =
            (0..count).flat_map(|mass| modes.iter().map(move |(_, shape)| shape[mass])).collect::<Vec<f64>>();
        let squares: Vec<Wide> = modes.into_iter().map(|(square, _)| square).collect();
        let omegas = squares.iter().map(|square| square.sqrt().high).collect();
        Ok(Self { squares, omegas, total_mass, by_mass })
    }

    /// The displacement of a mass in a mode of amplitude 1.
    pub(super) fn shape(&self, mode: usize, mass: usize) -> f64 {
        self.by_mass[mass * self.omegas.len() + mode]
    }

    /// The displacement of a mass for amplitudes of all modes.
    pub(super) fn sum(&self, mass: usize, amplitudes: &[f64]) -> f64 {
        let count = self.omegas.len();
        let shapes = &self.by_mass[mass * count..(mass + 1) * count];
        shapes.iter().zip(amplitudes).map(|(shape, amplitude)| shape * amplitude).sum()
    }

    /// The amplitudes of all modes for displacements of the masses.
    pub(super) fn amplitudes(&self, masses: &[f64], displacements: &[f64]) -> Vec<f64> {
        let count = self.omegas.len();
        let mut amplitudes = vec![0.0; count];
        for (mass, (weight, x)) in masses.iter().zip(displacements).enumerate() {
            let shapes = &self.by_mass[mass * count..(mass + 1) * count];
            let share = weight * x / self.total_mass;
            amplitudes.iter_mut().zip(shapes).for_each(|(sum, shape)| *sum += share * shape);
        }
        amplitudes
    }
}

/// Scales a shape such that the sum of mass·shape² is the total mass, and gives it its sign.
fn normalize(shape: &mut [f64], masses: &[f64], total_mass: f64) {
    let largest = shape.iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
    let squares: f64 =
        shape.iter().zip(masses).map(|(entry, mass)| mass * (entry / largest) * (entry / largest)).sum();
    let first = shape.iter().find(|entry| entry.abs() > NEGLIGIBLE * largest);
    let sign = if first.is_some_and(|first| *first < 0.0) { -1.0 } else { 1.0 };
    let factor = sign * (total_mass / squares).sqrt() / largest;
    for entry in shape {
        // The sum turns −0 into 0.
        *entry = *entry * factor + 0.0;
    }
}

/// ω² by its quotient, or from ω where the two differ: where ω is so small beside others that the quotient is all rounding.
fn refined(square: Wide, omega: Option<f64>) -> Wide {
    match omega.map(|omega| Wide::product(omega, omega)) {
        Some(known) if (square.high - known.high).abs() > DIFFERENT * known.high => known,
        _ => square,
    }
}

/// ω² as the quotient of the energies in springs and in masses (J. W. Rayleigh). Its error is the square of the shape's.
fn square(parameters: &Parameters, shape: &[f64]) -> Wide {
    let place = |mass: Option<usize>| mass.map_or(0.0, |mass| shape[mass]);
    let springs = parameters.springs().fold(Wide::default(), |sum, ([left, right], at)| {
        let stretch = Wide::sum(place(right), -place(left));
        sum.plus(stretch.squared().times(parameters.stiffnesses[at]))
    });
    let masses = parameters
        .masses
        .iter()
        .zip(shape)
        .fold(Wide::default(), |sum, (mass, entry)| sum.plus(Wide::product(*entry, *entry).times(*mass)));
    springs.over(masses)
}
