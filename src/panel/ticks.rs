//! Ticks of linear axes and the formatting of tick labels.
//!
//! Automatic steps are 1, 2, 2.5 and 5 times a power of ten, as in matplotlib. Labels are mathematics in
//! label syntax, so that their minus is typeset as a minus; multiples of a unit are reduced fractions.

use crate::panel::axis::Tick;
use crate::scene::element::Unit;

/// The largest denominator of a tick label that is a fraction of its unit.
const MAX_DENOMINATOR: u32 = 64;
/// The most decimals of a tick label. The ends of the shortest range differ after their tenth digit, and labels below 1e-4
/// use powers of ten, so 16 decimals distinguish all ticks.
const MAX_DECIMALS: i32 = 16;
/// The most ticks on one axis. More of them are taken for a mistake in the step.
pub(crate) const MAX_TICKS: usize = 400;

/// The multiples of a round step in a range: at most `count` + 1 ticks.
#[must_use]
pub fn round_ticks(range: [f64; 2], count: usize) -> Vec<Tick> {
    let span = (range[1] - range[0]).abs();
    ticks_at_multiples(range, round_step(span / count.max(1) as f64), None)
}

/// The smallest round step that is not below `least`, which is positive.
#[must_use]
pub fn round_step(least: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(least)));
    [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .map(|digit| digit * power)
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// Ticks at the multiples of `step` in a range, labeled as numbers or in a unit. At most
/// `MAX_TICKS` + 1 ticks are returned.
#[must_use]
pub fn ticks_at_multiples(range: [f64; 2], step: f64, unit: Option<&Unit>) -> Vec<Tick> {
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
                Some(unit) => format_in_unit(value, unit),
                None => format_number(value, step, low.abs().max(high.abs())),
            };
            // Adding 0 turns −0, which would be printed with its sign, into 0.
            Tick { value: value + 0.0, label }
        })
        .collect()
}

/// The label of a multiple of `step`, with as many decimals as `step` needs.
///
/// It is written with a power of ten if `largest`, the largest magnitude on the axis, is below 10⁻⁴ or at
/// least 10⁶.
#[must_use]
pub fn format_number(value: f64, step: f64, largest: f64) -> String {
    format_label(value, step, largest > 0.0 && needs_powers_of_ten(largest))
}

/// Whether an axis with this largest magnitude is labeled with powers of ten.
#[must_use]
pub fn needs_powers_of_ten(largest: f64) -> bool {
    !(-4..6).contains(&(libm::floor(libm::log10(largest)) as i32))
}

/// The label of a nonzero number that is a multiple of no step: with all of its digits if it has at most six
/// significant ones, otherwise rounded to three.
#[must_use]
pub fn format_own_digits(value: f64, as_powers: bool) -> String {
    let exponent = libm::floor(libm::log10(value.abs()) + 1e-9) as i32;
    let unit = |places: i32| libm::pow(10.0, f64::from(exponent - places));
    let divides_value = |unit: &f64| {
        let ratio = value / unit;
        (ratio - ratio.round()).abs() < 1e-9 * ratio.abs()
    };
    let step = (0..6).map(unit).find(divides_value).unwrap_or(unit(2));
    format_label(value, step, as_powers)
}

/// A number in label syntax with the decimals of `step`, as `10^k` or `m × 10^k` if `as_powers` says so.
fn format_label(value: f64, step: f64, as_powers: bool) -> String {
    if as_powers && value == 0.0 {
        return "$0$".to_owned();
    }
    if as_powers {
        let exponent = libm::floor(libm::log10(value.abs()) + 1e-9) as i32;
        let scale = libm::pow(10.0, f64::from(exponent));
        let mantissa = format_decimals(value / scale, step / scale);
        return match mantissa.as_str() {
            "1" => format!("$10^{{{exponent}}}$"),
            "-1" => format!("$-10^{{{exponent}}}$"),
            digits => format!("${digits} \\times 10^{{{exponent}}}$"),
        };
    }
    format!("${}$", format_decimals(value, step))
}

/// `value` with the decimals in which multiples of `step` differ, and without negative zero. A step with
/// more than eight digits, such as 1/3 or π, is written to three significant digits.
fn format_decimals(value: f64, step: f64) -> String {
    let scaled = |places: i32| step * libm::pow(10.0, f64::from(places));
    let three_digits = 2 - libm::floor(libm::log10(step)) as i32;
    let places = (0..=MAX_DECIMALS)
        .find(|&places| (scaled(places) - scaled(places).round()).abs() <= 1e-9 * scaled(places))
        .filter(|&places| scaled(places) < 1e8)
        .unwrap_or(three_digits)
        .clamp(0, MAX_DECIMALS) as usize;
    let text = format!("{value:.places$}");
    if text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        text
    } else {
        text.trim_start_matches('-').to_owned()
    }
}

