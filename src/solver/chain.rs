//! Masses on springs in a row or in a ring, solved exactly by their modes.
//!
//! M·x″ = −K·x − C·x′, where K and C are sums over the springs and the dampers beside them. Without damping a chain
//! moves in modes, xᵢ(t) = Σₙ qₙ(t)·φₙᵢ, each at a frequency of its own. The modes of equal masses on equal springs
//! have closed forms, those of other chains are found from the bidiagonal matrix that leads from masses to springs
//! (`bidiagonal`), and those of other rings by a dense eigensolver. Damping that is proportional to the stiffness
//! leaves the modes as they are; any other couples them, and the coupled amplitudes move as a state-space system.
//!
//! Frequencies have about 100 bits, so that ω·t has few rounding errors at late times. Errors stay below 1e-12 of
//! the motion's scale over 10⁴ periods (`tests/library/chain.rs`).
//!
//! The motion continues backwards for t < 0, where damped motion grows and finally is too large for a number.

mod bidiagonal;
mod closed_form;
mod damping;
mod ends;
mod modes;
mod motion;
mod parameters;
mod ring;
mod segment;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use num_complex::Complex64;

use crate::solver::state_space::{MotionError, StateSpace};
pub use ends::Ends;
use modes::Modes;
use motion::ModeMotion;
pub use parameters::{ChainError, MAX_COUNT, MAX_COUPLED, MAX_UNEQUAL_RING, Parameters};

/// A solved chain.
pub struct Chain {
    parameters: Parameters,
    modes: Modes,
    motion: Motion,
    recent: Mutex<HashMap<u64, Arc<ModalState>>>,
    computed: AtomicU64,
}

/// The motion of the amplitudes.
enum Motion {
    /// Each mode moves by itself.
    Separate(Vec<ModeMotion>),
    /// Damping couples the modes. The state holds the amplitudes, followed by their rates.
    Coupled(Box<StateSpace>),
}

/// The amplitudes of all modes at one time.
#[derive(Debug, PartialEq)]
pub struct ModalState {
    /// The amplitudes, slowest mode first.
    pub amplitudes: Vec<f64>,
    /// Their derivatives with respect to time, per second.
    pub rates: Vec<f64>,
}

/// The motion at this time, in seconds, is too large for a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TooLarge {
    /// The time, in seconds.
    pub t: f64,
}

/// The number of numbers in the states that are kept: the masses are usually asked for at the same times.
const RECENT_NUMBERS: usize = 1 << 20;

impl Chain {
    /// Solves a chain.
    ///
    /// # Errors
    /// Returns the first parameter that no chain can have.
    pub fn new(parameters: Parameters) -> Result<Self, ChainError> {
        parameters.check()?;
        let modes = Modes::new(&parameters)?;
        let start = modes.amplitudes(&parameters.masses, &parameters.x0);
        let rates = modes.amplitudes(&parameters.masses, &parameters.v0);
        let motion = match damping::ratio(&parameters) {
            Some(ratio) => {
                let each = modes.squares.iter().zip(start.iter().zip(&rates));
                let each = each.map(|(square, (q0, v0))| ModeMotion::new(*square, ratio, *q0, *v0));
                Motion::Separate(each.collect())
            }
            None => Motion::Coupled(Box::new(damping::coupled(&parameters, &modes, &start, &rates)?)),
        };
        Ok(Self { parameters, modes, motion, recent: Mutex::default(), computed: AtomicU64::new(0) })
    }

    /// The parameters.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Whether damping couples the modes.
    #[must_use]
    pub fn is_coupled(&self) -> bool {
        matches!(self.motion, Motion::Coupled(_))
    }

    /// The number of masses, which is also that of modes.
    #[must_use]
    pub fn count(&self) -> usize {
        self.parameters.masses.len()
    }

    /// The angular frequency of a mode without damping, in radians per second; slowest first.
    #[must_use]
    pub fn omega(&self, mode: usize) -> f64 {
        self.modes.omegas[mode]
    }

