//! The layout of a figure's panels: ranges, ticks and plot rectangles. They depend on one another: labels
//! need space around rectangles, and the number of ticks depends on a rectangle's size.

use crate::geometry::PixelRect;
use crate::panel::FigureOptions;
use crate::panel::axis_style::AxisStyle;
use crate::panel::axis_ticks::PanelTicks;
use crate::panel::color_bar::ColorBar;
use crate::panel::color_range::{ColorRanges, color_ranges};
use crate::panel::equal_units::widen_and_share;
use crate::panel::frame_viewport::all_frame_ranges;
use crate::panel::grid_layout::{GridCanvas, Margins, Shortage, plot_rects};
use crate::panel::outer_labels::LabelGroups;
use crate::panel::per_axis::PerAxis;
use crate::panel::prepared_label::TextStyle;
use crate::panel::range::{self, PanelRanges};
use crate::panel::shared_axes::{align_groups, shared_x_groups, unite_shared_ranges};
use crate::panel::side_layout::SideLayout;
use crate::panel::tick_layout::{self, LaidOutRanges};
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::{Diagnostic, Severity};
use crate::scene::element::{AxisName, Inset, Panel, Scale, Space, VerticalAxis};
use crate::scene::{Area, Gap, Grid, Scene};

/// The work of the ranges of a panel for each panel inside of another one.
const PANEL_RANGES: u64 = 300;

/// Rounds of fitting ticks to rectangles and rectangles to tick labels. The first round settles the sizes of
/// labels, the second one the rectangles; the third one is for labels that change once more.
const LAYOUT_ROUNDS: usize = 3;
/// The empty space at the canvas's edges, in em.
const PADDING: f64 = 0.6;
/// The empty space between the labels of neighbors, in em.
const SPACING: f64 = 1.0;
/// The least width and height of a plot rectangle inside of another panel, in device pixels.
const MIN_INSET_SIZE: u32 = 8;

/// The ranges, ticks and plot rectangles of all panels, in the scene's order.
pub(super) struct FigureLayout {
    /// Width and height in device pixels.
    pub(super) canvas: (u32, u32),
    pub(super) warnings: Vec<Diagnostic>,
    scales: Vec<PerAxis<Scale>>,
    /// Those of the first frame.
    ranges: Vec<PanelRanges>,
    /// The ranges of every frame of panels whose ranges move; empty for the others.
    moving: Vec<Vec<PanelRanges>>,
    label_groups: LabelGroups,
    pub(super) ticks: Vec<PanelTicks>,
    margins: Vec<Margins>,
    /// How far the titles of each panel's row reach below their baseline, in device pixels.
    title_descents: Vec<f64>,
    rects: Vec<PixelRect>,
    /// The values at the ends of the color scales of each panel.
    pub(super) color_ranges: Vec<ColorRanges>,
    pub(super) color_bars: Vec<Option<ColorBar>>,
}

