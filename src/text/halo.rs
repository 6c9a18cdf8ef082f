//! Halos of labels: their outlines, widened, to be painted below them in the color of the paper.

use std::sync::Arc;

use tiny_skia_path::{LineCap, LineJoin, Path, PathBuilder, PathSegment, Point, Stroke};

use crate::mark::Shape;
use crate::text::TypesetLabel;

/// The chords that stand for a cubic curve. Fonts of TrueType outlines have none; stretched delimiters do.
const CUBIC_CHORDS: u8 = 8;

impl TypesetLabel {
    /// The band that reaches `radius` device pixels beyond the outlines, relative to the label's origin.
    #[must_use]
    pub fn halo(&self, radius: f64) -> Arc<Shape> {
        halo(self.runs.iter().flat_map(|run| &run.shape.outlines), radius)
    }
}

/// The band that reaches `radius` device pixels beyond some outlines.
pub fn halo<'a>(outlines: impl IntoIterator<Item = &'a Path>, radius: f64) -> Arc<Shape> {
    let stroke = Stroke {
        width: 2.0 * radius as f32,
        line_cap: LineCap::Round,
        line_join: LineJoin::Round,
        ..Stroke::default()
    };
    let band = |path| without_cubics(path)?.stroke(&stroke, 1.0);
    Arc::new(Shape { outlines: outlines.into_iter().filter_map(band).collect() })
}

/// An outline whose cubic curves are chords: widening a cubic takes the platform's cosine, and other curves only
/// square roots.
fn without_cubics(path: &Path) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(p) => builder.move_to(p.x, p.y),
            PathSegment::LineTo(p) => builder.line_to(p.x, p.y),
            PathSegment::QuadTo(a, p) => builder.quad_to(a.x, a.y, p.x, p.y),
            PathSegment::CubicTo(a, b, p) => {
                let from = builder.last_point().unwrap_or_default();
                for chord in 1..=CUBIC_CHORDS {
                    let at = cubic_point([from, a, b, p], f32::from(chord) / f32::from(CUBIC_CHORDS));
                    builder.line_to(at.x, at.y);
                }
            }
            PathSegment::Close => builder.close(),
        }
    }
    builder.finish()
}

/// A point of a cubic Bézier curve.
fn cubic_point([p0, p1, p2, p3]: [Point; 4], t: f32) -> Point {
    let s = 1.0 - t;
    let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
    let sum = |c: [f32; 4]| c[0] * weights[0] + c[1] * weights[1] + c[2] * weights[2] + c[3] * weights[3];
    Point::from_xy(sum([p0.x, p1.x, p2.x, p3.x]), sum([p0.y, p1.y, p2.y, p3.y]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::coverage::Coverage;
    use crate::geometry::{self, PixelRect};
    use crate::mark::Fill;
    use crate::raster::Rgba;
    use crate::text::Typesetter;

    #[test]
    fn a_halo_reaches_one_radius_beyond_the_ink() {
        let label = Typesetter::shared().typeset_label("$x^2 \\sqrt{y}$ of ij", 30.0).expect("a label");
        let halo = TypesetLabel {
            runs: vec![crate::text::ColorRun { shape: label.halo(4.0), color: None }],
            ..TypesetLabel::default()
        };
        let (ink, wide) = (label.ink_bounds().expect("ink"), halo.ink_bounds().expect("a halo"));
        for (ink, wide) in [
            (ink.left(), wide.left() + 4.0),
            (ink.top(), wide.top() + 4.0),
            (ink.right(), wide.right() - 4.0),
            (ink.bottom(), wide.bottom() - 4.0),
        ] {
            assert!((ink - wide).abs() < 0.1, "{ink} {wide}");
        }
    }

    #[test]
    fn each_pixel_within_the_radius_is_covered() {
        let canvas = PixelRect::from_size(60, 60);
        let at = geometry::Point::new(15.0, 40.0);
        let label = Typesetter::shared().typeset_label("S", 40.0).expect("a label");
        let coverage =
            |shape| Coverage::from_fill(&Fill { shape, at, color: Rgba::BLACK, clip: canvas }, canvas);
        let (ink, band) = (coverage(Arc::clone(&label.runs[0].shape)), coverage(label.halo(5.0)));
        let value = |of: &Coverage, x: i32, y: i32| {
            let b = of.bounds();
            let inside = (b.left..b.right).contains(&x) && (b.top..b.bottom).contains(&y);
            if inside { of.row(y, x, x + 1)[0] } else { 0 }
        };
        for y in 0..60 {
            for x in 0..60 {
                let near = |reach: i32, least: u8| {
                    (-reach..=reach).any(|dy| {
                        (-reach..=reach).any(|dx| {
                            dx * dx + dy * dy <= reach * reach && value(&ink, x + dx, y + dy) >= least
                        })
                    })
                };
                let edge = (-1..=1).any(|dy| (-1..=1).any(|dx| value(&ink, x + dx, y + dy) < 255));
                if near(3, 255) && (edge || value(&ink, x, y) == 0) {
                    assert!(value(&band, x, y) == 255, "{x}, {y}");
                }
                if !near(7, 1) {
                    assert!(value(&band, x, y) == 0, "{x}, {y}");
                }
            }
        }
    }
}
