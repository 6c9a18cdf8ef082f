//! The names of a sweep's scenes and pictures: those of the scene that is swept, with the values behind them.
//!
//! `damping-zeta_0.50-k_20` wants no quotes in shells, is no assignment in a Makefile (as `zeta=0.5` would be), and
//! may stand on any disk. Numbers of a column have equal widths, so that a listing has them in order, those below zero first.

use std::path::Path;

use rust_decimal::Decimal;

use super::parameter::{Parameter, Sweep, Value};

/// What stands behind the scene's name, for each scene of the sweep.
pub(super) fn suffixes(sweep: &Sweep) -> Vec<String> {
    let columns: Vec<Vec<String>> = sweep.parameters.iter().map(parts).collect();
    let suffix = |row: &Vec<usize>| -> String {
        columns.iter().zip(row).flat_map(|(parts, index)| ["-", &parts[*index]]).collect()
    };
    sweep.combinations.iter().map(suffix).collect()
}

/// `key_value` for each value of a column.
fn parts(column: &Parameter) -> Vec<String> {
    let key = column.key.value.strip_prefix("params.").unwrap_or(&column.key.value);
    let numbers: Vec<Option<Decimal>> = column.values.iter().map(Value::decimal).collect();
    let larger = |(a, b): (usize, usize), (c, d)| (a.max(c), b.max(d));
    let widest = numbers.iter().flatten().map(widths).fold((0, 0), larger);
    let value = |(cell, number): (&Value, &Option<Decimal>)| match number {
        Some(number) => padded(*number, widest),
        None => plain(&cell.value),
    };
    column.values.iter().zip(&numbers).map(|it| format!("{}_{}", plain(key), value(it))).collect()
}

/// The number of digits before and after the decimal point.
fn widths(number: &Decimal) -> (usize, usize) {
    (number.trunc().abs().to_string().len(), number.scale() as usize)
}

/// The number with zeros added on both sides, so that names sort as their numbers do.
fn padded(number: Decimal, (whole, fraction): (usize, usize)) -> String {
    let sign_and_point = usize::from(number.is_sign_negative()) + usize::from(fraction > 0);
    format!("{number:0width$.fraction$}", width = whole + fraction + sign_and_point)
}

/// A text with a `-` for whatever a file's name had better not hold.
fn plain(text: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let words: Vec<&str> = text.split(|c| !kept(c)).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// The stem of a scene's file as the sweep's scenes take it over: without the `_` of a base, which would hide
/// them from folders.
pub(super) fn stem(scene: &Path) -> String {
    let stem = scene.file_stem().unwrap_or_default().to_string_lossy();
    stem.trim_start_matches('_').to_owned()
}

/// A picture's path with a suffix behind its name, or before the number of a frame.
pub(super) fn picture(path: &str, suffix: &str) -> String {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    let dot = path[name..].rfind('.').map_or(path.len(), |dot| name + dot);
    let number = path[name..].find('%').map_or(dot, |percent| name + percent);
    let (before, after) = path.split_at(number);
    let (before, joint) = match before.strip_suffix(['-', '_', '.']) {
        Some(shorter) if number != dot => (shorter, &before[shorter.len()..]),
        _ => (before, if number == dot { "" } else { "-" }),
    };
    let suffix = if before.len() == name { suffix.trim_start_matches('-') } else { suffix };
    format!("{before}{suffix}{joint}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suffixes_of(words: &[&str]) -> Vec<String> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        suffixes(&Sweep::from_options(&words).unwrap_or_else(|(it, _)| panic!("{}", it.message)))
    }

    #[test]
    fn names_say_the_values_and_sort_as_they_do() {
        assert_eq!(
            suffixes_of(&["zeta=0.05,1", "params.k=5,20"]),
            ["-zeta_0.05-k_05", "-zeta_0.05-k_20", "-zeta_1.00-k_05", "-zeta_1.00-k_20"]
        );
        assert!(suffixes_of(&["zeta=0:20:0.25"]).is_sorted());
        assert!(suffixes_of(&["zeta=0,0.05,0.5,2,10,10.25"]).is_sorted());
        assert_eq!(suffixes_of(&["x0=-1.5,10,.25"]), ["-x0_-01.50", "-x0_10.00", "-x0_00.25"]);
        assert_eq!(suffixes_of(&["x0=-1:1:1"]), ["-x0_-1", "-x0_0", "-x0_1"]);
    }

    #[test]
    fn names_hold_nothing_that_a_shell_or_a_makefile_reads() {
        for (word, name) in [
            ("canvas.theme='dark'", "-canvas.theme_dark"),
            ("k=3*pi", "-k_3-pi"),
            ("canvas.background=#fff", "-canvas.background_fff"),
            ("time.span=[0, 1e3]", "-time.span_0-1e3"),
            ("alt=\"$(rm -rf) %d: µ\"", "-alt_rm--rf-d"),
        ] {
            assert_eq!(suffixes_of(&[word]), [name], "{word}");
        }
    }

    #[test]
    fn pictures_keep_their_folder_their_format_and_their_number() {
        for (path, named) in [
            ("imgs/turn.apng", "imgs/turn-k_5.apng"),
            ("turn.png", "turn-k_5.png"),
            ("a.b/c.d.svg", "a.b/c.d-k_5.svg"),
            ("imgs/turn-%04d.png", "imgs/turn-k_5-%04d.png"),
            ("imgs/turn%d.png", "imgs/turn-k_5-%d.png"),
            ("frames/%04d.png", "frames/k_5-%04d.png"),
            ("frames/%04d_x.png", "frames/k_5-%04d_x.png"),
        ] {
            assert_eq!(picture(path, "-k_5"), named);
        }
    }

    #[test]
    fn bases_lose_what_hides_them() {
        assert_eq!(stem(Path::new("scenes/_damping.toml")), "damping");
    }
}
