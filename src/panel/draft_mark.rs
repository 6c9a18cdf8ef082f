//! The red frames around texts that overlap or do not fit, in a draft.

use std::sync::Arc;

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::{Cap, Mark, Pen, Polyline, Stroke};
use crate::raster::Rgba;

/// The color of the frames, in every theme.
const COLOR: Rgba = Rgba::opaque(255, 0, 0);
/// The line width in CSS pixels.
const WIDTH: f64 = 1.0;

/// A frame around a box, as far as it lies on the canvas, at `scale` device pixels per CSS pixel; nothing without a box.
pub(super) fn frame(bounds: Option<Bounds>, canvas: PixelRect, scale: f64) -> Mark {
    let Some(bounds) = bounds else { return Mark::Nothing };
    let width = WIDTH * scale;
    let shown = Bounds::from(canvas);
    let x = |side: f64| side.min(shown.right - width / 2.0).max(shown.left + width / 2.0);
    let y = |side: f64| side.min(shown.bottom - width / 2.0).max(shown.top + width / 2.0);
    let [left, right] = [bounds.left, bounds.right].map(x);
    let [top, bottom] = [bounds.top, bounds.bottom].map(y);
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    let points = corners.map(|(x, y)| Point::new(x, y)).to_vec();
    Mark::Stroke(Stroke {
        visible_points: points.len(),
        path: Arc::new(Polyline { points, subpath_starts: vec![0] }),
        pen: Arc::new(Pen { color: COLOR, width, dash: Vec::new(), cap: Cap::Round }),
        clip: canvas,
    })
}
