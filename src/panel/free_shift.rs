//! The shortest shift of a label's box, in one of eight directions, to a position where it overlaps nothing
//! and lies on the canvas. This is one frame's part of label placement; lengths are device pixels.

use crate::geometry::{Bounds, Point};

/// Overlaps and shifts up to this size, in device pixels, count as none.
pub(super) const NEGLIGIBLE: f64 = 1e-6;

/// The directions of a shift, as unit vectors. The first of equally short shifts wins, so that labels prefer
/// straight shifts to diagonal ones.
pub(super) const DIRECTIONS: [Point; 8] = {
    const S: f64 = std::f64::consts::FRAC_1_SQRT_2;
    [
        Point::new(0.0, -1.0),
        Point::new(0.0, 1.0),
        Point::new(-1.0, 0.0),
        Point::new(1.0, 0.0),
        Point::new(S, -S),
        Point::new(-S, -S),
        Point::new(S, S),
        Point::new(-S, S),
    ]
};

/// Everything that restricts the position of a label in one frame.
pub(super) struct Obstacles {
    /// Boxes that the label must not overlap.
    pub(super) boxes: Vec<Bounds>,
    /// The rectangle that the label must not leave.
    pub(super) canvas: Bounds,
    /// The distance from obstacles that a shifted label keeps. A label that is not shifted may touch them.
    pub(super) clearance: f64,
}

/// The error of a direction without a free position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Blocked {
    /// Device pixels by which the canvas is too small.
    pub(super) missing: f64,
    /// The last obstacle in that direction; `None` if the canvas alone is too small.
    pub(super) obstacle: Option<Bounds>,
}

impl Obstacles {
    /// Whether a box is free where it is.
    pub(super) fn is_free(&self, own: &Bounds) -> bool {
        own.overhang(&self.canvas).iter().all(|over| *over <= NEGLIGIBLE)
            && self.boxes.iter().all(|other| own.overlap(other) <= NEGLIGIBLE)
    }

    /// The shortest shift of at least `least` in a direction with which a box is free.
    pub(super) fn free_shift(&self, own: &Bounds, direction: Point, least: f64) -> Result<f64, Blocked> {
        let [first, last] = shifts_on_canvas(own, direction, &self.canvas)
            .map_err(|missing| Blocked { missing, obstacle: None })?;
        let mut shift = least.max(first);
        let mut obstacle = None;
        loop {
            let shifted = own.translated(Point::new(direction.x * shift, direction.y * shift));
            let clearance = if shift > 0.0 { self.clearance } else { 0.0 };
            let overlapped =
                self.boxes.iter().filter(|other| shifted.overlap(&other.inflated(clearance)) > NEGLIGIBLE);
            let exits =
                overlapped.map(|other| (exit_shift(own, &other.inflated(self.clearance), direction), *other));
            let Some((exit, other)) = exits.max_by(|a, b| a.0.total_cmp(&b.0)) else { break };
            // Progress, even if rounding leaves the exit at the present shift.
            shift = exit.max(shift + NEGLIGIBLE);
            obstacle = Some(other);
        }
        if shift > last + NEGLIGIBLE { Err(Blocked { missing: shift - last, obstacle }) } else { Ok(shift) }
    }

    /// The shortest horizontal or vertical offset with which a box is free, if it is at most `max_shift`
    /// long.
    pub(super) fn nearest_free_offset(&self, own: &Bounds, max_shift: f64) -> Option<Point> {
        if self.is_free(own) {
            return Some(Point::default());
        }
        let straight = DIRECTIONS.into_iter().filter(|direction| direction.x == 0.0 || direction.y == 0.0);
        let shifts =
            straight.filter_map(|direction| Some((self.free_shift(own, direction, 0.0).ok()?, direction)));
        let (shift, direction) = shifts.min_by(|a, b| a.0.total_cmp(&b.0))?;
        (shift <= max_shift).then(|| Point::new(direction.x * shift, direction.y * shift))
    }
}

/// The first and the last shift in a direction with which a box lies on the canvas. The error is the number
/// of device pixels by which no shift suffices.
fn shifts_on_canvas(own: &Bounds, direction: Point, canvas: &Bounds) -> Result<[f64; 2], f64> {
    let along = |[low, high]: [f64; 2], [from, to]: [f64; 2], step: f64| {
        let ends = [from - low, to - high];
        if ends[0] > ends[1] + NEGLIGIBLE {
            return Err(ends[0] - ends[1]);
        }
        match step {
            step if step > 0.0 => Ok(ends.map(|end| end / step)),
            step if step < 0.0 => Ok([ends[1] / step, ends[0] / step]),
            _ if ends[0] > NEGLIGIBLE => Err(ends[0]),
            _ if ends[1] < -NEGLIGIBLE => Err(-ends[1]),
            _ => Ok([f64::NEG_INFINITY, f64::INFINITY]),
        }
    };
    let horizontal = along([own.left, own.right], [canvas.left, canvas.right], direction.x)?;
    let vertical = along([own.top, own.bottom], [canvas.top, canvas.bottom], direction.y)?;
    let both = [horizontal[0].max(vertical[0]), horizontal[1].min(vertical[1])];
    let shortage = both[0].max(0.0) - both[1];
    if shortage > NEGLIGIBLE { Err(shortage) } else { Ok(both) }
}

/// The shift in a direction with which a box has passed another one.
fn exit_shift(own: &Bounds, other: &Bounds, direction: Point) -> f64 {
    let along = |[low, high]: [f64; 2], [from, to]: [f64; 2], step: f64| match step {
        step if step > 0.0 => (to - low) / step,
        step if step < 0.0 => (high - from) / -step,
        _ => f64::INFINITY,
    };
    let horizontal = along([own.left, own.right], [other.left, other.right], direction.x);
    horizontal.min(along([own.top, own.bottom], [other.top, other.bottom], direction.y))
}
