//! The Newton iteration for the stages of a step, with the Jacobian of the start in place of the exact one.

use num_complex::Complex64;

use super::coefficients::{NODES, PAIRS, REAL, STAGES, T, T_INVERSE};
use crate::solver::ode::linear::Factors;
use crate::solver::ode::step::{Point, Problem, error_norm};
use crate::solver::ode::{Equation, Failure};

/// The limit of Newton iterations in a step.
pub(super) const ITERATIONS: usize = 10;
/// A state of this size or less, at rest in the origin, tells nothing of the scale of the problem.
const UNKNOWN_SIZE: f64 = 1e-200;
/// The size that is assumed then.
const REST_SIZE: f64 = 1e-6;

/// The factors of μ/h − J for the eigenvalues μ of A⁻¹.
#[derive(Clone, Debug)]
pub(super) struct Matrices {
    pub(super) length: f64,
    pub(super) real: Factors<f64>,
    complex: [Factors<Complex64>; 2],
}

/// The stages z, one row each, with the count and the rate of convergence of the iterations for them.
pub(super) struct Stages {
    pub(super) z: Vec<Vec<f64>>,
    pub(super) iterations: usize,
    pub(super) convergence: f64,
}

impl Matrices {
    /// The matrices for a step of `length` seconds; `None` if one of them is singular.
    pub(super) fn new(jacobian: &[f64], length: f64) -> Option<Self> {
        let dimension = (jacobian.len() as f64).sqrt() as usize;
        let is_diagonal = |entry: usize| entry.is_multiple_of(dimension + 1);
        let shifted = |entry: usize, shift: Complex64| {
            let diagonal = if is_diagonal(entry) { shift / length } else { Complex64::ZERO };
            diagonal - jacobian[entry]
        };
        let complex = |(re, im): (f64, f64)| {
            // The block [[α, β], [−β, α]] multiplies w₁ + j·w₂ by α − jβ.
            let shift = Complex64::new(re, -im);
            Factors::new((0..jacobian.len()).map(|entry| shifted(entry, shift)).collect(), dimension)
        };
        let real = (0..jacobian.len()).map(|entry| shifted(entry, Complex64::new(REAL, 0.0)).re).collect();
        let [first, second] = PAIRS.map(complex);
        Some(Self { length, real: Factors::new(real, dimension)?, complex: [first?, second?] })
    }

    /// Newton's iteration for the stages from a first guess; `None` if it does not converge.
    pub(super) fn iterate<E: Equation>(
        &self,
        problem: &Problem<'_, E>,
        point: &Point,
        mut z: Vec<Vec<f64>>,
        tolerance: f64,
    ) -> Result<Option<Stages>, Failure<E::Error>> {
        let sizes = expected_sizes(point, self.length);
        let limit = (10.0 * f64::EPSILON / tolerance).max(tolerance.sqrt().min(0.03));
        let mut w = multiply(&T_INVERSE, &z);
        let mut previous: Option<f64> = None;
        for iterations in 1..=ITERATIONS {
            let change = self.newton_step(problem, point, &z, &w)?;
            let norm = change.iter().map(|row| error_norm(row, &sizes)).fold(0.0, f64::max) / tolerance;
            let convergence = previous.map(|previous| norm / previous);
            if !norm.is_finite() || convergence.is_some_and(|rate| diverges(rate, iterations, norm, limit)) {
                return Ok(None);
            }
            for (row, change) in w.iter_mut().zip(&change) {
                row.iter_mut().zip(change).for_each(|(value, change)| *value += change);
            }
            z = multiply(&T, &w);
            if norm == 0.0 || convergence.is_some_and(|rate| rate / (1.0 - rate) * norm < limit) {
                return Ok(Some(Stages { z, iterations, convergence: convergence.unwrap_or(0.0) }));
            }
            previous = Some(norm);
        }
        Ok(None)
    }

