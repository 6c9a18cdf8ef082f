//! One axis at work: values to device pixels, evenly or by their logarithms; and as plotters' coordinate.

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use crate::scene::element::Scale;

/// plotters counts in 32 bits: what lies further outside than this many lengths of an axis is pulled
/// nearer. No line that reaches the plot from there turns visibly.
const MAX_OVERSHOOT: f64 = 1000.0;
/// How far down a logarithmic axis shows what goes on to zero, where nothing else is said: a thousandth.
const DEFAULT_LOG_DEPTH: f64 = 1e-3;

impl Scale {
    /// What an axis of this scale can show of a span, in the span's direction. No logarithm reaches
    /// zero: where the span does, it is cut off at `floor` or at a thousandth of its other end.
    #[must_use]
    pub fn drawable_span(self, [a, b]: [f64; 2], floor: Option<f64>) -> [f64; 2] {
        let high = a.max(b);
        if self == Self::Linear || a.min(b) > 0.0 || high <= 0.0 {
            return [a, b];
        }
        let usual = high * DEFAULT_LOG_DEPTH;
        let low = floor.filter(|floor| *floor > 0.0).map_or(usual, |floor| floor.min(usual));
        [a, b].map(|end| if end > 0.0 { end } else { low })
    }
}

/// Values from the first to the last of a span, equal steps apart on an axis.
#[derive(Clone, Copy, Debug)]
pub struct AxisSteps {
    /// First and last value; on a logarithmic axis greater than 0, or else the steps are linear.
    pub span: [f64; 2],
    /// How many steps, at least 1.
    pub count: usize,
    /// The axis's scale.
    pub scale: Scale,
}

impl AxisSteps {
    /// The value after `i` steps.
    #[must_use]
    pub fn at(&self, i: usize) -> f64 {
        let part = |[a, b]: [f64; 2]| a + (b - a) * i as f64 / self.count as f64;
        let logarithms = match self.scale {
            Scale::Linear => None,
            Scale::Log => Some(self.span.map(|end| self.scale.even(end))),
        };
        match logarithms.filter(|ends| ends.iter().all(|end| end.is_finite())) {
            Some(ends) => libm::pow(10.0, part(ends)),
            None => part(self.span),
        }
    }
}

/// The map from an axis's values to device pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AxisMapping {
    /// The values at the two ends: left and right, or bottom and top. Never equal; on a logarithmic
    /// axis both greater than 0.
    pub range: [f64; 2],
    /// Device pixels at those ends.
    pub pixels: [f64; 2],
    /// What equal lengths stand for.
    pub scale: Scale,
}

impl AxisMapping {
    /// How far along the axis `value` lies: 0 at its first end, 1 at its last, beyond them for values
    /// beyond the range; not finite where it has no place.
    fn part(&self, value: f64) -> f64 {
        let [a, b] = self.range.map(|end| self.scale.even(end));
        (self.scale.even(value) - a) / (b - a)
    }

    /// Where `value` lies, in device pixels; beyond the ends for values beyond the range.
    #[must_use]
    pub fn pixel(&self, value: f64) -> f64 {
        let [p, q] = self.pixels;
        p + self.part(value) * (q - p)
    }

    /// The value that lies at a device pixel.
    #[must_use]
    pub fn value(&self, pixel: f64) -> f64 {
        let [a, b] = self.range.map(|end| self.scale.even(end));
        let [p, q] = self.pixels;
        self.scale.value(a + (pixel - p) / (q - p) * (b - a))
    }

    /// Device pixels per unit at `value`, negative where values grow against the pixels.
    #[must_use]
    pub fn slope(&self, value: f64) -> f64 {
        let [a, b] = self.range.map(|end| self.scale.even(end));
        let even = (self.pixels[1] - self.pixels[0]) / (b - a);
        match self.scale {
            Scale::Linear => even,
            Scale::Log => even / (value * std::f64::consts::LN_10),
        }
    }

    /// Device pixels per unit, or per decade of a logarithmic axis, without sign.
    #[must_use]
    pub fn pixels_per_unit(&self) -> f64 {
        let [a, b] = self.range.map(|end| self.scale.even(end));
        ((self.pixels[1] - self.pixels[0]) / (b - a)).abs()
    }

