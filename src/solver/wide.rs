//! Numbers with twice the digits of `f64`, as sums of two.

/// A sum of two numbers, of which the second is much smaller (T. Dekker, "A floating-point technique for extending the
/// available precision", 1971).
#[derive(Clone, Copy, Default)]
pub(super) struct Wide {
    high: f64,
    low: f64,
}

impl Wide {
    /// The sum.
    pub(super) fn value(self) -> f64 {
        self.high + self.low
    }

    /// The sum with a number.
    pub(super) fn plus(self, other: f64) -> Self {
        let sum = self.high + other;
        let of_other = sum - self.high;
        let lost = (self.high - (sum - of_other)) + (other - of_other);
        Self { high: sum, low: self.low + lost }
    }

    /// The sum with a product.
    pub(super) fn plus_product(self, left: f64, right: f64) -> Self {
        let product = product(left, right);
        let sum = self.plus(product.high);
        Self { low: sum.low + product.low, ..sum }
    }

    /// The sum of two wide numbers.
    pub(super) fn plus_wide(self, other: Self) -> Self {
        let sum = self.plus(other.high);
        Self { low: sum.low + other.low, ..sum }
    }

    /// The product with a number.
    pub(super) fn times(self, factor: f64) -> Self {
        let scaled = product(self.high, factor);
        Self { low: scaled.low + self.low * factor, ..scaled }
    }
}

/// The product and its rounding error.
fn product(left: f64, right: f64) -> Wide {
    let high = left * right;
    let ([left, left_rest], [right, right_rest]) = (halves(left), halves(right));
    let low = ((left * right - high) + left * right_rest + left_rest * right) + left_rest * right_rest;
    Wide { high, low }
}

/// The leading half of the bits, and the rest.
fn halves(number: f64) -> [f64; 2] {
    let shifted = number * 134_217_729.0;
    let leading = shifted - (shifted - number);
    [leading, number - leading]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_sums_keep_what_rounding_loses() {
        let number = 1.0 + f64::EPSILON;
        let square = Wide::default().plus_product(number, number);
        assert_eq!(square.plus(-1.0).plus(-2.0 * f64::EPSILON).value(), f64::EPSILON * f64::EPSILON);
        let third = Wide::default().plus(1.0).plus(1e-20);
        assert_eq!(third.plus_wide(third.times(-1.0)).value(), 0.0);
        assert_eq!(third.times(3.0).plus(-3.0).value(), 3.0 * 1e-20);
    }
}
