//! The strip along a segment of a stroke, several pixels at once.
//!
//! The rows of a short segment have two to four pixels each. So the same column of several rows is evaluated at once, and the
//! pixels of one row only where rows are long. The loops are compiled for several instruction sets; each gives the same bits.

#![allow(
    clippy::inline_always,
    reason = "vectors of an instruction set are compiled for it only where they are inlined"
)]

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, f64x8};

use crate::draw::coverage::Coverage;
use crate::draw::lanes::{LANES, counting, integer, part_starts, store_integers};
use crate::draw::pixel_bounds::{enclosing_pixels, fast_max, fast_min};
use crate::draw::pixel_coverage::{self, Edge};
use crate::draw::row_spans::{Band, RowSpans};
use crate::draw::stroke_parts::{Cuts, SLACK, raise_cell};
use crate::geometry::{PixelRect, Point};

/// Maximum length in pixels of the rows that are evaluated by columns.
const SHORT_ROW: usize = 4;

/// A strip of half width `radius` along a straight line.
pub(crate) struct SegmentStrip {
    /// A point of the center line.
    pub(crate) from: Point,
    /// The direction of the center line, a unit vector.
    pub(crate) along: Point,
    /// The start of the strip, as a signed distance from `from` along `along`.
    pub(crate) low: f64,
    /// The end of the strip, likewise.
    pub(crate) high: f64,
    pub(crate) radius: f64,
}

impl SegmentStrip {
    /// Draws the strip and returns a rectangle around the pixels it touches.
    pub(crate) fn draw(&self, cuts: &Cuts, into: &mut Coverage) -> PixelRect {
        let edge = Edge::new(self.along.x, self.along.y);
        let reach = self.radius + edge.reach();
        // The pixels that the strip touches beside the line, and those between its ends.
        let bands = [
            Band::new(Point::new(-self.along.y, self.along.x), -reach, reach),
            Band::new(self.along, self.low - SLACK, self.high + SLACK),
        ];
        let bounds = self.bounds(into.bounds());
        let level = Level::new();
        for top in part_starts(bounds.top..bounds.bottom) {
            let mut columns = [[0.0; LANES]; SHORT_ROW];
            let spans = dispatch!(level, simd => {
                let (spans, ends) = RowSpans::between(simd, &bands, self.from, top, bounds);
                if cuts.is_empty() {
                    self.evaluate_columns(&edge, top, ends, &mut columns);
                }
                spans
            });
            for (k, left, right) in spans.filled() {
                let y = top + k as i32;
                let cells = into.row_mut(y, left, right);
                if !cuts.is_empty() {
                    self.raise_cut_row(&edge, cuts, (left, y), cells);
                } else if cells.len() <= SHORT_ROW {
                    for (cell, column) in cells.iter_mut().zip(&columns) {
                        *cell = (integer(column[k]) as u8).max(*cell);
                    }
                } else {
                    dispatch!(level, simd => self.raise_row(simd, &edge, (left, y), cells));
                }
            }
        }
        bounds
    }

    /// A rectangle around the pixels that the strip can touch, inside `clip`.
    fn bounds(&self, clip: PixelRect) -> PixelRect {
        let at = |t: f64| Point::new(self.from.x + self.along.x * t, self.from.y + self.along.y * t);
        let (a, b) = (at(self.low), at(self.high));
        let r = self.radius + SLACK;
        let low = Point::new(fast_min(a.x, b.x) - r, fast_min(a.y, b.y) - r);
        let high = Point::new(fast_max(a.x, b.x) + r, fast_max(a.y, b.y) + r);
        enclosing_pixels(low, high, clip)
    }

    /// The coverage of pixels by the coordinates of their centers, y relative to `from`.
    #[inline(always)]
    fn coverage<S: Simd>(&self, edge: &Edge, x: f64x8<S>, y: f64x8<S>) -> f64x8<S> {
        let distance = (y * self.along.x - (x - self.from.x) * self.along.y).abs();
        pixel_coverage::quantize_each(edge.strips(distance, self.radius))
    }

    /// Computes the coverage of the first pixels of rows from `top` on, column by column, as [stored integers](store_integers).
    #[inline(always)]
    fn evaluate_columns<S: Simd>(
        &self,
        edge: &Edge,
        top: i32,
        [left, right]: [f64x8<S>; 2],
        columns: &mut [[f64; LANES]; SHORT_ROW],
    ) {
        let longest = (right - left).reduce_max();
        let y = counting(left.simd) + f64::from(top) + 0.5 - self.from.y;
        let mut x = left + 0.5;
        for (_, column) in (0..longest as usize).zip(columns) {
            store_integers(self.coverage(edge, x, y), column);
            x += 1.0;
        }
    }

    /// Raises cells of row `y` from column `left` on.
    #[inline(always)]
    fn raise_row<S: Simd>(&self, simd: S, edge: &Edge, (left, y): (i32, i32), cells: &mut [u8]) {
        let y = f64x8::splat(simd, f64::from(y) + 0.5 - self.from.y);
        let mut x = counting(simd) + f64::from(left) + 0.5;
        for cells in cells.chunks_mut(LANES) {
            let mut bytes = [0.0; LANES];
            store_integers(self.coverage(edge, x, y), &mut bytes);
            for (cell, byte) in cells.iter_mut().zip(bytes) {
                *cell = (integer(byte) as u8).max(*cell);
            }
            x += LANES as f64;
        }
    }

    /// Raises cells of row `y` from column `left` on, each to its coverage reduced by cuts.
    fn raise_cut_row(&self, edge: &Edge, cuts: &Cuts, (left, y): (i32, i32), cells: &mut [u8]) {
        let center = |at: i32, origin: f64| f64::from(at) + 0.5 - origin;
        let dy = center(y, self.from.y);
        for (column, cell) in (left..).zip(cells) {
            let dx = center(column, self.from.x);
            let share = edge.strip((self.along.x * dy - self.along.y * dx).abs(), self.radius);
            raise_cell(cell, share, cuts, dx + self.from.x, dy + self.from.y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_cover_the_fraction_that_their_edge_profile_gives() {
        let (width, height) = (90, 20);
        let canvas = PixelRect::from_size(width as u32, height as u32);
        for k in 0..64 {
            let (y, x) = libm::sincos(f64::from(k) * std::f64::consts::TAU / 64.0);
            for (radius, length) in [(0.3, 9.0), (0.7, 1.5), (1.75, 75.0), (4.0, 0.6)] {
                let from = Point::new(12.0 + f64::from(k % 7) / 64.0, 10.0 - f64::from(k % 5) / 64.0);
                let strip = SegmentStrip { from, along: Point::new(x, y), low: 0.0, high: length, radius };
                let mut coverage = Coverage::empty(canvas);
                strip.draw(&Cuts::NONE, &mut coverage);
                for row in 0..height {
                    for (column, cell) in (0..width).zip(coverage.row(row, 0, width)) {
                        let (dx, dy) = (f64::from(column) + 0.5 - from.x, f64::from(row) + 0.5 - from.y);
                        let along = x * dx + y * dy;
                        let share = Edge::new(x, y).strip((x * dy - y * dx).abs(), radius);
                        let beside = (-SLACK..=length + SLACK).contains(&along);
                        let byte = if beside { pixel_coverage::quantize(share) } else { 0 };
                        assert_eq!(*cell, byte, "({column}, {row}), direction {k}, radius {radius}");
                    }
                }
            }
        }
    }
}
