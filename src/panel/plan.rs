//! Where panels lie and what their axes show: ranges, rectangles and tick labels depend on one another
//! and are settled together.

use crate::geometry::PixelRect;
use crate::panel::axis_labels;
use crate::panel::layout::{Margins, Paper, Shortage, plot_rects};
use crate::panel::range::{self, Ranges};
use crate::panel::text_style::TextStyle;
use crate::panel::tick_layout::{self, PanelTicks};
use crate::panel::viewport::{Viewport, widened};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, Panel, Scale};
use crate::scene::{Gap, Grid, Scene};

/// Rounds of fitting ticks to rectangles and rectangles to tick labels. The first settles the
/// labels' sizes, the second the rectangles; the third is there for labels that change once more.
const LAYOUT_ROUNDS: usize = 3;
/// At the canvas's edge and between the labels of neighbors, in em.
const PADDING: f64 = 0.6;
const SPACING: f64 = 0.6;
/// If more CSS pixels are missing than this, no canvas is large enough, and how many says nothing.
pub(super) const MOST_MISSING: f64 = 1e6;

/// Where panels lie and what their axes show, settled.
pub(super) struct Plan {
    pub(super) warnings: Vec<Diagnostic>,
    scales: Vec<[Scale; 2]>,
    ranges: Vec<Ranges>,
    pub(super) ticks: Vec<PanelTicks>,
    margins: Vec<Margins>,
    rects: Vec<PixelRect>,
}

impl Plan {
    /// The plan of a scene on a canvas of this size.
    pub(super) fn settle(
        scene: &Scene,
        (width, height): (u32, u32),
        text_style: &TextStyle<'_>,
    ) -> Result<Self, Diagnostic> {
        let em = text_style.size();
        let paper = Paper { size: [width, height], padding: em * PADDING, spacing: em * SPACING };
        let groups = range::shared_columns(scene)?;
        let fits =
            scene.panels.iter().map(|panel| range::fit(scene, panel)).collect::<Result<Vec<_>, _>>()?;
        let mut fitted: Vec<Ranges> = fits.iter().map(|fit| fit.ranges).collect();
        align_groups(scene, &groups, &mut fitted);
        let grid = device_grid(scene, text_style.scale);
        let everything = PixelRect::of_size(width, height);
        let mut plan = Self {
            warnings: fits.into_iter().flat_map(|fit| fit.warnings).collect(),
            scales: scene.panels.iter().map(|panel| [panel.x.scale, panel.y.scale]).collect(),
            ranges: fitted.clone(),
            ticks: Vec::new(),
            margins: Vec::new(),
            rects: plot_rects(paper, &grid, &vec![Margins::default(); scene.panels.len()])
                .unwrap_or_else(|_| vec![everything; scene.panels.len()]),
        };
        for _ in 0..LAYOUT_ROUNDS {
            plan.ranges = final_ranges(scene, &fitted, &plan.rects)?;
            plan.ticks = tick_layout::panel_ticks(scene, &plan.ranges, &plan.rects, &groups, text_style)?;
            plan.margins = scene
                .panels
                .iter()
                .enumerate()
                .map(|(i, panel)| axis_labels::margins(panel, &plan.ticks[i], &plan.viewport(i), text_style))
                .collect::<Result<_, _>>()?;
            plan.rects = plot_rects(paper, &grid, &plan.margins)
                .map_err(|shortage| no_room(scene, shortage, text_style.scale))?;
        }
        plan.ranges = final_ranges(scene, &fitted, &plan.rects)?;
        plan.ticks = tick_layout::panel_ticks(scene, &plan.ranges, &plan.rects, &groups, text_style)?;
        Ok(plan)
    }

    /// A panel's rectangle and axes as they stand now.
    pub(super) fn viewport(&self, index: usize) -> Viewport {
        let [x, y] = self.ranges[index];
        Viewport::new(self.rects[index], x, y).scaled(self.scales[index])
    }

