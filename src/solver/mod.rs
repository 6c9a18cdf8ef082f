//! Motion in closed form; knows no pixels.
//!
//! A system is solved once into a [`Trajectory`]; asking it for a [`SystemSignal`] at a time, in any order and
//! at any spacing, is then the evaluation of a formula. Nothing is stepped, so nothing drifts. All
//! quantities are SI: metres, seconds, kilograms, newtons, joules, radians.

pub mod oscillator;

use num_complex::Complex64;

/// A solved motion of any system.
#[derive(Clone, Debug, PartialEq)]
pub enum Trajectory {
    /// The damped, driven harmonic oscillator.
    Oscillator(oscillator::Oscillator),
}

/// A quantity that a system shows over time, by the kind of system that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemSignal {
    /// One of an oscillator's.
    Oscillator(oscillator::OscillatorSignal),
}

/// A quantity that characterises a solved system, by the kind of system that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemConstant {
    /// One of an oscillator's.
    Oscillator(oscillator::OscillatorConstant),
}

impl Trajectory {
    /// The value of a signal at `t` seconds; real quantities have the imaginary part 0.
    ///
    /// NaN where the quantity does not exist (the envelope of a motion that does not turn).
    #[must_use]
    pub fn signal(&self, signal: SystemSignal, t: f64) -> Complex64 {
        match (self, signal) {
            (Self::Oscillator(motion), SystemSignal::Oscillator(signal)) => motion.signal(signal, t),
        }
    }

    /// The value of a constant; real quantities have the imaginary part 0.
    ///
    /// NaN where the quantity does not exist (the period of a motion that does not turn).
    #[must_use]
    pub fn constant(&self, constant: SystemConstant) -> Complex64 {
        match (self, constant) {
            (Self::Oscillator(motion), SystemConstant::Oscillator(constant)) => motion.constant(constant),
        }
    }
}
