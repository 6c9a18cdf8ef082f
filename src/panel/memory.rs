//! The memory of a figure, estimated and counted against the limit of its scene.
//!
//! Only what grows with the scene's own numbers is counted: pixels, curves, samples with marks of their own, arrows, lines near
//! notes, and the frames of moving axes and texts.

use crate::mark::Mark;
use crate::panel::chords::Chord;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::source::Origin;
use crate::work::Memory;

/// Bytes of a pixel: of the picture, and of what is coded of it.
const PIXEL: u64 = 6;
/// Bytes of a frame of a moving axis: its range, its ticks and their labels.
const AXIS_FRAME: u64 = 3000;
/// Bytes of a frame of a moving text: its place, those of its marker and its anchor, and the shift from the place that it
/// prefers.
const TEXT_FRAME: u64 = 150;
/// The work of a frame of a moving axis, most of it for the labels of its ticks.
const AXIS_FRAME_WORK: u64 = 20_000;
/// Bytes of a point of a curve: its place and its parameter, and the sample that they come from.
const CURVE_POINT: u64 = 64;
/// Bytes of a sample that has a mark of its own.
const MARKED_SAMPLE: u64 = 1000;
/// Bytes of an outline of a shape.
const OUTLINE: u64 = 150;

/// Counts the pixels of the canvas.
///
/// # Errors
/// They exceed the limit.
pub(super) fn reserve_canvas(scene: &Scene, (width, height): (u32, u32)) -> Result<(), Diagnostic> {
    scene.reserve(PIXEL * u64::from(width) * u64::from(height), scene.origins.canvas)
}

/// Counts the frames of a moving axis, and their work.
///
/// # Errors
/// They exceed the limit.
pub(super) fn reserve_axis_frames(scene: &Scene, origin: Origin) -> Result<(), Diagnostic> {
    let frames = scene.timeline.frames as u64;
    scene.charge(AXIS_FRAME_WORK * frames, origin)?;
    scene.reserve(AXIS_FRAME * frames, Some(origin))
}

/// Counts samples that have marks of their own.
///
/// # Errors
/// They exceed the limit.
pub(super) fn reserve_marked_samples(
    scene: &Scene,
    samples: usize,
    origin: Origin,
) -> Result<(), Diagnostic> {
    scene.reserve(MARKED_SAMPLE * samples as u64, Some(origin))
}

/// Counts the frames of a text that moves.
///
/// # Errors
/// They exceed the limit.
pub(super) fn reserve_text_frames(scene: &Scene, origin: Origin) -> Result<(), Diagnostic> {
    scene.reserve(TEXT_FRAME * scene.timeline.frames as u64, Some(origin))
}

/// Counts the points of a curve that is kept for all frames.
///
/// # Errors
/// They exceed the limit.
pub(super) fn reserve_curve(scene: &Scene, points: usize, origin: Origin) -> Result<(), Diagnostic> {
    scene.reserve(CURVE_POINT * points as u64, Some(origin))
}

/// Counts the chords of lines near notes, as long as the result lives.
///
/// # Errors
/// They exceed the limit.
pub(super) fn hold_chords(scene: &Scene, chords: usize, origin: Origin) -> Result<Memory, Diagnostic> {
    scene.hold(size_of::<Chord>() as u64 * chords as u64, origin)
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
        Mark::Image(image) => image.cells.indices.len() as u64,
    }
}
