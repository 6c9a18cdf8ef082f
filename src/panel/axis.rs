//! One axis: the mapping from values to device pixels, linear or logarithmic, evenly spaced steps along
//! it, its ticks, and the same axis as plotters' coordinate type.

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use crate::scene::element::Scale;

/// Plotters' coordinates are 32-bit integers, so values farther outside of the range than this many axis
/// lengths are clamped. A line that reaches the plot from that far away does not change visibly.
const MAX_OVERSHOOT: f64 = 1000.0;
/// The low end of a logarithmic axis for a span that reaches zero, as a fraction of the span's high end.
const DEFAULT_LOG_DEPTH: f64 = 1e-3;

impl Scale {
    /// The part of a span that an axis of this scale can show, in the span's direction.
    ///
    /// A logarithmic axis shows no value at or below 0. A span that reaches 0 is cut off at `floor`, or at a
    /// thousandth of its high end if that is lower or `floor` is not positive. A span without positive
    /// values is returned as it is.
    #[must_use]
    pub fn drawable_span(self, [a, b]: [f64; 2], floor: Option<f64>) -> [f64; 2] {
        let high = a.max(b);
        if self == Self::Linear || a.min(b) > 0.0 || high <= 0.0 {
            return [a, b];
        }
        let default = high * DEFAULT_LOG_DEPTH;
        let low = floor.filter(|floor| *floor > 0.0).map_or(default, |floor| floor.min(default));
        [a, b].map(|end| if end > 0.0 { end } else { low })
    }
}

/// The direction of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    X,
    Y,
}

impl Direction {
    /// Both directions, the horizontal one first.
    pub(super) const BOTH: [Self; 2] = [Self::X, Self::Y];

    /// The element of an [x, y] pair that belongs to this direction.
    pub(super) fn select<T>(self, [x, y]: [T; 2]) -> T {
        match self {
            Self::X => x,
            Self::Y => y,
        }
    }
}

/// Values from the first to the last of a span that are equally far apart on an axis of some scale: equal
/// differences on a linear axis, equal ratios on a logarithmic one.
#[derive(Clone, Copy, Debug)]
pub struct AxisSteps {
    /// First and last value. If one of them is not positive, the steps are linear on any scale.
    pub span: [f64; 2],
    /// Number of steps, at least 1.
    pub count: usize,
    /// The axis's scale.
    pub scale: Scale,
}

impl AxisSteps {
    /// The value after `i` steps, `i` from 0 to `count`.
    #[must_use]
    pub fn at(&self, i: usize) -> f64 {
        let lerp = |[a, b]: [f64; 2]| a + (b - a) * i as f64 / self.count as f64;
        let logarithms = match self.scale {
            Scale::Linear => None,
            Scale::Log => Some(self.span.map(|end| self.scale.transform(end))),
        };
        match logarithms.filter(|ends| ends.iter().all(|end| end.is_finite())) {
            Some(ends) => libm::pow(10.0, lerp(ends)),
            None => lerp(self.span),
        }
    }
}

/// The mapping from an axis's values to device pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AxisMapping {
    /// The values at the two ends: left and right, or bottom and top. They are never equal, and both are
    /// positive on a logarithmic axis.
    pub range: [f64; 2],
    /// The device pixels of those ends.
    pub pixels: [f64; 2],
    /// Linear or logarithmic.
    pub scale: Scale,
}

impl AxisMapping {
    /// The position of `value` along the axis: 0 at its first end, 1 at its last, outside of that for values
    /// beyond the range. Not finite for values that the axis's scale cannot show.
    fn fraction(&self, value: f64) -> f64 {
        let [a, b] = self.scaled_range();
        (self.scale.transform(value) - a) / (b - a)
    }

    /// The ends of the range in the coordinate in which the axis is even: values, or their logarithms.
    fn scaled_range(&self) -> [f64; 2] {
        self.range.map(|end| self.scale.transform(end))
    }

    /// The device pixel of `value`; beyond the axis's ends for values beyond the range.
    #[must_use]
    pub fn pixel(&self, value: f64) -> f64 {
        self.to_pixel()(value)
    }

    /// The function from values to device pixels, for many values: what is the same for all is computed once.
    pub(super) fn to_pixel(self) -> impl Fn(f64) -> f64 {
        let ([a, b], [p, q]) = (self.scaled_range(), self.pixels);
        move |value| p + (self.scale.transform(value) - a) / (b - a) * (q - p)
    }

    /// The value at a device pixel.
    #[must_use]
    pub fn value(&self, pixel: f64) -> f64 {
        let [a, b] = self.scaled_range();
        let [p, q] = self.pixels;
        self.scale.inverse(a + (pixel - p) / (q - p) * (b - a))
    }

    /// The derivative of the pixel with respect to the value, at `value`; negative where pixels decrease.
    #[must_use]
    pub fn slope(&self, value: f64) -> f64 {
        let [a, b] = self.scaled_range();
        let even = (self.pixels[1] - self.pixels[0]) / (b - a);
        match self.scale {
            Scale::Linear => even,
            Scale::Log => even / (value * std::f64::consts::LN_10),
        }
    }

    /// Device pixels per unit, or per decade of a logarithmic axis; never negative.
    #[must_use]
    pub fn pixels_per_unit(&self) -> f64 {
        let [a, b] = self.scaled_range();
        ((self.pixels[1] - self.pixels[0]) / (b - a)).abs()
    }

