//! Texts in HTML and in XML.

use kymograph::svg::escape;

/// A text that means itself between tags and in the quotes of an attribute.
pub(super) fn escaped(text: &str) -> String {
    escape(text).replace('"', "&quot;")
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
