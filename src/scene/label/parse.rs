//! Parses a label into pieces.
//!
//! The parser reads from left to right in one pass. Inside mathematics a backslash escapes the next character, as in TeX;
//! in plain text it escapes only `$` and `@`. A readout ends at the first `}`.

use std::ops::Range;

use super::{LabelPiece, MathPart, PieceKind, Readout};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::number_format::{Notation, NumberFormat};
use crate::scene::source_string::SourceString;
use crate::scene::syntax::single_quoted;

/// Parses all pieces of a label.
pub(super) fn pieces(content: &SourceString) -> Result<Vec<LabelPiece>, Diagnostic> {
    reject_control_characters(content)?;
    Parser { content, label: content.as_str(), at: 0 }.parse_all()
}

/// The state of the parser: a label and the offset of the next character.
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

    /// Consumes `text` if it comes next.
    fn consume(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn next_char(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn parse_all(mut self) -> Result<Vec<LabelPiece>, Diagnostic> {
        let mut pieces = Vec::new();
        while self.at < self.label.len() {
            let start = self.at;
            pieces.push(if self.consume("@{") {
                let is_glued = ends_in_word(&self.label[..start]);
                let readout = self.readout(start, Notation::Plain, is_glued)?;
                LabelPiece { kind: PieceKind::Readout(readout), range: start..self.at }
            } else if self.consume("$") {
                let parts = self.math(start)?;
                LabelPiece { kind: PieceKind::Math(parts), range: start + 1..self.at - 1 }
            } else {
                LabelPiece { kind: PieceKind::Plain(self.plain()?), range: start..self.at }
            });
        }
        Ok(pieces)
    }

    /// Parses plain text up to the next mathematics or readout.
    fn plain(&mut self) -> Result<String, Diagnostic> {
        let mut text = String::new();
        while !self.rest().starts_with('$') && !self.rest().starts_with("@{") {
            if let Some((length, readout)) = foreign_readout(self.rest()) {
                let range = self.at..self.at + length;
                let message = format!("`{}` shows no value", &self.label[range.clone()]);
                return Err(self.error(range, &message, &format!("write {readout}, with the value's name")));
            }
            if self.consume(r"\$") {
                text.push('$');
            } else if self.consume(r"\@") {
                text.push('@');
            } else if let Some(c) = self.next_char() {
                text.push(c);
            } else {
                break;
            }
        }
        Ok(text)
    }

    /// Parses mathematics whose opening dollar is at `start`, including the closing dollar.
    fn math(&mut self, start: usize) -> Result<Vec<MathPart>, Diagnostic> {
        let mut parts = Vec::new();
        let mut tex = String::new();
        loop {
            let here = self.at;
            if self.consume("$") {
                break;
            } else if self.consume("@{") {
                if !tex.is_empty() {
                    parts.push(MathPart::Tex(std::mem::take(&mut tex)));
                }
                let before = &self.label[start + 1..here];
                let is_glued = ends_in_word(before) || ends_in_script(before);
                parts.push(MathPart::Readout(self.readout(here, Notation::Tex, is_glued)?));
            } else if self.consume(r"\@") {
                tex.push('@');
            } else if let Some(c) = self.next_char() {
                tex.push(c);
                // A backslash and the character after it are passed on to TeX, also `\$` and `\\`.
                tex.extend((c == '\\').then(|| self.next_char()).flatten());
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

    /// Parses a readout whose `@` is at `start`, including its closing brace.
    fn readout(&mut self, start: usize, notation: Notation, is_glued: bool) -> Result<Readout, Diagnostic> {
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
        Ok(Readout { expression: expression.to_owned(), range, format, notation, is_glued })
    }
}

/// Whether text ends in a letter or a digit that is not part of a TeX command.
fn ends_in_word(text: &str) -> bool {
    let stem = text.trim_end_matches(char::is_alphabetic);
    text.ends_with(char::is_alphanumeric) && !(stem.len() < text.len() && stem.ends_with('\\'))
}

/// Whether TeX ends within a subscript or a superscript, or right before its only token.
fn ends_in_script(tex: &str) -> bool {
    let (mut groups, mut opens_script) = (Vec::new(), false);
    let mut chars = tex.chars();
    while let Some(c) = chars.next() {
        match c {
            '{' => groups.push(std::mem::take(&mut opens_script)),
            '}' => drop(groups.pop()),
            '\\' => drop(chars.next()),
            _ => {}
        }
        opens_script = matches!(c, '_' | '^') || opens_script && c.is_whitespace();
    }
    opens_script || groups.contains(&true)
}

/// A format of another language at the start of `text`, `{x:.2f}` or `%.2f`: its length, and the readout that is meant.
fn foreign_readout(text: &str) -> Option<(usize, String)> {
    let (name, spec, length) = match (text.strip_prefix('{'), text.strip_prefix('%')) {
        (Some(rest), _) => {
            let inside = &rest[..rest.find('}')?];
            let (name, spec) = inside.split_once(':')?;
            (name, spec, inside.len() + 2)
        }
        (_, Some(rest)) => {
            let last = rest.find(['f', 'e', 'g'])?;
            ("", &rest[..=last], last + 2)
        }
        (None, None) => return None,
    };
    let digits = spec.strip_prefix('.')?.strip_suffix(['f', 'e', 'g'])?;
    let exponent = if spec.ends_with('e') { "e" } else { "" };
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let name = if name.is_empty() { "t" } else { name };
    is_number.then(|| (length, format!("@{{{name}:.{digits}{exponent}}}")))
}

/// Rejects control characters, such as a tab that TOML made of `\t`, or a line break.
fn reject_control_characters(content: &SourceString) -> Result<(), Diagnostic> {
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
    let intended: String = label.chars().map(as_written).collect();
    let help = format!("use single quotes, where a backslash is itself: {}", single_quoted(&intended));
    Err(Diagnostic::new(format!("in double quotes TOML makes a control character of `{name}`"))
        .within(content, range)
        .help(help))
}

/// The probable notation of a character: for a control character, the escape that TOML replaces by it.
fn as_written(c: char) -> String {
    match c {
        '\u{8}' => r"\b".to_owned(),
        '\u{c}' => r"\f".to_owned(),
        '\u{1b}' => r"\e".to_owned(),
        _ if c.is_control() => c.escape_debug().to_string(),
        _ => c.to_string(),
    }
}
