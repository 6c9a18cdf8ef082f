//! Evaluation of an element's expressions on its panel: coordinates in one frame, the extents and the
//! samples of curves, and whether anything of it changes from frame to frame.

use std::collections::BTreeSet;

use num_complex::Complex64;

use crate::panel::axis::AxisSteps;
use crate::panel::curve_samples::CurveGrid;
use crate::panel::extent::{DataExtent, function_extent};
use crate::panel::param_curve::{ParamCurve, SignalCurve};
use crate::panel::sampling::SamplingOptions;
use crate::panel::viewport::Viewport;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{
    Axis, AxisName, Element, Orientation, Panel, PanelKind, PlottedSignal, Scale, Spring,
};
use crate::scene::expr::{Code, SystemId, Variable, to_real};
use crate::scene::model::Env;
use crate::scene::number_format::shortest;

/// Steps over a span in which the extent of a curve is searched, if the curve is the same in all frames.
const STATIC_EXTENT_STEPS: usize = 2048;
/// The same for a curve that changes, whose extent is searched in every frame.
const MOVING_EXTENT_STEPS: usize = 256;
/// Initial steps of a curve per device pixel of the plot's width. Two are enough that no oscillation which
/// the plot can show lies between two samples.
const STEPS_PER_PIXEL: f64 = 2.0;
/// The steps by which a curve on a moving axis is sampled beyond the axis: more than a line is wide.
const MARGIN_STEPS: f64 = 64.0;
/// The most steps of the initial grid of a dashed curve on a moving axis.
const MAX_STEPS: f64 = 65536.0;

/// An element on its panel, with the scene in which its expressions are evaluated.
#[derive(Clone, Copy)]
pub(super) struct SignalReader<'s> {
    pub(super) scene: &'s Scene,
    pub(super) panel: &'s Panel,
    pub(super) element: &'s Element,
}

