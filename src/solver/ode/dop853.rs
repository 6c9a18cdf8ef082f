//! The explicit method DOP853 of Dormand and Prince, for equations that are not stiff.
//!
//! Source: E. Hairer, S. P. Nørsett, G. Wanner, Solving Ordinary Differential Equations I, second edition,
//! 1993, section II.5, and the program DOP853 by E. Hairer. Source of the detection of stiffness: Solving
//! Ordinary Differential Equations II, section IV.2.

mod tableau;

use super::step::{Accepted, Attempt, COEFFICIENTS, Point, Problem, Rejected, error_norm};
use super::{Equation, Failure};
use tableau::{DENSE, DENSE_STAGES, ERROR_3, ERROR_5, STAGES, Stage, WEIGHTS};

/// The safety factor of the length of the next step.
const SAFETY: f64 = 0.9;
/// The length of a step changes by these factors at most.
const CHANGES: (f64, f64) = (0.2, 10.0);
/// Length times eigenvalue from which on a step counts as limited by stability. The stability region reaches to
/// 6.1 along the negative real axis; where the tolerance is near rounding, noise in the error estimate keeps
/// the steps of a stiff equation at 4 to 6. Accuracy alone keeps an oscillation below 3.
const STABILITY_LIMITED: f64 = 3.0;
/// Steps limited by stability after which an equation counts as stiff.
const STIFF_STEPS: usize = 50;
/// Consecutive other steps after which these are forgotten.
const NONSTIFF_STEPS: usize = 6;

/// The method with its memory of steps.
#[derive(Clone, Debug, Default)]
pub(super) struct Dop853 {
    /// The rates k of the stages, one after the other.
    stages: Vec<f64>,
    /// The state that the latest stage was evaluated at.
    argument: Vec<f64>,
    is_repeated: bool,
    stiff_steps: usize,
    nonstiff_steps: usize,
}

impl Dop853 {
    /// Whether the length of the steps has been limited by stability rather than by accuracy.
    pub(super) fn is_stiff(&self) -> bool {
        self.stiff_steps >= STIFF_STEPS
    }

    /// Attempts a step of `length` seconds.
    pub(super) fn attempt<E: Equation>(
        &mut self,
        problem: &Problem<'_, E>,
        point: &Point,
        length: f64,
        tolerance: f64,
    ) -> Result<Attempt, Failure<E::Error>> {
        self.stages.resize(16 * point.state.len(), 0.0);
        self.stages[..point.rates.len()].copy_from_slice(&point.rates);
        for (index, stage) in (1..).zip(&STAGES) {
            self.evaluate_stage(problem, point, length, (index, stage))?;
        }
        let slope = self.combine(WEIGHTS);
        let (end, lost) = point.plus(slope.iter().map(|slope| length * slope));
        let error = self.error(length, &point.sizes(&end)) / tolerance;
        if error.is_nan() || error > 1.0 {
            self.is_repeated = true;
            return Ok(Attempt::Rejected(Rejected { shorter: length * factor(error).min(1.0), error }));
        }
        let mut rates = vec![0.0; end.len()];
        problem.rates(point.time + length, &end, &mut rates)?;
        self.observe_stiffness(length, &end, &rates);
        let polynomial = self.dense_output(problem, point, length, (&end, &rates))?;
        let growth = if self.is_repeated { factor(error).min(1.0) } else { factor(error) };
        self.is_repeated = false;
        Ok(Attempt::Accepted(Accepted { state: end, lost, rates, polynomial, next: length * growth }))
    }

    /// Evaluates the rates of a stage.
    fn evaluate_stage<E: Equation>(
        &mut self,
        problem: &Problem<'_, E>,
        point: &Point,
        length: f64,
        (index, stage): (usize, &Stage),
    ) -> Result<(), Failure<E::Error>> {
        let dimension = point.state.len();
        self.argument.clear();
        for (component, start) in point.state.iter().enumerate() {
            let slope: f64 =
                stage.a.iter().map(|(before, a)| a * self.stages[before * dimension + component]).sum();
            self.argument.push(start + length * slope);
        }
        let rates = &mut self.stages[index * dimension..(index + 1) * dimension];
        problem.rates(point.time + stage.c * length, &self.argument, rates)
    }

    /// A linear combination of the rates of the stages.
    fn combine(&self, weights: &[(usize, f64)]) -> Vec<f64> {
        let dimension = self.stages.len() / 16;
        (0..dimension)
            .map(|component| {
                weights.iter().map(|(stage, b)| b * self.stages[stage * dimension + component]).sum()
            })
            .collect()
    }

