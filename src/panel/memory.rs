//! The memory of a figure, estimated and counted against the limit of its scene.
//!
//! Only what grows with the scene's own numbers is counted: pixels, curves, arrows, and the frames of moving axes.

use crate::mark::Mark;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::source::Origin;

/// Bytes of a pixel: of the picture, and of what is coded of it.
const PIXEL: u64 = 6;
/// Bytes of a frame of a moving axis: its range, its ticks and their labels.
const AXIS_FRAME: u64 = 3000;
/// Bytes of a point of a curve: its place and its parameter, and the sample that they come from.
const CURVE_POINT: u64 = 64;
/// Bytes of an outline of a shape.
const OUTLINE: u64 = 110;

/// Counts the pixels of the canvas.
///
/// # Errors
/// They exceed the limit.
pub(super) fn reserve_canvas(scene: &Scene, (width, height): (u32, u32)) -> Result<(), Diagnostic> {
    scene.reserve(PIXEL * u64::from(width) * u64::from(height), scene.origins.canvas)
}

/// Counts the frames of a moving axis.
///
/// # Errors
/// They exceed the limit.
pub(super) fn reserve_axis_frames(scene: &Scene, origin: Origin) -> Result<(), Diagnostic> {
    scene.reserve(AXIS_FRAME * scene.timeline.frames as u64, Some(origin))
}

/// Counts the points of a curve that is kept for all frames.
///
/// # Errors
/// They exceed the limit.
pub(super) fn reserve_curve(scene: &Scene, points: usize, origin: Origin) -> Result<(), Diagnostic> {
    scene.reserve(CURVE_POINT * points as u64, Some(origin))
}

/// Counts marks that are kept for all frames.
///
/// # Errors
/// They exceed the limit.
pub(super) fn reserve_marks(scene: &Scene, marks: &[Mark], origin: Origin) -> Result<(), Diagnostic> {
    scene.reserve(marks.iter().map(bytes).sum(), Some(origin))
}

/// Approximate heap bytes of a mark.
fn bytes(mark: &Mark) -> u64 {
    match mark {
        Mark::Nothing => 0,
        Mark::Stroke(stroke) => 16 * stroke.path.points.len() as u64,
        Mark::Tail(tail) => 17 * tail.path.points.len() as u64,
        Mark::Fill(fill) => OUTLINE * fill.shape.outlines.len() as u64,
    }
}
