//! The projection of all of the past onto Legendre polynomials: cₙ(t) = √(2n+1)/t·∫₀ᵗ u(s)·Pₙ(2s/t − 1) ds.
//!
//! The signal is a polynomial on each of many short cells of time, so a Gauss rule turns each cell into points with
//! masses whose moments are the cell's. Every so often the points so far are replaced by as many as there are
//! coefficients: those of the Gauss rule on [0, T], weighted with the polynomial that has the same moments there. A
//! polynomial in s/t is one in s/T, so no later coefficient changes. This needs the values of Legendre polynomials in
//! [−1, 1] alone, and each replacement is a projection, which lets no error grow.
//!
//! The cells and the replacements depend on the signal alone, so values do not depend on what was asked before.

use std::fmt;
use std::sync::{PoisonError, RwLock};

use num_complex::Complex64;

use super::moments::{Points, moments, odd_root};
use crate::solver::legendre::{FACTORS, Rule, next};
use crate::solver::state_space::input::{InputCells, InputFn};
use crate::solver::state_space::motion::{End, MotionError};
use crate::solver::state_space::polynomial::{DEGREE, Polynomial};

/// The number of cells, and of numbers that are kept: 128 MB.
const MAX_CELLS: usize = 1 << 18;
const MAX_NUMBERS: usize = 1 << 24;

/// The nodes of a cell that is much shorter than the time, where Legendre polynomials are short power series.
const SHORT_NODES: usize = 8;

/// A cell is short where its share of the time, times the square of the order, is below this. The power of degree 5,
/// the first that the nodes do not integrate together with the input, is then below 1e-18.
const SHORT_SHARE: f64 = 1.0 / 512.0;

/// Earlier times count as t = 0.
const EARLIEST: f64 = 1e-290;

/// The projection of a signal.
pub(super) struct Past {
    order: usize,
    /// The rule whose points stand for the past.
    rule: Rule,
    /// For each node of that rule the factors from moments to its mass.
    masses: Vec<Vec<f64>>,
    long: Rule,
    short: Rule,
    cells: RwLock<Cells>,
}

/// The cells up to the latest time that was asked for.
struct Cells {
    known: Vec<Cell>,
    blocks: Vec<Points>,
    numbers: usize,
    input: InputCells,
    end: Option<End>,
}

/// A cell of the signal, and the points that stand for the past at its start.
struct Cell {
    start: f64,
    input: Polynomial<f64>,
    /// The block, and the number of its leading points.
    block: usize,
    points: usize,
}

impl Past {
    /// The projection of a signal onto this number of polynomials.
    pub(super) fn new(order: usize, input: InputFn) -> Self {
        let [rule, long, short] = [order, (DEGREE + order).div_ceil(2), SHORT_NODES]
            .map(|count| Rule::new(count).on_unit_interval());
        let masses = rule.nodes.iter().zip(&rule.weights).map(|(x, weight)| factors(order, *x, *weight));
        Self {
            order,
            masses: masses.collect(),
            long,
            short,
            cells: RwLock::new(Cells {
                known: Vec::new(),
                blocks: vec![Points::default()],
                numbers: 0,
                input: InputCells::new(input),
                end: None,
            }),
            rule,
        }
    }

    /// The coefficients at `t` ≥ 0 seconds.
    pub(super) fn coefficients(&self, t: f64) -> Result<Vec<Complex64>, MotionError> {
        match self.find(t).map_err(|end| end.error(t)) {
            Ok(coefficients) => Ok(coefficients),
            Err(None) => Ok(vec![f64::NAN.into(); self.order]),
            Err(Some(error)) => Err(error),
        }
    }

