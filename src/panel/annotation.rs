//! The texts that elements write: `text`, and the notes of points.
//!
//! Where each stands in every frame is settled before the first one is drawn (`panel::text_layout`);
//! here it is said where it would like to stand, and what paints it.

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::Mark;
use crate::panel::device_style::DeviceStyle;
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::{PreparedLabel, TextStyle, anchored_origin};
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Element, ElementKind, Signal, Space};
use crate::scene::expr::Code;
use crate::scene::model::Env;

/// Between a point's marker and its note, in em.
const NOTE_GAP: f64 = 0.25;

/// An element's text made ready for a figure.
pub(super) struct Annotation<'s> {
    reader: SignalReader<'s>,
    viewport: Viewport,
    text: PreparedLabel<'s>,
    anchor: Anchor,
    attachment: Attachment<'s>,
    /// Texts may hang over the plot rectangle.
    clip: PixelRect,
    /// Where its origin would like to be, until it has its place.
    origins: OriginPath,
    /// The marker that it belongs to: in every frame the same one, or one a frame.
    markers: Vec<Option<Bounds>>,
}

/// What a text is held by.
enum Attachment<'s> {
    /// A place of its own.
    Position(&'s [Code; 2], Space),
    /// A point, and half of its marker's size in device pixels.
    Point(&'s Signal, f64),
}

impl<'s> Annotation<'s> {
    /// The text of an element, if it has one; nowhere until it is placed.
    pub(super) fn new(
        reader: SignalReader<'s>,
        viewport: Viewport,
        clip: PixelRect,
        text_style: &TextStyle<'s>,
    ) -> Result<Option<Self>, Diagnostic> {
        let element = reader.element;
        let (text, anchor, attachment) = match &element.kind {
            ElementKind::Text { label, at, space, anchor } => {
                let color = DeviceStyle::new(&element.style, &text_style.theme, 1.0).color;
                (text_style.prepare_colored(label, color)?, *anchor, Attachment::Position(at, *space))
            }
            ElementKind::Point { signal, size, note: Some(note), .. } => {
                let half = size * text_style.scale / 2.0;
                (text_style.prepare(&note.label)?, note.anchor, Attachment::Point(signal, half))
            }
            ElementKind::Point { note: None, .. }
            | ElementKind::Trace { .. }
            | ElementKind::Area { .. }
            | ElementKind::Arm { .. }
            | ElementKind::Drop { .. }
            | ElementKind::Hline(_)
            | ElementKind::Vline(_)
            | ElementKind::Line { .. }
            | ElementKind::Rect(_)
            | ElementKind::Circle { .. }
            | ElementKind::Field { .. } => return Ok(None),
        };
        let origins = OriginPath::Moving(Vec::new());
        Ok(Some(Self { reader, viewport, text, anchor, attachment, clip, origins, markers: Vec::new() }))
    }

    /// The element that writes it.
    pub(super) fn element(&self) -> &'s Element {
        self.reader.element
    }

    /// Whether what it is held by moves in the course of the film.
    pub(super) fn moves(&self) -> bool {
        let timeline = &self.reader.scene.timeline;
        timeline.frames > 1 && self.element().depends_on(timeline.variable)
    }

    /// Whether it steps aside frame by frame: notes always do, since what they meet may move.
    pub(super) fn is_placed_per_frame(&self) -> bool {
        match self.attachment {
            Attachment::Point(..) => true,
            Attachment::Position(..) => self.moves(),
        }
    }

    /// Whether it stands at a fraction of its panel, and not where something is to be named.
    pub(super) fn is_movable(&self) -> bool {
        matches!(self.attachment, Attachment::Position(_, Space::Panel)) && !self.moves()
    }

    /// Whether frames differ in where it would like to be, or in whether it is shown.
    pub(super) fn changes(&self) -> bool {
        self.moves() || self.element().when.is_some()
    }

    /// Notes where it would like to be in one more frame; once is enough for a text that never changes.
    pub(super) fn record_frame(&mut self, env: &Env<'s>) -> Result<(), Diagnostic> {
        let at = self.attachment_point(env)?;
        let (origin, moves) = (at.map(|at| self.preferred_origin(at)), self.moves());
        if let Attachment::Point(_, half) = self.attachment {
            let dot = |at: Point| Bounds { left: at.x, top: at.y, right: at.x, bottom: at.y };
            self.markers.push(at.map(|at| dot(at).inflated(half)));
        }
        match (&mut self.origins, moves) {
            (OriginPath::Moving(places), true) => places.push(origin),
            (OriginPath::Static(place, Some(shown)), _) => {
                shown.push(origin.is_some());
                *place = origin.unwrap_or(*place);
            }
            (course, _) => {
                let shown =
                    (self.reader.element.when.is_some() || origin.is_none()).then(|| vec![origin.is_some()]);
                *course = OriginPath::Static(origin.unwrap_or_default(), shown);
            }
        }
        Ok(())
    }

    /// Where its origin would like to be if that point holds it.
    fn preferred_origin(&self, at: Point) -> Point {
        let at = match self.attachment {
            Attachment::Position(..) => at,
            Attachment::Point(_, half) => {
                let gap = half + self.text.em() * NOTE_GAP;
                let aside = |at: f64, part: f64| at + (0.5 - part) * 2.0 * gap;
                Point::new(aside(at.x, self.anchor.x), aside(at.y, self.anchor.y))
            }
        };
        let stands = matches!(self.attachment, Attachment::Position(..)) && !self.moves();
        anchored_origin(self.text.text_box(), (at, self.anchor), stands)
    }

    /// The point that holds it; none where it is hidden.
    fn attachment_point(&self, env: &Env<'s>) -> Result<Option<Point>, Diagnostic> {
        if let Some(when) = &self.element().when
            && self.reader.real(when, env)? == 0.0
        {
            return Ok(None);
        }
        let (at, shown) = match self.attachment {
            Attachment::Position(at, Space::Data) => (self.viewport.point(self.reader.pair(at, env)?), true),
            Attachment::Position(at, Space::Panel) => {
                (self.viewport.fraction(self.reader.pair(at, env)?), true)
            }
            Attachment::Point(signal, _) => {
                let coordinates = self.reader.coordinates(signal, env)?;
                (self.viewport.point(coordinates), self.viewport.holds(coordinates))
            }
        };
        Ok((shown && at.x.is_finite() && at.y.is_finite()).then_some(at))
    }

    /// The marker that it belongs to, in a frame.
    pub(super) fn marker(&self, index: usize) -> Option<Bounds> {
        let last = self.markers.len().checked_sub(1)?;
        self.markers[index.min(last)]
    }

    /// Moves a text that stands still; its baseline stays on a whole pixel.
    pub(super) fn shift(&mut self, by: Point) {
        match &mut self.origins {
            OriginPath::Static(origin, _) => {
                let away = if by.y < 0.0 { by.y.floor() } else { by.y.ceil() };
                *origin = Point::new(origin.x + by.x, origin.y + away);
            }
            OriginPath::Moving(_) => {}
        }
    }

    /// Leads it so far away from where it would like to be in every frame.
    pub(super) fn offset_frames(&mut self, offsets: &[Point]) {
        let led = |(index, by): (usize, &Point)| {
            self.origins.origin(index).map(|origin| Point::new(origin.x + by.x, origin.y + by.y))
        };
        self.origins = OriginPath::Moving(offsets.iter().enumerate().map(led).collect());
    }

    /// The settled text.
    pub(super) fn placed_text(&self) -> PlacedText<'s> {
        let label = self.text.label();
        PlacedText {
            panel: self.reader.panel,
            role: match self.attachment {
                Attachment::Position(..) => TextRole::Text,
                Attachment::Point(..) => TextRole::Note,
            },
            text: label.template.source().to_owned(),
            source: label.origin,
            text_box: self.text.text_box(),
            origins: self.origins.clone(),
        }
    }

    /// Its marks in a frame.
    pub(super) fn marks(&self, index: usize, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        let origin = self.origins.origin(index);
        let first = marks.len();
        marks.extend(self.text.marks(env, origin.unwrap_or_default(), self.clip)?);
        if origin.is_none() {
            marks[first..].fill(Mark::Nothing);
        }
        Ok(())
    }
}
