//! Resolved panels: their axes and `draw` elements.
//!
//! Positions are compiled expressions ([`Code`]). A number is a constant expression, so static and moving elements have the
//! same types.

mod area;
mod arm;
mod axis;
mod bars;
mod chain;
mod circle;
mod colorbar;
mod contour;
mod drop;
pub(in crate::scene) mod field;
mod heat;
mod hline;
mod hold;
mod inset;
mod line;
mod marker;
mod matrix;
mod panel_type;
mod phasors;
mod plotted_signal;
mod point;
mod poles;
mod rect;
mod scatter;
mod spring;
mod stem;
mod style;
mod text;
mod trace;
mod vline;

use crate::keys::KeySpec;
use crate::scene::color::Color;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::{Code, Variable};
use crate::scene::label::Template;
use crate::scene::resolve::element::{ElementReader, LINE_WIDTH};
use crate::scene::source::Origin;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

pub use area::Area;
pub use arm::Arm;
pub use axis::{Axis, MovingRange, RangeDefect, Scale, Ticks, Unit};
pub use bars::Bars;
pub use chain::{Chain, ChainEnd, ChainMotion};
pub use circle::Circle;
pub use colorbar::{ColorSource, Colorbar};
pub use contour::{Contour, ContourLevels};
pub use drop::{Drop, Onto};
pub use field::Field;
pub use heat::Heat;
pub use hline::Hline;
pub use hold::Hold;
pub use inset::Inset;
pub use line::{Arrow, Line};
pub use marker::{Marker, MarkerStyle};
pub use matrix::Matrix;
pub use panel_type::PanelType;
pub use phasors::{Phasors, Trail};
pub use plotted_signal::{PlottedSignal, Reveal, Sampling};
pub use point::{Note, Point};
pub use poles::Poles;
pub use rect::Rect;
pub use scatter::Scatter;
pub use spring::{CoilShape, Lane, Orientation, Spring};
pub use stem::Stem;
pub use style::{MappedColor, Style, StyleSignal, StyleSignals};
pub(in crate::scene) use text::SPACES;
pub use text::{Space, Text};
pub use trace::Trace;
pub use vline::Vline;

/// One panel.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The name in the file and in the mosaic.
    pub name: String,
    /// The kind, with the keys that only this kind has.
    pub kind: PanelKind,
    /// The title above the plot rectangle.
    pub title: Option<Label>,
    /// The position of the legend, if an element has an entry.
    pub legend: LegendPlace,
    /// The lines that frame the panel.
    pub frame: PanelFrame,
    /// The place inside of another panel; `None` for a panel of the grid.
    pub inset: Option<Inset>,
    /// Whether a range is widened so that units are equally long on both axes.
    pub has_equal_units: bool,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The colors of a map beside the plot rectangle.
    pub colorbar: Option<Colorbar>,
    /// The elements, in the order in which they are drawn.
    pub elements: Vec<Element>,
    /// The position of its name in the file.
    pub origin: Origin,
}

impl Panel {
    /// Whether a range changes from frame to frame.
    #[must_use]
    pub fn has_moving_range(&self) -> bool {
        self.x.moving.is_some() || self.y.moving.is_some()
    }
}

/// A label whose readouts are compiled.
#[derive(Clone, Debug)]
pub struct Label {
    /// The parsed label.
    pub template: Template,
    /// The expressions of the readouts, in order.
    pub readouts: Vec<Code>,
    /// The position in the file.
    pub origin: Origin,
}

/// The kinds of panel.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a scene has a handful of panels")]
pub enum PanelKind {
    /// Real signals over a variable.
    Plot,
    /// The complex plane.
    Plane,
    /// Wall, spring and mass.
    Spring(Spring),
    /// Masses on springs in a row. Its first element is the chain.
    Chain(ChainMotion),
    /// The components of a matrix as colors.
    Matrix(Matrix),
}

/// Which lines frame a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelFrame {
    /// All four sides.
    Box,
    /// Left and bottom.
    Corner,
    /// Two lines through the origin, or through the end of the range nearest to it.
    Origin,
    /// None, and no ticks.
    None,
}

/// One entry of `draw`.
#[derive(Clone, Debug)]
pub struct Element {
    /// The kind, with the keys that only this kind has.
    pub kind: ElementKind,
    /// Color, line and opacity.
    pub style: Style,
    /// The parts of the style that are signals.
    pub signals: StyleSignals,
    /// The element is shown while this is not zero; `None` for always.
    pub when: Option<Code>,
    /// The entry in the legend.
    pub legend: Option<Label>,
    /// The entry at the end of a curve, in its color.
    pub end_label: Option<Label>,
    /// Whether the element is drawn over the masses of a spring panel, not under them.
    pub over: bool,
    /// The position in the file.
    pub origin: Origin,
}

/// The expressions of the x and y coordinates of a point.
pub type PointCodes = [Code; 2];

