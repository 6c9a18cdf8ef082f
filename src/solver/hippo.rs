//! `HiPPO`: coefficients that remember the past of a signal by orthogonal polynomials.
//!
//! A measure weighs the past, and N coefficients cₙ(t) are the signal's projection onto the first N functions that
//! are orthonormal under the measure. `Measure` lists them. The coefficients of `Legs` are the projection exactly,
//! cₙ(t) = √(2n+1)/t·∫₀ᵗ u(s)·Pₙ(2s/t − 1) ds (`past`). Those of the others solve c′ = A·c + B·u from c(0) = 0
//! ([`state_space`](super::state_space)); under `Legt` and `Fout` this is nearly the projection, since what leaves the
//! window is reconstructed from the coefficients themselves.
//!
//! Source: A. Gu, T. Dao, S. Ermon, A. Rudra and C. Ré, "`HiPPO`: Recurrent memory with optimal polynomial
//! projections", arXiv 2008.07669; of `Fout`, A. Gu, I. Johnson, A. Timalsina, A. Rudra and C. Ré, "How to train your
//! `HiPPO`", arXiv 2206.12037.
//!
//! Accuracy: errors stay below 1e-10 of the signal's scale, and are usually below 1e-12. `tests/library/hippo.rs`
//! checks this. As for a state-space system, a pulse shorter than about 1/600 of the time at which it comes can be
//! missed.

mod basis;
mod moments;
mod past;

use std::fmt;
use std::sync::Arc;

use num_complex::Complex64;

use super::recent::RecentStates;
use super::state_space::{InputFn, MAX_ORDER, Matrices, MotionError, NamedMatrix, OutputPart, StateSpace};
use past::Past;

/// The measure that weighs the past s ≤ t.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// 1/t on [0, t], with scaled Legendre polynomials.
    Legs,
    /// 1/window on [t − window, t], with translated Legendre polynomials.
    Legt {
        /// The length of the window, seconds.
        window: f64,
    },
    /// exp(−(t − s)) for s ≤ t, with Laguerre functions: the polynomials times the root of the measure.
    Lagt,
    /// 1/window on [t − window, t], with the Fourier series.
    Fout {
        /// The length of the window, seconds.
        window: f64,
    },
}

/// A number that no memory can have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HippoError {
    /// The number of coefficients is 0, or too large.
    Order(usize),
    /// The window is not greater than 0, or so short that its rates are infinite.
    Window(f64),
}

/// The memory of a real signal.
#[derive(Debug)]
pub struct Hippo {
    measure: Measure,
    memory: Memory,
}

/// The origin of the coefficients.
#[derive(Debug)]
enum Memory {
    /// The projection of all of the past.
    Projection(Box<Past>, Box<RecentStates>),
    /// The state of c′ = A·c + B·u.
    State(Box<StateSpace>),
}

impl Hippo {
    /// The memory of a signal, with this number of coefficients.
    ///
    /// # Errors
    /// The order or the window is out of its range.
    pub fn new(measure: Measure, order: usize, input: InputFn) -> Result<Self, HippoError> {
        if !(1..=MAX_ORDER).contains(&order) {
            return Err(HippoError::Order(order));
        }
        let named = match measure {
            Measure::Legs => {
                let past = Box::new(Past::new(order, input));
                return Ok(Self { measure, memory: Memory::Projection(past, Box::default()) });
            }
            Measure::Legt { window } => NamedMatrix::HippoLegt { order, window },
            Measure::Lagt => NamedMatrix::HippoLagt { order },
            Measure::Fout { window } => NamedMatrix::HippoFout { order, window },
        };
        let window = measure.window().unwrap_or(1.0);
        let memory = if window > 0.0 && window.is_finite() { state_space(&named, input) } else { None };
        let memory = Memory::State(Box::new(memory.ok_or(HippoError::Window(window))?));
        Ok(Self { measure, memory })
    }