impl FigureLayout {
    /// Computes the layout of a scene on a canvas of this size in device pixels.
    ///
    /// # Errors
    /// The canvas is too small for the labels, unless the figure is a draft; a label cannot be typeset, or a range cannot
    /// be fitted.
    pub(super) fn compute(
        scene: &Scene,
        canvas: (u32, u32),
        text_style: &TextStyle<'_>,
        FigureOptions { is_draft, threads, .. }: FigureOptions,
    ) -> Result<Self, Diagnostic> {
        let groups = shared_x_groups(scene)?;
        let fit = |panel| range::fit(scene, panel, threads);
        let fits = scene.panels.iter().map(fit).collect::<Result<Vec<_>, _>>()?;
        let mut fitted: Vec<PanelRanges> = fits.iter().map(|fit| fit.ranges).collect();
        unite_shared_ranges(scene, &mut fitted)?;
        align_groups(scene, &groups, &mut fitted);
        let label_groups = LabelGroups::new(scene, &groups)?;
        let moving = scene.panels.iter().zip(&fitted);
        let moving = moving.map(|(panel, still)| all_frame_ranges(scene, panel, *still));
        let moving: Vec<Vec<PanelRanges>> = moving.collect::<Result<_, _>>()?;
        for (fitted, frames) in fitted.iter_mut().zip(&moving) {
            *fitted = frames.first().copied().unwrap_or(*fitted);
        }
        let grid = device_grid(scene, text_style.scale);
        let grid_canvas = GridCanvas {
            size: [canvas.0, canvas.1],
            padding: text_style.em() * PADDING,
            spacing: text_style.em() * SPACING,
        };
        let whole_canvas = PixelRect::from_size(canvas.0, canvas.1);
        let panels = scene.panels.len();
        let mut layout = Self {
            canvas,
            warnings: fits.into_iter().flat_map(|fit| fit.warnings).collect(),
            scales: scene.panels.iter().map(scales).collect(),
            ranges: fitted.clone(),
            moving,
            label_groups,
            ticks: Vec::new(),
            margins: Vec::new(),
            title_descents: title_descents(scene, text_style)?,
            color_ranges: Vec::new(),
            color_bars: Vec::new(),
            rects: plot_rects(grid_canvas, &grid, &vec![Margins::default(); panels])
                .unwrap_or_else(|_| vec![whole_canvas; panels]),
        };
        layout.ranges = widen_and_share(scene, &fitted, &layout.rects)?;
        // The colors keep the range that fits these rectangles, because a color bar is part of the layout.
        layout.color_ranges = (0..panels)
            .map(|index| {
                let viewport = |axis| layout.viewport_on(index, axis);
                color_ranges(scene, &scene.panels[index], viewport, threads)
            })
            .collect::<Result<_, _>>()?;
        for ranges in &mut layout.color_ranges {
            layout.warnings.append(&mut ranges.warnings);
        }
        layout.place_insets(scene, &fitted)?;
        for _ in 0..LAYOUT_ROUNDS {
            layout.update_ticks(scene, &fitted, text_style)?;
            layout.margins = (0..panels)
                .map(|index| layout.side_layout(scene, index, text_style).margins())
                .collect::<Result<_, _>>()?;
            match plot_rects(grid_canvas, &grid, &layout.grid_margins(scene)) {
                Ok(rects) => layout.rects = rects,
                Err(shortage) => {
                    let error = shortage_error(scene, shortage, text_style.scale);
                    if !is_draft {
                        return Err(error);
                    }
                    // The rectangles keep their sizes, and their labels overlap.
                    layout.warnings.push(Diagnostic { severity: Severity::Warning, ..error });
                    break;
                }
            }
            layout.place_insets(scene, &fitted)?;
        }
        layout.update_ticks(scene, &fitted, text_style)?;
        Ok(layout)
    }

    /// The margins in the grid, in which panels inside of others need none.
    fn grid_margins(&self, scene: &Scene) -> Vec<Margins> {
        let panels = scene.panels.iter().zip(&self.margins);
        panels.map(|(panel, own)| panel.inset.map_or(*own, |_| Margins::default())).collect()
    }

    /// Moves the plot rectangles of panels inside of others to their places, those around others first.
    fn place_insets(&mut self, scene: &Scene, fitted: &[PanelRanges]) -> Result<(), Diagnostic> {
        for index in paint_order(scene) {
            let Some(inset) = &scene.panels[index].inset else { continue };
            scene.charge(PANEL_RANGES * scene.panels.len() as u64, inset.origin)?;
            let ranges = widen_and_share(scene, fitted, &self.rects)?;
            let [x, y] = ranges[inset.host].pair(VerticalAxis::Y);
            let scales = self.scales[inset.host].pair(VerticalAxis::Y);
            let host = Viewport::new(self.rects[inset.host], x, y).with_scales(scales);
            self.rects[index] = inset_rect(inset, &host, PixelRect::from_size(self.canvas.0, self.canvas.1))
                .ok_or_else(|| {
                    let name = &scene.panels[index].name;
                    Diagnostic::new(format!("panel `{name}` has no room inside of its host on the canvas"))
                        .at(inset.origin)
                        .help("make `at` larger, or move it into the other panel")
                })?;
        }
        Ok(())
    }

