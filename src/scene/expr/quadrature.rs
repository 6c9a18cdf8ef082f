//! Definite integrals of complex functions of a real variable, by adaptive Gauss–Kronrod quadrature.
//!
//! Each subinterval uses the 15-point Kronrod rule; the embedded 7-point Gauss rule estimates the error. The
//! subinterval with the largest error is halved until the total error is small enough, as in QUADPACK
//! (Piessens et al., 1983), which is also the source of the error estimate. An infinite limit is mapped to 1
//! by substitution.
//!
//! The function is evaluated by the caller, so that points of several subintervals and several integrals can be
//! evaluated together: [`Domain`] divides an integral into finite pieces, and an [`AdaptiveRule`] asks for subintervals
//! of a piece until it knows the integral.

use std::cmp::Ordering;

use num_complex::Complex64;

use super::number::{NAN, from_real, modulus};

/// The requested error, relative to the integral.
const RELATIVE_TOLERANCE: f64 = 1e-12;
/// The requested error, relative to the integral of |f|. It applies where the integral itself cancels.
const MAGNITUDE_TOLERANCE: f64 = 1e-13;
/// The largest error, relative to the integral of |f|, that is invisible in a picture. Beyond it the result is
/// NaN.
const ACCEPTABLE_ERROR: f64 = 1e-7;
/// The number of equal subintervals at the start. With several, a narrow peak is seldom missed.
const INITIAL_SUBINTERVALS: u32 = 4;
/// The maximum number of subintervals. A square root singularity at an end point takes about 90.
const MAX_SUBINTERVALS: usize = 300;

/// A pair of nodes of the 15-point Kronrod rule on [−1, 1], at ±x.
struct NodePair {
    x: f64,
    kronrod_weight: f64,
    /// The weight in the embedded 7-point Gauss rule; 0 for a node that is not in it.
    gauss_weight: f64,
}

const fn pair(x: f64, kronrod_weight: f64, gauss_weight: f64) -> NodePair {
    NodePair { x, kronrod_weight, gauss_weight }
}

/// The nodes of the rule other than 0, outermost first.
const NODE_PAIRS: [NodePair; 7] = [
    pair(0.991_455_371_120_812_6, 0.022_935_322_010_529_224, 0.0),
    pair(0.949_107_912_342_758_5, 0.063_092_092_629_978_56, 0.129_484_966_168_869_7),
    pair(0.864_864_423_359_769_1, 0.104_790_010_322_250_19, 0.0),
    pair(0.741_531_185_599_394_5, 0.140_653_259_715_525_92, 0.279_705_391_489_276_64),
    pair(0.586_087_235_467_691_1, 0.169_004_726_639_267_9, 0.0),
    pair(0.405_845_151_377_397_2, 0.190_350_578_064_785_4, 0.381_830_050_505_118_9),
    pair(0.207_784_955_007_898_47, 0.204_432_940_075_298_89, 0.0),
];
/// The weight of the node 0 in the Kronrod rule.
const CENTER_KRONROD_WEIGHT: f64 = 0.209_482_141_084_727_82;
/// The weight of the node 0 in the Gauss rule.
const CENTER_GAUSS_WEIGHT: f64 = 0.417_959_183_673_469_4;
/// The number of nodes of the Kronrod rule.
pub(super) const NODES: usize = 2 * NODE_PAIRS.len() + 1;

/// How an integral between two limits is computed.
///
/// The error is about 10⁻¹² of the integral, or 10⁻¹³ of the integral of |f| if that is larger. The result is
/// NaN if `f` is not finite at a node or if the integral does not converge.
pub(super) enum Domain {
    /// Its value is known.
    Known(Complex64),
    /// It is the sum of these pieces.
    Forward(Vec<Piece>),
    /// It is the negated sum of these pieces.
    Backward(Vec<Piece>),
}

impl Domain {
    /// The domain from `from` to `to`, which may be infinite.
    pub(super) fn between(from: f64, to: f64) -> Self {
        match from.partial_cmp(&to) {
            Some(Ordering::Less) => Self::Forward(Piece::all(from, to)),
            Some(Ordering::Equal) => Self::Known(from_real(0.0)),
            Some(Ordering::Greater) => Self::Backward(Piece::all(to, from)),
            None => Self::Known(NAN),
        }
    }

