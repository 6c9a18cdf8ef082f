//! A minimal XML writer: elements, attributes and text.

use std::fmt::{self, Display, Write};

/// An XML element.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Element {
    name: &'static str,
    attributes: String,
    inside: String,
}

impl Element {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, attributes: String::new(), inside: String::new() }
    }

    /// Adds an attribute. The value is not escaped: it must be a number, a name or path data.
    pub(super) fn with(mut self, name: &str, value: impl Display) -> Self {
        // Writing to a string cannot fail.
        let _ = write!(self.attributes, " {name}=\"{value}\"");
        self
    }

    /// Adds an attribute if there is a value.
    pub(super) fn with_optional(self, name: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Appends children.
    pub(super) fn with_children<'a>(mut self, children: impl IntoIterator<Item = &'a Self>) -> Self {
        for child in children {
            let _ = write!(self.inside, "{child}");
        }
        self
    }

    /// Appends escaped text.
    pub(super) fn with_text(mut self, text: &str) -> Self {
        self.inside.push_str(&escape(text));
        self
    }
}

impl Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, attributes, inside } = self;
        match inside.as_str() {
            "" => write!(f, "<{name}{attributes}/>"),
            inside => write!(f, "<{name}{attributes}>{inside}</{name}>"),
        }
    }
}

/// Escapes text between tags. XML cannot represent most control characters, so they become U+FFFD.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
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
    fn elements_nest_and_texts_are_escaped() {
        let title = Element::new("title").with_text("a < b & \u{1} \"c\" ]]>");
        let group = Element::new("g").with("x", 1).with_optional("y", None::<u8>).with_children([&title]);
        assert_eq!(group.to_string(), "<g x=\"1\"><title>a &lt; b &amp; \u{fffd} \"c\" ]]&gt;</title></g>");
        assert_eq!(Element::new("g").to_string(), "<g/>");
    }
}
