//! Curves from signals: sampled so finely that no chord distance_from_chord visibly from the curve, broken
//! where the signal has no place on its axes, and with a point at every value that a frame will need.

use crate::geometry::Point;
use crate::panel::axis::AxisSteps;
use crate::panel::param_curve::ParamCurve;
use crate::panel::simplify::distance_from_chord;
use crate::panel::viewport::Viewport;
use crate::scene::element::Scale;

/// A value on a curve, at one value of the variable that it runs over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The curve's variable.
    pub at: f64,
    /// Horizontal coordinate, in the units of the panel.
    pub x: f64,
    /// Vertical coordinate.
    pub y: f64,
    /// Where that is, in device pixels.
    pub(super) pixel: Point,
}

impl Sample {
    /// Whether it is a point, not a break.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

/// How finely to sample.
#[derive(Clone, Copy, Debug)]
pub struct SamplingOptions {
    /// Where the curve is drawn.
    pub viewport: Viewport,
    /// The longest step at the outset, as a number of equal steps over the span.
    pub steps: usize,
    /// On an axis of this scale the steps are equal.
    pub scale: Scale,
}

/// The greatest distance of a chord from its curve, in device pixels. The contract allows 0.1;
/// the grid that charts are drawn on takes a part of it.
const TOLERANCE: f64 = 0.05;
/// A step is halved at most this often: two million parts of the first step.
const MAX_HALVINGS: u32 = 21;
/// A curve that asks for more samples than this is noise at this scale; it is left as coarse as it is.
const MAX_SAMPLES: usize = 1 << 20;
/// So many steps of the first grid are read at once.
const BATCH_STEPS: usize = 128;
/// Of so few steps a bound on the bend is not looked for in parts.
const MIN_BISECTED_STEPS: usize = 16;
/// How often such a bound is looked for in vain on one curve.
const MAX_ATTEMPTS: usize = 40;
/// A jump that is still this many device pixels long after all halvings is a pole, not a slope.
const JUMP: f64 = 64.0;

/// Samples `curve` over `span` (first to last, either may be the greater), in the span's direction.
///
/// `stops` are values of the variable at which a sample must lie. A sample that is not finite marks
/// a break: where the curve is not finite, or has no place on a logarithmic axis.
pub fn sample(
    span: [f64; 2],
    stops: &[f64],
    options: SamplingOptions,
    curve: &mut impl ParamCurve,
) -> Vec<Sample> {
    let grid = initial_grid(span, stops, options);
    let straight = straight_steps(&grid, options, curve);
    let mut sampler = PrefetchingSampler {
        curve,
        viewport: options.viewport,
        values: Vec::new(),
        places: Vec::new(),
        next: 0,
    };
    let mut samples = Vec::with_capacity(grid.len() * 2);
    let mut last = sampler.sample(grid[0]);
    samples.push(last);
    for first in (1..grid.len()).step_by(BATCH_STEPS) {
        let end = grid.len().min(first + BATCH_STEPS);
        sampler.prefetch(&grid[first - 1..end], &straight[first - 1..end - 1]);
        for k in first..end {
            let next = sampler.sample(grid[k]);
            if !straight[k - 1] {
                refine(&mut samples, last, next, MAX_HALVINGS, &mut |value| sampler.sample(value));
            }
            samples.push(next);
            last = next;
        }
    }
    samples
}

/// For each step of the grid whether its chord is known to be as good as the curve, without a look at it.
fn straight_steps(grid: &[f64], options: SamplingOptions, curve: &impl ParamCurve) -> Vec<bool> {
    let even: Vec<f64> = grid.iter().map(|value| options.scale.even(*value)).collect();
    let mut straight = vec![false; grid.len().saturating_sub(1)];
    let mut waiting = Vec::new();
    waiting.push(0..straight.len());
    let mut attempts = 0;
    while let Some(steps) = waiting.pop().filter(|steps| !steps.is_empty() && attempts < MAX_ATTEMPTS) {
        let longest = even[steps.start..=steps.end].windows(2).map(|pair| (pair[1] - pair[0]).abs());
        let longest = longest.fold(0.0, f64::max);
        let bend = curve.second_derivative_bound(
            &options.viewport,
            options.scale,
            [grid[steps.start], grid[steps.end]],
        );
        // A chord of length h distance_from_chord from its curve by at most h²/8 times the greatest second derivative.
        if bend.is_some_and(|bend| bend * longest * longest / 8.0 <= TOLERANCE / 2.0) {
            straight[steps].fill(true);
        } else if steps.len() > MIN_BISECTED_STEPS {
            attempts += 1;
            let middle = steps.start + steps.len() / 2;
            waiting.extend([middle..steps.end, steps.start..middle]);
        }
    }
    straight
}

/// Reads a curve's coordinates, many at once where it knows which will be asked for.
struct PrefetchingSampler<'c, C> {
    curve: &'c mut C,
    viewport: Viewport,
    /// Values whose coordinates are known already, in the order in which they will be asked for.
    values: Vec<f64>,
    /// Their coordinates; none where each must be asked for alone.
    places: Vec<(f64, f64)>,
    next: usize,
}

