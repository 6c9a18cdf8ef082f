//! Errors of an evaluation.

use std::fmt;

use super::number::{NotReal, six_digits};
use super::scope::SystemId;
use crate::system::SystemError;
use crate::work::WorkLimit;

/// An error of an evaluation.
#[derive(Clone, Debug, PartialEq)]
pub enum EvalError {
    /// The value is complex where a real number is needed.
    NotReal(NotReal),
    /// The scene needs more work than this limit.
    TooMuchWork(WorkLimit),
    /// The number of a step is not a whole number.
    StepNumber(f64),
    /// A system has no solution at the time that is asked for.
    System {
        /// The system.
        system: SystemId,
        /// Its error.
        error: Box<SystemError>,
    },
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReal(not_real) => not_real.fmt(f),
            Self::System { error, .. } => f.write_str(&error.message),
            Self::StepNumber(number) => {
                write!(f, "the number of a step is a whole number, and this one is {}", six_digits(*number))
            }
            Self::TooMuchWork(limit) => limit.fmt(f),
        }
    }
}

impl EvalError {
    /// The remedy.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::NotReal(_) => "write re(…), im(…) or abs(…) for a real number".to_owned(),
            Self::StepNumber(_) => "write floor(…), or a whole number".to_owned(),
            Self::TooMuchWork(limit) => limit.help(),
            Self::System { error, .. } => error.help.clone(),
        }
    }
}

impl std::error::Error for EvalError {}

impl From<NotReal> for EvalError {
    fn from(not_real: NotReal) -> Self {
        Self::NotReal(not_real)
    }
}
