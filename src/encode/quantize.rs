//! Color quantization: chooses a few colors that represent many.
//!
//! First the largest error is bounded: farthest-point insertion (Gonzalez 1985) adds a color wherever none is near.
//! Then the mean error is reduced: remaining colors are added where the number of pixels times the squared distance is
//! largest, until the mean error is small enough, and Lloyd's iteration moves the free colors to the means of their
//! samples. All arithmetic is on integers over sorted input, so the result is the same on every machine.

use fearless_simd::{Level, dispatch};

/// A color without alpha: red, green, blue.
pub(super) type Rgb = [u8; 3];

/// Largest error of a channel, if there are enough colors: invisible along the edge of a line.
const MAX_CHANNEL_ERROR: u8 = 16;

/// Mean squared error of a channel below which no colors are added: a peak signal-to-noise ratio of 61 dB, 255²/10^6.1.
/// Each further color makes the file larger.
const TARGET_MEAN_SQUARE: f64 = 0.051_651;

/// Maximum number of exchange rounds; each exchanges a sixteenth of the centers.
const EXCHANGE_ROUNDS: usize = 12;

/// Maximum number of rounds of Lloyd's iteration; later rounds gain almost nothing.
const LLOYD_ROUNDS: usize = 4;

/// A color and its number of pixels.
#[derive(Clone, Copy)]
pub(super) struct Sample {
    pub(super) rgb: Rgb,
    pub(super) weight: u64,
}

/// Error of the chosen colors.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fidelity {
    /// The largest difference of a channel.
    worst: u8,
    /// The mean squared difference of a channel, over all pixels.
    mean_square: f64,
}

/// Chosen colors (centers), and the nearest one of every sample.
pub(super) struct Clusters<'a> {
    samples: &'a [Sample],
    channels: ColorChannels,
    centers: Vec<Rgb>,
    /// Number of leading centers that must not move.
    pinned: usize,
    /// Nearest center of each sample.
    nearest: NearestCenters,
}

/// A center for each sample, and its distance.
#[derive(Clone)]
struct NearestCenters {
    centers: Vec<u32>,
    distances: Vec<u32>,
}

/// Removal of a center, ordered by cost.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Removal {
    /// Increase of the squared error of all samples.
    cost: u64,
    center: usize,
    /// Whether no sample would exceed the error bound.
    is_allowed: bool,
}

/// Colors stored by channel, so that the compiler compares several colors at once.
pub(super) struct ColorChannels([Vec<i16>; 3]);

impl ColorChannels {
    pub(super) fn from_colors(colors: impl Iterator<Item = Rgb> + Clone) -> Self {
        Self([0, 1, 2].map(|channel| colors.clone().map(|rgb| i16::from(rgb[channel])).collect()))
    }

    /// Distance of each color from `to`: primarily the excess of its largest channel difference over
    /// [`MAX_CHANNEL_ERROR`], then the squared Euclidean distance. So a color within the bound in every channel is
    /// preferred over one that is nearer in total but exceeds the bound in a channel.
    fn distances(&self, to: Rgb) -> impl Iterator<Item = u32> {
        let ([red, green, blue], [r, g, b]) = (&self.0, to.map(i16::from));
        red.iter().zip(green).zip(blue).map(move |((red, green), blue)| {
            let (dr, dg, db) = ((red - r).abs(), (green - g).abs(), (blue - b).abs());
            let square = |d: i16| i32::from(d) * i32::from(d);
            let excess = (dr.max(dg).max(db) - i16::from(MAX_CHANNEL_ERROR)).max(0);
            (i32::from(excess) << SQUARE_BITS | (square(dr) + square(dg) + square(db))) as u32
        })
    }

    /// Index of the nearest color, of equally near ones the first.
    pub(super) fn nearest(&self, to: Rgb) -> Option<usize> {
        let least = dispatch!(Level::new(), _ => self.distances(to).min());
        self.distances(to).position(|distance| Some(distance) == least)
    }
}

impl NearestCenters {
    /// No center has been assigned yet.
    fn unassigned(samples: usize) -> Self {
        Self { centers: vec![0; samples], distances: vec![u32::MAX; samples] }
    }

