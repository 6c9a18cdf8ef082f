//! The values of polynomials, with twice the digits of `f64` on the way.

use num_complex::Complex64;

use crate::solver::wide::Wide;

/// Coefficients, highest power first. None at all are the polynomial 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Polynomial<'a>(pub(super) &'a [Complex64]);

/// Values beyond this one leave no room for the squares that quotients of complex numbers take.
const LARGEST_VALUE: f64 = 1e150;

/// A complex number with twice the digits.
#[derive(Clone, Copy, Default)]
struct WideComplex {
    re: Wide,
    im: Wide,
}

impl WideComplex {
    fn times(self, factor: Complex64) -> Self {
        Self {
            re: self.re.times(factor.re).plus(self.im.times(-factor.im)),
            im: self.re.times(factor.im).plus(self.im.times(factor.re)),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self { re: self.re.plus(other.re), im: self.im.plus(other.im) }
    }

    fn plus_number(self, other: Complex64) -> Self {
        Self { re: self.re.plus_number(other.re), im: self.im.plus_number(other.im) }
    }

    fn value(self) -> Complex64 {
        Complex64::new(self.re.value(), self.im.value())
    }
}

impl Polynomial<'_> {
    /// The value and the derivative (W. G. Horner's scheme).
    pub(super) fn with_derivative(self, s: Complex64) -> [Complex64; 2] {
        let (mut value, mut derivative) = (WideComplex::default(), WideComplex::default());
        for coefficient in self.0 {
            derivative = derivative.times(s).plus(value);
            value = value.times(s).plus_number(*coefficient);
        }
        [value.value(), derivative.value()]
    }

    fn at(self, s: Complex64) -> Complex64 {
        let step = |sum: WideComplex, entry: &Complex64| sum.times(s).plus_number(*entry);
        self.0.iter().fold(WideComplex::default(), step).value()
    }

    /// The quotient of two values. Far from 0 both are divided by a power of s, so that they stay finite.
    pub(super) fn over(self, denominator: Self, s: Complex64) -> Complex64 {
        let (above, below) = (self.at(s), denominator.at(s));
        let is_moderate = above.l1_norm() < LARGEST_VALUE && below.l1_norm() < LARGEST_VALUE;
        if s.l1_norm() <= 1.0 || is_moderate {
            return above / below;
        }
        let [high, low] = [denominator.0.len() - 1, self.0.len().saturating_sub(1)];
        let inverse = 1.0 / s;
        let reversed = |polynomial: Self| polynomial.0.iter().rev().copied().collect::<Vec<_>>();
        let [above, below] = [reversed(self), reversed(denominator)];
        let ratio = Polynomial(&above).at(inverse) / Polynomial(&below).at(inverse);
        (low..high).fold(ratio, |ratio, _| ratio * inverse)
    }
}

/// gain·Π(s − zero)/Π(s − pole), where equal zeros and poles cancel.
pub(super) fn of_roots(zeros: &[Complex64], poles: &[Complex64], gain: f64, s: Complex64) -> Complex64 {
    let (zeros, poles) = cancelled(zeros, poles);
    let paired = poles.iter().zip(&zeros).map(|(pole, zero)| (s - zero) / (s - pole));
    let rest = poles.iter().skip(zeros.len()).map(|pole| 1.0 / (s - pole));
    paired.chain(rest).fold(gain.into(), |product, factor| product * factor)
}

/// The roots without pairs of an equal zero and pole.
pub(super) fn cancelled(zeros: &[Complex64], poles: &[Complex64]) -> (Vec<Complex64>, Vec<Complex64>) {
    let mut poles = poles.to_vec();
    let mut left = Vec::new();
    for zero in zeros {
        match poles.iter().position(|pole| pole == zero) {
            Some(at) => {
                poles.remove(at);
            }
            None => left.push(*zero),
        }
    }
    (left, poles)
}

/// The coefficients of lead·Π(s − root), highest power first.
pub(super) fn from_roots(roots: &[Complex64], lead: Complex64) -> Vec<Complex64> {
    let mut coefficients = vec![lead];
    for root in roots {
        coefficients.push(Complex64::ZERO);
        for at in (1..coefficients.len()).rev() {
            let before = coefficients[at - 1];
            coefficients[at] -= root * before;
        }
    }
    coefficients
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_near_a_root_keep_their_digits() {
        // (s − 1)⁵ at 1 + 1e-4 is 1e-20, far below the rounding of its terms.
        let coefficients = [1.0, -5.0, 10.0, -10.0, 5.0, -1.0].map(Complex64::from);
        let h = 0.5_f64.powi(13);
        let [value, derivative] = Polynomial(&coefficients).with_derivative((1.0 + h).into());
        assert!((value.re / h.powi(5) - 1.0).abs() < 1e-9 && (derivative.re / h.powi(4) - 5.0).abs() < 1e-9);
        assert_eq!(from_roots(&[Complex64::ONE; 5], Complex64::ONE), coefficients);
    }

    #[test]
    fn quotients_are_finite_far_away() {
        let [above, below] = [[2.0, 1.0].map(Complex64::from).to_vec(), vec![Complex64::ONE; 40]];
        let quotient = Polynomial(&above).over(Polynomial(&below), 1e10.into());
        assert!(quotient.norm() < 1e-300);
        let quotient = Polynomial(&below).over(Polynomial(&below), 1e10.into());
        assert!((quotient - 1.0).norm() < 1e-15);
    }

    #[test]
    fn equal_roots_cancel() {
        let [zeros, poles] = [[-1.0, -2.0].map(Complex64::from), [-2.0, -3.0].map(Complex64::from)];
        assert_eq!(of_roots(&zeros, &poles, 3.0, (-2.0).into()), Complex64::from(-3.0));
    }
}
