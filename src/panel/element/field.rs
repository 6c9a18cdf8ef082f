//! A direction field: short arrows of equal length at the centers of cells that fill the plot. The cells are square,
//! as nearly as their whole number in a column allows, unless the scene gives the number of rows.
//!
//! Arrows show the direction of (dx, dy) in pixels, not in data units. Where the axes have different units,
//! arrows are therefore tangent to the curves drawn in the same plot.

use std::sync::Arc;

use crate::geometry::{PixelRect, Point};
use crate::mark::{Mark, Shape};
use crate::panel::element::ElementView;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
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

    fn is_surface(&self) -> bool {
        true
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
        let cells = Cells::new(self, viewport.rect);
        let length = cells.side * LENGTH;
        for center in cells.centers() {
            let (x, y) = viewport.values(center);
            bind(self.place[0], x, &mut bound)?;
            bind(self.place[1], y, &mut bound)?;
            let (dx, dy) = reader.pair(&self.direction, &bound)?;
            let in_pixels = Point::new(dx * viewport.x.slope(x), dy * viewport.y.slope(y));
            arrows.outlines.extend(arrow(center, in_pixels, length));
        }
        Ok(Arc::new(arrows))
    }
}

/// The cells of a field. Lengths are device pixels.
struct Cells {
    plot: PixelRect,
    columns: usize,
    rows: usize,
    /// The side of the squares that arrows fit into.
    side: f64,
}

impl Cells {
    fn new(field: &Field, plot: PixelRect) -> Self {
        let width = f64::from(plot.width()) / field.columns as f64;
        let height = f64::from(plot.height());
        let (rows, side) = match field.rows {
            Some(rows) => (rows, width.min(height / rows as f64)),
            None => ((height / width).round().max(1.0) as usize, width),
        };
        Self { plot, columns: field.columns, rows, side }
    }

    /// The centers of the cells, row by row.
    fn centers(&self) -> impl Iterator<Item = Point> {
        let Self { plot, columns, rows, .. } = *self;
        let width = f64::from(plot.width()) / columns as f64;
        let center = move |row: usize, column: usize| {
            let down = (row as f64 + 0.5) * f64::from(plot.height()) / rows as f64;
            Point::new(f64::from(plot.left) + (column as f64 + 0.5) * width, f64::from(plot.top) + down)
        };
        (0..rows).flat_map(move |row| (0..columns).map(move |column| center(row, column)))
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::expr::Code;

    fn cells(columns: usize, rows: Option<usize>) -> Cells {
        let direction = [1.0, 0.0].map(Code::constant);
        let place = [0, 1].map(FreeId);
        Cells::new(&Field { direction, place, columns, rows }, PixelRect::from_size(400, 310))
    }

    #[test]
    fn cells_are_square_unless_rows_are_given() {
        let square = cells(8, None);
        assert_eq!((square.rows, square.side), (6, 50.0));
        let given = cells(4, Some(10));
        assert_eq!((given.rows, given.side), (10, 31.0));
        let centers: Vec<Point> = given.centers().collect();
        assert_eq!(centers.len(), 40);
        assert_eq!((centers[0], centers[39]), (Point::new(50.0, 15.5), Point::new(350.0, 294.5)));
    }
}
