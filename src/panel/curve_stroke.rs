//! A curve as a stroke: the whole of it, the part up to a parameter, or a fading tail.
//!
//! Strokes are drawn through plotters, as a series on a chart that has only a plotting area.

use std::sync::Arc;

use plotters::prelude::{ChartBuilder, DrawingAreaErrorKind, IntoDrawingArea};

use crate::draw::backend::{Recorder, RecorderError, px};
use crate::draw::curve::Curve;
use crate::geometry::{PixelRect, Point};
use crate::mark::{Mark, Pen, Polyline, Stroke, Tail};
use crate::panel::axis::{AxisMapping, PlottersAxis};
use crate::panel::dash_fit::dash_factor;
use crate::panel::sampling::Sample;
use crate::panel::viewport::Viewport;
use crate::scene::element::Reveal;

type DrawingError = DrawingAreaErrorKind<RecorderError>;

/// The stroke of a sampled curve, with the parameter of each of its points.
#[derive(Clone, Debug)]
pub(super) struct CurveStroke {
    /// The whole curve.
    stroke: Stroke,
    /// The curve's parameter at each point of the stroke, in the curve's direction.
    parameters: Vec<f64>,
}

impl CurveStroke {
    /// The stroke through samples, broken where a sample is not finite. The axes must be able to show all
    /// finite samples.
    ///
    /// # Errors
    /// The type allows for errors of the recorder, which has none for lines.
    pub(super) fn new(viewport: &Viewport, samples: &[Sample], pen: &Pen) -> Result<Self, DrawingError> {
        let curve = Curve::new(samples.iter().map(|s| (s.x, s.y)), pen.clone());
        let mut marks = Vec::new();
        record(viewport, curve, &mut marks)?;
        let stroke = marks.into_iter().find_map(Mark::into_stroke);
        let mut stroke = stroke.unwrap_or_else(|| empty_stroke(viewport, pen));
        let factor = dash_factor(&stroke.path, &pen.dash);
        if factor != 1.0 {
            let dash = pen.dash.iter().map(|length| length * factor).collect();
            stroke.pen = Arc::new(Pen { dash, ..pen.clone() });
        }
        Ok(Self {
            stroke,
            parameters: samples.iter().filter(|s| s.is_finite()).map(|s| s.parameter).collect(),
        })
    }

    /// The stroke of segments that are not joined, each with its parameter. Parameters ascend or descend.
    pub(super) fn of_segments(
        segments: impl IntoIterator<Item = (f64, [Point; 2])>,
        pen: &Pen,
        clip: PixelRect,
    ) -> Self {
        let segments: Vec<(f64, [Point; 2])> = segments.into_iter().collect();
        let points: Vec<Point> = segments.iter().flat_map(|(_, ends)| *ends).collect();
        let subpath_starts = (0..points.len()).step_by(2).collect();
        let parameters = segments.iter().flat_map(|(parameter, _)| [*parameter; 2]).collect();
        let visible_points = points.len();
        let path = Arc::new(Polyline { points, subpath_starts });
        Self { stroke: Stroke { path, visible_points, pen: Arc::new(pen.clone()), clip }, parameters }
    }

    /// The stroke through points in device pixels, each with its parameter; it is broken where there is no point. Parameters
    /// ascend or descend.
    pub(super) fn of_points(
        points: impl IntoIterator<Item = (f64, Option<Point>)>,
        pen: &Pen,
        clip: PixelRect,
    ) -> Self {
        let (mut path, mut parameters, mut is_broken) = (Polyline::default(), Vec::new(), true);
        for (parameter, point) in points {
            if let Some(point) = point {
                path.subpath_starts.extend(is_broken.then_some(path.points.len()));
                path.points.push(point);
                parameters.push(parameter);
            }
            is_broken = point.is_none();
        }
        let visible_points = path.points.len();
        let path = Arc::new(path);
        Self { stroke: Stroke { path, visible_points, pen: Arc::new(pen.clone()), clip }, parameters }
    }

    /// The part that a frame shows.
    pub(super) fn revealed(&self, reveal: Reveal, present: f64) -> Mark {
        match reveal {
            Reveal::Grow => self.up_to(present),
            Reveal::Tail(length) => self.tail(present, length),
            Reveal::All => self.whole(),
        }
    }

    /// The whole curve.
    pub(super) fn whole(&self) -> Mark {
        Mark::Stroke(self.stroke.clone())
    }

    /// The curve up to a parameter.
    pub(super) fn up_to(&self, parameter: f64) -> Mark {
        Mark::Stroke(Stroke { visible_points: self.points_up_to(parameter), ..self.stroke.clone() })
    }

    /// The part of the curve at most `length` before a parameter: opaque at the parameter, transparent at
    /// the other end. Nothing if the curve begins later or has ended earlier.
    pub(super) fn tail(&self, parameter: f64, length: f64) -> Mark {
        let end = self.points_up_to(parameter);
        let age = |at: f64| (parameter - at).abs() / length;
        let first = self.parameters[..end].partition_point(|&at| age(at) > 1.0);
        if first == end {
            return Mark::Nothing;
        }
        let path = &self.stroke.path;
        let opacities = self.parameters[first..end].iter().map(|&at| ((1.0 - age(at)) * 255.0).round() as u8);
        Mark::Tail(Tail {
            opacities: opacities.collect(),
            dash_offset: if self.stroke.pen.dash.is_empty() { 0.0 } else { path.arc_length(first) },
            path: Arc::new(path.slice(first, end)),
            pen: Arc::clone(&self.stroke.pen),
            clip: self.stroke.clip,
        })
    }

    /// The number of points at or before a parameter.
    fn points_up_to(&self, parameter: f64) -> usize {
        let is_descending = self.parameters.first() > self.parameters.last();
        self.parameters.partition_point(|&at| if is_descending { at >= parameter } else { at <= parameter })
    }
}

/// Records what plotters draws for a curve.
fn record(viewport: &Viewport, curve: Curve, marks: &mut Vec<Mark>) -> Result<(), DrawingError> {
    let rect = viewport.rect;
    let area = Recorder::new(rect.right as u32, rect.bottom as u32, marks).into_drawing_area();
    let axis = |mapping: &AxisMapping| PlottersAxis { mapping: *mapping, ticks: Vec::new() };
    ChartBuilder::on(&area)
        .margin_left(px(f64::from(rect.left)))
        .margin_top(px(f64::from(rect.top)))
        .build_cartesian_2d(axis(&viewport.x), axis(&viewport.y))
        .and_then(|mut chart| chart.draw_series([curve]).map(drop))
}

/// The stroke of a curve without any finite sample.
fn empty_stroke(viewport: &Viewport, pen: &Pen) -> Stroke {
    let path = Arc::new(Polyline::default());
    Stroke { path, visible_points: 0, pen: Arc::new(pen.clone()), clip: viewport.rect }
}
