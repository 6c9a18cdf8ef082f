//! What a panel makes of a signal: a pair of coordinates at one moment, and a curve over a variable.

use std::sync::Arc;

use num_complex::Complex64;

use crate::mark::{Mark, Pen, Stroke, Tail};
use crate::panel::axis::Steps;
use crate::panel::band;
use crate::panel::curve_eval::{CurveEval, CurveEvaluator};
use crate::panel::extent::{DataExtent, extent_of};
use crate::panel::flatness::thinned;
use crate::panel::sampling::{Fineness, Sample, sample};
use crate::panel::series;
use crate::panel::viewport::Viewport;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{
    Element, ElementKind, Orientation, Panel, PanelKind, Reveal, Scale, Signal, Spring,
};
use crate::scene::expr::Variable;
use crate::scene::expr::{Code, real};
use crate::scene::model::Env;
use crate::scene::number::shortest;

/// Steps over a span in which a range is looked for before its peaks are sharpened.
const FIT_STEPS: usize = 2048;
/// The same where the whole curve changes from frame to frame.
const MOVING_FIT_STEPS: usize = 256;
/// First steps of a curve per device pixel of its plot: fine enough that an oscillation which the
/// plot can show at all is not stepped over.
const STEPS_PER_PIXEL: f64 = 2.0;
/// The steps in which a tail fades, and the most of them on one curve.
const TAIL_STEPS: f64 = 64.0;
const MOST_TAIL_STEPS: f64 = 1e5;

/// An element on its panel: where signals are read and errors are told.
#[derive(Clone, Copy)]
pub(super) struct SignalReader<'s> {
    pub(super) scene: &'s Scene,
    pub(super) panel: &'s Panel,
    pub(super) element: &'s Element,
}

impl SignalReader<'_> {
    /// The value of a code that must be real here.
    pub(super) fn real(&self, code: &Code, env: &Env<'_>) -> Result<f64, Diagnostic> {
        self.checked_real(env.eval(code))
    }

    /// Two codes that must be real.
    pub(super) fn pair(&self, [x, y]: &[Code; 2], env: &Env<'_>) -> Result<(f64, f64), Diagnostic> {
        Ok((self.real(x, env)?, self.real(y, env)?))
    }

    fn checked_real(&self, value: Complex64) -> Result<f64, Diagnostic> {
        real(value).map_err(|not_real| {
            Diagnostic::new(format!("a complex value in panel `{}`", self.panel.name))
                .at(self.element.origin)
                .label(not_real.to_string())
                .help("write re(…), im(…) or abs(…), or show it on a panel of kind \"plane\"")
        })
    }

    /// Where a signal's present value lies, in the panel's units; not finite where it is nowhere.
    ///
    /// A plot shows real values over the variable or over `x`. In a plane a complex value lies at its
    /// parts and a real one on the horizontal axis; along a spring its real part lies along the motion.
    pub(super) fn coordinates(&self, signal: &Signal, env: &Env<'_>) -> Result<(f64, f64), Diagnostic> {
        let value = env.eval(&signal.value);
        match self.panel.kind {
            PanelKind::Plot => {
                let x = match &signal.x {
                    Some(x) => self.real(x, env)?,
                    None => variable_value(env, signal.over),
                };
                Ok((x, self.checked_real(value)?))
            }
            PanelKind::Plane => Ok((value.re, value.im)),
            PanelKind::Spring(Spring { orientation: Orientation::Horizontal, .. }) => {
                Ok((value.re, value.im))
            }
            // The horizontal panel turned by a quarter: `x - n*j` is in lane n of both.
            PanelKind::Spring(Spring { orientation: Orientation::Vertical, .. }) => Ok((-value.im, value.re)),
        }
    }

    /// The first and last value of a curve's variable.
    pub(super) fn span(&self, signal: &Signal, env: &Env<'_>) -> Result<[f64; 2], Diagnostic> {
        let (a, b) = self.pair(&signal.span, env)?;
        if (b - a).is_finite() {
            return Ok([a, b]);
        }
        Err(Diagnostic::new(format!("a curve of panel `{}` runs over a span without end", self.panel.name))
            .at(self.element.origin)
            .label(format!("from {} to {}", shortest(a), shortest(b)))
            .help("write span = [0, 10], from the first to the last value of its variable"))
    }

    /// Whether a curve is the same in every frame, apart from how much of it is shown.
    pub(super) fn is_fixed(&self, signal: &Signal) -> bool {
        let film = self.scene.timeline.variable;
        let moves = |code: &Code| code.depends_on(film);
        let ends_stand = signal.span.iter().all(|end| !moves(end));
        let bound = signal.over == film;
        ends_stand && (bound || !(moves(&signal.value) || signal.x.as_ref().is_some_and(moves)))
    }

    /// Whether both sides of an area are the same in every frame.
    pub(super) fn is_fixed_band(&self, signal: &Signal, to: Option<&Code>) -> bool {
        let film = self.scene.timeline.variable;
        let base_stands = signal.over == film || !to.is_some_and(|to| to.depends_on(film));
        self.is_fixed(signal) && base_stands
    }

    /// Whether the element covers the same in every frame, all of a growing curve counted.
    pub(super) fn stands(&self) -> bool {
        match &self.element.kind {
            ElementKind::Trace { signal, .. } => self.is_fixed(signal),
            ElementKind::Area { signal, to, .. } => self.is_fixed_band(signal, to.as_ref()),
            _ => !self.element.depends_on(self.scene.timeline.variable),
        }
    }

    /// Whether the horizontal coordinate of a curve is the variable that it runs over.
    pub(super) fn runs_along_axis(&self, signal: &Signal) -> bool {
        matches!(self.panel.kind, PanelKind::Plot) && signal.x.is_none()
    }

    /// In which scale the steps over a curve's span are equal: that of the axis that it runs along.
    pub(super) fn scale_along(&self, signal: &Signal) -> Scale {
        if self.runs_along_axis(signal) { self.panel.x.scale } else { Scale::Linear }
    }

    /// All that a curve covers at one moment, horizontally and vertically.
    pub(super) fn extents(&self, signal: &Signal, env: &Env<'_>) -> Result<[DataExtent; 2], Diagnostic> {
        let span = self.span(signal, env)?;
        let count = if self.is_fixed(signal) { FIT_STEPS } else { MOVING_FIT_STEPS };
        let Panel { x: across, y: up, .. } = self.panel;
        let scale = self.scale_along(signal);
        let floor = across.range.map(|[a, b]| a.min(b));
        let steps = Steps { span: scale.reach(span, floor), count, scale };
        let mut run = CurveEvaluator::new(self, signal, env);
        let extents = {
            let x = if self.runs_along_axis(signal) {
                let mut ends = DataExtent::on(across.scale);
                for end in steps.span {
                    ends.add(end);
                }
                ends
            } else {
                extent_of(&steps, across.scale, |value| run.at(value).0)
            };
            [x, extent_of(&steps, up.scale, |value| run.at(value).1)]
        };
        run.finished(extents)
    }

    /// The curve at one moment, drawn with a pen, with a point at every present of the film.
    pub(super) fn curve(
        &self,
        signal: &Signal,
        env: &Env<'_>,
        viewport: &Viewport,
        pen: &Pen,
    ) -> Result<Curve, Diagnostic> {
        let stops = self.stops(signal, self.span(signal, env)?);
        let samples = thinned(&self.samples(signal, env, viewport)?, &stops);
        let stroke = series::stroke(viewport, samples.iter().map(|s| (s.x, s.y)), pen)
            .map_err(|error| Diagnostic::new(error.to_string()).at(self.element.origin))?;
        let finite = samples.iter().filter(|s| s.is_finite());
        Ok(Curve { stroke, values: finite.map(|s| s.at).collect() })
    }

    /// The samples of a curve at one moment, in the panel's units.
    pub(super) fn samples(
        &self,
        signal: &Signal,
        env: &Env<'_>,
        viewport: &Viewport,
    ) -> Result<Vec<Sample>, Diagnostic> {
        let span = self.span(signal, env)?;
        let mut stops = self.stops(signal, span);
        if matches!(self.element.kind, ElementKind::Area { .. }) && self.runs_along_axis(signal) {
            stops.extend(band::cuts(viewport));
        }
        let fineness = Fineness {
            viewport: *viewport,
            steps: (f64::from(viewport.rect.width()) * STEPS_PER_PIXEL) as usize,
            scale: self.scale_along(signal),
        };
        let mut run = CurveEvaluator::new(self, signal, env);
        let samples = sample(span, &stops, fineness, &mut run);
        run.finished(samples)
    }

    /// The values at which a curve must have a point: every present of the film, and along a tail enough of
    /// them for it to fade smoothly.
    fn stops(&self, signal: &Signal, [from, to]: [f64; 2]) -> Vec<f64> {
        let timeline = &self.scene.timeline;
        let mut stops = Vec::new();
        if signal.over == timeline.variable {
            stops.extend((0..timeline.frames).map(|i| timeline.present(i)));
        }
        if let ElementKind::Trace { reveal: Reveal::Tail(length), .. } = self.element.kind {
            let steps = ((to - from).abs() / length * TAIL_STEPS).ceil().min(MOST_TAIL_STEPS);
            stops.extend((0..steps as usize).map(|i| from + (to - from) * i as f64 / steps));
        }
        stops
    }
}

