//! The quantities of an oscillator that a scene can name: signals, which change with time, and constants.

/// A quantity of an oscillator that changes with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OscillatorSignal {
    /// Displacement x, meters.
    X,
    /// Velocity x′, meters per second.
    V,
    /// Acceleration x″, meters per second squared.
    A,
    /// The phasor whose real part is x, meters; see [`Oscillator::phasor`](super::Oscillator::phasor).
    Z,
    /// The envelope c·exp(−γt/2), meters; see [`Oscillator::envelope`](super::Oscillator::envelope).
    Envelope,
    /// The force of the spring −k·x, newtons.
    SpringForce,
    /// The force of the dashpot −b·v, newtons.
    DampingForce,
    /// The external force F·cos(ωt + φ), newtons; 0 without a drive.
    DriveForce,
    /// Kinetic energy m·v²/2, joules.
    Kinetic,
    /// Potential energy k·x²/2, joules.
    Potential,
    /// The sum of kinetic and potential energy, joules.
    Energy,
}

impl OscillatorSignal {
    /// Every signal, in the order of the documentation.
    pub const ALL: [Self; 11] = [
        Self::X,
        Self::V,
        Self::A,
        Self::Z,
        Self::Envelope,
        Self::SpringForce,
        Self::DampingForce,
        Self::DriveForce,
        Self::Kinetic,
        Self::Potential,
        Self::Energy,
    ];

    /// The name in a scene, such as `x` in `spring.x`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::V => "v",
            Self::A => "a",
            Self::Z => "z",
            Self::Envelope => "envelope",
            Self::SpringForce => "spring_force",
            Self::DampingForce => "damping_force",
            Self::DriveForce => "drive_force",
            Self::Kinetic => "kinetic",
            Self::Potential => "potential",
            Self::Energy => "energy",
        }
    }

    /// The signal with this name in scenes.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|signal| signal.name() == name)
    }

    /// Whether the imaginary part can differ from 0.
    #[must_use]
    pub const fn is_complex(self) -> bool {
        matches!(self, Self::Z)
    }
}

/// A quantity of an oscillator that does not change with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OscillatorConstant {
    /// The natural frequency ω₀ = √(k/m), radians per second.
    Omega0,
    /// The damping rate γ = b/m, per second.
    Gamma,
    /// The damping ratio ζ = γ/(2ω₀).
    Zeta,
    /// The frequency of damped motion ωᵤ = √(ω₀² − γ²/4), radians per second; NaN at and above critical damping.
    OmegaU,
    /// The period 2π/ωᵤ, seconds; NaN at and above critical damping.
    Period,
    /// The amplitude c of the free motion c·exp(−γt/2)·cos(ωᵤ·t − φ), meters; NaN at and above critical
    /// damping.
    ///
    /// With a drive it belongs to the transient: the free motion that makes up for the difference between
    /// (x0, v0) and the steady state. Undamped resonance has no steady state; the growing motion
    /// (F·t/(2mω₀))·sin(ωt + φ) takes its place.
    Amplitude,
    /// The phase φ of the same free motion, radians, from −π to π; NaN at and above critical damping.
    Phi,
    /// The characteristic root −γ/2 + √(γ²/4 − ω₀²), per second.
    Root1,
    /// The characteristic root −γ/2 − √(γ²/4 − ω₀²), per second.
    Root2,
    /// x at t = 0, meters.
    X0,
    /// x′ at t = 0, meters per second.
    V0,
}

impl OscillatorConstant {
    /// Every constant, in the order of the documentation.
    pub const ALL: [Self; 11] = [
        Self::Omega0,
        Self::Gamma,
        Self::Zeta,
        Self::OmegaU,
        Self::Period,
        Self::Amplitude,
        Self::Phi,
        Self::Root1,
        Self::Root2,
        Self::X0,
        Self::V0,
    ];

    /// The name in a scene, such as `period` in `spring.period`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Omega0 => "omega0",
            Self::Gamma => "gamma",
            Self::Zeta => "zeta",
            Self::OmegaU => "omega_u",
            Self::Period => "period",
            Self::Amplitude => "amplitude",
            Self::Phi => "phi",
            Self::Root1 => "root1",
            Self::Root2 => "root2",
            Self::X0 => "x0",
            Self::V0 => "v0",
        }
    }

    /// The constant with this name in scenes.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|constant| constant.name() == name)
    }

    /// Whether the imaginary part can differ from 0.
    #[must_use]
    pub const fn is_complex(self) -> bool {
        matches!(self, Self::Root1 | Self::Root2)
    }
}
