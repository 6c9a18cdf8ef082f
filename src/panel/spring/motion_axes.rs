//! The frame in which an apparatus is drawn: along its motion and across it.

use crate::geometry::Point;
use crate::panel::axis::AxisMapping;
use crate::panel::viewport::Viewport;
use crate::scene::element::Orientation;

/// The two directions, and what they are on paper.
#[derive(Clone, Copy, Debug)]
pub(super) struct MotionAxes {
    /// Along the motion, in the units of its axis.
    pub(super) along: AxisMapping,
    /// Across it, in units of lanes.
    pub(super) across: AxisMapping,
    orientation: Orientation,
}

impl MotionAxes {
    /// Those of a panel.
    pub(super) fn new(viewport: &Viewport, orientation: Orientation) -> Self {
        let [along, across] = orientation.turned([viewport.x, viewport.y]);
        Self { along, across, orientation }
    }

    /// Where a pair of device pixels lies.
    pub(super) fn place(&self, along: f64, across: f64) -> Point {
        let [x, y] = self.orientation.turned([along, across]);
        Point::new(x, y)
    }
}
