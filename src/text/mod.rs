//! Typesetting: labels to outlines.
//!
//! A label is plain text with LaTeX mathematics between dollars. Plain text is shaped in CMU Serif,
//! mathematics laid out as TeX would in inline style, and both become filled outlines in device pixels
//! around the baseline. Nothing is hinted and no label is cached: equal labels give equal outlines, twice
//! the size gives them twice as large, and whoever shows a label in many frames keeps what was set.

mod fonts;
mod latex_errors;
mod math;
mod plain_text;
mod spans;
mod typeset_label;

use std::sync::OnceLock;

pub use fonts::FONTS_SHA256;
pub use spans::{LabelError, Span, split_label};
pub use typeset_label::{ColorRun, TextBox, TypesetLabel};

use fonts::Fonts;
use math::MathLayout;
use plain_text::ShapedLine;
use spans::TextError;
use typeset_label::ColorRunBuilder;

/// Sets labels. Fonts are parsed when a label first needs them.
#[derive(Default)]
pub struct Typesetter {
    fonts: Fonts,
}

impl Typesetter {
    /// The one that the whole program shares.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Typesetter> = OnceLock::new();
        SHARED.get_or_init(Self::default)
    }

    /// Sets a whole label at `size` device pixels to the em (finite, above 0).
    ///
    /// # Errors
    /// What [`split_label`] and [`Typesetter::set`] refuse; positions count in the label.
    pub fn typeset_label(&self, label: &str, size: f64) -> Result<TypesetLabel, LabelError> {
        let pieces = spans::split(label)?;
        self.typeset_all(pieces.iter().map(|piece| &piece.span), size).map_err(|error| {
            let at = pieces[error.span].in_label(error.at);
            LabelError { at, ..error }
        })
    }

    /// Sets spans side by side at `size` device pixels to the em (finite, above 0).
    ///
    /// # Errors
    /// LaTeX that cannot be understood, a character that no font has, a line break; positions count in
    /// the text of the span at fault (in a readout's `text`, or its `widest` if only that is at fault).
    pub fn typeset_spans(&self, spans: &[Span], size: f64) -> Result<TypesetLabel, LabelError> {
        self.typeset_all(spans.iter(), size)
    }

    fn typeset_all<'a>(
        &self,
        spans: impl Iterator<Item = &'a Span>,
        size: f64,
    ) -> Result<TypesetLabel, LabelError> {
        let mut label = TypesetLabel::default();
        let mut runs = ColorRunBuilder::default();
        for (index, span) in spans.enumerate() {
            runs.begin_span();
            let extent = self
                .typeset_span(span, label.width, size, &mut runs)
                .map_err(|fault| fault.in_span(index))?;
            label.width += extent.width * size;
            label.ascent = label.ascent.max(extent.ascent * size);
            label.descent = label.descent.max(extent.descent * size);
        }
        label.runs = runs.into_runs();
        Ok(label)
    }

    /// Sets one span `x` pixels to the right of the label's origin.
    fn typeset_span(
        &self,
        span: &Span,
        x: f64,
        size: f64,
        runs: &mut ColorRunBuilder,
    ) -> Result<EmBox, TextError> {
        match span {
            Span::Plain(text) => {
                let line = ShapedLine::shape(&self.fonts, text)?;
                runs.add(None, line.outlines(&self.fonts, x, size));
                Ok(EmBox::of(&line))
            }
            Span::Math(tex) => {
                let formula = MathLayout::lay_out(&self.fonts, tex)?;
                formula.draw(&self.fonts, x, size, runs);
                Ok(formula.extent)
            }
            Span::Reserved { text, widest } => {
                let line = ShapedLine::shape(&self.fonts, text)?;
                let (own, room) = (EmBox::of(&line), EmBox::of(&ShapedLine::shape(&self.fonts, widest)?));
                let extent = own.and(&room);
                let indent = (extent.width - own.width) * size;
                runs.add(None, line.outlines(&self.fonts, x + indent, size));
                Ok(extent)
            }
        }
    }
}

/// The box of a span, in em.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct EmBox {
    width: f64,
    ascent: f64,
    descent: f64,
}

impl EmBox {
    fn of(line: &ShapedLine) -> Self {
        Self { width: line.width, ascent: line.ascent, descent: line.descent }
    }

    /// The box that has room for either. A readout wider than the widest that was foretold therefore
    /// pushes aside what follows it instead of running into what stands before it.
    fn and(&self, other: &Self) -> Self {
        Self {
            width: self.width.max(other.width),
            ascent: self.ascent.max(other.ascent),
            descent: self.descent.max(other.descent),
        }
    }
}
