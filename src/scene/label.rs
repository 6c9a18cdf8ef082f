//! Labels of scenes: plain text, `$…$` mathematics, and readouts `@{EXPR:FORMAT}`.
//!
//! A label is parsed once into a [`Template`]. For each frame it is converted to [`Span`]s for typesetting, with the current
//! values of the readouts. A readout takes the width of its widest text in the film ([`ReadoutExtent`]), so that the text
//! beside it does not move. One that is part of a word, a subscript or a superscript takes its own width, because a gap
//! would tear these apart. `\$` and `\@` are the plain characters.

mod parse;

use std::collections::BTreeSet;
use std::ops::Range;

use num_complex::Complex64;

use super::diagnostic::Diagnostic;
use super::expr::to_real;
use super::number_format::{Notation, NumberFormat};
use super::source::Origin;
use super::source_string::SourceString;
use super::value_reader::ValueReader;
use crate::text::Span;

/// A parsed label.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pieces: Vec<LabelPiece>,
    content: SourceString,
}

/// A part of a label that is typeset as one [`Span`].
#[derive(Clone, Debug, PartialEq)]
struct LabelPiece {
    kind: PieceKind,
    /// Its bytes in the label; those of mathematics without the dollars.
    range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
enum PieceKind {
    Plain(String),
    Math(Vec<MathPart>),
    Readout(Readout),
}

#[derive(Clone, Debug, PartialEq)]
enum MathPart {
    Tex(String),
    Readout(Readout),
}

/// A value shown in a label.
#[derive(Clone, Debug, PartialEq)]
pub struct Readout {
    /// The expression, in the expression language of scenes.
    pub expression: String,
    /// The bytes of the expression in the label.
    pub range: Range<usize>,
    /// The number format.
    pub format: NumberFormat,
    /// The notation: plain text, or TeX if it is inside mathematics.
    pub notation: Notation,
    /// Whether it is part of a word, a subscript or a superscript.
    pub is_glued: bool,
}

/// The properties of a readout over the whole film.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadoutExtent {
    /// Whether any of its values is complex. If so, all are written as `a + bj`.
    complex: bool,
    /// Its widest text, in its own notation.
    widest: String,
}

impl Readout {
    /// The extent of a readout with these values over the film. `width` measures a span. Digits are assumed to have equal
    /// widths, as in Computer Modern, so only a few texts are measured.
    pub fn extent(&self, values: &[Complex64], mut width: impl FnMut(&Span) -> f64) -> ReadoutExtent {
        let complex = values.iter().any(|&value| to_real(value).is_err());
        let with_zeros =
            |value: &Complex64| self.format_value(*value, complex).replace(|c: char| c.is_ascii_digit(), "0");
        let classes: BTreeSet<String> = values.iter().map(with_zeros).collect();
        let mut widest = (f64::NEG_INFINITY, String::new());
        for text in classes {
            let span = match self.notation {
                Notation::Plain => Span::Plain(text.clone()),
                Notation::Tex => Span::Math(text.clone()),
            };
            let width = width(&span);
            if width > widest.0 {
                widest = (width, text);
            }
        }
        ReadoutExtent { complex, widest: widest.1 }
    }

    /// Formats `value` in the notation of the readout.
    #[must_use]
    pub fn text(&self, value: Complex64, extent: &ReadoutExtent) -> String {
        self.format_value(value, extent.complex)
    }

    fn format_value(&self, value: Complex64, complex: bool) -> String {
        if complex {
            self.format.complex(value, self.notation)
        } else {
            self.format.real(value.re, self.notation)
        }
    }
}

impl Template {
    /// Reads a label of a scene.
    ///
    /// # Errors
    /// The errors of [`parse`](Self::parse), or the value is not a string.
    pub fn read(item: ValueReader<'_>) -> Result<Self, Diagnostic> {
        Self::parse(item.string()?)
    }

    /// Parses a label.
    ///
    /// # Errors
    /// Mathematics or a readout is unclosed or empty, a number format is invalid, or the label has a control character, which
    /// is usually LaTeX in double quotes.
    pub fn parse(content: &SourceString) -> Result<Self, Diagnostic> {
        Ok(Self { pieces: parse::pieces(content)?, content: content.clone() })
    }

