//! The drawing of each kind of element: a file for each, the counterpart of `scene::element`.
//!
//! [`ElementView`] is everything that the rest of the panel asks an element: its extent, its marks, its swatch in the
//! legend and its text. A kind is dispatched once for each question, not for each point of a curve.

mod area;
mod arm;
mod arrow;
mod bars;
mod chain;
mod circle;
mod contour;
mod drop;
mod field;
mod heat;
mod hline;
mod hold;
mod line;
mod phasors;
mod point;
mod poles;
mod rect;
mod sample_view;
mod scatter;
mod stem;
mod text;
mod trace;
mod vline;

use crate::mark::Mark;
use crate::panel::attachment::AnnotationText;
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::legend::Swatch;
use crate::panel::moving_labels::MovingLabels;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::prepared_label::TextStyle;
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::color::ColorScale;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Element, ElementKind, Style};
use crate::scene::expr::{Code, Variable};
use crate::scene::model::Env;

/// One kind of element on a panel.
pub(super) trait ElementView: Send + Sync {
    /// Adds what the element shows in one frame.
    ///
    /// # Errors
    /// A value that must be real is complex, or a curve's span is infinite.
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic>;

    /// Whether the extent is the same in every frame. A growing curve counts as if all of it were shown.
    fn has_static_extent(&self, reader: &SignalReader<'_>) -> bool {
        !reader.element.depends_on(reader.scene.timeline.variable)
    }

    /// Whether the element has marks besides those of its text.
    fn has_marks(&self) -> bool {
        true
    }

    /// Whether the element may cover the panel up to its edges, so that the frame is drawn over it.
    fn is_surface(&self) -> bool {
        false
    }

    /// Whether all lines are horizontal or vertical, so that whole line widths make them sharp.
    fn is_axis_aligned(&self) -> bool {
        false
    }

    /// Whether the element fills the panel, so that it is under the grid lines and all other elements.
    fn is_backdrop(&self) -> bool {
        false
    }

    /// The color scale, for elements that color places.
    fn color_scale(&self) -> Option<&ColorScale> {
        None
    }

    /// The values that colors or levels show: those of the scene, or those that fit all frames; `None` for elements without.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated.
    fn value_range(
        &self,
        _reader: &SignalReader<'_>,
        _viewport: &FrameViewport<'_>,
        _threads: usize,
    ) -> Result<Option<[f64; 2]>, Diagnostic> {
        Ok(None)
    }

    /// A warning about an element of places that shows nothing in any frame.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated, or there is none in any frame.
    fn unseen(
        &self,
        _reader: &SignalReader<'_>,
        _viewport: &FrameViewport<'_>,
    ) -> Result<Option<Diagnostic>, Diagnostic> {
        Ok(None)
    }

    /// The parameters at which the element's curve needs a sample in one frame, if it has a curve.
    ///
    /// # Errors
    /// An end of the curve's span is complex or infinite.
    fn stops(
        &self,
        _reader: &SignalReader<'_>,
        _viewport: &Viewport,
        _env: &Env<'_>,
    ) -> Result<Vec<f64>, Diagnostic> {
        Ok(Vec::new())
    }

    /// The labels on the lines of an element that moves, which are chosen once for the film; `None` if it has none.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated, or a label cannot be typeset.
    fn moving_labels(
        &self,
        _context: &PaintContext<'_>,
        _viewport: &FrameViewport<'_>,
    ) -> Result<Option<MovingLabels>, Diagnostic> {
        Ok(None)
    }

    /// The marks of one frame; their number is the same in all frames.
    ///
    /// # Errors
    /// A value that must be real is complex, or a curve's span is infinite.
    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic>;

    /// The marks of which each frame shows a part; `None` if the element has none.
    ///
    /// # Errors
    /// A value that must be real is complex, or a curve's span is infinite.
    fn prepare<'s>(
        &'s self,
        _context: &PaintContext<'s>,
        _env: &Env<'s>,
    ) -> Result<Option<Box<dyn RevealedMarks + 's>>, Diagnostic> {
        Ok(None)
    }

    /// The places of markers under which no tick label lies, and their diameter in CSS pixels; `None` for elements without.
    fn markers(&self) -> Option<(Vec<&Code>, f64)> {
        None
    }

    /// The swatch of the element in a legend, as it is in one frame, at `scale` device pixels per CSS pixel.
    ///
    /// # Errors
    /// A size is complex or not positive.
    fn swatch(&self, _reader: &SignalReader<'_>, _env: &Env<'_>, _scale: f64) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Line)
    }

    /// The text of the element, if it has one.
    ///
    /// # Errors
    /// The label cannot be typeset.
    fn text<'s>(
        &'s self,
        _style: &Style,
        _text_style: &TextStyle<'s>,
    ) -> Result<Option<AnnotationText<'s>>, Diagnostic> {
        Ok(None)
    }
}

/// Marks that are the same in every frame, apart from how much of them is shown.
pub(super) trait RevealedMarks: Send + Sync {
    /// Appends the part that a frame shows.
    fn append(&self, context: &PaintContext<'_>, env: &Env<'_>, marks: &mut Vec<Mark>);
}

impl ElementKind {
    /// The element as a panel sees it.
    pub(super) fn view(&self) -> &dyn ElementView {
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
}

impl Element {
    /// Whether any of its positions depends on a variable. How much of a curve is shown does not count.
    pub(super) fn depends_on(&self, variable: Variable) -> bool {
        self.kind.signal().is_some_and(|signal| signal.over == variable)
            || self.kind.codes().into_iter().any(|code| code.depends_on(variable))
    }
}
