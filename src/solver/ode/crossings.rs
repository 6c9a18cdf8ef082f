//! The times at which a function of the solution changes its sign.

use super::Failure;
use super::trajectory::Trajectory;

/// Parts that each step is divided into. A function that changes its sign twice within a part escapes.
const PARTS: usize = 8;

/// The crossings of one event function, found as far as they have been asked for.
#[derive(Debug)]
pub(super) struct Crossings<E> {
    /// Seconds, in increasing order.
    times: Vec<f64>,
    /// The number of steps that have been searched.
    steps: usize,
    /// Whether the function was positive when it was last different from 0; `None` before, and after a NaN.
    was_positive: Option<bool>,
    /// The time from which on the function cannot be evaluated.
    failure: Option<(f64, E)>,
}

impl<E> Default for Crossings<E> {
    fn default() -> Self {
        Self { times: Vec::new(), steps: 0, was_positive: None, failure: None }
    }
}

impl<E: Clone> Crossings<E> {
    /// Searches all steps that begin up to `time`.
    pub(super) fn extend(
        &mut self,
        trajectory: &Trajectory<E>,
        time: f64,
        event: impl Fn(f64, &[f64]) -> Result<f64, E>,
    ) {
        let mut state = vec![0.0; trajectory.dimension()];
        while self.failure.is_none()
            && self.steps < trajectory.steps()
            && trajectory.span(self.steps).0 <= time
        {
            let step = self.steps;
            let (start, end) = trajectory.span(step);
            // Each step is searched in its own polynomial, so that what is found does not depend on whether the
            // next step is known.
            let mut function = |at: f64| {
                trajectory.state_in(step, (at - start) / (end - start), &mut state);
                event(at, &state)
            };
            self.failure = self.search((start, end), &mut function).err();
            self.steps += 1;
        }
    }

    /// Searches one step. An error comes with the time that the function is known up to.
    fn search(
        &mut self,
        (start, end): (f64, f64),
        function: &mut dyn FnMut(f64) -> Result<f64, E>,
    ) -> Result<(), (f64, E)> {
        let first = usize::from(self.steps > 0);
        let mut before = start;
        for part in first..=PARTS {
            let at = start + (end - start) * (part as f64 / PARTS as f64);
            let value = function(at).map_err(|error| (before, error))?;
            let is_positive = sign(value);
            if let (Some(was), Some(is)) = (self.was_positive, is_positive)
                && was != is
            {
                self.times.push(bisect((before, at), is, function).map_err(|error| (before, error))?);
            }
            if value != 0.0 {
                self.was_positive = is_positive;
            }
            before = at;
        }
        Ok(())
    }

    /// The time of crossing `n`; NaN if it lies after `time`.
    pub(super) fn find(&self, n: usize, time: f64) -> Result<f64, Failure<E>> {
        match (self.times.get(n), &self.failure) {
            (Some(crossing), _) if *crossing <= time => Ok(*crossing),
            (None, Some((end, error))) if time > *end => Err(Failure::Equation(error.clone())),
            _ => Ok(f64::NAN),
        }
    }
}

/// Whether a value is positive or negative; `None` for 0 and NaN.
fn sign(value: f64) -> Option<bool> {
    if value > 0.0 {
        Some(true)
    } else if value < 0.0 {
        Some(false)
    } else {
        None
    }
}

/// The first time between two others at which the function has a sign that it has at the second one only.
fn bisect<E>(
    (mut low, mut high): (f64, f64),
    is_positive: bool,
    function: &mut dyn FnMut(f64) -> Result<f64, E>,
) -> Result<f64, E> {
    loop {
        let middle = low + 0.5 * (high - low);
        if !(low < middle && middle < high) {
            return Ok(high);
        }
        if sign(function(middle)?) == Some(is_positive) {
            high = middle;
        } else {
            low = middle;
        }
    }
}
