//! From elements to marks: what is prepared once, what is painted in every frame, and drawing that several kinds of
//! element share. The marks of one kind are in its file in `panel/element/`; the texts of elements are
//! `panel::annotation`'s.
//!
//! An element that does not move is painted once, with its horizontal and vertical lines on whole pixels. An
//! element that moves is painted in every frame at its exact position, so that it moves smoothly. A hidden
//! element leaves empty marks, so that the display lists of neighboring frames stay aligned.

use std::sync::{Arc, OnceLock};

use crate::geometry::{PixelRect, Point};
use crate::mark::{Mark, Shape};
use crate::panel::built_panel::BuildContext;
use crate::panel::curve_samples::CurveSamples;
use crate::panel::curve_stroke::CurveStroke;
use crate::panel::device_style::{DeviceStyle, fill_mark, snap_line};
use crate::panel::drawing_work;
use crate::panel::element::RevealedMarks;
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::memory;
use crate::panel::moving_labels::MovingLabels;
use crate::panel::sampling::Sample;
use crate::panel::segment::segment;
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::color::Theme;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Heads;
use crate::scene::model::Env;
use crate::scene::source::Origin;

/// Paints an element in every frame of a figure.
pub(super) struct ElementPainter<'s> {
    context: PaintContext<'s>,
    viewport: FrameViewport<'s>,
    phase: PaintPhase<'s>,
}

/// An element on its panel with everything that its marks are drawn with.
#[derive(Clone)]
pub(super) struct PaintContext<'s> {
    pub(super) reader: SignalReader<'s>,
    pub(super) viewport: Viewport,
    /// Markers are clipped to the canvas; they may reach beyond the plot rectangle.
    pub(super) canvas: PixelRect,
    pub(super) style: DeviceStyle,
    /// Device pixels per CSS pixel.
    pub(super) scale: f64,
    /// The index of the frame.
    pub(super) frame: usize,
    is_moving: bool,
    /// The values that the element's colors or levels show, if it has some.
    pub(super) value_range: Option<[f64; 2]>,
    /// The number of threads that may evaluate the element.
    pub(super) threads: usize,
    /// The samples of the element's curve, in a frame or in all.
    pub(super) curve: Arc<CurveSamples>,
    /// The number of samples for which each frame has marks, if they are painted in every frame.
    pub(super) sample_slots: usize,
    /// The trail of phasors, once it is sampled.
    pub(super) trail: Arc<OnceLock<Result<CurveStroke, Diagnostic>>>,
    /// The labels on lines that move, once they are chosen.
    pub(super) moving_labels: Option<Arc<MovingLabels>>,
}

/// When the marks of an element are made.
enum PaintPhase<'s> {
    /// Before the first frame.
    Prepared(PreparedMarks<'s>),
    /// In every frame.
    Moving,
    /// In every frame, with the frame's ranges and style.
    Changing {
        /// Whether line widths are whole pixels.
        is_sharp: bool,
        theme: Theme,
    },
}

/// The part of an element that all frames share.
enum PreparedMarks<'s> {
    /// Marks of which each frame shows a part.
    Revealed(Box<dyn RevealedMarks + 's>),
    /// All marks of an element that does not move.
    Static(Vec<Mark>),
}

