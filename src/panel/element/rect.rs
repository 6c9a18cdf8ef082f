//! A rectangle between two corners: its interior and its edge.

use crate::geometry::Point;
use crate::mark::Mark;
use crate::panel::element::ElementView;
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::shape;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Rect;
use crate::scene::model::Env;

impl ElementView for Rect {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        extents.add_point(reader.pair(&self.corners[0], env)?);
        extents.add_point(reader.pair(&self.corners[1], env)?);
        Ok(())
    }

    fn is_axis_aligned(&self) -> bool {
        true
    }

    fn is_surface(&self) -> bool {
        true
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let PaintContext { reader, viewport, style, .. } = context;
        let [a, b] = [reader.pair(&self.corners[0], env)?, reader.pair(&self.corners[1], env)?];
        let corner = |(x, y): (f64, f64)| {
            viewport.point((viewport.x.clamp_to_baseline(x), viewport.y.clamp_to_baseline(y)))
        };
        let (a, b) = (corner(a), corner(b));
        if ![a.x, a.y, b.x, b.y].iter().all(|c| c.is_finite()) {
            return Ok(vec![Mark::Nothing; 2]);
        }
        let snapped = |p: Point| Point::new(context.snap_if_static(p.x), context.snap_if_static(p.y));
        let (a, b) = (snapped(a), snapped(b));
        let edge = if style.is_dashed() {
            style.line(vec![a, Point::new(b.x, a.y), b, Point::new(a.x, b.y), a], viewport.rect)
        } else {
            style.shape(shape::rectangle_outline(a, b, style.width), Point::default(), viewport.rect)
        };
        Ok(vec![context.interior(shape::rectangle(a, b), Point::default()), edge])
    }

    fn swatch(&self, _: &SignalReader<'_>, _: &Env<'_>, _: f64) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Patch)
    }
}
