//! VP8L: the lossless picture format inside WebP (RFC 9649, section 3).
//!
//! A picture of up to 256 colors is stored as indices into a color table; other pictures keep their colors and use a
//! color cache. In both cases pixels are written as literals or as copies of earlier pixels (`matches`). The cheapest
//! sequence is chosen (`parse`, `costs`) and written in prefix codes that fit the parts of the picture (`prefix_groups`,
//! `prefix_code`, `huffman`).
//! The other transforms of VP8L help photographs, not flat pictures, and are left out.
//!
//! All arithmetic is on integers, so the bytes depend on the pixels alone.

mod bit_writer;
mod color_cache;
mod color_index;
mod costs;
mod huffman;
mod lz77_codes;
mod matches;
mod parse;
mod prefix_code;
mod prefix_groups;
mod tokens;

use self::bit_writer::BitWriter;
use self::color_cache::ColorCache;
use self::color_index::ColorIndex;
use self::costs::TokenCosts;
use self::lz77_codes::DistanceCodes;
use self::matches::Matches;
use self::prefix_groups::PrefixGroups;
use self::tokens::SymbolCounts;
use super::EncodeError;
use super::color_patch::ColorPatch;
use crate::raster::Rgba;

/// First byte of a picture, and version of the format.
const SIGNATURE: u32 = 0x2F;
const VERSION: u32 = 0;

/// Bits of the width and height, each stored minus one.
const SIDE_BITS: u32 = 14;

/// Transform types: color indexing, and green subtracted from red and blue.
const COLOR_INDEXING: u32 = 3;
const SUBTRACT_GREEN: u32 = 2;

/// Color cache of pictures with more than 256 colors. With half or twice the slots, film sizes change by at most half a
/// percent.
const PICTURE_CACHE: ColorCache = ColorCache { bits: 10 };

/// Encodes a patch as the data of a `VP8L` chunk. Width and height must be at most 16384 pixels.
pub(super) fn encode(patch: &ColorPatch) -> Result<Vec<u8>, EncodeError> {
    let width = patch.rect.width();
    let mut writer = BitWriter::default();
    writer.write(SIGNATURE, 8);
    writer.write(width - 1, SIDE_BITS);
    writer.write(patch.rect.height() - 1, SIDE_BITS);
    writer.write_bit(patch.colors().any(|color| color.a < u8::MAX));
    writer.write(VERSION, 3);
    let width = width as usize;
    if let Some(table) = ColorIndex::from_colors(patch.colors()) {
        write_transform(&mut writer, COLOR_INDEXING);
        writer.write(table.len() as u32 - 1, 8);
        write_image(&mut writer, &table.deltas(), table.len(), ImageRole::Auxiliary);
        writer.write_bit(false);
        let bytes = width.div_ceil(table.indices_per_byte());
        write_image(&mut writer, &table.pack_indices(patch)?, bytes, ImageRole::Main(ColorCache::NONE));
    } else {
        write_transform(&mut writer, SUBTRACT_GREEN);
        writer.write_bit(false);
        let pixels = patch.map_pixels(subtract_green(Rgba::CLEAR), |color| Ok(subtract_green(color)))?;
        write_image(&mut writer, &pixels, width, ImageRole::Main(PICTURE_CACHE));
    }
    Ok(writer.finish())
}

/// A pixel of an image: a color, or a byte of packed indices, which takes a quarter of the memory.
trait Pixel: Copy + PartialEq {
    /// Value as a 32-bit ARGB pixel.
    fn argb(self) -> u32;
}

impl Pixel for u32 {
    fn argb(self) -> u32 {
        self
    }
}

/// Indices are stored in the green channel; the others are 0.
impl Pixel for u8 {
    fn argb(self) -> u32 {
        u32::from(self) << 8
    }
}

/// Purpose of an image in the stream.
#[derive(Clone, Copy)]
enum ImageRole {
    /// The picture itself.
    Main(ColorCache),
    /// Data of a transform.
    Auxiliary,
}

