//! Legendre series on the interval from −1 to 1, through values at Gauss's nodes.

use std::sync::LazyLock;

use num_complex::Complex64;

use crate::solver::legendre::{FACTORS, Rule, next};

/// The number of nodes, and of terms of a series.
pub(super) const POINTS: usize = 16;

struct Tables {
    nodes: [f64; POINTS],
    /// From values at the nodes to coefficients.
    transform: [[f64; POINTS]; POINTS],
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables { nodes: [0.0; POINTS], transform: [[0.0; POINTS]; POINTS] };
    let rule = Rule::new(POINTS);
    for (node, (x, weight)) in rule.nodes.into_iter().zip(rule.weights).enumerate() {
        tables.nodes[node] = x;
        for (order, (row, value)) in tables.transform.iter_mut().zip(polynomials(x)).enumerate() {
            row[node] = (order as f64 + 0.5) * weight * value;
        }
    }
    tables
});

/// The nodes, from the left to the right.
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

/// P₀(x) to P₁₅(x).
fn polynomials(x: f64) -> [f64; POINTS] {
    let (mut before, mut now) = (0.0, 1.0);
    std::array::from_fn(|n| {
        let value = now;
        (before, now) = (now, next(FACTORS[n], x, before, now));
        value
    })
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
