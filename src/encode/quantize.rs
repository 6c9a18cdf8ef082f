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

/// Good enough in the mean: a peak signal-to-noise ratio of 62 dB, 255²/10^6.2. Each further colour
/// makes the file larger.
const MEAN_SQUARE: f64 = 0.041_028;

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
    /// For every sample its nearest centre and the squared distance to it.
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
        let square: u64 = errors.map(|(sample, &(_, square))| sample.weight * u64::from(square)).sum();
        let pixels: u64 = self.samples.iter().map(|sample| sample.weight).sum();
        let worst = (0..self.samples.len()).map(|index| self.error(index)).max().unwrap_or(0);
        Fidelity { worst, mean_square: square as f64 / (3 * pixels.max(1)) as f64 }
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
            let square = square_distance(sample.rgb, centre);
            if square < nearest.1 {
                *nearest = (index, square);
            }
        }
    }

    fn insert_farthest(&mut self, places: usize) {
        while self.centres.len() < places {
            let far = (0..self.samples.len()).max_by_key(|&index| (self.error(index), self.nearest[index].1));
            match far.filter(|&index| self.error(index) > WORST) {
                Some(index) => self.insert(self.samples[index].rgb),
                None => break,
            }
        }
    }

    fn insert_heaviest(&mut self, places: usize) {
        let cost = |clusters: &Self, index: usize| {
            clusters.samples[index].weight * u64::from(clusters.nearest[index].1)
        };
        while self.centres.len() < places && self.fidelity().mean_square > MEAN_SQUARE {
            match (0..self.samples.len()).max_by_key(|&index| cost(self, index)) {
                Some(heaviest) => self.insert(self.samples[heaviest].rgb),
                None => break,
            }
        }
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

/// The squared Euclidean distance.
pub(super) fn square_distance(a: Rgb, b: Rgb) -> u32 {
    a.iter().zip(&b).map(|(&a, &b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

fn channel_distance(a: Rgb, b: Rgb) -> u8 {
    a.iter().zip(&b).map(|(&a, &b)| a.abs_diff(b)).max().unwrap_or(0)
}