    /// The error of the step as a share of sizes, estimated from the errors of orders 5 and 3.
    fn error(&self, length: f64, sizes: &[f64]) -> f64 {
        let fifth = error_norm(&self.combine(ERROR_5), sizes);
        let third = error_norm(&self.combine(ERROR_3), sizes);
        if fifth == 0.0 && third == 0.0 {
            return 0.0;
        }
        // Hairer's estimate |h|·e₅²/√(e₅² + 0.01·e₃²), with the tolerance taken out of both.
        length * fifth * fifth / (fifth * fifth + 0.01 * third * third).sqrt()
    }

    /// The nested form of the dense output.
    fn dense_output<E: Equation>(
        &mut self,
        problem: &Problem<'_, E>,
        point: &Point,
        length: f64,
        (end, rates): (&[f64], &[f64]),
    ) -> Result<Vec<f64>, Failure<E::Error>> {
        let dimension = point.state.len();
        self.stages[12 * dimension..13 * dimension].copy_from_slice(rates);
        for (index, stage) in (13..).zip(&DENSE_STAGES) {
            self.evaluate_stage(problem, point, length, (index, stage))?;
        }
        let mut polynomial = Vec::with_capacity(COEFFICIENTS * dimension);
        let higher = DENSE.map(|weights| self.combine(weights));
        for component in 0..dimension {
            let difference = end[component] - point.state[component];
            let from_start = length * point.rates[component] - difference;
            let from_end = difference - length * rates[component] - from_start;
            polynomial.extend([point.state[component], difference, from_start, from_end]);
            polynomial.extend(higher.iter().map(|row| length * row[component]));
        }
        Ok(polynomial)
    }

    /// Tells whether the length of the step is limited by stability. The dominant eigenvalue of the Jacobian
    /// follows from the rates at two states near the end of the step, one of them the argument of stage 11.
    fn observe_stiffness(&mut self, length: f64, end: &[f64], rates: &[f64]) {
        let dimension = end.len();
        let last_rates = &self.stages[11 * dimension..12 * dimension];
        let distance = |first: &[f64], second: &[f64]| -> f64 {
            first
                .iter()
                .zip(second)
                .map(|(first, second)| (first - second) * (first - second))
                .sum::<f64>()
                .sqrt()
        };
        let eigenvalue_times_distance = distance(rates, last_rates);
        if length * eigenvalue_times_distance > STABILITY_LIMITED * distance(end, &self.argument) {
            self.nonstiff_steps = 0;
            self.stiff_steps += 1;
        } else {
            self.nonstiff_steps += 1;
            if self.nonstiff_steps == NONSTIFF_STEPS {
                self.stiff_steps = 0;
            }
        }
    }
}

/// The factor to the next length for an error as a share of the tolerance.
fn factor(error: f64) -> f64 {
    let (smallest, largest) = CHANGES;
    if error.is_nan() {
        return smallest;
    }
    (SAFETY * libm::pow(error, -1.0 / 8.0)).clamp(smallest, largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The nodes of all stages.
    fn nodes() -> Vec<f64> {
        let first = [0.0].into_iter().chain(STAGES.iter().map(|stage| stage.c));
        first.chain([1.0]).chain(DENSE_STAGES.iter().map(|stage| stage.c)).collect()
    }

    #[test]
    fn the_weights_integrate_polynomials_of_degree_7() {
        let nodes = nodes();
        for degree in 0..8 {
            let power = |node: f64| (0..degree).fold(1.0, |power, _| power * node);
            let integral: f64 = WEIGHTS.iter().map(|(stage, b)| b * power(nodes[*stage])).sum();
            assert!((integral - 1.0 / f64::from(degree + 1)).abs() < 1e-14, "degree {degree}: {integral}");
            for (errors, order) in [(ERROR_5, 5), (ERROR_3, 3)] {
                let error: f64 = errors.iter().map(|(stage, e)| e * power(nodes[*stage])).sum();
                assert!(degree >= order || error.abs() < 1e-14, "degree {degree}: {error}");
            }
        }
    }

    #[test]
    fn the_weights_of_each_stage_sum_to_its_node() {
        for stage in STAGES.iter().chain(&DENSE_STAGES) {
            let sum: f64 = stage.a.iter().map(|(_, a)| a).sum();
            assert!((sum - stage.c).abs() < 1e-14, "{} is not {}", sum, stage.c);
        }
    }

    #[test]
    fn the_dense_output_adds_nothing_to_a_straight_line() {
        for weights in DENSE {
            let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
            assert!(sum.abs() < 1e-12, "{sum}");
        }
    }
}
