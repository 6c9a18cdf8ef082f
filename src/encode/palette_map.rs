//! Maps pixels to palette indices, with a cache of recent colors.
//!
//! The cache is direct-mapped: each color has one slot, and a new color replaces the old one. So the cache never grows,
//! and a film with more colors than slots is merely slower.

use super::Palette;
use super::color_table::hash_color;
use super::quantize::ColorChannels;
use crate::raster::Rgba;

const CACHE_SLOTS: usize = 1 << 14;

/// A palette with a cache of its mapping.
pub(super) struct PaletteMap {
    palette: Palette,
    /// The colors in descending order of their number of pixels, and their indices.
    channels: ColorChannels,
    indices: Vec<u8>,
    cache: Vec<(Rgba, u8)>,
}

impl PaletteMap {
    pub(super) fn new(palette: Palette) -> Self {
        // Clear pixels have index 0 in every palette, so the initial cache is correct in every slot.
        let channels = ColorChannels::from_colors(palette.colors_by_pixels().map(|(color, _)| color));
        let indices = palette.colors_by_pixels().map(|(_, index)| index).collect();
        Self { palette, channels, indices, cache: vec![(Rgba::CLEAR, Palette::CLEAR); CACHE_SLOTS] }
    }

    pub(super) fn palette(&self) -> &Palette {
        &self.palette
    }

    /// Indices of all pixels.
    pub(super) fn indices(&mut self, pixels: &[Rgba]) -> Vec<u8> {
        let mut last = (Rgba::CLEAR, Palette::CLEAR);
        let index = |&pixel: &Rgba| {
            if pixel != last.0 {
                last = (pixel, self.index(pixel));
            }
            last.1
        };
        pixels.iter().map(index).collect()
    }

    fn index(&mut self, pixel: Rgba) -> u8 {
        let slot = hash_color(pixel) as usize % CACHE_SLOTS;
        if self.cache[slot].0 != pixel {
            self.cache[slot] = (pixel, self.nearest_index(pixel));
        }
        self.cache[slot].1
    }

    /// Index of the nearest color, of equally near ones that of most pixels. So pictures do not depend on the order of the palette.
    fn nearest_index(&self, pixel: Rgba) -> u8 {
        let Some(rgb) = self.palette.flatten(pixel) else { return Palette::CLEAR };
        self.channels.nearest(rgb).map_or(Palette::CLEAR, |nearest| self.indices[nearest])
    }
}
