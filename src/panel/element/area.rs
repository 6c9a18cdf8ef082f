//! The area between a curve and another curve, or zero: all of it, or the part up to the present.

use crate::geometry::Point;
use crate::mark::Mark;
use crate::panel::band::{Band, BandSides, slice_values};
use crate::panel::device_style::fill_mark;
use crate::panel::element::{ElementView, RevealedMarks};
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::signal_reader::{SignalReader, variable_value};
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Area, PlottedSignal, Reveal};
use crate::scene::model::Env;

/// An area that is the same in every frame, apart from how much of it is shown.
struct StaticArea<'s> {
    area: &'s Area,
    band: Band,
}

impl RevealedMarks for StaticArea<'_> {
    fn append(&self, context: &PaintContext<'_>, env: &Env<'_>, marks: &mut Vec<Mark>) {
        marks.extend(self.area.revealed(&self.band, context, env));
    }
}

impl ElementView for Area {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        extents.add_curve(reader, &self.signal, env)?;
        let Some(to) = &self.to else {
            extents.y.add(0.0);
            return Ok(());
        };
        let other_side = PlottedSignal { value: to.clone(), ..self.signal.clone() };
        extents.add_curve(reader, &other_side, env)
    }

    /// Whether both sides are the same in every frame.
    fn has_static_extent(&self, reader: &SignalReader<'_>) -> bool {
        let film_variable = reader.scene.timeline.variable;
        let has_static_base = self.signal.over == film_variable
            || !self.to.as_ref().is_some_and(|to| to.depends_on(film_variable));
        reader.is_static_curve(&self.signal) && has_static_base
    }

    /// Stops where slices of the area meet, so that each slice ends at a sample.
    fn stops(
        &self,
        reader: &SignalReader<'_>,
        viewport: &Viewport,
        env: &Env<'_>,
    ) -> Result<Vec<f64>, Diagnostic> {
        let mut stops = reader.stops(&self.signal, env);
        if reader.runs_along_axis(&self.signal) {
            stops.extend(slice_values(viewport));
        }
        Ok(stops)
    }

    fn prepare<'s>(
        &'s self,
        context: &PaintContext<'s>,
        env: &Env<'s>,
    ) -> Result<Option<Box<dyn RevealedMarks + 's>>, Diagnostic> {
        if !self.has_static_extent(&context.reader) {
            return Ok(None);
        }
        Ok(Some(Box::new(StaticArea { area: self, band: self.band(context, env)? })))
    }

    fn is_surface(&self) -> bool {
        true
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        Ok(self.revealed(&self.band(context, env)?, context, env).collect())
    }

    fn swatch(&self, _: &SignalReader<'_>, _: &Env<'_>, _: f64) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Patch)
    }
}

impl Area {
    fn band(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Band, Diagnostic> {
        let sides = BandSides { signal: &self.signal, to: self.to.as_ref() };
        Band::new(context, sides, env)
    }

    /// The part that a frame shows.
    fn revealed(&self, band: &Band, context: &PaintContext<'_>, env: &Env<'_>) -> impl Iterator<Item = Mark> {
        let up_to = match self.reveal {
            Reveal::Grow => Some(variable_value(env, self.signal.over)),
            Reveal::All | Reveal::Tail(_) => None,
        };
        let color = context.style.fill.unwrap_or(context.style.color);
        let clip = context.viewport.rect;
        band.shapes(up_to).map(move |slice| fill_mark(slice, Point::default(), color, clip))
    }
}
