//! The implicit method Radau IIA with five stages, of order 9, for stiff equations.
//!
//! The stages are z = h·A·f(t + c·h, y + z). Multiplication by A⁻¹ = T·Λ·T⁻¹ splits the Newton iteration for
//! them into one real and two complex systems of the equation's own dimension. The polynomial through y and the
//! stages is the dense output, of order 5, which is also the order of the error estimate.
//!
//! Source: E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, section IV.8; and, for the choice
//! of the next length and for when the Jacobian is renewed, `scipy.integrate.Radau`.

mod coefficients;
mod newton;

use super::step::{Accepted, Attempt, COEFFICIENTS, Point, Problem, Rejected, error_norm, evaluate};
use super::{Equation, Failure};
use coefficients::{DENSE, ERROR, NODES, STAGES};
use newton::{ITERATIONS, Matrices, Stages, jacobian};

/// The safety factor of the length of the next step.
const SAFETY: f64 = 0.9;
/// The length of a step changes by these factors at most.
const CHANGES: (f64, f64) = (0.2, 8.0);
/// A longer next step than by this factor is worth new factors of the matrices.
const WORTHWHILE: f64 = 1.2;
/// The maximum of |s·Π(s − c)| over a step.
const NODE_POLYNOMIAL: f64 = 1.15e-3;
/// A Newton iteration that converges by less than this factor keeps its Jacobian.
const FAST: f64 = 1e-3;

/// The method with its memory of steps.
#[derive(Clone, Debug, Default)]
pub(super) struct Radau {
    /// ∂f/∂y row by row, and whether it belongs to the present point.
    jacobian: Option<(Vec<f64>, bool)>,
    matrices: Option<Matrices>,
    last: Option<Last>,
    is_repeated: bool,
}

/// The accepted step before.
#[derive(Clone, Debug)]
struct Last {
    length: f64,
    error: f64,
    polynomial: Vec<f64>,
}

impl Radau {
    /// Attempts a step of `length` seconds.
    pub(super) fn attempt<E: Equation>(
        &mut self,
        problem: &Problem<'_, E>,
        point: &Point,
        length: f64,
        tolerance: f64,
    ) -> Result<Attempt, Failure<E::Error>> {
        let Some(stages) = self.solve_stages(problem, point, length, tolerance)? else {
            self.is_repeated = true;
            return Ok(Attempt::Rejected(Rejected { shorter: 0.5 * length, error: f64::NAN }));
        };
        let (end, lost) = point.plus(stages.z[STAGES - 1].iter().copied());
        let polynomial = dense_output(&point.state, &stages.z);
        let at_end = self.error(problem, point, &stages, (&end, tolerance))?;
        let within = self.dense_error(&polynomial, length, &point.sizes(&end)) / tolerance;
        let error = at_end.max(within);
        let damping = (2 * ITERATIONS + 1) as f64 / (2 * ITERATIONS + stages.iterations) as f64;
        let factor = SAFETY * damping * self.predict(length, error);
        if at_end.is_nan() || error > 1.0 {
            self.is_repeated = true;
            let shrink = if factor.is_nan() { CHANGES.0 } else { factor.clamp(CHANGES.0, SAFETY) };
            return Ok(Attempt::Rejected(Rejected { shorter: length * shrink, error }));
        }
        let mut rates = vec![0.0; end.len()];
        problem.rates(point.time + length, &end, &mut rates)?;
        let next = self.next_length(length, factor, &stages);
        self.last = Some(Last { length, error, polynomial: polynomial.clone() });
        self.is_repeated = false;
        Ok(Attempt::Accepted(Accepted { state: end, lost, rates, polynomial, next }))
    }

    /// Solves for the stages, with a new Jacobian if an old one fails; `None` if the iteration does not
    /// converge.
    fn solve_stages<E: Equation>(
        &mut self,
        problem: &Problem<'_, E>,
        point: &Point,
        length: f64,
        tolerance: f64,
    ) -> Result<Option<Stages>, Failure<E::Error>> {
        loop {
            let (jacobian, is_present) = if let Some(known) = self.jacobian.take() {
                known
            } else {
                self.matrices = None;
                (jacobian(problem, point, length)?, true)
            };
            let matrices = match self.matrices.take() {
                Some(matrices) if matrices.length == length => Some(matrices),
                _ => Matrices::new(&jacobian, length),
            };
            self.jacobian = Some((jacobian, is_present));
            if let Some(matrices) = matrices {
                let start = self.predicted_stages(point, length);
                let stages = matrices.iterate(problem, point, start, tolerance);
                self.matrices = Some(matrices);
                match stages {
                    Ok(Some(stages)) => return Ok(Some(stages)),
                    Err(failure) if is_present => return Err(failure),
                    // An old Jacobian may be what leads the iteration astray, even to where rates do not exist.
                    Ok(None) | Err(_) => {}
                }
            }
            if is_present {
                return Ok(None);
            }
            self.jacobian = None;
        }
    }

