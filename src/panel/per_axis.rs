//! A value for each axis of a panel: the two that every panel has, and the second vertical axis of some plots.

use crate::panel::axis::Direction;
use crate::scene::element::{Axis, AxisName, Panel, VerticalAxis};

/// A value for each axis of a panel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct PerAxis<T> {
    pub(super) x: T,
    pub(super) y: T,
    /// `None` where the panel has no second vertical axis.
    pub(super) y2: Option<T>,
}

impl AxisName {
    /// The direction of the axis.
    pub(super) fn direction(self) -> Direction {
        match self {
            Self::X => Direction::X,
            Self::Y | Self::Y2 => Direction::Y,
        }
    }
}

impl<T> PerAxis<T> {
    /// Values for the two axes that every panel has.
    pub(super) fn of_two([x, y]: [T; 2]) -> Self {
        Self { x, y, y2: None }
    }

    /// A value for each axis of a panel, or the first error.
    pub(super) fn try_new<E>(
        panel: &Panel,
        mut value: impl FnMut(AxisName, &Axis) -> Result<T, E>,
    ) -> Result<Self, E> {
        Ok(Self {
            x: value(AxisName::X, &panel.x)?,
            y: value(AxisName::Y, &panel.y)?,
            y2: panel.y2.as_ref().map(|axis| value(AxisName::Y2, axis)).transpose()?,
        })
    }

    /// The value of an axis, if the panel has it.
    pub(super) fn get(&self, name: AxisName) -> Option<&T> {
        match name {
            AxisName::X => Some(&self.x),
            AxisName::Y => Some(&self.y),
            AxisName::Y2 => self.y2.as_ref(),
        }
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, name: AxisName) -> Option<&mut T> {
        match name {
            AxisName::X => Some(&mut self.x),
            AxisName::Y => Some(&mut self.y),
            AxisName::Y2 => self.y2.as_mut(),
        }
    }

    /// The value of a vertical axis.
    pub(super) fn vertical(&self, axis: VerticalAxis) -> &T {
        self.get(axis.into()).unwrap_or(&self.y)
    }

    /// The values with the names of their axes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (AxisName, &T)> {
        AxisName::ALL.into_iter().filter_map(|name| Some((name, self.get(name)?)))
    }
}

impl<T: Copy> PerAxis<T> {
    /// The values of the x axis and of a vertical axis.
    pub(super) fn pair(&self, axis: VerticalAxis) -> [T; 2] {
        [self.x, *self.vertical(axis)]
    }
}
