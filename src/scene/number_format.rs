//! Number formats of readouts.
//!
//! A [`NumberFormat`] is a subset of Rust's: `+` for a sign on positive numbers, leading zeros (`06.2`), decimals (`.3`) and
//! powers of ten (`e`). A width in spaces is rejected, because a readout reserves the width of its widest value anyway.
//! Plain text has a typographic minus, mathematics has TeX; a negative zero is written without its sign.

use num_complex::Complex64;

/// The help of errors about formats.
const ALLOWED: &str = "a format is like .3 (three decimals), + (always a sign), 06.2 (zeros in front), e or .2e (powers of ten)";

/// The maximal number of decimals: an `f64` has 17 significant digits.
const MAX_DIGITS: usize = 17;

/// The maximal width of a number with leading zeros, in characters.
const MAX_ZEROS: usize = 32;

/// A number format. The default is the shortest decimal that parses to the same number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumberFormat {
    plus: bool,
    width: usize,
    precision: Option<usize>,
    exponent: bool,
}

/// The notation of numbers: plain text or TeX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `−1.50`, `1.2e−3`, `∞`, `–` for what is not a number.
    Plain,
    /// `-1.50`, `1.2 \times 10^{-3}`, `\infty`, `\text{–}`.
    Tex,
}

/// The error of an invalid format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberFormatError {
    /// The message.
    pub message: String,
    /// The remedy.
    pub help: String,
}

