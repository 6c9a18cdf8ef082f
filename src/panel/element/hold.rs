//! The staircase of samples.

use crate::geometry::{PixelRect, Point};
use crate::panel::curve_stroke::CurveStroke;
use crate::panel::device_style::DeviceStyle;
use crate::panel::element::sample_view::SampleView;
use crate::panel::element::trace::tail_stops;
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::sample_marks::{SampleMarks, SampleStyles};
use crate::panel::sampling::Sample;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Hold, PlottedSignal, Sampling};
use crate::scene::expr::{Code, Variable};
use crate::scene::model::Env;

/// A point of the staircase with its parameter; `None` where it is undefined.
type Corner = (f64, Option<Point>);

impl SampleView for Hold {
    fn signal(&self) -> &PlottedSignal {
        &self.signal
    }

    fn codes_along(&self) -> Vec<&Code> {
        Vec::new()
    }

    /// The last step counts where it does not lead beyond the span of time or of a param.
    fn add_samples(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        extents.add_curve(reader, &self.signal, env)?;
        if matches!(self.signal.over, Variable::Free(_)) {
            let xs: Vec<f64> =
                reader.sampled_places(&self.signal, env)?.into_iter().map(|(_, (x, _))| x).collect();
            if let [.., last] = xs[..] {
                extents.add_along(reader, &self.signal, last + self.last_step(&xs));
            }
        }
        Ok(())
    }

    /// The film variable's value in every frame, at which a frame may end the staircase, and points along which a tail fades.
    fn stops(&self, reader: &SignalReader<'_>, env: &Env<'_>) -> Result<Vec<f64>, Diagnostic> {
        let mut stops = reader.frame_stops(&self.signal);
        stops.extend(tail_stops(self.reveal, reader.span(&self.signal, env)?));
        Ok(stops)
    }

    fn marks(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<SampleMarks, Diagnostic> {
        let still = context.reader.still_directions(&self.signal);
        let style = context.style_of_still(still[0] || still[1]);
        let place = |sample: &Sample| {
            let Point { x, y } = sample.pixel;
            sample.is_finite().then(|| Point::new(context.snap_if(still[0], x), context.snap_if(still[1], y)))
        };
        let samples: Vec<Corner> =
            context.samples().iter().map(|sample| (sample.parameter, place(sample))).collect();
        let end = context.samples().last().map(|last| {
            let xs: Vec<f64> = context.samples().iter().map(|sample| sample.x).collect();
            let end = context.snap_if(still[0], context.viewport.x.pixel(last.x + self.last_step(&xs)));
            part_in_plot(last.pixel.x, end, context.viewport.rect)
        });
        let corners = self.corners(&samples, end);
        let styles = SampleStyles::new(context, &self.signal, &style, env)?;
        let stroke = |(index, style): (usize, &DeviceStyle)| {
            let steps = |step: usize| styles.index(step) == Some(index);
            let reach = if style.color.a == u8::MAX { style.width / 2.0 } else { 0.0 };
            let own = of_steps(&corners, steps, reach);
            own.iter().any(|(_, at)| at.is_some()).then(|| {
                CurveStroke::of_points(
                    with_stops(&own, &context.curve.stops),
                    &style.pen,
                    context.viewport.rect,
                )
            })
        };
        let strokes = styles.all().iter().enumerate().map(stroke).collect();
        Ok(SampleMarks::of_strokes(context, (&self.signal, self.reveal), strokes))
    }

    fn sample_swatch(&self, _: &SignalReader<'_>, _: &Env<'_>, _: f64) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Line)
    }
}

impl Hold {
    /// How long the last of some values is kept: for as long as the one before it, or for one step.
    fn last_step(&self, values: &[f64]) -> f64 {
        match (values, &self.signal.sampling) {
            ([.., before, last], _) if (last - before).is_finite() => last - before,
            (_, Sampling::Step(step)) => *step,
            _ => 1.0,
        }
    }

