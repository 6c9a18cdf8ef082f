//! Legendre polynomials: their moments of points with masses, and the Gauss rule.

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

/// √(2n + 1).
pub(super) fn odd_root(n: usize) -> f64 {
    ((2 * n + 1) as f64).sqrt()
}

/// Points of time with masses, which may be negative.
#[derive(Clone, Debug, Default)]
pub(super) struct Points {
    /// Seconds.
    pub(super) times: Vec<f64>,
    pub(super) masses: Vec<f64>,
}

impl Points {
    /// The number of points.
    pub(super) fn len(&self) -> usize {
        self.times.len()
    }
}

/// The points that are summed side by side.
const LANES: usize = 8;

/// The sums of Pₙ(2·time/duration − 1) times the masses, for each n below the order.
pub(super) fn moments(times: &[f64], masses: &[f64], duration: f64, order: usize) -> Vec<f64> {
    let factors = &FACTORS[..order];
    let mut sums = vec![[0.0; LANES]; order];
    for (times, masses) in times.chunks(LANES).zip(masses.chunks(LANES)) {
        let (mut x, mut now, mut before) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for ((x, now), (time, mass)) in x.iter_mut().zip(&mut now).zip(times.iter().zip(masses)) {
            (*x, *now) = (2.0 * (time / duration) - 1.0, *mass);
        }
        for (sums, factor) in sums.iter_mut().zip(factors) {
            for lane in 0..LANES {
                sums[lane] += now[lane];
                (before[lane], now[lane]) = (now[lane], next(*factor, x[lane], before[lane], now[lane]));
            }
        }
    }
    sums.iter().map(|lanes| lanes.iter().sum()).collect()
}

/// The Gauss rule on [0, 1].
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) nodes: Vec<f64>,
    /// Their sum is 1.
    pub(super) weights: Vec<f64>,
}

/// Newton's method converges in fewer steps from its first guess.
const NEWTON_STEPS: usize = 8;

impl Rule {
    /// The rule with this number of nodes, exact up to the degree 2·count − 1.
    pub(super) fn new(count: usize) -> Self {
        let (nodes, weights) = (0..count).map(|index| node(count, index)).unzip();
        Self { nodes, weights }
    }
}

/// A node and its weight.
fn node(count: usize, index: usize) -> (f64, f64) {
    let number = count as f64;
    let mut x = -libm::cos(PI * (index as f64 + 0.75) / (number + 0.5));
    for _ in 0..NEWTON_STEPS {
        let (value, slope) = value_and_slope(count, x);
        x -= value / slope;
    }
    let (_, slope) = value_and_slope(count, x);
    (0.5 + 0.5 * x, 1.0 / ((1.0 - x) * (1.0 + x) * slope * slope))
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
            let rule = Rule::new(count);
            assert!((rule.weights.iter().sum::<f64>() - 1.0).abs() < 1e-14, "{count}");
            for degree in [1, count, 2 * count - 1] {
                let power = |x: f64| (0..degree).fold(1.0, |power, _| power * x);
                let sum: f64 =
                    rule.nodes.iter().zip(&rule.weights).map(|(x, weight)| weight * power(*x)).sum();
                assert!((sum * (degree + 1) as f64 - 1.0).abs() < 1e-12, "{count} {degree}: {sum}");
            }
        }
    }

    #[test]
    fn moments_are_sums_of_polynomials() {
        let (times, masses) = ([0.5, 2.0, 1.0], [1.0, 0.25, -2.0]);
        // P₀, P₁ and P₂ at −1/2, 1 and 0.
        let expected = [-0.75, -0.25, -0.125 + 0.25 + 1.0];
        assert_eq!(moments(&times, &masses, 2.0, 3), expected);
    }
}
