//! The coefficients of partial fractions.

use num_complex::Complex64;

use super::Rational;
use super::polynomial::from_roots;

/// Shares of the largest pole within which poles can be one repeated pole. The largest that fits is taken.
const RADII: [f64; 8] = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9];

/// The residues in the order of the poles.
pub(super) fn residues(
    zeros: &[Complex64],
    poles: &[Complex64],
    gain: Complex64,
    rational: &Rational,
) -> Vec<Complex64> {
    let (poles, groups) = repeated(poles, rational);
    let mut residues = vec![Complex64::ZERO; poles.len()];
    for group in &groups {
        let expansion = expansion(zeros, &poles, gain, group);
        for (power, at) in group.iter().enumerate() {
            residues[*at] = expansion[group.len() - 1 - power];
        }
    }
    residues
}

/// The Taylor coefficients of H(s)·(s − p)^m at a pole p that is repeated m times, from the constant one to that of
/// power m − 1.
fn expansion(zeros: &[Complex64], poles: &[Complex64], gain: Complex64, group: &[usize]) -> Vec<Complex64> {
    let pole = poles[group[0]];
    let mut series = vec![Complex64::ZERO; group.len()];
    series[0] = gain;
    let mut rest = zeros.iter();
    let others = (0..poles.len()).filter(|at| !group.contains(at));
    // Zeros and poles take turns, so that products stay of moderate size.
    for other in others {
        if let Some(zero) = rest.next() {
            multiply(&mut series, pole - zero);
        }
        divide(&mut series, pole - poles[other]);
    }
    rest.for_each(|zero| multiply(&mut series, pole - zero));
    series
}

/// Multiplies a series in ε by `constant` + ε.
fn multiply(series: &mut [Complex64], constant: Complex64) {
    for at in (0..series.len()).rev() {
        let before = if at == 0 { Complex64::ZERO } else { series[at - 1] };
        series[at] = series[at] * constant + before;
    }
}

/// Divides a series in ε by `constant` + ε.
fn divide(series: &mut [Complex64], constant: Complex64) {
    for at in 0..series.len() {
        let before = if at == 0 { Complex64::ZERO } else { series[at - 1] };
        series[at] = (series[at] - before) / constant;
    }
}

/// The poles with repeated ones made equal, and the indices of each group of equal ones.
///
/// The roots of a polynomial with a repeated root split by far more than rounding. Poles are taken for one repeated
/// pole if the coefficients cannot tell the difference.
fn repeated(poles: &[Complex64], rational: &Rational) -> (Vec<Complex64>, Vec<Vec<usize>>) {
    if let Rational::Coefficients { denominator, .. } = rational {
        let largest = poles.iter().fold(0.0, |largest: f64, pole| largest.max(pole.l1_norm()));
        for radius in RADII {
            let groups = groups(poles, radius * largest);
            let merged = merged(poles, &groups);
            if is_same(denominator, &merged) {
                return (merged, groups);
            }
        }
    }
    (poles.to_vec(), groups(poles, 0.0))
}

/// Groups of poles, each within a distance of another one of its group.
fn groups(poles: &[Complex64], radius: f64) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in 0..poles.len() {
        let is_near =
            |group: &Vec<usize>| group.iter().any(|other| (poles[at] - poles[*other]).l1_norm() <= radius);
        let (near, mut rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_near);
        let mut group: Vec<usize> = near.into_iter().flatten().collect();
        group.push(at);
        rest.push(group);
        groups = rest;
    }
    groups
}

/// The poles, each replaced by the mean of its group.
fn merged(poles: &[Complex64], groups: &[Vec<usize>]) -> Vec<Complex64> {
    let mut merged = poles.to_vec();
    for group in groups.iter().filter(|group| group.len() > 1) {
        let mean = group.iter().map(|at| poles[*at]).sum::<Complex64>() / group.len() as f64;
        for at in group {
            merged[*at] = mean;
        }
    }
    merged
}

/// Whether a polynomial has these roots, up to the rounding of its coefficients.
fn is_same(coefficients: &[Complex64], roots: &[Complex64]) -> bool {
    let product = from_roots(roots, coefficients[0]);
    let sizes: Vec<Complex64> = roots.iter().map(|root| (-root.l1_norm()).into()).collect();
    let bounds = from_roots(&sizes, coefficients[0].l1_norm().into());
    let tolerance = 4.0 * roots.len() as f64 * f64::EPSILON;
    let differences = coefficients.iter().zip(&product).map(|(left, right)| (left - right).l1_norm());
    differences.zip(&bounds).all(|(difference, bound)| difference <= tolerance * bound.re)
}
