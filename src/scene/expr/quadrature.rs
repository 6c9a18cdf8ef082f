//! Definite integrals of complex functions of a real variable, by adaptive Gauss–Kronrod quadrature.
//!
//! Each subinterval uses the 15-point Gauss–Kronrod rule. Subintervals with the largest errors are halved until the total error
//! is small enough, as in QUADPACK (Piessens et al., 1983). It halves one at a time; here, those that it would halve one after
//! the other are halved together. An infinite limit is mapped to 1 by substitution.
//!
//! The function is evaluated by the caller, so that points of several subintervals and several integrals can be
//! evaluated together: [`Domain`] divides an integral into finite pieces, and an [`AdaptiveRule`] asks for subintervals
//! of a piece until it knows the integral.

use std::cmp::Ordering;

use num_complex::Complex64;

use super::arithmetic::negate;
use super::kronrod::{Subinterval, nodes};
use super::number::{NAN, from_real, modulus};
use super::op::Limit;

/// The requested error, relative to the integral.
const RELATIVE_TOLERANCE: f64 = 1e-12;
/// The requested error, relative to the integral of |Re f| + |Im f|. It applies where the integral itself cancels.
const MAGNITUDE_TOLERANCE: f64 = 1e-13;
/// The largest error, relative to the integral of |Re f| + |Im f|, that is invisible in a picture. Beyond it the result is
/// NaN.
const ACCEPTABLE_ERROR: f64 = 1e-7;
/// The number of equal subintervals at the start. With several, a narrow peak is seldom missed.
const INITIAL_SUBINTERVALS: u32 = 4;
/// The number of times that the longest part of a continued integral is halved. Each time halves what is left at the limit that
/// moves, and doubles the number of parts that places of this limit share.
const HALVED_LENGTHS: u32 = 6;
/// Only subintervals whose error is at least the largest one divided by this are halved together, so that a singularity which
/// is never resolved does not bring others with it.
const ERROR_RATIO: f64 = 100.0;
/// The maximum number of subintervals. A square root singularity at an end point takes about 90.
const MAX_SUBINTERVALS: usize = 300;

/// How an integral between two limits is computed.
///
/// The error is about 10⁻¹² of the integral, or 10⁻¹³ of the integral of |Re f| + |Im f| if that is larger. The result is
/// NaN if `f` is not finite at a node or if the integral does not converge.
pub(super) enum Domain {
    /// Its value is known.
    Known(Complex64),
    /// It is the sum of these pieces.
    Forward(Pieces),
    /// It is the negated sum of these pieces.
    Backward(Pieces),
}

/// The pieces of a domain in order.
pub(super) struct Pieces {
    pub(super) pieces: Vec<Piece>,
    /// Whether the error of all pieces together must be small, not that of each.
    is_continued: bool,
}

impl Domain {
    /// The domain from `from` to `to`, which may be infinite. If one of them is fixed while the other one moves, most pieces are
    /// the same for other places of the one that moves.
    pub(super) fn between(from: f64, to: f64, fixed: Option<Limit>) -> Self {
        let pieces = |low: f64, high: f64| match fixed {
            Some(fixed) if low.is_finite() && high.is_finite() => {
                let [fixed, moving] = if fixed == Limit::From { [from, to] } else { [to, from] };
                Pieces { pieces: Piece::continued(fixed, moving), is_continued: true }
            }
            _ => Pieces { pieces: Piece::all(low, high), is_continued: false },
        };
        match from.partial_cmp(&to) {
            Some(Ordering::Less) => Self::Forward(pieces(from, to)),
            Some(Ordering::Equal) => Self::Known(from_real(0.0)),
            Some(Ordering::Greater) => Self::Backward(pieces(to, from)),
            None => Self::Known(NAN),
        }
    }

    /// The pieces in order.
    pub(super) fn pieces(&self) -> &[Piece] {
        match self {
            Self::Known(_) => &[],
            Self::Forward(pieces) | Self::Backward(pieces) => &pieces.pieces,
        }
    }

