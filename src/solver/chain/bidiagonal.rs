//! The modes of masses in a row from the matrix that leads from masses to springs.
//!
//! With G = k^½·(left and right neighbor of each spring)·M^(−½), the mass-weighted stiffness matrix is `GᵀG`. Springs
//! and masses that alternate form a path, on which the matrix [0 Gᵀ; G 0] is tridiagonal with zeros on the diagonal
//! and eigenvalues ±ω (G. Golub, W. Kahan, "Calculating the singular values and pseudo-inverse of a matrix", 1965).
//! Bisection finds them to the last digits, also the slow ones of a long chain, which an eigensolver for `GᵀG`
//! loses. Vectors come from inverse iteration; those of near frequencies are made orthogonal.

/// A row of masses and springs, each joined to the next.
pub(super) struct Path {
    /// The entries of G along the path.
    couplings: Vec<f64>,
    squares: Vec<f64>,
    /// 1 if the path begins with a spring.
    first_mass: usize,
    masses: usize,
    /// No frequency is larger.
    bound: f64,
    /// √m of each mass.
    weights: Vec<f64>,
}

/// A vector over the path, whose part on masses has length 1.
struct PathVector {
    omega: f64,
    entries: Vec<f64>,
}

/// The number of frequencies that are bisected side by side, so that divisions overlap.
const LANES: usize = 4;

/// Vectors whose frequencies differ by less than this fraction of the largest one are made orthogonal. Those of
/// others are orthogonal as they are.
const NEAR: f64 = 1e-3;

/// The number of inverse iterations. The second one reaches the last digits.
const ITERATIONS: usize = 3;

impl Path {
    /// The path of masses with the stiffness of the spring on the left of each and of one more on the right of the
    /// last. The outer two may be 0, for a free end.
    pub(super) fn new(masses: &[f64], stiffnesses: &[f64]) -> Self {
        let mut couplings = Vec::with_capacity(2 * masses.len());
        let mut squares = Vec::with_capacity(2 * masses.len());
        for (at, mass) in masses.iter().enumerate() {
            for (stiffness, sign) in [(stiffnesses[at], 1.0), (stiffnesses[at + 1], -1.0)] {
                if stiffness > 0.0 {
                    let square = stiffness / mass;
                    squares.push(square);
                    couplings.push(sign * square.sqrt());
                }
            }
        }
        let before = std::iter::once(&0.0).chain(&couplings);
        let after = couplings.iter().chain(std::iter::once(&0.0));
        let bound = before.zip(after).fold(0.0, |bound: f64, (a, b)| bound.max(a.abs() + b.abs()));
        let first_mass = usize::from(stiffnesses[0] > 0.0);
        let weights = masses.iter().map(|mass| mass.sqrt()).collect();
        Self { couplings, squares, first_mass, masses: masses.len(), bound, weights }
    }

    /// Whether both ends are free, so that the first mode is a drift.
    fn is_free(&self) -> bool {
        self.couplings.len() + 2 == 2 * self.masses
    }

    /// The frequencies that are not 0, from the smallest on.
    fn frequencies(&self) -> Vec<f64> {
        let count = self.masses - usize::from(self.is_free());
        let mut frequencies = Vec::with_capacity(count + LANES);
        while frequencies.len() < count {
            let first = frequencies.len();
            frequencies.extend(self.bisect(first, count));
        }
        frequencies.truncate(count);
        frequencies
    }

    /// The frequencies from number `first` on.
    fn bisect(&self, first: usize, count: usize) -> [f64; LANES] {
        let not_positive = self.couplings.len() + 1 - count;
        let [mut low, mut high] = [[0.0; LANES], [self.bound.next_up(); LANES]];
        loop {
            let middle: [f64; LANES] = std::array::from_fn(|lane| 0.5 * (low[lane] + high[lane]));
            if (0..LANES).all(|lane| middle[lane] <= low[lane] || middle[lane] >= high[lane]) {
                return middle;
            }
            let below = self.below(middle);
            for lane in 0..LANES {
                if below[lane] > not_positive + first + lane {
                    high[lane] = middle[lane];
                } else {
                    low[lane] = middle[lane];
                }
            }
        }
    }

