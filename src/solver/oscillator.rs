//! The damped, driven harmonic oscillator m·x″ + b·x′ + k·x = F·cos(ωt + φ), solved exactly.
//!
//! Every motion is x0 and v0 times the two fundamental solutions of the free equation (`modes`) plus the
//! response to the drive from rest (`driven`). One formula covers all damping regimes, critical damping and
//! resonance included. x is positive where the spring is stretched; units are SI.
//!
//! Accuracy for t ≥ 0: the error of x stays below 8ε·(1 + ω*t)·S, and that of v below ω* times that bound,
//! where ω* = max(ω₀, ω) and S = |x0| + |v0|/ω₀ + min(steady amplitude, F·t/(2mω₀)).
//! tests/library/oscillator.rs checks this bound for ω*t up to 10⁴.

mod bounds;
mod driven;
mod modes;
mod parameters;
mod quantities;

use std::f64::consts::TAU;

use num_complex::Complex64;

pub use bounds::SignalBounds;
use driven::DrivenMotion;
use modes::{Modes, Roots};
pub use parameters::{Damping, Drive, ParameterError, ParameterErrorKind, Parameters, Rates};
pub use quantities::{OscillatorConstant, OscillatorSignal};

/// A solved oscillator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oscillator {
    /// m, kilograms.
    mass: f64,
    /// k, newtons per meter.
    stiffness: f64,
    /// b, newton-seconds per meter.
    damping: f64,
    /// Displacement at t = 0, meters.
    x0: f64,
    /// Velocity at t = 0, meters per second.
    v0: f64,
    modes: Modes,
    driven: Option<DrivenMotion>,
    phasors: FreePhasors,
}

/// Displacement, velocity and acceleration of the mass at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// Displacement, meters.
    pub x: f64,
    /// Velocity, meters per second.
    pub v: f64,
    /// Acceleration, meters per second squared.
    pub a: f64,
}

/// Coefficients of exp(r₁t) in the phasor `z`, in meters, for the two ways of writing the driven part.
///
/// Both are NaN at and above critical damping, where r₁ is real and `z` has no rotating free part.
#[derive(Clone, Copy, Debug, PartialEq)]
struct FreePhasors {
    /// The coefficient in z = `beside_beat`·exp(r₁t) + [`beat`](DrivenMotion::beat)(t). It stays finite
    /// through resonance.
    beside_beat: Complex64,
    /// The coefficient c·exp(−jφ) in z = `transient`·exp(r₁t) + steady·exp(jωt), the textbook form.
    transient: Complex64,
}

impl Oscillator {
    /// Solves the equation of motion for these parameters.
    ///
    /// # Errors
    /// Returns the first parameter that is not finite, has the wrong sign, or is so large (above 1e75) or
    /// so small (below 1e-75) that its powers would overflow or underflow.
    pub fn new(parameters: Parameters) -> Result<Self, ParameterError> {
        parameters.check()?;
        let Parameters { mass, rates, x0, v0, drive } = parameters;
        let modes = Modes::new(mass, rates);
        let (stiffness, damping) = match rates {
            Rates::Mechanical { stiffness, damping } => (stiffness, damping),
            Rates::Angular { .. } => (mass * modes.omega0_squared, mass * modes.gamma),
        };
        let driven = drive.map(|drive| DrivenMotion::new(drive, mass, &modes));
        let phasors = FreePhasors::new(x0, v0, modes.roots, driven.as_ref());
        Ok(Self { mass, stiffness, damping, x0, v0, modes, driven, phasors })
    }

    /// Displacement, velocity and acceleration at `t` seconds.
    ///
    /// Negative times continue the same motion backwards, where damped motion grows and finally overflows.
    #[must_use]
    pub fn state(&self, t: f64) -> State {
        let Self { x0, v0, modes, .. } = *self;
        let free = modes.fundamental_solutions(t);
        let spring = modes.omega0_squared * free.impulse;
        // Velocity obeys the same free equation as displacement, with initial value v0 and initial rate a0.
        let a0 = -(modes.gamma * v0 + modes.omega0_squared * x0);
        let mut state = State {
            x: x0 * free.release + v0 * free.impulse,
            v: v0 * free.impulse_rate - x0 * spring,
            a: a0 * free.impulse_rate - v0 * spring,
        };
        if let Some(driven) = &self.driven {
            let response = driven.response(t, &free);
            state.x += response.x;
            state.v += response.v;
            state.a += response.a;
        }
        state
    }

