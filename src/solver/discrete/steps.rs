//! Some steps of a recurrence, and the time that passes.

use std::sync::Arc;

use num_complex::Complex64;

/// Some steps.
#[derive(Debug, Default)]
pub(super) struct Steps {
    /// The number of states.
    pub(super) order: usize,
    /// State after state.
    pub(super) states: Vec<Complex64>,
    pub(super) inputs: Vec<Complex64>,
    pub(super) times: Vec<f64>,
}

/// The state of one step.
#[derive(Clone, Debug)]
pub struct State {
    steps: Arc<Steps>,
    at: usize,
}

impl State {
    /// The step with this index.
    pub(super) fn new(steps: &Arc<Steps>, at: usize) -> Self {
        Self { steps: Arc::clone(steps), at }
    }

    /// The state.
    #[must_use]
    pub fn x(&self) -> &[Complex64] {
        self.steps.state(self.at)
    }

    /// The input.
    #[must_use]
    pub fn u(&self) -> Complex64 {
        self.steps.inputs[self.at]
    }

    /// The time in seconds.
    #[must_use]
    pub fn t(&self) -> f64 {
        self.steps.times[self.at]
    }
}

/// The sum of the lengths of steps, with the rounding error that is still to be added (W. Kahan, "Further remarks
/// on reducing truncation errors", 1965).
#[derive(Clone, Copy, Default)]
pub(super) struct Clock {
    pub(super) time: f64,
    rest: f64,
}

impl Steps {
    /// The state of the step with this index.
    pub(super) fn state(&self, at: usize) -> &[Complex64] {
        &self.states[at * self.order..][..self.order]
    }
}

impl Clock {
    /// Adds the length of a step.
    pub(super) fn add(&mut self, step: f64) {
        let step = step + self.rest;
        let time = self.time + step;
        self.rest = step - (time - self.time);
        self.time = time;
    }
}
