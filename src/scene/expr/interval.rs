//! Intervals of real numbers: bounds on a quantity while its variable runs over a range.
//!
//! End points are rounded to nearest, so bounds hold up to rounding; callers allow a margin. Both ends are
//! finite. Operations whose result has no finite ends return `None`.

/// The numbers from `low` to `high`, both included and finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Interval {
    /// The interval that contains only 0.
    pub(crate) const ZERO: Self = Self { low: 0.0, high: 0.0 };

    /// The interval between two numbers in either order, if both are finite.
    pub(crate) fn between(a: f64, b: f64) -> Option<Self> {
        (a.is_finite() && b.is_finite()).then(|| Self { low: a.min(b), high: a.max(b) })
    }

    /// The interval that contains only `value`, if it is finite.
    pub(crate) fn point(value: f64) -> Option<Self> {
        Self::between(value, value)
    }

    /// The only number in the interval, if there is only one.
    pub(crate) fn as_point(self) -> Option<f64> {
        (self.low == self.high).then_some(self.low)
    }

    /// The largest absolute value in the interval.
    pub(crate) fn magnitude(self) -> f64 {
        self.low.abs().max(self.high.abs())
    }

    /// The sum of two intervals.
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        Self::between(self.low + other.low, self.high + other.high)
    }

    /// The interval of negated numbers.
    pub(crate) fn negated(self) -> Self {
        Self { low: -self.high, high: -self.low }
    }

    /// The product of two intervals.
    pub(crate) fn times(self, other: Self) -> Option<Self> {
        let products =
            [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high];
        // `min` and `max` ignore NaN, so finiteness is checked for every product.
        let low = products.iter().copied().fold(f64::INFINITY, f64::min);
        let high = products.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        products.iter().all(|product| product.is_finite()).then_some(Self { low, high })
    }

    /// The interval multiplied by a number.
    pub(crate) fn scaled(self, factor: f64) -> Option<Self> {
        Self::between(self.low * factor, self.high * factor)
    }

    /// The image under a function that is monotone on the interval.
    pub(crate) fn map_monotone(self, monotone: impl Fn(f64) -> f64) -> Option<Self> {
        Self::between(monotone(self.low), monotone(self.high))
    }
}