    /// The pieces in order.
    pub(super) fn pieces(&self) -> &[Piece] {
        match self {
            Self::Known(_) => &[],
            Self::Forward(pieces) | Self::Backward(pieces) => pieces,
        }
    }
}

/// A part of a domain, with the substitution that makes it finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Piece {
    /// Both limits are finite.
    Finite { from: f64, to: f64 },
    /// From `end` to infinity in `direction` (+1 or −1), by the substitution s = end ± u/(1 − u), which maps infinity
    /// to u = 1.
    HalfLine { end: f64, direction: f64 },
}

impl Piece {
    /// The pieces between two limits in order.
    fn all(from: f64, to: f64) -> Vec<Self> {
        let half_line = |end, direction| Self::HalfLine { end, direction };
        match (from.is_finite(), to.is_finite()) {
            (true, true) => vec![Self::Finite { from, to }],
            (true, false) => vec![half_line(from, 1.0)],
            (false, true) => vec![half_line(to, -1.0)],
            // The halves are integrated separately: folding them would hide a divergence that cancels.
            (false, false) => vec![half_line(0.0, -1.0), half_line(0.0, 1.0)],
        }
    }

    /// The first subintervals of the variable u.
    pub(super) fn first_subintervals(self) -> Vec<[f64; 2]> {
        let (from, to) = match self {
            Self::Finite { from, to } => (from, to),
            Self::HalfLine { .. } => (0.0, 1.0),
        };
        let width = (to - from) / f64::from(INITIAL_SUBINTERVALS);
        let edge = |i: u32| if i == INITIAL_SUBINTERVALS { to } else { from + width * f64::from(i) };
        (0..INITIAL_SUBINTERVALS).map(|i| [edge(i), edge(i + 1)]).collect()
    }

    /// The point at which the function is evaluated for a value of u.
    pub(super) fn point(self, u: f64) -> f64 {
        match self {
            Self::Finite { .. } => u,
            Self::HalfLine { end, direction } => end + direction * (u / (1.0 - u)),
        }
    }

    /// The integrand over u, from the value of the function.
    #[inline]
    pub(super) fn integrand(self, u: f64, value: Complex64) -> Complex64 {
        match self {
            Self::Finite { .. } => value,
            Self::HalfLine { .. } => {
                let rest = 1.0 - u;
                value / (rest * rest)
            }
        }
    }

    /// The bits that tell pieces with different substitutions apart.
    pub(super) fn substitution_bits(self) -> [u64; 2] {
        match self {
            Self::Finite { .. } => [0; 2],
            Self::HalfLine { end, direction } => [end.to_bits(), direction.to_bits()],
        }
    }
}

/// The nodes of the Kronrod rule in a subinterval: the middle, then pairs from the outermost on.
pub(super) fn nodes([from, to]: [f64; 2]) -> [f64; NODES] {
    let half = (to - from) / 2.0;
    let center = from + half;
    let mut nodes = [center; NODES];
    for (pair, NodePair { x, .. }) in nodes[1..].chunks_mut(2).zip(NODE_PAIRS) {
        pair.copy_from_slice(&[center - half * x, center + half * x]);
    }
    nodes
}

/// The estimates for one subinterval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Subinterval {
    between: [f64; 2],
    /// The integral of f.
    integral: Complex64,
    /// The integral of |f|.
    magnitude: f64,
    /// The estimated error of `integral`.
    error: f64,
}

