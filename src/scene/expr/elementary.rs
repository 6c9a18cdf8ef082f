//! The elementary functions of complex numbers; real where the real function is.
//!
//! On the real line the functions are those of `libm`, so that every platform computes the same bits. Off
//! the real line they follow W. Kahan, "Branch cuts for complex elementary functions" (1987), and give
//! principal values. A real argument on a branch cut (`sqrt(-1)`, `log(-1)`, `asin(2)`) belongs to the upper
//! half plane.

use std::f64::consts::{FRAC_PI_2, LN_2, LN_10, PI};

use num_complex::Complex64;

use super::arithmetic::{multiply_parts, negate, polar, times_j};
use super::number::{from_real, is_real};

/// eᶻ.
pub(super) fn exp(z: Complex64) -> Complex64 {
    if is_real(z) { from_real(libm::exp(z.re)) } else { polar(libm::exp(z.re), z.im) }
}

/// The natural logarithm, with −π < imaginary part ≤ π.
pub(super) fn log(z: Complex64) -> Complex64 {
    if is_real(z) {
        return Complex64::new(libm::log(z.re.abs()), arg(z));
    }
    let (large, small) = (z.re.abs().max(z.im.abs()), z.re.abs().min(z.im.abs()));
    let modulus = if (0.5..=2.0).contains(&large) {
        // Near the unit circle, rounding |z| would lose the digits of log|z|.
        libm::log1p((large - 1.0) * (large + 1.0) + small * small) / 2.0
    } else {
        libm::log(libm::hypot(z.re, z.im))
    };
    Complex64::new(modulus, arg(z))
}

/// The decimal logarithm. Powers of ten have exact logarithms.
pub(super) fn log10(z: Complex64) -> Complex64 {
    logarithm_to_base(z, libm::log10, LN_10)
}

/// The binary logarithm. Powers of two have exact logarithms.
pub(super) fn log2(z: Complex64) -> Complex64 {
    logarithm_to_base(z, libm::log2, LN_2)
}

/// The logarithm to a base, given the real one and the natural logarithm of the base.
fn logarithm_to_base(z: Complex64, real: fn(f64) -> f64, base: f64) -> Complex64 {
    let modulus = if is_real(z) { real(z.re.abs()) } else { log(z).re / base };
    Complex64::new(modulus, arg(z) / base)
}

/// The argument (angle) of z, with −π < angle ≤ π. The angle of 0 is 0.
pub(super) fn arg(z: Complex64) -> f64 {
    // Adding 0 turns −0 into +0, so that negative reals have the angle π.
    libm::atan2(z.im + 0.0, z.re + 0.0)
}

/// The square root whose real part is not negative. The root of −1 is j.
pub(super) fn sqrt(z: Complex64) -> Complex64 {
    if is_real(z) {
        return if z.re < 0.0 { Complex64::new(0.0, (-z.re).sqrt()) } else { from_real(z.re.sqrt()) };
    }
    let larger = (z.re.abs() / 2.0 + libm::hypot(z.re, z.im) / 2.0).sqrt();
    let smaller = z.im.abs() / 2.0 / larger;
    if z.re >= 0.0 {
        Complex64::new(larger, smaller.copysign(z.im))
    } else {
        Complex64::new(smaller, larger.copysign(z.im))
    }
}

/// The sine.
pub(super) fn sin(z: Complex64) -> Complex64 {
    if is_real(z) {
        return from_real(libm::sin(z.re));
    }
    Complex64::new(
        multiply_parts(libm::sin(z.re), libm::cosh(z.im)),
        multiply_parts(libm::cos(z.re), libm::sinh(z.im)),
    )
}

/// The cosine.
pub(super) fn cos(z: Complex64) -> Complex64 {
    if is_real(z) {
        return from_real(libm::cos(z.re));
    }
    Complex64::new(
        multiply_parts(libm::cos(z.re), libm::cosh(z.im)),
        multiply_parts(-libm::sin(z.re), libm::sinh(z.im)),
    )
}

