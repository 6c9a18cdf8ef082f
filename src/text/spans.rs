//! Splits a label into spans: plain text, and LaTeX mathematics between dollars.
//!
//! In plain text `\$` and `\@` are the plain characters, and every other backslash is a backslash. Between
//! dollars `\@` is a plain `@`, and `\$` stays for LaTeX. Positions in errors are bytes of the label as
//! written, escapes included.

use std::fmt;
use std::ops::Range;

/// A part of a label with one kind of content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Plain text, without any markup. Spaces keep their width.
    Plain(String),
    /// LaTeX mathematics in inline style, without the dollars.
    Math(String),
    /// A readout in plain text, right-aligned in the width of the widest text that it shows in any frame.
    Reserved {
        /// The present text.
        text: String,
        /// The widest text.
        widest: String,
    },
}

/// An error in a label, with its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelError {
    /// The bytes at fault, in the label if a whole label was given, else in the text of the span. Empty, at the
    /// end, where something is missing.
    pub at: Range<usize>,
    /// The index of the span.
    pub span: usize,
    /// The message.
    pub message: String,
    /// A remedy, if one is known.
    pub help: Option<String>,
}

impl fmt::Display for LabelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LabelError {}

/// An error in the text of one span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextError {
    /// The bytes at fault in the text of the span.
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl TextError {
    /// An error about the bytes `at`.
    pub(super) fn new(at: Range<usize>, message: &str, help: Option<&str>) -> Self {
        Self { at, message: message.to_owned(), help: help.map(str::to_owned) }
    }

    /// The error of the label that has this text as its span number `span`.
    pub(super) fn in_span(self, span: usize) -> LabelError {
        LabelError { at: self.at, span, message: self.message, help: self.help }
    }
}

/// A span with the position of its text in the label.
#[derive(Debug)]
pub(super) struct LocatedSpan {
    pub(super) span: Span,
    /// The byte of the label where the text of the span begins.
    start: usize,
    /// The bytes of the span's text before which a backslash was removed, ascending.
    escapes: Vec<usize>,
}

impl LocatedSpan {
    /// Converts a byte range of the span's text to one of the label.
    pub(super) fn position_in_label(&self, at: Range<usize>) -> Range<usize> {
        // A removed backslash belongs to the character after it: a range that begins with the character includes
        // the backslash, and a range that ends before the character does not.
        let removed_before = |byte| self.escapes.iter().filter(|&&escape| escape < byte).count();
        self.start + at.start + removed_before(at.start)..self.start + at.end + removed_before(at.end)
    }
}

/// Splits a label at its dollars.
///
/// Plain text and mathematics alternate, except that two formulas can be adjacent. An empty label has no spans.
///
/// # Errors
/// A dollar without a closing dollar, and a pair of dollars with nothing in between.
pub fn split_label(label: &str) -> Result<Vec<Span>, LabelError> {
    Ok(split(label)?.into_iter().map(|located| located.span).collect())
}

/// Splits a label like [`split_label`] and keeps the positions.
pub(super) fn split(label: &str) -> Result<Vec<LocatedSpan>, LabelError> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < label.len() {
        let plain = scan_plain(label, at);
        at = plain.end;
        if !plain.text.is_empty() {
            spans.push(plain.into_span(Span::Plain));
        }
        if at < label.len() {
            let math = scan_math(label, at, spans.len())?;
            at = math.end + 1;
            spans.push(math.into_span(Span::Math));
        }
    }
    Ok(spans)
}

/// A part of the label up to a dollar or the end, with escapes resolved.
struct ScannedText {
    text: String,
    /// The first byte in the label.
    start: usize,
    /// The byte of the dollar, or the length of the label.
    end: usize,
    /// The bytes of `text` before which a backslash was removed, ascending.
    escapes: Vec<usize>,
}

impl ScannedText {
    fn into_span(self, kind: fn(String) -> Span) -> LocatedSpan {
        LocatedSpan { span: kind(self.text), start: self.start, escapes: self.escapes }
    }
}

/// The treatment of backslashes while scanning.
struct Escapes {
    /// The characters from which a preceding backslash is removed.
    removed_before: &'static [char],
    /// Whether a backslash always belongs to the character after it, as in LaTeX.
    always_pair: bool,
}

