//! The wall: a line across the whole panel with hatching on the side away from the masses. It is a
//! floor or a ceiling where they move up and down.

use std::sync::Arc;

use super::motion_axes::MotionAxes;
use super::{PartPainter, travel};
use crate::geometry::Point;
use crate::mark::{Cap, Mark, Pen};
use crate::panel::device_style::{fill_mark, snap_line, whole_width};
use crate::panel::grid_layout::Margins;
use crate::panel::shape;
use crate::panel::viewport::Viewport;
use crate::scene::element::{Orientation, Spring};
use crate::scene::model::Env;

/// The hatching: strokes' run and distance in CSS pixels.
const HATCH: (f64, f64) = (5.0, 6.0);
/// The hatching's thickness in CSS pixels.
const FINE: f64 = 0.8;
/// How far from the wall the hatching reaches, in CSS pixels.
const ROOM: f64 = HATCH.0 + 1.0;

/// What the hatching needs around the plot rectangle at a moment, in device pixels.
pub(in crate::panel) fn hatch_margins(
    spring: &Spring,
    viewport: &Viewport,
    env: &Env<'_>,
    scale: f64,
) -> Margins {
    let axes = MotionAxes::new(viewport, spring.orientation);
    let wall = travel::wall(spring, axes.along.range[0], env);
    let masses: Vec<f64> = spring.lanes.iter().map(|lane| env.eval(&lane.position).re).collect();
    let tip = axes.along.pixel(wall) + outward(&axes, wall, &masses) * ROOM * scale;
    let [a, b] = axes.along.pixels;
    let (before, after) = ((a.min(b) - tip).max(0.0), (tip - a.max(b)).max(0.0));
    match spring.orientation {
        Orientation::Horizontal => Margins { left: before, right: after, ..Margins::default() },
        Orientation::Vertical => Margins { top: before, bottom: after, ..Margins::default() },
    }
}

/// The side of the wall on which the masses, taken together, are not: 1 where device pixels grow.
fn outward(axes: &MotionAxes, wall: f64, masses: &[f64]) -> f64 {
    let [start, end] = axes.along.pixels;
    let onward = (end - start).signum();
    let [first, last] = axes.along.range;
    let finite = masses.iter().filter(|mass| mass.is_finite());
    let beyond: f64 = finite.map(|mass| (mass - wall) * (last - first).signum()).sum();
    if beyond < 0.0 { onward } else { -onward }
}

impl PartPainter {
    /// Line and hatching.
    pub(super) fn wall(&self, wall: f64, masses: &[f64]) -> [Mark; 2] {
        let axes = &self.axes;
        let at = snap_line(axes.along.pixel(wall), self.pen.width);
        let [start, end] = axes.across.pixels;
        let (start, end) = (start.min(end), start.max(end));
        let half = whole_width(self.pen.width) / 2.0;
        let line = shape::rectangle(axes.place(at - half, start), axes.place(at + half, end));
        let hatch = self.hatch(at, [start, end], outward(axes, wall, masses));
        [fill_mark(line, Point::default(), self.ink(), self.canvas), hatch]
    }

    /// Strokes from lower left to upper right that share the wall's length evenly.
    fn hatch(&self, at: f64, [start, end]: [f64; 2], outward: f64) -> Mark {
        let (run, pitch) = (HATCH.0 * self.scale, HATCH.1 * self.scale);
        let count = ((end - start - run) / pitch).max(0.0) as usize;
        let pitch = (end - start - run) / count.max(1) as f64;
        // Towards the left of a wall strokes go down, towards its right up; and so with floors and ceilings.
        let (near, far) = if outward < 0.0 { (0.0, run) } else { (run, 0.0) };
        let pieces = (0..=count).map(|i| {
            let first = start + i as f64 * pitch;
            vec![self.axes.place(at, first + near), self.axes.place(at + outward * run, first + far)]
        });
        let pen = Pen { width: FINE * self.scale, cap: Cap::Butt, ..(*self.pen).clone() };
        self.stroke(pieces, Arc::new(pen))
    }
}
