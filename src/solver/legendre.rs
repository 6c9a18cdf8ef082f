//! Legendre polynomials and the Gauss rule.

use std::f64::consts::PI;
use std::sync::LazyLock;

use crate::solver::state_space::MAX_ORDER;

/// n/(n + 1) for each n: the factors of [`next`].
pub(super) static FACTORS: LazyLock<[f64; MAX_ORDER]> =
    LazyLock::new(|| std::array::from_fn(|n| n as f64 / (n + 1) as f64));

/// Pₙ₊₁ at x from Pₙ₋₁ and Pₙ. The form is exact at −1 and 1.
pub(super) fn next(factor: f64, x: f64, before: f64, now: f64) -> f64 {
    let turned = x * now;
    turned + factor * (turned - before)
}

/// The Gauss rule on [−1, 1].
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) nodes: Vec<f64>,
    /// Their sum is 2.
    pub(super) weights: Vec<f64>,
}

/// Newton's method converges in fewer steps from its first guess.
const NEWTON_STEPS: usize = 8;

impl Rule {
    /// The rule with this number of nodes, exact up to the degree 2·count − 1. It is symmetric to the last bit.
    pub(super) fn new(count: usize) -> Self {
        let left: Vec<(f64, f64)> = (0..count.div_ceil(2)).map(|index| node(count, index)).collect();
        let right = left[..count / 2].iter().rev().map(|(x, weight)| (-x, *weight));
        let (nodes, weights) = left.iter().copied().chain(right).unzip();
        Self { nodes, weights }
    }

    /// The rule on [0, 1], whose weights have the sum 1.
    pub(super) fn on_unit_interval(mut self) -> Self {
        self.nodes.iter_mut().for_each(|node| *node = 0.5 + 0.5 * *node);
        self.weights.iter_mut().for_each(|weight| *weight *= 0.5);
        self
    }
}

/// A node and its weight.
fn node(count: usize, index: usize) -> (f64, f64) {
    let number = count as f64;
    if 2 * index + 1 == count {
        let (_, slope) = value_and_slope(count, 0.0);
        return (0.0, 2.0 / (slope * slope));
    }
    let mut x = -libm::cos(PI * (index as f64 + 0.75) / (number + 0.5));
    for _ in 0..NEWTON_STEPS {
        let (value, slope) = value_and_slope(count, x);
        x -= value / slope;
    }
    let (_, slope) = value_and_slope(count, x);
    (x, 2.0 / ((1.0 - x) * (1.0 + x) * slope * slope))
}

/// Pₙ and its derivative for n = `count`, inside of (−1, 1).
fn value_and_slope(count: usize, x: f64) -> (f64, f64) {
    let (mut before, mut now) = (0.0, 1.0);
    for factor in &FACTORS[..count] {
        (before, now) = (now, next(*factor, x, before, now));
    }
    (now, count as f64 * (before - x * now) / ((1.0 - x) * (1.0 + x)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_exact_up_to_their_degree() {
        for count in [1, 2, 3, 8, 38, 64, 134, 256] {
            let rule = Rule::new(count).on_unit_interval();
            assert!((rule.weights.iter().sum::<f64>() - 1.0).abs() < 1e-14, "{count}");
            for degree in [1, count, 2 * count - 1] {
                let power = |x: f64| (0..degree).fold(1.0, |power, _| power * x);
                let sum: f64 =
                    rule.nodes.iter().zip(&rule.weights).map(|(x, weight)| weight * power(*x)).sum();
                assert!((sum * (degree + 1) as f64 - 1.0).abs() < 1e-12, "{count} {degree}: {sum}");
            }
        }
    }
}
