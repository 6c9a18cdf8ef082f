//! Crosses at the poles of a system and rings at its zeros.

use crate::geometry::Point;
use crate::mark::Mark;
use crate::panel::element::ElementView;
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::shape;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Marker, Poles};
use crate::scene::expr::Code;
use crate::scene::model::Env;

impl ElementView for Poles {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        for place in self.poles.iter().chain(&self.zeros) {
            extents.add_point(reader.place(place, env)?);
        }
        Ok(())
    }

    /// A pole or zero outside of the plot is not shown.
    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let (size, width) = (self.size * context.scale, context.style.width);
        let cross = shape::cross(size, width, true);
        let ring = shape::ring((size - width) / 2.0, width);
        let mark = |place: &Code, shape: &std::sync::Arc<_>| {
            let at = shown(context, context.reader.place(place, env)?);
            let mark = |at| context.style.shape(std::sync::Arc::clone(shape), at, context.canvas);
            Ok(at.map_or(Mark::Nothing, mark))
        };
        let poles = self.poles.iter().map(|place| mark(place, &cross));
        poles.chain(self.zeros.iter().map(|place| mark(place, &ring))).collect()
    }

    fn markers(&self) -> Option<(Vec<&Code>, f64)> {
        Some((self.poles.iter().chain(&self.zeros).collect(), self.size))
    }

    fn swatch(&self, _: &SignalReader<'_>, _: &Env<'_>, scale: f64) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Marker(Marker::Cross, self.size * scale))
    }
}

/// The pixel of a place that the plot shows.
fn shown(context: &PaintContext<'_>, place: (f64, f64)) -> Option<Point> {
    let at = context.viewport.point(place);
    (at.x.is_finite() && at.y.is_finite() && context.viewport.contains(place)).then_some(at)
}
