//! VP8L: a picture without loss, as WebP holds it (RFC 9649, section 3).
//!
//! A picture of up to 256 colors becomes indices into a table, others keep their colors and a cache of those seen lately.
//! Either way the pixels are then written as such or as copies of earlier ones (`matches`), by the way that is
//! cheapest (`parse`, `costs`), in prefix codes that suit the picture (`code`, `huffman`). The pictures of films are flat: other
//! transforms, that help photographs, were left out.
//!
//! All sums are integers, so the bytes depend on the pixels alone.

mod bits;
mod code;
mod color_cache;
mod color_index;
mod costs;
mod huffman;
mod matches;
mod parse;
mod prefix;
mod tokens;

use self::bits::Bits;
use self::color_cache::Cache;
use self::color_index::Table;
use self::costs::Costs;
use self::matches::Matches;
use self::prefix::Distances;
use self::tokens::Counts;
use super::EncodeError;
use super::color_patch::Patch;
use crate::raster::Rgba;

/// What every picture begins with, and the version of the format.
const SIGNATURE: u32 = 0x2F;
const VERSION: u32 = 0;

/// Bits of a side, less one.
const SIDE: u32 = 14;

/// Transforms by number: colors into indices, and red and blue less green.
const INDEXING: u32 = 3;
const LESS_GREEN: u32 = 2;

/// The cache of a picture with more colors than a table holds. With half or twice the slots films are as large, to half a percent.
const CACHE: Cache = Cache { bits: 10 };

/// What a `VP8L` chunk holds of a patch, no side of which may have more than 16384 pixels.
pub(super) fn encode(patch: &Patch) -> Result<Vec<u8>, EncodeError> {
    let width = patch.rect.width();
    let mut bits = Bits::default();
    bits.put(SIGNATURE, 8);
    bits.put(width - 1, SIDE);
    bits.put(patch.rect.height() - 1, SIDE);
    bits.flag(patch.colors().any(|color| color.a < u8::MAX));
    bits.put(VERSION, 3);
    let width = width as usize;
    if let Some(table) = Table::of(patch.colors()) {
        transform(&mut bits, INDEXING);
        bits.put(table.len() as u32 - 1, 8);
        image(&mut bits, &table.differences(), table.len(), Role::Helper);
        bits.flag(false);
        let bytes = width.div_ceil(table.in_a_byte());
        image(&mut bits, &table.packed(patch)?, bytes, Role::Main(Cache::NONE));
    } else {
        transform(&mut bits, LESS_GREEN);
        bits.flag(false);
        let pixels = patch.cells(less_green(Rgba::CLEAR), |color| Ok(less_green(color)))?;
        image(&mut bits, &pixels, width, Role::Main(CACHE));
    }
    Ok(bits.finish())
}

/// What images are made of: pixels, or the bytes of a table's indices, which need a quarter of the memory.
trait Pixel: Copy + PartialEq {
    /// The pixel that is written.
    fn argb(self) -> u32;
}

impl Pixel for u32 {
    fn argb(self) -> u32 {
        self
    }
}

/// Indices are the greens of pixels that have no other channel.
impl Pixel for u8 {
    fn argb(self) -> u32 {
        u32::from(self) << 8
    }
}

/// What an image of the stream is for.
#[derive(Clone, Copy)]
enum Role {
    /// The picture itself.
    Main(Cache),
    /// What a transform needs.
    Helper,
}

fn transform(bits: &mut Bits, number: u32) {
    bits.flag(true);
    bits.put(number, 2);
}

/// Writes pixels and the codes that suit them; there is one code for each channel, everywhere the same.
fn image<P: Pixel>(bits: &mut Bits, pixels: &[P], width: usize, role: Role) {
    let cache = match role {
        Role::Main(cache) => cache,
        Role::Helper => Cache::NONE,
    };
    cache.tell(bits);
    if let Role::Main(_) = role {
        // The same codes everywhere.
        bits.flag(false);
    }
    let slots = cache.follow(pixels);
    let matches = Matches::find(pixels, &Distances::new(width, matches::NEAR));
    let guess = Costs::guess(pixels, width, cache, &slots);
    // What symbols really cost is known once they have been chosen. Choosing a third time gains half a percent at most.
    let counts = Counts::of(&parse::cheapest(pixels, &slots, &matches, &guess), cache);
    let tokens = parse::cheapest(pixels, &slots, &matches, &Costs::of(&counts));
    tokens::write(bits, &tokens, cache);
}

