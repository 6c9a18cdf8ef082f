//! Steps that a curve fills. Where a curve swings back and forth many times within a fraction of a pixel, its line covers all
//! between its extremes, and no halving tells more.
//!
//! As the peak detection of an oscilloscope does, probes spread over the step find the extremes. They are jittered, so that no
//! period of the curve meets them all at one phase. Whether and how a step is filled depends on the curve and the step alone.

use crate::geometry::Point;
use crate::panel::param_curve::ParamCurve;
use crate::panel::sampling::Sample;
use crate::panel::viewport::Viewport;

/// The number of probes of a step.
const PROBES: u32 = 128;
/// The most swings along a step that are drawn one by one.
const MAX_SWINGS: usize = 8;
/// The least size of a swing, in device pixels.
const MIN_SWING: f64 = 0.5;
/// A step with less than this between its ends may be filled, in device pixels.
const THIN: f64 = 0.75;
/// A step in which the curve reaches farther than this to either side is too wide to be filled, in device pixels.
const MAX_THICKNESS: f64 = 1.0;

/// How densely a curve covers a step.
pub(super) enum Density {
    /// It fills the area between its extremes, which are in the order of their parameters.
    Filled([Sample; 2]),
    /// It does not.
    Sparse,
    /// It reaches far in both directions. Parts of the step may be filled.
    Wide,
}

/// Whether the ends of a step are so close to each other, along an axis, that a curve may fill it.
pub(super) fn is_thin(from: Point, to: Point) -> bool {
    (to.x - from.x).abs() < THIN || (to.y - from.y).abs() < THIN
}

/// Probes a step between two parameters.
pub(super) fn find_density(curve: &mut impl ParamCurve, viewport: &Viewport, step: [f64; 2]) -> Density {
    let parameters = jittered(step);
    let mut probes = Sample::at_each(&parameters, &curve.eval_all(&parameters), viewport);
    probes.retain(Sample::is_finite);
    let (x, y) = (|probe: &Sample| probe.pixel.x, |probe: &Sample| probe.pixel.y);
    match (Extremes::of(&probes, x), Extremes::of(&probes, y)) {
        (Some(across), Some(up)) if across.size() <= MAX_THICKNESS => up.density(&probes, y),
        (Some(across), Some(up)) if up.size() <= MAX_THICKNESS => across.density(&probes, x),
        (Some(_), Some(_)) => Density::Wide,
        _ => Density::Sparse,
    }
}

/// Parameters spread over a step, one at a random place in each of as many equal parts.
fn jittered([from, to]: [f64; 2]) -> Vec<f64> {
    let at = |part: u32| {
        let share = (f64::from(part) + random(from.to_bits() ^ u64::from(part))) / f64::from(PROBES);
        from + (to - from) * share
    };
    (0..PROBES).map(at).collect()
}

