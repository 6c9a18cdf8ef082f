//! Reads `--set KEY=VALUES`. The values are a list of ranges and single values: `zeta=0:1:0.1,2,3*pi`.

use std::ops::Range;

use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::source::{FileId, OVERRIDE, Origin, Sources};

use super::parameter::{Parameter, Spanned, check_count};
use super::range::{DecimalRange, MAX_DIGITS, RangeError, to_toml};

/// One parameter for each option.
///
/// # Errors
/// An option without `=`, an empty value, a wrong range, too many combinations.
pub(super) fn parameters(options: &[String], sources: &mut Sources) -> Result<Vec<Parameter>, Diagnostic> {
    let mut scenes: u128 = 1;
    let mut parameters = Vec::new();
    for option in options {
        let file = sources.add(OVERRIDE, option);
        let option = sources.get(file).text();
        let (key, items) = parse_option(file, option)?;
        scenes = scenes.saturating_mul(items.iter().map(Item::count).sum());
        // Before the ranges are expanded, since a wrong step may make billions of values.
        check_count(scenes, Origin::new(file, 0..option.len()))?;
        parameters.push(Parameter { key, values: items.into_iter().flat_map(Item::values).collect() });
    }
    Ok(parameters)
}

/// One item of a list of values.
enum Item {
    Value(Spanned),
    Range(DecimalRange, Origin),
}

impl Item {
    fn count(&self) -> u128 {
        match self {
            Self::Value(_) => 1,
            Self::Range(range, _) => range.count(),
        }
    }

    fn values(self) -> Vec<Spanned> {
        match self {
            Self::Value(value) => vec![value],
            Self::Range(range, origin) => {
                range.numbers().map(|number| Spanned { text: to_toml(number), origin }).collect()
            }
        }
    }
}

fn parse_option(file: FileId, option: &str) -> Result<(Spanned, Vec<Item>), Diagnostic> {
    let Some(equals) = option.find('=') else {
        let help = "write --set 'zeta=0:2:0.01' for a range, --set zeta=0.5,1,2 for a list";
        return Err(Spanned::trimmed(file, option, 0..option.len()).error("`--set` needs KEY=VALUES", help));
    };
    let key = Spanned::trimmed(file, option, 0..equals);
    let items = split(option, equals + 1..option.len(), ',').into_iter();
    let items = items.map(|span| parse_item(file, option, span)).collect::<Result<_, _>>()?;
    Ok((key, items))
}

fn parse_item(file: FileId, option: &str, span: Range<usize>) -> Result<Item, Diagnostic> {
    let item = Spanned::trimmed(file, option, span.clone());
    if item.text.is_empty() {
        return Err(item.error("a value is missing", "write one between any two commas"));
    }
    let parts: Vec<Spanned> =
        split(option, span, ':').into_iter().map(|part| Spanned::trimmed(file, option, part)).collect();
    match parts.as_slice() {
        [_] => Ok(Item::Value(item)),
        [first, last, step] => Ok(Item::Range(parse_range(&item, [first, last, step])?, item.origin)),
        _ => {
            let help = "write first, last and step, as 0:2:0.01; put quotes around a text that has colons";
            Err(item.error("a range needs three numbers", help))
        }
    }
}

fn parse_range(range: &Spanned, [first, last, step]: [&Spanned; 3]) -> Result<DecimalRange, Diagnostic> {
    let number = |part: &Spanned| {
        part.decimal().ok_or_else(|| {
            let why = format!("`{}` is not a decimal number with at most {MAX_DIGITS} digits", part.text);
            part.error(why, "write a range as 0:2:0.01; list expressions and longer numbers: pi,2*pi")
        })
    };
    DecimalRange::new(number(first)?, number(last)?, number(step)?).map_err(|error| match error {
        RangeError::Direction => {
            let why = format!("steps of {} do not lead from {} to {}", step.text, first.text, last.text);
            step.error(why, "write 0:2:0.01, or 2:0:-0.01 to go down")
        }
        RangeError::Digits => {
            let why = format!("this range has numbers with more than {MAX_DIGITS} digits");
            range.error(why, "take ends and a step of similar size, or list the values")
        }
    })
}

