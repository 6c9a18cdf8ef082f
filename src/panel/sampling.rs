//! Adaptive sampling of curves: the chord between two samples departs from the curve by no more than a
//! fraction of a pixel, the curve is broken where it is undefined, and required parameters get a sample.
//!
//! A curve is sampled on an initial grid of even steps, and each step is halved until its chord is flat.
//! Steps whose chord is known to be flat from a bound on the second derivative are not probed.

use crate::geometry::Point;
use crate::panel::axis::AxisSteps;
use crate::panel::param_curve::ParamCurve;
use crate::panel::viewport::Viewport;
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
    /// Whether it is a point, not a break.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }

    pub(super) fn break_at(parameter: f64) -> Self {
        Self { parameter, x: f64::NAN, y: f64::NAN, pixel: Point::default() }
    }

    /// The distance to another point in device pixels.
    fn distance(self, other: Self) -> f64 {
        libm::hypot(other.pixel.x - self.pixel.x, other.pixel.y - self.pixel.y)
    }
}

/// How finely to sample a curve.
#[derive(Clone, Copy, Debug)]
pub struct SamplingOptions {
    /// Where the curve is drawn.
    pub viewport: Viewport,
    /// The number of steps of the initial grid.
    pub steps: usize,
    /// The scale on which those steps are even.
    pub scale: Scale,
}

/// The largest distance of a chord from its curve, in device pixels. The documented limit is 0.1; the rest of
/// it is left for the grid that plotters draws on.
const TOLERANCE: f64 = 0.05;
/// The most halvings of one step, which divide it into two million parts.
const MAX_HALVINGS: u32 = 21;
/// A curve that needs more samples than this is noise at the size of the plot, and is not refined further.
const MAX_SAMPLES: usize = 1 << 20;
/// The number of steps of the initial grid that are evaluated together.
const BATCH_STEPS: usize = 128;
/// The shortest run of steps that is bisected in the search for a bound on the second derivative.
const MIN_BISECTED_STEPS: usize = 16;
/// The most failed attempts to find such a bound on one curve.
const MAX_FAILED_BOUNDS: usize = 40;
/// A step that is still this many device pixels long after all halvings crosses a pole or a jump.
const MIN_JUMP: f64 = 64.0;

/// Samples `curve` from the first to the last parameter of `span`, in the direction of the span.
///
/// `stops` are parameters that get a sample if they lie in the span. A sample that is not finite marks a
/// break: the curve is undefined there, or a logarithmic axis cannot show it.
pub fn sample(
    span: [f64; 2],
    stops: &[f64],
    options: SamplingOptions,
    curve: &mut impl ParamCurve,
) -> Vec<Sample> {
    let grid = initial_grid(span, stops, options);
    let flat = find_flat_steps(&grid, options, curve);
    let mut sampler = PrefetchingSampler::new(curve, options.viewport);
    let mut samples = Vec::with_capacity(grid.len() * 2);
    let mut last = sampler.sample(grid[0]);
    samples.push(last);
    for first in (1..grid.len()).step_by(BATCH_STEPS) {
        let end = grid.len().min(first + BATCH_STEPS);
        sampler.prefetch(&grid[first - 1..end], &flat[first - 1..end - 1]);
        for k in first..end {
            let next = sampler.sample(grid[k]);
            if !flat[k - 1] {
                refine(&mut samples, last, next, MAX_HALVINGS, &mut |parameter| sampler.sample(parameter));
            }
            samples.push(next);
            last = next;
        }
    }
    samples
}

/// Samples `curve` at the given parameters alone. A sample that is not finite marks a break.
pub(super) fn sample_at(parameters: &[f64], viewport: Viewport, curve: &mut impl ParamCurve) -> Vec<Sample> {
    let coordinates = curve.eval_many(parameters);
    let place = |(index, &parameter): (usize, &f64)| {
        let (x, y) = match &coordinates {
            Some(coordinates) => coordinates[index],
            None => curve.eval(parameter),
        };
        let pixel = viewport.point((x, y));
        let is_drawable = pixel.x.is_finite() && pixel.y.is_finite();
        if is_drawable { Sample { parameter, x, y, pixel } } else { Sample::break_at(parameter) }
    };
    parameters.iter().enumerate().map(place).collect()
}

