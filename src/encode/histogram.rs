//! How many pixels of each colour a film shows, summed over its frames.
//!
//! A pixel that stays counts in every frame, yet costs nothing while it stays: each colour remembers
//! how many pixels show it and since which frame, and the product is added when that number changes.
//! Memory is bounded: past [`MOST_COLOURS`] the lowest bits of all channels are dropped.

use crate::raster::Rgba;

/// More colours than this are told apart more coarsely. Films have some thousands.
const MOST_COLOURS: usize = 1 << 18;

/// An empty slot of the table.
const FREE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Entry {
    colour: Rgba,
    /// Pixels that show it now.
    present: u64,
    /// The frame since which they do.
    since: u64,
    /// Pixels times frames before that.
    total: u64,
}

/// Colours in the order of their first appearance, behind an open-addressed table with linear probing.
pub(super) struct Histogram {
    slots: Vec<u32>,
    entries: Vec<Entry>,
    /// Frames that are complete.
    frame: u64,
    /// Low bits dropped from every channel.
    dropped: u32,
}

impl Histogram {
    pub(super) fn new() -> Self {
        Self { slots: vec![FREE; 1 << 10], entries: Vec::new(), frame: 0, dropped: 0 }
    }

    /// From the present frame on, this many pixels more show the colour.
    pub(super) fn enter(&mut self, colour: Rgba, pixels: u64) {
        let entry = self.entry(colour);
        entry.present += pixels;
    }

    /// From the present frame on, this many pixels less show the colour.
    pub(super) fn leave(&mut self, colour: Rgba, pixels: u64) {
        let entry = self.entry(colour);
        entry.present = entry.present.saturating_sub(pixels);
    }

    /// The present frame is complete, and the next one becomes present.
    pub(super) fn next_frame(&mut self) {
        self.frame += 1;
    }

    /// Whether colours had to be merged, so that the counted ones are not the true ones.
    pub(super) fn is_coarse(&self) -> bool {
        self.dropped > 0
    }

    /// Every colour with pixels times frames, in ascending order of colours.
    pub(super) fn into_counts(mut self) -> Vec<(Rgba, u64)> {
        self.settle();
        let mut counts: Vec<_> = self.entries.iter().map(|entry| (entry.colour, entry.total)).collect();
        counts.retain(|&(_, count)| count > 0);
        counts.sort_unstable();
        counts
    }

    /// The colour's entry, settled up to the present frame.
    fn entry(&mut self, colour: Rgba) -> &mut Entry {
        let mut slot = self.find(self.coarse(colour));
        if self.slots[slot] == FREE {
            if self.entries.len() * 2 >= self.slots.len() {
                self.grow();
                slot = self.find(self.coarse(colour));
            }
            if self.slots[slot] == FREE {
                self.slots[slot] = self.entries.len() as u32;
                let colour = self.coarse(colour);
                self.entries.push(Entry { colour, present: 0, since: self.frame, total: 0 });
            }
        }
        let entry = &mut self.entries[self.slots[slot] as usize];
        entry.settle(self.frame);
        entry
    }

    /// The slot that holds the colour, or the free one where it belongs.
    fn find(&self, colour: Rgba) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(colour) as usize & mask;
        while self.slots[slot] != FREE && self.entries[self.slots[slot] as usize].colour != colour {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// Drops the low bits and fills them with the high ones, so that 0 stays 0 and 255 stays 255.
    fn coarse(&self, colour: Rgba) -> Rgba {
        let keep = |channel: u8| {
            let high = channel >> self.dropped << self.dropped;
            high | (u16::from(channel) >> (8 - self.dropped)) as u8
        };
        match self.dropped {
            0 => colour,
            _ => Rgba { r: keep(colour.r), g: keep(colour.g), b: keep(colour.b), a: keep(colour.a) },
        }
    }

    /// Doubles the table, or makes colours coarser until they are few enough.
    fn grow(&mut self) {
        if self.slots.len() < MOST_COLOURS * 2 {
            self.slots = vec![FREE; self.slots.len() * 2];
        } else {
            self.settle();
            self.dropped += 1;
        }
        self.rebuild();
    }

    /// Fills the table anew from the entries, adding up those that have become one.
    fn rebuild(&mut self) {
        self.slots.fill(FREE);
        for entry in std::mem::take(&mut self.entries) {
            let colour = self.coarse(entry.colour);
            let slot = self.find(colour);
            if self.slots[slot] == FREE {
                self.slots[slot] = self.entries.len() as u32;
                self.entries.push(Entry { colour, ..entry });
            } else {
                let twin = &mut self.entries[self.slots[slot] as usize];
                twin.present += entry.present;
                twin.total += entry.total;
            }
        }
    }

    fn settle(&mut self) {
        for entry in &mut self.entries {
            entry.settle(self.frame);
        }
    }
}

impl Entry {
    fn settle(&mut self, frame: u64) {
        self.total += self.present * (frame - self.since);
        self.since = frame;
    }
}

/// Spreads neighbouring colours over the table (Knuth's multiplicative hash).
pub(super) fn hash(colour: Rgba) -> u32 {
    let key = u32::from_le_bytes([colour.r, colour.g, colour.b, colour.a]);
    key.wrapping_mul(0x9E37_79B1).rotate_left(15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_count_once_for_every_frame_they_are_shown_in() {
        let mut histogram = Histogram::new();
        histogram.enter(Rgba::WHITE, 10);
        histogram.next_frame();
        histogram.next_frame();
        histogram.leave(Rgba::WHITE, 4);
        histogram.enter(Rgba::BLACK, 4);
        histogram.next_frame();
        assert_eq!(histogram.into_counts(), [(Rgba::BLACK, 4), (Rgba::WHITE, 26)]);
    }

    #[test]
    fn absurdly_many_colours_stay_bounded_and_lose_no_pixel() {
        let mut histogram = Histogram::new();
        for step in 0..600_000_u32 {
            let [r, g, b, _] = (step * 27).to_le_bytes();
            histogram.enter(Rgba::opaque(r, g, b), 1);
        }
        histogram.next_frame();
        assert!(histogram.is_coarse());
        assert_eq!(histogram.coarse(Rgba::WHITE), Rgba::WHITE);
        let counts = histogram.into_counts();
        assert!(counts.len() <= MOST_COLOURS);
        assert_eq!(counts.iter().map(|&(_, count)| count).sum::<u64>(), 600_000);
    }
}
