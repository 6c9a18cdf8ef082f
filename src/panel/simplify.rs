//! Chords: how far a curve distance_from_chord from one, and which samples a line of chords can do without.

use crate::geometry::Point;
use crate::panel::sampling::Sample;

/// How far `middle` lies from the chord, in device pixels; infinite where it is a break.
pub(super) fn distance_from_chord(a: Sample, b: Sample, middle: Sample) -> f64 {
    if !middle.is_finite() {
        return f64::INFINITY;
    }
    let (a, b, middle) = (a.pixel, b.pixel, middle.pixel);
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (mx, my) = (middle.x - a.x, middle.y - a.y);
    let length_squared = dx * dx + dy * dy;
    if length_squared == 0.0 {
        return libm::hypot(mx, my);
    }
    let along = ((mx * dx + my * dy) / length_squared).clamp(0.0, 1.0);
    libm::hypot(mx - along * dx, my - along * dy)
}

/// The samples without those that a line can do without: what is left out lies within a two-hundredth of a pixel
/// of the chord that is drawn instead. Ends, breaks and stops stay.
///
/// A chord goes on as long as one direction passes near enough to every point since its beginning, and
/// the points move away from there.
#[must_use]
pub(super) fn simplify(samples: &[Sample], stops: &[f64]) -> Vec<Sample> {
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
        let goes_on =
            sample.is_finite() && follows && cone.as_mut().is_some_and(|cone| cone.narrow(sample.pixel));
        if !goes_on {
            // The chord ends at the sample before, and the next one begins there.
            kept.extend(before.filter(|before| kept.last().is_some_and(|last| last.at != before.at)));
            let begun = before.filter(Sample::is_finite).map(|before| Cone::new(before.pixel));
            cone = begun.and_then(|mut cone| cone.narrow(sample.pixel).then_some(cone));
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

    /// Narrows it to directions that also pass near `to`. Whether there are any, and the points do not turn back; if not,
    /// the cone is of no further use.
    fn narrow(&mut self, to: Point) -> bool {
        let (dx, dy) = (to.x - self.from.x, to.y - self.from.y);
        let axis = match self.axis {
            Some(axis) => axis,
            None => match libm::hypot(dx, dy) {
                length if length > NEAR => Point::new(dx / length, dy / length),
                _ => return true,
            },
        };
        let along = dx * axis.x + dy * axis.y;
        let aside = dy * axis.x - dx * axis.y;
        if along < self.along {
            return false;
        }
        let slope = aside / along;
        self.axis = Some(axis);
        self.along = along;
        self.low = self.low.max((aside - NEAR) / along);
        self.high = self.high.min((aside + NEAR) / along);
        self.low <= slope && slope <= self.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::sampling::tests::{fine, off_chain};
    use crate::panel::sampling::{SamplingOptions, sample};

    #[test]
    fn what_is_left_out_lies_on_the_line() {
        for frequency in [0.0, 0.3, 3.0, 40.0] {
            let curve = |t: f64| (t, libm::sin(frequency * t * t));
            let stops = [0.777, 2.5];
            let samples =
                sample([0.0, 3.0], &stops, SamplingOptions { steps: 600, ..fine() }, &mut { curve });
            let thin = simplify(&samples, &stops);
            let most = if frequency == 0.0 { 2 + stops.len() } else { samples.len() };
            assert!(thin.len() <= most, "{} of {}", thin.len(), samples.len());
            assert_eq!((thin.first(), thin.last()), (samples.first(), samples.last()));
            assert!(stops.iter().all(|stop| thin.iter().any(|sample| sample.at == *stop)));
            let worst = samples
                .iter()
                .map(|s| off_chain(&thin, &fine().viewport, s.at, (s.x, s.y)))
                .fold(0.0, f64::max);
            assert!(worst <= NEAR + 1e-9, "{frequency}: {worst}");
        }
    }

    #[test]
    fn breaks_and_turns_are_not_left_out() {
        let samples = sample([0.0, 4.0], &[], fine(), &mut |t: f64| {
            // To and fro along a line, and a hole.
            (if (1.5..1.7).contains(&t) { f64::NAN } else { 2.0 - (t - 2.0).abs() }, 0.0)
        });
        let thin = simplify(&samples, &[]);
        assert!(thin.len() < 20, "{}", thin.len());
        let holes =
            |samples: &[Sample]| samples.windows(2).filter(|w| w[0].is_finite() && !w[1].is_finite()).count();
        assert_eq!(holes(&thin), holes(&samples));
        let farthest = thin.iter().filter(|s| s.is_finite()).map(|s| s.x).fold(0.0, f64::max);
        assert_eq!(farthest, 2.0);
    }
}
