//! Motion of dynamical systems in closed form. This module knows no scenes and no pixels.
//!
//! Solving a system gives a [`Trajectory`]. Its signals are formulas in `t`, so they can be evaluated at
//! any times in any order, without time stepping and without accumulated error. All quantities are in SI
//! units: meters, seconds, kilograms, newtons, joules, radians.

pub mod oscillator;

use num_complex::Complex64;

/// The solved motion of one system of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Trajectory {
    /// The damped, driven harmonic oscillator.
    Oscillator(oscillator::Oscillator),
}

/// A time-dependent quantity of a system, tagged with the kind of system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemSignal {
    /// A signal of an oscillator.
    Oscillator(oscillator::OscillatorSignal),
}

/// A time-independent quantity of a solved system, tagged with the kind of system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemConstant {
    /// A constant of an oscillator.
    Oscillator(oscillator::OscillatorConstant),
}

impl Trajectory {
    /// The value of a signal at `t` seconds. Real quantities have imaginary part 0.
    ///
    /// The value is NaN where the quantity does not exist, such as the envelope of an overdamped motion.
    #[must_use]
    pub fn signal(&self, signal: SystemSignal, t: f64) -> Complex64 {
        match (self, signal) {
            (Self::Oscillator(motion), SystemSignal::Oscillator(signal)) => motion.signal(signal, t),
        }
    }

    /// The value of a constant. Real quantities have imaginary part 0.
    ///
    /// The value is NaN where the quantity does not exist, such as the period of an overdamped motion.
    #[must_use]
    pub fn constant(&self, constant: SystemConstant) -> Complex64 {
        match (self, constant) {
            (Self::Oscillator(motion), SystemConstant::Oscillator(constant)) => motion.constant(constant),
        }
    }
}
