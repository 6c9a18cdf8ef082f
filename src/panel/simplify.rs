//! Polyline simplification: leaves out samples that lie on the line between the samples around them.

use crate::geometry::Point;
use crate::panel::sampling::Sample;

/// The largest distance of an omitted sample from the line drawn instead, in device pixels.
const TOLERANCE: f64 = 0.005;

/// The samples without those that lie within a two-hundredth of a pixel of the chord between the remaining
/// ones. The ends, breaks and samples at `stops` always remain.
///
/// A chord is extended, sample by sample, as long as one direction from its start passes close enough to
/// every sample on the way and the samples do not turn back.
#[must_use]
pub(super) fn simplify(samples: &[Sample], stops: &[f64]) -> Vec<Sample> {
    let mut stops = stops.to_vec();
    stops.sort_by(f64::total_cmp);
    let is_stop = |at: f64| stops.binary_search_by(|stop| stop.total_cmp(&at)).is_ok();
    let mut kept: Vec<Sample> = Vec::with_capacity(samples.len() / 2);
    kept.extend(samples.first());
    let mut cone: Option<Cone> = None;
    // Whether the sample before a sample is a point, and whether it may be omitted.
    let (mut before_is_finite, mut may_omit_before) = (false, false);
    for (index, sample) in samples.iter().enumerate() {
        let is_finite = sample.is_finite();
        let extends_chord =
            is_finite && may_omit_before && cone.as_mut().is_some_and(|cone| cone.narrow(sample.pixel));
        if !extends_chord {
            // The chord ends at the sample before, where the next one starts.
            let before = index.checked_sub(1).map(|before| &samples[before]);
            kept.extend(
                before.filter(|before| kept.last().is_some_and(|last| last.parameter != before.parameter)),
            );
            let started = before.filter(|_| before_is_finite).map(|before| Cone::new(before.pixel));
            cone = started.and_then(|mut cone| cone.narrow(sample.pixel).then_some(cone));
        }
        (before_is_finite, may_omit_before) = (is_finite, is_finite && !is_stop(sample.parameter));
    }
    kept.extend(
        samples.last().filter(|last| kept.last().is_some_and(|kept| kept.parameter != last.parameter)),
    );
    kept
}

/// The directions in which a chord passes close to all points that the cone was narrowed to.
#[derive(Clone, Copy, Debug)]
struct Cone {
    apex: Point,
    /// The limits of the direction, as tangents of its angle from `axis`.
    low: f64,
    high: f64,
    /// The unit vector to the first point far enough from the apex; `None` before it.
    axis: Option<Point>,
    /// The distance of the last point from the apex along the axis.
    along: f64,
}

impl Cone {
    fn new(apex: Point) -> Self {
        Self { apex, low: f64::NEG_INFINITY, high: f64::INFINITY, axis: None, along: 0.0 }
    }

    /// Narrows the cone to directions that also pass close to `to`. Returns false if `to` is outside of the
    /// cone or lies behind the last point; the cone must not be used after that.
    fn narrow(&mut self, to: Point) -> bool {
        let (dx, dy) = (to.x - self.apex.x, to.y - self.apex.y);
        let axis = match self.axis {
            Some(axis) => axis,
            None => match libm::hypot(dx, dy) {
                length if length > TOLERANCE => Point::new(dx / length, dy / length),
                _ => return true,
            },
        };
        let along = dx * axis.x + dy * axis.y;
        let across = dy * axis.x - dx * axis.y;
        if along < self.along {
            return false;
        }
        let slope = across / along;
        self.axis = Some(axis);
        self.along = along;
        self.low = self.low.max((across - TOLERANCE) / along);
        self.high = self.high.min((across + TOLERANCE) / along);
        self.low <= slope && slope <= self.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::sampling::SamplingOptions;
    use crate::panel::sampling::tests::{distance_from_polyline, fine, sample};

    #[test]
    fn omitted_samples_lie_on_the_line() {
        for frequency in [0.0, 0.3, 3.0, 40.0] {
            let curve = |t: f64| (t, libm::sin(frequency * t * t));
            let stops = [0.777, 2.5];
            let samples =
                sample([0.0, 3.0], &stops, SamplingOptions { steps: 600, ..fine() }, &mut { curve });
            let simplified = simplify(&samples, &stops);
            let max_len = if frequency == 0.0 { 2 + stops.len() } else { samples.len() };
            assert!(simplified.len() <= max_len, "{} of {}", simplified.len(), samples.len());
            assert_eq!((simplified.first(), simplified.last()), (samples.first(), samples.last()));
            assert!(stops.iter().all(|stop| simplified.iter().any(|sample| sample.parameter == *stop)));
            let worst = samples
                .iter()
                .map(|s| distance_from_polyline(&simplified, &fine().viewport, s.parameter, (s.x, s.y)))
                .fold(0.0, f64::max);
            assert!(worst <= TOLERANCE + 1e-9, "{frequency}: {worst}");
        }
    }

    #[test]
    fn breaks_and_reversals_are_kept() {
        let samples = sample([0.0, 4.0], &[], fine(), &mut |t: f64| {
            // Forth and back along a line, with a gap.
            (if (1.5..1.7).contains(&t) { f64::NAN } else { 2.0 - (t - 2.0).abs() }, 0.0)
        });
        let simplified = simplify(&samples, &[]);
        assert!(simplified.len() < 20, "{}", simplified.len());
        let gaps =
            |samples: &[Sample]| samples.windows(2).filter(|w| w[0].is_finite() && !w[1].is_finite()).count();
        assert_eq!(gaps(&simplified), gaps(&samples));
        let farthest = simplified.iter().filter(|s| s.is_finite()).map(|s| s.x).fold(0.0, f64::max);
        assert_eq!(farthest, 2.0);
    }
}
