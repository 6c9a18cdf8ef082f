//! Polynomials on a short interval of time: their fit to a function, and their restriction to a part of the
//! interval.

use std::f64::consts::PI;
use std::sync::LazyLock;

use super::scalar::Scalar;

/// The degree of the polynomials that stand for an input. One of them reaches 14 digits of a sine over a
/// quarter of its period.
pub(in crate::solver) const DEGREE: usize = 11;

/// The number of coefficients.
pub(super) const TERMS: usize = DEGREE + 1;

/// Σ cₘ·(τ/length)ᵐ for 0 ≤ τ ≤ length, in seconds.
#[derive(Clone, Debug)]
pub(in crate::solver) struct Polynomial<T> {
    /// The length of the interval, seconds.
    pub(in crate::solver) length: f64,
    /// The coefficients from the constant one on. Those that are missing are 0.
    pub(in crate::solver) coefficients: Vec<T>,
}

impl<T: Scalar> Polynomial<T> {
    /// The polynomial of degree 0.
    pub(in crate::solver) fn constant(value: T) -> Self {
        Self { length: 1.0, coefficients: vec![value] }
    }

    /// The polynomial's part from `start` on, on an interval of its own.
    pub(super) fn part(&self, start: f64, length: f64) -> Self {
        let mut coefficients = self.coefficients.clone();
        let shift = start / self.length;
        for first in 0..coefficients.len().saturating_sub(1) {
            for at in (first..coefficients.len() - 1).rev() {
                let higher = coefficients[at + 1].scale(shift);
                coefficients[at] += higher;
            }
        }
        let ratio = length / self.length;
        let mut power = 1.0;
        for coefficient in &mut coefficients {
            *coefficient = coefficient.scale(power);
            power *= ratio;
        }
        Self { length, coefficients }
    }

    /// The number of coefficients up to the last one that is not negligible beside the largest.
    pub(super) fn significant_terms(&self, tolerance: f64) -> usize {
        let largest = self.coefficients.iter().fold(0.0, |largest: f64, term| largest.max(term.size()));
        let is_significant = |term: &T| term.size() > tolerance * largest;
        self.coefficients.iter().rposition(is_significant).map_or(0, |last| last + 1)
    }

    /// The value at the fraction `sigma` of the interval.
    pub(in crate::solver) fn at(&self, sigma: f64) -> T {
        self.coefficients.iter().rev().fold(T::default(), |sum, coefficient| sum.scale(sigma) + *coefficient)
    }

    /// The polynomial through values at the [`nodes`], and an estimate of its error from the two highest
    /// Chebyshev coefficients. The second highest counts where the function is even about the middle; the
    /// next coefficient is then two orders away.
    pub(super) fn through(values: &[T], length: f64) -> (Self, f64) {
        let chebyshev: Vec<T> = TABLES
            .transform
            .iter()
            .map(|row| row.iter().zip(values).map(|(f, x)| x.scale(*f)).sum())
            .collect();
        let tail = chebyshev[DEGREE].size().max(chebyshev[DEGREE - 1].size() / 64.0);
        let coefficients = (0..TERMS)
            .map(|power| {
                let terms = TABLES.powers.iter().zip(&chebyshev);
                terms.map(|(powers, coefficient)| coefficient.scale(powers[power])).sum()
            })
            .collect();
        (Self { length, coefficients }, tail)
    }
}

/// The Chebyshev nodes as fractions of the interval.
pub(super) fn nodes() -> &'static [f64; TERMS] {
    &TABLES.nodes
}

struct Tables {
    nodes: [f64; TERMS],
    /// From values at the nodes to coefficients of the Chebyshev polynomials Tₖ(2σ − 1).
    transform: [[f64; TERMS]; TERMS],
    /// The coefficients of Tₖ(2σ − 1) in powers of σ: whole numbers.
    powers: [[f64; TERMS]; TERMS],
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let angle = |node: usize| (2 * node + 1) as f64 * PI / (2 * TERMS) as f64;
    let mut tables =
        Tables { nodes: [0.0; TERMS], transform: [[0.0; TERMS]; TERMS], powers: [[0.0; TERMS]; TERMS] };
    for node in 0..TERMS {
        tables.nodes[node] = 0.5 + 0.5 * libm::cos(angle(node));
        for order in 0..TERMS {
            let weight = if order == 0 { 1.0 } else { 2.0 } / TERMS as f64;
            // The angle is reduced exactly, so that high orders lose no digits.
            let turns = (order * (2 * node + 1)) % (4 * TERMS);
            tables.transform[order][node] = weight * libm::cos(turns as f64 * PI / (2 * TERMS) as f64);
        }
    }
    tables.powers[0][0] = 1.0;
    tables.powers[1][0] = -1.0;
    tables.powers[1][1] = 2.0;
    for order in 2..TERMS {
        for power in 0..TERMS {
            let raised = if power == 0 { 0.0 } else { tables.powers[order - 1][power - 1] };
            tables.powers[order][power] =
                4.0 * raised - 2.0 * tables.powers[order - 1][power] - tables.powers[order - 2][power];
        }
    }
    tables
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smooth_functions_are_met_to_the_last_digits() {
        let function = |sigma: f64| (1.3 * sigma + 0.4).sin();
        let (fit, tail) = Polynomial::through(&nodes().map(function), 8.0);
        assert!(tail < 2e-13, "{tail:e}");
        for step in 0..=20 {
            let sigma = f64::from(step) / 20.0;
            assert!((fit.at(sigma) - function(sigma)).abs() < 1e-14);
        }
        let part = fit.part(2.0, 0.5);
        for step in 0..=8 {
            let sigma = f64::from(step) / 8.0;
            let expected = function((2.0 + 0.5 * sigma) / 8.0);
            assert!((part.at(sigma) - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn a_jump_shows_in_the_highest_coefficients() {
        for place in 1..100 {
            let jump = |sigma: f64| f64::from(u8::from(sigma > f64::from(place) / 100.0));
            let (_, tail) = Polynomial::through(&nodes().map(jump), 1.0);
            assert!(tail > 1e-4 || place == 99, "{place}: {tail}");
        }
    }
}
