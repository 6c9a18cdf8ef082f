//! Frames in, bytes out. Encoders see pictures and writers only: no scenes, no clocks, no paths.
//!
//! A film is seen twice. The first pass feeds a [`Survey`], which counts colours and distinct
//! frames; from its [`Census`] a [`Palette`] is chosen for GIF, and APNG learns what its header
//! must say. The second pass pushes the same frames into [`GifEncoder`] or [`ApngEncoder`], each of
//! which keeps one canvas and a few frames in memory, however long the film. Whoever keeps what the
//! frames change (`changes`) need not draw them twice. [`WebpEncoder`] needs no first pass, but a writer
//! that can go back to the file's beginning.
//!
//! All of them are a [`FilmEncoder`] of their format, which codes frames on several threads.

mod apng;
mod cells;
mod changes;
mod colouring;
mod delta;
mod encoder;
mod error;
mod gif;
mod histogram;
mod indexed;
mod lzw;
mod nearest;
mod palette;
mod patch;
mod pictures;
mod plane;
mod png;
mod quantize;
mod reduction;
mod shades;
mod stamp;
mod survey;
pub mod time;
mod vp8l;
mod webp;

use crate::geometry::PixelRect;
use crate::raster::Raster;

pub(crate) use self::changes::{Changes, Shown};
pub(crate) use self::encoder::PushChanges;
pub(crate) use self::pictures::Pictures;
pub(crate) use self::reduction::Reduction;
pub(crate) use self::survey::Tally;

pub use self::apng::ApngEncoder;
pub use self::encoder::FilmEncoder;
pub use self::error::EncodeError;
pub use self::gif::GifEncoder;
pub use self::palette::Palette;
pub use self::png::write_png;
pub use self::reduction::Quality;
pub use self::stamp::Stamp;
pub use self::survey::{Census, Survey};
pub use self::webp::WebpEncoder;

/// A format that holds a film of pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// GIF: 255 colours, opaque or clear.
    Gif,
    /// Animated PNG: every colour.
    Apng,
    /// Animated WebP, lossless: every colour.
    Webp,
}

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
