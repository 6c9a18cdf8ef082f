//! Names and messages without the characters that a terminal obeys instead of showing.
//!
//! The name of a file can hold an escape sequence that clears the screen, a line break that forges a line of a log, or a
//! mark that reverses the direction of reading. [`name`] shows a name and [`text`] a message of several lines; both write
//! such a character as an escape, `\u{1b}`. `clippy.toml` forbids `Path::display`, which escapes nothing.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::path::Path;

/// A text that is shown with escapes in place of its unprintable characters.
#[derive(Clone, Debug)]
pub struct Printable<'a> {
    text: Cow<'a, str>,
    /// Characters that are shown as they are.
    kept: &'static [char],
}

/// A path or any other name, on one line.
#[must_use]
pub fn name<N: AsRef<Path> + ?Sized>(name: &N) -> Printable<'_> {
    Printable { text: name.as_ref().to_string_lossy(), kept: &[] }
}

/// A message, whose line breaks and tabs stay.
#[must_use]
pub fn text(text: &str) -> Printable<'_> {
    Printable { text: Cow::Borrowed(text), kept: &['\n', '\t'] }
}

/// The same JSON with `\u` escapes in place of all unprintable characters. Serializers escape those below U+0020 alone;
/// the others can stand only within strings, where the escape means the character.
#[must_use]
pub fn json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character != '\n' && is_unprintable(character) {
            // A string takes all that is written to it.
            let _ = write!(escaped, "\\u{:04x}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Whether a terminal does something else with a character than to show it: control characters, line and paragraph
/// separators, and marks that change the direction of the text.
#[must_use]
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// Why no file may be created under a name, and the remedy; none for a name that can be shown as it is.
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
    fn names_lose_what_a_terminal_obeys_and_nothing_else() {
        for (raw, shown) in [
            ("imgs/it's α \\ b.gif", "imgs/it's α \\ b.gif"),
            ("a\u{1b}[31m.gif", "a\\u{1b}[31m.gif"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{9b}2J\u{7f}", "\\u{9b}2J\\u{7f}"),
            ("a\u{202e}fig.toml", "a\\u{202e}fig.toml"),
            ("\u{2028}\u{2066}\u{200f}", "\\u{2028}\\u{2066}\\u{200f}"),
        ] {
            assert_eq!(name(raw).to_string(), shown);
            assert_eq!(name(shown).to_string(), shown, "what is shown can be shown again");
            assert_eq!(refusal(raw).is_some(), raw != shown, "{shown}");
        }
        assert_eq!(text("a\n\tb\u{7}").to_string(), "a\n\tb\\u{7}");
    }

    #[test]
    #[cfg(feature = "cli")]
    fn json_means_the_same_and_holds_no_control_character_within_a_line() {
        let all: String = (0..0x2100).filter_map(char::from_u32).collect();
        let json = json(&serde_json::to_string_pretty(&[&all]).expect("JSON"));
        assert!(!json.chars().any(|character| character != '\n' && is_unprintable(character)));
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).expect("JSON"), [all]);
    }
}
