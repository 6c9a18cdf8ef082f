//! The perpendicular from a signal's present value onto an axis.

use crate::mark::Mark;
use crate::panel::element::ElementView;
use crate::panel::paint::PaintContext;
use crate::panel::range::PanelExtents;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Arrow, Drop, Onto};
use crate::scene::model::Env;

impl ElementView for Drop {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        match self.onto {
            Onto::X => extents.y.add(0.0),
            Onto::Y => extents.x.add(0.0),
        }
        extents.add_present(reader, &self.signal, env)
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        let (x, y) = reader.coordinates(&self.signal, env)?;
        let foot = match self.onto {
            Onto::X => (x, viewport.y.baseline()),
            Onto::Y => (viewport.x.baseline(), y),
        };
        Ok(context.segment(viewport.point((x, y)), viewport.point(foot), Arrow::None))
    }
}
