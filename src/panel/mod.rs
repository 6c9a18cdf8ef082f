//! From a scene to a figure: ranges are fitted, plot rectangles laid out and texts placed, everything that
//! does not move is drawn once, and each frame gets its display list.
//!
//! A [`Figure`] is one scene at one scale. What a frame shows depends on the scene and the frame's index
//! alone.

mod annotation;
mod attachment;
pub mod axis;
mod axis_style;
mod axis_ticks;
mod band;
mod built_panel;
mod chart;
mod chords;
mod coil;
mod color_bar;
mod color_range;
mod colored_curve;
mod contour_labels;
mod curve_check;
mod curve_samples;
mod curve_stroke;
mod dash_fit;
mod dense_step;
mod device_style;
mod draft_mark;
mod drawing_work;
mod drawn_axes;
mod element;
mod element_style;
mod end_labels;
mod equal_units;
pub mod extent;
mod figure_layout;
mod frame_viewport;
mod frames;
mod free_shift;
pub mod grid_layout;
mod label_path;
mod label_placement;
mod label_places;
mod legend;
mod legend_cost;
mod log_axis_check;
pub mod log_ticks;
mod marching_squares;
mod marked_labels;
pub mod matrix;
mod memory;
mod moving_axis;
mod moving_labels;
mod moving_ticks;
mod note_lines;
mod note_path;
mod outer_labels;
mod overlap;
mod paint;
mod panel_extents;
mod panel_view;
pub mod param_curve;
mod per_axis;
mod place_values;
pub mod placed_text;
mod prepared_label;
mod probed_step;
mod range;
mod sample_grid;
mod sample_marks;
mod sample_parameters;
mod sampled_plot;
mod sampler;
pub mod sampling;
mod segment;
mod shape;
mod shared_axes;
mod side_labels;
mod side_layout;
mod signal_reader;
mod simplify;
mod spring;
mod text_layout;
mod tick_layout;
pub mod ticks;
pub mod viewport;

use crate::animation::Animation;
use crate::geometry::{Bounds, PixelRect};
use crate::mark::Mark;
use crate::scene::Scene;
use crate::scene::diagnostic::{Diagnostic, Severity};
use crate::scene::element::{AxisName, Panel, PanelKind, VerticalAxis};
use crate::work::{Memory, Usage};
use axis::AxisMapping;
use axis_ticks::AxisTicks;
use built_panel::{BuildContext, BuiltPanel, PanelAxes};
use drawn_axes::DrawnAxes;
use figure_layout::FigureLayout;
use matrix::MatrixValues;
use moving_axis::MovingAxis;
use overlap::Conflict;
use placed_text::PlacedText;
use prepared_label::TextStyle;
use side_labels::SideLabel;
use text_layout::{PlacedTexts, TextLayout};
use viewport::Viewport;

/// A scene prepared to be drawn at one scale.
pub struct Figure<'s> {
    scene: &'s Scene,
    size: (u32, u32),
    panels: Vec<BuiltPanel<'s>>,
    /// The indices of the panels in the order in which they are drawn.
    paint_order: Vec<usize>,
    texts: Vec<PlacedText<'s>>,
    warnings: Vec<Diagnostic>,
    /// The conflicts of a draft, which each frame marks.
    conflicts: Vec<Conflict<'s>>,
    scale: f64,
    /// Counts as long as the figure lives.
    _memory: Memory,
}

/// How a figure is prepared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FigureOptions {
    /// Device pixels per CSS pixel.
    pub scale: f64,
    /// Whether texts may overlap or leave the canvas. Frames mark these places in red, and [`Figure::warnings`] has their
    /// errors.
    pub is_draft: bool,
    /// The number of threads, at least 1. The figure does not depend on it.
    pub threads: usize,
}

impl<'s> Figure<'s> {
    /// The figure of a scene at `scale` device pixels per CSS pixel.
    ///
    /// # Errors
    /// A label cannot be typeset, texts overlap or do not fit, or a value that must be real is complex.
    pub fn new(scene: &'s Scene, scale: f64) -> Result<Self, Diagnostic> {
        Self::with_options(scene, FigureOptions { scale, is_draft: false, threads: 1 })
    }

