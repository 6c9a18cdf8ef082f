//! From elements to marks: what is prepared once, what is painted in every frame, and drawing that several kinds of
//! element share. The marks of one kind are in its file in `panel/element/`; the texts of elements are
//! `panel::annotation`'s.
//!
//! An element that does not move is painted once, with its horizontal and vertical lines on whole pixels. An
//! element that moves is painted in every frame at its exact position, so that it moves smoothly. A hidden
//! element leaves empty marks, so that the display lists of neighboring frames stay aligned.

use std::sync::Arc;

use crate::geometry::{PixelRect, Point};
use crate::mark::{Mark, Shape};
use crate::panel::device_style::{DeviceStyle, fill_mark, snap_line};
use crate::panel::element::RevealedMarks;
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::prepared_label::TextStyle;
use crate::panel::shape::{self, ARROWHEAD_NOTCH};
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::color::Theme;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Arrow;
use crate::scene::model::Env;

/// Paints an element in every frame of a figure.
pub(super) struct ElementPainter<'s> {
    context: PaintContext<'s>,
    viewport: FrameViewport<'s>,
    prepared: PreparedMarks<'s>,
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
    is_moving: bool,
}

/// The part of an element that all frames share.
enum PreparedMarks<'s> {
    Nothing,
    /// Marks of which each frame shows a part.
    Revealed(Box<dyn RevealedMarks + 's>),
    /// The element is painted anew in every frame, with the frame's ranges and style.
    Changing {
        /// Whether line widths are whole pixels.
        is_sharp: bool,
        theme: Theme,
    },
    /// All marks of an element that does not move.
    Static(Vec<Mark>),
}

/// The length of an arrowhead, in line widths.
const HEAD_LENGTH: f64 = 5.0;
/// The breadth of an arrowhead, in line widths.
const HEAD_BREADTH: f64 = 4.0;
/// The least length of an arrowhead, in CSS pixels.
const MIN_HEAD_LENGTH: f64 = 7.0;

impl<'s> ElementPainter<'s> {
    /// Prepares an element. Elements that do not move are evaluated in `env`, which may be any frame's.
    pub(super) fn new(
        reader: SignalReader<'s>,
        viewport: FrameViewport<'s>,
        canvas: PixelRect,
        text_style: &TextStyle<'s>,
        env: &Env<'s>,
    ) -> Result<Self, Diagnostic> {
        let element = reader.element;
        let timeline = &reader.scene.timeline;
        let moves = element.depends_on(timeline.variable) || viewport.moves();
        let is_moving = timeline.frames > 1 && moves;
        let style = DeviceStyle::new(&reader.style(env)?, &text_style.theme, text_style.scale);
        let view = element.kind.view();
        let is_sharp = view.is_axis_aligned() && !is_moving;
        let context = PaintContext {
            reader,
            viewport: viewport.at(env)?,
            canvas,
            style: if is_sharp { style.with_whole_width() } else { style },
            scale: text_style.scale,
            is_moving,
        };
        let changes = viewport.moves() || reader.has_moving_style();
        let revealed = if changes { None } else { view.prepare(&context, env)? };
        let prepared = match revealed {
            Some(revealed) => PreparedMarks::Revealed(revealed),
            None if changes && timeline.frames > 1 => {
                PreparedMarks::Changing { is_sharp, theme: text_style.theme }
            }
            None if !is_moving => PreparedMarks::Static(view.paint(&context, env)?),
            None => PreparedMarks::Nothing,
        };
        Ok(Self { context, viewport, prepared })
    }

    /// Appends the element's marks in one frame; their number is the same in all frames.
    ///
    /// # Errors
    /// A value that must be real is complex, or a curve's span is infinite.
    pub(super) fn marks(&self, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        let context = &self.context;
        let element = context.reader.element;
        let is_shown = match &element.when {
            Some(when) => context.reader.real(when, env)? != 0.0,
            None => true,
        };
        let first = marks.len();
        match &self.prepared {
            PreparedMarks::Static(prepared) => marks.extend_from_slice(prepared),
            PreparedMarks::Revealed(revealed) => revealed.append(context, env, marks),
            PreparedMarks::Changing { is_sharp, theme } => {
                let style = DeviceStyle::new(&context.reader.style(env)?, theme, context.scale);
                let style = if *is_sharp { style.with_whole_width() } else { style };
                let context = PaintContext { viewport: self.viewport.at(env)?, style, ..context.clone() };
                marks.extend(element.kind.view().paint(&context, env)?);
            }
            PreparedMarks::Nothing => marks.extend(element.kind.view().paint(context, env)?),
        }
        if !is_shown {
            marks[first..].fill(Mark::Nothing);
        }
        Ok(())
    }
}

impl PaintContext<'_> {
    /// The coordinate of a line: on whole pixels if the element does not move, otherwise exact.
    pub(super) fn snap_if_static(&self, exact: f64) -> f64 {
        if self.is_moving { exact } else { snap_line(exact, self.style.width) }
    }

    /// A line segment and its arrowheads: always three marks.
    pub(super) fn segment(&self, from: Point, to: Point, arrow: Arrow) -> Vec<Mark> {
        let is_finite = [from, to].iter().all(|p| p.x.is_finite() && p.y.is_finite());
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length = libm::hypot(dx, dy);
        if !is_finite || length == 0.0 {
            return vec![Mark::Nothing; 3];
        }
        let head = (HEAD_LENGTH * self.style.width).max(MIN_HEAD_LENGTH * self.scale).min(length / 2.0);
        let breadth = head * HEAD_BREADTH / HEAD_LENGTH;
        // The line ends in the notch of an arrowhead, not at its tip.
        let shortened = |has_head: bool| if has_head { head * ARROWHEAD_NOTCH / length } else { 0.0 };
        let (at_start, at_end) = (arrow == Arrow::Both, arrow != Arrow::None);
        let along = |fraction: f64| Point::new(from.x + dx * fraction, from.y + dy * fraction);
        let arrowhead = |has_head: bool, at: Point, sign: f64| {
            if has_head {
                let direction = Point::new(dx * sign, dy * sign);
                self.style.shape(shape::arrowhead(direction, head, breadth), at, self.viewport.rect)
            } else {
                Mark::Nothing
            }
        };
        let ends = vec![along(shortened(at_start)), along(1.0 - shortened(at_end))];
        vec![
            self.style.line(ends, self.viewport.rect),
            arrowhead(at_start, from, -1.0),
            arrowhead(at_end, to, 1.0),
        ]
    }

    /// The interior of a shape, empty if the element has no fill color.
    pub(super) fn interior(&self, shape: Arc<Shape>, at: Point) -> Mark {
        self.style.fill.map_or(Mark::Nothing, |color| fill_mark(shape, at, color, self.viewport.rect))
    }
}
