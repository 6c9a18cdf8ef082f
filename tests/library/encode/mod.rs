//! Laws of the encoders: decoders show every film at the right times and with the requested loop count.

mod colors;
mod palettes;
mod shown;
mod webp;

use std::io::Cursor;

use kymograph::encode::{ApngEncoder, EncodeError, FilmAnalyzer, GifEncoder, Palette, write_png};
use kymograph::geometry::PixelRect;
use kymograph::raster::{Raster, Rgba};
use kymograph::timing::LoopCount;

use crate::support::film::{Film, Noise, fill};
use shown::{apng_plays, exact, gif_loop_count, mapped, shown_apng, shown_gif};

#[test]
fn gifs_show_every_distinct_frame_at_its_time() {
    let noise = &mut Noise(1);
    for alphas in [&[255_u8][..], &[0, 255], &[0, 0, 0, 255], &[0, 5, 90, 255]] {
        for size in [(1, 1), (7, 1), (1, 9), (23, 17)] {
            for _ in 0..10 {
                let film = noise.film(size, 24, alphas);
                let palette = film.palette();
                let shown = shown_gif(&film.gif(&palette, LoopCount::Forever).expect("a film"));
                let wanted = film.distinct(|picture| mapped(picture, &palette));
                assert_eq!(shown.len(), wanted.len(), "equal frames are merged, and only they");
                let mut time = 0;
                for ((shown, delay), (wanted, until)) in shown.iter().zip(&wanted) {
                    assert!(shown == wanted, "{alphas:?} {size:?} at {until} s");
                    time += delay;
                    assert_eq!(time, (until * 100.0).round() as u32);
                }
            }
        }
    }
}

#[test]
fn apngs_show_the_film_exactly() {
    let noise = &mut Noise(2);
    for alphas in [&[255_u8][..], &[0, 255], &[0, 5, 90, 255]] {
        for size in [(1, 1), (7, 1), (23, 17)] {
            for _ in 0..10 {
                let film = noise.film(size, 24, alphas);
                let shown = shown_apng(&film.apng(LoopCount::Forever).expect("a film"));
                let wanted = film.distinct(exact);
                assert_eq!(shown.len(), wanted.len(), "equal frames are merged, and only they");
                let mut time = 0.0;
                for ((shown, delay), (wanted, until)) in shown.iter().zip(&wanted) {
                    assert!(shown == wanted, "{alphas:?} {size:?} at {until} s");
                    time += delay;
                    assert!((time - (until * 1000.0).round()).abs() < 1e-6, "{time} ms at {until} s");
                }
            }
        }
    }
}

#[test]
fn a_gif_frame_covers_the_bounding_box_of_the_change() {
    let mut picture = Raster::filled(40, 30, Rgba::WHITE);
    let mut pictures = vec![picture.clone()];
    fill(&mut picture, PixelRect { left: 5, top: 6, right: 9, bottom: 8 }, Rgba::BLACK);
    fill(&mut picture, PixelRect { left: 20, top: 7, right: 21, bottom: 12 }, Rgba::BLACK);
    pictures.push(picture);
    let film = Film::new(pictures);
    let file = film.gif(&film.palette(), LoopCount::Forever).expect("a film");
    let mut decoder = gif::DecodeOptions::new().read_info(Cursor::new(file)).expect("a GIF");
    decoder.read_next_frame().expect("sound").expect("the first");
    let frame = decoder.read_next_frame().expect("sound").expect("the second");
    assert_eq!((frame.left, frame.top, frame.width, frame.height), (5, 6, 16, 6));
}

/// Pillow and ffmpeg clear to an opaque background unless every frame, the first included, names a transparent index.
#[test]
fn every_gif_frame_of_an_erasing_film_names_the_transparent_index() {
    let film = Film::new(vec![Raster::filled(3, 2, Rgba::BLACK), Raster::filled(3, 2, Rgba::CLEAR)]);
    let file = film.gif(&film.palette(), LoopCount::Forever).expect("a film");
    let mut decoder = gif::DecodeOptions::new().read_info(Cursor::new(file)).expect("a GIF");
    assert_eq!(decoder.bg_color(), Some(usize::from(Palette::CLEAR)));
    for _ in 0..2 {
        let frame = decoder.read_next_frame().expect("sound").expect("two frames");
        assert_eq!(frame.transparent, Some(Palette::CLEAR));
    }
}

