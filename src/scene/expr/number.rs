//! Complex values that may be real.
//!
//! A value is real if its imaginary part is zero, of either sign. Functions treat real values on the real
//! line and return an imaginary part of +0, so no branch cut depends on the sign of a zero: a real number
//! on a cut belongs to the upper half plane.

use std::fmt;

use num_complex::Complex64;

/// The real value NaN.
pub(super) const NAN: Complex64 = Complex64::new(f64::NAN, 0.0);

/// The largest imaginary part, relative to max(1, |value|), that counts as rounding noise.
///
/// The rounding errors of a thousand terms stay three decades below this limit; a difference that is visible
/// in a picture lies six decades above.
const NOISE: f64 = 1e-9;

/// The error for a value that is not real where a real number is needed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotReal {
    /// The complex value.
    pub value: Complex64,
}

impl fmt::Display for NotReal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.value.im < 0.0 { '-' } else { '+' };
        let (re, im) = (six_digits(self.value.re), six_digits(self.value.im.abs()));
        write!(f, "a real number is needed, the value is {re} {sign} {im}*j")
    }
}

/// The number rounded to six significant digits, for messages.
pub(crate) fn six_digits(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

impl std::error::Error for NotReal {}

/// The value as a real number. The imaginary part may be rounding noise, at most 10⁻⁹·max(1, |value|).
///
/// A value with a NaN part gives NaN: it breaks a curve and is no error.
///
/// # Errors
///
/// [`NotReal`] for any larger imaginary part.
pub fn to_real(value: Complex64) -> Result<f64, NotReal> {
    if value.im == 0.0 {
        return Ok(value.re);
    }
    if value.re.is_nan() || value.im.is_nan() {
        return Ok(f64::NAN);
    }
    let noise = NOISE * value.re.abs().max(value.im.abs()).max(1.0);
    if value.im.is_finite() && value.im.abs() <= noise { Ok(value.re) } else { Err(NotReal { value }) }
}

/// The value as a real number; NaN if it is not real.
pub(super) fn real_or_nan(value: Complex64) -> f64 {
    to_real(value).unwrap_or(f64::NAN)
}

/// A real number as a complex value.
pub(super) const fn from_real(value: f64) -> Complex64 {
    Complex64::new(value, 0.0)
}

/// Whether the imaginary part is exactly zero, of either sign.
pub(super) fn is_real(value: Complex64) -> bool {
    value.im == 0.0
}

/// Whether a number is an integer. Infinities count as integers.
pub(super) fn is_whole(x: f64) -> bool {
    x.fract() == 0.0 || x.is_infinite()
}

/// A truth value as a number: 1 for true, 0 for false.
pub(super) fn from_truth(truth: bool) -> Complex64 {
    from_real(f64::from(u8::from(truth)))
}

/// A value as a truth value: 0 is false, NaN is `None`, everything else is true.
pub(super) fn to_truth(value: Complex64) -> Option<bool> {
    if value.re.is_nan() || value.im.is_nan() { None } else { Some(value.re != 0.0 || value.im != 0.0) }
}

/// |z|, with the same bits on every platform.
#[inline]
pub(super) fn modulus(z: Complex64) -> f64 {
    if is_real(z) { z.re.abs() } else { libm::hypot(z.re, z.im) }
}
