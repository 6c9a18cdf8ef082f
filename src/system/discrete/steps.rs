//! What happens at each step: its input, its length and its matrices.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use num_complex::Complex64;

use super::sources::{MatrixSource, StepAt, VectorSource, first_complex, is_complex};
use crate::solver::discrete::{DiscretizationError, Equation, Method, StepMatrices};
use crate::system::{At, Component, System, SystemError, VariablesFn};
use crate::work::StepsWork;

/// The input of a system.
pub(super) enum Input {
    None,
    /// A function of the step number and of the time.
    Function(VariablesFn),
    /// A signal of another system.
    Member(Arc<dyn System>, Component),
}

/// The length of a step.
pub(super) enum Length {
    Fixed(f64),
    Changing(VariablesFn),
}

/// The work of a step for each entry of the matrix: of a matrix that is fixed, and of one that changes.
const WORK_PER_ENTRY: [u64; 2] = [4, 12];

/// The steps of one system.
pub(super) struct Steps {
    pub(super) input: Input,
    pub(super) length: Length,
    pub(super) a: MatrixSource,
    /// B or Bd; that of the named matrix if there is none.
    pub(super) b: Option<VectorSource>,
    /// `None` if the matrices are those of the recurrence itself.
    pub(super) method: Option<Method>,
    /// Whether matrices or lengths depend on the input.
    pub(super) uses_input: bool,
    pub(super) is_complex: bool,
    /// The matrices, if they are the same at each step.
    pub(super) fixed: Option<Arc<StepMatrices>>,
    /// The matrices of the step that was asked for last.
    pub(super) recent: Mutex<Option<(usize, Arc<StepMatrices>)>>,
    pub(super) work: StepsWork,
}

impl Steps {
    /// Whether Ad is the same at each step.
    pub(super) fn is_a_constant(&self) -> bool {
        self.a.is_constant() && matches!(self.length, Length::Fixed(_))
    }

    /// Whether Ad and Bd are the same at each step.
    pub(super) fn is_constant(&self) -> bool {
        self.is_a_constant() && self.b.as_ref().is_none_or(VectorSource::is_constant)
    }

    /// A and B of a step, before the step is discretized.
    pub(super) fn sources(&self, at: StepAt) -> Result<(Vec<Vec<Complex64>>, Vec<Complex64>), SystemError> {
        let (a, named) = self.a.at(at)?;
        let b = match (&self.b, named) {
            (Some(b), _) => b.at(at)?,
            (None, Some(named)) => named,
            (None, None) => vec![Complex64::ZERO; a.len()],
        };
        Ok((a, b))
    }

    /// The matrices of a step, computed anew.
    pub(super) fn discretize(&self, at: StepAt) -> Result<StepMatrices, SystemError> {
        let (a, b) = self.sources(at)?;
        self.charge(at.k, self.method.map_or(0, |method| method.work(&a, self.is_complex)))?;
        if !self.is_complex {
            self.check_real(&a, &b, at)?;
        }
        let Some(method) = self.method else {
            return Ok(StepMatrices::new(&a, &b, self.is_complex));
        };
        let step = self.length_at(at)?;
        let matrices = method.discretize(&a, &b, step, self.is_complex);
        let place = if self.is_constant() { String::new() } else { format!(" at step {}", at.k) };
        matrices.map_err(|error| discretization_error(method, error, step, &place))
    }

    /// Checks that the matrices of a real system are real.
    fn check_real(&self, a: &[Vec<Complex64>], b: &[Complex64], at: StepAt) -> Result<(), SystemError> {
        let [a_key, b_key] = if self.method.is_some() { ["A", "B"] } else { ["Ad", "Bd"] };
        let in_a = a.iter().enumerate().find_map(|(row, entries)| Some((row, first_complex(entries)?)));
        let key = match (in_a, first_complex(b)) {
            (Some((row, column)), _) => format!("{a_key}[{row}][{column}]"),
            (None, Some(row)) => format!("{b_key}[{row}]"),
            (None, None) => return Ok(()),
        };
        let message = format!("`{key}` is complex at step {}, but the system is real at step 0", at.k);
        Err(SystemError::new(key, message, "write re(…) around the expression"))
    }

