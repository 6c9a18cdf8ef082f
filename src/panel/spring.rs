//! The spring panel: a wall, the zigzag that textbooks draw for a spring, and the mass it carries.
//!
//! Along the motion, lengths are those of the x axis; across it the mass reaches from −½ to ½. The
//! windings share what room there is. They are straight: a wire of constant slope leaves the same few
//! patterns of pixels everywhere, so a film of it is a tenth smaller than one of a sine.

use std::sync::Arc;

use crate::draw::mark::{Cap, Mark, Pen, Polyline, Stroke};
use crate::geometry::{PixelRect, Point};
use crate::panel::ink::{crisp, filled, whole};
use crate::panel::lettering::{Lettering, Text, seat};
use crate::panel::plate::Plate;
use crate::panel::shape;
use crate::raster::Rgba;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Panel, Spring};
use crate::scene::expr::{Code, real};
use crate::scene::model::Env;

/// The spring's amplitude across the motion, the mass being 1 high.
const AMPLITUDE: f64 = 0.13;
/// The straight wire at either end, as a part of the spring's whole length.
const LEAD: f64 = 0.07;
/// The wire's thickness in CSS pixels, and that of the mass's outline.
const WIRE: f64 = 1.0;
/// The hatching behind the wall: strokes' run and distance in CSS pixels.
const HATCH: (f64, f64) = (5.0, 6.0);
/// Without a range: the spring's room beside the mass's way, as a part of that way.
const SPRING_ROOM: f64 = 0.6;
/// The mass's height reaches this far to either side of the line of motion.
pub(super) const REACH: f64 = 0.5;
/// Across the motion: the floor that the mass slides on, and some room above it.
pub(super) const ACROSS: [f64; 2] = [-REACH, 0.75];

/// How far to the left of its plot rectangle the wall's hatching reaches, in CSS pixels.
pub(super) const HATCH_ROOM: f64 = HATCH.0 + 1.0;

/// A spring panel made ready for a figure.
pub(super) struct Apparatus<'s> {
    panel: &'s Panel,
    spring: &'s Spring,
    plate: Plate,
    pen: Arc<Pen>,
    paper: Rgba,
    mass_size: f64,
    label: Option<Text<'s>>,
    canvas: PixelRect,
    scale: f64,
}

/// The mass's width where none is given: a tenth of the range.
pub(super) fn mass_size(spring: &Spring, range: [f64; 2]) -> f64 {
    spring.mass_size.unwrap_or((range[1] - range[0]).abs() / 10.0)
}

/// A range along the motion that holds the mass everywhere and a spring beside it.
pub(super) fn range_around(way: [f64; 2], mass_size: Option<f64>) -> [f64; 2] {
    let [low, high] = way;
    let length = (high - low).max(f64::MIN_POSITIVE);
    let half = mass_size.unwrap_or(length * 0.2) / 2.0;
    [low - half - length * SPRING_ROOM, high + half + length * 0.1]
}

impl<'s> Apparatus<'s> {
    /// Prepares the panel's own parts.
    pub(super) fn new(
        (panel, spring): (&'s Panel, &'s Spring),
        plate: Plate,
        canvas: PixelRect,
        lettering: &Lettering<'s>,
    ) -> Result<Self, Diagnostic> {
        let scale = lettering.scale;
        let pen = Pen { colour: lettering.theme.ink, width: WIRE * scale, dash: Vec::new(), cap: Cap::Round };
        Ok(Self {
            panel,
            spring,
            plate,
            pen: Arc::new(pen),
            paper: lettering.theme.mass,
            mass_size: mass_size(spring, plate.x.range),
            label: spring.mass_label.as_ref().map(|label| lettering.text(label)).transpose()?,
            canvas,
            scale,
        })
    }

    fn real(&self, code: &Code, env: &Env<'_>) -> Result<f64, Diagnostic> {
        real(env.eval(code)).map_err(|not_real| {
            Diagnostic::new(format!("the mass of panel `{}` has no real position", self.panel.name))
                .at(self.panel.origin)
                .label(not_real.to_string())
        })
    }

    fn wall_at(&self, env: &Env<'_>) -> Result<f64, Diagnostic> {
        match &self.spring.wall {
            Some(wall) => self.real(wall, env),
            None => Ok(self.plate.x.range[0]),
        }
    }

    /// Wall, spring and mass at a moment; always the same number of marks.
    pub(super) fn marks(&self, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        let position = self.real(&self.spring.position, env)?;
        let wall = self.wall_at(env)?;
        let first = marks.len();
        self.wall(wall, marks);
        self.coils(wall, position, marks);
        self.mass(position, env, marks)?;
        if !(position.is_finite() && wall.is_finite()) {
            marks[first..].fill(Mark::Nothing);
        }
        Ok(())
    }

