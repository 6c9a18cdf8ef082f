//! Numbers with twice the digits of `f64`: unevaluated sums of two.
//!
//! T. J. Dekker, "A floating-point technique for extending the available precision", 1971.

/// The sum of a number and of a much smaller one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Wide {
    /// The sum, rounded to `f64`.
    pub(super) high: f64,
    /// The part that the rounding lost.
    pub(super) low: f64,
}

impl Wide {
    /// The exact sum of two numbers.
    pub(super) fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let part = high - a;
        Self { high, low: (a - (high - part)) + (b - part) }
    }

    /// The exact product of two numbers below 1e300.
    pub(super) fn product(a: f64, b: f64) -> Self {
        let high = a * b;
        let [(a, a_rest), (b, b_rest)] = [a, b].map(halves);
        Self { high, low: ((a * b - high) + a * b_rest + a_rest * b) + a_rest * b_rest }
    }

    /// The number as one `f64`.
    pub(super) fn value(self) -> f64 {
        self.high + self.low
    }

    /// The sum with a number.
    pub(super) fn plus_number(self, other: f64) -> Self {
        let sum = Self::sum(self.high, other);
        Self::sum(sum.high, sum.low + self.low)
    }

    /// The sum with a product of two numbers.
    pub(super) fn plus_product(self, a: f64, b: f64) -> Self {
        self.plus(Self::product(a, b))
    }

    /// The sum with another wide number.
    pub(super) fn plus(self, other: Self) -> Self {
        let sum = Self::sum(self.high, other.high);
        Self::sum(sum.high, sum.low + (self.low + other.low))
    }

    /// The product with a number.
    pub(super) fn times(self, factor: f64) -> Self {
        let product = Self::product(self.high, factor);
        Self::sum(product.high, product.low + self.low * factor)
    }

    /// The square.
    pub(super) fn squared(self) -> Self {
        let square = Self::product(self.high, self.high);
        Self::sum(square.high, square.low + 2.0 * self.high * self.low)
    }

    /// The quotient of two wide numbers.
    pub(super) fn over(self, divisor: Self) -> Self {
        let quotient = self.high / divisor.high;
        let rest = self.plus(divisor.times(-quotient));
        Self::sum(quotient, rest.high / divisor.high)
    }

    /// The square root of a number that is not negative.
    pub(super) fn sqrt(self) -> Self {
        let root = self.high.sqrt();
        if root == 0.0 {
            return Self::default();
        }
        let rest = self.plus(Self::product(root, -root));
        Self::sum(root, rest.high / (2.0 * root))
    }
}

/// A number as the sum of two of at most 26 bits (G. W. Veltkamp).
fn halves(number: f64) -> (f64, f64) {
    const SPLITTER: f64 = 134_217_729.0; // 2²⁷ + 1
    let scaled = SPLITTER * number;
    let high = scaled - (scaled - number);
    (high, number - high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_and_quotient_undo_square_and_product() {
        for number in [2.0, 3.7, 1e-5, 12345.678] {
            let root = Wide { high: number, low: 0.0 }.sqrt();
            let rest = root.squared().plus(Wide { high: -number, low: 0.0 });
            assert!(rest.high.abs() < 1e-30 * number, "{rest:?}");
            let third = Wide { high: number, low: 0.0 }.over(Wide { high: 3.0, low: 0.0 });
            let rest = third.times(3.0).plus(Wide { high: -number, low: 0.0 });
            assert!(rest.high.abs() < 1e-30 * number, "{rest:?}");
        }
    }

    #[test]
    fn running_sums_keep_what_rounding_loses() {
        let number = 1.0 + f64::EPSILON;
        let square = Wide::default().plus_product(number, number);
        let rest = square.plus_number(-1.0).plus_number(-2.0 * f64::EPSILON);
        assert_eq!(rest.value(), f64::EPSILON * f64::EPSILON);
        let third = Wide::sum(1.0, 1e-20);
        assert_eq!(third.plus(third.times(-1.0)).value(), 0.0);
        assert_eq!(third.times(3.0).plus_number(-3.0).value(), 3.0 * 1e-20);
    }

    #[test]
    fn sums_and_products_lose_nothing() {
        assert_eq!(Wide::sum(1.0, 1e-20), Wide { high: 1.0, low: 1e-20 });
        let product = Wide::product(1.0 + f64::EPSILON, 1.0 - f64::EPSILON);
        assert_eq!(product.high, 1.0);
        assert_eq!(product.low, -f64::EPSILON * f64::EPSILON);
    }
}
