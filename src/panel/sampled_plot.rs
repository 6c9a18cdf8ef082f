//! The values of a signal at the corners of cells that divide a plot rectangle, and the lines on which it has a value.
//!
//! The cells lie at the same device pixels in all frames, so that lines move as smoothly as the signal does.

use crate::geometry::Point;
use crate::panel::marching_squares::GridValues;
use crate::panel::place_values::PlaceSignal;
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::model::Env;

/// The work of a cell for each level.
const CELL_WORK: u64 = 8;

/// The values of a signal over a plot rectangle in one frame.
pub(super) struct SampledPlot {
    /// The number of cells in a row.
    pub(super) columns: usize,
    /// The upper left corner of the first cell, in device pixels.
    pub(super) corner: Point,
    /// The width and the height of a cell, in device pixels.
    pub(super) cell: [f64; 2],
    /// The values at the corners of cells, row by row.
    pub(super) values: Vec<f64>,
}

impl SampledPlot {
    /// The values of a signal in cells of about this side, in device pixels, evaluated on this many threads.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated.
    pub(super) fn new(
        signal: PlaceSignal<'_>,
        (reader, env): (&SignalReader<'_>, &Env<'_>),
        viewport: &Viewport,
        (side, threads): (f64, usize),
    ) -> Result<Self, Diagnostic> {
        let rect = viewport.rect;
        let edges = |from: i32, length: u32| {
            let count = (f64::from(length) / side).ceil().max(1.0);
            let edge = move |index: u32| f64::from(from) + f64::from(index) * f64::from(length) / count;
            (0..=count as u32).map(edge).collect::<Vec<f64>>()
        };
        let (across, down) = (edges(rect.left, rect.width()), edges(rect.top, rect.height()));
        let xs: Vec<f64> = across.iter().map(|x| viewport.x.value(*x)).collect();
        let ys: Vec<f64> = down.iter().map(|y| viewport.y.value(*y)).collect();
        Ok(Self {
            columns: across.len() - 1,
            corner: Point::new(across[0], down[0]),
            cell: [across[1] - across[0], down[1] - down[0]],
            values: signal.on_grid(reader, [&xs, &ys], env, threads)?,
        })
    }

    /// The work of finding the lines at a level, beside that of their points.
    pub(super) fn work_of_level(&self) -> u64 {
        CELL_WORK * self.values.len() as u64
    }

    /// The lines at a level, in units of cells from the first corner. A closed line ends at its first point.
    pub(super) fn lines_in_cells(&self, level: f64) -> Vec<Vec<Point>> {
        GridValues { columns: self.columns, values: &self.values }.lines(level)
    }

    /// The lines at a level, in device pixels.
    pub(super) fn lines(&self, level: f64) -> Vec<Vec<Point>> {
        let lines = self.lines_in_cells(level).into_iter();
        lines.map(|line| line.into_iter().map(|point| self.to_pixels(point)).collect()).collect()
    }

    /// The number of rows of cells.
    pub(super) fn rows(&self) -> usize {
        (self.values.len() / (self.columns + 1)).saturating_sub(1)
    }

    /// The increase of the values in the cell around a point, which is given in units of cells: the change for each device
    /// pixel to the right and down.
    pub(super) fn gradient(&self, at: Point) -> Point {
        let index = |at: f64, count: usize| (at.max(0.0) as usize).min(count.saturating_sub(1));
        let corner = index(at.y, self.rows()) * (self.columns + 1) + index(at.x, self.columns);
        let below = corner + self.columns + 1;
        let [a, b, c, d] = [corner, corner + 1, below, below + 1].map(|index| self.values[index]);
        Point::new((b - a + d - c) / 2.0 / self.cell[0], (c - a + d - b) / 2.0 / self.cell[1])
    }

    /// A point in device pixels, from units of cells.
    pub(super) fn to_pixels(&self, point: Point) -> Point {
        Point::new(self.corner.x + point.x * self.cell[0], self.corner.y + point.y * self.cell[1])
    }
}
