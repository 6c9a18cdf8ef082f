//! Arms from tip to tail, with circles around their starts and the trail of the last tip.

use crate::mark::{Mark, Pen};
use crate::panel::curve_stroke::CurveStroke;
use crate::panel::device_style::{fill_mark, with_opacity};
use crate::panel::element::sample_view::SampleView;
use crate::panel::element::trace::tail_stops;
use crate::panel::legend::Swatch;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::param_curve::ParamCurve;
use crate::panel::sample_marks::SampleMarks;
use crate::panel::sample_parameters::PlacedSample;
use crate::panel::sampling::{SamplingOptions, sample_together};
use crate::panel::shape;
use crate::panel::signal_reader::{SignalReader, variable_value};
use crate::panel::simplify::simplify;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Phasors, PlottedSignal, Scale, Trail};
use crate::scene::expr::{Code, Variable};
use crate::scene::model::Env;

/// The opacity of circles, as a part of that of arms.
const CIRCLE_OPACITY: f64 = 0.35;
/// The line width of circles, as a part of that of arms.
const CIRCLE_WIDTH: f64 = 0.8;
/// The line width of the trail, as a multiple of that of arms.
const TRAIL_WIDTH: f64 = 1.4;
/// The initial steps along a trail.
const TRAIL_STEPS: usize = 512;
/// Circles with a smaller radius in device pixels are left out.
const MIN_RADIUS: f64 = 0.25;

/// An arm: the value of its variable, where it begins, and where it ends.
struct PlacedArm {
    parameter: f64,
    start: (f64, f64),
    tip: (f64, f64),
}

impl SampleView for Phasors {
    fn signal(&self) -> &PlottedSignal {
        &self.signal
    }

    fn codes_along(&self) -> Vec<&Code> {
        Vec::new()
    }

    fn add_samples(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        for PlacedArm { start, tip, .. } in self.arms(reader.sampled_places(&self.signal, env)?) {
            extents.add_point(start);
            extents.add_point(tip);
            if self.has_circles {
                let radius = libm::hypot(tip.0 - start.0, tip.1 - start.1);
                extents.add_point((start.0 - radius, start.1 - radius));
                extents.add_point((start.0 + radius, start.1 + radius));
            }
        }
        Ok(())
    }

    fn marks(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<SampleMarks, Diagnostic> {
        let PaintContext { viewport, style, .. } = context;
        let samples = context.samples().iter().map(|sample| (sample.parameter, (sample.x, sample.y)));
        let arms = self.arms(samples.collect());
        let joints = arms.first().map(|arm| (arm.parameter, arm.start)).into_iter();
        let joints = joints.chain(arms.iter().map(|arm| (arm.parameter, arm.tip)));
        let at = |place: (f64, f64)| {
            let point = viewport.point(place);
            (point.x.is_finite() && point.y.is_finite()).then_some(point)
        };
        let points = joints.map(|(parameter, place)| (parameter, at(place)));
        let stroke = CurveStroke::of_points(points, &style.pen, viewport.rect);
        let mut marks = SampleMarks::of_strokes(context, (&self.signal, self.reveal), vec![Some(stroke)]);
        if self.has_circles {
            let circles = arms.iter().map(|arm| (arm.parameter, circle(context, arm)));
            marks.add_shapes(circles, context.sample_slots);
        }
        if let Some(trail) = &self.trail {
            let stroke = self.trail_stroke(context, trail, env)?;
            marks.under.push(stroke.revealed(trail.reveal, variable_value(env, trail.over)));
        }
        Ok(marks)
    }

    fn sample_swatch(&self, _: &SignalReader<'_>, _: &Env<'_>, _: f64) -> Result<Swatch, Diagnostic> {
        Ok(Swatch::Line)
    }
}

impl Phasors {
    /// The arms in their order, each at the tip of the one before it.
    fn arms(&self, mut samples: Vec<PlacedSample>) -> Vec<PlacedArm> {
        if self.is_alternating {
            let key = |parameter: f64| (parameter.abs(), parameter < 0.0);
            samples.sort_by(|(a, _), (b, _)| {
                let (a, b) = (key(*a), key(*b));
                a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
            });
        }
        let mut start = (0.0, 0.0);
        let place = |(parameter, (dx, dy))| {
            let tip = (start.0 + dx, start.1 + dy);
            PlacedArm { parameter, start: std::mem::replace(&mut start, tip), tip }
        };
        samples.into_iter().map(place).collect()
    }

