//! The functions of the language: names, arguments, values.
//!
//! All functions are total. A function is NaN where it is undefined, and where it needs real arguments and
//! gets complex ones. NaN breaks a curve.

use num_complex::Complex64;

use super::number::{NAN, from_real, is_real, modulus, real_or_nan};
use super::series::Series;
use super::{elementary, special};

/// A function, by the form of its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    /// One argument.
    Unary(UnaryFunction),
    /// Two arguments.
    Binary(BinaryFunction),
    /// Two or more arguments, combined pairwise from the left.
    Fold(BinaryFunction),
    /// `if(condition, then, else)`.
    If,
    /// `sum(TERM, variable, from, to)` and its relatives.
    Series(Series),
    /// `integral(INTEGRAND, variable, from, to)`.
    Integral,
    /// `interp(x, [[x0, y0], …])`.
    Interpolate,
}

/// A function of one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum UnaryFunction {
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Exp,
    Log,
    Log10,
    Log2,
    Sqrt,
    Cbrt,
    Erf,
    Sinc,
    Gamma,
    Factorial,
    Abs,
    Sign,
    Floor,
    Ceil,
    Re,
    Im,
    Arg,
    Conj,
}

/// A function of two arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum BinaryFunction {
    Atan2,
    Min,
    Max,
    Mod,
    Hypot,
    Legendre,
    Besselj,
}

/// The functions by name.
const FUNCTIONS: [(&str, Function); 40] = [
    ("sin", Function::Unary(UnaryFunction::Sin)),
    ("cos", Function::Unary(UnaryFunction::Cos)),
    ("tan", Function::Unary(UnaryFunction::Tan)),
    ("asin", Function::Unary(UnaryFunction::Asin)),
    ("acos", Function::Unary(UnaryFunction::Acos)),
    ("atan", Function::Unary(UnaryFunction::Atan)),
    ("atan2", Function::Binary(BinaryFunction::Atan2)),
    ("sinh", Function::Unary(UnaryFunction::Sinh)),
    ("cosh", Function::Unary(UnaryFunction::Cosh)),
    ("tanh", Function::Unary(UnaryFunction::Tanh)),
    ("exp", Function::Unary(UnaryFunction::Exp)),
    ("log", Function::Unary(UnaryFunction::Log)),
    ("log10", Function::Unary(UnaryFunction::Log10)),
    ("log2", Function::Unary(UnaryFunction::Log2)),
    ("sqrt", Function::Unary(UnaryFunction::Sqrt)),
    ("cbrt", Function::Unary(UnaryFunction::Cbrt)),
    ("abs", Function::Unary(UnaryFunction::Abs)),
    ("min", Function::Fold(BinaryFunction::Min)),
    ("max", Function::Fold(BinaryFunction::Max)),
    ("sign", Function::Unary(UnaryFunction::Sign)),
    ("floor", Function::Unary(UnaryFunction::Floor)),
    ("ceil", Function::Unary(UnaryFunction::Ceil)),
    ("mod", Function::Binary(BinaryFunction::Mod)),
    ("hypot", Function::Binary(BinaryFunction::Hypot)),
    ("re", Function::Unary(UnaryFunction::Re)),
    ("im", Function::Unary(UnaryFunction::Im)),
    ("arg", Function::Unary(UnaryFunction::Arg)),
    ("conj", Function::Unary(UnaryFunction::Conj)),
    ("if", Function::If),
    ("sum", Function::Series(Series::Sum)),
    ("mean", Function::Series(Series::Mean)),
    ("prod", Function::Series(Series::Product)),
    ("integral", Function::Integral),
    ("interp", Function::Interpolate),
    ("legendre", Function::Binary(BinaryFunction::Legendre)),
    ("besselj", Function::Binary(BinaryFunction::Besselj)),
    ("erf", Function::Unary(UnaryFunction::Erf)),
    ("gamma", Function::Unary(UnaryFunction::Gamma)),
    ("factorial", Function::Unary(UnaryFunction::Factorial)),
    ("sinc", Function::Unary(UnaryFunction::Sinc)),
];

/// The function with this name.
pub(super) fn lookup(name: &str) -> Option<Function> {
    FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, form)| *form)
}

