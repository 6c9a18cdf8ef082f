//! The pixels that independent decoders show, and the pixels that they should show.

use std::io::Cursor;

use image::AnimationDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::webp::WebPDecoder;
use kymograph::encode::Palette;
use kymograph::raster::{Raster, Rgba};

/// A picture mapped to the palette by trying every color.
pub(crate) fn mapped(picture: &Raster, palette: &Palette) -> Vec<[u8; 4]> {
    let square =
        |a: [u8; 3], b: [u8; 3]| -> u32 { (0..3).map(|c| u32::from(a[c].abs_diff(b[c])).pow(2)).sum() };
    let nearest = |rgb| palette.colors().iter().min_by_key(|&&color| square(color, rgb)).expect("a color");
    let show = |&pixel: &Rgba| match palette.flatten(pixel).map(nearest) {
        Some(&[r, g, b]) => [r, g, b, 255],
        None => [0; 4],
    };
    picture.pixels().iter().map(show).collect()
}

pub(crate) fn exact(picture: &Raster) -> Vec<[u8; 4]> {
    picture.pixels().iter().map(|pixel| [pixel.r, pixel.g, pixel.b, pixel.a]).collect()
}

/// The composited frames of a GIF, transparent pixels as zeros, with delays in hundredths of a second.
pub(crate) fn shown_gif(file: &[u8]) -> Vec<(Vec<[u8; 4]>, u32)> {
    let decoder = GifDecoder::new(Cursor::new(file)).expect("a GIF");
    let frames = decoder.into_frames().map(|frame| {
        let frame = frame.expect("a sound frame");
        let (milliseconds, one) = frame.delay().numer_denom_ms();
        assert_eq!(one, 1);
        let clean = |pixel: &image::Rgba<u8>| if pixel.0[3] == 0 { [0; 4] } else { pixel.0 };
        (frame.buffer().pixels().map(clean).collect(), milliseconds / 10)
    });
    frames.collect()
}

/// The frames of an APNG, composited after its specification, with delays in milliseconds.
pub(crate) fn shown_apng(file: &[u8]) -> Vec<(Vec<[u8; 4]>, f64)> {
    let mut decoder = png::Decoder::new(Cursor::new(file));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().expect("a PNG");
    let (width, height) = reader.info().size();
    let count = reader.info().animation_control().expect("an animation").num_frames;
    let mut canvas = vec![[0_u8; 4]; width as usize * height as usize];
    let mut frames = Vec::new();
    for _ in 0..count {
        let mut data = vec![0; reader.output_buffer_size().expect("a small frame")];
        let size = reader.next_frame(&mut data).expect("a sound frame").buffer_size();
        let control = *reader.info().frame_control().expect("a frame of the animation");
        assert_eq!(control.dispose_op, png::DisposeOp::None);
        for (row, cells) in data[..size].chunks_exact(control.width as usize * 4).enumerate() {
            let start = (control.y_offset as usize + row) * width as usize + control.x_offset as usize;
            for (cell, pixel) in canvas[start..].iter_mut().zip(cells.as_chunks().0) {
                match (control.blend_op, pixel[3]) {
                    (png::BlendOp::Source, _) | (png::BlendOp::Over, 255) => *cell = *pixel,
                    (png::BlendOp::Over, alpha) => assert_eq!(alpha, 0, "blending would round"),
                }
            }
        }
        frames.push((canvas.clone(), 1000.0 * f64::from(control.delay_num) / f64::from(control.delay_den)));
    }
    frames
}

/// The frames of a WebP, composited after its specification, with delays in milliseconds.
pub(crate) fn shown_webp(file: &[u8]) -> Vec<(Vec<[u8; 4]>, u32)> {
    let (mut width, mut canvas, mut frames) = (0, Vec::new(), Vec::new());
    for (name, content) in webp_chunks(file) {
        let number = |at: usize| u32::from_le_bytes([content[at], content[at + 1], content[at + 2], 0]);
        match name {
            b"VP8X" => {
                width = number(4) as usize + 1;
                canvas = vec![[0_u8; 4]; width * (number(7) as usize + 1)];
            }
            b"ANMF" => {
                let (left, top) = (2 * number(0) as usize, 2 * number(3) as usize);
                let (head, coded) = content.split_at(16);
                let picture = webp_still(coded);
                assert_eq!(picture.dimensions(), (number(6) + 1, number(9) + 1));
                for (x, y, pixel) in picture.enumerate_pixels() {
                    let cell = &mut canvas[(top + y as usize) * width + left + x as usize];
                    match (head[15], pixel.0[3]) {
                        (2, _) | (0, 255) => *cell = pixel.0,
                        (flags, alpha) => assert_eq!((flags, alpha), (0, 0), "blending would round"),
                    }
                }
                frames.push((canvas.clone(), number(12)));
            }
            _ => assert_eq!(name, b"ANIM"),
        }
    }
    frames
}

/// The picture in a frame's chunk, decoded as a file of its own.
fn webp_still(chunk: &[u8]) -> image::RgbaImage {
    let length = (4 + chunk.len() as u32).to_le_bytes();
    let file = [b"RIFF", &length[..], b"WEBP", chunk].concat();
    image::load_from_memory_with_format(&file, image::ImageFormat::WebP).expect("a WebP").into_rgba8()
}

/// The frames of a WebP as another decoder composites them, with delays in milliseconds.
pub(crate) fn played_webp(file: &[u8]) -> Vec<(Vec<[u8; 4]>, u32)> {
    let decoder = WebPDecoder::new(Cursor::new(file)).expect("a WebP");
    let frames = decoder.into_frames().map(|frame| {
        let frame = frame.expect("a sound frame");
        let (milliseconds, one) = frame.delay().numer_denom_ms();
        assert_eq!(one, 1);
        (frame.buffer().pixels().map(|pixel| pixel.0).collect(), milliseconds)
    });
    frames.collect()
}

/// The names and contents of the chunks of a WebP. Asserts that each begins where the one before ends.
pub(crate) fn webp_chunks(file: &[u8]) -> Vec<(&[u8], &[u8])> {
    let number = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().expect("four bytes")) as usize;
    assert_eq!((&file[..4], number(4), &file[8..12]), (&b"RIFF"[..], file.len() - 8, &b"WEBP"[..]));
    let (mut at, mut chunks) = (12, Vec::new());
    while at < file.len() {
        let end = at + 8 + number(at + 4);
        chunks.push((&file[at..at + 4], &file[at + 8..end]));
        at = end.next_multiple_of(2);
    }
    chunks
}

/// The number of plays in WebP's `ANIM`.
pub(crate) fn webp_plays(file: &[u8]) -> u16 {
    let (_, anim) = webp_chunks(file).into_iter().find(|(name, _)| *name == b"ANIM").expect("an animation");
    u16::from_le_bytes([anim[4], anim[5]])
}

/// The number in GIF's looping extension.
pub(crate) fn gif_loop_count(file: &[u8]) -> Option<u16> {
    let name = file.windows(11).position(|window| window == b"NETSCAPE2.0")?;
    assert_eq!(file[name + 11..name + 13], [3, 1]);
    Some(u16::from_le_bytes([file[name + 13], file[name + 14]]))
}

/// The number of plays in APNG's `acTL`.
pub(crate) fn apng_plays(file: &[u8]) -> u32 {
    let name = file.windows(4).position(|window| window == b"acTL").expect("an animation");
    u32::from_be_bytes(file[name + 8..name + 12].try_into().expect("four bytes"))
}
