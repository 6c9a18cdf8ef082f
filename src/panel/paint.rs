//! From elements to marks: one exhaustive match over what a panel can draw. The texts of elements are
//! `panel::annotation`'s.
//!
//! An element that does not move is painted once, with its horizontal and vertical lines on whole pixels. An
//! element that moves is painted in every frame at its exact position, so that it moves smoothly. A hidden
//! element leaves empty marks, so that the display lists of neighboring frames stay aligned.

use std::sync::Arc;

use crate::draw::backend::circle_points;
use crate::geometry::{PixelRect, Point};
use crate::mark::{Mark, Shape};
use crate::panel::band::{Band, BandSides};
use crate::panel::curve_stroke::CurveStroke;
use crate::panel::device_style::{DeviceStyle, fill_mark, snap_line};
use crate::panel::direction_field::DirectionField;
use crate::panel::prepared_label::TextStyle;
use crate::panel::shape::{self, ARROWHEAD_NOTCH};
use crate::panel::signal_reader::{SignalReader, variable_value};
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Arrow, Element, ElementKind, Marker, Onto, PlottedSignal, Reveal};
use crate::scene::expr::{Code, Variable};
use crate::scene::model::Env;

/// Paints an element in every frame of a figure.
pub(super) struct ElementPainter<'s> {
    reader: SignalReader<'s>,
    viewport: Viewport,
    /// Markers are clipped to the canvas; they may reach beyond the plot rectangle.
    canvas: PixelRect,
    style: DeviceStyle,
    /// Device pixels per CSS pixel.
    scale: f64,
    prepared: PreparedMarks,
    is_moving: bool,
}

