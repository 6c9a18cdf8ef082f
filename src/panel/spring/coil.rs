//! The coil of a spring panel between the wall and a mass.

use std::sync::Arc;

use super::{Connection, PartPainter};
use crate::mark::Mark;
use crate::panel::coil::Coil;
use crate::panel::device_style::snap_line;

impl PartPainter {
    /// The coil between the wall and the near side of the mass. If `is_snapped`, its straight ends lie on whole pixels, as the
    /// rods of dashpots do. Otherwise the spring lies on the line of motion exactly.
    pub(super) fn coil(&self, coil: Coil, is_snapped: bool, connection: Connection) -> Mark {
        let Connection { wall, end, level, half_breadth } = connection;
        let correction = if is_snapped {
            let exact = self.axes.across.pixel(level);
            snap_line(exact, self.pen.width) - exact
        } else {
            0.0
        };
        let at = |(along, aside): (f64, f64)| {
            let across = self.axes.across.pixel(level + half_breadth * aside) + correction;
            self.axes.point(self.axes.along.pixel(wall + (end - wall) * along), across)
        };
        self.stroke([coil.points().into_iter().map(at).collect()], Arc::clone(&self.pen))
    }
}
