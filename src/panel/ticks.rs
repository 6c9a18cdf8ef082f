//! Where axes are divided and what stands there.
//!
//! Round numbers are 1, 2, 2.5 and 5 times a power of ten, as matplotlib chooses them. Numbers are
//! set as mathematics, so that their minus is a minus; multiples of a unit are reduced fractions.

use crate::panel::axis::Tick;
use crate::scene::element::Unit;

/// The largest denominator of a tick that counts as a fraction of its unit.
const MAX_DENOMINATOR: u32 = 64;
/// Decimals of a label. So many tell the ticks of the shortest range apart, which begins with ten equal digits, where
/// the numbers are the smallest that are not written with powers of ten.
const MOST_DECIMALS: i32 = 16;
/// More marks than this on one axis are a mistake in the step.
pub(crate) const MAX_TICKS: usize = 400;

/// The ticks at round numbers in a range, at most `count` + 1 of them.
#[must_use]
pub fn round_ticks(range: [f64; 2], count: usize) -> Vec<Tick> {
    let span = (range[1] - range[0]).abs();
    multiples(range, round_step(span / count.max(1) as f64), None)
}

/// The least round number that is not below `least`.
#[must_use]
pub fn round_step(least: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(least)));
    [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .map(|digit| digit * power)
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// The multiples of `step` in a range, labelled as numbers or in a unit.
#[must_use]
pub fn multiples(range: [f64; 2], step: f64, unit: Option<&Unit>) -> Vec<Tick> {
    let (low, high) = (range[0].min(range[1]), range[0].max(range[1]));
    let slack = 1e-6;
    let (first, last) = ((low / step - slack).ceil(), (high / step + slack).floor());
    if !(last - first).is_finite() || last < first {
        return Vec::new();
    }
    let count = ((last - first) as usize).saturating_add(1);
    (0..count.min(MAX_TICKS + 1))
        .map(|i| {
            let value = (first + i as f64) * step;
            let label = match unit {
                Some(unit) => in_unit(value, unit),
                None => number(value, step, low.abs().max(high.abs())),
            };
            // −0 would print its sign.
            Tick { value: value + 0.0, label }
        })
        .collect()
}

/// A tick's number with as many decimals as `step` asks for; powers of ten where `largest`, the
/// greatest magnitude on the axis, is below 10⁻⁴ or at least 10⁶.
#[must_use]
pub fn number(value: f64, step: f64, largest: f64) -> String {
    written(value, step, largest > 0.0 && is_far(largest))
}

/// Whether an axis with numbers up to this is labelled with powers of ten.
#[must_use]
pub fn is_far(largest: f64) -> bool {
    !(-4..6).contains(&(libm::floor(libm::log10(largest)) as i32))
}

/// The label of a number that is not 0 and has no step: with its own digits, or three if they have no end.
#[must_use]
pub fn own_number(value: f64, as_powers: bool) -> String {
    let exponent = libm::floor(libm::log10(value.abs()) + 1e-9) as i32;
    let unit = |places: i32| libm::pow(10.0, f64::from(exponent - places));
    let whole = |unit: &f64| {
        let ratio = value / unit;
        (ratio - ratio.round()).abs() < 1e-9 * ratio.abs()
    };
    let step = (0..6).map(unit).find(whole).unwrap_or(unit(2));
    written(value, step, as_powers)
}

fn written(value: f64, step: f64, as_powers: bool) -> String {
    if as_powers && value == 0.0 {
        return "$0$".to_owned();
    }
    if as_powers {
        let own = libm::floor(libm::log10(value.abs()) + 1e-9) as i32;
        let scale = libm::pow(10.0, f64::from(own));
        let mantissa = decimals(value / scale, step / scale);
        return match mantissa.as_str() {
            "1" => format!("$10^{{{own}}}$"),
            "-1" => format!("$-10^{{{own}}}$"),
            digits => format!("${digits} \\times 10^{{{own}}}$"),
        };
    }
    format!("${}$", decimals(value, step))
}

/// `value` with the decimals in which multiples of `step` differ, and no negative zero. A step that has
/// no end, such as a third or a period, is written to three digits.
fn decimals(value: f64, step: f64) -> String {
    let scaled = |places: i32| step * libm::pow(10.0, f64::from(places));
    let three = 2 - libm::floor(libm::log10(step)) as i32;
    let places = (0..=MOST_DECIMALS)
        .find(|&places| (scaled(places) - scaled(places).round()).abs() <= 1e-9 * scaled(places))
        .filter(|&places| scaled(places) < 1e8)
        .unwrap_or(three)
        .clamp(0, MOST_DECIMALS) as usize;
    let text = format!("{value:.places$}");
    if text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        text
    } else {
        text.trim_start_matches('-').to_owned()
    }
}

/// A value as a rational multiple of a unit: `-π/2`, `0`, `3π`; as a plain number where it is none.
#[must_use]
pub fn in_unit(value: f64, unit: &Unit) -> String {
    let ratio = value / unit.value;
    let symbol = &unit.symbol;
    let Some((numerator, denominator)) = fraction(ratio) else {
        return format!("${}{symbol}$", decimals(ratio, 1e-3));
    };
    let sign = if numerator < 0 { "-" } else { "" };
    let factor = match numerator.abs() {
        0 => return "$0$".to_owned(),
        1 => String::new(),
        n => n.to_string(),
    };
    match denominator {
        1 => format!("${sign}{factor}{symbol}$"),
        d => format!("${sign}{factor}{symbol}/{d}$"),
    }
}

