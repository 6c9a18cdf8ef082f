//! The damped, driven harmonic oscillator m·x″ + b·x′ + k·x = F·cos(ωt + φ), solved exactly.
//!
//! Every motion is x0 and v0 times two free motions (`modes`) plus what the drive adds out of rest
//! (`driven`): one formula for all regimes, without a seam at critical damping or at resonance. For t ≥ 0
//! the error of x stays below 8ε·(1 + ω*t)·S and that of v below ω* times that, ω* being the larger of ω₀
//! and ω, and S = |x0| + |v0|/ω₀ + the smaller of the steady amplitude and F·t/(2mω₀); tests/library/oscillator.rs
//! holds it to that for ω*t up to 10⁴. x is positive where the spring is stretched.

mod driven;
mod modes;
mod parameters;
mod quantities;

use std::f64::consts::TAU;

use num_complex::Complex64;

use driven::DrivenMotion;
use modes::{Modes, Roots};
pub use parameters::{Damping, Drive, ParameterError, ParameterErrorKind, Parameters, Rates};
pub use quantities::{OscillatorConstant, OscillatorSignal};

/// A solved oscillator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oscillator {
    mass: f64,
    stiffness: f64,
    damping: f64,
    x0: f64,
    v0: f64,
    modes: Modes,
    driven: Option<DrivenMotion>,
    phasors: FreePhasors,
}

/// Where the mass is and how it moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// Displacement, metres.
    pub x: f64,
    /// Velocity, metres per second.
    pub v: f64,
    /// Acceleration, metres per second squared.
    pub a: f64,
}

/// The phasors, at t = 0, of what turns as exp(r₁t); NaN where nothing turns.
#[derive(Clone, Copy, Debug, PartialEq)]
struct FreePhasors {
    /// All of `z` that the drive's [`beat`](DrivenMotion::beat) leaves, which is finite through resonance.
    start: Complex64,
    /// c·exp(−jφ), the transient's.
    transient: Complex64,
}

impl Oscillator {
    /// Solves the motion.
    ///
    /// # Errors
    /// Names the first parameter that is not finite, has the wrong sign, or is so large or small
    /// (1e75, 1e-75) that its powers would leave double precision.
    pub fn new(parameters: Parameters) -> Result<Self, ParameterError> {
        parameters.check()?;
        let Parameters { mass, rates, x0, v0, drive } = parameters;
        let modes = Modes::new(mass, rates);
        let (stiffness, damping) = match rates {
            Rates::Mechanical { stiffness, damping } => (stiffness, damping),
            Rates::Angular { .. } => (mass * modes.omega0_squared, mass * modes.gamma),
        };
        let driven = drive.map(|drive| DrivenMotion::new(drive, mass, &modes));
        let phasors = FreePhasors::new([x0, v0], modes.roots, driven.as_ref());
        Ok(Self { mass, stiffness, damping, x0, v0, modes, driven, phasors })
    }

    /// Displacement, velocity and acceleration at `t` seconds.
    ///
    /// Times before 0 continue the same motion backwards; damped motion then grows, in the end beyond
    /// all finite numbers.
    #[must_use]
    pub fn state(&self, t: f64) -> State {
        let Self { x0, v0, modes, .. } = *self;
        let free = modes.fundamental_solutions(t);
        let spring = modes.omega0_squared * free.impulse;
        // Velocity obeys the same free equation as displacement, starting from v0 and this.
        let a0 = -(modes.gamma * v0 + modes.omega0_squared * x0);
        let mut state = State {
            x: x0 * free.release + v0 * free.impulse,
            v: v0 * free.impulse_rate - x0 * spring,
            a: a0 * free.impulse_rate - v0 * spring,
        };
        if let Some(driven) = &self.driven {
            let forced = driven.response(t, &free);
            state.x += forced.x;
            state.v += forced.v;
            state.a += forced.a;
        }
        state
    }

    /// `z`, the phasor whose real part is exactly x.
    ///
    /// Free undamped motion turns as c·exp(j(ω₀t − φ)), underdamped as c·exp(−γt/2)·exp(j(ωᵤ·t − φ));
    /// critical and overdamped motion does not turn and has the imaginary part 0. Under drive the steady
    /// phasor A·exp(j(ωt + φ − δ)) is added to the transient's; at undamped resonance, the limit of that sum.
    #[must_use]
    pub fn phasor(&self, t: f64) -> Complex64 {
        let im = match self.modes.roots {
            Roots::Complex { decay, omega_u } => {
                let (sin, cos) = libm::sincos(omega_u * t);
                let start = self.phasors.start;
                let free = libm::exp(-decay * t) * (start.re * sin + start.im * cos);
                free + self.driven.map_or(0.0, |driven| driven.beat(t).im)
            }
            Roots::Real { .. } => self
                .driven
                .and_then(|driven| Some((driven.steady_phasor()? * driven.rotation(t)).im))
                .unwrap_or(0.0),
        };
        Complex64::new(self.state(t).x, im)
    }

