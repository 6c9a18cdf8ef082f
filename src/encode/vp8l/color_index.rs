//! Color indexing transform: pictures of few colors as indices into a table, several in a byte if they are small.

use super::argb;
use crate::encode::color_patch::ColorPatch;
use crate::encode::{EncodeError, color_table};
use crate::raster::Rgba;

/// Maximum number of colors.
const MAX_COLORS: usize = 256;

/// Slots of the hash table, at least four for each color.
const HASH_SLOTS: usize = 4 * MAX_COLORS;
const EMPTY: u16 = u16::MAX;

/// Distinct colors of a picture.
pub(super) struct ColorIndex {
    colors: Vec<Rgba>,
    /// Hash table of indices into `colors`: open addressing with linear probing.
    slots: Vec<u16>,
}

impl ColorIndex {
    /// Table of distinct colors; `None` if there are more than 256.
    pub(super) fn from_colors(colors: impl Iterator<Item = Rgba>) -> Option<Self> {
        let mut table = Self { colors: Vec::new(), slots: vec![EMPTY; HASH_SLOTS] };
        let mut last = None;
        for color in colors.filter(|color| last.replace(*color) != Some(*color)) {
            let slot = table.find_slot(color);
            if table.slots[slot] == EMPTY {
                if table.colors.len() == MAX_COLORS {
                    return None;
                }
                table.slots[slot] = table.colors.len() as u16;
                table.colors.push(color);
            }
        }
        table.sort_by_nearest();
        Some(table)
    }

    /// Number of colors.
    pub(super) fn len(&self) -> usize {
        self.colors.len()
    }

    /// The table as it is stored: each color minus the one before it.
    pub(super) fn deltas(&self) -> Vec<u32> {
        let before = std::iter::once(&Rgba::CLEAR).chain(&self.colors);
        self.colors.iter().zip(before).map(|(color, before)| argb(subtract(*color, *before))).collect()
    }

    /// Number of indices in a byte.
    pub(super) fn indices_per_byte(&self) -> usize {
        match self.colors.len() {
            0..=2 => 8,
            3..=4 => 4,
            5..=16 => 2,
            17.. => 1,
        }
    }

    /// Indices of the pixels of a patch, packed from the lowest bit.
    pub(super) fn pack_indices(&self, patch: &ColorPatch) -> Result<Vec<u8>, EncodeError> {
        let index = |color| self.slots[self.find_slot(color)] as u8;
        // A patch without clear pixels has no unchanged pixels either, so a missing clear color is never written.
        let indices = patch.map_pixels(index(Rgba::CLEAR), |color| Ok(index(color)))?;
        let indices_per_byte = self.indices_per_byte();
        if indices_per_byte == 1 {
            return Ok(indices);
        }
        let bits = 8 / indices_per_byte;
        let byte =
            |indices: &[u8]| (0..).zip(indices).fold(0, |byte, (slot, index)| byte | index << (slot * bits));
        let bytes =
            indices.chunks_exact(patch.rect.width() as usize).flat_map(|row| row.chunks(indices_per_byte));
        Ok(bytes.map(byte).collect())
    }

    /// Slot of a color, or the empty slot where it belongs.
    fn find_slot(&self, color: Rgba) -> usize {
        let mut slot = color_table::hash_color(color) as usize % HASH_SLOTS;
        while self.slots[slot] != EMPTY && self.colors[usize::from(self.slots[slot])] != color {
            slot = (slot + 1) % HASH_SLOTS;
        }
        slot
    }

    /// Sorts the colors such that each is followed by the nearest remaining one, which makes the stored differences
    /// small and similar.
    fn sort_by_nearest(&mut self) {
        self.colors.sort_unstable();
        let mut last = Rgba::CLEAR;
        for begin in 0..self.colors.len() {
            let rest = &mut self.colors[begin..];
            let nearest =
                (0..rest.len()).min_by_key(|&index| channel_distance(rest[index], last)).unwrap_or(0);
            rest[..=nearest].rotate_right(1);
            last = rest[0];
        }
        self.slots.fill(EMPTY);
        for index in 0..self.colors.len() {
            let slot = self.find_slot(self.colors[index]);
            self.slots[slot] = index as u16;
        }
    }
}

/// Difference of two colors, by channel modulo 256.
fn subtract(color: Rgba, before: Rgba) -> Rgba {
    Rgba {
        r: color.r.wrapping_sub(before.r),
        g: color.g.wrapping_sub(before.g),
        b: color.b.wrapping_sub(before.b),
        a: color.a.wrapping_sub(before.a),
    }
}

/// Sum of the absolute channel differences, each modulo 256.
fn channel_distance(color: Rgba, other: Rgba) -> u32 {
    let channels = argb(subtract(color, other)).to_le_bytes();
    channels.iter().map(|&step| u32::from(step.min(step.wrapping_neg()))).sum()
}