impl<C: ParamCurve> PrefetchingSampler<'_, C> {
    /// Reads what will be asked for along steps of the grid: their ends, and probes where they are not `straight`.
    fn prefetch(&mut self, grid: &[f64], straight: &[bool]) {
        self.values.clear();
        for (step, straight) in grid.windows(2).zip(straight) {
            self.values.push(step[1]);
            if !straight {
                self.values.extend(probes(step[0], step[1]));
            }
        }
        self.places = self.curve.eval_many(&self.values).unwrap_or_default();
        self.next = 0;
    }

    fn sample(&mut self, value: f64) -> Sample {
        // Of a step's three probes some may be passed over.
        let ahead = self.values[self.next..].iter().take(4).position(|known| *known == value);
        let known = ahead.and_then(|skipped| {
            self.places.get(self.next + skipped).map(|coordinates| (skipped, *coordinates))
        });
        let (x, y) = match known {
            Some((skipped, coordinates)) => {
                self.next += skipped + 1;
                coordinates
            }
            None => self.curve.eval(value),
        };
        let pixel = self.viewport.point((x, y));
        let there = pixel.x.is_finite() && pixel.y.is_finite();
        if there { Sample { at: value, x, y, pixel } } else { break_at(value) }
    }
}

/// A break.
fn break_at(at: f64) -> Sample {
    Sample { at, x: f64::NAN, y: f64::NAN, pixel: Point::default() }
}

/// Equal steps over the span and all stops in it, in the span's direction, without repetition.
fn initial_grid(
    [a, b]: [f64; 2],
    stops: &[f64],
    SamplingOptions { viewport, steps, scale }: SamplingOptions,
) -> Vec<f64> {
    let count = steps.max(1);
    // On a logarithmic axis what lies left of its low end is one step that nobody sees.
    let steps = AxisSteps { span: scale.drawable_span([a, b], Some(viewport.x.zero())), count, scale };
    let mut grid = Vec::with_capacity(count + 1);
    grid.push(a);
    if steps.span != [a, b] {
        grid.extend(steps.span);
    }
    grid.extend((1..count).map(|i| steps.at(i)));
    grid.extend(stops.iter().copied().filter(|stop| *stop >= a.min(b) && *stop <= a.max(b)));
    grid.push(b);
    // Without stops it is in order already, which this kind of sorting makes use of.
    grid.sort_by(f64::total_cmp);
    grid.dedup();
    if b < a {
        grid.reverse();
    }
    grid
}

/// Pushes what belongs between two neighboring samples.
fn refine(
    samples: &mut Vec<Sample>,
    from: Sample,
    to: Sample,
    depth: u32,
    at: &mut impl FnMut(f64) -> Sample,
) {
    let [middle_value, ..] = probes(from.at, to.at);
    let exhausted =
        depth == 0 || samples.len() > MAX_SAMPLES || middle_value == from.at || middle_value == to.at;
    match (from.is_finite(), to.is_finite()) {
        (false, false) => {}
        (true, true) if exhausted => {
            if distance(from, to) > JUMP {
                samples.push(break_at(middle_value));
            }
        }
        _ if exhausted => {}
        (true, true) => {
            let [_, others @ ..] = probes(from.at, to.at);
            let middle = at(middle_value);
            let straight = distance_from_chord(from, to, middle) <= TOLERANCE
                && others.into_iter().all(|value| distance_from_chord(from, to, at(value)) <= TOLERANCE);
            if !straight {
                refine(samples, from, middle, depth - 1, at);
                samples.push(middle);
                refine(samples, middle, to, depth - 1, at);
            }
        }
        // One end is a break: close in on its edge from the finite side.
        (true, false) | (false, true) => {
            let middle = at(middle_value);
            refine(samples, from, middle, depth - 1, at);
            samples.push(middle);
            refine(samples, middle, to, depth - 1, at);
        }
    }
}

/// Where a curve between two values is looked at. Two probes lie off the middle: a curve that happens to cross
/// its chord there would otherwise pass for a line.
fn probes(from: f64, to: f64) -> [f64; 3] {
    let way = to - from;
    [from + way / 2.0, from + way * 0.25, from + way * 0.7]
}

