//! The parts of an element's style that change: numbers that are signals, and colors of a map.

use super::{Code, Color, Origin};
use crate::keys::KeyType;
use crate::scene::color::ColorMap;

/// Color, line and opacity. Lengths are CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// The color of the line or the text.
    pub color: Color,
    /// The fill color, for elements that can be filled.
    pub fill: Option<Color>,
    /// The line width.
    pub width: f64,
    /// Lengths of dashes and gaps in turn, from the start of the curve; empty for a solid line.
    pub dash: Vec<f64>,
    /// The opacity of line and fill, 0 to 1.
    pub opacity: f64,
}

/// The parts of a style that are signals. They take the place of those of [`Style`].
#[derive(Clone, Debug, Default)]
pub struct StyleSignals {
    /// The line width in CSS pixels.
    pub width: Option<StyleSignal>,
    /// The opacity, 0 to 1.
    pub opacity: Option<StyleSignal>,
    /// The color of the line or the text.
    pub color: Option<MappedColor>,
    /// The fill color.
    pub fill: Option<MappedColor>,
}

/// A number of a style that is a signal.
#[derive(Clone, Debug)]
pub struct StyleSignal {
    /// The name of its key.
    pub key: &'static str,
    /// The signal.
    pub code: Code,
    /// The range of its values.
    pub range: KeyType,
    /// The position in the file.
    pub origin: Origin,
}

/// A color that a map gives to a value.
#[derive(Clone, Debug)]
pub struct MappedColor {
    /// The map.
    pub map: ColorMap,
    /// The value.
    pub value: Code,
    /// The values at the ends of the map, which differ.
    pub range: [f64; 2],
    /// Whether the value belongs to each point of a curve, not to the present.
    pub is_along_curve: bool,
    /// The position in the file.
    pub origin: Origin,
}

impl StyleSignal {
    /// The remedy for a signal with this value; `None` if the value is in the range.
    #[must_use]
    pub fn remedy(&self, value: f64) -> Option<&'static str> {
        let (is_in_range, remedy) = match self.range {
            KeyType::Fraction => ((0.0..=1.0).contains(&value), "it reaches from 0 to 1"),
            _ => (value > 0.0 && value.is_finite(), "it must be greater than 0"),
        };
        (!is_in_range).then_some(remedy)
    }
}

impl StyleSignals {
    /// All expressions.
    #[must_use]
    pub fn codes(&self) -> Vec<&Code> {
        let numbers = [&self.width, &self.opacity].into_iter().flatten().map(|number| &number.code);
        let colors = [&self.color, &self.fill].into_iter().flatten().map(|color| &color.value);
        numbers.chain(colors).collect()
    }

    /// The map that colors a curve point by point, if there is one.
    #[must_use]
    pub fn along_curve(&self) -> Option<&MappedColor> {
        self.color.as_ref().filter(|color| color.is_along_curve)
    }
}
