//! Labels as scenes write them: plain text, `$…$` mathematics, and readouts `@{EXPR:FORMAT}`.
//!
//! A label is parsed once into a [`Template`]. For a moment of the film it becomes [`Span`]s to be
//! typeset, with the readouts' values written in and each in the room of the widest text it will show
//! during the whole film ([`ReadoutExtent`]), so that nothing beside it shakes. `\$` and `\@` are the plain
//! characters.

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
    /// The bytes of the label it was written in, for mathematics without the dollars.
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
    /// What is shown, in the language of scenes.
    pub expression: String,
    /// The bytes of the label that hold the expression.
    pub range: Range<usize>,
    /// How it is written.
    pub format: NumberFormat,
    /// Where it stands: in plain text or in mathematics.
    pub notation: Notation,
}

/// What a readout must know of the whole film.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadoutExtent {
    /// Whether any of its values is complex: then all are written `a + bj`.
    complex: bool,
    /// Its widest text, in its own notation.
    widest: String,
}

impl Readout {
    /// What this readout must know of all `values` it takes. `width` measures a span; digits are taken
    /// to be equally wide, as Computer Modern's are, so that it is called a few times only.
    pub fn extent(&self, values: &[Complex64], mut width: impl FnMut(&Span) -> f64) -> ReadoutExtent {
        let complex = values.iter().any(|&value| to_real(value).is_err());
        let in_zeros =
            |value: &Complex64| self.written(*value, complex).replace(|c: char| c.is_ascii_digit(), "0");
        let classes: BTreeSet<String> = values.iter().map(in_zeros).collect();
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

    /// `value` as it is shown, in the readout's notation.
    #[must_use]
    pub fn text(&self, value: Complex64, extent: &ReadoutExtent) -> String {
        self.written(value, extent.complex)
    }

    fn written(&self, value: Complex64, complex: bool) -> String {
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
    /// As [`parse`](Self::parse), or a value that is no string.
    pub fn read(item: ValueReader<'_>) -> Result<Self, Diagnostic> {
        Self::parse(item.string()?)
    }

    /// Parses a label.
    ///
    /// # Errors
    /// A dollar or a readout that is not closed, an empty one, a format that is none, and a control
    /// character, which is LaTeX in double quotes more often than not.
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

    /// Where a readout's expression, or the bytes `range` of it, was written.
    #[must_use]
    pub fn origin_in(&self, readout: &Readout, range: Range<usize>) -> Origin {
        let start = readout.range.start;
        self.content.origin_of(start + range.start..start + range.end)
    }

    /// Where the bytes `range` of the span of that number (as [`spans`](Self::spans) gives them) were
    /// written; the whole piece where readouts or escapes have changed its length.
    #[must_use]
    pub fn origin_of_span(&self, span: usize, range: Range<usize>) -> Origin {
        let Some(piece) = self.pieces.get(span) else { return self.content.origin() };
        let start = piece.range.start;
        if piece.is_verbatim() && range.end <= piece.range.len() {
            return self.content.origin_of(start + range.start..start + range.end);
        }
        self.content.origin_of(piece.range.clone())
    }

    /// What to typeset when the readouts have these values, one span a piece; `values` and `extents`
    /// in the order of [`readouts`](Self::readouts), empty for a label without any.
    ///
    /// # Panics
    /// If `values` or `extents` are fewer than the readouts.
    #[must_use]
    pub fn spans(&self, values: &[Complex64], extents: &[ReadoutExtent]) -> Vec<Span> {
        let mut shown = values.iter().zip(extents);
        let mut next = |readout: &Readout| {
            let (value, extent) = shown.next().expect("a value and an extent for each readout");
            (readout.text(*value, extent), extent.widest.clone())
        };
        let span = |piece: &LabelPiece| match &piece.kind {
            PieceKind::Plain(text) => Span::Plain(text.clone()),
            PieceKind::Readout(readout) => {
                let (text, widest) = next(readout);
                Span::Reserved { text, widest }
            }
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

    /// Whether its span's text is, byte by byte, what was written.
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
    /// The part's TeX; a readout's value stands at the right of the room of its widest text.
    fn tex(&self, next: &mut impl FnMut(&Readout) -> (String, String)) -> String {
        match self {
            Self::Tex(tex) => tex.clone(),
            Self::Readout(readout) => {
                let (text, widest) = next(readout);
                format!(r"{{\phantom{{{widest}}}\mathllap{{{text}}}}}")
            }
        }
    }
}
