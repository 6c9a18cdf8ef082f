//! Motion of dynamical systems. This module knows no scenes and no pixels.
//!
//! [`ode`] integrates and [`data`] interpolates samples; all other modules are exact but for rounding. In each of them a
//! value at a time or at a step depends on that alone, not on what was asked before. Quantities are in SI units where they
//! have any: meters, seconds, kilograms, newtons, joules, radians.

pub mod chain;
pub mod data;
pub mod discrete;
pub mod fourier_series;
pub mod hippo;
mod legendre;
pub mod ode;
pub mod oscillator;
mod recent;
pub mod spectrum;
pub mod state_space;
pub mod tracking;
pub mod transfer_function;
mod wide;
