//! Elements that plotters can draw in addition to its own.
//!
//! A [`Mark`] draws itself at its own position, in device pixels, whatever the drawing area. A [`Curve`] is a
//! line in chart coordinates with a [`Pen`] and with gaps, clipped to its plot. The line series of plotters
//! are no substitute: they move points that lie outside the plot onto its border.

use std::borrow::Borrow;
use std::sync::Arc;

use plotters::coord::CoordTranslate;
use plotters::drawing::Rect;
use plotters::element::{CoordMapper, Drawable, PointCollection};
use plotters_backend::{BackendCoord, DrawingErrorKind};

use crate::draw::backend::{Recorder, RecorderError, UNITS, to_pixels};
use crate::geometry::PixelRect;
use crate::mark::{Mark, Pen, Polyline, Stroke};

impl<'a, C: 'a> PointCollection<'a, C> for &'a Mark {
    type Point = C;
    type IntoIter = std::iter::Empty<C>;

    fn point_iter(self) -> Self::IntoIter {
        std::iter::empty()
    }
}

impl Drawable<Recorder<'_>> for Mark {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        _: I,
        backend: &mut Recorder<'_>,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<RecorderError>> {
        backend.record(self.clone());
        Ok(())
    }
}

/// A line through points in a chart's coordinates, clipped to the chart's plotting area.
///
/// plotters rounds each point to 1/64 pixel and counts in 32 bits, so values more than about ten thousand
/// plot heights away must be left out.
#[derive(Clone, Debug)]
pub struct Curve {
    points: Vec<(f64, f64)>,
    starts: Vec<usize>,
    pen: Arc<Pen>,
}

impl Curve {
    /// Creates the line through `points`, which has a gap wherever a point is not finite.
    #[must_use]
    pub fn new(points: impl IntoIterator<Item = (f64, f64)>, pen: Pen) -> Self {
        let (mut finite_points, mut starts, mut in_gap) = (Vec::new(), Vec::new(), true);
        for (x, y) in points {
            let finite = x.is_finite() && y.is_finite();
            if finite {
                if in_gap {
                    starts.push(finite_points.len());
                }
                finite_points.push((x, y));
            }
            in_gap = !finite;
        }
        Self { points: finite_points, starts, pen: Arc::new(pen) }
    }
}

/// Maps points to the backend's coordinates without moving points that lie outside the plot. It also returns
/// the corners of the plot, by which the curve is clipped.
#[derive(Debug)]
pub struct Unclipped;

impl CoordMapper for Unclipped {
    /// The mapped point, and the upper left and lower right corners of the plot.
    type Output = [BackendCoord; 3];

    fn map<CT: CoordTranslate>(coord: &CT, from: &CT::From, plot: &Rect) -> Self::Output {
        // The fields of `Rect` are private, but `truncate` moves a point far outside to a corner.
        let corner = |far| plot.truncate((far, far));
        [coord.translate(from), corner(i32::MIN), corner(i32::MAX)]
    }
}

impl<'a, C> PointCollection<'a, C, Unclipped> for &'a Curve
where
    &'a (f64, f64): Borrow<C>,
    C: 'a,
{
    type Point = &'a (f64, f64);
    type IntoIter = &'a [(f64, f64)];

    fn point_iter(self) -> Self::IntoIter {
        &self.points
    }
}

impl Drawable<Recorder<'_>, Unclipped> for Curve {
    fn draw<I: Iterator<Item = [BackendCoord; 3]>>(
        &self,
        points: I,
        backend: &mut Recorder<'_>,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<RecorderError>> {
        let mut clip = PixelRect::default();
        let points = points.map(|[point, low, high]| {
            clip = pixels_between(low, high);
            to_pixels(point)
        });
        let points: Vec<_> = points.collect();
        let visible_points = points.len();
        let path = Arc::new(Polyline { points, subpath_starts: self.starts.clone() });
        backend.record(Mark::Stroke(Stroke { path, visible_points, pen: self.pen.clone(), clip }));
        Ok(())
    }
}

/// The smallest rectangle of whole pixels around two corners in backend units.
fn pixels_between(low: BackendCoord, high: BackendCoord) -> PixelRect {
    let ceil_to_pixels = |units: i32| -(-units).div_euclid(UNITS);
    PixelRect {
        left: low.0.div_euclid(UNITS),
        top: low.1.div_euclid(UNITS),
        right: ceil_to_pixels(high.0),
        bottom: ceil_to_pixels(high.1),
    }
}