    /// Displacement at `t` seconds, meters: the x of [`Oscillator::state`], at less cost.
    fn displacement(&self, t: f64) -> f64 {
        let free = self.modes.fundamental_solutions(t);
        let x = self.x0 * free.release + self.v0 * free.impulse;
        self.driven.map_or(x, |driven| x + driven.displacement(t, &free).re)
    }

    /// The phasor `z`, in meters, whose real part is exactly x.
    ///
    /// For free motion z is c·exp(j(ω₀t − φ)) without damping and c·exp(−γt/2)·exp(j(ωᵤ·t − φ)) when
    /// underdamped; at and above critical damping its imaginary part is 0. A drive adds its steady phasor
    /// A·exp(j(ωt + φ − δ)); at undamped resonance z is the limit of that sum.
    #[must_use]
    pub fn phasor(&self, t: f64) -> Complex64 {
        let im = match self.modes.roots {
            Roots::Complex { decay, omega_u } => {
                let (sin, cos) = libm::sincos(omega_u * t);
                let coefficient = self.phasors.beside_beat;
                let free = libm::exp(-decay * t) * (coefficient.re * sin + coefficient.im * cos);
                free + self.driven.map_or(0.0, |driven| driven.beat(t).im)
            }
            Roots::Real { .. } => self
                .driven
                .and_then(|driven| Some((driven.steady_phasor()? * driven.rotation(t)).im))
                .unwrap_or(0.0),
        };
        Complex64::new(self.displacement(t), im)
    }

    /// The envelope c·exp(−γt/2) of free motion, meters; NaN at and above critical damping.
    ///
    /// With a drive it is the envelope of the transient alone: an upper bound on |x − steady state|.
    #[must_use]
    pub fn envelope(&self, t: f64) -> f64 {
        match self.modes.roots {
            Roots::Complex { decay, .. } => self.phasors.amplitude() * libm::exp(-decay * t),
            Roots::Real { .. } => f64::NAN,
        }
    }

    /// The value of a signal at `t` seconds. All signals but [`OscillatorSignal::Z`] have imaginary part 0.
    #[must_use]
    pub fn signal(&self, signal: OscillatorSignal, t: f64) -> Complex64 {
        let real = match signal {
            OscillatorSignal::X => self.displacement(t),
            OscillatorSignal::V => self.state(t).v,
            OscillatorSignal::A => self.state(t).a,
            OscillatorSignal::Z => return self.phasor(t),
            OscillatorSignal::Envelope => self.envelope(t),
            OscillatorSignal::SpringForce => -self.stiffness * self.displacement(t),
            OscillatorSignal::DampingForce => -self.damping * self.state(t).v,
            OscillatorSignal::DriveForce => self.driven.map_or(0.0, |driven| driven.force(t).re),
            OscillatorSignal::Kinetic => self.kinetic(self.state(t)),
            OscillatorSignal::Potential => self.potential(self.state(t)),
            OscillatorSignal::Energy => {
                let state = self.state(t);
                self.kinetic(state) + self.potential(state)
            }
        };
        Complex64::new(real, 0.0)
    }

    /// The value of a constant. All constants but the two roots have imaginary part 0.
    #[must_use]
    pub fn constant(&self, constant: OscillatorConstant) -> Complex64 {
        let real = match constant {
            OscillatorConstant::Omega0 => self.modes.omega0,
            OscillatorConstant::Gamma => self.modes.gamma,
            OscillatorConstant::Zeta => self.modes.zeta,
            OscillatorConstant::OmegaU => self.omega_u(),
            OscillatorConstant::Period => TAU / self.omega_u(),
            OscillatorConstant::Amplitude => self.phasors.amplitude(),
            OscillatorConstant::Phi => self.phasors.phi(),
            OscillatorConstant::Root1 => return self.modes.roots.first(),
            OscillatorConstant::Root2 => return self.modes.roots.second(),
            OscillatorConstant::X0 => self.x0,
            OscillatorConstant::V0 => self.v0,
        };
        Complex64::new(real, 0.0)
    }

