//! Labels at work: set in the figure's size and colors, their readouts filled in at each moment and
//! as wide as the widest value of the whole film, so that nothing beside them moves.

use std::sync::Arc;

use crate::geometry::{PixelRect, Point};
use crate::mark::Mark;
use crate::raster::Rgba;
use crate::scene::Scene;
use crate::scene::color::Theme;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Label};
use crate::scene::label::ReadoutExtent;
use crate::scene::model::Env;
use crate::text::{TextBox, TypesetLabel, Typesetter};

/// What all labels of a figure share.
#[derive(Clone, Copy)]
pub(super) struct TextStyle<'s> {
    pub(super) scene: &'s Scene,
    /// Device pixels per CSS pixel.
    pub(super) scale: f64,
    pub(super) theme: Theme,
}

/// Where a label's origin lies if a part of its box is at a point. One that `stands` still has its
/// baseline on a whole pixel, which keeps its horizontal strokes crisp.
pub(super) fn anchored_origin(text_box: TextBox, (at, anchor): (Point, Anchor), stands: bool) -> Point {
    let left = at.x - anchor.x * text_box.width;
    let baseline = at.y - anchor.y * (text_box.ascent + text_box.descent) + text_box.ascent;
    Point::new(left, if stands { baseline.round() } else { baseline })
}

/// A label made ready for a figure.
pub(super) struct PreparedLabel<'s> {
    label: &'s Label,
    size: f64,
    color: Rgba,
    extents: Vec<ReadoutExtent>,
    /// The same in all frames, since readouts take the room of their widest value.
    text_box: TextBox,
    /// The label itself, if it has nothing to read out that moves.
    fixed: Option<Arc<TypesetLabel>>,
}

impl<'s> TextStyle<'s> {
    /// The em in device pixels.
    pub(super) fn em(&self) -> f64 {
        self.scene.canvas.font_size * self.scale
    }

    /// A label in the theme's ink.
    pub(super) fn prepare(&self, label: &'s Label) -> Result<PreparedLabel<'s>, Diagnostic> {
        self.prepare_colored(label, self.theme.ink)
    }

    /// A label in a color of its own.
    pub(super) fn prepare_colored(
        &self,
        label: &'s Label,
        color: Rgba,
    ) -> Result<PreparedLabel<'s>, Diagnostic> {
        let extents = self.extents(label)?;
        let mut text = PreparedLabel {
            label,
            size: self.em(),
            color,
            extents,
            text_box: TextBox::default(),
            fixed: None,
        };
        let set = text.typeset(&self.scene.env(0)?)?;
        text.text_box = set.text_box();
        let film = self.scene.timeline.variable;
        if self.scene.timeline.frames == 1 || !label.readouts.iter().any(|code| code.depends_on(film)) {
            text.fixed = Some(Arc::new(set));
        }
        Ok(text)
    }

    /// The room of each readout, over all frames.
    fn extents(&self, label: &Label) -> Result<Vec<ReadoutExtent>, Diagnostic> {
        if label.readouts.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = vec![Vec::with_capacity(self.scene.timeline.frames); label.readouts.len()];
        for index in 0..self.scene.timeline.frames {
            let env = self.scene.env(index)?;
            for (column, code) in values.iter_mut().zip(&label.readouts) {
                column.push(env.eval(code));
            }
        }
        let size = self.em();
        let width = |span: &crate::text::Span| {
            Typesetter::shared().typeset_spans(std::slice::from_ref(span), size).map_or(0.0, |set| set.width)
        };
        Ok(label
            .template
            .readouts()
            .zip(&values)
            .map(|(readout, column)| readout.extent(column, width))
            .collect())
    }
}

impl<'s> PreparedLabel<'s> {
    /// The label as it is written.
    pub(super) fn label(&self) -> &'s Label {
        self.label
    }

    /// The em in device pixels.
    pub(super) fn em(&self) -> f64 {
        self.size
    }

    /// Its box around its origin.
    pub(super) fn text_box(&self) -> TextBox {
        self.text_box
    }

    /// Its color, where mathematics chooses none.
    pub(super) fn color(&self) -> Rgba {
        self.color
    }

    /// The label at a moment.
    pub(super) fn set(&self, env: &Env<'_>) -> Result<Arc<TypesetLabel>, Diagnostic> {
        match &self.fixed {
            Some(set) => Ok(Arc::clone(set)),
            None => self.typeset(env).map(Arc::new),
        }
    }

    fn typeset(&self, env: &Env<'_>) -> Result<TypesetLabel, Diagnostic> {
        let values: Vec<_> = self.label.readouts.iter().map(|code| env.eval(code)).collect();
        let spans = self.label.template.spans(&values, &self.extents);
        Typesetter::shared().typeset_spans(&spans, self.size).map_err(|error| {
            Diagnostic::new(error.message)
                .maybe_help(error.help)
                .at(self.label.template.origin_of_span(error.span, error.at))
        })
    }

    /// The marks at a moment, with the label's origin there.
    pub(super) fn marks(
        &self,
        env: &Env<'_>,
        origin: Point,
        clip: PixelRect,
    ) -> Result<Vec<Mark>, Diagnostic> {
        Ok(glyph_marks(&*self.set(env)?, origin, self.color, clip))
    }
}

/// The marks of a set label.
pub(super) fn glyph_marks(set: &TypesetLabel, origin: Point, color: Rgba, clip: PixelRect) -> Vec<Mark> {
    set.fills(origin, color, clip).into_iter().map(Mark::Fill).collect()
}
