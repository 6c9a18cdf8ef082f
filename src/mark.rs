//! The display list: vector marks that panels produce and that renderers paint.
//!
//! A frame is a `Vec<Mark>`, painted in order; coordinates are device pixels, y downward. Marks hold their
//! geometry behind [`Arc`]: comparing two frames is then cheap, since an unchanged mark is recognized by its
//! address and a growing curve is a longer prefix of the same points.

mod image;

use std::sync::Arc;

use tiny_skia_path::Path;

use crate::geometry::{PixelRect, Point};
use crate::raster::Rgba;

pub use self::image::{Cells, Image};

/// One element of a display list.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A placeholder that paints nothing. It stands for a mark that only other frames show, so that the
    /// lists of all frames have equal length and can be compared index by index.
    Nothing,
    /// A line of constant width and opacity along a curve.
    Stroke(Stroke),
    /// The most recent part of a curve, fading out toward its beginning.
    Tail(Tail),
    /// A filled shape; labels are fills, too.
    Fill(Fill),
    /// A picture of a few colors.
    Image(Image),
}

impl Mark {
    /// The stroke, if it is one.
    #[must_use]
    pub fn into_stroke(self) -> Option<Stroke> {
        match self {
            Self::Stroke(stroke) => Some(stroke),
            Self::Nothing | Self::Tail(_) | Self::Fill(_) | Self::Image(_) => None,
        }
    }

    /// The color it is painted in; `None` for [`Mark::Nothing`] and for an image, which has several.
    #[must_use]
    pub fn color(&self) -> Option<Rgba> {
        match self {
            Self::Nothing | Self::Image(_) => None,
            Self::Stroke(_) | Self::Tail(_) | Self::Fill(_) => self.colors().first().copied(),
        }
    }

    /// All colors it is painted in.
    #[must_use]
    pub fn colors(&self) -> &[Rgba] {
        match self {
            Self::Nothing => &[],
            Self::Stroke(stroke) => std::slice::from_ref(&stroke.pen.color),
            Self::Tail(tail) => std::slice::from_ref(&tail.pen.color),
            Self::Fill(fill) => std::slice::from_ref(&fill.color),
            Self::Image(image) => &image.palette,
        }
    }
}

/// A curve made of one or more subpaths. A curve breaks wherever its signal is not finite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Polyline {
    /// The points of all subpaths, one subpath after the other.
    pub points: Vec<Point>,
    /// The indices in `points` at which a subpath begins, ascending. The first index is 0.
    pub subpath_starts: Vec<usize>,
}

impl Polyline {
    /// The part of the curve made of the points `begin..end`. It is empty if the range is out of bounds.
    #[must_use]
    pub fn slice(&self, begin: usize, end: usize) -> Self {
        let points = self.points.get(begin..end).unwrap_or_default().to_vec();
        let inside = self.subpath_starts.iter().filter(|&&start| start > begin && start < end);
        Self { points, subpath_starts: std::iter::once(0).chain(inside.map(|start| start - begin)).collect() }
    }

    /// The arc length from the first point to point `index`, device pixels. The gaps between subpaths do
    /// not count.
    ///
    /// # Panics
    /// If there is no point with this index.
    #[must_use]
    pub fn arc_length(&self, index: usize) -> f64 {
        let length = |k: usize| {
            let (a, b) = (self.points[k - 1], self.points[k]);
            libm::hypot(b.x - a.x, b.y - a.y)
        };
        (1..=index).filter(|k| self.subpath_starts.binary_search(k).is_err()).map(length).sum()
    }
}

/// The shape of the ends of a stroke and of its dashes. Joins are always round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    /// A straight cut at the end point.
    Butt,
    /// A half disc around the end point.
    Round,
}

/// Color, width, dashes and caps of a stroke.
#[derive(Clone, Debug, PartialEq)]
pub struct Pen {
    /// Color and opacity. Where a stroke overlaps itself, opacities do not add up.
    pub color: Rgba,
    /// Line width, device pixels.
    pub width: f64,
    /// Alternating lengths of dashes and gaps in device pixels, measured from the start of the curve. An
    /// empty list draws a solid line.
    pub dash: Vec<f64>,
    /// The ends of the stroke and of its dashes.
    pub cap: Cap,
}

impl Pen {
    /// The same pen without dashes.
    #[must_use]
    pub fn solid(&self) -> Self {
        Self { dash: Vec::new(), ..self.clone() }
    }
}

/// A stroked curve, or the first points of one that grows from frame to frame.
#[derive(Clone, Debug)]
pub struct Stroke {
    /// The whole curve, including the points that only later frames show.
    pub path: Arc<Polyline>,
    /// The number of points that are drawn, counted from the first.
    pub visible_points: usize,
    /// The pen that draws it.
    pub pen: Arc<Pen>,
    /// Nothing is painted outside this rectangle.
    pub clip: PixelRect,
}

/// A stroked curve with an opacity for each of its points.
#[derive(Clone, Debug, PartialEq)]
pub struct Tail {
    /// The visible part of the curve.
    pub path: Arc<Polyline>,
    /// The opacity at each point, which multiplies that of the pen. 255 is opaque.
    pub opacities: Vec<u8>,
    /// The arc length of the whole curve at the first point of `path`, device pixels. Dashes count from it.
    pub dash_offset: f64,
    /// The pen that draws it.
    pub pen: Arc<Pen>,
    /// Nothing is painted outside this rectangle.
    pub clip: PixelRect,
}

/// A filled shape.
#[derive(Clone, Debug)]
pub struct Fill {
    /// The shape, in coordinates relative to its origin.
    pub shape: Arc<Shape>,
    /// The position of the shape's origin.
    pub at: Point,
    /// Color and opacity.
    pub color: Rgba,
    /// Nothing is painted outside this rectangle.
    pub clip: PixelRect,
}

/// Outlines that are filled one by one and united. Where they overlap, opacities do not add up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// The outlines in device pixels, each filled by the non-zero winding rule.
    pub outlines: Vec<Path>,
}

/// Compares addresses before geometry, which decides at once for most pairs of frames.
impl PartialEq for Stroke {
    fn eq(&self, other: &Self) -> bool {
        self.visible_points == other.visible_points
            && self.clip == other.clip
            && (Arc::ptr_eq(&self.path, &other.path) || self.path == other.path)
            && (Arc::ptr_eq(&self.pen, &other.pen) || self.pen == other.pen)
    }
}

/// Compares addresses before geometry, which decides at once for most pairs of frames.
impl PartialEq for Fill {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
            && self.color == other.color
            && self.clip == other.clip
            && (Arc::ptr_eq(&self.shape, &other.shape) || self.shape == other.shape)
    }
}
