//! Films assembled by hand: frames with every disposal and blending mode of the formats, written with plain codecs, and
//! the canvases that the formats' specifications demand.

use std::borrow::Cow;
use std::collections::BTreeSet;

use kymograph::raster::{Raster, Rgba};

use crate::support::film::{Film, Noise};

/// A frame as a file stores it.
#[derive(Clone)]
pub(crate) struct Layer {
    pub(crate) place: (u32, u32),
    pub(crate) picture: Raster,
    /// True if transparent pixels keep the pixels below; always true in a GIF.
    pub(crate) over: bool,
    pub(crate) disposal: Disposal,
    /// The delay in ticks of the format.
    pub(crate) delay: u16,
}

/// The disposal of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disposal {
    Keep,
    Background,
    /// A disposal that WebP does not have.
    Previous,
}

/// Random layers of opaque and transparent pixels; the first covers the canvas.
pub(crate) fn noise(noise: &mut Noise, size: (u32, u32), kinds: &[Disposal]) -> Vec<Layer> {
    let layer = |index: u32| {
        let rect = noise.rect(size.0, size.1);
        let (left, top) = if index == 0 { (0, 0) } else { (rect.left as u32 & !1, rect.top as u32 & !1) };
        let (right, bottom) = if index == 0 { size } else { (rect.right as u32, rect.bottom as u32) };
        let picture = speckled(noise, (right - left, bottom - top), &[0, 255, 255]);
        let disposal = kinds[noise.below(kinds.len() as u32) as usize];
        Layer {
            place: (left, top),
            picture,
            over: noise.below(2) == 0,
            disposal,
            delay: 2 + noise.below(90) as u16,
        }
    };
    (0..12).map(layer).collect()
}

/// A picture in which every pixel has another color.
pub(crate) fn speckled(noise: &mut Noise, (width, height): (u32, u32), alphas: &[u8]) -> Raster {
    let mut picture = Raster::filled(width, height, Rgba::CLEAR);
    for y in 0..height as i32 {
        for pixel in picture.row_mut(y, 0, width as i32) {
            *pixel = noise.color(alphas);
        }
    }
    picture
}

/// A film at 25 frames a second. Each frame differs from the one before, so encoders merge none.
pub(crate) fn lively(noise: &mut Noise, size: (u32, u32), frames: usize, alphas: &[u8]) -> Film {
    let mut pictures = noise.film(size, frames, alphas).pictures;
    for (index, picture) in pictures.iter_mut().enumerate() {
        picture.row_mut(0, 0, 1)[0] = Rgba::opaque(7, 7, 10 * index as u8);
    }
    Film::new(pictures)
}

/// The canvas after each frame.
pub(crate) fn composed(size: (u32, u32), layers: &[Layer]) -> Vec<Raster> {
    let mut canvas = Raster::filled(size.0, size.1, Rgba::CLEAR);
    let mut shown = Vec::new();
    for Layer { place, picture, over, disposal, .. } in layers {
        let before = canvas.clone();
        let mut now = canvas.clone();
        for y in 0..size.1 as i32 {
            for x in 0..size.0 as i32 {
                let (left, top) = (x - place.0 as i32, y - place.1 as i32);
                let hit = (0..picture.width() as i32).contains(&left)
                    && (0..picture.height() as i32).contains(&top);
                if !hit {
                    continue;
                }
                let new = picture.row(top, left, left + 1)[0];
                if new.a > 0 || !over {
                    now.row_mut(y, x, x + 1)[0] = new;
                }
                canvas.row_mut(y, x, x + 1)[0] = match disposal {
                    Disposal::Keep => now.row(y, x, x + 1)[0],
                    Disposal::Background => Rgba::CLEAR,
                    Disposal::Previous => before.row(y, x, x + 1)[0],
                };
            }
        }
        shown.push(now);
    }
    shown
}

pub(crate) fn gif(size: (u32, u32), layers: &[Layer], repeat: Option<gif::Repeat>) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = gif::Encoder::new(&mut file, size.0 as u16, size.1 as u16, &[]).expect("a GIF");
    if let Some(repeat) = repeat {
        encoder.set_repeat(repeat).expect("a loop");
    }
    for layer in layers {
        let pixels = layer.picture.pixels();
        // A palette for each frame, the transparent color first.
        let colors: Vec<Rgba> =
            pixels.iter().copied().filter(|p| p.a > 0).collect::<BTreeSet<_>>().into_iter().collect();
        let index = |pixel: &Rgba| colors.binary_search(pixel).map_or(0, |at| at as u8 + 1);
        let palette = [Rgba::CLEAR].iter().chain(&colors).flat_map(|c| [c.r, c.g, c.b]).collect();
        let frame = gif::Frame {
            left: layer.place.0 as u16,
            top: layer.place.1 as u16,
            width: layer.picture.width() as u16,
            height: layer.picture.height() as u16,
            delay: layer.delay,
            dispose: match layer.disposal {
                Disposal::Keep => gif::DisposalMethod::Keep,
                Disposal::Background => gif::DisposalMethod::Background,
                Disposal::Previous => gif::DisposalMethod::Previous,
            },
            transparent: Some(0),
            palette: Some(palette),
            buffer: Cow::Owned(pixels.iter().map(index).collect()),
            ..gif::Frame::default()
        };
        encoder.write_frame(&frame).expect("a frame");
    }
    drop(encoder);
    file
}