    /// Whether `value` lies in the range, up to rounding.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        let [a, b] = self.scaled_range();
        let value = self.scale.transform(value);
        let slack = (b - a).abs() * 1e-9;
        value >= a.min(b) - slack && value <= a.max(b) + slack
    }

    /// The value from which areas are filled and onto which perpendiculars drop: 0, or the low end of a
    /// logarithmic axis, where 0 is infinitely far away.
    #[must_use]
    pub fn baseline(&self) -> f64 {
        match self.scale {
            Scale::Linear => 0.0,
            Scale::Log => self.range[0].min(self.range[1]),
        }
    }

    /// `value`, or the baseline where a logarithmic axis cannot show `value`. NaN stays NaN.
    #[must_use]
    pub fn clamp_to_baseline(&self, value: f64) -> f64 {
        if self.scale == Scale::Log && value <= 0.0 { self.baseline() } else { value }
    }
}

/// A value on an axis with its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The value on the axis.
    pub value: f64,
    /// The label in label syntax; empty for a tick mark without a label.
    pub label: String,
}

/// An axis as plotters' coordinate type, with our mapping, ticks and labels.
#[derive(Clone, Debug)]
pub(crate) struct PlottersAxis {
    /// Range and scale. Its pixels are not used: plotters passes its own.
    pub mapping: AxisMapping,
    /// The ticks; plotters' own choice is not used.
    pub ticks: Vec<Tick>,
}

impl Ranged for PlottersAxis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (low, high): (i32, i32)) -> i32 {
        let fraction = self.mapping.fraction(*value).clamp(-MAX_OVERSHOOT, 1.0 + MAX_OVERSHOOT);
        (f64::from(low) + fraction * f64::from(high - low)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // Plotters asks for bold points and for light points between them. Ticks are the bold ones.
        if hint.weight().allow_light_points() {
            Vec::new()
        } else {
            self.ticks.iter().map(|tick| tick.value).collect()
        }
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.mapping.range[0]..self.mapping.range[1]
    }
}

impl ValueFormatter<f64> for PlottersAxis {
    fn format_ext(&self, value: &f64) -> String {
        self.ticks.iter().find(|tick| tick.value == *value).map(|tick| tick.label.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(scale: Scale, range: [f64; 2], pixels: [f64; 2]) -> AxisMapping {
        AxisMapping { range, pixels, scale }
    }

    #[test]
    fn the_range_maps_to_the_pixels() {
        let down = mapping(Scale::Linear, [-2.0, 6.0], [400.0, 80.0]);
        assert_eq!((down.pixel(-2.0), down.pixel(6.0), down.pixel(2.0)), (400.0, 80.0, 240.0));
        assert_eq!(down.pixels_per_unit(), 40.0);
        let inverted = mapping(Scale::Linear, [5.0, -5.0], [0.0, 100.0]);
        assert!(
            inverted.pixel(4.0) < inverted.pixel(-4.0) && inverted.contains(-5.0) && !inverted.contains(5.1)
        );
    }

    #[test]
    fn logarithmic_axes_map_equal_ratios_to_equal_lengths() {
        let up = mapping(Scale::Log, [0.01, 100.0], [400.0, 0.0]);
        assert_eq!((up.pixel(0.01), up.pixel(1.0), up.pixel(100.0)), (400.0, 200.0, 0.0));
        assert_eq!((up.pixels_per_unit(), up.baseline()), (100.0, 0.01));
        let inverted = mapping(Scale::Log, [100.0, 0.01], [0.0, 400.0]);
        assert_eq!((inverted.pixel(10.0), inverted.baseline()), (100.0, 0.01));
        for value in [0.0, -1.0, f64::NAN] {
            assert!(!up.pixel(value).is_finite() && !up.contains(value));
        }
        assert_eq!((up.clamp_to_baseline(-1.0), up.clamp_to_baseline(1e-9)), (0.01, 1e-9));
        assert!(up.clamp_to_baseline(f64::NAN).is_nan());
        assert!(up.contains(0.01) && up.contains(100.0) && !up.contains(101.0));
    }

    #[test]
    fn logarithmic_spans_are_cut_off_above_zero() {
        let drawable = |span, floor| Scale::Log.drawable_span(span, floor);
        assert_eq!(drawable([0.5, 2.0], Some(1.0)), [0.5, 2.0]);
        assert_eq!(drawable([0.0, 10.0], None), [0.01, 10.0]);
        assert_eq!(drawable([10.0, -3.0], Some(1e-5)), [10.0, 1e-5]);
        assert_eq!(drawable([-2.0, -1.0], None), [-2.0, -1.0]);
        assert_eq!(Scale::Linear.drawable_span([0.0, 10.0], None), [0.0, 10.0]);
    }

    #[test]
    fn steps_are_even_on_their_scale() {
        let steps = |span, scale| AxisSteps { span, count: 4, scale };
        let log: Vec<f64> = (0..5).map(|i| steps([0.01, 100.0], Scale::Log).at(i)).collect();
        assert!(log.iter().zip([0.01, 0.1, 1.0, 10.0, 100.0]).all(|(a, b)| (a / b - 1.0).abs() < 1e-14));
        assert_eq!(steps([-2.0, 2.0], Scale::Linear).at(1), -1.0);
        assert_eq!(steps([-3.0, -1.0], Scale::Log).at(2), -2.0);
    }
}
