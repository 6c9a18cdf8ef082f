//! Elements to marks: one exhaustive match over what a panel can show. What elements write is set by
//! `panel::annotation`.
//!
//! What stands still is painted once, its upright lines on whole pixels; what moves is painted at
//! every frame where it really is, so that nothing trembles. A hidden element leaves blanks behind,
//! so that the display lists of neighboring frames stay aligned.

use std::sync::Arc;

use crate::draw::backend::circle_points;
use crate::geometry::{PixelRect, Point};
use crate::mark::{Mark, Shape};
use crate::panel::band::Band;
use crate::panel::device_style::{DeviceStyle, fill_mark, snap_line};
use crate::panel::direction_field;
use crate::panel::prepared_label::TextStyle;
use crate::panel::shape;
use crate::panel::signal_reader::{CurveStroke, SignalReader, variable_value};
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Arrow, Element, ElementKind, Marker, Onto, Reveal, Signal};
use crate::scene::expr::{Code, Variable};
use crate::scene::model::Env;

/// An element made ready for a figure: everything that all frames share.
pub(super) struct ElementPainter<'s> {
    reader: SignalReader<'s>,
    viewport: Viewport,
    /// Points may hang over the plot rectangle.
    canvas: PixelRect,
    ink: DeviceStyle,
    scale: f64,
    stock: PreparedMarks,
    moves: bool,
}

/// What an element keeps from frame to frame.
enum PreparedMarks {
    Nothing,
    /// A curve that is the same in every frame, or grows.
    Curve(CurveStroke),
    /// The same of an area.
    Band(Band),
    /// All marks of an element that stands still.
    Static(Vec<Mark>),
}

/// Arrowheads are this long and wide, in line widths, but never less than this many CSS pixels.
const ARROW: (f64, f64, f64) = (5.0, 4.0, 7.0);

impl<'s> ElementPainter<'s> {
    /// Prepares an element; `env` is any moment.
    pub(super) fn new(
        reader: SignalReader<'s>,
        viewport: Viewport,
        canvas: PixelRect,
        text_style: &TextStyle<'s>,
        env: &Env<'s>,
    ) -> Result<Self, Diagnostic> {
        let element = reader.element;
        let film = reader.scene.timeline.variable;
        let plays = reader.scene.timeline.frames > 1;
        let moves = plays && element.depends_on(film);
        let ink = DeviceStyle::new(&element.style, &text_style.theme, text_style.scale);
        let upright =
            matches!(element.kind, ElementKind::Hline(_) | ElementKind::Vline(_) | ElementKind::Rect(_));
        let mut painter = Self {
            reader,
            viewport,
            canvas,
            ink: if upright && !moves { ink.with_whole_width() } else { ink },
            scale: text_style.scale,
            moves,
            stock: PreparedMarks::Nothing,
        };
        painter.stock = painter.stock(env)?;
        Ok(painter)
    }

    fn stock(&self, env: &Env<'s>) -> Result<PreparedMarks, Diagnostic> {
        match &self.reader.element.kind {
            ElementKind::Trace { signal, .. } if self.reader.is_static_curve(signal) => {
                Ok(PreparedMarks::Curve(self.reader.curve(signal, env, &self.viewport, &self.ink.pen)?))
            }
            ElementKind::Area { signal, to, .. } if self.reader.is_static_band(signal, to.as_ref()) => {
                Ok(PreparedMarks::Band(Band::new(&self.reader, (signal, to.as_ref()), env, &self.viewport)?))
            }
            _ if !self.moves => Ok(PreparedMarks::Static(self.paint(env)?)),
            _ => Ok(PreparedMarks::Nothing),
        }
    }

    /// The element's marks at a moment, always the same number of them.
    pub(super) fn marks(&self, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        let shown = match &self.reader.element.when {
            Some(when) => self.reader.real(when, env)? != 0.0,
            None => true,
        };
        let first = marks.len();
        match &self.stock {
            PreparedMarks::Static(still) => marks.extend_from_slice(still),
            PreparedMarks::Curve(curve) => marks.push(self.grown(curve, env)),
            PreparedMarks::Band(band) => marks.extend(self.filled_band(band, env)),
            PreparedMarks::Nothing => marks.extend(self.paint(env)?),
        }
        if !shown {
            marks[first..].fill(Mark::Nothing);
        }
        Ok(())
    }

