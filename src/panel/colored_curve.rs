//! A curve whose color changes along it: a stroke for each level of its color map.
//!
//! The pieces of one level are the subpaths of one stroke, so that a frame has the same number of marks whatever the levels
//! are. Where two pieces meet, an opaque one goes on for a pixel below or above the next, so that the paper does not show
//! between their smooth ends. Translucent pieces only touch: an overlap would be darker.

use crate::geometry::Point;
use crate::mark::{Mark, Pen};
use crate::panel::curve_samples::CurveSamples;
use crate::panel::curve_stroke::CurveStroke;
use crate::panel::device_style::with_opacity;
use crate::panel::paint::PaintContext;
use crate::panel::sampling::{Sample, SampledCurve};
use crate::panel::simplify::simplify;
use crate::scene::color::LEVELS;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{MappedColor, PlottedSignal};
use crate::scene::model::Env;

/// How far an opaque piece reaches into the next one, in device pixels.
const OVERLAP: f64 = 1.0;

/// The strokes of a curve by level; `None` for a level without pieces.
pub(super) struct ColoredCurve {
    strokes: Vec<Option<CurveStroke>>,
}

impl ColoredCurve {
    /// The curve through its samples, with its parameters' values on the map. Strokes are drawn with `pen` in the colors of
    /// the map.
    ///
    /// # Errors
    /// A value is complex.
    pub(super) fn new(
        context: &PaintContext<'_>,
        (signal, color): (&PlottedSignal, &MappedColor),
        pen: &Pen,
        env: &Env<'_>,
    ) -> Result<Self, Diagnostic> {
        let CurveSamples { curve: SampledCurve { samples, .. }, stops } = &*context.curve;
        let levels = segment_levels(context, (signal, color), samples, env)?;
        let is_opaque = context.style.color.a == u8::MAX;
        let stroke = |level: usize| {
            let pieces = pieces(samples, &levels, level, is_opaque);
            if pieces.is_empty() {
                return Ok(None);
            }
            let mut points: Vec<Sample> = Vec::new();
            for piece in pieces {
                points.extend(points.last().map(|last| Sample::break_at(last.parameter)));
                points.extend(simplify(piece, stops));
            }
            let opacity = f64::from(context.style.color.a) / 255.0;
            let pen = Pen { color: with_opacity(color.map.color(level), opacity), ..pen.clone() };
            CurveStroke::new(&context.viewport, &points, &pen)
                .map(Some)
                .map_err(|error| Diagnostic::new(error.to_string()).at(context.reader.element.origin))
        };
        Ok(Self { strokes: (0..LEVELS).map(stroke).collect::<Result<_, _>>()? })
    }

    /// The part that `reveal` shows of each stroke: one mark for each level.
    pub(super) fn marks(&self, reveal: impl Fn(&CurveStroke) -> Mark) -> impl Iterator<Item = Mark> {
        self.strokes.iter().map(move |stroke| stroke.as_ref().map_or(Mark::Nothing, &reveal))
    }
}

/// The level of each segment between two samples: that of the mean of its ends. `None` where the curve or its value is
/// undefined.
fn segment_levels(
    context: &PaintContext<'_>,
    (signal, color): (&PlottedSignal, &MappedColor),
    samples: &[Sample],
    env: &Env<'_>,
) -> Result<Vec<Option<usize>>, Diagnostic> {
    let shown: Vec<f64> =
        samples.iter().filter(|sample| sample.is_finite()).map(|sample| sample.parameter).collect();
    let mut values = context.reader.reals_along(&color.value, signal.over, &shown, env)?.into_iter();
    let values: Vec<f64> = samples
        .iter()
        .map(|sample| if sample.is_finite() { values.next().unwrap_or(f64::NAN) } else { f64::NAN })
        .collect();
    Ok(values.windows(2).map(|pair| color.map.level(f64::midpoint(pair[0], pair[1]), color.range)).collect())
}

/// The runs of samples whose segments have a level. An opaque run reaches into the segments after it.
fn pieces<'a>(
    samples: &'a [Sample],
    levels: &[Option<usize>],
    level: usize,
    is_opaque: bool,
) -> Vec<&'a [Sample]> {
    let mut pieces = Vec::new();
    let mut first = 0;
    for run in levels.chunk_by(|a, b| a == b) {
        let mut last = first + run.len();
        if run[0] == Some(level) {
            let end: Point = samples[last].pixel;
            let is_near =
                |sample: &Sample| libm::hypot(sample.pixel.x - end.x, sample.pixel.y - end.y) < OVERLAP;
            let begin = first;
            if is_opaque {
                while levels.get(last).is_some_and(|next| next.is_some() && *next != Some(level))
                    && is_near(&samples[last])
                {
                    last += 1;
                }
            }
            pieces.push(&samples[begin..=last]);
        }
        first += run.len();
    }
    pieces
}
