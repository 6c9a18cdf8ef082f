//! The 15-point Gauss–Kronrod rule.
//!
//! The embedded 7-point Gauss rule estimates the error, as in QUADPACK (Piessens et al., 1983). The rule is applied to
//! several subintervals at once, with vector instructions; each gets the bits that it has alone.

#![allow(
    clippy::inline_always,
    reason = "a function is compiled for an instruction set only where it is inlined"
)]

use fearless_simd::{Level, dispatch};
use num_complex::Complex64;

use super::vector_math::WIDTH;

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
/// The number of nodes of the Kronrod rule.
pub(super) const NODES: usize = 2 * NODE_PAIRS.len() + 1;

/// The nodes of the Kronrod rule in a subinterval: the middle, then pairs from the outermost on.
pub(super) fn nodes([from, to]: [f64; 2]) -> [f64; NODES] {
    let half = (to - from) / 2.0;
    let center = from + half;
    let mut nodes = [center; NODES];
    for (pair, NodePair { x, .. }) in nodes[1..].chunks_mut(2).zip(NODE_PAIRS) {
        pair.copy_from_slice(&[center - half * x, center + half * x]);
    }
    nodes
}

/// The estimates for one subinterval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Subinterval {
    pub(super) between: [f64; 2],
    /// The integral of f.
    pub(super) integral: Complex64,
    /// The integral of the size of f, which is |re| + |im|.
    pub(super) magnitude: f64,
    /// The size of the estimated error of `integral`.
    pub(super) error: f64,
}

/// The estimates for subintervals, from the real and the imaginary parts of the values at the [`nodes`] of each;
/// QUADPACK's `qk15`.
pub(super) fn estimates(subintervals: &[[f64; 2]], re: &[f64], im: &[f64]) -> Vec<Subinterval> {
    dispatch!(Level::new(), _ => estimates_in_blocks(subintervals, re, im))
}

#[inline(always)]
fn estimates_in_blocks(subintervals: &[[f64; 2]], re: &[f64], im: &[f64]) -> Vec<Subinterval> {
    let mut estimates = Vec::with_capacity(subintervals.len());
    let parts = re.chunks(WIDTH * NODES).zip(im.chunks(WIDTH * NODES));
    for (subintervals, (re, im)) in subintervals.chunks(WIDTH).zip(parts) {
        let all = estimate_block(subintervals, &transposed(re, im));
        estimates.extend_from_slice(&all[..subintervals.len()]);
    }
    estimates
}

/// A complex number for each subinterval of a block.
#[derive(Clone, Copy)]
struct Values {
    re: [f64; WIDTH],
    im: [f64; WIDTH],
}

impl Values {
    const ZERO: Self = Self { re: [0.0; WIDTH], im: [0.0; WIDTH] };

    /// Combines the parts of two numbers by a function.
    #[inline(always)]
    fn zip(&self, other: &Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let mut values = Self::ZERO;
        for i in 0..WIDTH {
            values.re[i] = f(self.re[i], other.re[i]);
            values.im[i] = f(self.im[i], other.im[i]);
        }
        values
    }

    #[inline(always)]
    fn minus(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a - b)
    }

    /// |re| + |im| of each number.
    #[inline(always)]
    fn sizes(&self) -> [f64; WIDTH] {
        let mut sizes = [0.0; WIDTH];
        for (result, (re, im)) in sizes.iter_mut().zip(self.re.iter().zip(&self.im)) {
            *result = size(*re, *im);
        }
        sizes
    }
}

/// The values at each node in all subintervals, from the values in each subinterval at all nodes.
#[inline(always)]
fn transposed(re: &[f64], im: &[f64]) -> [Values; NODES] {
    let mut values = [Values::ZERO; NODES];
    for (i, (re, im)) in re.chunks_exact(NODES).zip(im.chunks_exact(NODES)).enumerate() {
        for ((values, re), im) in values.iter_mut().zip(re).zip(im) {
            (values.re[i], values.im[i]) = (*re, *im);
        }
    }
    values
}

/// The estimates for at most [`WIDTH`] subintervals, followed by meaningless ones.
#[inline(always)]
fn estimate_block(subintervals: &[[f64; 2]], values: &[Values; NODES]) -> [Subinterval; WIDTH] {
    let [middle, pairs @ ..] = values;
    let mut kronrod = middle.zip(middle, |value, _| value * CENTER_KRONROD_WEIGHT);
    let mut gauss = middle.zip(middle, |value, _| value * CENTER_GAUSS_WEIGHT);
    for (pair, NodePair { kronrod_weight, gauss_weight, .. }) in pairs.chunks_exact(2).zip(&NODE_PAIRS) {
        let sum = pair[0].zip(&pair[1], |left, right| left + right);
        kronrod = kronrod.zip(&sum, |total, sum| total + sum * kronrod_weight);
        gauss = gauss.zip(&sum, |total, sum| total + sum * gauss_weight);
    }
    let magnitudes = distances(values, &Values::ZERO);
    let variations = distances(values, &kronrod.zip(&kronrod, |kronrod, _| kronrod / 2.0));
    let differences = kronrod.minus(&gauss).sizes();
    std::array::from_fn(|i| {
        let between = subintervals.get(i).copied().unwrap_or_default();
        let half = (between[1] - between[0]) / 2.0;
        let integral = Complex64::new(kronrod.re[i] * half, kronrod.im[i] * half);
        let magnitude = magnitudes[i] * half;
        let error = error_estimate(differences[i] * half, variations[i] * half, magnitude);
        Subinterval { between, integral, magnitude, error }
    })
}