impl<'s> ElementPainter<'s> {
    /// The painter of an element. One that does not change is still to be [prepared](Self::prepare).
    pub(super) fn new(
        reader: SignalReader<'s>,
        viewport: FrameViewport<'s>,
        build: &BuildContext<'_, 's>,
        value_range: Option<[f64; 2]>,
    ) -> Result<Self, Diagnostic> {
        let BuildContext { canvas, text_style, env, threads, .. } = build;
        let element = reader.element;
        let timeline = &reader.scene.timeline;
        let moves = element.depends_on(timeline.variable) || viewport.moves();
        let is_moving = timeline.frames > 1 && moves;
        let style = DeviceStyle::new(&reader.style(env)?, &text_style.theme, text_style.scale);
        let view = element.kind.view();
        let marked = element.kind.curve().filter(|_| element.kind.marks_samples());
        let sample_slots = marked.map_or(Ok(0), |signal| reader.max_samples(signal))?;
        memory::reserve_marked_samples(reader.scene, sample_slots, element.origin)?;
        let is_sharp = view.is_axis_aligned() && !is_moving;
        let context = PaintContext {
            reader,
            viewport: viewport.at(env)?,
            canvas: *canvas,
            style: if is_sharp { style.with_whole_width() } else { style },
            scale: text_style.scale,
            frame: 0,
            is_moving,
            value_range,
            threads: *threads,
            curve: Arc::default(),
            sample_slots,
            trail: Arc::default(),
            moving_labels: None,
        };
        let changes = timeline.frames > 1 && (viewport.moves() || reader.has_moving_style());
        let is_revealed = element.kind.curve().is_some() && view.has_static_extent(&reader);
        let phase = match (changes, is_revealed || !is_moving) {
            (true, _) => PaintPhase::Changing { is_sharp, theme: text_style.theme },
            (false, true) => PaintPhase::Prepared(PreparedMarks::Static(Vec::new())),
            (false, false) => PaintPhase::Moving,
        };
        Ok(Self { context, viewport, phase })
    }

    /// Prepares the marks that all frames share, from the samples of the element's curve.
    ///
    /// # Errors
    /// A value that must be real is complex, or the marks exceed the limit of memory.
    pub(super) fn prepare(&mut self, curve: Arc<CurveSamples>, env: &Env<'s>) -> Result<(), Diagnostic> {
        if let PaintPhase::Prepared(prepared) = &mut self.phase {
            let (scene, origin) = (self.context.reader.scene, self.context.reader.element.origin);
            memory::reserve_curve(scene, curve.curve.samples.len(), origin)?;
            let drawn = (curve.curve.samples.as_slice(), self.context.viewport.rect);
            drawing_work::charge_samples(env.work(), drawn, origin)?;
            let context = PaintContext { curve, ..self.context.clone() };
            let view = context.reader.element.kind.view();
            *prepared = if let Some(revealed) = view.prepare(&context, env)? {
                PreparedMarks::Revealed(revealed)
            } else {
                let marks = view.paint(&context, env)?;
                memory::reserve_marks(scene, &marks, origin)?;
                drawing_work::charge_marks(env.work(), &marks, origin)?;
                PreparedMarks::Static(marks)
            };
        }
        Ok(())
    }

    /// Chooses what an element that is painted in every frame keeps for the film.
    ///
    /// # Errors
    /// A value that must be real is complex, or the work exceeds the limit.
    pub(super) fn choose_labels(&mut self) -> Result<(), Diagnostic> {
        let view = self.context.reader.element.kind.view();
        self.context.moving_labels = view.moving_labels(&self.context, &self.viewport)?.map(Arc::new);
        Ok(())
    }

