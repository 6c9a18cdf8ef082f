//! Intervals of real numbers: all that a quantity can be while its variable runs over a range.
//!
//! Ends are rounded to nearest, so a bound holds up to rounding; whoever decides by one leaves a margin.
//! An interval without finite ends says nothing, and there is none.

/// All numbers from `low` to `high`, both finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Interval {
    pub(crate) const ZERO: Self = Self { low: 0.0, high: 0.0 };

    /// Between two ends in either order, if both are finite.
    pub(crate) fn between(a: f64, b: f64) -> Option<Self> {
        (a.is_finite() && b.is_finite()).then(|| Self { low: a.min(b), high: a.max(b) })
    }

    /// A single number.
    pub(crate) fn point(value: f64) -> Option<Self> {
        Self::between(value, value)
    }

    /// The number, where it is the only one.
    pub(crate) fn as_point(self) -> Option<f64> {
        (self.low == self.high).then_some(self.low)
    }

    /// The greatest size of a number in it.
    pub(crate) fn magnitude(self) -> f64 {
        self.low.abs().max(self.high.abs())
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        Self::between(self.low + other.low, self.high + other.high)
    }

    pub(crate) fn negated(self) -> Self {
        Self { low: -self.high, high: -self.low }
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        let products =
            [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high];
        // `min` and `max` would pass over a NaN.
        let low = products.iter().copied().fold(f64::INFINITY, f64::min);
        let high = products.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        products.iter().all(|product| product.is_finite()).then_some(Self { low, high })
    }

    pub(crate) fn scaled(self, factor: f64) -> Option<Self> {
        Self::between(self.low * factor, self.high * factor)
    }

    /// The image under a function that only rises or only falls here.
    pub(crate) fn map_monotone(self, monotone: impl Fn(f64) -> f64) -> Option<Self> {
        Self::between(monotone(self.low), monotone(self.high))
    }
}
