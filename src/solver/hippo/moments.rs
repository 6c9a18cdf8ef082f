//! Moments of points with masses, by Legendre polynomials.

use crate::solver::legendre::{FACTORS, next};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_sums_of_polynomials() {
        let (times, masses) = ([0.5, 2.0, 1.0], [1.0, 0.25, -2.0]);
        // P₀, P₁ and P₂ at −1/2, 1 and 0.
        let expected = [-0.75, -0.25, -0.125 + 0.25 + 1.0];
        assert_eq!(moments(&times, &masses, 2.0, 3), expected);
    }
}
