//! The difference between two pixels, and whether a [`Tolerance`] accepts it.
//!
//! The difference is the largest one of the four channels, alpha included. For nearly transparent pixels that
//! would be too much, since their colors are hardly visible. Their difference is therefore limited to what is
//! visible on a black or a white background.

use super::antialias;
use crate::raster::{Raster, Rgba};
use crate::tolerance::Tolerance;

/// The difference between two pixels that are not equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PixelDifference {
    /// The amount, from 1 to 255.
    pub(super) amount: u8,
    /// Whether the tolerance does not accept it.
    pub(super) is_beyond_tolerance: bool,
}

impl Tolerance {
    /// How many of `pixels` pixels may differ at all.
    pub(super) fn max_differing_pixels(&self, pixels: usize) -> usize {
        let nearest = (self.share * pixels as f64).round() as usize;
        // Rounding down the product would be wrong: 0.29 * 100 is slightly less than 29 in floating point.
        // The quotient 29 / 100, in contrast, is rounded to the same number as the decimal 0.29.
        let is_within = nearest as f64 / pixels as f64 <= self.share;
        if is_within { nearest } else { nearest.saturating_sub(1) }
    }

    /// Compares the pixels at (column, row) of two pictures of equal size; `None` if they are equal.
    pub(super) fn compare_pixels(
        &self,
        pictures: [&Raster; 2],
        (x, y): (i32, i32),
    ) -> Option<PixelDifference> {
        let [expected, actual] = pictures.map(|picture| picture.row(y, x, x + 1)[0]);
        if expected == actual {
            return None;
        }
        let amount = distance(expected, actual);
        let edge = || amount <= self.antialiased && antialias::is_antialiased(pictures, (x, y));
        Some(PixelDifference { amount, is_beyond_tolerance: amount > self.channel && !edge() })
    }
}

/// The difference between two pixels, from 0 to 255; 0 only if they are equal.
fn distance(a: Rgba, b: Rgba) -> u8 {
    let colors = |pixel: Rgba| [pixel.r, pixel.g, pixel.b].map(i32::from);
    let channels = colors(a).into_iter().zip(colors(b));
    let alpha = (i32::from(a.a) - i32::from(b.a)).abs();
    let channel_distance = channels.clone().map(|(a, b)| (a - b).abs()).fold(alpha, i32::max);
    if a.a == u8::MAX && b.a == u8::MAX {
        return channel_distance as u8;
    }
    // In units of 1/255: on black, a pixel shows color times alpha; on white, the rest of the background is
    // added.
    let visible = channels.map(|(color, other)| {
        let black = color * i32::from(a.a) - other * i32::from(b.a);
        let white = black - 255 * (i32::from(a.a) - i32::from(b.a));
        black.abs().max(white.abs())
    });
    let visible = visible.fold(255 * alpha, i32::max);
    channel_distance.min((visible + 254) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opaque_pixels_differ_by_their_largest_channel_difference() {
        let base = Rgba::opaque(10, 200, 30);
        assert_eq!(distance(base, base), 0);
        assert_eq!(distance(base, Rgba { r: 13, g: 195, ..base }), 5);
        assert_eq!(distance(Rgba::BLACK, Rgba::WHITE), 255);
    }

    #[test]
    fn nearly_clear_pixels_differ_by_no_more_than_is_visible() {
        let faint = |a| Rgba { r: 255, g: 0, b: 90, a };
        assert_eq!(distance(Rgba::CLEAR, faint(1)), 1);
        assert_eq!(distance(faint(4), Rgba { g: 255, ..faint(4) }), 4);
        // A color that is invisible on one background is visible on the other.
        assert_eq!(distance(Rgba::CLEAR, Rgba { a: 90, ..Rgba::BLACK }), 90);
        assert_eq!(distance(Rgba::CLEAR, Rgba { a: 90, ..Rgba::WHITE }), 90);
    }

    #[test]
    fn a_distance_is_at_most_the_largest_channel_difference_and_zero_only_for_equal_pixels() {
        let levels = [0, 1, 2, 60, 128, 254, 255];
        let pixels: Vec<Rgba> = levels
            .iter()
            .flat_map(|&a| levels.map(|r| if a == 0 { Rgba::CLEAR } else { Rgba { r, g: 255 - r, b: 7, a } }))
            .collect();
        for &a in &pixels {
            for &b in &pixels {
                let channels = [(a.r, b.r), (a.g, b.g), (a.b, b.b), (a.a, b.a)];
                let most = channels.iter().map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
                let by = distance(a, b);
                assert!(by <= most && (by == 0) == (a == b), "{a:?} {b:?}: {by}");
                assert!(by >= a.a.abs_diff(b.a) && by == distance(b, a), "{a:?} {b:?}: {by}");
            }
        }
    }

    #[test]
    fn the_number_of_differing_pixels_is_exact() {
        for hundredths in 0..=100_usize {
            let tolerance = Tolerance { share: hundredths as f64 / 100.0, ..Tolerance::NONE };
            for pixels in [100, 700, 1_000_000] {
                assert_eq!(
                    tolerance.max_differing_pixels(pixels),
                    hundredths * pixels / 100,
                    "{hundredths} % of {pixels}"
                );
            }
            let below = Tolerance { share: tolerance.share - 1e-9, ..tolerance };
            assert_eq!(below.max_differing_pixels(100), hundredths.saturating_sub(1));
            // The number is rounded down.
            assert_eq!(tolerance.max_differing_pixels(99), hundredths * 99 / 100);
        }
    }
}