    /// The displacement of a mass in a mode of amplitude 1.
    ///
    /// The sum of mass·shape² is the total mass for each mode, and the first entry that is not negligible is
    /// positive. Of two modes of a ring with the same frequency, the first is a cosine about mass 0 and the second a
    /// sine: mass 0 rests.
    #[must_use]
    pub fn shape(&self, mode: usize, mass: usize) -> f64 {
        self.modes.shape(mode, mass)
    }

    /// The amplitudes at `t` seconds; NaN where the time is not finite.
    ///
    /// # Errors
    /// The motion is too large.
    pub fn state(&self, t: f64) -> Result<Arc<ModalState>, TooLarge> {
        let key = t.to_bits();
        if let Some(state) = self.recent.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(state));
        }
        let state = Arc::new(self.compute(t)?);
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() * 2 * self.count() >= RECENT_NUMBERS {
            recent.clear();
        }
        if recent.insert(key, Arc::clone(&state)).is_none() {
            self.computed.fetch_add(1, Ordering::Relaxed);
        }
        Ok(state)
    }

    /// The number of states that were computed, for distinct times.
    #[must_use]
    pub fn computed_states(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    fn compute(&self, t: f64) -> Result<ModalState, TooLarge> {
        let (amplitudes, rates): (Vec<f64>, Vec<f64>) = match &self.motion {
            Motion::Separate(modes) => modes.iter().map(|mode| mode.at(t)).unzip(),
            Motion::Coupled(system) => {
                let state = system.state(t).map_err(|error: MotionError| too_large(&error, t))?;
                let real = |part: &[Complex64]| part.iter().map(|entry| entry.re).collect();
                let (amplitudes, rates) = state.split_at(self.count());
                (real(amplitudes), real(rates))
            }
        };
        let is_finite = amplitudes.iter().chain(&rates).all(|entry| entry.is_finite());
        if t.is_finite() && !is_finite {
            return Err(TooLarge { t });
        }
        Ok(ModalState { amplitudes, rates })
    }

    /// The displacement of a mass from rest at `t` seconds.
    ///
    /// # Errors
    /// The motion is too large.
    pub fn position(&self, mass: usize, t: f64) -> Result<f64, TooLarge> {
        Ok(self.modes.sum(mass, &self.state(t)?.amplitudes))
    }

    /// The velocity of a mass at `t` seconds.
    ///
    /// # Errors
    /// The motion is too large.
    pub fn velocity(&self, mass: usize, t: f64) -> Result<f64, TooLarge> {
        Ok(self.modes.sum(mass, &self.state(t)?.rates))
    }

    /// The kinetic energy at `t` seconds.
    ///
    /// # Errors
    /// The motion is too large.
    pub fn kinetic(&self, t: f64) -> Result<f64, TooLarge> {
        let squares = self.state(t)?.rates.iter().map(|rate| rate * rate).sum::<f64>();
        Ok(0.5 * self.modes.total_mass * squares)
    }

    /// The energy in the springs at `t` seconds.
    ///
    /// # Errors
    /// The motion is too large.
    pub fn potential(&self, t: f64) -> Result<f64, TooLarge> {
        let state = self.state(t)?;
        let terms = state.amplitudes.iter().zip(&self.modes.omegas).map(|(q, omega)| omega * q * (omega * q));
        Ok(0.5 * self.modes.total_mass * terms.sum::<f64>())
    }
}

/// The only error that a motion without an input has.
fn too_large(_: &MotionError, t: f64) -> TooLarge {
    TooLarge { t }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parameters { ends, .. } = &self.parameters;
        f.debug_struct("Chain").field("ends", ends).field("count", &self.count()).finish_non_exhaustive()
    }
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the motion is too large for a number at t = {}", self.t)
    }
}

impl std::error::Error for TooLarge {}