    /// Updates ranges and ticks for the present plot rectangles.
    fn update_ticks(
        &mut self,
        scene: &Scene,
        fitted: &[PanelRanges],
        text_style: &TextStyle<'_>,
    ) -> Result<(), Diagnostic> {
        self.ranges = widen_and_share(scene, fitted, &self.rects)?;
        let ranges = LaidOutRanges { first: &self.ranges, moving: &self.moving, rects: &self.rects };
        self.ticks = tick_layout::panel_ticks(scene, &ranges, &self.label_groups, text_style)?;
        let panels = scene.panels.iter().zip(&self.color_ranges).zip(&self.rects);
        self.color_bars = panels
            .map(|((panel, ranges), rect)| ColorBar::new(panel, ranges, rect.height(), text_style))
            .collect::<Result<_, _>>()?;
        Ok(())
    }

    /// A panel's plot rectangle and axes, without its second vertical axis.
    pub(super) fn viewport(&self, index: usize) -> Viewport {
        self.viewport_on(index, VerticalAxis::Y)
    }

    /// A panel's plot rectangle with its x axis and one of its vertical axes.
    pub(super) fn viewport_on(&self, index: usize, axis: VerticalAxis) -> Viewport {
        let [x, y] = self.ranges[index].pair(axis);
        Viewport::new(self.rects[index], x, y).with_scales(self.scales[index].pair(axis))
    }

    /// A panel for the layout of what lies around its plot rectangle.
    pub(super) fn side_layout<'a, 's>(
        &'a self,
        scene: &'s Scene,
        index: usize,
        text_style: &'a TextStyle<'s>,
    ) -> SideLayout<'a, 's> {
        let axis_label = |name| self.label_groups.axis_label(scene, index, name);
        SideLayout {
            panel: &scene.panels[index],
            axis_labels: AxisName::ALL.map(axis_label),
            ticks: &self.ticks[index],
            title_descent: self.title_descents[index],
            viewport: self.viewport(index),
            second_axis: scene.panels[index].y2.as_ref().map(|_| self.viewport_on(index, VerticalAxis::Y2).y),
            right_ticks: self.right_ticks(scene, index, AxisStyle::new(text_style).tick_length),
            color_bar: self.color_bars[index].as_ref(),
            text_style,
        }
    }

    /// The left margin of a panel: the largest one of all panels that begin in its column, so that the labels
    /// of their y axes are aligned.
    pub(super) fn left_margin(&self, scene: &Scene, index: usize) -> f64 {
        let same_column = panels_beside(scene, index, |area| area.columns.start);
        same_column.map(|i| self.margins[i].left).fold(0.0, f64::max)
    }

    /// The width of the ticks of a panel's second vertical axis with their labels: the largest one of all panels that end in
    /// its column, so that the labels of these axes are aligned. 0 without such an axis.
    fn right_ticks(&self, scene: &Scene, index: usize, tick_length: f64) -> f64 {
        let width = |i: usize| {
            self.ticks[i].y2.as_ref().map_or(0.0, |ticks| ticks.margin(tick_length, ticks.width()))
        };
        if scene.panels[index].y2.is_none() {
            return 0.0;
        }
        panels_beside(scene, index, |area| area.columns.end).map(width).fold(0.0, f64::max)
    }
}

/// How far the titles of each panel's row reach below their baseline, which they share.
///
/// # Errors
/// A title cannot be typeset.
fn title_descents(scene: &Scene, text_style: &TextStyle<'_>) -> Result<Vec<f64>, Diagnostic> {
    let own = |panel: &Panel| {
        let title = panel.title.as_ref().map(|title| text_style.prepare(title)).transpose()?;
        Ok(title.map_or(0.0, |title| title.text_box().descent))
    };
    let own = scene.panels.iter().map(own).collect::<Result<Vec<f64>, Diagnostic>>()?;
    let of_row = |index| {
        panels_beside(scene, index, |area| area.rows.start).map(|other| own[other]).fold(0.0, f64::max)
    };
    Ok((0..own.len()).map(of_row).collect())
}

