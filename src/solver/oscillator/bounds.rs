//! Bounds on the signals of an oscillator and on their first two derivatives over a range of time.
//!
//! The motion is a sum of exponentials, a transient and a steady part. A term c·exp(rt) with Re r ≤ 0 is largest at
//! the beginning of the range, and each derivative multiplies its bound by |r|. The bounds of the terms add up. They
//! are loose where large terms cancel, such as near critical damping and near resonance.

use num_complex::Complex64;

use super::modes::Roots;
use super::{Oscillator, OscillatorSignal};

/// A bound is enlarged by this share, which covers the rounding of its own computation.
const MARGIN: f64 = 1e-9;

/// The least and the largest value of a quantity, of its first and of its second derivative.
pub type SignalBounds = [[f64; 2]; 3];

/// Bounds on the magnitudes of x and of its first four derivatives.
type Magnitudes = [f64; 5];

impl Oscillator {
    /// Bounds on a signal and its first two derivatives for times from `from` to `to`, in seconds; `None` where no
    /// bound is known. The phasor is complex and has none.
    #[must_use]
    pub fn bounds(&self, signal: OscillatorSignal, from: f64, to: f64) -> Option<SignalBounds> {
        let around_zero = |magnitudes: [f64; 3]| Some(magnitudes.map(|m| [-m, m]));
        let bounds = match signal {
            OscillatorSignal::Envelope => self.envelope_bounds(from, to),
            OscillatorSignal::Z => None,
            OscillatorSignal::DriveForce => {
                let force = self.driven.map_or(0.0, |driven| driven.force_amplitude());
                let omega = self.driven.map_or(0.0, |driven| driven.omega());
                around_zero([force, force * omega, force * omega * omega])
            }
            _ => {
                let m = self.magnitudes(from, to)?;
                let Self { mass, stiffness, damping, .. } = *self;
                let kinetic = square_bounds(0.5 * mass, [m[1], m[2], m[3]]);
                let potential = square_bounds(0.5 * stiffness, [m[0], m[1], m[2]]);
                match signal {
                    OscillatorSignal::X => around_zero([m[0], m[1], m[2]]),
                    OscillatorSignal::V => around_zero([m[1], m[2], m[3]]),
                    OscillatorSignal::A => around_zero([m[2], m[3], m[4]]),
                    OscillatorSignal::SpringForce => around_zero([m[0], m[1], m[2]].map(|m| stiffness * m)),
                    OscillatorSignal::DampingForce => around_zero([m[1], m[2], m[3]].map(|m| damping * m)),
                    OscillatorSignal::Kinetic => Some(kinetic),
                    OscillatorSignal::Potential => Some(potential),
                    OscillatorSignal::Energy => Some(sum(kinetic, potential)),
                    OscillatorSignal::Envelope | OscillatorSignal::Z | OscillatorSignal::DriveForce => None,
                }
            }
        };
        bounds.filter(|bounds| bounds.iter().flatten().all(|end| end.is_finite()))
    }

    /// Bounds on the magnitudes of x and of its first four derivatives.
    fn magnitudes(&self, from: f64, to: f64) -> Option<Magnitudes> {
        let mut bounds = [0.0; 5];
        let mut add = |coefficient: f64, rate: f64| {
            let mut term = coefficient * (1.0 + MARGIN);
            for bound in &mut bounds {
                *bound += term;
                term *= rate;
            }
        };
        let steady = self.driven.and_then(|driven| driven.steady_phasor());
        match self.modes.roots {
            Roots::Complex { decay, .. } => {
                // Undamped resonance has no steady part; its motion grows with t.
                if self.driven.is_some() && steady.is_none() {
                    return None;
                }
                add(self.phasors.amplitude() * libm::exp(-decay * from), self.modes.omega0);
            }
            Roots::Real { slow, fast, gap } => {
                let start = steady.unwrap_or(Complex64::ZERO);
                let omega = self.driven.map_or(0.0, |driven| driven.omega());
                // The steady part takes Re s of the displacement and Re jωs of the velocity at t = 0.
                let (x0, v0) = (self.x0 - start.re, self.v0 + omega * start.im);
                add(((v0 - fast * x0) / gap).abs() * libm::exp(slow * from), slow.abs());
                add(((slow * x0 - v0) / gap).abs() * libm::exp(fast * from), fast.abs());
            }
        }
        if let (Some(driven), Some(steady)) = (self.driven, steady) {
            add(libm::hypot(steady.re, steady.im), driven.omega());
        }
        (from <= to).then_some(bounds)
    }

