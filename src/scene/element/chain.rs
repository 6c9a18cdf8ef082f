//! Chain panels: masses on springs in a row, or the string that they make up.
//!
//! Masses have distance 1 along x, and the first is at 0. Walls are at −1 and at the number of masses.

use super::{Code, ElementModel, ElementType};
use crate::scene::diagnostic::Diagnostic;

/// The element of a chain panel. No table of `draw` makes one: its keys are those of the panel.
pub(super) const TYPE: ElementType = ElementType {
    width: 1.0,
    ..ElementType::new(&[], |_, main, _| Err::<_, Diagnostic>(main.error("is no element")))
};

/// A chain of masses.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The displacement of each mass from its place at rest, at least one.
    pub displacements: Vec<Code>,
    /// The left and the right end.
    pub ends: [ChainEnd; 2],
    /// The direction of the displacements.
    pub motion: ChainMotion,
    /// Whether it is drawn as one line through the masses.
    pub is_string: bool,
}

/// One end of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainEnd {
    /// There is nothing beside the last mass.
    Free,
    /// A spring leads to a wall.
    Wall,
    /// A spring leads to the mass at the other end.
    Ring,
}

/// The direction in which the masses of a chain are displaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainMotion {
    /// Along the chain.
    Along,
    /// Across it.
    Across,
}

impl ElementModel for Chain {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn codes(&self) -> Vec<&Code> {
        self.displacements.iter().collect()
    }
}
