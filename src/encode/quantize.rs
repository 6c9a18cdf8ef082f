//! Choosing the few colors that stand for many.
//!
//! First the worst error is bounded: farthest-point insertion (Gonzalez 1985) places a color wherever
//! none is near. Then the mean error is lowered: the remaining places go where pixels times squared
//! distance is greatest, until that is good enough, and Lloyd's iteration moves the free colors to the
//! means of what they stand for. Everything is integer arithmetic over sorted input, hence the same on
//! every machine.

/// A color without alpha.
pub(super) type Rgb = [u8; 3];

/// No channel may be off by more than this, if places last: on the edge of a line no eye sees it.
const WORST: u8 = 16;

/// Good enough in the mean: a peak signal-to-noise ratio of 61 dB, 255²/10^6.1. Each further color
/// makes the file larger.
const MEAN_SQUARE: f64 = 0.051_651;

/// Rounds of exchanging centers, each of a sixteenth of them.
const EXCHANGES: usize = 12;

/// Rounds of Lloyd's iteration; later ones gain next to nothing.
const LLOYD_ROUNDS: usize = 4;

/// A color and how many pixels show it.
#[derive(Clone, Copy)]
pub(super) struct Sample {
    pub(super) rgb: Rgb,
    pub(super) weight: u64,
}

/// How far the chosen colors are from the true ones.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fidelity {
    /// The largest difference of a channel.
    worst: u8,
    /// The mean squared difference of a channel, over all pixels.
    mean_square: f64,
}

/// Chosen colors, and for every sample the one that stands for it.
pub(super) struct Clusters<'a> {
    samples: &'a [Sample],
    channels: Channels,
    centers: Vec<Rgb>,
    /// The leading centers, which stay where they are.
    pinned: usize,
    /// For every sample its nearest center.
    nearest: Neighbors,
}

/// For every sample a center and the distance to it.
#[derive(Clone)]
struct Neighbors {
    centers: Vec<u32>,
    distances: Vec<u32>,
}

/// Colors by channel, so that the compiler compares a color with several at once.
pub(super) struct Channels([Vec<i16>; 3]);

impl Channels {
    pub(super) fn of(colors: impl Iterator<Item = Rgb> + Clone) -> Self {
        Self([0, 1, 2].map(|channel| colors.clone().map(|rgb| i16::from(rgb[channel])).collect()))
    }

    /// How far each is from a color: first by how much the channel that differs most exceeds [`WORST`], then
    /// by the square of the Euclidean distance. So whatever has one color near enough in every channel is
    /// never given another that is nearer on the whole and too far off in one.
    pub(super) fn distances(&self, to: Rgb) -> impl Iterator<Item = u32> {
        let ([red, green, blue], [r, g, b]) = (&self.0, to.map(i16::from));
        red.iter().zip(green).zip(blue).map(move |((red, green), blue)| {
            let (dr, dg, db) = ((red - r).abs(), (green - g).abs(), (blue - b).abs());
            let square = |d: i16| i32::from(d) * i32::from(d);
            let excess = (dr.max(dg).max(db) - i16::from(WORST)).max(0);
            (i32::from(excess) << SQUARE_BITS | (square(dr) + square(dg) + square(db))) as u32
        })
    }
}

impl Neighbors {
    /// Nothing is near.
    fn none(samples: usize) -> Self {
        Self { centers: vec![0; samples], distances: vec![u32::MAX; samples] }
    }

    /// The center and the distance of every sample.
    fn iter(&self) -> impl Iterator<Item = (usize, u32)> {
        self.centers.iter().zip(&self.distances).map(|(&center, &distance)| (center as usize, distance))
    }

    /// Exchanges the centers of those samples to which another is nearer that is so far from each.
    fn offer(&mut self, center: usize, distances: impl Iterator<Item = u32>) {
        let own = self.centers.iter_mut().zip(&mut self.distances);
        for ((own, least), distance) in own.zip(distances) {
            // Without a branch, the compiler looks at several at once.
            *own = if distance < *least { center as u32 } else { *own };
            *least = distance.min(*least);
        }
    }
}

impl<'a> Clusters<'a> {
    /// Chooses up to `places` colors, the pinned ones among them.
    pub(super) fn choose(samples: &'a [Sample], pinned: &[Rgb], places: usize) -> Self {
        let channels = Channels::of(samples.iter().map(|sample| sample.rgb));
        let nearest = Neighbors::none(samples.len());
        let mut clusters = Self { samples, channels, centers: Vec::new(), pinned: 0, nearest };
        for &center in pinned.iter().take(places) {
            clusters.insert(center);
        }
        clusters.pinned = clusters.centers.len();
        clusters.insert_farthest(places);
        clusters.insert_heaviest(places);
        clusters.exchange(places);
        clusters.refine();
        clusters
    }

