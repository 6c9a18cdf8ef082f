//! Stills as PNG: lossless, in the smallest of PNG's ways to say the colors that occur.

use std::io::Write;

use png::text_metadata::TEXtChunk;
use png::{Compression, Encoder, EncodingError, Filter, Writer};

use super::EncodeError;
use super::color_patch::Patch;
use super::png_color_type::PngColorType;
use crate::raster::{Raster, Rgba};
use crate::stamp::PNG_KEYWORD;
use crate::stamp::Stamp;

/// PNG's lengths have 31 bits.
const MOST_PIXELS: u32 = i32::MAX as u32;

/// Writes a picture, and at its end what it was made from.
///
/// # Errors
/// If a side of the picture is 0, or the writer fails.
pub fn write_png<W: Write>(image: &Raster, stamp: Option<Stamp>, writer: W) -> Result<(), EncodeError> {
    check_size("PNG", (image.width(), image.height()))?;
    let coloring = PngColorType::of(colors(image), false);
    let mut out = Encoder::new(writer, image.width(), image.height());
    out.set_compression(Compression::High);
    // Neighbors are equal or far apart, so differences between them say nothing and compress worse: true color takes a
    // fifth to a quarter more with filters, indices an eighth to a fifth.
    out.set_filter(Filter::NoFilter);
    coloring.tell(&mut out);
    let mut writer = out.write_header()?;
    writer.write_image_data(&coloring.rows(&Patch::of_image(image))?)?;
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

/// All colors of a picture, some more than once.
fn colors(image: &Raster) -> Vec<Rgba> {
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
