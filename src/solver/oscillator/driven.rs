//! What a harmonic force adds to the motion, resonance included.
//!
//! With p = jω and f̂ = (F/m)·exp(jφ), the motion out of rest is Re f̂·X(t), where X is the second divided
//! difference of exp(st) at the nodes p, r₁, r₂. The textbook's steady state minus transient is the same
//! number, but near resonance it subtracts two huge ones. Newton's recurrence with the close pair (p, r₁)
//! first does not: X = (D − h)/(p − r₂), D = exp(pt)·(exp(qt) − 1)/q, q = r₁ − p, which at q = 0 becomes
//! t·exp(pt). The far root r₂ is never nearer to p than about ω₀, so nothing else can cancel.

use num_complex::Complex64;

use super::modes::{FundamentalSolutions, Modes};
use super::parameters::Drive;

/// A drive and what can be known of its effect beforehand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DrivenMotion {
    drive: Drive,
    /// f̂, the complex acceleration at t = 0.
    push: Complex64,
    /// f̂/(p − r₂), which turns D − h into the displacement.
    gain: Complex64,
    /// q and 1/q; none at undamped resonance.
    detuning: Option<[Complex64; 2]>,
}

/// Displacement and its two derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Response {
    pub(super) x: f64,
    pub(super) v: f64,
    pub(super) a: f64,
}

impl DrivenMotion {
    /// A checked drive on a mass with these modes.
    pub(super) fn new(drive: Drive, mass: f64, modes: &Modes) -> Self {
        let p = Complex64::new(0.0, drive.omega);
        let push = cis(drive.phase) * (drive.amplitude / mass);
        let gain = push * reciprocal(p - modes.roots.second());
        let q = modes.roots.first() - p;
        let inverse = reciprocal(q);
        // A q whose reciprocal overflows moves nothing within any finite time: that is resonance, too.
        let detuning = (inverse.re.is_finite() && inverse.im.is_finite()).then_some([q, inverse]);
        Self { drive, push, gain, detuning }
    }

    /// The force in newtons, a phasor whose real part acts.
    pub(super) fn force(&self, t: f64) -> Complex64 {
        cis(self.drive.phase) * self.rotation(t) * self.drive.amplitude
    }

    /// The motion out of rest at `t` seconds, given the free motions at that time.
    ///
    /// The derivatives follow from s/(s − p) = 1 + p/(s − p) in the Laplace domain: X′ = pX + h.
    pub(super) fn response(&self, t: f64, free: &FundamentalSolutions) -> Response {
        let omega = self.drive.omega;
        let FundamentalSolutions { impulse, impulse_rate, .. } = *free;
        let displacement = self.gain * (self.divided_difference(t) - impulse);
        let push = self.push;
        Response {
            x: displacement.re,
            v: push.re * impulse - omega * displacement.im,
            a: push.re * impulse_rate - omega * (push.im * impulse + omega * displacement.re),
        }
    }

    /// f̂·D/(p − r₂): the steady phasor minus one that starts as its equal and moves freely, exp(r₁t).
    pub(super) fn beat(&self, t: f64) -> Complex64 {
        self.gain * self.divided_difference(t)
    }

    /// Re f̂/(p − r₂), the part of the gain that answers to the impulse response alone.
    pub(super) fn impulse_coefficient(&self) -> f64 {
        self.gain.re
    }

    /// The steady phasor at t = 0, f̂/((p − r₁)(p − r₂)); none at undamped resonance, which never settles.
    pub(super) fn steady_phasor(&self) -> Option<Complex64> {
        self.detuning.map(|[_, inverse]| -self.gain * inverse)
    }

    /// exp(jωt).
    pub(super) fn rotation(&self, t: f64) -> Complex64 {
        cis(self.drive.omega * t)
    }

    /// D(t) = (exp(pt) − exp(r₁t))/(p − r₁).
    fn divided_difference(&self, t: f64) -> Complex64 {
        let elapsed = match self.detuning {
            Some([q, inverse]) => exp_m1(q * t) * inverse,
            None => Complex64::new(t, 0.0),
        };
        self.rotation(t) * elapsed
    }
}

/// exp(jθ).
fn cis(theta: f64) -> Complex64 {
    let (sin, cos) = libm::sincos(theta);
    Complex64::new(cos, sin)
}

/// exp(z) − 1, exact to a few units in the last place of its absolute value also where z is small.
///
/// Its real part exp(a)·cos b − 1 is written as (exp(a) − 1) − exp(a)·2sin²(b/2), which for a ≤ 0 adds
/// numbers of one sign.
fn exp_m1(z: Complex64) -> Complex64 {
    let growth = libm::expm1(z.re);
    let scale = 1.0 + growth;
    let (sin, cos) = libm::sincos(0.5 * z.im);
    Complex64::new(growth - scale * (2.0 * sin * sin), scale * (2.0 * sin * cos))
}

/// 1/z, without the overflow and underflow of |z|²; not finite at 0.
fn reciprocal(z: Complex64) -> Complex64 {
    let size = libm::hypot(z.re, z.im);
    Complex64::new(z.re / size / size, -z.im / size / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_exponential_keeps_its_digits() {
        let z = Complex64::new(-3e-11, 4e-11);
        let series = z * (1.0 + 0.5 * z * (1.0 + z / 3.0));
        assert!((exp_m1(z) - series).norm() <= 4.0 * f64::EPSILON * z.norm());
    }

    #[test]
    fn a_large_exponential_is_the_ordinary_one() {
        for z in [Complex64::new(-2.0, 3.0), Complex64::new(-900.0, 1.0), Complex64::new(1.5, -40.0)] {
            let plain = z.exp() - 1.0;
            assert!((exp_m1(z) - plain).norm() <= 8.0 * f64::EPSILON * plain.norm(), "{z}");
        }
    }

    #[test]
    fn reciprocals_reach_where_squares_do_not() {
        for size in [1e-300, 1.0, 1e300] {
            let z = Complex64::new(0.6, -0.8) * size;
            assert!((reciprocal(z) * z - 1.0).norm() < 4.0 * f64::EPSILON, "{size:e}");
        }
        assert!(!reciprocal(Complex64::ZERO).re.is_finite());
    }
}