    /// The number of eigenvalues ±ω and 0 below each shift: that of negative pivots (Sylvester's law of inertia).
    fn below(&self, shifts: [f64; LANES]) -> [usize; LANES] {
        let mut pivots = shifts.map(|shift| -shift);
        let mut below = pivots.map(|pivot| usize::from(pivot < 0.0));
        for square in &self.squares {
            for lane in 0..LANES {
                // A pivot of 0 is taken for a small positive one: the next is −∞, and the one after that −shift.
                pivots[lane] = -shifts[lane] - square / pivots[lane];
                below[lane] += usize::from(pivots[lane] < 0.0);
            }
        }
        below
    }

    /// The frequencies in rad/s and the mode shapes, slowest first.
    pub(super) fn modes(&self) -> Vec<(f64, Vec<f64>)> {
        let mut found: Vec<PathVector> = Vec::with_capacity(self.masses);
        if self.is_free() {
            found.push(self.drift());
        }
        for omega in self.frequencies() {
            let vector = self.vector(omega, &found);
            found.push(vector);
        }
        let mode = |vector: PathVector| (vector.omega, self.displacements(&vector.entries));
        let mut modes: Vec<(f64, Vec<f64>)> = found.into_iter().map(mode).collect();
        if self.is_free() {
            // The drift stretches no spring, to the last bit.
            modes[0].1.fill(1.0);
        }
        modes
    }

    /// The uniform drift.
    fn drift(&self) -> PathVector {
        let mut entries = vec![0.0; self.couplings.len() + 1];
        for (at, weight) in self.weights.iter().enumerate() {
            entries[self.first_mass + 2 * at] = *weight;
        }
        self.normalize(&mut entries);
        PathVector { omega: 0.0, entries }
    }

    /// The vector of a frequency, orthogonal to those found before.
    fn vector(&self, omega: f64, found: &[PathVector]) -> PathVector {
        let rounding = f64::EPSILON * self.bound;
        // Beside the frequency, those that are the same but for rounding grow equally fast, and can be told apart.
        let factors = Factors::new(&self.couplings, omega + 4.0 * rounding, rounding);
        let is_near = |known: &PathVector| omega - known.omega < NEAR * self.bound;
        let near = found.len() - found.iter().rev().take_while(|known| is_near(known)).count();
        let mut entries = start(self.couplings.len() + 1, found.len());
        for _ in 0..ITERATIONS {
            factors.solve(&mut entries);
            self.normalize(&mut entries);
            for known in &found[near..] {
                let overlap: f64 =
                    self.of_masses(&entries).zip(self.of_masses(&known.entries)).map(|(a, b)| a * b).sum();
                entries.iter_mut().zip(&known.entries).for_each(|(entry, known)| *entry -= overlap * known);
            }
            self.normalize(&mut entries);
        }
        PathVector { omega, entries }
    }

    fn of_masses<'v>(&self, entries: &'v [f64]) -> impl Iterator<Item = &'v f64> {
        entries.iter().skip(self.first_mass).step_by(2)
    }

    /// Scales a vector such that its part on masses has length 1.
    fn normalize(&self, entries: &mut [f64]) {
        let largest = entries.iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
        let squares: f64 = self.of_masses(entries).map(|entry| (entry / largest) * (entry / largest)).sum();
        let length = largest * squares.sqrt();
        for entry in entries {
            *entry /= length;
        }
    }

    fn displacements(&self, entries: &[f64]) -> Vec<f64> {
        self.of_masses(entries).zip(&self.weights).map(|(entry, weight)| entry / weight).collect()
    }
}

/// Numbers between −½ and ½ that look random, another list for each `seed`.
fn start(length: usize, seed: usize) -> Vec<f64> {
    let mut state = seed as u64 + 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    (0..length).map(|_| next()).collect()
}