#[test]
fn long_delays_continue_in_frames_without_changes() {
    for alpha in [255, 0] {
        let mut film = Film::new(vec![
            Raster::filled(3, 2, Rgba::BLACK),
            Raster::filled(3, 2, if alpha == 0 { Rgba::CLEAR } else { Rgba::WHITE }),
        ]);
        film.untils = vec![2000.0, 2000.5];
        let palette = film.palette();
        let shown = shown_gif(&film.gif(&palette, LoopCount::Forever).expect("a film"));
        let delays: Vec<u32> = shown.iter().map(|frame| frame.1).collect();
        assert_eq!(delays.iter().sum::<u32>(), 200_050);
        assert_eq!(delays.len(), 5);
        for (index, (picture, _)) in shown.iter().enumerate() {
            assert_eq!(*picture, mapped(&film.pictures[usize::from(index == 4)], &palette), "frame {index}");
        }
        let shown = shown_apng(&film.apng(LoopCount::Forever).expect("a film"));
        assert_eq!(shown.iter().map(|frame| frame.1).collect::<Vec<_>>(), [2_000_000.0, 500.0]);
    }
}

#[test]
fn files_do_not_depend_on_threads() {
    let noise = &mut Noise(17);
    for alphas in [&[255_u8][..], &[0, 255], &[0, 77, 255]] {
        let film = noise.film((23, 17), 60, alphas);
        let palette = film.palette();
        let coded = |threads| {
            [
                film.gif_on(threads, &palette, LoopCount::Forever).expect("a film"),
                film.apng_on(threads, LoopCount::Forever).expect("a film"),
                film.webp_on(threads, LoopCount::Forever).expect("a film"),
            ]
        };
        let alone = coded(1);
        for threads in [0, 2, 3, 5] {
            assert!(coded(threads) == alone, "{threads} threads, alpha {alphas:?}");
        }
    }
}

#[test]
fn the_requested_loop_count_is_stored() {
    let film = Noise(3).film((5, 5), 4, &[255]);
    let palette = film.palette();
    for (plays, gif, apng) in [
        (LoopCount::Forever, Some(0), 0),
        (LoopCount::Times(1), None, 1),
        (LoopCount::Times(2), Some(1), 2),
        (LoopCount::Times(65_536), Some(65_535), 65_536),
    ] {
        assert_eq!(gif_loop_count(&film.gif(&palette, plays).expect("a film")), gif, "{plays:?}");
        assert_eq!(apng_plays(&film.apng(plays).expect("a film")), apng, "{plays:?}");
    }
    assert!(matches!(film.gif(&palette, LoopCount::Times(65_537)), Err(EncodeError::Film(_))));
}

#[test]
fn a_film_with_one_distinct_frame_may_have_any_duration() {
    let mut film = Film::new(vec![Raster::filled(4, 3, Rgba::BLACK); 3]);
    film.untils = vec![0.0, 0.001, 0.002];
    let palette = film.palette();
    assert_eq!(shown_gif(&film.gif(&palette, LoopCount::Times(1)).expect("a film")).len(), 1);
    assert_eq!(shown_apng(&film.apng(LoopCount::Times(1)).expect("a film")).len(), 1);
}

#[test]
fn sizes_delays_and_counts_that_a_format_cannot_store_are_errors() {
    let mut film = Noise(4).film((6, 6), 9, &[255]);
    let palette = film.palette();
    film.untils = (1..=9).map(|frame| f64::from(frame) / 100.0).collect();
    assert!(matches!(film.gif(&palette, LoopCount::Forever), Err(EncodeError::FrameTooShort { .. })));
    film.untils = (1..=9).map(|frame| f64::from(frame) * 1e5).collect();
    assert!(matches!(film.gif(&palette, LoopCount::Forever), Err(EncodeError::FrameTooLong)));
    assert!(matches!(film.apng(LoopCount::Forever), Err(EncodeError::FrameTooLong)));
    for size in [(0, 5), (5, 65_536)] {
        let begun = GifEncoder::new(Vec::new(), size, palette.clone(), LoopCount::Forever);
        assert!(matches!(begun.err(), Some(EncodeError::Size { .. })));
    }
    let mut begun = GifEncoder::new(Vec::new(), (5, 6), palette, LoopCount::Forever).expect("a size");
    let frame = film.frames().next().expect("a frame");
    assert!(matches!(begun.push(&frame), Err(EncodeError::FrameSize { .. })));
    assert!(matches!(begun.finish(), Err(EncodeError::Film(_))));
    assert!(matches!(FilmAnalyzer::new().finish(), Err(EncodeError::Film(_))));
}

#[test]
fn an_apng_with_another_number_of_frames_than_counted_is_an_error() {
    let film = Noise(5).film((6, 6), 9, &[255]);
    for off in [-1, 1] {
        let mut statistics = film.statistics();
        statistics.distinct_frames = statistics.distinct_frames.checked_add_signed(off).expect("a count");
        let mut begun =
            ApngEncoder::new(Vec::new(), film.size(), &statistics, LoopCount::Forever).expect("a film");
        let pushed: Result<(), _> = film.frames().try_for_each(|frame| begun.push(&frame));
        let ended = pushed.and_then(|()| begun.finish());
        assert!(matches!(ended, Err(EncodeError::FrameCount { .. })), "{off} frame");
    }
}

