//! The line of a coil spring between two points: straight wire at both ends, windings between them.
//!
//! The windings of a zigzag are straight. A wire of constant slope makes the same few patterns of pixels everywhere, so an
//! animation of it is a tenth smaller than one of a sine.

use crate::geometry::Point;
use crate::scene::element::CoilShape;

/// The length of the straight wire at either end, as a fraction of the spring's length.
const STRAIGHT_END: f64 = 0.07;
/// The points of a winding that is no zigzag.
const POINTS: usize = 24;
/// The reach of a helix back and forth along the spring, as a fraction of the distance of its windings. Above 1/π they are loops.
const LOOP: f64 = 0.9;

/// A coil: its windings, at least 1, and their shape.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coil {
    pub(super) windings: usize,
    pub(super) shape: CoilShape,
}

impl Coil {
    /// The points of the coil: pairs of a part of its length, from 0 to 1, and a part of its half breadth, from −1 to 1.
    pub(super) fn points(self) -> Vec<(f64, f64)> {
        let length = 1.0 - 2.0 * STRAIGHT_END;
        let windings = self.windings as f64;
        // The number of windings that have passed, and their angle, from the first point after the start to the last before the end.
        let turns = |count: usize| {
            let turn = |point: usize| point as f64 / POINTS as f64;
            (1..count).map(move |point| (turn(point), std::f64::consts::TAU * turn(point % POINTS)))
        };
        let mut points = vec![(0.0, 0.0), (STRAIGHT_END, 0.0)];
        match self.shape {
            CoilShape::Zigzag => points.extend((0..2 * self.windings).map(|half| {
                let aside = if half % 2 == 0 { 1.0 } else { -1.0 };
                (STRAIGHT_END + length / windings * (half as f64 + 0.5) / 2.0, aside)
            })),
            CoilShape::Sine => points.extend(
                turns(self.windings * POINTS)
                    .map(|(turn, angle)| (STRAIGHT_END + length / windings * turn, libm::sin(angle))),
            ),
            // It ends half a winding early, at its farthest reach, so that both ends look alike.
            CoilShape::Helix => {
                let pitch = length / (windings - 0.5 + LOOP);
                points.extend(turns(self.windings * POINTS - POINTS / 2).map(|(turn, angle)| {
                    let reach = LOOP * (1.0 - libm::cos(angle)) / 2.0;
                    (STRAIGHT_END + pitch * (turn + reach), libm::sin(angle))
                }));
            }
        }
        points.extend([(1.0 - STRAIGHT_END, 0.0), (1.0, 0.0)]);
        points
    }

    /// The coil from one point to another, with half of its breadth.
    pub(super) fn between(self, from: Point, to: Point, half_breadth: f64) -> Vec<Point> {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length = libm::hypot(dx, dy).max(f64::MIN_POSITIVE);
        let (across_x, across_y) = (dy / length * half_breadth, -dx / length * half_breadth);
        let at = |(along, aside): (f64, f64)| {
            Point::new(from.x + dx * along + across_x * aside, from.y + dy * along + across_y * aside)
        };
        self.points().into_iter().map(at).collect()
    }
}
