//! How much of one pixel a shape covers, from 0 to 1: the closed forms under strokes.
//!
//! A pixel is the unit square around its center. Seen along a direction, the square is a trapezoid:
//! its profile rises over `min(|cos|, |sin|)`, is flat, and falls again. The share below a straight
//! edge is the integral of that profile, so shares of adjacent strips add up to exactly one, at any
//! angle; this is what keeps shallow lines from wobbling.

use crate::draw::coverage::{fast_max, fast_min};

/// A family of parallel straight edges.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    /// The profile's height is `1 / wide`; between 1/√2 and 1.
    wide: f64,
    /// Half the flat part of the profile.
    flat: f64,
    /// Half the whole profile: how far from its center a pixel reaches.
    reach: f64,
    /// One over twice the product of the normal's components; unused where `flat` equals `reach`.
    bend: f64,
}

impl Edge {
    /// Edges whose unit normal (or, equally, tangent) is (x, y).
    pub(crate) fn new(x: f64, y: f64) -> Self {
        let (wide, narrow) = (fast_max(x.abs(), y.abs()), fast_min(x.abs(), y.abs()));
        Self {
            wide,
            flat: (wide - narrow) / 2.0,
            reach: f64::midpoint(wide, narrow),
            bend: 0.5 / (wide * narrow),
        }
    }

    /// How far from its center a pixel reaches across the edge, between 1/2 and 1/√2.
    pub(crate) fn reach(&self) -> f64 {
        self.reach
    }

    /// The share of a pixel that lies on the near side of an edge `offset` past the pixel's center.
    pub(crate) fn half_plane(&self, offset: f64) -> f64 {
        let distance = offset.abs();
        let upper = if distance >= self.reach {
            1.0
        } else if distance <= self.flat {
            0.5 + distance / self.wide
        } else {
            let rest = self.reach - distance;
            1.0 - rest * rest * self.bend
        };
        if offset < 0.0 { 1.0 - upper } else { upper }
    }

    /// The share of a strip of half width `radius` whose middle passes the pixel's center at `distance`.
    pub(crate) fn strip(&self, distance: f64, radius: f64) -> f64 {
        let (near, far) = (radius - distance, -radius - distance);
        // Strips wider than a pixel have their other edge outside.
        if far <= -self.reach { self.half_plane(near) } else { self.half_plane(near) - self.half_plane(far) }
    }
}

/// The share of a disc of this radius in the pixel whose center lies at (x, y) from the disc's.
///
/// Chords are summed rather than arcs integrated: along the axis on which they vary least, eight of
/// them are right to a thousandth and cost no arcsine.
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
    // All of them before the sum, so that the compiler takes several square roots at once.
    let chords: [f64; CHORDS] = std::array::from_fn(chord);
    step * chords.iter().sum::<f64>()
}

/// How near a pixel must be to the middle of a disc for the disc to raise it, by the level that it has.
///
/// A disc covers no more of a pixel than all that lies on the near side of its edge does. Along a curve most pixels
/// around a vertex have been covered by the segments beside it, and need not be looked at.
#[derive(Clone, Debug)]
pub(crate) struct DiscReach([f64; LEVELS + 1]);

impl DiscReach {
    /// That of discs of this radius.
    pub(crate) fn new(radius: f64) -> Self {
        /// Edges in between cover up to 0.0074 more than upright and diagonal ones, and chords add 0.002.
        const MARGIN: f64 = 0.0125;
        let squared = |level: usize| {
            let share = (level as f64 + 0.5) / LEVELS as f64 - MARGIN;
            if level == LEVELS {
                return 0.0;
            }
            if share <= 0.0 {
                return (radius + HALF_DIAGONAL) * (radius + HALF_DIAGONAL);
            }
            // How far an edge lies offset the middle of a pixel of which it leaves that share: upright, diagonal.
            let upright = share - 0.5;
            let diagonal =
                if share < 0.5 { share.sqrt() - HALF_DIAGONAL } else { HALF_DIAGONAL - (1.0 - share).sqrt() };
            let distance = (radius - upright.min(diagonal)).max(0.0);
            distance * distance
        };
        Self(std::array::from_fn(squared))
    }

    /// Whether a disc whose middle is this far away (squared) may raise a pixel of this level, as eight bits.
    pub(crate) fn can_raise(&self, byte: u8, distance_squared: f64) -> bool {
        // The bytes of levels lie four apart, but for one of them three.
        distance_squared < self.0[(usize::from(byte) + 2) / 4]
    }
}

/// Half of a pixel's diagonal.
pub(crate) const HALF_DIAGONAL: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// How many steps there are from nothing to full coverage. A pixel is off by at most 1/128, less than the
/// rounding of its color on most screens shows; a film of a few inks then has few colors, which compress
/// better and fit a GIF's table.
const LEVELS: usize = 64;

/// The levels as eight bits; numbers above are full coverage, too.
const LEVEL_BYTES: [u8; 1 << 8] = {
    let mut bytes = [u8::MAX; 1 << 8];
    let mut level = 0;
    while level <= LEVELS {
        bytes[level] = ((2 * 255 * level + LEVELS) / (2 * LEVELS)) as u8;
        level += 1;
    }
    bytes
};

/// A share as eight bits: the nearest of the levels.
pub(crate) fn quantize(share: f64) -> u8 {
    // The conversion cuts off decimals, and takes what is below 0 to 0. To a number of few bits it is the quickest.
    let level = (share * LEVELS as f64 + 0.5) as u8;
    LEVEL_BYTES[usize::from(level)]
}

#[cfg(test)]
mod tests {
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
    fn a_strip_is_what_lies_between_its_edges() {
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
    fn an_edge_through_the_center_halves_the_pixel() {
        for (x, y) in directions() {
            assert!((Edge::new(x, y).half_plane(0.0) - 0.5).abs() < 1e-15);
        }
    }

    /// Counted on a fine grid.
    #[test]
    fn a_diagonal_edge_cuts_off_a_triangle() {
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
    fn the_shares_of_a_disc_add_up_to_its_area() {
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
    fn what_is_out_of_a_discs_grasp_has_more_than_the_disc_gives() {
        for radius in [0.05, 0.3, 0.5, 0.75, 1.0, 1.75, 3.3, 8.0, 40.0] {
            let reach_table = DiscReach::new(radius);
            for (x, y) in directions() {
                for offset in (-40..=40).map(|k| f64::from(k) * 0.02) {
                    let distance = radius + offset;
                    let byte = quantize(disc(x * distance, y * distance, radius));
                    let passed_over = LEVEL_BYTES[..=LEVELS]
                        .iter()
                        .filter(|level| !reach_table.can_raise(**level, distance * distance));
                    assert!(passed_over.into_iter().all(|level| *level >= byte), "radius {radius}, {offset}");
                    assert!(!reach_table.can_raise(255, distance * distance));
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
