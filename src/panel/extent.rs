//! Ranges that hold all that a film will ever draw: extents are gathered over every frame and every
//! curve, then widened by a margin. An axis fitted once never jumps.

use crate::panel::axis::Steps;
use crate::scene::element::{Scale, Unfit};

/// The least and the greatest of the values seen; empty until the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DataExtent {
    scale: Scale,
    low: f64,
    high: f64,
    /// Whether there were values that have no place on a logarithmic axis.
    refused: bool,
}

impl Default for DataExtent {
    fn default() -> Self {
        Self::on(Scale::Linear)
    }
}

/// The margin on either side of a fitted range, as a part of it: matplotlib's.
const MARGIN: f64 = 0.05;
/// A step of a curve that is so many times less than its neighbors is a zero that was nearly met. How
/// nearly is chance, and no depth for a logarithmic axis.
const NOTCH: f64 = 100.0;

impl DataExtent {
    /// What an axis of this scale has seen before the first value.
    #[must_use]
    pub fn on(scale: Scale) -> Self {
        Self { scale, low: f64::INFINITY, high: f64::NEG_INFINITY, refused: false }
    }

    /// Takes in a value; one that is not finite, or has no place on the axis, is not seen.
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
        } else if self.scale.even(value).is_finite() {
            self.low = self.low.min(value);
            self.high = self.high.max(value);
        } else {
            self.refused = true;
        }
    }

    /// Takes in all that another has seen.
    pub fn merge(&mut self, other: Self) {
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
        self.refused |= other.refused;
    }

    /// The least and the greatest of the values seen; none before the first.
    #[must_use]
    pub fn bounds(self) -> Option<[f64; 2]> {
        (self.low <= self.high).then_some([self.low, self.high])
    }

    /// Whether no value was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.low > self.high
    }

    /// Whether there were values, none of which has a place on the axis.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.is_empty() && self.refused
    }

    /// The range without a margin. Around a single value it is one unit, or the decades about it;
    /// around nothing it is −1 to 1, or 1 to 10. Values that differ as rounding does count as a single one.
    #[must_use]
    pub fn tight(self) -> [f64; 2] {
        let Self { scale, low, high, .. } = self;
        let single = match scale.unfit([low, high]) {
            Some(Unfit::Equal | Unfit::Close | Unfit::Short) => true,
            Some(Unfit::Far) | None => false,
        };
        match scale {
            Scale::Linear if self.is_empty() => [-1.0, 1.0],
            Scale::Log if self.is_empty() => [1.0, 10.0],
            Scale::Linear if single => {
                let half = (low.abs() * 0.5).max(0.5);
                [low - half, low + half]
            }
            Scale::Log if single => {
                let exponent = libm::log10(low);
                [libm::ceil(exponent) - 1.0, libm::floor(exponent) + 1.0].map(power)
            }
            Scale::Linear | Scale::Log => [low, high],
        }
    }

    /// The range with matplotlib's margin of a twentieth at either end.
    #[must_use]
    pub fn with_margin(self) -> [f64; 2] {
        let ends = self.tight();
        let [low, high] = ends.map(|end| self.scale.even(end));
        let margin = (high - low) * MARGIN;
        match self.scale {
            Scale::Linear => [low - margin, high + margin],
            Scale::Log => [low - margin, high + margin].map(power),
        }
    }
}

/// A power of ten that a range may end at.
fn power(exponent: f64) -> f64 {
    libm::pow(10.0, exponent).clamp(f64::MIN_POSITIVE, f64::MAX)
}

/// The extent on an axis of scale `on` of a smooth function at some steps, sharpened around the
/// greatest and the least of them by golden section so that a peak between two steps counts too.
pub fn extent_of(steps: &Steps, on: Scale, mut f: impl FnMut(f64) -> f64) -> DataExtent {
    let values: Vec<f64> = (0..=steps.count).map(|i| f(steps.at(i))).collect();
    let mut extent = DataExtent::on(on);
    let notch = |i: usize| {
        let deep = |beside: Option<&f64>| beside.is_none_or(|at| *at <= 0.0 || *at > values[i] * NOTCH);
        let positive = on == Scale::Log && values[i] > 0.0;
        positive && deep(i.checked_sub(1).map(|i| &values[i])) && deep(values.get(i + 1))
    };
    for (_, &value) in values.iter().enumerate().filter(|(i, _)| !notch(*i)) {
        extent.add(value);
    }
    let seen = || values.iter().enumerate().filter(|(i, value)| on.even(**value).is_finite() && !notch(*i));
    let peak = seen().max_by(|p, q| p.1.total_cmp(q.1)).map(|(i, _)| (i, 1.0));
    let trough = seen().min_by(|p, q| p.1.total_cmp(q.1)).map(|(i, _)| (i, -1.0));
    for (i, sign) in peak.into_iter().chain(trough) {
        let bracket = [steps.at(i.saturating_sub(1)), steps.at((i + 1).min(steps.count))];
        let sharp = sign * golden_maximum(bracket, |s| sign * f(s));
        if on == Scale::Linear || sharp * NOTCH > values[i] {
            extent.add(sharp);
        }
    }
    extent
}

