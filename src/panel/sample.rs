//! Curves from signals: sampled so finely that no chord strays visibly from the curve, broken
//! where the signal has no place on its axes, and with a point at every value that a frame will need.

use crate::geometry::Point;
use crate::panel::axis::Steps;
use crate::panel::plate::Plate;
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
    place: Point,
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
pub struct Fineness {
    /// Where the curve is drawn.
    pub plate: Plate,
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
/// A jump that is still this many device pixels long after all halvings is a pole, not a slope.
const JUMP: f64 = 64.0;

/// Samples `curve` over `span` (first to last, either may be the greater), in the span's direction.
///
/// `stops` are values of the variable at which a sample must lie. A sample that is not finite marks
/// a break: where the curve is not finite, or has no place on a logarithmic axis.
pub fn sample(
    span: [f64; 2],
    stops: &[f64],
    fineness: Fineness,
    mut curve: impl FnMut(f64) -> (f64, f64),
) -> Vec<Sample> {
    let mut at = |value: f64| {
        let (x, y) = curve(value);
        let place = fineness.plate.point((x, y));
        let there = place.x.is_finite() && place.y.is_finite();
        if there { Sample { at: value, x, y, place } } else { broken(value) }
    };
    let grid = first_grid(span, stops, fineness);
    let mut samples = Vec::with_capacity(grid.len() * 2);
    let mut last = at(grid[0]);
    samples.push(last);
    for &value in &grid[1..] {
        let next = at(value);
        refine(&mut samples, last, next, MAX_HALVINGS, &mut at);
        samples.push(next);
        last = next;
    }
    samples
}

/// The samples without those that a line can do without: what is left out lies within a two-hundredth of a pixel
/// of the chord that is drawn instead. Ends, breaks and stops stay.
///
/// A chord goes on as long as one direction passes near enough to every point since its beginning, and
/// the points move away from there.
#[must_use]
pub fn thinned(samples: &[Sample], stops: &[f64]) -> Vec<Sample> {
    let mut stops = stops.to_vec();
    stops.sort_by(f64::total_cmp);
    let stays = |sample: &Sample| {
        !sample.is_finite() || stops.binary_search_by(|stop| stop.total_cmp(&sample.at)).is_ok()
    };
    let mut kept: Vec<Sample> = Vec::with_capacity(samples.len() / 2);
    let mut cone: Option<Cone> = None;
    for (index, &sample) in samples.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| samples[before]);
        let follows = before.is_some_and(|before| before.is_finite() && !stays(&before));
        let narrowed = cone.filter(|_| follows).and_then(|cone| cone.narrowed(sample.place));
        if narrowed.is_some() && sample.is_finite() {
            cone = narrowed;
        } else {
            // The chord ends at the sample before, and the next one begins there.
            kept.extend(before.filter(|before| kept.last().is_some_and(|last| last.at != before.at)));
            cone = before
                .filter(Sample::is_finite)
                .and_then(|from| Cone::new(from.place).narrowed(sample.place));
        }
        if index == 0 {
            kept.push(sample);
        }
    }
    kept.extend(samples.last().filter(|last| kept.last().is_some_and(|kept| kept.at != last.at)));
    kept
}

/// How far a line may pass by a sample that is left out, in device pixels.
const NEAR: f64 = 0.005;

/// The directions in which a chord from a point passes near all points that it has been narrowed to.
#[derive(Clone, Copy, Debug)]
struct Cone {
    from: Point,
    /// Slopes to either side of the first direction, as the tangents of angles.
    low: f64,
    high: f64,
    /// The first direction; none before the first point.
    axis: Option<Point>,
    /// How far the last point was along it.
    along: f64,
}

impl Cone {
    fn new(from: Point) -> Self {
        Self { from, low: f64::NEG_INFINITY, high: f64::INFINITY, axis: None, along: 0.0 }
    }

    /// The cone that also passes near `to`; none if no direction does, or the points turn back.
    fn narrowed(self, to: Point) -> Option<Self> {
        let (dx, dy) = (to.x - self.from.x, to.y - self.from.y);
        let length = libm::hypot(dx, dy);
        let axis = match self.axis {
            Some(axis) => axis,
            None if length > NEAR => Point::new(dx / length, dy / length),
            None => return Some(self),
        };
        let along = dx * axis.x + dy * axis.y;
        let aside = dy * axis.x - dx * axis.y;
        if along < self.along {
            return None;
        }
        let slope = aside / along;
        let cone = Self {
            axis: Some(axis),
            along,
            low: self.low.max((aside - NEAR) / along),
            high: self.high.min((aside + NEAR) / along),
            ..self
        };
        (cone.low <= slope && slope <= cone.high).then_some(cone)
    }
}