    /// The corners of the staircase with ascending or descending parameters: each sample, and its value where the next one
    /// begins. The last one is kept up to the pixel `end`, which is a part of its step.
    fn corners(&self, samples: &[Corner], end: Option<(f64, f64)>) -> Vec<Corner> {
        let mut corners = Vec::with_capacity(2 * samples.len());
        let level = |at: Option<Point>, x: Option<f64>| at.zip(x).map(|(at, x)| Point::new(x, at.y));
        for pair in samples.windows(2) {
            let [(start, at), (next, to)] = [pair[0], pair[1]];
            // A value that is followed by a gap ends where it begins.
            let x = to.or(at).map(|to| to.x);
            let before_next = if start < next { next.next_down() } else { next.next_up() };
            corners.extend([(start, at), (before_next, level(at, x))]);
        }
        if let Some((last, at)) = samples.last() {
            let parameters: Vec<f64> = samples.iter().map(|(parameter, _)| *parameter).collect();
            let (end, part) = end.unzip();
            let last_step = self.last_step(&parameters) * part.unwrap_or(1.0);
            corners.extend([(*last, *at), (last + last_step, level(*at, end))]);
        }
        corners
    }
}

/// The corners of some steps, each with the line that leads to it from the step before. A step that does not lead on to
/// another one of these reaches further by `reach`, so that its end and the next line make a whole corner.
fn of_steps(corners: &[Corner], is_own: impl Fn(usize) -> bool, reach: f64) -> Vec<Corner> {
    let corner = |(index, &(parameter, at)): (usize, &Corner)| {
        let (step, is_end) = (index / 2, index % 2 == 1);
        let leads_on = index + 1 < corners.len() && is_end;
        let at = match (is_own(step), leads_on && is_own(step + 1)) {
            (true, false) if leads_on && corners[index + 1].1.is_some() => {
                let start = corners[index - 1].1;
                at.zip(start).map(|(at, start)| Point::new(at.x + reach * (at.x - start.x).signum(), at.y))
            }
            (true, _) | (false, true) => at,
            (false, false) => None,
        };
        (parameter, at)
    };
    corners.iter().enumerate().map(corner).collect()
}

/// The end of a step from one pixel to another where the step leaves the plot, and the part of the step up to there.
fn part_in_plot(from: f64, to: f64, plot: PixelRect) -> (f64, f64) {
    let [left, right] = [plot.left, plot.right].map(f64::from);
    let end = to.clamp(left.min(from), right.max(from));
    (end, if to == from { 1.0 } else { (end - from) / (to - from) })
}

/// The corners with a point at each stop that lies between two of them.
fn with_stops(corners: &[Corner], stops: &[f64]) -> Vec<Corner> {
    let is_descending = corners.first().map(|corner| corner.0) > corners.last().map(|corner| corner.0);
    let mut stops = stops.to_vec();
    stops.sort_by(|a, b| if is_descending { b.total_cmp(a) } else { a.total_cmp(b) });
    let is_before = |a: f64, b: f64| if is_descending { a > b } else { a < b };
    let mut stops = stops.into_iter().peekable();
    let mut all = Vec::with_capacity(corners.len() + stops.len());
    for pair in corners.windows(2) {
        let [(start, from), (end, to)] = [pair[0], pair[1]];
        all.push((start, from));
        while stops.next_if(|stop| !is_before(start, *stop)).is_some() {}
        while let Some(stop) = stops.next_if(|stop| is_before(*stop, end)) {
            let part = (stop - start) / (end - start);
            let between = |a: f64, b: f64| a + (b - a) * part;
            let point =
                from.zip(to).map(|(from, to)| Point::new(between(from.x, to.x), between(from.y, to.y)));
            if is_before(all[all.len() - 1].0, stop) {
                all.push((stop, point));
            }
        }
    }
    all.extend(corners.last());
    all
}
