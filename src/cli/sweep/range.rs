//! Decimal numbers as people write them: whole units of a power of ten, so that steps of 0.01 add up to 0.3 and
//! never to 0.30000000000000004.

use std::fmt;

/// Digits before and after the point together. Differences of two such numbers, brought to the same number of
/// places, still fit into 128 bits.
pub(super) const MAX_DIGITS: u32 = 18;

/// `units` · 10^−`places`, without zeros at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    units: i128,
    places: u32,
}

impl Decimal {
    /// `-0.5`, `.5`, `2`, `1e-3`; none for anything else, and for more than [`MAX_DIGITS`] digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (number, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = [whole, fraction].concat();
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let places = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        let written = digits.trim_start_matches('0');
        if written.is_empty() {
            return Some(Self::new(0, 0));
        }
        let most = MAX_DIGITS as i32;
        if written.len() as i32 > most || written.len() as i32 - places > most || places > most {
            return None;
        }
        let units: i128 = written.parse().ok()?;
        let units = if text.starts_with('-') { -units } else { units };
        Some(match u32::try_from(places) {
            Ok(places) => Self::new(units, places),
            // Not more digits than are counted above.
            Err(_) => Self::new(units * 10_i128.pow(places.unsigned_abs()), 0),
        })
    }

    fn new(mut units: i128, mut places: u32) -> Self {
        while places > 0 && units % 10 == 0 {
            (units, places) = (units / 10, places - 1);
        }
        Self { units, places }
    }

    /// Digits before and after the point.
    pub(super) fn widths(self) -> (usize, usize) {
        let whole = self.units.unsigned_abs() / 10_u128.pow(self.places);
        (whole.to_string().len(), self.places as usize)
    }

    /// With at least so many digits before and after the point: in a column of equal widths the
    /// order of letters is that of numbers.
    pub(super) fn padded(self, (whole, places): (usize, usize)) -> String {
        let sign = if self.units < 0 { "-" } else { "" };
        let places = places.max(self.places as usize);
        let zeros = places - self.places as usize;
        let digits = format!("{}{}", self.units.unsigned_abs(), "0".repeat(zeros));
        let digits = format!("{digits:0>width$}", width = whole.max(1) + places);
        let (before, after) = digits.split_at(digits.len() - places);
        let point = if places > 0 { "." } else { "" };
        format!("{sign}{before}{point}{after}")
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.padded((1, 0)))
    }
}

/// From one number in steps to another, both counted: a whole number of steps, told before any is taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct DecimalRange {
    first: i128,
    step: i128,
    places: u32,
    count: u128,
}

impl DecimalRange {
    /// The numbers `first`, `first + step`, … up to `last`, which counts where a step falls on it; none where the
    /// steps lead away from it or nowhere.
    pub(super) fn new(first: Decimal, last: Decimal, step: Decimal) -> Option<Self> {
        let places = first.places.max(last.places).max(step.places);
        let units = |number: Decimal| number.units * 10_i128.pow(places - number.places);
        let (first, last, step) = (units(first), units(last), units(step));
        let way = last - first;
        if step == 0 || (way != 0 && way.signum() != step.signum()) {
            return None;
        }
        Some(Self { first, step, places, count: (way / step).unsigned_abs() + 1 })
    }

    /// How many numbers there are.
    pub(super) fn count(self) -> u128 {
        self.count
    }

    /// All of them, in order.
    pub(super) fn numbers(self) -> impl Iterator<Item = Decimal> {
        (0..self.count as i128).map(move |index| Decimal::new(self.first + index * self.step, self.places))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    fn steps(first: &str, last: &str, step: &str) -> Option<Vec<String>> {
        let steps = DecimalRange::new(decimal(first), decimal(last), decimal(step))?;
        let numbers: Vec<String> = steps.numbers().map(|number| number.to_string()).collect();
        assert_eq!(numbers.len() as u128, steps.count());
        Some(numbers)
    }

    #[test]
    fn numbers_are_written_with_no_digit_too_many() {
        for (text, shown) in [
            ("0", "0"),
            ("-0", "0"),
            ("+5", "5"),
            ("0.50", "0.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("-0.01", "-0.01"),
            ("1e3", "1000"),
            ("12.5e-1", "1.25"),
            ("1E-18", "0.000000000000000001"),
            ("0e999", "0"),
            ("007", "7"),
            ("999999999999999999", "999999999999999999"),
        ] {
            assert_eq!(decimal(text).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_decimal_number_is_none() {
        for text in [
            "",
            "-",
            ".",
            "e3",
            "1e",
            "1e1.5",
            "--1",
            "1_000",
            "0x10",
            "inf",
            "nan",
            "2*pi",
            "1 2",
            "1e18",
            "1e-19",
            "1e99999999999",
            "1e-2147483648",
            "1234567890123456789",
            "１",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn steps_are_exact_and_count_an_end_that_they_meet() {
        let third = steps("0", "1", "0.1").expect("steps");
        assert_eq!(third[3], "0.3");
        assert_eq!((third.len(), third[10].as_str()), (11, "1"));
        assert_eq!(steps("0", "1", "0.3"), Some(["0", "0.3", "0.6", "0.9"].map(String::from).to_vec()));
        assert_eq!(steps("1", "-1", "-1"), Some(["1", "0", "-1"].map(String::from).to_vec()));
        assert_eq!(steps("2", "2", "0.5"), Some(vec!["2".to_owned()]));
        assert_eq!(steps("0", "1", "5"), Some(vec!["0".to_owned()]));
        assert_eq!(steps("0", "1", "0"), None);
        assert_eq!(steps("0", "1", "-0.1"), None);
        let many = DecimalRange::new(
            decimal("-999999999999999999"),
            decimal("999999999999999999"),
            decimal("1e-18"),
        );
        assert!(many.is_some_and(|many| many.count() > 10_u128.pow(36)));
    }

    #[test]
    fn in_a_column_of_equal_widths_letters_sort_as_numbers_do() {
        let numbers: Vec<Decimal> = ["0", "0.05", "0.5", "2", "10", "10.25"].map(decimal).to_vec();
        let widths = numbers.iter().map(|it| it.widths()).fold((0, 0), |a, b| (a.0.max(b.0), a.1.max(b.1)));
        let names: Vec<String> = numbers.iter().map(|number| number.padded(widths)).collect();
        assert_eq!(names, ["00.00", "00.05", "00.50", "02.00", "10.00", "10.25"]);
        assert_eq!(decimal("-1.5").padded((2, 2)), "-01.50");
        assert!(names.is_sorted());
    }
}