    fn find(&self, t: f64) -> Result<Vec<Complex64>, End> {
        if let Some(found) = self.known(&self.cells.read().unwrap_or_else(PoisonError::into_inner), t) {
            return found;
        }
        let mut cells = self.cells.write().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(found) = self.known(&cells, t) {
                return found;
            }
            self.extend(&mut cells);
        }
    }

    /// The coefficients, the reason why there are none, or `None` if the cells do not reach as far yet.
    fn known(&self, cells: &Cells, t: f64) -> Option<Result<Vec<Complex64>, End>> {
        let after = cells.known.partition_point(|cell| cell.start <= t);
        if let Some(cell) = after.checked_sub(1).map(|at| &cells.known[at])
            && t < cell.start + cell.input.length
        {
            return Some(Ok(self.project(cells, cell, t)));
        }
        cells.end.clone().map(Err)
    }

    /// The coefficients at a time within a cell.
    fn project(&self, cells: &Cells, cell: &Cell, t: f64) -> Vec<Complex64> {
        if t < EARLIEST {
            let first = |n: usize| if n == 0 { cell.input.at(0.0) } else { 0.0 };
            return (0..self.order).map(|n| first(n).into()).collect();
        }
        let block = &cells.blocks[cell.block];
        let mut points = Points {
            times: block.times[..cell.points].to_vec(),
            masses: block.masses[..cell.points].to_vec(),
        };
        self.add(&mut points, cell, t);
        let moments = moments(&points.times, &points.masses, t, self.order);
        moments.iter().enumerate().map(|(n, moment)| (odd_root(n) * moment / t).into()).collect()
    }

    /// Adds the points of a cell up to a time.
    fn add(&self, points: &mut Points, cell: &Cell, until: f64) {
        let length = until - cell.start;
        let square = (self.order * self.order) as f64;
        let rule = if square * length <= SHORT_SHARE * until { &self.short } else { &self.long };
        points.times.extend(rule.nodes.iter().map(|node| cell.start + length * node));
        let mass = |(node, weight)| length * weight * cell.input.at(length / cell.input.length * node);
        points.masses.extend(rule.nodes.iter().zip(&rule.weights).map(mass));
    }

    /// Adds the next cell, or the end.
    fn extend(&self, cells: &mut Cells) {
        if cells.known.len() >= MAX_CELLS || cells.numbers > MAX_NUMBERS {
            cells.end = Some(End::TooRough);
            return;
        }
        let start = cells.input.start();
        match cells.input.next() {
            Ok(input) => self.add_cell(cells, start, input),
            Err(end) => cells.end = Some(End::Input(end)),
        }
    }

    fn add_cell(&self, cells: &mut Cells, start: f64, input: Polynomial<f64>) {
        let last = cells.blocks.len() - 1;
        let end = start + input.length;
        let cell = Cell { start, input, block: last, points: cells.blocks[last].len() };
        let block = &mut cells.blocks[last];
        self.add(block, &cell, end);
        cells.numbers += 2 * (block.len() - cell.points);
        cells.known.push(cell);
        if block.len() >= 2 * self.order + self.long.nodes.len() {
            let replacement = self.replacement(block, end);
            cells.numbers += 2 * replacement.len();
            cells.blocks.push(replacement);
        }
    }

    /// As few points as there are coefficients, with the same moments on [0, `end`].
    fn replacement(&self, points: &Points, end: f64) -> Points {
        let moments = moments(&points.times, &points.masses, end, self.order);
        let mass =
            |factors: &Vec<f64>| factors.iter().zip(&moments).map(|(factor, moment)| factor * moment).sum();
        Points {
            times: self.rule.nodes.iter().map(|node| end * node).collect(),
            masses: self.masses.iter().map(mass).collect(),
        }
    }
}

/// The factors from moments on [0, 1] to the mass at a node: weight·(2n+1)·Pₙ(2x − 1).
fn factors(order: usize, x: f64, weight: f64) -> Vec<f64> {
    let (mut before, mut now) = (0.0, weight);
    let mass = |(n, factor): (usize, &f64)| {
        let mass = (2 * n + 1) as f64 * now;
        (before, now) = (now, next(*factor, 2.0 * x - 1.0, before, now));
        mass
    };
    FACTORS[..order].iter().enumerate().map(mass).collect()
}

impl fmt::Debug for Past {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Past").field("order", &self.order).finish_non_exhaustive()
    }
}
