//! A color map of a signal: one value for each device pixel of the plot rectangle, at the middle of the pixel.

use std::sync::Arc;

use crate::mark::{Cells, Image, Mark};
use crate::panel::color_range::sampled_values;
use crate::panel::device_style::with_opacity;
use crate::panel::element::ElementView;
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::range::PanelExtents;
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::parallel;
use crate::raster::Rgba;
use crate::scene::color::ColorScale;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Heat;
use crate::scene::expr::Variable;
use crate::scene::model::Env;

impl ElementView for Heat {
    /// A color map fills the panel whatever its ranges are.
    fn add_extent(&self, _: &SignalReader<'_>, _: &Env<'_>, _: &mut PanelExtents) -> Result<(), Diagnostic> {
        Ok(())
    }

    fn is_backdrop(&self) -> bool {
        true
    }

    fn color_scale(&self) -> Option<&ColorScale> {
        Some(&self.colors)
    }

    fn color_range(
        &self,
        reader: &SignalReader<'_>,
        viewport: &FrameViewport<'_>,
        threads: usize,
    ) -> Result<Option<[f64; 2]>, Diagnostic> {
        if let Some(given) = self.colors.range {
            return Ok(Some(given));
        }
        sampled_values(reader, viewport, threads, |viewport, env| self.values(reader, viewport, env, 1))
            .map(|mut values| Some(self.colors.fitted(&mut values)))
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        let finder = self.colors.finder(context.color_range.unwrap_or(self.colors.map.default_range()));
        let values = self.values(reader, viewport, env, context.threads)?;
        let indices = values.into_iter().map(|value| finder.level(value).unwrap_or(Cells::CLEAR)).collect();
        let opacity = reader.style(env)?.opacity;
        let palette: Vec<Rgba> = self.colors.colors().map(|color| with_opacity(color, opacity)).collect();
        let cells = Arc::new(Cells { columns: viewport.rect.width() as usize, indices });
        let (bounds, clip) = (viewport.rect.into(), viewport.rect);
        Ok(vec![Mark::Image(Image { cells, bounds, palette: palette.into(), clip })])
    }

    fn swatch(&self, _: &SignalReader<'_>, _: &Env<'_>, _: f64) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Colors(self.colors.colors().collect()))
    }
}

impl Heat {
    /// The values at the middles of the pixels of a plot rectangle, row by row from the top. The rows are divided among the
    /// threads.
    fn values(
        &self,
        reader: &SignalReader<'_>,
        viewport: &Viewport,
        env: &Env<'_>,
        threads: usize,
    ) -> Result<Vec<f64>, Diagnostic> {
        let rect = viewport.rect;
        let middle = |pixel: i32| f64::from(pixel) + 0.5;
        let xs: Vec<f64> = (rect.left..rect.right).map(|x| viewport.x.value(middle(x))).collect();
        let row = |bound: &mut Env<'_>, row: usize| {
            let y = viewport.y.value(middle(rect.top + row as i32));
            self.row(reader, &xs, y, bound)
        };
        let mut states = vec![env.clone(); threads.max(1)];
        let rows = parallel::map(&mut states, rect.height() as usize, row);
        let mut values = Vec::with_capacity(xs.len() * rows.len());
        for row in rows {
            values.extend(row?);
        }
        Ok(values)
    }

    /// The values at some places with the same y.
    fn row(
        &self,
        reader: &SignalReader<'_>,
        xs: &[f64],
        y: f64,
        bound: &mut Env<'_>,
    ) -> Result<Vec<f64>, Diagnostic> {
        let [across, up] = self.place.map(Variable::Free);
        bound.bind_in_place(up, y).map_err(|error| reader.scene.model_error(&error))?;
        reader.reals_along(&self.value, across, xs, bound)
    }
}
