//! Ticks of logarithmic axes.
//!
//! Over more than about a decade, every k-th power of ten is labeled, with minor ticks at 2 to 9 times each
//! power or at the powers without a label, as in matplotlib. Within about a decade there are too few powers
//! of ten, so numbers are labeled instead: 1, 2 and 5 times a power of ten, or round numbers.

use crate::panel::axis::Tick;
use crate::panel::ticks::{format_own_digits, needs_powers_of_ten, round_ticks};

/// The longest range, in decades, on which numbers are labeled rather than powers of ten.
const MAX_DECADES_OF_NUMBERS: f64 = 1.3;
/// The least space for a minor tick at each decade without a label, as a fraction of a label's space.
const MIN_MARK_SPACE: f64 = 0.15;
/// The digits that may be labeled within a decade, from the densest choice to the sparsest.
const DIGITS: [&[u32]; 3] = [&[1, 2, 3, 4, 5, 6, 7, 8, 9], &[1, 2, 5], &[1, 3]];
/// Digits with fewer labels than this are not worth their uneven distances; round numbers are used instead.
const MIN_DIGIT_LABELS: usize = 3;

/// The ticks of a logarithmic axis, in ascending order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogTicks {
    /// Major ticks, with labels: at least two, unless the range is as narrow as rounding errors.
    pub ticks: Vec<Tick>,
    /// The values of minor ticks, which have no labels.
    pub minor: Vec<f64>,
}

/// The ticks in a range of positive values, on an axis that has space for `capacity` labels side by side.
/// All ticks lie within the range, up to rounding.
#[must_use]
pub fn log_ticks(range: [f64; 2], capacity: f64) -> LogTicks {
    let axis = LogAxis::new(range, capacity.max(1.0));
    let [first, last] = axis.exponents();
    if axis.decades <= MAX_DECADES_OF_NUMBERS || first >= last {
        return axis.within_a_decade();
    }
    let stride = decade_stride(last - first, axis.capacity);
    // Multiples of the stride are round exponents. If the range holds only one of them, labels start at the
    // first decade.
    let aligned = first + (-first).rem_euclid(stride);
    let start = if aligned + stride <= last { aligned } else { first };
    let labeled: Vec<i32> = (start..=last).step_by(stride as usize).collect();
    let tick =
        |&exponent: &i32| Tick { value: power_of_ten(exponent), label: format!("$10^{{{exponent}}}$") };
    LogTicks { ticks: labeled.iter().map(tick).collect(), minor: axis.minor_ticks(&labeled) }
}

/// The number of decades from one label to the next, so that no more than `capacity` intervals are labeled.
fn decade_stride(decades: i32, capacity: f64) -> i32 {
    libm::ceil(f64::from(decades) / libm::floor(capacity)) as i32
}

/// The number nearest to a power of ten. Parsing is exact, where `pow` may be off by a rounding error.
fn power_of_ten(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(f64::NAN)
}

/// The range of a logarithmic axis and the number of labels that fit along it.
struct LogAxis {
    low: f64,
    high: f64,
    /// The range's length in decades.
    decades: f64,
    /// How many labels fit side by side, at least 1.
    capacity: f64,
}

impl LogAxis {
    fn new([a, b]: [f64; 2], capacity: f64) -> Self {
        let (low, high) = (a.min(b), a.max(b));
        Self { low, high, decades: libm::log10(high) - libm::log10(low), capacity }
    }

    /// The exponents of the first and the last power of ten in the range. The first is the greater one if the
    /// range holds no power of ten.
    fn exponents(&self) -> [i32; 2] {
        let slack = self.decades * 1e-9;
        let [first, last] = [libm::log10(self.low) - slack, libm::log10(self.high) + slack];
        [libm::ceil(first) as i32, libm::floor(last) as i32]
    }

    fn contains(&self, value: f64) -> bool {
        value >= self.low * (1.0 - 1e-9) && value <= self.high * (1.0 + 1e-9)
    }

    /// The values in the range that are one of `digits` times a power of ten.
    fn multiples<'a>(&'a self, digits: &'a [u32]) -> impl Iterator<Item = f64> + 'a {
        let [first, last] = self.exponents();
        (first - 1..=last)
            .flat_map(move |exponent| digits.iter().map(move |digit| format!("{digit}e{exponent}")))
            .filter_map(|text| text.parse().ok())
            .filter(|value| self.contains(*value))
    }

