//! Adaptive sampling of curves: the chord between two samples departs from the curve by no more than a
//! fraction of a pixel, the curve is broken where it is undefined, and required parameters get a sample.
//!
//! A curve is sampled on an initial grid of even steps, and each step is halved until its chord is flat. Steps whose chord is
//! known to be flat from a bound on the second derivative are not probed. Curves on one grid are sampled together, so that
//! what they share is evaluated once. A step in which a curve swings too often to be told from a filled area is not halved on
//! and on: its samples are the curve's extremes there (`panel::dense_step`).

use std::ops::Range;

use crate::geometry::Point;
use crate::panel::param_curve::ParamCurve;
use crate::panel::sample_grid::{find_flat_steps, initial_grid};
pub use crate::panel::sampler::SampledCurve;
use crate::panel::sampler::{Sampler, needed_parameters};
use crate::panel::viewport::Viewport;
use crate::parallel;
use crate::scene::element::Scale;

/// A point of a curve, or a break in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The curve's parameter.
    pub parameter: f64,
    /// The x coordinate, in the panel's data coordinates.
    pub x: f64,
    /// The y coordinate, in the panel's data coordinates.
    pub y: f64,
    /// The same point in device pixels.
    pub(super) pixel: Point,
}

impl Sample {
    /// The sample at a parameter with these coordinates: a break if they cannot be drawn.
    pub(super) fn at(parameter: f64, (x, y): (f64, f64), viewport: &Viewport) -> Self {
        Self::new(parameter, (x, y), viewport.point((x, y)))
    }

    fn new(parameter: f64, (x, y): (f64, f64), pixel: Point) -> Self {
        let is_drawable = pixel.x.is_finite() && pixel.y.is_finite();
        if is_drawable { Self { parameter, x, y, pixel } } else { Self::break_at(parameter) }
    }

    /// The samples at many parameters.
    pub(super) fn at_each(parameters: &[f64], coordinates: &[(f64, f64)], viewport: &Viewport) -> Vec<Self> {
        let (to_x, to_y) = (viewport.x.to_pixel(), viewport.y.to_pixel());
        let pixel = |(x, y): (f64, f64)| Point::new(to_x(x), to_y(y));
        let places = parameters.iter().zip(coordinates);
        places.map(|(parameter, place)| Self::new(*parameter, *place, pixel(*place))).collect()
    }

    /// Whether it is a point, not a break.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }

    pub(super) fn break_at(parameter: f64) -> Self {
        Self { parameter, x: f64::NAN, y: f64::NAN, pixel: Point::default() }
    }

    /// The distance to another point in device pixels.
    pub(super) fn distance(self, other: Self) -> f64 {
        libm::hypot(other.pixel.x - self.pixel.x, other.pixel.y - self.pixel.y)
    }
}

/// How finely to sample a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SamplingOptions {
    /// Where the curve is drawn.
    pub viewport: Viewport,
    /// The number of steps of the initial grid.
    pub steps: usize,
    /// The scale on which those steps are even.
    pub scale: Scale,
    /// Whether the curve runs along the x axis and its parts beside the plot do not matter, as they would for dashes.
    pub hides_beyond: bool,
    /// The number of threads that evaluate a costly curve, at least 1. Samples do not depend on it.
    pub threads: usize,
}

/// The number of steps of the initial grid that are evaluated together.
const BATCH_STEPS: usize = 128;
/// Curves that take more operations than this for one batch are evaluated on several threads.
const COSTLY_WORK: u64 = 1_000_000;
/// The number of batches of such curves that each thread evaluates before their steps are halved.
const BATCHES_PER_THREAD: usize = 4;

