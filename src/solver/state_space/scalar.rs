//! The numbers that states consist of: real, or complex where a matrix is complex.

use std::fmt::Debug;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use num_complex::Complex64;

/// A real or complex number.
pub(in crate::solver) trait Scalar:
    Copy
    + Debug
    + Default
    + PartialEq
    + Send
    + Sync
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Sum
    + 'static
{
    /// Whether this type has an imaginary part.
    const IS_COMPLEX: bool;

    /// The number without the imaginary part where the type has none.
    fn from_complex(value: Complex64) -> Self;

    /// The number as a complex one.
    fn to_complex(self) -> Complex64;

    /// The number with a function applied to the real and to the imaginary part.
    fn map_parts(self, function: impl Fn(f64) -> f64) -> Self;

    /// The number times a real factor.
    fn scale(self, factor: f64) -> Self {
        self.map_parts(|part| part * factor)
    }

    /// |re| + |im|: the size of the number up to a factor of √2.
    fn size(self) -> f64;

    /// The larger one of |re| and |im|.
    fn largest_part(self) -> f64;
}

impl Scalar for f64 {
    const IS_COMPLEX: bool = false;

    fn from_complex(value: Complex64) -> Self {
        value.re
    }

    fn to_complex(self) -> Complex64 {
        Complex64::new(self, 0.0)
    }

    fn map_parts(self, function: impl Fn(f64) -> f64) -> Self {
        function(self)
    }

    fn size(self) -> f64 {
        self.abs()
    }

    fn largest_part(self) -> f64 {
        self.abs()
    }
}

impl Scalar for Complex64 {
    const IS_COMPLEX: bool = true;

    fn from_complex(value: Complex64) -> Self {
        value
    }

    fn to_complex(self) -> Complex64 {
        self
    }

    fn map_parts(self, function: impl Fn(f64) -> f64) -> Self {
        Self::new(function(self.re), function(self.im))
    }

    fn size(self) -> f64 {
        self.re.abs() + self.im.abs()
    }

    fn largest_part(self) -> f64 {
        self.re.abs().max(self.im.abs())
    }
}
