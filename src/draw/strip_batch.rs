//! Evaluates the pixels of a strip in batches, which the compiler turns into vector instructions.
//!
//! The rows of a short segment have three or four pixels each. Their distances are collected first, because a loop over so few
//! pixels costs more for its end, which the processor cannot predict, than for the pixels.

use std::ops::Range;

use fearless_simd::{Level, dispatch};

use crate::draw::coverage::Coverage;
use crate::draw::pixel_coverage::{self, Edge};

/// Maximum number of pixels and of rows in a batch: little more than a short segment has.
const PIXELS: usize = 48;
const ROWS: usize = 12;

/// Number of distances that are written at once. Those beyond the end of a row are overwritten by the next row.
const LANES: usize = 4;

/// Pixels of one strip that wait to be evaluated.
pub(crate) struct StripBatch<'a> {
    edge: &'a Edge,
    /// Half width of the strip.
    radius: f64,
    /// Distances of the pixels from the center line.
    distances: [f64; PIXELS + LANES],
    pixel_count: usize,
    rows: [RowSpan; ROWS],
    row_count: usize,
}

/// Columns `left..right` of row `y`.
#[derive(Clone, Copy, Default)]
struct RowSpan {
    y: i32,
    left: i32,
    right: i32,
}

impl<'a> StripBatch<'a> {
    /// An empty batch for a strip with this edge profile and half width.
    pub(crate) fn new(edge: &'a Edge, radius: f64) -> Self {
        let (distances, rows) = ([0.0; PIXELS + LANES], [RowSpan::default(); ROWS]);
        Self { edge, radius, distances, pixel_count: 0, rows, row_count: 0 }
    }

    /// Adds some columns of row `y`. `distance` returns the distance of a pixel from the center line by the x coordinate of
    /// its center. Pixels of a full batch are evaluated first.
    pub(crate) fn push_row(
        &mut self,
        y: i32,
        columns: Range<i32>,
        distance: impl Fn(f64) -> f64,
        into: &mut Coverage,
    ) {
        for left in columns.clone().step_by(PIXELS) {
            let right = columns.end.min(left + PIXELS as i32);
            let count = (right - left) as usize;
            if self.pixel_count + count > PIXELS || self.row_count == ROWS {
                self.raise_cells(into);
            }
            for offset in (0..count).step_by(LANES) {
                let first = left + offset as i32;
                let lanes: [f64; LANES] =
                    std::array::from_fn(|lane| distance(f64::from(first + lane as i32) + 0.5));
                let start = self.pixel_count + offset;
                self.distances[start..start + LANES].copy_from_slice(&lanes);
            }
            self.rows[self.row_count] = RowSpan { y, left, right };
            self.row_count += 1;
            self.pixel_count += count;
        }
    }

    /// Raises the cells of all waiting pixels to their coverage, and empties the batch.
    pub(crate) fn raise_cells(&mut self, into: &mut Coverage) {
        let mut bytes = [0; PIXELS];
        // Whole lanes leave no single pixels at the end of the loop.
        let count = self.pixel_count.next_multiple_of(LANES);
        dispatch!(Level::new(), _ => self.evaluate(count, &mut bytes));
        let mut bytes = &bytes[..];
        for &RowSpan { y, left, right } in &self.rows[..self.row_count] {
            let (own, rest) = bytes.split_at((right - left) as usize);
            for (cell, byte) in into.row_mut(y, left, right).iter_mut().zip(own) {
                *cell = (*byte).max(*cell);
            }
            bytes = rest;
        }
        (self.pixel_count, self.row_count) = (0, 0);
    }

    /// The coverage of the first pixels, as bytes, with the vector instructions of the caller.
    #[inline(always)]
    #[allow(
        clippy::inline_always,
        reason = "a loop is compiled for an instruction set only where it is inlined"
    )]
    fn evaluate(&self, count: usize, bytes: &mut [u8; PIXELS]) {
        let mut shares = [0.0; PIXELS];
        self.edge.strips(&self.distances[..count], self.radius, &mut shares[..count]);
        for (byte, share) in bytes[..count].iter_mut().zip(shares) {
            *byte = pixel_coverage::quantize(share);
        }
    }
}