/// Samples curves from the first to the last parameter of `span`, in the direction of the span.
///
/// `stops` are parameters that get a sample if they lie in the span. A sample that is not finite marks a
/// break: the curve is undefined there, or a logarithmic axis cannot show it. The samples of a curve do not depend on those
/// that it is sampled with.
pub fn sample_together<C: ParamCurve + Sync>(
    span: [f64; 2],
    stops: &[f64],
    options: SamplingOptions,
    curves: &mut [C],
) -> Vec<SampledCurve> {
    let grid = initial_grid(span, stops, options);
    let flat: Vec<Vec<bool>> = curves.iter().map(|curve| find_flat_steps(&grid, options, curve)).collect();
    let all =
        Batches { grid: &grid, flat: &flat, groups: groups_of_equals(&flat), viewport: options.viewport };
    let sampler = |curve| Sampler::new(curve, options.viewport, &grid);
    let mut samplers: Vec<Sampler<'_, C>> = curves.iter_mut().map(sampler).collect();
    let mut batches = all.steps();
    // The first batch tells what the others cost.
    let mut together = 1;
    while !batches.is_empty() {
        let some: Vec<Range<usize>> = batches.drain(..together.min(batches.len())).collect();
        let curves: Vec<&C> = samplers.iter().map(|sampler| &*sampler.curve).collect();
        let work = || curves.first().map_or(0, |curve| curve.work());
        let before = work();
        let mut threads = vec![(); options.threads.min(some.len())];
        let known = parallel::map(&mut threads, some.len(), |(), index| all.evaluate(&curves, &some[index]));
        if options.threads > 1 && work() - before > COSTLY_WORK {
            together = BATCHES_PER_THREAD * options.threads;
        }
        for (steps, known) in some.into_iter().zip(known) {
            let grid = &grid[steps.start..=steps.end];
            for ((sampler, flat), known) in samplers.iter_mut().zip(&flat).zip(known) {
                sampler.extend(grid, &flat[steps.clone()], &known);
            }
        }
    }
    samplers.into_iter().map(|sampler| sampler.sampled).collect()
}

/// The batches of a grid: its steps, and which of them are flat for each curve.
struct Batches<'a> {
    grid: &'a [f64],
    flat: &'a [Vec<bool>],
    /// The indices of the curves with the same flat steps.
    groups: Vec<Vec<usize>>,
    viewport: Viewport,
}

impl Batches<'_> {
    /// The ranges of steps that are evaluated together.
    fn steps(&self) -> Vec<Range<usize>> {
        let last = self.grid.len() - 1;
        (0..last).step_by(BATCH_STEPS).map(|first| first..last.min(first + BATCH_STEPS)).collect()
    }

    /// For each curve, the samples that some steps need; none if they cannot be evaluated together.
    fn evaluate<C: ParamCurve>(&self, curves: &[&C], steps: &Range<usize>) -> Vec<Vec<Sample>> {
        let mut known: Vec<Vec<Sample>> = curves.iter().map(|_| Vec::new()).collect();
        for group in &self.groups {
            let flat = &self.flat[group[0]][steps.clone()];
            let parameters = needed_parameters(&self.grid[steps.start..=steps.end], flat);
            let members: Vec<&C> = group.iter().map(|index| curves[*index]).collect();
            for (index, coordinates) in group.iter().zip(C::eval_many(&members, &parameters)) {
                let coordinates = coordinates.unwrap_or_default();
                known[*index] = Sample::at_each(&parameters, &coordinates, &self.viewport);
            }
        }
        known
    }
}

/// Samples curves at the given parameters alone. A sample that is not finite marks a break.
pub(super) fn sample_at<C: ParamCurve>(
    parameters: &[f64],
    viewport: &Viewport,
    curves: &mut [C],
) -> Vec<SampledCurve> {
    let together = C::eval_many(&curves.iter().collect::<Vec<_>>(), parameters);
    let sampled = |(curve, together): (&mut C, Option<Vec<(f64, f64)>>)| {
        let one_by_one = || parameters.iter().map(|parameter| curve.eval(*parameter)).collect();
        let coordinates: Vec<(f64, f64)> = together.unwrap_or_else(one_by_one);
        let samples = Sample::at_each(parameters, &coordinates, viewport);
        SampledCurve { samples, ..SampledCurve::default() }
    };
    curves.iter_mut().zip(together).map(sampled).collect()
}

