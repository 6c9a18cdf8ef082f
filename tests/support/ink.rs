//! Strokes and shapes for the tests of pixels, repainting and SVG.

use std::sync::Arc;

use kymograph::geometry::{PixelRect, Point};
use kymograph::mark::{Cap, Pen, Polyline, Shape, Stroke};
use kymograph::raster::Rgba;
use tiny_skia_path::{PathBuilder, Rect};

pub(crate) const CANVAS: PixelRect = PixelRect { left: 0, top: 0, right: 160, bottom: 100 };
pub(crate) const TEAL: Rgba = Rgba::opaque(3, 140, 151);

pub(crate) fn pen(width: f64, dash: &[f64], cap: Cap) -> Pen {
    Pen { color: TEAL, width, dash: dash.to_vec(), cap }
}

pub(crate) fn stroke(points: Vec<Point>, pen: Pen) -> Stroke {
    let upto = points.len();
    Stroke {
        path: Arc::new(Polyline { points, subpath_starts: vec![0] }),
        visible_points: upto,
        pen: Arc::new(pen),
        clip: CANVAS,
    }
}

pub(crate) fn line(from: (f64, f64), to: (f64, f64), pieces: u32) -> Vec<Point> {
    let at = |k: u32| {
        let t = f64::from(k) / f64::from(pieces);
        Point::new(from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t)
    };
    (0..=pieces).map(at).collect()
}

pub(crate) fn sine(points: u32) -> Vec<Point> {
    let at = |k| f64::from(k) / f64::from(points - 1);
    (0..points).map(at).map(|t| Point::new(8.3 + 140.0 * t, 50.2 + 40.0 * libm::sin(14.0 * t))).collect()
}

/// Pens of all widths, dashes and caps.
pub(crate) fn pens() -> Vec<Pen> {
    let mut pens = Vec::new();
    for width in [0.7, 1.5, 3.0, 8.0] {
        for dash in [&[][..], &[7.5, 4.25], &[0.0, 6.0], &[12.0, 3.0, 1.0], &[0.8, 0.5]] {
            pens.extend([Cap::Butt, Cap::Round].map(|cap| pen(width, dash, cap)));
        }
    }
    pens
}

pub(crate) fn square(side: f32) -> Arc<Shape> {
    let rect = Rect::from_xywh(0.0, 0.0, side, side).expect("a square");
    Arc::new(Shape { outlines: vec![PathBuilder::from_rect(rect)] })
}
