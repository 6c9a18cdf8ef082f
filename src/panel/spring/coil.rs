//! The coil of a spring: a zigzag whose windings share the distance between the wall and the mass.
//!
//! The windings are straight. A wire of constant slope makes the same few patterns of pixels everywhere, so
//! an animation of it is a tenth smaller than one of a sine.

use std::sync::Arc;

use super::{Connection, PartPainter};
use crate::mark::Mark;
use crate::panel::device_style::snap_line;

/// The length of the straight wire at either end, as a fraction of the spring's length.
const STRAIGHT_END: f64 = 0.07;

/// The properties of a coil that are the same in all frames.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coil {
    /// Number of windings, at least 1.
    pub(super) windings: usize,
    /// Whether the straight ends lie on whole pixels, as the rods of dashpots do. Otherwise the spring lies
    /// on the line of motion exactly.
    pub(super) is_snapped: bool,
}

impl PartPainter {
    /// The coil between the wall and the near side of the mass.
    pub(super) fn coil(&self, coil: Coil, connection: Connection) -> Mark {
        let Connection { wall, end, level, half_breadth } = connection;
        let correction = if coil.is_snapped {
            let exact = self.axes.across.pixel(level);
            snap_line(exact, self.pen.width) - exact
        } else {
            0.0
        };
        let at = |along: f64, aside: f64| {
            let across = self.axes.across.pixel(level + aside) + correction;
            self.axes.point(self.axes.along.pixel(along), across)
        };
        let (coil_start, coil_end) = (wall + (end - wall) * STRAIGHT_END, end - (end - wall) * STRAIGHT_END);
        let turns = 2 * coil.windings;
        let pitch = (coil_end - coil_start) / turns as f64;
        let mut points = vec![at(wall, 0.0), at(coil_start, 0.0)];
        points.extend((0..turns).map(|i| {
            let aside = if i % 2 == 0 { half_breadth } else { -half_breadth };
            at(coil_start + pitch * (i as f64 + 0.5), aside)
        }));
        points.push(at(coil_end, 0.0));
        points.push(at(end, 0.0));
        self.stroke([points], Arc::clone(&self.pen))
    }
}