    /// Center and distance of each sample.
    fn iter(&self) -> impl Iterator<Item = (usize, u32)> {
        self.centers.iter().zip(&self.distances).map(|(&center, &distance)| (center as usize, distance))
    }

    /// Assigns `center` to all samples to which it is nearer than their current center.
    fn update(&mut self, center: usize, distances: impl Iterator<Item = u32>) {
        dispatch!(Level::new(), _ => self.update_each(center, distances));
    }

    /// [`Self::update`] with the vector instructions of the caller.
    #[inline(always)]
    #[allow(
        clippy::inline_always,
        reason = "a loop is compiled for an instruction set only where it is inlined"
    )]
    fn update_each(&mut self, center: usize, distances: impl Iterator<Item = u32>) {
        let own = self.centers.iter_mut().zip(&mut self.distances);
        for ((own, least), distance) in own.zip(distances) {
            // Without a branch, the compiler processes several samples at once.
            *own = if distance < *least { center as u32 } else { *own };
            *least = distance.min(*least);
        }
    }
}

impl<'a> Clusters<'a> {
    /// Chooses up to `max_colors` colors, including the pinned ones.
    pub(super) fn choose(samples: &'a [Sample], pinned: &[Rgb], max_colors: usize) -> Self {
        let channels = ColorChannels::from_colors(samples.iter().map(|sample| sample.rgb));
        let nearest = NearestCenters::unassigned(samples.len());
        let mut clusters = Self { samples, channels, centers: Vec::new(), pinned: 0, nearest };
        for &center in pinned.iter().take(max_colors) {
            clusters.insert(center);
        }
        clusters.pinned = clusters.centers.len();
        clusters.insert_farthest(max_colors);
        clusters.insert_costliest(max_colors);
        clusters.exchange(max_colors);
        clusters.refine();
        clusters
    }

    /// Chosen colors.
    pub(super) fn colors(&self) -> &[Rgb] {
        &self.centers
    }

    /// For each sample, the index of the color that represents it.
    pub(super) fn color_indices(&self) -> impl Iterator<Item = usize> {
        self.nearest.iter().map(|(center, _)| center)
    }

    /// Error over all samples.
    fn fidelity(&self) -> Fidelity {
        let worst = (0..self.samples.len()).map(|index| self.error(index)).max().unwrap_or(0);
        Fidelity { worst, mean_square: self.mean_square() }
    }

    /// The mean squared difference of a channel, over all pixels.
    fn mean_square(&self) -> f64 {
        let pixels: u64 = self.samples.iter().map(|sample| sample.weight).sum();
        self.costs().sum::<u64>() as f64 / (3 * pixels.max(1)) as f64
    }

    /// Squared distance of each sample, multiplied by its number of pixels.
    fn costs(&self) -> impl Iterator<Item = u64> {
        let distances = self.samples.iter().zip(&self.nearest.distances);
        distances.map(|(sample, &distance)| sample.weight * square(distance))
    }

    /// Largest channel difference between a sample and its center.
    fn error(&self, sample: usize) -> u8 {
        match self.centers.get(self.nearest.centers[sample] as usize) {
            Some(&center) => channel_distance(self.samples[sample].rgb, center),
            None => u8::MAX,
        }
    }

    fn insert(&mut self, center: Rgb) {
        self.nearest.update(self.centers.len(), self.channels.distances(center));
        self.centers.push(center);
    }

    fn insert_farthest(&mut self, max_colors: usize) {
        while self.centers.len() < max_colors {
            let far = (0..).zip(&self.nearest.distances).max_by_key(|&(_, distance)| distance);
            match far.filter(|&(_, distance)| excess(*distance) > 0) {
                Some((index, _)) => self.insert(self.samples[index].rgb),
                None => break,
            }
        }
    }

    fn insert_costliest(&mut self, max_colors: usize) {
        while self.centers.len() < max_colors && self.mean_square() > TARGET_MEAN_SQUARE {
            match (0..).zip(self.costs()).max_by_key(|&(_, cost)| cost) {
                Some((costliest, _)) => self.insert(self.samples[costliest].rgb),
                None => break,
            }
        }
    }

