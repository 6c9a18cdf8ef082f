//! Definite integrals of complex functions of a real variable, by adaptive Gauss–Kronrod quadrature.
//!
//! Fifteen points a piece, of which seven form the Gauss rule that estimates the error; the piece
//! with the largest error is halved until the whole is good, as in QUADPACK (Piessens et al., 1983),
//! whose error estimate this is. A limit at infinity is brought to 1 by substitution.

use std::cmp::Ordering;

use num_complex::Complex64;

use super::arithmetic::negate;
use super::number::{NAN, from_real, modulus};

/// The error asked for, relative to the integral.
const RELATIVE_TOLERANCE: f64 = 1e-12;
/// The error asked for, relative to the integral of |f|: integrals that vanish are exact to this.
const MAGNITUDE_TOLERANCE: f64 = 1e-13;
/// An error, relative to the integral of |f|, that no picture shows; beyond it the result is NaN.
const ACCEPTABLE_ERROR: f64 = 1e-7;
/// Pieces to begin with, so that a narrow peak is seldom overlooked.
const INITIAL_SUBINTERVALS: u32 = 4;
/// The most subintervals: a root singularity at an end takes about 90.
const MAX_SUBINTERVALS: usize = 300;

/// Kronrod's points in (0, 1], outermost first, with his weight and, at every second one, Gauss's.
const NODES: [(f64, f64, f64); 7] = [
    (0.991_455_371_120_812_6, 0.022_935_322_010_529_224, 0.0),
    (0.949_107_912_342_758_5, 0.063_092_092_629_978_56, 0.129_484_966_168_869_7),
    (0.864_864_423_359_769_1, 0.104_790_010_322_250_19, 0.0),
    (0.741_531_185_599_394_5, 0.140_653_259_715_525_92, 0.279_705_391_489_276_64),
    (0.586_087_235_467_691_1, 0.169_004_726_639_267_9, 0.0),
    (0.405_845_151_377_397_2, 0.190_350_578_064_785_4, 0.381_830_050_505_118_9),
    (0.207_784_955_007_898_47, 0.204_432_940_075_298_89, 0.0),
];
/// The weights at the middle.
const CENTER_WEIGHTS: (f64, f64) = (0.209_482_141_084_727_82, 0.417_959_183_673_469_4);

/// The integral of `f` from `from` to `to`, which may be infinite. To about 10⁻¹² of its value, or
/// of the integral of |f| where that is larger by a decade; NaN where `f` is not finite at a point
/// that is needed, and where the integral does not converge.
pub(super) fn integrate(mut f: impl FnMut(f64) -> Complex64, from: f64, to: f64) -> Complex64 {
    match from.partial_cmp(&to) {
        Some(Ordering::Less) => {}
        Some(Ordering::Equal) => return from_real(0.0),
        Some(Ordering::Greater) => return negate(integrate(f, to, from)),
        None => return NAN,
    }
    match (from.is_finite(), to.is_finite()) {
        (true, true) => integrate_finite(f, from, to),
        (true, false) => integrate_half_line(&mut f, from, 1.0),
        (false, true) => integrate_half_line(&mut f, to, -1.0),
        // One after the other, not folded onto each other: what cancels there need not converge.
        (false, false) => integrate_half_line(&mut f, 0.0, -1.0) + integrate_half_line(&mut f, 0.0, 1.0),
    }
}

/// The integral over all that lies from `end` onward in `direction`, by s = end ± u/(1 − u), which
/// brings infinity to u = 1.
fn integrate_half_line(f: &mut impl FnMut(f64) -> Complex64, end: f64, direction: f64) -> Complex64 {
    let integrand = |u: f64| {
        let rest = 1.0 - u;
        f(end + direction * (u / rest)) / (rest * rest)
    };
    integrate_finite(integrand, 0.0, 1.0)
}