fn distance(a: Sample, b: Sample) -> f64 {
    libm::hypot(b.pixel.x - a.pixel.x, b.pixel.y - a.pixel.y)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::geometry::PixelRect;

    /// 100 device pixels a unit, from 0 to 1.
    pub(in crate::panel) fn fine() -> SamplingOptions {
        let viewport = Viewport::new(PixelRect::from_size(100, 100), [0.0, 1.0], [0.0, 1.0]);
        SamplingOptions { viewport, steps: 64, scale: Scale::Linear }
    }

    /// The same from 0.1 to 10 on logarithmic axes, 50 device pixels a decade.
    fn fine_log() -> SamplingOptions {
        let viewport = Viewport::new(PixelRect::from_size(100, 100), [0.1, 10.0], [0.1, 10.0]);
        SamplingOptions { viewport: viewport.scaled([Scale::Log; 2]), steps: 64, scale: Scale::Log }
    }

    /// The distance of a point from a chain of chords that runs over the variable.
    pub(in crate::panel) fn off_chain(
        samples: &[Sample],
        viewport: &Viewport,
        value: f64,
        (x, y): (f64, f64),
    ) -> f64 {
        let i = samples.partition_point(|s| s.at <= value).clamp(1, samples.len() - 1);
        distance_from_chord(
            samples[i - 1],
            samples[i],
            Sample { at: value, x, y, pixel: viewport.point((x, y)) },
        )
    }

    #[test]
    fn no_chord_strays_from_its_curve() {
        for frequency in [0.3, 3.0, 40.0] {
            let curve = |t: f64| (t, libm::sin(frequency * t * t));
            let samples = sample([0.0, 3.0], &[], fine(), &mut { curve });
            let worst = (0..30_000)
                .map(|i| f64::from(i) * 1e-4)
                .map(|t| off_chain(&samples, &fine().viewport, t, curve(t)))
                .fold(0.0, f64::max);
            assert!(worst < 0.1, "{frequency}: {worst}");
        }
    }

    /// A parabola that counts how often it is looked at, and may know how much it bends.
    struct Parabola {
        looks: usize,
        bend: Option<f64>,
    }

    impl ParamCurve for Parabola {
        fn eval(&mut self, value: f64) -> (f64, f64) {
            self.looks += 1;
            (value, value * value)
        }

        fn second_derivative_bound(&self, _: &Viewport, _: Scale, _: [f64; 2]) -> Option<f64> {
            self.bend
        }
    }

    #[test]
    fn a_curve_that_is_known_to_be_straight_enough_is_not_probed() {
        // Of 200 device pixels a unit squared, and steps of 1/64, an eighth of the bend's part is 0.006 pixels.
        let [known, unknown, wild] = [Some(200.0), None, Some(2e6)].map(|bend| {
            let mut curve = Parabola { looks: 0, bend };
            let samples = sample([0.0, 1.0], &[0.3], fine(), &mut curve);
            (samples, curve.looks)
        });
        assert_eq!((known.1, unknown.1, wild.1), (66, 66 + 3 * 65, 66 + 3 * 65));
        assert_eq!(known.0, unknown.0);
        assert_eq!(known.0, wild.0);
    }

    #[test]
    fn straight_lines_need_no_more_than_the_first_grid() {
        assert_eq!(sample([0.0, 1.0], &[], fine(), &mut |t: f64| (t, 2.0 * t)).len(), 65);
    }

    #[test]
    fn every_stop_has_its_sample_in_either_direction() {
        let stops = [0.1, 0.123_456, 0.9];
        for span in [[0.0, 1.0], [1.0, 0.0]] {
            let samples = sample(span, &stops, fine(), &mut |t: f64| (t, libm::exp(t)));
            assert!(stops.iter().all(|stop| samples.iter().any(|s| s.at == *stop)));
            let ascending = span[0] < span[1];
            assert!(samples.windows(2).all(|w| (w[0].at < w[1].at) == ascending && w[0].at != w[1].at));
        }
    }

    #[test]
    fn breaks_are_found_to_a_fraction_of_a_pixel() {
        let edge = 0.4321;
        let samples = sample([0.0, 1.0], &[], fine(), &mut |t: f64| (t, (t - edge).sqrt()));
        let first = samples.iter().find(|s| s.is_finite()).expect("half of it is finite");
        assert!(first.at - edge < 1e-7 && first.y * 100.0 < 0.1);
    }

    #[test]
    fn a_pole_breaks_the_curve() {
        let samples = sample([-1.0, 1.0], &[], fine(), &mut |t: f64| (t, 1.0 / (t - 0.003)));
        assert!(samples.iter().any(|s| !s.is_finite()));
    }

    #[test]
    fn steps_along_a_logarithmic_axis_are_even_there() {
        let samples = sample([1e-3, 1e3], &[], fine_log(), &mut |t: f64| (t, 1.0));
        let gaps = samples.windows(2).map(|pair| pair[1].pixel.x - pair[0].pixel.x);
        assert!(samples.len() == 65 && gaps.clone().all(|gap| (gap - 300.0 / 64.0).abs() < 1e-9));
    }

    #[test]
    fn no_chord_strays_on_logarithmic_axes() {
        let resonance = |w: f64| (w, 1.0 / libm::hypot(1.0 - w * w, 0.02 * w));
        let samples = sample([0.01, 100.0], &[], fine_log(), &mut { resonance });
        let worst = (0..40_000)
            .map(|i| libm::pow(10.0, f64::from(i) * 1e-4 - 2.0))
            .map(|w| off_chain(&samples, &fine_log().viewport, w, resonance(w)))
            .fold(0.0, f64::max);
        assert!(worst < 0.1, "{worst}");
    }

    #[test]
    fn a_curve_breaks_where_its_logarithm_has_no_value() {
        let samples = sample([0.0, 10.0], &[], fine_log(), &mut |t: f64| (t, t - 2.0));
        let first = samples.iter().find(|s| s.is_finite()).expect("most of it is there");
        assert!(!samples[0].is_finite() && (first.at - 2.0).abs() < 1e-6, "{first:?}");
    }
}
