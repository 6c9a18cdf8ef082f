//! Comparing: every difference is found at its place and judged by the tolerance.

use std::io::Cursor;

use kymograph::encode::write_png;
use kymograph::geometry::PixelRect;
use kymograph::golden::{CompareError, Comparison, Delay, Pair, compare, difference_image};
use kymograph::raster::{Raster, Rgba};
use kymograph::timing::LoopCount;
use kymograph::tolerance::Tolerance;

use super::layers::{self, Disposal, Layer, lively};
use crate::support::film::{Film, Noise, fill};

const NONE: Tolerance = Tolerance::NONE;

/// Any share of the pixels may differ, so that single pixels decide.
const ANY_SHARE: Tolerance = Tolerance { channel: 1, antialiased: 16, share: 1.0 };

fn compared(expected: &[u8], actual: &[u8], tolerance: &Tolerance) -> Comparison {
    compare(Cursor::new(expected), Cursor::new(actual), tolerance).expect("two pictures")
}

fn png(picture: &Raster) -> Vec<u8> {
    let mut file = Vec::new();
    write_png(picture, None, &mut file).expect("a PNG");
    file
}

/// Two stills under a tolerance.
fn stills(expected: &Raster, actual: &Raster, tolerance: &Tolerance) -> Comparison {
    compared(&png(expected), &png(actual), tolerance)
}

fn with_pixel(picture: &Raster, (x, y): (i32, i32), color: Rgba) -> Raster {
    let mut changed = picture.clone();
    changed.row_mut(y, x, x + 1)[0] = color;
    changed
}

fn gray(level: u8) -> Rgba {
    Rgba::opaque(level, level, level)
}