    /// c·exp(−γt/2), metres, between whose positive and negative free motion swings; NaN at and above
    /// critical damping.
    ///
    /// Under drive it is the envelope of the transient alone: how far the motion is from steady at most.
    #[must_use]
    pub fn envelope(&self, t: f64) -> f64 {
        match self.modes.roots {
            Roots::Complex { decay, .. } => self.phasors.amplitude() * libm::exp(-decay * t),
            Roots::Real { .. } => f64::NAN,
        }
    }

    /// The value of a signal at `t` seconds; all but [`OscillatorSignal::Z`] have the imaginary part 0.
    #[must_use]
    pub fn signal(&self, signal: OscillatorSignal, t: f64) -> Complex64 {
        let real = match signal {
            OscillatorSignal::X => self.state(t).x,
            OscillatorSignal::V => self.state(t).v,
            OscillatorSignal::A => self.state(t).a,
            OscillatorSignal::Z => return self.phasor(t),
            OscillatorSignal::Envelope => self.envelope(t),
            OscillatorSignal::SpringForce => -self.stiffness * self.state(t).x,
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

    /// The value of a constant; all but the roots have the imaginary part 0.
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

    fn omega_u(&self) -> f64 {
        match self.modes.roots {
            Roots::Complex { omega_u, .. } => omega_u,
            Roots::Real { .. } => f64::NAN,
        }
    }

    fn kinetic(&self, state: State) -> f64 {
        0.5 * self.mass * state.v * state.v
    }

    fn potential(&self, state: State) -> f64 {
        0.5 * self.stiffness * state.x * state.x
    }
}

impl FreePhasors {
    /// Free motion from (x0, v0) is Re (x0 − j·(v0 + γ·x0/2)/ωᵤ)·exp(r₁t). A drive kicks it, and the
    /// transient also lacks the steady phasor that the motion does not start with.
    fn new([x0, v0]: [f64; 2], roots: Roots, driven: Option<&DrivenMotion>) -> Self {
        let Roots::Complex { decay, omega_u } = roots else {
            let none = Complex64::new(f64::NAN, f64::NAN);
            return Self { start: none, transient: none };
        };
        let kick = driven.map_or(0.0, DrivenMotion::impulse_coefficient);
        let start = Complex64::new(x0, -(v0 + decay * x0 - kick) / omega_u);
        let steady = driven.and_then(DrivenMotion::steady_phasor).unwrap_or(Complex64::ZERO);
        Self { start, transient: start - steady }
    }

    fn amplitude(&self) -> f64 {
        libm::hypot(self.transient.re, self.transient.im)
    }

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

    fn refusal(parameters: Parameters) -> String {
        Oscillator::new(parameters).expect_err("must be refused").to_string()
    }

    #[test]
    fn names_lead_back_to_what_they_name() {
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
    fn impossible_parameters_are_named() {
        assert_eq!(refusal(Parameters { mass: -1.0, ..AT_REST }), "mass must be greater than 0, it is -1");
        let rates = Rates::Mechanical { stiffness: 0.0, damping: 0.0 };
        assert_eq!(refusal(Parameters { rates, ..AT_REST }), "stiffness must be greater than 0, it is 0");
        let rates = Rates::Angular { omega0: 1.0, damping: Damping::Zeta(-0.5) };
        assert_eq!(refusal(Parameters { rates, ..AT_REST }), "zeta must be at least 0, it is -0.5");
        let rates = Rates::Angular { omega0: 1e-80, damping: Damping::Gamma(0.0) };
        assert_eq!(refusal(Parameters { rates, ..AT_REST }), "omega0 must be at least 1e-75, it is 1e-80");
        assert_eq!(refusal(Parameters { x0: f64::NAN, ..AT_REST }), "x0 must be a finite number, it is NaN");
        let drive = Some(Drive { amplitude: 1e80, omega: 1.0, phase: 0.0 });
        let message = "drive.amplitude must be at most 1e75 in size, it is 1e80";
        assert_eq!(refusal(Parameters { drive, ..AT_REST }), message);
        let drive = Some(Drive { amplitude: 1.0, omega: -2.0, phase: 0.0 });
        assert_eq!(refusal(Parameters { drive, ..AT_REST }), "drive.omega must be at least 0, it is -2");
    }
}
