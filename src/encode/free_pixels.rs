//! How the pixels are written that a GIF frame leaves unchanged: as clear or with their own index.
//!
//! Which way is smaller depends on the film: some strings of clear and changed pixels return in one film, and strings of
//! indices in another. So parts of some frames are encoded in every way, and the frames that follow are written in the
//! best. This is done while frames are in order, so the choice does not depend on threads.

use std::ops::Range;

use super::lzw::LzwEncoder;
use super::packed_indices::PackedIndices;

/// Number of changed pixels of a part that is encoded on trial. They fill the dictionary once.
const TRIAL_PIXELS: usize = 20_000;

/// Maximum number of frames for which a choice is kept: twice as many with each trial that confirms it, half as many with each
/// in which another way of writing a whole frame is smaller.
const MAX_FRAMES_PER_CHOICE: usize = 12;

/// A way whose sizes are larger than the least by more than this fraction, a sixteenth, is tried in every fourth trial only.
const MAX_LAG: usize = 16;
const TRIALS_PER_WAY: usize = 4;

/// A frame of which fewer pixels change, a twentieth, is never written with all indices: it would be several times as large.
const MIN_DENSITY: usize = 20;

/// Unit of the costs of trials, which keeps their rounding small.
const COST_UNITS: usize = 16;

/// How free pixels are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FreePixels {
    /// Each as clear or with its index, whichever makes a string longer.
    Either,
    /// As clear in ranges of several indices, and with their index in ranges of one. So every range is a single run,
    /// which continues the changed pixels around it if they have the same index.
    Runs,
    /// As clear.
    Clear,
    /// As clear, in strings that may continue over the beginning of a long run.
    ClearStrings,
    /// With their index.
    Own,
}

impl FreePixels {
    const ALL: [Self; 5] = [Self::Either, Self::Runs, Self::Clear, Self::ClearStrings, Self::Own];

    /// Makes the free pixels clear or fixed that are to be written in this way only. No index may be omitted.
    pub(super) fn apply_to(self, indices: &mut PackedIndices) {
        let is_mixed = |free: &Range<usize>| {
            let own = &indices.stored()[free.clone()];
            own.iter().any(|index| *index != own[0])
        };
        let clear = match self {
            Self::Either => return,
            Self::Runs => indices.free().filter(is_mixed).collect::<Vec<_>>(),
            Self::Clear | Self::ClearStrings => indices.free().collect(),
            Self::Own => Vec::new(),
        };
        indices.clear_only(clear);
        if self == Self::ClearStrings {
            indices.clear_only([]);
        }
    }
}

/// Chooses how the free pixels of frames are written.
pub(super) struct FreePixelChooser {
    lzw: LzwEncoder,
    /// For each way, the sum of its sizes in all trials, each at most twice the least of the trial. The weight of a trial
    /// decreases by a quarter with each that follows, so no single frame decides, and a film may change.
    costs: [usize; FreePixels::ALL.len()],
    choice: FreePixels,
    trials: usize,
    /// Number of frames for which the choice is kept, and for which it is still kept.
    frames_per_choice: usize,
    frames_left: usize,
}

impl FreePixelChooser {
    pub(super) fn new() -> Self {
        let (lzw, costs, choice) = (LzwEncoder::new(), Default::default(), FreePixels::Either);
        Self { lzw, costs, choice, trials: 0, frames_per_choice: 0, frames_left: 0 }
    }

    /// Chooses for the next frame. No index may be omitted.
    pub(super) fn choose(&mut self, indices: &PackedIndices) -> FreePixels {
        let changed = indices.fixed().map(|own| own.len()).sum();
        if changed == indices.len() {
            return FreePixels::Either;
        }
        if self.frames_left == 0 {
            let smallest = self.add_trial(indices, changed);
            self.choice = way_of_least(self.costs.map(Some));
            // A part of a frame tells less, and takes longer.
            let is_confirmed = smallest == self.choice || changed > TRIAL_PIXELS;
            let frames = if is_confirmed { 2 * self.frames_per_choice } else { self.frames_per_choice / 2 };
            self.frames_per_choice = frames.clamp(1, MAX_FRAMES_PER_CHOICE);
            self.frames_left = self.frames_per_choice;
        }
        self.frames_left -= 1;
        if self.choice == FreePixels::Own && is_sparse(indices, changed) {
            return FreePixels::Either;
        }
        self.choice
    }