    /// Bounds on the envelope, whose derivatives are monotone.
    fn envelope_bounds(&self, from: f64, to: f64) -> Option<SignalBounds> {
        let Roots::Complex { decay, .. } = self.modes.roots else { return None };
        let [first, last] = [from, to].map(|t| self.envelope(t));
        let value = [last * (1.0 - MARGIN), first * (1.0 + MARGIN)];
        Some([value, [-decay * value[1], -decay * value[0]], value.map(|value| decay * decay * value)])
    }
}

/// Bounds on `factor`·q² and its derivatives, given bounds on the magnitudes of q, q′ and q″.
fn square_bounds(factor: f64, [q, q1, q2]: [f64; 3]) -> SignalBounds {
    let first = 2.0 * factor * q * q1;
    let second = 2.0 * factor * (q1 * q1 + q * q2);
    [[0.0, factor * q * q], [-first, first], [-second, second]]
}

fn sum(a: SignalBounds, b: SignalBounds) -> SignalBounds {
    std::array::from_fn(|order| std::array::from_fn(|end| a[order][end] + b[order][end]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solver::oscillator::{Damping, Drive, Parameters, Rates};

    fn motions() -> Vec<Oscillator> {
        let drive = Drive { amplitude: 0.7, omega: 2.6, phase: 0.4 };
        let mut motions = Vec::new();
        for zeta in [0.0, 0.05, 0.7, 0.99, 1.01, 3.0] {
            for drive in [None, Some(drive)] {
                let rates = Rates::Angular { omega0: 2.0, damping: Damping::Zeta(zeta) };
                let parameters = Parameters { mass: 1.5, rates, x0: 0.8, v0: -1.1, drive };
                motions.push(Oscillator::new(parameters).expect("a motion"));
            }
        }
        motions
    }

    #[test]
    fn signals_and_their_derivatives_stay_within_their_bounds() {
        for motion in motions() {
            for signal in OscillatorSignal::ALL {
                for [from, to] in [[0.0, 0.5], [1.0, 9.0], [-0.5, 0.1]] {
                    let Some(bounds) = motion.bounds(signal, from, to) else { continue };
                    let h = 1e-4;
                    for k in 0..=40 {
                        let t = from + h + (to - from - 2.0 * h) * f64::from(k) / 40.0;
                        let [before, here, after] = [t - h, t, t + h].map(|t| motion.signal(signal, t).re);
                        let found =
                            [here, (after - before) / (2.0 * h), (after - 2.0 * here + before) / (h * h)];
                        for ((found, [low, high]), slack) in
                            found.into_iter().zip(bounds).zip([1e-12, 1e-5, 1e-4])
                        {
                            let slack = slack * (1.0 + high.abs());
                            assert!(
                                found >= low - slack && found <= high + slack,
                                "{signal:?} at {t}: {found}, {low}..{high}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn every_real_signal_below_critical_damping_has_bounds() {
        for motion in motions().into_iter().take(6) {
            for signal in OscillatorSignal::ALL {
                assert_eq!(
                    motion.bounds(signal, 0.0, 5.0).is_some(),
                    signal != OscillatorSignal::Z,
                    "{signal:?}"
                );
            }
        }
    }

    #[test]
    fn undamped_resonance_and_critical_damping_have_no_bounds() {
        let drive = Drive { amplitude: 1.0, omega: 2.0, phase: 0.0 };
        for (zeta, drive) in [(0.0, Some(drive)), (1.0, None)] {
            let rates = Rates::Angular { omega0: 2.0, damping: Damping::Zeta(zeta) };
            let motion =
                Oscillator::new(Parameters { mass: 1.0, rates, x0: 1.0, v0: 0.5, drive }).expect("a motion");
            assert_eq!(motion.bounds(OscillatorSignal::X, 0.0, 1.0), None);
        }
    }
}
