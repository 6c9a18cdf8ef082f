//! Stills as PNG: lossless, in the smallest of PNG's ways to say the colours that occur.
//!
//! Up to 256 colours become a palette with as few bits a pixel as hold its indices; beyond that the
//! picture is true colour, with alpha only where a pixel needs it.

use std::io::Write;

use png::text_metadata::TEXtChunk;
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter, Writer};

use super::stamp::PNG_KEYWORD;
use super::{EncodeError, Stamp};
use crate::raster::{Raster, Rgba};

/// Entries of a PNG palette at most.
const MOST_COLOURS: usize = 256;

/// PNG's lengths have 31 bits.
const MOST_PIXELS: u32 = i32::MAX as u32;

/// Writes a picture, and at its end what it was made from.
///
/// # Errors
/// If a side of the picture is 0, or the writer fails.
pub fn write_png<W: Write>(image: &Raster, stamp: Option<Stamp>, writer: W) -> Result<(), EncodeError> {
    check_size("PNG", (image.width(), image.height()))?;
    let mut out = Encoder::new(writer, image.width(), image.height());
    out.set_compression(Compression::High);
    // Neighbours are equal or far apart, so differences between them say nothing and compress worse: true colour takes a
    // fifth to a quarter more with filters, indices an eighth to a fifth.
    out.set_filter(Filter::NoFilter);
    if let Some(colours) = few_colours(image) {
        let depth = depth_for(colours.len());
        out.set_color(ColorType::Indexed);
        out.set_depth(depth);
        set_palette(&mut out, &colours);
        finish(out, &packed_indices(image, &colours, depth), stamp)
    } else {
        let alpha = image.pixels().iter().any(|pixel| pixel.a < u8::MAX);
        out.set_color(if alpha { ColorType::Rgba } else { ColorType::Rgb });
        finish(out, &channels(image.pixels(), alpha), stamp)
    }
}

fn finish<W: Write>(out: Encoder<W>, data: &[u8], stamp: Option<Stamp>) -> Result<(), EncodeError> {
    let mut writer = out.write_header()?;
    writer.write_image_data(data)?;
    write_stamp(&mut writer, stamp)?;
    Ok(writer.finish()?)
}

/// Writes a stamp where there is one; only the file's end may follow.
pub(super) fn write_stamp<W: Write>(out: &mut Writer<W>, stamp: Option<Stamp>) -> Result<(), EncodingError> {
    match stamp {
        Some(stamp) => out.write_text_chunk(&TEXtChunk::new(PNG_KEYWORD, stamp.to_string())),
        None => Ok(()),
    }
}

/// Refuses a size that PNG cannot say.
pub(super) fn check_size(format: &'static str, size: (u32, u32)) -> Result<(), EncodeError> {
    let holds = |length: u32| (1..=MOST_PIXELS).contains(&length);
    if holds(size.0) && holds(size.1) {
        Ok(())
    } else {
        Err(EncodeError::Size { format, size, most: MOST_PIXELS })
    }
}

/// The bytes of true colour, three or four a pixel.
pub(super) fn channels(pixels: &[Rgba], alpha: bool) -> Vec<u8> {
    if alpha {
        pixels.iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b, pixel.a]).collect()
    } else {
        pixels.iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect()
    }
}

/// All colours in ascending order of alpha, if there are at most 256.
fn few_colours(image: &Raster) -> Option<Vec<Rgba>> {
    let mut colours: Vec<Rgba> = Vec::new();
    for run in image.pixels().chunk_by(|a, b| a == b) {
        if let Err(place) = colours.binary_search_by_key(&by_alpha(run[0]), |&colour| by_alpha(colour)) {
            if colours.len() == MOST_COLOURS {
                return None;
            }
            colours.insert(place, run[0]);
        }
    }
    Some(colours)
}

/// The order of the palette: PNG lets the alphas of trailing opaque colours be left out.
fn by_alpha(colour: Rgba) -> (u8, Rgba) {
    (colour.a, colour)
}

fn set_palette<W: Write>(out: &mut Encoder<W>, colours: &[Rgba]) {
    out.set_palette(channels(colours, false));
    let alphas: Vec<u8> = colours.iter().map(|colour| colour.a).filter(|&alpha| alpha < u8::MAX).collect();
    if !alphas.is_empty() {
        out.set_trns(alphas);
    }
}

fn depth_for(colours: usize) -> BitDepth {
    match colours {
        0..=2 => BitDepth::One,
        3..=4 => BitDepth::Two,
        5..=16 => BitDepth::Four,
        17.. => BitDepth::Eight,
    }
}

/// The indices of all pixels, each row packed from the highest bit and filled up to whole bytes.
fn packed_indices(image: &Raster, colours: &[Rgba], depth: BitDepth) -> Vec<u8> {
    let bits = depth as usize;
    let mut data = Vec::new();
    let mut last = (colours[0], 0);
    let mut index = |pixel: Rgba| {
        if pixel != last.0 {
            let place = colours.partition_point(|&colour| by_alpha(colour) < by_alpha(pixel));
            last = (pixel, place as u16);
        }
        last.1
    };
    for row in image.pixels().chunks_exact(image.width() as usize) {
        for pixels in row.chunks(8 / bits) {
            let byte = pixels.iter().fold(0_u16, |byte, &pixel| byte << bits | index(pixel));
            data.push((byte << (8 - bits * pixels.len())) as u8);
        }
    }
    data
}
