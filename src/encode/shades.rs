//! Colours by number: each gets the next one when it first appears.

use crate::raster::Rgba;

/// An empty slot of the table.
const FREE: u32 = u32::MAX;

/// The table's least size.
const LEAST: usize = 1 << 8;

/// Colours in the order of their first appearance, behind an open-addressed table with linear probing.
#[derive(Debug, Default)]
pub(super) struct Shades {
    colours: Vec<Rgba>,
    slots: Vec<u32>,
}

impl Shades {
    /// All colours; a colour's number is its place.
    pub(super) fn colours(&self) -> &[Rgba] {
        &self.colours
    }

    /// A colour's number.
    #[inline]
    pub(super) fn number(&mut self, colour: Rgba) -> u32 {
        self.at_hand(colour).unwrap_or_else(|| self.sought(colour))
    }

    /// A colour's number, if it stands in the first place looked at, as it nearly always does.
    #[inline]
    pub(super) fn at_hand(&self, colour: Rgba) -> Option<u32> {
        let number = *self.slots.get(hash(colour) as usize & self.slots.len().wrapping_sub(1))?;
        (*self.colours.get(number as usize)? == colour).then_some(number)
    }

    /// A colour's number, wherever it stands.
    #[cold]
    fn sought(&mut self, colour: Rgba) -> u32 {
        if self.colours.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let slot = self.find(colour);
        if self.slots[slot] == FREE {
            self.slots[slot] = self.colours.len() as u32;
            self.colours.push(colour);
        }
        self.slots[slot]
    }

    /// Whether a colour has a number.
    pub(super) fn knows(&self, colour: Rgba) -> bool {
        !self.slots.is_empty() && self.slots[self.find(colour)] != FREE
    }

    /// Gives back the memory that only asking for numbers takes; that can be gone on with.
    pub(super) fn shrink(&mut self) {
        self.slots = Vec::new();
        self.colours.shrink_to_fit();
    }

    /// The slot that holds the colour, or the free one where it belongs.
    fn find(&self, colour: Rgba) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(colour) as usize & mask;
        while self.slots[slot] != FREE && self.colours[self.slots[slot] as usize] != colour {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// Makes a table with room for twice as many colours.
    fn grow(&mut self) {
        let size = (self.colours.len() * 4).next_power_of_two().max(LEAST);
        self.slots.clear();
        self.slots.resize(size, FREE);
        for (number, &colour) in (0..).zip(&self.colours) {
            let slot = self.find(colour);
            self.slots[slot] = number;
        }
    }
}

/// Spreads neighbouring colours over the table (Knuth's multiplicative hash).
pub(super) fn hash(colour: Rgba) -> u32 {
    spread(colour.bits())
}

/// Neighbouring numbers far from one another, in their low and in their high bits.
pub(super) fn spread(number: u32) -> u32 {
    number.wrapping_mul(0x9E37_79B1).rotate_left(15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_keeps_its_number() {
        let colour = |n: u32| Rgba::opaque((n * 7) as u8, (n >> 3) as u8, (n % 5) as u8);
        let mut shades = Shades::default();
        let numbers: Vec<_> = (0..3000).map(|n| shades.number(colour(n))).collect();
        shades.shrink();
        for (n, &number) in (0..).zip(&numbers) {
            assert_eq!(shades.colours()[number as usize], colour(n));
            assert_eq!(shades.number(colour(n)), number);
        }
        let most = numbers.iter().max().expect("numbers");
        assert_eq!(shades.colours().len(), *most as usize + 1, "no number is left out");
    }
}
