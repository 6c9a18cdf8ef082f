//! The dashpot: a cylinder that a rod holds to the wall, open to the mass, and in it a piston on a rod
//! that the mass carries.
//!
//! Rods are rigid, so the cylinder must be as long as the mass's way and still end before the mass
//! where that is nearest to the wall. PanelRanges that are fitted leave room for this; where a given one
//! does not, the piston goes the same part of its way as the mass of its own, which looks right at
//! every moment, and its rod changes length.

use std::sync::Arc;

use super::PartPainter;
use crate::mark::{Cap, Mark, Pen};
use crate::panel::device_style::{snap_line, whole_width};

/// From the cylinder's ends to where the piston turns, as a part of its length.
const CLEARANCE: f64 = 0.05;
/// From the wall to the cylinder and from there to the mass at its nearest, as a part of that distance.
const LEAD: f64 = 0.06;
/// The cylinder's least length, as a part of that distance.
const SHORTEST: f64 = 0.4;
/// What counts in place of that distance where the mass comes nearer: a part of the farthest.
const LEAST_ROOM: f64 = 0.2;
/// Between the piston and the cylinder, in line widths: paper is seen between them.
const GAP: f64 = 2.0;

/// How far the fitted range lets a mass come to the wall, in parts of its way, so that rods are rigid.
pub(super) const ROOM: f64 = 1.3;

/// What does not change about a dashpot. Lengths are distances from the wall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dashpot {
    /// The cylinder's closed and its open end.
    cylinder: [f64; 2],
    /// The middle of the way of the mass's near side.
    middle: f64,
    /// How far the piston goes when the mass goes 1.
    gear: f64,
}

impl Dashpot {
    /// One for masses whose near side is between these distances from the wall.
    pub(super) fn fit([nearest, farthest]: [f64; 2]) -> Self {
        let travel = farthest - nearest;
        let room = nearest.max(farthest * LEAST_ROOM).max(0.0);
        let free = 1.0 - 2.0 * CLEARANCE;
        let length = (travel / free).max(room * SHORTEST).min(room * (1.0 - 2.0 * LEAD));
        let start = (room - length) / 2.0;
        Self {
            cylinder: [start, start + length],
            middle: f64::midpoint(nearest, farthest),
            // Without travel the quotient is not finite, and any gear will do.
            gear: (length * free / travel).min(1.0),
        }
    }

    /// Where the piston is while the mass's near side is there.
    fn piston(&self, side: f64) -> f64 {
        f64::midpoint(self.cylinder[0], self.cylinder[1]) + self.gear * (side - self.middle)
    }
}

impl PartPainter {
    /// The part that the wall holds and the part that the mass carries, around a level across the motion;
    /// `bore` is half of the cylinder's width.
    pub(super) fn dashpot(
        &self,
        dashpot: &Dashpot,
        [wall, end]: [f64; 2],
        [level, bore]: [f64; 2],
    ) -> [Mark; 2] {
        let axes = &self.axes;
        let width = whole_width(self.pen.width);
        let pen = Arc::new(Pen { width, cap: Cap::Butt, ..(*self.pen).clone() });
        let forth = if end < wall { -1.0 } else { 1.0 };
        let along = |distance: f64| axes.along.pixel(wall + forth * distance);
        let still = |distance: f64| {
            let exact = along(distance);
            if self.is_wall_static { snap_line(exact, width) } else { exact }
        };
        let across = |aside: f64| snap_line(axes.across.pixel(level + aside), width);
        let [closed, open] = dashpot.cylinder.map(still);
        let (axis, rims) = (across(0.0), [across(bore), across(-bore)]);
        let held = self.stroke(
            [
                vec![axes.place(along(0.0), axis), axes.place(closed, axis)],
                [(open, rims[0]), (closed, rims[0]), (closed, rims[1]), (open, rims[1])]
                    .map(|(along, across)| axes.place(along, across))
                    .to_vec(),
            ],
            Arc::clone(&pen),
        );
        let piston = along(dashpot.piston((end - wall).abs()));
        let inward = (rims[1] - rims[0]).signum() * GAP * width;
        let carried = self.stroke(
            [
                vec![axes.place(piston, rims[0] + inward), axes.place(piston, rims[1] - inward)],
                vec![axes.place(piston, axis), axes.place(along((end - wall).abs()), axis)],
            ],
            pen,
        );
        [held, carried]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AxisSteps from the nearest place to the farthest.
    fn way([nearest, farthest]: [f64; 2]) -> impl Iterator<Item = f64> {
        (0..=20).map(move |i| nearest + (farthest - nearest) * f64::from(i) / 20.0)
    }

    #[test]
    fn the_piston_stays_in_its_cylinder_and_the_cylinder_off_the_mass() {
        for ends in [[1.0, 1.0], [4.0, 5.0], [1.3, 2.3], [0.6, 1.6], [1.5, 7.5], [0.3, 40.0]] {
            let dashpot = Dashpot::fit(ends);
            let [closed, open] = dashpot.cylinder;
            assert!(closed > 0.0 && open < ends[0].max(ends[1] * LEAST_ROOM), "{ends:?}: {dashpot:?}");
            for side in way(ends) {
                let piston = dashpot.piston(side);
                let clear = (open - closed) * CLEARANCE * 0.999;
                assert!(piston >= closed + clear && piston <= open - clear, "{ends:?}: {piston} at {side}");
            }
        }
    }

    #[test]
    fn rods_are_rigid_where_there_is_room() {
        for ends in [[ROOM, ROOM + 1.0], [9.0, 10.0], [130.0, 230.0]] {
            let dashpot = Dashpot::fit(ends);
            let rod = |side: f64| side - dashpot.piston(side);
            for side in way(ends) {
                assert!((rod(side) - rod(ends[0])).abs() < 1e-9 * ends[1], "{ends:?}: {dashpot:?}");
            }
        }
        assert!(Dashpot::fit([0.6, 1.6]).gear < 1.0);
    }

    #[test]
    fn masses_that_pass_through_the_wall_break_nothing() {
        for ends in [[-3.0, 5.0], [-3.0, -1.0], [0.0, 0.0]] {
            let Dashpot { cylinder: [closed, open], middle, gear } = Dashpot::fit(ends);
            assert!(closed <= open && middle.is_finite() && gear.is_finite());
        }
    }
}