/// The film as GIF, APNG and WebP.
fn files(film: &Film) -> [(Vec<u8>, &'static str); 3] {
    [
        (film.gif(&film.palette(), LoopCount::Forever).expect("a GIF"), "GIF"),
        (film.apng(LoopCount::Forever).expect("an APNG"), "APNG"),
        (film.webp(LoopCount::Forever).expect("a WebP"), "WebP"),
    ]
}

#[test]
fn a_picture_equals_itself() {
    let film = Noise(1).film((23, 17), 20, &[0, 90, 255]);
    for (file, kind) in files(&film) {
        let found = compared(&file, &file, &NONE);
        assert!(
            found.is_same() && found.differences.is_empty() && found.reasons().is_empty(),
            "{kind}: {found}"
        );
        assert!(found.frames.is_same() && found.frames.expected > 5, "{kind}: {:?}", found.frames);
    }
}

#[test]
fn verdicts_do_not_depend_on_the_order_of_the_two_pictures() {
    let noise = &mut Noise(2);
    for _ in 0..200 {
        let base = noise.film((16, 12), 1, &[0, 90, 255]).pictures.swap_remove(0);
        let other = Film::new(vec![base.clone(), base]);
        let [mut a, mut b] = [other.pictures[0].clone(), other.pictures[1].clone()];
        for picture in [&mut a, &mut b] {
            for _ in 0..3 {
                fill(picture, noise.rect(16, 12), noise.color(&[0, 90, 255]));
            }
        }
        let tolerance = Tolerance { channel: 40, antialiased: 60, share: 0.3 };
        let (there, back) = (stills(&a, &b, &tolerance), stills(&b, &a, &tolerance));
        assert_eq!(there.is_same(), back.is_same());
        assert_eq!(there.differences, back.differences);
    }
}

#[test]
fn a_single_pixel_is_found_with_its_place() {
    let film = lively(&mut Noise(3), (23, 17), 9, &[255]);
    let mut changed = Film::new(film.pictures.clone());
    let was = film.pictures[5].row(11, 19, 20)[0];
    changed.pictures[5] = with_pixel(&film.pictures[5], (19, 11), Rgba { r: was.r ^ 0x80, ..was });
    for ((expected, kind), (actual, _)) in files(&film).iter().zip(&files(&changed)) {
        let found = compared(expected, actual, &Tolerance::default());
        let [frame] = found.differences[..] else { panic!("{kind}: {:?}", found.differences) };
        assert!(frame.fails && !found.is_same(), "{kind}");
        assert_eq!((frame.index, frame.pixels, frame.beyond, frame.worst), (5, 1, 1, 128), "{kind}");
        assert_eq!(frame.at, (19, 11), "{kind}");
        assert_eq!(frame.bounds, PixelRect { left: 19, top: 11, right: 20, bottom: 12 }, "{kind}");
        assert_eq!(
            found.reasons(),
            ["frame 5: 1 pixel differs (0.26 %), beyond tolerance, by up to 128 at (19, 11)"]
        );
    }
}

#[test]
fn fills_may_differ_by_a_rounding_error_only() {
    let fill = |level| Raster::filled(20, 20, gray(level));
    assert!(stills(&fill(100), &fill(101), &ANY_SHARE).is_same());
    let off = stills(&fill(100), &fill(102), &ANY_SHARE);
    assert!(!off.is_same());
    assert_eq!((off.differences[0].pixels, off.differences[0].beyond), (400, 400));
    // Every pixel is off by one: that is a change.
    assert!(!stills(&fill(100), &fill(101), &Tolerance::default()).is_same());
}

#[test]
fn edges_may_differ_by_a_shade() {
    let mut edge = Raster::filled(20, 20, Rgba::WHITE);
    fill(&mut edge, PixelRect { left: 0, top: 0, right: 10, bottom: 20 }, Rgba::BLACK);
    fill(&mut edge, PixelRect { left: 10, top: 0, right: 11, bottom: 20 }, gray(128));
    for (level, same) in [(112, true), (144, true), (111, false), (145, false)] {
        let mut moved = edge.clone();
        fill(&mut moved, PixelRect { left: 10, top: 0, right: 11, bottom: 20 }, gray(level));
        let found = stills(&edge, &moved, &ANY_SHARE);
        assert_eq!(found.is_same(), same, "{level}: {found}");
        assert_eq!(found.differences[0].beyond, if same { 0 } else { 20 });
    }
    // The fills beside the edge are no edge.
    assert!(!stills(&edge, &with_pixel(&edge, (4, 4), gray(2)), &ANY_SHARE).is_same());
}

#[test]
fn a_line_is_no_edge() {
    for (paper, ink, other) in [(255, 0, 10), (255, 90, 80), (0, 200, 210)] {
        let mut line = Raster::filled(20, 20, gray(paper));
        fill(&mut line, PixelRect { left: 0, top: 9, right: 20, bottom: 10 }, gray(ink));
        let mut recolored = line.clone();
        fill(&mut recolored, PixelRect { left: 0, top: 9, right: 20, bottom: 10 }, gray(other));
        let found = stills(&line, &recolored, &ANY_SHARE);
        assert_eq!(found.differences[0].beyond, 20, "{ink} to {other} on {paper}: {found}");
    }
}

#[test]
fn alpha_is_a_channel() {
    let fill = |a| Raster::filled(9, 9, Rgba { r: 200, g: 10, b: 10, a });
    assert!(stills(&fill(99), &fill(100), &ANY_SHARE).is_same());
    let found = stills(&fill(98), &fill(100), &ANY_SHARE);
    assert!(!found.is_same() && found.differences[0].worst == 2, "{found}");
    // Colors of invisible pixels do not differ.
    let hidden = |r| Layer {
        place: (0, 0),
        picture: Raster::filled(9, 9, Rgba { r, g: 0, b: 0, a: 0 }),
        over: false,
        disposal: Disposal::Keep,
        delay: 4,
    };
    let film = |r| layers::apng((9, 9), &[hidden(r)], 0, None);
    assert!(compared(&film(0), &film(255), &NONE).differences.is_empty());
}

#[test]
fn the_share_of_differing_pixels_is_met_exactly() {
    let base = Raster::filled(100, 7, gray(100));
    let tolerance = Tolerance { channel: 1, antialiased: 1, share: 0.29 };
    for (count, same) in [(0, true), (202, true), (203, true), (204, false), (700, false)] {
        let mut changed = base.clone();
        for at in 0..count {
            changed = with_pixel(&changed, (at % 100, at / 100), gray(101));
        }
        let found = stills(&base, &changed, &tolerance);
        assert_eq!(found.is_same(), same, "{count}: {found}");
        assert_eq!(found.differences.len(), usize::from(count > 0));
        if !same {
            assert!(found.reasons()[0].ends_with("; at most 203 may differ"), "{found}");
        }
    }
}

/// Frames of one color each that cover the whole canvas.
fn flat(count: u8) -> Vec<Layer> {
    let layer = |level| Layer {
        place: (0, 0),
        picture: Raster::filled(6, 4, gray(level)),
        over: false,
        disposal: Disposal::Keep,
        delay: 4,
    };
    (0..count).map(|index| layer(10 * index)).collect()
}

#[test]
fn delays_loop_counts_and_frame_counts_must_agree_exactly() {
    let size = (6, 4);
    let film = flat(8);
    let base = layers::apng(size, &film, 0, None);

    let mut slow = flat(8);
    slow[3].delay = 5;
    slow[6].delay = 9;
    let found = compared(&base, &layers::apng(size, &slow, 0, None), &ANY_SHARE);
    let delay = found.delay.expect("a delay");
    assert_eq!(
        (delay.index, delay.delay.expected, delay.delay.actual),
        (3, Delay::new(4, 100), Delay::new(5, 100))
    );
    assert!(!found.is_same());
    assert_eq!(found.reasons(), ["delay of frame 3: expected 40 ms, found 50 ms"]);

    let found = compared(&base, &layers::apng(size, &film, 3, None), &ANY_SHARE);
    assert_eq!(found.plays, Pair { expected: LoopCount::Forever, actual: LoopCount::Times(3) });
    assert_eq!(
        (found.is_same(), found.reasons()),
        (false, vec!["plays: expected forever, found 3".to_owned()])
    );

    let found = compared(&base, &layers::apng(size, &film[..7], 0, None), &ANY_SHARE);
    assert_eq!(found.frames, Pair { expected: 8, actual: 7 });
    assert!(found.differences.is_empty() && !found.is_same());
    assert_eq!(found.reasons(), ["frames: expected 8, found 7"]);
}

#[test]
fn frames_of_different_sizes_are_not_compared() {
    let [small, large] = [(6, 4), (6, 5)].map(|(width, height)| Raster::filled(width, height, gray(9)));
    let found = stills(&small, &large, &ANY_SHARE);
    assert!(!found.is_same() && found.differences.is_empty());
    let reason =
        "size: expected 6 x 4 pixels, found 6 x 5 pixels; frames of different sizes are not compared";
    assert_eq!(found.reasons(), [reason]);
    assert_eq!(difference_image(&small, &large, &ANY_SHARE), None);
}

/// A PNG whose header says 10,000 × 10,000 pixels and whose pixels are damaged.
#[test]
fn sizes_are_compared_before_pixels_are_decoded() {
    let header =
        [&b"IHDR"[..], &10_000_u32.to_be_bytes(), &10_000_u32.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let chunk = |content: &[u8]| {
        let length = (content.len() as u32 - 4).to_be_bytes();
        [&length[..], content, &crc32(content).to_be_bytes()].concat()
    };
    let huge =
        [&b"\x89PNG\r\n\x1a\n"[..], &chunk(&header), &chunk(b"IDATnot deflate"), &chunk(b"IEND")].concat();
    let found = compared(&huge, &png(&Raster::filled(6, 4, gray(9))), &ANY_SHARE);
    let reason =
        "size: expected 10000 x 10000 pixels, found 6 x 4 pixels; frames of different sizes are not compared";
    assert_eq!(found.reasons(), [reason]);
}

/// The checksum of PNG chunks.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    })
}

#[test]
fn another_encoding_of_the_same_film_is_no_difference() {
    let noise = &mut Noise(4);
    for alphas in [&[255_u8][..], &[0, 255]] {
        // All formats store the times of 25 frames a second exactly.
        let film = lively(noise, (23, 17), 20, alphas);
        let whole = |picture: &Raster| Layer {
            place: (0, 0),
            picture: picture.clone(),
            over: false,
            disposal: Disposal::Background,
            delay: 4,
        };
        let layers: Vec<Layer> = film.pictures.iter().map(whole).collect();
        let by_hand = [
            (layers::gif((23, 17), &layers, Some(gif::Repeat::Infinite)), "GIF of whole frames"),
            (layers::apng((23, 17), &layers, 0, Some(&film.pictures[3])), "APNG of whole frames"),
        ];
        for (expected, kind) in &files(&film) {
            for (actual, other) in files(&film).iter().chain(&by_hand) {
                let found = compared(expected, actual, &NONE);
                assert!(found.is_same() && found.differences.is_empty(), "{kind}, {other}: {found}");
            }
        }
    }
}

#[test]
fn a_difference_is_shown_in_its_color() {
    let mut edge = Raster::filled(20, 20, Rgba::WHITE);
    fill(&mut edge, PixelRect { left: 0, top: 0, right: 10, bottom: 20 }, Rgba::BLACK);
    let mut moved = edge.clone();
    moved.row_mut(3, 4, 5)[0] = gray(1);
    moved.row_mut(12, 4, 5)[0] = gray(90);
    let shown = difference_image(&edge, &moved, &ANY_SHARE).expect("one size");
    let at = |x: i32, y: i32| shown.row(y, x, x + 1)[0];
    assert_eq!((at(15, 3), at(5, 5)), (Rgba::WHITE, gray(0xb0)), "what is the same is pale");
    let colored = |pixel: Rgba| pixel.r.max(pixel.g).max(pixel.b) - pixel.r.min(pixel.g).min(pixel.b) > 60;
    assert!(colored(at(4, 3)) && colored(at(4, 12)) && at(4, 3) != at(4, 12));
    assert!(at(4, 3).g > at(4, 12).g + 100, "yellow may be, red may not");
    let others = shown.pixels().iter().filter(|pixel| colored(**pixel)).count();
    assert_eq!(others, 2);
}

#[test]
fn an_error_says_which_of_the_two_files_it_concerns() {
    let sound = png(&Raster::filled(3, 3, Rgba::BLACK));
    let broken = &sound[..sound.len() - 9];
    let there = compare(Cursor::new(broken), Cursor::new(&sound), &NONE).expect_err("broken");
    let back = compare(Cursor::new(&sound), Cursor::new(broken), &NONE).expect_err("broken");
    assert!(matches!(there, CompareError::Expected(_)) && matches!(back, CompareError::Actual(_)));
    assert!(back.to_string().starts_with("the actual picture is a damaged PNG"), "{back}");
}
