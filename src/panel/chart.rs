//! The parts of a panel that plotters draws: grid lines, axes, tick marks and their labels.
//!
//! Plotters' default sizes are pixels, but it draws here in the backend's finer units, so that every size is
//! set explicitly. Titles and labels of axes are `panel::side_labels`', which knows the space between panels.

use plotters::coord::Shift;
use plotters::coord::ranged1d::Ranged;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::draw::backend::{RecordedText, Recorder, RecorderError, UNITS, px};
use crate::geometry::PixelRect;
use crate::mark::Mark;
use crate::panel::axis::{AxisMapping, PlottersAxis, Tick};
use crate::panel::axis_style::AxisStyle;
use crate::panel::figure_layout::FigureLayout;
use crate::panel::prepared_label::TextStyle;
use crate::panel::viewport::Viewport;
use crate::raster::Rgba;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Panel, PanelFrame, VerticalAxis};

/// The opacity of grid lines.
pub(super) const GRID_OPACITY: f64 = 0.18;

/// Everything that plotters needs to draw a panel's axes.
pub(super) struct Chart {
    pub(super) viewport: Viewport,
    frame: PanelFrame,
    /// The major ticks of the x axis.
    pub(super) x: Vec<Tick>,
    /// The major ticks of the y axis.
    pub(super) y: Vec<Tick>,
    /// The second vertical axis, right of the plot rectangle.
    pub(super) y2: Option<RightAxis>,
    /// The values of the x and the y axis's minor ticks.
    minor: [Vec<f64>; 2],
    /// The distance from the top of the x axis's tick labels to their common baseline, in device pixels.
    ascent: f64,
    /// Whether there are grid lines at the x and at the y axis's ticks.
    has_grid: [bool; 2],
    style: AxisStyle,
    canvas: (u32, u32),
}

/// The second vertical axis of a chart.
pub(super) struct RightAxis {
    pub(super) mapping: AxisMapping,
    /// The major ticks.
    pub(super) ticks: Vec<Tick>,
    /// The values of the minor ticks.
    minor: Vec<f64>,
    has_grid: bool,
}

/// The error of a chart that cannot be drawn.
pub(super) type DrawingError = DrawingAreaErrorKind<RecorderError>;

/// The diagnostic of a chart that cannot be drawn. Plotters and its backend only fail if a label cannot be
/// typeset.
pub(super) fn drawing_error(panel: &Panel, error: &DrawingError) -> Diagnostic {
    Diagnostic::new(format!("the axes of panel `{}` cannot be drawn: {error}", panel.name)).at(panel.origin)
}

type Area<'a> = DrawingArea<Recorder<'a>, Shift>;

/// The axes that plotters draws at the left and at the bottom of a chart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ShownAxes {
    X,
    Y,
    Both,
}

impl RightAxis {
    fn plotters_axis(&self) -> PlottersAxis {
        PlottersAxis { mapping: self.mapping, ticks: self.ticks.clone() }
    }
}

impl Chart {
    /// The chart of panel `index` of a figure.
    pub(super) fn new(
        layout: &FigureLayout,
        panel: &Panel,
        index: usize,
        text_style: &TextStyle<'_>,
    ) -> Self {
        let ticks = &layout.ticks[index];
        let y2 = ticks.y2.as_ref().zip(panel.y2.as_ref()).map(|(ticks, axis)| RightAxis {
            mapping: layout.viewport_on(index, VerticalAxis::Y2).y,
            ticks: ticks.ticks_with_marks(),
            minor: ticks.minor.clone(),
            has_grid: axis.grid,
        });
        Self {
            viewport: layout.viewport(index),
            frame: panel.frame,
            x: ticks.x.ticks_with_marks(),
            y: ticks.y.ticks_with_marks(),
            y2,
            minor: [ticks.x.minor.clone(), ticks.y.minor.clone()],
            ascent: ticks.x.ascent,
            has_grid: [panel.x.grid, panel.y.grid],
            style: AxisStyle::new(text_style),
            canvas: layout.canvas,
        }
    }

