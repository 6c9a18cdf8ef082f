//! The seam between the equations of the solver and the expressions of a scene.
//!
//! A [`SystemKind`] is one row of data: its keys, the members that a system with these keys has, and a function
//! that solves it. A solved [`System`] gives the value of a component of a member at any time, in any order and
//! from any thread. This module knows no TOML, no expressions and no pixels: keys arrive as values and as
//! functions. Adding a kind of system takes a file here and a row in [`SystemKind::ALL`].

mod chain;
mod data;
mod discrete;
mod fourier_series;
mod hippo;
mod key;
mod numbering;
mod ode;
mod oscillator;
mod schema;
mod spectrum;
mod state_space;
mod transfer_function;

use std::fmt;
use std::sync::Arc;

use num_complex::Complex64;

use crate::keys::KeySpec;
use crate::work::WorkLimit;
pub use key::{
    FileText, KeyError, KeyLocation, Keys, Outline, OutlineValue, SignalFn, StateFn, Value, VariablesFn,
};
pub(crate) use numbering::{Leg, ParamPath, PathFn, Rays, numbered_along};
pub use schema::{At, Axis, Component, Member, MemberKind, Schema, Shape, Slot};

/// A kind of system: the value of `kind` in `[systems.NAME]`.
#[derive(Clone, Copy)]
pub struct SystemKind(&'static KindSpec);

/// The row of a kind of system.
pub(crate) struct KindSpec {
    /// The name in a scene.
    pub(crate) name: &'static str,
    /// The indefinite article of the name, `a` or `an`, for messages.
    pub(crate) article: &'static str,
    /// The keys beside `kind`.
    pub(crate) keys: &'static [KeySpec],
    /// The number of solutions of one system that are remembered: many where one is small, few where it takes
    /// megabytes.
    pub(crate) max_solutions: usize,
    /// Checks which keys are given and returns the members of a system with these keys.
    pub(crate) declare: fn(&Outline) -> Result<Schema, KeyError>,
    /// Solves a system. `declare` has accepted the keys before.
    pub(crate) solve: fn(&Keys) -> Result<Arc<dyn System>, KeyError>,
}

/// A solved system.
///
/// Values depend on the arguments alone: not on what was asked before, nor on the thread that asks.
pub trait System: fmt::Debug + Send + Sync {
    /// The members with their lengths in this solution.
    fn schema(&self) -> &Schema;

    /// The value of a component that exists according to the schema.
    ///
    /// A signal uses the time of `at`, a function the argument, a function of time both, and a constant nothing. A
    /// sequence has its value at the step with the number in the argument, which is whole, or without one at the last
    /// step that is not after the time. Real quantities have imaginary part +0. The value is NaN where the quantity does not exist.
    ///
    /// # Errors
    /// The solution does not reach this time.
    fn value(&self, component: Component, at: At) -> Result<Complex64, SystemError>;

    /// The work of a value of a component beyond that of a member of any system, in operations.
    fn cost(&self, _component: Component) -> u64 {
        0
    }

    /// The least and the largest value of a real signal, of its first and of its second derivative, for times from
    /// `from` to `to` in seconds; `None` where no bound is known. A curve with a small second derivative needs fewer
    /// samples.
    fn bounds(&self, _component: Component, _from: f64, _to: f64) -> Option<[[f64; 2]; 3]> {
        None
    }

    /// The times from the first to the second one at which a sampled system has values of its own, such as rows or steps, in
    /// increasing order; `None` for a continuous system. Rounding of an end leaves out no time.
    ///
    /// # Errors
    /// A step before the last of these times fails, or there are too many.
    fn sample_times(&self, [from, to]: [f64; 2]) -> Result<Option<Vec<f64>>, SystemError> {
        let rows = &self.schema().grid;
        let within = rows.iter().copied().filter(|row| (from..=to).contains(row));
        Ok((!rows.is_empty()).then(|| within.collect()))
    }

    /// The values of a signal at many times in seconds, in any order. `values` is as long as `times`. Each value
    /// has the bits of [`System::value`].
    ///
    /// # Errors
    /// Those of [`System::value`].
    fn sample(
        &self,
        component: Component,
        times: &[f64],
        values: &mut [Complex64],
    ) -> Result<(), SystemError> {
        for (time, value) in times.iter().zip(values) {
            *value = self.value(component, At::time(*time))?;
        }
        Ok(())
    }
}

/// An error of a solved system while it is evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemError {
    /// The key that the error is about, such as `rates.x`.
    pub key: String,
    /// The message, without a final period.
    pub message: String,
    /// The remedy.
    pub help: String,
}

/// The number of kinds.
const COUNT: usize = 10;

impl SystemKind {
    /// Every kind.
    pub const ALL: [Self; COUNT] = [
        Self(&oscillator::KIND),
        Self(&chain::KIND),
        Self(&ode::KIND),
        Self(&state_space::KIND),
        Self(&discrete::KIND),
        Self(&transfer_function::KIND),
        Self(&hippo::KIND),
        Self(&fourier_series::KIND),
        Self(&spectrum::KIND),
        Self(&data::KIND),
    ];

    /// The names of every kind, in the order of [`SystemKind::ALL`].
    pub const NAMES: [&'static str; COUNT] = {
        let mut names = [""; COUNT];
        let mut index = 0;
        while index < names.len() {
            names[index] = Self::ALL[index].0.name;
            index += 1;
        }
        names
    };

    /// The damped, driven harmonic oscillator.
    pub const OSCILLATOR: Self = Self(&oscillator::KIND);

    /// The name in a scene.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The name with its indefinite article.
    #[must_use]
    pub fn with_article(self) -> String {
        format!("{} {}", self.0.article, self.0.name)
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The keys of a system of this kind, beside `kind`.
    #[must_use]
    pub fn keys(self) -> &'static [KeySpec] {
        self.0.keys
    }

    /// The number of solutions of one system that are remembered.
    pub(crate) fn max_solutions(self) -> usize {
        self.0.max_solutions
    }

    /// The members of a system with these keys.
    ///
    /// # Errors
    /// A key is missing, excludes another one, or has a value that no system can have.
    pub fn declare(self, keys: &Outline) -> Result<Schema, KeyError> {
        (self.0.declare)(keys)
    }

    /// Solves a system whose keys [`SystemKind::declare`] has accepted.
    ///
    /// # Errors
    /// A value that the system cannot have.
    pub fn solve(self, keys: &Keys) -> Result<Arc<dyn System>, KeyError> {
        (self.0.solve)(keys)
    }
}

impl PartialEq for SystemKind {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for SystemKind {}

impl PartialOrd for SystemKind {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SystemKind {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name().cmp(other.name())
    }
}

impl fmt::Debug for SystemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl SystemError {
    /// An error about a key.
    #[must_use]
    pub fn new(key: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { key: key.into(), message: message.into(), help: help.into() }
    }

    /// The error for work beyond a limit because of a key.
    #[must_use]
    pub(crate) fn too_much_work(key: &str, limit: WorkLimit) -> Self {
        Self::new(key, limit.to_string(), limit.help())
    }
}

impl fmt::Display for SystemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.message, self.help)
    }
}

impl std::error::Error for SystemError {}
