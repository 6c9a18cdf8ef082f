//! Spring panels: one mass on a spring, or several in lanes.
//!
//! The centers of neighboring lanes have distance 1 across the motion; the first is at 0.

use super::Label;
use crate::scene::color::Color;
use crate::scene::expr::Code;
use crate::scene::source::Origin;

/// The keys of a spring panel. Lengths are in units of the axis along the motion.
#[derive(Clone, Debug)]
pub struct Spring {
    /// The direction of the motion.
    pub orientation: Orientation,
    /// The lanes, at least one.
    pub lanes: Vec<Lane>,
    /// Half the extent of a mass across the motion.
    pub reach: f64,
    /// The position of the wall; `None` for the low end of the range.
    pub wall: Option<Code>,
    /// The width of a mass; `None` for a tenth of the range.
    pub mass_size: Option<f64>,
    /// The label in the center of each mass.
    pub mass_label: Option<Label>,
    /// The number of windings, at least 1.
    pub coils: usize,
    /// The shape of the windings.
    pub shape: CoilShape,
    /// The place at which the spring is not stretched, if gravity shifts the equilibrium away from it.
    pub unstretched: Option<Code>,
}

/// The shape of the windings of a spring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoilShape {
    /// Straight lines.
    Zigzag,
    /// A sine.
    Sine,
    /// Loops, as a helix looks from the side.
    Helix,
}

/// One mass on its spring.
#[derive(Clone, Debug)]
pub struct Lane {
    /// The position of the center of the mass along the motion.
    pub position: Code,
    /// The dashpot is drawn while this is not zero.
    pub dashpot: Code,
    /// The color of the mass. The ink color stands for the default look of masses in the theme.
    pub color: Color,
    /// The name of the lane, at the axis across the motion.
    pub label: Option<Label>,
    /// The position of its `system` or `position` in the file.
    pub origin: Origin,
}

/// The direction in which the masses of a spring panel move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    /// Along the x axis.
    Horizontal,
    /// Along the y axis.
    Vertical,
}

impl Orientation {
    /// Converts a pair (along, across the motion) to (x, y), or the reverse.
    #[must_use]
    pub fn swap_if_vertical<T>(self, [along, across]: [T; 2]) -> [T; 2] {
        match self {
            Self::Horizontal => [along, across],
            Self::Vertical => [across, along],
        }
    }
}

impl Spring {
    /// The center of a lane across the motion: each lane is 1 below the previous one, or 1 to its right.
    #[must_use]
    pub fn center(&self, lane: usize) -> f64 {
        match self.orientation {
            Orientation::Horizontal => -(lane as f64),
            Orientation::Vertical => lane as f64,
        }
    }
}
