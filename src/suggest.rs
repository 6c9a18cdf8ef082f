//! Suggestions for misspelled names.
//!
//! The distance is the number of single-character edits. Swapping two neighbors (`oragne`) is one edit, and letter case is
//! ignored. A name is near with at most one edit per three characters, rounded.

use strsim::osa_distance;

/// The nearest of `names` to `word`, the first of several equally near; `None` if none is near.
#[must_use]
pub fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let allowed = ((length + 1) / 3).max(1).min(length.saturating_sub(1));
    names
        .into_iter()
        .map(|name| (osa_distance(&word, &name.to_lowercase()), name))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// The help for an unknown `word`: the nearest of `names`, or all of them; `None` if `names` is empty.
#[must_use]
pub fn hint(word: &str, names: &[&str]) -> Option<String> {
    if let Some(name) = nearest(word, names.iter().copied()) {
        return Some(format!("did you mean `{name}`?"));
    }
    (!names.is_empty()).then(|| format!("known here: {}", listed(names)))
}

/// Formats names as a list: `` `a`, `b`, `c` ``
#[must_use]
pub fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Quotes `text` for a message, with control characters escaped and long text truncated.
#[must_use]
pub fn quoted(text: &str) -> String {
    const MAX_CHARS: usize = 40;
    let shown: String = text.chars().take(MAX_CHARS).collect();
    let ellipsis = if shown.len() < text.len() { "…" } else { "" };
    // `escape_debug` is used only for control characters: it would also double the backslashes of labels.
    let visible: String =
        shown.chars().map(|c| if c.is_control() { c.escape_debug().to_string() } else { c.into() }).collect();
    format!("\"{visible}{ellipsis}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 5] = ["frames", "fps", "font-size", "color", "k"];

    #[test]
    fn misspelled_names_are_recognized() {
        for (misspelled, name) in [
            ("frmaes", "frames"),
            ("frame", "frames"),
            ("font_size", "font-size"),
            ("colour", "color"),
            ("K", "k"),
            ("FPS", "fps"),
        ] {
            assert_eq!(nearest(misspelled, KEYS), Some(name), "{misspelled}");
        }
    }

    #[test]
    fn other_words_have_no_suggestion() {
        for word in ["m", "background", "", "xy", "duration"] {
            assert_eq!(nearest(word, KEYS), None, "{word}");
        }
    }

    #[test]
    fn every_name_is_nearest_to_itself() {
        for name in KEYS {
            assert_eq!(nearest(name, KEYS), Some(name));
        }
    }

    #[test]
    fn without_a_near_name_all_are_listed() {
        assert_eq!(hint("zzz", &["a", "b"]).as_deref(), Some("known here: `a`, `b`"));
        assert_eq!(hint("zzz", &[]), None);
    }

    #[test]
    fn quoting_shows_control_characters_and_keeps_backslashes() {
        assert_eq!(quoted("\theta \\pi"), "\"\\theta \\pi\"");
        assert_eq!(quoted(&"é".repeat(50)), format!("\"{}…\"", "é".repeat(40)));
    }
}
