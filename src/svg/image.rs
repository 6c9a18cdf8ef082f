//! Images as embedded PNG files, one pixel a cell. Viewers enlarge their pixels without blurring them.

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};

use crate::geometry::Bounds;
use crate::mark::{Cells, Image};
use crate::svg::number::length;
use crate::svg::xml::Element;

/// The element of an image. `None` for an image that PNG cannot hold, which has no cells or more than 2³¹ in a row.
pub(super) fn element(image: &Image) -> Option<Element> {
    let Bounds { left, top, right, bottom } = image.bounds;
    let element = Element::new("image").with("x", length(left)).with("y", length(top));
    let element = element.with("width", length(right - left)).with("height", length(bottom - top));
    let element = element.with("preserveAspectRatio", "none").with("image-rendering", "pixelated");
    let file = png(image).ok()?;
    Some(element.with("href", format!("data:image/png;base64,{}", base64(&file))))
}

/// A PNG with a palette.
fn png(image: &Image) -> Result<Vec<u8>, EncodingError> {
    let Image { cells, palette, .. } = image;
    let mut file = Vec::new();
    let mut out = Encoder::new(&mut file, cells.columns as u32, cells.rows() as u32);
    out.set_compression(Compression::High);
    out.set_filter(Filter::NoFilter);
    out.set_color(ColorType::Indexed);
    // The last color is that of clear cells.
    let depth = [BitDepth::One, BitDepth::Two, BitDepth::Four]
        .into_iter()
        .find(|depth| palette.len() < 1 << *depth as u8)
        .unwrap_or(BitDepth::Eight);
    out.set_depth(depth);
    let clear = palette.len().min(usize::from(Cells::CLEAR)) as u8;
    let colors = &palette[..usize::from(clear)];
    out.set_palette(
        colors.iter().flat_map(|color| [color.r, color.g, color.b]).chain([0; 3]).collect::<Vec<_>>(),
    );
    out.set_trns(colors.iter().map(|color| color.a).chain([0]).collect::<Vec<_>>());
    let packed = (0..cells.rows()).flat_map(|row| pack(cells.row(row), clear, depth as u8));
    let packed: Vec<u8> = packed.collect();
    let mut writer = out.write_header()?;
    writer.write_image_data(&packed)?;
    writer.finish()?;
    Ok(file)
}

/// A row of indices, each of some bits, the first one in the highest bits of the first byte.
fn pack(row: &[u8], clear: u8, depth: u8) -> Vec<u8> {
    let per_byte = usize::from(8 / depth);
    let byte = |indices: &[u8]| {
        let places = indices.iter().zip((0..8 / depth).rev());
        places.fold(0, |byte, (index, place)| byte | (*index.min(&clear)) << (place * depth))
    };
    row.chunks(per_byte).map(byte).collect()
}

/// Bytes as base64 (RFC 4648): four characters for three bytes.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | usize::from(group.get(at).copied().unwrap_or(0)));
        for place in 0..4 {
            let sign = char::from(SIGNS[bits >> (18 - 6 * place) & 63]);
            text.push(if place <= group.len() { sign } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::geometry::PixelRect;
    use crate::raster::Rgba;

    #[test]
    fn base64_is_that_of_the_standard() {
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(texts, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }

    #[test]
    fn the_png_holds_the_colors_of_all_cells() {
        for colors in [1, 2, 3, 4, 15, 16, 64] {
            let palette: Vec<Rgba> =
                (0..colors).map(|k| Rgba { r: k, g: 200 - k, b: 7, a: 255 - k }).collect();
            let indices: Vec<u8> =
                (0..35).map(|k| if k % 6 == 5 { Cells::CLEAR } else { k * 5 % colors }).collect();
            let cells = Cells { columns: 5, indices };
            let clip = PixelRect::from_size(5, 7);
            let image = Image { cells: Arc::new(cells), bounds: clip.into(), palette: palette.into(), clip };
            let decoded =
                ::image::load_from_memory(&png(&image).expect("a PNG")).expect("a PNG").into_rgba8();
            for (index, pixel) in image.cells.indices.iter().zip(decoded.pixels()) {
                let color = image.palette.get(usize::from(*index)).copied().unwrap_or(Rgba::CLEAR);
                assert_eq!(pixel.0, [color.r, color.g, color.b, color.a]);
            }
        }
    }
}
