//! plotters elements for what plotters has no words for.
//!
//! A [`Mark`] is an element that draws itself where it is, in device pixels, on any area. A [`Curve`] is a
//! line in chart coordinates that has a pen of any width, dashes, and breaks, and is clipped to its
//! plot; plotters' own series pull points that lie outside to the border.

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
/// plotters rounds each point to 1/64 pixel. It counts in 32 bits: values more than some ten thousand
/// plot heights away must be left out.
#[derive(Clone, Debug)]
pub struct Curve {
    points: Vec<(f64, f64)>,
    starts: Vec<usize>,
    pen: Arc<Pen>,
}

impl Curve {
    /// The line through `points`, broken wherever one is not finite.
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

/// Maps a point as a chart does, but leaves it outside if it lies there, and tells the plot's corners.
#[derive(Debug)]
pub struct Unclipped;

impl CoordMapper for Unclipped {
    /// The point, the plot's upper left corner, its lower right one.
    type Output = [BackendCoord; 3];

    fn map<CT: CoordTranslate>(coord: &CT, from: &CT::From, plot: &Rect) -> Self::Output {
        // The rectangle's fields are private; points far outside are pulled to its corners.
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

/// The pixels that have any part between two corners in units.
fn pixels_between(low: BackendCoord, high: BackendCoord) -> PixelRect {
    let last = |units: i32| -(-units).div_euclid(UNITS);
    PixelRect {
        left: low.0.div_euclid(UNITS),
        top: low.1.div_euclid(UNITS),
        right: last(high.0),
        bottom: last(high.1),
    }
}