    /// The integral, from those over the pieces in order.
    pub(super) fn sum(&self, parts: impl Iterator<Item = Totals>) -> Complex64 {
        match self {
            Self::Known(value) => *value,
            Self::Forward(pieces) => pieces.sum(parts),
            Self::Backward(pieces) => negate(pieces.sum(parts)),
        }
    }
}

impl Pieces {
    fn sum(&self, mut parts: impl Iterator<Item = Totals>) -> Complex64 {
        if self.is_continued {
            return parts.fold(Totals::default(), Totals::plus).accepted();
        }
        let first = parts.next().map_or(NAN, Totals::accepted);
        parts.fold(first, |sum, part| sum + part.accepted())
    }
}

/// A part of a domain, with the substitution that makes it finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Piece {
    /// Both limits are finite.
    Finite { from: f64, to: f64 },
    /// One of several pieces between finite limits, with its number of first subintervals.
    Part { from: f64, to: f64, subintervals: u32 },
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

    /// The pieces between two finite limits in order from the fixed one on. Their lengths are decreasing powers of two, and what
    /// is left at the limit that moves. So places of that limit share all pieces but the last few.
    fn continued(fixed: f64, moving: f64) -> Vec<Self> {
        let is_upward = fixed < moving;
        let longest = libm::ilogb((moving - fixed).abs());
        let mut pieces = Vec::new();
        let mut reached = fixed;
        let mut add = |from: f64, end: f64, level: u32| {
            let [from, to] = if is_upward { [from, end] } else { [end, from] };
            pieces.push(Self::Part { from, to, subintervals: (INITIAL_SUBINTERVALS >> level).max(1) });
        };
        for level in 0..=HALVED_LENGTHS {
            let length = libm::ldexp(1.0, longest.saturating_sub_unsigned(level));
            let end = if is_upward { reached + length } else { reached - length };
            let is_within = if is_upward { end <= moving } else { end >= moving };
            if is_within && end != reached {
                add(reached, end, level);
                reached = end;
            }
        }
        if reached != moving {
            add(reached, moving, HALVED_LENGTHS);
        }
        pieces
    }

    /// The first subintervals of the variable u.
    pub(super) fn first_subintervals(self) -> Vec<[f64; 2]> {
        let (from, to, count) = match self {
            Self::Finite { from, to } => (from, to, INITIAL_SUBINTERVALS),
            Self::Part { from, to, subintervals } => (from, to, subintervals),
            Self::HalfLine { .. } => (0.0, 1.0, INITIAL_SUBINTERVALS),
        };
        let width = (to - from) / f64::from(count);
        let edge = |i: u32| if i == count { to } else { from + width * f64::from(i) };
        (0..count).map(|i| [edge(i), edge(i + 1)]).collect()
    }

    /// The rule for the integral over the piece.
    pub(super) fn rule(self) -> AdaptiveRule {
        let relative_tolerance = match self {
            // The integrals over parts may cancel.
            Self::Part { .. } => 0.0,
            Self::Finite { .. } | Self::HalfLine { .. } => RELATIVE_TOLERANCE,
        };
        AdaptiveRule { relative_tolerance, ..AdaptiveRule::default() }
    }

    /// The bits that tell pieces apart.
    pub(super) fn bits(self) -> [u64; 4] {
        let (kind, [a, b]) = match self {
            Self::Finite { from, to } => (0, [from, to]),
            Self::Part { from, to, subintervals } => (u64::from(subintervals), [from, to]),
            Self::HalfLine { end, direction } => (u64::MAX, [end, direction]),
        };
        [kind, 0, a.to_bits(), b.to_bits()]
    }

    /// The point at which the function is evaluated for a value of u.
    pub(super) fn point(self, u: f64) -> f64 {
        match self {
            Self::Finite { .. } | Self::Part { .. } => u,
            Self::HalfLine { end, direction } => end + direction * (u / (1.0 - u)),
        }
    }

    /// Turns values of the function, both parts of them, at the nodes of a subinterval of u into those of the integrand over u.
    pub(super) fn transform(self, between: [f64; 2], [re, im]: [&mut [f64]; 2]) {
        if let Self::HalfLine { .. } = self {
            for ((u, re), im) in nodes(between).iter().zip(re).zip(im) {
                let rest = 1.0 - u;
                *re /= rest * rest;
                *im /= rest * rest;
            }
        }
    }

    /// The bits that tell pieces with different substitutions apart.
    pub(super) fn substitution_bits(self) -> [u64; 2] {
        match self {
            Self::Finite { .. } | Self::Part { .. } => [0; 2],
            Self::HalfLine { end, direction } => [end.to_bits(), direction.to_bits()],
        }
    }
}

