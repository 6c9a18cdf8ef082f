//! Where a logarithmic axis is divided and what stands there.
//!
//! Over more than about a decade the powers of ten are labeled, every one or every k-th of them, with
//! minor marks at 2 to 9, as matplotlib does. Within a decade, where there is hardly a power of ten, numbers
//! are: 1, 2 and 5 times one, or round ones.

use crate::panel::axis::Tick;
use crate::panel::ticks::{format_own_digits, needs_powers_of_ten, round_ticks};

/// Up to so many decades numbers are labeled rather than powers of ten.
const MAX_DECADES_OF_NUMBERS: f64 = 1.3;
/// Decades without a label have a mark if there is so much of a label's room to each.
const MIN_MARK_ROOM: f64 = 0.15;
/// Digits that may be labeled within a decade, from the densest.
const DIGITS: [&[u32]; 3] = [&[1, 2, 3, 4, 5, 6, 7, 8, 9], &[1, 2, 5], &[1, 3]];
/// Fewer labeled numbers than this are not worth their irregular distances.
const MIN_LABELS: usize = 3;

/// The ticks of a logarithmic axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogTicks {
    /// With labels, at least two unless the range is as narrow as rounding.
    pub ticks: Vec<Tick>,
    /// Where there are marks between them.
    pub minor: Vec<f64>,
}

/// The ticks in a range, on an axis with room for `room` labels side by side. All within the range up
/// to rounding, ascending.
#[must_use]
pub fn log_ticks(range: [f64; 2], room: f64) -> LogTicks {
    let axis = LogAxis::new(range, room.max(1.0));
    let [first, last] = axis.exponents();
    if axis.decades <= MAX_DECADES_OF_NUMBERS || first >= last {
        return axis.within_a_decade();
    }
    let stride = stride(last - first, axis.room);
    // Multiples of the stride are round; where only one of them is there, the first decade begins.
    let aligned = first + (-first).rem_euclid(stride);
    let start = if aligned + stride <= last { aligned } else { first };
    let labeled: Vec<i32> = (start..=last).step_by(stride as usize).collect();
    let tick =
        |&exponent: &i32| Tick { value: power_of_ten(exponent), label: format!("$10^{{{exponent}}}$") };
    LogTicks { ticks: labeled.iter().map(tick).collect(), minor: axis.minor_marks(&labeled) }
}

/// Labels every so many decades, so that none of `log_ticks` intervals is wider than there are rooms.
fn stride(decades: i32, room: f64) -> i32 {
    libm::ceil(f64::from(decades) / libm::floor(room)) as i32
}

/// A power of ten, as exactly as it is written.
fn power_of_ten(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(f64::NAN)
}

/// An axis to be divided.
struct LogAxis {
    low: f64,
    high: f64,
    /// How many it spans.
    decades: f64,
    room: f64,
}

impl LogAxis {
    fn new([a, b]: [f64; 2], room: f64) -> Self {
        let (low, high) = (a.min(b), a.max(b));
        Self { low, high, decades: libm::log10(high) - libm::log10(low), room }
    }

    /// The first and the last power of ten in the range; the first is greater if there is none.
    fn exponents(&self) -> [i32; 2] {
        let slack = self.decades * 1e-9;
        let [first, last] = [libm::log10(self.low) - slack, libm::log10(self.high) + slack];
        [libm::ceil(first) as i32, libm::floor(last) as i32]
    }

    fn holds(&self, value: f64) -> bool {
        value >= self.low * (1.0 - 1e-9) && value <= self.high * (1.0 + 1e-9)
    }

    /// All multiples of powers of ten by some digits.
    fn multiples<'a>(&'a self, digits: &'a [u32]) -> impl Iterator<Item = f64> + 'a {
        let [first, last] = self.exponents();
        (first - 1..=last)
            .flat_map(move |exponent| digits.iter().map(move |digit| format!("{digit}e{exponent}")))
            .filter_map(|text| text.parse().ok())
            .filter(|value| self.holds(*value))
    }

    /// The marks between labeled decades: digits, or the decades that have no label.
    fn minor_marks(&self, labeled: &[i32]) -> Vec<f64> {
        let [first, last] = self.exponents();
        if labeled.len() as i32 == last - first + 1 {
            return self.multiples(&DIGITS[0][1..]).collect();
        }
        let apart = self.room >= self.decades * MIN_MARK_ROOM;
        (first..=last).filter(|exponent| apart && !labeled.contains(exponent)).map(power_of_ten).collect()
    }

    /// Numbers where powers of ten are too few.
    fn within_a_decade(&self) -> LogTicks {
        let ticks =
            self.densest_digits().or_else(|| self.most_round_ticks()).unwrap_or_else(|| self.two_far_apart());
        let close = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-9;
        let minor =
            self.multiples(DIGITS[0]).filter(|value| !ticks.iter().any(|tick| close(tick.value, *value)));
        LogTicks { minor: minor.collect(), ticks }
    }

