//! Panels: what all kinds of panels have, and the kinds.

use super::{
    Anchor, Axis, AxisName, ChainMotion, Colorbar, Element, Inset, Label, Matrix, Spring, VerticalAxis,
};
use crate::scene::source::Origin;

/// One panel.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The name in the file and in the mosaic.
    pub name: String,
    /// The kind, with the keys that only this kind has.
    pub kind: PanelKind,
    /// The title above the plot rectangle.
    pub title: Option<Label>,
    /// The position of the legend, if an element has an entry.
    pub legend: LegendPlace,
    /// The lines that frame the panel.
    pub frame: PanelFrame,
    /// The place inside of another panel; `None` for a panel of the grid.
    pub inset: Option<Inset>,
    /// The index of the first panel that was made of the same table by `each`; `None` for a panel without `each`.
    pub first_copy: Option<usize>,
    /// Whether a range is widened so that units are equally long on both axes.
    pub has_equal_units: bool,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis at the left.
    pub y: Axis,
    /// A second vertical axis at the right.
    pub y2: Option<Axis>,
    /// The colors of a map beside the plot rectangle.
    pub colorbar: Option<Colorbar>,
    /// The elements, in the order in which they are drawn.
    pub elements: Vec<Element>,
    /// The position of its name in the file.
    pub origin: Origin,
}

impl Panel {
    /// The axis of this name; only `y2` may be missing.
    #[must_use]
    pub fn axis(&self, name: AxisName) -> Option<&Axis> {
        match name {
            AxisName::X => Some(&self.x),
            AxisName::Y => Some(&self.y),
            AxisName::Y2 => self.y2.as_ref(),
        }
    }

    /// The same, to be changed.
    pub(in crate::scene) fn axis_mut(&mut self, name: AxisName) -> Option<&mut Axis> {
        match name {
            AxisName::X => Some(&mut self.x),
            AxisName::Y => Some(&mut self.y),
            AxisName::Y2 => self.y2.as_mut(),
        }
    }

    /// Its axes with their names.
    pub fn axes(&self) -> impl Iterator<Item = (AxisName, &Axis)> {
        AxisName::ALL.into_iter().filter_map(|name| Some((name, self.axis(name)?)))
    }

    /// The vertical axis of an element.
    #[must_use]
    pub fn vertical(&self, axis: VerticalAxis) -> &Axis {
        self.axis(axis.into()).unwrap_or(&self.y)
    }

    /// Whether a range changes from frame to frame.
    #[must_use]
    pub fn has_moving_range(&self) -> bool {
        self.axes().any(|(_, axis)| axis.moving.is_some())
    }
}

/// The kinds of panel.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a scene has a handful of panels")]
pub enum PanelKind {
    /// Real signals over a variable.
    Plot,
    /// The complex plane.
    Plane,
    /// Wall, spring and mass.
    Spring(Spring),
    /// Masses on springs in a row. Its first element is the chain.
    Chain(ChainMotion),
    /// The components of a matrix as colors.
    Matrix(Matrix),
}

/// Which lines frame a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelFrame {
    /// All four sides.
    Box,
    /// Left and bottom.
    Corner,
    /// Two lines through the origin, or through the end of the range nearest to it.
    Origin,
    /// None, and no ticks.
    None,
}

/// The side of the plot rectangle that a legend stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegendSide {
    /// To the right, one entry below another.
    Right,
    /// Below, as many entries side by side as fit.
    Below,
}

/// The position of a legend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LegendPlace {
    /// The corner or edge where it covers least.
    Auto,
    /// This corner, edge or the center.
    At(Anchor),
    /// Beside the plot rectangle.
    Outside(LegendSide),
    /// No legend.
    Hidden,
}
