//! The ends of a chain, and with them the places of its springs.

use std::ops::Range;

/// The fastening of the first and the last mass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// A wall on both sides, each behind a spring.
    Fixed,
    /// Nothing.
    Free,
    /// A wall on the left, behind a spring.
    FixedFree,
    /// Each other, by a spring.
    Ring,
}

impl Ends {
    /// The names in a scene.
    pub const NAMES: [(&'static str, Self); 4] =
        [("fixed", Self::Fixed), ("free", Self::Free), ("fixed-free", Self::FixedFree), ("ring", Self::Ring)];

    /// The ends with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, ends)| *ends)
    }

    /// For the left and the right side, 0 if there is nothing, 1 for a wall, 2 for a spring to the other end.
    #[must_use]
    pub fn at_sides(self) -> [u8; 2] {
        match self {
            Self::Fixed => [1, 1],
            Self::Free => [0, 0],
            Self::FixedFree => [1, 0],
            Self::Ring => [2, 2],
        }
    }

    /// The numbers of the springs of so many masses. Spring i is the one on the left of mass i, and spring `count` the
    /// one on the right of the last mass.
    #[must_use]
    pub fn springs(self, count: usize) -> Range<usize> {
        match self {
            Self::Fixed => 0..count + 1,
            Self::Free => 1..count,
            Self::FixedFree | Self::Ring => 0..count,
        }
    }

    /// The masses on the left and on the right of a spring; `None` for a wall.
    #[must_use]
    pub fn joined(self, spring: usize, count: usize) -> [Option<usize>; 2] {
        let left = match (self, spring.checked_sub(1)) {
            (Self::Ring, None) => Some(count - 1),
            (_, left) => left,
        };
        [left, (spring < count).then_some(spring)]
    }

    /// The place of a mass along the chain, from 0 to 1. Masses have the spacing 1, and walls the same distance.
    #[must_use]
    pub fn place(self, mass: usize, count: usize) -> f64 {
        let [mass, count] = [mass as f64, count as f64];
        match self {
            Self::Fixed => (mass + 1.0) / (count + 1.0),
            // A single mass is at the start.
            Self::Free => mass / (count - 1.0).max(1.0),
            Self::FixedFree => (mass + 1.0) / count,
            Self::Ring => mass / count,
        }
    }
}