/// The reduced fraction that equals `ratio` up to rounding, if its denominator is small.
fn fraction(ratio: f64) -> Option<(i64, u32)> {
    (1..=MAX_DENOMINATOR).find_map(|denominator| {
        let numerator = ratio * f64::from(denominator);
        let whole = numerator.round();
        let exact = (numerator - whole).abs() < 1e-6 && whole.abs() < 1e12;
        exact.then_some((whole as i64, denominator))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::element::Scale;
    use std::f64::consts::PI;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn steps_are_round() {
        let cases = [(0.7, 1.0), (1.0, 1.0), (1.1, 2.0), (2.2, 2.5), (3.0, 5.0), (6.0, 10.0), (0.03, 0.05)];
        for (least, step) in cases {
            assert!((round_step(least) - step).abs() < 1e-12, "{least}");
        }
    }

    #[test]
    fn numbers_have_the_decimals_of_their_step() {
        assert_eq!(labels(&round_ticks([-1.0, 1.0], 4)), ["$-1.0$", "$-0.5$", "$0.0$", "$0.5$", "$1.0$"]);
        assert_eq!(labels(&round_ticks([-5.0, 5.0], 5)), ["$-4$", "$-2$", "$0$", "$2$", "$4$"]);
        assert_eq!(labels(&round_ticks([5.0, -5.0], 5)), ["$-4$", "$-2$", "$0$", "$2$", "$4$"]);
    }

    #[test]
    fn huge_and_tiny_numbers_are_powers_of_ten() {
        let huge = round_ticks([0.0, 3e6], 3);
        assert_eq!(labels(&huge), ["$0$", "$10^{6}$", "$2 \\times 10^{6}$", "$3 \\times 10^{6}$"]);
        let tiny = round_ticks([0.0, 5e-7], 2);
        assert_eq!(labels(&tiny), ["$0$", "$2.5 \\times 10^{-7}$", "$5.0 \\times 10^{-7}$"]);
    }

    #[test]
    fn steps_without_end_are_written_to_three_digits() {
        assert_eq!(
            labels(&multiples([0.0, 1.0], 1.0 / 3.0, None)),
            ["$0.000$", "$0.333$", "$0.667$", "$1.000$"]
        );
        assert_eq!(labels(&multiples([0.0, 7.0], PI, None)), ["$0.00$", "$3.14$", "$6.28$"]);
        assert_eq!(labels(&multiples([1.0, 2.0], 0.125, None))[1], "$1.125$");
        assert_eq!(labels(&multiples([0.0, 3e5], 123_456.0, None))[1], "$123456$");
        assert_eq!(labels(&multiples([0.0, 20.0], 12.3456, None))[1], "$12.3456$");
        assert_eq!(labels(&multiples([1.0, 1.000_000_1], 1e-7, None))[1], "$1.0000001$");
    }

    #[test]
    fn labels_differ_on_the_shortest_range_that_an_axis_can_have() {
        for value in [1e-4, 0.3, 1.0, 9.99, 123_456.0, 999_999.0, 1e6, 6.02e23, 1.6e-19, 1e149] {
            for low in [value, -value] {
                let range = [low, low + 1.01e-10 * value];
                assert_eq!(Scale::Linear.unfit(range), None, "{low}");
                let ticks = round_ticks(range, 9);
                let distinct: std::collections::BTreeSet<&str> = labels(&ticks).into_iter().collect();
                assert!(ticks.len() > 3 && distinct.len() == ticks.len(), "{distinct:?}");
            }
        }
    }

    #[test]
    fn a_step_of_almost_nothing_is_no_panic() {
        assert_eq!(multiples([0.0, 1e300], 1e-300, None).len(), 0);
        assert_eq!(multiples([0.0, 1.0], 1e-300, None).len(), MAX_TICKS + 1);
    }

    #[test]
    fn a_number_alone_has_its_own_digits() {
        let plain: Vec<String> =
            [0.1, 1.0, 10.0, 0.25, 1.0 / 3.0].map(|value| own_number(value, false)).into();
        assert_eq!(plain, ["$0.1$", "$1$", "$10$", "$0.25$", "$0.333$"]);
        assert_eq!([1e-6, 2.5e7].map(|value| own_number(value, true)), ["$10^{-6}$", "$2.5 \\times 10^{7}$"]);
    }

    #[test]
    fn multiples_of_pi_are_reduced_fractions() {
        let pi = Unit { value: PI, symbol: "\\pi".into() };
        let ticks = multiples([-PI, 2.0 * PI], PI / 2.0, Some(&pi));
        assert_eq!(
            labels(&ticks),
            ["$-\\pi$", "$-\\pi/2$", "$0$", "$\\pi/2$", "$\\pi$", "$3\\pi/2$", "$2\\pi$"]
        );
    }

    #[test]
    fn the_ends_of_a_range_count_in_spite_of_rounding() {
        assert_eq!(multiples([0.0, 15.0 * PI], PI, None).len(), 16);
        assert_eq!(multiples([0.1, 0.3], 0.1, None).len(), 3);
    }
}
