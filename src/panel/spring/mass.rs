//! The mass: a box with a sharp outline and a label, in its lane's color if it has one.

use super::{LanePosition, SpringPainter};
use crate::geometry::Point;
use crate::mark::Mark;
use crate::panel::device_style::{fill_mark, snap_line, whole_width};
use crate::panel::prepared_label::{PreparedLabel, anchored_origin};
use crate::panel::shape;
use crate::raster::{Rgba, over};
use crate::scene::color::{Color, Theme};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Spring};
use crate::scene::model::Env;

/// The opacity of a mass's color inside its outline, in 255ths: enough to tell masses apart, and little
/// enough for a label on top.
const TINT: u8 = 90;

/// The width of masses along the motion, a tenth of the range by default.
pub(super) fn width(spring: &Spring, range: [f64; 2]) -> f64 {
    spring.mass_size.unwrap_or((range[1] - range[0]).abs() / 10.0)
}

/// The colors of a mass.
#[derive(Clone, Copy, Debug)]
pub(super) struct MassStyle {
    outline: Rgba,
    interior: Rgba,
}

impl MassStyle {
    /// A color with a tint of it inside; the theme's ink with the theme's interior.
    pub(super) fn new(color: Color, theme: &Theme) -> Self {
        let outline = color.resolve(theme);
        let interior = match color {
            Color::Ink => theme.mass,
            Color::Fixed(_) | Color::Cycle(_) => over(theme.paper, outline, TINT),
        };
        Self { outline, interior }
    }
}

impl<'s> SpringPainter<'s> {
    /// Appends the box, its outline and its label.
    ///
    /// # Errors
    /// The label cannot be typeset with the readouts' values.
    pub(super) fn mass(
        &self,
        style: MassStyle,
        position: LanePosition,
        env: &Env<'s>,
        marks: &mut Vec<Mark>,
    ) -> Result<(), Diagnostic> {
        let [a, b] = self.mass_corners(position);
        let (origin, clip, line) = (Point::default(), self.parts.canvas, whole_width(self.parts.pen.width));
        marks.push(fill_mark(shape::rectangle(a, b), origin, style.interior, clip));
        marks.push(fill_mark(shape::rectangle_outline(a, b, line), origin, style.outline, clip));
        if let Some(label) = &self.label {
            marks.extend(label.marks(env, self.label_origin(label, position), clip)?);
        }
        Ok(())
    }

    /// Two opposite corners of a mass, in device pixels.
    fn mass_corners(&self, position: LanePosition) -> [Point; 2] {
        let (axes, reach, half) = (&self.parts.axes, self.spring.reach, self.mass_width / 2.0);
        // A mass does not move across the motion, so those edges lie on whole pixels.
        let level = |aside: f64| {
            snap_line(axes.across.pixel(position.center + aside), whole_width(self.parts.pen.width))
        };
        let corner = |along: f64, aside: f64| axes.point(axes.along.pixel(along), level(aside));
        [corner(position.mass - half, reach), corner(position.mass + half, -reach)]
    }

    /// The origin of a label in the middle of a mass.
    pub(super) fn label_origin(&self, label: &PreparedLabel<'s>, position: LanePosition) -> Point {
        let [a, b] = self.mass_corners(position);
        let middle = Point::new(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y));
        anchored_origin(label.text_box(), Anchor { x: 0.5, y: 0.5 }, middle)
    }
}
