//! Data extents: the smallest and the largest value that an axis has to show, over all frames and all
//! curves, and the axis range with a margin that follows from them. An axis fitted once never jumps.

use crate::panel::axis::AxisSteps;
use crate::scene::element::{RangeDefect, Scale};

/// The smallest and the largest of the values added so far that an axis of some scale can show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DataExtent {
    scale: Scale,
    low: f64,
    high: f64,
    /// Whether a value was added that a logarithmic axis cannot show.
    saw_nonpositive: bool,
    /// The largest magnitude that was met at poles, which are left out; 0 without poles.
    pole: f64,
}

impl Default for DataExtent {
    fn default() -> Self {
        Self::empty(Scale::Linear)
    }
}

/// The margin at either end of a fitted range, as a fraction of the range: matplotlib's default.
const MARGIN: f64 = 0.05;
/// On a logarithmic axis, a sample this many times smaller than both of its neighbors is ignored. The curve
/// passes through zero there, and how close a sample comes to a zero is chance.
const NOTCH_RATIO: f64 = 100.0;
/// Iterations of golden section search: each shrinks the bracket to 0.618 of its length, all to 4e-9 of it.
const GOLDEN_ITERATIONS: usize = 40;
/// After these iterations, a smooth function is as good as at its maximum.
const EARLY_ITERATIONS: usize = 20;
/// A function that grows by this factor in the iterations after the early ones has a pole: 1/√|t| grows by a hundred,
/// 1/t by ten thousand, a logarithm by less than 3.
const POLE_RATIO: f64 = 50.0;
/// The share of the samples beyond a pole's end of the range. A tangent is shown to about ±10.
const POLE_SHARE: f64 = 0.03;

impl DataExtent {
    /// The extent of no values, on an axis of this scale.
    #[must_use]
    pub fn empty(scale: Scale) -> Self {
        Self { scale, low: f64::INFINITY, high: f64::NEG_INFINITY, saw_nonpositive: false, pole: 0.0 }
    }

    /// Adds a value. Values that are not finite, or that the axis cannot show, do not change the bounds.
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        if self.scale.transform(value).is_finite() {
            self.low = self.low.min(value);
            self.high = self.high.max(value);
        } else {
            self.saw_nonpositive = true;
        }
    }

    /// Adds all values of another extent.
    pub fn merge(&mut self, other: Self) {
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
        self.saw_nonpositive |= other.saw_nonpositive;
        self.pole = self.pole.max(other.pole);
    }

    /// The largest magnitude that was met at the poles of curves, which the extent leaves out; `None` without poles.
    #[must_use]
    pub fn pole(self) -> Option<f64> {
        (self.pole > 0.0).then_some(self.pole)
    }

    /// The smallest and the largest value; `None` for an empty extent.
    #[must_use]
    pub fn bounds(self) -> Option<[f64; 2]> {
        (self.low <= self.high).then_some([self.low, self.high])
    }

    /// Ends the extent above (`sign` is 1) or below (−1) where all but a small share of the samples lie. `reach` is the
    /// largest magnitude met at the pole.
    fn leave_out_pole(&mut self, samples: &[f64], sign: f64, reach: f64) {
        let shown = |value: &f64| self.scale.transform(*value).is_finite();
        let mut outward: Vec<f64> = samples.iter().copied().filter(shown).map(|value| sign * value).collect();
        outward.sort_by(f64::total_cmp);
        let beyond = (outward.len() as f64 * POLE_SHARE) as usize;
        let Some(end) = outward.len().checked_sub(1 + beyond).map(|last| sign * outward[last]) else {
            return;
        };
        if sign > 0.0 {
            self.high = end;
        } else {
            self.low = end;
        }
        self.pole = self.pole.max(reach);
    }

    /// Whether no value was added that the axis can show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.low > self.high
    }

    /// Whether values were added, but a logarithmic axis can show none of them.
    #[must_use]
    pub fn has_only_nonpositive(&self) -> bool {
        self.is_empty() && self.saw_nonpositive
    }

    /// The axis range without a margin.
    ///
    /// An extent of one value, or of values that differ only by rounding, gets a range around it: at least one
    /// unit, or the surrounding decades on a logarithmic axis. An empty extent gets −1 to 1, or 1 to 10 on a
    /// logarithmic axis.
    #[must_use]
    pub fn range(self) -> [f64; 2] {
        let Self { scale, low, high, .. } = self;
        let is_single = match scale.range_defect([low, high]) {
            Some(RangeDefect::Equal | RangeDefect::TooClose | RangeDefect::TooShort) => true,
            Some(RangeDefect::TooLarge) | None => false,
        };
        match scale {
            Scale::Linear if self.is_empty() => [-1.0, 1.0],
            Scale::Log if self.is_empty() => [1.0, 10.0],
            Scale::Linear if is_single => {
                let half = (low.abs() * 0.5).max(0.5);
                [low - half, low + half]
            }
            Scale::Log if is_single => {
                let exponent = libm::log10(low);
                [libm::ceil(exponent) - 1.0, libm::floor(exponent) + 1.0].map(power_of_ten)
            }
            Scale::Linear | Scale::Log => [low, high],
        }
    }

    /// The axis range with a margin of a twentieth at either end.
    #[must_use]
    pub fn padded_range(self) -> [f64; 2] {
        let ends = self.range();
        let [low, high] = ends.map(|end| self.scale.transform(end));
        let margin = (high - low) * MARGIN;
        match self.scale {
            Scale::Linear => [low - margin, high + margin],
            Scale::Log => [low - margin, high + margin].map(power_of_ten),
        }
    }
}