    /// As much of a curve as the moment shows.
    fn grown(&self, curve: &CurveStroke, env: &Env<'s>) -> Mark {
        match &self.reader.element.kind {
            ElementKind::Trace { signal, reveal: Reveal::Grow } => {
                curve.grown(variable_value(env, signal.over))
            }
            ElementKind::Trace { signal, reveal: Reveal::Tail(length) } => {
                curve.tail(variable_value(env, signal.over), *length)
            }
            _ => Mark::Stroke(curve.stroke.clone()),
        }
    }

    fn paint(&self, env: &Env<'s>) -> Result<Vec<Mark>, Diagnostic> {
        match &self.reader.element.kind {
            ElementKind::Trace { signal, .. } => {
                let curve = self.reader.curve(signal, env, &self.viewport, &self.ink.pen)?;
                Ok(vec![self.grown(&curve, env)])
            }
            ElementKind::Area { signal, to, .. } => {
                let band = Band::new(&self.reader, (signal, to.as_ref()), env, &self.viewport)?;
                Ok(self.filled_band(&band, env).collect())
            }
            ElementKind::Point { signal, marker, size, .. } => self.point(signal, (*marker, *size), env),
            ElementKind::Arm { signal, arrow } => self.arm(signal, *arrow, env),
            ElementKind::Drop { signal, onto } => self.drop(signal, *onto, env),
            ElementKind::Hline(y) => self.guide(y, true, env),
            ElementKind::Vline(x) => self.guide(x, false, env),
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
            ElementKind::Circle { center, radius } => self.circle_points(center, radius, env),
            ElementKind::Field { direction, place, count } => {
                let arrows =
                    direction_field::arrows(&self.reader, (direction, *place), *count, env, &self.viewport)?;
                Ok(vec![self.ink.shape(arrows, Point::default(), self.viewport.rect)])
            }
            ElementKind::Text { .. } => Ok(Vec::new()),
        }
    }

    /// As much of a band as the moment shows.
    fn filled_band(&self, band: &Band, env: &Env<'s>) -> impl Iterator<Item = Mark> {
        let upto = match &self.reader.element.kind {
            ElementKind::Area { signal, reveal: Reveal::Grow, .. } => Some(variable_value(env, signal.over)),
            _ => None,
        };
        let color = self.ink.fill.unwrap_or(self.ink.color);
        let clip = self.viewport.rect;
        band.shapes(upto).map(move |slice| fill_mark(slice, Point::default(), color, clip))
    }

    fn point(
        &self,
        signal: &Signal,
        (marker, size): (Marker, f64),
        env: &Env<'s>,
    ) -> Result<Vec<Mark>, Diagnostic> {
        let coordinates = self.reader.coordinates(signal, env)?;
        let at = self.viewport.point(coordinates);
        let shown = at.x.is_finite() && at.y.is_finite() && self.viewport.holds(coordinates);
        let mut marks = self.ink.marker(marker, size * self.scale, at, self.canvas);
        if !shown {
            marks.fill(Mark::Nothing);
        }
        Ok(marks)
    }

    fn arm(&self, signal: &Signal, arrow: bool, env: &Env<'s>) -> Result<Vec<Mark>, Diagnostic> {
        let tip = self.viewport.point(self.reader.coordinates(signal, env)?);
        let arrow = if arrow { Arrow::End } else { Arrow::None };
        Ok(self.segment(self.viewport.point((0.0, 0.0)), tip, arrow))
    }

    fn drop(&self, signal: &Signal, onto: Onto, env: &Env<'s>) -> Result<Vec<Mark>, Diagnostic> {
        let (x, y) = self.reader.coordinates(signal, env)?;
        let foot = match onto {
            Onto::X => (x, self.viewport.y.zero()),
            Onto::Y => (self.viewport.x.zero(), y),
        };
        Ok(self.segment(self.viewport.point((x, y)), self.viewport.point(foot), Arrow::None))
    }

