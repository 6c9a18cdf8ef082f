//! A circle: its interior and its edge. The radius is in units of the x axis.

use crate::draw::backend::circle_points;
use crate::mark::Mark;
use crate::panel::element::ElementView;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::shape;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Circle;
use crate::scene::model::Env;

impl ElementView for Circle {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        let ((x, y), r) = (reader.pair(&self.center, env)?, reader.real(&self.radius, env)?);
        extents.add_point((x - r, y - r));
        extents.add_point((x + r, y + r));
        Ok(())
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let PaintContext { reader, viewport, style, .. } = context;
        let at = viewport.point(reader.pair(&self.center, env)?);
        let r = reader.real(&self.radius, env)?.abs() * viewport.x.pixels_per_unit();
        if !(at.x.is_finite() && at.y.is_finite() && r.is_finite()) {
            return Ok(vec![Mark::Nothing; 2]);
        }
        let edge = if style.is_dashed() {
            style.line(circle_points(at, r), viewport.rect)
        } else {
            style.shape(shape::ring(r, style.width), at, viewport.rect)
        };
        Ok(vec![context.interior(shape::disc(r), at), edge])
    }
}
