//! The kinds of systems and the names of their members.
//!
//! A member is a signal, which changes with time, or a constant. Expressions write it `system.member`.

use crate::solver::oscillator::{OscillatorConstant, OscillatorSignal};
use crate::solver::{SystemConstant, SystemSignal};

/// A kind of system, the value of `kind` in `[systems.NAME]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SystemKind {
    /// The damped, driven harmonic oscillator.
    Oscillator,
}

impl SystemKind {
    /// Every kind.
    pub const ALL: [Self; 1] = [Self::Oscillator];

    /// The name in a scene.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Oscillator => "oscillator",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The signal with this name, such as `x` in `osc.x`.
    #[must_use]
    pub fn signal(self, name: &str) -> Option<SystemSignal> {
        match self {
            Self::Oscillator => OscillatorSignal::from_name(name).map(SystemSignal::Oscillator),
        }
    }

    /// The constant with this name, such as `period` in `osc.period`.
    #[must_use]
    pub fn constant(self, name: &str) -> Option<SystemConstant> {
        match self {
            Self::Oscillator => OscillatorConstant::from_name(name).map(SystemConstant::Oscillator),
        }
    }

    /// The name of every signal, and whether the signal is complex.
    pub fn signals(self) -> impl Iterator<Item = (&'static str, bool)> {
        match self {
            Self::Oscillator => {
                OscillatorSignal::ALL.iter().map(|signal| (signal.name(), signal.is_complex()))
            }
        }
    }

    /// The names of all signals, followed by the names of all constants.
    pub fn members(self) -> impl Iterator<Item = &'static str> {
        match self {
            Self::Oscillator => OscillatorSignal::ALL
                .iter()
                .map(|signal| signal.name())
                .chain(OscillatorConstant::ALL.iter().map(|constant| constant.name())),
        }
    }
}
