//! The extents of what a panel shows, in one frame or in all, and the ranges that hold them.

use crate::panel::axis::Direction;
use crate::panel::extent::DataExtent;
use crate::panel::range::PanelRanges;
use crate::panel::signal_reader::SignalReader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, AxisName, Panel, PlottedSignal, VerticalAxis};
use crate::scene::model::Env;

/// The extents of everything that a panel shows, for each of its vertical axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct FilmExtents {
    y: PanelExtents,
    y2: Option<PanelExtents>,
}

impl FilmExtents {
    /// The extents of a panel that shows nothing.
    pub(super) fn empty(panel: &Panel) -> Self {
        let on = |axis| PanelExtents::empty([&panel.x, axis]);
        Self { y: on(&panel.y), y2: panel.y2.as_ref().map(on) }
    }

    /// The extents of the elements on a vertical axis.
    pub(super) fn on(&mut self, axis: VerticalAxis) -> &mut PanelExtents {
        match (axis, &mut self.y2) {
            (VerticalAxis::Y2, Some(y2)) => y2,
            (VerticalAxis::Y | VerticalAxis::Y2, _) => &mut self.y,
        }
    }

    /// Adds all values of other extents of the panel.
    pub(super) fn merge(&mut self, other: &Self) {
        self.y.merge(&other.y);
        if let (Some(own), Some(other)) = (&mut self.y2, &other.y2) {
            own.merge(other);
        }
    }

    /// The extents of all elements, of which only those along x mean anything.
    fn along_x(&self) -> PanelExtents {
        let mut all = self.y;
        self.y2.iter().for_each(|y2| all.merge(y2));
        all
    }

    /// The ranges of the panel's axes.
    pub(super) fn ranges(&self) -> PanelRanges {
        PanelRanges {
            x: self.along_x().x_range(),
            y: self.y.padded_range(Direction::Y),
            y2: self.y2.map(|y2| y2.padded_range(Direction::Y)),
        }
    }

    /// The largest magnitude at the poles of curves along an axis.
    pub(super) fn pole(&self, name: AxisName) -> Option<f64> {
        match name {
            AxisName::X => self.along_x().pole(Direction::X),
            AxisName::Y => self.y.pole(Direction::Y),
            AxisName::Y2 => self.y2.and_then(|y2| y2.pole(Direction::Y)),
        }
    }
}

/// The extents of what a panel shows on one of its vertical axes, in data coordinates.
#[derive(Clone, Copy, Debug)]
pub(super) struct PanelExtents {
    /// The x values that get a margin.
    pub(super) x: DataExtent,
    /// The values of variables that run along the x axis, which has no margin beyond their spans.
    variable: DataExtent,
    /// The y values.
    pub(super) y: DataExtent,
    /// The present values along x and y. On an axis with a pole they are not counted, because they may come as close to
    /// it as they like.
    present: [DataExtent; 2],
    /// The values along x and y on which bars stand. Where the range ends in one of them, it has no margin.
    bases: [DataExtent; 2],
}

impl PanelExtents {
    fn empty([x, y]: [&Axis; 2]) -> Self {
        let [x, y] = [x, y].map(|axis| DataExtent::empty(axis.scale));
        Self { x, variable: x, y, present: [x, y], bases: [x, y] }
    }

    /// The x range: from end to end of the variables' spans, or of everything with a margin if there are
    /// none.
    fn x_range(&self) -> [f64; 2] {
        if self.variable.is_empty() {
            return self.padded_range(Direction::X);
        }
        let mut all = self.variable;
        all.merge(self.with_present(Direction::X));
        all.range()
    }

    /// The range along an axis with margins, except where bars stand on its end.
    fn padded_range(&self, direction: Direction) -> [f64; 2] {
        let all = self.with_present(direction);
        let mut range = all.padded_range();
        if let (Some([low, high]), Some([lowest, highest])) =
            (all.bounds(), direction.select(self.bases).bounds())
        {
            let is_end = [low == lowest && low < high, high == highest && low < high];
            for ((end, bound), is_end) in range.iter_mut().zip([low, high]).zip(is_end) {
                *end = if is_end { bound } else { *end };
            }
        }
        range
    }

    /// The values along an axis, with the present ones unless a curve has a pole there.
    fn with_present(&self, direction: Direction) -> DataExtent {
        let mut all = direction.select([self.x, self.y]);
        if all.pole().is_none() {
            all.merge(direction.select(self.present));
        }
        all
    }

    /// The largest magnitude at the poles of curves along an axis.
    fn pole(&self, direction: Direction) -> Option<f64> {
        direction.select([self.x, self.y]).pole()
    }

    fn merge(&mut self, other: &Self) {
        self.x.merge(other.x);
        self.variable.merge(other.variable);
        self.y.merge(other.y);
        for (own, other) in self.present.iter_mut().zip(other.present) {
            own.merge(other);
        }
        for (own, other) in self.bases.iter_mut().zip(other.bases) {
            own.merge(other);
        }
    }

    /// Adds a point.
    pub(super) fn add_point(&mut self, (x, y): (f64, f64)) {
        self.x.add(x);
        self.y.add(y);
    }

    /// Adds a value along an axis on which bars stand.
    pub(super) fn add_base(&mut self, direction: Direction, value: f64) {
        direction.select([&mut self.x, &mut self.y]).add(value);
        direction.select(self.bases.each_mut()).add(value);
    }

    /// Adds the x coordinate of a point of a curve.
    pub(super) fn add_along(&mut self, reader: &SignalReader<'_>, signal: &PlottedSignal, x: f64) {
        let extent = if reader.runs_along_axis(signal) { &mut self.variable } else { &mut self.x };
        extent.add(x);
    }

    /// Adds a signal's present value. On a plot its x coordinate may be a value of the signal's variable.
    pub(super) fn add_present(
        &mut self,
        reader: &SignalReader<'_>,
        signal: &PlottedSignal,
        env: &Env<'_>,
    ) -> Result<(), Diagnostic> {
        let (x, y) = reader.coordinates(signal, env)?;
        if reader.runs_along_axis(signal) {
            self.variable.add(x);
        } else {
            self.present[0].add(x);
        }
        self.present[1].add(y);
        Ok(())
    }

    /// Adds all of a curve.
    pub(super) fn add_curve(
        &mut self,
        reader: &SignalReader<'_>,
        signal: &PlottedSignal,
        env: &Env<'_>,
    ) -> Result<(), Diagnostic> {
        let [x, y] = reader.curve_extents(signal, env)?;
        if reader.runs_along_axis(signal) {
            self.variable.merge(x);
        } else {
            self.x.merge(x);
        }
        self.y.merge(y);
        Ok(())
    }
}
