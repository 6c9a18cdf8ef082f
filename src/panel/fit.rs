//! Ranges that hold all that a film will ever draw: extents are gathered over every frame and every
//! curve, then widened by a margin. An axis fitted once never jumps.

/// The least and the greatest of the values seen; empty until the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    low: f64,
    high: f64,
}

impl Default for Extent {
    fn default() -> Self {
        Self { low: f64::INFINITY, high: f64::NEG_INFINITY }
    }
}

/// The margin on either side of a fitted range, as a part of it: matplotlib's.
const MARGIN: f64 = 0.05;

impl Extent {
    /// Takes in a value; one that is not finite is not seen.
    pub fn add(&mut self, value: f64) {
        if value.is_finite() {
            self.low = self.low.min(value);
            self.high = self.high.max(value);
        }
    }

    /// Takes in all that another has seen.
    pub fn merge(&mut self, other: Self) {
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
    }

    /// The least and the greatest of the values seen; none before the first.
    #[must_use]
    pub fn bounds(self) -> Option<[f64; 2]> {
        (self.low <= self.high).then_some([self.low, self.high])
    }

    /// The range without a margin; one unit around a single value, −1 to 1 around nothing.
    #[must_use]
    pub fn tight(self) -> [f64; 2] {
        if self.low > self.high {
            return [-1.0, 1.0];
        }
        if self.low == self.high {
            let half = (self.low.abs() * 0.5).max(0.5);
            return [self.low - half, self.high + half];
        }
        [self.low, self.high]
    }

    /// The range with matplotlib's margin of a twentieth at either end.
    #[must_use]
    pub fn with_margin(self) -> [f64; 2] {
        let [low, high] = self.tight();
        let margin = (high - low) * MARGIN;
        [low - margin, high + margin]
    }
}

/// The extent of a smooth function over a span, from `steps` equal steps, sharpened around the
/// greatest and the least of them by golden section so that a peak between two steps counts too.
pub fn extent_of([a, b]: [f64; 2], steps: usize, mut f: impl FnMut(f64) -> f64) -> Extent {
    let at = |i: usize| a + (b - a) * i as f64 / steps as f64;
    let values: Vec<f64> = (0..=steps).map(|i| f(at(i))).collect();
    let mut extent = Extent::default();
    for &value in &values {
        extent.add(value);
    }
    let finite = || values.iter().enumerate().filter(|(_, value)| value.is_finite());
    let peak = finite().max_by(|p, q| p.1.total_cmp(q.1)).map(|(i, _)| (i, 1.0));
    let trough = finite().min_by(|p, q| p.1.total_cmp(q.1)).map(|(i, _)| (i, -1.0));
    for (i, sign) in peak.into_iter().chain(trough) {
        let bracket = [at(i.saturating_sub(1)), at((i + 1).min(steps))];
        extent.add(sign * golden_maximum(bracket, |s| sign * f(s)));
    }
    extent
}

/// The maximum of a function with one peak in the bracket, by golden section.
fn golden_maximum([mut a, mut b]: [f64; 2], mut f: impl FnMut(f64) -> f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (mut p, mut q) = (b - (b - a) * GOLDEN, a + (b - a) * GOLDEN);
    let (mut at_p, mut at_q) = (f(p), f(q));
    for _ in 0..40 {
        if at_p > at_q {
            (b, q, at_q) = (q, p, at_p);
            p = b - (b - a) * GOLDEN;
            at_p = f(p);
        } else {
            (a, p, at_p) = (p, q, at_q);
            q = a + (b - a) * GOLDEN;
            at_q = f(q);
        }
    }
    at_p.max(at_q)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_between_two_steps_is_found() {
        let [low, high] = extent_of([0.0, 10.0], 37, |t| 3.0 * libm::sin(t + 0.123)).tight();
        assert!((high - 3.0).abs() < 1e-12 && (low + 3.0).abs() < 1e-12);
    }

    #[test]
    fn degenerate_extents_have_a_range() {
        assert_eq!(Extent::default().tight(), [-1.0, 1.0]);
        let mut one = Extent::default();
        one.add(f64::NAN);
        one.add(4.0);
        assert_eq!(one.tight(), [2.0, 6.0]);
        assert_eq!(extent_of([0.0, 1.0], 8, |_| f64::NAN), Extent::default());
    }

    #[test]
    fn margins_are_a_twentieth() {
        let mut extent = Extent::default();
        extent.add(0.0);
        extent.add(20.0);
        assert_eq!(extent.with_margin(), [-1.0, 21.0]);
    }
}