/// The kind of an element, with the keys that only this kind has. Each kind is a file of this folder.
#[derive(Clone, Debug)]
pub enum ElementKind {
    /// A curve.
    Trace(Trace),
    /// The area between a curve and another curve, or zero.
    Area(Area),
    /// A line from a baseline to each sample, with a marker at its end.
    Stem(Stem),
    /// A marker at each sample.
    Scatter(Scatter),
    /// A bar from a baseline to each sample.
    Bars(Bars),
    /// A staircase that keeps each sample until the next one.
    Hold(Hold),
    /// Complex samples as arms from tip to tail.
    Phasors(Phasors),
    /// A marker at the present value.
    Point(Point),
    /// A line from the origin to the present value.
    Arm(Arm),
    /// The perpendicular from the present value to an axis.
    Drop(Drop),
    /// A line across the whole panel.
    Hline(Hline),
    /// A line over the whole height of the panel.
    Vline(Vline),
    /// A line from one point to another.
    Line(Line),
    /// An axis-aligned rectangle.
    Rect(Rect),
    /// A circle.
    Circle(Circle),
    /// A direction field.
    Field(Field),
    /// A color map of the panel.
    Heat(Heat),
    /// Lines on which a signal of the place has given values.
    Contour(Contour),
    /// A label.
    Text(Text),
    /// The poles and zeros of a system.
    Poles(Poles),
    /// The masses of a chain panel.
    Chain(Chain),
}

/// The expressions of an element, and the row of its type.
trait ElementModel {
    /// The row of its type.
    fn element_type(&self) -> &'static ElementType;

    /// The signal, if the element shows one.
    fn signal(&self) -> Option<&PlottedSignal> {
        None
    }

    /// The expressions that determine where the element is drawn, besides those of its signal.
    fn codes(&self) -> Vec<&Code> {
        Vec::new()
    }
}

/// A type of element: the key that names it, how its other keys are read, and its defaults.
#[expect(clippy::struct_excessive_bools, reason = "each is a column of the table of types")]
pub(in crate::scene) struct ElementType {
    /// The keys that not all elements have. The first names the type.
    pub(in crate::scene) keys: &'static [KeySpec],
    /// Reads the value of the first key, and the other keys.
    pub(in crate::scene) read: ReadElement,
    /// Whether the element runs over all values of a variable. Curves take their colors from the cycle.
    pub(in crate::scene) is_curve: bool,
    /// Whether each sample has marks of its own.
    pub(in crate::scene) marks_samples: bool,
    /// Whether the color may change along the curve.
    pub(in crate::scene) is_colored_along: bool,
    /// The key that colors the interior; `None` if the element has none.
    pub(in crate::scene) fill: Option<KeySpec>,
    /// Whether the element is drawn over the masses of a spring panel by default.
    pub(in crate::scene) is_over: bool,
    /// The default line width in CSS pixels.
    pub(in crate::scene) width: f64,
    /// The default opacity.
    pub(in crate::scene) opacity: f64,
    /// Why the element cannot be shown on a logarithmic axis; `None` if it can.
    pub(in crate::scene) log_axis: Option<LogAxisDefect>,
}

type ReadElement =
    fn(&ElementReader<'_, '_>, ValueReader<'_>, &mut TableReader<'_>) -> Result<ElementKind, Diagnostic>;

/// Why an element is not defined on a logarithmic axis, and what to write instead.
pub(in crate::scene) struct LogAxisDefect {
    pub(in crate::scene) why: &'static str,
    pub(in crate::scene) remedy: &'static str,
}

impl ElementType {
    /// All types, in the order in which messages list them.
    pub(in crate::scene) const ALL: [&'static Self; 20] = [
        &trace::TYPE,
        &point::TYPE,
        &arm::TYPE,
        &drop::TYPE,
        &hline::TYPE,
        &vline::TYPE,
        &line::TYPE,
        &rect::TYPE,
        &circle::TYPE,
        &text::TYPE,
        &area::TYPE,
        &field::TYPE,
        &heat::TYPE,
        &poles::TYPE,
        &stem::TYPE,
        &scatter::TYPE,
        &bars::TYPE,
        &hold::TYPE,
        &phasors::TYPE,
        &contour::TYPE,
    ];

    /// A type of lines in ink, without an interior.
    const fn new(keys: &'static [KeySpec], read: ReadElement) -> Self {
        Self {
            keys,
            read,
            is_curve: false,
            marks_samples: false,
            is_colored_along: false,
            fill: None,
            is_over: false,
            width: LINE_WIDTH,
            opacity: 1.0,
            log_axis: None,
        }
    }

    /// A type whose samples have marks of their own.
    const fn of_samples(keys: &'static [KeySpec], read: ReadElement) -> Self {
        Self { is_curve: true, marks_samples: true, is_colored_along: true, ..Self::new(keys, read) }
    }

    /// The key that makes a table of `draw` an element of this type.
    pub(in crate::scene) const fn key(&self) -> &'static str {
        self.keys[0].name
    }
}