    /// The chosen colors that stand for anything, those of the most pixels first.
    pub(super) fn into_colors(self) -> Vec<Rgb> {
        let mut weights = vec![0_u64; self.centers.len()];
        for (sample, (center, _)) in self.samples.iter().zip(self.nearest.iter()) {
            weights[center] += sample.weight;
        }
        let mut order: Vec<usize> = (0..self.centers.len()).filter(|&center| weights[center] > 0).collect();
        order.sort_by_key(|&center| std::cmp::Reverse(weights[center]));
        order.into_iter().map(|center| self.centers[center]).collect()
    }

    /// How well the samples are met.
    fn fidelity(&self) -> Fidelity {
        let worst = (0..self.samples.len()).map(|index| self.error(index)).max().unwrap_or(0);
        Fidelity { worst, mean_square: self.mean_square() }
    }

    /// The mean squared difference of a channel, over all pixels.
    fn mean_square(&self) -> f64 {
        let pixels: u64 = self.samples.iter().map(|sample| sample.weight).sum();
        self.costs().sum::<u64>() as f64 / (3 * pixels.max(1)) as f64
    }

    /// For every sample the squared distance of all its pixels.
    fn costs(&self) -> impl Iterator<Item = u64> {
        let distances = self.samples.iter().zip(&self.nearest.distances);
        distances.map(|(sample, &distance)| sample.weight * square(distance))
    }

    /// The largest difference of a channel between a sample and what stands for it.
    fn error(&self, sample: usize) -> u8 {
        match self.centers.get(self.nearest.centers[sample] as usize) {
            Some(&center) => channel_distance(self.samples[sample].rgb, center),
            None => u8::MAX,
        }
    }

    fn insert(&mut self, center: Rgb) {
        self.nearest.offer(self.centers.len(), self.channels.distances(center));
        self.centers.push(center);
    }

    fn insert_farthest(&mut self, places: usize) {
        while self.centers.len() < places {
            let far = (0..).zip(&self.nearest.distances).max_by_key(|&(_, distance)| distance);
            match far.filter(|&(_, distance)| excess(*distance) > 0) {
                Some((index, _)) => self.insert(self.samples[index].rgb),
                None => break,
            }
        }
    }

    fn insert_heaviest(&mut self, places: usize) {
        while self.centers.len() < places && self.mean_square() > MEAN_SQUARE {
            match (0..).zip(self.costs()).max_by_key(|&(_, cost)| cost) {
                Some((heaviest, _)) => self.insert(self.samples[heaviest].rgb),
                None => break,
            }
        }
    }

    /// Where the places are used up and the mean error is still too large: gives up the centers that
    /// their neighbors can best do without, and inserts where more is gained; as long as it helps.
    fn exchange(&mut self, places: usize) {
        for _ in 0..EXCHANGES {
            let before = self.fidelity();
            if self.centers.len() < places || before.mean_square <= MEAN_SQUARE {
                break;
            }
            let kept = (self.centers.clone(), self.nearest.clone());
            self.remove_lightest(places / 16);
            self.insert_heaviest(places);
            let after = self.fidelity();
            if after.mean_square >= before.mean_square || after.worst > before.worst.max(WORST) {
                (self.centers, self.nearest) = kept;
                break;
            }
        }
    }

    /// Removes up to `count` free centers, those first whose samples lose least by going to the next
    /// center; none whose samples would end too far off, and none that just took in another's.
    fn remove_lightest(&mut self, count: usize) {
        let next = self.second_nearest();
        let mut costs: Vec<(u64, usize, bool)> = (0..self.centers.len()).map(|at| (0, at, true)).collect();
        let near = self.nearest.iter().zip(&next.distances);
        for (sample, ((own, distance), &further)) in self.samples.iter().zip(near) {
            costs[own].0 += sample.weight * (square(further).saturating_sub(square(distance)));
            costs[own].2 &= excess(further) <= excess(distance);
        }
        let mut candidates: Vec<(u64, usize, bool)> = costs.split_off(self.pinned);
        candidates.retain(|&(_, _, possible)| possible);
        candidates.sort_unstable();
        let mut heirs = vec![false; self.centers.len()];
        let mut removed = vec![false; self.centers.len()];
        for (_, center, _) in candidates {
            if removed.iter().filter(|&&gone| gone).count() == count {
                break;
            }
            let samples = || self.nearest.iter().zip(next.iter()).filter(|((own, _), _)| *own == center);
            if heirs[center] || samples().any(|(_, (heir, _))| removed[heir]) {
                continue;
            }
            removed[center] = true;
            samples().for_each(|(_, (heir, _))| heirs[heir] = true);
        }
        self.bequeath(&removed, &next);
    }