/// Formats a number as the shortest decimal that parses to the same number, with a power of ten in place of many zeros.
#[must_use]
pub fn shortest(value: f64) -> String {
    let text = format!("{value:?}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

impl NumberFormat {
    /// Parses a format, `[+][0 width][.digits][e]`, which follows the colon of a readout.
    ///
    /// # Errors
    /// Any other text. Other formats of Rust and Python have messages of their own.
    pub fn parse(spec: &str) -> Result<Self, NumberFormatError> {
        let (plus, rest) = spec.strip_prefix('+').map_or((false, spec), |rest| (true, rest));
        let (width, rest) = digits(rest);
        let (precision, rest) = match rest.strip_prefix('.') {
            Some(rest) => {
                let (digits, rest) = digits(rest);
                (Some(digits), rest)
            }
            None => (None, rest),
        };
        let exponent = match rest {
            "" => false,
            "e" => true,
            _ => return Err(unknown_format(spec, rest)),
        };
        Ok(Self { plus, width: zero_padding(width)?, precision: decimals(precision)?, exponent })
    }

    /// Formats a real number. A value that rounds to zero has no minus.
    #[must_use]
    pub fn real(&self, value: f64, notation: Notation) -> String {
        if value.is_nan() {
            return not_a_number(notation);
        }
        let magnitude = self.magnitude(value.abs());
        let sign = match is_negative(value, &magnitude) {
            true => minus(notation),
            false if self.plus => "+",
            false => "",
        };
        let zeros = if value.is_finite() {
            self.width.saturating_sub(usize::from(!sign.is_empty()) + magnitude.len())
        } else {
            0
        };
        format!("{sign}{}{}", "0".repeat(zeros), convert(&magnitude, notation))
    }

    /// Formats a complex number as `a + bj`. Leading zeros apply to both parts, `+` to the real part.
    #[must_use]
    pub fn complex(&self, value: Complex64, notation: Notation) -> String {
        if value.re.is_nan() || value.im.is_nan() {
            return not_a_number(notation);
        }
        let negative = is_negative(value.im, &self.magnitude(value.im.abs()));
        let sign = if negative { minus(notation) } else { "+" };
        let real = self.real(value.re, notation);
        let imaginary = Self { plus: false, ..*self }.real(value.im.abs(), notation);
        // A letter directly after a TeX command would become part of its name.
        let space = if imaginary.ends_with(r"\infty") { " " } else { "" };
        format!("{real} {sign} {imaginary}{space}j")
    }

    /// Formats a nonnegative `value` in Rust's notation: `1.50`, `1.2e-3`, `inf`.
    fn magnitude(&self, value: f64) -> String {
        // Without a precision, Rust would write 1e300 with all its zeros.
        let lengthy = value != 0.0 && value.is_finite() && !(1e-5..1e16).contains(&value);
        match (self.precision, self.exponent) {
            (Some(digits), false) => format!("{value:.digits$}"),
            (Some(digits), true) => format!("{value:.digits$e}"),
            (None, false) if !lengthy => format!("{value}"),
            (None, _) => format!("{value:e}"),
        }
    }
}

/// Whether a value with this formatted magnitude needs a minus.
fn is_negative(value: f64, magnitude: &str) -> bool {
    let mantissa = magnitude.split('e').next().unwrap_or_default();
    value < 0.0 && (value.is_infinite() || mantissa.bytes().any(|digit| matches!(digit, b'1'..=b'9')))
}

/// Converts a magnitude from Rust's notation.
fn convert(magnitude: &str, notation: Notation) -> String {
    match (magnitude, notation) {
        ("inf", Notation::Plain) => "\u{221e}".to_owned(),
        ("inf", Notation::Tex) => r"\infty".to_owned(),
        (_, Notation::Plain) => magnitude.replace('-', "\u{2212}"),
        (_, Notation::Tex) => match magnitude.split_once('e') {
            Some((mantissa, exponent)) => format!(r"{mantissa} \times 10^{{{exponent}}}"),
            None => magnitude.to_owned(),
        },
    }
}

fn minus(notation: Notation) -> &'static str {
    match notation {
        Notation::Plain => "\u{2212}",
        Notation::Tex => "-",
    }
}

fn not_a_number(notation: Notation) -> String {
    match notation {
        Notation::Plain => "\u{2013}".to_owned(),
        Notation::Tex => "\\text{\u{2013}}".to_owned(),
    }
}

/// The decimal digits at the beginning of `text`, and the rest.
fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

fn zero_padding(width: &str) -> Result<usize, NumberFormatError> {
    if width.is_empty() {
        return Ok(0);
    }
    let zeros = width.strip_prefix('0').ok_or_else(|| width_error(&format!("the width {width}")))?;
    match zeros.parse() {
        Ok(width) if width <= MAX_ZEROS => Ok(width),
        _ => Err(format_error(format!("`{width}` is no width of 01 to 0{MAX_ZEROS}"))),
    }
}

fn decimals(digits: Option<&str>) -> Result<Option<usize>, NumberFormatError> {
    let Some(digits) = digits else { return Ok(None) };
    match digits.parse() {
        Ok(count) if count <= MAX_DIGITS => Ok(Some(count)),
        _ => Err(format_error(format!("`.{digits}` is no number of decimals from .0 to .{MAX_DIGITS}"))),
    }
}

fn unknown_format(spec: &str, rest: &str) -> NumberFormatError {
    let python = rest.strip_suffix(['f', 'g', 'd']).filter(|rest| rest.is_empty());
    if python.is_some() && spec.len() > 1 {
        let rust = &spec[..spec.len() - 1];
        return NumberFormatError {
            message: format!("`{spec}` is not a format of Rust's"),
            help: format!("write `{rust}`, without the letter"),
        };
    }
    if spec.contains(['<', '^', '>']) {
        return width_error("an alignment");
    }
    format_error(format!("`{spec}` is not a format"))
}

fn width_error(what: &str) -> NumberFormatError {
    NumberFormatError {
        message: format!("{what} is not needed in a readout"),
        help: format!("leave it out: a readout always takes the room of its widest value; {ALLOWED}"),
    }
}

fn format_error(message: String) -> NumberFormatError {
    NumberFormatError { message, help: ALLOWED.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(spec: &str, value: f64) -> String {
        NumberFormat::parse(spec).unwrap().real(value, Notation::Plain)
    }

    fn tex(spec: &str, value: f64) -> String {
        NumberFormat::parse(spec).unwrap().real(value, Notation::Tex)
    }

    const VALUES: [f64; 12] =
        [0.0, 1.0, -1.5, 0.125, 2.675, -1234.5678, 1e-3, 9.9996, -0.000_244, 6.02e23, 1e15, -3.0e-300];

    #[test]
    fn formats_equal_those_of_rust_except_for_the_minus() {
        for value in VALUES {
            let ascii = |text: String| text.replace('\u{2212}', "-");
            let negative_zero =
                |text: &str| text.starts_with('-') && !text.contains(|c: char| ('1'..='9').contains(&c));
            for (ours, rusts) in [
                (plain(".3", value), format!("{value:.3}")),
                (plain("+.2", value), format!("{value:+.2}")),
                (plain("08.2", value), format!("{value:08.2}")),
                (plain(".2e", value), format!("{value:.2e}")),
                (plain("+e", value), format!("{value:+e}")),
                (plain("", value), format!("{value:?}").trim_end_matches(".0").to_owned()),
            ] {
                if !negative_zero(&rusts) {
                    assert_eq!(ascii(ours), rusts, "{value}");
                }
            }
        }
    }

    #[test]
    fn the_default_format_parses_to_the_same_number() {
        for value in VALUES.into_iter().chain([0.1 + 0.2, f64::MAX, f64::MIN_POSITIVE, -1e16, 1e-5]) {
            let read: f64 = plain("", value).replace('\u{2212}', "-").parse().unwrap();
            assert_eq!(read.to_bits(), value.to_bits());
        }
    }

    #[test]
    fn numbers_in_messages_are_as_short_as_possible() {
        let cases =
            [(10.0, "10"), (0.25, "0.25"), (-3.0, "-3"), (1e15, "1000000000000000"), (5e-324, "5e-324")];
        for (value, text) in cases.into_iter().chain([(-1.7e308, "-1.7e308"), (f64::INFINITY, "inf")]) {
            assert_eq!(shortest(value), text);
        }
    }

    #[test]
    fn zero_never_has_a_minus() {
        for spec in ["", ".2", "e", ".2e", "05.1", "+.1", "+.0e"] {
            for value in [-0.0, 0.0] {
                assert!(!plain(spec, value).contains('\u{2212}'), "{spec}");
                assert_eq!(plain(spec, value), plain(spec, 0.0));
            }
        }
        assert_eq!(plain(".2", -0.004), "0.00");
        assert_eq!(plain("+.2", -0.004), "+0.00");
        assert_eq!(tex(".2", -0.006), "-0.01");
    }

    #[test]
    fn mathematics_and_plain_text_have_their_own_notation() {
        assert_eq!(plain(".1e", -0.0012), "\u{2212}1.2e\u{2212}3");
        assert_eq!(tex(".1e", -0.0012), r"-1.2 \times 10^{-3}");
        assert_eq!(tex("", 6.02e23), r"6.02 \times 10^{23}");
        assert_eq!(
            (plain(".2", f64::NEG_INFINITY), tex("06.2", f64::INFINITY)),
            ("−∞".into(), r"\infty".into())
        );
        assert_eq!((plain("+.2", f64::NAN), tex(".2", -f64::NAN)), ("–".into(), r"\text{–}".into()));
    }

    #[test]
    fn complex_numbers_have_the_imaginary_sign_between_their_parts() {
        let format = NumberFormat::parse(".2").unwrap();
        let written = |re, im, notation| format.complex(Complex64::new(re, im), notation);
        assert_eq!(written(1.0, 2.0, Notation::Plain), "1.00 + 2.00j");
        assert_eq!(written(-1.0, -2.0, Notation::Plain), "−1.00 − 2.00j");
        assert_eq!(written(-1.0, -0.001, Notation::Tex), "-1.00 + 0.00j");
        assert_eq!(written(0.0, f64::INFINITY, Notation::Tex), r"0.00 + \infty j");
        assert_eq!(written(f64::NAN, 1.0, Notation::Plain), "–");
    }

    #[test]
    fn errors_of_other_formats_say_what_is_allowed() {
        for (spec, help) in [
            (".2f", "`.2`"),
            ("8.3", "room of its widest"),
            (">8", "room of its widest"),
            ("*^9.1", "room of its widest"),
            (".", "three decimals"),
            (".99", "three decimals"),
            ("?", "three decimals"),
            ("E", "three decimals"),
            ("0", "three decimals"),
            ("099", "three decimals"),
            ("-.2", "three decimals"),
            ("é", "three decimals"),
            ("f", "three decimals"),
        ] {
            let found = NumberFormat::parse(spec).expect_err(spec);
            assert!(found.help.contains(help), "{spec}: {found:?}");
        }
    }
}
