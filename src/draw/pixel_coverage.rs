//! The fraction of one pixel that a shape covers, from 0 to 1: half planes, strips and discs.
//!
//! A pixel is the unit square around its center. Projected onto a direction, the square has a trapezoidal
//! profile: it rises over `min(|cos|, |sin|)`, is flat, and falls again. The fraction on one side of a
//! straight edge is the integral of that profile, in closed form. The fractions of adjacent strips therefore
//! add up to exactly 1 at any angle, and nearly horizontal lines show no ripple.

#![allow(
    clippy::inline_always,
    reason = "vectors of an instruction set are compiled for it only where they are inlined"
)]

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f64x8};

use crate::draw::lanes::{LANES, greater, lesser};
use crate::draw::pixel_bounds::{fast_max, fast_min};

/// The profile of a pixel across straight edges of one direction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    /// One over the height of the profile, between 1/√2 and 1.
    wide: f64,
    /// Half the width of the flat part of the profile.
    flat: f64,
    /// Half the width of the whole profile.
    reach: f64,
    /// Half the slope of the rising part: one over twice the product of the components of the normal.
    /// Infinite, and unused, for horizontal and vertical edges.
    bend: f64,
}

impl Edge {
    /// The profile across edges whose unit normal is (x, y). The unit tangent gives the same profile.
    pub(crate) fn new(x: f64, y: f64) -> Self {
        let (wide, narrow) = (fast_max(x.abs(), y.abs()), fast_min(x.abs(), y.abs()));
        Self {
            wide,
            flat: (wide - narrow) / 2.0,
            reach: f64::midpoint(wide, narrow),
            bend: 0.5 / (wide * narrow),
        }
    }

    /// How far a pixel extends from its center across the edge, between 1/2 and 1/√2.
    pub(crate) fn reach(&self) -> f64 {
        self.reach
    }

    /// The fraction of a pixel inside the half plane whose edge lies `offset` beyond the center of the pixel.
    /// A negative offset leaves the center outside.
    pub(crate) fn half_plane(&self, offset: f64) -> f64 {
        let distance = offset.abs();
        let linear = 0.5 + distance / self.wide;
        let rest = self.reach - distance;
        let curved = 1.0 - rest * rest * self.bend;
        let inner = if distance <= self.flat { linear } else { curved };
        let upper = if distance >= self.reach { 1.0 } else { inner };
        let lower = 1.0 - upper;
        if offset < 0.0 { lower } else { upper }
    }

    /// The fraction of a pixel inside the strip of half width `radius` whose center line passes the center of
    /// the pixel at `distance`, at least 0.
    pub(crate) fn strip(&self, distance: f64, radius: f64) -> f64 {
        let (near, far) = (radius - distance, -radius - distance);
        // The far edge of a strip wider than a pixel lies outside the pixel.
        if far <= -self.reach { self.half_plane(near) } else { self.half_plane(near) - self.half_plane(far) }
    }
    /// The [half planes](Self::half_plane) of several pixels, with the same bits.
    #[inline(always)]
    fn half_planes<S: Simd>(&self, offset: f64x8<S>) -> f64x8<S> {
        let distance = offset.abs();
        let linear = distance / self.wide + 0.5;
        let rest = self.reach - distance;
        let curved = 1.0 - rest * rest * self.bend;
        let inner = distance.simd_le(self.flat).select(linear, curved);
        let upper = distance.simd_ge(self.reach).select(f64x8::splat(offset.simd, 1.0), inner);
        offset.simd_lt(0.0).select(1.0 - upper, upper)
    }

    /// The [strips](Self::strip) of several pixels, with the same bits.
    #[inline(always)]
    pub(crate) fn strips<S: Simd>(&self, distance: f64x8<S>, radius: f64) -> f64x8<S> {
        let shares = self.half_planes(radius - distance);
        if radius < self.reach { shares - self.half_planes(-radius - distance) } else { shares }
    }
}

