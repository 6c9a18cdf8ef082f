//! Pictures in memory: straight (not premultiplied) sRGB with alpha, eight bits a channel.

use std::hash::{Hash, Hasher};

use crate::geometry::PixelRect;

/// A colour, straight alpha: what CSS writes as `rgb(r g b / a)`.
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

    /// An opaque colour.
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
/// A clear pixel is always [`Rgba::CLEAR`], so that equal pictures are equal bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    width: u32,
    height: u32,
    pixels: Vec<Rgba>,
}

impl Raster {
    /// A picture of one colour.
    #[must_use]
    pub fn filled(width: u32, height: u32, colour: Rgba) -> Self {
        Self { width, height, pixels: vec![colour; width as usize * height as usize] }
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
        PixelRect::of_size(self.width, self.height)
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
        let start = y as usize * self.width as usize;
        &self.pixels[start + left as usize..start + right as usize]
    }

    /// Columns `left..right` of row `y`, to write.
    ///
    /// # Panics
    /// If the range leaves the picture.
    pub fn row_mut(&mut self, y: i32, left: i32, right: i32) -> &mut [Rgba] {
        let start = y as usize * self.width as usize;
        &mut self.pixels[start + left as usize..start + right as usize]
    }
}