/// The integral over one piece, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct AdaptiveRule {
    /// The requested error, relative to the integral.
    relative_tolerance: f64,
    /// The subintervals in order along the piece.
    subintervals: Vec<Subinterval>,
    /// The indices of the subintervals that are being halved, in ascending order.
    halved: Vec<usize>,
}

/// The totals of the integrals, of the integrals of |Re f| + |Im f|, and of the errors.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Totals {
    integral: Complex64,
    magnitude: f64,
    error: f64,
}

/// The next needs of an adaptive rule.
pub(super) enum NextStep {
    /// Nothing: these are the totals.
    Done(Totals),
    /// The estimates of these halves of subintervals, in order along the piece.
    Halve(Vec<[f64; 2]>),
}

impl Totals {
    /// The totals of this and a subinterval.
    fn with(self, part: &Subinterval) -> Self {
        let Subinterval { integral, magnitude, error, .. } = *part;
        self.plus(Self { integral, magnitude, error })
    }

    /// The totals of this and more.
    fn plus(self, more: Self) -> Self {
        Self {
            integral: self.integral + more.integral,
            magnitude: self.magnitude + more.magnitude,
            error: self.error + more.error,
        }
    }

    /// The integral; NaN if its error would be visible.
    pub(super) fn accepted(self) -> Complex64 {
        let Self { integral, magnitude, error } = self;
        let is_finite = integral.re.is_finite() && integral.im.is_finite() && error.is_finite();
        if is_finite && error <= ACCEPTABLE_ERROR * magnitude { integral } else { NAN }
    }
}

impl AdaptiveRule {
    /// Adds estimates in order: of the first subintervals, later of the halves that the last step asked for.
    pub(super) fn add(&mut self, estimates: impl IntoIterator<Item = Subinterval>) {
        let mut estimates = estimates.into_iter();
        let mut halved = std::mem::take(&mut self.halved).into_iter().peekable();
        let before = std::mem::take(&mut self.subintervals);
        self.subintervals.reserve(before.len() + halved.len());
        for (index, subinterval) in before.into_iter().enumerate() {
            if halved.next_if_eq(&index).is_some() {
                self.subintervals.extend(estimates.by_ref().take(2));
            } else {
                self.subintervals.push(subinterval);
            }
        }
        self.subintervals.extend(estimates);
    }

    /// The number of subintervals.
    pub(super) fn len(&self) -> usize {
        self.subintervals.len()
    }

    /// The needs after the last estimates.
    pub(super) fn next_step(&mut self) -> NextStep {
        let totals = self.subintervals.iter().fold(Totals::default(), Totals::with);
        let Totals { integral, magnitude, error } = totals;
        if !(integral.re.is_finite() && integral.im.is_finite() && error.is_finite()) {
            return NextStep::Done(totals);
        }
        let tolerance = (self.relative_tolerance * modulus(integral)).max(MAGNITUDE_TOLERANCE * magnitude);
        if error <= tolerance {
            return NextStep::Done(totals);
        }
        let mut halved = self.beyond(tolerance);
        if let Some(worst) = halved.first().map(|worst| self.subintervals[*worst].error) {
            halved.retain(|index| self.subintervals[*index].error * ERROR_RATIO >= worst);
        }
        halved.truncate(MAX_SUBINTERVALS.saturating_sub(self.len()));
        let worst_is_divisible = halved.first().is_some_and(|worst| self.halves(*worst).is_some());
        if !worst_is_divisible {
            return NextStep::Done(totals);
        }
        halved.retain(|index| self.halves(*index).is_some());
        halved.sort_unstable();
        self.halved = halved;
        NextStep::Halve(self.halved.iter().filter_map(|index| self.halves(*index)).flatten().collect())
    }

