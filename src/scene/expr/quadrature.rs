//! Definite integrals of complex functions of a real variable, by adaptive Gauss–Kronrod quadrature.
//!
//! Each subinterval uses the 15-point Gauss–Kronrod rule. The subinterval with the largest error is halved until the
//! total error is small enough, as in QUADPACK (Piessens et al., 1983). An infinite limit is mapped to 1 by substitution.
//!
//! The function is evaluated by the caller, so that points of several subintervals and several integrals can be
//! evaluated together: [`Domain`] divides an integral into finite pieces, and an [`AdaptiveRule`] asks for subintervals
//! of a piece until it knows the integral.

use std::cmp::Ordering;

use num_complex::Complex64;

use super::kronrod::Subinterval;
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

    /// Turns values of the function, both parts of them, at points u into those of the integrand over u.
    pub(super) fn transform(self, points: &[f64], [re, im]: [&mut [f64]; 2]) {
        if let Self::HalfLine { .. } = self {
            for ((u, re), im) in points.iter().zip(re).zip(im) {
                let rest = 1.0 - u;
                *re /= rest * rest;
                *im /= rest * rest;
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

/// The integral over one piece, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AdaptiveRule {
    subintervals: Vec<Subinterval>,
    /// The totals of the first subintervals, of the first two, and so on, as far as none of them has changed.
    totals: Vec<Totals>,
    /// The index of the subinterval that is being halved.
    halved: Option<usize>,
}

/// The totals of the integrals, of the integrals of |f|, and of the errors.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Totals {
    integral: Complex64,
    magnitude: f64,
    error: f64,
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
        Self { subintervals: Vec::new(), totals: Vec::new(), halved: None }
    }

    /// Adds estimates: of the first subintervals in order, later of both halves of one.
    pub(super) fn add(&mut self, estimates: impl IntoIterator<Item = Subinterval>) {
        let mut estimates = estimates.into_iter();
        if let Some(halved) = self.halved.take() {
            self.totals.truncate(halved);
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
        let Totals { integral, magnitude, error } = self.totals();
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

    /// The totals of all subintervals, added in their order.
    fn totals(&mut self) -> Totals {
        let mut totals = self.totals.last().copied().unwrap_or_default();
        for part in &self.subintervals[self.totals.len()..] {
            totals.integral += part.integral;
            totals.magnitude += part.magnitude;
            totals.error += part.error;
            self.totals.push(totals);
        }
        totals
    }
}