    /// The grid lines, to be drawn below everything else.
    pub(super) fn grid(&self) -> Result<Vec<Mark>, DrawingError> {
        let (marks, _) = self.record(|area| {
            self.draw_mesh(area, self.y_axis(), self.has_grid)?;
            match self.y2.as_ref().filter(|y2| y2.has_grid) {
                Some(y2) => self.draw_mesh(area, y2.plotters_axis(), [false, true]),
                None => Ok(()),
            }
        })?;
        Ok(marks)
    }

    /// Draws grid lines at the ticks of the x axis, of a vertical axis, or of both.
    fn draw_mesh(
        &self,
        area: &Area<'_>,
        y_axis: PlottersAxis,
        [has_x, has_y]: [bool; 2],
    ) -> Result<(), DrawingError> {
        let mut chart = self.builder(area, self.viewport.rect).build_cartesian_2d(self.x_axis(), y_axis)?;
        let line = self.line(self.style.hairline_width, GRID_OPACITY);
        let mut mesh = chart.configure_mesh();
        mesh.disable_axes().bold_line_style(line).light_line_style(TRANSPARENT);
        if !has_x {
            mesh.disable_x_mesh();
        }
        if !has_y {
            mesh.disable_y_mesh();
        }
        mesh.draw()
    }

    /// The ticks and tick labels of the second vertical axis, and the labels with their boxes. Plotters would align some
    /// labels at the right, so it only draws the parts. Rounding is the same as plotters' for the axis at the left.
    pub(super) fn right_ticks(&self) -> Result<(Vec<Mark>, Vec<RecordedText>), DrawingError> {
        let Some(axis @ RightAxis { mapping, ticks, minor, .. }) = &self.y2 else {
            return Ok(Default::default());
        };
        let PixelRect { top, right, bottom, .. } = self.viewport.rect;
        let right = right * UNITS;
        // The range of pixels that plotters gives an axis.
        let (ends, axis) = ((bottom * UNITS - 1, top * UNITS), axis.plotters_axis());
        let length = |pixels: f64| px(pixels) as i32;
        let across = |y: i32, size: f64| vec![(right, y), (right + length(size), y)];
        let text = self.tick_text().pos(Pos::new(HPos::Left, VPos::Center));
        self.record(|area| {
            let (line, hairline) =
                (self.line(self.style.line_width, 1.0), self.line(self.style.hairline_width, 1.0));
            for tick in ticks {
                let y = axis.map(&tick.value, ends);
                area.draw_text(&tick.label, &text, (right + 2 * length(self.style.tick_length), y))?;
                area.draw(&PathElement::new(across(y, self.style.tick_length), line))?;
            }
            minor.iter().try_for_each(|value| {
                let y = length(mapping.pixel(*value));
                area.draw(&PathElement::new(across(y, self.style.minor_tick_length), hairline))
            })
        })
    }

    /// The axes, tick marks and tick labels, to be drawn over the curves, and the labels with their boxes.
    pub(super) fn axes(&self) -> Result<(Vec<Mark>, Vec<RecordedText>), DrawingError> {
        let rect = self.viewport.rect;
        self.record(|area| match self.frame {
            PanelFrame::Box => {
                self.draw_axes(area, rect, ShownAxes::Both)?;
                self.draw_far_sides(area, true)?;
                self.draw_minor_ticks(area, (rect.left, rect.bottom))
            }
            PanelFrame::Corner => {
                self.draw_axes(area, rect, ShownAxes::Both)?;
                if self.y2.is_some() {
                    self.draw_far_sides(area, false)?;
                }
                self.draw_minor_ticks(area, (rect.left, rect.bottom))
            }
            PanelFrame::Origin => {
                // Plotters draws axes only at the left and at the bottom of a chart. Two charts that end at
                // the origin each draw one of them.
                let at = self.viewport.point(self.viewport.origin());
                let (x, y) = (at.x.round() as i32, at.y.round() as i32);
                let above = PixelRect { top: rect.top.min(y - 1), bottom: y, ..rect };
                self.draw_axes(area, above, ShownAxes::X)?;
                let beside = PixelRect { left: x, right: rect.right.max(x + 1), ..rect };
                self.draw_axes(area, beside, ShownAxes::Y)?;
                self.draw_minor_ticks(area, (x, y))
            }
            PanelFrame::None => Ok(()),
        })
    }