/// A drawn curve, and where on it each of its points lies.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    /// All of it.
    pub(super) stroke: Stroke,
    /// The variable's value at each of the stroke's points, in the curve's direction.
    values: Vec<f64>,
}

impl Curve {
    /// The stroke as far as a value of the variable.
    pub(super) fn grown(&self, value: f64) -> Mark {
        Mark::Stroke(Stroke { upto: self.upto(value), ..self.stroke.clone() })
    }

    /// As much of the curve as lies at most `length` before a value of the variable, opaque there and
    /// clear at the other end; nothing where the curve begins later or ended earlier.
    pub(super) fn tail(&self, value: f64, length: f64) -> Mark {
        let upto = self.upto(value);
        let age = |at: f64| (value - at).abs() / length;
        let first = self.values[..upto].partition_point(|&at| age(at) > 1.0);
        if first == upto {
            return Mark::Nothing;
        }
        let path = &self.stroke.path;
        let opacities = self.values[first..upto].iter().map(|&at| ((1.0 - age(at)) * 255.0).round() as u8);
        Mark::Tail(Tail {
            opacities: opacities.collect(),
            start: if self.stroke.pen.dash.is_empty() { 0.0 } else { path.arc(first) },
            path: Arc::new(path.part(first, upto)),
            pen: Arc::clone(&self.stroke.pen),
            clip: self.stroke.clip,
        })
    }

    /// How many points lie at or before a value of the variable.
    fn upto(&self, value: f64) -> usize {
        let descending = self.values.first() > self.values.last();
        self.values.partition_point(|&at| if descending { at >= value } else { at <= value })
    }
}

/// The present value of a variable.
pub(super) fn variable_value(env: &Env<'_>, variable: Variable) -> f64 {
    match variable {
        Variable::Time => env.time(),
        Variable::Param(param) => env.param(param).re,
        Variable::Free(free) => env.free(free),
    }
}