/// A number from 0 to 1 that a seed determines, by the mixing function of `SplitMix64`.
fn random(seed: u64) -> f64 {
    let mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// The probes of the smallest and the largest pixel along an axis.
struct Extremes {
    low: (f64, Sample),
    high: (f64, Sample),
}

impl Extremes {
    fn of(probes: &[Sample], pixel: impl Fn(&Sample) -> f64) -> Option<Self> {
        let places = || probes.iter().map(|probe| (pixel(probe), *probe));
        let low = places().min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(Self { low, high: places().max_by(|a, b| a.0.total_cmp(&b.0))? })
    }

    fn size(&self) -> f64 {
        self.high.0 - self.low.0
    }

    /// The density of a step whose probes swing between these extremes.
    fn density(&self, probes: &[Sample], pixel: impl Fn(&Sample) -> f64) -> Density {
        if count_swings(probes.iter().map(pixel)) <= MAX_SWINGS {
            return Density::Sparse;
        }
        let (low, high) = (self.low.1, self.high.1);
        let is_low_first =
            probes.iter().position(|probe| *probe == low) < probes.iter().position(|probe| *probe == high);
        Density::Filled(if is_low_first { [low, high] } else { [high, low] })
    }
}

/// The number of times that a sequence turns round, by at least [`MIN_SWING`].
fn count_swings(mut pixels: impl Iterator<Item = f64>) -> usize {
    let Some(first) = pixels.next() else { return 0 };
    let (mut low, mut high) = (first, first);
    let (mut is_rising, mut count) = (None, 0);
    for pixel in pixels {
        (low, high) = (low.min(pixel), high.max(pixel));
        let turned = match is_rising {
            Some(true) => high - pixel >= MIN_SWING,
            Some(false) => pixel - low >= MIN_SWING,
            None => high - low >= MIN_SWING,
        };
        if turned {
            is_rising = Some(is_rising.map_or(pixel == high, |was_rising: bool| !was_rising));
            (low, high) = (pixel, pixel);
            count += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::sampling::{SampledCurve, sample_together, tests::fine};

    /// A curve that counts its evaluations.
    struct Counted<F> {
        curve: F,
        evaluations: usize,
    }

    impl<F: Fn(f64) -> (f64, f64)> ParamCurve for Counted<F> {
        fn eval(&mut self, parameter: f64) -> (f64, f64) {
            self.evaluations += 1;
            (self.curve)(parameter)
        }
    }

    /// The samples of a curve over 0 to 1 with two steps for each of 100 pixels, and the number of evaluations.
    fn sampled(curve: impl Fn(f64) -> (f64, f64) + Sync) -> (SampledCurve, usize) {
        let options = crate::panel::sampling::SamplingOptions { steps: 200, ..fine() };
        let mut counted = [Counted { curve, evaluations: 0 }];
        let samples = sample_together([0.0, 1.0], &[], options, &mut counted).remove(0);
        (samples, counted[0].evaluations)
    }

    /// The smallest and the largest y of the samples whose x is within some distance of a place.
    fn extent_near(samples: &[Sample], x: f64, reach: f64) -> [f64; 2] {
        let near = samples.iter().filter(|sample| (sample.x - x).abs() <= reach).map(|sample| sample.y);
        near.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], y| [low.min(y), high.max(y)])
    }

    #[test]
    fn a_filled_step_reaches_the_extremes_of_its_curve() {
        let envelope = |t: f64| 0.2 + 0.3 * t;
        for frequency in [1e5, 1e6, std::f64::consts::TAU * 200.0 * 128.0, 1e9] {
            let (curve, evaluations) = sampled(|t| (t, envelope(t) * libm::sin(frequency * t)));
            assert!(
                curve.is_mostly_filled() && curve.samples.len() < 1000,
                "{frequency}: {}",
                curve.samples.len()
            );
            assert!(evaluations < 300 * 200, "{frequency}: {evaluations}");
            for column in 1..99 {
                // A line of three pixels covers those around it.
                let x = f64::from(column) / 100.0;
                let [low, high] = extent_near(&curve.samples, x, 0.015);
                let expected = envelope(x);
                assert!((high - expected).abs() < 0.01 && (low + expected).abs() < 0.01, "{frequency}: {x}");
            }
            assert!(curve.samples.is_sorted_by(|a, b| a.parameter < b.parameter));
        }
    }

    #[test]
    fn noise_with_gaps_is_bounded() {
        let noise = |t: f64| {
            let value = 1e5 * libm::sin(1e4 * t);
            (t, if libm::sin(3e5 * t) > 0.0 { value - value.floor() } else { f64::NAN })
        };
        let (curve, evaluations) = sampled(noise);
        assert!(curve.samples.len() < 2000, "{}", curve.samples.len());
        assert!(evaluations < 1000 * 200, "{evaluations}");
    }

    #[test]
    fn a_curve_that_swings_along_x_is_filled_too() {
        let (curve, _) = sampled(|t| (0.5 + 0.5 * libm::cos(1e6 * t), t));
        assert!(curve.is_mostly_filled() && curve.samples.len() < 1000, "{}", curve.samples.len());
    }

    #[test]
    fn jumps_peaks_and_visible_swings_are_drawn_one_by_one() {
        let curves: [fn(f64) -> f64; 5] = [
            |t| (20.0 * t).floor(),
            |t| libm::exp(-1e8 * (t - 0.333) * (t - 0.333)),
            |t| 1.0 / (t - 0.7),
            |t| libm::sin(800.0 * t),
            |t| t * libm::sin(0.1 / (t + 0.01)),
        ];
        for (index, curve) in curves.into_iter().enumerate() {
            assert!(!sampled(|t| (t, curve(t))).0.fills_area(), "{index}");
        }
    }

    #[test]
    fn a_curve_that_fills_the_plot_in_turns_is_bounded_and_stays_on_its_track() {
        for speed in [4e4, 7.7e4, 1e6, 3e7] {
            let ring = |t: f64| (0.5 + 0.5 * libm::cos(speed * t), 0.5 + 0.5 * libm::sin(speed * t));
            let (curve, evaluations) = sampled(ring);
            assert!(curve.is_in_pieces && evaluations < 2_000_000, "{speed}: {evaluations}");
            assert!(curve.samples.iter().filter(|sample| sample.is_finite()).count() > 1000, "{speed}");
            let chords = curve.samples.windows(2).filter(|pair| pair.iter().all(Sample::is_finite));
            for pair in chords {
                let [x, y] = [f64::midpoint(pair[0].x, pair[1].x), f64::midpoint(pair[0].y, pair[1].y)];
                let radius = libm::hypot(x - 0.5, y - 0.5);
                assert!((radius - 0.5).abs() < 0.002, "{speed}: {radius}");
            }
        }
    }
}