/// The factors of a symmetric tridiagonal matrix, by Gaussian elimination with exchanges of neighboring rows.
struct Factors {
    pivots: Vec<f64>,
    /// The first and the second entry on the right of each pivot.
    right: Vec<[f64; 2]>,
    /// How often a row is subtracted from the next one, and whether the two are exchanged before.
    steps: Vec<(f64, bool)>,
}

impl Factors {
    /// The factors of the matrix with these entries beside the diagonal and −`shift` on it. A pivot below `smallest`
    /// is replaced by it.
    fn new(couplings: &[f64], shift: f64, smallest: f64) -> Self {
        let size = couplings.len() + 1;
        let coupling = |at: usize| couplings.get(at).copied().unwrap_or(0.0);
        let mut factors =
            Self { pivots: vec![0.0; size], right: vec![[0.0; 2]; size], steps: Vec::with_capacity(size) };
        let mut row = [-shift, coupling(0), 0.0];
        for at in 0..size - 1 {
            let mut next = [coupling(at), -shift, coupling(at + 1)];
            let is_exchanged = row[0].abs() < next[0].abs();
            if is_exchanged {
                std::mem::swap(&mut row, &mut next);
            }
            let pivot = at_least(row[0], smallest);
            let factor = next[0] / pivot;
            (factors.pivots[at], factors.right[at]) = (pivot, [row[1], row[2]]);
            factors.steps.push((factor, is_exchanged));
            row = [next[1] - factor * row[1], next[2] - factor * row[2], 0.0];
        }
        factors.pivots[size - 1] = at_least(row[0], smallest);
        factors
    }

    /// Replaces a vector by the solution of the linear system with this right-hand side.
    fn solve(&self, vector: &mut [f64]) {
        for (at, (factor, is_exchanged)) in self.steps.iter().enumerate() {
            if *is_exchanged {
                vector.swap(at, at + 1);
            }
            vector[at + 1] -= factor * vector[at];
        }
        let mut behind = [0.0; 2];
        for at in (0..vector.len()).rev() {
            let [first, second] = self.right[at];
            let value = (vector[at] - first * behind[0] - second * behind[1]) / self.pivots[at];
            vector[at] = value;
            behind = [value, behind[0]];
        }
    }
}

/// A number whose magnitude is at least `smallest`.
fn at_least(number: f64, smallest: f64) -> f64 {
    if number.abs() < smallest { smallest } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_frequencies_keep_all_digits_beside_fast_ones() {
        // Two masses, tied together hard and to the wall softly: ω² = (k₀ + 2k₁ ∓ (k₀² + 4k₁²)^½)/2.
        for soft in [1e-6, 1e-20, 1e-30] {
            let modes = Path::new(&[1.0, 1.0], &[soft, 1.0, 0.0]).modes();
            let larger = 0.5 * (soft + 2.0 + (soft * soft + 4.0).sqrt());
            for (mode, square) in modes.iter().zip([soft / larger, larger]) {
                assert!((mode.0 / square.sqrt() - 1.0).abs() < 1e-15, "{soft:e}: {:e} {square:e}", mode.0);
            }
        }
    }

    #[test]
    fn elimination_solves_the_system() {
        let couplings = [1.0, -0.3, 2.0, 1e-9, 0.7];
        let expected = [0.5, -1.0, 2.0, 0.25, 3.0, -0.125];
        for shift in [0.0, 1e-12, 0.8, 3.0] {
            let mut vector: Vec<f64> = (0..6)
                .map(|at| {
                    let before = if at > 0 { couplings[at - 1] * expected[at - 1] } else { 0.0 };
                    let after = if at < 5 { couplings[at] * expected[at + 1] } else { 0.0 };
                    before - shift * expected[at] + after
                })
                .collect();
            Factors::new(&couplings, shift, 1e-300).solve(&mut vector);
            assert!(vector.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{shift}: {vector:?}");
        }
    }
}
