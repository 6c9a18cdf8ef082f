//! Labels prepared for a figure: typeset at the figure's size and in its colors, with their readouts filled
//! in for each frame. The box of a label has the space of the widest value of each readout in the film.

use std::sync::Arc;

use num_complex::Complex64;

use crate::geometry::{PixelRect, Point};
use crate::mark::Mark;
use crate::raster::Rgba;
use crate::scene::Scene;
use crate::scene::color::Theme;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Halo, Label};
use crate::scene::label::{ReadoutExtent, Template};
use crate::scene::model::Env;
use crate::text::{Span, TextBox, TypesetLabel, Typesetter};

/// The width of halos in CSS pixels.
const HALO_WIDTH: f64 = 2.0;

/// The settings that all labels of a figure share.
#[derive(Clone, Copy)]
pub(super) struct TextStyle<'s> {
    /// The scene, for its font size and for the values of readouts.
    pub(super) scene: &'s Scene,
    /// Device pixels per CSS pixel.
    pub(super) scale: f64,
    /// The theme, for its ink and paper.
    pub(super) theme: Theme,
}

/// The origin of a label (the left end of its baseline) for which the anchor of its box is at a point.
pub(super) fn anchored_origin(text_box: TextBox, anchor: Anchor, at: Point) -> Point {
    let left = at.x - anchor.x * text_box.width;
    let baseline = at.y - anchor.y * (text_box.ascent + text_box.descent) + text_box.ascent;
    Point::new(left, baseline)
}

/// The origin with its baseline on a whole pixel, which keeps horizontal strokes of a static label sharp.
pub(super) fn snap_baseline(origin: Point) -> Point {
    Point::new(origin.x, origin.y.round())
}

/// A label prepared for a figure.
pub(super) struct PreparedLabel<'s> {
    scene: &'s Scene,
    label: &'s Label,
    /// The font size in device pixels.
    em: f64,
    color: Rgba,
    readout_extents: Vec<ReadoutExtent>,
    /// The same in all frames.
    text_box: TextBox,
    /// The typeset label, if it is the same in all frames.
    static_typeset: Option<Arc<TypesetLabel>>,
}

impl<'s> TextStyle<'s> {
    /// The font size in device pixels.
    pub(super) fn em(&self) -> f64 {
        self.scene.canvas.font_size * self.scale
    }

    /// Whether the page has a color, which halos and the box of a legend take.
    pub(super) fn has_paper(&self) -> bool {
        self.scene.canvas.background.a == u8::MAX
    }

    /// The radius of a text's halo in device pixels; 0 for none.
    pub(super) fn halo_radius(&self, halo: Halo) -> f64 {
        match halo {
            Halo::Width(width) => width * self.scale,
            Halo::Auto if self.has_paper() => HALO_WIDTH * self.scale,
            Halo::Auto => 0.0,
        }
    }

    /// Prepares a label in the theme's ink.
    ///
    /// # Errors
    /// The label cannot be typeset.
    pub(super) fn prepare(&self, label: &'s Label) -> Result<PreparedLabel<'s>, Diagnostic> {
        self.prepare_colored(label, self.theme.ink)
    }

    /// Prepares a label in a color.
    ///
    /// # Errors
    /// The label cannot be typeset.
    pub(super) fn prepare_colored(
        &self,
        label: &'s Label,
        color: Rgba,
    ) -> Result<PreparedLabel<'s>, Diagnostic> {
        let mut prepared = PreparedLabel {
            scene: self.scene,
            label,
            em: self.em(),
            color,
            readout_extents: self.readout_extents(label)?,
            text_box: TextBox::default(),
            static_typeset: None,
        };
        let env = self.scene.env(0)?;
        let typeset = prepared.typeset_readouts(&env)?;
        prepared.text_box = if label.template.readouts().any(|readout| readout.is_glued) {
            prepared.typeset_spans(&env, Template::widest_spans)?.text_box()
        } else {
            typeset.text_box()
        };
        let timeline = &self.scene.timeline;
        if timeline.frames == 1 || !label.readouts.iter().any(|code| code.depends_on(timeline.variable)) {
            prepared.static_typeset = Some(Arc::new(typeset));
        }
        Ok(prepared)
    }

