//! Playing: the frames of a file are those that other decoders show.

use std::io::Cursor;

use image::AnimationDecoder;
use image::codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use kymograph::encode::write_png;
use kymograph::golden::{DecodeError, Delay, PictureDecoder};
use kymograph::raster::{Raster, Rgba};
use kymograph::timing::LoopCount;

use super::layers::{self, Disposal, Layer, lively};
use crate::support::film::{Film, Noise};

const ALL: [Disposal; 3] = [Disposal::Keep, Disposal::Background, Disposal::Previous];

/// All frames of a file with their delays, and its loop count.
pub(crate) fn played(file: &[u8]) -> (Vec<(Raster, Delay)>, LoopCount) {
    let mut picture = PictureDecoder::open(Cursor::new(file)).expect("a picture");
    let mut frames = Vec::new();
    while let Some(shown) = picture.next_frame().expect("a sound frame") {
        assert_eq!(shown.index, frames.len());
        frames.push((shown.image.clone(), shown.delay));
    }
    (frames, picture.plays())
}

/// The frames that another decoder shows. Transparent pixels are all equal.
fn shown(file: &[u8]) -> Vec<(Vec<[u8; 4]>, Delay)> {
    let frames = match file[0] {
        b'G' => GifDecoder::new(Cursor::new(file)).expect("a GIF").into_frames(),
        b'R' => WebPDecoder::new(Cursor::new(file)).expect("a WebP").into_frames(),
        _ => PngDecoder::new(Cursor::new(file)).expect("a PNG").apng().expect("a film").into_frames(),
    };
    let frames = frames.map(|frame| {
        let frame = frame.expect("a sound frame");
        let (numerator, denominator) = frame.delay().numer_denom_ms();
        let pixels = frame.buffer().pixels().map(|p| if p.0[3] == 0 { [0; 4] } else { p.0 }).collect();
        (pixels, Delay::new(numerator, denominator * 1000))
    });
    frames.collect()
}

fn assert_shown_alike(file: &[u8], what: &str) {
    let (ours, _) = played(file);
    let theirs = shown(file);
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (index, ((ours, delay), (theirs, expected_delay))) in ours.iter().zip(&theirs).enumerate() {
        let off = layers::bytes(ours).iter().zip(theirs.as_flattened()).map(|(a, b)| a.abs_diff(*b)).max();
        // `image` rounds down where it blends frames of a WebP.
        assert!(off <= Some(u8::from(file[0] == b'R')), "{what}, frame {index}: {off:?}");
        assert_eq!(delay, expected_delay, "{what}, frame {index}");
    }
}

