//! Raster pictures in memory: sRGB with straight (not premultiplied) alpha, eight bits per channel.

use std::hash::{Hash, Hasher};

use crate::geometry::PixelRect;

/// A color with straight alpha, as in CSS `rgb(r g b / a)`.
#[derive(Clone, Copy, Debug, Eq, PartialOrd, Ord)]
pub struct Rgba {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// Opacity, from 0 (clear) to 255 (opaque).
    pub a: u8,
}

/// Compares all four channels at once. The compiler does not merge the comparisons of the derived impl.
impl PartialEq for Rgba {
    fn eq(&self, other: &Self) -> bool {
        self.bits() == other.bits()
    }
}

impl Hash for Rgba {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bits().hash(state);
    }
}

impl Rgba {
    /// Opaque black.
    pub const BLACK: Self = Self::opaque(0, 0, 0);
    /// Opaque white.
    pub const WHITE: Self = Self::opaque(255, 255, 255);
    /// Fully transparent.
    pub const CLEAR: Self = Self { r: 0, g: 0, b: 0, a: 0 };

    /// An opaque color.
    #[must_use]
    pub const fn opaque(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b, a: 255 }
    }

    /// The four channels packed into an integer, red in the lowest byte.
    #[must_use]
    pub const fn bits(self) -> u32 {
        u32::from_le_bytes([self.r, self.g, self.b, self.a])
    }

    /// The color of four packed channels.
    pub(crate) const fn from_bits(bits: u32) -> Self {
        let [r, g, b, a] = bits.to_le_bytes();
        Self { r, g, b, a }
    }
}

/// A picture of `width` × `height` pixels, row by row from the top left.
///
/// A fully transparent pixel is always [`Rgba::CLEAR`], so that equal pictures have equal bytes. Inside the
/// crate a raster can also hold a region of a larger picture; columns and rows then count from the top left
/// of the larger picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    /// Column and row of the first pixel in the larger picture; (0, 0) for a whole picture.
    origin: (i32, i32),
    width: u32,
    height: u32,
    pixels: Vec<Rgba>,
}

impl Raster {
    /// A picture of one color.
    #[must_use]
    pub fn filled(width: u32, height: u32, color: Rgba) -> Self {
        Self::region(PixelRect::from_size(width, height), color)
    }

    /// A region of a larger picture, filled with one color.
    pub(crate) fn region(bounds: PixelRect, color: Rgba) -> Self {
        let (width, height) = (bounds.width(), bounds.height());
        let pixels = vec![color; width as usize * height as usize];
        Self { origin: (bounds.left, bounds.top), width, height, pixels }
    }

    /// Enlarges the region to `bounds`, which contain the present region. New pixels get one color.
    pub(crate) fn grow(&mut self, bounds: PixelRect, color: Rgba) {
        let old = std::mem::replace(self, Self::region(bounds, color));
        let PixelRect { left, top, right, bottom } = old.bounds();
        for y in top..bottom {
            self.row_mut(y, left, right).copy_from_slice(old.row(y, left, right));
        }
    }

    /// The number of columns.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The number of rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The rectangle that the pixels cover.
    #[must_use]
    pub fn bounds(&self) -> PixelRect {
        let ((left, top), size) = (self.origin, PixelRect::from_size(self.width, self.height));
        PixelRect { left, top, right: left + size.right, bottom: top + size.bottom }
    }

    /// All pixels, row by row.
    #[must_use]
    pub fn pixels(&self) -> &[Rgba] {
        &self.pixels
    }

    /// The pixels of columns `left..right` of row `y`.
    ///
    /// # Panics
    /// Panics if the range leaves the picture.
    #[must_use]
    pub fn row(&self, y: i32, left: i32, right: i32) -> &[Rgba] {
        &self.pixels[self.index(y, left)..self.index(y, right)]
    }

