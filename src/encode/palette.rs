//! The colors of a GIF: one table for the whole film, so that equal pixels have equal indices in
//! every frame and a frame need hold only what changes.
//!
//! Index 0 is clear; the colors follow, those of the most pixels first, which keeps the indices of
//! most frames small and their codes short. There is no dithering: it would flicker, and compress badly.

use std::cmp::Reverse;

use super::Census;
use super::histogram::merged;
use super::quantize::{Clusters, Rgb, Sample};
use crate::raster::Rgba;

/// GIF's 256 indices without the clear one.
const MOST_COLORS: usize = 255;

/// Pixels below this alpha become clear: at most 7/255 of their color is lost, and a soft edge does not
/// leave a rim of the matte's color.
const CLEAR_BELOW: u8 = 8;

/// Up to 255 opaque colors and the clear one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    colors: Vec<Rgb>,
    matte: Rgb,
    has_clear: bool,
}

impl Palette {
    /// The index of the clear color.
    pub const CLEAR: u8 = 0;

    /// Chooses colors for a film. All of them, exactly, if there are at most 255; else `pinned` exactly
    /// (the colors of lines and background; the first 255 of them) and others such that no color is
    /// far from one.
    ///
    /// GIF knows only opaque and clear: pixels of an alpha below 8 become clear, all others are blended
    /// over `matte`, whose own alpha does not matter.
    #[must_use]
    pub fn build(census: &Census, pinned: &[Rgba], matte: Rgba) -> Self {
        let matte = [matte.r, matte.g, matte.b];
        let has_clear = census.colors.iter().any(|&(color, _)| flatten(color, matte).is_none());
        let mut samples = flat_samples(census, matte);
        if samples.len() <= MOST_COLORS && !census.coarse {
            samples.sort_by_key(|sample| Reverse(sample.weight));
            return Self { colors: samples.iter().map(|sample| sample.rgb).collect(), matte, has_clear };
        }
        let mut pins: Vec<Rgb> = Vec::new();
        for rgb in pinned.iter().filter_map(|&color| flatten(color, matte)) {
            if !pins.contains(&rgb) {
                pins.push(rgb);
            }
        }
        Self { colors: Clusters::choose(&samples, &pins, MOST_COLORS).into_colors(), matte, has_clear }
    }

    /// The opaque colors, red, green and blue; the first has index 1.
    #[must_use]
    pub fn colors(&self) -> &[[u8; 3]] {
        &self.colors
    }

    /// Whether the film has clear pixels.
    #[must_use]
    pub fn has_clear(&self) -> bool {
        self.has_clear
    }

    /// What a pixel is before it meets the palette: opaque, or nothing where it becomes clear.
    #[must_use]
    pub fn flatten(&self, pixel: Rgba) -> Option<[u8; 3]> {
        flatten(pixel, self.matte)
    }

    /// The color that stands at an index: nothing for [`Self::CLEAR`] and beyond the table.
    #[must_use]
    pub fn color(&self, index: u8) -> Option<[u8; 3]> {
        self.colors.get(usize::from(index).checked_sub(1)?).copied()
    }
}

/// The colors as a GIF shows them, each once, ascending.
fn flat_samples(census: &Census, matte: Rgb) -> Vec<Sample> {
    let flat = |&(color, pixels): &(Rgba, u64)| flatten(color, matte).map(|rgb| (rgb, pixels));
    let counts = merged(census.colors.iter().filter_map(flat).collect());
    counts.into_iter().map(|(rgb, weight)| Sample { rgb, weight }).collect()
}

/// Blends over the matte, rounding to nearest.
fn flatten(pixel: Rgba, matte: Rgb) -> Option<Rgb> {
    let alpha = u32::from(pixel.a);
    let over =
        |top: u8, below: u8| ((u32::from(top) * alpha + u32::from(below) * (255 - alpha) + 127) / 255) as u8;
    match pixel.a {
        0..CLEAR_BELOW => None,
        CLEAR_BELOW.. => Some([over(pixel.r, matte[0]), over(pixel.g, matte[1]), over(pixel.b, matte[2])]),
    }
}
