//! Complex values that may be real.
//!
//! A value whose imaginary part is zero, of either sign, is real: the functions treat it on the
//! real line and return an imaginary part of +0. So no branch cut depends on the sign of a zero:
//! a real number on a cut belongs to the upper half plane.

use std::fmt;

use num_complex::Complex64;

/// No number.
pub(super) const NAN: Complex64 = Complex64::new(f64::NAN, 0.0);

/// How large an imaginary part may be beside max(1, |value|) and still be rounding noise. Sums of a
/// thousand rounded terms stay three decades below; what a reader could see lies six above.
const NOISE: f64 = 1e-9;

/// A value that is not real where a real one is needed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotReal {
    /// The value.
    pub value: Complex64,
}

impl fmt::Display for NotReal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.value.im < 0.0 { '-' } else { '+' };
        let (re, im) = (six_digits(self.value.re), six_digits(self.value.im.abs()));
        write!(f, "a real number is needed, this is {re} {sign} {im}*j")
    }
}

/// The number to six significant digits: enough to recognise it by.
pub(crate) fn six_digits(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

impl std::error::Error for NotReal {}

/// The value as a real number: its imaginary part may be rounding noise, at most 10⁻⁹·max(1, |value|).
/// A value with a NaN in it is NaN, which breaks a curve and is no error.
///
/// # Errors
///
/// Any other imaginary part.
pub fn real(value: Complex64) -> Result<f64, NotReal> {
    if value.im == 0.0 {
        return Ok(value.re);
    }
    if value.re.is_nan() || value.im.is_nan() {
        return Ok(f64::NAN);
    }
    let noise = NOISE * value.re.abs().max(value.im.abs()).max(1.0);
    if value.im.is_finite() && value.im.abs() <= noise { Ok(value.re) } else { Err(NotReal { value }) }
}

/// The value as a real number, NaN where it is not.
pub(super) fn real_or_nan(value: Complex64) -> f64 {
    real(value).unwrap_or(f64::NAN)
}

/// A real number as a value.
pub(super) const fn from_real(value: f64) -> Complex64 {
    Complex64::new(value, 0.0)
}

/// Whether a value is exactly real.
pub(super) fn is_real(value: Complex64) -> bool {
    value.im == 0.0
}

/// Whether a number is whole; infinities are.
pub(super) fn is_whole(x: f64) -> bool {
    x.fract() == 0.0 || x.is_infinite()
}

/// 1 for true, 0 for false.
pub(super) fn from_truth(truth: bool) -> Complex64 {
    from_real(f64::from(u8::from(truth)))
}

/// Whether a value counts as true, which all but 0 do; `None` for NaN.
pub(super) fn truth(value: Complex64) -> Option<bool> {
    if value.re.is_nan() || value.im.is_nan() { None } else { Some(value.re != 0.0 || value.im != 0.0) }
}

/// |z|, the same on every platform.
pub(super) fn modulus(z: Complex64) -> f64 {
    if is_real(z) { z.re.abs() } else { libm::hypot(z.re, z.im) }
}
