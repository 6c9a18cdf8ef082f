//! The samples of a panel's curves in one frame. Curves over one variable on one grid are sampled together, so that what
//! their expressions share is evaluated once.

use std::sync::Arc;

use crate::panel::paint::PaintContext;
use crate::panel::param_curve::SignalCurve;
use crate::panel::sampling::{SampledCurve, SamplingOptions, sample_at, sample_together};
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::PlottedSignal;
use crate::scene::model::Env;

/// The samples of one curve; none if it is hidden.
#[derive(Debug, Default)]
pub(super) struct CurveSamples {
    pub(super) curve: SampledCurve,
    /// The parameters at which its stroke keeps a sample.
    pub(super) stops: Vec<f64>,
}

/// Where a curve is sampled.
#[derive(Debug, PartialEq)]
pub(super) enum CurveGrid {
    /// As finely as it needs, with samples at the stops.
    Adaptive { span: [f64; 2], stops: Vec<f64>, options: SamplingOptions },
    /// At these parameters alone.
    Given { parameters: Vec<f64>, stops: Vec<f64> },
}

/// A curve that is to be sampled.
struct Request<'a> {
    context: &'a PaintContext<'a>,
    signal: &'a PlottedSignal,
    grid: CurveGrid,
}

/// Samples the curves of elements in one frame, costly ones on this many threads. An element without a curve gets no samples.
///
/// # Errors
/// A curve's span is infinite, or a value on a plot is complex.
pub(super) fn sample_curves(
    contexts: &[&PaintContext<'_>],
    env: &Env<'_>,
    threads: usize,
) -> Result<Vec<Arc<CurveSamples>>, Diagnostic> {
    let requests: Vec<Option<Request<'_>>> =
        contexts.iter().map(|context| Request::new(context, env)).collect::<Result<_, _>>()?;
    let mut sampled: Vec<Option<Result<SampledCurve, Diagnostic>>> = contexts.iter().map(|_| None).collect();
    for (first, request) in requests.iter().enumerate() {
        let Some(request) = request.as_ref().filter(|_| sampled[first].is_none()) else { continue };
        let is_together = |other: &&(usize, &Request<'_>)| request.is_on_grid_of(other.1);
        let others = requests.iter().enumerate().skip(first);
        let others = others.filter_map(|(index, other)| Some((index, other.as_ref()?)));
        let group: Vec<(usize, &Request<'_>)> = others.filter(|other| is_together(&other)).collect();
        let mut curves: Vec<SignalCurve<'_, '_>> = group.iter().map(|(_, other)| other.curve(env)).collect();
        let samples = request.grid.sample(&mut curves, &request.context.viewport, threads);
        for (((index, _), curve), samples) in group.into_iter().zip(curves).zip(samples) {
            sampled[index] = Some(curve.into_result(samples));
        }
    }
    let samples = |(request, sampled): (Option<Request<'_>>, Option<Result<SampledCurve, Diagnostic>>)| {
        let curve = sampled.unwrap_or_else(|| Ok(SampledCurve::default()))?;
        let stops = request.map_or_else(Vec::new, |request| request.grid.into_stops());
        Ok(Arc::new(CurveSamples { curve, stops }))
    };
    requests.into_iter().zip(sampled).map(samples).collect()
}

impl<'a> Request<'a> {
    /// The curve of an element; `None` if it has none.
    fn new(context: &'a PaintContext<'_>, env: &Env<'_>) -> Result<Option<Self>, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        let Some(signal) = reader.element.kind.curve() else { return Ok(None) };
        let stops = reader.element.kind.view().stops(reader, viewport, env)?;
        Ok(Some(Self { context, signal, grid: reader.curve_grid(signal, env, viewport, stops)? }))
    }

    /// Whether two curves have the same variable and the same grid.
    fn is_on_grid_of(&self, other: &Self) -> bool {
        self.signal.over == other.signal.over && self.grid == other.grid
    }

    fn curve<'s>(&self, env: &Env<'s>) -> SignalCurve<'a, 's> {
        SignalCurve::new(&self.context.reader, self.signal, env)
    }
}

impl CurveGrid {
    /// Samples curves on the grid.
    fn sample(
        &self,
        curves: &mut [SignalCurve<'_, '_>],
        viewport: &Viewport,
        threads: usize,
    ) -> Vec<SampledCurve> {
        match self {
            Self::Adaptive { span, stops, options } => {
                sample_together(*span, stops, SamplingOptions { threads, ..*options }, curves)
            }
            Self::Given { parameters, .. } => sample_at(parameters, viewport, curves),
        }
    }

    fn into_stops(self) -> Vec<f64> {
        match self {
            Self::Adaptive { stops, .. } | Self::Given { stops, .. } => stops,
        }
    }
}
