//! The parts of strokes at vertices: joins and discs, and the cuts at straight ends. Strips are in `segment_strip`.
//!
//! Each part raises the coverage of the pixels that it covers more. The fraction of a pixel that a part covers depends on the part
//! and on the center of the pixel alone. A part visits only the rows and columns that it can touch, so the cost of a long diagonal
//! is its length times its width.

#![allow(
    clippy::inline_always,
    reason = "vectors of an instruction set are compiled for it only where they are inlined"
)]

use fearless_simd::{Level, Simd, dispatch};

use crate::draw::coverage::Coverage;
use crate::draw::lanes::{LANES, counting, part_starts, set_bits};
use crate::draw::pixel_bounds::{enclosing_pixels, fast_max, fast_min};
use crate::draw::pixel_coverage::{self, DiscReach, Edge, HALF_DIAGONAL};
use crate::draw::row_spans::{Band, RowSpans};
use crate::geometry::{PixelRect, Point};

/// How far beyond the end of a segment, in pixels, the center of a pixel may lie and still belong to the
/// segment. Without it, rounding could leave out a pixel between two segments of a straight line.
pub(crate) const SLACK: f64 = 1e-7;

/// A straight cut with an anti-aliased edge, which keeps one side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    at: Point,
    inward: Point,
    edge: Edge,
}

impl Cut {
    /// The cut through `at` that keeps the side to which the unit vector `inward` points.
    pub(crate) fn new(at: Point, inward: Point) -> Self {
        Self { at, inward, edge: Edge::new(inward.x, inward.y) }
    }

    /// The fraction of the pixel centered at (x, y) that the cut keeps.
    fn share(&self, x: f64, y: f64) -> f64 {
        self.edge.half_plane((x - self.at.x) * self.inward.x + (y - self.at.y) * self.inward.y)
    }
}

/// The cuts that apply to a part: at most one at each end of a dash or curve.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cuts(pub(crate) [Option<Cut>; 2]);

impl Cuts {
    pub(crate) const NONE: Self = Self([None, None]);

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// The fraction of the pixel centered at (x, y) that all cuts keep.
    fn share(&self, x: f64, y: f64) -> f64 {
        self.0.iter().flatten().map(|cut| cut.share(x, y)).product()
    }
}

/// A disc around `at`.
pub(crate) struct Disc {
    pub(crate) at: Point,
    pub(crate) radius: f64,
}

impl Disc {
    /// Draws the disc and returns a rectangle around the pixels it touches. `reach_table` must be computed
    /// for its radius.
    pub(crate) fn draw(&self, reach_table: &DiscReach, cuts: &Cuts, into: &mut Coverage) -> PixelRect {
        let corners = [-self.radius, self.radius].map(|to| Point::new(to, to));
        let bounds = pixels_around(self.at, corners, into.bounds());
        for top in part_starts(bounds.top..bounds.bottom) {
            for left in part_starts(bounds.left..bounds.right) {
                let (right, bottom) = (left + LANES as i32, top + LANES as i32);
                let part = PixelRect { left, top, right, bottom }.intersect(&bounds);
                let raised = dispatch!(Level::new(), simd => self.raised(simd, reach_table, part, into));
                for k in set_bits(raised) {
                    let (row, column) = (top + (k / LANES) as i32, left + (k % LANES) as i32);
                    self.raise_pixel(cuts, row, column, &mut into.row_mut(row, column, column + 1)[0]);
                }
            }
        }
        bounds
    }

    /// Raises the cell of a pixel to the coverage of the disc.
    fn raise_pixel(&self, cuts: &Cuts, row: i32, column: i32, cell: &mut u8) {
        let (dx, dy) = (f64::from(column) + 0.5 - self.at.x, f64::from(row) + 0.5 - self.at.y);
        let bound = pixel_coverage::disc_bound(dx, dy, self.radius);
        if bound.is_nan() || pixel_coverage::quantize(bound) > *cell {
            let share = pixel_coverage::disc(dx, dy, self.radius);
            raise_cell(cell, share, cuts, self.at.x + dx, self.at.y + dy);
        }
    }

    /// The pixels of a part of at most `LANES` rows and columns that the disc may raise, as bits, row by row from the top. The
    /// adjacent strips have already covered most pixels.
    #[inline(always)]
    fn raised<S: Simd>(&self, simd: S, reach_table: &DiscReach, part: PixelRect, coverage: &Coverage) -> u64 {
        let dx = counting(simd) + f64::from(part.left) + 0.5 - self.at.x;
        let mut pixels = 0;
        for (k, row) in (part.top..part.bottom).enumerate() {
            let dy = f64::from(row) + 0.5 - self.at.y;
            let cells = coverage.row(row, part.left, part.right);
            pixels |= reach_table.raised(cells, dx * dx + dy * dy) << (k * LANES);
        }
        pixels
    }
}

/// The wedge on the outer side of a corner, beyond the end of one segment and before the start of the next.
pub(crate) struct Join {
    /// The vertex.
    pub(crate) at: Point,
    /// The direction of the segment before the vertex, a unit vector.
    pub(crate) before: Point,
    /// The direction of the segment after the vertex, a unit vector.
    pub(crate) after: Point,
    pub(crate) radius: f64,
}

