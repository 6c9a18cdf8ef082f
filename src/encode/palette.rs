//! Palette of a GIF. One palette serves the whole film, so equal pixels have equal indices in every frame, and a frame
//! contains only its changes.
//!
//! Index 0 is clear. The colors follow in descending order of their number of pixels, which keeps most indices small
//! and their codes short. There is no dithering, because it flickers and compresses badly.

use std::cmp::Reverse;

use super::FilmStatistics;
use super::color_histogram::sum_equal;
use super::quantize::{Clusters, Rgb, Sample};
use crate::raster::Rgba;

/// Number of opaque colors: 256 indices without the clear one.
const MAX_COLORS: usize = 255;

/// Minimum alpha of a pixel that stays visible. A pixel below becomes clear and loses at most 7/255 of its color;
/// otherwise soft edges would get a rim of the matte color.
const MIN_ALPHA: u8 = 8;

/// Up to 255 opaque colors, and the clear color.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    colors: Vec<Rgb>,
    matte: Rgb,
    has_clear: bool,
}

impl Palette {
    /// Index of the clear color.
    pub const CLEAR: u8 = 0;

    /// Chooses the colors of a film. Up to 255 opaque colors are all kept exactly. Otherwise `pinned` colors (of marks
    /// and background; the first 255) are kept exactly, and the others are chosen such that no color of the film is far
    /// from the palette.
    ///
    /// GIF pixels are opaque or clear: pixels with an alpha below 8 become clear, all others are blended over `matte`,
    /// whose own alpha is ignored.
    #[must_use]
    pub fn build(statistics: &FilmStatistics, pinned: &[Rgba], matte: Rgba) -> Self {
        let matte = [matte.r, matte.g, matte.b];
        let has_clear = statistics.colors.iter().any(|&(color, _)| flatten(color, matte).is_none());
        let mut samples = flat_samples(statistics, matte);
        if samples.len() <= MAX_COLORS && !statistics.is_approximate {
            samples.sort_by_key(|sample| Reverse(sample.weight));
            return Self { colors: samples.iter().map(|sample| sample.rgb).collect(), matte, has_clear };
        }
        let mut exact: Vec<Rgb> = Vec::new();
        for rgb in pinned.iter().filter_map(|&color| flatten(color, matte)) {
            if !exact.contains(&rgb) {
                exact.push(rgb);
            }
        }
        Self { colors: Clusters::choose(&samples, &exact, MAX_COLORS).into_colors(), matte, has_clear }
    }

    /// Opaque colors (red, green, blue). The first has index 1.
    #[must_use]
    pub fn colors(&self) -> &[[u8; 3]] {
        &self.colors
    }

    /// Whether the film has clear pixels.
    #[must_use]
    pub fn has_clear(&self) -> bool {
        self.has_clear
    }

    /// Opaque color of a pixel before it is mapped to the palette, or `None` if it becomes clear.
    #[must_use]
    pub fn flatten(&self, pixel: Rgba) -> Option<[u8; 3]> {
        flatten(pixel, self.matte)
    }

    /// Color of an index; `None` for [`Self::CLEAR`] and beyond the palette.
    #[must_use]
    pub fn color(&self, index: u8) -> Option<[u8; 3]> {
        self.colors.get(usize::from(index).checked_sub(1)?).copied()
    }
}

/// Distinct opaque colors after blending over the matte, ascending.
fn flat_samples(statistics: &FilmStatistics, matte: Rgb) -> Vec<Sample> {
    let flat = |&(color, pixels): &(Rgba, u64)| flatten(color, matte).map(|rgb| (rgb, pixels));
    let counts = sum_equal(statistics.colors.iter().filter_map(flat).collect());
    counts.into_iter().map(|(rgb, weight)| Sample { rgb, weight }).collect()
}

/// Blends a pixel over the matte, rounded to nearest; `None` if it becomes clear.
fn flatten(pixel: Rgba, matte: Rgb) -> Option<Rgb> {
    let alpha = u32::from(pixel.a);
    let over =
        |top: u8, below: u8| ((u32::from(top) * alpha + u32::from(below) * (255 - alpha) + 127) / 255) as u8;
    match pixel.a {
        0..MIN_ALPHA => None,
        MIN_ALPHA.. => Some([over(pixel.r, matte[0]), over(pixel.g, matte[1]), over(pixel.b, matte[2])]),
    }
}