    /// The stages that the polynomial of the step before predicts.
    fn predicted_stages(&self, point: &Point, length: f64) -> Vec<Vec<f64>> {
        let Some(last) = &self.last else { return vec![vec![0.0; point.state.len()]; STAGES] };
        let stage = |node: f64| {
            let s = 1.0 + node * length / last.length;
            let polynomials = last.polynomial.chunks_exact(COEFFICIENTS);
            polynomials.zip(&point.state).map(|(polynomial, start)| evaluate(polynomial, s) - start).collect()
        };
        NODES.into_iter().map(stage).collect()
    }

    /// The error of the step to `end` as a share of the tolerance.
    fn error<E: Equation>(
        &self,
        problem: &Problem<'_, E>,
        point: &Point,
        stages: &Stages,
        (end, tolerance): (&[f64], f64),
    ) -> Result<f64, Failure<E::Error>> {
        let Some(matrices) = &self.matrices else { return Ok(f64::NAN) };
        let sizes = point.sizes(end);
        let error = stages.error(matrices, &point.rates);
        let norm = error_norm(&error, &sizes) / tolerance;
        if !(norm > 1.0 && norm.is_finite() && (self.is_repeated || self.last.is_none())) {
            return Ok(norm);
        }
        // The second estimate does not exaggerate however stiff the equation is.
        let state: Vec<f64> = point.state.iter().zip(&error).map(|(start, error)| start + error).collect();
        let mut rates = vec![0.0; state.len()];
        problem.rates(point.time, &state, &mut rates)?;
        Ok(error_norm(&stages.error(matrices, &rates), &sizes) / tolerance)
    }

    /// The error of the dense output within the step as a share of sizes.
    ///
    /// The estimate at the end of the step is damped where the equation is stiff, as the error there is, but
    /// within the step the error is that of interpolation, y⁽⁶⁾/6!·s·Π(s − c). The sixth derivative is the
    /// change of the leading coefficient since the step before.
    fn dense_error(&self, polynomial: &[f64], length: f64, sizes: &[f64]) -> f64 {
        let Some(last) = &self.last else { return 0.0 };
        let ratio = length / last.length;
        let stretch = ratio * ratio * ratio * ratio * ratio;
        let weight = NODE_POLYNOMIAL * length / (3.0 * (length + last.length));
        let leading = |polynomial: &[f64]| polynomial[STAGES];
        let components =
            polynomial.chunks_exact(COEFFICIENTS).zip(last.polynomial.chunks_exact(COEFFICIENTS));
        let errors: Vec<f64> =
            components.map(|(now, before)| weight * (leading(now) - stretch * leading(before))).collect();
        error_norm(&errors, sizes)
    }

    /// The factor to the length at which the error would be the tolerance, by the predictive controller of
    /// Gustafsson. `error` is a share of the tolerance.
    fn predict(&self, length: f64, error: f64) -> f64 {
        let exponent = 1.0 / (STAGES as f64 + 1.0);
        let error = error.max(1e-10);
        let trend = self
            .last
            .as_ref()
            .map_or(1.0, |last| length / last.length * libm::pow(last.error.max(1e-10) / error, exponent));
        trend.min(1.0) * libm::pow(error, -exponent)
    }

    /// The length of the step after an accepted one. Decides whether the Jacobian and the matrices are kept.
    fn next_length(&mut self, length: f64, factor: f64, stages: &Stages) -> f64 {
        let largest = if self.is_repeated { 1.0 } else { CHANGES.1 };
        let growth = factor.clamp(CHANGES.0, largest);
        if stages.iterations > 2 && stages.convergence > FAST {
            self.jacobian = None;
            return length * growth;
        }
        if let Some((_, is_present)) = &mut self.jacobian {
            *is_present = false;
        }
        if (1.0..WORTHWHILE).contains(&growth) { length } else { length * growth }
    }
}

impl Stages {
    /// The error of the step, estimated from the stages and the rates at the start.
    fn error(&self, matrices: &Matrices, rates: &[f64]) -> Vec<f64> {
        let mut error: Vec<f64> = (0..rates.len())
            .map(|component| {
                let weighted: f64 = ERROR.iter().zip(&self.z).map(|(weight, z)| weight * z[component]).sum();
                rates[component] + weighted / matrices.length
            })
            .collect();
        matrices.real.solve(&mut error);
        error
    }
}

/// The nested form of the collocation polynomial.
fn dense_output(start: &[f64], z: &[Vec<f64>]) -> Vec<f64> {
    let mut polynomial = Vec::with_capacity(COEFFICIENTS * start.len());
    for (component, start) in start.iter().enumerate() {
        polynomial.extend([*start, z[STAGES - 1][component]]);
        polynomial.extend(
            DENSE
                .iter()
                .map(|row| -> f64 { row.iter().zip(z).map(|(weight, z)| weight * z[component]).sum() }),
        );
        polynomial.extend([0.0; 2]);
    }
    polynomial
}
