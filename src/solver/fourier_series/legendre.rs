//! Legendre series on the interval from −1 to 1, through values at Gauss's nodes.

use std::f64::consts::PI;
use std::sync::LazyLock;

use num_complex::Complex64;

/// The number of nodes, and of terms of a series.
pub(super) const POINTS: usize = 16;

struct Tables {
    nodes: [f64; POINTS],
    /// From values at the nodes to coefficients.
    transform: [[f64; POINTS]; POINTS],
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables { nodes: [0.0; POINTS], transform: [[0.0; POINTS]; POINTS] };
    for node in 0..POINTS {
        let (x, slope) = root(node);
        tables.nodes[node] = x;
        let weight = 2.0 / ((1.0 - x * x) * slope * slope);
        let values = polynomials(x);
        for (order, row) in tables.transform.iter_mut().enumerate() {
            row[node] = (order as f64 + 0.5) * weight * values[order];
        }
    }
    tables
});

/// The nodes, from the right to the left.
pub(super) fn nodes() -> &'static [f64; POINTS] {
    &TABLES.nodes
}

/// The coefficients of the series through these values at the nodes.
pub(super) fn series(values: &[Complex64]) -> [Complex64; POINTS] {
    TABLES.transform.map(|row| row.iter().zip(values).map(|(factor, value)| value * factor).sum())
}

/// The value of a series.
pub(super) fn value(series: &[Complex64; POINTS], x: f64) -> Complex64 {
    polynomials(x).iter().zip(series).map(|(polynomial, coefficient)| coefficient * polynomial).sum()
}

/// P₀(x) to P₁₆(x), by Bonnet's recurrence.
fn polynomials(x: f64) -> [f64; POINTS + 1] {
    let mut values = [1.0; POINTS + 1];
    values[1] = x;
    for k in 2..=POINTS {
        let [before, last] = [values[k - 2], values[k - 1]];
        values[k] = ((2 * k - 1) as f64 * x * last - (k - 1) as f64 * before) / k as f64;
    }
    values
}

/// A root of P₁₆ and the derivative there, by Newton's method.
fn root(node: usize) -> (f64, f64) {
    let mut x = libm::cos(PI * (node as f64 + 0.75) / (POINTS as f64 + 0.5));
    let slope = |x: f64, values: &[f64; POINTS + 1]| {
        POINTS as f64 * (x * values[POINTS] - values[POINTS - 1]) / (x * x - 1.0)
    };
    for _ in 0..6 {
        let values = polynomials(x);
        x -= values[POINTS] / slope(x, &values);
    }
    (x, slope(x, &polynomials(x)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_are_met_exactly() {
        let function = |x: f64| Complex64::new(x * x * x - 0.5 * x, x * x);
        let fitted = series(&nodes().map(function));
        for (order, [re, im]) in
            [[0.0, 1.0 / 3.0], [0.1, 0.0], [0.0, 2.0 / 3.0], [0.4, 0.0], [0.0, 0.0]].into_iter().enumerate()
        {
            assert!((fitted[order] - Complex64::new(re, im)).norm() < 1e-15, "{order}: {}", fitted[order]);
        }
        for x in [-1.0, -0.3, 0.0, 0.99] {
            assert!((value(&fitted, x) - function(x)).norm() < 1e-14);
        }
    }
}
