//! Markers at samples, with or without error bars.

use crate::geometry::Point;
use crate::panel::element::sample_view::SampleView;
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::sample_marks::{Glyph, Markers, SampleMarks, SampleStyles};
use crate::panel::sampling::Sample;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{PlottedSignal, Scatter};
use crate::scene::expr::{Code, six_digits};
use crate::scene::model::Env;
use crate::scene::number_format::shortest;

impl SampleView for Scatter {
    fn signal(&self) -> &PlottedSignal {
        &self.signal
    }

    fn codes_along(&self) -> Vec<&Code> {
        self.error.iter().flatten().collect()
    }

    fn present_codes(&self) -> Vec<&Code> {
        self.marker.codes().collect()
    }

    fn add_samples(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        let places = reader.sampled_places(&self.signal, env)?;
        let parameters: Vec<f64> = places.iter().map(|(parameter, _)| *parameter).collect();
        let errors = self.errors(reader, &parameters, env)?;
        for (index, (_, (x, y))) in places.into_iter().enumerate() {
            extents.add_point((x, y));
            if let Some(reach) = errors.as_ref().filter(|_| y.is_finite()) {
                extents.y.add(y - reach[0][index]);
                extents.y.add(y + reach[1][index]);
            }
        }
        Ok(())
    }

    fn marks(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<SampleMarks, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        // An error bar that keeps still along x covers whole pixels, and its marker is centered on it.
        let is_snapped = self.error.is_some() && reader.still_directions(&self.signal)[0];
        let style = context.style_of_still(is_snapped);
        let parameters: Vec<f64> = context.samples().iter().map(|sample| sample.parameter).collect();
        let errors = self.errors(reader, &parameters, env)?;
        let styles = SampleStyles::new(context, &self.signal, &style, env)?;
        let markers = Markers::new(context, &styles, &self.marker, env)?;
        let end = |x: f64, y: f64| Point::new(x, viewport.y.pixel(viewport.y.clamp_to_baseline(y)));
        let glyph = |index: usize, sample: &Sample, style: usize| {
            let x = context.snap_if(is_snapped, sample.pixel.x);
            let bar = errors
                .as_ref()
                .map(|[below, above]| [end(x, sample.y - below[index]), end(x, sample.y + above[index])]);
            Glyph {
                line: bar.filter(|ends| ends.iter().all(|end| end.y.is_finite())),
                shapes: markers.at(context, sample, style, Point::new(x, sample.pixel.y)),
            }
        };
        let parts = (&styles, markers.marks());
        Ok(SampleMarks::new(context, (&self.signal, self.reveal), parts, glyph))
    }

    fn sample_swatch(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        scale: f64,
    ) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Marker(self.marker.shape, reader.marker_size(&self.marker, env)? * scale))
    }
}

impl Scatter {
    /// The lengths of error bars below and above the samples, if there are some.
    ///
    /// # Errors
    /// A length is negative, complex or cannot be evaluated.
    fn errors(
        &self,
        reader: &SignalReader<'_>,
        parameters: &[f64],
        env: &Env<'_>,
    ) -> Result<Option<[Vec<f64>; 2]>, Diagnostic> {
        let Some([below, above]) = &self.error else { return Ok(None) };
        let along = |code: &Code| {
            let lengths = reader.reals_along(code, self.signal.over, parameters, env)?;
            let negative = lengths.iter().copied().find(|length| *length < 0.0);
            negative.map_or(Ok(lengths), |length| Err(negative_length(reader, length)))
        };
        Ok(Some([along(below)?, along(above)?]))
    }
}

fn negative_length(reader: &SignalReader<'_>, length: f64) -> Diagnostic {
    let (panel, length) = (&reader.panel.name, shortest(six_digits(length)));
    Diagnostic::new(format!("an error bar in panel `{panel}` has the length {length}"))
        .at(reader.element.origin)
        .help("lengths are at least 0; write abs(…) if the sign does not matter")
}
