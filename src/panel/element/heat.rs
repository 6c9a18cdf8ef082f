//! A color map of a signal: one value for each device pixel of the plot rectangle, at the middle of the pixel.

use std::sync::Arc;

use crate::mark::{Cells, Image, Mark};
use crate::panel::color_range::{is_seen_in_some_frame, sampled_values, without_value};
use crate::panel::device_style::with_opacity;
use crate::panel::element::ElementView;
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::place_values::PlaceSignal;
use crate::panel::signal_reader::SignalReader;
use crate::raster::Rgba;
use crate::scene::color::ColorScale;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Heat, Scale};
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

    fn value_range(
        &self,
        reader: &SignalReader<'_>,
        viewport: &FrameViewport<'_>,
        threads: usize,
    ) -> Result<Option<[f64; 2]>, Diagnostic> {
        if let Some(given) = self.colors.range {
            return Ok(Some(given));
        }
        let mut values = sampled_values(reader, viewport, threads, self.signal())?;
        Ok(Some(self.colors.fitted(&mut values)))
    }

    fn unseen(
        &self,
        reader: &SignalReader<'_>,
        viewport: &FrameViewport<'_>,
    ) -> Result<Option<Diagnostic>, Diagnostic> {
        let is_log = self.colors.scale == Scale::Log;
        let has_color = |[_, high]: [f64; 2]| !is_log || high > 0.0;
        if is_seen_in_some_frame(reader, viewport, self.signal(), has_color)? {
            return Ok(None);
        }
        let defect = if is_log { "no value is greater than 0" } else { "no value is defined" };
        Err(without_value(reader, defect))
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        let finder = self.colors.finder(context.value_range.unwrap_or(self.colors.map.default_range()));
        let values = self.signal().at_pixels(reader, viewport, env, context.threads)?;
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
    fn signal(&self) -> PlaceSignal<'_> {
        PlaceSignal { value: &self.value, place: self.place }
    }
}
