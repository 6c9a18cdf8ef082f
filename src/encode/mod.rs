//! Encoders of GIF, APNG, WebP and PNG. They take pictures and writers, and know no scenes, clocks or paths.
//!
//! GIF and APNG need two passes over the frames. In the first, a [`FilmAnalyzer`] counts colors and distinct frames;
//! its [`FilmStatistics`] determine the [`Palette`] of a GIF and the header of an APNG. In the second, the same frames
//! are pushed into [`GifEncoder`] or [`ApngEncoder`]. [`WebpEncoder`] needs no first pass, but a writer that can seek.
//! If the changes of frames are kept (`packed_changes`), frames need not be drawn twice.
//!
//! Each encoder is a [`FilmEncoder`] of its format. It encodes frames on several threads and keeps one canvas and a few
//! frames in memory, so memory does not grow with the film.

mod apng;
mod canvas;
mod color_histogram;
mod color_merge;
mod color_patch;
mod color_table;
mod compositor;
mod delay;
mod delta;
mod encoder;
mod error;
mod frame_set;
mod free_pixels;
mod gif;
mod indexed_patch;
mod lzw;
mod lzw_dictionary;
mod packed_changes;
mod packed_indices;
mod palette;
mod palette_map;
mod palette_order;
mod png;
mod png_color_type;
mod quantize;
mod statistics;
mod vp8l;
mod webp;

use crate::geometry::PixelRect;
use crate::raster::Raster;

pub(crate) use self::color_merge::ColorMerge;
pub(crate) use self::compositor::Compositor;
pub(crate) use self::encoder::PushChanges;
pub(crate) use self::packed_changes::{CanvasView, PackedChanges, StoredChanges};
pub(crate) use self::statistics::FrameCounts;

pub use self::apng::ApngEncoder;
pub use self::color_histogram::ColorCount;
pub use self::encoder::FilmEncoder;
pub use self::error::EncodeError;
pub use self::gif::GifEncoder;
pub use self::palette::Palette;
pub use self::png::write_png;
pub use self::statistics::{FilmAnalyzer, FilmStatistics};
pub use self::webp::WebpEncoder;

/// One frame of a film, as it is pushed into an encoder.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Picture of the whole frame.
    pub image: &'a Raster,
    /// Rectangles in which the frame may differ from the one before; outside, both must be equal. They are disjoint and
    /// inside the picture. The first frame is written whole, whatever they are.
    pub changed: &'a [PixelRect],
    /// End of the frame, in seconds since the film began. Encoders round ends, not durations, so that rounding errors
    /// do not add up.
    pub end: f64,
}