/// The maximum of a function with one peak in the bracket, by golden section.
fn golden_maximum([mut a, mut b]: [f64; 2], mut f: impl FnMut(f64) -> f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (mut p, mut q) = (b - (b - a) * GOLDEN, a + (b - a) * GOLDEN);
    let (mut at_p, mut at_q) = (f(p), f(q));
    for _ in 0..40 {
        if at_p > at_q {
            (b, q, at_q) = (q, p, at_p);
            p = b - (b - a) * GOLDEN;
            at_p = f(p);
        } else {
            (a, p, at_p) = (p, q, at_q);
            q = a + (b - a) * GOLDEN;
            at_q = f(q);
        }
    }
    at_p.max(at_q)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(span: [f64; 2], count: usize, scale: Scale) -> Steps {
        Steps { span, count, scale }
    }

    fn near(found: [f64; 2], wanted: [f64; 2]) -> bool {
        found.iter().zip(wanted).all(|(a, b)| (a / b - 1.0).abs() < 1e-9)
    }

    #[test]
    fn a_peak_between_two_steps_is_found() {
        let steps = steps([0.0, 10.0], 37, Scale::Linear);
        let [low, high] = extent_of(&steps, Scale::Linear, |t| 3.0 * libm::sin(t + 0.123)).tight();
        assert!((high - 3.0).abs() < 1e-12 && (low + 3.0).abs() < 1e-12);
    }

    #[test]
    fn degenerate_extents_have_a_range() {
        assert_eq!(DataExtent::default().tight(), [-1.0, 1.0]);
        let mut one = DataExtent::default();
        one.add(f64::NAN);
        one.add(4.0);
        assert_eq!(one.tight(), [2.0, 6.0]);
        let nowhere = extent_of(&steps([0.0, 1.0], 8, Scale::Linear), Scale::Linear, |_| f64::NAN);
        assert_eq!(nowhere, DataExtent::default());
        assert_eq!(DataExtent::on(Scale::Log).tight(), [1.0, 10.0]);
        for (value, range) in [(4.0, [1.0, 10.0]), (1.0, [0.1, 10.0]), (0.02, [0.01, 0.1])] {
            let mut one = DataExtent::on(Scale::Log);
            one.add(value);
            assert!(near(one.tight(), range), "{value}");
        }
    }

    #[test]
    fn values_that_differ_as_rounding_does_are_a_single_one() {
        for scale in [Scale::Linear, Scale::Log] {
            for value in [1.0, 0.1, 6.02e23, 1.6e-19] {
                let (mut one, mut noisy) = (DataExtent::on(scale), DataExtent::on(scale));
                one.add(value);
                noisy.add(value);
                noisy.add(value * (1.0 + 4.0 * f64::EPSILON));
                assert!(near(noisy.tight(), one.tight()), "{value}: {:?}", noisy.tight());
                assert_eq!(scale.unfit(noisy.with_margin()), None);
            }
        }
        let mut nearly_nothing = DataExtent::default();
        nearly_nothing.add(0.0);
        nearly_nothing.add(5e-324);
        assert_eq!(nearly_nothing.tight(), [-0.5, 0.5]);
    }

    #[test]
    fn margins_are_a_twentieth() {
        let mut extent = DataExtent::default();
        extent.add(0.0);
        extent.add(20.0);
        assert_eq!(extent.with_margin(), [-1.0, 21.0]);
        let mut decades = DataExtent::on(Scale::Log);
        decades.add(1.0);
        decades.add(1e20);
        assert!(near(decades.with_margin(), [0.1, 1e21]));
    }

    #[test]
    fn a_range_never_ends_where_there_are_no_logarithms() {
        let mut extent = DataExtent::on(Scale::Log);
        extent.add(5e-324);
        extent.add(f64::MAX);
        let [low, high] = extent.with_margin();
        assert!(low > 0.0 && high.is_finite());
    }

    #[test]
    fn only_positive_values_count_for_a_logarithm() {
        let mut extent = DataExtent::on(Scale::Log);
        extent.add(-3.0);
        extent.add(0.0);
        assert!(extent.is_empty() && extent.is_refused());
        extent.add(2.0);
        extent.add(5.0);
        assert!(!extent.is_refused());
        assert_eq!(extent.tight(), [2.0, 5.0]);
        assert!(extent_of(&steps([0.0, 1.0], 8, Scale::Linear), Scale::Log, |t| -t).is_refused());
        let mut nothing = DataExtent::on(Scale::Log);
        nothing.add(f64::NAN);
        assert!(!nothing.is_refused());
    }

    #[test]
    fn how_nearly_a_zero_is_met_is_no_depth() {
        let sine = |t: f64| libm::sin(t).abs();
        // The first count meets zeros to rounding, the others lie between them.
        for count in [2000, 2003, 2048] {
            let steps = steps([0.5, 20.0 * std::f64::consts::PI + 0.5], count, Scale::Linear);
            let met = Steps { span: [0.0, 20.0 * std::f64::consts::PI], ..steps };
            for steps in [steps, met] {
                let [low, high] = extent_of(&steps, Scale::Log, sine).tight();
                assert!((1e-7..1e-1).contains(&low) && high > 0.999, "{low} of {count}");
            }
        }
    }
}
