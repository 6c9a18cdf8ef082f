//! A function on one period as Legendre series on cells, each as long as the function allows.
//!
//! A cell is 2⁻ˡ of the period long and begins at a multiple of its length. A jump lies in cells that are halved until
//! their area is negligible.

use num_complex::Complex64;

use super::FunctionError;
use super::legendre::{self, POINTS};

/// A part of the period with the function on it.
#[derive(Debug)]
pub(super) struct Cell {
    /// The length is 2 to the power −`level`, in periods.
    pub(super) level: u32,
    /// The start, in lengths.
    pub(super) start: u64,
    /// The Legendre coefficients of the function.
    pub(super) series: [Complex64; POINTS],
}

/// The level of the cells that are tried first.
const FIRST_LEVEL: u32 = 6;

/// A cell whose function has an error below this, relative to the function's size, is not divided.
const TOLERANCE: f64 = 1e-14;

/// Nor is one whose error times its length in periods is below this, such as at a jump.
const AREA_TOLERANCE: f64 = 1.0 / (1_u64 << 46) as f64;

/// The level of the smallest cells.
const LAST_LEVEL: u32 = 48;

/// The number of cells of a function.
const MAX_CELLS: usize = 1 << 15;

/// Places where the series is compared with the function. The outer ones see jumps beyond the outermost nodes.
const CHECKS: [f64; 5] = [-EDGE, -0.6, 0.0, 0.6, EDGE];
const EDGE: f64 = 1.0 - 1.0 / (1_u64 << 40) as f64;

/// The cells of a function, from left to right.
pub(super) fn fit<E>(
    period: f64,
    function: impl FnMut(f64) -> Result<Complex64, E>,
) -> Result<Vec<Cell>, FunctionError<E>> {
    let mut fit = Fit { period, function, scale: 0.0, cells: Vec::new() };
    let first = (0..1 << FIRST_LEVEL).map(|start| fit.cell(FIRST_LEVEL, start));
    // The function's size is known before the first cell is judged.
    let first = first.collect::<Result<Vec<_>, _>>()?;
    for (cell, error) in first {
        fit.add(cell, error)?;
    }
    Ok(fit.cells)
}

struct Fit<F> {
    period: f64,
    function: F,
    /// The largest size of the function so far.
    scale: f64,
    cells: Vec<Cell>,
}

impl<E, F: FnMut(f64) -> Result<Complex64, E>> Fit<F> {
    /// Adds a cell with this error, or its halves.
    fn add(&mut self, cell: Cell, error: f64) -> Result<(), FunctionError<E>> {
        let length = libm::ldexp(1.0, -(cell.level as i32));
        let is_fine = error <= TOLERANCE * self.scale || error * length <= AREA_TOLERANCE * self.scale;
        if is_fine || cell.level == LAST_LEVEL {
            self.cells.push(cell);
            return if self.cells.len() > MAX_CELLS { Err(FunctionError::TooRough) } else { Ok(()) };
        }
        for half in [2 * cell.start, 2 * cell.start + 1] {
            let (half, error) = self.cell(cell.level + 1, half)?;
            self.add(half, error)?;
        }
        Ok(())
    }

    /// A cell and its error.
    fn cell(&mut self, level: u32, start: u64) -> Result<(Cell, f64), FunctionError<E>> {
        let mut values = [Complex64::ZERO; POINTS + CHECKS.len()];
        for (x, value) in legendre::nodes().iter().chain(&CHECKS).zip(&mut values) {
            *value = self.value(self.time(level, start, *x))?;
            self.scale = self.scale.max(size(*value));
        }
        let (at_nodes, at_checks) = values.split_at(POINTS);
        let series = legendre::series(at_nodes);
        let tail = size(series[POINTS - 1]).max(size(series[POINTS - 2]));
        // The series is itself rounded, so at checks a little more is allowed.
        let errors =
            CHECKS.iter().zip(at_checks).map(|(x, value)| size(legendre::value(&series, *x) - value) / 8.0);
        Ok((Cell { level, start, series }, errors.fold(tail, f64::max)))
    }

    /// The time at a place of a cell, strictly between its ends.
    fn time(&self, level: u32, start: u64, x: f64) -> f64 {
        let length = libm::ldexp(self.period, -(level as i32));
        let [first, last] = [start as f64 * length, (start + 1) as f64 * length];
        ((start as f64 + 0.5 * (1.0 + x)) * length).clamp(first.next_up(), last.next_down())
    }

    fn value(&mut self, t: f64) -> Result<Complex64, FunctionError<E>> {
        let value = (self.function)(t).map_err(FunctionError::Failed)?;
        if value.re.is_finite() && value.im.is_finite() {
            Ok(value)
        } else {
            Err(FunctionError::Undefined(t))
        }
    }
}

fn size(value: Complex64) -> f64 {
    value.re.abs() + value.im.abs()
}