/// Writes that a transform of this type follows.
fn write_transform(writer: &mut BitWriter, transform_type: u32) {
    writer.write_bit(true);
    writer.write(transform_type, 2);
}

/// Writes the pixels of an image and their prefix codes.
fn write_image<P: Pixel>(writer: &mut BitWriter, pixels: &[P], width: usize, role: ImageRole) {
    let cache = match role {
        ImageRole::Main(cache) => cache,
        ImageRole::Auxiliary => ColorCache::NONE,
    };
    let hits = cache.find_hits(pixels);
    let matches = Matches::find(pixels, &DistanceCodes::new(width, matches::NEAR_DISTANCES));
    let estimate = TokenCosts::estimate(pixels, width, cache, &hits);
    // The costs of symbols are known once tokens have been chosen, so they are chosen twice. A third time would gain at
    // most half a percent.
    let counts =
        SymbolCounts::from_tokens(&parse::cheapest_tokens(pixels, &hits, &matches, &estimate), cache);
    let tokens = parse::cheapest_tokens(pixels, &hits, &matches, &TokenCosts::from_counts(&counts));
    cache.write_header(writer);
    // Only the picture itself may have several groups.
    let mut groups = PrefixGroups::single(width);
    if let ImageRole::Main(_) = role {
        groups = PrefixGroups::choose(&tokens, width, pixels.len(), cache);
        writer.write_bit(groups.count > 1);
        if groups.count > 1 {
            let (tile_bits, tiles_per_row, tiles) = groups.image();
            writer.write(tile_bits - 2, 3);
            write_image(writer, &tiles, tiles_per_row, ImageRole::Auxiliary);
        }
    }
    tokens::write_tokens(writer, &tokens, cache, &groups);
}

/// A pixel as VP8L orders its channels: alpha in the highest byte, then red, green and blue.
fn argb(pixel: Rgba) -> u32 {
    u32::from_le_bytes([pixel.b, pixel.g, pixel.r, pixel.a])
}

