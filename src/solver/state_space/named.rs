//! Matrices A and B with a name: companion and diagonal ones, `HiPPO` and S4D.
//!
//! `HiPPO`: A. Gu, T. Dao, S. Ermon, A. Rudra and C. Ré, "`HiPPO`: Recurrent memory with optimal polynomial
//! projections", 2020, in the form of A. Gu, I. Johnson, A. Timalsina, A. Rudra and C. Ré, "How to train your
//! `HiPPO`", 2022. S4D: A. Gu, A. Gupta, K. Goel and C. Ré, "On the parameterization and initialization of
//! diagonal state space models", 2022.

use std::f64::consts::{PI, SQRT_2};

use num_complex::Complex64;

/// A pair of matrices A and B.
#[derive(Clone, Debug, PartialEq)]
pub enum NamedMatrix {
    /// The companion matrix of the polynomial with these coefficients, highest power first: in its last row
    /// the negative coefficients, lowest power first, divided by the leading one; B = (0, …, 0, 1).
    Companion(Vec<Complex64>),
    /// These values on the diagonal; B = (1, …, 1).
    Diagonal(Vec<Complex64>),
    /// Scaled Legendre polynomials with an exponentially decaying measure.
    HippoLegs {
        /// The number of states.
        order: usize,
    },
    /// Translated Legendre polynomials.
    HippoLegt {
        /// The number of states.
        order: usize,
        /// The length of the window, seconds.
        window: f64,
    },
    /// Translated Laguerre polynomials.
    HippoLagt {
        /// The number of states.
        order: usize,
    },
    /// The truncated Fourier series.
    HippoFout {
        /// The number of states.
        order: usize,
        /// The length of the window, seconds. The usual matrix is that of 2 seconds.
        window: f64,
    },
    /// The diagonal −1/2 + jπn; B = (1, …, 1).
    S4dLin {
        /// The number of complex states.
        order: usize,
    },
    /// The diagonal −1/2 + j·(N/π)·(N/(2n + 1) − 1) with N = 2·order; B = (1, …, 1).
    S4dInv {
        /// The number of complex states.
        order: usize,
    },
    /// The diagonal −(n + 1); B = (1, …, 1).
    S4dReal {
        /// The number of complex states.
        order: usize,
    },
}

impl NamedMatrix {
    /// The number of states.
    #[must_use]
    pub fn order(&self) -> usize {
        match self {
            Self::Companion(coefficients) => coefficients.len().saturating_sub(1),
            Self::Diagonal(values) => values.len(),
            Self::HippoLegs { order }
            | Self::HippoLegt { order, .. }
            | Self::HippoLagt { order }
            | Self::HippoFout { order, .. }
            | Self::S4dLin { order }
            | Self::S4dInv { order }
            | Self::S4dReal { order } => *order,
        }
    }

    /// The rows of A.
    #[must_use]
    pub fn a(&self) -> Vec<Vec<Complex64>> {
        let order = self.order();
        (0..order).map(|row| (0..order).map(|column| self.entry(row, column)).collect()).collect()
    }

    /// B.
    #[must_use]
    pub fn b(&self) -> Vec<Complex64> {
        (0..self.order()).map(|row| self.input(row).into()).collect()
    }

    /// The entry of A in row n and column k.
    fn entry(&self, n: usize, k: usize) -> Complex64 {
        let diagonal = |value: Complex64| if n == k { value } else { Complex64::ZERO };
        let number = n as f64;
        match self {
            Self::Companion(coefficients) => companion(coefficients, n, k),
            Self::Diagonal(values) => diagonal(values[n]),
            Self::HippoLegs { .. } => legs(n, k).into(),
            Self::HippoLegt { window, .. } => (legt(n, k) / window).into(),
            Self::HippoLagt { .. } => lagt(n, k).into(),
            Self::HippoFout { window, .. } => (fout(n, k) * (2.0 / window)).into(),
            Self::S4dLin { .. } => diagonal(Complex64::new(-0.5, PI * number)),
            Self::S4dInv { order } => {
                let size = (2 * order) as f64;
                diagonal(Complex64::new(-0.5, size / PI * (size / (2.0 * number + 1.0) - 1.0)))
            }
            Self::S4dReal { .. } => diagonal((-number - 1.0).into()),
        }
    }

    /// The entry of B in row n.
    fn input(&self, n: usize) -> f64 {
        match self {
            Self::Companion(_) => f64::from(u8::from(n + 1 == self.order())),
            Self::HippoLegs { .. } => odd_root(n),
            Self::HippoLegt { window, .. } => odd_root(n) / window,
            Self::HippoFout { window, .. } => fout_input(n) * (2.0 / window),
            Self::Diagonal(_)
            | Self::HippoLagt { .. }
            | Self::S4dLin { .. }
            | Self::S4dInv { .. }
            | Self::S4dReal { .. } => 1.0,
        }
    }
}

fn companion(coefficients: &[Complex64], n: usize, k: usize) -> Complex64 {
    let order = coefficients.len() - 1;
    if n + 1 == order {
        // 0 − x keeps zeros positive.
        Complex64::ZERO - coefficients[order - k] / coefficients[0]
    } else {
        f64::from(u8::from(k == n + 1)).into()
    }
}

/// √(2n + 1).
fn odd_root(n: usize) -> f64 {
    ((2 * n + 1) as f64).sqrt()
}

/// √((2n + 1)(2k + 1)).
fn odd_roots(n: usize, k: usize) -> f64 {
    (((2 * n + 1) * (2 * k + 1)) as f64).sqrt()
}

