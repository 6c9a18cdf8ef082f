//! Vectors of eight numbers. Arithmetic, comparisons and rounding give the same bits for every instruction set.
//!
//! Functions that compute with them must be inlined into one that is compiled for the instruction set. Closures are not inlined.

#![allow(
    clippy::inline_always,
    reason = "vectors of an instruction set are compiled for it only where they are inlined"
)]

use std::ops::Range;

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x8};

/// Number of rows, or of pixels of one row, that are computed at once.
pub(crate) const LANES: usize = 8;

/// A number to which integers are added, so that they become the last bits of its representation: 1.5 · 2⁵².
const INTEGERS: f64 = 6_755_399_441_055_744.0;

/// The numbers from 0 on.
#[inline(always)]
pub(crate) fn counting<S: Simd>(simd: S) -> f64x8<S> {
    f64x8::from_slice(simd, &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
}

/// The lesser number of each lane; that of `b` if either is NaN.
#[inline(always)]
pub(crate) fn lesser<S: Simd>(a: f64x8<S>, b: f64x8<S>) -> f64x8<S> {
    a.simd_lt(b).select(a, b)
}

/// The greater number of each lane; that of `b` if either is NaN.
#[inline(always)]
pub(crate) fn greater<S: Simd>(a: f64x8<S>, b: f64x8<S>) -> f64x8<S> {
    a.simd_gt(b).select(a, b)
}

/// Stores whole numbers, each less than 2³¹ in magnitude, so that [`integer`] reads them.
#[inline(always)]
pub(crate) fn store_integers<S: Simd>(whole: f64x8<S>, into: &mut [f64; LANES]) {
    (whole + INTEGERS).store_slice(into);
}

/// A whole number that was stored by [`store_integers`]. A conversion of the number itself takes many more instructions.
#[inline]
pub(crate) fn integer(stored: f64) -> i32 {
    stored.to_bits() as i32
}

/// The first number of each part of `LANES` numbers of a range. Unlike `step_by`, it does not divide.
pub(crate) fn part_starts(range: Range<i32>) -> impl Iterator<Item = i32> {
    let next = |start: &i32| Some(start + LANES as i32);
    std::iter::successors(Some(range.start), next).take_while(move |start| *start < range.end)
}

/// The places of the bits that are set, from the lowest.
pub(crate) fn set_bits(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = bits.trailing_zeros();
        bits &= bits.checked_sub(1)?;
        Some(lowest as usize)
    })
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;

    #[test]
    fn stored_integers_are_read() {
        let whole = [0.0, -0.0, 1.0, -1.0, 255.0, -70_000.0, 2_147_483_647.0, -2_147_483_648.0];
        let mut stored = [0.0; LANES];
        dispatch!(Level::new(), simd => store_integers(f64x8::from_slice(simd, &whole), &mut stored));
        for (whole, stored) in whole.into_iter().zip(stored) {
            assert_eq!(integer(stored), whole as i32);
        }
    }

    #[test]
    fn a_range_is_divided_into_parts() {
        assert_eq!(part_starts(-3..6).collect::<Vec<_>>(), [-3, 5]);
        assert_eq!(part_starts(2..10).collect::<Vec<_>>(), [2]);
        assert_eq!(part_starts(4..4).next(), None);
    }

    #[test]
    fn bits_are_found_from_the_lowest() {
        assert_eq!(set_bits(1 << 63 | 0b1011).collect::<Vec<_>>(), [0, 1, 3, 63]);
        assert_eq!(set_bits(0).next(), None);
    }
}
