//! The places to which texts of elements are attached: a position, a marker, the middle of an arrow or the end of a curve.

use crate::geometry::{Bounds, Point};
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::placed_text::TextRole;
use crate::panel::prepared_label::PreparedLabel;
use crate::panel::signal_reader::{SignalReader, variable_value};
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{self, Anchor, Halo, Panel, PointCodes, Reveal, Space, TextAnchor, Trace};
use crate::scene::model::Env;

/// The gap between a point's marker and its note, in em.
const POINT_GAP: f64 = 0.25;
/// The gap between an arrow and its note, in em.
const ARROW_GAP: f64 = 0.4;
/// The distance of lines that counts as touching the note of a point, in em.
const POINT_REACH: f64 = 0.15;
/// The same for the note of an arrow, which lies along a line: its halo does not reach that line.
const ARROW_REACH: f64 = 0.3;

/// The part of a curve's name that is at the end of the curve: the middle of its left side.
static END_ANCHOR: TextAnchor = TextAnchor::Fixed(Anchor { x: 0.0, y: 0.5 });
/// The part of a curve's name that is preferably at the end of the curve, where the name stands in the plot: its lower right
/// corner.
static NOTE_ANCHOR: TextAnchor = TextAnchor::Fixed(Anchor { x: 1.0, y: 1.0 });