/// For each step of the grid, whether a bound on the second derivative shows that its chord is flat enough.
fn find_flat_steps(grid: &[f64], options: SamplingOptions, curve: &impl ParamCurve) -> Vec<bool> {
    let even: Vec<f64> = grid.iter().map(|parameter| options.scale.transform(*parameter)).collect();
    let mut flat = vec![false; grid.len().saturating_sub(1)];
    let mut pending = Vec::new();
    pending.push(0..flat.len());
    let mut failures = 0;
    while let Some(steps) = pending.pop().filter(|steps| !steps.is_empty() && failures < MAX_FAILED_BOUNDS) {
        let lengths = even[steps.start..=steps.end].windows(2).map(|pair| (pair[1] - pair[0]).abs());
        let longest = lengths.fold(0.0, f64::max);
        let between = [grid[steps.start], grid[steps.end]];
        let bound = curve.second_derivative_bound(&options.viewport, options.scale, between);
        // A chord over a step h is no farther from its curve than h²/8 times the largest second derivative.
        if bound.is_some_and(|bound| bound * longest * longest / 8.0 <= TOLERANCE / 2.0) {
            flat[steps].fill(true);
        } else if steps.len() > MIN_BISECTED_STEPS {
            failures += 1;
            let middle = steps.start + steps.len() / 2;
            pending.extend([middle..steps.end, steps.start..middle]);
        }
    }
    flat
}

/// Evaluates a curve, many parameters at once where it is known which ones will be needed.
struct PrefetchingSampler<'c, C> {
    curve: &'c mut C,
    viewport: Viewport,
    /// Prefetched parameters, in the order in which they will be needed.
    parameters: Vec<f64>,
    /// Their coordinates; empty if the curve cannot evaluate many parameters at once.
    coordinates: Vec<(f64, f64)>,
    /// The index of the next prefetched parameter.
    next: usize,
}

impl<'c, C: ParamCurve> PrefetchingSampler<'c, C> {
    fn new(curve: &'c mut C, viewport: Viewport) -> Self {
        Self { curve, viewport, parameters: Vec::new(), coordinates: Vec::new(), next: 0 }
    }

    /// Evaluates what sampling needs along steps of the grid: their ends, and probes between them where they
    /// are not known to be flat.
    fn prefetch(&mut self, grid: &[f64], flat: &[bool]) {
        self.parameters.clear();
        for (step, is_flat) in grid.windows(2).zip(flat) {
            self.parameters.push(step[1]);
            if !is_flat {
                self.parameters.extend(probes(step[0], step[1]));
            }
        }
        self.coordinates = self.curve.eval_many(&self.parameters).unwrap_or_default();
        self.next = 0;
    }

    fn sample(&mut self, parameter: f64) -> Sample {
        // Up to three probes of a step may have been skipped.
        let skipped = self.parameters[self.next..].iter().take(4).position(|known| *known == parameter);
        let prefetched = skipped.and_then(|skipped| {
            self.coordinates.get(self.next + skipped).map(|coordinates| (skipped, *coordinates))
        });
        let (x, y) = match prefetched {
            Some((skipped, coordinates)) => {
                self.next += skipped + 1;
                coordinates
            }
            None => self.curve.eval(parameter),
        };
        let pixel = self.viewport.point((x, y));
        let is_drawable = pixel.x.is_finite() && pixel.y.is_finite();
        if is_drawable { Sample { parameter, x, y, pixel } } else { Sample::break_at(parameter) }
    }
}

