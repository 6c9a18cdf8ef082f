//! Pictures in memory: straight (not premultiplied) sRGB with alpha, eight bits a channel.

use std::hash::{Hash, Hasher};

use crate::geometry::PixelRect;

/// A color, straight alpha: what CSS writes as `rgb(r g b / a)`.
#[derive(Clone, Copy, Debug, Eq, PartialOrd, Ord)]
pub struct Rgba {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// 0 clear, 255 opaque.
    pub a: u8,
}

/// All four channels in one comparison, which the compiler does not make of the derived one.
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
    /// Clear.
    pub const CLEAR: Self = Self { r: 0, g: 0, b: 0, a: 0 };

    /// An opaque color.
    #[must_use]
    pub const fn opaque(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b, a: 255 }
    }

    /// The channels side by side, red lowest.
    #[must_use]
    pub const fn bits(self) -> u32 {
        u32::from_le_bytes([self.r, self.g, self.b, self.a])
    }
}

/// A picture: `width` × `height` pixels, row by row from the top left.
///
/// A clear pixel is always [`Rgba::CLEAR`], so that equal pictures are equal bytes. Inside the crate one may also be a
/// part of a larger picture, whose columns and rows are then counted from that one's top left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    /// The column and row of its first pixel.
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

    /// A part of a picture, of one color.
    pub(crate) fn region(place: PixelRect, color: Rgba) -> Self {
        let (width, height) = (place.width(), place.height());
        let pixels = vec![color; width as usize * height as usize];
        Self { origin: (place.left, place.top), width, height, pixels }
    }

    /// Becomes a larger part, its new pixels of one color. All of the old part lies in the new one.
    pub(crate) fn grow(&mut self, place: PixelRect, color: Rgba) {
        let old = std::mem::replace(self, Self::region(place, color));
        let PixelRect { left, top, right, bottom } = old.bounds();
        for y in top..bottom {
            self.row_mut(y, left, right).copy_from_slice(old.row(y, left, right));
        }
    }

    /// Columns.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The whole picture's rectangle.
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

    /// Columns `left..right` of row `y`.
    ///
    /// # Panics
    /// If the range leaves the picture.
    #[must_use]
    pub fn row(&self, y: i32, left: i32, right: i32) -> &[Rgba] {
        &self.pixels[self.index(y, left)..self.index(y, right)]
    }

    /// Columns `left..right` of row `y`, to write.
    ///
    /// # Panics
    /// If the range leaves the picture.
    pub fn row_mut(&mut self, y: i32, left: i32, right: i32) -> &mut [Rgba] {
        let (start, end) = (self.index(y, left), self.index(y, right));
        &mut self.pixels[start..end]
    }

    /// How many pixels come before this column of this row.
    fn index(&self, y: i32, x: i32) -> usize {
        let (left, top) = self.origin;
        (y - top) as usize * self.width as usize + (x - left) as usize
    }
}

/// One pixel: `color` at `coverage`/255 over `under`.
#[must_use]
pub fn over(under: Rgba, color: Rgba, coverage: u8) -> Rgba {
    let alpha = (u32::from(coverage) * u32::from(color.a) + 127) / 255;
    match (alpha, under.a) {
        (0, _) => under,
        (255, _) => Rgba { a: 255, ..color },
        (_, 255) => {
            let mix = |source: u8, under: u8| {
                ((u32::from(source) * alpha + u32::from(under) * (255 - alpha) + 127) / 255) as u8
            };
            Rgba::opaque(mix(color.r, under.r), mix(color.g, under.g), mix(color.b, under.b))
        }
        _ => over_translucent(under, color, alpha),
    }
}

/// The general case; `alpha` is not 0, so neither is the result's.
fn over_translucent(under: Rgba, color: Rgba, alpha: u32) -> Rgba {
    let (top, below) = (255 * alpha, u32::from(under.a) * (255 - alpha));
    let whole = top + below;
    let mix = |source: u8, under: u8| {
        ((u32::from(source) * top + u32::from(under) * below + whole / 2) / whole) as u8
    };
    Rgba {
        r: mix(color.r, under.r),
        g: mix(color.g, under.g),
        b: mix(color.b, under.b),
        a: ((whole + 127) / 255) as u8,
    }
}