    fn guide(&self, position: &Code, horizontal: bool, env: &Env<'s>) -> Result<Vec<Mark>, Diagnostic> {
        let value = self.reader.real(position, env)?;
        let rect = self.viewport.rect;
        let exact = if horizontal { self.viewport.y.pixel(value) } else { self.viewport.x.pixel(value) };
        if !exact.is_finite() {
            return Ok(vec![Mark::Nothing]);
        }
        let at = self.standing(exact);
        let ends = if horizontal {
            [Point::new(f64::from(rect.left), at), Point::new(f64::from(rect.right), at)]
        } else {
            [Point::new(at, f64::from(rect.bottom)), Point::new(at, f64::from(rect.top))]
        };
        Ok(vec![self.ink.line(ends.to_vec(), rect)])
    }

    /// On whole pixels, if it never moves.
    fn standing(&self, exact: f64) -> f64 {
        if self.moves { exact } else { snap_line(exact, self.ink.width) }
    }

    /// A line with its arrowheads; always three marks.
    fn segment(&self, from: Point, to: Point, arrow: Arrow) -> Vec<Mark> {
        let finite = [from, to].iter().all(|p| p.x.is_finite() && p.y.is_finite());
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length = libm::hypot(dx, dy);
        if !finite || length == 0.0 {
            return vec![Mark::Nothing; 3];
        }
        let least = ARROW.2 * self.scale;
        let head = (ARROW.0 * self.ink.width).max(least).min(length / 2.0);
        let breadth = head * ARROW.1 / ARROW.0;
        let cut = |on: bool| if on { head * 0.8 / length } else { 0.0 };
        let (at_start, at_end) = (arrow == Arrow::Both, arrow != Arrow::None);
        let along = |part: f64| Point::new(from.x + dx * part, from.y + dy * part);
        let tip = |on: bool, at: Point, sign: f64| {
            if on {
                let direction = Point::new(dx * sign, dy * sign);
                self.ink.shape(shape::arrowhead(direction, head, breadth), at, self.viewport.rect)
            } else {
                Mark::Nothing
            }
        };
        vec![
            self.ink.line(vec![along(cut(at_start)), along(1.0 - cut(at_end))], self.viewport.rect),
            tip(at_start, from, -1.0),
            tip(at_end, to, 1.0),
        ]
    }

    fn rectangle(&self, a: Point, b: Point) -> Vec<Mark> {
        if ![a.x, a.y, b.x, b.y].iter().all(|c| c.is_finite()) {
            return vec![Mark::Nothing; 2];
        }
        let snapped = |p: Point| Point::new(self.standing(p.x), self.standing(p.y));
        let (a, b) = (snapped(a), snapped(b));
        let edge = if self.ink.is_dashed() {
            self.ink.line(vec![a, Point::new(b.x, a.y), b, Point::new(a.x, b.y), a], self.viewport.rect)
        } else {
            let outline = shape::rectangle_outline(a, b, self.ink.width);
            self.ink.shape(outline, Point::default(), self.viewport.rect)
        };
        vec![self.inside(shape::rectangle(a, b), Point::default()), edge]
    }

    fn circle_points(
        &self,
        center: &[Code; 2],
        radius: &Code,
        env: &Env<'s>,
    ) -> Result<Vec<Mark>, Diagnostic> {
        let at = self.viewport.point(self.reader.pair(center, env)?);
        let r = self.reader.real(radius, env)?.abs() * self.viewport.x.pixels_per_unit();
        if !(at.x.is_finite() && at.y.is_finite() && r.is_finite()) {
            return Ok(vec![Mark::Nothing; 2]);
        }
        let edge = if self.ink.is_dashed() {
            self.ink.line(circle_points(at, r), self.viewport.rect)
        } else {
            self.ink.shape(shape::ring(r, self.ink.width), at, self.viewport.rect)
        };
        Ok(vec![self.inside(shape::disc(r), at), edge])
    }

    /// The inside of a shape, if it has a color.
    fn inside(&self, shape: Arc<Shape>, at: Point) -> Mark {
        self.ink.fill.map_or(Mark::Nothing, |color| fill_mark(shape, at, color, self.viewport.rect))
    }
}

impl Element {
    /// Whether anything it draws, apart from how much of a curve is shown, can change with the variable.
    pub(super) fn depends_on(&self, variable: Variable) -> bool {
        self.kind.signal().is_some_and(|signal| signal.over == variable)
            || self.kind.codes().into_iter().any(|code| code.depends_on(variable))
    }
}
