//! The values of infix operators.

use num_complex::Complex64;

use super::arithmetic::{divide, multiply, power};
use super::ast::BinaryOperator;
use super::number::{NAN, from_truth, to_real, to_truth};

impl BinaryOperator {
    /// The value of the operator. `and` and `or` are NaN where an operand that decides is NaN.
    pub(super) fn apply(self, a: Complex64, b: Complex64) -> Complex64 {
        match self {
            Self::And | Self::Or => match to_truth(a) {
                None => NAN,
                Some(first) if first == (self == Self::Or) => from_truth(first),
                Some(_) => to_truth(b).map_or(NAN, from_truth),
            },
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => multiply(a, b),
            Self::Divide => divide(a, b),
            Self::Power => power(a, b),
            Self::Equal => from_truth(a == b),
            Self::NotEqual => from_truth(a != b),
            Self::Less => compare(a, b, |a, b| a < b),
            Self::LessEqual => compare(a, b, |a, b| a <= b),
            Self::Greater => compare(a, b, |a, b| a > b),
            Self::GreaterEqual => compare(a, b, |a, b| a >= b),
        }
    }
}

/// Compares two values by `holds`: 1 or 0, or NaN if one of them is not real. A comparison with NaN is 0.
fn compare(a: Complex64, b: Complex64, holds: fn(f64, f64) -> bool) -> Complex64 {
    match (to_real(a), to_real(b)) {
        (Ok(a), Ok(b)) => from_truth(holds(a, b)),
        (Err(_), _) | (_, Err(_)) => NAN,
    }
}
