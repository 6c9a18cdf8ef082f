//! What strokes are made of: bodies, joins and discs, each raising the coverage it falls on.
//!
//! A piece's share of a pixel depends on the pixel's center and the piece alone. Pieces walk only rows
//! and columns they can reach, so a long diagonal costs its length times its width.

use crate::draw::coverage::{Coverage, ceil_clamped, enclosing_pixels, fast_max, fast_min, floor_clamped};
use crate::draw::pixel_coverage::{self, DiscReach, Edge, HALF_DIAGONAL};
use crate::geometry::{PixelRect, Point};

/// Pixels whose center lies this close beyond a segment's end still belong to it, so that rounding
/// leaves no pixel between two segments of a straight line.
const SLACK: f64 = 1e-7;

/// A straight cut with a soft edge: keeps one side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    at: Point,
    inward: Point,
    edge: Edge,
}

impl Cut {
    /// The cut through `at` that keeps what lies toward the unit vector `inward`.
    pub(crate) fn new(at: Point, inward: Point) -> Self {
        Self { at, inward, edge: Edge::new(inward.x, inward.y) }
    }

    fn share(&self, x: f64, y: f64) -> f64 {
        self.edge.half_plane((x - self.at.x) * self.inward.x + (y - self.at.y) * self.inward.y)
    }
}

/// The cuts that apply to a piece.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cuts(pub(crate) [Option<Cut>; 2]);

impl Cuts {
    pub(crate) const NONE: Self = Self([None, None]);

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// How much of the pixel centerd at (x, y) they leave.
    fn share(&self, x: f64, y: f64) -> f64 {
        self.0.iter().flatten().map(|cut| cut.share(x, y)).product()
    }
}

/// A strip of half width `radius` from `from` along a unit vector.
pub(crate) struct SegmentStrip {
    pub(crate) from: Point,
    pub(crate) along: Point,
    /// Where it begins and ends, as distances from `from`.
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) radius: f64,
}

impl SegmentStrip {
    pub(crate) fn draw(&self, cuts: &Cuts, into: &mut Coverage) -> PixelRect {
        let (ux, uy) = (self.along.x, self.along.y);
        let edge = Edge::new(ux, uy);
        let reach = self.radius + edge.reach();
        let bounds = self.bounds(into.bounds());
        // Both the distance from the line and the place along it are linear in x.
        let beside = LinearInterval::new(-uy, -reach, reach);
        let along = LinearInterval::new(ux, self.low - SLACK, self.high + SLACK);
        // As near as this to its middle, all of a pixel is covered.
        let full = if cuts.is_empty() { self.radius - edge.reach() } else { f64::NEG_INFINITY };
        for row in bounds.top..bounds.bottom {
            let y = f64::from(row) + 0.5 - self.from.y;
            let (beside, along) = (beside.at(ux * y), along.at(uy * y));
            let (from, to) = (fast_max(beside.0, along.0), fast_min(beside.1, along.1));
            let (from, to) = (from + self.from.x, to + self.from.x);
            let left = ceil_clamped(from - 0.5, bounds.left, bounds.right);
            let right = floor_clamped(to - 0.5, bounds.left - 1, bounds.right - 1) + 1;
            if left >= right {
                continue;
            }
            for (column, cell) in (left..right).zip(into.row_mut(row, left, right)) {
                let x = f64::from(column) + 0.5 - self.from.x;
                let distance = (ux * y - uy * x).abs();
                if distance <= full {
                    *cell = u8::MAX;
                } else {
                    raise_cell(
                        cell,
                        edge.strip(distance, self.radius),
                        cuts,
                        x + self.from.x,
                        y + self.from.y,
                    );
                }
            }
        }
        bounds
    }

    /// The pixels it can touch inside `clip`. Of a segment that goes far beyond the clip only the part
    /// inside counts.
    fn bounds(&self, clip: PixelRect) -> PixelRect {
        let at = |t: f64| Point::new(self.from.x + self.along.x * t, self.from.y + self.along.y * t);
        let (a, b) = (at(self.low), at(self.high));
        let r = self.radius + SLACK;
        let low = Point::new(fast_min(a.x, b.x) - r, fast_min(a.y, b.y) - r);
        let high = Point::new(fast_max(a.x, b.x) + r, fast_max(a.y, b.y) + r);
        enclosing_pixels(low, high, clip)
    }
}

/// A disc.
pub(crate) struct Disc {
    pub(crate) at: Point,
    pub(crate) radius: f64,
}

impl Disc {
    /// Draws it; `reach_table` is that of discs of its radius.
    pub(crate) fn draw(&self, reach_table: &DiscReach, cuts: &Cuts, into: &mut Coverage) -> PixelRect {
        let low = Point::new(-self.radius, -self.radius);
        let high = Point::new(self.radius, self.radius);
        for_each_cell(self.at, [low, high], into, |cell, dx, dy| {
            // Segments have filled most of it.
            if *cell < u8::MAX && reach_table.can_raise(*cell, dx * dx + dy * dy) {
                raise_cell(
                    cell,
                    pixel_coverage::disc(dx, dy, self.radius),
                    cuts,
                    self.at.x + dx,
                    self.at.y + dy,
                );
            }
        })
    }
}

/// The wedge outside a bend, beyond one segment's end and before the next one's beginning.
pub(crate) struct Join {
    pub(crate) at: Point,
    pub(crate) before: Point,
    pub(crate) after: Point,
    pub(crate) radius: f64,
}

