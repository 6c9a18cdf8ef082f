//! A marker at a signal's present value, and its note.

use crate::mark::Mark;
use crate::panel::attachment::{AnnotationText, Attachment};
use crate::panel::element::ElementView;
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::prepared_label::TextStyle;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Point, Style};
use crate::scene::model::Env;

impl ElementView for Point {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        extents.add_present(reader, &self.signal, env)
    }

    /// A marker outside of the plot is not shown.
    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        let coordinates = reader.coordinates(&self.signal, env)?;
        let at = viewport.point(coordinates);
        let is_shown = at.x.is_finite() && at.y.is_finite() && viewport.contains(coordinates);
        let mut marks = context.style.marker(
            self.marker.shape,
            reader.marker_size(&self.marker, env)? * context.scale,
            at,
            context.canvas,
        );
        if !is_shown {
            marks.fill(Mark::Nothing);
        }
        Ok(marks)
    }

    fn swatch(&self, reader: &SignalReader<'_>, env: &Env<'_>, scale: f64) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Marker(self.marker.shape, reader.marker_size(&self.marker, env)? * scale))
    }

    fn text<'s>(
        &'s self,
        _: &Style,
        text_style: &TextStyle<'s>,
    ) -> Result<Option<AnnotationText<'s>>, Diagnostic> {
        let Some(note) = &self.note else { return Ok(None) };
        let attachment = Attachment::Point(self, text_style.scale / 2.0);
        let label = text_style.prepare(&note.label)?;
        Ok(Some(AnnotationText { label, anchor: &note.anchor, attachment, halo: note.halo }))
    }
}
