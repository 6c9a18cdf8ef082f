//! Typesetting: labels to outlines.

/// A part of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Plain text.
    Plain(String),
    /// LaTeX mathematics, without dollars.
    Math(String),
    /// A readout in plain text: `text` set right-aligned in the width of `widest`.
    Reserved {
        /// What is shown.
        text: String,
        /// What gives the width.
        widest: String,
    },
}