fn legs(n: usize, k: usize) -> f64 {
    match n.cmp(&k) {
        std::cmp::Ordering::Less => 0.0,
        std::cmp::Ordering::Equal => -((n + 1) as f64),
        std::cmp::Ordering::Greater => -odd_roots(n, k),
    }
}

fn legt(n: usize, k: usize) -> f64 {
    if k <= n || (k - n).is_multiple_of(2) { -odd_roots(n, k) } else { odd_roots(n, k) }
}

fn lagt(n: usize, k: usize) -> f64 {
    match n.cmp(&k) {
        std::cmp::Ordering::Less => 0.0,
        std::cmp::Ordering::Equal => -0.5,
        std::cmp::Ordering::Greater => -1.0,
    }
}

/// The entry of B for a window of 2 seconds: 1 for the mean, √2 for the cosines, 0 for the sines.
fn fout_input(n: usize) -> f64 {
    match n {
        0 => 1.0,
        _ if n.is_multiple_of(2) => SQRT_2,
        _ => 0.0,
    }
}

/// The entry of A for a window of 2 seconds: the turning of each frequency, and −B·Bᵀ.
fn fout(n: usize, k: usize) -> f64 {
    let turning = if n.is_multiple_of(2) && k == n + 1 {
        -PI * (n / 2) as f64
    } else if k.is_multiple_of(2) && n == k + 1 {
        PI * (k / 2) as f64
    } else {
        0.0
    };
    let forgetting = match (n, k) {
        _ if !(n.is_multiple_of(2) && k.is_multiple_of(2)) => 0.0,
        (0, 0) => 1.0,
        (0, _) | (_, 0) => SQRT_2,
        _ => 2.0,
    };
    turning - forgetting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real(matrix: &NamedMatrix) -> Vec<Vec<f64>> {
        matrix.a().iter().map(|row| row.iter().map(|entry| entry.re).collect()).collect()
    }

    fn near(actual: &NamedMatrix, expected: [[f64; 4]; 4]) {
        for (actual, expected) in real(actual).iter().flatten().zip(expected.as_flattened()) {
            assert!((actual - expected).abs() < 1e-12, "{actual} is not {expected}");
        }
    }

    #[test]
    fn hippo_matrices_are_those_of_their_papers() {
        let [r3, r5, r7] = [3.0, 5.0, 7.0].map(f64::sqrt);
        let [r15, r21, r35] = [15.0, 21.0, 35.0].map(f64::sqrt);
        near(
            &NamedMatrix::HippoLegs { order: 4 },
            [[-1.0, 0.0, 0.0, 0.0], [-r3, -2.0, 0.0, 0.0], [-r5, -r15, -3.0, 0.0], [-r7, -r21, -r35, -4.0]],
        );
        near(
            &NamedMatrix::HippoLegt { order: 4, window: 1.0 },
            [[-1.0, r3, -r5, r7], [-r3, -3.0, r15, -r21], [-r5, -r15, -5.0, r35], [-r7, -r21, -r35, -7.0]],
        );
        let b = NamedMatrix::HippoLegt { order: 4, window: 2.0 }.b();
        assert_eq!(b, [1.0, r3, r5, r7].map(|entry| Complex64::from(entry / 2.0)));
        near(
            &NamedMatrix::HippoLagt { order: 4 },
            [
                [-0.5, 0.0, 0.0, 0.0],
                [-1.0, -0.5, 0.0, 0.0],
                [-1.0, -1.0, -0.5, 0.0],
                [-1.0, -1.0, -1.0, -0.5],
            ],
        );
        let r2 = SQRT_2;
        near(
            &NamedMatrix::HippoFout { order: 4, window: 2.0 },
            [[-1.0, 0.0, -r2, 0.0], [0.0; 4], [-r2, 0.0, -2.0, -PI], [0.0, 0.0, PI, 0.0]],
        );
        assert_eq!(
            NamedMatrix::HippoFout { order: 4, window: 2.0 }.b(),
            [1.0, 0.0, r2, 0.0].map(Complex64::from)
        );
    }

    #[test]
    fn diagonals_are_those_of_s4d() {
        let diagonal = |matrix: NamedMatrix| (0..3).map(|n| matrix.a()[n][n]).collect::<Vec<_>>();
        let imaginary = |parts: [f64; 3]| parts.map(|im| Complex64::new(-0.5, im));
        assert_eq!(diagonal(NamedMatrix::S4dLin { order: 3 }), imaginary([0.0, PI, 2.0 * PI]));
        let of_six = |n: f64| 6.0 / PI * (6.0 / (2.0 * n + 1.0) - 1.0);
        let expected = imaginary([0.0, 1.0, 2.0].map(of_six));
        assert_eq!(diagonal(NamedMatrix::S4dInv { order: 3 }), expected);
        assert_eq!(diagonal(NamedMatrix::S4dReal { order: 3 }), [-1.0, -2.0, -3.0].map(Complex64::from));
    }

    #[test]
    fn companion_has_the_roots_of_its_polynomial() {
        // 2(s² + 3s + 5).
        let matrix = NamedMatrix::Companion([2.0, 6.0, 10.0].map(Complex64::from).to_vec());
        assert_eq!(real(&matrix), [[0.0, 1.0], [-5.0, -3.0]]);
        assert_eq!(matrix.b(), [Complex64::ZERO, Complex64::ONE]);
    }
}
