//! The roots of polynomials.
//!
//! The eigenvalues of the companion matrix are corrected by the iteration of O. Aberth ("Iteration methods for finding
//! all zeros of a polynomial simultaneously", 1973), whose values of the polynomial have twice the digits. So simple
//! roots have all their digits, however close they are to others; a root that is repeated m times has about 32/m.

use std::cmp::Ordering;

use num_complex::Complex64;

use super::polynomial::Polynomial;
use crate::solver::state_space::NamedMatrix;
use crate::solver::state_space::matrix::Matrix;
use crate::solver::state_space::poles::{eigenvalues, order};

const MAX_ROUNDS: usize = 60;

/// A share of a root by which starts are moved, so that no symmetry keeps them from the roots.
const OFFSET: Complex64 = Complex64::new(1.7e-10, 1.1e-10);

/// The roots of a polynomial with these coefficients, highest power first, whose first one is not 0. The order is
/// that of [`StateSpace::poles`](crate::solver::state_space::StateSpace::poles). The roots of real polynomials come
/// in exactly conjugate pairs.
#[must_use]
pub fn roots(coefficients: &[Complex64]) -> Vec<Complex64> {
    let zeros = coefficients.iter().rev().take_while(|entry| **entry == Complex64::ZERO).count();
    let rest = &coefficients[..coefficients.len() - zeros];
    let mut roots = vec![Complex64::ZERO; zeros.min(coefficients.len().saturating_sub(1))];
    if rest.len() > 1 {
        let exponent = scale(rest);
        let scaled: Vec<Complex64> =
            rest.iter().enumerate().map(|(at, entry)| times_power(*entry, -exponent * at as i32)).collect();
        roots.extend(scaled_roots(&scaled).into_iter().map(|root| times_power(root, exponent)));
    }
    roots.sort_by(order);
    roots
}

/// The binary exponent of the geometric mean of the roots.
fn scale(coefficients: &[Complex64]) -> i32 {
    let [first, last] = [0, coefficients.len() - 1].map(|at| libm::log2(coefficients[at].l1_norm()));
    libm::round((last - first) / (coefficients.len() - 1) as f64) as i32
}

/// The number times 2^`exponent`.
pub(super) fn times_power(number: Complex64, exponent: i32) -> Complex64 {
    Complex64::new(libm::ldexp(number.re, exponent), libm::ldexp(number.im, exponent))
}

/// The roots of a polynomial whose roots have sizes around 1, none of them 0.
fn scaled_roots(coefficients: &[Complex64]) -> Vec<Complex64> {
    if let [first, last] = coefficients {
        return vec![quotient(-last, *first)];
    }
    let rows = NamedMatrix::Companion(coefficients.to_vec()).a();
    let starts = eigenvalues(&Matrix::from_fn(rows.len(), rows.len(), |row, column| rows[row][column]));
    let roots = corrected(Polynomial(coefficients), starts);
    let is_real = coefficients.iter().all(|entry| entry.im == 0.0);
    if is_real { symmetric(roots) } else { roots }
}

fn quotient(left: Complex64, right: Complex64) -> Complex64 {
    if left.im == 0.0 && right.im == 0.0 { (left.re / right.re).into() } else { left / right }
}

/// Aberth's iteration.
fn corrected(polynomial: Polynomial, starts: Vec<Complex64>) -> Vec<Complex64> {
    let mut roots: Vec<Complex64> =
        starts.iter().enumerate().map(|(at, root)| root + root * OFFSET * (at + 1) as f64).collect();
    let mut is_done = vec![false; roots.len()];
    for _ in 0..MAX_ROUNDS {
        for at in 0..roots.len() {
            if is_done[at] {
                continue;
            }
            let correction = correction(polynomial, &roots, at);
            if !correction.is_finite() {
                is_done[at] = true;
                continue;
            }
            roots[at] -= correction;
            is_done[at] = correction.l1_norm() <= 0.5 * f64::EPSILON * roots[at].l1_norm();
        }
        if is_done.iter().all(|done| *done) {
            break;
        }
    }
    roots
}

/// The step that takes one of the approximations to a root that no other one takes.
fn correction(polynomial: Polynomial, roots: &[Complex64], at: usize) -> Complex64 {
    let root = roots[at];
    let [value, derivative] = polynomial.with_derivative(root);
    if value == Complex64::ZERO {
        return Complex64::ZERO;
    }
    let others = roots.iter().enumerate().filter(|(other, value)| *other != at && **value != root);
    let repulsion: Complex64 = others.map(|(_, other)| 1.0 / (root - other)).sum();
    1.0 / (derivative / value - repulsion)
}

