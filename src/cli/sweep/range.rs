//! Exact decimal ranges: from 0 in steps of 0.1, the third number is 0.3 and not 0.30000000000000004.

use rust_decimal::Decimal;

/// A [`Decimal`] holds every number of at most this many digits.
pub(super) const MAX_DIGITS: u32 = Decimal::MAX_SCALE;

/// Reads `-0.5`, `.5`, `2` or `1e-3` without rounding; any other text is `None`, as is a number that needs more
/// than [`MAX_DIGITS`] digits.
pub(super) fn parse_decimal(text: &str) -> Option<Decimal> {
    // `Decimal` accepts underscores and a second sign in exponents, `f64` does not.
    text.parse::<f64>().ok()?;
    let number = match text.split_once(['e', 'E']) {
        // `from_scientific` alone would round the digits before the exponent.
        Some((digits, _)) => {
            Decimal::from_str_exact(digits).and_then(|_| Decimal::from_scientific(text)).ok()?
        }
        None => Decimal::from_str_exact(text).ok()?,
    };
    Some(number.normalize())
}

/// The number as TOML: an integer if TOML can hold it, and a float otherwise.
pub(super) fn to_toml(number: Decimal) -> String {
    let too_large = number.is_integer() && i64::try_from(number.mantissa()).is_err();
    if too_large { format!("{number}.0") } else { number.to_string() }
}

/// The numbers `first`, `first + step`, … up to and including `last`, counted in units of 10^−`scale`.
#[derive(Clone, Copy, Debug)]
pub(super) struct DecimalRange {
    first: i128,
    step: i128,
    scale: u32,
    count: u128,
}

/// The reason why three numbers are not a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RangeError {
    /// The step is zero or leads away from the last number.
    Direction,
    /// One of them, written with as many decimal places as the most precise, has too many digits.
    Digits,
}

impl DecimalRange {
    pub(super) fn new(first: Decimal, last: Decimal, step: Decimal) -> Result<Self, RangeError> {
        let scale = first.scale().max(last.scale()).max(step.scale());
        let units = |mut number: Decimal| {
            number.rescale(scale);
            // `rescale` stops at a smaller scale where the digits do not fit.
            if number.scale() == scale { Ok(number.mantissa()) } else { Err(RangeError::Digits) }
        };
        let (first, last, step) = (units(first)?, units(last)?, units(step)?);
        let distance = last - first;
        if step == 0 || distance.signum() == -step.signum() {
            return Err(RangeError::Direction);
        }
        Ok(Self { first, step, scale, count: (distance / step).unsigned_abs() + 1 })
    }

    pub(super) fn count(self) -> u128 {
        self.count
    }

    pub(super) fn numbers(self) -> impl Iterator<Item = Decimal> {
        (0..self.count as i128).map(move |index| {
            // This cannot overflow: each number lies between the ends, which are decimals of the same scale.
            Decimal::from_i128_with_scale(self.first + index * self.step, self.scale).normalize()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        parse_decimal(text).unwrap_or_else(|| panic!("{text}"))
    }

    fn range(first: &str, last: &str, step: &str) -> Result<DecimalRange, RangeError> {
        DecimalRange::new(decimal(first), decimal(last), decimal(step))
    }

    fn numbers(first: &str, last: &str, step: &str) -> Vec<String> {
        let range = range(first, last, step).expect("a range");
        let numbers: Vec<String> = range.numbers().map(|number| number.to_string()).collect();
        assert_eq!(numbers.len() as u128, range.count());
        numbers
    }

    #[test]
    fn decimals_are_written_without_superfluous_digits() {
        for (text, shown) in [
            ("0", "0"),
            ("-0", "0"),
            ("+5", "5"),
            ("0.50", "0.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("-0.01", "-0.01"),
            ("1e3", "1000"),
            ("1e+3", "1000"),
            ("12.5e-1", "1.25"),
            ("1E-28", "0.0000000000000000000000000001"),
            ("1e28", "10000000000000000000000000000"),
            ("007", "7"),
            ("9999999999999999999999999999", "9999999999999999999999999999"),
            ("-1.234567890123456789012345678", "-1.234567890123456789012345678"),
        ] {
            assert_eq!(decimal(text).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn other_texts_and_longer_numbers_are_no_decimals() {
        for text in [
            "",
            "-",
            ".",
            "e3",
            "1e",
            "1e1.5",
            "1e-+3",
            "--1",
            "1_000",
            "0x10",
            "inf",
            "infinity",
            "nan",
            "2*pi",
            "1 2",
            "１",
            "1e29",
            "1e300",
            "1e-29",
            "1e-40",
            "1e99999999999",
            "1e-2147483648",
            "123456789012345678901234567890",
            "0.12345678901234567890123456789",
            "1.2345678901234567890123456789012345e3",
        ] {
            assert_eq!(parse_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn steps_are_exact_and_include_an_end_that_they_meet() {
        let tenths = numbers("0", "2", "0.1");
        assert_eq!(tenths.len(), 21);
        assert_eq!([0, 1, 3, 10, 20].map(|index| tenths[index].as_str()), ["0", "0.1", "0.3", "1", "2"]);
        assert_eq!(numbers("0", "1", "0.3"), ["0", "0.3", "0.6", "0.9"]);
        assert_eq!(numbers("1", "-1", "-1"), ["1", "0", "-1"]);
        assert_eq!(numbers("2", "2", "0.5"), ["2"]);
        assert_eq!(numbers("0", "1", "5"), ["0"]);
        assert_eq!(numbers("0", "3e-28", "2e-28"), ["0", "0.0000000000000000000000000002"]);
        assert_eq!(
            numbers("-7e28", "7e28", "7e28"),
            ["-70000000000000000000000000000", "0", "70000000000000000000000000000"]
        );
    }

    #[test]
    fn steps_in_the_wrong_direction_are_refused() {
        for (first, last, step) in [("0", "1", "0"), ("0", "1", "-0.1"), ("1", "0", "0.1"), ("1", "1", "0")] {
            assert_eq!(range(first, last, step).err(), Some(RangeError::Direction), "{first}:{last}:{step}");
        }
    }

    #[test]
    fn numbers_that_would_be_rounded_are_refused() {
        for (first, last, step) in [
            ("0", "1e28", "1e-28"),
            ("1e28", "1e28", "1e-28"),
            ("1e-28", "1e28", "1e28"),
            // The second number would be 14.0000000000000000000000000002.
            ("0", "100", "7.0000000000000000000000000001"),
        ] {
            assert_eq!(range(first, last, step).err(), Some(RangeError::Digits), "{first}:{last}:{step}");
        }
        let many = range("-9999999999", "9999999999", "1e-18");
        assert_eq!(many.map(DecimalRange::count), Ok(19_999_999_998 * 10_u128.pow(18) + 1));
    }
}
