//! Rational transfer functions H(s) of one input and one output, at rest before t = 0.
//!
//! A function is given by its coefficients or by its zeros, poles and gain, and what is given is never converted where
//! digits would be lost: values of H are those of the polynomials or of the factors, and the motion is that of a
//! [`StateSpace`] in companion form or in cascade form. [`roots()`] finds the roots of polynomials to the last digits.

mod partial_fractions;
mod polynomial;
mod realization;
mod roots;

use std::fmt;

use num_complex::Complex64;

use super::state_space::{InputFn, MotionError, StateSpace};
use partial_fractions::residues;
use polynomial::Polynomial;
pub use roots::roots;
use roots::times_power;

/// The largest number of poles.
pub const MAX_DEGREE: usize = 64;

/// The form in which a transfer function is given.
#[derive(Clone, Debug, PartialEq)]
pub enum Rational {
    /// Two polynomials.
    Coefficients {
        /// The coefficients of the numerator, highest power first.
        numerator: Vec<Complex64>,
        /// The coefficients of the denominator, highest power first.
        denominator: Vec<Complex64>,
    },
    /// gain·Π(s − zero)/Π(s − pole).
    Roots {
        /// The zeros.
        zeros: Vec<Complex64>,
        /// The poles.
        poles: Vec<Complex64>,
        /// The factor of the products.
        gain: f64,
    },
}

/// The reason why there is no such transfer function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RationalError {
    /// The denominator is 0, or its first coefficient is.
    LeadingZero,
    /// There are more zeros than poles.
    Improper {
        /// The number of zeros.
        zeros: usize,
        /// The number of poles.
        poles: usize,
    },
    /// There are more than [`MAX_DEGREE`] poles.
    TooManyPoles,
    /// A number of this list is infinite or no number, or a quotient with it is.
    NotFinite(&'static str),
}

/// A transfer function with an input.
pub struct TransferFunction {
    rational: Rational,
    zeros: Vec<Complex64>,
    poles: Vec<Complex64>,
    residues: Vec<Complex64>,
    /// H(∞).
    through: Complex64,
    is_real: bool,
    input: Option<InputFn>,
    /// `None` without poles.
    motion: Option<StateSpace>,
}

impl TransferFunction {
    /// The transfer function under an input; without one it is 0.
    ///
    /// # Errors
    /// No transfer function is like that.
    pub fn new(rational: Rational, input: Option<InputFn>) -> Result<Self, RationalError> {
        let rational = rational.normalized()?;
        let is_real = rational.is_real();
        let (zeros, poles, gain) = rational.roots();
        let residues = residues(&zeros, &poles, gain, &rational);
        let (through, motion) = realization::motion(&rational, input.clone())?;
        Ok(Self { rational, zeros, poles, residues, through, is_real, input, motion })
    }

    /// Whether responses to real inputs are real.
    #[must_use]
    pub fn is_real(&self) -> bool {
        self.is_real
    }

    /// The poles: those that are given in their order, those of a polynomial in the order of
    /// [`StateSpace::poles`].
    #[must_use]
    pub fn poles(&self) -> &[Complex64] {
        &self.poles
    }

    /// The zeros, in the same order.
    #[must_use]
    pub fn zeros(&self) -> &[Complex64] {
        &self.zeros
    }

    /// The coefficients of the partial fractions 1/(s − pole), in the order of the poles. Of a repeated pole the first
    /// one belongs to 1/(s − pole), the second one to 1/(s − pole)², and so on.
    #[must_use]
    pub fn residues(&self) -> &[Complex64] {
        &self.residues
    }

    /// The value at `s`; not finite at a pole.
    #[must_use]
    pub fn at(&self, s: Complex64) -> Complex64 {
        match &self.rational {
            Rational::Coefficients { numerator, denominator } => {
                Polynomial(numerator).over(Polynomial(denominator), s)
            }
            Rational::Roots { zeros, poles, gain } => polynomial::of_roots(zeros, poles, *gain, s),
        }
    }

    /// The response to the input, which acts from t = 0 on.
    ///
    /// # Errors
    /// The response is too large, or the input fails or changes too often before.
    pub fn output(&self, t: f64) -> Result<Complex64, MotionError> {
        if t < 0.0 {
            return Ok(Complex64::ZERO);
        }
        let direct = match &self.input {
            Some(input) if self.through != Complex64::ZERO => {
                self.through * input(t).map_err(MotionError::Input)?
            }
            _ => Complex64::ZERO,
        };
        let moved = self.motion.as_ref().map_or(Ok(Complex64::ZERO), |motion| motion.output(0, t))?;
        Ok(self.real_if_real(direct + moved))
    }

    /// The number of states that were computed for the output, for distinct times.
    #[must_use]
    pub fn computed_states(&self) -> u64 {
        self.motion.as_ref().map_or(0, StateSpace::computed_states)
    }