impl SignalReader<'_> {
    /// The names of the element's axes, the horizontal one first.
    pub(super) fn axis_names(&self) -> [AxisName; 2] {
        [AxisName::X, self.element.axis.into()]
    }

    /// The element's axes, the horizontal one first.
    pub(super) fn axes(&self) -> [&Axis; 2] {
        [&self.panel.x, self.panel.vertical(self.element.axis)]
    }

    /// The value of an expression, which may be complex.
    ///
    /// # Errors
    /// The value takes too much work, or a system has no solution there.
    fn value(&self, code: &Code, env: &Env<'_>) -> Result<Complex64, Diagnostic> {
        self.scene.value(code, env, self.element.origin)
    }

    /// The value of an expression as a real number.
    ///
    /// # Errors
    /// The errors of an evaluation, or the value is complex.
    pub(super) fn real(&self, code: &Code, env: &Env<'_>) -> Result<f64, Diagnostic> {
        self.require_real(self.value(code, env)?)
    }

    /// Whether a frame shows the element.
    ///
    /// # Errors
    /// The condition is complex.
    pub(super) fn is_shown(&self, env: &Env<'_>) -> Result<bool, Diagnostic> {
        self.element.when.as_ref().map_or(Ok(true), |when| Ok(self.real(when, env)? != 0.0))
    }

    /// The values of two expressions.
    ///
    /// # Errors
    /// A value is complex.
    pub(super) fn pair(&self, [x, y]: &[Code; 2], env: &Env<'_>) -> Result<(f64, f64), Diagnostic> {
        Ok((self.real(x, env)?, self.real(y, env)?))
    }

    fn require_real(&self, value: Complex64) -> Result<f64, Diagnostic> {
        to_real(value).map_err(|not_real| {
            let help = match self.element.kind.view().color_scale() {
                Some(_) => "write re(…), im(…) or abs(…), or phase = true for the argument",
                None => "write re(…), im(…) or abs(…), or show it on a panel of kind \"plane\"",
            };
            Diagnostic::new(format!("a complex value in panel `{}`", self.panel.name))
                .at(self.element.origin)
                .label(not_real.to_string())
                .help(help)
        })
    }

    /// The data coordinates of a signal's present value; not finite where the signal is undefined.
    ///
    /// A plot shows real values over the signal's variable or over `x`. A plane shows a complex value at its
    /// real and imaginary part. A spring panel does too, the real part along the motion.
    ///
    /// # Errors
    /// A value on a plot is complex.
    pub(super) fn coordinates(
        &self,
        signal: &PlottedSignal,
        env: &Env<'_>,
    ) -> Result<(f64, f64), Diagnostic> {
        let value = self.value(&signal.value, env)?;
        match self.panel.kind {
            PanelKind::Plot | PanelKind::Chain(_) => {
                let x = match &signal.x {
                    Some(x) => self.real(x, env)?,
                    None => variable_value(env, signal.over),
                };
                let y = self.require_real(value)?;
                Ok(if signal.is_horizontal { (y, x) } else { (x, y) })
            }
            PanelKind::Plane | PanelKind::Spring(_) | PanelKind::Matrix(_) => Ok(self.plane_point(value)),
        }
    }

    /// The place of an expression's value on a panel that shows complex values.
    ///
    /// # Errors
    /// The errors of an evaluation.
    pub(super) fn place(&self, code: &Code, env: &Env<'_>) -> Result<(f64, f64), Diagnostic> {
        Ok(self.plane_point(self.value(code, env)?))
    }

    /// The data coordinates of a value on a panel that shows complex values.
    pub(super) fn plane_point(&self, value: Complex64) -> (f64, f64) {
        match self.panel.kind {
            // The horizontal panel rotated by 90°: `x - n*j` is in lane n of both.
            PanelKind::Spring(Spring { orientation: Orientation::Vertical, .. }) => (-value.im, value.re),
            PanelKind::Plot
            | PanelKind::Plane
            | PanelKind::Chain(_)
            | PanelKind::Matrix(_)
            | PanelKind::Spring(Spring { orientation: Orientation::Horizontal, .. }) => (value.re, value.im),
        }
    }

    /// The first and the last value of a curve's variable.
    ///
    /// # Errors
    /// An end of the span is complex or infinite.
    pub(super) fn span(&self, signal: &PlottedSignal, env: &Env<'_>) -> Result<[f64; 2], Diagnostic> {
        let (a, b) = self.pair(&signal.span, env)?;
        if (b - a).is_finite() {
            return Ok([a, b]);
        }
        Err(Diagnostic::new(format!("a curve of panel `{}` has an infinite span", self.panel.name))
            .at(self.element.origin)
            .label(format!("from {} to {}", shortest(a), shortest(b)))
            .help("write span = [0, 10], from the first to the last value of its variable"))
    }

    /// Whether a curve is the same in every frame, apart from how much of it is shown.
    pub(super) fn is_static_curve(&self, signal: &PlottedSignal) -> bool {
        let film_variable = self.scene.timeline.variable;
        let moves = |code: &Code| code.depends_on(film_variable);
        let has_static_domain = signal.domain_codes().all(|code| !moves(code));
        // A curve over the film's variable takes all values of that variable in every frame.
        let runs_over_film = signal.over == film_variable;
        has_static_domain
            && (runs_over_film || !(moves(&signal.value) || signal.x.as_ref().is_some_and(moves)))
    }

    /// Whether the element's extent is the same in every frame. A growing curve counts as if all of it were shown.
    pub(super) fn has_static_extent(&self) -> bool {
        self.element.kind.view().has_static_extent(self)
    }

    /// Whether the x coordinate of a curve is the variable that the curve runs over.
    pub(super) fn runs_along_axis(&self, signal: &PlottedSignal) -> bool {
        self.panel.kind.panel_type().shows_variable && signal.x.is_none() && !signal.is_horizontal
    }

    /// The scale on which the steps over a curve's span are even: that of the axis that it runs along.
    pub(super) fn scale_along(&self, signal: &PlottedSignal) -> Scale {
        if self.runs_along_axis(signal) { self.panel.x.scale } else { Scale::Linear }
    }

    /// The x and the y extent of a curve in one frame.
    ///
    /// # Errors
    /// The span is infinite, or a value on a plot is complex.
    pub(super) fn curve_extents(
        &self,
        signal: &PlottedSignal,
        env: &Env<'_>,
    ) -> Result<[DataExtent; 2], Diagnostic> {
        let span = self.span(signal, env)?;
        if let Some(parameters) = self.sample_parameters(signal, env)? {
            return self.sampled_extents(signal, env, &parameters);
        }
        let count = if self.is_static_curve(signal) { STATIC_EXTENT_STEPS } else { MOVING_EXTENT_STEPS };
        let [x_axis, y_axis] = self.axes();
        let scale = self.scale_along(signal);
        let floor = x_axis.range.map(|[a, b]| a.min(b));
        let steps = AxisSteps { span: scale.drawable_span(span, floor), count, scale };
        let mut curve = SignalCurve::new(self, signal, env);
        let parameters: Vec<f64> = (0..=steps.count).map(|i| steps.at(i)).collect();
        let (xs, ys): (Vec<f64>, Vec<f64>) = curve.eval_all(&parameters).into_iter().unzip();
        let mut x = if self.runs_along_axis(signal) {
            let mut ends = DataExtent::empty(x_axis.scale);
            for end in steps.span {
                ends.add(end);
            }
            ends
        } else {
            function_extent(&steps, &xs, x_axis.scale, |value| curve.eval(value).0)
        };
        let mut y = function_extent(&steps, &ys, y_axis.scale, |value| curve.eval(value).1);
        let [start, end] = [steps.span[0].min(steps.span[1]), steps.span[0].max(steps.span[1])];
        let mut shown_rows = rows(signal, env);
        shown_rows.retain(|row| (start..=end).contains(row));
        for (across, up) in curve.eval_all(&shown_rows) {
            y.add(up);
            if !self.runs_along_axis(signal) {
                x.add(across);
            }
        }
        curve.into_result([x, y])
    }

    /// Where a curve is sampled in one frame, with a sample at each of the parameters `stops`.
    ///
    /// # Errors
    /// The span is infinite, or there are too many samples.
    pub(super) fn curve_grid(
        &self,
        signal: &PlottedSignal,
        env: &Env<'_>,
        viewport: &Viewport,
        stops: Vec<f64>,
    ) -> Result<CurveGrid, Diagnostic> {
        let span = self.span(signal, env)?;
        if let Some(parameters) = self.sample_parameters(signal, env)? {
            return Ok(CurveGrid::Given { parameters, stops });
        }
        let scale = self.scale_along(signal);
        let steps = (f64::from(viewport.rect.width()) * STEPS_PER_PIXEL) as usize;
        let is_dashed = !self.element.style.dash.is_empty();
        let (span, steps) = if self.runs_along_axis(signal) && self.panel.x.moving.is_some() {
            visible_part((span, steps), scale, viewport.x.range, is_dashed)
        } else {
            (span, steps)
        };
        let hides_beyond = self.runs_along_axis(signal) && !is_dashed;
        let options = SamplingOptions { viewport: *viewport, steps, scale, hides_beyond, threads: 1 };
        Ok(CurveGrid::Adaptive { span, stops, options })
    }

    /// The real values of an expression at many values of a variable.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated.
    pub(super) fn reals_along(
        &self,
        code: &Code,
        over: Variable,
        parameters: &[f64],
        env: &Env<'_>,
    ) -> Result<Vec<f64>, Diagnostic> {
        let together = env.eval_lanes(code, over, parameters);
        if let Some(values) = together.and_then(|lanes| lanes.into_reals(parameters.len())) {
            return Ok(values);
        }
        let mut bound = env.clone();
        let value = |parameter: &f64| {
            bound.bind_in_place(over, *parameter).map_err(|error| self.scene.model_error(&error))?;
            self.real(code, &bound)
        };
        parameters.iter().map(value).collect()
    }

    /// The parameters at which a curve must have a point: those of [`SignalReader::frame_stops`], and the rows of sampled
    /// systems.
    pub(super) fn stops(&self, signal: &PlottedSignal, env: &Env<'_>) -> Vec<f64> {
        let mut stops = rows(signal, env);
        stops.extend(self.frame_stops(signal));
        stops
    }

    /// The film variable's value in every frame if a curve runs over it, so that every frame can end the curve there.
    pub(super) fn frame_stops(&self, signal: &PlottedSignal) -> Vec<f64> {
        let timeline = &self.scene.timeline;
        let frames = if signal.over == timeline.variable { timeline.frames } else { 0 };
        (0..frames).map(|frame| timeline.present(frame)).collect()
    }
}

