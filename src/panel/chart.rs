//! The parts of a panel that plotters draws: grid lines, axes, tick marks and their labels.
//!
//! plotters measures in the backend's units, and its own sizes are meant for pixels; every one of
//! them is therefore set here. Labels of axes and titles are placed by `panel::side_labels`, which knows
//! what neighbors need.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::draw::backend::{RecordedText, Recorder, RecorderError, UNITS, px};
use crate::geometry::PixelRect;
use crate::mark::Mark;
use crate::panel::axis::{AxisMapping, PlottersAxis, Tick};
use crate::panel::viewport::Viewport;
use crate::raster::Rgba;
use crate::scene::element::Frame;

/// The sizes that all panels of a figure share, in device pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct AxisStyle {
    /// The em of labels.
    pub(super) font: f64,
    /// Width of axes and tick marks.
    pub(super) line: f64,
    /// Length of tick marks; their labels stand at twice this distance.
    pub(super) tick: f64,
    /// Length of minor tick marks, which are as wide as grid lines.
    pub(super) minor: f64,
    /// Width of grid lines and minor tick marks.
    pub(super) hairline: f64,
    /// Lines and labels.
    pub(super) ink: Rgba,
}

/// What plotters draws of one panel.
pub(super) struct Chart {
    pub(super) viewport: Viewport,
    pub(super) frame: Frame,
    pub(super) x: Vec<Tick>,
    pub(super) y: Vec<Tick>,
    /// Values at which the x and the y axis have minor marks.
    pub(super) minor: [Vec<f64>; 2],
    /// From the top of the x axis's tick labels to their common baseline, in device pixels.
    pub(super) ascent: f64,
    pub(super) grid: [bool; 2],
    pub(super) axis_style: AxisStyle,
    pub(super) canvas: (u32, u32),
}

pub(super) type DrawingError = DrawingAreaErrorKind<RecorderError>;
type Area<'a> = DrawingArea<Recorder<'a>, Shift>;

impl Chart {
    /// The grid lines, to lie under everything.
    pub(super) fn grid(&self) -> Result<Vec<Mark>, DrawingError> {
        let (marks, _) = self.record(|area| {
            let mut chart =
                self.builder(area, self.viewport.rect).build_cartesian_2d(self.x_axis(), self.y_axis())?;
            let line = self.line(self.axis_style.hairline, 0.18);
            let mut mesh = chart.configure_mesh();
            mesh.disable_axes().bold_line_style(line).light_line_style(TRANSPARENT);
            if !self.grid[0] {
                mesh.disable_x_mesh();
            }
            if !self.grid[1] {
                mesh.disable_y_mesh();
            }
            mesh.draw()
        })?;
        Ok(marks)
    }

    /// Axes, tick marks and tick labels, to lie over the curves; and the labels with their boxes.
    pub(super) fn axes(&self) -> Result<(Vec<Mark>, Vec<RecordedText>), DrawingError> {
        let rect = self.viewport.rect;
        self.record(|area| match self.frame {
            Frame::Box => {
                self.sides(area, rect, [true, true])?;
                self.far_sides(area, self.line(self.axis_style.line, 1.0))?;
                self.minor_marks(area, (rect.left, rect.bottom))
            }
            Frame::Corner => {
                self.sides(area, rect, [true, true])?;
                self.minor_marks(area, (rect.left, rect.bottom))
            }
            Frame::Origin => {
                // plotters has its axes at the left and at the bottom of a chart: two charts, each of
                // which ends at an axis through the origin.
                let at = self.viewport.point(self.viewport.origin());
                let (x, y) = (at.x.round() as i32, at.y.round() as i32);
                self.sides(area, PixelRect { top: rect.top.min(y - 1), bottom: y, ..rect }, [true, false])?;
                self.sides(area, PixelRect { left: x, right: rect.right.max(x + 1), ..rect }, [false, true])?;
                self.minor_marks(area, (x, y))
            }
            Frame::None => Ok(()),
        })
    }

