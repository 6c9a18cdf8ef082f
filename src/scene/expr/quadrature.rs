//! Definite integrals of complex functions of a real variable, by adaptive Gauss–Kronrod quadrature.
//!
//! Each subinterval uses the 15-point Kronrod rule; the embedded 7-point Gauss rule estimates the error. The
//! subinterval with the largest error is halved until the total error is small enough, as in QUADPACK
//! (Piessens et al., 1983), which is also the source of the error estimate. An infinite limit is mapped to 1
//! by substitution.

use std::cmp::Ordering;

use num_complex::Complex64;

use super::arithmetic::negate;
use super::number::{NAN, from_real, modulus};

/// The requested error, relative to the integral.
const RELATIVE_TOLERANCE: f64 = 1e-12;
/// The requested error, relative to the integral of |f|. It applies where the integral itself cancels.
const MAGNITUDE_TOLERANCE: f64 = 1e-13;
/// The largest error, relative to the integral of |f|, that is invisible in a picture. Beyond it the result is
/// NaN.
const ACCEPTABLE_ERROR: f64 = 1e-7;
/// The number of equal subintervals at the start. With several, a narrow peak is seldom missed.
const INITIAL_SUBINTERVALS: u32 = 4;
/// The maximum number of subintervals. A square root singularity at an end point takes about 90.
const MAX_SUBINTERVALS: usize = 300;

/// A pair of nodes of the 15-point Kronrod rule on [−1, 1], at ±x.
struct NodePair {
    x: f64,
    kronrod_weight: f64,
    /// The weight in the embedded 7-point Gauss rule; 0 for a node that is not in it.
    gauss_weight: f64,
}

const fn pair(x: f64, kronrod_weight: f64, gauss_weight: f64) -> NodePair {
    NodePair { x, kronrod_weight, gauss_weight }
}

/// The nodes of the rule other than 0, outermost first.
const NODE_PAIRS: [NodePair; 7] = [
    pair(0.991_455_371_120_812_6, 0.022_935_322_010_529_224, 0.0),
    pair(0.949_107_912_342_758_5, 0.063_092_092_629_978_56, 0.129_484_966_168_869_7),
    pair(0.864_864_423_359_769_1, 0.104_790_010_322_250_19, 0.0),
    pair(0.741_531_185_599_394_5, 0.140_653_259_715_525_92, 0.279_705_391_489_276_64),
    pair(0.586_087_235_467_691_1, 0.169_004_726_639_267_9, 0.0),
    pair(0.405_845_151_377_397_2, 0.190_350_578_064_785_4, 0.381_830_050_505_118_9),
    pair(0.207_784_955_007_898_47, 0.204_432_940_075_298_89, 0.0),
];
/// The weight of the node 0 in the Kronrod rule.
const CENTER_KRONROD_WEIGHT: f64 = 0.209_482_141_084_727_82;
/// The weight of the node 0 in the Gauss rule.
const CENTER_GAUSS_WEIGHT: f64 = 0.417_959_183_673_469_4;

/// The integral of `f` from `from` to `to`, which may be infinite.
///
/// The error is about 10⁻¹² of the integral, or 10⁻¹³ of the integral of |f| if that is larger. The result is
/// NaN if `f` is not finite at a node or if the integral does not converge.
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
        // The halves are integrated separately: folding them would hide a divergence that cancels.
        (false, false) => integrate_half_line(&mut f, 0.0, -1.0) + integrate_half_line(&mut f, 0.0, 1.0),
    }
}

/// The integral from `end` to infinity in `direction` (+1 or −1), by the substitution s = end ± u/(1 − u),
/// which maps infinity to u = 1.
fn integrate_half_line(f: &mut impl FnMut(f64) -> Complex64, end: f64, direction: f64) -> Complex64 {
    let integrand = |u: f64| {
        let rest = 1.0 - u;
        f(end + direction * (u / rest)) / (rest * rest)
    };
    integrate_finite(integrand, 0.0, 1.0)
}

/// The estimates for one subinterval.
#[derive(Clone, Copy)]
struct Subinterval {
    from: f64,
    to: f64,
    /// The integral of f.
    integral: Complex64,
    /// The integral of |f|.
    magnitude: f64,
    /// The estimated error of `integral`.
    error: f64,
}

/// The integral between finite limits.
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

/// The totals of the integrals, of the integrals of |f|, and of the errors.
fn sum_estimates(subintervals: &[Subinterval]) -> (Complex64, f64, f64) {
    subintervals.iter().fold((from_real(0.0), 0.0, 0.0), |(integral, magnitude, error), part| {
        (integral + part.integral, magnitude + part.magnitude, error + part.error)
    })
}

/// Applies the Gauss–Kronrod rule to one subinterval; QUADPACK's `qk15`.
fn gauss_kronrod(f: &mut impl FnMut(f64) -> Complex64, from: f64, to: f64) -> Subinterval {
    let half = (to - from) / 2.0;
    let center = from + half;
    let middle = f(center);
    let values = NODE_PAIRS.map(|NodePair { x, .. }| (f(center - half * x), f(center + half * x)));
    let mut kronrod = middle * CENTER_KRONROD_WEIGHT;
    let mut gauss = middle * CENTER_GAUSS_WEIGHT;
    let mut magnitude = modulus(middle) * CENTER_KRONROD_WEIGHT;
    for ((left, right), NodePair { kronrod_weight, gauss_weight, .. }) in values.into_iter().zip(NODE_PAIRS) {
        kronrod += (left + right) * kronrod_weight;
        gauss += (left + right) * gauss_weight;
        magnitude += (modulus(left) + modulus(right)) * kronrod_weight;
    }
    let mean = kronrod / 2.0;
    let mut variation = modulus(middle - mean) * CENTER_KRONROD_WEIGHT;
    for ((left, right), NodePair { kronrod_weight, .. }) in values.into_iter().zip(NODE_PAIRS) {
        variation += (modulus(left - mean) + modulus(right - mean)) * kronrod_weight;
    }
    let error = error_estimate(modulus(kronrod - gauss) * half, variation * half, magnitude * half);
    Subinterval { from, to, integral: kronrod * half, magnitude: magnitude * half, error }
}

/// QUADPACK's estimate of the error of the Kronrod rule.
///
/// The difference of the two rules is the error of the Gauss rule. The Kronrod rule is far more accurate; its
/// error is well described by the power 3/2 of that difference relative to the variation of f. Rounding
/// errors are a lower bound.
fn error_estimate(difference: f64, variation: f64, magnitude: f64) -> f64 {
    let ratio = (200.0 * difference / variation).min(1.0);
    let error = if variation > 0.0 { variation * ratio * ratio.sqrt() } else { difference };
    error.max(10.0 * f64::EPSILON * magnitude)
}
