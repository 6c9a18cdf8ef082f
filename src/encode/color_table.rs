//! Color interning: each color gets the next free index when it first appears.

use crate::raster::Rgba;

/// Marks an empty slot.
const EMPTY: u32 = u32::MAX;

/// Initial number of slots.
const MIN_SLOTS: usize = 1 << 8;

/// Colors in the order of their first appearance, with a hash table (open addressing, linear probing).
#[derive(Debug, Default)]
pub(super) struct ColorTable {
    colors: Vec<Rgba>,
    slots: Vec<u32>,
}

impl ColorTable {
    /// A table of distinct colors, in the order of their indices.
    pub(super) fn from_distinct(colors: Vec<Rgba>) -> Self {
        Self { colors, slots: Vec::new() }
    }

    /// All colors, by index.
    pub(super) fn colors(&self) -> &[Rgba] {
        &self.colors
    }

    /// Returns the index of a color, and adds the color if it is new.
    #[inline]
    pub(super) fn intern(&mut self, color: Rgba) -> u32 {
        self.probe_first(color).unwrap_or_else(|| self.intern_slow(color))
    }

    /// Returns the index of a color if it is in the first slot of its probe sequence, where nearly all colors are.
    #[inline]
    pub(super) fn probe_first(&self, color: Rgba) -> Option<u32> {
        let index = *self.slots.get(hash_color(color) as usize & self.slots.len().wrapping_sub(1))?;
        (*self.colors.get(index as usize)? == color).then_some(index)
    }

    /// Returns the index of a color after a full search, and adds the color if it is new.
    #[cold]
    fn intern_slow(&mut self, color: Rgba) -> u32 {
        if self.colors.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let slot = self.find_slot(color);
        if self.slots[slot] == EMPTY {
            self.slots[slot] = self.colors.len() as u32;
            self.colors.push(color);
        }
        self.slots[slot]
    }

    /// Whether the table contains a color.
    pub(super) fn contains(&self, color: Rgba) -> bool {
        !self.slots.is_empty() && self.slots[self.find_slot(color)] != EMPTY
    }

    /// Frees the hash table, which is rebuilt when a color is interned.
    pub(super) fn shrink(&mut self) {
        self.slots = Vec::new();
        self.colors.shrink_to_fit();
    }

    /// Slot of the color, or the empty slot where it belongs.
    fn find_slot(&self, color: Rgba) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash_color(color) as usize & mask;
        while self.slots[slot] != EMPTY && self.colors[self.slots[slot] as usize] != color {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// Rebuilds the hash table with room for twice as many colors.
    fn grow(&mut self) {
        let size = (self.colors.len() * 4).next_power_of_two().max(MIN_SLOTS);
        self.slots.clear();
        self.slots.resize(size, EMPTY);
        for (index, &color) in (0..).zip(&self.colors) {
            let slot = self.find_slot(color);
            self.slots[slot] = index;
        }
    }
}

/// Hash of a color (Knuth, multiplicative hashing).
pub(super) fn hash_color(color: Rgba) -> u32 {
    hash_u32(color.bits())
}

/// Multiplicative hash whose low and high bits both vary between neighboring numbers.
pub(super) fn hash_u32(index: u32) -> u32 {
    index.wrapping_mul(0x9E37_79B1).rotate_left(15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_keeps_its_index() {
        let color = |n: u32| Rgba::opaque((n * 7) as u8, (n >> 3) as u8, (n % 5) as u8);
        let mut table = ColorTable::default();
        let indices: Vec<_> = (0..3000).map(|n| table.intern(color(n))).collect();
        table.shrink();
        for (n, &index) in (0..).zip(&indices) {
            assert_eq!(table.colors()[index as usize], color(n));
            assert_eq!(table.intern(color(n)), index);
        }
        let max = indices.iter().max().expect("indices");
        assert_eq!(table.colors().len(), *max as usize + 1, "no index is left out");
    }
}