impl Subinterval {
    /// Applies the Gauss–Kronrod rule to the values at the [`nodes`] of a subinterval; QUADPACK's `qk15`.
    pub(super) fn estimate(between: [f64; 2], values: &[Complex64; NODES]) -> Self {
        let [from, to] = between;
        let half = (to - from) / 2.0;
        let [middle, pairs @ ..] = values;
        let pairs = || pairs.chunks(2).map(|pair| (pair[0], pair[1])).zip(NODE_PAIRS);
        let mut kronrod = middle * CENTER_KRONROD_WEIGHT;
        let mut gauss = middle * CENTER_GAUSS_WEIGHT;
        let mut magnitude = modulus(*middle) * CENTER_KRONROD_WEIGHT;
        for ((left, right), NodePair { kronrod_weight, gauss_weight, .. }) in pairs() {
            kronrod += (left + right) * kronrod_weight;
            gauss += (left + right) * gauss_weight;
            magnitude += (modulus(left) + modulus(right)) * kronrod_weight;
        }
        let mean = kronrod / 2.0;
        let mut variation = modulus(middle - mean) * CENTER_KRONROD_WEIGHT;
        for ((left, right), NodePair { kronrod_weight, .. }) in pairs() {
            variation += (modulus(left - mean) + modulus(right - mean)) * kronrod_weight;
        }
        let error = error_estimate(modulus(kronrod - gauss) * half, variation * half, magnitude * half);
        Self { between, integral: kronrod * half, magnitude: magnitude * half, error }
    }
}

/// QUADPACK's estimate of the error of the Kronrod rule.
///
/// The difference of the two rules is the error of the Gauss rule. The Kronrod rule is far more accurate; its
/// error is well described by the power 3/2 of that difference relative to the variation of f. Rounding
/// errors are a lower bound.
fn error_estimate(difference: f64, variation: f64, magnitude: f64) -> f64 {
    let ratio = (200.0 * difference / variation).min(1.0);
    let error = if variation > 0.0 { variation * ratio * ratio.sqrt() } else { difference };
    error.max(10.0 * f64::EPSILON * magnitude)
}

/// The integral over one piece, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AdaptiveRule {
    subintervals: Vec<Subinterval>,
    /// The index of the subinterval that is being halved.
    halved: Option<usize>,
}

/// What an adaptive rule needs next.
pub(super) enum NextStep {
    /// Nothing: this is the integral.
    Done(Complex64),
    /// The estimates of these halves of a subinterval.
    Halve([[f64; 2]; 2]),
}

impl AdaptiveRule {
    /// A rule without estimates.
    pub(super) fn new() -> Self {
        Self { subintervals: Vec::new(), halved: None }
    }

    /// Adds estimates: of the first subintervals in order, later of both halves of one.
    pub(super) fn add(&mut self, estimates: impl IntoIterator<Item = Subinterval>) {
        let mut estimates = estimates.into_iter();
        if let Some(halved) = self.halved.take() {
            let halved = &mut self.subintervals[halved];
            *halved = estimates.next().unwrap_or(*halved);
        }
        self.subintervals.extend(estimates);
    }

    /// The number of subintervals.
    pub(super) fn len(&self) -> usize {
        self.subintervals.len()
    }

    /// What is needed after the last estimates.
    pub(super) fn next_step(&mut self) -> NextStep {
        let (integral, magnitude, error) = self.totals();
        if !(integral.re.is_finite() && integral.im.is_finite() && error.is_finite()) {
            return NextStep::Done(NAN);
        }
        if error <= (RELATIVE_TOLERANCE * modulus(integral)).max(MAGNITUDE_TOLERANCE * magnitude) {
            return NextStep::Done(integral);
        }
        let all = &self.subintervals;
        let worst = (0..all.len()).max_by(|&a, &b| all[a].error.total_cmp(&all[b].error));
        let halves = worst.filter(|_| all.len() < MAX_SUBINTERVALS).and_then(|worst| {
            let [from, to] = all[worst].between;
            let middle = from + (to - from) / 2.0;
            (from < middle && middle < to).then_some((worst, [[from, middle], [middle, to]]))
        });
        match halves {
            Some((worst, halves)) => {
                self.halved = Some(worst);
                NextStep::Halve(halves)
            }
            None if error <= ACCEPTABLE_ERROR * magnitude => NextStep::Done(integral),
            None => NextStep::Done(NAN),
        }
    }

    /// The totals of the integrals, of the integrals of |f|, and of the errors.
    fn totals(&self) -> (Complex64, f64, f64) {
        self.subintervals.iter().fold((from_real(0.0), 0.0, 0.0), |(integral, magnitude, error), part| {
            (integral + part.integral, magnitude + part.magnitude, error + part.error)
        })
    }
}
