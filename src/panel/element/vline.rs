//! A vertical line over the whole height of the plot.

use crate::geometry::Point;
use crate::mark::Mark;
use crate::panel::element::ElementView;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Vline;
use crate::scene::model::Env;

impl ElementView for Vline {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        extents.x.add(reader.real(&self.x, env)?);
        Ok(())
    }

    fn is_axis_aligned(&self) -> bool {
        true
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        let exact = viewport.x.pixel(reader.real(&self.x, env)?);
        if !exact.is_finite() {
            return Ok(vec![Mark::Nothing]);
        }
        let (at, rect) = (context.snap_if_static(exact), viewport.rect);
        let ends = [Point::new(at, f64::from(rect.bottom)), Point::new(at, f64::from(rect.top))];
        Ok(vec![context.style.line(ends.to_vec(), rect)])
    }
}
