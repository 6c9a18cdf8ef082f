//! What strokes are made of: bodies, joins and discs, each raising the coverage it falls on.
//!
//! A piece's share of a pixel depends on the pixel's centre and the piece alone. Pieces walk only rows
//! and columns they can reach, so a long diagonal costs its length times its width.

use crate::draw::coverage::{Coverage, around, ceil_within, floor_within};
use crate::draw::share::{self, Edge, Grasp, HALF_DIAGONAL};
use crate::geometry::{PixelRect, Point};

/// Pixels whose centre lies this close beyond a segment's end still belong to it, so that rounding
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
        self.edge.below((x - self.at.x) * self.inward.x + (y - self.at.y) * self.inward.y)
    }
}

/// The cuts that apply to a piece.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cuts(pub(crate) [Option<Cut>; 2]);

impl Cuts {
    pub(crate) const NONE: Self = Self([None, None]);

    /// How much of the pixel centred at (x, y) they leave.
    fn share(&self, x: f64, y: f64) -> f64 {
        self.0.iter().flatten().map(|cut| cut.share(x, y)).product()
    }
}

/// A strip of half width `radius` from `from` along a unit vector.
pub(crate) struct Body {
    pub(crate) from: Point,
    pub(crate) along: Point,
    /// Where it begins and ends, as distances from `from`.
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) radius: f64,
}

impl Body {
    pub(crate) fn draw(&self, cuts: &Cuts, into: &mut Coverage) -> PixelRect {
        let edge = Edge::new(self.along.x, self.along.y);
        let reach = self.radius + edge.reach();
        let bounds = self.bounds(into.bounds());
        let (ux, uy) = (self.along.x, self.along.y);
        for row in bounds.top..bounds.bottom {
            let y = f64::from(row) + 0.5 - self.from.y;
            // Both the distance from the line and the place along it are linear in x.
            let beside = solve(-uy, ux * y, -reach, reach);
            let along = solve(ux, uy * y, self.low - SLACK, self.high + SLACK);
            let (from, to) = (beside.0.max(along.0) + self.from.x, beside.1.min(along.1) + self.from.x);
            let left = ceil_within(from - 0.5, bounds.left, bounds.right);
            let right = floor_within(to - 0.5, bounds.left - 1, bounds.right - 1) + 1;
            if left >= right {
                continue;
            }
            for (column, cell) in (left..right).zip(into.row_mut(row, left, right)) {
                let x = f64::from(column) + 0.5 - self.from.x;
                let share = edge.strip((ux * y - uy * x).abs(), self.radius);
                raise(cell, share, cuts, x + self.from.x, y + self.from.y);
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
        let low = Point::new(a.x.min(b.x) - r, a.y.min(b.y) - r);
        let high = Point::new(a.x.max(b.x) + r, a.y.max(b.y) + r);
        around(low, high, clip)
    }
}

/// A disc.
pub(crate) struct Disc {
    pub(crate) at: Point,
    pub(crate) radius: f64,
}

impl Disc {
    /// Draws it; `grasp` is that of discs of its radius.
    pub(crate) fn draw(&self, grasp: &Grasp, cuts: &Cuts, into: &mut Coverage) -> PixelRect {
        let low = Point::new(-self.radius, -self.radius);
        let high = Point::new(self.radius, self.radius);
        each_near(self.at, self.radius, [low, high], into, |cell, dx, dy| {
            if grasp.raises(*cell, dx * dx + dy * dy) {
                raise(cell, share::disc(dx, dy, self.radius), cuts, self.at.x + dx, self.at.y + dy);
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
        each_near(self.at, self.radius, self.reach(), into, |cell, dx, dy| {
            if dx * before.x + dy * before.y <= 0.0 || dx * after.x + dy * after.y >= 0.0 {
                return;
            }
            // The strip through the vertex that is turned so as to pass beside this pixel.
            let distance = (dx * dx + dy * dy).sqrt();
            let share = Edge::new(dx / distance, dy / distance).strip(distance, self.radius);
            raise(cell, share, cuts, self.at.x + dx, self.at.y + dy);
        })
    }

    /// The corners of what the disc around the vertex and the wedge share, seen from the vertex. The wedge lies
    /// between the normals of both segments, on the outer side.
    fn reach(&self) -> [Point; 2] {
        /// In the middle of a bend of at most 60° a circle lies outside of its chord by this factor.
        const BULGE: f64 = 1.16;
        let turn = self.before.x * self.after.y - self.before.y * self.after.x;
        let far = (self.radius + HALF_DIAGONAL) * BULGE * if turn > 0.0 { 1.0 } else { -1.0 };
        let [a, b] = [self.before, self.after].map(|u| Point::new(u.y * far, -u.x * far));
        let low = |a: f64, b: f64| (a.min(b).min(0.0) - SLACK).max(-self.radius);
        let high = |a: f64, b: f64| (a.max(b).max(0.0) + SLACK).min(self.radius);
        [Point::new(low(a.x, b.x), low(a.y, b.y)), Point::new(high(a.x, b.x), high(a.y, b.y))]
    }
}

/// Calls `visit` with every cell within reach of a disc that lies between two corners, and its centre's place;
/// corners and place are seen from the disc's centre.
fn each_near(
    at: Point,
    radius: f64,
    [low, high]: [Point; 2],
    into: &mut Coverage,
    mut visit: impl FnMut(&mut u8, f64, f64),
) -> PixelRect {
    let low = Point::new(at.x + low.x, at.y + low.y);
    let high = Point::new(at.x + high.x, at.y + high.y);
    let bounds = around(low, high, into.bounds());
    let reach = (radius + HALF_DIAGONAL) * (radius + HALF_DIAGONAL);
    for row in bounds.top..bounds.bottom {
        let dy = f64::from(row) + 0.5 - at.y;
        for (column, cell) in (bounds.left..bounds.right).zip(into.row_mut(row, bounds.left, bounds.right)) {
            let dx = f64::from(column) + 0.5 - at.x;
            if dx * dx + dy * dy < reach {
                visit(cell, dx, dy);
            }
        }
    }
    bounds
}

/// Raises a cell to a share of the pixel centred at (x, y), as far as the cuts leave it.
fn raise(cell: &mut u8, share: f64, cuts: &Cuts, x: f64, y: f64) {
    *cell = share::to_byte(share * cuts.share(x, y)).max(*cell);
}

/// The x between which `slope·x + offset` lies in `low..=high`.
fn solve(slope: f64, offset: f64, low: f64, high: f64) -> (f64, f64) {
    if slope == 0.0 {
        let inside = (low..=high).contains(&offset);
        return if inside { (f64::NEG_INFINITY, f64::INFINITY) } else { (1.0, 0.0) };
    }
    let (a, b) = ((low - offset) / slope, (high - offset) / slope);
    (a.min(b), a.max(b))
}
