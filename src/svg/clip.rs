//! Extent of a part, and whether it needs a clip path.

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::{Fill, Mark, Pen, Polyline};
use crate::svg::track::TrackPart;

/// Left, top, right and bottom in device pixels.
#[derive(Clone, Copy)]
struct ClipExtent([f64; 4]);

impl ClipExtent {
    const NONE: Self = Self([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY]);

    fn union(self, other: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Self([a.min(e), b.min(f), c.max(g), d.max(h)])
    }

    fn around(point: Point, reach: f64) -> Self {
        Self([point.x - reach, point.y - reach, point.x + reach, point.y + reach])
    }

    fn is_inside(self, rect: PixelRect) -> bool {
        let [left, top, right, bottom] = self.0;
        left >= f64::from(rect.left)
            && top >= f64::from(rect.top)
            && right <= f64::from(rect.right)
            && bottom <= f64::from(rect.bottom)
    }
}

/// The clip rectangle of a part, or `None` if clipping would change nothing.
pub(super) fn clip_of(part: &TrackPart, canvas: PixelRect) -> Option<PixelRect> {
    let clip = match &part.states.first()?.1 {
        Mark::Nothing => return None,
        Mark::Stroke(stroke) => stroke.clip,
        Mark::Tail(tail) => tail.clip,
        Mark::Fill(fill) => fill.clip,
        Mark::Image(image) => image.clip,
    };
    let all = part.states.iter().map(|(_, mark)| mark_extent(mark)).fold(ClipExtent::NONE, ClipExtent::union);
    let free = clip.intersect(&canvas) == canvas || all.is_inside(clip);
    (!free).then_some(clip)
}

fn mark_extent(mark: &Mark) -> ClipExtent {
    match mark {
        Mark::Nothing => ClipExtent::NONE,
        Mark::Stroke(stroke) => line_extent(&stroke.path, &stroke.pen),
        Mark::Tail(tail) => line_extent(&tail.path, &tail.pen),
        Mark::Fill(fill) => fill_extent(fill),
        Mark::Image(image) => {
            let Bounds { left, top, right, bottom } = image.bounds;
            ClipExtent([left, top, right, bottom])
        }
    }
}

fn line_extent(path: &Polyline, pen: &Pen) -> ClipExtent {
    let reach = |point: &Point| ClipExtent::around(*point, pen.width / 2.0);
    path.points.iter().map(reach).fold(ClipExtent::NONE, ClipExtent::union)
}

fn fill_extent(fill: &Fill) -> ClipExtent {
    let reach = |outline: &tiny_skia_path::Path| {
        let bounds = outline.bounds();
        let corner = |x: f32, y: f32| {
            ClipExtent::around(Point::new(f64::from(x) + fill.at.x, f64::from(y) + fill.at.y), 0.0)
        };
        corner(bounds.left(), bounds.top()).union(corner(bounds.right(), bounds.bottom()))
    };
    fill.shape.outlines.iter().map(reach).fold(ClipExtent::NONE, ClipExtent::union)
}
