//! From a scene to a figure: ranges fitted, plot rectangles laid out, everything that stands still
//! drawn once, and for each frame its display list.
//!
//! A [`Figure`] belongs to one scene at one scale. What a frame shows is a function of its index alone.

mod annotation;
pub mod axis;
mod band;
mod chart;
mod curve_stroke;
mod device_style;
mod direction_field;
pub mod extent;
mod figure_layout;
pub mod grid_layout;
mod label_placement;
mod legend;
mod legend_cost;
mod log_axis_check;
pub mod log_ticks;
mod overlap;
mod paint;
pub mod param_curve;
pub mod placed_text;
mod prepared_label;
mod range;
pub mod sampling;
mod shape;
mod side_labels;
mod signal_reader;
mod simplify;
mod spring;
mod text_layout;
mod tick_labels;
mod tick_layout;
pub mod ticks;
pub mod viewport;

use crate::animation::Animation;
use crate::geometry::PixelRect;
use crate::mark::Mark;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Element, ElementKind, Frame, Panel, PanelKind};
use crate::scene::model::Env;
use annotation::Annotation;
use chart::AxisStyle;
use figure_layout::FigureLayout;
use paint::ElementPainter;
use placed_text::PlacedText;
use prepared_label::TextStyle;
use side_labels::SideLabel;
use signal_reader::SignalReader;
use spring::SpringPainter;
use text_layout::TextLayout;
use viewport::Viewport;

/// A scene made ready to be drawn at a scale.
pub struct Figure<'s> {
    scene: &'s Scene,
    size: (u32, u32),
    panels: Vec<BuiltPanel<'s>>,
    texts: Vec<PlacedText<'s>>,
    warnings: Vec<Diagnostic>,
}

/// A panel made ready.
struct BuiltPanel<'s> {
    panel: &'s Panel,
    viewport: Viewport,
    layers: Vec<Layer<'s>>,
}

