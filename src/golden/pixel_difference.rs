//! What may differ between two pictures that still count as the same.
//!
//! Two pixels differ by as much as their farthest channels do, alpha being one of them. Of nearly clear pixels that
//! says too much, since hardly anything of their colors is visible: they differ by no more than what they become on
//! a page, be it black or white.

use super::antialias;
use crate::raster::{Raster, Rgba};
use crate::tolerance::Tolerance;

/// Two pixels that are not the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PixelDifference {
    /// By how much.
    pub(super) amount: u8,
    /// Whether that is more than may be.
    pub(super) is_beyond_tolerance: bool,
}

impl Tolerance {
    /// How many of so many pixels may differ at all.
    pub(super) fn max_differing_pixels(&self, pixels: usize) -> usize {
        let nearest = (self.share * pixels as f64).round() as usize;
        // A quotient is rounded as the decimal is that was written for it, and a product is not: 0.29 of 100 are 29,
        // though 0.29 * 100 comes out below.
        let is_within = nearest as f64 / pixels as f64 <= self.share;
        if is_within { nearest } else { nearest.saturating_sub(1) }
    }

    /// How two pictures of one size differ at a place, if they do.
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

/// How far apart two pixels are; 0 only where they are the same.
fn distance(a: Rgba, b: Rgba) -> u8 {
    let colors = |pixel: Rgba| [pixel.r, pixel.g, pixel.b].map(i32::from);
    let channels = colors(a).into_iter().zip(colors(b));
    let alpha = (i32::from(a.a) - i32::from(b.a)).abs();
    let channel_distance = channels.clone().map(|(a, b)| (a - b).abs()).fold(alpha, i32::max);
    if a.a == u8::MAX && b.a == u8::MAX {
        return channel_distance as u8;
    }
    // In parts of 255: what is visible on black is color times alpha, and on white the rest of the page besides.
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
    fn opaque_pixels_are_as_far_apart_as_their_farthest_channels() {
        let base = Rgba::opaque(10, 200, 30);
        assert_eq!(distance(base, base), 0);
        assert_eq!(distance(base, Rgba { r: 13, g: 195, ..base }), 5);
        assert_eq!(distance(Rgba::BLACK, Rgba::WHITE), 255);
    }

    #[test]
    fn nearly_clear_pixels_are_no_farther_apart_than_they_look() {
        let faint = |a| Rgba { r: 255, g: 0, b: 90, a };
        assert_eq!(distance(Rgba::CLEAR, faint(1)), 1);
        assert_eq!(distance(faint(4), Rgba { g: 255, ..faint(4) }), 4);
        // What hides on one page is visible on the other.
        assert_eq!(distance(Rgba::CLEAR, Rgba { a: 90, ..Rgba::BLACK }), 90);
        assert_eq!(distance(Rgba::CLEAR, Rgba { a: 90, ..Rgba::WHITE }), 90);
    }

    #[test]
    fn a_distance_is_never_more_than_a_channels_and_never_nothing() {
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
    fn shares_are_met_exactly() {
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
            // Of 99 pixels a hundredth is none.
            assert_eq!(tolerance.max_differing_pixels(99), hundredths * 99 / 100);
        }
    }
}