    /// Whether `value` lies in the range, up to rounding.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        let [a, b] = self.range.map(|end| self.scale.even(end));
        let value = self.scale.even(value);
        let slack = (b - a).abs() * 1e-9;
        value >= a.min(b) - slack && value <= a.max(b) + slack
    }

    /// What stands for zero: zero itself, or the low end of a logarithmic axis, below which it lies
    /// infinitely far.
    #[must_use]
    pub fn zero(&self) -> f64 {
        match self.scale {
            Scale::Linear => 0.0,
            Scale::Log => self.range[0].min(self.range[1]),
        }
    }

    /// The end of something filled: the value itself, or what stands for zero if that lies higher.
    #[must_use]
    pub fn clamp_to_baseline(&self, value: f64) -> f64 {
        if self.scale == Scale::Log && value <= 0.0 { self.zero() } else { value }
    }
}

/// A place on an axis with its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Its value on the axis.
    pub value: f64,
    /// What stands there, in label syntax; empty: a mark without a label.
    pub label: String,
}

/// An axis as plotters sees it: our mapping, our ticks, our labels.
#[derive(Clone, Debug)]
pub(crate) struct PlottersAxis {
    /// Its range and scale; plotters knows its own pixels.
    pub mapping: AxisMapping,
    /// Where it is divided.
    pub ticks: Vec<Tick>,
}

impl Ranged for PlottersAxis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (low, high): (i32, i32)) -> i32 {
        let part = self.mapping.part(*value).clamp(-MAX_OVERSHOOT, 1.0 + MAX_OVERSHOOT);
        (f64::from(low) + part * f64::from(high - low)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // Ticks are main divisions; the fine ones that plotters asks for beside them do not exist.
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
    fn the_ends_of_the_range_lie_on_the_ends_of_the_axis() {
        let down = mapping(Scale::Linear, [-2.0, 6.0], [400.0, 80.0]);
        assert_eq!((down.pixel(-2.0), down.pixel(6.0), down.pixel(2.0)), (400.0, 80.0, 240.0));
        assert_eq!(down.pixels_per_unit(), 40.0);
        let inverted = mapping(Scale::Linear, [5.0, -5.0], [0.0, 100.0]);
        assert!(inverted.pixel(4.0) < inverted.pixel(-4.0) && inverted.holds(-5.0) && !inverted.holds(5.1));
    }

    #[test]
    fn equal_ratios_are_equally_long_on_a_logarithmic_axis() {
        let up = mapping(Scale::Log, [0.01, 100.0], [400.0, 0.0]);
        assert_eq!((up.pixel(0.01), up.pixel(1.0), up.pixel(100.0)), (400.0, 200.0, 0.0));
        assert_eq!((up.pixels_per_unit(), up.zero()), (100.0, 0.01));
        let inverted = mapping(Scale::Log, [100.0, 0.01], [0.0, 400.0]);
        assert_eq!((inverted.pixel(10.0), inverted.zero()), (100.0, 0.01));
        for value in [0.0, -1.0, f64::NAN] {
            assert!(!up.pixel(value).is_finite() && !up.holds(value));
        }
        assert_eq!((up.clamp_to_baseline(-1.0), up.clamp_to_baseline(1e-9)), (0.01, 1e-9));
        assert!(up.clamp_to_baseline(f64::NAN).is_nan());
        assert!(up.holds(0.01) && up.holds(100.0) && !up.holds(101.0));
    }

    #[test]
    fn what_goes_on_to_zero_is_cut_off() {
        let reach = |span, floor| Scale::Log.drawable_span(span, floor);
        assert_eq!(reach([0.5, 2.0], Some(1.0)), [0.5, 2.0]);
        assert_eq!(reach([0.0, 10.0], None), [0.01, 10.0]);
        assert_eq!(reach([10.0, -3.0], Some(1e-5)), [10.0, 1e-5]);
        assert_eq!(reach([-2.0, -1.0], None), [-2.0, -1.0]);
        assert_eq!(Scale::Linear.drawable_span([0.0, 10.0], None), [0.0, 10.0]);
    }

    #[test]
    fn steps_are_equal_on_their_axis() {
        let steps = |span, scale| AxisSteps { span, count: 4, scale };
        let log: Vec<f64> = (0..5).map(|i| steps([0.01, 100.0], Scale::Log).at(i)).collect();
        assert!(log.iter().zip([0.01, 0.1, 1.0, 10.0, 100.0]).all(|(a, b)| (a / b - 1.0).abs() < 1e-14));
        assert_eq!(steps([-2.0, 2.0], Scale::Linear).at(1), -1.0);
        assert_eq!(steps([-3.0, -1.0], Scale::Log).at(2), -2.0);
    }
}
