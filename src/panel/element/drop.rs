//! The perpendicular from a signal's present value onto an axis.

use crate::mark::Mark;
use crate::panel::element::ElementView;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Drop, Heads, Onto, VerticalAxis};
use crate::scene::model::Env;

impl ElementView for Drop {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        extents.add_present(reader, &self.signal, env)
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        let (x, y) = reader.coordinates(&self.signal, env)?;
        // Where the axis lies outside of the panel, the perpendicular ends at the edge that is nearest to it.
        let foot = match self.onto {
            Onto::X => (x, viewport.origin().1),
            Onto::Y => match reader.element.axis {
                VerticalAxis::Y => (viewport.origin().0, y),
                VerticalAxis::Y2 => (viewport.x.range[1], y),
            },
        };
        Ok(context.segment(viewport.point((x, y)), viewport.point(foot), Heads::None))
    }
}
