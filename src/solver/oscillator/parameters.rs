//! The parameters of an oscillator and the check that they are valid.
//!
//! Magnitudes are limited to 1e-75 … 1e75, far outside anything physical, so that no square or quotient of
//! parameters overflows or underflows and every later formula may assume finite, normal numbers.

use std::error::Error;
use std::fmt;

/// The largest magnitude of any parameter: the product of four such factors is still finite.
const LARGEST: f64 = 1e75;

/// The smallest mass, stiffness and natural frequency, the parameters that formulas divide by.
const SMALLEST: f64 = 1e-75;

/// A harmonic force `amplitude·cos(omega·t + phase)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drive {
    /// Amplitude in newtons. A negative amplitude is a force of opposite sign.
    pub amplitude: f64,
    /// Angular frequency in radians per second, at least 0. Frequency 0 is a constant force.
    pub omega: f64,
    /// Phase at t = 0, radians.
    pub phase: f64,
}

/// The damping of the motion, independent of the mass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Damping {
    /// γ = b/m per second, at least 0. Free motion decays as exp(−γt/2).
    Gamma(f64),
    /// The damping ratio ζ = γ/(2ω₀), at least 0. At ζ = 1 the motion is critically damped.
    Zeta(f64),
}

/// Natural frequency and damping, given as mechanical parts or as angular rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rates {
    /// The constants of a spring and a dashpot.
    Mechanical {
        /// k, newtons per meter, greater than 0.
        stiffness: f64,
        /// b, newton-seconds per meter, at least 0.
        damping: f64,
    },
    /// The natural frequency and a damping rate.
    Angular {
        /// ω₀ = √(k/m), radians per second, greater than 0.
        omega0: f64,
        /// The damping as γ or ζ.
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
    /// Displacement at t = 0, meters.
    pub x0: f64,
    /// Velocity at t = 0, meters per second.
    pub v0: f64,
    /// The external force, if there is one.
    pub drive: Option<Drive>,
}

impl Parameters {
    /// Checks that every value is finite, has the right sign, and is neither too large nor too small.
    pub(super) fn check(&self) -> Result<(), ParameterError> {
        check_positive("mass", self.mass)?;
        match self.rates {
            Rates::Mechanical { stiffness, damping } => {
                check_positive("stiffness", stiffness)?;
                check_not_negative("damping", damping)?;
            }
            Rates::Angular { omega0, damping } => {
                check_positive("omega0", omega0)?;
                match damping {
                    Damping::Gamma(gamma) => check_not_negative("gamma", gamma)?,
                    Damping::Zeta(zeta) => check_not_negative("zeta", zeta)?,
                }
            }
        }
        check_magnitude("x0", self.x0)?;
        check_magnitude("v0", self.v0)?;
        if let Some(drive) = self.drive {
            check_magnitude("drive.amplitude", drive.amplitude)?;
            check_not_negative("drive.omega", drive.omega)?;
            check_magnitude("drive.phase", drive.phase)?;
        }
        Ok(())
    }
}

/// Checks that a value divided by elsewhere is positive and of allowed magnitude.
fn check_positive(key: &'static str, value: f64) -> Result<(), ParameterError> {
    check_magnitude(key, value)?;
    require(value > 0.0, key, value, ParameterErrorKind::NotPositive)?;
    require(value >= SMALLEST, key, value, ParameterErrorKind::TooSmall)
}

/// Checks that a value is at least 0 and of allowed magnitude.
fn check_not_negative(key: &'static str, value: f64) -> Result<(), ParameterError> {
    check_magnitude(key, value)?;
    require(value >= 0.0, key, value, ParameterErrorKind::Negative)
}

/// Checks that a value is finite and at most [`LARGEST`] in magnitude.
fn check_magnitude(key: &'static str, value: f64) -> Result<(), ParameterError> {
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

/// A parameter with an invalid value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterError {
    /// The key of the parameter in a scene: `mass`, `stiffness`, …, `drive.omega`.
    pub key: &'static str,
    /// The invalid value.
    pub value: f64,
    /// The rule that the value breaks.
    pub kind: ParameterErrorKind,
}

/// The rule that a parameter's value breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterErrorKind {
    /// The value is NaN or infinite.
    NotFinite,
    /// The value is 0 or negative and has to be positive.
    NotPositive,
    /// The value is negative and has to be at least 0.
    Negative,
    /// The value is positive, but less than 1e-75.
    TooSmall,
    /// The magnitude of the value is more than 1e75.
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
                write!(f, "{key} must be at most {LARGEST:e} in magnitude, it is {value:e}")
            }
        }
    }
}

impl Error for ParameterError {}