/// The indices of equal values, in groups.
fn groups_of_equals<T: PartialEq>(values: &[T]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        match groups.iter_mut().find(|group| values[group[0]] == *value) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::geometry::PixelRect;
    use crate::panel::probed_step::distance_from_chord;

    /// The samples of one curve.
    pub(in crate::panel) fn sample(
        span: [f64; 2],
        stops: &[f64],
        options: SamplingOptions,
        curve: &mut (impl ParamCurve + Sync),
    ) -> Vec<Sample> {
        sample_together(span, stops, options, std::slice::from_mut(curve)).remove(0).samples
    }

    /// Options for a linear plot from 0 to 1, at 100 device pixels per unit.
    pub(in crate::panel) fn fine() -> SamplingOptions {
        let viewport = Viewport::new(PixelRect::from_size(100, 100), [0.0, 1.0], [0.0, 1.0]);
        SamplingOptions { viewport, steps: 64, scale: Scale::Linear, hides_beyond: false, threads: 1 }
    }

    /// Options for a logarithmic plot from 0.1 to 10, at 50 device pixels per decade.
    fn fine_log() -> SamplingOptions {
        let viewport = Viewport::new(PixelRect::from_size(100, 100), [0.1, 10.0], [0.1, 10.0]);
        SamplingOptions {
            viewport: viewport.with_scales([Scale::Log; 2]),
            steps: 64,
            scale: Scale::Log,
            hides_beyond: false,
            threads: 1,
        }
    }

    /// The distance of a curve's point from the chord between the samples around its parameter.
    pub(in crate::panel) fn distance_from_polyline(
        samples: &[Sample],
        viewport: &Viewport,
        parameter: f64,
        (x, y): (f64, f64),
    ) -> f64 {
        let i = samples.partition_point(|s| s.parameter <= parameter).clamp(1, samples.len() - 1);
        let pixel = viewport.point((x, y));
        distance_from_chord(samples[i - 1], samples[i], Sample { parameter, x, y, pixel })
    }

    #[test]
    fn chords_stay_close_to_their_curve() {
        for frequency in [0.3, 3.0, 40.0] {
            let curve = |t: f64| (t, libm::sin(frequency * t * t));
            let samples = sample([0.0, 3.0], &[], fine(), &mut { curve });
            let worst = (0..30_000)
                .map(|i| f64::from(i) * 1e-4)
                .map(|t| distance_from_polyline(&samples, &fine().viewport, t, curve(t)))
                .fold(0.0, f64::max);
            assert!(worst < 0.1, "{frequency}: {worst}");
        }
    }

    /// A parabola that counts its evaluations and may have a bound on its second derivative.
    struct Parabola {
        evaluations: usize,
        bound: Option<f64>,
    }

    impl ParamCurve for Parabola {
        fn eval(&mut self, parameter: f64) -> (f64, f64) {
            self.evaluations += 1;
            (parameter, parameter * parameter)
        }

        fn second_derivative_bound(&self, _: &Viewport, _: Scale, _: [f64; 2], _: &Cell<u32>) -> Option<f64> {
            self.bound
        }
    }

    #[test]
    fn curves_with_a_small_second_derivative_are_not_probed() {
        // The second derivative is 200 device pixels, the step 1/64: the chord is off by at most 200·h²/8 =
        // 0.006 pixels.
        let [small, unknown, large] = [Some(200.0), None, Some(2e6)].map(|bound| {
            let mut curve = Parabola { evaluations: 0, bound };
            let samples = sample([0.0, 1.0], &[0.3], fine(), &mut curve);
            (samples, curve.evaluations)
        });
        assert_eq!((small.1, unknown.1, large.1), (66, 66 + 3 * 65, 66 + 3 * 65));
        assert_eq!(small.0, unknown.0);
        assert_eq!(small.0, large.0);
    }

    /// A costly curve that can be evaluated at many parameters at once.
    struct Chirp {
        frequency: f64,
        work: AtomicU64,
    }

    impl ParamCurve for Chirp {
        fn eval(&mut self, parameter: f64) -> (f64, f64) {
            (parameter, libm::sin(self.frequency * parameter * parameter))
        }

        fn eval_many(curves: &[&Self], parameters: &[f64]) -> Vec<Option<Vec<(f64, f64)>>> {
            let at = |frequency: f64| {
                parameters.iter().map(move |t| (*t, libm::sin(frequency * t * t))).collect::<Vec<_>>()
            };
            for curve in curves {
                curve.work.fetch_add(2 * COSTLY_WORK, Ordering::Relaxed);
            }
            curves.iter().map(|curve| Some(at(curve.frequency))).collect()
        }

        fn work(&self) -> u64 {
            self.work.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn samples_do_not_depend_on_threads_nor_on_the_curves_beside() {
        let frequencies = [0.5, 40.0, 3.0, 900.0];
        let chirp = |frequency: &f64| Chirp { frequency: *frequency, work: AtomicU64::new(0) };
        for threads in [1, 3] {
            let mut curves: Vec<Chirp> = frequencies.iter().map(chirp).collect();
            let options = SamplingOptions { threads, steps: 1000, ..fine() };
            let together = sample_together([0.0, 1.0], &[0.5], options, &mut curves);
            for (frequency, curve) in frequencies.iter().zip(together) {
                let one_by_one = |t: f64| (t, libm::sin(*frequency * t * t));
                assert_eq!(curve.samples, sample([0.0, 1.0], &[0.5], options, &mut { one_by_one }));
            }
        }
    }

    #[test]
    fn straight_lines_need_only_the_initial_grid() {
        assert_eq!(sample([0.0, 1.0], &[], fine(), &mut |t: f64| (t, 2.0 * t)).len(), 65);
    }

    #[test]
    fn every_stop_gets_a_sample_in_either_direction() {
        let stops = [0.1, 0.123_456, 0.9];
        for span in [[0.0, 1.0], [1.0, 0.0]] {
            let samples = sample(span, &stops, fine(), &mut |t: f64| (t, libm::exp(t)));
            assert!(stops.iter().all(|stop| samples.iter().any(|s| s.parameter == *stop)));
            let is_ascending = span[0] < span[1];
            assert!(samples.windows(2).all(
                |w| (w[0].parameter < w[1].parameter) == is_ascending && w[0].parameter != w[1].parameter
            ));
        }
    }

    #[test]
    fn breaks_are_located_to_a_fraction_of_a_pixel() {
        let edge = 0.4321;
        let samples = sample([0.0, 1.0], &[], fine(), &mut |t: f64| (t, (t - edge).sqrt()));
        let first = samples.iter().find(|s| s.is_finite()).expect("half of the curve is finite");
        assert!(first.parameter - edge < 1e-7 && first.y * 100.0 < 0.1);
    }

    #[test]
    fn poles_break_the_curve() {
        let samples = sample([-1.0, 1.0], &[], fine(), &mut |t: f64| (t, 1.0 / (t - 0.003)));
        assert!(samples.iter().any(|s| !s.is_finite()));
    }

    #[test]
    fn initial_steps_are_even_on_a_logarithmic_axis() {
        let samples = sample([1e-3, 1e3], &[], fine_log(), &mut |t: f64| (t, 1.0));
        let gaps = samples.windows(2).map(|pair| pair[1].pixel.x - pair[0].pixel.x);
        assert!(samples.len() == 65 && gaps.clone().all(|gap| (gap - 300.0 / 64.0).abs() < 1e-9));
    }

    #[test]
    fn chords_stay_close_to_their_curve_on_logarithmic_axes() {
        let resonance = |w: f64| (w, 1.0 / libm::hypot(1.0 - w * w, 0.02 * w));
        let samples = sample([0.01, 100.0], &[], fine_log(), &mut { resonance });
        let worst = (0..40_000)
            .map(|i| libm::pow(10.0, f64::from(i) * 1e-4 - 2.0))
            .map(|w| distance_from_polyline(&samples, &fine_log().viewport, w, resonance(w)))
            .fold(0.0, f64::max);
        assert!(worst < 0.1, "{worst}");
    }

    #[test]
    fn curves_break_where_a_logarithmic_axis_cannot_show_them() {
        let samples = sample([0.0, 10.0], &[], fine_log(), &mut |t: f64| (t, t - 2.0));
        let first = samples.iter().find(|s| s.is_finite()).expect("most of the curve is positive");
        assert!(!samples[0].is_finite() && (first.parameter - 2.0).abs() < 1e-6, "{first:?}");
    }
}
