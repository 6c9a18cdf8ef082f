//! What determines an oscillator, and which values are sound.
//!
//! Sizes are held between 1e-75 and 1e75, far outside anything physical, so that no square or quotient
//! of parameters leaves double precision and every later formula may assume finite, ordinary numbers.

use std::error::Error;
use std::fmt;

/// The largest size of any parameter: four such factors still multiply to a finite number.
const LARGEST: f64 = 1e75;

/// The smallest mass, stiffness and natural frequency, the quantities that are divided by.
const SMALLEST: f64 = 1e-75;

/// A harmonic force `amplitude·cos(omega·t + phase)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drive {
    /// Newtons; a negative one pushes the other way.
    pub amplitude: f64,
    /// Radians per second, at least 0; 0 is a constant force.
    pub omega: f64,
    /// Radians.
    pub phase: f64,
}

/// How strongly the motion is damped, independent of mass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Damping {
    /// γ = b/m per second, at least 0: free motion decays as exp(−γt/2).
    Gamma(f64),
    /// ζ = γ/(2ω₀), at least 0: 1 is critical.
    Zeta(f64),
}

/// What sets the rates of the motion: the parts of the machine, or the rates themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rates {
    /// A spring and a dashpot.
    Mechanical {
        /// k, newtons per metre, greater than 0.
        stiffness: f64,
        /// b, newton seconds per metre, at least 0.
        damping: f64,
    },
    /// The rates of the motion.
    Angular {
        /// ω₀ = √(k/m), radians per second, greater than 0.
        omega0: f64,
        /// γ or ζ.
        damping: Damping,
    },
}

/// Everything that determines the motion of m·x″ + b·x′ + k·x = F·cos(ωt + φ).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// m, kilograms, greater than 0.
    pub mass: f64,
    /// Stiffness and damping.
    pub rates: Rates,
    /// x at t = 0, metres.
    pub x0: f64,
    /// x′ at t = 0, metres per second.
    pub v0: f64,
    /// The force from outside, if there is one.
    pub drive: Option<Drive>,
}

impl Parameters {
    /// Whether every value is finite, of the right sign, and of a size that formulas can bear.
    pub(super) fn check(&self) -> Result<(), ParameterError> {
        positive("mass", self.mass)?;
        match self.rates {
            Rates::Mechanical { stiffness, damping } => {
                positive("stiffness", stiffness)?;
                not_negative("damping", damping)?;
            }
            Rates::Angular { omega0, damping } => {
                positive("omega0", omega0)?;
                match damping {
                    Damping::Gamma(gamma) => not_negative("gamma", gamma)?,
                    Damping::Zeta(zeta) => not_negative("zeta", zeta)?,
                }
            }
        }
        bounded("x0", self.x0)?;
        bounded("v0", self.v0)?;
        if let Some(drive) = self.drive {
            bounded("drive.amplitude", drive.amplitude)?;
            not_negative("drive.omega", drive.omega)?;
            bounded("drive.phase", drive.phase)?;
        }
        Ok(())
    }
}

fn positive(key: &'static str, value: f64) -> Result<(), ParameterError> {
    bounded(key, value)?;
    require(value > 0.0, key, value, ParameterErrorKind::NotPositive)?;
    require(value >= SMALLEST, key, value, ParameterErrorKind::TooSmall)
}

fn not_negative(key: &'static str, value: f64) -> Result<(), ParameterError> {
    bounded(key, value)?;
    require(value >= 0.0, key, value, ParameterErrorKind::Negative)
}

fn bounded(key: &'static str, value: f64) -> Result<(), ParameterError> {
    require(value.is_finite(), key, value, ParameterErrorKind::NotFinite)?;
    require(value.abs() <= LARGEST, key, value, ParameterErrorKind::TooLarge)
}

fn require(
    holds: bool,
    key: &'static str,
    value: f64,
    kind: ParameterErrorKind,
) -> Result<(), ParameterError> {
    if holds { Ok(()) } else { Err(ParameterError { key, value, kind }) }
}

/// A parameter that no oscillator can have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterError {
    /// The parameter, as a scene names it: `mass`, `stiffness`, …, `drive.omega`.
    pub key: &'static str,
    /// The value it was given.
    pub value: f64,
    /// What is wrong with the value.
    pub kind: ParameterErrorKind,
}

/// What is wrong with a parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterErrorKind {
    /// It is NaN or infinite.
    NotFinite,
    /// It is 0 or less where only more makes sense.
    NotPositive,
    /// It is less than 0.
    Negative,
    /// It is positive, but less than 1e-75.
    TooSmall,
    /// Its absolute value is more than 1e75.
    TooLarge,
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, value, kind } = self;
        match kind {
            ParameterErrorKind::NotFinite => write!(f, "{key} must be a finite number, it is {value}"),
            ParameterErrorKind::NotPositive => write!(f, "{key} must be greater than 0, it is {value}"),
            ParameterErrorKind::Negative => write!(f, "{key} must be at least 0, it is {value}"),
            ParameterErrorKind::TooSmall => write!(f, "{key} must be at least {SMALLEST:e}, it is {value:e}"),
            ParameterErrorKind::TooLarge => {
                write!(f, "{key} must be at most {LARGEST:e} in size, it is {value:e}")
            }
        }
    }
}

impl Error for ParameterError {}