    /// The fewest subintervals without which the total error is within a tolerance, the one with the largest error first.
    fn beyond(&self, tolerance: f64) -> Vec<usize> {
        let error = |index: &usize| self.subintervals[*index].error;
        let mut all: Vec<usize> = (0..self.len()).collect();
        all.sort_unstable_by(|a, b| error(b).total_cmp(&error(a)).then(a.cmp(b)));
        let mut rest = 0.0;
        while let Some(least) = all.last() {
            rest += error(least);
            if rest > tolerance {
                break;
            }
            all.pop();
        }
        all
    }

    /// Both halves of a subinterval; `None` if it is too short.
    fn halves(&self, index: usize) -> Option<[[f64; 2]; 2]> {
        let [from, to] = self.subintervals[index].between;
        let middle = from + (to - from) / 2.0;
        (from < middle && middle < to).then_some([[from, middle], [middle, to]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::expr::kronrod::{NODES, estimates};

    const FUNCTIONS: [fn(f64) -> f64; 6] = [
        |x| libm::cos(30.0 * x),
        |x| libm::exp(-x * x) * libm::cos(9.0 * x),
        |x| (x + 2.0).sqrt(),
        |x| if x < 0.3 { 1.0 } else { x },
        |x| 1.0 / (1e-4 + x * x),
        |x| (1e4 * x).sin(),
    ];

    fn estimate(f: fn(f64) -> f64, between: &[f64; 2]) -> Subinterval {
        estimates(&[*between], &nodes(*between).map(f), &[0.0; NODES])[0]
    }

    /// The totals, and the ends of the subintervals. Several subintervals are halved `at_once`, or only that with the largest error
    /// is, as in QUADPACK.
    fn integrate(f: fn(f64) -> f64, at_once: bool) -> (Totals, Vec<f64>) {
        let piece = Piece::Finite { from: -2.0, to: 3.0 };
        let (mut rule, mut wanted) = (piece.rule(), piece.first_subintervals());
        loop {
            rule.add(wanted.iter().map(|between| estimate(f, between)));
            match rule.next_step() {
                NextStep::Done(totals) => {
                    return (totals, rule.subintervals.iter().map(|part| part.between[1]).collect());
                }
                NextStep::Halve(halves) if at_once => wanted = halves,
                NextStep::Halve(_) => {
                    rule.halved = vec![rule.beyond(0.0)[0]];
                    wanted = rule.halves(rule.halved[0]).expect("halves").to_vec();
                }
            }
        }
    }

    #[test]
    fn subintervals_are_those_of_halving_one_at_a_time() {
        for (index, f) in FUNCTIONS.into_iter().enumerate() {
            let [(totals, ends), (expected, expected_ends)] =
                [true, false].map(|at_once| integrate(f, at_once));
            assert_eq!(ends.len(), expected_ends.len(), "{index}");
            assert!(ends.windows(2).all(|pair| pair[0] < pair[1]), "{index}");
            // Where the number of subintervals ends the search, other ones may have been halved.
            let is_complete = ends.len() < MAX_SUBINTERVALS;
            assert!(!is_complete || ends == expected_ends, "{index}");
            let difference = modulus(totals.integral - expected.integral);
            assert!(!is_complete || difference <= 1e-15 * totals.magnitude, "{index}: {difference}");
            assert_eq!(totals.accepted().is_nan(), expected.accepted().is_nan(), "{index}");
        }
    }
}
