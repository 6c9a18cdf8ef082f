//! Curves through plotters: a series on a chart of which only the plotting area is there.

use plotters::prelude::{ChartBuilder, DrawingAreaErrorKind, IntoDrawingArea};

use crate::draw::backend::{Recorder, RecorderError, px};
use crate::draw::curve::Curve;
use crate::mark::{Mark, Pen, Polyline, Stroke};
use crate::panel::axis::{AxisMapping, PlottersAxis};
use crate::panel::viewport::Viewport;

type DrawingError = DrawingAreaErrorKind<RecorderError>;

/// The stroke through values in a panel's units, broken where one is not finite, all of it drawn. Finite
/// values must have a place on the axes.
///
/// # Errors
/// None that the recorder knows of for lines.
pub(super) fn stroke(
    viewport: &Viewport,
    values: impl Iterator<Item = (f64, f64)>,
    pen: &Pen,
) -> Result<Stroke, DrawingError> {
    let curve = Curve::new(values, pen.clone());
    let mut marks = Vec::new();
    record(viewport, curve, &mut marks)?;
    Ok(marks.into_iter().find_map(Mark::into_stroke).unwrap_or_else(|| nothing(viewport, pen)))
}

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

/// The stroke of a signal that is nowhere.
fn nothing(viewport: &Viewport, pen: &Pen) -> Stroke {
    let path = std::sync::Arc::new(Polyline::default());
    Stroke { path, visible_points: 0, pen: std::sync::Arc::new(pen.clone()), clip: viewport.rect }
}