    /// The axes at the bottom and at the left of a rectangle, each if it is wanted.
    fn sides(&self, area: &Area<'_>, rect: PixelRect, [x, y]: [bool; 2]) -> Result<(), DrawingError> {
        let mut chart = self.builder(area, rect).build_cartesian_2d(self.x_axis(), self.y_axis())?;
        let style = ("serif", px(self.axis_style.font)).into_font().color(&self.ink(1.0));
        let mut mesh = chart.configure_mesh();
        mesh.disable_mesh()
            .axis_style(self.line(self.axis_style.line, 1.0))
            .x_labels(self.x.len().max(1))
            .y_labels(self.y.len().max(1))
            .x_label_style(style.clone().pos(Pos::new(HPos::Center, VPos::Top)))
            .y_label_style(style.pos(Pos::new(HPos::Right, VPos::Center)))
            .set_all_tick_mark_size(px(self.axis_style.tick));
        if !x {
            mesh.disable_x_axis();
        }
        if !y {
            mesh.disable_y_axis();
        }
        mesh.draw()
    }

    /// The marks between ticks, out of axes that cross at some pixel. plotters has marks of one length
    /// only; these lie on its grid as its own do.
    fn minor_marks(&self, area: &Area<'_>, (left, bottom): (i32, i32)) -> Result<(), DrawingError> {
        let line = self.line(self.axis_style.hairline, 1.0);
        let (length, units) = (px(self.axis_style.minor) as i32, |at: f64| px(at) as i32);
        let (left, bottom) = (left * UNITS - 1, bottom * UNITS);
        let [across, up] = &self.minor;
        let under = across.iter().map(|value| units(self.viewport.x.pixel(*value)));
        let beside = up.iter().map(|value| units(self.viewport.y.pixel(*value)));
        let under = under.map(|x| vec![(x, bottom), (x, bottom + length)]);
        let beside = beside.map(|y| vec![(left - length, y), (left, y)]);
        under.chain(beside).try_for_each(|mark| area.draw(&PathElement::new(mark, line)))
    }

    /// The top and right side of a box, which plotters has no axis for.
    fn far_sides(&self, area: &Area<'_>, line: ShapeStyle) -> Result<(), DrawingError> {
        let r = self.viewport.rect;
        let [left, top, right, bottom] = [r.left, r.top, r.right, r.bottom].map(|c| px(f64::from(c)) as i32);
        area.draw(&PathElement::new(vec![(left, top), (right, top), (right, bottom)], line))
    }

    /// A chart builder whose plotting area is exactly a rectangle.
    fn builder<'a, 'b>(&self, area: &'a Area<'b>, r: PixelRect) -> ChartBuilder<'a, 'a, Recorder<'b>> {
        let (width, height) = self.canvas;
        let mut builder = ChartBuilder::on(area);
        builder
            .margin_top(px(f64::from(r.top)))
            .margin_right(px(f64::from(width as i32 - r.right)))
            .set_label_area_size(LabelAreaPosition::Left, px(f64::from(r.left)))
            .set_label_area_size(LabelAreaPosition::Bottom, px(f64::from(height as i32 - r.bottom)));
        builder
    }

    fn record(
        &self,
        draw: impl FnOnce(&Area<'_>) -> Result<(), DrawingError>,
    ) -> Result<(Vec<Mark>, Vec<RecordedText>), DrawingError> {
        let (mut marks, mut texts) = (Vec::new(), Vec::new());
        let recorder = Recorder::new(self.canvas.0, self.canvas.1, &mut marks);
        draw(&recorder.with_min_ascent(self.ascent).with_texts(&mut texts).into_drawing_area())?;
        Ok((marks, texts))
    }

    fn x_axis(&self) -> PlottersAxis {
        self.axis(&self.x, &self.viewport.x, self.viewport.origin().0)
    }

    fn y_axis(&self) -> PlottersAxis {
        self.axis(&self.y, &self.viewport.y, self.viewport.origin().1)
    }

    /// An axis; a tick at which another one crosses it has no label, which would be crossed out.
    fn axis(&self, ticks: &[Tick], mapping: &AxisMapping, crossing: f64) -> PlottersAxis {
        let mut ticks = ticks.to_vec();
        let crossed = |tick: &Tick| (mapping.pixel(tick.value) - mapping.pixel(crossing)).abs() < 0.5;
        if self.frame == Frame::Origin {
            ticks.iter_mut().filter(|tick| crossed(tick)).for_each(|tick| tick.label.clear());
        }
        PlottersAxis { mapping: *mapping, ticks }
    }

    fn ink(&self, opacity: f64) -> RGBAColor {
        let Rgba { r, g, b, a } = self.axis_style.ink;
        RGBAColor(r, g, b, f64::from(a) / 255.0 * opacity)
    }

    fn line(&self, width: f64, opacity: f64) -> ShapeStyle {
        ShapeStyle { color: self.ink(opacity), filled: false, stroke_width: px(width) }
    }
}