/// A break.
fn broken(at: f64) -> Sample {
    Sample { at, x: f64::NAN, y: f64::NAN, place: Point::default() }
}

/// Equal steps over the span and all stops in it, in the span's direction, without repetition.
fn first_grid([a, b]: [f64; 2], stops: &[f64], Fineness { plate, steps, scale }: Fineness) -> Vec<f64> {
    let count = steps.max(1);
    // On a logarithmic axis what lies left of its low end is one step that nobody sees.
    let steps = Steps { span: scale.reach([a, b], Some(plate.x.zero())), count, scale };
    let mut grid: Vec<f64> = (1..count)
        .map(|i| steps.at(i))
        .chain([a, b])
        .chain(steps.span)
        .chain(stops.iter().copied().filter(|stop| *stop >= a.min(b) && *stop <= a.max(b)))
        .collect();
    grid.sort_by(f64::total_cmp);
    grid.dedup();
    if b < a {
        grid.reverse();
    }
    grid
}

/// Pushes what belongs between two neighbouring samples.
fn refine(
    samples: &mut Vec<Sample>,
    from: Sample,
    to: Sample,
    depth: u32,
    at: &mut impl FnMut(f64) -> Sample,
) {
    let middle_value = from.at + (to.at - from.at) / 2.0;
    let exhausted =
        depth == 0 || samples.len() > MAX_SAMPLES || middle_value == from.at || middle_value == to.at;
    match (from.is_finite(), to.is_finite()) {
        (false, false) => {}
        (true, true) if exhausted => {
            if distance(from, to) > JUMP {
                samples.push(broken(middle_value));
            }
        }
        _ if exhausted => {}
        (true, true) => {
            // Two probes off the middle as well: a curve that happens to cross its chord there
            // would otherwise pass for a line.
            let middle = at(middle_value);
            let straight = strays(from, to, middle) <= TOLERANCE
                && [0.25, 0.7]
                    .into_iter()
                    .all(|part| strays(from, to, at(from.at + (to.at - from.at) * part)) <= TOLERANCE);
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

fn distance(a: Sample, b: Sample) -> f64 {
    libm::hypot(b.place.x - a.place.x, b.place.y - a.place.y)
}

/// How far `middle` lies from the chord, in device pixels; infinite where it is a break.
fn strays(a: Sample, b: Sample, middle: Sample) -> f64 {
    if !middle.is_finite() {
        return f64::INFINITY;
    }
    let (a, b, middle) = (a.place, b.place, middle.place);
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (mx, my) = (middle.x - a.x, middle.y - a.y);
    let length_squared = dx * dx + dy * dy;
    if length_squared == 0.0 {
        return libm::hypot(mx, my);
    }
    let along = ((mx * dx + my * dy) / length_squared).clamp(0.0, 1.0);
    libm::hypot(mx - along * dx, my - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::PixelRect;

    /// 100 device pixels a unit, from 0 to 1.
    fn fine() -> Fineness {
        let plate = Plate::new(PixelRect::of_size(100, 100), [0.0, 1.0], [0.0, 1.0]);
        Fineness { plate, steps: 64, scale: Scale::Linear }
    }

    /// The same from 0.1 to 10 on logarithmic axes, 50 device pixels a decade.
    fn fine_log() -> Fineness {
        let plate = Plate::new(PixelRect::of_size(100, 100), [0.1, 10.0], [0.1, 10.0]);
        Fineness { plate: plate.scaled([Scale::Log; 2]), steps: 64, scale: Scale::Log }
    }

    /// The distance of a point from a chain of chords that runs over the variable.
    fn off_chain(samples: &[Sample], plate: &Plate, value: f64, (x, y): (f64, f64)) -> f64 {
        let i = samples.partition_point(|s| s.at <= value).clamp(1, samples.len() - 1);
        strays(samples[i - 1], samples[i], Sample { at: value, x, y, place: plate.point((x, y)) })
    }

    #[test]
    fn no_chord_strays_from_its_curve() {
        for frequency in [0.3, 3.0, 40.0] {
            let curve = |t: f64| (t, libm::sin(frequency * t * t));
            let samples = sample([0.0, 3.0], &[], fine(), curve);
            let worst = (0..30_000)
                .map(|i| f64::from(i) * 1e-4)
                .map(|t| off_chain(&samples, &fine().plate, t, curve(t)))
                .fold(0.0, f64::max);
            assert!(worst < 0.1, "{frequency}: {worst}");
        }
    }

    #[test]
    fn straight_lines_need_no_more_than_the_first_grid() {
        assert_eq!(sample([0.0, 1.0], &[], fine(), |t| (t, 2.0 * t)).len(), 65);
    }

    #[test]
    fn what_is_left_out_lies_on_the_line() {
        for frequency in [0.0, 0.3, 3.0, 40.0] {
            let curve = |t: f64| (t, libm::sin(frequency * t * t));
            let stops = [0.777, 2.5];
            let samples = sample([0.0, 3.0], &stops, Fineness { steps: 600, ..fine() }, curve);
            let thin = thinned(&samples, &stops);
            let most = if frequency == 0.0 { 2 + stops.len() } else { samples.len() };
            assert!(thin.len() <= most, "{} of {}", thin.len(), samples.len());
            assert_eq!((thin.first(), thin.last()), (samples.first(), samples.last()));
            assert!(stops.iter().all(|stop| thin.iter().any(|sample| sample.at == *stop)));
            let worst =
                samples.iter().map(|s| off_chain(&thin, &fine().plate, s.at, (s.x, s.y))).fold(0.0, f64::max);
            assert!(worst <= NEAR + 1e-9, "{frequency}: {worst}");
        }
    }

    #[test]
    fn breaks_and_turns_are_not_left_out() {
        let samples = sample([0.0, 4.0], &[], fine(), |t| {
            // To and fro along a line, and a hole.
            (if (1.5..1.7).contains(&t) { f64::NAN } else { 2.0 - (t - 2.0).abs() }, 0.0)
        });
        let thin = thinned(&samples, &[]);
        assert!(thin.len() < 20, "{}", thin.len());
        let holes =
            |samples: &[Sample]| samples.windows(2).filter(|w| w[0].is_finite() && !w[1].is_finite()).count();
        assert_eq!(holes(&thin), holes(&samples));
        let farthest = thin.iter().filter(|s| s.is_finite()).map(|s| s.x).fold(0.0, f64::max);
        assert_eq!(farthest, 2.0);
    }

    #[test]
    fn every_stop_has_its_sample_in_either_direction() {
        let stops = [0.1, 0.123_456, 0.9];
        for span in [[0.0, 1.0], [1.0, 0.0]] {
            let samples = sample(span, &stops, fine(), |t| (t, libm::exp(t)));
            assert!(stops.iter().all(|stop| samples.iter().any(|s| s.at == *stop)));
            let ascending = span[0] < span[1];
            assert!(samples.windows(2).all(|w| (w[0].at < w[1].at) == ascending && w[0].at != w[1].at));
        }
    }

    #[test]
    fn breaks_are_found_to_a_fraction_of_a_pixel() {
        let edge = 0.4321;
        let samples = sample([0.0, 1.0], &[], fine(), |t| (t, (t - edge).sqrt()));
        let first = samples.iter().find(|s| s.is_finite()).expect("half of it is finite");
        assert!(first.at - edge < 1e-7 && first.y * 100.0 < 0.1);
    }

    #[test]
    fn a_pole_breaks_the_curve() {
        let samples = sample([-1.0, 1.0], &[], fine(), |t| (t, 1.0 / (t - 0.003)));
        assert!(samples.iter().any(|s| !s.is_finite()));
    }

    #[test]
    fn steps_along_a_logarithmic_axis_are_even_there() {
        let samples = sample([1e-3, 1e3], &[], fine_log(), |t| (t, 1.0));
        let gaps = samples.windows(2).map(|pair| pair[1].place.x - pair[0].place.x);
        assert!(samples.len() == 65 && gaps.clone().all(|gap| (gap - 300.0 / 64.0).abs() < 1e-9));
    }

    #[test]
    fn no_chord_strays_on_logarithmic_axes() {
        let resonance = |w: f64| (w, 1.0 / libm::hypot(1.0 - w * w, 0.02 * w));
        let samples = sample([0.01, 100.0], &[], fine_log(), resonance);
        let worst = (0..40_000)
            .map(|i| libm::pow(10.0, f64::from(i) * 1e-4 - 2.0))
            .map(|w| off_chain(&samples, &fine_log().plate, w, resonance(w)))
            .fold(0.0, f64::max);
        assert!(worst < 0.1, "{worst}");
    }

    #[test]
    fn a_curve_breaks_where_its_logarithm_has_no_value() {
        let samples = sample([0.0, 10.0], &[], fine_log(), |t| (t, t - 2.0));
        let first = samples.iter().find(|s| s.is_finite()).expect("most of it is there");
        assert!(!samples[0].is_finite() && (first.at - 2.0).abs() < 1e-6, "{first:?}");
    }
}