#[test]
fn a_write_error_is_returned() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(data.len()).ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(data.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let film = Noise(6).film((9, 9), 6, &[255]);
    let (palette, statistics) = (film.palette(), film.statistics());
    let whole = film.gif(&palette, LoopCount::Forever).expect("a film").len();
    for room in 0..whole {
        let begun = GifEncoder::new(Full(room), film.size(), palette.clone(), LoopCount::Forever);
        let ended = begun.and_then(|mut encoder| {
            film.frames().try_for_each(|frame| encoder.push(&frame))?;
            encoder.finish()
        });
        assert!(matches!(ended, Err(EncodeError::Io(_))), "room for {room} of {whole} bytes");
    }
    let whole = film.apng(LoopCount::Forever).expect("a film").len();
    for room in 0..whole {
        let begun = ApngEncoder::new(Full(room), film.size(), &statistics, LoopCount::Forever);
        let ended = begun.and_then(|mut encoder| {
            film.frames().try_for_each(|frame| encoder.push(&frame))?;
            encoder.finish()
        });
        assert!(matches!(ended, Err(EncodeError::Io(_))), "room for {room} of {whole} bytes");
    }
}

#[test]
fn stills_are_lossless_at_every_number_of_colors() {
    let noise = &mut Noise(9);
    for alphas in [&[255_u8][..], &[0, 255], &[0, 77, 255]] {
        for colors in [1, 2, 3, 4, 5, 16, 17, 256, 257, 1000] {
            let palette: Vec<Rgba> = (0..colors)
                .map(|index: u32| Rgba { g: index as u8, b: (index >> 8) as u8, ..noise.color(alphas) })
                .map(|color| if color.a == 0 { Rgba::CLEAR } else { color })
                .collect();
            let mut picture = Raster::filled(37, 29, Rgba::BLACK);
            for y in 0..29 {
                for pixel in picture.row_mut(y, 0, 37) {
                    *pixel = palette[noise.below(colors) as usize];
                }
            }
            let mut file = Vec::new();
            write_png(&picture, None, &mut file).expect("a still");
            let decoded = image::load_from_memory(&file).expect("a PNG").into_rgba8();
            assert_eq!(decoded.dimensions(), (37, 29));
            assert_eq!(
                decoded.pixels().map(|pixel| pixel.0).collect::<Vec<_>>(),
                exact(&picture),
                "{colors}"
            );
        }
    }
}

/// Writes sample films for `tests/decoders/check.sh` into the folder that `KYMO_DECODER_SAMPLES` names.
#[test]
#[ignore = "writes files for tests/decoders/check.sh, which runs it"]
fn decoder_samples() {
    let Some(folder) = std::env::var_os("KYMO_DECODER_SAMPLES") else {
        panic!("set KYMO_DECODER_SAMPLES to a folder")
    };
    let folder = std::path::PathBuf::from(folder);
    let noise = &mut Noise(10);
    for (name, alphas, plays) in [
        ("opaque", &[255_u8][..], LoopCount::Forever),
        ("clear", &[0, 255], LoopCount::Times(3)),
        ("mostly-clear", &[0, 0, 0, 255], LoopCount::Times(1)),
    ] {
        let film = noise.film((61, 47), 30, alphas);
        let write = |ending, file: Vec<u8>| std::fs::write(folder.join(name).with_extension(ending), file);
        write("gif", film.gif(&film.palette(), plays).expect("a film")).expect("a writable folder");
        write("apng", film.apng(plays).expect("a film")).expect("a writable folder");
        write("webp", film.webp(plays).expect("a film")).expect("a writable folder");
    }
    for (name, colors, alphas) in [
        ("palette", 12, &[255_u8][..]),
        ("translucent-palette", 200, &[0, 255, 90]),
        ("no-alpha", 1000, &[255]),
        ("alpha", 1000, &[0, 255, 90]),
    ] {
        let film = noise.sparkle(&Noise(18).colors(colors, alphas), 8);
        let write = |ending, file: Vec<u8>| std::fs::write(folder.join(name).with_extension(ending), file);
        write("apng", film.apng(LoopCount::Forever).expect("a film")).expect("a writable folder");
        let mut still = Vec::new();
        write_png(&film.pictures[0], None, &mut still).expect("a still");
        write("png", still).expect("a writable folder");
    }
    let mut held = Film::new(vec![Raster::filled(9, 9, Rgba::BLACK), Raster::filled(9, 9, Rgba::CLEAR)]);
    held.untils = vec![700.0, 701.0];
    let file = held.gif(&held.palette(), LoopCount::Forever).expect("a film");
    std::fs::write(folder.join("long-delay.gif"), file).expect("a writable folder");
}
