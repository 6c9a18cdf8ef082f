//! Pictures of few colors: indices into a table, several in a byte where they are small.

use super::argb;
use crate::encode::color_patch::Patch;
use crate::encode::{EncodeError, color_table};
use crate::raster::Rgba;

/// Colors of a table at most.
const MOST: usize = 256;

/// The slots in which they are found, four for each at most.
const SLOTS: usize = 4 * MOST;
const FREE: u16 = u16::MAX;

/// A picture's colors, each once.
pub(super) struct Table {
    colors: Vec<Rgba>,
    /// Open-addressed: the index of each color at its hash, or behind.
    slots: Vec<u16>,
}

impl Table {
    /// The table of a picture that has these colors, if they are 256 at most.
    pub(super) fn of(colors: impl Iterator<Item = Rgba>) -> Option<Self> {
        let mut table = Self { colors: Vec::new(), slots: vec![FREE; SLOTS] };
        let mut last = None;
        for color in colors.filter(|color| last.replace(*color) != Some(*color)) {
            let slot = table.slot(color);
            if table.slots[slot] == FREE {
                if table.colors.len() == MOST {
                    return None;
                }
                table.slots[slot] = table.colors.len() as u16;
                table.colors.push(color);
            }
        }
        table.sort();
        Some(table)
    }

    /// How many colors there are.
    pub(super) fn len(&self) -> usize {
        self.colors.len()
    }

    /// The table as it is written: each color less the one before it.
    pub(super) fn differences(&self) -> Vec<u32> {
        let before = std::iter::once(&Rgba::CLEAR).chain(&self.colors);
        self.colors.iter().zip(before).map(|(color, before)| argb(less(*color, *before))).collect()
    }

    /// How many indices a byte holds.
    pub(super) fn in_a_byte(&self) -> usize {
        match self.colors.len() {
            0..=2 => 8,
            3..=4 => 4,
            5..=16 => 2,
            17.. => 1,
        }
    }

    /// A picture as indices, packed from the lowest bit.
    pub(super) fn packed(&self, patch: &Patch) -> Result<Vec<u8>, EncodeError> {
        let index = |color| self.slots[self.slot(color)] as u8;
        // Where nothing is clear, no pixel is left as it was.
        let indices = patch.cells(index(Rgba::CLEAR), |color| Ok(index(color)))?;
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

    /// Where a color's index stands or would stand.
    fn slot(&self, color: Rgba) -> usize {
        let mut slot = color_table::hash(color) as usize % SLOTS;
        while self.slots[slot] != FREE && self.colors[usize::from(self.slots[slot])] != color {
            slot = (slot + 1) % SLOTS;
        }
        slot
    }

    /// Lets each color be followed by the one nearest to it, so that differences are small and alike.
    fn sort(&mut self) {
        self.colors.sort_unstable();
        let mut last = Rgba::CLEAR;
        for begin in 0..self.colors.len() {
            let rest = &mut self.colors[begin..];
            let nearest = (0..rest.len()).min_by_key(|&index| distance(rest[index], last)).unwrap_or(0);
            rest[..=nearest].rotate_right(1);
            last = rest[0];
        }
        self.slots.fill(FREE);
        for index in 0..self.colors.len() {
            let slot = self.slot(self.colors[index]);
            self.slots[slot] = index as u16;
        }
    }
}

/// Channel by channel, modulo 256.
fn less(color: Rgba, before: Rgba) -> Rgba {
    Rgba {
        r: color.r.wrapping_sub(before.r),
        g: color.g.wrapping_sub(before.g),
        b: color.b.wrapping_sub(before.b),
        a: color.a.wrapping_sub(before.a),
    }
}

/// How much two colors differ, over all channels.
fn distance(color: Rgba, other: Rgba) -> u32 {
    let channels = argb(less(color, other)).to_le_bytes();
    channels.iter().map(|&step| u32::from(step.min(step.wrapping_neg()))).sum()
}