/// A power of ten, clamped to the positive normal numbers so that it can end a logarithmic range.
fn power_of_ten(exponent: f64) -> f64 {
    libm::pow(10.0, exponent).clamp(f64::MIN_POSITIVE, f64::MAX)
}

/// The extent of a smooth function on an axis of scale `on`. `values` are those at the steps.
///
/// Golden section search around the largest and the smallest sample finds peaks between two samples. Where it finds a pole,
/// the extent ends where all but a small share of the samples lie.
pub fn function_extent(
    steps: &AxisSteps,
    values: &[f64],
    on: Scale,
    mut f: impl FnMut(f64) -> f64,
) -> DataExtent {
    let mut extent = DataExtent::empty(on);
    let is_notch = |i: usize| {
        let is_far_below = |neighbor: Option<&f64>| {
            neighbor.is_none_or(|value| *value <= 0.0 || *value > values[i] * NOTCH_RATIO)
        };
        let is_positive = on == Scale::Log && values[i] > 0.0;
        is_positive && is_far_below(i.checked_sub(1).map(|i| &values[i])) && is_far_below(values.get(i + 1))
    };
    for (_, &value) in values.iter().enumerate().filter(|(i, _)| !is_notch(*i)) {
        extent.add(value);
    }
    let counted =
        || values.iter().enumerate().filter(|(i, value)| on.transform(**value).is_finite() && !is_notch(*i));
    let peak = counted().max_by(|p, q| p.1.total_cmp(q.1)).map(|(i, _)| (i, 1.0));
    let trough = counted().min_by(|p, q| p.1.total_cmp(q.1)).map(|(i, _)| (i, -1.0));
    for (i, sign) in peak.into_iter().chain(trough) {
        let bracket = [steps.at(i.saturating_sub(1)), steps.at((i + 1).min(steps.count))];
        let found = golden_maximum(bracket, |s| sign * f(s));
        if found.is_pole(sign * values[i]) {
            extent.leave_out_pole(values, sign, found.maximum);
            continue;
        }
        let extremum = sign * found.maximum;
        if on == Scale::Linear || extremum * NOTCH_RATIO > values[i] {
            extent.add(extremum);
        }
    }
    extent
}

/// The result of a search for a maximum.
struct FoundMaximum {
    maximum: f64,
    /// The maximum after the early iterations.
    early: f64,
}

impl FoundMaximum {
    /// Whether the function grows without bound, beyond the largest sample.
    fn is_pole(&self, sample: f64) -> bool {
        self.maximum > POLE_RATIO * self.early.max(sample).max(0.0) && self.early > 0.0
    }
}