    /// The figure of a scene.
    ///
    /// # Errors
    /// A label cannot be typeset, or a value that must be real is complex; unless the figure is a draft, texts overlap or do
    /// not fit.
    pub fn with_options(scene: &'s Scene, options: FigureOptions) -> Result<Self, Diagnostic> {
        let FigureOptions { scale, is_draft, threads } = options;
        let size = scene.canvas.at_scale(scale).device_size();
        let usage = Usage::begin(scene.model.work());
        memory::reserve_canvas(scene, size)?;
        let canvas = PixelRect::from_size(size.0, size.1);
        let text_style = TextStyle { scene, scale, theme: scene.theme };
        let mut layout = FigureLayout::compute(scene, size, &text_style, options)?;
        let mut axes = drawn_axes::draw_axes(scene, &mut layout, &text_style)?;
        marked_labels::hide_under_markers(scene, &layout, &mut axes, (scale, threads))?;
        let side_labels = side_labels(scene, &layout, &axes, &text_style)?;
        let color_ticks = color_bars(scene, &layout, &mut axes, &text_style)?;
        let tick_labels =
            axes.iter().enumerate().flat_map(|(i, axes)| axes.placed_texts(&scene.panels[i], &layout, i));
        let mut placed: Vec<PlacedText<'s>> = tick_labels
            .chain(side_labels.iter().flatten().map(SideLabel::placed_text))
            .chain(color_ticks)
            .collect();
        let mut moving_axes = moving_axes(scene, &layout, canvas, &text_style);
        for axis in moving_axes.iter_mut().flatten() {
            axis.avoid(&placed, text_style.em() * drawn_axes::CLEARANCE);
            placed.extend(axis.placed_texts());
        }
        let context = BuildContext {
            scene,
            layout: &layout,
            canvas,
            text_style: &text_style,
            env: scene.env(0)?,
            threads,
        };
        let mut panels = axes
            .into_iter()
            .zip(side_labels)
            .zip(moving_axes)
            .enumerate()
            .map(|(index, ((axes, labels), moving))| {
                BuiltPanel::new(&context, index, PanelAxes { still: axes, moving }, labels)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let inset = |(panel, built): (&'s Panel, &BuiltPanel<'s>)| {
            Some((&scene.panels[panel.inset?.host], Bounds::from(built.viewport.rect)))
        };
        let insets = scene.panels.iter().zip(&panels).filter_map(inset).collect();
        let text_layout =
            TextLayout { scene, text_style: &text_style, canvas, placed, insets, is_draft, threads };
        let PlacedTexts { texts, conflicts, errors } = text_layout.place_all(&mut panels)?;
        panels.iter().try_for_each(|built| built.charge_static(scene.model.work()))?;
        let mut warnings = layout.warnings;
        warnings.extend(panels.iter_mut().flat_map(|built| std::mem::take(&mut built.warnings)));
        let errors = conflicts.iter().map(|conflict| conflict.error.clone()).chain(errors);
        warnings.extend(errors.map(|error| Diagnostic { severity: Severity::Warning, ..error }));
        let paint_order = figure_layout::paint_order(scene);
        Ok(Self { scene, size, panels, paint_order, texts, warnings, conflicts, scale, _memory: usage.end() })
    }

    /// Warnings about the figure, for example about an axis that a few frames stretch far beyond what the
    /// others need.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The scene that the figure shows.
    #[must_use]
    pub fn scene(&self) -> &'s Scene {
        self.scene
    }

    /// Width and height in device pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// The animation of the figure: its size, colors and timing, without its frames.
    #[must_use]
    pub fn animation(&self) -> Animation {
        Animation {
            size: self.size,
            background: self.scene.canvas.background,
            matte: self.scene.canvas.matte,
            timing: self.scene.timeline.timing(),
            plays: self.scene.timeline.plays,
        }
    }

    /// The values of each matrix panel, in the scene's order; `None` for panels of other kinds.
    pub fn matrices(&self) -> impl Iterator<Item = Option<MatrixValues<'s>>> {
        self.panels.iter().map(|built| match &built.panel.kind {
            PanelKind::Matrix(matrix) => Some(MatrixValues::new(self.scene, built.panel, matrix)),
            PanelKind::Plot | PanelKind::Plane | PanelKind::Spring(_) | PanelKind::Chain(_) => None,
        })
    }

