//! A direction field: short arrows of equal length at the centers of square cells that fill the plot.
//!
//! Arrows show the direction of (dx, dy) in pixels, not in data units. Where the axes have different units,
//! arrows are therefore tangent to the curves drawn in the same plot.

use std::sync::Arc;

use crate::geometry::Point;
use crate::mark::{Mark, Shape};
use crate::panel::element::ElementView;
use crate::panel::paint::PaintContext;
use crate::panel::range::PanelExtents;
use crate::panel::shape;
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Field;
use crate::scene::expr::{FreeId, Variable};
use crate::scene::model::Env;

/// An arrow's length, as a fraction of its cell's side.
const LENGTH: f64 = 0.62;
/// The length of an arrow's head, as a fraction of the arrow's length.
const HEAD_LENGTH: f64 = 0.38;
/// The breadth of an arrow's head, as a fraction of the arrow's length.
const HEAD_BREADTH: f64 = 0.3;
/// The width of an arrow's shaft, as a fraction of the arrow's length.
const SHAFT_WIDTH: f64 = 0.075;

impl ElementView for Field {
    /// A field fills the panel whatever its ranges are.
    fn add_extent(&self, _: &SignalReader<'_>, _: &Env<'_>, _: &mut PanelExtents) -> Result<(), Diagnostic> {
        Ok(())
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let arrows = self.arrows(&context.reader, env, &context.viewport)?;
        Ok(vec![context.style.shape(arrows, Point::default(), context.viewport.rect)])
    }
}

impl Field {
    /// All arrows as one shape. A cell where the direction is zero or not finite has no arrow.
    fn arrows(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        viewport: &Viewport,
    ) -> Result<Arc<Shape>, Diagnostic> {
        let mut bound = env.clone();
        let bind = |name: FreeId, value: f64, bound: &mut Env<'_>| {
            bound.bind_in_place(Variable::Free(name), value).map_err(|error| reader.scene.model_error(&error))
        };
        let mut arrows = Shape::default();
        for center in cell_centers(viewport, self.count) {
            let (x, y) = viewport.values(center);
            bind(self.place[0], x, &mut bound)?;
            bind(self.place[1], y, &mut bound)?;
            let (dx, dy) = reader.pair(&self.direction, &bound)?;
            let in_pixels = Point::new(dx * viewport.x.slope(x), dy * viewport.y.slope(y));
            arrows.outlines.extend(arrow(center, in_pixels, cell_width(viewport, self.count) * LENGTH));
        }
        Ok(Arc::new(arrows))
    }
}

/// The width of a cell in device pixels.
fn cell_width(viewport: &Viewport, columns: usize) -> f64 {
    f64::from(viewport.rect.width()) / columns as f64
}

/// The centers of the cells, row by row. The number of rows is the one that makes cells most nearly square.
fn cell_centers(viewport: &Viewport, columns: usize) -> impl Iterator<Item = Point> {
    let (width, height) = (cell_width(viewport, columns), f64::from(viewport.rect.height()));
    let rows = (height / width).round().max(1.0);
    let (left, top) = (f64::from(viewport.rect.left), f64::from(viewport.rect.top));
    (0..rows as usize).flat_map(move |row| {
        (0..columns).map(move |column| {
            Point::new(left + (column as f64 + 0.5) * width, top + (row as f64 + 0.5) * height / rows)
        })
    })
}

/// The outlines of an arrow centered at a point: its shaft and its head.
fn arrow(center: Point, direction: Point, length: f64) -> Vec<tiny_skia_path::Path> {
    let norm = libm::hypot(direction.x, direction.y);
    if !(norm > 0.0 && norm.is_finite()) {
        return Vec::new();
    }
    let unit = Point::new(direction.x / norm, direction.y / norm);
    // A point of the arrow, `along` it and `across` it from its center, in arrow lengths.
    let at = |along: f64, across: f64| {
        let (along, across) = (along * length, across * length);
        Point::new(center.x + unit.x * along - unit.y * across, center.y + unit.y * along + unit.x * across)
    };
    let (neck, half) = (0.5 - HEAD_LENGTH, SHAFT_WIDTH / 2.0);
    // The shaft continues under the head, so that no gap opens between them.
    let shaft_end = neck + HEAD_LENGTH / 3.0;
    let shaft = [at(-0.5, -half), at(shaft_end, -half), at(shaft_end, half), at(-0.5, half)];
    let head = [at(0.5, 0.0), at(neck, HEAD_BREADTH / 2.0), at(neck, -HEAD_BREADTH / 2.0)];
    [shape::polygon(&shaft), shape::polygon(&head)].iter().flat_map(|shape| shape.outlines.clone()).collect()
}