    /// The stroke of the whole trail. It is the same in all frames, which share it as long as the axes and the style do not
    /// change.
    fn trail_stroke(
        &self,
        context: &PaintContext<'_>,
        trail: &Trail,
        env: &Env<'_>,
    ) -> Result<CurveStroke, Diagnostic> {
        let reader = &context.reader;
        if reader.has_moving_style() || reader.axes().iter().any(|axis| axis.moving.is_some()) {
            return self.sampled_trail(context, trail, env);
        }
        context.trail.get_or_init(|| self.sampled_trail(context, trail, env)).clone()
    }

    fn sampled_trail(
        &self,
        context: &PaintContext<'_>,
        trail: &Trail,
        env: &Env<'_>,
    ) -> Result<CurveStroke, Diagnostic> {
        let PaintContext { reader, viewport, style, .. } = context;
        let timeline = &reader.scene.timeline;
        let frames = if trail.over == timeline.variable { timeline.frames } else { 0 };
        let mut stops: Vec<f64> = (0..frames).map(|frame| timeline.present(frame)).collect();
        stops.extend(tail_stops(trail.reveal, trail.span));
        let options = SamplingOptions {
            viewport: *viewport,
            steps: TRAIL_STEPS,
            scale: Scale::Linear,
            hides_beyond: false,
            threads: 1,
        };
        let mut tip = TipCurve { phasors: self, reader, over: trail.over, env: env.clone(), error: None };
        let curve = sample_together(trail.span, &stops, options, std::slice::from_mut(&mut tip)).remove(0);
        tip.error.map_or(Ok(()), Err)?;
        let pen = Pen { width: style.width * TRAIL_WIDTH, ..style.pen.solid() };
        let samples = simplify(&curve.samples, &stops);
        let points =
            samples.iter().map(|sample| (sample.parameter, sample.is_finite().then_some(sample.pixel)));
        Ok(CurveStroke::of_points(points, &pen, viewport.rect))
    }
}

/// The circle on which the tip of an arm lies, around its start.
fn circle(context: &PaintContext<'_>, arm: &PlacedArm) -> Mark {
    let PaintContext { viewport, style, .. } = context;
    let center = viewport.point(arm.start);
    let radius = libm::hypot(arm.tip.0 - arm.start.0, arm.tip.1 - arm.start.1) * viewport.x.pixels_per_unit();
    if !(center.x.is_finite() && center.y.is_finite() && radius.is_finite() && radius >= MIN_RADIUS) {
        return Mark::Nothing;
    }
    let ring = shape::ring(radius, style.width * CIRCLE_WIDTH);
    fill_mark(ring, center, with_opacity(style.color, CIRCLE_OPACITY), viewport.rect)
}

/// The path of the last tip over the variable that moves it.
struct TipCurve<'r, 's> {
    phasors: &'r Phasors,
    reader: &'r SignalReader<'r>,
    over: Variable,
    env: Env<'s>,
    /// The first error. The path is undefined from then on.
    error: Option<Diagnostic>,
}

impl TipCurve<'_, '_> {
    fn tip(&mut self, parameter: f64) -> Result<(f64, f64), Diagnostic> {
        let Self { phasors, reader, over, env, .. } = self;
        env.bind_in_place(*over, parameter).map_err(|error| reader.scene.model_error(&error))?;
        let arms = phasors.arms(reader.sampled_places(&phasors.signal, env)?);
        Ok(arms.last().map_or((0.0, 0.0), |arm| arm.tip))
    }
}

impl ParamCurve for TipCurve<'_, '_> {
    fn eval(&mut self, parameter: f64) -> (f64, f64) {
        const UNDEFINED: (f64, f64) = (f64::NAN, f64::NAN);
        if self.error.is_some() {
            return UNDEFINED;
        }
        self.tip(parameter).unwrap_or_else(|error| {
            self.error = Some(error);
            UNDEFINED
        })
    }
}
