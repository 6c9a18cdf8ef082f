//! Motion of dynamical systems in closed form. This module knows no scenes and no pixels.
//!
//! Solving a system gives a [`Trajectory`]. Its signals are formulas in `t`, so they can be evaluated at
//! any times in any order, without time stepping and without accumulated error. All quantities are in SI
//! units: meters, seconds, kilograms, newtons, joules, radians.

pub mod oscillator;
