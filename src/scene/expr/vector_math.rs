//! Elementary functions of many real numbers at once, with the bits of `libm`.
//!
//! Each function runs the algorithm of `libm` on all elements without branches, so that the compiler can use vector
//! instructions. Arguments outside of the common path (huge, close to a change of branch, not finite) are left
//! to `libm` itself. The loops are compiled for several instruction sets, and the widest that the processor has is
//! chosen. All give the same bits, because the compiler fuses no product with a sum.
//!
//! The algorithms and their constants are those of FreeBSD's msun, from which `libm` is translated:
//!
//! > Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun Microsystems, Inc.
//! > business. Permission to use, copy, modify, and distribute this software is freely granted, provided that
//! > this notice is preserved.

#![allow(clippy::excessive_precision, clippy::unreadable_literal, reason = "constants as libm writes them")]
#![allow(
    clippy::inline_always,
    reason = "a function is compiled for an instruction set only where it is inlined"
)]

use std::f64::consts::{FRAC_2_PI, LOG2_E};

use fearless_simd::{Level, dispatch};
use num_complex::Complex64;

use super::number::modulus;

/// 1.5·2⁵². Adding it to a small number rounds that number to an integer, which is in the low bits of the sum, in two's
/// complement.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// The first 33 bits of π/2.
const PIO2_1: f64 = 1.57079632673412561417e+00;
/// π/2 − [`PIO2_1`].
const PIO2_1T: f64 = 6.07710050650619224932e-11;

/// The coefficients of the sine on [−π/4, π/4].
const S: [f64; 6] = [
    -1.66666666666666324348e-01,
    8.33333333332248946124e-03,
    -1.98412698298579493134e-04,
    2.75573137070700676789e-06,
    -2.50507602534068634195e-08,
    1.58969099521155010221e-10,
];
/// The coefficients of the cosine on [−π/4, π/4].
const C: [f64; 6] = [
    4.16666666666666019037e-02,
    -1.38888888888741095749e-03,
    2.48015872894767294178e-05,
    -2.75573143513906633035e-07,
    2.08757232129817482790e-09,
    -1.13596475577881948265e-11,
];

/// The sine and the cosine of an angle, and whether they have the bits of `libm`.
#[inline(always)]
fn sin_cos_of(x: f64) -> (f64, f64, bool) {
    /// Beyond it, `libm` reduces angles with more digits of π.
    const LARGEST: f64 = 1.6e6;
    /// A little less than π/4. Beyond it, `libm` may choose the neighboring multiple of π/2.
    const MAX_REST: f64 = 0.785;
    /// 2⁻¹⁵. A smaller rest has lost so many digits that `libm` computes them anew.
    const MIN_REST: f64 = 3.0517578125e-05;
    /// 2⁻²⁶. The sine of a smaller angle is the angle.
    const SMALL: f64 = 1.4901161193847656e-08;
    let shifted = x * FRAC_2_PI + ROUNDER;
    let quarters = shifted - ROUNDER;
    let (r, w) = (x - quarters * PIO2_1, quarters * PIO2_1T);
    let y0 = r - w;
    let y1 = (r - y0) - w;
    let is_exact = (x.abs() < LARGEST) & (y0.abs() < MAX_REST) & (y0.abs() >= MIN_REST * x.abs());

    let z = y0 * y0;
    let z2 = z * z;
    let r = S[1] + z * (S[2] + z * S[3]) + z * z2 * (S[4] + z * S[5]);
    let v = z * y0;
    let reduced_sine = y0 - ((z * (0.5 * y1 - v * r) - y1) - v * S[0]);
    let sine = if quarters == 0.0 { y0 + v * (S[0] + z * r) } else { reduced_sine };
    let sine = if x.abs() < SMALL { x } else { sine };

    let r = z * (C[0] + z * (C[1] + z * C[2])) + z2 * z2 * (C[3] + z * (C[4] + z * C[5]));
    let half = 0.5 * z;
    let w = 1.0 - half;
    let cosine = w + (((1.0 - w) - half) + (z * r - y0 * y1));

    // An odd number of quarter turns exchanges the two; the second bits are the signs.
    let quadrant = shifted.to_bits();
    let (s, c) = (sine.to_bits(), cosine.to_bits());
    let exchanged = (s ^ c) & (quadrant & 1).wrapping_neg();
    let sine_sign = (quadrant & 2) << 62;
    let cosine_sign = (quadrant.wrapping_add(1) & 2) << 62;
    (f64::from_bits(s ^ exchanged ^ sine_sign), f64::from_bits(c ^ exchanged ^ cosine_sign), is_exact)
}

