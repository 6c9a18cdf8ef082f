//! Typesetting: from labels to filled outlines.
//!
//! A label is plain text with LaTeX mathematics between dollars. Plain text is shaped in CMU Serif, mathematics
//! is laid out as TeX does in inline style, and both become outlines in device pixels relative to the start of
//! the baseline. There is no hinting and no caching: equal labels give equal outlines, and twice the size gives
//! outlines twice as large. Callers that show a label in many frames keep the result.

mod fonts;
mod halo;
mod latex_errors;
mod math;
mod plain_text;
mod spans;
mod typeset_label;

use std::sync::OnceLock;

pub use fonts::FONTS_SHA256;
pub use halo::halo;
pub use spans::{LabelError, Span, split_label};
pub use typeset_label::{ColorRun, TextBox, TypesetLabel};

use fonts::Fonts;
use math::MathLayout;
use plain_text::ShapedLine;
use spans::TextError;
use typeset_label::ColorRunBuilder;

/// Typesets labels. Each font is parsed when a label first needs it.
#[derive(Default)]
pub struct Typesetter {
    fonts: Fonts,
}

impl Typesetter {
    /// The instance shared by the whole program.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Typesetter> = OnceLock::new();
        SHARED.get_or_init(Self::default)
    }

    /// Typesets a label at `size` device pixels per em. The size is finite and positive.
    ///
    /// # Errors
    /// The errors of [`split_label`] and [`Typesetter::typeset_spans`], with positions in `label`.
    pub fn typeset_label(&self, label: &str, size: f64) -> Result<TypesetLabel, LabelError> {
        let spans = spans::split(label)?;
        self.typeset_all(spans.iter().map(|located| &located.span), size).map_err(|error| {
            let at = spans[error.span].position_in_label(error.at);
            LabelError { at, ..error }
        })
    }

    /// Typesets spans side by side at `size` device pixels per em. The size is finite and positive.
    ///
    /// # Errors
    /// Invalid LaTeX, a character that no font has, or a line break. Positions count in the text of the span at
    /// fault; for a readout, in its `text`, or in its `widest` if only that is at fault.
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
            let em_box = self
                .typeset_span(span, label.width, size, &mut runs)
                .map_err(|error| error.in_span(index))?;
            label.width += em_box.width * size;
            label.ascent = label.ascent.max(em_box.ascent * size);
            label.descent = label.descent.max(em_box.descent * size);
        }
        label.runs = runs.into_runs();
        Ok(label)
    }

    /// Typesets one span that begins `x` pixels to the right of the label's origin. Returns its box.
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
                runs.push(None, line.outlines(&self.fonts, x, size));
                Ok(line.em_box)
            }
            Span::Math(tex) => {
                let math = MathLayout::lay_out(&self.fonts, tex)?;
                math.draw(&self.fonts, x, size, runs);
                Ok(math.em_box)
            }
            Span::Reserved { text, widest } => {
                let line = ShapedLine::shape(&self.fonts, text)?;
                let em_box = line.em_box.union(&ShapedLine::shape(&self.fonts, widest)?.em_box);
                let indent = (em_box.width - line.em_box.width) * size;
                runs.push(None, line.outlines(&self.fonts, x + indent, size));
                Ok(em_box)
            }
        }
    }
}

/// The box of a span around its origin on the baseline, in em.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct EmBox {
    /// The advance to the next span.
    width: f64,
    /// The height above the baseline, at least 0.
    ascent: f64,
    /// The depth below the baseline, at least 0.
    descent: f64,
}

impl EmBox {
    /// The smallest box with room for both.
    ///
    /// If a readout is wider than predicted, the text after it moves to the right, and nothing overlaps.
    fn union(&self, other: &Self) -> Self {
        Self {
            width: self.width.max(other.width),
            ascent: self.ascent.max(other.ascent),
            descent: self.descent.max(other.descent),
        }
    }
}