    /// Counts the work of a step, and as much for each step before it whose work is not counted.
    fn charge(&self, k: usize, discretization: u64) -> Result<(), SystemError> {
        let order = self.a.order() as u64;
        let step = WORK_PER_ENTRY[usize::from(self.fixed.is_none())] * order.saturating_mul(order);
        let counted = self.work.reach(k as u64 + 1, step.saturating_add(discretization));
        counted.map_err(|limit| SystemError::too_much_work(self.a_key(), limit))
    }

    /// The key of the matrix.
    pub(super) fn a_key(&self) -> &'static str {
        if self.method.is_some() { "A" } else { "Ad" }
    }

    /// The length of a step.
    fn length_at(&self, at: StepAt) -> Result<f64, SystemError> {
        let length = match &self.length {
            Length::Fixed(length) => return Ok(*length),
            Length::Changing(function) => function.value(at.t, &[at.k as f64, at.u.re])?,
        };
        if length.re > 0.0 && length.re.is_finite() && !is_complex(length) {
            return Ok(length.re);
        }
        let shown = if is_complex(length) { length.to_string() } else { length.re.to_string() };
        let message = format!("`step` must be greater than 0, it is {shown} at step {}", at.k);
        Err(SystemError::new("step", message, "change its expression, such as to max(0.01, …)"))
    }
}

/// The error for a step that a method cannot take.
fn discretization_error(method: Method, error: DiscretizationError, step: f64, place: &str) -> SystemError {
    let factor = if method == Method::Bilinear { "step/2" } else { "step" };
    let (reason, help) = match error {
        DiscretizationError::Singular => {
            (format!("1 - {factor}*A has no inverse"), "change `step`, or write method = \"zoh\"")
        }
        DiscretizationError::TooLarge => (
            "the exponential of step*A is too large for a number".to_owned(),
            "give a smaller `step`, or eigenvalues with smaller real parts",
        ),
    };
    SystemError::new("step", format!("{reason} for step = {step}{place}"), help)
}

impl Equation for Steps {
    type Error = SystemError;

    fn fixed_step(&self) -> Option<f64> {
        if let Length::Fixed(step) = self.length { Some(step) } else { None }
    }

    fn input(&self, k: usize, t: f64) -> Result<Complex64, SystemError> {
        let u = match &self.input {
            Input::None => Complex64::ZERO,
            Input::Function(function) => function.value(t, &[k as f64])?,
            Input::Member(system, component) => system.value(*component, At::time(t))?,
        };
        if self.is_complex && !self.uses_input {
            return Ok(u);
        }
        if !is_complex(u) {
            return Ok(u.re.into());
        }
        let reason = if self.is_complex { "the matrices depend on it" } else { "the system is real" };
        let message = format!("the input is complex at step {k}, but {reason}");
        Err(SystemError::new("u", message, "write re(…) around `u`"))
    }

    fn step(&self, k: usize, t: f64, u: Complex64) -> Result<f64, SystemError> {
        self.length_at(StepAt { k, t, u })
    }

    fn matrices(&self, k: usize, t: f64, u: Complex64) -> Result<Arc<StepMatrices>, SystemError> {
        if let Some(fixed) = &self.fixed {
            self.charge(k, 0)?;
            return Ok(Arc::clone(fixed));
        }
        if let Some((step, matrices)) = &*self.recent.lock().unwrap_or_else(PoisonError::into_inner)
            && *step == k
        {
            return Ok(Arc::clone(matrices));
        }
        let matrices = Arc::new(self.discretize(StepAt { k, t, u })?);
        *self.recent.lock().unwrap_or_else(PoisonError::into_inner) = Some((k, Arc::clone(&matrices)));
        Ok(matrices)
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Steps").field("method", &self.method).finish_non_exhaustive()
    }
}