    /// The second vertical axis of each panel, in the scene's order; `None` for panels without.
    pub fn second_axes(&self) -> impl Iterator<Item = Option<&AxisMapping>> {
        self.panels.iter().map(|built| built.second_axis.as_ref())
    }

    /// The panels with their viewports, in the scene's order. A viewport has the first vertical axis.
    pub fn viewports(&self) -> impl Iterator<Item = (&'s Panel, &Viewport)> {
        self.panels.iter().map(|built| (built.panel, &built.viewport))
    }

    /// All texts with their boxes: tick labels and side labels, then the labels of masses, the texts of
    /// elements and legends.
    #[must_use]
    pub fn texts(&self) -> &[PlacedText<'s>] {
        &self.texts
    }

    /// The display list of frame `index`. All frames have the same marks in the same order; hidden ones are
    /// [`Mark::Nothing`].
    ///
    /// # Errors
    /// A value that must be real is complex, or a label cannot be typeset with the readouts' values.
    pub fn marks(&self, index: usize) -> Result<Vec<Mark>, Diagnostic> {
        let env = self.scene.frame_env(index)?;
        let mut marks = Vec::new();
        for &panel in &self.paint_order {
            self.panels[panel].append_marks((index, &env), &mut marks)?;
        }
        let canvas = PixelRect::from_size(self.size.0, self.size.1);
        let boxes = self.conflicts.iter().flat_map(|conflict| conflict.boxes(index));
        marks.extend(boxes.map(|bounds| draft_mark::frame(bounds, canvas, self.scale)));
        Ok(marks)
    }
}

/// Draws the color bars of all panels with their axes, and returns their tick labels.
fn color_bars<'s>(
    scene: &'s Scene,
    layout: &FigureLayout,
    axes: &mut [DrawnAxes],
    text_style: &TextStyle<'s>,
) -> Result<Vec<PlacedText<'s>>, Diagnostic> {
    let canvas = PixelRect::from_size(layout.canvas.0, layout.canvas.1);
    let mut texts = Vec::new();
    for (index, (panel, axes)) in scene.panels.iter().zip(axes).enumerate() {
        let Some(bar) = &layout.color_bars[index] else { continue };
        let beside = layout.side_layout(scene, index, text_style).width_of_right_axis()?;
        let place = (layout.viewport(index).rect, beside);
        let (marks, ticks) = bar.draw(panel, place, canvas)?;
        axes.lines.extend(marks);
        texts.extend(ticks);
    }
    Ok(texts)
}

/// The moving axes of each panel.
fn moving_axes<'s>(
    scene: &'s Scene,
    layout: &FigureLayout,
    canvas: PixelRect,
    text_style: &TextStyle<'s>,
) -> Vec<Vec<MovingAxis<'s>>> {
    let of_panel = |(index, panel): (usize, &'s Panel)| {
        let axis = |axis: (AxisName, &AxisTicks)| {
            let vertical = if axis.0 == AxisName::Y2 { VerticalAxis::Y2 } else { VerticalAxis::Y };
            MovingAxis::new(panel, axis, layout.viewport_on(index, vertical), canvas, text_style)
        };
        layout.ticks[index].iter().filter_map(axis).collect()
    };
    scene.panels.iter().enumerate().map(of_panel).collect()
}

/// The side labels of each panel, moved off tick labels and off one another.
fn side_labels<'s>(
    scene: &'s Scene,
    layout: &FigureLayout,
    axes: &[DrawnAxes],
    text_style: &TextStyle<'s>,
) -> Result<Vec<Vec<SideLabel<'s>>>, Diagnostic> {
    let canvas = PixelRect::from_size(layout.canvas.0, layout.canvas.1);
    let of_panel = |index| {
        let left_margin = layout.left_margin(scene, index);
        layout.side_layout(scene, index, text_style).side_labels(left_margin, canvas)
    };
    let mut labels = (0..scene.panels.len()).map(of_panel).collect::<Result<Vec<_>, _>>()?;
    let tick_labels: Vec<Bounds> = axes.iter().flat_map(DrawnAxes::label_bounds).collect();
    side_labels::separate_labels(labels.iter_mut().flatten().collect(), &tick_labels, text_style);
    Ok(labels)
}
