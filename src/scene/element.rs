//! Resolved panels: their axes and `draw` elements.
//!
//! Positions are compiled expressions ([`Code`]). A number is a constant expression, so static and moving elements have the
//! same types.

mod anchor;
mod area;
mod arm;
mod arrow;
mod axis;
mod bars;
mod chain;
mod circle;
mod colorbar;
mod contour;
mod drop;
mod element_type;
pub(in crate::scene) mod field;
mod heat;
mod hline;
mod hold;
mod inset;
mod line;
mod marker;
mod matrix;
mod note;
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

use crate::scene::color::Color;
use crate::scene::expr::{Code, Variable};
use crate::scene::label::Template;
use crate::scene::source::Origin;

pub use anchor::{Anchor, Halo, TextAnchor};
pub use area::Area;
pub use arm::Arm;
pub use arrow::Arrow;
pub use axis::{Axis, MovingRange, RangeDefect, Scale, Ticks, Unit};
pub use bars::Bars;
pub use chain::{Chain, ChainEnd, ChainMotion};
pub use circle::Circle;
pub use colorbar::{ColorSource, Colorbar};
pub use contour::{Contour, ContourLevels};
pub use drop::{Drop, Onto};
pub(in crate::scene) use element_type::{ElementType, LogAxisDefect};
pub use field::Field;
pub use heat::Heat;
pub use hline::Hline;
pub use hold::Hold;
pub use inset::Inset;
pub use line::{Heads, Line};
pub use marker::{Marker, MarkerStyle};
pub use matrix::Matrix;
pub use note::Note;
pub use panel_type::PanelType;
pub use phasors::{Phasors, Trail};
pub use plotted_signal::{PlottedSignal, Reveal, Sampling};
pub use point::Point;
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
    /// The index of the first panel that was made of the same table by `each`; `None` for a panel without `each`.
    pub first_copy: Option<usize>,
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
    /// A vector from one point to another.
    Arrow(Arrow),
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
            Self::Arrow(arrow) => arrow,
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
