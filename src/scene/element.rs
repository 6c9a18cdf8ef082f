//! Resolved panels: their axes and `draw` elements.
//!
//! Positions are compiled expressions ([`Code`]). A number is a constant expression, so static and moving elements have the
//! same types.

mod axis;
mod spring;

use crate::scene::color::Color;
use crate::scene::expr::{Code, FreeId, Variable};
use crate::scene::label::Template;
use crate::scene::source::Origin;

pub use axis::{Axis, RangeDefect, Scale, Ticks, Unit};
pub use spring::{Lane, Orientation, Spring};

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
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The elements, in the order in which they are drawn.
    pub elements: Vec<Element>,
    /// The position of its name in the file.
    pub origin: Origin,
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
    /// The element is shown while this is not zero; `None` for always.
    pub when: Option<Code>,
    /// The entry in the legend.
    pub legend: Option<Label>,
    /// Whether the element is drawn over the masses of a spring panel, not under them.
    pub over: bool,
    /// The position in the file.
    pub origin: Origin,
}

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

/// A signal of an element. A plot shows it over a variable or over `x`, a plane at its real and imaginary part.
#[derive(Clone, Debug)]
pub struct PlottedSignal {
    /// The value.
    pub value: Code,
    /// The horizontal coordinate in a plot, if it is not the variable.
    pub x: Option<Code>,
    /// The variable that a curve runs over.
    pub over: Variable,
    /// The first and last value of the variable along a curve.
    pub span: [Code; 2],
}

/// The expressions of the x and y coordinates of a point.
pub type PointCodes = [Code; 2];

/// The kind of an element, with the keys that only this kind has.
#[derive(Clone, Debug)]
pub enum ElementKind {
    /// A curve.
    Trace {
        /// The signal.
        signal: PlottedSignal,
        /// The part of it that a frame shows.
        reveal: Reveal,
    },
    /// The area between a curve and another curve, or zero.
    Area {
        /// The curve.
        signal: PlottedSignal,
        /// The other curve; `None` for zero.
        to: Option<Code>,
        /// The part of it that a frame shows.
        reveal: Reveal,
    },
    /// A marker at the present value.
    Point {
        /// The signal.
        signal: PlottedSignal,
        /// The shape.
        marker: Marker,
        /// The diameter in CSS pixels.
        size: f64,
        /// A label that moves with the marker.
        note: Option<Note>,
    },
    /// A line from the origin to the present value.
    Arm {
        /// The signal.
        signal: PlottedSignal,
        /// Whether it ends in an arrowhead.
        arrow: bool,
    },
    /// The perpendicular from the present value to an axis.
    Drop {
        /// The signal.
        signal: PlottedSignal,
        /// Onto the x axis (y = 0), or the y axis (x = 0).
        onto: Onto,
    },
    /// A line across the whole panel at this y.
    Hline(Code),
    /// A line over the whole height of the panel at this x.
    Vline(Code),
    /// A line from one point to another.
    Line {
        /// The end points.
        ends: [PointCodes; 2],
        /// Which ends carry arrowheads.
        arrow: Arrow,
    },
    /// An axis-aligned rectangle with two opposite corners.
    Rect([PointCodes; 2]),
    /// A circle; its radius is in units of the x axis.
    Circle {
        /// The center.
        center: PointCodes,
        /// The radius.
        radius: Code,
    },
    /// A direction field: short arrows in the direction (dx, dy) all over the panel.
    Field {
        /// dx and dy in the units of the axes, as expressions of the position (x, y).
        direction: [Code; 2],
        /// The variables for the coordinates x and y.
        place: [FreeId; 2],
        /// The number of arrows in a row.
        count: usize,
    },
    /// A label.
    Text {
        /// The label.
        label: Label,
        /// The position.
        at: PointCodes,
        /// The coordinate system of the position.
        space: Space,
        /// The part of the text that is at the position.
        anchor: Anchor,
    },
}

impl ElementKind {
    /// The signal, for the kinds that show one.
    #[must_use]
    pub fn signal(&self) -> Option<&PlottedSignal> {
        match self {
            Self::Trace { signal, .. }
            | Self::Area { signal, .. }
            | Self::Point { signal, .. }
            | Self::Arm { signal, .. }
            | Self::Drop { signal, .. } => Some(signal),
            Self::Hline(_)
            | Self::Vline(_)
            | Self::Line { .. }
            | Self::Rect(_)
            | Self::Circle { .. }
            | Self::Field { .. }
            | Self::Text { .. } => None,
        }
    }

    /// All expressions that determine where the element is drawn, including the spans of curves.
    #[must_use]
    pub fn codes(&self) -> Vec<&Code> {
        let mut codes = match self {
            Self::Hline(at) | Self::Vline(at) => vec![at],
            Self::Area { to: Some(to), .. } => vec![to],
            Self::Line { ends, .. } | Self::Rect(ends) => ends.iter().flatten().collect(),
            Self::Circle { center, radius } => center.iter().chain([radius]).collect(),
            Self::Field { direction: pair, .. } | Self::Text { at: pair, .. } => pair.iter().collect(),
            Self::Trace { .. }
            | Self::Area { to: None, .. }
            | Self::Point { .. }
            | Self::Arm { .. }
            | Self::Drop { .. } => Vec::new(),
        };
        if let Some(PlottedSignal { value, x, span, .. }) = self.signal() {
            codes.extend([value].into_iter().chain(x).chain(span));
        }
        codes
    }
}

/// The part of a curve that a frame shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reveal {
    /// The part up to the present value of the variable.
    Grow,
    /// The whole curve.
    All,
    /// The last part before the present value, fading out backward. Its length is in units of the variable, positive.
    Tail(f64),
}

/// The shape of a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// `"o"`, a disc.
    Disc,
    /// `"x"`, a diagonal cross.
    Cross,
    /// `"+"`, an upright cross.
    Plus,
    /// `"s"`, a square.
    Square,
}

/// A label that follows a point.
#[derive(Clone, Debug)]
pub struct Note {
    /// The label.
    pub label: Label,
    /// The part of the label that is nearest to the point.
    pub anchor: Anchor,
}

/// The axis that a perpendicular ends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onto {
    /// y = 0.
    X,
    /// x = 0.
    Y,
}

/// Which ends of a line carry arrowheads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrow {
    /// None.
    None,
    /// The second.
    End,
    /// Both.
    Both,
}

/// The coordinate system of a text's position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Values of the axes.
    Data,
    /// Fractions of the panel, from its lower left corner.
    Panel,
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

/// The position of a legend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LegendPlace {
    /// The corner or edge where it covers least.
    Auto,
    /// This corner, edge or the center.
    At(Anchor),
    /// No legend.
    Hidden,
}