    /// The space of each readout, over all frames.
    fn readout_extents(&self, label: &Label) -> Result<Vec<ReadoutExtent>, Diagnostic> {
        if label.readouts.is_empty() {
            return Ok(Vec::new());
        }
        let frames = self.scene.timeline.frames;
        let mut values = vec![Vec::with_capacity(frames); label.readouts.len()];
        for index in 0..frames {
            let env = self.scene.env(index)?;
            for (column, code) in values.iter_mut().zip(&label.readouts) {
                column.push(self.scene.value(code, &env, label.origin)?);
            }
        }
        let em = self.em();
        let width = |span: &Span| {
            Typesetter::shared().typeset_spans(std::slice::from_ref(span), em).map_or(0.0, |set| set.width)
        };
        let readouts = label.template.readouts().zip(&values);
        Ok(readouts.map(|(readout, column)| readout.extent(column, width)).collect())
    }
}

impl<'s> PreparedLabel<'s> {
    /// The label as the scene has it.
    pub(super) fn label(&self) -> &'s Label {
        self.label
    }

    /// The font size in device pixels.
    pub(super) fn em(&self) -> f64 {
        self.em
    }

    /// The label's box around its origin, the same in all frames.
    pub(super) fn text_box(&self) -> TextBox {
        self.text_box
    }

    /// The color of everything that mathematics does not color otherwise.
    pub(super) fn color(&self) -> Rgba {
        self.color
    }

    /// The typeset label, if it is the same in all frames.
    pub(super) fn static_typeset(&self) -> Option<&TypesetLabel> {
        self.static_typeset.as_deref()
    }

    /// The typeset label in one frame.
    ///
    /// # Errors
    /// The label cannot be typeset with the readouts' values.
    pub(super) fn typeset(&self, env: &Env<'_>) -> Result<Arc<TypesetLabel>, Diagnostic> {
        match &self.static_typeset {
            Some(typeset) => Ok(Arc::clone(typeset)),
            None => self.typeset_readouts(env).map(Arc::new),
        }
    }

    fn typeset_readouts(&self, env: &Env<'_>) -> Result<TypesetLabel, Diagnostic> {
        self.typeset_spans(env, Template::spans)
    }

    /// The typeset label with the spans that `spans` makes of the values of its readouts.
    fn typeset_spans(
        &self,
        env: &Env<'_>,
        spans: fn(&Template, &[Complex64], &[ReadoutExtent]) -> Vec<Span>,
    ) -> Result<TypesetLabel, Diagnostic> {
        let value = |code| self.scene.value(code, env, self.label.origin);
        let values = self.label.readouts.iter().map(value).collect::<Result<Vec<_>, _>>()?;
        let spans = spans(&self.label.template, &values, &self.readout_extents);
        Typesetter::shared().typeset_spans(&spans, self.em).map_err(|error| {
            Diagnostic::new(error.message)
                .maybe_help(error.help)
                .at(self.label.template.origin_of_span(error.span, error.at))
        })
    }

    /// The label's marks in one frame, with its origin at a point.
    ///
    /// # Errors
    /// The label cannot be typeset with the readouts' values.
    pub(super) fn marks(
        &self,
        env: &Env<'_>,
        origin: Point,
        clip: PixelRect,
    ) -> Result<Vec<Mark>, Diagnostic> {
        Ok(glyph_marks(&*self.typeset(env)?, origin, self.color, clip))
    }
}

/// The marks of a typeset label, with its origin at a point.
pub(super) fn glyph_marks(label: &TypesetLabel, origin: Point, color: Rgba, clip: PixelRect) -> Vec<Mark> {
    label.fills(origin, color, clip).into_iter().map(Mark::Fill).collect()
}
