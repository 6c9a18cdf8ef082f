//! The view of elements that show samples: `stem`, `scatter`, `bars`, `hold` and `phasors`.

use crate::mark::Mark;
use crate::panel::axis::AxisMapping;
use crate::panel::element::{ElementView, RevealedMarks};
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::sample_marks::SampleMarks;
use crate::panel::sample_parameters::PlacedSample;
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::panel::{drawing_work, memory};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::PlottedSignal;
use crate::scene::expr::Code;
use crate::scene::model::Env;

/// An element that shows samples of a signal.
pub(super) trait SampleView: Send + Sync {
    /// The signal.
    fn signal(&self) -> &PlottedSignal;

    /// Expressions that are evaluated at each sample, besides those of the signal.
    fn codes_along(&self) -> Vec<&Code>;

    /// Expressions that have their present value for all samples.
    fn present_codes(&self) -> Vec<&Code> {
        Vec::new()
    }

    /// Adds what the element shows in one frame if all samples are revealed.
    ///
    /// # Errors
    /// A value that must be real is complex, or there are too many samples.
    fn add_samples(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic>;

    /// The parameters at which a frame may end the element between two samples.
    ///
    /// # Errors
    /// An end of the span is complex or infinite.
    fn stops(&self, _reader: &SignalReader<'_>, _env: &Env<'_>) -> Result<Vec<f64>, Diagnostic> {
        Ok(Vec::new())
    }

    /// The marks of all samples in one frame.
    ///
    /// # Errors
    /// A value that must be real is complex.
    fn marks(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<SampleMarks, Diagnostic>;

    /// The swatch of the element in a legend.
    ///
    /// # Errors
    /// A size is complex or not positive.
    fn sample_swatch(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        scale: f64,
    ) -> Result<Swatch, Diagnostic>;
}

impl RevealedMarks for SampleMarks {
    fn append(&self, _: &PaintContext<'_>, env: &Env<'_>, marks: &mut Vec<Mark>) {
        Self::append(self, env, marks);
    }
}

impl<T: SampleView> ElementView for T {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        self.add_samples(reader, env, extents)
    }

    fn has_static_extent(&self, reader: &SignalReader<'_>) -> bool {
        let film = reader.scene.timeline.variable;
        let is_along_film = self.signal().over == film;
        let moves = |code: &&Code| code.depends_on(film);
        reader.is_static_curve(self.signal())
            && (is_along_film || !self.codes_along().iter().any(moves))
            && !self.present_codes().iter().any(moves)
    }

    fn stops(&self, reader: &SignalReader<'_>, _: &Viewport, env: &Env<'_>) -> Result<Vec<f64>, Diagnostic> {
        SampleView::stops(self, reader, env)
    }

    fn prepare<'s>(
        &'s self,
        context: &PaintContext<'s>,
        env: &Env<'s>,
    ) -> Result<Option<Box<dyn RevealedMarks + 's>>, Diagnostic> {
        if !self.has_static_extent(&context.reader) {
            return Ok(None);
        }
        let prepared = self.marks(context, env)?;
        let mut all = Vec::new();
        prepared.append(env, &mut all);
        let (scene, origin) = (context.reader.scene, context.reader.element.origin);
        memory::reserve_marks(scene, &all, origin)?;
        drawing_work::charge_marks(env.work(), &all, origin)?;
        Ok(Some(Box::new(prepared)))
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let mut marks = Vec::new();
        self.marks(context, env)?.append(env, &mut marks);
        Ok(marks)
    }

    fn swatch(&self, reader: &SignalReader<'_>, env: &Env<'_>, scale: f64) -> Result<Swatch, Diagnostic> {
        self.sample_swatch(reader, env, scale)
    }
}

/// The baseline of each sample; `None` for zero.
///
/// # Errors
/// A value is complex or cannot be evaluated.
fn baseline_values(
    reader: &SignalReader<'_>,
    (signal, baseline): (&PlottedSignal, Option<&Code>),
    parameters: &[f64],
    env: &Env<'_>,
) -> Result<Vec<Option<f64>>, Diagnostic> {
    let Some(code) = baseline else { return Ok(vec![None; parameters.len()]) };
    let values = reader.reals_along(code, signal.over, parameters, env)?;
    Ok(values.into_iter().map(Some).collect())
}

/// The place of each sample with its parameter, and its baseline; `None` for zero.
///
/// # Errors
/// A value is complex or cannot be evaluated, or there are too many samples.
pub(super) fn places_and_baselines(
    reader: &SignalReader<'_>,
    (signal, baseline): (&PlottedSignal, Option<&Code>),
    env: &Env<'_>,
) -> Result<(Vec<PlacedSample>, Vec<Option<f64>>), Diagnostic> {
    let places = reader.sampled_places(signal, env)?;
    let parameters: Vec<f64> = places.iter().map(|(parameter, _)| *parameter).collect();
    let bases = baseline_values(reader, (signal, baseline), &parameters, env)?;
    Ok((places, bases))
}

impl PaintContext<'_> {
    /// The baseline of each sample in device pixels along an axis of values; NaN where it is undefined.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated.
    pub(super) fn baseline_pixels(
        &self,
        baseline: (&PlottedSignal, Option<&Code>),
        axis: &AxisMapping,
        env: &Env<'_>,
    ) -> Result<Vec<f64>, Diagnostic> {
        let parameters: Vec<f64> = self.samples().iter().map(|sample| sample.parameter).collect();
        let values = baseline_values(&self.reader, baseline, &parameters, env)?;
        let pixel = |value: Option<f64>| axis.pixel(axis.clamp_to_baseline(value.unwrap_or(0.0)));
        Ok(values.into_iter().map(pixel).collect())
    }
}
