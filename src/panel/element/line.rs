//! A line from one point to another.

use crate::mark::Mark;
use crate::panel::element::ElementView;
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Line;
use crate::scene::model::Env;

impl ElementView for Line {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        extents.add_point(reader.pair(&self.ends[0], env)?);
        extents.add_point(reader.pair(&self.ends[1], env)?);
        Ok(())
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        let [a, b] = [reader.pair(&self.ends[0], env)?, reader.pair(&self.ends[1], env)?];
        Ok(context.segment(viewport.point(a), viewport.point(b), self.heads))
    }

    fn swatch(&self, _: &SignalReader<'_>, _: &Env<'_>, scale: f64) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Arrow(self.heads, scale))
    }
}
