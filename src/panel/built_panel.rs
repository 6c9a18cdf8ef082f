//! A panel prepared to be drawn: layers one over the other, of which some are the same in all frames.

use std::sync::Arc;

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::Mark;
use crate::panel::annotation::Annotation;
use crate::panel::axis::AxisMapping;
use crate::panel::axis_style::AxisStyle;
use crate::panel::chart::{Chart, drawing_error};
use crate::panel::curve_check;
use crate::panel::curve_samples::sample_curves;
use crate::panel::device_style::fill_mark;
use crate::panel::drawing_work;
use crate::panel::drawn_axes::{CrossingLabels, DrawnAxes};
use crate::panel::figure_layout::FigureLayout;
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::grid_layout::Margins;
use crate::panel::matrix::MatrixPainter;
use crate::panel::moving_axis::MovingAxis;
use crate::panel::paint::{ElementPainter, PaintContext};
use crate::panel::panel_view::view;
use crate::panel::prepared_label::TextStyle;
use crate::panel::shape;
use crate::panel::side_labels::SideLabel;
use crate::panel::signal_reader::SignalReader;
use crate::panel::spring::SpringPainter;
use crate::panel::viewport::Viewport;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Element, Halo, Panel, PanelFrame, VerticalAxis};
use crate::scene::model::Env;
use crate::scene::source::Origin;
use crate::work::WorkMeter;

/// The space between the labels of a panel inside of another one and the end of its paper, in em.
const PAPER_MARGIN: f64 = 0.3;

/// A panel prepared to be drawn.
pub(super) struct BuiltPanel<'s> {
    pub(super) panel: &'s Panel,
    /// The index of the panel in the scene.
    index: usize,
    /// That without the second vertical axis.
    pub(super) viewport: Viewport,
    pub(super) second_axis: Option<AxisMapping>,
    /// The margins without those of a legend beside the plot.
    pub(super) margins: Margins,
    /// Drawn one over the other.
    pub(super) layers: Vec<Layer<'s>>,
    /// Warnings about its curves.
    pub(super) warnings: Vec<Diagnostic>,
}