    /// The pixels of columns `left..right` of row `y`, mutable.
    ///
    /// # Panics
    /// Panics if the range leaves the picture.
    pub fn row_mut(&mut self, y: i32, left: i32, right: i32) -> &mut [Rgba] {
        let (start, end) = (self.index(y, left), self.index(y, right));
        &mut self.pixels[start..end]
    }

    /// The index in `pixels` of column `x` of row `y`.
    fn index(&self, y: i32, x: i32) -> usize {
        let (left, top) = self.origin;
        (y - top) as usize * self.width as usize + (x - left) as usize
    }
}

/// Porter–Duff "over" for one pixel: `color`, with its alpha times `coverage`/255, over `under`.
#[must_use]
pub fn over(under: Rgba, color: Rgba, coverage: u8) -> Rgba {
    let alpha = effective_alpha(color, coverage);
    match (alpha, under.a) {
        (0, _) => under,
        (255, _) => Rgba { a: 255, ..color },
        (_, 255) => Rgba::from_bits(over_opaque(under.bits(), color, alpha)),
        _ => over_translucent(under, color, alpha),
    }
}

/// ⌊x / 255⌋ of both halves of `x`, each below 2¹⁶ − 1, as ⌊(x + 1 + ⌊x / 256⌋) / 256⌋.
#[inline]
fn divide_by_255(x: u32) -> u32 {
    (x + 0x0001_0001 + ((x >> 8) & EVEN)) >> 8 & EVEN
}

/// The alpha of a color times `coverage`/255, rounded to nearest.
#[inline]
pub(crate) fn effective_alpha(color: Rgba, coverage: u8) -> u32 {
    divide_by_255(u32::from(coverage) * u32::from(color.a) + 127)
}

/// Every second channel of packed ones.
const EVEN: u32 = 0x00FF_00FF;

/// "Over" for an opaque backdrop, whose four channels are packed. Two channels are computed at once, each in 16 bits, and without a
/// branch, so that the compiler evaluates several pixels at once.
#[inline]
pub(crate) fn over_opaque(under: u32, color: Rgba, alpha: u32) -> u32 {
    let mix = |source: u32, under: u32| {
        divide_by_255((source & EVEN) * alpha + (under & EVEN) * (255 - alpha) + 0x007F_007F)
    };
    let source = Rgba { a: 255, ..color }.bits();
    mix(source, under) | mix(source >> 8, under >> 8) << 8
}

/// "Over" for a translucent backdrop. `alpha` is not 0, so the alpha of the result is not 0 either.
fn over_translucent(under: Rgba, color: Rgba, alpha: u32) -> Rgba {
    let (source_weight, under_weight) = (255 * alpha, u32::from(under.a) * (255 - alpha));
    let total = source_weight + under_weight;
    let mix = |source: u8, under: u8| {
        ((u32::from(source) * source_weight + u32::from(under) * under_weight + total / 2) / total) as u8
    };
    Rgba {
        r: mix(color.r, under.r),
        g: mix(color.g, under.g),
        b: mix(color.b, under.b),
        a: ((total + 127) / 255) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_channels_are_mixed_as_each_alone() {
        for (coverage, under) in (0..=255).flat_map(|coverage| (0..=255).map(move |under| (coverage, under)))
        {
            for (source, a) in [(0, 255), (77, 255), (255, 255), (200, 1), (128, 100), (3, 254)] {
                let alpha = (u32::from(coverage) * u32::from(a) + 127) / 255;
                let mix = |source: u8, under: u8| {
                    ((u32::from(source) * alpha + u32::from(under) * (255 - alpha) + 127) / 255) as u8
                };
                let mixed =
                    Rgba::opaque(mix(source, under), mix(255 - source, under), mix(source, 255 - under));
                let color = Rgba { r: source, g: 255 - source, b: source, a };
                let under = Rgba::opaque(under, under, 255 - under);
                assert_eq!(
                    Rgba::from_bits(over_opaque(under.bits(), color, effective_alpha(color, coverage))),
                    mixed
                );
                assert_eq!(over(under, color, coverage), mixed);
            }
        }
    }
}
