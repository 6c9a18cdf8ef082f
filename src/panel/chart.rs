//! The parts of a panel that plotters draws: grid lines, axes, tick marks and their labels.
//!
//! plotters measures in the backend's units, and its own sizes are meant for pixels; every one of
//! them is therefore set here. Labels of axes and titles are placed by `panel::caption`, which knows
//! what neighbours need.

use std::sync::Arc;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::draw::backend::{Recorder, UNITS_PER_PIXEL};
use crate::draw::mark::Mark;
use crate::panel::axis::{ChartAxis, Tick};
use crate::panel::plate::Plate;
use crate::raster::Rgba;
use crate::scene::element::Frame;

/// The sizes that all panels of a figure share, in device pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gauge {
    /// The em of labels.
    pub font: f64,
    /// Width of axes and tick marks.
    pub line: f64,
    /// Length of tick marks; their labels stand at twice this distance.
    pub tick: f64,
    /// Width of grid lines.
    pub hairline: f64,
    /// Lines and labels.
    pub ink: Rgba,
}

/// What plotters draws of one panel.
pub(crate) struct Chart<'a> {
    pub plate: &'a Plate,
    pub frame: Frame,
    pub x: Vec<Tick>,
    pub y: Vec<Tick>,
    pub grid: [bool; 2],
    pub gauge: Gauge,
    pub canvas: (u32, u32),
}

type Failure = DrawingAreaErrorKind<<Recorder as DrawingBackend>::ErrorType>;
type Area = DrawingArea<Recorder, Shift>;

impl Chart<'_> {
    /// The grid lines, to lie under everything.
    pub fn grid(&self) -> Result<Vec<Mark>, Failure> {
        self.record(|area| {
            let mut chart = self.builder(area).build_cartesian_2d(self.x_axis(), self.y_axis())?;
            let line = self.line(self.gauge.hairline, 0.18);
            let mut mesh = chart.configure_mesh();
            mesh.disable_axes().bold_line_style(line).light_line_style(TRANSPARENT);
            if !self.grid[0] {
                mesh.disable_x_mesh();
            }
            if !self.grid[1] {
                mesh.disable_y_mesh();
            }
            mesh.draw()
        })
    }

    /// Axes, tick marks and tick labels, to lie over the curves.
    pub fn axes(&self) -> Result<Vec<Mark>, Failure> {
        self.record(|area| {
            let mut chart = self.builder(area).build_cartesian_2d(self.x_axis(), self.y_axis())?;
            if self.frame == Frame::None {
                return Ok(());
            }
            let style = ("serif", self.gauge.font * UNITS_PER_PIXEL).into_font().color(&self.ink(1.0));
            let line = self.line(self.gauge.line, 1.0);
            chart
                .configure_mesh()
                .disable_mesh()
                .axis_style(line)
                .x_labels(self.x.len().max(1))
                .y_labels(self.y.len().max(1))
                .x_label_style(style.clone().pos(Pos::new(HPos::Center, VPos::Top)))
                .y_label_style(style.pos(Pos::new(HPos::Right, VPos::Center)))
                .set_all_tick_mark_size(self.units(self.gauge.tick))
                .draw()?;
            if self.frame == Frame::Box {
                self.far_sides(area, line)?;
            }
            Ok(())
        })
    }

    /// The top and right side of a box, which plotters has no axis for.
    fn far_sides(&self, area: &Area, line: ShapeStyle) -> Result<(), Failure> {
        let r = self.plate.rect;
        let [left, top, right, bottom] = [r.left, r.top, r.right, r.bottom].map(|c| self.units(f64::from(c)));
        area.draw(&PathElement::new(vec![(left, top), (right, top), (right, bottom)], line))
    }

    /// A chart builder whose plotting area is exactly the plot rectangle.
    fn builder<'b>(&self, area: &'b Area) -> ChartBuilder<'b, 'b, Recorder> {
        let r = self.plate.rect;
        let (width, height) = self.canvas;
        let mut builder = ChartBuilder::on(area);
        builder
            .margin_top(self.units(f64::from(r.top)))
            .margin_right(self.units(f64::from(width as i32 - r.right)))
            .set_label_area_size(LabelAreaPosition::Left, self.units(f64::from(r.left)))
            .set_label_area_size(LabelAreaPosition::Bottom, self.units(f64::from(height as i32 - r.bottom)));
        builder
    }

    fn record(&self, draw: impl FnOnce(&Area) -> Result<(), Failure>) -> Result<Vec<Mark>, Failure> {
        Recorder::record(self.canvas, draw)
    }

    fn x_axis(&self) -> ChartAxis {
        ChartAxis { range: self.plate.x.range, ticks: self.x.clone() }
    }

    fn y_axis(&self) -> ChartAxis {
        ChartAxis { range: self.plate.y.range, ticks: self.y.clone() }
    }

    fn units(&self, pixels: f64) -> i32 {
        (pixels * UNITS_PER_PIXEL).round() as i32
    }

    fn ink(&self, opacity: f64) -> RGBAColor {
        let Rgba { r, g, b, a } = self.gauge.ink;
        RGBAColor(r, g, b, f64::from(a) / 255.0 * opacity)
    }

    fn line(&self, width: f64, opacity: f64) -> ShapeStyle {
        ShapeStyle { color: self.ink(opacity), filled: false, stroke_width: self.units(width) as u32 }
    }
}
