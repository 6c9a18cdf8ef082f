//! From a scene to a figure: ranges fitted, plot rectangles laid out, everything that stands still
//! drawn once, and for each frame its display list.
//!
//! A [`Figure`] belongs to one scene at one scale. What a frame shows is a function of its index alone.

pub mod axis;
mod band;
mod caption;
mod chart;
pub mod decades;
mod field;
pub mod fit;
mod ink;
pub mod layout;
mod legend;
mod lettering;
mod paint;
pub mod plate;
mod positive;
mod range;
pub mod sample;
mod series;
mod shape;
mod signal;
mod spring;
mod ticking;
pub mod ticks;

use std::sync::Arc;

use crate::draw::mark::{Mark, Polyline};
use crate::geometry::PixelRect;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, Frame, Panel, PanelKind, Scale};
use crate::scene::model::Env;
use caption::Caption;
use chart::{Chart, Gauge};
use layout::{Margins, Paper, plot_rects};
use lettering::Lettering;
use paint::Painter;
use plate::{Plate, widened};
use range::Ranges;
use signal::Reader;
use spring::Apparatus;
use ticking::PanelTicks;

/// Rounds of fitting ticks to rectangles and rectangles to tick labels. The first settles the
/// labels' sizes, the second the rectangles; the third is there for labels that change once more.
const LAYOUT_ROUNDS: usize = 3;
/// At the canvas's edge and between the labels of neighbours, in em.
const PADDING: f64 = 0.6;
const SPACING: f64 = 0.6;

/// A scene made ready to be drawn at a scale.
pub struct Figure<'s> {
    scene: &'s Scene,
    size: (u32, u32),
    panels: Vec<Built<'s>>,
    warnings: Vec<Diagnostic>,
}

/// A panel made ready.
struct Built<'s> {
    panel: &'s Panel,
    plate: Plate,
    layers: Vec<Layer<'s>>,
}

