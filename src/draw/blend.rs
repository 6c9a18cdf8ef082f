//! Painting a color through a coverage mask, or an image: source-over compositing on straight alpha, in integer
//! arithmetic.
//!
//! With the source's effective alpha `a = ⌊(coverage·alpha + 127) / 255⌋`, over an opaque pixel each
//! channel becomes `⌊(source·a + under·(255 − a) + 127) / 255⌋`. Over a pixel with alpha `u`, let
//! `d = 255·a + u·(255 − a)`; the alpha becomes `⌊(d + 127) / 255⌋` and each channel
//! `⌊(255·source·a + under·u·(255 − a) + ⌊d/2⌋) / d⌋`. For `u = 255` the two agree up to rounding, and
//! full coverage by an opaque color gives exactly that color.

#![allow(
    clippy::inline_always,
    reason = "a loop is compiled for an instruction set only where it is inlined"
)]

use fearless_simd::{Level, dispatch};

use crate::draw::coverage::Coverage;
use crate::geometry::PixelRect;
use crate::mark::Image;
use crate::raster::{Raster, Rgba, effective_alpha, over, over_opaque};

/// Paints `color` onto `picture` through `coverage`, inside `within`. Parts outside the picture are clipped.
pub fn paint(picture: &mut Raster, coverage: &Coverage, color: Rgba, within: PixelRect) {
    let area = coverage.bounds().intersect(&within).intersect(&picture.bounds());
    if area.is_empty() || color.a == 0 {
        return;
    }
    dispatch!(Level::new(), _ => paint_rows(picture, coverage, color, area));
}

/// Paints the rows of an area, with the vector instructions of the caller.
#[inline(always)]
fn paint_rows(picture: &mut Raster, coverage: &Coverage, color: Rgba, area: PixelRect) {
    for y in area.top..area.bottom {
        let shares = coverage.row(y, area.left, area.right);
        let pixels = picture.row_mut(y, area.left, area.right);
        let (blocks, rest) = shares.as_chunks::<BLOCK>();
        let (pixels, last) = pixels.as_chunks_mut::<BLOCK>();
        // Most blocks lie entirely outside or entirely inside the mark.
        for (pixels, shares) in pixels.iter_mut().zip(blocks) {
            match u64::from_le_bytes(*shares) {
                0 => {}
                u64::MAX if color.a == u8::MAX => *pixels = [color; BLOCK],
                _ => paint_block(pixels, shares, color),
            }
        }
        paint_pixels(last, rest, color);
    }
}

/// Blends `color` over each pixel of a block by its coverage: all at once if they are opaque.
#[inline(always)]
fn paint_block(pixels: &mut [Rgba; BLOCK], shares: &[u8; BLOCK], color: Rgba) {
    let (mut bits, mut all) = ([0; BLOCK], u32::MAX);
    for (bits, pixel) in bits.iter_mut().zip(pixels.iter()) {
        *bits = pixel.bits();
        all &= *bits;
    }
    if all >> 24 != u32::from(u8::MAX) {
        return paint_pixels(pixels, shares, color);
    }
    for (bits, share) in bits.iter_mut().zip(shares) {
        *bits = over_opaque(*bits, color, effective_alpha(color, *share));
    }
    for (bits, pixel) in bits.into_iter().zip(pixels) {
        *pixel = Rgba::from_bits(bits);
    }
}

/// Paints an image onto `picture`, inside `within`. Parts outside the picture are clipped.
pub fn paint_image(picture: &mut Raster, image: &Image, within: PixelRect) {
    let area = image.pixels().intersect(&within).intersect(&picture.bounds());
    if area.is_empty() {
        return;
    }
    let columns: Vec<usize> = (area.left..area.right).map(|x| image.column(x)).collect();
    for y in area.top..area.bottom {
        let indices = image.cells.row(image.row(y));
        let pixels = picture.row_mut(y, area.left, area.right);
        for (pixel, column) in pixels.iter_mut().zip(&columns) {
            if let Some(color) = image.palette.get(usize::from(indices[*column])) {
                *pixel = over(*pixel, *color, u8::MAX);
            }
        }
    }
}

/// Blends `color` over each pixel by its coverage, 0 to 255.
fn paint_pixels(pixels: &mut [Rgba], shares: &[u8], color: Rgba) {
    for (pixel, &share) in pixels.iter_mut().zip(shares).filter(|(_, share)| **share != 0) {
        *pixel = over(*pixel, color, share);
    }
}

/// How many pixels are tested at once: their coverage fits one 64-bit number.
const BLOCK: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    const TEAL: Rgba = Rgba::opaque(3, 140, 151);

    #[test]
    fn full_coverage_gives_the_color_and_none_leaves_the_pixel() {
        for under in [Rgba::WHITE, Rgba::CLEAR, Rgba { a: 90, ..Rgba::WHITE }] {
            assert_eq!(over(under, TEAL, 255), TEAL);
            assert_eq!(over(under, TEAL, 0), under);
        }
    }

    #[test]
    fn over_a_clear_pixel_a_color_keeps_its_hue_and_takes_the_coverage_as_alpha() {
        for coverage in 1..=255 {
            assert_eq!(over(Rgba::CLEAR, TEAL, coverage), Rgba { a: coverage, ..TEAL });
        }
    }

    #[test]
    fn a_color_over_itself_does_not_change() {
        for coverage in 0..=255 {
            assert_eq!(over(TEAL, TEAL, coverage), TEAL);
        }
    }

    #[test]
    fn the_formulas_for_opaque_and_nearly_opaque_pixels_agree() {
        for coverage in 0..=255 {
            let exact = over(Rgba::WHITE, TEAL, coverage);
            let near = over(Rgba { a: 254, ..Rgba::WHITE }, TEAL, coverage);
            assert!(exact.g.abs_diff(near.g) <= 1, "coverage {coverage}: {exact:?}, {near:?}");
        }
    }
}