    /// The context of an element that is prepared.
    pub(super) fn prepared_context(&self) -> Option<&PaintContext<'s>> {
        matches!(self.phase, PaintPhase::Prepared(_)).then_some(&self.context)
    }

    /// The place in the scene of an element that is painted in every frame anew.
    pub(super) fn origin_of_changing(&self) -> Option<Origin> {
        let changes = matches!(self.phase, PaintPhase::Moving | PaintPhase::Changing { .. });
        changes.then_some(self.context.reader.element.origin)
    }

    /// Whether the element may reach the frame of the panel, so that the frame is drawn over it.
    pub(super) fn is_surface(&self) -> bool {
        self.context.reader.element.kind.view().is_surface() || self.is_backdrop()
    }

    /// Whether the element looks the same in all frames that show it.
    pub(super) fn is_static(&self) -> bool {
        matches!(self.phase, PaintPhase::Prepared(PreparedMarks::Static(_)))
    }

    /// Whether the element fills the panel.
    pub(super) fn is_backdrop(&self) -> bool {
        self.context.reader.element.kind.view().is_backdrop()
    }

    /// The context of an element that is painted in every frame, in one of them.
    ///
    /// # Errors
    /// A range or a style has no value.
    pub(super) fn frame_context(
        &self,
        (frame, env): (usize, &Env<'s>),
    ) -> Result<Option<PaintContext<'s>>, Diagnostic> {
        // Frames are drawn on several threads already.
        let context = || PaintContext { frame, threads: 1, ..self.context.clone() };
        Ok(match &self.phase {
            PaintPhase::Prepared(_) => None,
            PaintPhase::Moving => Some(context()),
            PaintPhase::Changing { is_sharp, theme } => {
                let PaintContext { reader, scale, .. } = &self.context;
                let style = DeviceStyle::new(&reader.style(env)?, theme, *scale);
                let style = if *is_sharp { style.with_whole_width() } else { style };
                Some(PaintContext { viewport: self.viewport.at(env)?, style, ..context() })
            }
        })
    }

    /// Whether a frame shows the element.
    ///
    /// # Errors
    /// The condition is complex.
    pub(super) fn is_shown(&self, env: &Env<'s>) -> Result<bool, Diagnostic> {
        self.context.reader.is_shown(env)
    }

    /// The element's marks in one frame; their number is the same in all frames. `context` is that of the frame, with the
    /// samples of its curve.
    ///
    /// # Errors
    /// A value that must be real is complex.
    pub(super) fn marks(
        &self,
        context: Option<&PaintContext<'s>>,
        env: &Env<'s>,
    ) -> Result<Vec<Mark>, Diagnostic> {
        let paint = |context: &PaintContext<'s>| context.reader.element.kind.view().paint(context, env);
        match &self.phase {
            PaintPhase::Prepared(PreparedMarks::Static(prepared)) => Ok(prepared.clone()),
            PaintPhase::Prepared(PreparedMarks::Revealed(revealed)) => {
                let mut marks = Vec::new();
                revealed.append(&self.context, env, &mut marks);
                Ok(marks)
            }
            PaintPhase::Moving | PaintPhase::Changing { .. } => paint(context.unwrap_or(&self.context)),
        }
    }
}

impl PaintContext<'_> {
    /// Whether the element looks the same in all frames.
    pub(super) fn is_static(&self) -> bool {
        !self.is_moving
    }

    /// The coordinate of a line: on whole pixels if the element does not move, otherwise exact.
    pub(super) fn snap_if_static(&self, exact: f64) -> f64 {
        self.snap_if(!self.is_moving, exact)
    }

    /// The coordinate of a line: on whole pixels if it keeps still, otherwise exact.
    pub(super) fn snap_if(&self, is_still: bool, exact: f64) -> f64 {
        if is_still { snap_line(exact, self.style.width) } else { exact }
    }

    /// The style of lines that are horizontal or vertical, with whole widths if they keep still.
    pub(super) fn style_of_still(&self, is_still: bool) -> DeviceStyle {
        if is_still { self.style.clone().with_whole_width() } else { self.style.clone() }
    }

    /// The samples of the element's curve.
    pub(super) fn samples(&self) -> &[Sample] {
        &self.curve.curve.samples
    }

    /// A line segment and its arrowheads: always three marks.
    pub(super) fn segment(&self, from: Point, to: Point, heads: Heads) -> Vec<Mark> {
        segment(&self.style, self.scale, ([from, to], heads), self.viewport.rect)
    }

    /// The interior of a shape, empty if the element has no fill color.
    pub(super) fn interior(&self, shape: Arc<Shape>, at: Point) -> Mark {
        self.style.fill.map_or(Mark::Nothing, |color| fill_mark(shape, at, color, self.viewport.rect))
    }
}
