//! The texts of elements: `text` elements, the notes of points and arrows, and the names at the ends of curves.
//!
//! An annotation knows its preferred position in every frame. `panel::text_layout` then decides on the final
//! positions, before the first frame is drawn.

use std::sync::{Arc, OnceLock};

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::{Mark, Shape};
use crate::panel::attachment::{AnnotationText, Attachment};
use crate::panel::device_style::{DeviceStyle, fill_mark};
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::note_path::{NotePath, anchor_across, is_on_edge, origin_beside, side_across};
use crate::panel::placed_text::{OriginPath, PlacedText};
use crate::panel::prepared_label::{PreparedLabel, TextStyle, anchored_origin, glyph_marks, snap_baseline};
use crate::panel::signal_reader::SignalReader;
use crate::raster::Rgba;
use crate::scene::color::Theme;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Element, ElementKind, Halo, Panel, Space, TextAnchor};
use crate::scene::model::Env;

/// The gap between the end of a curve and its name, in em.
pub(super) const END_GAP: f64 = 0.4;

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
    /// The radius of its halo in device pixels; 0 for none.
    halo_radius: f64,
    /// The halo of a text that is the same in all frames, once it is drawn.
    halo: OnceLock<Arc<Shape>>,
    /// The preferred origins of the recorded frames, then the final origins.
    origins: OriginPath,
    /// The boxes of the marker that a note belongs to, in the recorded frames.
    markers: Vec<Option<Bounds>>,
    /// The preferred anchors of a note in the recorded frames.
    anchors: Vec<Anchor>,
    /// The direction across an arrow in which its note stands in the last recorded frame.
    across: Option<Point>,
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
        Ok(Some(Self::with_text((reader, viewport), clip, text_style, text)))
    }

    /// The name at the end of a curve, if it has one.
    ///
    /// # Errors
    /// The label cannot be typeset.
    pub(super) fn at_end(
        reader: SignalReader<'s>,
        viewport: FrameViewport<'s>,
        clip: PixelRect,
        text_style: &TextStyle<'s>,
    ) -> Result<Option<Self>, Diagnostic> {
        let element = reader.element;
        let (Some(label), ElementKind::Trace(trace)) = (&element.end_label, &element.kind) else {
            return Ok(None);
        };
        let style = reader.style(&reader.scene.env(0)?)?;
        let color = DeviceStyle::new(&style, &text_style.theme, 1.0).color;
        let (anchor, attachment) = Attachment::of_end(trace, reader.panel);
        let label = text_style.prepare_colored(label, color)?;
        let text = AnnotationText { label, anchor, attachment, halo: Halo::Auto };
        Ok(Some(Self::with_text((reader, viewport), clip, text_style, text)))
    }

    /// The annotation of a text. No frame is recorded yet.
    fn with_text(
        (reader, viewport): (SignalReader<'s>, FrameViewport<'s>),
        clip: PixelRect,
        text_style: &TextStyle<'s>,
        AnnotationText { label, anchor, attachment, halo }: AnnotationText<'s>,
    ) -> Self {
        let halo_radius = text_style.halo_radius(halo);
        Self {
            reader,
            viewport,
            label,
            anchor,
            theme: text_style.theme,
            attachment,
            clip,
            halo_radius,
            halo: OnceLock::new(),
            origins: OriginPath::Moving(Vec::new()),
            markers: Vec::new(),
            anchors: Vec::new(),
            across: None,
        }
    }

    /// The element that the text belongs to.
    pub(super) fn element(&self) -> &'s Element {
        self.reader.element
    }

    /// The panel that shows the text.
    pub(super) fn panel(&self) -> &'s Panel {
        self.reader.panel
    }

    /// Whether the preferred position moves in the film.
    pub(super) fn is_moving(&self) -> bool {
        let timeline = &self.reader.scene.timeline;
        let moves = self.element().depends_on(timeline.variable)
            || self.attachment.is_in_data() && self.viewport.moves();
        timeline.frames > 1 && moves
    }

    /// Whether the final position may differ from frame to frame. Notes count too when their point does not
    /// move, since what they would overlap may move.
    pub(super) fn is_placed_per_frame(&self) -> bool {
        self.attachment.is_note() || self.is_at_end() || self.is_moving()
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
        let radius = self.attachment.radius(&self.reader, env)?;
        let anchor = self.anchor_at(env)?;
        if self.attachment.is_note() {
            self.anchors.push(anchor);
            let center = |at: Point| Bounds { left: at.x, top: at.y, right: at.x, bottom: at.y };
            self.markers.push(point.map(|at| center(at).inflated(radius)));
        }
        let is_moving = self.is_moving();
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

    /// The anchor in one frame.
    fn anchor_at(&mut self, env: &Env<'s>) -> Result<Anchor, Diagnostic> {
        let codes = match self.anchor {
            TextAnchor::Fixed(anchor) => return Ok(*anchor),
            TextAnchor::Moving(codes) => codes,
            TextAnchor::Across => {
                let vector = self.attachment.vector(&self.reader, &self.viewport, env)?;
                self.across = vector.and_then(|vector| side_across(vector, self.across)).or(self.across);
                let gap = self.gap(self.attachment.radius(&self.reader, env)?);
                return Ok(anchor_across(self.label.text_box(), gap, self.across));
            }
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
            Attachment::Point(..) | Attachment::Arrow(..) | Attachment::CurveNote(_) => {
                origin_beside(text_box, anchor, point, self.gap(radius))
            }
            Attachment::CurveEnd(_) => {
                let at = Point::new(point.x + self.label.em() * END_GAP, point.y);
                anchored_origin(text_box, anchor, at)
            }
        }
    }

    /// The distance of a note's anchor from the center of a marker of this radius.
    fn gap(&self, radius: f64) -> f64 {
        radius + self.label.em() * self.attachment.gap()
    }

    /// The point in device pixels that the text is attached to; `None` in a frame that hides the text.
    fn attachment_point(&self, env: &Env<'s>) -> Result<Option<Point>, Diagnostic> {
        if !self.reader.is_shown(env)? {
            return Ok(None);
        }
        self.attachment.place(&self.reader, &self.viewport, env)
    }

    /// Whether the text stands beside the end of a curve, on a line with it.
    pub(super) fn is_at_end(&self) -> bool {
        self.attachment.is_at_end()
    }

    /// The box of the marker that a note belongs to, in a frame.
    pub(super) fn marker(&self, index: usize) -> Option<Bounds> {
        let last = self.markers.len().checked_sub(1)?;
        self.markers[index.min(last)]
    }

    /// The center of the marker that a note belongs to, and the distance of its anchor from there, in a frame.
    pub(super) fn marker_place(&self, index: usize) -> Option<(Point, f64)> {
        let Bounds { left, top, right, bottom } = self.marker(index)?;
        let center = Point::new(f64::midpoint(left, right), f64::midpoint(top, bottom));
        Some((center, self.gap((right - left) / 2.0)))
    }

    /// Whether the text is a note that may stand on any side of its marker: one whose anchor is not of signals, and which
    /// does not lie on its marker.
    pub(super) fn has_free_side(&self) -> bool {
        self.attachment.is_note()
            && match self.anchor {
                TextAnchor::Fixed(anchor) => is_on_edge(*anchor),
                TextAnchor::Across => true,
                TextAnchor::Moving(_) => false,
            }
    }

    /// The anchor that a note prefers in a frame.
    pub(super) fn preferred_anchor(&self, index: usize) -> Option<Anchor> {
        let last = self.anchors.len().checked_sub(1)?;
        Some(self.anchors[index.min(last)])
    }

    /// The rectangle that a note can reach on all sides of its marker in a frame that shows it.
    pub(super) fn reach(&self, index: usize) -> Option<Bounds> {
        let (center, gap) = self.marker_place(index)?;
        let text_box = self.label.text_box();
        let (across, along) = (gap + text_box.width, gap + text_box.ascent + text_box.descent);
        let em = self.label.em();
        Some(Bounds {
            left: center.x - across - em,
            top: center.y - along - em,
            right: center.x + across + em,
            bottom: center.y + along + em,
        })
    }

    /// The path of a note that may stand on any side of its marker.
    pub(super) fn note_path(&self, canvas: Bounds, max_step: f64, wraps: bool) -> Option<NotePath> {
        let (text_box, em) = (self.label.text_box(), self.label.em());
        // Beside the plot are the tick labels of the second vertical axis.
        let canvas = match self.attachment {
            Attachment::CurveNote(_) => self.viewport.first.rect.into(),
            _ => canvas,
        };
        self.has_free_side().then_some(NotePath {
            text_box,
            em,
            reach: self.attachment.reach(),
            max_step,
            canvas,
            wraps,
        })
    }

    /// The origins in all frames.
    pub(super) fn origins(&self) -> &OriginPath {
        &self.origins
    }

    /// Replaces the origins.
    pub(super) fn set_origins(&mut self, origins: OriginPath) {
        self.origins = origins;
    }

    /// Moves a note to these sides of its marker, one for each frame.
    pub(super) fn set_anchors(&mut self, anchors: &[Anchor]) {
        let beside = |index: usize| {
            let (center, gap) = self.marker_place(index)?;
            Some(origin_beside(self.label.text_box(), anchors[index], center, gap))
        };
        let keeps_side = anchors.windows(2).all(|pair| pair[0] == pair[1]);
        self.origins = match &self.origins {
            OriginPath::Static { origin, shown } if keeps_side => {
                OriginPath::Static { origin: beside(0).unwrap_or(*origin), shown: shown.clone() }
            }
            shown => {
                let moved = |index: usize| shown.origin(index).and_then(|_| beside(index));
                OriginPath::Moving((0..anchors.len()).map(moved).collect())
            }
        };
    }

    /// Shifts a text that does not move, vertically by whole pixels so that its baseline stays on one.
    pub(super) fn shift(&mut self, by: Point) {
        if let OriginPath::Static { origin, .. } = &mut self.origins {
            let dy = if by.y < 0.0 { by.y.floor() } else { by.y.ceil() };
            *origin = Point::new(origin.x + by.x, origin.y + dy);
        }
    }

    /// Moves the text away from its preferred position, by an offset per frame.
    pub(super) fn offset_frames(&mut self, offsets: &[Point]) {
        self.origins = self.origins.moved(offsets);
    }

    /// The text at its present position.
    pub(super) fn placed_text(&self) -> PlacedText<'s> {
        let label = self.label.label();
        PlacedText {
            panel: self.reader.panel,
            role: self.attachment.role(),
            text: label.template.source().to_owned(),
            source: label.origin,
            text_box: self.label.text_box(),
            origins: self.origins.clone(),
        }
    }

    /// The origin in a frame. In the one after the last, on the way to the first, a text that moves keeps its distance from its
    /// place.
    fn origin(&self, index: usize, env: &Env<'s>) -> Result<Option<Point>, Diagnostic> {
        let last = self.reader.scene.timeline.frames - 1;
        if index <= last || !matches!(self.origins, OriginPath::Moving(_)) {
            return Ok(self.origins.origin(index));
        }
        let ends = [&self.reader.scene.frame_env(last)?, env];
        let way = self.attachment.way(&self.reader, &self.viewport, ends)?;
        Ok(self.origins.origin(last).zip(way).map(|(at, way)| Point::new(at.x + way.x, at.y + way.y)))
    }

    /// Appends the text's marks in a frame, below them those of its halo; their number is the same in all frames.
    ///
    /// # Errors
    /// The label cannot be typeset with the readouts' values.
    pub(super) fn marks(&self, index: usize, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        let origin = self.origin(index, env)?;
        let first = marks.len();
        let color = match self.attachment {
            Attachment::Position(..) | Attachment::CurveEnd(_) | Attachment::CurveNote(_)
                if self.reader.has_moving_style() =>
            {
                DeviceStyle::new(&self.reader.style(env)?, &self.theme, 1.0).color
            }
            _ => self.label.color(),
        };
        let typeset = self.label.typeset(env)?;
        if self.halo_radius > 0.0 {
            let halo = || typeset.halo(self.halo_radius);
            let halo = match self.label.static_typeset() {
                Some(_) => Arc::clone(self.halo.get_or_init(halo)),
                None => halo(),
            };
            let paper = Rgba { a: color.a, ..self.theme.paper };
            marks.push(fill_mark(halo, origin.unwrap_or_default(), paper, self.clip));
        }
        marks.extend(glyph_marks(&typeset, origin.unwrap_or_default(), color, self.clip));
        if origin.is_none() {
            marks[first..].fill(Mark::Nothing);
        }
        Ok(())
    }
}