    /// What a panel keeps free around its rectangle: at the left what all panels of its column do, so
    /// that labels of their y axes align.
    pub(super) fn margins(&self, scene: &Scene, index: usize) -> Margins {
        let column = scene.grid.areas[index].columns.start;
        let same = (0..scene.panels.len()).filter(|&i| scene.grid.areas[i].columns.start == column);
        let left = same.map(|i| self.margins[i].left).fold(0.0, f64::max);
        Margins { left, ..self.margins[index] }
    }
}

/// The scene's grid, its gaps in device pixels.
fn device_grid(scene: &Scene, scale: f64) -> Grid {
    let device = |gap: &Gap| match *gap {
        Gap::Length(css) => Gap::Length(css * scale),
        Gap::Auto => Gap::Auto,
    };
    let mut grid = scene.grid.clone();
    grid.row_gaps = grid.row_gaps.iter().map(device).collect();
    grid.column_gaps = grid.column_gaps.iter().map(device).collect();
    grid
}

fn no_room(scene: &Scene, shortage: Shortage, scale: f64) -> Diagnostic {
    let (direction, side) = if shortage.horizontal { ("wide", "width") } else { ("high", "height") };
    let css = (shortage.missing / scale).ceil();
    let (missing, help) = if css <= MOST_MISSING {
        let larger = format!("make the {side} in canvas.size at least {css} greater");
        (css.to_string(), format!("{larger}, or canvas.font-size smaller"))
    } else {
        let ratios = if shortage.horizontal { "layout.widths" } else { "layout.heights" };
        let help = format!("make canvas.font-size smaller, or the numbers in {ratios} more alike");
        ("more than a million".to_owned(), help)
    };
    let message = Diagnostic::new(format!(
        "the canvas is not {direction} enough for its labels: {missing} CSS pixels are missing"
    ))
    .help(help);
    match scene.places.canvas {
        Some(origin) => message.at(origin),
        None => message,
    }
}

/// Gives the members of each group one horizontal range: the one that is given, or what holds all.
fn align_groups(scene: &Scene, groups: &[Vec<usize>], fitted: &mut [Ranges]) {
    for members in groups {
        let given = members.iter().find_map(|&i| scene.panels[i].x.range);
        let low = members.iter().map(|&i| fitted[i][0][0]).fold(f64::INFINITY, f64::min);
        let high = members.iter().map(|&i| fitted[i][0][1]).fold(f64::NEG_INFINITY, f64::max);
        for &member in members {
            fitted[member][0] = scene.panels[member].x.range.or(given).unwrap_or([low, high]);
        }
    }
}

/// The ranges on rectangles of known size: widened for equal units, then taken over where shared.
fn final_ranges(scene: &Scene, fitted: &[Ranges], rects: &[PixelRect]) -> Result<Vec<Ranges>, Diagnostic> {
    let mut ranges: Vec<Ranges> = scene
        .panels
        .iter()
        .zip(fitted.iter().zip(rects))
        .map(|(panel, (&[x, y], rect))| {
            let per_unit = |range: [f64; 2], pixels: u32| f64::from(pixels) / (range[1] - range[0]).abs();
            let (across, up) = (per_unit(x, rect.width()), per_unit(y, rect.height()));
            [
                if panel.x.equal { widened(x, rect.width(), up.min(across)) } else { x },
                if panel.y.equal { widened(y, rect.height(), up.min(across)) } else { y },
            ]
        })
        .collect();
    for (direction, axis) in [(0, (|panel| &panel.x) as fn(&Panel) -> &Axis), (1, |panel| &panel.y)] {
        for index in 0..scene.panels.len() {
            let source = share_source(scene, index, axis)?;
            ranges[index][direction] = ranges[source][direction];
        }
    }
    Ok(ranges)
}

/// The panel at the end of a chain of shared axes.
fn share_source(scene: &Scene, start: usize, axis: fn(&Panel) -> &Axis) -> Result<usize, Diagnostic> {
    let mut index = start;
    for _ in 0..scene.panels.len() {
        match axis(&scene.panels[index]).share {
            None => return Ok(index),
            Some(next) => index = next,
        }
    }
    let panel = &scene.panels[start];
    Err(Diagnostic::new(format!("the axis of panel `{}` is shared in a ring", panel.name))
        .at(panel.origin)
        .help("give one panel of the ring a range of its own"))
}