/// A pixel with green subtracted from red and blue; both are then 0 in all grays.
fn subtract_green(pixel: Rgba) -> u32 {
    argb(Rgba { r: pixel.r.wrapping_sub(pixel.g), b: pixel.b.wrapping_sub(pixel.g), ..pixel })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image_webp::WebPDecoder;

    use super::*;
    use crate::raster::Raster;

    fn encoded(pixels: &[Rgba], width: u32) -> Vec<u8> {
        let mut image = Raster::filled(width, pixels.len() as u32 / width, Rgba::CLEAR);
        for (y, row) in (0..).zip(pixels.chunks_exact(width as usize)) {
            image.row_mut(y, 0, width as i32).copy_from_slice(row);
        }
        encode(&ColorPatch::from_image(&image)).expect("a picture")
    }

    /// Pixels that the `image-webp` crate decodes.
    fn decoded(pixels: &[Rgba], width: u32) -> Vec<Rgba> {
        let encoded = encoded(pixels, width);
        let pad = &[0][..encoded.len() % 2];
        let length = |bytes: usize| (bytes as u32).to_le_bytes();
        let form = length(12 + encoded.len() + pad.len());
        let file = [b"RIFF", &form, &b"WEBPVP8L"[..], &length(encoded.len()), &encoded, pad].concat();
        let mut decoder = WebPDecoder::new(Cursor::new(file)).expect("a WebP");
        assert_eq!(decoder.dimensions(), (width, pixels.len() as u32 / width));
        let mut bytes = vec![0; decoder.output_buffer_size().expect("a size")];
        decoder.read_image(&mut bytes).expect("a picture");
        let channels = if decoder.has_alpha() { 4 } else { 3 };
        let rgba = |pixel: &[u8]| Rgba {
            r: pixel[0],
            g: pixel[1],
            b: pixel[2],
            a: *pixel.get(3).unwrap_or(&u8::MAX),
        };
        bytes.chunks_exact(channels).map(rgba).collect()
    }

    /// Deterministic pseudorandom numbers.
    struct Noise(u64);

    impl Noise {
        fn below(&mut self, end: u32) -> u32 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((self.0 >> 33) % u64::from(end)) as u32
        }

        fn colors(&mut self, count: usize, alpha: bool) -> Vec<Rgba> {
            let mut colors = std::collections::BTreeSet::new();
            while colors.len() < count {
                let [r, g, b, a] = [0; 4].map(|_: u32| self.below(256) as u8);
                colors.insert(Rgba { r, g, b, a: if alpha { a } else { u8::MAX } });
            }
            colors.into_iter().collect()
        }

        /// Every color at least once if there is room, then single pixels, runs and copies.
        fn picture(&mut self, colors: &[Rgba], count: usize) -> Vec<Rgba> {
            let mut pixels = colors[..colors.len().min(count)].to_vec();
            while pixels.len() < count {
                let any = colors[self.below(colors.len() as u32) as usize];
                let run = 1 + self.below(30) as usize;
                match self.below(3) {
                    0 => pixels.push(any),
                    1 => pixels.extend(std::iter::repeat_n(any, run)),
                    _ => {
                        let from = self.below(pixels.len() as u32) as usize;
                        pixels.extend_from_within(from..(from + run).min(pixels.len()));
                    }
                }
            }
            pixels.truncate(count);
            pixels
        }
    }

    #[test]
    fn pictures_round_trip_at_every_width() {
        let noise = &mut Noise(1);
        for width in 1..40 {
            for (colors, alpha) in [(1, true), (2, false), (4, true), (16, false), (17, true), (300, false)] {
                let colors = noise.colors(colors, alpha);
                let height = 1 + noise.below(40);
                let picture = noise.picture(&colors, (width * height) as usize);
                assert!(decoded(&picture, width) == picture, "{width} × {height}, {} colors", colors.len());
            }
        }
    }

    #[test]
    fn pictures_round_trip_at_any_number_of_colors() {
        let noise = &mut Noise(2);
        for count in [1, 2, 3, 4, 5, 15, 16, 17, 255, 256, 257, 2000] {
            for alpha in [false, true] {
                let colors = noise.colors(count, alpha);
                let picture = noise.picture(&colors, 61 * 67);
                assert!(decoded(&picture, 61) == picture, "{count} colors, alpha {alpha}");
            }
        }
    }

    #[test]
    fn runs_and_copies_longer_than_one_token_round_trip() {
        let mut picture = Noise(3).picture(&Noise(4).colors(40, true), 9000);
        picture.extend_from_within(..);
        picture.extend(std::iter::repeat_n(Rgba::WHITE, 20_000));
        assert!(decoded(&picture, 1900) == picture);
        assert!(encoded(&picture, 1900).len() < 10_000, "the copy and the run take next to nothing");
    }

    #[test]
    fn the_widest_and_the_highest_picture_round_trip() {
        let noise = &mut Noise(5);
        let colors = noise.colors(300, false);
        let picture = noise.picture(&colors, 16_383);
        assert!(decoded(&picture, 16_383) == picture);
        assert!(decoded(&picture, 1) == picture);
    }

    #[test]
    fn parts_of_other_colors_get_codes_of_their_own() {
        let noise = &mut Noise(7);
        let colors = noise.colors(80, false);
        let mut half = |colors: &[Rgba]| -> Vec<Rgba> {
            (0..200 * 100).map(|_| colors[noise.below(colors.len() as u32) as usize]).collect()
        };
        let picture = [half(&colors[..40]), half(&colors[40..])].concat();
        let bits = 8 * encoded(&picture, 200).len();
        // A color of 40 takes 5.3 bits, one of 80 takes 6.3.
        assert!(bits < picture.len() * 6, "{bits} bits");
        assert!(decoded(&picture, 200) == picture);
    }

    /// The 256 code lengths of a channel are equal, so the code of code lengths has a single symbol, which takes no
    /// bits.
    #[test]
    fn noise_takes_little_more_than_its_pixels() {
        let picture = Noise(6).colors(50_000, true);
        assert!(encoded(&picture, 250).len() < 4 * 50_000 * 51 / 50);
        assert!(decoded(&picture, 250) == picture);
    }
}
