//! The steps of a solution along one direction of time, extended on demand.

use super::method::Method;
use super::step::{Accepted, Attempt, COEFFICIENTS, Point, Problem, evaluate};
use super::{Equation, Failure, Settings};

/// The largest number of steps.
const MAX_STEPS: usize = 1_000_000;
/// The largest number of stored values, which are 9 a step with one state and 17 with two: 136 MB.
const MAX_VALUES: usize = 17_000_000;
/// The first step changes no component by more than this share of its size.
const FIRST_CHANGE: f64 = 1e-2;
/// The first step of a state that leaves the origin, which has no size yet, in seconds.
const FROM_ORIGIN: f64 = 1e-4;
/// The longest step as a share of the elapsed time and of the seconds below. Longer ones could miss a short
/// impulse.
const LONGEST: f64 = 0.1;
/// The seconds beside the elapsed time for a state that moves.
const MOVING: f64 = 1.0;
/// The seconds beside the elapsed time for a state at rest, which does not tell how short an impulse that moves it
/// may be.
const AT_REST: f64 = 1e-9;
/// The factor of the length after an attempt whose rates do not exist.
const RETREAT: f64 = 0.25;
/// Steps are longer than this many roundings of the time.
const SHORTEST: f64 = 4.0;
/// A step over a jump of the rates changes no component by more than this share of the largest one.
const JUMP_SHARE: f64 = 1e-6;
/// Consecutive steps over jumps.
const MAX_JUMPS: usize = 4;
/// The number of steps that count as rough once one has proved so.
const ROUGH_STEPS: usize = 50;
/// A component above this size has blown up.
const BLOWN_UP: f64 = 1e150;
/// A component above this multiple of its start, or of 1, is about to blow up when steps become too small.
const LARGE: f64 = 1e3;

/// The steps so far, and where they go on or end.
#[derive(Debug)]
pub(super) struct Trajectory<E> {
    dimension: usize,
    /// τ at the start of each step, seconds.
    starts: Vec<f64>,
    /// The polynomials of the steps.
    polynomials: Vec<f64>,
    /// τ at the end of the last step.
    end: f64,
    /// The tolerance of the whole solution.
    tolerance: f64,
    tells_stiffness: bool,
    method: Method,
    /// `None` before the first step.
    head: Option<Head>,
    start: Vec<f64>,
    /// Consecutive steps over jumps of the rates.
    jumps: usize,
    /// The number of steps from here on whose rates count as rough.
    rough_steps: usize,
    failure: Option<Failure<E>>,
}

/// The start of the next step, and its length in seconds.
#[derive(Clone, Debug)]
struct Head {
    point: Point,
    length: f64,
}

