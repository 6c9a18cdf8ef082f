//! Colors by number: each gets the next one when it first appears.

use crate::raster::Rgba;

/// An empty slot of the table.
const FREE: u32 = u32::MAX;

/// The table's least size.
const LEAST: usize = 1 << 8;

/// Colors in the order of their first appearance, behind an open-addressed table with linear probing.
#[derive(Debug, Default)]
pub(super) struct ColorTable {
    colors: Vec<Rgba>,
    slots: Vec<u32>,
}

impl ColorTable {
    /// All colors; a color's number is its place.
    pub(super) fn colors(&self) -> &[Rgba] {
        &self.colors
    }

    /// A color's number.
    #[inline]
    pub(super) fn number(&mut self, color: Rgba) -> u32 {
        self.at_hand(color).unwrap_or_else(|| self.sought(color))
    }

    /// A color's number, if it stands in the first place looked at, as it nearly always does.
    #[inline]
    pub(super) fn at_hand(&self, color: Rgba) -> Option<u32> {
        let number = *self.slots.get(hash(color) as usize & self.slots.len().wrapping_sub(1))?;
        (*self.colors.get(number as usize)? == color).then_some(number)
    }

    /// A color's number, wherever it stands.
    #[cold]
    fn sought(&mut self, color: Rgba) -> u32 {
        if self.colors.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let slot = self.find(color);
        if self.slots[slot] == FREE {
            self.slots[slot] = self.colors.len() as u32;
            self.colors.push(color);
        }
        self.slots[slot]
    }

    /// Whether a color has a number.
    pub(super) fn knows(&self, color: Rgba) -> bool {
        !self.slots.is_empty() && self.slots[self.find(color)] != FREE
    }

    /// Gives back the memory that only asking for numbers takes; that can be gone on with.
    pub(super) fn shrink(&mut self) {
        self.slots = Vec::new();
        self.colors.shrink_to_fit();
    }

    /// The slot that holds the color, or the free one where it belongs.
    fn find(&self, color: Rgba) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(color) as usize & mask;
        while self.slots[slot] != FREE && self.colors[self.slots[slot] as usize] != color {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// Makes a table with room for twice as many colors.
    fn grow(&mut self) {
        let size = (self.colors.len() * 4).next_power_of_two().max(LEAST);
        self.slots.clear();
        self.slots.resize(size, FREE);
        for (number, &color) in (0..).zip(&self.colors) {
            let slot = self.find(color);
            self.slots[slot] = number;
        }
    }
}

/// Spreads neighboring colors over the table (Knuth's multiplicative hash).
pub(super) fn hash(color: Rgba) -> u32 {
    spread(color.bits())
}

/// Neighboring numbers far from one another, in their low and in their high bits.
pub(super) fn spread(number: u32) -> u32 {
    number.wrapping_mul(0x9E37_79B1).rotate_left(15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_keeps_its_number() {
        let color = |n: u32| Rgba::opaque((n * 7) as u8, (n >> 3) as u8, (n % 5) as u8);
        let mut shades = ColorTable::default();
        let numbers: Vec<_> = (0..3000).map(|n| shades.number(color(n))).collect();
        shades.shrink();
        for (n, &number) in (0..).zip(&numbers) {
            assert_eq!(shades.colors()[number as usize], color(n));
            assert_eq!(shades.number(color(n)), number);
        }
        let most = numbers.iter().max().expect("numbers");
        assert_eq!(shades.colors().len(), *most as usize + 1, "no number is left out");
    }
}
