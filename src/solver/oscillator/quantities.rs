//! The names of what an oscillator shows: signals over time, constants of the motion.

/// A quantity that changes with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OscillatorSignal {
    /// Displacement x, metres.
    X,
    /// Velocity x′, metres per second.
    V,
    /// Acceleration x″, metres per second squared.
    A,
    /// The phasor whose real part is x; see [`Oscillator::phasor`](super::Oscillator::phasor).
    Z,
    /// c·exp(−γt/2); see [`Oscillator::envelope`](super::Oscillator::envelope).
    Envelope,
    /// −k·x, newtons.
    SpringForce,
    /// −b·v, newtons.
    DampingForce,
    /// F·cos(ωt + φ), newtons; 0 without a drive.
    DriveForce,
    /// m·v²/2, joules.
    Kinetic,
    /// k·x²/2, joules.
    Potential,
    /// Kinetic and potential energy together, joules.
    Energy,
}

impl OscillatorSignal {
    /// Every signal, in the order of the reference.
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

    /// What a scene calls it.
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

    /// The signal that a scene calls by this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|signal| signal.name() == name)
    }

    /// Whether its imaginary part can differ from 0.
    #[must_use]
    pub const fn is_complex(self) -> bool {
        matches!(self, Self::Z)
    }
}

/// A quantity that characterises the whole motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OscillatorConstant {
    /// ω₀ = √(k/m), radians per second.
    Omega0,
    /// γ = b/m, per second.
    Gamma,
    /// ζ = γ/(2ω₀).
    Zeta,
    /// ωᵤ = √(ω₀² − γ²/4), radians per second; NaN at and above critical damping.
    OmegaU,
    /// 2π/ωᵤ, seconds; NaN at and above critical damping.
    Period,
    /// c, metres, of the free motion c·exp(−γt/2)·cos(ωᵤ·t − φ); NaN at and above critical damping.
    ///
    /// Under drive it is the transient's, which makes up for what x0 and v0 differ from the steady state.
    /// Undamped resonance has no steady state; there the growing part (F·t/(2mω₀))·sin(ωt + φ) takes its place.
    Amplitude,
    /// φ of the same motion, radians, from −π to π.
    Phi,
    /// −γ/2 + √(γ²/4 − ω₀²), per second.
    Root1,
    /// −γ/2 − √(γ²/4 − ω₀²), per second.
    Root2,
    /// x at t = 0, metres.
    X0,
    /// x′ at t = 0, metres per second.
    V0,
}

impl OscillatorConstant {
    /// Every constant, in the order of the reference.
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

    /// What a scene calls it.
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

    /// The constant that a scene calls by this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|constant| constant.name() == name)
    }

    /// Whether its imaginary part can differ from 0.
    #[must_use]
    pub const fn is_complex(self) -> bool {
        matches!(self, Self::Root1 | Self::Root2)
    }
}