    /// The label as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        self.content.as_str()
    }

    /// The readouts, in order.
    pub fn readouts(&self) -> impl Iterator<Item = &Readout> {
        self.pieces.iter().flat_map(LabelPiece::readouts)
    }

    /// The position of the bytes `range` of a readout's expression.
    #[must_use]
    pub fn origin_in(&self, readout: &Readout, range: Range<usize>) -> Origin {
        let start = readout.range.start;
        self.content.origin_of(start + range.start..start + range.end)
    }

    /// The position of the bytes `range` of a span with this index in [`spans`](Self::spans). If readouts or escapes changed
    /// the length of the span, the position of the whole span.
    #[must_use]
    pub fn origin_of_span(&self, span: usize, range: Range<usize>) -> Origin {
        let Some(piece) = self.pieces.get(span) else { return self.content.origin() };
        let start = piece.range.start;
        if piece.is_verbatim() && range.end <= piece.range.len() {
            return self.content.origin_of(start + range.start..start + range.end);
        }
        self.content.origin_of(piece.range.clone())
    }

    /// The spans to typeset for these values of the readouts. `values` and `extents` are in the order of
    /// [`readouts`](Self::readouts).
    ///
    /// # Panics
    /// There are fewer `values` or `extents` than readouts.
    #[must_use]
    pub fn spans(&self, values: &[Complex64], extents: &[ReadoutExtent]) -> Vec<Span> {
        self.spans_with(values, extents, |readout| !readout.is_glued)
    }

    /// The spans as [`spans`](Self::spans) gives them, but with the width of the widest text for every readout. No frame's
    /// spans are wider.
    ///
    /// # Panics
    /// There are fewer `values` or `extents` than readouts.
    #[must_use]
    pub fn widest_spans(&self, values: &[Complex64], extents: &[ReadoutExtent]) -> Vec<Span> {
        self.spans_with(values, extents, |_| true)
    }

    /// The spans, in which the readouts that `reserves` selects have the width of their widest text.
    fn spans_with(
        &self,
        values: &[Complex64],
        extents: &[ReadoutExtent],
        reserves: impl Fn(&Readout) -> bool,
    ) -> Vec<Span> {
        let mut shown = values.iter().zip(extents);
        let mut next = |readout: &Readout| {
            let (value, extent) = shown.next().expect("a value and an extent for each readout");
            let widest = reserves(readout).then(|| extent.widest.clone());
            (readout.text(*value, extent), widest)
        };
        let span = |piece: &LabelPiece| match &piece.kind {
            PieceKind::Plain(text) => Span::Plain(text.clone()),
            PieceKind::Readout(readout) => match next(readout) {
                (text, Some(widest)) => Span::Reserved { text, widest },
                (text, None) => Span::Plain(text),
            },
            PieceKind::Math(parts) => Span::Math(parts.iter().map(|part| part.tex(&mut next)).collect()),
        };
        self.pieces.iter().map(span).collect()
    }
}

impl LabelPiece {
    fn readouts(&self) -> impl Iterator<Item = &Readout> {
        let (alone, parts) = match &self.kind {
            PieceKind::Plain(_) => (None, &[][..]),
            PieceKind::Readout(readout) => (Some(readout), &[][..]),
            PieceKind::Math(parts) => (None, parts.as_slice()),
        };
        let inside = parts.iter().filter_map(|part| match part {
            MathPart::Tex(_) => None,
            MathPart::Readout(readout) => Some(readout),
        });
        alone.into_iter().chain(inside)
    }

    /// Whether the text of its span equals its bytes in the label.
    fn is_verbatim(&self) -> bool {
        match &self.kind {
            PieceKind::Plain(text) => text.len() == self.range.len(),
            PieceKind::Readout(_) => false,
            PieceKind::Math(parts) => {
                matches!(parts.as_slice(), [MathPart::Tex(tex)] if tex.len() == self.range.len())
            }
        }
    }
}

impl MathPart {
    /// The TeX of the part. The value of a readout is right-aligned in the width of its widest text, if it has one.
    fn tex(&self, next: &mut impl FnMut(&Readout) -> (String, Option<String>)) -> String {
        match self {
            Self::Tex(tex) => tex.clone(),
            Self::Readout(readout) => match next(readout) {
                (text, Some(widest)) => format!(r"{{\phantom{{{widest}}}\mathllap{{{text}}}}}"),
                (text, None) => format!("{{{text}}}"),
            },
        }
    }
}
