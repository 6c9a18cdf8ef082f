//! Bars from a baseline to samples.

use crate::geometry::Point;
use crate::panel::axis::Direction;
use crate::panel::device_style::fill_mark;
use crate::panel::element::sample_view::{SampleView, places_and_baselines};
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::sample_marks::{Glyph, SampleMarks, SampleStyles};
use crate::panel::sampling::Sample;
use crate::panel::shape;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Bars, PlottedSignal, Sampling, Scale};
use crate::scene::expr::Code;
use crate::scene::model::Env;

impl SampleView for Bars {
    fn signal(&self) -> &PlottedSignal {
        &self.signal
    }

    fn codes_along(&self) -> Vec<&Code> {
        self.baseline.iter().collect()
    }

    fn add_samples(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        let (places, bases) = places_and_baselines(reader, (&self.signal, self.baseline.as_ref()), env)?;
        let [along, up] = self.directions();
        let scale = along.select(reader.axes()).scale;
        let positions: Vec<f64> = places.iter().map(|(_, place)| along.select([place.0, place.1])).collect();
        let half = self.width(&positions, scale) / 2.0;
        for ((position, (_, place)), base) in positions.iter().zip(&places).zip(bases) {
            for side in [-half, half] {
                along
                    .select([&mut extents.x, &mut extents.y])
                    .add(scale.inverse(scale.transform(*position) + side));
            }
            up.select([&mut extents.x, &mut extents.y]).add(up.select([place.0, place.1]));
            extents.add_base(up, base.unwrap_or(0.0));
        }
        Ok(())
    }

    fn marks(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<SampleMarks, Diagnostic> {
        let PaintContext { reader, viewport, style, .. } = context;
        let [along, up] = self.directions();
        let axis = |direction: Direction| direction.select([viewport.x, viewport.y]);
        let is_still = |direction: Direction| direction.select(reader.still_directions(&self.signal));
        let bases = context.baseline_pixels((&self.signal, self.baseline.as_ref()), &axis(up), env)?;
        let positions: Vec<f64> =
            context.samples().iter().map(|sample| along.select([sample.x, sample.y])).collect();
        let width = self.width(&positions, axis(along).scale) * axis(along).pixels_per_unit();
        let is_edged = style.fill.is_some();
        let styles = SampleStyles::new(context, &self.signal, style, env)?;
        let glyph = |index: usize, sample: &Sample, level: usize| {
            let at = |direction: Direction| direction.select([sample.pixel.x, sample.pixel.y]);
            let sides = self.sides(at(along), width, is_still(along));
            let end = if is_still(up) { at(up).round() } else { at(up) };
            let base = if is_still(up) { bases[index].round() } else { bases[index] };
            let corner =
                |side: f64, value: f64| Point::new(along.select([side, value]), along.select([value, side]));
            let corners = [corner(sides[0], base), corner(sides[1], end)];
            let style = &styles.all()[level];
            let interior = shape::rectangle(corners[0], corners[1]);
            let mut shapes =
                vec![fill_mark(interior, Point::default(), style.fill.unwrap_or(style.color), viewport.rect)];
            if is_edged {
                let edge = shape::rectangle_outline(corners[0], corners[1], style.width);
                shapes.push(style.shape(edge, Point::default(), viewport.rect));
            }
            Glyph { line: None, shapes: if base.is_finite() { shapes } else { Vec::new() } }
        };
        let parts = (&styles, 1 + usize::from(is_edged));
        Ok(SampleMarks::new(context, (&self.signal, self.reveal), parts, glyph))
    }

    fn sample_swatch(&self, _: &SignalReader<'_>, _: &Env<'_>, _: f64) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Patch)
    }
}

impl Bars {
    /// The directions in which bars lie side by side, and in which they are long.
    fn directions(&self) -> [Direction; 2] {
        if self.signal.is_horizontal { [Direction::Y, Direction::X] } else { Direction::BOTH }
    }

    /// The width of all bars, in units or decades: the least distance of two neighbors without the gap. A single bar is as wide
    /// as a step, or one unit.
    fn width(&self, positions: &[f64], scale: Scale) -> f64 {
        let mut scaled: Vec<f64> = positions.iter().map(|position| scale.transform(*position)).collect();
        scaled.retain(|position| position.is_finite());
        scaled.sort_by(f64::total_cmp);
        let distances = scaled.windows(2).map(|pair| pair[1] - pair[0]).filter(|distance| *distance > 0.0);
        let least = distances.fold(f64::INFINITY, f64::min);
        let single = match self.signal.sampling {
            Sampling::Step(step) if scale == Scale::Linear => step,
            _ => 1.0,
        };
        (1.0 - self.gap) * if least.is_finite() { least } else { single }
    }

    /// The sides of a bar around a pixel, on whole pixels if it keeps still. Bars with gaps are then equally wide; without, each
    /// begins where the one before ends.
    fn sides(&self, middle: f64, width: f64, is_still: bool) -> [f64; 2] {
        let exact = [middle - width / 2.0, middle + width / 2.0];
        if !is_still {
            return exact;
        }
        let first = exact[0].round();
        let last = if self.gap > 0.0 { first + width.round() } else { exact[1].round() };
        [first, last.max(first + 1.0)]
    }
}
