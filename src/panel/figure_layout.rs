//! The layout of a figure's panels: ranges, ticks and plot rectangles. They depend on one another: labels
//! need space around rectangles, and the number of ticks depends on a rectangle's size.

use crate::geometry::PixelRect;
use crate::panel::FigureOptions;
use crate::panel::axis_ticks::PanelTicks;
use crate::panel::color_bar::ColorBar;
use crate::panel::color_range::{ColorRanges, color_ranges};
use crate::panel::frame_viewport::{all_frame_ranges, widened_ranges};
use crate::panel::grid_layout::{GridCanvas, Margins, Shortage, plot_rects};
use crate::panel::prepared_label::TextStyle;
use crate::panel::range::{self, PanelRanges};
use crate::panel::shared_axes::{align_groups, shared_x_groups, take_over_ranges, unite_shared_ranges};
use crate::panel::side_labels::SideLayout;
use crate::panel::tick_layout::{self, LaidOutRanges};
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::{Diagnostic, Severity};
use crate::scene::element::Scale;
use crate::scene::{Gap, Grid, Scene};

/// Rounds of fitting ticks to rectangles and rectangles to tick labels. The first round settles the sizes of
/// labels, the second one the rectangles; the third one is for labels that change once more.
const LAYOUT_ROUNDS: usize = 3;
/// The empty space at the canvas's edges, in em.
const PADDING: f64 = 0.6;
/// The empty space between the labels of neighbors, in em.
const SPACING: f64 = 0.6;

/// The ranges, ticks and plot rectangles of all panels, in the scene's order.
pub(super) struct FigureLayout {
    /// Width and height in device pixels.
    pub(super) canvas: (u32, u32),
    pub(super) warnings: Vec<Diagnostic>,
    scales: Vec<[Scale; 2]>,
    /// Those of the first frame.
    ranges: Vec<PanelRanges>,
    /// The ranges of every frame of panels whose ranges move; empty for the others.
    moving: Vec<Vec<PanelRanges>>,
    pub(super) ticks: Vec<PanelTicks>,
    margins: Vec<Margins>,
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
            scales: scene.panels.iter().map(|panel| [panel.x.scale, panel.y.scale]).collect(),
            ranges: fitted.clone(),
            moving,
            ticks: Vec::new(),
            margins: Vec::new(),
            color_ranges: Vec::new(),
            color_bars: Vec::new(),
            rects: plot_rects(grid_canvas, &grid, &vec![Margins::default(); panels])
                .unwrap_or_else(|_| vec![whole_canvas; panels]),
        };
        layout.ranges = final_ranges(scene, &fitted, &layout.rects)?;
        // The colors keep the range that fits these rectangles, because a color bar is part of the layout.
        layout.color_ranges = (0..panels)
            .map(|index| color_ranges(scene, &scene.panels[index], layout.viewport(index), threads))
            .collect::<Result<_, _>>()?;
        for _ in 0..LAYOUT_ROUNDS {
            layout.update_ticks(scene, &fitted, &groups, text_style)?;
            layout.margins = (0..panels)
                .map(|index| layout.side_layout(scene, index, text_style).margins())
                .collect::<Result<_, _>>()?;
            match plot_rects(grid_canvas, &grid, &layout.margins) {
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
        }
        layout.update_ticks(scene, &fitted, &groups, text_style)?;
        Ok(layout)
    }

    /// Updates ranges and ticks for the present plot rectangles.
    fn update_ticks(
        &mut self,
        scene: &Scene,
        fitted: &[PanelRanges],
        groups: &[Vec<usize>],
        text_style: &TextStyle<'_>,
    ) -> Result<(), Diagnostic> {
        self.ranges = final_ranges(scene, fitted, &self.rects)?;
        let ranges = LaidOutRanges { first: &self.ranges, moving: &self.moving, rects: &self.rects };
        self.ticks = tick_layout::panel_ticks(scene, &ranges, groups, text_style)?;
        let panels = scene.panels.iter().zip(&self.color_ranges).zip(&self.rects);
        self.color_bars = panels
            .map(|((panel, ranges), rect)| ColorBar::new(panel, ranges, rect.height(), text_style))
            .collect::<Result<_, _>>()?;
        Ok(())
    }

    /// A panel's plot rectangle and axes.
    pub(super) fn viewport(&self, index: usize) -> Viewport {
        let [x, y] = self.ranges[index];
        Viewport::new(self.rects[index], x, y).with_scales(self.scales[index])
    }

    /// A panel for the layout of what lies around its plot rectangle.
    pub(super) fn side_layout<'a, 's>(
        &'a self,
        scene: &'s Scene,
        index: usize,
        text_style: &'a TextStyle<'s>,
    ) -> SideLayout<'a, 's> {
        SideLayout {
            panel: &scene.panels[index],
            ticks: &self.ticks[index],
            viewport: self.viewport(index),
            color_bar: self.color_bars[index].as_ref(),
            text_style,
        }
    }

    /// The left margin of a panel: the largest one of all panels that begin in its column, so that the labels
    /// of their y axes are aligned.
    pub(super) fn left_margin(&self, scene: &Scene, index: usize) -> f64 {
        let column = scene.grid.areas[index].columns.start;
        let same_column = (0..scene.panels.len()).filter(|&i| scene.grid.areas[i].columns.start == column);
        same_column.map(|i| self.margins[i].left).fold(0.0, f64::max)
    }
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

/// The ranges on plot rectangles of known size: widened for equal units, then taken over by panels that share
/// them.
fn final_ranges(
    scene: &Scene,
    fitted: &[PanelRanges],
    rects: &[PixelRect],
) -> Result<Vec<PanelRanges>, Diagnostic> {
    let mut ranges: Vec<PanelRanges> = scene
        .panels
        .iter()
        .zip(fitted.iter().zip(rects))
        .map(|(panel, (ranges, rect))| widened_ranges(panel, *ranges, *rect))
        .collect();
    take_over_ranges(scene, &mut ranges)?;
    Ok(ranges)
}