    /// ωᵤ, radians per second; NaN at and above critical damping.
    fn omega_u(&self) -> f64 {
        match self.modes.roots {
            Roots::Complex { omega_u, .. } => omega_u,
            Roots::Real { .. } => f64::NAN,
        }
    }

    /// Kinetic energy, joules.
    fn kinetic(&self, state: State) -> f64 {
        0.5 * self.mass * state.v * state.v
    }

    /// Potential energy of the spring, joules.
    fn potential(&self, state: State) -> f64 {
        0.5 * self.stiffness * state.x * state.x
    }
}

impl FreePhasors {
    /// The phasors of the motion that starts at displacement x0 with velocity v0.
    ///
    /// Free motion is Re (x0 − j·(v0 + γ·x0/2)/ωᵤ)·exp(r₁t). A drive subtracts its impulse coefficient from
    /// the initial velocity. Subtracting the steady phasor at t = 0 from the result gives the transient.
    fn new(x0: f64, v0: f64, roots: Roots, driven: Option<&DrivenMotion>) -> Self {
        let Roots::Complex { decay, omega_u } = roots else {
            let none = Complex64::new(f64::NAN, f64::NAN);
            return Self { beside_beat: none, transient: none };
        };
        let impulse = driven.map_or(0.0, DrivenMotion::impulse_coefficient);
        let beside_beat = Complex64::new(x0, -(v0 + decay * x0 - impulse) / omega_u);
        let steady = driven.and_then(DrivenMotion::steady_phasor).unwrap_or(Complex64::ZERO);
        Self { beside_beat, transient: beside_beat - steady }
    }

    /// c, the amplitude of the transient at t = 0, meters.
    fn amplitude(&self) -> f64 {
        libm::hypot(self.transient.re, self.transient.im)
    }

    /// φ, the phase lag of the transient, radians.
    fn phi(&self) -> f64 {
        libm::atan2(-self.transient.im, self.transient.re)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_REST: Parameters = Parameters {
        mass: 1.0,
        rates: Rates::Mechanical { stiffness: 1.0, damping: 0.0 },
        x0: 0.0,
        v0: 0.0,
        drive: None,
    };

    fn error_message(parameters: Parameters) -> String {
        Oscillator::new(parameters).expect_err("an error").to_string()
    }

    #[test]
    fn every_signal_and_constant_is_found_by_its_name() {
        for signal in OscillatorSignal::ALL {
            assert_eq!(OscillatorSignal::from_name(signal.name()), Some(signal));
        }
        for constant in OscillatorConstant::ALL {
            assert_eq!(OscillatorConstant::from_name(constant.name()), Some(constant));
        }
        assert_eq!(OscillatorSignal::from_name("omega0"), None);
        assert_eq!(OscillatorConstant::from_name("x"), None);
    }

    #[test]
    fn error_messages_name_the_invalid_parameter() {
        assert_eq!(
            error_message(Parameters { mass: -1.0, ..AT_REST }),
            "mass must be greater than 0, it is -1"
        );
        let rates = Rates::Mechanical { stiffness: 0.0, damping: 0.0 };
        assert_eq!(
            error_message(Parameters { rates, ..AT_REST }),
            "stiffness must be greater than 0, it is 0"
        );
        let rates = Rates::Angular { omega0: 1.0, damping: Damping::Zeta(-0.5) };
        assert_eq!(error_message(Parameters { rates, ..AT_REST }), "zeta must be at least 0, it is -0.5");
        let rates = Rates::Angular { omega0: 1e-80, damping: Damping::Gamma(0.0) };
        assert_eq!(
            error_message(Parameters { rates, ..AT_REST }),
            "omega0 must be at least 1e-75, it is 1e-80"
        );
        assert_eq!(
            error_message(Parameters { x0: f64::NAN, ..AT_REST }),
            "x0 must be a finite number, it is NaN"
        );
        let drive = Some(Drive { amplitude: 1e80, omega: 1.0, phase: 0.0 });
        let message = "drive.amplitude must be at most 1e75 in magnitude, it is 1e80";
        assert_eq!(error_message(Parameters { drive, ..AT_REST }), message);
        let drive = Some(Drive { amplitude: 1.0, omega: -2.0, phase: 0.0 });
        assert_eq!(
            error_message(Parameters { drive, ..AT_REST }),
            "drive.omega must be at least 0, it is -2"
        );
    }
}
