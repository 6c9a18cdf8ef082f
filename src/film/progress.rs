//! Progress callbacks of rendering.

/// Receives the progress of a film, from several threads at once.
pub trait Progress: Sync {
    /// The next stage begins.
    fn begin(&self, stage: Stage);

    /// One frame of the present stage is done.
    fn step(&self);
}

/// A stage of rendering a film, in the order in which they occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Drawing frames and counting their colors.
    Draw,
    /// Choosing colors for a GIF or for a reduced quality.
    Choose,
    /// Encoding and writing frames.
    Code,
    /// Drawing, encoding and writing frames in one pass, if no colors must be counted.
    Both,
}

/// Ignores all progress.
impl Progress for () {
    fn begin(&self, _: Stage) {}

    fn step(&self) {}
}