/// Replaces each angle by its sine, and writes the cosines to `cosines`.
pub(super) fn sin_cos(angles: &mut [f64], cosines: &mut [f64]) {
    dispatch!(Level::new(), _ => sin_cos_in_blocks(angles, cosines));
}

#[inline(always)]
fn sin_cos_in_blocks(angles: &mut [f64], cosines: &mut [f64]) {
    const BLOCK: usize = 64;
    for (angles, cosines) in angles.chunks_mut(BLOCK).zip(cosines.chunks_mut(BLOCK)) {
        let mut sines = [0.0; BLOCK];
        let mut are_exact = true;
        for ((angle, sine), cosine) in angles.iter().zip(&mut sines).zip(cosines.iter_mut()) {
            let (s, c, is_exact) = sin_cos_of(*angle);
            (*sine, *cosine) = (s, c);
            are_exact &= is_exact;
        }
        if !are_exact {
            for ((angle, sine), cosine) in angles.iter().zip(&mut sines).zip(cosines.iter_mut()) {
                if !sin_cos_of(*angle).2 {
                    (*sine, *cosine) = libm::sincos(*angle);
                }
            }
        }
        angles.copy_from_slice(&sines[..angles.len()]);
    }
}

/// Replaces each number by `of` it, or by `libm` of it where `of` says that it has other bits.
#[inline(always)]
fn map(values: &mut [f64], of: impl Fn(f64) -> (f64, bool), libm: fn(f64) -> f64) {
    const BLOCK: usize = 64;
    for values in values.chunks_mut(BLOCK) {
        let mut results = [0.0; BLOCK];
        let mut are_exact = true;
        for (value, result) in values.iter().zip(&mut results) {
            let (value, is_exact) = of(*value);
            *result = value;
            are_exact &= is_exact;
        }
        if !are_exact {
            for (value, result) in values.iter().zip(&mut results) {
                if !of(*value).1 {
                    *result = libm(*value);
                }
            }
        }
        values.copy_from_slice(&results[..values.len()]);
    }
}

#[inline(always)]
fn sin_of(angle: f64) -> (f64, bool) {
    let (sine, _, is_exact) = sin_cos_of(angle);
    (sine, is_exact)
}

#[inline(always)]
fn cos_of(angle: f64) -> (f64, bool) {
    let (_, cosine, is_exact) = sin_cos_of(angle);
    (cosine, is_exact)
}

/// Replaces each angle by its sine.
pub(super) fn sin(angles: &mut [f64]) {
    dispatch!(Level::new(), _ => map(angles, sin_of, libm::sin));
}

/// Replaces each angle by its cosine.
pub(super) fn cos(angles: &mut [f64]) {
    dispatch!(Level::new(), _ => map(angles, cos_of, libm::cos));
}

/// The upper part of log 2.
const LN2_HI: f64 = 6.93147180369123816490e-01;
/// log 2 − [`LN2_HI`].
const LN2_LO: f64 = 1.90821492927058770002e-10;
/// The coefficients of the exponential function on [−log(2)/2, log(2)/2].
const P: [f64; 5] = [
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
];

/// The exponential function, and whether the value has the bits of `libm`.
#[inline(always)]
fn exp_of(x: f64) -> (f64, bool) {
    /// Beyond it, values may overflow or underflow.
    const LARGEST: f64 = 708.0;
    /// A little more than log(2)/2. Smaller exponents are not reduced.
    const UNREDUCED: f64 = f64::from_bits(0x3fd6_2e43_0000_0000);
    /// About 2⁻²⁸. For smaller exponents the value is 1 + x.
    const SMALL: f64 = f64::from_bits(0x3e30_0001_0000_0000);
    let scaled = LOG2_E * x + 0.5_f64.copysign(x);
    let nearest = (scaled + ROUNDER) - ROUNDER;
    let excess = if nearest.abs() > scaled.abs() { 1.0_f64.copysign(scaled) } else { 0.0 };
    let k = if x.abs() < UNREDUCED { 0.0 } else { nearest - excess };
    let (hi, lo) = (x - k * LN2_HI, k * LN2_LO);
    let r = hi - lo;
    let rr = r * r;
    let c = r - rr * (P[0] + rr * (P[1] + rr * (P[2] + rr * (P[3] + rr * P[4]))));
    let y = 1.0 + (r * c / (2.0 - c) - lo + hi);
    let y = if x.abs() < SMALL { 1.0 + x } else { y };
    let scale = f64::from_bits((k + ROUNDER).to_bits().wrapping_add(1023) << 52);
    (y * scale, x.abs() < LARGEST)
}

