//! The texts of elements: `text` elements and the notes of points.
//!
//! An annotation knows its preferred position in every frame. `panel::text_layout` then decides on the final
//! positions, before the first frame is drawn.

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::Mark;
use crate::panel::device_style::DeviceStyle;
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::{PreparedLabel, TextStyle, anchored_origin, glyph_marks, snap_baseline};
use crate::panel::signal_reader::SignalReader;
use crate::scene::color::Theme;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{self, Anchor, Element, Space, TextAnchor};
use crate::scene::expr::Code;
use crate::scene::model::Env;

/// The gap between a point's marker and its note, in em.
const NOTE_GAP: f64 = 0.25;

/// The text of an element, prepared for a figure.
pub(super) struct Annotation<'s> {
    reader: SignalReader<'s>,
    viewport: FrameViewport<'s>,
    label: PreparedLabel<'s>,
    anchor: &'s TextAnchor,
    theme: Theme,
    attachment: Attachment<'s>,
    /// Texts are clipped to the canvas; they may reach beyond the plot rectangle.
    clip: PixelRect,
    /// The preferred origins of the recorded frames, then the final origins.
    origins: OriginPath,
    /// The boxes of the marker that a note belongs to, in the recorded frames.
    markers: Vec<Option<Bounds>>,
}

/// The text of an element and its place.
pub(super) struct AnnotationText<'s> {
    pub(super) label: PreparedLabel<'s>,
    /// The part of the text that is nearest to its place.
    pub(super) anchor: &'s TextAnchor,
    pub(super) attachment: Attachment<'s>,
}

