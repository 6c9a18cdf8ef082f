//! Texts in HTML and in XML.

/// A text that means itself between tags and in the quotes of an attribute. XML has no way to write
/// most control characters, so they are replaced.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' => escaped.push(character),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            control if control.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            plain => escaped.push(plain),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_comes_back_from_a_reader_or_is_replaced() {
        let awkward = "a < b && \"c\" > 'd' ]]> <!-- \u{1b}[31m \0 \r \u{85} \u{ffff} \u{1f600} π";
        let page = format!("<a b=\"{0}\">{0}</a>", escaped(awkward));
        let document = roxmltree::Document::parse(&page).expect("XML");
        let expected: String =
            awkward.chars().map(|c| if c.is_control() || c == '\u{ffff}' { '\u{fffd}' } else { c }).collect();
        assert_eq!(document.root_element().text(), Some(expected.as_str()));
        assert_eq!(document.root_element().attribute("b"), Some(expected.as_str()));
    }
}
