//! From a scene to a figure: ranges are fitted, plot rectangles laid out and texts placed, everything that
//! does not move is drawn once, and each frame gets its display list.
//!
//! A [`Figure`] is one scene at one scale. What a frame shows depends on the scene and the frame's index
//! alone.

mod annotation;
pub mod axis;
mod axis_style;
mod axis_ticks;
mod band;
mod chart;
mod colored_curve;
mod curve_check;
mod curve_stroke;
mod device_style;
mod draft_mark;
mod drawn_axes;
mod element;
mod element_style;
pub mod extent;
mod figure_layout;
mod frame_viewport;
mod free_shift;
pub mod grid_layout;
mod label_placement;
mod legend;
mod legend_cost;
mod log_axis_check;
pub mod log_ticks;
mod moving_axis;
mod moving_ticks;
mod overlap;
mod paint;
mod panel_view;
pub mod param_curve;
pub mod placed_text;
mod prepared_label;
mod range;
pub mod sampling;
mod shape;
mod shared_axes;
mod side_labels;
mod signal_reader;
mod simplify;
mod spring;
mod text_layout;
mod tick_layout;
pub mod ticks;
pub mod viewport;

use std::sync::Arc;

use crate::animation::Animation;
use crate::geometry::{Bounds, PixelRect};
use crate::mark::Mark;
use crate::scene::Scene;
use crate::scene::diagnostic::{Diagnostic, Severity};
use crate::scene::element::{Element, Panel};
use crate::scene::model::Env;
use annotation::Annotation;
use axis::Direction;
use chart::{Chart, drawing_error};
use drawn_axes::DrawnAxes;
use figure_layout::FigureLayout;
use frame_viewport::FrameViewport;
use moving_axis::MovingAxis;
use overlap::Conflict;
use paint::ElementPainter;
use panel_view::view;
use placed_text::PlacedText;
use prepared_label::TextStyle;
use side_labels::SideLabel;
use signal_reader::SignalReader;
use spring::SpringPainter;
use text_layout::{PlacedTexts, TextLayout};
use viewport::Viewport;

/// A scene prepared to be drawn at one scale.
pub struct Figure<'s> {
    scene: &'s Scene,
    size: (u32, u32),
    panels: Vec<BuiltPanel<'s>>,
    texts: Vec<PlacedText<'s>>,
    warnings: Vec<Diagnostic>,
    /// The conflicts of a draft, which each frame marks.
    conflicts: Vec<Conflict<'s>>,
    scale: f64,
}

/// A panel prepared to be drawn.
struct BuiltPanel<'s> {
    panel: &'s Panel,
    viewport: Viewport,
    /// Drawn one over the other.
    layers: Vec<Layer<'s>>,
}