/// The maximum of a function with one peak in the bracket, by golden section search.
fn golden_maximum([mut a, mut b]: [f64; 2], mut f: impl FnMut(f64) -> f64) -> FoundMaximum {
    const INVERSE_GOLDEN_RATIO: f64 = 0.618_033_988_749_894_9;
    let (mut p, mut q) = (b - (b - a) * INVERSE_GOLDEN_RATIO, a + (b - a) * INVERSE_GOLDEN_RATIO);
    let (mut at_p, mut at_q) = (f(p), f(q));
    let mut early = f64::NEG_INFINITY;
    for iteration in 0..GOLDEN_ITERATIONS {
        if iteration == EARLY_ITERATIONS {
            early = at_p.max(at_q);
        }
        if at_p > at_q {
            (b, q, at_q) = (q, p, at_p);
            p = b - (b - a) * INVERSE_GOLDEN_RATIO;
            at_p = f(p);
        } else {
            (a, p, at_p) = (p, q, at_q);
            q = a + (b - a) * INVERSE_GOLDEN_RATIO;
            at_q = f(q);
        }
    }
    FoundMaximum { maximum: at_p.max(at_q), early }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(span: [f64; 2], count: usize, scale: Scale) -> AxisSteps {
        AxisSteps { span, count, scale }
    }

    /// The extent of a function.
    fn extent_of(steps: &AxisSteps, on: Scale, f: impl Fn(f64) -> f64) -> DataExtent {
        let values: Vec<f64> = (0..=steps.count).map(|i| f(steps.at(i))).collect();
        function_extent(steps, &values, on, f)
    }

    fn is_near(found: [f64; 2], expected: [f64; 2]) -> bool {
        found.iter().zip(expected).all(|(a, b)| (a / b - 1.0).abs() < 1e-9)
    }

    #[test]
    fn a_peak_between_two_steps_is_found() {
        let steps = steps([0.0, 10.0], 37, Scale::Linear);
        let [low, high] = extent_of(&steps, Scale::Linear, |t| 3.0 * libm::sin(t + 0.123)).range();
        assert!((high - 3.0).abs() < 1e-12 && (low + 3.0).abs() < 1e-12);
    }

    #[test]
    fn empty_and_single_value_extents_have_a_range() {
        assert_eq!(DataExtent::default().range(), [-1.0, 1.0]);
        let mut one = DataExtent::default();
        one.add(f64::NAN);
        one.add(4.0);
        assert_eq!(one.range(), [2.0, 6.0]);
        let undefined = extent_of(&steps([0.0, 1.0], 8, Scale::Linear), Scale::Linear, |_| f64::NAN);
        assert_eq!(undefined, DataExtent::default());
        assert_eq!(DataExtent::empty(Scale::Log).range(), [1.0, 10.0]);
        for (value, range) in [(4.0, [1.0, 10.0]), (1.0, [0.1, 10.0]), (0.02, [0.01, 0.1])] {
            let mut one = DataExtent::empty(Scale::Log);
            one.add(value);
            assert!(is_near(one.range(), range), "{value}");
        }
    }

    #[test]
    fn values_that_differ_only_by_rounding_count_as_one_value() {
        for scale in [Scale::Linear, Scale::Log] {
            for value in [1.0, 0.1, 6.02e23, 1.6e-19] {
                let (mut one, mut noisy) = (DataExtent::empty(scale), DataExtent::empty(scale));
                one.add(value);
                noisy.add(value);
                noisy.add(value * (1.0 + 4.0 * f64::EPSILON));
                assert!(is_near(noisy.range(), one.range()), "{value}: {:?}", noisy.range());
                assert_eq!(scale.range_defect(noisy.padded_range()), None);
            }
        }
        let mut nearly_nothing = DataExtent::default();
        nearly_nothing.add(0.0);
        nearly_nothing.add(5e-324);
        assert_eq!(nearly_nothing.range(), [-0.5, 0.5]);
    }

    #[test]
    fn padding_is_a_twentieth_at_either_end() {
        let mut extent = DataExtent::default();
        extent.add(0.0);
        extent.add(20.0);
        assert_eq!(extent.padded_range(), [-1.0, 21.0]);
        let mut decades = DataExtent::empty(Scale::Log);
        decades.add(1.0);
        decades.add(1e20);
        assert!(is_near(decades.padded_range(), [0.1, 1e21]));
    }

    #[test]
    fn logarithmic_ranges_end_at_positive_finite_values() {
        let mut extent = DataExtent::empty(Scale::Log);
        extent.add(5e-324);
        extent.add(f64::MAX);
        let [low, high] = extent.padded_range();
        assert!(low > 0.0 && high.is_finite());
    }

    #[test]
    fn logarithmic_extents_ignore_nonpositive_values() {
        let mut extent = DataExtent::empty(Scale::Log);
        extent.add(-3.0);
        extent.add(0.0);
        assert!(extent.is_empty() && extent.has_only_nonpositive());
        extent.add(2.0);
        extent.add(5.0);
        assert!(!extent.has_only_nonpositive());
        assert_eq!(extent.range(), [2.0, 5.0]);
        assert!(extent_of(&steps([0.0, 1.0], 8, Scale::Linear), Scale::Log, |t| -t).has_only_nonpositive());
        let mut only_nan = DataExtent::empty(Scale::Log);
        only_nan.add(f64::NAN);
        assert!(!only_nan.has_only_nonpositive());
    }

    #[test]
    fn a_pole_is_cut_and_ordinary_curves_are_not() {
        let extent = |f: fn(f64) -> f64| {
            [2048, 256].map(|count| extent_of(&steps([0.0, 10.0], count, Scale::Linear), Scale::Linear, f))
        };
        let poles: [fn(f64) -> f64; 6] = [
            libm::tan,
            |t| 1.0 / (t - 1.0),
            |t| 1.0 / (t - 5.0),
            |t| 1.0 / t,
            |t| -1.0 / libm::sqrt((t - 2.0).abs()),
            |t| libm::tgamma(t - 5.0),
        ];
        for (index, pole) in poles.into_iter().enumerate() {
            for found in extent(pole) {
                let [low, high] = found.range();
                assert!(found.pole().is_some_and(|reach| reach > 1e3), "{index}");
                assert!(low >= -60.0 && high <= 60.0, "{index}: {low} to {high}");
            }
        }
        let ordinary: [fn(f64) -> f64; 8] = [
            libm::sin,
            |t| 1.0 / (1.0 + 1e4 * (t - 3.0) * (t - 3.0)),
            |t| libm::exp(t * t),
            |t| libm::log((t - 1.0).abs()),
            |t| if t < 3.0 { 1e-9 } else { 1e9 },
            |t| libm::sin(2048.0 * std::f64::consts::PI * t / 10.0),
            |_| 0.0,
            |t| 1.0 / (t + 1e-3),
        ];
        for (index, curve) in ordinary.into_iter().enumerate() {
            assert!(extent(curve).iter().all(|found| found.pole().is_none()), "{index}");
        }
    }

    #[test]
    fn a_pole_on_one_side_leaves_the_other_end() {
        let steps = steps([-1.0, 1.0], 2048, Scale::Linear);
        let [low, high] = extent_of(&steps, Scale::Linear, |t| 1.0 / t.abs()).range();
        assert!((low - 1.0).abs() < 1e-9 && (10.0..100.0).contains(&high), "{low} to {high}");
    }

    #[test]
    fn samples_close_to_a_zero_do_not_set_the_low_end() {
        let sine = |t: f64| libm::sin(t).abs();
        // The steps of `aligned` hit the zeros up to rounding, the others lie between them.
        for count in [2000, 2003, 2048] {
            let steps = steps([0.5, 20.0 * std::f64::consts::PI + 0.5], count, Scale::Linear);
            let aligned = AxisSteps { span: [0.0, 20.0 * std::f64::consts::PI], ..steps };
            for steps in [steps, aligned] {
                let [low, high] = extent_of(&steps, Scale::Log, sine).range();
                assert!((1e-7..1e-1).contains(&low) && high > 0.999, "{low} of {count}");
            }
        }
    }
}