    /// Encodes the middle of a frame with `changed` changed pixels in every way that may become the best. Returns the way that is
    /// the smallest there.
    fn add_trial(&mut self, indices: &PackedIndices, changed: usize) -> FreePixels {
        let length = indices.len();
        let skipped = if changed > TRIAL_PIXELS { (length - length / changed * TRIAL_PIXELS) / 2 } else { 0 };
        let least_cost = self.costs.into_iter().min().unwrap_or(0);
        let tries_all = self.trials.is_multiple_of(TRIALS_PER_WAY);
        let mut sizes = [None; FreePixels::ALL.len()];
        for ((way, cost), size) in FreePixels::ALL.into_iter().zip(self.costs).zip(&mut sizes) {
            if way == FreePixels::Own && is_sparse(indices, changed) {
                *size = Some(usize::MAX);
            } else if tries_all || cost <= least_cost + least_cost / MAX_LAG {
                let mut part = indices.slice(skipped..length - skipped);
                way.apply_to(&mut part);
                *size = Some(self.lzw.encode(&part).len());
            }
        }
        let least = sizes.into_iter().flatten().min().unwrap_or(0);
        for (sum, size) in self.costs.iter_mut().zip(sizes) {
            // A way that is not tried keeps its distance from the best.
            let size = size.unwrap_or_else(|| least * *sum / least_cost.max(1));
            *sum = *sum * 3 / 4 + size.min(2 * least) * COST_UNITS;
        }
        self.trials += 1;
        way_of_least(sizes)
    }
}

/// The way with the least size, among those with one.
fn way_of_least(sizes: [Option<usize>; FreePixels::ALL.len()]) -> FreePixels {
    let sized = FreePixels::ALL.into_iter().zip(sizes).filter_map(|(way, size)| Some((way, size?)));
    sized.min_by_key(|(_, size)| *size).map_or(FreePixels::Either, |(way, _)| way)
}

/// Whether too few pixels change for all to be written with their index.
fn is_sparse(indices: &PackedIndices, changed: usize) -> bool {
    MIN_DENSITY * changed < indices.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of a film whose free pixels are best written in some way.
    fn frame(seed: u32, colors: u32, changed_every: usize, changed_run: usize) -> PackedIndices {
        let mut state = seed;
        let mut noise = || {
            state = state.wrapping_mul(0x915F_77F5).wrapping_add(12_345);
            1 + (state >> 16) as u8 % colors as u8
        };
        let indices: Vec<u8> = (0..40_000).map(|_| noise()).collect();
        let starts = (0..40_000).step_by(changed_every);
        PackedIndices::new(indices, starts.map(|at| at..(at + changed_run).min(40_000)))
    }

    fn size(way: FreePixels, frame: PackedIndices) -> usize {
        let mut frame = frame;
        way.apply_to(&mut frame);
        LzwEncoder::new().encode(&frame).len()
    }

    #[test]
    fn the_smallest_way_is_chosen_also_when_the_film_changes() {
        let mut chooser = FreePixelChooser::new();
        let mut choice = FreePixels::Either;
        let frames = [(3, 2, 1), (3, 200, 1), (200, 90, 10)];
        for (colors, every, run) in frames.into_iter().chain(frames) {
            let frame = || frame(1, colors, every, run);
            for _ in 0..10 * MAX_FRAMES_PER_CHOICE {
                choice = chooser.choose(&frame());
            }
            let least = FreePixels::ALL.into_iter().map(|way| size(way, frame())).min();
            assert_eq!(Some(size(choice, frame())), least, "{colors} colors, every {every}: {choice:?}");
        }
    }

    #[test]
    fn free_pixels_become_clear_or_fixed() {
        let indices = vec![1, 2, 2, 3, 3, 4, 5, 5, 6];
        // The free ranges are [2, 2] and [3, 4, 5].
        let frame = || PackedIndices::new(indices.clone(), [0..1, 3..4, 7..9]);
        let cases = [
            (FreePixels::Either, [1, 2, 2, 3, 3, 4, 5, 5, 6], vec![(1, 3), (4, 7)]),
            (FreePixels::Runs, [1, 2, 2, 3, 0, 0, 0, 5, 6], vec![(4, 7)]),
            (FreePixels::Clear, [1, 0, 0, 3, 0, 0, 0, 5, 6], vec![(1, 3), (4, 7)]),
            (FreePixels::ClearStrings, [1, 0, 0, 3, 0, 0, 0, 5, 6], vec![]),
            (FreePixels::Own, [1, 2, 2, 3, 3, 4, 5, 5, 6], vec![]),
        ];
        for (way, expected, free) in cases {
            let mut frame = frame();
            way.apply_to(&mut frame);
            assert_eq!(frame.stored(), expected, "{way:?}");
            let found: Vec<_> = frame.free().map(|range| (range.start, range.end)).collect();
            assert_eq!(found, free, "{way:?}");
        }
    }
}