/// A part of a panel.
enum Layer<'s> {
    /// Marks that are the same in all frames.
    Static(Vec<Mark>),
    /// The grid lines, or the ticks and their labels, of axes whose ranges move.
    MovingGrid(Arc<MovingAxis<'s>>),
    MovingTicks(Arc<MovingAxis<'s>>),
    Element(ElementPainter<'s>),
    Spring(SpringPainter<'s>),
    Annotation(Annotation<'s>),
    SideLabel(SideLabel<'s>),
}

impl<'s> Figure<'s> {
    /// The figure of a scene at `scale` device pixels per CSS pixel.
    ///
    /// # Errors
    /// A label cannot be typeset, texts overlap or do not fit, or a value that must be real is complex.
    pub fn new(scene: &'s Scene, scale: f64) -> Result<Self, Diagnostic> {
        Self::build(scene, scale, false)
    }

    /// As [`new`](Self::new), but texts may overlap or leave the canvas. Frames mark these places in red, and
    /// [`warnings`](Self::warnings) has their errors.
    ///
    /// # Errors
    /// A label cannot be typeset, or a value that must be real is complex.
    pub fn draft(scene: &'s Scene, scale: f64) -> Result<Self, Diagnostic> {
        Self::build(scene, scale, true)
    }

    fn build(scene: &'s Scene, scale: f64, is_draft: bool) -> Result<Self, Diagnostic> {
        let size = scene.canvas.at_scale(scale).device_size();
        let canvas = PixelRect::from_size(size.0, size.1);
        let text_style = TextStyle { scene, scale, theme: scene.theme };
        let mut layout = FigureLayout::compute(scene, size, &text_style, is_draft)?;
        let axes = drawn_axes::draw_axes(scene, &mut layout, &text_style)?;
        let side_labels = side_labels(scene, &layout, &axes, &text_style)?;
        let tick_labels =
            axes.iter().enumerate().flat_map(|(i, axes)| axes.placed_texts(&scene.panels[i], &layout, i));
        let mut placed: Vec<PlacedText<'s>> =
            tick_labels.chain(side_labels.iter().flatten().map(SideLabel::placed_text)).collect();
        let mut moving_axes = moving_axes(scene, &layout, canvas, &text_style);
        for axis in moving_axes.iter_mut().flatten() {
            axis.avoid(&placed, text_style.em() * drawn_axes::CLEARANCE);
            placed.extend(axis.placed_texts());
        }
        let context =
            BuildContext { scene, layout: &layout, canvas, text_style: &text_style, env: scene.env(0)? };
        let mut panels = axes
            .into_iter()
            .zip(side_labels)
            .zip(moving_axes)
            .enumerate()
            .map(|(index, ((axes, labels), moving))| {
                BuiltPanel::new(&context, index, PanelAxes { still: axes, moving }, labels)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let text_layout = TextLayout { scene, text_style: &text_style, canvas, placed, is_draft };
        let PlacedTexts { texts, conflicts, errors } = text_layout.place_all(&mut panels)?;
        let mut warnings = layout.warnings;
        let errors = conflicts.iter().map(|conflict| conflict.error.clone()).chain(errors);
        warnings.extend(errors.map(|error| Diagnostic { severity: Severity::Warning, ..error }));
        Ok(Self { scene, size, panels, texts, warnings, conflicts, scale })
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

    /// The panels with their viewports, in the scene's order.
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
        for layer in self.panels.iter().flat_map(|built| &built.layers) {
            match layer {
                Layer::Static(layer) => marks.extend_from_slice(layer),
                Layer::MovingGrid(axis) => axis.grid_marks(index, &mut marks),
                Layer::MovingTicks(axis) => axis.marks(index, &mut marks),
                Layer::Element(painter) => painter.marks(&env, &mut marks)?,
                Layer::Spring(painter) => painter.marks(&env, &mut marks)?,
                Layer::Annotation(annotation) => annotation.marks(index, &env, &mut marks)?,
                Layer::SideLabel(label) => label.marks(&env, &mut marks)?,
            }
        }
        let canvas = PixelRect::from_size(self.size.0, self.size.1);
        let boxes = self.conflicts.iter().flat_map(|conflict| conflict.boxes(index));
        marks.extend(boxes.map(|bounds| draft_mark::frame(bounds, canvas, self.scale)));
        Ok(marks)
    }
}

/// The moving axes of each panel.
fn moving_axes<'s>(
    scene: &'s Scene,
    layout: &FigureLayout,
    canvas: PixelRect,
    text_style: &TextStyle<'s>,
) -> Vec<Vec<MovingAxis<'s>>> {
    let of_panel = |(index, panel): (usize, &'s Panel)| {
        let ticks = &layout.ticks[index];
        let both = [(Direction::X, &ticks.x), (Direction::Y, &ticks.y)].into_iter();
        let axis = |side| MovingAxis::new(panel, side, layout.viewport(index), canvas, text_style);
        both.filter_map(axis).collect()
    };
    scene.panels.iter().enumerate().map(of_panel).collect()
}

/// The axes of a panel: what keeps still of them, and what moves.
struct PanelAxes<'s> {
    still: DrawnAxes,
    moving: Vec<MovingAxis<'s>>,
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

/// Everything that the panels of a figure are built with.
struct BuildContext<'a, 's> {
    scene: &'s Scene,
    layout: &'a FigureLayout,
    canvas: PixelRect,
    text_style: &'a TextStyle<'s>,
    /// The variables of the first frame, for what is the same in all frames.
    env: Env<'s>,
}

impl<'s> BuiltPanel<'s> {
    /// A panel with its axes, elements and side labels. Its annotations have no positions yet, and its legend
    /// is missing.
    fn new(
        context: &BuildContext<'_, 's>,
        index: usize,
        axes: PanelAxes<'s>,
        side_labels: Vec<SideLabel<'s>>,
    ) -> Result<Self, Diagnostic> {
        let moving: Vec<Arc<MovingAxis<'s>>> = axes.moving.into_iter().map(Arc::new).collect();
        let panel = &context.scene.panels[index];
        let mut built = Self { panel, viewport: context.layout.viewport(index), layers: Vec::new() };
        if panel.x.grid || panel.y.grid {
            let chart = Chart::new(context.layout, panel, index, context.text_style);
            let grid = chart.grid().map_err(|error| drawing_error(panel, &error))?;
            built.layers.push(Layer::Static(grid));
        }
        built.layers.extend(moving.iter().cloned().map(Layer::MovingGrid));
        built.add_elements(context)?;
        built.layers.push(Layer::Static(axes.still.marks));
        built.layers.extend(moving.into_iter().map(Layer::MovingTicks));
        built.layers.extend(side_labels.into_iter().map(Layer::SideLabel));
        Ok(built)
    }

    /// Adds the elements in their order. The panel's own parts come between the elements under them and those over
    /// them.
    fn add_elements(&mut self, context: &BuildContext<'_, 's>) -> Result<(), Diagnostic> {
        let panel = self.panel;
        let painter = view(&panel.kind).painter(panel, self.viewport, context.canvas, context.text_style)?;
        let Some(painter) = painter else {
            return panel.elements.iter().try_for_each(|element| self.add_element(context, element));
        };
        let (over, under): (Vec<_>, Vec<_>) = panel.elements.iter().partition(|element| element.over);
        under.into_iter().try_for_each(|element| self.add_element(context, element))?;
        self.layers.push(Layer::Spring(painter));
        over.into_iter().try_for_each(|element| self.add_element(context, element))
    }

    /// Adds an element and its text.
    fn add_element(
        &mut self,
        context: &BuildContext<'_, 's>,
        element: &'s Element,
    ) -> Result<(), Diagnostic> {
        let BuildContext { scene, canvas, text_style, env, .. } = context;
        let reader = SignalReader { scene, panel: self.panel, element };
        let viewport = FrameViewport::new(scene, self.panel, self.viewport);
        if element.kind.view().has_marks() {
            let painter = ElementPainter::new(reader, viewport, *canvas, text_style, env)?;
            self.layers.push(Layer::Element(painter));
        }
        let annotation = Annotation::new(reader, viewport, *canvas, text_style)?;
        self.layers.extend(annotation.map(Layer::Annotation));
        Ok(())
    }

    /// The texts of its elements.
    fn annotations(&self) -> impl Iterator<Item = &Annotation<'s>> {
        self.layers.iter().filter_map(|layer| match layer {
            Layer::Annotation(annotation) => Some(annotation),
            Layer::Static(_)
            | Layer::MovingGrid(_)
            | Layer::MovingTicks(_)
            | Layer::Element(_)
            | Layer::Spring(_)
            | Layer::SideLabel(_) => None,
        })
    }
}
