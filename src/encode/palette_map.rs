//! From pixels to palette indices, behind a cache that remembers colors already looked up.
//!
//! The cache is direct-mapped: a color has one slot, and a newcomer replaces what stands there. So it
//! never grows, and a film of more colors than slots is merely slower.

use super::Palette;
use super::color_table::hash;
use super::quantize::Channels;
use crate::raster::Rgba;

const SLOTS: usize = 1 << 14;

/// A palette and what it has answered so far.
pub(super) struct PaletteMap {
    palette: Palette,
    channels: Channels,
    cache: Vec<(Rgba, u8)>,
}

impl PaletteMap {
    pub(super) fn new(palette: Palette) -> Self {
        // Clear pixels have index 0 in every palette, so the empty cache tells the truth everywhere.
        let channels = Channels::of(palette.colors().iter().copied());
        Self { palette, channels, cache: vec![(Rgba::CLEAR, Palette::CLEAR); SLOTS] }
    }

    pub(super) fn palette(&self) -> &Palette {
        &self.palette
    }

    /// The index of every pixel.
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
        let slot = hash(pixel) as usize % SLOTS;
        if self.cache[slot].0 != pixel {
            self.cache[slot] = (pixel, self.search(pixel));
        }
        self.cache[slot].1
    }

    /// The index of the nearest color, the lowest among equals.
    fn search(&self, pixel: Rgba) -> u8 {
        let Some(rgb) = self.palette.flatten(pixel) else { return Palette::CLEAR };
        let least = self.channels.distances(rgb).min();
        let place = self.channels.distances(rgb).position(|distance| Some(distance) == least);
        place.map_or(Palette::CLEAR, |place| place as u8 + 1)
    }
}
