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
mod panel;
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
pub use axis::{Axis, AxisName, MovingRange, RangeDefect, Scale, Ticks, Unit, VerticalAxis};
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
pub use panel::{LegendPlace, LegendSide, Panel, PanelFrame, PanelKind};
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
    /// The vertical axis that its y coordinates belong to.
    pub axis: VerticalAxis,
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

    /// Whether a vertical axis says how high the element is drawn.
    fn has_height(&self) -> bool {
        true
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

    /// Whether a vertical axis says how high the element is drawn.
    pub(in crate::scene) fn has_height(&self) -> bool {
        self.model().has_height()
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
