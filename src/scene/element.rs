//! What a panel shows: its axes and its `draw` elements, resolved.
//!
//! Positions are expressions ([`Code`]): a number is an expression that depends on nothing, so that
//! a guide that stands still and one that follows a signal are one case.

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
    /// Its name in the file and in the mosaic.
    pub name: String,
    /// What kind, with that kind's own keys.
    pub kind: PanelKind,
    /// Above the plot rectangle.
    pub title: Option<Label>,
    /// Where a legend goes, if an element has an entry.
    pub legend: LegendPlace,
    /// Which lines frame it.
    pub frame: PanelFrame,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// In the order they are painted.
    pub elements: Vec<Element>,
    /// Where the panel is written.
    pub origin: Origin,
}

/// A label whose readouts are compiled.
#[derive(Clone, Debug)]
pub struct Label {
    /// Its text, mathematics and readouts.
    pub template: Template,
    /// The readouts' values, in their order.
    pub readouts: Vec<Code>,
    /// Where it is written.
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
    /// What is drawn.
    pub kind: ElementKind,
    /// With what.
    pub style: Style,
    /// Shown while this is not zero; none: always.
    pub when: Option<Code>,
    /// Its entry in the legend.
    pub legend: Option<Label>,
    /// Over (true) or under the mass of a spring panel.
    pub over: bool,
    /// Where it is written.
    pub origin: Origin,
}

/// Color, line and opacity. Lengths are CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// The line's color, or the text's.
    pub color: Color,
    /// The inside's, where there is one.
    pub fill: Option<Color>,
    /// Line width.
    pub width: f64,
    /// On and off, from the curve's start; empty: solid.
    pub dash: Vec<f64>,
    /// 0 to 1, of line and inside.
    pub opacity: f64,
}

/// A signal as a panel shows it: in a plot over the curve's variable or over `x`, in a plane at
/// its real and imaginary part.
#[derive(Clone, Debug)]
pub struct PlottedSignal {
    /// The value.
    pub value: Code,
    /// What takes the variable's place on the horizontal axis of a plot.
    pub x: Option<Code>,
    /// What a curve runs over.
    pub over: Variable,
    /// How far, from first to last.
    pub span: [Code; 2],
}

/// Two coordinates that may move.
pub type PointCodes = [Code; 2];

/// What an element draws.
#[derive(Clone, Debug)]
pub enum ElementKind {
    /// A curve.
    Trace {
        /// Its values.
        signal: PlottedSignal,
        /// How much of it a frame shows.
        reveal: Reveal,
    },
    /// What lies between a curve and another one, or zero.
    Area {
        /// The one side.
        signal: PlottedSignal,
        /// The other; none: zero.
        to: Option<Code>,
        /// How much of it a frame shows.
        reveal: Reveal,
    },
    /// A marker at the present value.
    Point {
        /// Where.
        signal: PlottedSignal,
        /// Its form.
        marker: Marker,
        /// Its diameter in CSS pixels.
        size: f64,
        /// A label that goes with it.
        note: Option<Note>,
    },
    /// A line from the origin to the present value.
    Arm {
        /// Where to.
        signal: PlottedSignal,
        /// Whether it ends in an arrowhead.
        arrow: bool,
    },
    /// The perpendicular from the present value to an axis.
    Drop {
        /// Where from.
        signal: PlottedSignal,
        /// Onto the x axis (y = 0), or the y axis (x = 0).
        onto: Onto,
    },
    /// Across the whole panel at this height.
    Hline(Code),
    /// Over the panel's whole height.
    Vline(Code),
    /// From one place to another.
    Line {
        /// The ends.
        ends: [PointCodes; 2],
        /// Which ends carry arrowheads.
        arrow: Arrow,
    },
    /// An upright rectangle between two corners.
    Rect([PointCodes; 2]),
    /// A circle; its radius counts in the units of the x axis.
    Circle {
        /// Its middle.
        center: PointCodes,
        /// Its radius.
        radius: Code,
    },
    /// Short arrows all over the panel that show where (dx, dy) leads.
    Field {
        /// dx and dy in the units of the axes, expressions over the place.
        direction: [Code; 2],
        /// The variables that stand for the place's coordinates.
        place: [FreeId; 2],
        /// How many arrows in a row.
        count: usize,
    },
    /// A label.
    Text {
        /// What it says.
        label: Label,
        /// Where.
        at: PointCodes,
        /// In whose coordinates.
        space: Space,
        /// Which part of the text sits there.
        anchor: Anchor,
    },
}

impl ElementKind {
    /// The signal that it shows, if it is one that shows a signal.
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

    /// Every expression that says where it is drawn, spans of curves among them.
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

/// How much of a curve a frame shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reveal {
    /// Up to the present.
    Grow,
    /// All of it.
    All,
    /// The last part before the present, so long in the curve's variable (positive), fading backward.
    Tail(f64),
}

/// The form of a point.
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
    /// What it says.
    pub label: Label,
    /// The part of it that is nearest to the point.
    pub anchor: Anchor,
}

/// Which axis a perpendicular falls on.
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

/// In whose coordinates a text is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// The axes' values.
    Data,
    /// Fractions of the panel from its lower left corner.
    Panel,
}

/// A part of a box, as fractions of it: x from the left, y from the top.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Anchor {
    /// 0 left, ½ middle, 1 right.
    pub x: f64,
    /// 0 top, ½ middle, 1 bottom.
    pub y: f64,
}

impl Anchor {
    /// The names, as on a compass.
    pub const NAMES: [&'static str; 9] = ["nw", "n", "ne", "w", "c", "e", "sw", "s", "se"];

    /// The lower left corner.
    pub const SOUTH_WEST: Self = Self { x: 0.0, y: 1.0 };
    /// The upper left corner.
    pub const NORTH_WEST: Self = Self { x: 0.0, y: 0.0 };

    /// The anchor of that name: one of [`Anchor::NAMES`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let index = Self::NAMES.iter().position(|&known| known == name)?;
        Some(Self { x: (index % 3) as f64 / 2.0, y: (index / 3) as f64 / 2.0 })
    }
}

/// Where a legend goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LegendPlace {
    /// Into the corner or edge where it covers least.
    Auto,
    /// There.
    At(Anchor),
    /// Nowhere.
    Hidden,
}