    /// The minor ticks between labeled powers of ten: 2 to 9 times each power if all powers are labeled,
    /// otherwise the powers without a label if there is space for them.
    fn minor_ticks(&self, labeled: &[i32]) -> Vec<f64> {
        let [first, last] = self.exponents();
        if labeled.len() as i32 == last - first + 1 {
            return self.multiples(&DIGITS[0][1..]).collect();
        }
        let has_space = self.capacity >= self.decades * MIN_MARK_SPACE;
        (first..=last).filter(|exponent| has_space && !labeled.contains(exponent)).map(power_of_ten).collect()
    }

    /// The ticks of a range with hardly any power of ten in it: numbers.
    fn within_a_decade(&self) -> LogTicks {
        let ticks =
            self.densest_digits().or_else(|| self.most_round_ticks()).unwrap_or_else(|| self.two_far_apart());
        let is_equal = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-9;
        let is_labeled = |value: f64| ticks.iter().any(|tick| is_equal(tick.value, value));
        LogTicks { minor: self.multiples(DIGITS[0]).filter(|value| !is_labeled(*value)).collect(), ticks }
    }

    /// The densest choice of digits whose labels fit, if it gives enough of them.
    fn densest_digits(&self) -> Option<Vec<Tick>> {
        let ticks = DIGITS.iter().map(|digits| self.labeled(digits));
        ticks.into_iter().find(|ticks| ticks.len() >= MIN_DIGIT_LABELS && self.labels_fit(ticks))
    }

    fn labeled(&self, digits: &[u32]) -> Vec<Tick> {
        let as_powers = needs_powers_of_ten(self.high);
        let tick = |value| Tick { value, label: format_own_digits(value, as_powers) };
        self.multiples(digits).map(tick).collect()
    }

    /// The most round numbers whose labels fit, at least two.
    fn most_round_ticks(&self) -> Option<Vec<Tick>> {
        let max = libm::floor(self.capacity) as usize;
        let ticks = (1..=max).rev().map(|count| round_ticks([self.low, self.high], count));
        ticks.into_iter().find(|ticks| ticks.len() >= 2 && self.labels_fit(ticks))
    }

    /// Two numbers far apart, one of them a power of ten if the range holds one.
    fn two_far_apart(&self) -> Vec<Tick> {
        let mut ticks = self.labeled(DIGITS[1]);
        if ticks.len() < 2 {
            // Four intervals always hold at least two round numbers,
            ticks = round_ticks([self.low, self.high], 4);
        }
        // except between floating-point numbers that are next to each other.
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

    fn labels_fit(&self, ticks: &[Tick]) -> bool {
        let is_wide_enough =
            |pair: &[Tick]| libm::log10(pair[1].value / pair[0].value) * self.capacity >= self.decades;
        ticks.windows(2).all(is_wide_enough)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(range: [f64; 2], capacity: f64) -> Vec<String> {
        log_ticks(range, capacity).ticks.into_iter().map(|tick| tick.label.replace('$', "")).collect()
    }

    #[test]
    fn decades_are_labeled_with_minor_ticks_at_their_digits() {
        for range in [[0.01, 100.0], [100.0, 0.01]] {
            assert_eq!(labels(range, 9.0), ["10^{-2}", "10^{-1}", "10^{0}", "10^{1}", "10^{2}"]);
            assert_eq!(log_ticks(range, 9.0).minor.len(), 4 * 8);
        }
    }

    #[test]
    fn many_decades_are_labeled_at_round_exponents_with_minor_ticks_between() {
        assert_eq!(labels([1e-12, 1e12], 5.0), ["10^{-10}", "10^{-5}", "10^{0}", "10^{5}", "10^{10}"]);
        assert_eq!(log_ticks([1e-12, 1e12], 5.0).minor.len(), 20);
        assert_eq!(labels([1e-2, 1e2], 2.0), ["10^{-2}", "10^{0}", "10^{2}"]);
        assert_eq!(labels([10.0, 1e3], 1.0), ["10^{1}", "10^{3}"]);
        assert!(log_ticks([1e-300, 1e300], 5.0).minor.is_empty());
    }

    #[test]
    fn ranges_within_a_decade_are_labeled_with_numbers() {
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
    fn ranges_as_narrow_as_rounding_do_not_panic() {
        for low in [1.0_f64, 3.3, 1e-300, 1e300] {
            for high in [low.next_up(), low * (1.0 + 1e-15), low * (1.0 + 1e-12)] {
                assert!(log_ticks([low, high], 3.0).ticks.len() < 12);
            }
        }
    }

    #[test]
    fn minor_ticks_within_a_decade_are_the_digits_without_labels() {
        let marks = log_ticks([0.95, 10.5], 8.0).minor;
        assert_eq!(marks, [3.0, 4.0, 6.0, 7.0, 8.0, 9.0]);
    }
}
