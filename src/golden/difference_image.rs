//! A picture of how two pictures differ, to look at.

use super::antialias;
use crate::raster::{Raster, Rgba};
use crate::tolerance::Tolerance;

/// What differs and may.
const TOLERATED_COLOR: Rgba = Rgba::opaque(0xf5, 0xb8, 0x00);
/// What differs and may not.
const BEYOND_COLOR: Rgba = Rgba::opaque(0xe0, 0x00, 0x20);
/// What black becomes: it says where things are, and is not to be taken for a difference.
const DARKEST_GRAY: u64 = 0xb0;

/// The expected picture in pale gray on white, tolerated differences in yellow, those beyond tolerance in red; none for
/// pictures of two sizes, which are not compared.
#[must_use]
pub fn difference_image(expected: &Raster, actual: &Raster, tolerance: &Tolerance) -> Option<Raster> {
    let bounds = expected.bounds();
    if bounds != actual.bounds() {
        return None;
    }
    let mut image = expected.clone();
    for y in 0..bounds.bottom {
        for (x, pixel) in image.row_mut(y, 0, bounds.right).iter_mut().enumerate() {
            *pixel = match tolerance.compare_pixels([expected, actual], (x as i32, y)) {
                Some(difference) if difference.is_beyond_tolerance => BEYOND_COLOR,
                Some(_) => TOLERATED_COLOR,
                None => to_pale_gray(*pixel),
            };
        }
    }
    Some(image)
}

/// A color as a pale gray.
fn to_pale_gray(pixel: Rgba) -> Rgba {
    let gray = (DARKEST_GRAY
        + antialias::lightness(pixel, u8::MAX) * (255 - DARKEST_GRAY) / antialias::MAX_LIGHTNESS)
        as u8;
    Rgba::opaque(gray, gray, gray)
}