    /// The change of w = T⁻¹·z in one Newton iteration.
    fn newton_step<E: Equation>(
        &self,
        problem: &Problem<'_, E>,
        point: &Point,
        z: &[Vec<f64>],
        w: &[Vec<f64>],
    ) -> Result<Vec<Vec<f64>>, Failure<E::Error>> {
        let mut rates = vec![vec![0.0; point.state.len()]; STAGES];
        for ((node, z), rates) in NODES.iter().zip(z).zip(&mut rates) {
            let state: Vec<f64> = point.state.iter().zip(z).map(|(start, z)| start + z).collect();
            problem.rates(point.time + node * self.length, &state, rates)?;
        }
        let mut change = multiply(&T_INVERSE, &rates);
        for (value, w) in change[0].iter_mut().zip(&w[0]) {
            *value -= REAL / self.length * w;
        }
        self.real.solve(&mut change[0]);
        for (pair, rows) in change[1..].chunks_exact_mut(2).enumerate() {
            self.solve_pair(pair, rows, &w[1 + 2 * pair..]);
        }
        Ok(change)
    }

    /// Replaces two rows of T⁻¹·f by the change of the two rows of w that belong to a complex pair of
    /// eigenvalues.
    fn solve_pair(&self, pair: usize, rows: &mut [Vec<f64>], w: &[Vec<f64>]) {
        let (re, im) = PAIRS[pair];
        let shift = Complex64::new(re, -im) / self.length;
        let mut residual: Vec<Complex64> = (0..rows[0].len())
            .map(|k| Complex64::new(rows[0][k], rows[1][k]) - shift * Complex64::new(w[0][k], w[1][k]))
            .collect();
        self.complex[pair].solve(&mut residual);
        for (k, value) in residual.into_iter().enumerate() {
            rows[0][k] = value.re;
            rows[1][k] = value.im;
        }
    }
}

/// Whether a Newton iteration grows, or would not come below its limit in the iterations that are left.
fn diverges(rate: f64, iterations: usize, norm: f64, limit: f64) -> bool {
    let left = (ITERATIONS - iterations) as f64;
    rate >= 1.0 || libm::pow(rate, left) / (1.0 - rate) * norm > limit
}

/// A constant matrix times rows of components.
fn multiply(matrix: &[[f64; STAGES]; STAGES], rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let combine = |weights: &[f64; STAGES]| {
        (0..rows[0].len())
            .map(|k| weights.iter().zip(rows).map(|(weight, row)| weight * row[k]).sum())
            .collect()
    };
    matrix.iter().map(combine).collect()
}

/// The size of each component in a step of `length` seconds that follows the rates. A start at 0 has no size
/// yet.
fn expected_sizes(point: &Point, length: f64) -> Vec<f64> {
    let end: Vec<f64> =
        point.state.iter().zip(&point.rates).map(|(value, rate)| value + length * rate).collect();
    point.sizes(&end)
}

/// ∂f/∂y row by row, by differences of half the digits. Their steps are a share of the sizes that components
/// have in a step of `length` seconds.
pub(super) fn jacobian<E: Equation>(
    problem: &Problem<'_, E>,
    point: &Point,
    length: f64,
) -> Result<Vec<f64>, Failure<E::Error>> {
    let dimension = point.state.len();
    let sizes = expected_sizes(point, length);
    let mut jacobian = vec![0.0; dimension * dimension];
    let mut state = point.state.clone();
    let mut rates = vec![0.0; dimension];
    for column in 0..dimension {
        let value = point.state[column];
        let size = if sizes[column] > UNKNOWN_SIZE { sizes[column] } else { REST_SIZE };
        // The sign that the component moves in keeps the state where the rates exist.
        let sign = if point.rates[column] < 0.0 { -1.0 } else { 1.0 };
        state[column] = value + sign * f64::EPSILON.sqrt() * size;
        let step = state[column] - value;
        problem.rates(point.time, &state, &mut rates)?;
        state[column] = value;
        for row in 0..dimension {
            jacobian[row * dimension + column] = (rates[row] - point.rates[row]) / step;
        }
    }
    Ok(jacobian)
}
