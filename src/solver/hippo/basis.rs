//! Sums of orthonormal functions.

use std::f64::consts::{PI, SQRT_2};

use num_complex::Complex64;

use super::moments::odd_root;
use crate::solver::legendre::{FACTORS, next};

/// Σ cₙ·√(2n+1)·Pₙ(x).
pub(super) fn legendre(coefficients: &[Complex64], x: f64) -> f64 {
    let (mut before, mut now, mut sum) = (0.0, 1.0, 0.0);
    for (n, coefficient) in coefficients.iter().enumerate() {
        sum += coefficient.re * odd_root(n) * now;
        (before, now) = (now, next(FACTORS[n], x, before, now));
    }
    sum
}

/// Σ cₙ·Lₙ(x)·exp(−x/2) for x ≥ 0.
pub(super) fn laguerre(coefficients: &[Complex64], x: f64) -> f64 {
    let (mut before, mut now, mut sum) = (0.0, libm::exp(-0.5 * x), 0.0);
    for (n, coefficient) in coefficients.iter().enumerate() {
        sum += coefficient.re * now;
        // (n + 1)·Lₙ₊₁ = (2n + 1 − x)·Lₙ − n·Lₙ₋₁.
        let n = n as f64;
        (before, now) = (now, ((2.0 * n + 1.0 - x) * now - n * before) / (n + 1.0));
    }
    sum
}

/// c₀ + Σ √2·(c₂ₖ·cos 2πky + c₂ₖ₊₁·sin 2πky); c₁ belongs to no function.
pub(super) fn fourier(coefficients: &[Complex64], y: f64) -> f64 {
    let pairs = coefficients.chunks(2).enumerate().skip(1).map(|(k, pair)| {
        let turns = k as f64 * y;
        let (sin, cos) = libm::sincos(2.0 * PI * (turns - turns.floor()));
        pair[0].re * cos + pair.get(1).map_or(0.0, |coefficient| coefficient.re * sin)
    });
    coefficients[0].re + SQRT_2 * pairs.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(n: usize) -> Vec<Complex64> {
        (0..8).map(|at| f64::from(u8::from(at == n)).into()).collect()
    }

    #[test]
    fn functions_have_their_known_values() {
        let third = |x: f64| 0.5 * (5.0 * x * x * x - 3.0 * x) * 7.0_f64.sqrt();
        assert!((legendre(&unit(3), 0.3) - third(0.3)).abs() < 1e-15);
        assert_eq!(legendre(&unit(7), 1.0), 15.0_f64.sqrt());
        let second = |x: f64| (1.0 - 2.0 * x + 0.5 * x * x) * (-0.5 * x).exp();
        assert!((laguerre(&unit(2), 5.0) - second(5.0)).abs() < 1e-15);
        assert_eq!(fourier(&unit(1), 0.3), 0.0);
        assert!((fourier(&unit(5), 0.3) - SQRT_2 * (4.0 * PI * 0.3).sin()).abs() < 1e-15);
        assert!((fourier(&unit(4), 0.3) - SQRT_2 * (4.0 * PI * 0.3).cos()).abs() < 1e-15);
    }
}