    /// A line with hatching on the side away from the mass.
    fn wall(&self, wall: f64, marks: &mut Vec<Mark>) {
        let rect = self.plate.rect;
        let x = crisp(self.plate.x.pixel(wall), self.pen.width);
        let (top, bottom) = (f64::from(rect.top), f64::from(rect.bottom));
        let half = whole(self.pen.width) / 2.0;
        let line = shape::rectangle(Point::new(x - half, top), Point::new(x + half, bottom));
        marks.push(filled(line, Point::default(), self.pen.colour, self.canvas));
        let (run, pitch) = (HATCH.0 * self.scale, HATCH.1 * self.scale);
        let mut hatch = Polyline::default();
        let count = ((bottom - top - run) / pitch).max(0.0) as usize;
        // The strokes share the wall's height evenly.
        let pitch = (bottom - top - run) / count.max(1) as f64;
        for i in 0..=count {
            let y = top + i as f64 * pitch;
            hatch.starts.push(hatch.points.len());
            hatch.points.extend([Point::new(x, y), Point::new(x - run, y + run)]);
        }
        let upto = hatch.points.len();
        let pen = Pen { width: 0.8 * self.scale, cap: Cap::Butt, ..(*self.pen).clone() };
        marks.push(Mark::Stroke(Stroke {
            path: Arc::new(hatch),
            upto,
            pen: Arc::new(pen),
            clip: self.canvas,
        }));
    }

    fn stroke(&self, points: Vec<Point>) -> Mark {
        let upto = points.len();
        let path = Arc::new(Polyline { points, starts: vec![0] });
        Mark::Stroke(Stroke { path, upto, pen: Arc::clone(&self.pen), clip: self.canvas })
    }

    /// The wire from the wall to the near side of the mass.
    fn coils(&self, wall: f64, position: f64, marks: &mut Vec<Mark>) {
        let side = if position < wall { 1.0 } else { -1.0 };
        let end = position + side * self.mass_size / 2.0;
        let at = |x: f64, across: f64| self.plate.point((x, across));
        let (start_coil, end_coil) = (wall + (end - wall) * LEAD, end - (end - wall) * LEAD);
        let turns = 2 * self.spring.coils;
        let pitch = (end_coil - start_coil) / turns as f64;
        let mut points = vec![at(wall, 0.0), at(start_coil, 0.0)];
        points.extend((0..turns).map(|i| {
            let side = if i % 2 == 0 { AMPLITUDE } else { -AMPLITUDE };
            at(start_coil + pitch * (i as f64 + 0.5), side)
        }));
        points.push(at(end_coil, 0.0));
        points.push(at(end, 0.0));
        marks.push(self.stroke(points));
    }

    /// The corners of the body.
    fn body(&self, position: f64) -> [Point; 2] {
        let half = self.mass_size / 2.0;
        // Its height never changes: whole pixels keep it crisp while it slides.
        let level = |across: f64| crisp(self.plate.y.pixel(across), whole(self.pen.width));
        let x = |position: f64| self.plate.x.pixel(position);
        [Point::new(x(position - half), level(REACH)), Point::new(x(position + half), level(-REACH))]
    }

    /// The body with its outline and its label.
    fn mass(&self, position: f64, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        let [a, b] = self.body(position);
        let (place, width) = (Point::default(), whole(self.pen.width));
        marks.push(filled(shape::rectangle(a, b), place, self.paper, self.canvas));
        marks.push(filled(shape::rectangle_outline(a, b, width), place, self.pen.colour, self.canvas));
        if let Some(text) = &self.label {
            marks.extend(text.marks(env, self.label_origin(text, position), self.canvas)?);
        }
        Ok(())
    }

    /// Where the label's origin lies: its middle is the body's.
    fn label_origin(&self, text: &Text<'s>, position: f64) -> Point {
        let [a, b] = self.body(position);
        let middle = Point::new(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y));
        seat(text.room(), (middle, Anchor { x: 0.5, y: 0.5 }), false)
    }

    /// The mass's label, if it has one.
    pub(super) fn label(&self) -> Option<&Text<'s>> {
        self.label.as_ref()
    }

    /// Where its origin lies at a moment; none where the mass is nowhere.
    pub(super) fn label_at(&self, text: &Text<'s>, env: &Env<'s>) -> Result<Option<Point>, Diagnostic> {
        let position = self.real(&self.spring.position, env)?;
        let wall = self.wall_at(env)?;
        Ok((position.is_finite() && wall.is_finite()).then(|| self.label_origin(text, position)))
    }
}
