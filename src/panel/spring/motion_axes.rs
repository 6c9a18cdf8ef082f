//! The coordinates of a spring panel: along the motion and across it, whichever way the panel is oriented.

use crate::geometry::Point;
use crate::panel::axis::AxisMapping;
use crate::panel::viewport::Viewport;
use crate::scene::element::Orientation;

/// The mappings of the two directions to device pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct MotionAxes {
    /// Along the motion, in the units of that axis.
    pub(super) along: AxisMapping,
    /// Across the motion. Lanes are 1 apart.
    pub(super) across: AxisMapping,
    orientation: Orientation,
}

impl MotionAxes {
    pub(super) fn new(viewport: &Viewport, orientation: Orientation) -> Self {
        let [along, across] = orientation.swap_if_vertical([viewport.x, viewport.y]);
        Self { along, across, orientation }
    }

    /// The point at these device pixels along and across the motion.
    pub(super) fn point(&self, along: f64, across: f64) -> Point {
        let [x, y] = self.orientation.swap_if_vertical([along, across]);
        Point::new(x, y)
    }
}
