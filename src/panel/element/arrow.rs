//! A vector from one point to another, and its note.

use crate::mark::Mark;
use crate::panel::attachment::{AnnotationText, Attachment};
use crate::panel::element::ElementView;
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::prepared_label::TextStyle;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Arrow, Heads, Style};
use crate::scene::model::Env;

impl ElementView for Arrow {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        for end in &self.ends {
            extents.add_point(reader.pair(end, env)?);
        }
        Ok(())
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        let [from, to] = [reader.pair(&self.ends[0], env)?, reader.pair(&self.ends[1], env)?];
        Ok(context.segment(viewport.point(from), viewport.point(to), Heads::End))
    }

    fn swatch(&self, _: &SignalReader<'_>, _: &Env<'_>, scale: f64) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Arrow(Heads::End, scale))
    }

    fn text<'s>(
        &'s self,
        style: &Style,
        text_style: &TextStyle<'s>,
    ) -> Result<Option<AnnotationText<'s>>, Diagnostic> {
        let Some(note) = &self.note else { return Ok(None) };
        let label = text_style.prepare(&note.label)?;
        let attachment = Attachment::Arrow(&self.ends, style.width * text_style.scale / 2.0);
        Ok(Some(AnnotationText { label, anchor: &note.anchor, attachment, halo: note.halo }))
    }
}
