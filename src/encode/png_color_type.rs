//! PNG color types: the fewest bits per pixel that hold all colors.
//!
//! Up to 256 colors become a palette, with indices of 1, 2, 4 or 8 bits. A picture with more colors is true color, with
//! alpha if some pixel is translucent. Without alpha, gaps in the frames of a film are marked by a color that does not
//! occur.

use png::{BitDepth, ColorType, Encoder};

use super::EncodeError;
use super::color_patch::ColorPatch;
use crate::raster::Rgba;

/// Maximum number of palette entries.
const MAX_COLORS: usize = 256;

/// A color type with its palette or transparent color.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PngColorType {
    /// Indices into a palette, which is sorted by alpha.
    Palette(Vec<Rgba>),
    /// Red, green and blue. If there is a color here, it marks gaps.
    Opaque(Option<[u8; 3]>),
    /// Red, green, blue and alpha.
    Alpha,
}

/// Error of a color that is not in the statistics of the film.
const UNCOUNTED_COLOR: EncodeError = EncodeError::Film("a frame has a color that was not counted");

impl PngColorType {
    /// Smallest color type for `colors`, which must contain all colors of the film; `gaps` is whether pixels are left
    /// unchanged. Only gaps use the transparent color of [`Opaque`](Self::Opaque): clear pixels of the film would get
    /// its red, green and blue, so a film that contains any has a palette or alpha.
    pub(super) fn for_colors(mut colors: Vec<Rgba>, gaps: bool) -> Self {
        let opaque = colors.iter().all(|color| color.a == u8::MAX);
        colors.extend(gaps.then_some(Rgba::CLEAR));
        colors.sort_unstable_by_key(|&color| palette_order(color));
        colors.dedup();
        match (colors.len(), opaque) {
            (..=MAX_COLORS, _) => Self::Palette(colors),
            (_, true) => Self::Opaque(gaps.then(|| unused_color(&colors[1..]))),
            (_, false) => Self::Alpha,
        }
    }

    /// Configures the header of a PNG.
    pub(super) fn configure<W: std::io::Write>(&self, out: &mut Encoder<'_, W>) {
        match self {
            Self::Palette(colors) => {
                out.set_color(ColorType::Indexed);
                out.set_depth(depth_for(colors.len()));
                out.set_palette(colors.iter().copied().flat_map(rgb).collect::<Vec<u8>>());
                // Alphas of trailing opaque colors can be omitted.
                let alphas = colors.iter().map(|color| color.a).filter(|&alpha| alpha < u8::MAX);
                let alphas: Vec<u8> = alphas.collect();
                if !alphas.is_empty() {
                    out.set_trns(alphas);
                }
            }
            Self::Opaque(clear) => {
                out.set_color(ColorType::Rgb);
                if let Some([r, g, b]) = *clear {
                    out.set_trns(vec![0, r, 0, g, 0, b]);
                }
            }
            Self::Alpha => out.set_color(ColorType::Rgba),
        }
    }

    /// Packs the pixels of a patch into bytes, row by row.
    pub(super) fn pack_rows(&self, patch: &ColorPatch) -> Result<Vec<u8>, EncodeError> {
        match self {
            Self::Palette(colors) => {
                let index =
                    |color| colors.binary_search_by_key(&palette_order(color), |&own| palette_order(own));
                // If a patch has gaps, the first palette entry is the clear color.
                let pixels = patch
                    .map_pixels(0, |color| index(color).map(|index| index as u8).or(Err(UNCOUNTED_COLOR)))?;
                let bits = depth_for(colors.len()) as usize;
                Ok(if bits == 8 { pixels } else { pack_bits(&pixels, patch.rect.width() as usize, bits) })
            }
            Self::Opaque(clear) => {
                let is_known = |color: &Rgba| color.a == u8::MAX && Some(rgb(*color)) != *clear;
                let convert = |color| Some(color).filter(is_known).map(rgb).ok_or(UNCOUNTED_COLOR);
                Ok(patch.map_pixels(clear.unwrap_or_default(), convert)?.into_flattened())
            }
            Self::Alpha => {
                let convert = |Rgba { r, g, b, a }| Ok([r, g, b, a]);
                Ok(patch.map_pixels([0; 4], convert)?.into_flattened())
            }
        }
    }

    /// Number of bytes of a row of `width` pixels.
    pub(super) fn row_bytes(&self, width: u32) -> usize {
        let bits = match self {
            Self::Palette(colors) => depth_for(colors.len()) as usize,
            Self::Opaque(_) => 24,
            Self::Alpha => 32,
        };
        (width as usize * bits).div_ceil(8)
    }
}

/// Sort key of palette entries.
fn palette_order(color: Rgba) -> (u8, Rgba) {
    (color.a, color)
}

fn rgb(Rgba { r, g, b, .. }: Rgba) -> [u8; 3] {
    [r, g, b]
}

/// A color that is not in `colors`, which must be opaque and sorted. Its three bytes differ: runs of equal bytes would
/// be matched at any offset, which breaks the alignment of matches with pixels and makes films a tenth larger.
fn unused_color(colors: &[Rgba]) -> [u8; 3] {
    let is_unused = |&[r, g, b]: &[u8; 3]| colors.binary_search(&Rgba::opaque(r, g, b)).is_err();
    let differ = |&[r, g, b]: &[u8; 3]| r != g && g != b && r != b;
    let all = (0..1 << 24).map(|number: u32| {
        let [_, r, g, b] = number.to_be_bytes();
        [r, g, b]
    });
    // Exact statistics have far fewer colors.
    all.filter(differ).find(is_unused).unwrap_or_default()
}

fn depth_for(colors: usize) -> BitDepth {
    match colors {
        0..=2 => BitDepth::One,
        3..=4 => BitDepth::Two,
        5..=16 => BitDepth::Four,
        17.. => BitDepth::Eight,
    }
}

/// Packs indices of `bits` bits into bytes, the first in the highest bits; each row is padded to whole bytes.
fn pack_bits(indices: &[u8], width: usize, bits: usize) -> Vec<u8> {
    let byte = |indices: &[u8]| {
        let byte = indices.iter().fold(0_u16, |byte, &index| byte << bits | u16::from(index));
        (byte << (8 - bits * indices.len())) as u8
    };
    indices.chunks_exact(width).flat_map(|row| row.chunks(8 / bits)).map(byte).collect()
}
