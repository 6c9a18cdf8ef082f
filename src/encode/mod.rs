//! Frames in, bytes out. Encoders see pictures and writers only: no scenes, no clocks, no paths.
//!
//! A film is seen twice. The first pass feeds a [`Survey`], which counts colors and distinct
//! frames; from its [`Census`] a [`Palette`] is chosen for GIF, and APNG learns what its header
//! must say. The second pass pushes the same frames into [`GifEncoder`] or [`ApngEncoder`], each of
//! which keeps one canvas and a few frames in memory, however long the film. Whoever keeps what the
//! frames change (`changes`) need not draw them twice. [`WebpEncoder`] needs no first pass, but a writer
//! that can go back to the file's beginning.
//!
//! All of them are a [`FilmEncoder`] of their format, which codes frames on several threads.

mod apng;
mod canvas;
mod changes;
mod color_merge;
mod color_patch;
mod color_table;
mod compositor;
mod delay;
mod delta;
mod encoder;
mod error;
mod gif;
mod histogram;
mod indexed_patch;
mod lzw;
mod packed_indices;
mod palette;
mod palette_map;
mod png;
mod png_color_type;
mod quantize;
mod survey;
mod vp8l;
mod webp;

use crate::geometry::PixelRect;
use crate::raster::Raster;

pub(crate) use self::changes::{Changes, Shown};
pub(crate) use self::color_merge::ColorMerge;
pub(crate) use self::compositor::Compositor;
pub(crate) use self::encoder::PushChanges;
pub(crate) use self::survey::Tally;

pub use self::apng::ApngEncoder;
pub use self::encoder::FilmEncoder;
pub use self::error::EncodeError;
pub use self::gif::GifEncoder;
pub use self::palette::Palette;
pub use self::png::write_png;
pub use self::survey::{Census, Survey};
pub use self::webp::WebpEncoder;

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
