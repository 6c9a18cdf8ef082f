//! Still pictures as PNG: lossless, with the smallest color type that holds all colors.

use std::io::Write;

use png::text_metadata::TEXtChunk;
use png::{Compression, Encoder, EncodingError, Filter, Writer};

use super::EncodeError;
use super::color_patch::ColorPatch;
use super::png_color_type::PngColorType;
use crate::raster::{Raster, Rgba};
use crate::stamp::PNG_KEYWORD;
use crate::stamp::Stamp;

/// Maximum width and height: PNG stores them in 31 bits.
const MAX_SIDE: u32 = i32::MAX as u32;

/// Writes a picture, with a stamp at the end of the file if there is one.
///
/// # Errors
/// If the width or height is 0, or the writer fails.
pub fn write_png<W: Write>(image: &Raster, stamp: Option<Stamp>, writer: W) -> Result<(), EncodeError> {
    check_size("PNG", (image.width(), image.height()))?;
    let color_type = PngColorType::for_colors(collect_colors(image), false);
    let mut out = Encoder::new(writer, image.width(), image.height());
    out.set_compression(Compression::High);
    // Neighbors are either equal or very different, so filtered rows compress worse: true color takes a fifth to a
    // quarter more bytes, indices an eighth to a fifth.
    out.set_filter(Filter::NoFilter);
    color_type.configure(&mut out);
    let mut writer = out.write_header()?;
    writer.write_image_data(&color_type.pack_rows(&ColorPatch::from_image(image))?)?;
    write_stamp(&mut writer, stamp)?;
    Ok(writer.finish()?)
}

/// Writes a stamp if there is one. Only the end chunk may follow.
pub(super) fn write_stamp<W: Write>(out: &mut Writer<W>, stamp: Option<Stamp>) -> Result<(), EncodingError> {
    match stamp {
        Some(stamp) => out.write_text_chunk(&TEXtChunk::new(PNG_KEYWORD, stamp.to_string())),
        None => Ok(()),
    }
}

/// Fails if PNG cannot store a size.
pub(super) fn check_size(format: &'static str, size: (u32, u32)) -> Result<(), EncodeError> {
    let is_valid = |length: u32| (1..=MAX_SIDE).contains(&length);
    if is_valid(size.0) && is_valid(size.1) {
        Ok(())
    } else {
        Err(EncodeError::Size { format, size, max: MAX_SIDE })
    }
}

/// Colors of a picture; some may occur several times.
fn collect_colors(image: &Raster) -> Vec<Rgba> {
    let mut colors = Vec::new();
    let mut distinct = 0;
    for run in image.pixels().chunk_by(|a, b| a == b) {
        colors.push(run[0]);
        if colors.len() > 2 * distinct + 4096 {
            colors.sort_unstable();
            colors.dedup();
            distinct = colors.len();
        }
    }
    colors
}
