//! An image that shows where two pictures differ.

use super::antialias;
use crate::raster::{Raster, Rgba};
use crate::tolerance::Tolerance;

/// The color of differences within the tolerance: yellow.
const TOLERATED_COLOR: Rgba = Rgba::opaque(0xf5, 0xb8, 0x00);
/// The color of differences beyond the tolerance: red.
const BEYOND_COLOR: Rgba = Rgba::opaque(0xe0, 0x00, 0x20);
/// The gray that replaces black. It is pale enough not to be mistaken for a difference.
const DARKEST_GRAY: u64 = 0xb0;

/// Draws the expected picture in pale gray on white, with differences within the tolerance in yellow and
/// those beyond it in red. Returns `None` if the sizes of the pictures differ.
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

/// Converts a color to a pale gray, on a white background.
fn to_pale_gray(pixel: Rgba) -> Rgba {
    let gray = (DARKEST_GRAY
        + antialias::lightness(pixel, u8::MAX) * (255 - DARKEST_GRAY) / antialias::MAX_LIGHTNESS)
        as u8;
    Rgba::opaque(gray, gray, gray)
}