/// The part of an element that all frames share.
enum PreparedMarks {
    Nothing,
    /// A curve that is the same in every frame, apart from how much of it is shown.
    Curve(CurveStroke),
    /// An area that is the same in every frame, apart from how much of it is shown.
    Band(Band),
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
        viewport: Viewport,
        canvas: PixelRect,
        text_style: &TextStyle<'s>,
        env: &Env<'s>,
    ) -> Result<Self, Diagnostic> {
        let element = reader.element;
        let timeline = &reader.scene.timeline;
        let is_moving = timeline.frames > 1 && element.depends_on(timeline.variable);
        let style = DeviceStyle::new(&element.style, &text_style.theme, text_style.scale);
        let is_axis_aligned =
            matches!(element.kind, ElementKind::Hline(_) | ElementKind::Vline(_) | ElementKind::Rect(_));
        let mut painter = Self {
            reader,
            viewport,
            canvas,
            style: if is_axis_aligned && !is_moving { style.with_whole_width() } else { style },
            scale: text_style.scale,
            is_moving,
            prepared: PreparedMarks::Nothing,
        };
        painter.prepared = painter.prepare(env)?;
        Ok(painter)
    }

    fn prepare(&self, env: &Env<'s>) -> Result<PreparedMarks, Diagnostic> {
        match &self.reader.element.kind {
            ElementKind::Trace { signal, .. } if self.reader.is_static_curve(signal) => {
                Ok(PreparedMarks::Curve(self.reader.curve(signal, env, &self.viewport, &self.style.pen)?))
            }
            ElementKind::Area { signal, to, .. } if self.reader.is_static_band(signal, to.as_ref()) => {
                let sides = BandSides { signal, to: to.as_ref() };
                Ok(PreparedMarks::Band(Band::new(&self.reader, sides, env, &self.viewport)?))
            }
            _ if !self.is_moving => Ok(PreparedMarks::Static(self.paint(env)?)),
            _ => Ok(PreparedMarks::Nothing),
        }
    }

    /// Appends the element's marks in one frame; their number is the same in all frames.
    ///
    /// # Errors
    /// A value that must be real is complex, or a curve's span is infinite.
    pub(super) fn marks(&self, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        let is_shown = match &self.reader.element.when {
            Some(when) => self.reader.real(when, env)? != 0.0,
            None => true,
        };
        let first = marks.len();
        match &self.prepared {
            PreparedMarks::Static(prepared) => marks.extend_from_slice(prepared),
            PreparedMarks::Curve(curve) => marks.push(self.revealed_curve(curve, env)),
            PreparedMarks::Band(band) => marks.extend(self.revealed_band(band, env)),
            PreparedMarks::Nothing => marks.extend(self.paint(env)?),
        }
        if !is_shown {
            marks[first..].fill(Mark::Nothing);
        }
        Ok(())
    }

    fn paint(&self, env: &Env<'s>) -> Result<Vec<Mark>, Diagnostic> {
        match &self.reader.element.kind {
            ElementKind::Trace { signal, .. } => {
                let curve = self.reader.curve(signal, env, &self.viewport, &self.style.pen)?;
                Ok(vec![self.revealed_curve(&curve, env)])
            }
            ElementKind::Area { signal, to, .. } => {
                let sides = BandSides { signal, to: to.as_ref() };
                let band = Band::new(&self.reader, sides, env, &self.viewport)?;
                Ok(self.revealed_band(&band, env).collect())
            }
            ElementKind::Point { signal, marker, size, .. } => self.point(signal, *marker, *size, env),
            ElementKind::Arm { signal, arrow } => self.arm(signal, *arrow, env),
            ElementKind::Drop { signal, onto } => self.drop(signal, *onto, env),
            ElementKind::Hline(y) => self.guide_line(y, true, env),
            ElementKind::Vline(x) => self.guide_line(x, false, env),
            ElementKind::Line { ends, arrow } => {
                let [a, b] = [self.reader.pair(&ends[0], env)?, self.reader.pair(&ends[1], env)?];
                Ok(self.segment(self.viewport.point(a), self.viewport.point(b), *arrow))
            }
            ElementKind::Rect(corners) => {
                let [a, b] = [self.reader.pair(&corners[0], env)?, self.reader.pair(&corners[1], env)?];
                let Viewport { x, y, .. } = &self.viewport;
                let corner = |at: (f64, f64)| {
                    self.viewport.point((x.clamp_to_baseline(at.0), y.clamp_to_baseline(at.1)))
                };
                Ok(self.rectangle(corner(a), corner(b)))
            }
            ElementKind::Circle { center, radius } => self.circle(center, radius, env),
            ElementKind::Field { direction, place, count } => {
                let field = DirectionField { direction, variables: *place, columns: *count };
                let arrows = field.arrows(&self.reader, env, &self.viewport)?;
                Ok(vec![self.style.shape(arrows, Point::default(), self.viewport.rect)])
            }
            ElementKind::Text { .. } => Ok(Vec::new()),
        }
    }

    /// The part of a curve that a frame shows.
    fn revealed_curve(&self, curve: &CurveStroke, env: &Env<'s>) -> Mark {
        match &self.reader.element.kind {
            ElementKind::Trace { signal, reveal: Reveal::Grow } => {
                curve.up_to(variable_value(env, signal.over))
            }
            ElementKind::Trace { signal, reveal: Reveal::Tail(length) } => {
                curve.tail(variable_value(env, signal.over), *length)
            }
            _ => curve.whole(),
        }
    }

    /// The part of a band that a frame shows.
    fn revealed_band(&self, band: &Band, env: &Env<'s>) -> impl Iterator<Item = Mark> {
        let up_to = match &self.reader.element.kind {
            ElementKind::Area { signal, reveal: Reveal::Grow, .. } => Some(variable_value(env, signal.over)),
            _ => None,
        };
        let color = self.style.fill.unwrap_or(self.style.color);
        let clip = self.viewport.rect;
        band.shapes(up_to).map(move |slice| fill_mark(slice, Point::default(), color, clip))
    }

    /// A marker at a signal's present value, unless that lies outside of the plot.
    fn point(
        &self,
        signal: &PlottedSignal,
        marker: Marker,
        size: f64,
        env: &Env<'s>,
    ) -> Result<Vec<Mark>, Diagnostic> {
        let coordinates = self.reader.coordinates(signal, env)?;
        let at = self.viewport.point(coordinates);
        let is_shown = at.x.is_finite() && at.y.is_finite() && self.viewport.contains(coordinates);
        let mut marks = self.style.marker(marker, size * self.scale, at, self.canvas);
        if !is_shown {
            marks.fill(Mark::Nothing);
        }
        Ok(marks)
    }

    /// The line from the origin to a signal's present value.
    fn arm(&self, signal: &PlottedSignal, has_arrow: bool, env: &Env<'s>) -> Result<Vec<Mark>, Diagnostic> {
        let tip = self.viewport.point(self.reader.coordinates(signal, env)?);
        let arrow = if has_arrow { Arrow::End } else { Arrow::None };
        Ok(self.segment(self.viewport.point((0.0, 0.0)), tip, arrow))
    }

    /// The perpendicular from a signal's present value onto an axis.
    fn drop(&self, signal: &PlottedSignal, onto: Onto, env: &Env<'s>) -> Result<Vec<Mark>, Diagnostic> {
        let (x, y) = self.reader.coordinates(signal, env)?;
        let foot = match onto {
            Onto::X => (x, self.viewport.y.baseline()),
            Onto::Y => (self.viewport.x.baseline(), y),
        };
        Ok(self.segment(self.viewport.point((x, y)), self.viewport.point(foot), Arrow::None))
    }

    /// A horizontal or vertical line across the whole plot.
    fn guide_line(&self, value: &Code, is_horizontal: bool, env: &Env<'s>) -> Result<Vec<Mark>, Diagnostic> {
        let value = self.reader.real(value, env)?;
        let rect = self.viewport.rect;
        let exact = if is_horizontal { self.viewport.y.pixel(value) } else { self.viewport.x.pixel(value) };
        if !exact.is_finite() {
            return Ok(vec![Mark::Nothing]);
        }
        let at = self.snap_if_static(exact);
        let ends = if is_horizontal {
            [Point::new(f64::from(rect.left), at), Point::new(f64::from(rect.right), at)]
        } else {
            [Point::new(at, f64::from(rect.bottom)), Point::new(at, f64::from(rect.top))]
        };
        Ok(vec![self.style.line(ends.to_vec(), rect)])
    }

    /// The coordinate of a line: on whole pixels if the element does not move, otherwise exact.
    fn snap_if_static(&self, exact: f64) -> f64 {
        if self.is_moving { exact } else { snap_line(exact, self.style.width) }
    }

    /// A line segment and its arrowheads: always three marks.
    fn segment(&self, from: Point, to: Point, arrow: Arrow) -> Vec<Mark> {
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

    /// A rectangle between two corners: its interior and its edge.
    fn rectangle(&self, a: Point, b: Point) -> Vec<Mark> {
        if ![a.x, a.y, b.x, b.y].iter().all(|c| c.is_finite()) {
            return vec![Mark::Nothing; 2];
        }
        let snapped = |p: Point| Point::new(self.snap_if_static(p.x), self.snap_if_static(p.y));
        let (a, b) = (snapped(a), snapped(b));
        let edge = if self.style.is_dashed() {
            self.style.line(vec![a, Point::new(b.x, a.y), b, Point::new(a.x, b.y), a], self.viewport.rect)
        } else {
            let outline = shape::rectangle_outline(a, b, self.style.width);
            self.style.shape(outline, Point::default(), self.viewport.rect)
        };
        vec![self.interior(shape::rectangle(a, b), Point::default()), edge]
    }

    /// A circle: its interior and its edge. The radius is in units of the x axis.
    fn circle(&self, center: &[Code; 2], radius: &Code, env: &Env<'s>) -> Result<Vec<Mark>, Diagnostic> {
        let at = self.viewport.point(self.reader.pair(center, env)?);
        let r = self.reader.real(radius, env)?.abs() * self.viewport.x.pixels_per_unit();
        if !(at.x.is_finite() && at.y.is_finite() && r.is_finite()) {
            return Ok(vec![Mark::Nothing; 2]);
        }
        let edge = if self.style.is_dashed() {
            self.style.line(circle_points(at, r), self.viewport.rect)
        } else {
            self.style.shape(shape::ring(r, self.style.width), at, self.viewport.rect)
        };
        Ok(vec![self.interior(shape::disc(r), at), edge])
    }

    /// The interior of a shape, empty if the element has no fill color.
    fn interior(&self, shape: Arc<Shape>, at: Point) -> Mark {
        self.style.fill.map_or(Mark::Nothing, |color| fill_mark(shape, at, color, self.viewport.rect))
    }
}

impl Element {
    /// Whether any of its positions depends on a variable. How much of a curve is shown does not count.
    pub(super) fn depends_on(&self, variable: Variable) -> bool {
        self.kind.signal().is_some_and(|signal| signal.over == variable)
            || self.kind.codes().into_iter().any(|code| code.depends_on(variable))
    }
}
