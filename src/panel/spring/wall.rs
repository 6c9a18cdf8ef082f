//! The wall: a line across the whole panel, with hatching on the side away from the masses. On a vertical
//! panel it is a floor or a ceiling.

use std::sync::Arc;

use super::motion_axes::MotionAxes;
use super::{PartPainter, travel};
use crate::geometry::Point;
use crate::mark::{Cap, Mark, Pen};
use crate::panel::device_style::{fill_mark, snap_line, whole_width};
use crate::panel::grid_layout::Margins;
use crate::panel::shape;
use crate::panel::viewport::Viewport;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Lane, Orientation, Spring};

/// The extent of a hatching stroke along the wall and away from it, in CSS pixels.
const HATCH_RUN: f64 = 5.0;
/// The distance from one hatching stroke to the next, in CSS pixels.
const HATCH_PITCH: f64 = 6.0;
/// The line width of hatching, in CSS pixels.
const HATCH_WIDTH: f64 = 0.8;
/// The distance from the wall to which hatching is drawn, in CSS pixels.
const HATCH_REACH: f64 = HATCH_RUN + 1.0;

/// The margins that the hatching needs around the plot rectangle in the first frame, in device pixels. `scale` is
/// in device pixels per CSS pixel.
///
/// # Errors
/// A position cannot be evaluated.
pub(super) fn hatch_margins(
    scene: &Scene,
    spring: &Spring,
    viewport: &Viewport,
    scale: f64,
) -> Result<Margins, Diagnostic> {
    let env = scene.env(0)?;
    let axes = MotionAxes::new(viewport, spring.orientation);
    let wall = travel::wall_position(scene, spring, axes.along.range[0], &env)?;
    let mass = |lane: &Lane| Ok(scene.value(&lane.position, &env, lane.origin)?.re);
    let masses = spring.lanes.iter().map(mass).collect::<Result<Vec<f64>, Diagnostic>>()?;
    let tip = axes.along.pixel(wall) + hatch_direction(&axes, wall, &masses) * HATCH_REACH * scale;
    let [a, b] = axes.along.pixels;
    let (before, after) = ((a.min(b) - tip).max(0.0), (tip - a.max(b)).max(0.0));
    Ok(match spring.orientation {
        Orientation::Horizontal => Margins { left: before, right: after, ..Margins::default() },
        Orientation::Vertical => Margins { top: before, bottom: after, ..Margins::default() },
    })
}

/// The direction from the wall away from most of the masses: 1 towards growing device pixels, otherwise −1.
fn hatch_direction(axes: &MotionAxes, wall: f64, masses: &[f64]) -> f64 {
    let [start, end] = axes.along.pixels;
    let forward = (end - start).signum();
    let [first, last] = axes.along.range;
    let finite = masses.iter().filter(|mass| mass.is_finite());
    let sum: f64 = finite.map(|mass| (mass - wall) * (last - first).signum()).sum();
    if sum < 0.0 { forward } else { -forward }
}

impl PartPainter {
    /// The line of the wall and its hatching.
    pub(super) fn wall(&self, wall: f64, masses: &[f64]) -> [Mark; 2] {
        let axes = &self.axes;
        let at = snap_line(axes.along.pixel(wall), self.pen.width);
        let [start, end] = axes.across.pixels;
        let (start, end) = (start.min(end), start.max(end));
        let half = whole_width(self.pen.width) / 2.0;
        let line = shape::rectangle(axes.point(at - half, start), axes.point(at + half, end));
        let hatching = self.hatching(at, [start, end], hatch_direction(axes, wall, masses));
        [fill_mark(line, Point::default(), self.pen.color, self.canvas), hatching]
    }

    /// Hatching strokes from the lower left to the upper right, spread evenly over the wall's length.
    fn hatching(&self, at: f64, [start, end]: [f64; 2], direction: f64) -> Mark {
        let (run, pitch) = (HATCH_RUN * self.scale, HATCH_PITCH * self.scale);
        let count = ((end - start - run) / pitch).max(0.0) as usize;
        let pitch = (end - start - run) / count.max(1) as f64;
        // Away from the wall, strokes go down if they go left, and up if they go right. The same holds for
        // floors and ceilings, with the directions exchanged.
        let (near, far) = if direction < 0.0 { (0.0, run) } else { (run, 0.0) };
        let strokes = (0..=count).map(|i| {
            let first = start + i as f64 * pitch;
            vec![self.axes.point(at, first + near), self.axes.point(at + direction * run, first + far)]
        });
        let pen = Pen { width: HATCH_WIDTH * self.scale, cap: Cap::Butt, ..(*self.pen).clone() };
        self.stroke(strokes, Arc::new(pen))
    }
}
