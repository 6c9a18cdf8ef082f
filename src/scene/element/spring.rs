//! What a spring panel shows: one mass on its spring, or several in lanes.
//!
//! Lanes lie 1 apart across the motion, the first at 0.

use super::Label;
use crate::scene::color::Color;
use crate::scene::expr::Code;
use crate::scene::source::Origin;

/// A spring panel's own keys. Lengths are in the units of the axis along the motion.
#[derive(Clone, Debug)]
pub struct Spring {
    /// Which way the masses move.
    pub orientation: Orientation,
    /// Side by side, at least one.
    pub lanes: Vec<Lane>,
    /// How far a mass reaches across the motion to either side of its lane's middle.
    pub reach: f64,
    /// Where the wall stands; none: the low end of the range.
    pub wall: Option<Code>,
    /// A mass's width; none: a tenth of the range.
    pub mass_size: Option<f64>,
    /// In the middle of each mass.
    pub mass_label: Option<Label>,
    /// Windings, at least 1.
    pub coils: usize,
}

/// One mass on its spring.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Where the mass's middle is.
    pub position: Code,
    /// A dashpot is drawn while this is not zero.
    pub dashpot: Code,
    /// The mass's; the theme's ink: as masses look in the theme.
    pub color: Color,
    /// Its name at the axis across the motion.
    pub label: Option<Label>,
    /// Where it is written what moves.
    pub origin: Origin,
}

/// Which way the masses of a spring panel move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    /// Along the x axis.
    Horizontal,
    /// Along the y axis.
    Vertical,
}

impl Orientation {
    /// What belongs to the directions along and across the motion, as what belongs to x and y; and
    /// the other way round.
    #[must_use]
    pub fn swap_if_vertical<T>(self, [along, across]: [T; 2]) -> [T; 2] {
        match self {
            Self::Horizontal => [along, across],
            Self::Vertical => [across, along],
        }
    }
}

impl Spring {
    /// Where the middle of a lane lies across the motion: each is one below the last, or one to its right.
    #[must_use]
    pub fn center(&self, lane: usize) -> f64 {
        match self.orientation {
            Orientation::Horizontal => -(lane as f64),
            Orientation::Vertical => lane as f64,
        }
    }
}