/// The part of a span that a moving axis shows, with a little more at either end, and the steps of its initial grid:
/// `steps` for the length of the axis.
///
/// The grid is the same in all frames that show it at one scale, so that the curve moves as a whole. A dashed curve is
/// sampled from its start, from where its dashes are measured.
fn visible_part(
    (span, steps): ([f64; 2], usize),
    scale: Scale,
    range: [f64; 2],
    is_dashed: bool,
) -> ([f64; 2], usize) {
    let [a, b] = range.map(|end| scale.transform(end));
    let step = (b - a).abs() / steps as f64;
    let margin = MARGIN_STEPS * step;
    let (low, high) = (a.min(b) - margin, a.max(b) + margin);
    let on_grid = |at: f64| scale.inverse((at / step).floor() * step);
    let (first, last) = (span[0].min(span[1]), span[0].max(span[1]));
    let from = if is_dashed { first } else { on_grid(low).clamp(first, last) };
    let to = on_grid(high + step).clamp(from, last);
    let part = if span[0] <= span[1] { [from, to] } else { [to, from] };
    let [from, to] = [from, to].map(|end| scale.transform(end));
    let count = ((to - from) / step).round();
    let count = if count.is_finite() { count.clamp(1.0, MAX_STEPS) } else { steps as f64 };
    (part, count as usize)
}

/// The times of the rows of all sampled systems that a curve over time shows. Between two rows the curve is smooth.
fn rows(signal: &PlottedSignal, env: &Env<'_>) -> Vec<f64> {
    if signal.over != Variable::Time {
        return Vec::new();
    }
    let codes = [Some(&signal.value), signal.x.as_ref()].into_iter().flatten();
    let systems: BTreeSet<SystemId> = codes.flat_map(|code| code.dependencies().systems.clone()).collect();
    systems.into_iter().flat_map(|system| env.system(system).schema().grid.clone()).collect()
}

/// The value of a variable in one frame.
pub(super) fn variable_value(env: &Env<'_>, variable: Variable) -> f64 {
    match variable {
        Variable::Time => env.time(),
        Variable::Param(param) => env.param(param).re,
        Variable::Free(free) => env.free(free),
    }
}
