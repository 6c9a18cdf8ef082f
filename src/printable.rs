//! Names and messages with control characters escaped, safe to print to a terminal.
//!
//! A file name can hold an escape sequence that clears the screen, a line break that forges a line of a log, or a
//! mark that reverses the text direction. [`name`] formats a name and [`text`] a message of several lines; both write
//! such a character as an escape, `\u{1b}`. `clippy.toml` forbids `Path::display`, which escapes nothing.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::path::Path;

/// A text whose `Display` escapes unprintable characters.
#[derive(Clone, Debug)]
pub struct Printable<'a> {
    text: Cow<'a, str>,
    /// Unprintable characters that are not escaped.
    kept: &'static [char],
}

/// Formats a path or another name on one line.
#[must_use]
pub fn name<N: AsRef<Path> + ?Sized>(name: &N) -> Printable<'_> {
    Printable { text: name.as_ref().to_string_lossy(), kept: &[] }
}

/// Formats a message; its line breaks and tabs are kept.
#[must_use]
pub fn text(text: &str) -> Printable<'_> {
    Printable { text: Cow::Borrowed(text), kept: &['\n', '\t'] }
}

/// Replaces all unprintable characters of a JSON text by `\u` escapes. Serializers escape only those below U+0020;
/// the others can occur only inside strings, where the escape is equivalent to the character.
#[must_use]
pub fn json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character != '\n' && is_unprintable(character) {
            // Writing to a string never fails.
            let _ = write!(escaped, "\\u{:04x}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Whether a terminal interprets a character instead of printing it: control characters, line and paragraph
/// separators, and marks that change the text direction.
#[must_use]
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// The reason why no file may be created under a name, and the remedy; `None` for a printable name.
#[must_use]
pub fn refusal(file: &str) -> Option<(String, String)> {
    let character = file.chars().find(|character| is_unprintable(*character))?.escape_default();
    let why = format!("the name `{}` holds the control character {character}", name(file));
    Some((why, format!("choose a name without {character}")))
}

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.chars().try_for_each(|character| {
            if is_unprintable(character) && !self.kept.contains(&character) {
                write!(f, "{}", character.escape_default())
            } else {
                f.write_char(character)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unprintable_characters_of_names_are_escaped() {
        for (raw, shown) in [
            ("imgs/it's α \\ b.gif", "imgs/it's α \\ b.gif"),
            ("a\u{1b}[31m.gif", "a\\u{1b}[31m.gif"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{9b}2J\u{7f}", "\\u{9b}2J\\u{7f}"),
            ("a\u{202e}fig.toml", "a\\u{202e}fig.toml"),
            ("\u{2028}\u{2066}\u{200f}", "\\u{2028}\\u{2066}\\u{200f}"),
        ] {
            assert_eq!(name(raw).to_string(), shown);
            assert_eq!(name(shown).to_string(), shown, "escaping twice changes nothing");
            assert_eq!(refusal(raw).is_some(), raw != shown, "{shown}");
        }
        assert_eq!(text("a\n\tb\u{7}").to_string(), "a\n\tb\\u{7}");
    }

    #[test]
    #[cfg(feature = "cli")]
    fn escaped_json_has_the_same_value_and_no_control_characters() {
        let all: String = (0..0x2100).filter_map(char::from_u32).collect();
        let json = json(&serde_json::to_string_pretty(&[&all]).expect("JSON"));
        assert!(!json.chars().any(|character| character != '\n' && is_unprintable(character)));
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).expect("JSON"), [all]);
    }
}