/// Whether a name is that of a function of the language.
#[must_use]
pub fn is_function(name: &str) -> bool {
    lookup(name).is_some()
}

/// The names of all functions.
pub(super) fn function_names<'a>() -> impl Iterator<Item = &'a str> {
    FUNCTIONS.iter().map(|(name, _)| *name)
}

impl UnaryFunction {
    /// The real function, if it is defined and real on the whole real line.
    pub(super) fn real_function(self) -> Option<fn(f64) -> f64> {
        match self {
            Self::Sin => Some(libm::sin),
            Self::Cos => Some(libm::cos),
            Self::Tan => Some(libm::tan),
            Self::Atan => Some(libm::atan),
            Self::Sinh => Some(libm::sinh),
            Self::Cosh => Some(libm::cosh),
            Self::Tanh => Some(libm::tanh),
            Self::Exp => Some(libm::exp),
            Self::Cbrt => Some(libm::cbrt),
            Self::Erf => Some(libm::erf),
            Self::Sinc => Some(special::sinc),
            Self::Gamma => Some(libm::tgamma),
            Self::Factorial => Some(special::factorial),
            _ => None,
        }
    }

    /// The value at z.
    pub(super) fn apply(self, z: Complex64) -> Complex64 {
        match self {
            Self::Sin => elementary::sin(z),
            Self::Cos => elementary::cos(z),
            Self::Tan => elementary::tan(z),
            Self::Asin => elementary::asin(z),
            Self::Acos => elementary::acos(z),
            Self::Atan => elementary::atan(z),
            Self::Sinh => elementary::sinh(z),
            Self::Cosh => elementary::cosh(z),
            Self::Tanh => elementary::tanh(z),
            Self::Exp => elementary::exp(z),
            Self::Log => elementary::log(z),
            Self::Log10 => elementary::log10(z),
            Self::Log2 => elementary::log2(z),
            Self::Sqrt => elementary::sqrt(z),
            Self::Cbrt => from_real(libm::cbrt(real_or_nan(z))),
            Self::Erf => from_real(libm::erf(real_or_nan(z))),
            Self::Sinc => special::complex_sinc(z),
            Self::Gamma => from_real(libm::tgamma(real_or_nan(z))),
            Self::Factorial => from_real(special::factorial(real_or_nan(z))),
            Self::Abs => from_real(modulus(z)),
            Self::Sign => from_real(sign(real_or_nan(z))),
            Self::Floor => from_real(real_or_nan(z).floor()),
            Self::Ceil => from_real(real_or_nan(z).ceil()),
            Self::Re => from_real(z.re),
            Self::Im => from_real(z.im),
            Self::Arg => from_real(elementary::arg(z)),
            Self::Conj if is_real(z) => z,
            Self::Conj => z.conj(),
        }
    }
}

impl BinaryFunction {
    /// The value at (a, b).
    pub(super) fn apply(self, a: Complex64, b: Complex64) -> Complex64 {
        if self == Self::Legendre {
            return special::legendre(real_or_nan(a), b);
        }
        let (a, b) = (real_or_nan(a), real_or_nan(b));
        if a.is_nan() || b.is_nan() {
            return NAN;
        }
        from_real(match self {
            Self::Atan2 => libm::atan2(a, b),
            // Of equal numbers the first one. `f64::min` may return either of +0 and −0, which 1/x tells apart.
            Self::Min if b < a => b,
            Self::Max if b > a => b,
            Self::Min | Self::Max => a,
            Self::Mod => floored_modulo(a, b),
            Self::Hypot => libm::hypot(a, b),
            Self::Besselj => special::besselj(a, b),
            Self::Legendre => f64::NAN,
        })
    }
}

/// The sign of x: −1, 0 or 1; NaN for NaN.
fn sign(x: f64) -> f64 {
    if x == 0.0 || x.is_nan() { x.abs() } else { x.signum() }
}

/// a − b·floor(a/b) without rounding errors, like Python's `%`. The result has the sign of b.
fn floored_modulo(a: f64, b: f64) -> f64 {
    let remainder = libm::fmod(a, b);
    if remainder == 0.0 {
        0.0_f64.copysign(b)
    } else if (remainder < 0.0) == (b < 0.0) {
        remainder
    } else {
        remainder + b
    }
}
