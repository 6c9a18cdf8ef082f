//! The display list: what a frame shows, in device pixels, before any pixel exists.
//!
//! A frame is a `Vec<Mark>`, painted in order. Marks hold their geometry behind [`Arc`], so that a
//! mark that does not move is recognised by its address and a growing curve by a longer prefix of
//! the same points.

use std::sync::Arc;

use tiny_skia_path::Path;

use crate::geometry::{PixelRect, Point};
use crate::raster::Rgba;

/// One thing to paint.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// Nothing now: keeps the place of a mark that another frame shows, so that lists stay aligned.
    Nothing,
    /// A line of constant width along a curve.
    Stroke(Stroke),
    /// The last part of a curve, which fades away.
    Tail(Tail),
    /// A filled shape, a label among them.
    Fill(Fill),
}

impl Mark {
    /// The stroke, if it is one.
    #[must_use]
    pub fn into_stroke(self) -> Option<Stroke> {
        match self {
            Self::Stroke(stroke) => Some(stroke),
            Self::Nothing | Self::Tail(_) | Self::Fill(_) => None,
        }
    }

    /// The color of its ink, if it has any.
    #[must_use]
    pub fn color(&self) -> Option<Rgba> {
        match self {
            Self::Nothing => None,
            Self::Stroke(stroke) => Some(stroke.pen.color),
            Self::Tail(tail) => Some(tail.pen.color),
            Self::Fill(fill) => Some(fill.color),
        }
    }
}

/// A curve in pieces: it breaks wherever its signal is not finite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Polyline {
    /// All points, piece after piece.
    pub points: Vec<Point>,
    /// The indices in `points` at which a piece begins, ascending, the first being 0.
    pub starts: Vec<usize>,
}

impl Polyline {
    /// The piece or pieces between two of its points, `upto` excluded.
    #[must_use]
    pub fn part(&self, from: usize, upto: usize) -> Self {
        let points = self.points.get(from..upto).unwrap_or_default().to_vec();
        let inside = self.starts.iter().filter(|&&start| start > from && start < upto);
        Self { points, starts: std::iter::once(0).chain(inside.map(|start| start - from)).collect() }
    }

    /// The arc length from its beginning to point `index`; breaks add none.
    ///
    /// # Panics
    /// If there is no point of this index.
    #[must_use]
    pub fn arc(&self, index: usize) -> f64 {
        let length = |k: usize| {
            let (a, b) = (self.points[k - 1], self.points[k]);
            libm::hypot(b.x - a.x, b.y - a.y)
        };
        (1..=index).filter(|k| self.starts.binary_search(k).is_err()).map(length).sum()
    }
}

/// How the ends of a stroke and of its dashes look. Joins are always round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    /// Cut straight at the end.
    Butt,
    /// A half disc beyond the end.
    Round,
}

/// What draws a stroke.
#[derive(Clone, Debug, PartialEq)]
pub struct Pen {
    /// Color and opacity; overlaps within one stroke do not add up.
    pub color: Rgba,
    /// Device pixels.
    pub width: f64,
    /// Lengths on and off in device pixels, measured from the curve's start; empty: solid.
    pub dash: Vec<f64>,
    /// Ends of the stroke and of dashes.
    pub cap: Cap,
}

/// A stroked polyline, or a growing prefix of one.
#[derive(Clone, Debug)]
pub struct Stroke {
    /// The whole curve, also the part that later frames show.
    pub path: Arc<Polyline>,
    /// How many of its points are drawn.
    pub upto: usize,
    /// How.
    pub pen: Arc<Pen>,
    /// Nothing is painted outside.
    pub clip: PixelRect,
}

/// A stroked polyline that is opaque to a different degree at each of its points.
#[derive(Clone, Debug, PartialEq)]
pub struct Tail {
    /// What is shown of the curve.
    pub path: Arc<Polyline>,
    /// How much of the pen's color is left, a point; 255 is all of it.
    pub opacities: Vec<u8>,
    /// The arc length of the whole curve at which it begins, which dashes are measured by; device pixels.
    pub start: f64,
    /// How.
    pub pen: Arc<Pen>,
    /// Nothing is painted outside.
    pub clip: PixelRect,
}

/// A filled shape.
#[derive(Clone, Debug)]
pub struct Fill {
    /// The outlines around their own origin.
    pub shape: Arc<Shape>,
    /// Where the shape's origin lies.
    pub at: Point,
    /// Color and opacity.
    pub color: Rgba,
    /// Nothing is painted outside.
    pub clip: PixelRect,
}

/// Outlines that are filled one by one and united: overlaps do not add up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// Each filled by the non-zero rule; device pixels.
    pub outlines: Vec<Path>,
}

impl PartialEq for Stroke {
    fn eq(&self, other: &Self) -> bool {
        self.upto == other.upto
            && self.clip == other.clip
            && (Arc::ptr_eq(&self.path, &other.path) || self.path == other.path)
            && (Arc::ptr_eq(&self.pen, &other.pen) || self.pen == other.pen)
    }
}

impl PartialEq for Fill {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
            && self.color == other.color
            && self.clip == other.clip
            && (Arc::ptr_eq(&self.shape, &other.shape) || self.shape == other.shape)
    }
}
