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