    /// If all colors are used and the mean error is still too large: removes the centers whose removal costs least and
    /// inserts more useful ones, as long as the error decreases.
    fn exchange(&mut self, max_colors: usize) {
        for _ in 0..EXCHANGE_ROUNDS {
            let before = self.fidelity();
            if self.centers.len() < max_colors || before.mean_square <= TARGET_MEAN_SQUARE {
                break;
            }
            let kept = (self.centers.clone(), self.nearest.clone());
            self.remove_cheapest(max_colors / 16);
            self.insert_costliest(max_colors);
            let after = self.fidelity();
            if after.mean_square >= before.mean_square || after.worst > before.worst.max(MAX_CHANNEL_ERROR) {
                (self.centers, self.nearest) = kept;
                break;
            }
        }
    }

    /// Removes up to `count` free centers, in ascending order of the cost of moving their samples to the next nearest
    /// center. Keeps centers whose samples would exceed the error bound, and centers that have just taken over samples.
    fn remove_cheapest(&mut self, count: usize) {
        let next = self.second_nearest();
        let removal = |center| Removal { cost: 0, center, is_allowed: true };
        let mut removals: Vec<Removal> = (0..self.centers.len()).map(removal).collect();
        let near = self.nearest.iter().zip(&next.distances);
        for (sample, ((own, distance), &further)) in self.samples.iter().zip(near) {
            removals[own].cost += sample.weight * (square(further).saturating_sub(square(distance)));
            removals[own].is_allowed &= excess(further) <= excess(distance);
        }
        let mut candidates = removals.split_off(self.pinned);
        candidates.retain(|removal| removal.is_allowed);
        candidates.sort_unstable();
        let mut inheritors = vec![false; self.centers.len()];
        let mut removed = vec![false; self.centers.len()];
        for Removal { center, .. } in candidates {
            if removed.iter().filter(|&&gone| gone).count() == count {
                break;
            }
            let samples = || self.nearest.iter().zip(next.iter()).filter(|((own, _), _)| *own == center);
            if inheritors[center] || samples().any(|(_, (inheritor, _))| removed[inheritor]) {
                continue;
            }
            removed[center] = true;
            samples().for_each(|(_, (inheritor, _))| inheritors[inheritor] = true);
        }
        self.remove_centers(&removed, &next);
    }

    /// Removes centers and moves their samples to the next nearest ones, which must stay.
    fn remove_centers(&mut self, removed: &[bool], next: &NearestCenters) {
        let before =
            removed.iter().scan(0, |kept, &gone| Some(std::mem::replace(kept, *kept + u32::from(!gone))));
        let moved: Vec<u32> = before.collect();
        let own = self.nearest.centers.iter_mut().zip(&mut self.nearest.distances);
        for ((center, distance), (inheritor, further)) in own.zip(next.iter()) {
            if removed[*center as usize] {
                (*center, *distance) = (inheritor as u32, further);
            }
            *center = moved[*center as usize];
        }
        let mut gone = removed.iter();
        self.centers.retain(|_| !gone.next().copied().unwrap_or(false));
    }

    /// Second nearest center of each sample.
    fn second_nearest(&self) -> NearestCenters {
        let mut next = NearestCenters::unassigned(self.samples.len());
        for (index, &center) in self.centers.iter().enumerate() {
            let distances = self.channels.distances(center).zip(&self.nearest.centers);
            next.update(
                index,
                distances.map(|(far, &own)| if own as usize == index { u32::MAX } else { far }),
            );
        }
        next
    }

    /// Lloyd's iteration; a round is undone if it does not reduce the error.
    fn refine(&mut self) {
        for _ in 0..LLOYD_ROUNDS {
            let before = self.fidelity();
            let (centers, nearest) = (self.centers.clone(), self.nearest.clone());
            self.move_to_means();
            let after = self.fidelity();
            let worst = before.worst.max(MAX_CHANNEL_ERROR);
            if after.worst > worst || after.mean_square >= before.mean_square {
                (self.centers, self.nearest) = (centers, nearest);
                break;
            }
        }
    }

