//! From an element's style in CSS pixels to marks in device pixels.

use std::sync::Arc;

use crate::geometry::{PixelRect, Point};
use crate::mark::{Cap, Fill, Mark, Pen, Polyline, Shape, Stroke};
use crate::panel::shape;
use crate::raster::Rgba;
use crate::scene::color::Theme;
use crate::scene::element::{Marker, Style};

/// An element's style at a scale, its colors looked up in the theme.
#[derive(Clone, Debug)]
pub(super) struct DeviceStyle {
    /// Of lines, shapes and texts.
    pub(super) color: Rgba,
    /// Of insides; none: they stay empty.
    pub(super) fill: Option<Rgba>,
    /// Line width in device pixels.
    pub(super) width: f64,
    /// What draws its lines.
    pub(super) pen: Arc<Pen>,
}

impl DeviceStyle {
    /// Colors from the theme, lengths times the scale.
    pub(super) fn new(style: &Style, theme: &Theme, scale: f64) -> Self {
        let color = with_opacity(style.color.resolve(theme), style.opacity);
        let width = style.width * scale;
        let dash = style.dash.iter().map(|length| length * scale).collect();
        Self {
            color,
            fill: style.fill.map(|fill| with_opacity(fill.resolve(theme), style.opacity)),
            width,
            pen: Arc::new(Pen { color, width, dash, cap: Cap::Butt }),
        }
    }

    /// The same ink for upright lines that stand still: whole pixels wide, so that both edges are crisp.
    pub(super) fn with_whole_width(self) -> Self {
        let width = whole_width(self.width);
        let pen = Arc::new(Pen { width, ..(*self.pen).clone() });
        Self { width, pen, ..self }
    }

    /// Whether lines have gaps.
    pub(super) fn is_dashed(&self) -> bool {
        !self.pen.dash.is_empty()
    }

    /// A line through some points.
    pub(super) fn line(&self, points: Vec<Point>, clip: PixelRect) -> Mark {
        let upto = points.len();
        self.stroke(Arc::new(Polyline { points, subpath_starts: vec![0] }), upto, clip)
    }

    /// The first `upto` points of a curve.
    pub(super) fn stroke(&self, path: Arc<Polyline>, upto: usize, clip: PixelRect) -> Mark {
        Mark::Stroke(Stroke { path, visible_points: upto, pen: Arc::clone(&self.pen), clip })
    }

    /// A marker: its inside, then its edge.
    pub(super) fn marker(&self, marker: Marker, diameter: f64, at: Point, clip: PixelRect) -> Vec<Mark> {
        let (edge, half) = (self.width, diameter / 2.0);
        let (low, high) = (Point::new(-half, -half), Point::new(half, half));
        let (outline, border) = match marker {
            Marker::Disc => (shape::disc(half), shape::ring(half - edge / 2.0, edge)),
            Marker::Square => (shape::rectangle(low, high), shape::rectangle_outline(low, high, edge)),
            Marker::Cross | Marker::Plus => {
                let bars = shape::cross(diameter, edge, marker == Marker::Cross);
                return vec![self.shape(bars, at, clip)];
            }
        };
        match self.fill {
            None => vec![self.shape(outline, at, clip)],
            Some(inside) => vec![fill_mark(outline, at, inside, clip), self.shape(border, at, clip)],
        }
    }

    /// A shape in the line's color.
    pub(super) fn shape(&self, shape: Arc<Shape>, at: Point, clip: PixelRect) -> Mark {
        fill_mark(shape, at, self.color, clip)
    }
}

/// A shape in a color.
pub(super) fn fill_mark(shape: Arc<Shape>, at: Point, color: Rgba, clip: PixelRect) -> Mark {
    Mark::Fill(Fill { shape, at, color, clip })
}

/// A color of which only a part is left.
pub(super) fn with_opacity(color: Rgba, opacity: f64) -> Rgba {
    Rgba { a: (f64::from(color.a) * opacity).round() as u8, ..color }
}

/// A line width as whole pixels, at least one; of two equally near the thinner.
pub(super) fn whole_width(width: f64) -> f64 {
    (width - 0.5).ceil().max(1.0)
}

/// The coordinate nearest to `exact` at which a line of this width covers whole pixels.
pub(super) fn snap_line(exact: f64, width: f64) -> f64 {
    let half = whole_width(width) / 2.0;
    (exact - half).round() + half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crisp_lines_cover_whole_pixels() {
        assert_eq!((snap_line(10.2, 1.0), snap_line(10.2, 2.0), snap_line(10.6, 3.3)), (10.5, 10.0, 10.5));
    }
}