/// What a panel is painted from, in this order.
enum Layer<'s> {
    Still(Vec<Mark>),
    Element(Painter<'s>),
    Spring(Apparatus<'s>),
    Caption(Caption<'s>),
}

/// Where panels lie and what their axes show, settled.
struct Plan {
    warnings: Vec<Diagnostic>,
    scales: Vec<[Scale; 2]>,
    ranges: Vec<Ranges>,
    ticks: Vec<PanelTicks>,
    margins: Vec<Margins>,
    rects: Vec<PixelRect>,
}

impl<'s> Figure<'s> {
    /// The figure of a scene at its canvas's scale, or another.
    ///
    /// # Errors
    /// Labels that cannot be set or leave no room, values that are not real where they must be.
    pub fn new(scene: &'s Scene, scale: f64) -> Result<Self, Diagnostic> {
        let size = scene.canvas.at_scale(scale).device_size();
        let lettering = Lettering { scene, scale, theme: scene.theme };
        let plan = Plan::settle(scene, size, &lettering)?;
        let env = scene.env(0)?;
        let panels = (0..scene.panels.len())
            .map(|index| Built::new(scene, (index, &plan), size, &lettering, &env))
            .collect::<Result<_, _>>()?;
        Ok(Self { scene, size, panels, warnings: plan.warnings })
    }

    /// What is doubtful about the figure: an axis that a few frames stretch far beyond what the others show.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The scene it shows.
    #[must_use]
    pub fn scene(&self) -> &'s Scene {
        self.scene
    }

    /// Width and height in device pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// The panels with their plot rectangles, in the scene's order.
    pub fn plates(&self) -> impl Iterator<Item = (&'s Panel, &Plate)> {
        self.panels.iter().map(|built| (built.panel, &built.plate))
    }

    /// What frame `index` shows: the same marks in the same order for every frame, hidden ones blank.
    ///
    /// # Errors
    /// A value that is not real where it must be.
    pub fn marks(&self, index: usize) -> Result<Vec<Mark>, Diagnostic> {
        let env = self.scene.env(index)?;
        let mut marks = Vec::new();
        for layer in self.panels.iter().flat_map(|built| &built.layers) {
            match layer {
                Layer::Still(still) => marks.extend_from_slice(still),
                Layer::Element(painter) => painter.marks(&env, &mut marks)?,
                Layer::Spring(apparatus) => apparatus.marks(&env, &mut marks)?,
                Layer::Caption(caption) => caption.marks(&env, &mut marks)?,
            }
        }
        Ok(marks)
    }
}

/// The sizes of axes and ticks at a scale: matplotlib's, in CSS pixels.
fn gauge(lettering: &Lettering<'_>) -> Gauge {
    let scale = lettering.scale;
    Gauge {
        font: lettering.size(),
        line: (0.9 * scale).round().max(1.0),
        tick: (4.0 * scale).round(),
        minor: (2.3 * scale).round().max(1.0),
        hairline: (0.6 * scale).round().max(1.0),
        ink: lettering.theme.ink,
    }
}

impl Plan {
    fn settle(
        scene: &Scene,
        (width, height): (u32, u32),
        lettering: &Lettering<'_>,
    ) -> Result<Self, Diagnostic> {
        let em = lettering.size();
        let paper = Paper { size: [width, height], padding: em * PADDING, spacing: em * SPACING };
        let groups = range::shared_columns(scene)?;
        let fits =
            scene.panels.iter().map(|panel| range::fit(scene, panel)).collect::<Result<Vec<_>, _>>()?;
        let mut fitted: Vec<Ranges> = fits.iter().map(|fit| fit.ranges).collect();
        align_groups(scene, &groups, &mut fitted);
        let device = |gap: &crate::scene::Gap| match *gap {
            crate::scene::Gap::Length(css) => crate::scene::Gap::Length(css * lettering.scale),
            crate::scene::Gap::Auto => crate::scene::Gap::Auto,
        };
        let mut grid = scene.grid.clone();
        grid.row_gaps = grid.row_gaps.iter().map(device).collect();
        grid.column_gaps = grid.column_gaps.iter().map(device).collect();
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
            plan.ticks = ticking::panel_ticks(scene, &plan.ranges, &plan.rects, &groups, lettering)?;
            plan.margins = scene
                .panels
                .iter()
                .enumerate()
                .map(|(i, panel)| caption::margins(panel, &plan.ticks[i], &plan.plate(i), lettering))
                .collect::<Result<_, _>>()?;
            plan.rects = plot_rects(paper, &grid, &plan.margins).map_err(|shortage| {
                let (direction, side) =
                    if shortage.horizontal { ("wide", "width") } else { ("high", "height") };
                let css = (shortage.missing / lettering.scale).ceil();
                let message = Diagnostic::new(format!(
                    "the canvas is not {direction} enough for its labels: {css} CSS pixels are missing"
                ))
                .help(format!(
                    "make the {side} in canvas.size at least {css} greater, or canvas.font-size smaller"
                ));
                match scene.places.canvas {
                    Some(origin) => message.at(origin),
                    None => message,
                }
            })?;
        }
        plan.ranges = final_ranges(scene, &fitted, &plan.rects)?;
        plan.ticks = ticking::panel_ticks(scene, &plan.ranges, &plan.rects, &groups, lettering)?;
        Ok(plan)
    }

    /// A panel's rectangle and axes as they stand now.
    fn plate(&self, index: usize) -> Plate {
        let [x, y] = self.ranges[index];
        Plate::new(self.rects[index], x, y).scaled(self.scales[index])
    }

    /// The left margin that all panels of a column keep, so that labels of their y axes align.
    fn column_margin(&self, scene: &Scene, index: usize) -> f64 {
        let column = scene.grid.areas[index].columns.start;
        let same = (0..scene.panels.len()).filter(|&i| scene.grid.areas[i].columns.start == column);
        same.map(|i| self.margins[i].left).fold(0.0, f64::max)
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

impl<'s> Built<'s> {
    fn new(
        scene: &'s Scene,
        (index, plan): (usize, &Plan),
        size: (u32, u32),
        lettering: &Lettering<'s>,
        env: &Env<'s>,
    ) -> Result<Self, Diagnostic> {
        let panel = &scene.panels[index];
        let plate = plan.plate(index);
        let canvas = PixelRect::of_size(size.0, size.1);
        let ticks = &plan.ticks[index];
        let chart = Chart {
            plate: &plate,
            frame: panel.frame,
            x: ticks.x.marked(),
            y: ticks.y.marked(),
            minor: [&ticks.x.minor, &ticks.y.minor],
            ascent: ticks.x.ascent,
            grid: [panel.x.grid, panel.y.grid],
            gauge: gauge(lettering),
            canvas: size,
        };
        let mut built = Self { panel, plate, layers: Vec::new() };
        if panel.x.grid || panel.y.grid {
            built.layers.push(Layer::Still(chart.grid().map_err(|error| chart_error(panel, &error))?));
        }
        built.elements(scene, canvas, lettering, env)?;
        built.layers.push(Layer::Still(chart.axes().map_err(|error| chart_error(panel, &error))?));
        let margins = Margins { left: plan.column_margin(scene, index), ..plan.margins[index] };
        let captions = caption::captions(panel, &plate, ticks, margins, (lettering, canvas))?;
        built.layers.extend(captions.into_iter().map(Layer::Caption));
        let curves = built.curves();
        let legend = legend::legend(panel, &plate, lettering, env, &curves)?;
        built.layers.push(Layer::Still(legend));
        Ok(built)
    }

    /// The elements in their order; on a spring panel the apparatus comes between those under and
    /// those over the mass.
    fn elements(
        &mut self,
        scene: &'s Scene,
        canvas: PixelRect,
        lettering: &Lettering<'s>,
        env: &Env<'s>,
    ) -> Result<(), Diagnostic> {
        let (panel, plate) = (self.panel, self.plate);
        let painter = |element| {
            let reader = Reader { scene, panel, element };
            Painter::new(reader, plate, canvas, lettering, env).map(Layer::Element)
        };
        let PanelKind::Spring(spring) = &panel.kind else {
            for element in &panel.elements {
                self.layers.push(painter(element)?);
            }
            return Ok(());
        };
        for element in panel.elements.iter().filter(|element| !element.over) {
            self.layers.push(painter(element)?);
        }
        let apparatus = Apparatus::new((panel, spring), plate, canvas, lettering)?;
        self.layers.push(Layer::Spring(apparatus));
        for element in panel.elements.iter().filter(|element| element.over) {
            self.layers.push(painter(element)?);
        }
        Ok(())
    }

    /// All curves that the panel keeps for the whole film.
    fn curves(&self) -> Vec<Arc<Polyline>> {
        self.layers
            .iter()
            .filter_map(|layer| match layer {
                Layer::Element(painter) => painter.fixed_curve(),
                Layer::Still(_) | Layer::Spring(_) | Layer::Caption(_) => None,
            })
            .collect()
    }
}

/// plotters and its backend fail only where a label cannot be set.
fn chart_error(panel: &Panel, error: &impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(format!("the axes of panel `{}` cannot be drawn: {error}", panel.name)).at(panel.origin)
}

/// Whether a panel's axes are drawn with ticks at all.
fn has_axes(panel: &Panel) -> bool {
    panel.frame != Frame::None
}