/// The label of a value as a rational multiple of a unit: `-π/2`, `0`, `3π`. A value that is no multiple with
/// a small denominator is written with three decimals before the unit.
#[must_use]
pub fn format_in_unit(value: f64, unit: &Unit) -> String {
    let ratio = value / unit.value;
    let symbol = &unit.symbol;
    let Some((numerator, denominator)) = as_fraction(ratio) else {
        return format!("${}{symbol}$", format_decimals(ratio, 1e-3));
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

/// Numerator and denominator of the reduced fraction that equals `ratio` up to rounding; `None` if its
/// denominator is above [`MAX_DENOMINATOR`].
fn as_fraction(ratio: f64) -> Option<(i64, u32)> {
    (1..=MAX_DENOMINATOR).find_map(|denominator| {
        let numerator = ratio * f64::from(denominator);
        let rounded = numerator.round();
        let is_exact = (numerator - rounded).abs() < 1e-6 && rounded.abs() < 1e12;
        is_exact.then_some((rounded as i64, denominator))
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
    fn steps_are_round_numbers() {
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
    fn steps_with_endless_decimals_are_written_to_three_digits() {
        assert_eq!(
            labels(&ticks_at_multiples([0.0, 1.0], 1.0 / 3.0, None)),
            ["$0.000$", "$0.333$", "$0.667$", "$1.000$"]
        );
        assert_eq!(labels(&ticks_at_multiples([0.0, 7.0], PI, None)), ["$0.00$", "$3.14$", "$6.28$"]);
        assert_eq!(labels(&ticks_at_multiples([1.0, 2.0], 0.125, None))[1], "$1.125$");
        assert_eq!(labels(&ticks_at_multiples([0.0, 3e5], 123_456.0, None))[1], "$123456$");
        assert_eq!(labels(&ticks_at_multiples([0.0, 20.0], 12.3456, None))[1], "$12.3456$");
        assert_eq!(labels(&ticks_at_multiples([1.0, 1.000_000_1], 1e-7, None))[1], "$1.0000001$");
    }

    #[test]
    fn labels_differ_on_the_shortest_range_that_an_axis_can_have() {
        for value in [1e-4, 0.3, 1.0, 9.99, 123_456.0, 999_999.0, 1e6, 6.02e23, 1.6e-19, 1e149] {
            for low in [value, -value] {
                let range = [low, low + 1.01e-10 * value];
                assert_eq!(Scale::Linear.range_defect(range), None, "{low}");
                let ticks = round_ticks(range, 9);
                let distinct: std::collections::BTreeSet<&str> = labels(&ticks).into_iter().collect();
                assert!(ticks.len() > 3 && distinct.len() == ticks.len(), "{distinct:?}");
            }
        }
    }

    #[test]
    fn tiny_steps_are_capped_without_a_panic() {
        assert_eq!(ticks_at_multiples([0.0, 1e300], 1e-300, None).len(), 0);
        assert_eq!(ticks_at_multiples([0.0, 1.0], 1e-300, None).len(), MAX_TICKS + 1);
    }

    #[test]
    fn single_numbers_have_their_own_digits() {
        let plain: Vec<String> =
            [0.1, 1.0, 10.0, 0.25, 1.0 / 3.0].map(|value| format_own_digits(value, false)).into();
        assert_eq!(plain, ["$0.1$", "$1$", "$10$", "$0.25$", "$0.333$"]);
        assert_eq!(
            [1e-6, 2.5e7].map(|value| format_own_digits(value, true)),
            ["$10^{-6}$", "$2.5 \\times 10^{7}$"]
        );
    }

    #[test]
    fn multiples_of_pi_are_reduced_fractions() {
        let pi = Unit { value: PI, symbol: "\\pi".into() };
        let ticks = ticks_at_multiples([-PI, 2.0 * PI], PI / 2.0, Some(&pi));
        assert_eq!(
            labels(&ticks),
            ["$-\\pi$", "$-\\pi/2$", "$0$", "$\\pi/2$", "$\\pi$", "$3\\pi/2$", "$2\\pi$"]
        );
    }

    #[test]
    fn ticks_at_the_ends_of_a_range_survive_rounding() {
        assert_eq!(ticks_at_multiples([0.0, 15.0 * PI], PI, None).len(), 16);
        assert_eq!(ticks_at_multiples([0.1, 0.3], 0.1, None).len(), 3);
    }
}
