//! Damaged files: the decoder returns an error that says what is wrong and never panics.

use std::io::Cursor;

use kymograph::encode::write_png;
use kymograph::golden::{DecodeError, PictureDecoder};
use kymograph::raster::{Raster, Rgba};
use kymograph::timing::LoopCount;

use super::layers::{self, Disposal};
use crate::support::film::Noise;

/// Plays a file to its end or its first error.
fn outcome(file: &[u8]) -> Result<usize, DecodeError> {
    let mut picture = PictureDecoder::open(Cursor::new(file))?;
    let mut frames = 0;
    while picture.next_frame()?.is_some() {
        frames += 1;
    }
    assert!(picture.next_frame().expect("nothing after the end").is_none());
    Ok(frames)
}

/// A small file of each kind.
fn files() -> Vec<(Vec<u8>, &'static str)> {
    let (size, noise) = ((9, 7), &mut Noise(1));
    let film = layers::noise(noise, size, &[Disposal::Keep, Disposal::Background, Disposal::Previous]);
    let plain = layers::noise(noise, size, &[Disposal::Keep, Disposal::Background]);
    let own = noise.film(size, 5, &[0, 255]);
    let mut still = Vec::new();
    write_png(&own.pictures[4], None, &mut still).expect("a PNG");
    vec![
        (layers::gif(size, &film[..4], Some(gif::Repeat::Infinite)), "GIF by hand"),
        (own.gif(&own.palette(), LoopCount::Times(3)).expect("a GIF"), "GIF"),
        (layers::apng(size, &film[..4], 0, Some(&film[0].picture)), "APNG by hand"),
        (own.apng(LoopCount::Times(3)).expect("an APNG"), "APNG"),
        (still, "PNG"),
        (layers::webp(size, &plain[..4], 0), "WebP by hand"),
        (own.webp(LoopCount::Times(3)).expect("a WebP"), "WebP"),
        (layers::webp_still(&own.pictures[4]), "still WebP"),
    ]
}

#[test]
fn a_truncated_file_is_an_error() {
    for (file, kind) in files() {
        outcome(&file).unwrap_or_else(|error| panic!("{kind} {error}"));
        for length in 0..file.len() {
            let error = outcome(&file[..length]).expect_err(kind);
            let named = matches!(error, DecodeError::Damaged { .. } | DecodeError::Unknown);
            assert!(named && !error.to_string().is_empty(), "{kind} of {length} bytes {error}");
        }
    }
}

/// Corrects the checksum of every chunk of a PNG.
pub(crate) fn correct_checksums(file: &mut [u8]) {
    let mut at = 8;
    while let Some(length) = file.get(at..at + 4) {
        let length = u32::from_be_bytes(length.try_into().expect("four bytes")) as usize;
        let Some(sum) = file.get(at + 4..(at + 8).saturating_add(length)).map(crc) else { return };
        let Some(stored) = file.get_mut(at + 8 + length..at + 12 + length) else { return };
        stored.copy_from_slice(&sum.to_be_bytes());
        at += 12 + length;
    }
}

/// PNG's checksum, bit by bit.
fn crc(bytes: &[u8]) -> u32 {
    let shift = |sum: u32, _| (sum >> 1) ^ (0xedb8_8320 * (sum & 1));
    !bytes.iter().fold(u32::MAX, |sum, &byte| (0..8).fold(sum ^ u32::from(byte), shift))
}

#[test]
fn a_changed_byte_is_at_worst_an_error() {
    for (file, kind) in files() {
        let (mut sound, mut damaged) = (0, 0);
        for at in 0..file.len() {
            for change in [0x01, 0x02, 0x10, 0x80, 0xff] {
                let mut file = file.clone();
                file[at] ^= change;
                if kind.contains("PNG") {
                    correct_checksums(&mut file);
                }
                match outcome(&file) {
                    Ok(_) => sound += 1,
                    Err(error) => damaged += usize::from(!error.to_string().is_empty()),
                }
            }
        }
        assert!(sound > 0 && damaged > 0, "{kind}: {sound} sound, {damaged} damaged");
    }
}

#[test]
fn noise_after_a_valid_header_is_an_error_or_a_picture() {
    let noise = &mut Noise(2);
    for (file, kind) in files() {
        for _ in 0..400 {
            let mut file = file.clone();
            let from = 12 + noise.below(file.len() as u32 - 12) as usize;
            file[from..].iter_mut().for_each(|byte| *byte = noise.below(256) as u8);
            if kind.contains("PNG") {
                correct_checksums(&mut file);
            }
            let _ = outcome(&file).map_err(|error| error.to_string());
        }
    }
}

