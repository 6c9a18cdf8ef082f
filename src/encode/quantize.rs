//! Choosing the few colours that stand for many.
//!
//! First the worst error is bounded: farthest-point insertion (Gonzalez 1985) places a colour wherever
//! none is near. Then the mean error is lowered: the remaining places go where pixels times squared
//! distance is greatest, until that is good enough, and Lloyd's iteration moves the free colours to the
//! means of what they stand for. Everything is integer arithmetic over sorted input, hence the same on
//! every machine.

/// A colour without alpha.
pub(super) type Rgb = [u8; 3];

/// No channel may be off by more than this, if places last: on the edge of a line no eye sees it.
const WORST: u8 = 16;

/// Good enough in the mean: a peak signal-to-noise ratio of 61 dB, 255²/10^6.1. Each further colour
/// makes the file larger.
const MEAN_SQUARE: f64 = 0.051_651;

/// Rounds of exchanging centres, each of a sixteenth of them.
const EXCHANGES: usize = 12;

/// Rounds of Lloyd's iteration; later ones gain next to nothing.
const LLOYD_ROUNDS: usize = 4;

/// A colour and how many pixels show it.
#[derive(Clone, Copy)]
pub(super) struct Sample {
    pub(super) rgb: Rgb,
    pub(super) weight: u64,
}

/// How far the chosen colours are from the true ones.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fidelity {
    /// The largest difference of a channel.
    worst: u8,
    /// The mean squared difference of a channel, over all pixels.
    mean_square: f64,
}

/// Chosen colours, and for every sample the one that stands for it.
pub(super) struct Clusters<'a> {
    samples: &'a [Sample],
    centres: Vec<Rgb>,
    /// The leading centres, which stay where they are.
    pinned: usize,
    /// For every sample its nearest centre and the distance to it.
    nearest: Vec<(usize, u32)>,
}

impl<'a> Clusters<'a> {
    /// Chooses up to `places` colours, the pinned ones among them.
    pub(super) fn choose(samples: &'a [Sample], pinned: &[Rgb], places: usize) -> Self {
        let mut clusters =
            Self { samples, centres: Vec::new(), pinned: 0, nearest: vec![(0, u32::MAX); samples.len()] };
        for &centre in pinned.iter().take(places) {
            clusters.insert(centre);
        }
        clusters.pinned = clusters.centres.len();
        clusters.insert_farthest(places);
        clusters.insert_heaviest(places);
        clusters.exchange(places);
        clusters.refine();
        clusters
    }

    /// The chosen colours that stand for anything, those of the most pixels first.
    pub(super) fn into_colours(self) -> Vec<Rgb> {
        let mut weights = vec![0_u64; self.centres.len()];
        for (sample, &(centre, _)) in self.samples.iter().zip(&self.nearest) {
            weights[centre] += sample.weight;
        }
        let mut order: Vec<usize> = (0..self.centres.len()).filter(|&centre| weights[centre] > 0).collect();
        order.sort_by_key(|&centre| std::cmp::Reverse(weights[centre]));
        order.into_iter().map(|centre| self.centres[centre]).collect()
    }

    /// How well the samples are met.
    fn fidelity(&self) -> Fidelity {
        let errors = self.samples.iter().zip(&self.nearest);
        let squares: u64 = errors.map(|(sample, &(_, distance))| sample.weight * square(distance)).sum();
        let pixels: u64 = self.samples.iter().map(|sample| sample.weight).sum();
        let worst = (0..self.samples.len()).map(|index| self.error(index)).max().unwrap_or(0);
        Fidelity { worst, mean_square: squares as f64 / (3 * pixels.max(1)) as f64 }
    }

    /// The largest difference of a channel between a sample and what stands for it.
    fn error(&self, sample: usize) -> u8 {
        match self.centres.get(self.nearest[sample].0) {
            Some(&centre) => channel_distance(self.samples[sample].rgb, centre),
            None => u8::MAX,
        }
    }

    fn insert(&mut self, centre: Rgb) {
        let index = self.centres.len();
        self.centres.push(centre);
        for (sample, nearest) in self.samples.iter().zip(&mut self.nearest) {
            let distance = distance(sample.rgb, centre);
            if distance < nearest.1 {
                *nearest = (index, distance);
            }
        }
    }

    fn insert_farthest(&mut self, places: usize) {
        while self.centres.len() < places {
            let far = (0..self.samples.len()).max_by_key(|&index| self.nearest[index].1);
            match far.filter(|&index| excess(self.nearest[index].1) > 0) {
                Some(index) => self.insert(self.samples[index].rgb),
                None => break,
            }
        }
    }

    fn insert_heaviest(&mut self, places: usize) {
        let cost = |clusters: &Self, index: usize| {
            clusters.samples[index].weight * square(clusters.nearest[index].1)
        };
        while self.centres.len() < places && self.fidelity().mean_square > MEAN_SQUARE {
            match (0..self.samples.len()).max_by_key(|&index| cost(self, index)) {
                Some(heaviest) => self.insert(self.samples[heaviest].rgb),
                None => break,
            }
        }
    }

