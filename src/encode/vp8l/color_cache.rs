//! The color cache: pixels seen lately, each in the slot that its color hashes to.

use super::bits::Bits;

use super::Pixel;

/// How large a cache is: none, or 2^bits slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cache {
    /// Up to 11.
    pub(super) bits: u32,
}

/// For every pixel the slot of the cache that holds its color when its turn comes.
pub(super) struct Slots {
    slots: Vec<u16>,
}

/// Stands for no slot.
const MISS: u16 = u16::MAX;

impl Cache {
    /// No cache at all.
    pub(super) const NONE: Self = Self { bits: 0 };

    /// Tells the decoder how large it is.
    pub(super) fn tell(self, bits: &mut Bits) {
        bits.flag(self.bits > 0);
        if self.bits > 0 {
            bits.put(self.bits, 4);
        }
    }

    /// How many slots it has.
    pub(super) fn slots(self) -> usize {
        if self.bits == 0 { 0 } else { 1 << self.bits }
    }

    /// The slot of a color, by the hash that the specification gives.
    fn slot(self, pixel: u32) -> usize {
        (pixel.wrapping_mul(0x1E35_A7BD) >> (u32::BITS - self.bits)) as usize
    }

    /// Goes through a picture: every pixel enters the cache once it is written, however it is.
    pub(super) fn follow<P: Pixel>(self, pixels: &[P]) -> Slots {
        if self.bits == 0 {
            return Slots { slots: Vec::new() };
        }
        let mut held = vec![0; self.slots()];
        let slots = pixels.iter().map(|pixel| {
            let pixel = pixel.argb();
            let slot = self.slot(pixel);
            let hit = held[slot] == pixel;
            held[slot] = pixel;
            if hit { slot as u16 } else { MISS }
        });
        Slots { slots: slots.collect() }
    }
}

impl Slots {
    /// The slot that holds the color of a pixel.
    pub(super) fn of(&self, at: usize) -> Option<usize> {
        self.slots.get(at).filter(|&&slot| slot != MISS).map(|&slot| usize::from(slot))
    }
}