/// The panels of the grid of which `edge` is the same as that of a panel; only itself if it is not in the grid.
fn panels_beside(scene: &Scene, index: usize, edge: impl Fn(&Area) -> usize) -> impl Iterator<Item = usize> {
    let is_alone = scene.panels[index].inset.is_some();
    let is_beside = move |&i: &usize| {
        let same_edge = || edge(&scene.grid.areas[i]) == edge(&scene.grid.areas[index]);
        i == index || !is_alone && scene.panels[i].inset.is_none() && same_edge()
    };
    (0..scene.panels.len()).filter(is_beside)
}

/// The scales of a panel's axes.
fn scales(panel: &Panel) -> PerAxis<Scale> {
    let y2 = panel.y2.as_ref().map(|axis| axis.scale);
    PerAxis { x: panel.x.scale, y: panel.y.scale, y2 }
}

/// The indices of the panels in the order in which they are drawn: each after the panel that it stands in.
pub(super) fn paint_order(scene: &Scene) -> Vec<usize> {
    let depth = |index: usize| {
        let mut depth = 0;
        let mut panel = &scene.panels[index];
        while let Some(inset) = &panel.inset {
            (depth, panel) = (depth + 1, &scene.panels[inset.host]);
        }
        depth
    };
    let mut order: Vec<usize> = (0..scene.panels.len()).collect();
    order.sort_by_key(|&index| depth(index));
    order
}

/// The plot rectangle of a panel inside of another one; `None` if it is too small or leaves the canvas.
fn inset_rect(inset: &Inset, host: &Viewport, canvas: PixelRect) -> Option<PixelRect> {
    let [x0, y0, x1, y1] = inset.at;
    let place = |at| match inset.space {
        Space::Data => host.point(at),
        Space::Panel => host.fraction(at),
    };
    let (a, b) = (place((x0, y0)), place((x1, y1)));
    let is_finite = [a.x, a.y, b.x, b.y].iter().all(|value| value.is_finite());
    let rect = PixelRect {
        left: a.x.min(b.x).round() as i32,
        top: a.y.min(b.y).round() as i32,
        right: a.x.max(b.x).round() as i32,
        bottom: a.y.max(b.y).round() as i32,
    };
    let is_large = rect.width().min(rect.height()) >= MIN_INSET_SIZE;
    (is_finite && is_large && rect.intersect(&canvas) == rect).then_some(rect)
}

/// The scene's grid with its gaps in device pixels.
fn device_grid(scene: &Scene, scale: f64) -> Grid {
    let to_device = |gap: &Gap| match *gap {
        Gap::Length(css) => Gap::Length(css * scale),
        Gap::Auto => Gap::Auto,
    };
    let mut grid = scene.grid.clone();
    grid.row_gaps = grid.row_gaps.iter().map(to_device).collect();
    grid.column_gaps = grid.column_gaps.iter().map(to_device).collect();
    grid
}

/// Above this number of missing CSS pixels no canvas is large enough, and messages do not state the number.
pub(super) const MAX_MISSING: f64 = 1e6;

/// The error of a canvas that is too small for its labels.
fn shortage_error(scene: &Scene, shortage: Shortage, scale: f64) -> Diagnostic {
    let (adjective, side) = if shortage.is_horizontal { ("wide", "width") } else { ("high", "height") };
    let css = (shortage.missing / scale).ceil();
    let (missing, help) = if css <= MAX_MISSING {
        let larger = format!("make the {side} in canvas.size at least {css} greater");
        (css.to_string(), format!("{larger}, or canvas.font-size smaller"))
    } else {
        let ratios = if shortage.is_horizontal { "layout.widths" } else { "layout.heights" };
        let help = format!("make canvas.font-size smaller, or the numbers in {ratios} more alike");
        ("more than a million".to_owned(), help)
    };
    let message = Diagnostic::new(format!(
        "the canvas is not {adjective} enough for its labels: {missing} CSS pixels are missing"
    ))
    .help(help);
    match scene.origins.canvas {
        Some(origin) => message.at(origin),
        None => message,
    }
}
