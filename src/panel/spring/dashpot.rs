//! The dashpot: a cylinder on a rod from the wall, open towards the mass, and in it a piston on a rod from
//! the mass.
//!
//! Rods are rigid, so the cylinder must be as long as the travel of the mass, and must still end before the
//! mass where that is nearest to the wall. Fitted ranges leave room for this. Where a given range does not,
//! the piston moves by a fraction of the mass's motion, and its rod changes length.

use std::sync::Arc;

use super::{Connection, PartPainter};
use crate::mark::{Cap, Mark, Pen};
use crate::panel::device_style::{snap_line, whole_width};

/// The distance of the piston's turning points from the cylinder's ends, as a fraction of its length.
const CLEARANCE: f64 = 0.05;
/// The distance of the cylinder from the wall, and from the mass where that is nearest, as a fraction of the
/// least distance between wall and mass.
const END_GAP: f64 = 0.06;
/// The least length of the cylinder, as a fraction of the least distance between wall and mass.
const MIN_LENGTH: f64 = 0.4;
/// A lower bound on that least distance, as a fraction of the largest distance.
const MIN_SPACE: f64 = 0.2;
/// The gap between the piston and the cylinder, in line widths.
const PISTON_GAP: f64 = 2.0;

/// The length of a fitted range between the wall and the masses, as a multiple of their travel: enough for
/// rods to be rigid.
pub(super) const FITTED_SPACE: f64 = 1.3;

/// The geometry of a dashpot, the same in all frames. Lengths are distances from the wall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dashpot {
    /// The cylinder's closed end and its open end.
    cylinder: [f64; 2],
    /// The middle of the travel of the mass's near side.
    middle: f64,
    /// The piston's motion as a fraction of the mass's: 1 with rigid rods.
    ratio: f64,
}

impl Dashpot {
    /// The dashpot for masses whose near side moves between two distances from the wall.
    pub(super) fn fit([nearest, farthest]: [f64; 2]) -> Self {
        let travel = farthest - nearest;
        let space = nearest.max(farthest * MIN_SPACE).max(0.0);
        let stroke = 1.0 - 2.0 * CLEARANCE;
        let length = (travel / stroke).max(space * MIN_LENGTH).min(space * (1.0 - 2.0 * END_GAP));
        let start = (space - length) / 2.0;
        Self {
            cylinder: [start, start + length],
            middle: f64::midpoint(nearest, farthest),
            // Without travel the quotient is infinite or NaN; `min` then makes it 1.
            ratio: (length * stroke / travel).min(1.0),
        }
    }

    /// The distance of the piston from the wall when the mass's near side is at `side`.
    fn piston(&self, side: f64) -> f64 {
        f64::midpoint(self.cylinder[0], self.cylinder[1]) + self.ratio * (side - self.middle)
    }
}

impl PartPainter {
    /// The part of a dashpot that belongs to the wall, and the part that belongs to the mass. The
    /// connection's breadth is the cylinder's.
    pub(super) fn dashpot(&self, dashpot: &Dashpot, connection: Connection) -> [Mark; 2] {
        let Connection { wall, end, level, half_breadth } = connection;
        let axes = &self.axes;
        let width = whole_width(self.pen.width);
        let pen = Arc::new(Pen { width, cap: Cap::Butt, ..(*self.pen).clone() });
        let direction = if end < wall { -1.0 } else { 1.0 };
        let along = |distance: f64| axes.along.pixel(wall + direction * distance);
        let snapped_to_wall = |distance: f64| {
            let exact = along(distance);
            if self.is_wall_static { snap_line(exact, width) } else { exact }
        };
        let across = |aside: f64| snap_line(axes.across.pixel(level + aside), width);
        let [closed, open] = dashpot.cylinder.map(snapped_to_wall);
        let (axis, rims) = (across(0.0), [across(half_breadth), across(-half_breadth)]);
        let wall_part = self.stroke(
            [
                vec![axes.point(along(0.0), axis), axes.point(closed, axis)],
                [(open, rims[0]), (closed, rims[0]), (closed, rims[1]), (open, rims[1])]
                    .map(|(along, across)| axes.point(along, across))
                    .to_vec(),
            ],
            Arc::clone(&pen),
        );
        let side = (end - wall).abs();
        let piston = along(dashpot.piston(side));
        let inward = (rims[1] - rims[0]).signum() * PISTON_GAP * width;
        let mass_part = self.stroke(
            [
                vec![axes.point(piston, rims[0] + inward), axes.point(piston, rims[1] - inward)],
                vec![axes.point(piston, axis), axes.point(along(side), axis)],
            ],
            pen,
        );
        [wall_part, mass_part]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Distances from the nearest to the farthest.
    fn distances([nearest, farthest]: [f64; 2]) -> impl Iterator<Item = f64> {
        (0..=20).map(move |i| nearest + (farthest - nearest) * f64::from(i) / 20.0)
    }

    #[test]
    fn the_piston_stays_in_the_cylinder_and_the_cylinder_off_the_mass() {
        for ends in [[1.0, 1.0], [4.0, 5.0], [1.3, 2.3], [0.6, 1.6], [1.5, 7.5], [0.3, 40.0]] {
            let dashpot = Dashpot::fit(ends);
            let [closed, open] = dashpot.cylinder;
            assert!(closed > 0.0 && open < ends[0].max(ends[1] * MIN_SPACE), "{ends:?}: {dashpot:?}");
            for side in distances(ends) {
                let piston = dashpot.piston(side);
                let clearance = (open - closed) * CLEARANCE * 0.999;
                assert!(
                    piston >= closed + clearance && piston <= open - clearance,
                    "{ends:?}: {piston} at {side}"
                );
            }
        }
    }

    #[test]
    fn rods_are_rigid_where_there_is_space() {
        for ends in [[FITTED_SPACE, FITTED_SPACE + 1.0], [9.0, 10.0], [130.0, 230.0]] {
            let dashpot = Dashpot::fit(ends);
            let rod = |side: f64| side - dashpot.piston(side);
            for side in distances(ends) {
                assert!((rod(side) - rod(ends[0])).abs() < 1e-9 * ends[1], "{ends:?}: {dashpot:?}");
            }
        }
        assert!(Dashpot::fit([0.6, 1.6]).ratio < 1.0);
    }

    #[test]
    fn masses_that_pass_through_the_wall_give_a_finite_dashpot() {
        for ends in [[-3.0, 5.0], [-3.0, -1.0], [0.0, 0.0]] {
            let Dashpot { cylinder: [closed, open], middle, ratio } = Dashpot::fit(ends);
            assert!(closed <= open && middle.is_finite() && ratio.is_finite());
        }
    }
}