/// The tangent.
pub(super) fn tan(z: Complex64) -> Complex64 {
    if is_real(z) { from_real(libm::tan(z.re)) } else { times_minus_j(tanh_off_axis(times_j(z))) }
}

/// The hyperbolic sine, −j·sin(jz).
pub(super) fn sinh(z: Complex64) -> Complex64 {
    if is_real(z) { from_real(libm::sinh(z.re)) } else { times_minus_j(sin(times_j(z))) }
}

/// The hyperbolic cosine, cos(jz).
pub(super) fn cosh(z: Complex64) -> Complex64 {
    if is_real(z) { from_real(libm::cosh(z.re)) } else { cos(times_j(z)) }
}

/// The hyperbolic tangent.
pub(super) fn tanh(z: Complex64) -> Complex64 {
    if is_real(z) { from_real(libm::tanh(z.re)) } else { tanh_off_axis(z) }
}

/// Kahan's CTANH for arguments off the real line: without overflow for any real part and without cancellation
/// near a pole.
fn tanh_off_axis(z: Complex64) -> Complex64 {
    /// For larger |x|, tanh x rounds to ±1 and its derivative underflows every digit.
    const FLAT: f64 = 175.0;
    if z.re.abs() > FLAT {
        return Complex64::new(1.0_f64.copysign(z.re), 0.0);
    }
    let (tangent, sinh) = (libm::tan(z.im), libm::sinh(z.re));
    let secant2 = 1.0 + tangent * tangent;
    let cosh = (1.0 + sinh * sinh).sqrt();
    let denominator = 1.0 + secant2 * sinh * sinh;
    Complex64::new(secant2 * cosh * sinh / denominator, tangent / denominator)
}

/// The inverse sine. For real |x| > 1 its imaginary part is acosh|x|.
pub(super) fn asin(z: Complex64) -> Complex64 {
    if is_real(z) {
        return if z.re.abs() > 1.0 {
            Complex64::new(FRAC_PI_2.copysign(z.re), libm::acosh(z.re.abs()))
        } else {
            from_real(libm::asin(z.re))
        };
    }
    let (minus, plus) = sqrt_one_minus_and_plus(z);
    Complex64::new(
        libm::atan2(z.re, minus.re * plus.re - minus.im * plus.im),
        libm::asinh(minus.re * plus.im - minus.im * plus.re),
    )
}

/// The inverse cosine, π/2 − asin z.
pub(super) fn acos(z: Complex64) -> Complex64 {
    if is_real(z) {
        return if z.re.abs() > 1.0 {
            Complex64::new(if z.re < 0.0 { PI } else { 0.0 }, -libm::acosh(z.re.abs()))
        } else {
            from_real(libm::acos(z.re))
        };
    }
    let (minus, plus) = sqrt_one_minus_and_plus(z);
    Complex64::new(2.0 * libm::atan2(minus.re, plus.re), libm::asinh(plus.re * minus.im - plus.im * minus.re))
}

/// √(1 − z) and √(1 + z).
fn sqrt_one_minus_and_plus(z: Complex64) -> (Complex64, Complex64) {
    (sqrt(Complex64::new(1.0 - z.re, -z.im)), sqrt(Complex64::new(1.0 + z.re, z.im)))
}

/// The inverse tangent, with poles at ±j.
pub(super) fn atan(z: Complex64) -> Complex64 {
    if is_real(z) {
        return from_real(libm::atan(z.re));
    }
    let (x, y) = (z.re + 0.0, z.im.abs());
    let below = 1.0 - y;
    // ¼·log((x² + (y + 1)²)/(x² + (y − 1)²)) for y ≥ 0. The function is odd in y.
    let imaginary = libm::log1p(4.0 * y / (x * x + below * below)) / 4.0;
    Complex64::new(libm::atan2(2.0 * x, below * (1.0 + y) - x * x) / 2.0, imaginary.copysign(z.im))
}

/// −j·z.
fn times_minus_j(z: Complex64) -> Complex64 {
    negate(times_j(z))
}
