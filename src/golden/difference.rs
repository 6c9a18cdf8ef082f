//! A picture of how two pictures differ, to look at.

use super::antialias;
use crate::raster::{Raster, Rgba};
use crate::tolerance::Tolerance;

/// What differs and may.
const TOLERATED: Rgba = Rgba::opaque(0xf5, 0xb8, 0x00);
/// What differs and may not.
const BEYOND: Rgba = Rgba::opaque(0xe0, 0x00, 0x20);
/// What black becomes: it says where things are, and is not to be taken for a difference.
const DARKEST: u64 = 0xb0;

/// The expected picture in pale grey on white, tolerated differences in yellow, those beyond tolerance in red; none for
/// pictures of two sizes, which are not compared.
#[must_use]
pub fn difference(expected: &Raster, actual: &Raster, tolerance: &Tolerance) -> Option<Raster> {
    let bounds = expected.bounds();
    if bounds != actual.bounds() {
        return None;
    }
    let mut shown = expected.clone();
    for y in 0..bounds.bottom {
        for (x, pixel) in shown.row_mut(y, 0, bounds.right).iter_mut().enumerate() {
            *pixel = match tolerance.judge([expected, actual], (x as i32, y)) {
                Some(off) if off.beyond => BEYOND,
                Some(_) => TOLERATED,
                None => paled(*pixel),
            };
        }
    }
    Some(shown)
}

/// A color as a pale grey.
fn paled(pixel: Rgba) -> Rgba {
    let grey = (DARKEST + antialias::lightness(pixel, u8::MAX) * (255 - DARKEST) / antialias::LIGHTEST) as u8;
    Rgba::opaque(grey, grey, grey)
}