impl Join {
    /// Draws the wedge and returns a rectangle around the pixels it touches.
    pub(crate) fn draw(&self, cuts: &Cuts, into: &mut Coverage) -> PixelRect {
        let (at, before, after) = (self.at, self.before, self.after);
        let reach = (self.radius + HALF_DIAGONAL) * (self.radius + HALF_DIAGONAL);
        let bounds = pixels_around(at, self.bounds(), into.bounds());
        // Most wedges are so narrow that they hold no center of a pixel.
        let bands = [Band::new(before, -SLACK, f64::INFINITY), Band::new(after, f64::NEG_INFINITY, SLACK)];
        for top in part_starts(bounds.top..bounds.bottom) {
            let spans = dispatch!(Level::new(), simd => RowSpans::between(simd, &bands, at, top, bounds).0);
            for (k, left, right) in spans.filled() {
                let row = top + k as i32;
                let dy = f64::from(row) + 0.5 - at.y;
                for (column, cell) in (left..right).zip(into.row_mut(row, left, right)) {
                    let dx = f64::from(column) + 0.5 - at.x;
                    let distance_squared = dx * dx + dy * dy;
                    if *cell == u8::MAX
                        || distance_squared >= reach
                        || dx * before.x + dy * before.y <= 0.0
                        || dx * after.x + dy * after.y >= 0.0
                    {
                        continue;
                    }
                    // The strip through the vertex, turned so that its edge faces this pixel.
                    let distance = distance_squared.sqrt();
                    let share = Edge::new(dx / distance, dy / distance).strip(distance, self.radius);
                    raise_cell(cell, share, cuts, at.x + dx, at.y + dy);
                }
            }
        }
        bounds
    }

    /// The corners of the bounding box of the wedge, cut off at `radius`, relative to the vertex. The wedge
    /// lies between the outer normals of both segments.
    fn bounds(&self) -> [Point; 2] {
        /// How far a circle lies outside the chord of an arc of at most 60°, as a factor: 1 / cos 30°,
        /// rounded up.
        const BULGE: f64 = 1.16;
        let turn = self.before.x * self.after.y - self.before.y * self.after.x;
        let far = (self.radius + HALF_DIAGONAL) * BULGE * if turn > 0.0 { 1.0 } else { -1.0 };
        let [a, b] = [self.before, self.after].map(|u| Point::new(u.y * far, -u.x * far));
        let low = |a: f64, b: f64| fast_max(fast_min(fast_min(a, b), 0.0) - SLACK, -self.radius);
        let high = |a: f64, b: f64| fast_min(fast_max(fast_max(a, b), 0.0) + SLACK, self.radius);
        [Point::new(low(a.x, b.x), low(a.y, b.y)), Point::new(high(a.x, b.x), high(a.y, b.y))]
    }
}

/// The pixels around a rectangle inside `clip`. Its corners are relative to `at`.
fn pixels_around(at: Point, [low, high]: [Point; 2], clip: PixelRect) -> PixelRect {
    let absolute = |corner: Point| Point::new(at.x + corner.x, at.y + corner.y);
    enclosing_pixels(absolute(low), absolute(high), clip)
}

/// Raises the cell of the pixel centered at (x, y) to `share`, reduced by the cuts.
pub(crate) fn raise_cell(cell: &mut u8, share: f64, cuts: &Cuts, x: f64, y: f64) {
    let kept = if cuts.is_empty() { share } else { share * cuts.share(x, y) };
    *cell = pixel_coverage::quantize(kept).max(*cell);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disc_covers_the_same_pixels_however_wide_the_mask_is() {
        let wide = PixelRect { left: 0, top: 0, right: 40, bottom: 24 };
        for (radius, x) in [0.3, 0.75, 1.5, 3.2, 6.0].into_iter().flat_map(|r| (0..9).map(move |k| (r, k))) {
            let at = Point::new(14.0 + f64::from(x) * 0.23, 12.4);
            let reach_table = DiscReach::new(radius);
            let disc = |bounds, below: u8| {
                let mut coverage = Coverage::empty(bounds);
                for y in bounds.top..bounds.bottom {
                    coverage.row_mut(y, bounds.left, bounds.right).fill(below);
                }
                Disc { at, radius }.draw(&reach_table, &Cuts::NONE, &mut coverage);
                coverage
            };
            for below in [0, 100] {
                let whole = disc(wide, below);
                for (y, x) in (0..24).flat_map(|y| (0..40).map(move |x| (y, x))) {
                    let share =
                        pixel_coverage::disc(f64::from(x) + 0.5 - at.x, f64::from(y) + 0.5 - at.y, radius);
                    let expected = pixel_coverage::quantize(share).max(below);
                    assert_eq!(whole.row(y, x, x + 1), [expected], "({x}, {y}), radius {radius}");
                }
                // Narrower than eight pixels, and ending at the disc.
                for (left, right) in [(12, 17), (3, 16), (14, 30)] {
                    let part = disc(PixelRect { left, right, ..wide }, below);
                    for y in 0..24 {
                        assert_eq!(part.row(y, left, right), whole.row(y, left, right), "radius {radius}");
                    }
                }
            }
        }
    }
}
