//! The discrete Fourier transform of any length.
//!
//! Powers of two are transformed by the algorithm of J. W. Cooley and J. W. Tukey (1965), other lengths as a convolution
//! with a chirp (L. I. Bluestein, 1970).

use std::f64::consts::TAU;

use num_complex::Complex64;

/// Σ xᵢ·exp(−2πj·i·k/N) for each k.
pub(super) fn transform(values: Vec<Complex64>) -> Vec<Complex64> {
    if values.len().is_power_of_two() { power_of_two(values) } else { chirp(&values) }
}

/// exp(2πj·n/N) for n < N. Angles above ⅛ of a turn are reflected, so that symmetric values have the same bits.
pub(super) fn unit(n: usize, length: usize) -> Complex64 {
    if 2 * n > length {
        return unit(length - n, length).conj();
    }
    if 4 * n > length {
        // N may be odd, so that the angle is counted in units of half a turn over N.
        let (sin, cos) = first_quadrant(length - 2 * n, 2 * length);
        return Complex64::new(-cos, sin);
    }
    let (sin, cos) = first_quadrant(2 * n, 2 * length);
    Complex64::new(cos, sin)
}

/// The sine and the cosine of 2π·n/N, which is at most ¼ of a turn.
fn first_quadrant(n: usize, length: usize) -> (f64, f64) {
    let angle = |n: f64| TAU * n / length as f64;
    if 8 * n <= length {
        return libm::sincos(angle(n as f64));
    }
    let (cos, sin) = libm::sincos(angle(0.25 * (length - 4 * n) as f64));
    (sin, cos)
}

fn power_of_two(mut values: Vec<Complex64>) -> Vec<Complex64> {
    let length = values.len();
    let factors: Vec<Complex64> = (0..length / 2).map(|n| unit(n, length).conj()).collect();
    reverse_bits(&mut values);
    let mut half = 1;
    while half < length {
        let stride = length / (2 * half);
        for block in values.chunks_exact_mut(2 * half) {
            let (lower, upper) = block.split_at_mut(half);
            for (at, (a, b)) in lower.iter_mut().zip(upper).enumerate() {
                let product = *b * factors[at * stride];
                (*a, *b) = (*a + product, *a - product);
            }
        }
        half *= 2;
    }
    values
}

/// Moves each value to the index with the reversed bits.
fn reverse_bits(values: &mut [Complex64]) {
    let bits = values.len().trailing_zeros();
    if bits == 0 {
        return;
    }
    for at in 0..values.len() {
        let reversed = at.reverse_bits() >> (usize::BITS - bits);
        if at < reversed {
            values.swap(at, reversed);
        }
    }
}

/// With i·k = (i² + k² − (k − i)²)/2 the transform is a convolution with exp(πj·i²/N).
fn chirp(values: &[Complex64]) -> Vec<Complex64> {
    let count = values.len();
    let length = (2 * count - 1).next_power_of_two();
    // i² is reduced to a whole turn exactly.
    let chirp: Vec<Complex64> =
        (0..count).map(|i| unit((i as u64 * i as u64 % (2 * count as u64)) as usize, 2 * count)).collect();
    let mut signal: Vec<Complex64> = values.iter().zip(&chirp).map(|(value, c)| value * c.conj()).collect();
    signal.resize(length, Complex64::ZERO);
    let mut kernel = vec![Complex64::ZERO; length];
    kernel[..count].copy_from_slice(&chirp);
    for at in 1..count {
        kernel[length - at] = chirp[at];
    }
    let kernel = power_of_two(kernel);
    let product = power_of_two(signal).iter().zip(kernel).map(|(a, b)| (a * b).conj()).collect();
    // The inverse transform is the conjugate of that of the conjugate.
    let convolved = power_of_two(product);
    let scale = 1.0 / length as f64;
    convolved.iter().zip(&chirp).map(|(value, c)| value.conj() * c.conj() * scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(length: usize) -> Vec<Complex64> {
        (0..length).map(|i| Complex64::new((i * 37 % 19) as f64 - 9.0, (i * i % 7) as f64 - 3.0)).collect()
    }

    #[test]
    fn units_are_symmetric_and_exact_at_quarters() {
        for length in [1, 2, 3, 4, 5, 8, 12, 31, 100] {
            for n in 0..length {
                let (sin, cos) = f64::sin_cos(TAU * n as f64 / length as f64);
                assert!((unit(n, length) - Complex64::new(cos, sin)).norm() < 2e-15, "{n} {length}");
                if n > 0 {
                    assert_eq!(unit(n, length), unit(length - n, length).conj(), "{n} {length}");
                }
            }
        }
        assert_eq!(unit(1, 4), Complex64::I);
        assert_eq!(unit(4, 8), -Complex64::ONE);
    }

    #[test]
    fn every_length_gives_the_sum_of_its_definition() {
        for length in (1..40).chain([64, 97, 100, 128]) {
            let values = values(length);
            let transformed = transform(values.clone());
            for (k, actual) in transformed.iter().enumerate() {
                let expected: Complex64 = values
                    .iter()
                    .enumerate()
                    .map(|(i, value)| value * unit(i * k % length, length).conj())
                    .sum();
                assert!((actual - expected).norm() < 1e-13 * length as f64, "{length} {k}");
            }
        }
    }
}