/// Scans from byte `start` to the next dollar that is not escaped, or to the end.
fn scan(label: &str, start: usize, rules: &Escapes) -> ScannedText {
    let mut scanned = ScannedText { text: String::new(), start, end: label.len(), escapes: Vec::new() };
    let mut chars = label[start..].char_indices().peekable();
    let is_unescaped = |ch: &char| rules.removed_before.contains(ch);
    while let Some((offset, ch)) = chars.next() {
        if ch == '$' {
            scanned.end = start + offset;
            break;
        }
        let escaped = chars.next_if(|(_, next)| ch == '\\' && (rules.always_pair || is_unescaped(next)));
        match escaped {
            Some((_, next)) if is_unescaped(&next) => {
                scanned.escapes.push(scanned.text.len());
                scanned.text.push(next);
            }
            Some((_, next)) => scanned.text.extend([ch, next]),
            None => scanned.text.push(ch),
        }
    }
    scanned
}

/// Scans plain text from byte `start`.
fn scan_plain(label: &str, start: usize) -> ScannedText {
    scan(label, start, &Escapes { removed_before: &['$', '@'], always_pair: false })
}

/// Scans the mathematics after the dollar at byte `dollar`; the end is the closing dollar.
fn scan_math(label: &str, dollar: usize, span: usize) -> Result<ScannedText, LabelError> {
    let math = scan(label, dollar + 1, &Escapes { removed_before: &['@'], always_pair: true });
    let error = |at, message: &str, help: &str| {
        Err(LabelError { at, span, message: message.to_owned(), help: Some(help.to_owned()) })
    };
    if math.end == label.len() {
        error(
            dollar..dollar + 1,
            "this `$` has no closing `$`",
            "close it with `$`; `\\$` is the plain character",
        )
    } else if math.text.trim().is_empty() {
        error(
            dollar..math.end + 1,
            "there is no mathematics between these dollar signs",
            "put the formula between single dollars: `$x$`; `\\$` is the plain character",
        )
    } else {
        Ok(math)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Span {
        Span::Plain(text.to_owned())
    }

    fn math(tex: &str) -> Span {
        Span::Math(tex.to_owned())
    }

    #[test]
    fn labels_are_split_at_dollars_and_keep_their_spaces() {
        assert_eq!(split_label("").unwrap(), []);
        assert_eq!(split_label("energy $E$ (J)").unwrap(), [plain("energy "), math("E"), plain(" (J)")]);
        assert_eq!(split_label("$a$$b$").unwrap(), [math("a"), math("b")]);
        assert_eq!(split_label(r"α\β \\ @").unwrap(), [plain(r"α\β \\ @")]);
    }

    #[test]
    fn escapes_give_plain_characters_outside_and_latex_inside_of_dollars() {
        assert_eq!(split_label(r"5 \$ \@{t}").unwrap(), [plain("5 $ @{t}")]);
        assert_eq!(split_label(r"$5\,\$\@$").unwrap(), [math(r"5\,\$@")]);
        assert_eq!(split_label(r"$a\\$ b").unwrap(), [math(r"a\\"), plain(" b")]);
    }

    #[test]
    fn an_unclosed_dollar_and_an_empty_pair_are_errors_with_positions() {
        let unclosed = split_label("é $x").unwrap_err();
        assert_eq!((unclosed.at, unclosed.span), (3..4, 1));
        let empty = split_label("a$b$ $ $").unwrap_err();
        assert_eq!((empty.at, empty.span), (5..8, 3));
    }

    #[test]
    fn positions_count_removed_backslashes() {
        let spans = split(r"\$a\@b$x\@y$").unwrap();
        let [text, tex] = &spans[..] else { panic!("two spans, not {spans:?}") };
        assert_eq!(text.span, plain("$a@b"));
        assert_eq!(text.position_in_label(0..1), 0..2);
        assert_eq!(text.position_in_label(1..2), 2..3);
        assert_eq!(text.position_in_label(2..4), 3..6);
        assert_eq!(tex.position_in_label(2..3), 10..11);
    }
}