/// An imaginary part below this share of a root is rounding.
const IMAGINARY_ROUNDING: f64 = 4.0 * f64::EPSILON;

/// The roots with conjugate pairs made exact and the others real.
fn symmetric(mut roots: Vec<Complex64>) -> Vec<Complex64> {
    let by_imaginary_part =
        |left: &Complex64, right: &Complex64| -> Ordering { right.im.abs().total_cmp(&left.im.abs()) };
    roots.sort_by(by_imaginary_part);
    let mut pairs = Vec::with_capacity(roots.len());
    while !roots.is_empty() {
        let root = roots.remove(0);
        let distance = |other: &Complex64| (root.conj() - other).l1_norm();
        let partner = (0..roots.len())
            .min_by(|left, right| distance(&roots[*left]).total_cmp(&distance(&roots[*right])));
        match partner.filter(|partner| distance(&roots[*partner]) < root.im.abs()) {
            Some(partner) => {
                let mut mean = 0.5 * (root + roots.remove(partner).conj());
                if mean.im.abs() <= IMAGINARY_ROUNDING * mean.re.abs() {
                    mean.im = 0.0;
                }
                // 0 − x keeps zeros positive.
                pairs.extend([mean, Complex64::new(mean.re, 0.0 - mean.im)]);
            }
            None => pairs.push(root.re.into()),
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::super::polynomial::from_roots;
    use super::*;

    fn of(coefficients: &[f64]) -> Vec<Complex64> {
        roots(&coefficients.iter().map(|entry| (*entry).into()).collect::<Vec<_>>())
    }

    #[test]
    fn roots_of_wilkinson_polynomial_are_whole_numbers() {
        let whole: Vec<Complex64> = (1..=15).map(|n| Complex64::from(-f64::from(n))).collect();
        let coefficients = from_roots(&whole, Complex64::ONE);
        for (root, expected) in roots(&coefficients).iter().zip(&whole) {
            assert!((root - expected).norm() < 1e-14 * expected.norm() && root.im == 0.0, "{root}");
        }
    }

    #[test]
    fn repeated_roots_are_found() {
        for root in of(&[1.0, 2.0, 1.0]) {
            assert!((root + 1.0).norm() < 1e-14, "{root}");
        }
        for root in of(&[1.0, 3.0, 3.0, 1.0]) {
            assert!((root + 1.0).norm() < 1e-9, "{root}");
        }
        // ((s + 1)² + 4)².
        for (at, root) in of(&[1.0, 4.0, 14.0, 20.0, 25.0]).into_iter().enumerate() {
            let expected = Complex64::new(-1.0, [2.0, -2.0][usize::from(root.im < 0.0)]);
            assert!((root - expected).norm() < 1e-13, "{at}: {root}");
        }
    }

    #[test]
    fn close_roots_are_told_apart() {
        // (s − 1)·(s − 1 − 2⁻²⁰), whose coefficients are exact, and the same with a complex pair.
        let h = 0.5_f64.powi(20);
        let real = of(&[1.0, -(2.0 + h), 1.0 + h]);
        assert_eq!(real, [Complex64::from(1.0 + h), Complex64::ONE]);
        let pair = of(&[1.0, -2.0, 1.0 + h * h]);
        assert!((pair[0] - Complex64::new(1.0, h)).norm() < 1e-16 && pair[1] == pair[0].conj(), "{pair:?}");
    }

    #[test]
    fn roots_at_zero_and_of_extreme_sizes_are_found() {
        assert_eq!(of(&[1.0, 0.0, 0.0]), [Complex64::ZERO; 2]);
        assert_eq!(of(&[3.0]), []);
        assert_eq!(of(&[]), []);
        let wide = of(&[1.0, 1e9 + 1e-9, 1.0]);
        assert!(
            (wide[0].re / -1e-9 - 1.0).abs() < 1e-15 && (wide[1].re / -1e9 - 1.0).abs() < 1e-15,
            "{wide:?}"
        );
        let complex = roots(&[Complex64::ONE, Complex64::new(-1.0, -1.0), Complex64::I]);
        assert!(
            (complex[0] - 1.0).norm() < 1e-15 && (complex[1] - Complex64::I).norm() < 1e-15,
            "{complex:?}"
        );
    }
}