/// Even steps over the span and all stops in it, in the direction of the span, without repetition.
fn initial_grid([a, b]: [f64; 2], stops: &[f64], options: SamplingOptions) -> Vec<f64> {
    let SamplingOptions { viewport, steps, scale } = options;
    let count = steps.max(1);
    // On a logarithmic axis, the part of the span beyond the axis's low end is a single step.
    let steps = AxisSteps { span: scale.drawable_span([a, b], Some(viewport.x.baseline())), count, scale };
    let mut grid = Vec::with_capacity(count + 1);
    grid.push(a);
    if steps.span != [a, b] {
        grid.extend(steps.span);
    }
    grid.extend((1..count).map(|i| steps.at(i)));
    grid.extend(stops.iter().copied().filter(|stop| *stop >= a.min(b) && *stop <= a.max(b)));
    grid.push(b);
    // The stable sort is linear on what is sorted already, which a grid without stops is.
    grid.sort_by(f64::total_cmp);
    grid.dedup();
    if b < a {
        grid.reverse();
    }
    grid
}

/// Pushes the samples that are needed between two neighboring ones.
fn refine(
    samples: &mut Vec<Sample>,
    from: Sample,
    to: Sample,
    halvings: u32,
    sample: &mut impl FnMut(f64) -> Sample,
) {
    let [middle_parameter, others @ ..] = probes(from.parameter, to.parameter);
    let is_exhausted = halvings == 0
        || samples.len() > MAX_SAMPLES
        || middle_parameter == from.parameter
        || middle_parameter == to.parameter;
    match (from.is_finite(), to.is_finite()) {
        (false, false) => {}
        (true, true) if is_exhausted => {
            if from.distance(to) > MIN_JUMP {
                samples.push(Sample::break_at(middle_parameter));
            }
        }
        _ if is_exhausted => {}
        (true, true) => {
            let middle = sample(middle_parameter);
            let is_flat = distance_from_chord(from, to, middle) <= TOLERANCE
                && others.into_iter().all(|other| distance_from_chord(from, to, sample(other)) <= TOLERANCE);
            if !is_flat {
                refine(samples, from, middle, halvings - 1, sample);
                samples.push(middle);
                refine(samples, middle, to, halvings - 1, sample);
            }
        }
        // One end is a break: halving closes in on the curve's end between them.
        (true, false) | (false, true) => {
            let middle = sample(middle_parameter);
            refine(samples, from, middle, halvings - 1, sample);
            samples.push(middle);
            refine(samples, middle, to, halvings - 1, sample);
        }
    }
}

/// The parameters at which a step's chord is compared with the curve, the middle first. The other two are off
/// the middle, where a curve that bends both ways would cross its chord.
fn probes(from: f64, to: f64) -> [f64; 3] {
    let length = to - from;
    [from + length / 2.0, from + length * 0.25, from + length * 0.7]
}

/// The distance of a sample from the chord between two others, in device pixels; infinite for a break.
fn distance_from_chord(a: Sample, b: Sample, sample: Sample) -> f64 {
    if !sample.is_finite() {
        return f64::INFINITY;
    }
    let (a, b, point) = (a.pixel, b.pixel, sample.pixel);
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (px, py) = (point.x - a.x, point.y - a.y);
    let length_squared = dx * dx + dy * dy;
    if length_squared == 0.0 {
        return libm::hypot(px, py);
    }
    let along = ((px * dx + py * dy) / length_squared).clamp(0.0, 1.0);
    libm::hypot(px - along * dx, py - along * dy)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::geometry::PixelRect;

    /// Options for a linear plot from 0 to 1, at 100 device pixels per unit.
    pub(in crate::panel) fn fine() -> SamplingOptions {
        let viewport = Viewport::new(PixelRect::from_size(100, 100), [0.0, 1.0], [0.0, 1.0]);
        SamplingOptions { viewport, steps: 64, scale: Scale::Linear }
    }

    /// Options for a logarithmic plot from 0.1 to 10, at 50 device pixels per decade.
    fn fine_log() -> SamplingOptions {
        let viewport = Viewport::new(PixelRect::from_size(100, 100), [0.1, 10.0], [0.1, 10.0]);
        SamplingOptions { viewport: viewport.with_scales([Scale::Log; 2]), steps: 64, scale: Scale::Log }
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

        fn second_derivative_bound(&self, _: &Viewport, _: Scale, _: [f64; 2]) -> Option<f64> {
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
