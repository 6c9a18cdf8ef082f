//! Sums, products, quotients and powers of complex values that may be real or purely imaginary.
//!
//! The textbook product (ac − bd) + j(ad + bc) turns inf·j into NaN, because it multiplies infinity by a zero
//! part. Here a part that is exactly zero counts as absent: a number on one of the axes multiplies or divides
//! the parts of the other number and does nothing else.

use num_complex::Complex64;

use super::elementary::{exp, log};
use super::number::{NAN, from_real, is_real, is_whole, modulus};

/// −a.
pub(super) fn negate(a: Complex64) -> Complex64 {
    Complex64::new(-a.re, if is_real(a) { 0.0 } else { -a.im })
}

/// a·b.
pub(super) fn multiply(a: Complex64, b: Complex64) -> Complex64 {
    match (is_real(a), is_real(b)) {
        (true, true) => from_real(a.re * b.re),
        (true, false) => multiply_by_real(b, a.re),
        (false, true) => multiply_by_real(a, b.re),
        (false, false) if a.re == 0.0 => times_j(multiply_by_real(b, a.im)),
        (false, false) if b.re == 0.0 => times_j(multiply_by_real(a, b.im)),
        (false, false) => a * b,
    }
}

/// a/b. A real quotient is that of IEEE 754, so 1/0 is infinite.
pub(super) fn divide(a: Complex64, b: Complex64) -> Complex64 {
    if is_real(b) {
        return if is_real(a) { from_real(a.re / b.re) } else { divide_by_real(a, b.re) };
    }
    if b.re == 0.0 {
        // 1/j = −j
        return negate(times_j(divide_by_real(a, b.im)));
    }
    // Smith's method: no intermediate result overflows unless the quotient nearly does.
    if b.re.abs() >= b.im.abs() {
        let ratio = b.im / b.re;
        let denominator = b.re + b.im * ratio;
        Complex64::new((a.re + a.im * ratio) / denominator, (a.im - a.re * ratio) / denominator)
    } else {
        let ratio = b.re / b.im;
        let denominator = b.re * ratio + b.im;
        Complex64::new((a.re * ratio + a.im) / denominator, (a.im * ratio - a.re) / denominator)
    }
}

/// factor·z for a real factor. A part that is zero stays zero even if the factor is infinite.
pub(super) fn multiply_by_real(z: Complex64, factor: f64) -> Complex64 {
    Complex64::new(multiply_parts(z.re, factor), multiply_parts(z.im, factor))
}

/// a·b, and 0 if either factor is 0, even if the other one is infinite or NaN.
#[inline]
pub(super) fn multiply_parts(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { 0.0 } else { a * b }
}

/// z/divisor for a real divisor. A part that is zero stays zero even if the divisor is 0.
fn divide_by_real(z: Complex64, divisor: f64) -> Complex64 {
    let part = |part: f64| if part == 0.0 { 0.0 } else { part / divisor };
    Complex64::new(part(z.re), part(z.im))
}

/// j·z.
pub(super) fn times_j(z: Complex64) -> Complex64 {
    Complex64::new(if is_real(z) { 0.0 } else { -z.im }, z.re)
}

/// The largest integer exponent for which a complex power is computed by squaring. Beyond it, the logarithm is
/// as accurate and faster.
const MAX_SQUARINGS: f64 = 1024.0;

/// a^b. Integer powers are products and exact where products are; other powers are the principal value
/// exp(b·log a).
///
/// 0^0 is 1. 0^b with complex b is 0 if the real part of b is positive and NaN otherwise.
pub(super) fn power(a: Complex64, b: Complex64) -> Complex64 {
    if is_real(b) {
        if b == from_real(2.0) {
            return multiply(a, a);
        }
        return if is_real(a) { real_power(a.re, b.re) } else { complex_power(a, b.re) };
    }
    if a == from_real(0.0) {
        return if b.re > 0.0 { from_real(0.0) } else { NAN };
    }
    exp(multiply(b, log(a)))
}

/// a^b for real a and b; complex if a is negative and b is not an integer.
fn real_power(a: f64, b: f64) -> Complex64 {
    // libm's pow handles negative bases with integer exponents and is exact where the result is.
    if a >= 0.0 || is_whole(b) || a.is_nan() || b.is_nan() {
        return from_real(libm::pow(a, b));
    }
    polar(libm::pow(-a, b), b * std::f64::consts::PI)
}

/// a^b for complex a and real b.
fn complex_power(a: Complex64, b: f64) -> Complex64 {
    if is_whole(b) && b.abs() <= MAX_SQUARINGS {
        let whole = power_by_squaring(a, b.abs() as u32);
        return if b < 0.0 { divide(from_real(1.0), whole) } else { whole };
    }
    polar(libm::pow(modulus(a), b), b * libm::atan2(a.im, a.re))
}

/// The product of `exponent` factors, by repeated squaring.
fn power_by_squaring(mut square: Complex64, mut exponent: u32) -> Complex64 {
    let mut product = from_real(1.0);
    while exponent > 0 {
        if exponent & 1 == 1 {
            product = multiply(product, square);
        }
        exponent >>= 1;
        if exponent > 0 {
            square = multiply(square, square);
        }
    }
    product
}

/// radius·exp(j·angle).
pub(super) fn polar(radius: f64, angle: f64) -> Complex64 {
    let (sine, cosine) = libm::sincos(angle);
    Complex64::new(multiply_parts(radius, cosine), multiply_parts(radius, sine))
}
