//! Motion of dynamical systems. This module knows no scenes and no pixels.
//!
//! [`oscillator`] and [`state_space`] are exact, [`data`] interpolates samples, and [`ode`] integrates. In each of
//! them a value at a time depends on that time alone, not on what was asked before. Quantities are in SI units where
//! they have any: meters, seconds, kilograms, newtons, joules, radians.

pub mod data;
pub mod ode;
pub mod oscillator;
pub mod state_space;