impl Join {
    pub(crate) fn draw(&self, cuts: &Cuts, into: &mut Coverage) -> PixelRect {
        let (before, after) = (self.before, self.after);
        let reach = (self.radius + HALF_DIAGONAL) * (self.radius + HALF_DIAGONAL);
        for_each_cell(self.at, self.bounds(), into, |cell, dx, dy| {
            let distance_squared = dx * dx + dy * dy;
            if *cell == u8::MAX
                || distance_squared >= reach
                || dx * before.x + dy * before.y <= 0.0
                || dx * after.x + dy * after.y >= 0.0
            {
                return;
            }
            // The strip through the vertex that is turned so as to pass beside this pixel.
            let distance = distance_squared.sqrt();
            let share = Edge::new(dx / distance, dy / distance).strip(distance, self.radius);
            raise_cell(cell, share, cuts, self.at.x + dx, self.at.y + dy);
        })
    }

    /// The corners of what the disc around the vertex and the wedge share, seen from the vertex. The wedge lies
    /// between the normals of both segments, on the outer side.
    fn bounds(&self) -> [Point; 2] {
        /// In the middle of a bend of at most 60° a circle lies outside of its chord by this factor.
        const BULGE: f64 = 1.16;
        let turn = self.before.x * self.after.y - self.before.y * self.after.x;
        let far = (self.radius + HALF_DIAGONAL) * BULGE * if turn > 0.0 { 1.0 } else { -1.0 };
        let [a, b] = [self.before, self.after].map(|u| Point::new(u.y * far, -u.x * far));
        let low = |a: f64, b: f64| fast_max(fast_min(fast_min(a, b), 0.0) - SLACK, -self.radius);
        let high = |a: f64, b: f64| fast_min(fast_max(fast_max(a, b), 0.0) + SLACK, self.radius);
        [Point::new(low(a.x, b.x), low(a.y, b.y)), Point::new(high(a.x, b.x), high(a.y, b.y))]
    }
}

/// Calls `visit` with every cell that lies between two corners, and its center's place; corners and place are seen
/// from `at`.
fn for_each_cell(
    at: Point,
    [low, high]: [Point; 2],
    into: &mut Coverage,
    mut visit: impl FnMut(&mut u8, f64, f64),
) -> PixelRect {
    let low = Point::new(at.x + low.x, at.y + low.y);
    let high = Point::new(at.x + high.x, at.y + high.y);
    let bounds = enclosing_pixels(low, high, into.bounds());
    for row in bounds.top..bounds.bottom {
        let dy = f64::from(row) + 0.5 - at.y;
        for (column, cell) in (bounds.left..bounds.right).zip(into.row_mut(row, bounds.left, bounds.right)) {
            visit(cell, f64::from(column) + 0.5 - at.x, dy);
        }
    }
    bounds
}

/// Raises a cell to a share of the pixel centerd at (x, y), as far as the cuts leave it.
fn raise_cell(cell: &mut u8, share: f64, cuts: &Cuts, x: f64, y: f64) {
    let left = if cuts.is_empty() { share } else { share * cuts.share(x, y) };
    *cell = pixel_coverage::quantize(left).max(*cell);
}

/// The x between which `slope·x + offset` lies between two values, for one offset after the other.
struct LinearInterval {
    /// One over the slope.
    inverse: f64,
    /// The values at the lower and the upper x.
    ends: [f64; 2],
}

impl LinearInterval {
    fn new(slope: f64, low: f64, high: f64) -> Self {
        let inverse = 1.0 / slope;
        Self { inverse, ends: if inverse < 0.0 { [high, low] } else { [low, high] } }
    }

    /// Without a slope both x are infinite: of two signs where `offset` lies between the values, and else of one.
    fn at(&self, offset: f64) -> (f64, f64) {
        let [from, to] = self.ends.map(|end| (end - offset) * self.inverse);
        (from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_their_ends_and_nowhere_else_lines_lie_between_two_values() {
        let (low, high) = (-0.7037, 2.3041);
        for slope in [1.0, -1.0, 0.3, -0.02, 1e-9, 0.0, -0.0] {
            let between = LinearInterval::new(slope, low, high);
            for offset in (-40..40).map(|k| f64::from(k) * 0.15 + 0.01) {
                let (from, to) = between.at(offset);
                for x in (-90..90).map(|k| f64::from(k) * 0.11) {
                    let inside = (low..=high).contains(&(slope * x + offset));
                    assert_eq!((from..=to).contains(&x), inside, "{slope}·{x} + {offset}");
                }
            }
        }
    }

    #[test]
    fn bodies_cover_pixels_by_the_share_of_the_strip_around_their_line() {
        let canvas = PixelRect::from_size(24, 20);
        for k in 0..64 {
            let (y, x) = libm::sincos(f64::from(k) * std::f64::consts::TAU / 64.0);
            for (radius, length) in [(0.3, 9.0), (0.7, 1.5), (1.75, 2.0), (4.0, 0.6)] {
                let from = Point::new(12.0 + f64::from(k % 7) / 64.0, 10.0 - f64::from(k % 5) / 64.0);
                let body = SegmentStrip { from, along: Point::new(x, y), low: 0.0, high: length, radius };
                let mut coverage = Coverage::empty(canvas);
                body.draw(&Cuts::NONE, &mut coverage);
                for row in 0..20 {
                    for (column, cell) in (0..24).zip(coverage.row(row, 0, 24)) {
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
