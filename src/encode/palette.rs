//! Palette of a GIF. One palette serves the whole film, so equal pixels have equal indices in every frame, and a frame
//! contains only its changes.
//!
//! Index 0 is clear. The colors follow such that the indices of many frames are small (`palette_order`). There is no dithering,
//! because it flickers and compresses badly.

use std::cmp::Reverse;

use super::FilmStatistics;
use super::color_histogram::{ColorCount, sum_equal};
use super::palette_order::palette_order;
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
    /// The places of the colors, in descending order of their number of pixels.
    by_pixels: Vec<usize>,
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
        let counts = flat_counts(statistics, matte);
        let colors = if counts.len() <= MAX_COLORS && !statistics.is_approximate {
            counts
        } else {
            choose_colors(
                &counts,
                &pinned.iter().filter_map(|&color| flatten(color, matte)).collect::<Vec<_>>(),
            )
        };
        let order = palette_order(&colors.iter().map(|(_, count)| *count).collect::<Vec<_>>());
        let mut by_pixels: Vec<usize> = (0..order.len()).collect();
        by_pixels.sort_by_key(|&place| (Reverse(colors[order[place]].1.pixels), order[place]));
        Self { colors: order.iter().map(|&at| colors[at].0).collect(), by_pixels, matte, has_clear }
    }

    /// Opaque colors (red, green, blue). The first has index 1.
    #[must_use]
    pub fn colors(&self) -> &[[u8; 3]] {
        &self.colors
    }

    /// The opaque colors (red, green, blue) with their indices, in descending order of their number of pixels.
    pub fn colors_by_pixels(&self) -> impl Iterator<Item = (Rgb, u8)> + Clone {
        self.by_pixels.iter().map(|&place| (self.colors[place], place as u8 + 1))
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
fn flat_counts(statistics: &FilmStatistics, matte: Rgb) -> Vec<(Rgb, ColorCount)> {
    let flat = |&(color, count): &(Rgba, ColorCount)| flatten(color, matte).map(|rgb| (rgb, count));
    sum_equal(statistics.colors.iter().filter_map(flat).collect())
}

/// Chooses up to 255 colors that represent many, each with the counts of those that it represents. `pinned` colors are kept.
fn choose_colors(counts: &[(Rgb, ColorCount)], pinned: &[Rgb]) -> Vec<(Rgb, ColorCount)> {
    let mut exact: Vec<Rgb> = Vec::new();
    for rgb in pinned {
        if !exact.contains(rgb) {
            exact.push(*rgb);
        }
    }
    let samples: Vec<_> = counts.iter().map(|&(rgb, count)| Sample { rgb, weight: count.pixels }).collect();
    let clusters = Clusters::choose(&samples, &exact, MAX_COLORS);
    let mut chosen: Vec<_> = clusters.colors().iter().map(|&rgb| (rgb, ColorCount::default())).collect();
    for ((_, count), index) in counts.iter().zip(clusters.color_indices()) {
        chosen[index].1.add(*count);
    }
    chosen.retain(|(_, count)| count.pixels > 0);
    chosen
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