/// An encoded film in each format; in GIF only if all its pixels are opaque or transparent.
fn files(film: &Film, plays: LoopCount) -> [(Vec<u8>, &'static str); 3] {
    [
        (film.gif(&film.palette(), plays).expect("a GIF"), "GIF"),
        (film.apng(plays).expect("an APNG"), "APNG"),
        (film.webp(plays).expect("a WebP"), "WebP"),
    ]
}

#[test]
fn encoded_films_play_as_in_other_decoders() {
    let noise = &mut Noise(1);
    for alphas in [&[255_u8][..], &[0, 255], &[0, 5, 90, 255]] {
        for size in [(1, 1), (7, 1), (23, 17)] {
            for _ in 0..5 {
                let film = noise.film(size, 24, alphas);
                for (file, kind) in files(&film, LoopCount::Forever) {
                    assert_shown_alike(&file, &format!("{kind} {alphas:?} {size:?}"));
                    if kind != "GIF" {
                        let frames = played(&file).0;
                        let wanted = film.distinct(Raster::clone);
                        assert!(
                            frames.iter().map(|(frame, _)| frame).eq(wanted.iter().map(|(frame, _)| frame))
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn frames_are_disposed_as_the_file_says() {
    let noise = &mut Noise(2);
    let size = (12, 9);
    for round in 0..150 {
        let mut film = layers::noise(noise, size, &ALL);
        let png = layers::apng(size, &film, 0, None);
        assert_composed(&png, size, &film, "APNG", round);
        // `image` restores the pixels from before the previous disposal, not after it.
        let pairs = film.windows(2);
        let known = pairs
            .into_iter()
            .all(|pair| pair[0].disposal != Disposal::Background || pair[1].disposal != Disposal::Previous);
        if known && film[0].disposal != Disposal::Previous {
            assert_shown_alike(&png, "APNG");
        }
        for layer in &mut film {
            layer.over = true;
        }
        let gif = layers::gif(size, &film, None);
        assert_composed(&gif, size, &film, "GIF", round);
        assert_shown_alike(&gif, "GIF");
        let film = layers::noise(noise, size, &ALL[..2]);
        assert_composed(&layers::webp(size, &film, 0), size, &film, "WebP", round);
    }
}

fn assert_composed(file: &[u8], size: (u32, u32), film: &[Layer], kind: &str, round: usize) {
    let frames = played(file).0;
    let wanted = layers::composed(size, film);
    let first = frames.iter().zip(&wanted).position(|((ours, _), wanted)| ours != wanted);
    assert_eq!((frames.len(), first), (wanted.len(), None), "{kind}, film {round}");
    let ticks = if kind == "WebP" { 1000 } else { 100 };
    for ((_, delay), layer) in frames.iter().zip(film) {
        assert_eq!(*delay, Delay::new(layer.delay.into(), ticks), "{kind}, film {round}");
    }
}

/// Alpha compositing of a translucent pixel over a translucent one. Decoders round differently.
#[test]
fn translucent_frames_are_blended() {
    let noise = &mut Noise(3);
    let (size, levels) = ((40, 30), [0, 1, 60, 128, 254, 255]);
    let layer = |noise: &mut Noise, over| {
        let picture = layers::speckled(noise, size, &levels);
        Layer { place: (0, 0), picture, over, disposal: Disposal::Keep, delay: 4 }
    };
    let film = [layer(noise, false), layer(noise, true)];
    for file in [layers::apng(size, &film, 0, None), layers::webp(size, &film, 0)] {
        let found = played(&file).0.swap_remove(1).0;
        for (index, pixel) in found.pixels().iter().enumerate() {
            let [under, over] = [0, 1].map(|layer: usize| film[layer].picture.pixels()[index]);
            let (u, o) = (f64::from(under.a) / 255.0, f64::from(over.a) / 255.0);
            let alpha = o + u * (1.0 - o);
            let close = |found: u8, wanted: f64| (f64::from(found) - wanted).abs() <= 0.51;
            assert!(close(pixel.a, alpha * 255.0), "{over:?} over {under:?}: {pixel:?}");
            let mix = |over: u8, under: u8| (f64::from(over) * o + f64::from(under) * u * (1.0 - o)) / alpha;
            let channels =
                [(pixel.r, over.r, under.r), (pixel.g, over.g, under.g), (pixel.b, over.b, under.b)];
            let fits = channels.iter().all(|&(found, over, under)| close(found, mix(over, under)));
            assert!(fits || alpha == 0.0, "{over:?} over {under:?}: {pixel:?}");
        }
    }
}

#[test]
fn a_default_image_outside_the_animation_is_no_frame() {
    let size = (8, 6);
    let film = layers::noise(&mut Noise(4), size, &ALL);
    let default_image = Raster::filled(size.0, size.1, Rgba::opaque(9, 9, 9));
    let file = layers::apng(size, &film[1..], 3, Some(&default_image));
    assert_composed(&file, size, &film[1..], "APNG", 0);
    assert_eq!(played(&file).1, LoopCount::Times(3));
}

#[test]
fn loop_counts_are_read_alike_in_all_formats() {
    let film = Noise(5).film((5, 4), 6, &[255]);
    for plays in [LoopCount::Forever, LoopCount::Times(1), LoopCount::Times(2), LoopCount::Times(65_535)] {
        for (file, kind) in files(&film, plays) {
            assert_eq!(played(&file).1, plays, "{kind}");
        }
    }
    let layers = layers::noise(&mut Noise(6), (5, 4), &ALL);
    assert_eq!(played(&layers::gif((5, 4), &layers, None)).1, LoopCount::Times(1));
}

#[test]
fn delays_are_exact_fractions() {
    assert_eq!(Delay::new(4, 100), Delay::new(40, 1000));
    assert_eq!(Delay::new(1, 30), Delay::new(2000, 60_000));
    assert_ne!(Delay::new(u32::MAX, u32::MAX - 1), Delay::new(u32::MAX - 1, u32::MAX - 2));
    // APNG: a denominator of 0 means 100.
    assert_eq!(Delay::new(4, 0), Delay::new(4, 100));
    let words = [Delay::new(4, 100), Delay::new(1, 30), Delay::NONE].map(|delay| delay.to_string());
    assert_eq!(words, ["40 ms", "1/30 s", "0 ms"]);
    assert_eq!(Delay::new(1, 8).seconds(), 0.125);
}

#[test]
fn single_frames_are_read_in_order() {
    let film = lively(&mut Noise(7), (9, 7), 20, &[0, 255]);
    for (file, kind) in files(&film, LoopCount::Forever) {
        let all = played(&file).0;
        let mut picture = PictureDecoder::open(Cursor::new(&file)).expect("a picture");
        for index in [0, 3, 3, 4, 11] {
            let shown = picture.seek_frame(index).expect("a sound frame").expect("a frame");
            assert_eq!(
                (shown.index, shown.image, shown.delay),
                (index, &all[index].0, all[index].1),
                "{kind}"
            );
        }
        assert!(picture.seek_frame(10).expect("a sound film").is_none(), "{kind}: passed");
        assert_eq!(picture.next_frame().expect("a frame").map(|shown| shown.index), Some(12), "{kind}");
        assert!(picture.seek_frame(all.len()).expect("a sound film").is_none(), "{kind}: beyond the end");
        assert!(picture.next_frame().expect("a sound film").is_none(), "{kind}: over");
    }
}

/// A picture in the middle of a reader is played from the reader's position.
#[test]
fn formats_are_known_by_their_first_bytes() {
    let film = lively(&mut Noise(8), (5, 4), 3, &[255]);
    for (file, kind) in files(&film, LoopCount::Forever) {
        let mut reader = Cursor::new([b"before".to_vec(), file.clone()].concat());
        reader.set_position(6);
        // Two bytes at a time, as a slow pipe may give them.
        let slow = std::io::BufReader::with_capacity(2, reader);
        let frames = PictureDecoder::open(slow)
            .and_then(|mut picture| Ok(picture.seek_frame(2)?.map(|shown| shown.image.clone())));
        assert_eq!(frames.expect("a film"), Some(played(&file).0[2].0.clone()), "{kind}");
    }
    for other in [&b""[..], b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"RIFF\0\0\0\0WAVEfmt "]
    {
        let refused = PictureDecoder::open(Cursor::new(other)).map(|_| ()).expect_err("no picture");
        assert!(matches!(refused, DecodeError::Unknown), "{refused}");
    }
}

#[test]
fn stills_are_films_of_one_frame() {
    let mut picture = Raster::filled(31, 13, Rgba::CLEAR);
    for few in [true, false] {
        for y in 0..13 {
            let shade = |x: i32| if few { 0 } else { (x * 8) as u8 };
            let row = picture.row_mut(y, 0, 31).iter_mut().zip(0..);
            row.for_each(|(pixel, x)| {
                *pixel = Rgba { r: 9 * y as u8, g: shade(x), b: 77, a: 255 - shade(x) / 2 }
            });
        }
        let mut png = Vec::new();
        write_png(&picture, None, &mut png).expect("a PNG");
        for file in [png, layers::webp_still(&picture)] {
            assert_eq!(played(&file), (vec![(picture.clone(), Delay::NONE)], LoopCount::Times(1)));
        }
    }
}

/// All color types and bit depths of PNG, compared with another decoder.
#[test]
fn pngs_of_all_color_types_are_read() {
    use png::{BitDepth, ColorType};
    let kinds = [
        (ColorType::Grayscale, BitDepth::One, 2),
        (ColorType::Grayscale, BitDepth::Eight, 16),
        (ColorType::GrayscaleAlpha, BitDepth::Eight, 32),
        (ColorType::Rgb, BitDepth::Eight, 48),
        (ColorType::Rgba, BitDepth::Eight, 64),
        (ColorType::Indexed, BitDepth::Four, 8),
    ];
    for clear in [false, true] {
        for (color, depth, row) in kinds {
            let mut file = Vec::new();
            let mut encoder = png::Encoder::new(&mut file, 16, 4);
            encoder.set_color(color);
            encoder.set_depth(depth);
            match color {
                ColorType::Indexed => {
                    encoder.set_palette((0..48).collect::<Vec<u8>>());
                    if clear {
                        encoder.set_trns(vec![0, 90]);
                    }
                }
                ColorType::Grayscale if clear => encoder.set_trns(vec![0, 1]),
                ColorType::Rgb if clear => encoder.set_trns(vec![0, 3, 0, 4, 0, 5]),
                _ => {}
            }
            let data: Vec<u8> = (0..4 * row).map(|byte: u32| byte as u8).collect();
            encoder.write_header().and_then(|mut out| out.write_image_data(&data)).expect("a PNG");
            let theirs = image::load_from_memory(&file).expect("a PNG").into_rgba8();
            let theirs: Vec<u8> =
                theirs.pixels().flat_map(|p| if p.0[3] == 0 { [0; 4] } else { p.0 }).collect();
            assert_eq!(layers::bytes(&played(&file).0[0].0), theirs, "{color:?} {depth:?} {clear}");
        }
    }
}

/// A red picture of 2 × 2 pixels as `VP8 `.
const RED: [u8; 48] = [
    0xd0, 0x01, 0x00, 0x9d, 0x01, 0x2a, 0x02, 0x00, 0x02, 0x00, 0x02, 0x00, 0x34, 0x25, 0xa0, 0x02, 0x74,
    0xba, 0x01, 0xf8, 0x00, 0x03, 0xb0, 0x00, 0xfe, 0xf0, 0xc4, 0x0b, 0xff, 0x20, 0xb9, 0x61, 0x75, 0xc8,
    0xd7, 0xff, 0x20, 0x3f, 0xe4, 0x07, 0xfc, 0x80, 0xff, 0xf8, 0xf2, 0x00, 0x00, 0x00,
];

#[test]
fn lossy_webps_are_read_with_and_without_alpha() {
    let lossy = layers::chunk(*b"VP8 ", &RED);
    let alpha = [layers::chunk(*b"ALPH", &[0, 255, 90, 0, 1]), lossy.clone()].concat();
    let blue = Raster::filled(6, 6, Rgba::opaque(0, 0, 255));
    let under = Layer { place: (0, 0), picture: blue, over: false, disposal: Disposal::Keep, delay: 40 };
    let at =
        |over| Layer { place: (2, 4), picture: Raster::filled(2, 2, Rgba::CLEAR), over, ..under.clone() };
    let still = layers::webp_still(&under.picture);
    let first = layers::webp_frame(&under, (6, 6), &still[12..]);
    let frames = [
        first,
        layers::webp_frame(&at(true), (2, 2), &lossy),
        layers::webp_frame(&at(false), (2, 2), &alpha),
    ];
    let frames = played(&layers::webp_film((6, 6), 0, frames.to_vec())).0;
    let opaque = frames[1].0.row(4, 2, 4).to_vec();
    assert!(opaque.iter().all(|pixel| pixel.r > 240 && pixel.b < 20 && pixel.a == 255), "{opaque:?}");
    let red = opaque[0];
    let replaced = [frames[2].0.row(4, 2, 4), frames[2].0.row(5, 2, 4)].concat();
    assert_eq!(replaced, [red, Rgba { a: 90, ..red }, Rgba::CLEAR, Rgba { a: 1, ..red }]);
    assert_eq!(frames[2].0.row(3, 0, 6), [Rgba::opaque(0, 0, 255); 6]);
}
