//! A curve: all of it, the part up to the present, or a tail that fades.

use crate::mark::Mark;
use crate::panel::colored_curve::ColoredCurve;
use crate::panel::curve_samples::CurveSamples;
use crate::panel::curve_stroke::CurveStroke;
use crate::panel::element::{ElementView, RevealedMarks};
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::signal_reader::{SignalReader, variable_value};
use crate::panel::simplify::simplify;
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Reveal, Trace};
use crate::scene::model::Env;

/// The number of opacity steps along a tail.
const TAIL_STEPS: f64 = 64.0;
/// The most opacity steps along one curve, for tails that are much shorter than their curve.
const MAX_TAIL_STEPS: f64 = 1e5;

/// A curve that is the same in every frame, apart from how much of it is shown.
struct StaticCurve<'s> {
    trace: &'s Trace,
    strokes: CurveStrokes,
}

/// The strokes of a curve: one, or one for each level of a color map.
enum CurveStrokes {
    Plain(CurveStroke),
    Colored(ColoredCurve),
}

impl RevealedMarks for StaticCurve<'_> {
    fn append(&self, _: &PaintContext<'_>, env: &Env<'_>, marks: &mut Vec<Mark>) {
        marks.extend(self.trace.shown(&self.strokes, env));
    }
}

impl ElementView for Trace {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        extents.add_curve(reader, &self.signal, env)
    }

    fn has_static_extent(&self, reader: &SignalReader<'_>) -> bool {
        reader.is_static_curve(&self.signal)
    }

    /// The film variable's value in every frame, so that every frame can end the curve at a point, and points along which a
    /// tail fades smoothly.
    fn stops(&self, reader: &SignalReader<'_>, _: &Viewport, env: &Env<'_>) -> Result<Vec<f64>, Diagnostic> {
        let mut stops = reader.stops(&self.signal, env);
        stops.extend(tail_stops(self.reveal, reader.span(&self.signal, env)?));
        Ok(stops)
    }

    fn prepare<'s>(
        &'s self,
        context: &PaintContext<'s>,
        env: &Env<'s>,
    ) -> Result<Option<Box<dyn RevealedMarks + 's>>, Diagnostic> {
        if !context.reader.is_static_curve(&self.signal) {
            return Ok(None);
        }
        Ok(Some(Box::new(StaticCurve { trace: self, strokes: self.strokes(context, env)? })))
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        Ok(self.shown(&self.strokes(context, env)?, env))
    }
}

impl Trace {
    /// The strokes in one frame. A curve that fills an area has no dashes, which would be shorter than they seem.
    fn strokes(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<CurveStrokes, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        let CurveSamples { curve, stops } = &*context.curve;
        let pen = if curve.fills_area() { context.style.pen.solid() } else { (*context.style.pen).clone() };
        if let Some(color) = reader.element.signals.along_curve() {
            let colored = ColoredCurve::new(context, (&self.signal, color), &pen, env)?;
            return Ok(CurveStrokes::Colored(colored));
        }
        CurveStroke::new(viewport, &simplify(&curve.samples, stops), &pen)
            .map(CurveStrokes::Plain)
            .map_err(|error| Diagnostic::new(error.to_string()).at(reader.element.origin))
    }

    /// The marks of a frame.
    fn shown(&self, strokes: &CurveStrokes, env: &Env<'_>) -> Vec<Mark> {
        match strokes {
            CurveStrokes::Plain(stroke) => vec![self.revealed(stroke, env)],
            CurveStrokes::Colored(colored) => colored.marks(|stroke| self.revealed(stroke, env)).collect(),
        }
    }

    /// The part of a stroke that a frame shows.
    fn revealed(&self, curve: &CurveStroke, env: &Env<'_>) -> Mark {
        curve.revealed(self.reveal, variable_value(env, self.signal.over))
    }
}

/// The parameters at which a tail needs a point, enough that it fades smoothly.
pub(super) fn tail_stops(reveal: Reveal, [from, to]: [f64; 2]) -> impl Iterator<Item = f64> {
    let steps = match reveal {
        Reveal::Tail(length) => ((to - from).abs() / length * TAIL_STEPS).ceil().min(MAX_TAIL_STEPS),
        Reveal::Grow | Reveal::All => 0.0,
    };
    (0..steps as usize).map(move |i| from + (to - from) * i as f64 / steps)
}
