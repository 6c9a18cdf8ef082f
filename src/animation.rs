//! Animation: everything about a sequence of frames except what the frames show, and how it is encoded.
//!
//! These are plain values. `film` encodes an animation as GIF, APNG or WebP, `svg` writes it as vectors.

use crate::quality::Quality;
use crate::raster::Rgba;
use crate::stamp::Stamp;
use crate::timing::{LoopCount, Timing};

/// Size, background and frame times of an animation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Animation {
    /// Width and height in device pixels.
    pub size: (u32, u32),
    /// Color below every frame; may be clear or translucent.
    pub background: Rgba,
    /// Number of frames, and when each is shown.
    pub timing: Timing,
    /// How often the animation plays.
    pub plays: LoopCount,
    /// Color that translucent pixels are blended over in a GIF, which has only opaque and clear pixels.
    pub matte: Rgba,
}

/// File formats of animations that this crate encodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnimationFormat {
    /// GIF: up to 255 colors and a clear one.
    Gif,
    /// Animated PNG, lossless.
    Apng,
    /// Animated WebP, lossless.
    Webp,
}

/// How an animation is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodeOptions {
    /// The file format.
    pub format: AnimationFormat,
    /// Color accuracy.
    pub quality: Quality,
    /// Hash of the picture's inputs, written into the file.
    pub stamp: Option<Stamp>,
}

impl EncodeOptions {
    /// Full color accuracy, without a stamp.
    #[must_use]
    pub const fn exact(format: AnimationFormat) -> Self {
        Self { format, quality: Quality::EXACT, stamp: None }
    }

    /// Whether the colors of all frames must be counted before the first frame can be encoded.
    #[must_use]
    pub fn needs_statistics(&self) -> bool {
        self.format != AnimationFormat::Webp || !self.quality.is_exact()
    }
}
