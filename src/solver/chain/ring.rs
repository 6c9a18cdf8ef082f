//! The mode shapes of closed rings.

use nalgebra::{DMatrix, Dyn, SymmetricEigen};

use super::parameters::{ChainError, MAX_UNEQUAL_RING, Parameters};
use super::{Ends, closed_form};

/// Frequencies are the same if their squares differ by less than this fraction of the largest one.
const SAME: f64 = 1e-13;

/// The mode shapes of a ring without a gap, slowest first; `None` for other chains.
pub(super) fn shapes(parameters: &Parameters) -> Result<Option<Vec<Vec<f64>>>, ChainError> {
    let Parameters { ends, masses, stiffnesses, .. } = parameters;
    let count = masses.len();
    if *ends != Ends::Ring || stiffnesses.contains(&0.0) {
        return Ok(None);
    }
    let all_same = |values: &[f64]| values.iter().all(|value| *value == values[0]);
    if all_same(masses) && all_same(stiffnesses) {
        return Ok(Some((0..count).map(|mode| closed_form::shape(Ends::Ring, count, mode)).collect()));
    }
    if count > MAX_UNEQUAL_RING {
        return Err(ChainError::UnequalRing(count));
    }
    dense_shapes(parameters).map(Some)
}

/// The mode shapes from the eigenvectors of M^(−½)·K·M^(−½).
fn dense_shapes(parameters: &Parameters) -> Result<Vec<Vec<f64>>, ChainError> {
    let count = parameters.masses.len();
    let weights: Vec<f64> = parameters.masses.iter().map(|mass| mass.sqrt()).collect();
    let mut matrix = DMatrix::zeros(count, count);
    for (joined, at) in parameters.springs() {
        if let [Some(a), Some(b)] = joined {
            let stiffness = parameters.stiffnesses[at];
            for (row, column, sign) in [(a, a, 1.0), (b, b, 1.0), (a, b, -1.0), (b, a, -1.0)] {
                matrix[(row, column)] += sign * stiffness / (weights[row] * weights[column]);
            }
        }
    }
    let eigen: SymmetricEigen<f64, Dyn> =
        SymmetricEigen::try_new(matrix, f64::EPSILON, 100 * count).ok_or(ChainError::NotConverged)?;
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| eigen.eigenvalues[*a].total_cmp(&eigen.eigenvalues[*b]));
    let vectors = order.iter().map(|mode| eigen.eigenvectors.column(*mode).iter().copied().collect());
    let mut vectors: Vec<Vec<f64>> = vectors.collect();
    remove_drift(&weights, &mut vectors[1..]);
    let values: Vec<f64> = order.iter().map(|mode| eigen.eigenvalues[*mode]).collect();
    separate_pairs(&values, &mut vectors);
    let divided =
        |vector: Vec<f64>| vector.iter().zip(&weights).map(|(entry, weight)| entry / weight).collect();
    let mut shapes: Vec<Vec<f64>> = vectors.into_iter().map(divided).collect();
    // The drift stretches no spring, to the last bit.
    shapes[0].fill(1.0);
    Ok(shapes)
}

/// Makes vectors orthogonal to the drift, which is known exactly and can be nearly as slow as they are.
fn remove_drift(weights: &[f64], vectors: &mut [Vec<f64>]) {
    let total: f64 = weights.iter().map(|weight| weight * weight).sum();
    for vector in vectors {
        let share = vector.iter().zip(weights).map(|(entry, weight)| entry * weight).sum::<f64>() / total;
        vector.iter_mut().zip(weights).for_each(|(entry, weight)| *entry -= share * weight);
    }
}

/// Turns the vectors of each frequency that two modes share: mass 0 rests in the second one.
fn separate_pairs(values: &[f64], vectors: &mut [Vec<f64>]) {
    let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let mut mode = 1;
    while mode + 1 < values.len() {
        let [first, second] = [vectors[mode][0], vectors[mode + 1][0]];
        let length = (first * first + second * second).sqrt();
        if values[mode + 1] - values[mode] > SAME * largest || length == 0.0 {
            mode += 1;
            continue;
        }
        let [cos, sin] = [first / length, second / length];
        let (before, after) = vectors.split_at_mut(mode + 1);
        for (a, b) in before[mode].iter_mut().zip(&mut after[0]) {
            (*a, *b) = (cos * *a + sin * *b, cos * *b - sin * *a);
        }
        after[0][0] = 0.0;
        mode += 2;
    }
}
