//! The memory of a figure and the work of its fills, estimated and counted against the limits of its scene.
//!
//! Only what grows with the scene's own numbers is counted: pixels, curves, arrows, lines near notes, and the frames of moving
//! axes.

use tiny_skia_path::Path;

use crate::mark::{Fill, Mark};
use crate::panel::note_path::Chord;
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
const OUTLINE: u64 = 150;

/// The work of a pixel within the rectangle around a filled outline.
const PIXEL_WORK: u64 = 4;
/// Outlines with fewer points are rectangles and arrows, whose pixels take no time.
const SIMPLE_POINTS: usize = 8;

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

/// Counts the chords of lines near notes.
///
/// # Errors
/// They exceed the limit.
pub(super) fn reserve_chords(scene: &Scene, chords: usize, origin: Origin) -> Result<(), Diagnostic> {
    scene.reserve(size_of::<Chord>() as u64 * chords as u64, Some(origin))
}

/// Counts marks that are kept for all frames.
///
/// # Errors
/// They exceed the limit.
pub(super) fn reserve_marks(scene: &Scene, marks: &[Mark], origin: Origin) -> Result<(), Diagnostic> {
    scene.reserve(marks.iter().map(bytes).sum(), Some(origin))
}

/// Counts the work of filling marks, before the first frame.
///
/// # Errors
/// It exceeds the limit.
pub(super) fn charge_fills(scene: &Scene, marks: &[Mark], origin: Origin) -> Result<(), Diagnostic> {
    scene.charge(marks.iter().map(fill_work).sum(), origin)
}

/// The work of filling a mark.
fn fill_work(mark: &Mark) -> u64 {
    let Mark::Fill(fill) = mark else { return 0 };
    let curved = fill.shape.outlines.iter().filter(|outline| outline.len() > SIMPLE_POINTS);
    curved.map(|outline| PIXEL_WORK * area(outline, fill)).sum()
}

/// The pixels of the rectangle around an outline, as far as they are painted.
fn area(outline: &Path, fill: &Fill) -> u64 {
    let (bounds, clip) = (outline.bounds(), fill.clip);
    let side = |from: f64, to: f64, first: i32, end: i32| {
        (to.min(f64::from(end)) - from.max(f64::from(first))).max(0.0)
    };
    let [left, right] = [bounds.left(), bounds.right()].map(|x| f64::from(x) + fill.at.x);
    let [top, bottom] = [bounds.top(), bounds.bottom()].map(|y| f64::from(y) + fill.at.y);
    let width = side(left, right, clip.left, clip.right);
    let height = side(top, bottom, clip.top, clip.bottom);
    (width * height) as u64
}

/// Approximate heap bytes of a mark.
fn bytes(mark: &Mark) -> u64 {
    match mark {
        Mark::Nothing => 0,
        Mark::Stroke(stroke) => 16 * stroke.path.points.len() as u64,
        Mark::Tail(tail) => 17 * tail.path.points.len() as u64,
        Mark::Fill(fill) => OUTLINE * fill.shape.outlines.len() as u64,
        Mark::Image(image) => image.cells.indices.len() as u64,
    }
}
