//! Pictures of few colours: indices into a table, several in a byte where they are small.

use super::argb;
use crate::encode::patch::Patch;
use crate::encode::{EncodeError, shades};
use crate::raster::Rgba;

/// Colours of a table at most.
const MOST: usize = 256;

/// The slots in which they are found, four for each at most.
const SLOTS: usize = 4 * MOST;
const FREE: u16 = u16::MAX;

/// A picture's colours, each once.
pub(super) struct Table {
    colours: Vec<Rgba>,
    /// Open-addressed: the index of each colour at its hash, or behind.
    slots: Vec<u16>,
}

impl Table {
    /// The table of a picture that has these colours, if they are 256 at most.
    pub(super) fn of(colours: impl Iterator<Item = Rgba>) -> Option<Self> {
        let mut table = Self { colours: Vec::new(), slots: vec![FREE; SLOTS] };
        let mut last = None;
        for colour in colours.filter(|colour| last.replace(*colour) != Some(*colour)) {
            let slot = table.slot(colour);
            if table.slots[slot] == FREE {
                if table.colours.len() == MOST {
                    return None;
                }
                table.slots[slot] = table.colours.len() as u16;
                table.colours.push(colour);
            }
        }
        table.sort();
        Some(table)
    }

    /// How many colours there are.
    pub(super) fn len(&self) -> usize {
        self.colours.len()
    }

    /// The table as it is written: each colour less the one before it.
    pub(super) fn differences(&self) -> Vec<u32> {
        let before = std::iter::once(&Rgba::CLEAR).chain(&self.colours);
        self.colours.iter().zip(before).map(|(colour, before)| argb(less(*colour, *before))).collect()
    }

    /// How many indices a byte holds.
    pub(super) fn in_a_byte(&self) -> usize {
        match self.colours.len() {
            0..=2 => 8,
            3..=4 => 4,
            5..=16 => 2,
            17.. => 1,
        }
    }

    /// A picture as indices, packed from the lowest bit.
    pub(super) fn packed(&self, patch: &Patch) -> Result<Vec<u8>, EncodeError> {
        let index = |colour| self.slots[self.slot(colour)] as u8;
        // Where nothing is clear, no pixel is left as it was.
        let indices = patch.cells(index(Rgba::CLEAR), |colour| Ok(index(colour)))?;
        let in_a_byte = self.in_a_byte();
        if in_a_byte == 1 {
            return Ok(indices);
        }
        let bits = 8 / in_a_byte;
        let byte = |indices: &[u8]| {
            (0..).zip(indices).fold(0, |byte, (place, index)| byte | index << (place * bits))
        };
        let bytes = indices.chunks_exact(patch.rect.width() as usize).flat_map(|row| row.chunks(in_a_byte));
        Ok(bytes.map(byte).collect())
    }

    /// Where a colour's index stands or would stand.
    fn slot(&self, colour: Rgba) -> usize {
        let mut slot = shades::hash(colour) as usize % SLOTS;
        while self.slots[slot] != FREE && self.colours[usize::from(self.slots[slot])] != colour {
            slot = (slot + 1) % SLOTS;
        }
        slot
    }

    /// Lets each colour be followed by the one nearest to it, so that differences are small and alike.
    fn sort(&mut self) {
        self.colours.sort_unstable();
        let mut last = Rgba::CLEAR;
        for begin in 0..self.colours.len() {
            let rest = &mut self.colours[begin..];
            let nearest = (0..rest.len()).min_by_key(|&index| distance(rest[index], last)).unwrap_or(0);
            rest[..=nearest].rotate_right(1);
            last = rest[0];
        }
        self.slots.fill(FREE);
        for index in 0..self.colours.len() {
            let slot = self.slot(self.colours[index]);
            self.slots[slot] = index as u16;
        }
    }
}

/// Channel by channel, modulo 256.
fn less(colour: Rgba, before: Rgba) -> Rgba {
    Rgba {
        r: colour.r.wrapping_sub(before.r),
        g: colour.g.wrapping_sub(before.g),
        b: colour.b.wrapping_sub(before.b),
        a: colour.a.wrapping_sub(before.a),
    }
}

/// How much two colours differ, over all channels.
fn distance(colour: Rgba, other: Rgba) -> u32 {
    let channels = argb(less(colour, other)).to_le_bytes();
    channels.iter().map(|&step| u32::from(step.min(step.wrapping_neg()))).sum()
}
