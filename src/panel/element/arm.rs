//! A line from the origin to a signal's present value.

use crate::mark::Mark;
use crate::panel::element::ElementView;
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Arm, Heads};
use crate::scene::model::Env;

impl ElementView for Arm {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        extents.add_point((0.0, 0.0));
        extents.add_present(reader, &self.signal, env)
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        let tip = viewport.point(reader.coordinates(&self.signal, env)?);
        Ok(context.segment(viewport.point((0.0, 0.0)), tip, heads(self)))
    }

    fn swatch(&self, _: &SignalReader<'_>, _: &Env<'_>, scale: f64) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Arrow(heads(self), scale))
    }
}

fn heads(arm: &Arm) -> Heads {
    if arm.arrow { Heads::End } else { Heads::None }
}
