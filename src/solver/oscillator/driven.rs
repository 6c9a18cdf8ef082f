//! The response to a harmonic force from rest, resonance included.
//!
//! With p = jω and f̂ = (F/m)·exp(jφ), the response is x = Re f̂·X(t), where X is the second divided
//! difference of exp(st) at the nodes p, r₁, r₂. The textbook form, steady state minus transient, equals
//! that number but near resonance subtracts two huge ones. Newton's recurrence that takes the close pair
//! (p, r₁) first does not: X = (D − h)/(p − r₂) with D = exp(pt)·(exp(qt) − 1)/q and q = r₁ − p, which at
//! q = 0 becomes t·exp(pt). The root r₂ is never nearer to p than about ω₀, so nothing else can cancel.

use num_complex::Complex64;

use super::State;
use super::modes::{FundamentalSolutions, Modes};
use super::parameters::Drive;

/// A drive acting on an oscillator, with the coefficients that do not depend on time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DrivenMotion {
    drive: Drive,
    /// f̂, the phasor of the force divided by the mass at t = 0, meters per second squared.
    acceleration: Complex64,
    /// f̂/(p − r₂), the factor from D − h to the displacement.
    gain: Complex64,
    /// None at undamped resonance.
    detuning: Option<Detuning>,
}

/// The distance between the drive's frequency and the nearer characteristic root.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Detuning {
    /// q = r₁ − p.
    q: Complex64,
    /// 1/q.
    reciprocal: Complex64,
}

impl DrivenMotion {
    /// The response of an oscillator with these modes. The drive is already checked.
    pub(super) fn new(drive: Drive, mass: f64, modes: &Modes) -> Self {
        let p = Complex64::new(0.0, drive.omega);
        let acceleration = cis(drive.phase) * (drive.amplitude / mass);
        let gain = acceleration * reciprocal(p - modes.roots.second());
        let q = modes.roots.first() - p;
        let inverse = reciprocal(q);
        // Where 1/q overflows, q makes no difference within any finite time: that is resonance, too.
        let is_finite = inverse.re.is_finite() && inverse.im.is_finite();
        let detuning = is_finite.then_some(Detuning { q, reciprocal: inverse });
        Self { drive, acceleration, gain, detuning }
    }

    /// ω, radians per second.
    pub(super) fn omega(&self) -> f64 {
        self.drive.omega
    }

    /// |F|, newtons.
    pub(super) fn force_amplitude(&self) -> f64 {
        self.drive.amplitude.abs()
    }

    /// The force at `t` seconds in newtons, as a phasor; its real part acts on the mass.
    pub(super) fn force(&self, t: f64) -> Complex64 {
        cis(self.drive.phase) * self.rotation(t) * self.drive.amplitude
    }

    /// The motion from rest at `t` seconds, given the fundamental solutions at the same time.
    ///
    /// The derivatives follow from s/(s − p) = 1 + p/(s − p) in the Laplace domain: X′ = pX + h.
    pub(super) fn response(&self, t: f64, free: &FundamentalSolutions) -> State {
        let omega = self.drive.omega;
        let FundamentalSolutions { impulse, impulse_rate, .. } = *free;
        let displacement = self.displacement(t, free);
        let force = self.acceleration;
        State {
            x: displacement.re,
            v: force.re * impulse - omega * displacement.im,
            a: force.re * impulse_rate - omega * (force.im * impulse + omega * displacement.re),
        }
    }

    /// The phasor whose real part is the displacement from rest at `t` seconds, meters.
    pub(super) fn displacement(&self, t: f64, free: &FundamentalSolutions) -> Complex64 {
        self.gain * (self.divided_difference(t) - free.impulse)
    }

    /// f̂·D/(p − r₂) at `t` seconds: the steady phasor minus a free motion exp(r₁t) of equal initial value.
    ///
    /// Near resonance the two beat against each other; at resonance this is the finite limit.
    pub(super) fn beat(&self, t: f64) -> Complex64 {
        self.gain * self.divided_difference(t)
    }

    /// Re f̂/(p − r₂): minus the coefficient of the impulse response h in the displacement.
    pub(super) fn impulse_coefficient(&self) -> f64 {
        self.gain.re
    }

    /// The steady phasor at t = 0, f̂/((p − r₁)(p − r₂)), meters.
    ///
    /// None at undamped resonance, which has no steady state.
    pub(super) fn steady_phasor(&self) -> Option<Complex64> {
        self.detuning.map(|detuning| -self.gain * detuning.reciprocal)
    }

    /// exp(jωt).
    pub(super) fn rotation(&self, t: f64) -> Complex64 {
        cis(self.drive.omega * t)
    }

    /// D(t) = (exp(pt) − exp(r₁t))/(p − r₁).
    fn divided_difference(&self, t: f64) -> Complex64 {
        let quotient = match self.detuning {
            Some(Detuning { q, reciprocal }) => exp_m1(q * t) * reciprocal,
            None => Complex64::new(t, 0.0),
        };
        self.rotation(t) * quotient
    }
}

/// exp(jθ).
fn cis(theta: f64) -> Complex64 {
    let (sin, cos) = libm::sincos(theta);
    Complex64::new(cos, sin)
}

/// exp(z) − 1, accurate to a few units in the last place of its absolute value even for small z.
///
/// The real part exp(a)·cos b − 1 is written as (exp(a) − 1) − exp(a)·2sin²(b/2), which for a ≤ 0 adds
/// numbers of equal sign.
fn exp_m1(z: Complex64) -> Complex64 {
    let growth = libm::expm1(z.re);
    let scale = 1.0 + growth;
    let (sin, cos) = libm::sincos(0.5 * z.im);
    Complex64::new(growth - scale * (2.0 * sin * sin), scale * (2.0 * sin * cos))
}

/// 1/z without the overflow and underflow of |z|². The result is not finite for z = 0.
fn reciprocal(z: Complex64) -> Complex64 {
    let size = libm::hypot(z.re, z.im);
    Complex64::new(z.re / size / size, -z.im / size / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_m1_keeps_its_digits_for_small_arguments() {
        let z = Complex64::new(-3e-11, 4e-11);
        let series = z * (1.0 + 0.5 * z * (1.0 + z / 3.0));
        assert!((exp_m1(z) - series).norm() <= 4.0 * f64::EPSILON * z.norm());
    }

    #[test]
    fn exp_m1_agrees_with_exp_for_large_arguments() {
        for z in [Complex64::new(-2.0, 3.0), Complex64::new(-900.0, 1.0), Complex64::new(1.5, -40.0)] {
            let plain = z.exp() - 1.0;
            assert!((exp_m1(z) - plain).norm() <= 8.0 * f64::EPSILON * plain.norm(), "{z}");
        }
    }

    #[test]
    fn reciprocals_are_finite_where_squares_overflow_or_underflow() {
        for size in [1e-300, 1.0, 1e300] {
            let z = Complex64::new(0.6, -0.8) * size;
            assert!((reciprocal(z) * z - 1.0).norm() < 4.0 * f64::EPSILON, "{size:e}");
        }
        assert!(!reciprocal(Complex64::ZERO).re.is_finite());
    }
}