/// The size of a complex number: at least its modulus, at most √2 times as much, and without a square root.
#[inline(always)]
fn size(re: f64, im: f64) -> f64 {
    re.abs() + im.abs()
}

/// The integrals of the size of f − center over [−1, 1].
#[inline(always)]
fn distances(values: &[Values; NODES], center: &Values) -> [f64; WIDTH] {
    let [middle, pairs @ ..] = values;
    let mut totals = middle.minus(center).sizes().map(|distance| distance * CENTER_KRONROD_WEIGHT);
    for (pair, NodePair { kronrod_weight, .. }) in pairs.chunks_exact(2).zip(&NODE_PAIRS) {
        let (left, right) = (pair[0].minus(center).sizes(), pair[1].minus(center).sizes());
        for ((total, left), right) in totals.iter_mut().zip(left).zip(right) {
            *total += (left + right) * kronrod_weight;
        }
    }
    totals
}

/// QUADPACK's estimate of the error of the Kronrod rule.
///
/// The difference of the two rules is the error of the Gauss rule. The Kronrod rule is far more accurate; its
/// error is well described by the power 3/2 of that difference relative to the variation of f. Rounding
/// errors are a lower bound.
#[inline(always)]
fn error_estimate(difference: f64, variation: f64, magnitude: f64) -> f64 {
    let ratio = (200.0 * difference / variation).min(1.0);
    let error = if variation > 0.0 { variation * ratio * ratio.sqrt() } else { difference };
    error.max(10.0 * f64::EPSILON * magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::expr::vector_math::levels;

    fn size_of(value: Complex64) -> f64 {
        size(value.re, value.im)
    }

    /// The rule as QUADPACK writes it, for one subinterval.
    fn qk15(between: [f64; 2], values: &[Complex64]) -> Subinterval {
        let half = (between[1] - between[0]) / 2.0;
        let (mut kronrod, mut gauss) = (values[0] * CENTER_KRONROD_WEIGHT, values[0] * CENTER_GAUSS_WEIGHT);
        let mut magnitude = size_of(values[0]) * CENTER_KRONROD_WEIGHT;
        for (i, pair) in NODE_PAIRS.iter().enumerate() {
            let (left, right) = (values[2 * i + 1], values[2 * i + 2]);
            kronrod += (left + right) * pair.kronrod_weight;
            gauss += (left + right) * pair.gauss_weight;
            magnitude += (size_of(left) + size_of(right)) * pair.kronrod_weight;
        }
        let mean = kronrod / 2.0;
        let mut variation = size_of(values[0] - mean) * CENTER_KRONROD_WEIGHT;
        for (i, pair) in NODE_PAIRS.iter().enumerate() {
            let distances = size_of(values[2 * i + 1] - mean) + size_of(values[2 * i + 2] - mean);
            variation += distances * pair.kronrod_weight;
        }
        let error = error_estimate(size_of(kronrod - gauss) * half, variation * half, magnitude * half);
        Subinterval { between, integral: kronrod * half, magnitude: magnitude * half, error }
    }

    #[test]
    fn a_subinterval_has_the_same_bits_alone_among_others_and_with_every_instruction_set() {
        let all: Vec<[f64; 2]> =
            (0..21).map(|i| [f64::from(i) * 0.3 - 4.0, f64::from(i) * 0.35 - 3.6]).collect();
        let functions: [fn(f64) -> Complex64; 4] = [
            |x| Complex64::new(libm::cos(7.0 * x), libm::exp(-x * x)),
            |x| Complex64::new(libm::exp(60.0 * x), 0.0),
            |x| Complex64::new(0.0, libm::exp(-200.0 * x)),
            |x| Complex64::new(1.0 / (x - x.floor() - 0.5), if x > 1.0 { f64::NAN } else { x }),
        ];
        for f in functions {
            let values: Vec<Complex64> = all.iter().flat_map(|between| nodes(*between).map(f)).collect();
            let (re, im): (Vec<f64>, Vec<f64>) = values.iter().map(|value| (value.re, value.im)).unzip();
            for count in [1, 7, 8, 9, 21] {
                let (some, re, im) = (&all[..count], &re[..count * NODES], &im[..count * NODES]);
                for level in levels() {
                    let results = dispatch!(level, _ => estimates_in_blocks(some, re, im));
                    for (i, values) in values.chunks(NODES).take(count).enumerate() {
                        assert_eq!(format!("{:?}", results[i]), format!("{:?}", qk15(all[i], values)));
                    }
                }
            }
        }
    }
}