/// What a panel is painted from, in this order.
enum Layer<'s> {
    Static(Vec<Mark>),
    Element(ElementPainter<'s>),
    Spring(SpringPainter<'s>),
    Annotation(Annotation<'s>),
    SideLabel(SideLabel<'s>),
}

impl<'s> Figure<'s> {
    /// The figure of a scene at its canvas's scale, or another.
    ///
    /// # Errors
    /// Labels that cannot be set or leave no room, values that are not real where they must be.
    pub fn new(scene: &'s Scene, scale: f64) -> Result<Self, Diagnostic> {
        let size = scene.canvas.at_scale(scale).device_size();
        let text_style = TextStyle { scene, scale, theme: scene.theme };
        let canvas = PixelRect::from_size(size.0, size.1);
        let mut plan = FigureLayout::compute(scene, size, &text_style)?;
        let axes = tick_labels::draw_axes(scene, &mut plan, size, &text_style)?;
        let beside = |i: usize| (&plan.ticks[i], plan.margins(scene, i));
        let mut captions = scene
            .panels
            .iter()
            .enumerate()
            .map(|(i, panel)| {
                side_labels::side_labels(panel, &plan.viewport(i), beside(i), (&text_style, canvas))
            })
            .collect::<Result<Vec<_>, _>>()?;
        side_labels::separate_labels(captions.iter_mut().flatten().collect(), &axes, &text_style);
        let ticks =
            axes.iter().enumerate().flat_map(|(i, axes)| axes.placed_texts(&scene.panels[i], &plan, i));
        let written = ticks.chain(captions.iter().flatten().map(SideLabel::placed_text)).collect();
        let stage = BuildContext { scene, size, canvas, text_style: &text_style, env: scene.env(0)? };
        let parts = axes.into_iter().map(|axes| axes.marks).zip(captions).enumerate();
        let mut panels = parts
            .map(|(i, (axes, captions))| BuiltPanel::new(&stage, (i, &plan), axes, captions))
            .collect::<Result<Vec<_>, _>>()?;
        let text_layout = TextLayout { scene, text_style: &text_style, canvas, placed: written };
        let texts = text_layout.place_all(&mut panels)?;
        Ok(Self { scene, size, panels, texts, warnings: plan.warnings })
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

    /// The film of it: all that its frames do not say.
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

    /// The panels with their plot rectangles, in the scene's order.
    pub fn viewports(&self) -> impl Iterator<Item = (&'s Panel, &Viewport)> {
        self.panels.iter().map(|built| (built.panel, &built.viewport))
    }

    /// All its texts with their boxes: tick labels and captions, then what elements write and legends.
    #[must_use]
    pub fn texts(&self) -> &[PlacedText<'s>] {
        &self.texts
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
                Layer::Static(still) => marks.extend_from_slice(still),
                Layer::Element(painter) => painter.marks(&env, &mut marks)?,
                Layer::Spring(apparatus) => apparatus.marks(&env, &mut marks)?,
                Layer::Annotation(annotation) => annotation.marks(index, &env, &mut marks)?,
                Layer::SideLabel(caption) => caption.marks(&env, &mut marks)?,
            }
        }
        Ok(marks)
    }
}

/// The sizes of axes and ticks at a scale: matplotlib's, in CSS pixels.
fn axis_style(text_style: &TextStyle<'_>) -> AxisStyle {
    let scale = text_style.scale;
    AxisStyle {
        font: text_style.em(),
        line: (0.9 * scale).round().max(1.0),
        tick: (4.0 * scale).round(),
        minor: (2.3 * scale).round().max(1.0),
        hairline: (0.6 * scale).round().max(1.0),
        ink: text_style.theme.ink,
    }
}

/// What all panels of a figure are built with.
struct BuildContext<'a, 's> {
    scene: &'s Scene,
    size: (u32, u32),
    canvas: PixelRect,
    text_style: &'a TextStyle<'s>,
    /// Any moment.
    env: Env<'s>,
}

impl<'s> BuiltPanel<'s> {
    /// A panel with its axes and captions; its legend is not there yet, and its texts have no place.
    fn new(
        stage: &BuildContext<'_, 's>,
        (index, plan): (usize, &FigureLayout),
        axes: Vec<Mark>,
        captions: Vec<SideLabel<'s>>,
    ) -> Result<Self, Diagnostic> {
        let panel = &stage.scene.panels[index];
        let mut built = Self { panel, viewport: plan.viewport(index), layers: Vec::new() };
        if panel.x.grid || panel.y.grid {
            let chart = tick_labels::chart(plan, panel, index, stage.size, stage.text_style);
            built.layers.push(Layer::Static(chart.grid().map_err(|error| chart_error(panel, &error))?));
        }
        built.elements(stage)?;
        built.layers.push(Layer::Static(axes));
        built.layers.extend(captions.into_iter().map(Layer::SideLabel));
        Ok(built)
    }

    /// The elements in their order; on a spring panel the apparatus comes between those under and
    /// those over the mass.
    fn elements(&mut self, stage: &BuildContext<'_, 's>) -> Result<(), Diagnostic> {
        let panel = self.panel;
        let PanelKind::Spring(spring) = &panel.kind else {
            return panel.elements.iter().try_for_each(|element| self.element(stage, element));
        };
        let (over, under): (Vec<_>, Vec<_>) = panel.elements.iter().partition(|element| element.over);
        under.into_iter().try_for_each(|element| self.element(stage, element))?;
        let apparatus = SpringPainter::new((panel, spring), self.viewport, stage.canvas, stage.text_style)?;
        self.layers.push(Layer::Spring(apparatus));
        over.into_iter().try_for_each(|element| self.element(stage, element))
    }

    /// What an element draws, and then what it writes.
    fn element(&mut self, stage: &BuildContext<'_, 's>, element: &'s Element) -> Result<(), Diagnostic> {
        let BuildContext { scene, canvas, text_style, env, .. } = stage;
        let reader = SignalReader { scene, panel: self.panel, element };
        if !matches!(element.kind, ElementKind::Text { .. }) {
            let painter = ElementPainter::new(reader, self.viewport, *canvas, text_style, env)?;
            self.layers.push(Layer::Element(painter));
        }
        let annotation = Annotation::new(reader, self.viewport, *canvas, text_style)?;
        self.layers.extend(annotation.map(Layer::Annotation));
        Ok(())
    }

    /// What its elements write.
    fn annotations(&self) -> impl Iterator<Item = &Annotation<'s>> {
        self.layers.iter().filter_map(|layer| match layer {
            Layer::Annotation(annotation) => Some(annotation),
            Layer::Static(_) | Layer::Element(_) | Layer::Spring(_) | Layer::SideLabel(_) => None,
        })
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