#[test]
fn a_small_file_that_claims_a_huge_canvas_is_refused() {
    let gif = |width: u16, height: u16| {
        let mut file = b"GIF89a".to_vec();
        file.extend([width.to_le_bytes(), height.to_le_bytes()].concat());
        file.extend([0x80, 0, 0, 0, 0, 0, 255, 255, 255, b',', 0, 0, 0, 0]);
        file.extend([width.to_le_bytes(), height.to_le_bytes()].concat());
        file.extend([0, 2, 1, 0x44, 0, b';']);
        file
    };
    let png = |width: u32, height: u32| {
        let mut file = Vec::new();
        write_png(&Raster::filled(1, 1, Rgba::WHITE), None, &mut file).expect("a PNG");
        file[16..20].copy_from_slice(&width.to_be_bytes());
        file[20..24].copy_from_slice(&height.to_be_bytes());
        correct_checksums(&mut file);
        file
    };
    let webp = |width, height| {
        let film = layers::noise(&mut Noise(3), (4, 4), &[Disposal::Keep]);
        let still = layers::webp_still(&film[0].picture);
        layers::webp_film(
            (width, height),
            0,
            vec![layers::webp_frame(&film[0], (width, height), &still[12..])],
        )
    };
    for file in [gif(65_535, 65_535), png(i32::MAX as u32, i32::MAX as u32), webp(1 << 24, 1 << 24)] {
        let error = outcome(&file).expect_err("too large");
        assert!(matches!(error, DecodeError::TooLarge { .. }), "{error}");
    }
    // A canvas of an allowed size must have its data.
    for file in [gif(10_000, 10_000), png(10_000, 10_000), webp(10_000, 10_000)] {
        let error = outcome(&file).expect_err("hardly a pixel of it is there");
        assert!(matches!(error, DecodeError::Damaged { .. }), "{error}");
    }
}

/// Such a palette made the PNG decoder panic until palettes were checked first.
#[test]
fn a_malformed_palette_is_refused() {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 4, 4);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(vec![0; 6]);
    encoder.set_trns(vec![0]);
    encoder.write_header().and_then(|mut out| out.write_image_data(&[0; 16])).expect("a PNG");
    let at = file.windows(4).position(|name| name == b"PLTE").expect("a palette");
    for length in [4_usize, 5, 7, 767] {
        let mut file = file.clone();
        file.splice(at - 4..at, (length as u32).to_be_bytes());
        file.splice(at + 4..at + 10, vec![7; length]);
        correct_checksums(&mut file);
        let error = outcome(&file).expect_err("no palette").to_string();
        assert_eq!(error, "is a damaged PNG: its palette is not a list of up to 256 colors", "{length}");
    }
}

#[test]
fn frames_outside_the_canvas_are_refused() {
    let size = (8, 6);
    let mut film = layers::noise(&mut Noise(4), size, &[Disposal::Keep]);
    film.truncate(2);
    film[1].place = (6, 4);
    film[1].picture = Raster::filled(3, 2, Rgba::BLACK);
    for file in [layers::gif(size, &film, None), layers::webp(size, &film, 0)] {
        let error = outcome(&file).expect_err("outside").to_string();
        assert!(error.contains("in frame 1") && error.contains("leaves the canvas"), "{error}");
    }
}

#[test]
fn messages_read_on_from_the_name_of_the_file() {
    let film = layers::noise(&mut Noise(5), (8, 6), &[Disposal::Keep]);
    let gif = layers::gif((8, 6), &film, None);
    let cases = [
        (outcome(b"no picture at all"), "is neither a GIF nor a PNG nor a WebP"),
        (outcome(&gif[..gif.len() - 1]), "is a damaged GIF, in frame 12: the file ends too early"),
        (
            outcome(&[b"GIF89a", &[0xff; 4][..], &[0; 40]].concat()),
            "declares 65535 x 65535 pixels; at most 100 million are supported",
        ),
        (outcome(&gif[..13]), "is a damaged GIF: the file ends too early"),
    ];
    for (outcome, message) in cases {
        assert_eq!(outcome.expect_err(message).to_string(), message);
    }
}
