//! The spring: windings that share what room there is between the wall and the mass.
//!
//! They are straight: a wire of constant slope leaves the same few patterns of pixels everywhere, so a
//! film of it is a tenth smaller than one of a sine.

use std::sync::Arc;

use super::PartPainter;
use crate::mark::Mark;
use crate::panel::device_style::snap_line;

/// The straight wire at either end, as a part of the spring's whole length.
const LEAD: f64 = 0.07;

/// What does not change about a spring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coil {
    pub(super) windings: usize,
    /// Across the motion.
    pub(super) amplitude: f64,
    /// Whether its straight ends lie on whole pixels, as the rods of dashpots and the wires of other
    /// lanes beside it do. A lone spring lies on the line of motion exactly.
    pub(super) crisp: bool,
}

impl PartPainter {
    /// The wire from the wall to the near side of the mass.
    pub(super) fn coil(&self, coil: Coil, [wall, end]: [f64; 2], level: f64) -> Mark {
        let shift = if coil.crisp {
            let exact = self.axes.across.pixel(level);
            snap_line(exact, self.pen.width) - exact
        } else {
            0.0
        };
        let at = |along: f64, aside: f64| {
            self.axes.place(self.axes.along.pixel(along), self.axes.across.pixel(level + aside) + shift)
        };
        let (start_coil, end_coil) = (wall + (end - wall) * LEAD, end - (end - wall) * LEAD);
        let turns = 2 * coil.windings;
        let pitch = (end_coil - start_coil) / turns as f64;
        let mut points = vec![at(wall, 0.0), at(start_coil, 0.0)];
        points.extend((0..turns).map(|i| {
            let aside = if i % 2 == 0 { coil.amplitude } else { -coil.amplitude };
            at(start_coil + pitch * (i as f64 + 0.5), aside)
        }));
        points.push(at(end_coil, 0.0));
        points.push(at(end, 0.0));
        self.stroke([points], Arc::clone(&self.pen))
    }
}
