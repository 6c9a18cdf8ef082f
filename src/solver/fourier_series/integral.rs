//! Fourier coefficients of Legendre series.
//!
//! On a cell of length h about its middle m, with κ = πnh/T,
//! ∫ Pₖ·exp(−2πjnt/T) dt = h·exp(−2πjnm/T)·(−j)ᵏ·jₖ(κ), where jₖ is the spherical Bessel function (NIST DLMF 18.17.19).

use std::f64::consts::{PI, TAU};

use num_complex::Complex64;

use super::bessel;
use super::cells::Cell;
use super::legendre::POINTS;

/// The coefficients of n from −`terms` to `terms`.
pub(super) fn coefficients(cells: &[Cell], terms: usize) -> Vec<Complex64> {
    let mut coefficients = vec![Complex64::ZERO; 2 * terms + 1];
    let is_real = cells.iter().all(|cell| cell.series.iter().all(|c| c.im == 0.0));
    for n in 0..=terms {
        let [positive, negative] = pair(cells, n as u64);
        coefficients[terms + n] = positive;
        coefficients[terms - n] = if is_real { positive.conj() } else { negative };
    }
    if is_real {
        coefficients[terms].im = 0.0;
    }
    coefficients
}

/// The coefficients of n and −n.
fn pair(cells: &[Cell], n: u64) -> [Complex64; 2] {
    let mut orders: Vec<Option<bessel::Orders>> = Vec::new();
    let mut sums = [Complex64::ZERO; 2];
    for cell in cells {
        let level = cell.level as usize;
        if orders.len() <= level {
            orders.resize(level + 1, None);
        }
        let length = libm::ldexp(1.0, -(cell.level as i32));
        let orders = orders[level].get_or_insert_with(|| bessel::spherical(PI * n as f64 * length));
        let [even, odd] = parts(&cell.series, orders);
        // exp(−2πjnm/T), whose angle is reduced exactly.
        let turns = n.wrapping_mul(2 * cell.start + 1) & ((2 << cell.level) - 1);
        let (sin, cos) = libm::sincos(TAU * (turns as f64 * 0.5 * length));
        let phase = Complex64::new(cos, -sin);
        sums[0] += phase * (even - odd) * length;
        sums[1] += phase.conj() * (even + odd) * length;
    }
    sums
}

/// Σ aₖ·jᵏ·jₖ over even and over odd k.
fn parts(series: &[Complex64; POINTS], orders: &bessel::Orders) -> [Complex64; 2] {
    let mut parts = [Complex64::ZERO; 2];
    for (k, (coefficient, order)) in series.iter().zip(orders).enumerate() {
        let term = coefficient * order;
        parts[k % 2] += if k % 4 < 2 { term } else { -term };
    }
    [parts[0], parts[1] * Complex64::I]
}