impl ElementKind {
    fn model(&self) -> &dyn ElementModel {
        match self {
            Self::Trace(trace) => trace,
            Self::Area(area) => area,
            Self::Stem(stem) => stem,
            Self::Scatter(scatter) => scatter,
            Self::Bars(bars) => bars,
            Self::Hold(hold) => hold,
            Self::Phasors(phasors) => phasors,
            Self::Point(point) => point,
            Self::Arm(arm) => arm,
            Self::Drop(drop) => drop,
            Self::Hline(line) => line,
            Self::Vline(line) => line,
            Self::Line(line) => line,
            Self::Rect(rect) => rect,
            Self::Circle(circle) => circle,
            Self::Field(field) => field,
            Self::Heat(heat) => heat,
            Self::Contour(contour) => contour,
            Self::Text(text) => text,
            Self::Poles(poles) => poles,
            Self::Chain(chain) => chain,
        }
    }

    /// The row of its type.
    pub(in crate::scene) fn element_type(&self) -> &'static ElementType {
        self.model().element_type()
    }

    /// The key that names the kind, such as `trace`.
    #[must_use]
    pub fn key(&self) -> &'static str {
        self.element_type().key()
    }

    /// The signal, for the kinds that show one.
    #[must_use]
    pub fn signal(&self) -> Option<&PlottedSignal> {
        self.model().signal()
    }

    /// The signal, for the kinds that show it over all values of its variable.
    #[must_use]
    pub fn curve(&self) -> Option<&PlottedSignal> {
        self.signal().filter(|_| self.element_type().is_curve)
    }

    /// Whether each sample of the curve has marks of its own.
    #[must_use]
    pub fn marks_samples(&self) -> bool {
        self.element_type().marks_samples
    }

    /// All expressions that determine where the element is drawn, including the spans of curves.
    #[must_use]
    pub fn codes(&self) -> Vec<&Code> {
        let mut codes = self.model().codes();
        if let Some(signal) = self.signal() {
            codes.extend([&signal.value].into_iter().chain(&signal.x).chain(signal.domain_codes()));
        }
        codes
    }
}

/// A point of a box, in fractions of its width from the left and its height from the top.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Anchor {
    /// 0 is left, 0.5 center, 1 right.
    pub x: f64,
    /// 0 is top, 0.5 center, 1 bottom.
    pub y: f64,
}

impl Anchor {
    /// The names of the anchors: compass directions, and `c` for the center.
    pub const NAMES: [&'static str; 9] = ["nw", "n", "ne", "w", "c", "e", "sw", "s", "se"];

    /// The lower left corner.
    pub const SOUTH_WEST: Self = Self { x: 0.0, y: 1.0 };
    /// The upper left corner.
    pub const NORTH_WEST: Self = Self { x: 0.0, y: 0.0 };

    /// The anchor with a name of [`Anchor::NAMES`]; `None` for other names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let index = Self::NAMES.iter().position(|&known| known == name)?;
        Some(Self { x: (index % 3) as f64 / 2.0, y: (index / 3) as f64 / 2.0 })
    }
}

/// The part of a text that is at its place.
#[derive(Clone, Debug)]
pub enum TextAnchor {
    /// The same in all frames.
    Fixed(Anchor),
    /// Signals: fractions of the box's width from the left and of its height from the bottom.
    Moving(Box<PointCodes>),
}

impl TextAnchor {
    /// The expressions.
    #[must_use]
    pub fn codes(&self) -> &[Code] {
        match self {
            Self::Fixed(_) => &[],
            Self::Moving(codes) => codes.as_slice(),
        }
    }
}

/// The band in the color of the paper around the letters of a text, which keeps lines off them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Halo {
    /// As wide as suits letters on lines; none on a transparent page, whose color is not known.
    #[default]
    Auto,
    /// This wide, in CSS pixels, at least 0.
    Width(f64),
}

/// The side of the plot rectangle that a legend stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegendSide {
    /// To the right, one entry below another.
    Right,
    /// Below, as many entries side by side as fit.
    Below,
}

/// The position of a legend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LegendPlace {
    /// The corner or edge where it covers least.
    Auto,
    /// This corner, edge or the center.
    At(Anchor),
    /// Beside the plot rectangle.
    Outside(LegendSide),
    /// No legend.
    Hidden,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ElementType;
    use crate::scene::resolve::element::{DISPLAY_KEYS, STYLE_KEYS};

    #[test]
    fn each_type_has_a_name_of_its_own_and_each_key_once() {
        let names: BTreeSet<&str> = ElementType::ALL.iter().map(|known| known.key()).collect();
        assert_eq!(names.len(), ElementType::ALL.len());
        for known in ElementType::ALL {
            let rows = known.keys.iter().chain(&known.fill).chain(STYLE_KEYS).chain(DISPLAY_KEYS);
            let keys: Vec<&str> = rows.map(|row| row.name).collect();
            assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "{}", known.key());
        }
    }
}
