//! The masses of a chain on their springs, between walls or without them, or the string that they make up.

use std::sync::Arc;

use crate::geometry::Point;
use crate::mark::Mark;
use crate::panel::coil::Coil;
use crate::panel::device_style::fill_mark;
use crate::panel::element::ElementView;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::panel_view::PanelView;
use crate::panel::shape;
use crate::panel::signal_reader::SignalReader;
use crate::panel::spring;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Chain, ChainEnd, ChainMotion, CoilShape};
use crate::scene::model::Env;

/// The distance from the outermost wall or mass to the end of the fitted range, in distances of masses, and as a part of the
/// chain's length, which is enough for the hatching of walls.
const MARGIN: f64 = 0.3;
const MARGIN_OF_LENGTH: f64 = 0.012;
/// The fitted range across a chain whose masses move along it.
const ALONG_RANGE: [f64; 2] = [-0.5, 0.5];
/// The radius of a mass, in distances of masses, and its bounds in CSS pixels.
const RADIUS: f64 = 0.22;
const RADII: [f64; 2] = [1.5, 8.0];
/// Half the breadth of a spring, in distances of masses, and its upper bound in CSS pixels.
const HALF_BREADTH: f64 = 0.14;
const MAX_HALF_BREADTH: f64 = 5.0;
/// Springs between masses that are closer than this, in CSS pixels, are drawn as lines.
const MIN_COIL_SPACE: f64 = 12.0;
/// The windings of a spring.
const WINDINGS: usize = 5;

/// A panel whose first element is a chain.
impl PanelView for ChainMotion {
    /// Motion along the chain leaves the axis across it without values.
    fn axes_without_values(&self) -> [bool; 2] {
        [false, *self == ChainMotion::Along]
    }
}

impl ElementView for Chain {
    fn add_extent(
        &self,
        reader: &SignalReader<'_>,
        env: &Env<'_>,
        extents: &mut PanelExtents,
    ) -> Result<(), Diagnostic> {
        let [first, last] = self.sides();
        let margin = MARGIN.max((last - first) * MARGIN_OF_LENGTH);
        extents.add_point((first - margin, 0.0));
        extents.add_point((last + margin, 0.0));
        if self.motion == ChainMotion::Along {
            for y in ALONG_RANGE {
                extents.add_point((0.0, y));
            }
        }
        for place in self.places(reader, env)? {
            extents.add_point(place);
        }
        Ok(())
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let places = self.places(&context.reader, env)?;
        let pixels: Vec<Point> = places.iter().map(|place| context.viewport.point(*place)).collect();
        let joints = self.joints(context, &pixels);
        let color = context.style.fill.unwrap_or(context.style.color);
        let mut marks: Vec<Mark> = self.walls().flat_map(|wall| hatched(context, wall)).collect();
        if self.is_string {
            let line: Vec<Point> =
                joints[0].into_iter().chain(joints[1..].iter().map(|joint| joint[1])).collect();
            marks.push(context.style.in_color(color).line(line, context.viewport.rect));
            return Ok(marks);
        }
        let spacing = context.viewport.x.slope(0.0).abs();
        let radius = (RADIUS * spacing).clamp(RADII[0] * context.scale, RADII[1] * context.scale);
        marks.extend(joints.iter().map(|joint| spring_mark(context, *joint, spacing)));
        let disc = shape::disc(radius);
        marks.extend(pixels.iter().map(|at| fill_mark(Arc::clone(&disc), *at, color, context.canvas)));
        Ok(marks)
    }
}

impl Chain {
    /// The x coordinates of the leftmost and the rightmost part at rest.
    fn sides(&self) -> [f64; 2] {
        let last = self.displacements.len() as f64 - 1.0;
        let beyond = |end: ChainEnd| if end == ChainEnd::Free { 0.0 } else { 1.0 };
        [-beyond(self.ends[0]), last + beyond(self.ends[1])]
    }

    /// The x coordinates of walls, each with that of the mass beside it.
    fn walls(&self) -> impl Iterator<Item = [f64; 2]> {
        let [first, last] = self.sides();
        let walls = [(self.ends[0], [first, first + 1.0]), (self.ends[1], [last, last - 1.0])];
        walls.into_iter().filter(|(end, _)| *end == ChainEnd::Wall).map(|(_, wall)| wall)
    }

    /// The places of all masses in one frame.
    fn places(&self, reader: &SignalReader<'_>, env: &Env<'_>) -> Result<Vec<(f64, f64)>, Diagnostic> {
        let place = |(index, code)| {
            let displacement = reader.real(code, env)?;
            Ok(match self.motion {
                ChainMotion::Along => (f64::from(index) + displacement, 0.0),
                ChainMotion::Across => (f64::from(index), displacement),
            })
        };
        (0_u32..).zip(&self.displacements).map(place).collect()
    }

    /// The ends of all springs, from left to right, in device pixels. The spring that closes a ring is seen at both sides, from the
    /// last mass to where the first one would come next, and the other way round.
    fn joints(&self, context: &PaintContext<'_>, masses: &[Point]) -> Vec<[Point; 2]> {
        let count = masses.len();
        let [left, right] = self.sides();
        let turn = count as f64 * context.viewport.x.slope(0.0);
        let (first, last) = (masses[0], masses[count - 1]);
        let at = |x: f64| context.viewport.point((x, 0.0));
        let outer = |end: ChainEnd, wall: Point, next: Point| match end {
            ChainEnd::Free => None,
            ChainEnd::Wall => Some(wall),
            ChainEnd::Ring => Some(next),
        };
        let before = outer(self.ends[0], at(left), Point::new(last.x - turn, last.y));
        let after = outer(self.ends[1], at(right), Point::new(first.x + turn, first.y));
        let all: Vec<Point> = before.into_iter().chain(masses.iter().copied()).chain(after).collect();
        if all.len() == 1 {
            vec![[all[0]; 2]]
        } else {
            all.windows(2).map(|pair| [pair[0], pair[1]]).collect()
        }
    }
}

/// A wall at an x coordinate, hatched on the side away from the other one.
fn hatched(context: &PaintContext<'_>, wall: [f64; 2]) -> [Mark; 2] {
    spring::wall(&context.viewport, &context.style, context.canvas, context.scale, wall)
}

/// A spring between the middles of two masses, or a mass and a wall, which are `spacing` device pixels apart at rest.
fn spring_mark(context: &PaintContext<'_>, [from, to]: [Point; 2], spacing: f64) -> Mark {
    let line = if spacing < MIN_COIL_SPACE * context.scale {
        vec![from, to]
    } else {
        let half_breadth = (HALF_BREADTH * spacing).min(MAX_HALF_BREADTH * context.scale);
        Coil { windings: WINDINGS, shape: CoilShape::Zigzag }.between(from, to, half_breadth)
    };
    context.style.line(line, context.viewport.rect)
}
