//! Whether the values of an expression are real, as far as that follows from the expression itself.

use super::ast::BinaryOperator;
use super::function::{BinaryFunction, UnaryFunction};
use super::number::{is_whole, real_or_nan, to_real};
use super::op::{Op, OpIndex};
use num_complex::Complex64;

/// The type of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueType {
    /// It is real, or NaN.
    Real,
    /// It may be real or complex.
    #[default]
    Unknown,
    /// It is not real.
    Complex,
}

impl ValueType {
    /// The type of a value that is known.
    pub(super) fn of(value: Complex64) -> Self {
        if to_real(value).is_ok() { Self::Real } else { Self::Complex }
    }

    /// Real if this holds.
    pub(super) fn real_if(is_real: bool) -> Self {
        if is_real { Self::Real } else { Self::Unknown }
    }

    /// The type of a value that is one of two.
    fn either(self, other: Self) -> Self {
        if self == other { self } else { Self::Unknown }
    }

    /// The type of a sum or a difference. Complex values may add up to a real one.
    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Real, Self::Real) => Self::Real,
            (Self::Real, Self::Complex) | (Self::Complex, Self::Real) => Self::Complex,
            _ => Self::Unknown,
        }
    }
}

impl Op {
    /// The type of the operation, given those of its operands and their values where these are constant. What depends
    /// on a definition is unknown here.
    pub(super) fn value_type(
        self,
        operand: impl Fn(OpIndex) -> ValueType,
        constant: impl Fn(OpIndex) -> Option<Complex64>,
        list: &[OpIndex],
    ) -> ValueType {
        let are_real = |a, b| ValueType::real_if([a, b].map(&operand) == [ValueType::Real; 2]);
        match self {
            Self::Constant(value) => ValueType::of(value.value()),
            Self::BinaryFunction(BinaryFunction::Legendre, _, x) => {
                ValueType::real_if(operand(x) == ValueType::Real)
            }
            Self::Time | Self::Free(_) | Self::State(_) | Self::Not(_) | Self::BinaryFunction(..) => {
                ValueType::Real
            }
            Self::At { signal: a, .. } | Self::Negate(a) => operand(a),
            Self::Series { body, .. } | Self::Integral { body, .. } => {
                ValueType::real_if(operand(body) == ValueType::Real)
            }
            Self::Interpolate { .. } => {
                ValueType::real_if(list.chunks(2).all(|point| operand(point[1]) == ValueType::Real))
            }
            Self::If { then, otherwise, .. } => operand(then).either(operand(otherwise)),
            Self::BinaryOperator(operator, a, b) => match operator {
                BinaryOperator::Add | BinaryOperator::Subtract => operand(a).plus(operand(b)),
                BinaryOperator::Multiply | BinaryOperator::Divide => are_real(a, b),
                // A negative base has complex powers unless the exponent is an integer.
                BinaryOperator::Power => {
                    let is_integer = |b| constant(b).is_some_and(|b| is_whole(real_or_nan(b)));
                    let is_positive = |a| constant(a).is_some_and(|a| real_or_nan(a) >= 0.0);
                    if is_integer(b) || is_positive(a) { are_real(a, b) } else { ValueType::Unknown }
                }
                _ => ValueType::Real,
            },
            Self::UnaryFunction(function, a) => function.value_type(operand(a)),
            Self::Param(_)
            | Self::LocalVariable(_)
            | Self::Signal(_)
            | Self::Call { .. }
            | Self::Member(_)
            | Self::MemberFunction { .. } => ValueType::Unknown,
        }
    }
}

impl UnaryFunction {
    /// The type of the function's value, given that of its argument.
    fn value_type(self, argument: ValueType) -> ValueType {
        match self {
            Self::Abs | Self::Re | Self::Im | Self::Arg => ValueType::Real,
            Self::Conj => argument,
            _ if self.needs_real() => ValueType::Real,
            _ => ValueType::real_if(argument == ValueType::Real && self.real_function().is_some()),
        }
    }

    /// Whether the function is NaN of complex numbers.
    pub(super) fn needs_real(self) -> bool {
        match self {
            Self::Sign
            | Self::Floor
            | Self::Ceil
            | Self::Cbrt
            | Self::Erf
            | Self::Gamma
            | Self::Factorial => true,
            Self::Sin
            | Self::Cos
            | Self::Tan
            | Self::Asin
            | Self::Acos
            | Self::Atan
            | Self::Sinh
            | Self::Cosh
            | Self::Tanh
            | Self::Exp
            | Self::Log
            | Self::Log10
            | Self::Log2
            | Self::Sqrt
            | Self::Sinc
            | Self::Abs
            | Self::Re
            | Self::Im
            | Self::Arg
            | Self::Conj => false,
        }
    }
}

impl BinaryOperator {
    /// Whether the operator is NaN of complex numbers.
    pub(super) fn needs_real(self) -> bool {
        matches!(self, Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual)
    }
}
