//! Spherical Bessel functions of the first kind.

use super::legendre::POINTS;

/// The orders of the functions, from 0 on.
pub(super) type Orders = [f64; POINTS];

/// Below this argument the power series is summed.
const SMALL: f64 = 0.5;

/// Up to this argument the recurrence runs downward, from an order at which the function is negligible.
const MEDIUM: f64 = POINTS as f64;
const HIGHEST: usize = 64;

/// jₖ(x) for x ≥ 0 and each order k.
///
/// jₖ₋₁ + jₖ₊₁ = (2k + 1)/x·jₖ is stable upward where k < x, and downward elsewhere (J. C. P. Miller; see NIST DLMF 10.51
/// and 3.6).
pub(super) fn spherical(x: f64) -> Orders {
    if x < SMALL {
        return power_series(x);
    }
    let (sin, cos) = libm::sincos(x);
    let first = [sin / x, (sin / x - cos) / x];
    if x <= MEDIUM { downward(x, first) } else { upward(x, first) }
}

fn upward(x: f64, first: [f64; 2]) -> Orders {
    let mut orders = [0.0; POINTS];
    orders[..2].copy_from_slice(&first);
    for k in 2..POINTS {
        orders[k] = (2 * k - 1) as f64 / x * orders[k - 1] - orders[k - 2];
    }
    orders
}

fn downward(x: f64, first: [f64; 2]) -> Orders {
    let mut orders = [0.0; POINTS];
    let [mut above, mut here] = [0.0, 1.0];
    for k in (0..HIGHEST).rev() {
        let below = (2 * k + 3) as f64 / x * here - above;
        [above, here] = [here, below];
        if k < POINTS {
            orders[k] = here;
        }
    }
    let largest = usize::from(first[1].abs() > first[0].abs());
    let factor = first[largest] / orders[largest];
    orders.map(|order| order * factor)
}

/// xᵏ/(2k + 1)!!·(1 − y/(2k + 3)·(1 − y/(2·(2k + 5))·(…))) with y = x²/2.
fn power_series(x: f64) -> Orders {
    let y = 0.5 * x * x;
    let mut orders = [0.0; POINTS];
    let mut leading = 1.0;
    for (k, order) in orders.iter_mut().enumerate() {
        let bracket = (1..10).rev().fold(1.0, |sum, m| 1.0 - sum * y / (m * (2 * (k + m) + 1)) as f64);
        *order = leading * bracket;
        leading *= x / (2 * k + 3) as f64;
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_agree_with_closed_forms_and_with_each_other() {
        for x in [1e-9, 0.1, 0.4999, 0.5, 1.0, 3.7, 9.42, 15.99, 16.0, 16.01, 200.0] {
            let orders = spherical(x);
            let (sin, cos) = f64::sin_cos(x);
            assert!((orders[0] - sin / x).abs() < 1e-15);
            let third = (3.0 / (x * x * x) - 1.0 / x) * sin - 3.0 / (x * x) * cos;
            assert!((orders[2] - third).abs() < 1e-12 || x < 0.5, "{x}");
            if x > 1e-3 {
                for k in 1..POINTS - 1 {
                    let sum = orders[k - 1] + orders[k + 1];
                    let expected = (2 * k + 1) as f64 / x * orders[k];
                    assert!(
                        (sum - expected).abs() < 1e-14 * expected.abs().max(orders[k - 1].abs()),
                        "{x} {k}"
                    );
                }
            }
        }
        // j₁₅(10) by mpmath.
        assert!(
            (spherical(10.0)[15] - 0.001_063_542_714_614_421_3).abs() < 1e-17,
            "{:e}",
            spherical(10.0)[15]
        );
    }
}