    /// Coefficient `n` at `t` seconds, at t = 0 its limit. NaN for t < 0, and from the first time on at which the signal
    /// is not finite.
    ///
    /// # Errors
    /// The signal fails, is complex, or changes too often before.
    pub fn coefficient(&self, n: usize, t: f64) -> Result<f64, MotionError> {
        Ok(self.coefficients(t)?.map_or(f64::NAN, |coefficients| coefficients[n].re))
    }

    /// The signal at the past time `s`, as the coefficients at `t` seconds remember it. NaN outside of the measure's
    /// window, and where the coefficients are.
    ///
    /// # Errors
    /// The errors of [`Hippo::coefficient`].
    pub fn reconstruction(&self, s: f64, t: f64) -> Result<f64, MotionError> {
        if !self.measure.holds(s, t) {
            return Ok(f64::NAN);
        }
        let Some(coefficients) = self.coefficients(t)? else { return Ok(f64::NAN) };
        Ok(match self.measure {
            Measure::Legs if t == 0.0 => coefficients[0].re,
            Measure::Legs => basis::legendre(&coefficients, 2.0 * (s / t) - 1.0),
            Measure::Legt { window } => basis::legendre(&coefficients, 1.0 - 2.0 * ((t - s) / window)),
            Measure::Lagt => basis::laguerre(&coefficients, t - s),
            Measure::Fout { window } => basis::fourier(&coefficients, (t - s) / window),
        })
    }

    /// The number of times at which the coefficients were computed.
    #[must_use]
    pub fn computed_states(&self) -> u64 {
        match &self.memory {
            Memory::Projection(_, recent) => recent.added(),
            Memory::State(system) => system.computed_states(),
        }
    }

    /// The density of the measure at the past time `s`, for the present `t`, in 1/s. NaN outside of its window.
    #[must_use]
    pub fn weight(&self, s: f64, t: f64) -> f64 {
        if !self.measure.holds(s, t) {
            return f64::NAN;
        }
        match self.measure {
            Measure::Legs => 1.0 / t.abs(),
            Measure::Legt { window } | Measure::Fout { window } => 1.0 / window,
            Measure::Lagt => libm::exp(s - t),
        }
    }

    /// All coefficients; `None` before t = 0.
    fn coefficients(&self, t: f64) -> Result<Option<Arc<[Complex64]>>, MotionError> {
        if !(t >= 0.0 && t.is_finite()) {
            return Ok(None);
        }
        match &self.memory {
            Memory::Projection(past, recent) => recent.get(t, || past.coefficients(t)).map(Some),
            Memory::State(system) => system.state(t).map(Some),
        }
    }
}

impl Measure {
    /// The length of the window, if it is a key of the measure.
    fn window(self) -> Option<f64> {
        match self {
            Self::Legs | Self::Lagt => None,
            Self::Legt { window } | Self::Fout { window } => Some(window),
        }
    }

    /// Whether a past time lies in the window of the present time.
    fn holds(self, s: f64, t: f64) -> bool {
        let first = match self {
            Self::Legs => 0.0,
            Self::Legt { window } | Self::Fout { window } => t - window,
            Self::Lagt => f64::MIN,
        };
        t >= 0.0 && t.is_finite() && first <= s && s <= t
    }
}

/// The system whose state are the coefficients, if its matrices are finite.
fn state_space(named: &NamedMatrix, input: InputFn) -> Option<StateSpace> {
    let order = named.order();
    let zeros = vec![Complex64::ZERO; order];
    let matrices = Matrices {
        a: named.a(),
        b: named.b(),
        c: vec![zeros.clone()],
        d: vec![Complex64::ZERO],
        output: OutputPart::Whole,
    };
    StateSpace::new(matrices, &zeros, Some(input)).ok()
}

impl fmt::Display for HippoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(order) => write!(f, "the order must be 1 to {MAX_ORDER}, it is {order}"),
            Self::Window(window) => write!(f, "the window must be greater than 0, it is {window}"),
        }
    }
}

impl std::error::Error for HippoError {}

#[cfg(test)]
mod tests;
