//! The names of a sweep's scenes and pictures, such as `damping-zeta_0.50-k_20`: the base scene's name and the values.
//!
//! The names need no quotes in shells, do not look like assignments in Makefiles (as `zeta=0.5` would), and are valid on
//! all file systems. The numbers of a parameter have equal widths, so listings show them in order, negative ones first.

use rust_decimal::Decimal;

use super::combinations::Sweep;
use super::parameter::{Parameter, Spanned};

/// The part of each scene's name that follows the base scene's name.
pub(super) fn suffixes(sweep: &Sweep) -> Vec<String> {
    let parameters: Vec<Vec<String>> = sweep.parameters.iter().map(value_suffixes).collect();
    let suffix = |combination: &Vec<usize>| -> String {
        parameters.iter().zip(combination).map(|(suffixes, value)| suffixes[*value].as_str()).collect()
    };
    sweep.combinations.iter().map(suffix).collect()
}

/// `-key_value` for each value of a parameter.
fn value_suffixes(parameter: &Parameter) -> Vec<String> {
    let key = parameter.key.text.strip_prefix("params.").unwrap_or(&parameter.key.text);
    let numbers = parameter.values.iter().filter_map(Spanned::decimal);
    let widest = numbers.map(widths).fold((0, 0), |(a, b), (c, d)| (a.max(c), b.max(d)));
    let values = parameter.values.iter().map(|value| match value.decimal() {
        Some(number) => padded(number, widest),
        None => sanitized(&value.text),
    });
    values.map(|value| format!("-{}_{value}", sanitized(key))).collect()
}

/// The numbers of digits before and after the decimal point.
fn widths(number: Decimal) -> (usize, usize) {
    (number.trunc().abs().to_string().len(), number.scale() as usize)
}

/// The number with zeros added on both sides.
fn padded(number: Decimal, (whole, fraction): (usize, usize)) -> String {
    // Formatting with `{:.fraction$}` would panic for numbers of more than 32 digits.
    let digits = number.abs().to_string();
    let (before, after) = digits.split_once('.').unwrap_or((&digits, ""));
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let point = if fraction > 0 { "." } else { "" };
    format!("{sign}{before:0>whole$}{point}{after:0<fraction$}")
}

/// The text with `-` in place of characters that are not safe in file names.
fn sanitized(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let words: Vec<&str> = text.split(|c| !safe(c)).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// An output path with the suffix after its stem, or before the frame number of a sequence: `turn-%04d.png` becomes
/// `turn-k_5-%04d.png`.
pub(super) fn output_path(path: &str, suffix: &str) -> String {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    let dot = path[name..].rfind('.').map_or(path.len(), |dot| name + dot);
    let (stem, separator, rest) = match path[name..].find('%').map(|percent| name + percent) {
        None => (&path[..dot], "", &path[dot..]),
        Some(percent) => {
            let stem = path[..percent].strip_suffix(['-', '_', '.']);
            let separator = stem.map_or("-", |stem| &path[stem.len()..percent]);
            (stem.unwrap_or(&path[..percent]), separator, &path[percent..])
        }
    };
    // A name that begins with the suffix must not begin with its `-`.
    let suffix = if stem.len() == name { suffix.trim_start_matches('-') } else { suffix };
    format!("{stem}{suffix}{separator}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suffixes_of(options: &[&str]) -> Vec<String> {
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        suffixes(
            &Sweep::from_options(&options).unwrap_or_else(|(error, _)| panic!("{}", error.first().message)),
        )
    }

    #[test]
    fn names_contain_the_values_and_sort_as_they_do() {
        assert_eq!(
            suffixes_of(&["zeta=0.05,1", "params.k=5,20"]),
            ["-zeta_0.05-k_05", "-zeta_0.05-k_20", "-zeta_1.00-k_05", "-zeta_1.00-k_20"]
        );
        assert!(suffixes_of(&["zeta=0:20:0.25"]).is_sorted());
        assert!(suffixes_of(&["zeta=0,0.05,0.5,2,10,10.25"]).is_sorted());
        assert_eq!(suffixes_of(&["x0=-1.5,10,.25"]), ["-x0_-01.50", "-x0_10.00", "-x0_00.25"]);
        let zeros = |count| "0".repeat(count);
        assert_eq!(
            suffixes_of(&["k=1e28,-1e-28"]),
            [format!("-k_1{}.{}", zeros(28), zeros(28)), format!("-k_-{}.{}1", zeros(29), zeros(27))]
        );
        assert_eq!(suffixes_of(&["x0=-1:1:1"]), ["-x0_-1", "-x0_0", "-x0_1"]);
    }

    #[test]
    fn names_have_no_characters_special_to_shells_and_makefiles() {
        for (option, name) in [
            ("canvas.theme='dark'", "-canvas.theme_dark"),
            ("k=3*pi", "-k_3-pi"),
            ("canvas.background=#fff", "-canvas.background_fff"),
            ("time.span=[0, 1e3]", "-time.span_0-1e3"),
            ("alt=\"$(rm -rf) %d: µ\"", "-alt_rm--rf-d"),
        ] {
            assert_eq!(suffixes_of(&[option]), [name], "{option}");
        }
    }

    #[test]
    fn output_paths_keep_folder_extension_and_frame_number() {
        for (path, named) in [
            ("imgs/turn.apng", "imgs/turn-k_5.apng"),
            ("turn.png", "turn-k_5.png"),
            ("a.b/c.d.svg", "a.b/c.d-k_5.svg"),
            ("imgs/turn-%04d.png", "imgs/turn-k_5-%04d.png"),
            ("imgs/turn%d.png", "imgs/turn-k_5-%d.png"),
            ("frames/%04d.png", "frames/k_5-%04d.png"),
            ("frames/%04d_x.png", "frames/k_5-%04d_x.png"),
        ] {
            assert_eq!(output_path(path, "-k_5"), named);
        }
    }
}