/// Replaces each number x by eˣ.
pub(super) fn exp(exponents: &mut [f64]) {
    dispatch!(Level::new(), _ => map(exponents, exp_of, libm::exp));
}

/// The modulus of a complex number, and whether it has the bits of [`modulus`].
#[inline(always)]
fn modulus_of(re: f64, im: f64) -> (f64, bool) {
    /// 2⁵¹¹ and 2⁻⁴⁵⁰. Beyond them, `libm` scales the parts before it squares them.
    const LARGEST: f64 = f64::from_bits((1023 + 511) << 52);
    const SMALLEST: f64 = f64::from_bits((1023 - 450) << 52);
    let (a, b) = (re.abs(), im.abs());
    let (large, small) = if a < b { (b, a) } else { (a, b) };
    let is_plain = |part: f64| part >= SMALLEST || part == 0.0;
    let (square, rest) = square_of(large);
    let (small_square, small_rest) = square_of(small);
    let sum = small_rest + rest + small_square + square;
    (sum.sqrt(), (large < LARGEST) & is_plain(large) & is_plain(small))
}

/// The square of a number, rounded, and the error of rounding (Dekker 1971).
#[inline(always)]
fn square_of(x: f64) -> (f64, f64) {
    /// 2²⁷ + 1 splits a number into halves whose products are exact.
    const SPLITTER: f64 = 134_217_729.0;
    let scaled = x * SPLITTER;
    let high = x - scaled + scaled;
    let low = x - high;
    let square = x * x;
    (square, high * high - square + 2.0 * high * low + low * low)
}

/// The number of moduli that are computed at once.
pub(super) const WIDTH: usize = 8;

/// The moduli of complex numbers; [`modulus`]. Vector instructions are those of the caller.
#[inline(always)]
pub(super) fn moduli_of(re: &[f64; WIDTH], im: &[f64; WIDTH]) -> [f64; WIDTH] {
    let mut moduli = [0.0; WIDTH];
    let mut are_exact = true;
    for ((result, re), im) in moduli.iter_mut().zip(re).zip(im) {
        let (value, is_exact) = modulus_of(*re, *im);
        *result = value;
        are_exact &= is_exact;
    }
    if !are_exact {
        for ((result, re), im) in moduli.iter_mut().zip(re).zip(im) {
            *result = modulus(Complex64::new(*re, *im));
        }
    }
    moduli
}

/// Replaces the real part of each number by the modulus.
pub(super) fn moduli(re: &mut [f64], im: &[f64]) {
    dispatch!(Level::new(), _ => moduli_in_blocks(re, im));
}

#[inline(always)]
fn moduli_in_blocks(re: &mut [f64], im: &[f64]) {
    let (re, last_re) = re.as_chunks_mut();
    let (im, last_im) = im.as_chunks();
    for (re, im) in re.iter_mut().zip(im) {
        *re = moduli_of(re, im);
    }
    for (re, im) in last_re.iter_mut().zip(last_im) {
        *re = modulus(Complex64::new(*re, *im));
    }
}

