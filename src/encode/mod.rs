//! Frames in, bytes out. Encoders see pictures and writers only: no scenes, no clocks, no paths.

use crate::geometry::PixelRect;
use crate::raster::Raster;

/// One frame on its way to an encoder.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The whole composited picture.
    pub image: &'a Raster,
    /// Where it can differ from the frame before: outside these rectangles the two are equal.
    /// Disjoint, inside the picture; the first frame's is the whole picture.
    pub changed: &'a [PixelRect],
    /// When the next frame takes over, in seconds since the film began. Encoders round these
    /// instants, not the delays between them, so that rounding never adds up.
    pub until: f64,
}

/// How often a film plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plays {
    /// Over and over.
    Forever,
    /// This many times in all, at least once.
    Times(u32),
}
