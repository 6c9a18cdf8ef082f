//! Bounds on a complex quantity and its first two derivatives over a range of a variable: a [jet](Jet) for each part.

use num_complex::Complex64;

use super::ast::BinaryOperator;
use super::function::{BinaryFunction, UnaryFunction};
use super::jet::{Jet, MAX_PRODUCT_EXPONENT};
use super::number::is_whole;

/// Bounds on the real and the imaginary part of a quantity, and on their first two derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ComplexJet {
    pub(crate) re: Jet,
    /// The jet of the constant 0 for a real quantity.
    pub(crate) im: Jet,
}

impl ComplexJet {
    /// The jet of a real quantity.
    pub(super) fn real(re: Jet) -> Self {
        Self { re, im: Jet::ZERO }
    }

    /// The jet of a constant.
    pub(super) fn constant(value: Complex64) -> Option<Self> {
        Some(Self { re: Jet::constant(value.re)?, im: Jet::constant(value.im)? })
    }

    /// The jet of a real quantity; `None` if it may be complex.
    pub(crate) fn into_real(self) -> Option<Jet> {
        self.is_real().then_some(self.re)
    }

    fn is_real(self) -> bool {
        self.im == Jet::ZERO
    }

    /// The value of a real quantity that does not change.
    pub(super) fn as_constant(self) -> Option<f64> {
        self.into_real()?.as_constant()
    }

    /// The value of a quantity that does not change.
    fn as_complex_constant(self) -> Option<Complex64> {
        Some(Complex64::new(self.re.as_constant()?, self.im.as_constant()?))
    }

    /// The sum of two quantities.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        Some(Self { re: self.re.plus(other.re)?, im: self.im.plus(other.im)? })
    }

    /// The negated quantity.
    pub(super) fn negated(self) -> Self {
        Self { re: self.re.negated(), im: self.im.negated() }
    }

    /// The conjugate.
    fn conjugate(self) -> Self {
        Self { im: self.im.negated(), ..self }
    }

    /// The product of two quantities.
    pub(super) fn times(self, other: Self) -> Option<Self> {
        match (self.into_real(), other.into_real()) {
            (Some(factor), _) => other.times_real(factor),
            (_, Some(factor)) => self.times_real(factor),
            (None, None) => Some(Self {
                re: self.re.times(other.re)?.plus(self.im.times(other.im)?.negated())?,
                im: self.re.times(other.im)?.plus(self.im.times(other.re)?)?,
            }),
        }
    }

    fn times_real(self, factor: Jet) -> Option<Self> {
        let im = if self.is_real() { Jet::ZERO } else { self.im.times(factor)? };
        Some(Self { re: self.re.times(factor)?, im })
    }

    /// The quantity times a number.
    pub(super) fn scaled(self, factor: f64) -> Option<Self> {
        self.times_real(Jet::constant(factor)?)
    }

    /// 1/f = f̄/|f|², if the quantity is nowhere zero.
    fn reciprocal(self) -> Option<Self> {
        match self.into_real() {
            Some(real) => Some(Self::real(real.reciprocal()?)),
            None => self.conjugate().times_real(self.square_of_modulus()?.reciprocal()?),
        }
    }

    fn square_of_modulus(self) -> Option<Jet> {
        self.re.squared()?.plus(self.im.squared()?)
    }

    /// A power of a complex quantity with a whole exponent.
    fn power(self, exponent: f64) -> Option<Self> {
        (is_whole(exponent) && exponent.abs() <= MAX_PRODUCT_EXPONENT).then_some(())?;
        let one = Self::real(Jet::constant(1.0)?);
        let product = (0..exponent.abs() as u32).try_fold(one, |product, _| product.times(self))?;
        if exponent < 0.0 { product.reciprocal() } else { Some(product) }
    }

    /// A function of one argument.
    pub(super) fn apply(self, function: UnaryFunction) -> Option<Self> {
        if let Some(value) = self.as_complex_constant() {
            return Self::constant(function.apply(value));
        }
        match function {
            UnaryFunction::Re => Some(Self::real(self.re)),
            UnaryFunction::Im => Some(Self::real(self.im)),
            _ if self.is_real() => Some(Self::real(self.re.apply(function)?)),
            UnaryFunction::Conj => Some(self.conjugate()),
            UnaryFunction::Abs => Some(Self::real(self.square_of_modulus()?.apply(UnaryFunction::Sqrt)?)),
            UnaryFunction::Exp => {
                let [sine, cosine] = self.im.sine_and_cosine()?;
                let unit = Self { re: cosine, im: sine };
                if self.re == Jet::ZERO { Some(unit) } else { unit.times_real(self.re.apply(function)?) }
            }
            _ => None,
        }
    }

    /// A function of two arguments.
    pub(super) fn apply_two(self, function: BinaryFunction, other: Self) -> Option<Self> {
        Some(Self::real(self.into_real()?.apply_two(function, other.into_real()?)?))
    }

    /// An infix operator.
    pub(super) fn apply_operator(self, operator: BinaryOperator, other: Self) -> Option<Self> {
        if let (Some(a), Some(b)) = (self.into_real(), other.into_real()) {
            return Some(Self::real(a.apply_operator(operator, b)?));
        }
        match operator {
            BinaryOperator::Add => self.plus(other),
            BinaryOperator::Subtract => self.plus(other.negated()),
            BinaryOperator::Multiply => self.times(other),
            BinaryOperator::Divide => self.times(other.reciprocal()?),
            BinaryOperator::Power => self.power(other.as_constant()?),
            _ => None,
        }
    }
}