/// The reference of an annotation's position.
pub(super) enum Attachment<'s> {
    /// A position, in data coordinates or as a fraction of the plot rectangle.
    Position(&'s [Code; 2], Space),
    /// A point, and half a CSS pixel in device pixels.
    Point(&'s element::Point, f64),
}

impl<'s> Annotation<'s> {
    /// Prepares the text of an element, if it has one. No frame is recorded yet.
    ///
    /// # Errors
    /// The label cannot be typeset.
    pub(super) fn new(
        reader: SignalReader<'s>,
        viewport: FrameViewport<'s>,
        clip: PixelRect,
        text_style: &TextStyle<'s>,
    ) -> Result<Option<Self>, Diagnostic> {
        let element = reader.element;
        let style = reader.style(&reader.scene.env(0)?)?;
        let Some(text) = element.kind.view().text(&style, text_style)? else { return Ok(None) };
        let AnnotationText { label, anchor, attachment } = text;
        let origins = OriginPath::Moving(Vec::new());
        let theme = text_style.theme;
        Ok(Some(Self {
            reader,
            viewport,
            label,
            anchor,
            theme,
            attachment,
            clip,
            origins,
            markers: Vec::new(),
        }))
    }

    /// The element that the text belongs to.
    pub(super) fn element(&self) -> &'s Element {
        self.reader.element
    }

    /// Whether the preferred position moves in the film.
    pub(super) fn is_moving(&self) -> bool {
        let timeline = &self.reader.scene.timeline;
        let is_in_data = !matches!(self.attachment, Attachment::Position(_, Space::Panel));
        let moves = self.element().depends_on(timeline.variable) || is_in_data && self.viewport.moves();
        timeline.frames > 1 && moves
    }

    /// Whether the final position may differ from frame to frame. Notes count too when their point does not
    /// move, since what they would overlap may move.
    pub(super) fn is_placed_per_frame(&self) -> bool {
        match self.attachment {
            Attachment::Point(..) => true,
            Attachment::Position(..) => self.is_moving(),
        }
    }

    /// Whether the text may be shifted as a whole. A text in data coordinates names something at its
    /// position, and stays there.
    pub(super) fn is_movable(&self) -> bool {
        matches!(self.attachment, Attachment::Position(_, Space::Panel)) && !self.is_moving()
    }

    /// Whether the preferred position, or whether the text is shown, differs from frame to frame. Otherwise
    /// recording one frame is enough.
    pub(super) fn changes(&self) -> bool {
        self.is_moving() || self.element().when.is_some()
    }

    /// Records the preferred position in the next frame.
    ///
    /// # Errors
    /// A value that must be real is complex.
    pub(super) fn record_frame(&mut self, env: &Env<'s>) -> Result<(), Diagnostic> {
        let point = self.attachment_point(env)?;
        let radius = self.marker_radius(env)?;
        if let Attachment::Point(..) = self.attachment {
            let center = |at: Point| Bounds { left: at.x, top: at.y, right: at.x, bottom: at.y };
            self.markers.push(point.map(|at| center(at).inflated(radius)));
        }
        let (anchor, is_moving) = (self.anchor_at(env)?, self.is_moving());
        let preferred = point.map(|at| self.preferred_origin(at, anchor, radius));
        match &mut self.origins {
            OriginPath::Moving(origins) if is_moving => origins.push(preferred),
            OriginPath::Static { origin, shown: Some(shown) } => {
                shown.push(preferred.is_some());
                *origin = preferred.unwrap_or(*origin);
            }
            first => {
                let is_ever_hidden = self.reader.element.when.is_some() || preferred.is_none();
                let shown = is_ever_hidden.then(|| vec![preferred.is_some()]);
                *first = OriginPath::Static { origin: preferred.unwrap_or_default(), shown };
            }
        }
        Ok(())
    }

    /// The distance from the center of the point's marker to its edge in one frame, in device pixels; 0 without a marker.
    fn marker_radius(&self, env: &Env<'_>) -> Result<f64, Diagnostic> {
        match self.attachment {
            Attachment::Point(point, half) => Ok(self.reader.marker_size(&point.marker, env)? * half),
            Attachment::Position(..) => Ok(0.0),
        }
    }

    /// The anchor in one frame.
    fn anchor_at(&self, env: &Env<'_>) -> Result<Anchor, Diagnostic> {
        let codes = match self.anchor {
            TextAnchor::Fixed(anchor) => return Ok(*anchor),
            TextAnchor::Moving(codes) => codes,
        };
        let (x, y) = self.reader.pair(codes, env)?;
        if x.is_finite() && y.is_finite() {
            return Ok(Anchor { x, y: 1.0 - y });
        }
        let (name, moment) = (&self.reader.panel.name, self.reader.scene.moment(env));
        Err(Diagnostic::new(format!("the anchor of a text of panel `{name}` is undefined at {moment}"))
            .at(self.element().origin)
            .help("write fractions of the text's box, such as [0.5, 0], or a name such as 's'"))
    }

    /// The preferred origin for an attachment point.
    fn preferred_origin(&self, point: Point, anchor: Anchor, radius: f64) -> Point {
        let text_box = self.label.text_box();
        match self.attachment {
            Attachment::Position(..) => {
                let origin = anchored_origin(text_box, anchor, point);
                if self.is_moving() { origin } else { snap_baseline(origin) }
            }
            Attachment::Point(..) => {
                let gap = radius + self.label.em() * NOTE_GAP;
                let beside = |at: f64, anchor: f64| at + (0.5 - anchor) * 2.0 * gap;
                let at = Point::new(beside(point.x, anchor.x), beside(point.y, anchor.y));
                anchored_origin(text_box, anchor, at)
            }
        }
    }

    /// The point in device pixels that the text is attached to; `None` in a frame that hides the text.
    fn attachment_point(&self, env: &Env<'s>) -> Result<Option<Point>, Diagnostic> {
        if let Some(when) = &self.element().when
            && self.reader.real(when, env)? == 0.0
        {
            return Ok(None);
        }
        let viewport = self.viewport.at(env)?;
        let (at, is_inside) = match self.attachment {
            Attachment::Position(at, Space::Data) => {
                let coordinates = self.reader.pair(at, env)?;
                // What a moving range leaves behind would lie beside the plot.
                (viewport.point(coordinates), !self.viewport.moves() || viewport.contains(coordinates))
            }
            Attachment::Position(at, Space::Panel) => (viewport.fraction(self.reader.pair(at, env)?), true),
            Attachment::Point(point, _) => {
                let coordinates = self.reader.coordinates(&point.signal, env)?;
                (viewport.point(coordinates), viewport.contains(coordinates))
            }
        };
        Ok((is_inside && at.x.is_finite() && at.y.is_finite()).then_some(at))
    }

    /// The box of the marker that a note belongs to, in a frame.
    pub(super) fn marker(&self, index: usize) -> Option<Bounds> {
        let last = self.markers.len().checked_sub(1)?;
        self.markers[index.min(last)]
    }

    /// Shifts a text that does not move, vertically by whole pixels so that its baseline stays on one.
    pub(super) fn shift(&mut self, by: Point) {
        match &mut self.origins {
            OriginPath::Static { origin, .. } => {
                let dy = if by.y < 0.0 { by.y.floor() } else { by.y.ceil() };
                *origin = Point::new(origin.x + by.x, origin.y + dy);
            }
            OriginPath::Moving(_) | OriginPath::Passing { .. } => {}
        }
    }

    /// Moves the text away from its preferred position, by an offset per frame.
    pub(super) fn offset_frames(&mut self, offsets: &[Point]) {
        let moved = |(index, by): (usize, &Point)| {
            self.origins.origin(index).map(|origin| Point::new(origin.x + by.x, origin.y + by.y))
        };
        self.origins = OriginPath::Moving(offsets.iter().enumerate().map(moved).collect());
    }

    /// The text at its present position.
    pub(super) fn placed_text(&self) -> PlacedText<'s> {
        let label = self.label.label();
        PlacedText {
            panel: self.reader.panel,
            role: match self.attachment {
                Attachment::Position(..) => TextRole::Text,
                Attachment::Point(..) => TextRole::Note,
            },
            text: label.template.source().to_owned(),
            source: label.origin,
            text_box: self.label.text_box(),
            origins: self.origins.clone(),
        }
    }

    /// Appends the text's marks in a frame; their number is the same in all frames.
    ///
    /// # Errors
    /// The label cannot be typeset with the readouts' values.
    pub(super) fn marks(&self, index: usize, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        let origin = self.origins.origin(index);
        let first = marks.len();
        let color = match self.attachment {
            Attachment::Position(..) if self.reader.has_moving_style() => {
                DeviceStyle::new(&self.reader.style(env)?, &self.theme, 1.0).color
            }
            Attachment::Position(..) | Attachment::Point(..) => self.label.color(),
        };
        let typeset = self.label.typeset(env)?;
        marks.extend(glyph_marks(&typeset, origin.unwrap_or_default(), color, self.clip));
        if origin.is_none() {
            marks[first..].fill(Mark::Nothing);
        }
        Ok(())
    }
}
