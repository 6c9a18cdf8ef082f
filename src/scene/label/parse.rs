//! A label's text into pieces, and its mistakes into sentences.
//!
//! Read from left to right in one pass. Inside mathematics a backslash protects what follows it, as
//! in TeX; in plain text it does so only for `$` and `@`. A readout ends at the first `}`.

use std::ops::Range;

use super::{LabelPiece, MathPart, PieceKind, Readout};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::number_format::{Notation, NumberFormat};
use crate::scene::source_string::SourceString;
use crate::scene::syntax::single_quoted;

/// The pieces of a label.
pub(super) fn pieces(content: &SourceString) -> Result<Vec<LabelPiece>, Diagnostic> {
    refuse_control(content)?;
    Parser { content, label: content.as_str(), at: 0 }.all()
}

/// Reads a label from left to right.
struct Parser<'a> {
    content: &'a SourceString,
    label: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.label[self.at..]
    }

    fn error(&self, range: Range<usize>, message: &str, help: &str) -> Diagnostic {
        Diagnostic::new(message).within(self.content, range).help(help)
    }

    /// Takes `text` if it comes next.
    fn take(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn take_char(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn all(mut self) -> Result<Vec<LabelPiece>, Diagnostic> {
        let mut pieces = Vec::new();
        while self.at < self.label.len() {
            let start = self.at;
            pieces.push(if self.take("@{") {
                let readout = self.readout(start, Notation::Plain)?;
                LabelPiece { kind: PieceKind::Readout(readout), range: start..self.at }
            } else if self.take("$") {
                let parts = self.math(start)?;
                LabelPiece { kind: PieceKind::Math(parts), range: start + 1..self.at - 1 }
            } else {
                LabelPiece { kind: PieceKind::Plain(self.plain()), range: start..self.at }
            });
        }
        Ok(pieces)
    }

    /// Plain text up to the next mathematics or readout.
    fn plain(&mut self) -> String {
        let mut text = String::new();
        while !self.rest().starts_with('$') && !self.rest().starts_with("@{") {
            if self.take(r"\$") {
                text.push('$');
            } else if self.take(r"\@") {
                text.push('@');
            } else if let Some(c) = self.take_char() {
                text.push(c);
            } else {
                break;
            }
        }
        text
    }

    /// The inside of mathematics whose first dollar stands at `start`, and its last dollar.
    fn math(&mut self, start: usize) -> Result<Vec<MathPart>, Diagnostic> {
        let mut parts = Vec::new();
        let mut tex = String::new();
        loop {
            let here = self.at;
            if self.take("$") {
                break;
            } else if self.take("@{") {
                if !tex.is_empty() {
                    parts.push(MathPart::Tex(std::mem::take(&mut tex)));
                }
                parts.push(MathPart::Readout(self.readout(here, Notation::Tex)?));
            } else if self.take(r"\@") {
                tex.push('@');
            } else if let Some(c) = self.take_char() {
                tex.push(c);
                // What a backslash protects is TeX's, the dollar of `\$` and the second one of `\\` too.
                tex.extend((c == '\\').then(|| self.take_char()).flatten());
            } else {
                return Err(self.error(
                    start..start + 1,
                    "this `$` opens mathematics that nothing closes",
                    r"close it with another `$`, or write \$ for the sign itself",
                ));
            }
        }
        if !tex.is_empty() {
            parts.push(MathPart::Tex(tex));
        }
        if parts.is_empty() || matches!(parts.as_slice(), [MathPart::Tex(tex)] if tex.trim().is_empty()) {
            let help = r"write mathematics between single dollars, or \$ for the sign itself";
            return Err(self.error(start..self.at, "there is no mathematics between these dollars", help));
        }
        Ok(parts)
    }

    /// The inside of a readout whose `@` stands at `start`, and its closing brace.
    fn readout(&mut self, start: usize, notation: Notation) -> Result<Readout, Diagnostic> {
        let open = self.at;
        let Some(length) = self.rest().find('}') else {
            let help = r"write @{t:.1}, or \@ for the sign itself";
            return Err(self.error(start..open, "this readout is not closed by `}`", help));
        };
        self.at = open + length + 1;
        let inside = &self.label[open..open + length];
        let expression = inside.rfind(':').map_or(inside, |colon| &inside[..colon]);
        let format = match inside.get(expression.len() + 1..) {
            Some(spec) => NumberFormat::parse(spec.trim()).map_err(|error| {
                self.error(open + expression.len() + 1..open + length, &error.message, &error.help)
            })?,
            None => NumberFormat::default(),
        };
        let leading = expression.len() - expression.trim_start().len();
        let expression = expression.trim();
        if expression.is_empty() {
            return Err(self.error(start..self.at, "this readout shows nothing", "write @{t:.1}"));
        }
        let range = open + leading..open + leading + expression.len();
        Ok(Readout { expression: expression.to_owned(), range, format, notation })
    }
}

/// Refuses control characters: a `\t` that TOML made a tab, or a line break that was typed.
fn refuse_control(content: &SourceString) -> Result<(), Diagnostic> {
    let label = content.as_str();
    let Some((at, found)) = label.char_indices().find(|(_, c)| c.is_control()) else {
        return Ok(());
    };
    let range = at..at + found.len_utf8();
    let name = found.escape_debug();
    if !content.is_escape(at) {
        return Err(Diagnostic::new(format!("a label is one line of text, without `{name}`"))
            .within(content, range)
            .help("write the label on one line, with spaces"));
    }
    let meant: String = label.chars().map(as_written).collect();
    let help = format!("use single quotes, where a backslash is itself: {}", single_quoted(&meant));
    Err(Diagnostic::new(format!("in double quotes TOML makes a control character of `{name}`"))
        .within(content, range)
        .help(help))
}

/// A character as its author will have written it: a control character as the backslash and letter
/// that TOML made it of.
fn as_written(c: char) -> String {
    match c {
        '\u{8}' => r"\b".to_owned(),
        '\u{c}' => r"\f".to_owned(),
        '\u{1b}' => r"\e".to_owned(),
        _ if c.is_control() => c.escape_debug().to_string(),
        _ => c.to_string(),
    }
}
