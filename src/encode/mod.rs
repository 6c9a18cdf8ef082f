//! Frames in, bytes out. Encoders see pictures and writers only: no scenes, no clocks, no paths.
//!
//! A film is seen twice. The first pass feeds a [`Survey`], which counts colors and distinct
//! frames; from its [`Census`] a [`Palette`] is chosen for GIF, and APNG learns what its header
//! must say. The second pass pushes the same frames into [`GifEncoder`] or [`ApngEncoder`], each of
//! which keeps one canvas and a few frames in memory, however long the film. Whoever keeps what the
//! frames change (`changes`) need not draw them twice. [`WebpEncoder`] needs no first pass, but a writer
//! that can go back to the file's beginning.
//!
//! All of them are a [`FilmEncoder`] of their format, which codes frames on several threads. Each can also
//! begin and end in the middle of a film (`stretch`); what it writes then is a [`Part`], and [`Join`] makes the
//! film of such.

pub(crate) mod apng;
mod canvas;
mod changes;
mod color_merge;
mod color_patch;
mod color_table;
mod compositor;
mod delay;
mod delta;
mod distinct_frames;
mod encoder;
mod error;
pub(crate) mod gif;
mod histogram;
mod indexed_patch;
mod join;
mod lzw;
mod packed_indices;
mod palette;
mod palette_map;
mod part;
mod png;
mod png_color_type;
mod quantize;
mod stretch;
mod survey;
mod vp8l;
pub(crate) mod webp;

use crate::geometry::PixelRect;
use crate::raster::Raster;

pub(crate) use self::changes::{Changes, Shown};
pub(crate) use self::color_merge::ColorMerge;
pub(crate) use self::compositor::Compositor;
pub(crate) use self::encoder::{Encode, PushChanges};
pub(crate) use self::part::PartWriter;
pub(crate) use self::stretch::Stretch;
pub(crate) use self::survey::{Tally, array};

pub use self::apng::ApngEncoder;
pub use self::encoder::FilmEncoder;
pub use self::error::EncodeError;
pub use self::gif::GifEncoder;
pub use self::join::{Disorder, Join, JoinError, in_order};
pub use self::palette::Palette;
pub use self::part::{Coding, Content, Head, Part, PartError};
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
