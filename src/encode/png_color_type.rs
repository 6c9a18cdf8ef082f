//! How a PNG says colors: in as few bits a pixel as tell those apart that occur.
//!
//! Up to 256 colors become a palette with as few bits a pixel as hold its indices. Beyond that a picture is true color: without
//! alpha where all pixels are opaque, with it elsewhere. Gaps of a film's frames are then said by a color that does not occur.

use png::{BitDepth, ColorType, Encoder};

use super::EncodeError;
use super::color_patch::Patch;
use crate::raster::Rgba;

/// Entries of a PNG palette at most.
const MOST_COLORS: usize = 256;

/// One way to say colors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PngColorType {
    /// Indices of these colors, which stand in ascending order of alpha.
    Palette(Vec<Rgba>),
    /// Red, green and blue; gaps as this color.
    Opaque(Option<[u8; 3]>),
    /// Red, green, blue and alpha.
    Alpha,
}

const UNKNOWN: EncodeError = EncodeError::Film("a frame has a color that was not counted");

impl PngColorType {
    /// The way that suits these colors, which must be all that occur, and gaps in which pixels stay as they were. Only gaps
    /// are said by a color that is clear: pixels that are clear themselves would get its red, green and blue.
    pub(super) fn of(mut colors: Vec<Rgba>, gaps: bool) -> Self {
        let opaque = colors.iter().all(|color| color.a == u8::MAX);
        colors.extend(gaps.then_some(Rgba::CLEAR));
        colors.sort_unstable_by_key(|&color| by_alpha(color));
        colors.dedup();
        match (colors.len(), opaque) {
            (..=MOST_COLORS, _) => Self::Palette(colors),
            (_, true) => Self::Opaque(gaps.then(|| unused(&colors[1..]))),
            (_, false) => Self::Alpha,
        }
    }

    /// Tells a PNG's header.
    pub(super) fn tell<W: std::io::Write>(&self, out: &mut Encoder<'_, W>) {
        match self {
            Self::Palette(colors) => {
                out.set_color(ColorType::Indexed);
                out.set_depth(depth_for(colors.len()));
                out.set_palette(colors.iter().copied().flat_map(rgb).collect::<Vec<u8>>());
                // The alphas of trailing opaque colors can be left out.
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

    /// The bytes of a patch, row by row.
    pub(super) fn rows(&self, patch: &Patch) -> Result<Vec<u8>, EncodeError> {
        match self {
            Self::Palette(colors) => {
                let index = |color| colors.binary_search_by_key(&by_alpha(color), |&own| by_alpha(own));
                // The first is the clear one wherever a patch has pixels that are left as they were.
                let cells = patch.cells(0, |color| index(color).map(|index| index as u8).or(Err(UNKNOWN)))?;
                let bits = depth_for(colors.len()) as usize;
                Ok(if bits == 8 { cells } else { packed(&cells, patch.rect.width() as usize, bits) })
            }
            Self::Opaque(clear) => {
                let is_known = |color: &Rgba| color.a == u8::MAX && Some(rgb(*color)) != *clear;
                let say = |color| Some(color).filter(is_known).map(rgb).ok_or(UNKNOWN);
                Ok(patch.cells(clear.unwrap_or_default(), say)?.into_flattened())
            }
            Self::Alpha => {
                let say = |Rgba { r, g, b, a }| Ok([r, g, b, a]);
                Ok(patch.cells([0; 4], say)?.into_flattened())
            }
        }
    }

    /// How many bytes a row of so many pixels takes.
    pub(super) fn row_bytes(&self, width: u32) -> usize {
        let bits = match self {
            Self::Palette(colors) => depth_for(colors.len()) as usize,
            Self::Opaque(_) => 24,
            Self::Alpha => 32,
        };
        (width as usize * bits).div_ceil(8)
    }
}

/// The order of a palette.
fn by_alpha(color: Rgba) -> (u8, Rgba) {
    (color.a, color)
}

fn rgb(Rgba { r, g, b, .. }: Rgba) -> [u8; 3] {
    [r, g, b]
}

/// A color that is none of these, which are opaque and ascend. Its three bytes differ: runs of equal bytes are copied from
/// anywhere, and deflate then loses the beat of the pixels, which makes films a tenth larger.
fn unused(colors: &[Rgba]) -> [u8; 3] {
    let is_unused = |&[r, g, b]: &[u8; 3]| colors.binary_search(&Rgba::opaque(r, g, b)).is_err();
    let differ = |&[r, g, b]: &[u8; 3]| r != g && g != b && r != b;
    let all = (0..1 << 24).map(|number: u32| {
        let [_, r, g, b] = number.to_be_bytes();
        [r, g, b]
    });
    // A census that tells colors apart knows far fewer.
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

/// Indices of so many bits packed from the highest on, each row filled up to whole bytes.
fn packed(indices: &[u8], width: usize, bits: usize) -> Vec<u8> {
    let byte = |indices: &[u8]| {
        let byte = indices.iter().fold(0_u16, |byte, &index| byte << bits | u16::from(index));
        (byte << (8 - bits * indices.len())) as u8
    };
    indices.chunks_exact(width).flat_map(|row| row.chunks(8 / bits)).map(byte).collect()
}
