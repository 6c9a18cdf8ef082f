//! Element styles in device pixels, and the marks drawn with them.

use std::borrow::Cow;
use std::sync::Arc;

use crate::geometry::{PixelRect, Point};
use crate::mark::{Cap, Fill, Mark, Pen, Polyline, Shape, Stroke};
use crate::panel::shape;
use crate::raster::Rgba;
use crate::scene::color::Theme;
use crate::scene::element::{Marker, Style};

/// An element's style with its colors resolved by the theme and its lengths in device pixels.
#[derive(Clone, Debug)]
pub(super) struct DeviceStyle {
    /// The color of lines, shapes and texts.
    pub(super) color: Rgba,
    /// The color of interiors; `None` leaves them empty.
    pub(super) fill: Option<Rgba>,
    /// Line width in device pixels.
    pub(super) width: f64,
    /// The pen for its lines.
    pub(super) pen: Arc<Pen>,
}

impl DeviceStyle {
    /// The style at `scale` device pixels per CSS pixel.
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

    /// The style for horizontal and vertical lines that do not move: its line width is rounded to whole
    /// pixels, so that both edges are sharp.
    pub(super) fn with_whole_width(self) -> Self {
        let width = whole_width(self.width);
        let pen = Arc::new(Pen { width, ..(*self.pen).clone() });
        Self { width, pen, ..self }
    }

    /// The style with lines of another color.
    pub(super) fn in_color(&self, color: Rgba) -> Self {
        Self { color, pen: Arc::new(Pen { color, ..(*self.pen).clone() }), ..self.clone() }
    }

    /// The style with lines of at most this width.
    pub(super) fn thinned(&self, most: f64) -> Cow<'_, Self> {
        if self.width <= most {
            return Cow::Borrowed(self);
        }
        let pen = Arc::new(Pen { width: most, ..(*self.pen).clone() });
        Cow::Owned(Self { width: most, pen, ..self.clone() })
    }

    /// Whether lines are dashed.
    pub(super) fn is_dashed(&self) -> bool {
        !self.pen.dash.is_empty()
    }

    /// A line through some points.
    pub(super) fn line(&self, points: Vec<Point>, clip: PixelRect) -> Mark {
        self.path(Polyline { points, subpath_starts: vec![0] }, clip)
    }

    fn path(&self, path: Polyline, clip: PixelRect) -> Mark {
        let visible_points = path.points.len();
        Mark::Stroke(Stroke { path: Arc::new(path), visible_points, pen: Arc::clone(&self.pen), clip })
    }

    /// Lines along a path, without dashes.
    pub(super) fn solid_path(&self, path: Polyline, clip: PixelRect) -> Mark {
        Self { pen: Arc::new(self.pen.solid()), ..self.clone() }.path(path, clip)
    }

    /// A marker of this diameter: its interior, then its edge.
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
            Some(interior) => vec![fill_mark(outline, at, interior, clip), self.shape(border, at, clip)],
        }
    }

    /// A shape filled with the line's color.
    pub(super) fn shape(&self, shape: Arc<Shape>, at: Point, clip: PixelRect) -> Mark {
        fill_mark(shape, at, self.color, clip)
    }
}

/// A shape filled with a color, its origin at `at`.
pub(super) fn fill_mark(shape: Arc<Shape>, at: Point, color: Rgba, clip: PixelRect) -> Mark {
    Mark::Fill(Fill { shape, at, color, clip })
}

/// A color whose opacity is multiplied by `opacity`, 0 to 1.
pub(super) fn with_opacity(color: Rgba, opacity: f64) -> Rgba {
    Rgba { a: (f64::from(color.a) * opacity).round() as u8, ..color }
}

/// A line width rounded to whole pixels, at least one; halves are rounded down.
pub(super) fn whole_width(width: f64) -> f64 {
    (width - 0.5).ceil().max(1.0)
}

/// The coordinate nearest to `exact` at which a line of this width, made whole, covers whole pixels.
pub(super) fn snap_line(exact: f64, width: f64) -> f64 {
    let half = whole_width(width) / 2.0;
    (exact - half).round() + half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapped_lines_cover_whole_pixels() {
        assert_eq!((snap_line(10.2, 1.0), snap_line(10.2, 2.0), snap_line(10.6, 3.3)), (10.5, 10.0, 10.5));
    }
}