    /// Draws axes at the bottom and at the left of a rectangle.
    fn draw_axes(&self, area: &Area<'_>, rect: PixelRect, shown: ShownAxes) -> Result<(), DrawingError> {
        let mut chart = self.builder(area, rect).build_cartesian_2d(self.x_axis(), self.y_axis())?;
        let text = self.tick_text();
        let mut mesh = chart.configure_mesh();
        mesh.disable_mesh()
            .axis_style(self.line(self.style.line_width, 1.0))
            .x_labels(self.x.len().max(1))
            .y_labels(self.y.len().max(1))
            .x_label_style(text.clone().pos(Pos::new(HPos::Center, VPos::Top)))
            .y_label_style(text.pos(Pos::new(HPos::Right, VPos::Center)))
            .set_all_tick_mark_size(px(self.style.tick_length));
        if shown == ShownAxes::Y {
            mesh.disable_x_axis();
        }
        if shown == ShownAxes::X {
            mesh.disable_y_axis();
        }
        mesh.draw()
    }

    /// Draws minor tick marks on axes that cross at a pixel, which plotters cannot: its tick marks all have
    /// one length. Rounding is the same as plotters'.
    fn draw_minor_ticks(&self, area: &Area<'_>, (left, bottom): (i32, i32)) -> Result<(), DrawingError> {
        let line = self.line(self.style.hairline_width, 1.0);
        let (length, units) = (px(self.style.minor_tick_length) as i32, |at: f64| px(at) as i32);
        let (left, bottom) = (left * UNITS - 1, bottom * UNITS);
        let [x_values, y_values] = &self.minor;
        let xs = x_values.iter().map(|value| units(self.viewport.x.pixel(*value)));
        let ys = y_values.iter().map(|value| units(self.viewport.y.pixel(*value)));
        let x_marks = xs.map(|x| vec![(x, bottom), (x, bottom + length)]);
        let y_marks = ys.map(|y| vec![(left - length, y), (left, y)]);
        x_marks.chain(y_marks).try_for_each(|mark| area.draw(&PathElement::new(mark, line)))
    }

    /// Draws the right side of a box, and the top if it has one, where plotters has no axes.
    fn draw_far_sides(&self, area: &Area<'_>, has_top: bool) -> Result<(), DrawingError> {
        let r = self.viewport.rect;
        let [left, top, right, bottom] = [r.left, r.top, r.right, r.bottom].map(|c| px(f64::from(c)) as i32);
        let top = [(left, top), (right, top)].into_iter().skip(usize::from(!has_top));
        let sides = top.chain([(right, bottom)]).collect::<Vec<_>>();
        area.draw(&PathElement::new(sides, self.line(self.style.line_width, 1.0)))
    }

    /// The font of tick labels.
    fn tick_text(&self) -> plotters::style::TextStyle<'static> {
        ("serif", px(self.style.font_size)).into_font().color(&self.ink(1.0))
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

    /// The marks and the texts of what `draw` draws.
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

    /// An axis. Where another axis crosses it at value `crossing`, its tick has no label, which would be
    /// struck through.
    fn axis(&self, ticks: &[Tick], mapping: &AxisMapping, crossing: f64) -> PlottersAxis {
        let mut ticks = ticks.to_vec();
        let is_crossed = |tick: &Tick| (mapping.pixel(tick.value) - mapping.pixel(crossing)).abs() < 0.5;
        if self.frame == PanelFrame::Origin {
            ticks.iter_mut().filter(|tick| is_crossed(tick)).for_each(|tick| tick.label.clear());
        }
        PlottersAxis { mapping: *mapping, ticks }
    }

    fn ink(&self, opacity: f64) -> RGBAColor {
        let Rgba { r, g, b, a } = self.style.ink;
        RGBAColor(r, g, b, f64::from(a) / 255.0 * opacity)
    }

    fn line(&self, width: f64, opacity: f64) -> ShapeStyle {
        ShapeStyle { color: self.ink(opacity), filled: false, stroke_width: px(width) }
    }
}
