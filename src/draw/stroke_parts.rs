//! The parts of strokes: strips, joins and discs. Each raises the coverage of the pixels that it covers more.
//!
//! The fraction of a pixel that a part covers depends on the part and on the center of the pixel alone. A
//! part visits only the rows and columns that it can touch, so the cost of a long diagonal is its length
//! times its width.

use std::ops::Range;

use crate::draw::coverage::Coverage;
use crate::draw::pixel_bounds::{ceil_clamped, enclosing_pixels, fast_max, fast_min, floor_clamped};
use crate::draw::pixel_coverage::{self, DiscReach, Edge, HALF_DIAGONAL};
use crate::draw::strip_batch::StripBatch;
use crate::geometry::{PixelRect, Point};

/// How far beyond the end of a segment, in pixels, the center of a pixel may lie and still belong to the
/// segment. Without it, rounding could leave out a pixel between two segments of a straight line.
const SLACK: f64 = 1e-7;

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
        let (ux, uy) = (self.along.x, self.along.y);
        let edge = Edge::new(ux, uy);
        let reach = self.radius + edge.reach();
        let bounds = self.bounds(into.bounds());
        // Both the distance from the line and the position along it are linear in x.
        let beside = LinearInterval::new(-uy, -reach, reach);
        let along = LinearInterval::new(ux, self.low - SLACK, self.high + SLACK);
        let mut batch = StripBatch::new(&edge, self.radius);
        for row in bounds.top..bounds.bottom {
            let y = f64::from(row) + 0.5 - self.from.y;
            let (beside, along) = (beside.at(ux * y), along.at(uy * y));
            let (from, to) = (fast_max(beside.0, along.0), fast_min(beside.1, along.1));
            let (from, to) = (from + self.from.x, to + self.from.x);
            let Range { start: left, end: right } = columns_between(from, to, bounds);
            if left >= right {
                continue;
            }
            let distance = |x: f64| (ux * y - uy * (x - self.from.x)).abs();
            if cuts.is_empty() {
                batch.push_row(row, left..right, distance, into);
                continue;
            }
            for (column, cell) in (left..right).zip(into.row_mut(row, left, right)) {
                let x = f64::from(column) + 0.5;
                let share = edge.strip(distance(x), self.radius);
                let relative = x - self.from.x;
                raise_cell(cell, share, cuts, relative + self.from.x, y + self.from.y);
            }
        }
        batch.raise_cells(into);
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
        for row in bounds.top..bounds.bottom {
            let dy = f64::from(row) + 0.5 - self.at.y;
            let cells = into.row_mut(row, bounds.left, bounds.right);
            for (column, cell) in (bounds.left..bounds.right).zip(cells) {
                let dx = f64::from(column) + 0.5 - self.at.x;
                // The adjacent strips have already covered most of these pixels.
                if reach_table.can_raise(*cell, dx * dx + dy * dy) {
                    let share = pixel_coverage::disc(dx, dy, self.radius);
                    raise_cell(cell, share, cuts, self.at.x + dx, self.at.y + dy);
                }
            }
        }
        bounds
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
        let beyond = LinearInterval::new(before.x, -SLACK, f64::INFINITY);
        let ahead = LinearInterval::new(after.x, f64::NEG_INFINITY, SLACK);
        for row in bounds.top..bounds.bottom {
            let dy = f64::from(row) + 0.5 - at.y;
            let (beyond, ahead) = (beyond.at(before.y * dy), ahead.at(after.y * dy));
            let Range { start: left, end: right } = columns_between(
                at.x + fast_max(beyond.0, ahead.0),
                at.x + fast_min(beyond.1, ahead.1),
                bounds,
            );
            if left >= right {
                continue;
            }
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

/// The columns of `bounds` whose centers lie between two values of x.
fn columns_between(from: f64, to: f64, bounds: PixelRect) -> Range<i32> {
    let left = ceil_clamped(from - 0.5, bounds.left, bounds.right);
    left..floor_clamped(to - 0.5, bounds.left - 1, bounds.right - 1) + 1
}

/// Raises the cell of the pixel centered at (x, y) to `share`, reduced by the cuts.
fn raise_cell(cell: &mut u8, share: f64, cuts: &Cuts, x: f64, y: f64) {
    let kept = if cuts.is_empty() { share } else { share * cuts.share(x, y) };
    *cell = pixel_coverage::quantize(kept).max(*cell);
}

/// The interval of x in which `slope · x + offset` lies between two values. It is evaluated for many offsets.
struct LinearInterval {
    /// One over the slope.
    inverse: f64,
    /// The values at the lower and at the upper end of the interval.
    ends: [f64; 2],
}

impl LinearInterval {
    /// Prepares the interval in which the line lies between `low` and `high`.
    fn new(slope: f64, low: f64, high: f64) -> Self {
        let inverse = 1.0 / slope;
        Self { inverse, ends: if inverse < 0.0 { [high, low] } else { [low, high] } }
    }

    /// The ends of the interval for one offset. If the slope is 0, both are infinite: of opposite signs if
    /// `offset` lies between the values, of equal signs otherwise.
    fn at(&self, offset: f64) -> (f64, f64) {
        let [from, to] = self.ends.map(|end| (end - offset) * self.inverse);
        (from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_lies_between_two_values_exactly_inside_the_interval() {
        let (low, high) = (-0.7037, 2.3041);
        for slope in [1.0, -1.0, 0.3, -0.02, 1e-9, 0.0, -0.0] {
            let interval = LinearInterval::new(slope, low, high);
            for offset in (-40..40).map(|k| f64::from(k) * 0.15 + 0.01) {
                let (from, to) = interval.at(offset);
                for x in (-90..90).map(|k| f64::from(k) * 0.11) {
                    let inside = (low..=high).contains(&(slope * x + offset));
                    assert_eq!((from..=to).contains(&x), inside, "{slope}·{x} + {offset}");
                }
            }
        }
    }

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