/// What is known of a piece of the range.
#[derive(Clone, Copy)]
struct Subinterval {
    from: f64,
    to: f64,
    integral: Complex64,
    /// The integral of |f|.
    magnitude: f64,
    error: f64,
}

fn integrate_finite(mut f: impl FnMut(f64) -> Complex64, from: f64, to: f64) -> Complex64 {
    let width = (to - from) / f64::from(INITIAL_SUBINTERVALS);
    let edge = |i: u32| if i == INITIAL_SUBINTERVALS { to } else { from + width * f64::from(i) };
    let mut subintervals: Vec<Subinterval> =
        (0..INITIAL_SUBINTERVALS).map(|i| gauss_kronrod(&mut f, edge(i), edge(i + 1))).collect();
    loop {
        let (integral, magnitude, error) = sum_estimates(&subintervals);
        if !(integral.re.is_finite() && integral.im.is_finite() && error.is_finite()) {
            return NAN;
        }
        if error <= (RELATIVE_TOLERANCE * modulus(integral)).max(MAGNITUDE_TOLERANCE * magnitude) {
            return integral;
        }
        let worst =
            (0..subintervals.len()).max_by(|&a, &b| subintervals[a].error.total_cmp(&subintervals[b].error));
        let halves = worst.filter(|_| subintervals.len() < MAX_SUBINTERVALS).and_then(|worst| {
            let Subinterval { from, to, .. } = subintervals[worst];
            let middle = from + (to - from) / 2.0;
            (from < middle && middle < to).then_some((worst, from, middle, to))
        });
        let Some((worst, from, middle, to)) = halves else {
            return if error <= ACCEPTABLE_ERROR * magnitude { integral } else { NAN };
        };
        subintervals[worst] = gauss_kronrod(&mut f, from, middle);
        subintervals.push(gauss_kronrod(&mut f, middle, to));
    }
}

/// Integral, integral of |f|, and error of all subintervals.
fn sum_estimates(subintervals: &[Subinterval]) -> (Complex64, f64, f64) {
    subintervals.iter().fold((from_real(0.0), 0.0, 0.0), |(integral, magnitude, error), piece| {
        (integral + piece.integral, magnitude + piece.magnitude, error + piece.error)
    })
}

/// One application of the rule; QUADPACK's `qk15`.
fn gauss_kronrod(f: &mut impl FnMut(f64) -> Complex64, from: f64, to: f64) -> Subinterval {
    let half = (to - from) / 2.0;
    let center = from + half;
    let middle = f(center);
    let values = NODES.map(|(x, ..)| (f(center - half * x), f(center + half * x)));
    let mut kronrod = middle * CENTER_WEIGHTS.0;
    let mut gauss = middle * CENTER_WEIGHTS.1;
    let mut magnitude = modulus(middle) * CENTER_WEIGHTS.0;
    for ((left, right), (_, k, g)) in values.into_iter().zip(NODES) {
        kronrod += (left + right) * k;
        gauss += (left + right) * g;
        magnitude += (modulus(left) + modulus(right)) * k;
    }
    let mean = kronrod / 2.0;
    let mut variation = modulus(middle - mean) * CENTER_WEIGHTS.0;
    for ((left, right), (_, k, _)) in values.into_iter().zip(NODES) {
        variation += (modulus(left - mean) + modulus(right - mean)) * k;
    }
    let error = error_estimate(modulus(kronrod - gauss) * half, variation * half, magnitude * half);
    Subinterval { from, to, integral: kronrod * half, magnitude: magnitude * half, error }
}

/// The two rules' difference is the error of Gauss's; Kronrod's is far smaller, which QUADPACK
/// found well described by the power 3/2 of it beside the variation of f. Rounding is the floor.
fn error_estimate(difference: f64, variation: f64, magnitude: f64) -> f64 {
    let ratio = (200.0 * difference / variation).min(1.0);
    let error = if variation > 0.0 { variation * ratio * ratio.sqrt() } else { difference };
    error.max(10.0 * f64::EPSILON * magnitude)
}
