//! Lines from a baseline to samples, with markers at their ends, and the baseline along each run of samples without a gap.

use crate::geometry::Point;
use crate::mark::{Mark, Polyline};
use crate::panel::element::sample_view::{SampleView, places_and_baselines};
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::sample_marks::{Glyph, Markers, SampleMarks, SampleStyles};
use crate::panel::sampling::Sample;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{PlottedSignal, Stem};
use crate::scene::expr::Code;
use crate::scene::model::Env;

impl SampleView for Stem {
    fn signal(&self) -> &PlottedSignal {
        &self.signal
    }

    fn codes_along(&self) -> Vec<&Code> {
        self.baseline.iter().collect()
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
        let (places, bases) = places_and_baselines(reader, (&self.signal, self.baseline.as_ref()), env)?;
        for ((_, place), base) in places.into_iter().zip(bases) {
            extents.add_point(place);
            extents.y.add(base.unwrap_or(0.0));
        }
        Ok(())
    }

    fn marks(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<SampleMarks, Diagnostic> {
        let PaintContext { reader, viewport, .. } = context;
        let [x_is_still, y_is_still] = reader.still_directions(&self.signal);
        let style = context.style_of_still(x_is_still);
        let bases = context.baseline_pixels((&self.signal, self.baseline.as_ref()), &viewport.y, env)?;
        // Stems that keep still along x cover whole pixels, and their markers are centered on them.
        let place = |sample: &Sample| Point::new(context.snap_if(x_is_still, sample.pixel.x), sample.pixel.y);
        let foot = |index: usize, sample: &Sample| {
            Point::new(place(sample).x, context.snap_if(y_is_still, bases[index]))
        };
        let styles = SampleStyles::new(context, &self.signal, &style, env)?;
        let markers = Markers::new(context, &styles, &self.marker, env)?;
        let glyph = |index: usize, sample: &Sample, style: usize| {
            let ends = [foot(index, sample), place(sample)];
            let line = ends[0].y.is_finite().then_some(ends);
            Glyph { line, shapes: markers.at(context, sample, style, place(sample)) }
        };
        let mut marks =
            SampleMarks::new(context, (&self.signal, self.reveal), (&styles, markers.marks()), glyph);
        // Samples without a value are gaps of the baseline, too.
        let (mut baseline, mut is_gap) = (Polyline::default(), true);
        for (index, sample) in context.samples().iter().enumerate() {
            let foot = foot(index, sample);
            let is_shown = sample.is_finite() && foot.y.is_finite();
            if is_shown && is_gap {
                baseline.subpath_starts.push(baseline.points.len());
            }
            baseline.points.extend(is_shown.then_some(foot));
            is_gap = !is_shown;
        }
        let is_line = baseline.points.len() > 1;
        marks.under.push(if is_line { style.solid_path(baseline, viewport.rect) } else { Mark::Nothing });
        Ok(marks)
    }

    fn sample_swatch(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        scale: f64,
    ) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Stem(self.marker.shape, reader.marker_size(&self.marker, env)? * scale))
    }
}
