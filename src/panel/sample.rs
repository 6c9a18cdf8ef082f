//! Curves from signals: sampled so finely that no chord strays visibly from the curve, broken
//! where the signal is not finite, and with a point at every value that a frame will need.

/// A value on a curve, at one value of the variable that it runs over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The curve's variable.
    pub at: f64,
    /// Horizontal coordinate, in the units of the panel.
    pub x: f64,
    /// Vertical coordinate.
    pub y: f64,
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
    /// Device pixels per unit, horizontally and vertically.
    pub pixels_per_unit: [f64; 2],
    /// The longest step at the outset, as a number of equal steps over the span.
    pub steps: usize,
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
/// a break.
pub fn sample(
    span: [f64; 2],
    stops: &[f64],
    fineness: Fineness,
    mut curve: impl FnMut(f64) -> (f64, f64),
) -> Vec<Sample> {
    let mut at = |value: f64| {
        let (x, y) = curve(value);
        Sample { at: value, x, y }
    };
    let grid = first_grid(span, stops, fineness.steps);
    let mut samples = Vec::with_capacity(grid.len() * 2);
    let mut last = at(grid[0]);
    samples.push(last);
    for &value in &grid[1..] {
        let next = at(value);
        refine(&mut samples, last, next, MAX_HALVINGS, fineness.pixels_per_unit, &mut at);
        samples.push(next);
        last = next;
    }
    samples
}

/// Equal steps over the span and all stops in it, in the span's direction, without repetition.
fn first_grid([a, b]: [f64; 2], stops: &[f64], steps: usize) -> Vec<f64> {
    let steps = steps.max(1);
    let mut grid: Vec<f64> = (0..=steps)
        .map(|i| if i == steps { b } else { a + (b - a) * i as f64 / steps as f64 })
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
    scale: [f64; 2],
    at: &mut impl FnMut(f64) -> Sample,
) {
    let middle_value = from.at + (to.at - from.at) / 2.0;
    let exhausted =
        depth == 0 || samples.len() > MAX_SAMPLES || middle_value == from.at || middle_value == to.at;
    match (from.is_finite(), to.is_finite()) {
        (false, false) => {}
        (true, true) if exhausted => {
            if distance(from, to, scale) > JUMP {
                samples.push(Sample { at: middle_value, x: f64::NAN, y: f64::NAN });
            }
        }
        _ if exhausted => {}
        (true, true) => {
            // Two probes off the middle as well: a curve that happens to cross its chord there
            // would otherwise pass for a line.
            let middle = at(middle_value);
            let straight = strays(from, to, middle, scale) <= TOLERANCE
                && [0.25, 0.7]
                    .into_iter()
                    .all(|part| strays(from, to, at(from.at + (to.at - from.at) * part), scale) <= TOLERANCE);
            if !straight {
                refine(samples, from, middle, depth - 1, scale, at);
                samples.push(middle);
                refine(samples, middle, to, depth - 1, scale, at);
            }
        }
        // One end is a break: close in on its edge from the finite side.
        (true, false) | (false, true) => {
            let middle = at(middle_value);
            refine(samples, from, middle, depth - 1, scale, at);
            samples.push(middle);
            refine(samples, middle, to, depth - 1, scale, at);
        }
    }
}

fn distance(a: Sample, b: Sample, [sx, sy]: [f64; 2]) -> f64 {
    libm::hypot((b.x - a.x) * sx, (b.y - a.y) * sy)
}

/// How far `middle` lies from the chord, in device pixels; infinite where it is a break.
fn strays(a: Sample, b: Sample, middle: Sample, scale: [f64; 2]) -> f64 {
    if !middle.is_finite() {
        return f64::INFINITY;
    }
    let [sx, sy] = scale;
    let (dx, dy) = ((b.x - a.x) * sx, (b.y - a.y) * sy);
    let (mx, my) = ((middle.x - a.x) * sx, (middle.y - a.y) * sy);
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

    const FINE: Fineness = Fineness { pixels_per_unit: [100.0, 100.0], steps: 64 };

    /// The distance of a point from a chain of chords that runs over the variable.
    fn off_chain(samples: &[Sample], value: f64, (x, y): (f64, f64)) -> f64 {
        let i = samples.partition_point(|s| s.at <= value).clamp(1, samples.len() - 1);
        strays(samples[i - 1], samples[i], Sample { at: value, x, y }, FINE.pixels_per_unit)
    }

    #[test]
    fn no_chord_strays_from_its_curve() {
        for frequency in [0.3, 3.0, 40.0] {
            let curve = |t: f64| (t, libm::sin(frequency * t * t));
            let samples = sample([0.0, 3.0], &[], FINE, curve);
            let worst = (0..30_000)
                .map(|i| f64::from(i) * 1e-4)
                .map(|t| off_chain(&samples, t, curve(t)))
                .fold(0.0, f64::max);
            assert!(worst < 0.1, "{frequency}: {worst}");
        }
    }

    #[test]
    fn straight_lines_need_no_more_than_the_first_grid() {
        assert_eq!(sample([0.0, 1.0], &[], FINE, |t| (t, 2.0 * t)).len(), 65);
    }

    #[test]
    fn every_stop_has_its_sample_in_either_direction() {
        let stops = [0.1, 0.123_456, 0.9];
        for span in [[0.0, 1.0], [1.0, 0.0]] {
            let samples = sample(span, &stops, FINE, |t| (t, libm::exp(t)));
            assert!(stops.iter().all(|stop| samples.iter().any(|s| s.at == *stop)));
            let ascending = span[0] < span[1];
            assert!(samples.windows(2).all(|w| (w[0].at < w[1].at) == ascending && w[0].at != w[1].at));
        }
    }

    #[test]
    fn breaks_are_found_to_a_fraction_of_a_pixel() {
        let edge = 0.4321;
        let samples = sample([0.0, 1.0], &[], FINE, |t| (t, (t - edge).sqrt()));
        let first = samples.iter().find(|s| s.is_finite()).expect("half of it is finite");
        assert!(first.at - edge < 1e-7 && first.y * FINE.pixels_per_unit[1] < 0.1);
    }

    #[test]
    fn a_pole_breaks_the_curve() {
        let samples = sample([-1.0, 1.0], &[], FINE, |t| (t, 1.0 / (t - 0.003)));
        assert!(samples.iter().any(|s| !s.is_finite()));
    }
}
