//! Intervals of real numbers: bounds on a quantity while its variable runs over a range.
//!
//! End points are rounded to nearest, so bounds hold up to rounding; callers allow a margin. Both ends are
//! finite. Operations whose result has no finite ends return `None`.

use std::f64::consts::{FRAC_PI_2, PI};

/// Beyond this angle, it is not told which of its multiples of π lie in an interval.
const MAX_ANGLE: f64 = 1e6;

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

    /// The squares of the numbers.
    pub(crate) fn squared(self) -> Option<Self> {
        let [a, b] = [self.low * self.low, self.high * self.high];
        let square = Self::between(a, b)?;
        Some(if self.low < 0.0 && self.high > 0.0 { Self { low: 0.0, ..square } } else { square })
    }

    /// The interval multiplied by a number.
    pub(crate) fn scaled(self, factor: f64) -> Option<Self> {
        Self::between(self.low * factor, self.high * factor)
    }

    /// The images under the sine and the cosine.
    pub(crate) fn sine_and_cosine(self) -> Option<[Self; 2]> {
        let Self { low, high } = self;
        if high - low >= 2.0 * PI || self.magnitude() > MAX_ANGLE {
            return Some([Self { low: -1.0, high: 1.0 }; 2]);
        }
        let [(sine, cosine), (last_sine, last_cosine)] = [low, high].map(libm::sincos);
        let image = |from, to, maximum: f64| {
            // The first and the last extreme that may lie in the interval, counted from this maximum.
            let [first, last] = [((low - maximum) / PI).ceil(), ((high - maximum) / PI).floor()];
            let is_maximum = (first / 2.0).floor() * 2.0 == first;
            let ends = Self::between(from, to)?;
            Some(match last - first {
                1.0.. => Self { low: -1.0, high: 1.0 },
                0.0 if is_maximum => Self { high: 1.0, ..ends },
                0.0 => Self { low: -1.0, ..ends },
                _ => ends,
            })
        };
        Some([image(sine, last_sine, FRAC_PI_2)?, image(cosine, last_cosine, 0.0)?])
    }

    /// The image under a function that is monotone on the interval.
    pub(crate) fn map_monotone(self, monotone: impl Fn(f64) -> f64) -> Option<Self> {
        Self::between(monotone(self.low), monotone(self.high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_images_under_sine_and_cosine_are_those_of_their_points() {
        for start in -40..40 {
            for length in [0.0, 0.1, 1.0, 2.9, 3.2, 6.0, 7.0, 100.0] {
                let low = f64::from(start) * 0.37;
                let images = Interval::between(low, low + length).and_then(Interval::sine_and_cosine);
                for (image, function) in images.expect("images").into_iter().zip([libm::sin, libm::cos]) {
                    let values = (0..=2000).map(|k| function(low + length * f64::from(k) / 2000.0));
                    let [least, most] = [values.clone().fold(2.0, f64::min), values.fold(-2.0, f64::max)];
                    assert!(image.low <= least && image.high >= most, "{low} + {length}: {image:?}");
                    // No wider than the distance of the points explains.
                    let excess = (least - image.low).max(image.high - most);
                    assert!(excess < 2e-3, "{low} + {length}: {image:?}");
                }
            }
        }
        let far = Interval::between(1e9, 1e9 + 0.1).and_then(Interval::sine_and_cosine);
        assert_eq!(far, Interval::between(-1.0, 1.0).map(|unit| [unit; 2]));
    }
}