    /// The response to a unit impulse at t = 0, without the impulse that passes on directly.
    ///
    /// # Errors
    /// The response is too large.
    pub fn impulse(&self, t: f64) -> Result<Complex64, MotionError> {
        let response = self.motion.as_ref().map_or(Ok(Complex64::ZERO), |motion| motion.impulse(t));
        Ok(self.real_if_real(response?))
    }

    /// The response to a unit step at t = 0.
    ///
    /// # Errors
    /// The response is too large.
    pub fn step(&self, t: f64) -> Result<Complex64, MotionError> {
        if t < 0.0 {
            return Ok(Complex64::ZERO);
        }
        let response = self.motion.as_ref().map_or(Ok(Complex64::ZERO), |motion| motion.step(t));
        Ok(self.real_if_real(self.through + response?))
    }

    fn real_if_real(&self, value: Complex64) -> Complex64 {
        if self.is_real { value.re.into() } else { value }
    }
}

impl Rational {
    /// The same function without leading zeros of the numerator, if it is one.
    fn normalized(self) -> Result<Self, RationalError> {
        let is_finite = |numbers: &[Complex64]| numbers.iter().all(|z| z.re.is_finite() && z.im.is_finite());
        let (normalized, lists) = match self {
            Self::Coefficients { numerator, denominator } => {
                if denominator.first().is_none_or(|first| *first == Complex64::ZERO) {
                    return Err(RationalError::LeadingZero);
                }
                if !is_finite(&denominator) {
                    return Err(RationalError::NotFinite("denominator"));
                }
                let first = numerator.iter().position(|entry| *entry != Complex64::ZERO);
                // A power of two, which rounds nothing, keeps quotients with the leading coefficient in range.
                let exponent = -libm::ilogb(denominator[0].l1_norm());
                let scaled = |list: &[Complex64]| list.iter().map(|z| times_power(*z, exponent)).collect();
                let numerator: Vec<Complex64> =
                    first.map_or_else(Vec::new, |first| scaled(&numerator[first..]));
                let denominator: Vec<Complex64> = scaled(&denominator);
                let lists = [("numerator", is_finite(&numerator)), ("denominator", is_finite(&denominator))];
                (Self::Coefficients { numerator, denominator }, lists)
            }
            Self::Roots { zeros, poles, gain } => {
                let lists = [("zeros", is_finite(&zeros)), ("poles", is_finite(&poles))];
                if !gain.is_finite() {
                    return Err(RationalError::NotFinite("gain"));
                }
                (Self::Roots { zeros, poles, gain }, lists)
            }
        };
        if let Some((name, _)) = lists.into_iter().find(|(_, is_finite)| !is_finite) {
            return Err(RationalError::NotFinite(name));
        }
        match normalized.degrees() {
            (zeros, poles) if zeros > poles => Err(RationalError::Improper { zeros, poles }),
            (_, poles) if poles > MAX_DEGREE => Err(RationalError::TooManyPoles),
            _ => Ok(normalized),
        }
    }

    /// The numbers of zeros and of poles.
    fn degrees(&self) -> (usize, usize) {
        match self {
            Self::Coefficients { numerator, denominator } => {
                (numerator.len().saturating_sub(1), denominator.len() - 1)
            }
            Self::Roots { zeros, poles, .. } => (zeros.len(), poles.len()),
        }
    }

    /// Whether coefficients are real, or roots come in conjugate pairs.
    #[must_use]
    pub fn is_real(&self) -> bool {
        match self {
            Self::Coefficients { numerator, denominator } => {
                numerator.iter().chain(denominator).all(|entry| entry.im == 0.0)
            }
            Self::Roots { zeros, poles, .. } => [zeros, poles].into_iter().all(|roots| is_symmetric(roots)),
        }
    }

    /// The zeros, the poles and the gain.
    fn roots(&self) -> (Vec<Complex64>, Vec<Complex64>, Complex64) {
        match self {
            Self::Coefficients { numerator, denominator } => {
                let gain = numerator.first().map_or(Complex64::ZERO, |first| first / denominator[0]);
                (roots(numerator), roots(denominator), gain)
            }
            Self::Roots { zeros, poles, gain } => (zeros.clone(), poles.clone(), (*gain).into()),
        }
    }
}

/// Whether each number stands as often as its conjugate.
fn is_symmetric(roots: &[Complex64]) -> bool {
    let count = |root: Complex64| roots.iter().filter(|other| **other == root).count();
    roots.iter().all(|root| root.im == 0.0 || count(*root) == count(root.conj()))
}

impl fmt::Debug for TransferFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransferFunction").field("rational", &self.rational).finish_non_exhaustive()
    }
}
