//! Sums, means and products over the integers between two limits.

use num_complex::Complex64;

use super::arithmetic::{divide, multiply};
use super::number::{from_real, is_whole};

/// The maximum number of terms of one series, by which they are counted.
const MAX_TERMS: f64 = u32::MAX as f64;

/// What a series makes of its terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Series {
    /// Their sum; 0 without terms.
    Sum,
    /// Their mean; NaN without terms.
    Mean,
    /// Their product; 1 without terms.
    Product,
}

/// The integers between two limits, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Terms {
    /// `count` integers, beginning with `from`.
    Finite { from: f64, count: u32 },
    /// A limit is no integer.
    Undefined,
    /// There are more than [`MAX_TERMS`], more than any limit allows.
    TooMany,
}

impl Terms {
    /// The integers from `from` to `to`. There are none if `from` is the larger one.
    pub(super) fn between(from: f64, to: f64) -> Self {
        if !is_whole(from) || !is_whole(to) {
            Self::Undefined
        } else if from > to {
            Self::Finite { from, count: 0 }
        } else if (0.0..MAX_TERMS).contains(&(to - from)) {
            Self::Finite { from, count: (to - from) as u32 + 1 }
        } else {
            Self::TooMany
        }
    }

    /// The number of terms, for counting work.
    pub(super) fn count(self) -> u64 {
        match self {
            Self::Undefined => 0,
            Self::Finite { count, .. } => count.into(),
            Self::TooMany => u64::MAX,
        }
    }
}

/// The value of a series so far. Sums are compensated.
#[derive(Clone, Copy)]
pub(super) struct Accumulator {
    series: Series,
    count: u32,
    re: CompensatedSum,
    im: CompensatedSum,
    product: Complex64,
}

impl Accumulator {
    /// The value without terms.
    pub(super) fn new(series: Series) -> Self {
        let (re, im) = (CompensatedSum::default(), CompensatedSum::default());
        Self { series, count: 0, re, im, product: from_real(1.0) }
    }

    /// Adds a term.
    pub(super) fn add(&mut self, term: Complex64) {
        match self.series {
            Series::Sum | Series::Mean => {
                self.count += 1;
                self.re.add(term.re);
                self.im.add(term.im);
            }
            Series::Product => self.product = multiply(self.product, term),
        }
    }

    /// The value of the terms so far.
    pub(super) fn value(&self) -> Complex64 {
        let sum = || Complex64::new(self.re.value(), self.im.value());
        match self.series {
            Series::Sum => sum(),
            Series::Mean => divide(sum(), from_real(f64::from(self.count))),
            Series::Product => self.product,
        }
    }
}

/// A running sum with its accumulated rounding error (Neumaier 1974).
#[derive(Clone, Copy, Default)]
pub(super) struct CompensatedSum {
    pub(super) sum: f64,
    pub(super) compensation: f64,
}

impl CompensatedSum {
    /// Adds a term.
    pub(super) fn add(&mut self, term: f64) {
        add_compensated(&mut self.sum, &mut self.compensation, term);
    }

    /// The compensated sum.
    pub(super) fn value(self) -> f64 {
        // The compensation of an infinite sum is NaN.
        if self.sum.is_finite() { self.sum + self.compensation } else { self.sum }
    }
}

/// Adds a term to a sum, and the rounding error of the addition to its compensation.
#[allow(
    clippy::inline_always,
    reason = "a function is compiled for an instruction set only where it is inlined"
)]
#[inline(always)]
pub(super) fn add_compensated(sum: &mut f64, compensation: &mut f64, term: f64) {
    let total = *sum + term;
    let (large, small) = if sum.abs() >= term.abs() { (*sum, term) } else { (term, *sum) };
    *compensation += (large - total) + small;
    *sum = total;
}
