//! Where the rows of a part of a stroke begin and end, for several rows at once.
//!
//! The center of a pixel belongs to a part if it lies in two bands, each between two parallel lines. In every row of pixels a band
//! is an interval of x.

#![allow(
    clippy::inline_always,
    reason = "vectors of an instruction set are compiled for it only where they are inlined"
)]

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x8};

use crate::draw::lanes::{LANES, counting, greater, integer, lesser, set_bits, store_integers};
use crate::geometry::{PixelRect, Point};

/// The points p with `low ≤ normal · p ≤ high`.
pub(crate) struct Band {
    normal_y: f64,
    /// One over the x component of the normal.
    inverse: f64,
    /// The limits at the lower and at the upper end of the interval of x.
    ends: [f64; 2],
}

/// Columns of some rows: those of the k-th are `left[k]..right[k]`, which may be empty.
#[derive(Default)]
pub(crate) struct RowSpans {
    /// [Stored integers](store_integers).
    left: [f64; LANES],
    right: [f64; LANES],
    /// The rows that are not empty, as bits from the lowest.
    filled: u64,
}

impl Band {
    /// The band between two values of the product with `normal`.
    pub(crate) fn new(normal: Point, low: f64, high: f64) -> Self {
        let inverse = 1.0 / normal.x;
        Self { normal_y: normal.y, inverse, ends: if inverse < 0.0 { [high, low] } else { [low, high] } }
    }

    /// The ends of the intervals of x at several y. If the normal has no x component, both are infinite: of opposite signs if y
    /// lies in the band, of equal signs otherwise.
    #[inline(always)]
    fn intervals<S: Simd>(&self, y: f64x8<S>) -> [f64x8<S>; 2] {
        let offset = y * self.normal_y;
        let [from, to] = self.ends;
        [(from - offset) * self.inverse, (to - offset) * self.inverse]
    }
}

impl RowSpans {
    /// The columns of rows `top..top + LANES` inside `bounds` whose centers, relative to `origin`, lie in both bands; and the
    /// first columns and the ends as numbers.
    #[inline(always)]
    pub(crate) fn between<S: Simd>(
        simd: S,
        bands: &[Band; 2],
        origin: Point,
        top: i32,
        bounds: PixelRect,
    ) -> (Self, [f64x8<S>; 2]) {
        let rows = counting(simd) + f64::from(top);
        let y = rows + 0.5 - origin.y;
        // Closures would be compiled without the instructions of the caller.
        let (one, other) = (bands[0].intervals(y), bands[1].intervals(y));
        let from = greater(one[0], other[0]) + origin.x - 0.5;
        let to = lesser(one[1], other[1]) + origin.x - 0.5;
        let first = f64x8::splat(simd, f64::from(bounds.left));
        let end = f64x8::splat(simd, f64::from(bounds.right));
        let last = rows.simd_lt(f64::from(bounds.bottom)).select(end, first) - 1.0;
        let left = lesser(greater(from, first), end).ceil();
        let right = lesser(greater(to, first - 1.0), last).floor() + 1.0;
        let mut spans = Self { filled: left.simd_lt(right).to_bitmask(), ..Self::default() };
        store_integers(left, &mut spans.left);
        store_integers(right, &mut spans.right);
        (spans, [left, right])
    }

    /// The rows that are not empty, each with its place among those that were computed: (k, left, right).
    pub(crate) fn filled(&self) -> impl Iterator<Item = (usize, i32, i32)> {
        set_bits(self.filled).map(|k| (k, integer(self.left[k]), integer(self.right[k])))
    }
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;

    #[test]
    fn a_point_lies_in_a_band_exactly_inside_the_interval() {
        let (low, high) = (-0.7037, 2.3041);
        for slope in [1.0, -1.0, 0.3, -0.02, 1e-9, 0.0, -0.0] {
            let band = Band::new(Point::new(slope, 1.0), low, high);
            for y in (-40..40).map(|k| f64::from(k) * 0.15 + 0.01) {
                let (mut from, mut to) = ([0.0; LANES], [0.0; LANES]);
                dispatch!(Level::new(), simd => {
                    let ends = band.intervals(f64x8::splat(simd, y));
                    ends[0].store_slice(&mut from);
                    ends[1].store_slice(&mut to);
                });
                for x in (-90..90).map(|k| f64::from(k) * 0.11) {
                    let inside = (low..=high).contains(&(slope * x + y));
                    assert_eq!((from[0]..=to[0]).contains(&x), inside, "{slope}·{x} + {y}");
                }
            }
        }
    }
}