/// A pixel as VP8L counts its channels: blue lowest, then green, red and alpha.
fn argb(pixel: Rgba) -> u32 {
    u32::from_le_bytes([pixel.b, pixel.g, pixel.r, pixel.a])
}

/// The same with green taken from red and blue: greys then have a single value in both.
fn less_green(pixel: Rgba) -> u32 {
    argb(Rgba { r: pixel.r.wrapping_sub(pixel.g), b: pixel.b.wrapping_sub(pixel.g), ..pixel })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image_webp::WebPDecoder;

    use super::*;
    use crate::raster::Raster;

    fn coded(pixels: &[Rgba], width: u32) -> Vec<u8> {
        let mut image = Raster::filled(width, pixels.len() as u32 / width, Rgba::CLEAR);
        for (y, row) in (0..).zip(pixels.chunks_exact(width as usize)) {
            image.row_mut(y, 0, width as i32).copy_from_slice(row);
        }
        encode(&Patch::of_image(&image)).expect("a picture")
    }

    /// What another decoder sees in a picture.
    fn seen(pixels: &[Rgba], width: u32) -> Vec<Rgba> {
        let coded = coded(pixels, width);
        let pad = &[0][..coded.len() % 2];
        let length = |bytes: usize| (bytes as u32).to_le_bytes();
        let form = length(12 + coded.len() + pad.len());
        let file = [b"RIFF", &form, &b"WEBPVP8L"[..], &length(coded.len()), &coded, pad].concat();
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

    /// Numbers without order.
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

        /// Every color at least once where there is room, then pixels, runs and repetitions.
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
    fn another_decoder_sees_every_pixel_at_every_width() {
        let noise = &mut Noise(1);
        for width in 1..40 {
            for (colors, alpha) in [(1, true), (2, false), (4, true), (16, false), (17, true), (300, false)] {
                let colors = noise.colors(colors, alpha);
                let height = 1 + noise.below(40);
                let picture = noise.picture(&colors, (width * height) as usize);
                assert!(seen(&picture, width) == picture, "{width} × {height}, {} colors", colors.len());
            }
        }
    }

    #[test]
    fn another_decoder_sees_any_number_of_colors() {
        let noise = &mut Noise(2);
        for count in [1, 2, 3, 4, 5, 15, 16, 17, 255, 256, 257, 2000] {
            for alpha in [false, true] {
                let colors = noise.colors(count, alpha);
                let picture = noise.picture(&colors, 61 * 67);
                assert!(seen(&picture, 61) == picture, "{count} colors, alpha {alpha}");
            }
        }
    }

    #[test]
    fn runs_and_copies_may_be_longer_than_one_symbol_says() {
        let mut picture = Noise(3).picture(&Noise(4).colors(40, true), 9000);
        picture.extend_from_within(..);
        picture.extend(std::iter::repeat_n(Rgba::WHITE, 20_000));
        assert!(seen(&picture, 1900) == picture);
        assert!(coded(&picture, 1900).len() < 10_000, "the copy and the run take next to nothing");
    }

    #[test]
    fn the_widest_picture_and_the_highest_are_seen_whole() {
        let noise = &mut Noise(5);
        let colors = noise.colors(300, false);
        let picture = noise.picture(&colors, 16_383);
        assert!(seen(&picture, 16_383) == picture);
        assert!(seen(&picture, 1) == picture);
    }

    /// 256 values of equal lengths are told by runs of a single kind, which takes no bits.
    #[test]
    fn noise_takes_little_more_than_its_pixels() {
        let picture = Noise(6).colors(50_000, true);
        assert!(coded(&picture, 250).len() < 4 * 50_000 * 51 / 50);
        assert!(seen(&picture, 250) == picture);
    }
}