/// Delays are hundredths of a second. Viewers without animation show the default image, which is no frame.
pub(crate) fn apng(
    size: (u32, u32),
    layers: &[Layer],
    plays: u32,
    default_image: Option<&Raster>,
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, size.0, size.1);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(layers.len() as u32, plays).expect("frames");
    encoder.set_sep_def_img(default_image.is_some()).expect("a default image");
    let mut writer = encoder.write_header().expect("a header");
    if let Some(image) = default_image {
        writer.write_image_data(&bytes(image)).expect("a default image");
    }
    for layer in layers {
        let (width, height) = (layer.picture.width(), layer.picture.height());
        writer.reset_frame_position().expect("a place");
        writer.set_frame_dimension(width, height).expect("a size");
        writer.set_frame_position(layer.place.0, layer.place.1).expect("a place");
        writer.set_frame_delay(layer.delay, 0).expect("a delay");
        writer
            .set_blend_op(if layer.over { png::BlendOp::Over } else { png::BlendOp::Source })
            .expect("film");
        let dispose = match layer.disposal {
            Disposal::Keep => png::DisposeOp::None,
            Disposal::Background => png::DisposeOp::Background,
            Disposal::Previous => png::DisposeOp::Previous,
        };
        writer.set_dispose_op(dispose).expect("a film");
        writer.write_image_data(&bytes(&layer.picture)).expect("a frame");
    }
    writer.finish().expect("a PNG");
    file
}

/// Delays are milliseconds.
pub(crate) fn webp(size: (u32, u32), layers: &[Layer], plays: u16) -> Vec<u8> {
    let frame = |layer: &Layer| {
        let sides = (layer.picture.width(), layer.picture.height());
        let still = webp_still(&layer.picture);
        webp_frame(layer, sides, &still[12..])
    };
    webp_film(size, plays, layers.iter().map(frame).collect())
}

/// A WebP of these frames.
pub(crate) fn webp_film(size: (u32, u32), plays: u16, frames: Vec<Vec<u8>>) -> Vec<u8> {
    let canvas = [&[0b0001_0010, 0, 0, 0][..], &three(size.0 - 1), &three(size.1 - 1)].concat();
    let head =
        [chunk(*b"VP8X", &canvas), chunk(*b"ANIM", &[&[9, 9, 9, 9][..], &plays.to_le_bytes()].concat())];
    let body = [head.concat(), frames.concat()].concat();
    [b"RIFF", &(4 + body.len() as u32).to_le_bytes()[..], b"WEBP", &body].concat()
}

/// A frame that holds some chunks as its picture of this size.
pub(crate) fn webp_frame(layer: &Layer, size: (u32, u32), picture: &[u8]) -> Vec<u8> {
    let flags = u8::from(!layer.over) << 1 | u8::from(layer.disposal == Disposal::Background);
    let fields = [layer.place.0 / 2, layer.place.1 / 2, size.0 - 1, size.1 - 1, layer.delay.into()];
    let head = fields.into_iter().flat_map(three).chain([flags]);
    chunk(*b"ANMF", &head.chain(picture.iter().copied()).collect::<Vec<_>>())
}

pub(crate) fn webp_still(picture: &Raster) -> Vec<u8> {
    let mut file = Vec::new();
    let encoder = image_webp::WebPEncoder::new(&mut file);
    let (width, height) = (picture.width(), picture.height());
    encoder.encode(&bytes(picture), width, height, image_webp::ColorType::Rgba8).expect("a WebP");
    file
}

/// A chunk of a WebP.
pub(crate) fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = [&name[..], &(content.len() as u32).to_le_bytes(), content].concat();
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

fn three(number: u32) -> [u8; 3] {
    let [a, b, c, _] = number.to_le_bytes();
    [a, b, c]
}

/// Four bytes a pixel.
pub(crate) fn bytes(picture: &Raster) -> Vec<u8> {
    picture.pixels().iter().flat_map(|p| [p.r, p.g, p.b, p.a]).collect()
}
