//! One axis at work: values to device pixels, linear; and as plotters' coordinate.

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// The map from an axis's values to device pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mapping {
    /// The values at the two ends: left and right, or bottom and top. Never equal.
    pub range: [f64; 2],
    /// Device pixels at those ends.
    pub pixels: [f64; 2],
}

impl Mapping {
    /// Where `value` lies, in device pixels; beyond the ends for values beyond the range.
    #[must_use]
    pub fn pixel(&self, value: f64) -> f64 {
        let [a, b] = self.range;
        let [p, q] = self.pixels;
        p + (value - a) / (b - a) * (q - p)
    }

    /// The value that lies at a device pixel.
    #[must_use]
    pub fn value(&self, pixel: f64) -> f64 {
        let [a, b] = self.range;
        let [p, q] = self.pixels;
        a + (pixel - p) / (q - p) * (b - a)
    }

    /// Device pixels per unit at `value`, negative where values grow against the pixels.
    #[must_use]
    pub fn slope(&self, _value: f64) -> f64 {
        (self.pixels[1] - self.pixels[0]) / (self.range[1] - self.range[0])
    }

    /// Device pixels per unit, without sign.
    #[must_use]
    pub fn pixels_per_unit(&self) -> f64 {
        ((self.pixels[1] - self.pixels[0]) / (self.range[1] - self.range[0])).abs()
    }

    /// Whether `value` lies in the range, up to rounding.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        let [a, b] = self.range;
        let slack = (b - a).abs() * 1e-9;
        value >= a.min(b) - slack && value <= a.max(b) + slack
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

/// An axis as plotters sees it: our range, our ticks, our labels.
#[derive(Clone, Debug)]
pub(crate) struct ChartAxis {
    /// First and last value.
    pub range: [f64; 2],
    /// Where it is divided.
    pub ticks: Vec<Tick>,
}

impl Ranged for ChartAxis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (low, high): (i32, i32)) -> i32 {
        let [a, b] = self.range;
        let exact = f64::from(low) + (value - a) / (b - a) * f64::from(high - low);
        exact.round() as i32
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
        self.range[0]..self.range[1]
    }
}

impl ValueFormatter<f64> for ChartAxis {
    fn format_ext(&self, value: &f64) -> String {
        self.ticks.iter().find(|tick| tick.value == *value).map(|tick| tick.label.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_range_lie_on_the_ends_of_the_axis() {
        let down = Mapping { range: [-2.0, 6.0], pixels: [400.0, 80.0] };
        assert_eq!((down.pixel(-2.0), down.pixel(6.0), down.pixel(2.0)), (400.0, 80.0, 240.0));
        assert_eq!(down.pixels_per_unit(), 40.0);
        let inverted = Mapping { range: [5.0, -5.0], pixels: [0.0, 100.0] };
        assert!(inverted.pixel(4.0) < inverted.pixel(-4.0) && inverted.holds(-5.0) && !inverted.holds(5.1));
    }
}
