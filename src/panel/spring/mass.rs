//! The mass: a box with a crisp outline and its label, in its lane's color if it has one.

use super::{LanePosition, SpringPainter};
use crate::geometry::Point;
use crate::mark::Mark;
use crate::panel::device_style::{fill_mark, snap_line, whole_width};
use crate::panel::prepared_label::{PreparedLabel, anchored_origin};
use crate::panel::shape;
use crate::raster::Rgba;
use crate::raster::over;
use crate::scene::color::{Color, Theme};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Spring};
use crate::scene::model::Env;

/// How much of its color the inside of a mass has, in 255ths: enough to be told from others, and
/// little enough for a label upon it.
const TINT: u8 = 90;

/// A mass's width where none is given: a tenth of the range.
pub(super) fn size(spring: &Spring, range: [f64; 2]) -> f64 {
    spring.mass_size.unwrap_or((range[1] - range[0]).abs() / 10.0)
}

/// How a mass looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct MassStyle {
    outline: Rgba,
    inside: Rgba,
}

impl MassStyle {
    /// In a color with a tint of it inside; in the theme's ink as the theme has it.
    pub(super) fn new(color: Color, theme: &Theme) -> Self {
        let outline = color.resolve(theme);
        let inside = match color {
            Color::Ink => theme.mass,
            Color::Fixed(_) | Color::Cycle(_) => over(theme.paper, outline, TINT),
        };
        Self { outline, inside }
    }
}

impl<'s> SpringPainter<'s> {
    /// The body with its outline and its label.
    pub(super) fn mass(
        &self,
        coat: MassStyle,
        place: LanePosition,
        env: &Env<'s>,
        marks: &mut Vec<Mark>,
    ) -> Result<(), Diagnostic> {
        let [a, b] = self.body(place);
        let (origin, clip, width) = (Point::default(), self.parts.canvas, whole_width(self.parts.pen.width));
        marks.push(fill_mark(shape::rectangle(a, b), origin, coat.inside, clip));
        marks.push(fill_mark(shape::rectangle_outline(a, b, width), origin, coat.outline, clip));
        if let Some(text) = &self.label {
            marks.extend(text.marks(env, self.label_origin(text, place), clip)?);
        }
        Ok(())
    }

    /// The corners of a body.
    fn body(&self, place: LanePosition) -> [Point; 2] {
        let (axes, reach, half) = (&self.parts.axes, self.spring.reach, self.mass_size / 2.0);
        // Across the motion nothing changes: whole pixels keep it crisp while it slides.
        let level = |aside: f64| {
            snap_line(axes.across.pixel(place.center + aside), whole_width(self.parts.pen.width))
        };
        let corner = |along: f64, aside: f64| axes.place(axes.along.pixel(along), level(aside));
        [corner(place.mass - half, reach), corner(place.mass + half, -reach)]
    }

    /// Where a label's origin lies: its middle is the body's.
    pub(super) fn label_origin(&self, text: &PreparedLabel<'s>, place: LanePosition) -> Point {
        let [a, b] = self.body(place);
        let middle = Point::new(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y));
        anchored_origin(text.text_box(), (middle, Anchor { x: 0.5, y: 0.5 }), false)
    }
}
