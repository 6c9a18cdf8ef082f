//! Special functions: Legendre polynomials, Bessel functions, the factorial, the cardinal sine.
//!
//! Values of real arguments are those of `libm`, so that every platform computes the same bits.

use std::f64::consts::PI;

use num_complex::Complex64;

use super::arithmetic::{divide, multiply, multiply_by_real, multiply_parts};
use super::number::{NAN, from_real, is_real, is_whole};

/// The highest degree of a Legendre polynomial and order of a Bessel function. It bounds the work and exceeds what a
/// picture can resolve.
pub(super) const MAX_ORDER: f64 = 1000.0;

/// The Legendre polynomial of degree n at x, by the recurrence (k + 1)·Pₖ₊₁ = (2k + 1)·x·Pₖ − k·Pₖ₋₁.
///
/// It is NaN unless the degree is an integer from 0 to [`MAX_ORDER`].
pub(super) fn legendre(n: f64, x: Complex64) -> Complex64 {
    if !is_whole(n) || !(0.0..=MAX_ORDER).contains(&n) {
        return NAN;
    }
    let (mut previous, mut value) = (from_real(0.0), from_real(1.0));
    for k in 0..n as u32 {
        let k = f64::from(k);
        let next = multiply(from_real(2.0 * k + 1.0), multiply(x, value)) - multiply(from_real(k), previous);
        (previous, value) = (value, divide(next, from_real(k + 1.0)));
    }
    value
}

/// The Bessel function of the first kind of order n at x.
///
/// It is NaN unless the order is an integer from −[`MAX_ORDER`] to [`MAX_ORDER`].
pub(super) fn besselj(n: f64, x: f64) -> f64 {
    if is_order(n) { libm::jn(n as i32, x) } else { f64::NAN }
}

/// Whether Bessel functions of this order have values.
pub(super) fn is_order(n: f64) -> bool {
    is_whole(n) && n.abs() <= MAX_ORDER
}

/// n! of an integer from 0 on; NaN for other numbers.
pub(super) fn factorial(n: f64) -> f64 {
    if is_whole(n) && n >= 0.0 { libm::tgamma(n + 1.0) } else { f64::NAN }
}

/// sin(πx)/(πx), which is 1 at 0 and 0 at all other integers.
pub(super) fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    if x.is_infinite() {
        return 0.0;
    }
    sin_and_cos_of_pi(x)[0] / (PI * x)
}

/// sin(πz)/(πz) of a complex number.
pub(super) fn complex_sinc(z: Complex64) -> Complex64 {
    if is_real(z) {
        return from_real(sinc(z.re));
    }
    let [sin, cos] = sin_and_cos_of_pi(z.re);
    let height = PI * z.im;
    let sine =
        Complex64::new(multiply_parts(sin, libm::cosh(height)), multiply_parts(cos, libm::sinh(height)));
    divide(sine, multiply_by_real(z, PI))
}

/// sin(πx) and cos(πx). The distance to the nearest half is exact, so that the zeros are, too.
fn sin_and_cos_of_pi(x: f64) -> [f64; 2] {
    // Both change their sign from one integer to the next.
    let nearest = libm::rint(x);
    let sign = if libm::fmod(nearest, 2.0) == 0.0 { 1.0 } else { -1.0 };
    let rest = x - nearest;
    let cos = if rest.abs() == 0.5 { 0.0 } else { libm::cos(PI * rest) };
    [sign * libm::sin(PI * rest), sign * cos]
}
