//! The kinds of panels as rows: what a kind is called, how its axes are, and how its own keys are read.

use super::{Element, PanelFrame, PanelKind};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::chain::chain;
use crate::scene::resolve::context::Context;
use crate::scene::resolve::matrix::matrix;
use crate::scene::resolve::spring::spring;
use crate::scene::table_reader::TableReader;

/// The row of a kind of panel.
pub struct PanelType {
    /// The value of `kind` in a scene.
    pub name: &'static str,
    /// The noun for messages.
    pub(in crate::scene) noun: &'static str,
    /// The lines that frame a panel unless the scene says otherwise.
    pub(in crate::scene) frame: PanelFrame,
    /// Whether units are equally long on both axes.
    pub(in crate::scene) has_equal_units: bool,
    /// Whether the horizontal axis shows the variable of curves, and the vertical one their real values. Only such
    /// axes can be logarithmic.
    pub shows_variable: bool,
    /// Whether the panel can have a second vertical axis.
    pub(in crate::scene) can_have_y2: bool,
    /// Reads the keys that only this kind has.
    pub(in crate::scene) read: ReadPanel,
}

/// Returns the kind, and the elements that it shows before those of `draw`.
type ReadPanel = fn(&mut TableReader<'_>, &Context<'_>) -> Result<(PanelKind, Vec<Element>), Diagnostic>;

impl PanelType {
    /// Every kind, in the order of the documentation.
    pub(in crate::scene) const ALL: [&'static Self; 5] = [&PLOT, &PLANE, &SPRING, &CHAIN, &MATRIX];
}

static PLOT: PanelType = PanelType {
    name: "plot",
    noun: "plot",
    frame: PanelFrame::Box,
    has_equal_units: false,
    shows_variable: true,
    can_have_y2: true,
    read: |_, _| Ok((PanelKind::Plot, Vec::new())),
};

static PLANE: PanelType = PanelType {
    name: "plane",
    noun: "plane",
    frame: PanelFrame::Box,
    has_equal_units: true,
    shows_variable: false,
    can_have_y2: false,
    read: |_, _| Ok((PanelKind::Plane, Vec::new())),
};

static SPRING: PanelType = PanelType {
    name: "spring",
    noun: "spring panel",
    frame: PanelFrame::Corner,
    has_equal_units: false,
    shows_variable: false,
    can_have_y2: false,
    read: |table, context| {
        let (spring, marks) = spring(table, context)?;
        Ok((PanelKind::Spring(spring), marks))
    },
};

static CHAIN: PanelType = PanelType {
    name: "chain",
    noun: "chain panel",
    frame: PanelFrame::None,
    has_equal_units: false,
    shows_variable: true,
    can_have_y2: false,
    read: |table, context| {
        let (motion, chain) = chain(table, context)?;
        Ok((PanelKind::Chain(motion), vec![chain]))
    },
};

static MATRIX: PanelType = PanelType {
    name: "matrix",
    noun: "matrix panel",
    frame: PanelFrame::Box,
    has_equal_units: false,
    shows_variable: false,
    can_have_y2: false,
    read: |table, context| Ok((PanelKind::Matrix(matrix(table, context)?), Vec::new())),
};

impl PanelKind {
    /// The signal that the panel itself shows, if it shows one.
    #[must_use]
    pub fn value(&self) -> Option<&Code> {
        match self {
            Self::Plot | Self::Plane | Self::Spring(_) | Self::Chain(_) => None,
            Self::Matrix(matrix) => Some(&matrix.value),
        }
    }

    /// The row of the kind.
    #[must_use]
    pub fn panel_type(&self) -> &'static PanelType {
        match self {
            Self::Plot => &PLOT,
            Self::Plane => &PLANE,
            Self::Spring(_) => &SPRING,
            Self::Chain(_) => &CHAIN,
            Self::Matrix(_) => &MATRIX,
        }
    }
}