    /// The densest digits whose labels stay apart, if there are enough of them.
    fn densest_digits(&self) -> Option<Vec<Tick>> {
        let ticks = DIGITS.iter().map(|digits| self.labeled(digits));
        ticks.into_iter().find(|ticks| ticks.len() >= MIN_LABELS && self.is_apart(ticks))
    }

    fn labeled(&self, digits: &[u32]) -> Vec<Tick> {
        let as_powers = needs_powers_of_ten(self.high);
        let tick = |value| Tick { value, label: format_own_digits(value, as_powers) };
        self.multiples(digits).map(tick).collect()
    }

    /// The most round numbers whose labels stay apart, at least two.
    fn most_round_ticks(&self) -> Option<Vec<Tick>> {
        let most = libm::floor(self.room) as usize;
        let ticks = (1..=most).rev().map(|count| round_ticks([self.low, self.high], count));
        ticks.into_iter().find(|ticks| ticks.len() >= 2 && self.is_apart(ticks))
    }

    /// Two numbers far apart, a power of ten among them if there is one. In four intervals are at least
    /// two round numbers.
    fn two_far_apart(&self) -> Vec<Tick> {
        let mut ticks = self.labeled(DIGITS[1]);
        if ticks.len() < 2 {
            ticks = round_ticks([self.low, self.high], 4);
        }
        // Between neighboring numbers of the machine there are none.
        if ticks.len() < 2 {
            return ticks;
        }
        let decade = power_of_ten(self.exponents()[0]);
        let last = ticks.len() - 1;
        let kept = match ticks.iter().position(|tick| tick.value.to_bits() == decade.to_bits()) {
            Some(at) if decade * decade > ticks[0].value * ticks[last].value => [0, at],
            Some(at) => [at, last],
            None => [0, last],
        };
        kept.map(|at| ticks[at].clone()).to_vec()
    }

    fn is_apart(&self, ticks: &[Tick]) -> bool {
        let wide = |pair: &[Tick]| libm::log10(pair[1].value / pair[0].value) * self.room >= self.decades;
        ticks.windows(2).all(wide)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(range: [f64; 2], room: f64) -> Vec<String> {
        log_ticks(range, room).ticks.into_iter().map(|tick| tick.label.replace('$', "")).collect()
    }

    #[test]
    fn decades_are_labelled_and_their_digits_marked() {
        for range in [[0.01, 100.0], [100.0, 0.01]] {
            assert_eq!(labels(range, 9.0), ["10^{-2}", "10^{-1}", "10^{0}", "10^{1}", "10^{2}"]);
            assert_eq!(log_ticks(range, 9.0).minor.len(), 4 * 8);
        }
    }

    #[test]
    fn many_decades_are_thinned_to_round_exponents_and_marked_between() {
        assert_eq!(labels([1e-12, 1e12], 5.0), ["10^{-10}", "10^{-5}", "10^{0}", "10^{5}", "10^{10}"]);
        assert_eq!(log_ticks([1e-12, 1e12], 5.0).minor.len(), 20);
        assert_eq!(labels([1e-2, 1e2], 2.0), ["10^{-2}", "10^{0}", "10^{2}"]);
        assert_eq!(labels([10.0, 1e3], 1.0), ["10^{1}", "10^{3}"]);
        assert!(log_ticks([1e-300, 1e300], 5.0).minor.is_empty());
    }

    #[test]
    fn within_a_decade_stand_plain_numbers() {
        assert_eq!(labels([0.95, 10.5], 8.0), ["1", "2", "5", "10"]);
        assert_eq!(labels([0.02, 0.9], 6.0), ["0.02", "0.05", "0.1", "0.2", "0.5"]);
        assert_eq!(labels([2.0, 7.0], 9.0), ["2", "3", "4", "5", "6", "7"]);
        assert_eq!(labels([30.0, 45.0], 5.0), ["30", "35", "40", "45"]);
        assert_eq!(labels([2.0, 90.0], 2.0), ["10", "50"]);
        assert_eq!(
            labels([2e5, 3e6], 5.0),
            ["2 \\times 10^{5}", "5 \\times 10^{5}", "10^{6}", "2 \\times 10^{6}"]
        );
    }

    #[test]
    fn a_range_as_narrow_as_rounding_is_no_panic() {
        for low in [1.0_f64, 3.3, 1e-300, 1e300] {
            for high in [low.next_up(), low * (1.0 + 1e-15), low * (1.0 + 1e-12)] {
                assert!(log_ticks([low, high], 3.0).ticks.len() < 12);
            }
        }
    }

    #[test]
    fn the_marks_within_a_decade_are_the_digits_without_labels() {
        let marks = log_ticks([0.95, 10.5], 8.0).minor;
        assert_eq!(marks, [3.0, 4.0, 6.0, 7.0, 8.0, 9.0]);
    }
}