/// Splits a part of a text at separators outside of quotes and brackets.
fn split(text: &str, span: Range<usize>, separator: char) -> Vec<Range<usize>> {
    let (mut parts, mut start) = (Vec::new(), span.start);
    let (mut quote, mut depth) = (None, 0_usize);
    for (offset, c) in text[span.clone()].char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{' | '(') => depth += 1,
            (None, ']' | '}' | ')') => depth = depth.saturating_sub(1),
            (None, _) if c == separator && depth == 0 => {
                let end = span.start + offset;
                parts.push(start..end);
                start = end + c.len_utf8();
            }
            (Some(_) | None, _) => {}
        }
    }
    parts.push(start..span.end);
    parts
}

#[cfg(test)]
mod tests {
    use super::super::combinations::Sweep;
    use crate::cli::load::LocatedError;

    fn sweep(options: &[&str]) -> Result<Sweep, LocatedError> {
        Sweep::from_options(&options.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    fn assignments(options: &[&str]) -> Vec<String> {
        let sweep =
            sweep(options).unwrap_or_else(|(error, _)| panic!("{options:?}: {}", error.first().message));
        (0..sweep.combinations.len()).map(|scene| sweep.assignments(scene).join(" ")).collect()
    }

    #[test]
    fn options_are_combined_and_the_last_varies_fastest() {
        assert_eq!(
            assignments(&["a=1,2", "b=0:0.2:0.1"]),
            ["a=1 b=0", "a=1 b=0.1", "a=1 b=0.2", "a=2 b=0", "a=2 b=0.1", "a=2 b=0.2"]
        );
    }

    #[test]
    fn a_list_holds_values_ranges_and_brackets() {
        assert_eq!(assignments(&["k=0:1:0.5,10"]), ["k=0", "k=0.5", "k=1", "k=10"]);
        assert_eq!(assignments(&["k=1e300,1e-40"]), ["k=1e300", "k=1e-40"]);
        assert_eq!(assignments(&["k= 3*pi , atan2(1, 2)"]), ["k=3*pi", "k=atan2(1, 2)"]);
        assert_eq!(assignments(&["time.span=[0, 1],[0, 2]"]), ["time.span=[0, 1]", "time.span=[0, 2]"]);
        assert_eq!(assignments(&["alt='a, b: c',\"d\""]), ["alt='a, b: c'", "alt=\"d\""]);
    }

    #[test]
    fn numbers_too_large_for_a_toml_integer_are_floats() {
        assert_eq!(assignments(&["k=.5,9e18"]), ["k=0.5", "k=9000000000000000000"]);
        assert_eq!(assignments(&["k=1e19"]), ["k=10000000000000000000.0"]);
        assert_eq!(
            assignments(&["k=1e19:2e19:1e19"]),
            ["k=10000000000000000000.0", "k=20000000000000000000.0"]
        );
    }

    #[test]
    fn errors_mark_their_place() {
        for (options, message, marked) in [
            (&["zeta"][..], "needs KEY=VALUES", "zeta"),
            (&["zeta=0:2"], "three numbers", "0:2"),
            (&["zeta=1, 0:2:0.1:3"], "three numbers", "0:2:0.1:3"),
            (&["zeta=0:2*pi:0.1"], "`2*pi` is not a decimal number", "2*pi"),
            (&["zeta=0:2:"], "`` is not a decimal number", ""),
            (&["zeta=0:1e300:1"], "`1e300` is not a decimal number with at most 28 digits", "1e300"),
            (&["zeta=0:1:1e-40"], "`1e-40` is not a decimal number with at most 28 digits", "1e-40"),
            (&["zeta=1, 0:1e20:1e-20"], "numbers with more than 28 digits", "0:1e20:1e-20"),
            (&["zeta=0:2:0"], "steps of 0 do not lead from 0 to 2", "0"),
            (&["zeta=0:2:-0.1"], "steps of -0.1", "-0.1"),
            (&["zeta=1,,2"], "a value is missing", ""),
            (&["zeta="], "a value is missing", ""),
            (&["zeta=0:1e9:1e-9"], "makes 1000000000000000001 scenes", "zeta=0:1e9:1e-9"),
            (&["a=1:1000:1", "b=1:1000:1"], "makes 1000000 scenes", "b=1:1000:1"),
        ] {
            let (error, sources) = sweep(options).expect_err(options[0]);
            assert!(error.first().message.contains(message), "{options:?}: {}", error.first().message);
            assert_eq!(sources.excerpt(error.first().origin.expect("a place")), marked, "{options:?}");
            assert!(error.first().help.is_some());
        }
    }
}
