//! The choice between the two methods.

use super::dop853::Dop853;
use super::radau::Radau;
use super::step::{Attempt, Point, Problem};
use super::{Equation, Failure};

/// The method of the next step.
#[derive(Clone, Debug)]
pub(super) enum Method {
    Explicit(Dop853),
    Implicit(Radau),
}

impl Method {
    /// The method for stiff equations, or else the explicit one.
    pub(super) fn new(is_stiff: bool) -> Self {
        if is_stiff { Self::Implicit(Radau::default()) } else { Self::Explicit(Dop853::default()) }
    }

    /// The largest local error of a step, for a tolerance of the whole solution.
    ///
    /// The errors of explicit steps add up; a hundred times smaller ones cost less than twice the steps, unless the
    /// rates are rough: there, steps would have to be a hundred times shorter. The errors of implicit steps mostly die
    /// out, and rounding in Newton's method limits them.
    pub(super) fn local_tolerance(&self, tolerance: f64, is_rough: bool) -> f64 {
        match self {
            Self::Explicit(_) if !is_rough => (1e-4 * tolerance).max(1e-15),
            Self::Explicit(_) | Self::Implicit(_) => (1e-2 * tolerance).max(1e-14),
        }
    }

    /// Whether the equation has proved too stiff for the method.
    pub(super) fn is_unsuitable(&self) -> bool {
        match self {
            Self::Explicit(method) => method.is_stiff(),
            Self::Implicit(_) => false,
        }
    }

    /// Forgets the steps so far.
    pub(super) fn restart(&mut self) {
        match self {
            Self::Explicit(method) => *method = Dop853::default(),
            Self::Implicit(method) => *method = Radau::default(),
        }
    }

    /// Attempts a step of `length` seconds.
    pub(super) fn attempt<Q: Equation>(
        &mut self,
        problem: &Problem<'_, Q>,
        point: &Point,
        length: f64,
        tolerance: f64,
    ) -> Result<Attempt, Failure<Q::Error>> {
        match self {
            Self::Explicit(method) => method.attempt(problem, point, length, tolerance),
            Self::Implicit(method) => method.attempt(problem, point, length, tolerance),
        }
    }
}