    /// Where the places are used up and the mean error is still too large: gives up the centres that
    /// their neighbours can best do without, and inserts where more is gained; as long as it helps.
    fn exchange(&mut self, places: usize) {
        for _ in 0..EXCHANGES {
            let before = self.fidelity();
            if self.centres.len() < places || before.mean_square <= MEAN_SQUARE {
                break;
            }
            let kept = (self.centres.clone(), self.nearest.clone());
            self.remove_lightest(places / 16);
            self.insert_heaviest(places);
            let after = self.fidelity();
            if after.mean_square >= before.mean_square || after.worst > before.worst.max(WORST) {
                (self.centres, self.nearest) = kept;
                break;
            }
        }
    }

    /// Removes up to `count` free centres, those first whose samples lose least by going to the next
    /// centre; none whose samples would end too far off, and none that just took in another's.
    fn remove_lightest(&mut self, count: usize) {
        let next = self.second_nearest();
        let mut costs: Vec<(u64, usize, bool)> = (0..self.centres.len()).map(|at| (0, at, true)).collect();
        for ((sample, &(own, distance)), &(_, further)) in self.samples.iter().zip(&self.nearest).zip(&next) {
            costs[own].0 += sample.weight * (square(further).saturating_sub(square(distance)));
            costs[own].2 &= excess(further) <= excess(distance);
        }
        let mut candidates: Vec<(u64, usize, bool)> = costs.split_off(self.pinned);
        candidates.retain(|&(_, _, possible)| possible);
        candidates.sort_unstable();
        let mut heirs = vec![false; self.centres.len()];
        let mut removed = vec![false; self.centres.len()];
        for (_, centre, _) in candidates {
            if removed.iter().filter(|&&gone| gone).count() == count {
                break;
            }
            let samples = || self.nearest.iter().zip(&next).filter(|((own, _), _)| *own == centre);
            if heirs[centre] || samples().any(|(_, &(heir, _))| removed[heir]) {
                continue;
            }
            removed[centre] = true;
            samples().for_each(|(_, &(heir, _))| heirs[heir] = true);
        }
        let centres = std::mem::take(&mut self.centres);
        self.nearest.fill((0, u32::MAX));
        for (centre, _) in centres.into_iter().zip(removed).filter(|(_, gone)| !gone) {
            self.insert(centre);
        }
    }

    /// For every sample the nearest of the centres that do not stand for it.
    fn second_nearest(&self) -> Vec<(usize, u32)> {
        let second = |(sample, &(own, _)): (&Sample, &(usize, u32))| {
            let others = self.centres.iter().enumerate().filter(|&(index, _)| index != own);
            let distances = others.map(|(index, &centre)| (distance(sample.rgb, centre), index));
            distances.min().map_or((own, u32::MAX), |(distance, index)| (index, distance))
        };
        self.samples.iter().zip(&self.nearest).map(second).collect()
    }

    /// Lloyd's iteration, each round kept only where it helps.
    fn refine(&mut self) {
        for _ in 0..LLOYD_ROUNDS {
            let before = self.fidelity();
            let (centres, nearest) = (self.centres.clone(), self.nearest.clone());
            self.move_to_means();
            let after = self.fidelity();
            let worst = before.worst.max(WORST);
            if after.worst > worst || after.mean_square >= before.mean_square {
                (self.centres, self.nearest) = (centres, nearest);
                break;
            }
        }
    }

    fn move_to_means(&mut self) {
        let mut sums = vec![([0_u64; 3], 0_u64); self.centres.len()];
        for (sample, &(centre, _)) in self.samples.iter().zip(&self.nearest) {
            let (sum, weight) = &mut sums[centre];
            *weight += sample.weight;
            for (sum, &channel) in sum.iter_mut().zip(&sample.rgb) {
                *sum += sample.weight * u64::from(channel);
            }
        }
        let centres = std::mem::take(&mut self.centres);
        self.nearest.fill((0, u32::MAX));
        for (index, (centre, (sum, weight))) in centres.into_iter().zip(sums).enumerate() {
            let free = index >= self.pinned && weight > 0;
            self.insert(if free { sum.map(|sum| ((sum + weight / 2) / weight) as u8) } else { centre });
        }
    }
}

/// How far two colours are apart: first by how much the channel that differs most exceeds [`WORST`], then
/// by the square of the Euclidean distance. So whatever has one colour near enough in every channel is
/// never given another that is nearer on the whole and too far off in one.
pub(super) fn distance(a: Rgb, b: Rgb) -> u32 {
    let square: u32 = a.iter().zip(&b).map(|(&a, &b)| u32::from(a.abs_diff(b)).pow(2)).sum();
    u32::from(channel_distance(a, b).saturating_sub(WORST)) << SQUARE_BITS | square
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
