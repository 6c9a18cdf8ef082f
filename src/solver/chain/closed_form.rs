//! The mode shapes of equal masses on equal springs.

use std::f64::consts::PI;

use super::Ends;

/// A mode shape of `count` masses: its entries up to a common factor. Modes count from 0, slowest first.
pub(super) fn shape(ends: Ends, count: usize, mode: usize) -> Vec<f64> {
    let entry = |mass: usize| match ends {
        Ends::Fixed => sin_pi((mode + 1) * (mass + 1), count + 1),
        Ends::FixedFree => sin_pi((2 * mode + 1) * (mass + 1), 2 * count + 1),
        Ends::Free => cos_pi(mode * (2 * mass + 1), 2 * count),
        // Two modes share a frequency, the cosine before the sine.
        Ends::Ring if mode > 0 && mode.is_multiple_of(2) => sin_pi(mode * mass, count),
        Ends::Ring => cos_pi(2 * mode.div_ceil(2) * mass, count),
    };
    (0..count).map(entry).collect()
}

/// cos(π·p/q).
fn cos_pi(p: usize, q: usize) -> f64 {
    sin_pi(2 * p + q, 2 * q)
}

/// sin(π·p/q). Angles are reduced exactly, so that symmetric entries have the same bits.
fn sin_pi(p: usize, q: usize) -> f64 {
    let p = p % (2 * q);
    let (p, sign) = if p > q { (p - q, -1.0) } else { (p, 1.0) };
    let p = p.min(q - p);
    let turn = |p: usize| p as f64 * PI / (2 * q) as f64;
    let size = if 4 * p <= q { libm::sin(turn(2 * p)) } else { libm::cos(turn(q - 2 * p)) };
    sign * size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sines_of_fractions_of_pi_are_symmetric() {
        assert_eq!([0, 3, 6, 9, 12].map(|p| sin_pi(p, 6) + 0.0), [0.0, 1.0, 0.0, -1.0, 0.0]);
        for p in 0..40 {
            let expected = (f64::from(p) * PI / 7.0).sin();
            assert!((sin_pi(p as usize, 7) - expected).abs() < 1e-14, "{p}");
            assert_eq!(sin_pi(p as usize, 7), -sin_pi(p as usize + 7, 7));
        }
    }
}
