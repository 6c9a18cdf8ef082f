//! A direction field: short arrows of one length at the middles of square cells that fill the plot.
//!
//! They tell where (dx, dy) leads as the eye sees it, in pixels: axes with different units bend them as
//! they bend the curves that follow them.

use std::sync::Arc;

use crate::geometry::Point;
use crate::mark::Shape;
use crate::panel::shape;
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::{Code, FreeId, Variable};
use crate::scene::model::Env;

/// An arrow's length as a part of its cell's side.
const LENGTH: f64 = 0.62;
/// Its head's length and breadth, as parts of the arrow.
const HEAD: (f64, f64) = (0.38, 0.3);
/// The shaft's width, as a part of the arrow.
const SHAFT: f64 = 0.075;

/// All arrows as one shape, `count` in a row. Where the direction is zero or not finite, none stands.
pub(super) fn arrows(
    reader: &SignalReader<'_>,
    (direction, place): (&[Code; 2], [FreeId; 2]),
    count: usize,
    env: &Env<'_>,
    viewport: &Viewport,
) -> Result<Arc<Shape>, Diagnostic> {
    let mut bound = env.clone();
    let bind = |name: FreeId, value: f64, bound: &mut Env<'_>| {
        bound.bind_in_place(Variable::Free(name), value).map_err(|error| reader.scene.model_error(&error))
    };
    let mut field = Shape::default();
    for middle in middles(viewport, count) {
        let (x, y) = viewport.values(middle);
        bind(place[0], x, &mut bound)?;
        bind(place[1], y, &mut bound)?;
        let (dx, dy) = reader.pair(direction, &bound)?;
        let seen = Point::new(dx * viewport.x.slope(x), dy * viewport.y.slope(y));
        field.outlines.extend(arrow(middle, seen, side(viewport, count) * LENGTH));
    }
    Ok(Arc::new(field))
}

/// The side of a cell in device pixels.
fn side(viewport: &Viewport, count: usize) -> f64 {
    f64::from(viewport.rect.width()) / count as f64
}

/// The middles of the cells: whole cells from left to right, and as many rows as come nearest to squares.
fn middles(viewport: &Viewport, count: usize) -> impl Iterator<Item = Point> {
    let (width, height) = (side(viewport, count), f64::from(viewport.rect.height()));
    let rows = (height / width).round().max(1.0);
    let (left, top) = (f64::from(viewport.rect.left), f64::from(viewport.rect.top));
    (0..rows as usize).flat_map(move |row| {
        (0..count).map(move |column| {
            Point::new(left + (column as f64 + 0.5) * width, top + (row as f64 + 0.5) * height / rows)
        })
    })
}

/// An arrow about its middle.
fn arrow(middle: Point, direction: Point, length: f64) -> Vec<tiny_skia_path::Path> {
    let norm = libm::hypot(direction.x, direction.y);
    if !(norm > 0.0 && norm.is_finite()) {
        return Vec::new();
    }
    let along = Point::new(direction.x / norm, direction.y / norm);
    let at = |ahead: f64, aside: f64| {
        let (ahead, aside) = (ahead * length, aside * length);
        Point::new(middle.x + along.x * ahead - along.y * aside, middle.y + along.y * ahead + along.x * aside)
    };
    let (neck, half) = (0.5 - HEAD.0, SHAFT / 2.0);
    // The shaft goes on under the head, so that no gap opens between them.
    let under = neck + HEAD.0 / 3.0;
    let shaft = [at(-0.5, -half), at(under, -half), at(under, half), at(-0.5, half)];
    let head = [at(0.5, 0.0), at(neck, HEAD.1 / 2.0), at(neck, -HEAD.1 / 2.0)];
    [shape::polygon(&shaft), shape::polygon(&head)].iter().flat_map(|shape| shape.outlines.clone()).collect()
}
