//! The values of its variable at which a signal is sampled in one frame, and where its samples keep still.

use crate::panel::axis::AxisSteps;
use crate::panel::extent::DataExtent;
use crate::panel::param_curve::{ParamCurve, SignalCurve};
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{PlottedSignal, Sampling};
use crate::scene::even_steps::count_steps;
use crate::scene::expr::{Code, EvalError, SystemId};
use crate::scene::model::Env;

/// How far a whole number may lie beyond an end of a span to belong to it.
const ROUNDING: f64 = 1e-9;
/// The most samples of a line.
const MAX_LINE_SAMPLES: f64 = 1e6;
/// The most samples that have marks of their own.
const MAX_MARKED_SAMPLES: f64 = 1e5;

/// The parameter of a sample and its place in the panel's data coordinates.
pub(super) type PlacedSample = (f64, (f64, f64));

impl SignalReader<'_> {
    /// The parameters of samples in the direction of the span, each once; `None` for a curve that is sampled as finely as it
    /// needs.
    ///
    /// # Errors
    /// The span is infinite, there are too many samples, or a system has no solution over the span.
    pub(super) fn sample_parameters(
        &self,
        signal: &PlottedSignal,
        env: &Env<'_>,
    ) -> Result<Option<Vec<f64>>, Diagnostic> {
        let span @ [from, to] = self.span(signal, env)?;
        let (low, high) = (from.min(to), from.max(to));
        let direction = (to - from).signum();
        let parameters = match &signal.sampling {
            Sampling::Adaptive => return Ok(None),
            Sampling::Step(step) => self.stepped(span, *step)?,
            Sampling::MovingStep(step) => self.stepped(span, self.style_number(step, env)?)?,
            Sampling::Count(count) => {
                let steps = AxisSteps { span, count: count - 1, scale: self.scale_along(signal) };
                self.count_up(*count as f64, |n| steps.at(n as usize))?
            }
            Sampling::Whole => {
                let first = direction * (direction * from - ROUNDING).ceil();
                self.count_up(count_steps([first, to], direction), |n| first + direction * n)?
            }
            Sampling::Frames => {
                let timeline = &self.scene.timeline;
                let present = (0..timeline.frames).map(|frame| timeline.present(frame));
                self.in_direction(present.filter(|value| (low..=high).contains(value)), direction)?
            }
            Sampling::Rows(systems) => {
                let times = systems.iter().map(|system| self.sample_times(*system, [low, high], env));
                let times: Vec<Vec<f64>> = times.collect::<Result<_, _>>()?;
                self.in_direction(times.into_iter().flatten(), direction)?
            }
        };
        Ok(Some(parameters))
    }

    /// The number of samples of the element, at most over all frames; 0 without samples.
    ///
    /// # Errors
    /// The errors of [`SignalReader::sample_parameters`].
    pub(super) fn max_samples(&self, signal: &PlottedSignal) -> Result<usize, Diagnostic> {
        let moves = |code: &Code| code.depends_on(self.scene.timeline.variable);
        let may_differ = signal.domain_codes().any(moves) || matches!(signal.sampling, Sampling::Rows(_));
        let frames = if may_differ { self.scene.timeline.frames } else { 1 };
        let in_frame = |frame: usize| {
            let parameters = self.sample_parameters(signal, &self.scene.env(frame)?)?;
            Ok(parameters.map_or(0, |parameters| parameters.len()))
        };
        let counts: Vec<usize> = (0..frames).map(in_frame).collect::<Result<_, Diagnostic>>()?;
        Ok(counts.into_iter().max().unwrap_or(0))
    }

    /// For the x and the y axis, whether the places of samples along it are the same pixels in every frame.
    pub(super) fn still_directions(&self, signal: &PlottedSignal) -> [bool; 2] {
        let film = self.scene.timeline.variable;
        let is_static = self.scene.timeline.frames == 1 || self.is_static_curve(signal);
        let keeps = |code: Option<&Code>| is_static || !code.is_some_and(|code| code.depends_on(film));
        let has_static_domain = is_static || !signal.domain_codes().any(|code| code.depends_on(film));
        let (along, value) =
            (has_static_domain && keeps(signal.x.as_ref()), has_static_domain && keeps(Some(&signal.value)));
        let [x, y] = match (self.panel.kind.panel_type().shows_variable, signal.is_horizontal) {
            (false, _) => [value, value],
            (true, false) => [along, value],
            (true, true) => [value, along],
        };
        let [moves_x, moves_y] = self.axes().map(|axis| axis.moving.is_some());
        let moves_both = self.panel.has_equal_units && (moves_x || moves_y);
        [x && !moves_x && !moves_both, y && !moves_y && !moves_both]
    }

    /// The x and the y extent of the samples at the given parameters.
    ///
    /// # Errors
    /// A value on a plot is complex.
    pub(super) fn sampled_extents(
        &self,
        signal: &PlottedSignal,
        env: &Env<'_>,
        parameters: &[f64],
    ) -> Result<[DataExtent; 2], Diagnostic> {
        let mut extents = self.axes().map(|axis| DataExtent::empty(axis.scale));
        let mut curve = SignalCurve::new(self, signal, env);
        for (x, y) in curve.eval_all(parameters) {
            extents[0].add(x);
            extents[1].add(y);
        }
        curve.into_result(extents)
    }

    /// The places of the samples in one frame, with their parameters.
    ///
    /// # Errors
    /// The errors of [`SignalReader::sample_parameters`], or a value on a plot is complex.
    pub(super) fn sampled_places(
        &self,
        signal: &PlottedSignal,
        env: &Env<'_>,
    ) -> Result<Vec<PlacedSample>, Diagnostic> {
        let parameters = self.sample_parameters(signal, env)?.unwrap_or_default();
        let mut curve = SignalCurve::new(self, signal, env);
        let places = curve.eval_all(&parameters);
        curve.into_result(parameters.into_iter().zip(places).collect())
    }

    /// The parameters at a distance, from the first end of a span on.
    ///
    /// # Errors
    /// There are too many.
    fn stepped(&self, span: [f64; 2], step: f64) -> Result<Vec<f64>, Diagnostic> {
        let step = step * (span[1] - span[0]).signum();
        self.count_up(count_steps(span, step), |n| span[0] + step * n)
    }

    /// The values of `at` at the whole numbers from 0 on.
    ///
    /// # Errors
    /// There are too many.
    fn count_up(&self, count: f64, at: impl Fn(f64) -> f64) -> Result<Vec<f64>, Diagnostic> {
        self.check_count(count)?;
        Ok((0..count as u32).map(|n| at(f64::from(n))).collect())
    }

    /// Parameters in the direction of the span, each once.
    ///
    /// # Errors
    /// There are too many.
    fn in_direction(
        &self,
        parameters: impl Iterator<Item = f64>,
        direction: f64,
    ) -> Result<Vec<f64>, Diagnostic> {
        let mut parameters: Vec<f64> = parameters.collect();
        parameters.sort_by(|a, b| (direction * a).total_cmp(&(direction * b)));
        parameters.dedup();
        self.check_count(parameters.len() as f64)?;
        Ok(parameters)
    }

    fn sample_times(&self, system: SystemId, span: [f64; 2], env: &Env<'_>) -> Result<Vec<f64>, Diagnostic> {
        let times = env.system(system).sample_times(span).map_err(|error| {
            let error = EvalError::System { system, error: Box::new(error) };
            self.scene.eval_error(&error, self.element.origin)
        })?;
        Ok(times.unwrap_or_default())
    }

    fn check_count(&self, count: f64) -> Result<(), Diagnostic> {
        let (kind, panel) = (&self.element.kind, &self.panel.name);
        let most = if kind.marks_samples() { MAX_MARKED_SAMPLES } else { MAX_LINE_SAMPLES };
        if count <= most {
            return Ok(());
        }
        Err(Diagnostic::new(format!("`{}` in panel `{panel}` has {count:.0} samples", kind.key()))
            .at(self.element.origin)
            .help(format!("write a larger step, or a shorter span: at most {most} samples are drawn")))
    }
}