impl<E: Clone> Trajectory<E> {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            dimension: settings.start.len(),
            starts: Vec::new(),
            polynomials: Vec::new(),
            end: 0.0,
            tolerance: settings.tolerance,
            tells_stiffness: settings.stiff.is_none(),
            method: Method::new(settings.stiff == Some(true)),
            head: None,
            start: settings.start.clone(),
            jumps: 0,
            rough_steps: 0,
            failure: None,
        }
    }

    /// The number of components.
    pub(super) fn dimension(&self) -> usize {
        self.dimension
    }

    /// The number of steps.
    pub(super) fn steps(&self) -> usize {
        self.starts.len()
    }

    /// τ at the start and at the end of a step.
    pub(super) fn span(&self, step: usize) -> (f64, f64) {
        (self.starts[step], self.starts.get(step + 1).copied().unwrap_or(self.end))
    }

    /// Writes the state at share `s` of a step.
    pub(super) fn state_in(&self, step: usize, s: f64, state: &mut [f64]) {
        let polynomials = self.polynomials[step * COEFFICIENTS * self.dimension..].chunks_exact(COEFFICIENTS);
        for (value, polynomial) in state.iter_mut().zip(polynomials) {
            *value = evaluate(polynomial, s);
        }
    }

    /// Whether `time` needs no further steps. A time that is not finite needs none.
    pub(super) fn reaches(&self, time: f64) -> bool {
        !time.is_finite() || (time < self.end) || self.failure.is_some()
    }

    /// The value of a component at τ = `time`; NaN if that is not finite.
    pub(super) fn value(&self, component: usize, time: f64) -> Result<f64, Failure<E>> {
        if !time.is_finite() {
            return Ok(f64::NAN);
        }
        self.check(time)?;
        let step = self.starts.partition_point(|start| *start <= time) - 1;
        let (start, end) = self.span(step);
        let at = (step * self.dimension + component) * COEFFICIENTS;
        Ok(evaluate(&self.polynomials[at..at + COEFFICIENTS], (time - start) / (end - start)))
    }

    /// Fails if the solution ends before `time`.
    pub(super) fn check(&self, time: f64) -> Result<(), Failure<E>> {
        match &self.failure {
            Some(failure) if time > self.end || self.starts.is_empty() => Err(failure.clone()),
            _ => Ok(()),
        }
    }

    /// Takes steps until `time` lies before the end, or until the solution ends.
    pub(super) fn extend<Q>(&mut self, problem: &Problem<'_, Q>, time: f64)
    where
        Q: Equation<Error = E>,
    {
        while !self.reaches(time) {
            if let Err(failure) = self.step(problem) {
                self.failure = Some(failure);
            }
        }
    }

    /// Takes one step.
    fn step<Q>(&mut self, problem: &Problem<'_, Q>) -> Result<(), Failure<E>>
    where
        Q: Equation<Error = E>,
    {
        let steps = self.steps();
        if steps >= max_steps(self.dimension) {
            return Err(Failure::TooManySteps { t: problem.direction.sign() * self.end, steps });
        }
        // The head stays in place until the step is complete, so that rates that panic leave the trajectory intact.
        let head = match &self.head {
            Some(head) => head.clone(),
            None => self.first_head(problem)?,
        };
        let (length, step) = self.accurate_step(problem, &head)?;
        let Head { mut point, .. } = head;
        self.starts.push(point.time);
        self.polynomials.extend(&step.polynomial);
        self.end = point.time + length;
        let next = step.next;
        point.advance(self.end, step);
        if let Some(component) = point.state.iter().position(|value| value.abs() > BLOWN_UP) {
            return Err(Failure::BlowUp { t: problem.direction.sign() * self.end, component });
        }
        self.head = Some(Head { length: next.min(longest(&point)), point });
        if self.tells_stiffness && self.method.is_unsuitable() {
            self.method = Method::new(true);
        }
        Ok(())
    }

    /// The start at τ = 0. The first length lets no component change by more than a small share of its size.
    fn first_head<Q>(&self, problem: &Problem<'_, Q>) -> Result<Head, Failure<E>>
    where
        Q: Equation<Error = E>,
    {
        let state = self.start.clone();
        let mut rates = vec![0.0; state.len()];
        problem.rates(0.0, &state, &mut rates)?;
        let size: Vec<f64> = state.iter().map(|value| value.abs()).collect();
        let point = Point { time: 0.0, size, rates, lost: vec![0.0; state.len()], state };
        let sizes = point.sizes(&point.state);
        let changes = point.rates.iter().zip(&sizes).map(|(rate, size)| (rate / size).abs());
        let fastest = changes.fold(0.0, f64::max);
        let length = if largest(&point.size) == 0.0 { FROM_ORIGIN } else { FIRST_CHANGE / fastest };
        Ok(Head { length: length.min(longest(&point)), point })
    }

    /// Repeats attempts with shorter lengths until one is accurate, and returns its exact length.
    fn accurate_step<Q>(
        &mut self,
        problem: &Problem<'_, Q>,
        Head { point, length }: &Head,
    ) -> Result<(f64, Accepted), Failure<E>>
    where
        Q: Equation<Error = E>,
    {
        let mut length = *length;
        let mut failure = None;
        let mut before = None;
        loop {
            let shortest = SHORTEST * f64::EPSILON * point.time;
            // The end of the step is a floating-point number, and the length exactly what leads there.
            let exact = (point.time + coarse(length)) - point.time;
            if !(exact > shortest && exact > f64::MIN_POSITIVE) {
                let step = self.step_over_jump(problem, point, 2.0 * shortest);
                return step.ok_or_else(|| self.collapse(problem, point, failure));
            }
            let tolerance = self.method.local_tolerance(self.tolerance, self.rough_steps > 0);
            match self.method.attempt(problem, point, exact, tolerance) {
                Ok(Attempt::Accepted(step)) => {
                    self.jumps = 0;
                    self.rough_steps = self.rough_steps.saturating_sub(1);
                    return Ok((exact, step));
                }
                Ok(Attempt::Rejected(rejected)) => {
                    if is_rough(before, (exact, rejected.error)) {
                        self.rough_steps = ROUGH_STEPS;
                    }
                    before = Some((exact, rejected.error));
                    length = rejected.shorter;
                }
                Err(error) => {
                    failure = Some(error);
                    length = RETREAT * exact;
                }
            }
        }
    }

    /// A step of the smallest length that time resolves, whatever its error: rates may jump there, such as at
    /// the edge of an impulse. `None` if the state changes noticeably, or if steps before have jumped as well.
    fn step_over_jump<Q>(
        &mut self,
        problem: &Problem<'_, Q>,
        point: &Point,
        length: f64,
    ) -> Option<(f64, Accepted)>
    where
        Q: Equation<Error = E>,
    {
        let exact = (point.time + length) - point.time;
        self.jumps += 1;
        if self.jumps > MAX_JUMPS || exact <= f64::MIN_POSITIVE {
            return None;
        }
        let attempt = self.method.attempt(problem, point, exact, f64::INFINITY);
        let Ok(Attempt::Accepted(step)) = attempt else { return None };
        self.method.restart();
        let largest = largest(&point.size);
        let mut changes = step.state.iter().zip(&point.state).map(|(end, start)| (end - start).abs());
        (largest == 0.0 || changes.all(|change| change <= JUMP_SHARE * largest)).then_some((exact, step))
    }

    /// The failure of a solution whose steps have become too small, perhaps because attempts failed.
    fn collapse<Q>(&self, problem: &Problem<'_, Q>, point: &Point, failure: Option<Failure<E>>) -> Failure<E>
    where
        Q: Equation<Error = E>,
    {
        let t = problem.direction.sign() * point.time;
        let growth =
            |component: &usize| point.state[*component].abs() / self.start[*component].abs().max(1.0);
        let fastest = (0..self.dimension).max_by(|first, second| growth(first).total_cmp(&growth(second)));
        match (failure, fastest) {
            (Some(Failure::Equation(error)), _) => Failure::Equation(error),
            // Overflow in an attempt beyond the singularity is no fault of the rates.
            (_, Some(component)) if growth(&component) > LARGE => Failure::BlowUp { t, component },
            (failure, _) => failure.unwrap_or(Failure::Singular { t }),
        }
    }
}

/// Whether rates are noisy or jump: of two rejected attempts, each a length and an error, the shorter one is hardly
/// better. Of smooth rates, its error is smaller by nearly the eighth power of the lengths.
fn is_rough(longer: Option<(f64, f64)>, (length, error): (f64, f64)) -> bool {
    longer.is_some_and(|(longer, before)| {
        let ratio = length / longer;
        error > before * ratio * ratio * ratio
    })
}

/// The largest number of steps of a solution with this many states.
fn max_steps(dimension: usize) -> usize {
    MAX_STEPS.min(MAX_VALUES / (COEFFICIENTS * dimension + 1))
}

/// A length with the leading 21 bits alone. Sums of such lengths are mostly exact, so that equally long steps
/// stay equal and the matrices of an implicit method can be kept.
fn coarse(length: f64) -> f64 {
    f64::from_bits(length.to_bits() & !0xFFFF_FFFF)
}

/// The longest step from a point, seconds.
fn longest(point: &Point) -> f64 {
    let is_at_rest = point.rates.iter().all(|rate| *rate == 0.0);
    LONGEST * (point.time + if is_at_rest { AT_REST } else { MOVING })
}

/// The largest of some sizes.
fn largest(sizes: &[f64]) -> f64 {
    sizes.iter().fold(0.0, |largest: f64, size| largest.max(*size))
}

#[cfg(test)]
mod tests;