    /// Removes centers. Their samples go to the next ones, which stay.
    fn bequeath(&mut self, removed: &[bool], next: &Neighbors) {
        let before =
            removed.iter().scan(0, |kept, &gone| Some(std::mem::replace(kept, *kept + u32::from(!gone))));
        let moved: Vec<u32> = before.collect();
        let own = self.nearest.centers.iter_mut().zip(&mut self.nearest.distances);
        for ((center, distance), (heir, further)) in own.zip(next.iter()) {
            if removed[*center as usize] {
                (*center, *distance) = (heir as u32, further);
            }
            *center = moved[*center as usize];
        }
        let mut gone = removed.iter();
        self.centers.retain(|_| !gone.next().copied().unwrap_or(false));
    }

    /// For every sample the nearest of the centers that do not stand for it.
    fn second_nearest(&self) -> Neighbors {
        let mut next = Neighbors::none(self.samples.len());
        for (index, &center) in self.centers.iter().enumerate() {
            let distances = self.channels.distances(center).zip(&self.nearest.centers);
            next.offer(
                index,
                distances.map(|(far, &own)| if own as usize == index { u32::MAX } else { far }),
            );
        }
        next
    }

    /// Lloyd's iteration, each round kept only where it helps.
    fn refine(&mut self) {
        for _ in 0..LLOYD_ROUNDS {
            let before = self.fidelity();
            let (centers, nearest) = (self.centers.clone(), self.nearest.clone());
            self.move_to_means();
            let after = self.fidelity();
            let worst = before.worst.max(WORST);
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
        self.nearest = Neighbors::none(self.samples.len());
        for (index, (center, (sum, weight))) in centers.into_iter().zip(sums).enumerate() {
            let free = index >= self.pinned && weight > 0;
            self.insert(if free { sum.map(|sum| ((sum + weight / 2) / weight) as u8) } else { center });
        }
    }
}

/// The square of a Euclidean distance is at most 3·255².
const SQUARE_BITS: u32 = 18;

/// By how much a distance exceeds [`WORST`] in one channel.
fn excess(distance: u32) -> u32 {
    distance >> SQUARE_BITS
}

/// A distance's Euclidean part, squared.
fn square(distance: u32) -> u64 {
    u64::from(distance & ((1 << SQUARE_BITS) - 1))
}

fn channel_distance(a: Rgb, b: Rgb) -> u8 {
    a.iter().zip(&b).map(|(&a, &b)| a.abs_diff(b)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Colors along lines between some, as edges have them, the one more often than the other.
    fn samples() -> Vec<Sample> {
        let inks: [Rgb; 5] = [[0, 0, 0], [200, 30, 60], [20, 90, 250], [250, 180, 0], [90, 200, 120]];
        let pairs = (0..5).flat_map(|a| (0..a).map(move |b| (a, b)));
        let line = |(a, b): (usize, usize)| {
            (0..=60_u32).map(move |step| {
                let mix =
                    |from: u8, to: u8| ((u32::from(from) * step + u32::from(to) * (60 - step)) / 60) as u8;
                let rgb = [0, 1, 2].map(|channel: usize| mix(inks[a][channel], inks[b][channel]));
                Sample { rgb, weight: u64::from(1 + step * 37 % 91) }
            })
        };
        let mut samples: Vec<_> = pairs.flat_map(line).collect();
        samples.sort_unstable_by_key(|sample| sample.rgb);
        samples.dedup_by_key(|sample| sample.rgb);
        samples
    }

    /// As the channels' distances, but by the book.
    fn distance(a: Rgb, b: Rgb) -> u32 {
        let steps = a.iter().zip(&b).map(|(&a, &b)| u32::from(a.abs_diff(b)));
        u32::from(channel_distance(a, b).saturating_sub(WORST)) << SQUARE_BITS
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
    fn every_sample_has_the_nearest_center_whatever_was_exchanged() {
        let samples = samples();
        for places in [3, 17, 60, 255] {
            assert_nearest(&Clusters::choose(&samples, &[[0, 0, 0], [250, 180, 0]], places));
        }
    }

    #[test]
    fn what_loses_its_center_goes_to_the_next() {
        let samples = samples();
        let mut clusters = Clusters::choose(&samples, &[[0, 0, 0]], 200);
        let before = clusters.centers.len();
        clusters.remove_lightest(8);
        assert!(clusters.centers.len() < before, "some can be done without");
        assert!(clusters.centers.contains(&[0, 0, 0]), "what is pinned stays");
        assert_nearest(&clusters);
    }
}