/// The fraction of a pixel inside a disc. (x, y) points from the center of the disc to the center of the
/// pixel.
///
/// The area is a sum of eight chords along the axis on which they vary least. It is exact to 1/500 and,
/// unlike the integral, needs no arcsine.
pub(crate) fn disc(x: f64, y: f64, radius: f64) -> f64 {
    const CHORDS: usize = 8;
    let (across, along) = (x.abs().max(y.abs()), x.abs().min(y.abs()));
    let distance = (across * across + along * along).sqrt();
    if distance + HALF_DIAGONAL <= radius {
        return 1.0;
    }
    let (low, high) = ((along - 0.5).max(-radius), (along + 0.5).min(radius));
    if distance >= radius + HALF_DIAGONAL || low >= high {
        return 0.0;
    }
    let step = (high - low) / CHORDS as f64;
    let chord = |k: usize| {
        let at = low + step * (k as f64 + 0.5);
        let half = (radius * radius - at * at).max(0.0).sqrt();
        (half.min(across + 0.5) - (across - 0.5).max(-half)).max(0.0)
    };
    // All chords are computed before the sum, so that the compiler vectorizes the square roots.
    let chords: [f64; CHORDS] = std::array::from_fn(chord);
    step * chords.iter().sum::<f64>()
}

/// An upper bound on the [disc] of a pixel, which takes a fifth of its time; NaN at the center of the disc.
///
/// The disc lies in the half plane whose edge touches it on the way to the pixel.
pub(crate) fn disc_bound(x: f64, y: f64, radius: f64) -> f64 {
    /// How much the sum of chords may exceed the area.
    const CHORD_ERROR: f64 = 0.0025;
    let distance = (x * x + y * y).sqrt();
    Edge::new(x / distance, y / distance).half_plane(radius - distance) + CHORD_ERROR
}

/// For each coverage of a pixel, as a byte, the squared distance from the center of a disc beyond which the disc
/// cannot raise it.
///
/// A disc covers no more of a pixel than the half plane up to its edge does. The segments beside a vertex
/// have already covered most pixels around it; this table skips them.
#[derive(Clone, Debug)]
pub(crate) struct DiscReach([f64; 256]);

impl DiscReach {
    /// Computes the table for discs of this radius.
    pub(crate) fn new(radius: f64) -> Self {
        /// Edges of other directions cover up to 0.0074 more than vertical and diagonal edges do, and the sum
        /// of chords adds up to 0.002.
        const MARGIN: f64 = 0.0125;
        let squared = |level: usize| {
            let share = (level as f64 + 0.5) / LEVELS as f64 - MARGIN;
            if level == LEVELS {
                return 0.0;
            }
            if share <= 0.0 {
                return (radius + HALF_DIAGONAL) * (radius + HALF_DIAGONAL);
            }
            // The offset of the edge of a half plane that covers this fraction of a pixel, for vertical and
            // diagonal edges.
            let vertical = share - 0.5;
            let diagonal =
                if share < 0.5 { share.sqrt() - HALF_DIAGONAL } else { HALF_DIAGONAL - (1.0 - share).sqrt() };
            let distance = (radius - vertical.min(diagonal)).max(0.0);
            distance * distance
        };
        // The bytes of successive levels differ by 4, and once by 3.
        Self(std::array::from_fn(|byte| squared((byte + 2) / 4)))
    }

    /// Which of up to `LANES` pixels a disc can raise, as bits from the lowest, by their coverage as bytes and the squared distances
    /// of their centers from that of the disc.
    #[inline(always)]
    pub(crate) fn raised<S: Simd>(&self, bytes: &[u8], distance_squared: f64x8<S>) -> u64 {
        let mut limits = [0.0; LANES];
        for (limit, byte) in limits.iter_mut().zip(bytes) {
            *limit = self.0[usize::from(*byte)];
        }
        distance_squared.simd_lt(f64x8::from_slice(distance_squared.simd, &limits)).to_bitmask()
    }
}