    fn move_to_means(&mut self) {
        let mut sums = vec![([0_u64; 3], 0_u64); self.centers.len()];
        for (sample, (center, _)) in self.samples.iter().zip(self.nearest.iter()) {
            let (sum, weight) = &mut sums[center];
            *weight += sample.weight;
            for (sum, &channel) in sum.iter_mut().zip(&sample.rgb) {
                *sum += sample.weight * u64::from(channel);
            }
        }
        let centers = std::mem::take(&mut self.centers);
        self.nearest = NearestCenters::unassigned(self.samples.len());
        for (index, (center, (sum, weight))) in centers.into_iter().zip(sums).enumerate() {
            let free = index >= self.pinned && weight > 0;
            self.insert(if free { sum.map(|sum| ((sum + weight / 2) / weight) as u8) } else { center });
        }
    }
}

/// Bits of a squared Euclidean distance, which is at most 3·255².
const SQUARE_BITS: u32 = 18;

/// Excess over [`MAX_CHANNEL_ERROR`] that is part of a distance.
fn excess(distance: u32) -> u32 {
    distance >> SQUARE_BITS
}

/// Squared Euclidean distance that is part of a distance.
fn square(distance: u32) -> u64 {
    u64::from(distance & ((1 << SQUARE_BITS) - 1))
}

fn channel_distance(a: Rgb, b: Rgb) -> u8 {
    a.iter().zip(&b).map(|(&a, &b)| a.abs_diff(b)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Colors on lines between pairs of colors, as edges have them, with different weights.
    fn samples() -> Vec<Sample> {
        let ends: [Rgb; 5] = [[0, 0, 0], [200, 30, 60], [20, 90, 250], [250, 180, 0], [90, 200, 120]];
        let pairs = (0..5).flat_map(|a| (0..a).map(move |b| (a, b)));
        let line = |(a, b): (usize, usize)| {
            (0..=60_u32).map(move |step| {
                let mix =
                    |from: u8, to: u8| ((u32::from(from) * step + u32::from(to) * (60 - step)) / 60) as u8;
                let rgb = [0, 1, 2].map(|channel: usize| mix(ends[a][channel], ends[b][channel]));
                Sample { rgb, weight: u64::from(1 + step * 37 % 91) }
            })
        };
        let mut samples: Vec<_> = pairs.flat_map(line).collect();
        samples.sort_unstable_by_key(|sample| sample.rgb);
        samples.dedup_by_key(|sample| sample.rgb);
        samples
    }

    /// Plain implementation of `ColorChannels::distances`.
    fn distance(a: Rgb, b: Rgb) -> u32 {
        let steps = a.iter().zip(&b).map(|(&a, &b)| u32::from(a.abs_diff(b)));
        u32::from(channel_distance(a, b).saturating_sub(MAX_CHANNEL_ERROR)) << SQUARE_BITS
            | steps.map(|step| step * step).sum::<u32>()
    }

    fn assert_nearest(clusters: &Clusters<'_>) {
        for (sample, found) in clusters.samples.iter().zip(clusters.nearest.iter()) {
            let all = clusters.centers.iter().map(|&center| distance(sample.rgb, center));
            let (least, center) = all.zip(0..).min().expect("a center");
            assert_eq!(found, (center, least), "{:?}", sample.rgb);
        }
    }

    #[test]
    fn every_sample_has_its_nearest_center_after_exchanges() {
        let samples = samples();
        for max_colors in [3, 17, 60, 255] {
            assert_nearest(&Clusters::choose(&samples, &[[0, 0, 0], [250, 180, 0]], max_colors));
        }
    }

    #[test]
    fn samples_of_a_removed_center_go_to_the_next_nearest() {
        let samples = samples();
        let mut clusters = Clusters::choose(&samples, &[[0, 0, 0]], 200);
        let before = clusters.centers.len();
        clusters.remove_cheapest(8);
        assert!(clusters.centers.len() < before, "some can be done without");
        assert!(clusters.centers.contains(&[0, 0, 0]), "what is pinned stays");
        assert_nearest(&clusters);
    }
}
