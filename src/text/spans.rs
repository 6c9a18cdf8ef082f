//! Labels as they are written: plain text in which `$…$` is LaTeX mathematics.
//!
//! `\$` and `\@` are the plain characters; every other backslash of plain text is a backslash. Inside
//! the dollars `\$` stays, being LaTeX's own dollar. Positions in errors count the bytes of what the
//! author wrote, escapes included.

use std::fmt;
use std::ops::Range;

/// A piece of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Text, set as it stands: an apostrophe stays one, spaces keep their width.
    Plain(String),
    /// LaTeX mathematics, without the dollars, in inline style.
    Math(String),
    /// A readout in plain text, set right-aligned in the width of the widest text it will ever show.
    Reserved {
        /// What it shows now.
        text: String,
        /// What it needs the most room for.
        widest: String,
    },
}

/// Why a label cannot be set, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelError {
    /// The bytes at fault: of the span's text, or of the label where a whole label was given. May be
    /// empty, at the end, where something is missing.
    pub at: Range<usize>,
    /// Which span, from 0.
    pub span: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead, where that can be told.
    pub help: Option<String>,
}

impl fmt::Display for LabelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LabelError {}

/// What is wrong with one text, before it is known which span of which label that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextError {
    /// Bytes of the text.
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl TextError {
    pub(super) fn in_span(self, span: usize) -> LabelError {
        LabelError { at: self.at, span, message: self.message, help: self.help }
    }
}

/// A span and where its text stands in the label.
#[derive(Debug)]
pub(super) struct LocatedSpan {
    pub(super) span: Span,
    /// The byte of the label at which the span's text begins.
    start: usize,
    /// The bytes of the span's text that stood behind a backslash which was taken away; ascending.
    escapes: Vec<usize>,
}

impl LocatedSpan {
    /// Where bytes of the span's text stand in the label.
    pub(super) fn in_label(&self, at: Range<usize>) -> Range<usize> {
        // A character that lost its backslash is shown with it; the end of a range keeps none that
        // belongs to the character after it.
        let before = |byte| self.escapes.iter().filter(|&&escape| escape < byte).count();
        self.start + at.start + before(at.start)..self.start + at.end + before(at.end)
    }
}

/// Splits a label at its dollars.
///
/// Adjoining characters of one kind make one span; an empty label makes none.
///
/// # Errors
/// A dollar sign without its partner, and a pair of dollars with nothing in between.
pub fn split_label(label: &str) -> Result<Vec<Span>, LabelError> {
    Ok(split(label)?.into_iter().map(|piece| piece.span).collect())
}

/// [`split_label`], remembering where everything stood.
pub(super) fn split(label: &str) -> Result<Vec<LocatedSpan>, LabelError> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < label.len() {
        let plain = scan_plain(label, at);
        at = plain.end;
        if !plain.text.is_empty() {
            pieces.push(plain.into_span(Span::Plain));
        }
        if at < label.len() {
            let math = scan_math(label, at, pieces.len())?;
            at = math.end + 1;
            pieces.push(math.into_span(Span::Math));
        }
    }
    Ok(pieces)
}

/// A stretch of the label up to a dollar or the end.
struct ScannedText {
    text: String,
    start: usize,
    end: usize,
    escapes: Vec<usize>,
}

impl ScannedText {
    fn into_span(self, kind: fn(String) -> Span) -> LocatedSpan {
        LocatedSpan { span: kind(self.text), start: self.start, escapes: self.escapes }
    }
}

/// Reads from byte `start` up to the next dollar that no backslash precedes, taking the backslash off
/// whatever `unescape` names. `pairs` says that a backslash always belongs to the character after it.
fn scan(label: &str, start: usize, unescape: &[char], pairs: bool) -> ScannedText {
    let mut found = ScannedText { text: String::new(), start, end: label.len(), escapes: Vec::new() };
    let mut chars = label[start..].char_indices().peekable();
    while let Some((offset, ch)) = chars.next() {
        if ch == '$' {
            found.end = start + offset;
            break;
        }
        let escaped = chars.next_if(|(_, next)| ch == '\\' && (pairs || unescape.contains(next)));
        match escaped {
            Some((_, next)) if unescape.contains(&next) => {
                found.escapes.push(found.text.len());
                found.text.push(next);
            }
            Some((_, next)) => found.text.extend([ch, next]),
            None => found.text.push(ch),
        }
    }
    found
}

fn scan_plain(label: &str, start: usize) -> ScannedText {
    scan(label, start, &['$', '@'], false)
}

/// The mathematics behind the dollar at byte `dollar`, its end being the closing dollar.
fn scan_math(label: &str, dollar: usize, span: usize) -> Result<ScannedText, LabelError> {
    let math = scan(label, dollar + 1, &['@'], true);
    let fault = |at, message: &str, help: &str| {
        Err(LabelError { at, span, message: message.to_owned(), help: Some(help.to_owned()) })
    };
    if math.end == label.len() {
        fault(
            dollar..dollar + 1,
            "this `$` opens mathematics that no second `$` closes",
            "close it with `$`; `\\$` is the plain character",
        )
    } else if math.text.trim().is_empty() {
        fault(
            dollar..math.end + 1,
            "there is no mathematics between these dollar signs",
            "single dollars around it: `$x$`; `\\$` is the plain character",
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
    fn dollars_split_and_spaces_stay() {
        assert_eq!(split_label("").unwrap(), []);
        assert_eq!(split_label("energy $E$ (J)").unwrap(), [plain("energy "), math("E"), plain(" (J)")]);
        assert_eq!(split_label("$a$$b$").unwrap(), [math("a"), math("b")]);
        assert_eq!(split_label(r"α\β \\ @").unwrap(), [plain(r"α\β \\ @")]);
    }

    #[test]
    fn escapes_are_plain_characters_outside_and_latex_inside() {
        assert_eq!(split_label(r"5 \$ \@{t}").unwrap(), [plain("5 $ @{t}")]);
        assert_eq!(split_label(r"$5\,\$\@$").unwrap(), [math(r"5\,\$@")]);
        assert_eq!(split_label(r"$a\\$ b").unwrap(), [math(r"a\\"), plain(" b")]);
    }

    #[test]
    fn a_lonely_dollar_and_an_empty_pair_are_errors_where_they_stand() {
        let lonely = split_label("é $x").unwrap_err();
        assert_eq!((lonely.at, lonely.span), (3..4, 1));
        let empty = split_label("a$b$ $ $").unwrap_err();
        assert_eq!((empty.at, empty.span), (5..8, 3));
    }

    #[test]
    fn positions_count_the_backslashes_that_were_taken_away() {
        let pieces = split(r"\$a\@b$x\@y$").unwrap();
        let [text, tex] = &pieces[..] else { panic!("two pieces, not {pieces:?}") };
        assert_eq!(text.span, plain("$a@b"));
        assert_eq!(text.in_label(0..1), 0..2);
        assert_eq!(text.in_label(1..2), 2..3);
        assert_eq!(text.in_label(2..4), 3..6);
        assert_eq!(tex.in_label(2..3), 10..11);
    }
}