/// Half the diagonal of a pixel.
pub(crate) const HALF_DIAGONAL: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// The number of steps from no coverage to full coverage. The rounding error is at most 1/128, which is
/// hardly visible. An animation of a few inks then has few colors, which compress better and fit the color
/// table of a GIF.
const LEVELS: usize = 64;

/// Rounds a fraction to the nearest level, as a byte from 0 to 255.
#[inline]
pub(crate) fn quantize(share: f64) -> u8 {
    // `as` truncates.
    level_byte(((share * LEVELS as f64 + 0.5) as i32).clamp(0, LEVELS as i32))
}

/// The [bytes](quantize) of several fractions, as whole numbers.
#[inline(always)]
pub(crate) fn quantize_each<S: Simd>(share: f64x8<S>) -> f64x8<S> {
    let (none, all) = (f64x8::splat(share.simd, 0.0), f64x8::splat(share.simd, LEVELS as f64));
    let level = lesser(greater((share * LEVELS as f64 + 0.5).floor(), none), all);
    // The byte of a level: the division is exact, because it is one by a power of two.
    ((level * 510.0 + LEVELS as f64) * (0.5 / LEVELS as f64)).floor()
}

/// The byte of a level, rounded to nearest.
#[inline]
fn level_byte(level: i32) -> u8 {
    ((2 * 255 * level + LEVELS as i32) / (2 * LEVELS as i32)) as u8
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;

    fn directions() -> impl Iterator<Item = (f64, f64)> {
        (0..64).map(|k| libm::sincos(f64::from(k) * std::f64::consts::TAU / 64.0))
    }

    #[test]
    fn adjacent_strips_fill_a_pixel() {
        for (x, y) in directions() {
            let edge = Edge::new(x, y);
            let total: f64 = (-9..=9).map(|k| edge.strip(f64::from(k) * 0.34 - 0.1, 0.17)).sum();
            assert!((total - 1.0).abs() < 1e-12, "direction ({x}, {y}): {total}");
        }
    }

    #[test]
    fn a_strip_covers_what_lies_between_its_edges() {
        for (x, y) in directions() {
            let edge = Edge::new(x, y);
            for radius in [0.1, 0.5, 0.6, 0.75, 1.75] {
                for distance in (0..300).map(|k| f64::from(k) * 0.01) {
                    let between = edge.half_plane(radius - distance) - edge.half_plane(-radius - distance);
                    assert_eq!(edge.strip(distance, radius).to_bits(), between.to_bits());
                }
            }
        }
    }

    #[test]
    fn several_pixels_get_the_bits_of_each_alone() {
        let distances: Vec<f64> = (0..256).map(|k| f64::from(k) * 0.0137).collect();
        for (x, y) in directions() {
            let edge = Edge::new(x, y);
            for radius in [0.05, 0.5, 0.6, 0.7072, 1.75] {
                for some in distances.chunks(LANES) {
                    let (mut shares, mut bytes) = ([0.0; LANES], [0.0; LANES]);
                    dispatch!(Level::new(), simd => {
                        let share = edge.strips(f64x8::from_slice(simd, some), radius);
                        share.store_slice(&mut shares);
                        quantize_each(share).store_slice(&mut bytes);
                    });
                    for ((&distance, share), quantized) in some.iter().zip(shares).zip(bytes) {
                        let alone = edge.strip(distance, radius);
                        assert_eq!(share.to_bits(), alone.to_bits(), "{distance} of {radius}");
                        assert_eq!(quantized, f64::from(quantize(alone)), "{distance} of {radius}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_edge_through_the_center_halves_the_pixel() {
        for (x, y) in directions() {
            assert!((Edge::new(x, y).half_plane(0.0) - 0.5).abs() < 1e-15);
        }
    }

    /// Compares with a count on a fine grid.
    #[test]
    fn a_slanted_edge_covers_the_counted_area() {
        let (x, y) = (0.8, 0.6);
        for offset in [-0.65, -0.3, 0.05, 0.2, 0.69] {
            let steps = 400;
            let inside = (0..steps * steps)
                .filter(|k| {
                    let at = |i: i32| (f64::from(i) + 0.5) / f64::from(steps) - 0.5;
                    at(k % steps) * x + at(k / steps) * y <= offset
                })
                .count();
            let counted = inside as f64 / f64::from(steps * steps);
            assert!((Edge::new(x, y).half_plane(offset) - counted).abs() < 3e-3, "edge at {offset}");
        }
    }

    #[test]
    fn a_disc_stays_below_its_bound() {
        for radius in [0.05, 0.3, 0.5, 0.75, 1.0, 1.75, 3.3, 8.0, 40.0] {
            let mut closest = f64::INFINITY;
            for (x, y) in (0..1000).map(|k| libm::sincos(f64::from(k) * std::f64::consts::TAU / 1000.0)) {
                for distance in (0..=90).map(|k| (radius - 0.9 + f64::from(k) * 0.02).abs()) {
                    let (x, y) = (x * distance, y * distance);
                    closest = closest.min(disc_bound(x, y, radius) - disc(x, y, radius));
                }
            }
            assert!(closest >= 0.0, "radius {radius}: {closest}");
        }
        assert!(disc_bound(0.0, 0.0, 1.0).is_nan());
    }

    #[test]
    fn the_fractions_of_a_disc_add_up_to_its_area() {
        for radius in [0.2, 0.35, 0.75, 1.5, 4.2] {
            for (dx, dy) in [(0.0, 0.0), (0.5, 0.5), (0.13, -0.41)] {
                let pixels = (-6..=6).flat_map(|x| (-6..=6).map(move |y| (f64::from(x), f64::from(y))));
                let sum: f64 = pixels.map(|(x, y)| disc(x - dx, y - dy, radius)).sum();
                let area = std::f64::consts::PI * radius * radius;
                assert!((sum / area - 1.0).abs() < 0.02, "radius {radius}: {sum} for {area}");
            }
        }
    }

    #[test]
    fn pixels_skipped_by_disc_reach_already_have_the_coverage_of_the_disc() {
        for radius in [0.05, 0.3, 0.5, 0.75, 1.0, 1.75, 3.3, 8.0, 40.0] {
            let reach_table = DiscReach::new(radius);
            let can_raise = |byte: u8, distance_squared: f64| {
                let raised = dispatch!(Level::new(), simd => {
                    reach_table.raised(&[byte], f64x8::splat(simd, distance_squared))
                });
                raised == 1
            };
            for (x, y) in directions() {
                for offset in (-40..=40).map(|k| f64::from(k) * 0.02) {
                    let distance = radius + offset;
                    let byte = quantize(disc(x * distance, y * distance, radius));
                    let skipped = (0..=LEVELS as i32)
                        .map(level_byte)
                        .filter(|level| !can_raise(*level, distance * distance));
                    assert!(skipped.into_iter().all(|level| level >= byte), "radius {radius}, {offset}");
                    assert!(!can_raise(255, distance * distance));
                }
            }
        }
    }

    #[test]
    fn a_disc_never_exceeds_the_strip_around_it() {
        for (x, y) in directions() {
            let edge = Edge::new(x, y);
            for radius in [0.2, 0.35, 0.75, 1.5] {
                for (px, py) in [(0.0, 0.0), (0.4, 0.1), (-0.7, 0.9), (1.3, -0.2)] {
                    let excess = disc(px, py, radius) - edge.strip(px * x + py * y, radius);
                    assert!(excess < 0.008, "excess {excess} at ({px}, {py}), radius {radius}");
                }
            }
        }
    }
}