/// A part of a panel.
pub(super) enum Layer<'s> {
    /// Marks that are the same in all frames.
    Static(Vec<Mark>),
    /// The grid lines, or the ticks and their labels, of axes whose ranges move.
    MovingGrid(Arc<MovingAxis<'s>>),
    MovingTicks(Arc<MovingAxis<'s>>),
    /// The tick labels of axes through the origin.
    CrossingLabels(CrossingLabels),
    Element(ElementPainter<'s>),
    Spring(SpringPainter<'s>),
    Matrix(MatrixPainter<'s>),
    Annotation(Annotation<'s>),
    SideLabel(SideLabel<'s>),
}

/// The axes of a panel: what keeps still of them, and what moves.
pub(super) struct PanelAxes<'s> {
    pub(super) still: DrawnAxes,
    pub(super) moving: Vec<MovingAxis<'s>>,
}

/// Everything that the panels of a figure are built with.
pub(super) struct BuildContext<'a, 's> {
    pub(super) scene: &'s Scene,
    pub(super) layout: &'a FigureLayout,
    pub(super) canvas: PixelRect,
    pub(super) text_style: &'a TextStyle<'s>,
    /// The variables of the first frame, for what is the same in all frames.
    pub(super) env: Env<'s>,
    /// The number of threads that evaluate costly curves.
    pub(super) threads: usize,
}

/// How many curves are sampled together before they are prepared.
const SAMPLED_TOGETHER: usize = 32;

impl Layer<'_> {
    /// Whether the layer may reach the frame, so that the frame is drawn over it.
    fn is_surface(&self) -> bool {
        match self {
            Self::Static(_) | Self::MovingGrid(_) | Self::Spring(_) | Self::Matrix(_) => true,
            Self::Element(painter) => painter.is_surface(),
            Self::MovingTicks(_) | Self::CrossingLabels(_) | Self::Annotation(_) | Self::SideLabel(_) => {
                false
            }
        }
    }
}

impl<'s> BuiltPanel<'s> {
    /// A panel with its axes, elements and side labels. Its annotations have no positions yet, and its legend
    /// is missing.
    pub(super) fn new(
        context: &BuildContext<'_, 's>,
        index: usize,
        axes: PanelAxes<'s>,
        side_labels: Vec<SideLabel<'s>>,
    ) -> Result<Self, Diagnostic> {
        let panel = &context.scene.panels[index];
        let side_layout = context.layout.side_layout(context.scene, index, context.text_style);
        let margins = side_layout.margins_of_labels()?;
        let viewport = context.layout.viewport(index);
        let second_axis = panel.y2.as_ref().map(|_| context.layout.viewport_on(index, VerticalAxis::Y2).y);
        let mut built =
            Self { panel, index, viewport, second_axis, margins, layers: Vec::new(), warnings: Vec::new() };
        let colors = &context.layout.color_ranges[index];
        let colored = panel.elements.iter().zip(colors.elements.iter().copied());
        let (backdrops, others): (Vec<_>, Vec<_>) =
            colored.partition(|(element, _)| element.kind.view().is_backdrop());
        let host = panel.inset.map(|inset| context.layout.viewport(inset.host).rect);
        built.add_paper(host, context.text_style);
        let mut texts = Vec::new();
        backdrops.into_iter().try_for_each(|element| built.add_element(context, element, &mut texts))?;
        if panel.axes().any(|(_, axis)| axis.grid) {
            let chart = Chart::new(context.layout, panel, index, context.text_style);
            let grid = chart.grid().map_err(|error| drawing_error(panel, &error))?;
            built.layers.push(Layer::Static(grid));
        }
        let moving: Vec<Arc<MovingAxis<'s>>> = axes.moving.into_iter().map(Arc::new).collect();
        built.layers.extend(moving.iter().cloned().map(Layer::MovingGrid));
        texts.extend(built.add_elements(context, others, colors.own)?);
        built.add_axes(axes.still, moving, context.text_style);
        built.layers.extend(texts);
        built.layers.extend(side_labels.into_iter().map(Layer::SideLabel));
        Ok(built)
    }

    /// Covers what lies under a framed panel inside of another one, and under its labels.
    fn add_paper(&mut self, host: Option<PixelRect>, text_style: &TextStyle<'s>) {
        let is_framed = matches!(self.panel.frame, PanelFrame::Box | PanelFrame::Corner);
        let Some(host) = host.filter(|_| is_framed && text_style.has_paper()) else { return };
        let plot = Bounds::from(self.viewport.rect).inflated(PAPER_MARGIN * text_style.em());
        let margins = self.margins;
        let shape = shape::rectangle(
            Point::new(plot.left - margins.left, plot.top - margins.top),
            Point::new(plot.right + margins.right, plot.bottom + margins.bottom),
        );
        // The frame of the host stays whole.
        let width = AxisStyle::new(text_style).line_width as i32;
        let inside = PixelRect {
            left: host.left + width,
            top: host.top + width,
            right: host.right - width,
            bottom: host.bottom - width,
        };
        let paper = fill_mark(shape, Point::default(), text_style.theme.paper, inside);
        self.layers.push(Layer::Static(vec![paper]));
    }

    /// Adds the axes over the last layer that may reach the frame, and below everything after it. Labels of axes
    /// through the plot lie over all elements.
    fn add_axes(&mut self, axes: DrawnAxes, moving: Vec<Arc<MovingAxis<'s>>>, text_style: &TextStyle<'s>) {
        let at = self.layers.iter().rposition(Layer::is_surface).map_or(0, |last| last + 1);
        let labels = if self.panel.frame == PanelFrame::Origin {
            let radius = text_style.halo_radius(Halo::Auto);
            self.layers.push(Layer::CrossingLabels(axes.crossing_labels(radius, text_style.theme.paper)));
            Vec::new()
        } else {
            axes.label_marks()
        };
        let still = [axes.lines, labels].concat();
        let moving = moving.into_iter().map(Layer::MovingTicks);
        self.layers.splice(at..at, [Layer::Static(still)].into_iter().chain(moving));
    }

    /// Adds elements in their order, with the values at the ends of their color scales. The panel's own parts come between the
    /// elements under them and those over them. Returns the texts of elements, which lie over all of these, but for those
    /// under the panel's own parts.
    fn add_elements(
        &mut self,
        context: &BuildContext<'_, 's>,
        elements: Vec<(&'s Element, Option<[f64; 2]>)>,
        own_colors: Option<[f64; 2]>,
    ) -> Result<Vec<Layer<'s>>, Diagnostic> {
        let view = view(&self.panel.kind);
        let painter = view.painter(self.panel, self.viewport, context, own_colors)?;
        let is_over = |element: &Element| painter.is_some() && (element.over || view.is_backdrop());
        let (over, under): (Vec<_>, Vec<_>) = elements.into_iter().partition(|(element, _)| is_over(element));
        let mut texts = Vec::new();
        under.into_iter().try_for_each(|element| self.add_element(context, element, &mut texts))?;
        if let Some(painter) = painter {
            self.layers.append(&mut texts);
            self.layers.push(painter);
        }
        over.into_iter().try_for_each(|element| self.add_element(context, element, &mut texts))?;
        self.prepare_elements(&context.env, context.threads)?;
        Ok(texts)
    }

    /// Prepares the elements that frames share, and the labels that others keep for the film. Curves are sampled together, some at
    /// a time, because samples take more memory than marks.
    fn prepare_elements(&mut self, env: &Env<'s>, threads: usize) -> Result<(), Diagnostic> {
        let painters = self.layers.iter_mut().filter_map(|layer| match layer {
            Layer::Element(painter) => Some(painter),
            _ => None,
        });
        let (mut painters, others): (Vec<_>, Vec<_>) =
            painters.partition(|painter| painter.prepared_context().is_some());
        others.into_iter().try_for_each(ElementPainter::choose_labels)?;
        for painters in painters.chunks_mut(SAMPLED_TOGETHER) {
            let contexts: Vec<&PaintContext<'s>> =
                painters.iter().filter_map(|painter| painter.prepared_context()).collect();
            let curves = sample_curves(&contexts, env, threads)?;
            let sampled = contexts.iter().zip(&curves);
            self.warnings
                .extend(sampled.filter_map(|(it, curve)| curve_check::too_dense(&it.reader, &curve.curve)));
            painters.iter_mut().zip(curves).try_for_each(|(painter, curve)| painter.prepare(curve, env))?;
        }
        Ok(())
    }

    /// Adds an element, and its text to `texts`.
    fn add_element(
        &mut self,
        context: &BuildContext<'_, 's>,
        (element, value_range): (&'s Element, Option<[f64; 2]>),
        texts: &mut Vec<Layer<'s>>,
    ) -> Result<(), Diagnostic> {
        let BuildContext { scene, canvas, text_style, .. } = context;
        let reader = SignalReader { scene, panel: self.panel, element };
        let viewport = context.layout.viewport_on(self.index, element.axis);
        let viewport = FrameViewport::new(scene, self.panel, element.axis, viewport);
        if element.kind.view().has_marks() {
            let painter = ElementPainter::new(reader, viewport, context, value_range)?;
            self.layers.push(Layer::Element(painter));
        }
        let annotation = Annotation::new(reader, viewport, *canvas, text_style)?;
        texts.extend(annotation.map(Layer::Annotation));
        let end_label = Annotation::at_end(reader, viewport, *canvas, text_style)?;
        texts.extend(end_label.map(Layer::Annotation));
        Ok(())
    }

    /// Appends the marks of a frame, which is given by its index and its variables.
    pub(super) fn append_marks(
        &self,
        (index, env): (usize, &Env<'s>),
        marks: &mut Vec<Mark>,
    ) -> Result<(), Diagnostic> {
        let mut elements = self.element_marks((index, env), |_| true)?.into_iter();
        for layer in &self.layers {
            let first = marks.len();
            match layer {
                Layer::Static(layer) => marks.extend_from_slice(layer),
                Layer::MovingGrid(axis) => axis.grid_marks(index, marks),
                Layer::MovingTicks(axis) => axis.marks(index, marks),
                Layer::CrossingLabels(labels) => labels.append(index, marks),
                Layer::Element(_) => marks.extend(elements.next().unwrap_or_default()),
                Layer::Spring(painter) => painter.marks(env, marks)?,
                Layer::Matrix(painter) => painter.marks(env, marks)?,
                Layer::Annotation(annotation) => annotation.marks(index, env, marks)?,
                Layer::SideLabel(label) => label.marks(env, marks)?,
            }
            if let Some(origin) = self.origin_of_changing(layer) {
                drawing_work::charge_marks(env.work(), &marks[first..], origin)?;
            }
        }
        Ok(())
    }

    /// The place in the scene of a layer that is painted anew in every frame; `None` for one that all frames share.
    fn origin_of_changing(&self, layer: &Layer<'s>) -> Option<Origin> {
        match layer {
            Layer::Element(painter) => painter.origin_of_changing(),
            Layer::Spring(_) | Layer::Matrix(_) => Some(self.panel.origin),
            _ => None,
        }
    }

    /// Counts the work of drawing what the panel has beside its elements in all frames.
    ///
    /// # Errors
    /// It exceeds the limit.
    pub(super) fn charge_static(&self, meter: &WorkMeter) -> Result<(), Diagnostic> {
        self.layers.iter().try_for_each(|layer| match layer {
            Layer::Static(marks) => drawing_work::charge_marks(meter, marks, self.panel.origin),
            _ => Ok(()),
        })
    }

    /// The marks of each of some elements in one frame, which is given by its index and its variables. Their curves are sampled
    /// together.
    pub(super) fn element_marks(
        &self,
        (index, env): (usize, &Env<'s>),
        is_asked: impl Fn(&ElementPainter<'s>) -> bool,
    ) -> Result<Vec<Vec<Mark>>, Diagnostic> {
        let mut painters = Vec::new();
        for painter in self.painters().filter(|painter| is_asked(painter)) {
            painters.push((painter, painter.is_shown(env)?, painter.frame_context((index, env))?));
        }
        // A hidden curve is not sampled: only the number of its marks counts.
        let sampled = painters.iter_mut().filter(|(_, is_shown, _)| *is_shown);
        let mut sampled: Vec<&mut PaintContext<'s>> =
            sampled.filter_map(|(.., context)| context.as_mut()).collect();
        let curves = sample_curves(&sampled.iter().map(|context| &**context).collect::<Vec<_>>(), env, 1)?;
        for (context, curve) in sampled.iter_mut().zip(curves) {
            context.curve = curve;
        }
        let marks = |(painter, is_shown, context): &(&ElementPainter<'s>, bool, Option<PaintContext<'s>>)| {
            let mut marks = painter.marks(context.as_ref(), env)?;
            if !is_shown {
                marks.fill(Mark::Nothing);
            }
            Ok(marks)
        };
        painters.iter().map(marks).collect()
    }

    /// The painters of its elements.
    pub(super) fn painters(&self) -> impl Iterator<Item = &ElementPainter<'s>> {
        self.layers
            .iter()
            .filter_map(|layer| if let Layer::Element(painter) = layer { Some(painter) } else { None })
    }

    /// The painters of its springs.
    pub(super) fn springs(&self) -> impl Iterator<Item = &SpringPainter<'s>> {
        self.layers
            .iter()
            .filter_map(|layer| if let Layer::Spring(painter) = layer { Some(painter) } else { None })
    }

    /// The texts of its elements.
    pub(super) fn annotations(&self) -> impl Iterator<Item = &Annotation<'s>> {
        self.layers
            .iter()
            .filter_map(|layer| if let Layer::Annotation(text) = layer { Some(text) } else { None })
    }

    /// The texts of its elements, to be placed.
    pub(super) fn annotations_mut(&mut self) -> impl Iterator<Item = &mut Annotation<'s>> {
        self.layers
            .iter_mut()
            .filter_map(|layer| if let Layer::Annotation(text) = layer { Some(text) } else { None })
    }
}