/// The reference of an annotation's position.
pub(super) enum Attachment<'s> {
    /// A position, in data coordinates or as a fraction of the plot rectangle.
    Position(&'s PointCodes, Space),
    /// A point, and half a CSS pixel in device pixels.
    Point(&'s element::Point, f64),
    /// The middle of the arrow between two places, and half of its width in device pixels.
    Arrow(&'s [PointCodes; 2], f64),
    /// The end of the part of a curve that a frame shows. The text stands beside it, which may be beside the plot.
    CurveEnd(&'s Trace),
    /// The same, with a text that stands around it as a note does.
    CurveNote(&'s Trace),
}

/// The text of an element and its place.
pub(super) struct AnnotationText<'s> {
    pub(super) label: PreparedLabel<'s>,
    /// The part of the text that is nearest to its place.
    pub(super) anchor: &'s TextAnchor,
    pub(super) attachment: Attachment<'s>,
    pub(super) halo: Halo,
}

impl<'s> Attachment<'s> {
    /// The place and the anchor of the name at the end of a curve. Where a panel has a second vertical axis, its tick labels
    /// stand beside the plot, so the name stands in the plot.
    pub(super) fn of_end(trace: &'s Trace, panel: &Panel) -> (&'static TextAnchor, Self) {
        match panel.y2 {
            None => (&END_ANCHOR, Self::CurveEnd(trace)),
            Some(_) => (&NOTE_ANCHOR, Self::CurveNote(trace)),
        }
    }

    /// Whether the position is in data coordinates, so that it moves with the ranges of the axes.
    pub(super) fn is_in_data(&self) -> bool {
        !matches!(self, Self::Position(_, Space::Panel))
    }

    /// Whether the text belongs to a marker, an arrow or an end, and may stand on any side of it.
    pub(super) fn is_note(&self) -> bool {
        matches!(self, Self::Point(..) | Self::Arrow(..) | Self::CurveNote(_))
    }

    /// Whether the text stands beside the end of a curve, on a line with it.
    pub(super) fn is_at_end(&self) -> bool {
        matches!(self, Self::CurveEnd(_))
    }

    /// The role of the text.
    pub(super) fn role(&self) -> TextRole {
        match self {
            Self::Position(..) => TextRole::Text,
            Self::Point(..) | Self::Arrow(..) => TextRole::Note,
            Self::CurveEnd(_) | Self::CurveNote(_) => TextRole::EndLabel,
        }
    }

    /// The gap between a note and what it belongs to, in em.
    pub(super) fn gap(&self) -> f64 {
        if let Self::Arrow(..) = self { ARROW_GAP } else { POINT_GAP }
    }

    /// The distance of lines that counts as touching a note, in em.
    pub(super) fn reach(&self) -> f64 {
        if let Self::Arrow(..) = self { ARROW_REACH } else { POINT_REACH }
    }

    /// The distance from the place of a note to the edge of its marker or its arrow in one frame, in device pixels; 0 for
    /// other texts.
    ///
    /// # Errors
    /// The size of the marker is complex.
    pub(super) fn radius(&self, reader: &SignalReader<'_>, env: &Env<'_>) -> Result<f64, Diagnostic> {
        match self {
            Self::Point(point, half) => Ok(reader.marker_size(&point.marker, env)? * half),
            Self::Arrow(_, half_width) => Ok(*half_width),
            Self::Position(..) | Self::CurveEnd(_) | Self::CurveNote(_) => Ok(0.0),
        }
    }

    /// The point in device pixels that the text is attached to; `None` in a frame without one.
    ///
    /// # Errors
    /// A value that must be real is complex.
    pub(super) fn place(
        &self,
        reader: &SignalReader<'_>,
        frames: &FrameViewport<'_>,
        env: &Env<'s>,
    ) -> Result<Option<Point>, Diagnostic> {
        let viewport = frames.at(env)?;
        let (at, is_inside) = match self {
            Self::Position(at, Space::Data) => {
                let coordinates = reader.pair(at, env)?;
                // A position that a moving range leaves behind would lie beside the plot.
                (viewport.point(coordinates), !frames.moves() || viewport.contains(coordinates))
            }
            Self::Position(at, Space::Panel) => (viewport.fraction(reader.pair(at, env)?), true),
            Self::Point(point, _) => {
                let coordinates = reader.coordinates(&point.signal, env)?;
                (viewport.point(coordinates), viewport.contains(coordinates))
            }
            Self::Arrow(ends, _) => {
                let [a, b] = device_ends(ends, reader, &viewport, env)?;
                let middle = Point::new(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y));
                (middle, is_within(middle, &viewport.rect.into()))
            }
            Self::CurveEnd(trace) | Self::CurveNote(trace) => {
                (curve_end(trace, reader, &viewport, env)?, true)
            }
        };
        Ok((is_inside && at.x.is_finite() && at.y.is_finite()).then_some(at))
    }

    /// The way of the place from one frame to another, in device pixels; `None` if it is missing in one of them.
    ///
    /// # Errors
    /// A value that must be real is complex.
    pub(super) fn way(
        &self,
        reader: &SignalReader<'_>,
        frames: &FrameViewport<'_>,
        [from, to]: [&Env<'s>; 2],
    ) -> Result<Option<Point>, Diagnostic> {
        let ends = self.place(reader, frames, from)?.zip(self.place(reader, frames, to)?);
        Ok(ends.map(|(from, to)| Point::new(to.x - from.x, to.y - from.y)))
    }

    /// The vector from the start of the arrow to its tip in one frame, in device pixels; `None` for other texts.
    ///
    /// # Errors
    /// A value that must be real is complex.
    pub(super) fn vector(
        &self,
        reader: &SignalReader<'_>,
        frames: &FrameViewport<'_>,
        env: &Env<'s>,
    ) -> Result<Option<Point>, Diagnostic> {
        let Self::Arrow(ends, _) = self else { return Ok(None) };
        let [a, b] = device_ends(ends, reader, &frames.at(env)?, env)?;
        Ok(Some(Point::new(b.x - a.x, b.y - a.y)))
    }
}

/// Whether a point lies in a rectangle or on its edge.
fn is_within(at: Point, rect: &Bounds) -> bool {
    (rect.left..=rect.right).contains(&at.x) && (rect.top..=rect.bottom).contains(&at.y)
}

/// The ends of an arrow in device pixels.
fn device_ends(
    [from, to]: &[PointCodes; 2],
    reader: &SignalReader<'_>,
    viewport: &Viewport,
    env: &Env<'_>,
) -> Result<[Point; 2], Diagnostic> {
    Ok([viewport.point(reader.pair(from, env)?), viewport.point(reader.pair(to, env)?)])
}

/// The end of the part of a curve that a frame shows, in device pixels, moved into the plot rectangle where the curve
/// leaves it.
fn curve_end(
    trace: &Trace,
    reader: &SignalReader<'_>,
    viewport: &Viewport,
    env: &Env<'_>,
) -> Result<Point, Diagnostic> {
    let signal = &trace.signal;
    let [from, to] = reader.span(signal, env)?;
    let mut end = match trace.reveal {
        Reveal::All => to,
        Reveal::Grow | Reveal::Tail(_) => variable_value(env, signal.over).clamp(from.min(to), from.max(to)),
    };
    if reader.runs_along_axis(signal) {
        let [a, b] = viewport.x.range;
        end = end.clamp(a.min(b), a.max(b));
    }
    let mut bound = env.clone();
    bound.bind_in_place(signal.over, end).map_err(|error| reader.scene.model_error(&error))?;
    let at = viewport.point(reader.coordinates(signal, &bound)?);
    let rect = Bounds::from(viewport.rect);
    // A value that is not finite stays so.
    let inside =
        |value: f64, low: f64, high: f64| if value.is_nan() { value } else { value.clamp(low, high) };
    Ok(Point::new(inside(at.x, rect.left, rect.right), inside(at.y, rect.top, rect.bottom)))
}