/// The instruction sets of this processor that code is compiled for.
#[cfg(test)]
pub(super) fn levels() -> Vec<Level> {
    let best = Level::new();
    #[cfg(target_arch = "x86_64")]
    let others =
        [best.as_sse4_2().map(fearless_simd::Simd::level), best.as_avx2().map(fearless_simd::Simd::level)];
    #[cfg(not(target_arch = "x86_64"))]
    let others = [None; 2];
    [Some(Level::baseline()), Some(best)].into_iter().chain(others).flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_PI_4, LN_2};

    use super::*;

    /// Numbers of all magnitudes, and numbers around multiples of π/4 and log(2)/2, where the algorithms branch.
    fn numbers() -> Vec<f64> {
        let mut numbers =
            vec![0.0, -0.0, 1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e-300, 1.6e6, 708.0];
        let mut state = 88_172_645_463_325_252_u64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for k in -400..400_i32 {
            numbers.push(f64::from_bits(random()));
            numbers
                .extend([20.0, 2000.0, 4e6].map(|range| (random() as f64 / u64::MAX as f64 - 0.5) * range));
            numbers.push(libm::exp2(-f64::from(k.abs() % 64)) * (1.0 + f64::from(k) / 400.0));
            for step in [FRAC_PI_4, LN_2 / 2.0] {
                let center = (f64::from(k) * step).to_bits();
                let distance = random() >> (24 + random() % 40);
                numbers
                    .extend([center, center + distance, center.wrapping_sub(distance)].map(f64::from_bits));
            }
        }
        numbers
    }

    fn assert_same(name: &str, results: &[f64], libm: fn(f64) -> f64) {
        for (x, result) in numbers().into_iter().zip(results) {
            let expected = libm(x);
            let is_same = result.to_bits() == expected.to_bits() || result.is_nan() && expected.is_nan();
            assert!(is_same, "{name} of {x:e} is {expected:e}, not {result:e}");
        }
    }

    #[test]
    fn every_value_has_the_bits_of_libm() {
        let (mut sines, mut cosines) = (numbers(), vec![0.0; numbers().len()]);
        sin_cos(&mut sines, &mut cosines);
        assert_same("sin", &sines, libm::sin);
        assert_same("cos", &cosines, libm::cos);
        for (name, all, one) in [
            ("sin", sin as fn(&mut [f64]), libm::sin as fn(f64) -> f64),
            ("cos", cos, libm::cos),
            ("exp", exp, libm::exp),
        ] {
            let mut values = numbers();
            all(&mut values);
            assert_same(name, &values, one);
        }
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        for level in levels() {
            let (mut sines, mut cosines) = (numbers(), vec![0.0; numbers().len()]);
            dispatch!(level, _ => sin_cos_in_blocks(&mut sines, &mut cosines));
            assert_same("sin", &sines, libm::sin);
            assert_same("cos", &cosines, libm::cos);
            let mut values = numbers();
            dispatch!(level, _ => map(&mut values, exp_of, libm::exp));
            assert_same("exp", &values, libm::exp);
        }
    }

    #[test]
    fn every_modulus_has_the_bits_of_libm() {
        let (re, mut im) = (numbers(), numbers());
        let ends = [0.0, -0.0, f64::INFINITY, f64::NAN, 1e-135, 1e-136, 1e-137, 6.7e153, 6.8e153, f64::MAX];
        let numbers = re.iter().zip(&im).flat_map(|(re, im)| ends.map(|end| (*re, end * *im)));
        let mut pairs: Vec<(f64, f64)> = numbers.chain(re.iter().map(|re| (*re, 0.0))).collect();
        for distance in 0..im.len() {
            im.rotate_left(1);
            let at = distance * 7 % im.len();
            pairs.push((re[at], im[at]));
            pairs.push((re[at], re[at] * libm::exp2(-(distance as f64 % 80.0)) * im[at].signum()));
        }
        let (re, im): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        for level in levels() {
            let mut results = re.clone();
            dispatch!(level, _ => moduli_in_blocks(&mut results, &im));
            for ((re, im), result) in re.iter().zip(&im).zip(results) {
                let expected = modulus(Complex64::new(*re, *im));
                let is_same = result.to_bits() == expected.to_bits() || result.is_nan() && expected.is_nan();
                assert!(is_same, "the modulus of {re:e} + {im:e} j is {expected:e}, not {result:e}");
            }
        }
    }

    #[test]
    fn sine_and_cosine_have_the_same_bits_together_and_alone() {
        assert_same("sin", &numbers().into_iter().map(|x| libm::sincos(x).0).collect::<Vec<_>>(), libm::sin);
        assert_same("cos", &numbers().into_iter().map(|x| libm::sincos(x).1).collect::<Vec<_>>(), libm::cos);
    }
}
