//! Color cache: recent colors, each in the slot of its hash.

use super::bit_writer::BitWriter;

use super::Pixel;

/// Size of a color cache: 2^bits slots, or none if `bits` is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ColorCache {
    /// At most 11.
    pub(super) bits: u32,
}

/// For each pixel, the cache slot that holds its color when the pixel is written.
pub(super) struct CacheHits {
    slots: Vec<u16>,
}

/// Marks a pixel whose color is not in the cache.
const MISS: u16 = u16::MAX;

impl ColorCache {
    /// No cache.
    pub(super) const NONE: Self = Self { bits: 0 };

    /// Writes the size of the cache.
    pub(super) fn write_header(self, writer: &mut BitWriter) {
        writer.write_bit(self.bits > 0);
        if self.bits > 0 {
            writer.write(self.bits, 4);
        }
    }

    /// Number of slots.
    pub(super) fn slot_count(self) -> usize {
        if self.bits == 0 { 0 } else { 1 << self.bits }
    }

    /// Slot of a color, by the hash of the specification.
    fn hash_slot(self, pixel: u32) -> usize {
        (pixel.wrapping_mul(0x1E35_A7BD) >> (u32::BITS - self.bits)) as usize
    }

    /// Finds the cache hits of all pixels. Every pixel enters the cache, whether it is written as a literal, a hit or
    /// part of a copy.
    pub(super) fn find_hits<P: Pixel>(self, pixels: &[P]) -> CacheHits {
        if self.bits == 0 {
            return CacheHits { slots: Vec::new() };
        }
        let mut cached = vec![0; self.slot_count()];
        let slots = pixels.iter().map(|pixel| {
            let pixel = pixel.argb();
            let slot = self.hash_slot(pixel);
            let hit = cached[slot] == pixel;
            cached[slot] = pixel;
            if hit { slot as u16 } else { MISS }
        });
        CacheHits { slots: slots.collect() }
    }
}

impl CacheHits {
    /// Slot that holds the color of pixel `at`, if there is one.
    pub(super) fn slot(&self, at: usize) -> Option<usize> {
        self.slots.get(at).filter(|&&slot| slot != MISS).map(|&slot| usize::from(slot))
    }
}
