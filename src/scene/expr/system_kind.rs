//! The kinds of systems, and what the members of each are called.

use crate::solver::oscillator::{OscillatorConstant, OscillatorSignal};
use crate::solver::{SystemConstant, SystemSignal};

/// A kind of system: `[systems.NAME] kind = …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SystemKind {
    /// The damped, driven harmonic oscillator.
    Oscillator,
}

impl SystemKind {
    /// Every kind.
    pub const ALL: [Self; 1] = [Self::Oscillator];

    /// As a scene writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Oscillator => "oscillator",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The quantity over time of that name: `x` of `osc.x`.
    #[must_use]
    pub fn signal(self, name: &str) -> Option<SystemSignal> {
        match self {
            Self::Oscillator => OscillatorSignal::from_name(name).map(SystemSignal::Oscillator),
        }
    }

    /// The constant of that name: `period` of `osc.period`.
    #[must_use]
    pub fn constant(self, name: &str) -> Option<SystemConstant> {
        match self {
            Self::Oscillator => OscillatorConstant::from_name(name).map(SystemConstant::Oscillator),
        }
    }

    /// The names of all quantities over time, and whether each is complex.
    pub fn signals(self) -> impl Iterator<Item = (&'static str, bool)> {
        match self {
            Self::Oscillator => {
                OscillatorSignal::ALL.iter().map(|signal| (signal.name(), signal.is_complex()))
            }
        }
    }

    /// The names of all signals, then of all constants.
    pub fn members(self) -> impl Iterator<Item = &'static str> {
        match self {
            Self::Oscillator => OscillatorSignal::ALL
                .iter()
                .map(|signal| signal.name())
                .chain(OscillatorConstant::ALL.iter().map(|constant| constant.name())),
        }
    }
}
