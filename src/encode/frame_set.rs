//! Sets of frames, of a sample that is spread over a film.

/// Number of words of 64 bits, one bit for each frame of the sample.
const WORDS: usize = 4;

/// Maximum number of frames of a sample.
const SAMPLED_FRAMES: usize = WORDS * u64::BITS as usize;

/// A frame as a member of sets: its bit in one of their words, 0 if it does not belong to the sample.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SampledFrame {
    word: usize,
    bit: u64,
}

/// A set of frames of the sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FrameSet([u64; WORDS]);

impl SampledFrame {
    /// A frame of a film of `frames` frames.
    pub(super) fn new(index: usize, frames: usize) -> Self {
        let stride = frames.div_ceil(SAMPLED_FRAMES).max(1);
        if index.is_multiple_of(stride) { Self::at_place(index / stride) } else { Self::default() }
    }

    /// A frame at a place of the sample. Frames that are 256 places apart count as one.
    pub(super) fn at_place(place: usize) -> Self {
        let bits = u64::BITS as usize;
        Self { word: place / bits % WORDS, bit: 1 << (place % bits) }
    }
}

impl FrameSet {
    /// Adds a frame, if it belongs to the sample.
    #[inline]
    pub(super) fn insert(&mut self, frame: SampledFrame) {
        self.0[frame.word % WORDS] |= frame.bit;
    }

    /// Adds the frames of another set.
    pub(super) fn insert_all(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own |= other);
    }

    /// Removes the frames of another set.
    pub(super) fn remove_all(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own &= !other);
    }

    /// Number of frames that both sets have.
    pub(super) fn count_common(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(own, other)| (own & other).count_ones()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_spread_over_the_film() {
        for (frames, sampled) in [(1, 1), (100, 100), (256, 256), (257, 129), (321, 161), (5000, 250)] {
            let mut all = FrameSet::default();
            for index in 0..frames {
                let mut set = FrameSet::default();
                set.insert(SampledFrame::new(index, frames));
                assert_eq!(all.count_common(&set), 0, "{index} of {frames}");
                all.insert_all(set);
            }
            assert_eq!(all.count_common(&all), sampled, "{frames} frames");
            let mut first = FrameSet::default();
            first.insert(SampledFrame::new(0, frames));
            all.remove_all(first);
            assert_eq!((all.count_common(&first), all.count_common(&all)), (0, sampled - 1));
        }
    }
}
