//! A label at a position. Its only marks are those of its text.

use crate::mark::Mark;
use crate::panel::attachment::{AnnotationText, Attachment};
use crate::panel::device_style::DeviceStyle;
use crate::panel::element::ElementView;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::prepared_label::TextStyle;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Space, Style, Text};
use crate::scene::model::Env;

impl ElementView for Text {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        match self.space {
            Space::Data => extents.add_point(reader.pair(&self.at, env)?),
            Space::Panel => {}
        }
        Ok(())
    }

    fn has_marks(&self) -> bool {
        false
    }

    fn paint(&self, _: &PaintContext<'_>, _: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        Ok(Vec::new())
    }

    fn text<'s>(
        &'s self,
        style: &Style,
        text_style: &TextStyle<'s>,
    ) -> Result<Option<AnnotationText<'s>>, Diagnostic> {
        let color = DeviceStyle::new(style, &text_style.theme, 1.0).color;
        Ok(Some(AnnotationText {
            label: text_style.prepare_colored(&self.label, color)?,
            anchor: &self.anchor,
            attachment: Attachment::Position(&self.at, self.space),
            halo: self.halo,
        }))
    }
}
