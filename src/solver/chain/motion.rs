//! The amplitude of one mode over time.
//!
//! q″ + 2γ·q′ + ω²·q = 0 with γ = ½·β·ω², where β is the ratio of damping to stiffness.

use crate::solver::wide::Wide;

/// The motion of one amplitude.
#[derive(Clone, Copy, Debug)]
pub(super) enum ModeMotion {
    /// q = exp(−γt)·(cosine·cos wt + sine·sin wt), q′ with the other two factors in their place.
    Oscillating { decay: f64, w: Wide, q: [f64; 2], rate: [f64; 2] },
    /// q = exp(r₁t)·(q₀ + g·(1 − exp(−2δt))/2δ), where r₁ = −γ + δ and g = v₀ − r₁·q₀. In the limit δ → 0 the
    /// fraction is t; without stiffness this is the uniform drift.
    Creeping { slow: f64, delta: f64, q0: f64, g: f64 },
}

impl ModeMotion {
    /// The motion of a mode with this ω², from the amplitude `q0` and its rate `v0`.
    pub(super) fn new(square: Wide, ratio: f64, q0: f64, v0: f64) -> Self {
        let decay = 0.5 * ratio * square.high;
        let under = square.plus(Wide::product(decay, -decay));
        if under.high > 0.0 {
            let w = under.sqrt();
            let sine = (v0 + decay * q0) / w.high;
            let rate = [v0, -(w.high * q0 + decay * sine)];
            return Self::Oscillating { decay, w, q: [q0, sine], rate };
        }
        let delta = (-under.high).sqrt();
        // −γ + δ without cancellation.
        let slow = if decay == 0.0 { 0.0 } else { -square.high / (decay + delta) };
        Self::Creeping { slow, delta, q0, g: v0 - slow * q0 }
    }

    /// The amplitude and its rate at `t` seconds.
    pub(super) fn at(&self, t: f64) -> (f64, f64) {
        match self {
            Self::Oscillating { decay, w, q, rate } => {
                let (sin, cos) = sin_cos(w.times(t));
                let size = if *decay == 0.0 { 1.0 } else { libm::exp(-decay * t) };
                (size * (q[0] * cos + q[1] * sin), size * (rate[0] * cos + rate[1] * sin))
            }
            Self::Creeping { slow, delta, q0, g } => {
                let size = libm::exp(slow * t);
                let grown = if *delta == 0.0 { t } else { -libm::expm1(-2.0 * delta * t) / (2.0 * delta) };
                let q = size * (q0 + g * grown);
                (q, slow * q + g * libm::exp((slow - 2.0 * delta) * t))
            }
        }
    }
}

/// The sine and the cosine of an angle whose low part is small.
fn sin_cos(angle: Wide) -> (f64, f64) {
    let (sin, cos) = libm::sincos(angle.high);
    (sin + angle.low * cos, cos - angle.low * sin)
}
