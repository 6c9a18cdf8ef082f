//! Laws of WebP: another decoder shows every pixel at the right time and with the requested loop count.

use std::io::{Cursor, Error, ErrorKind, Seek, SeekFrom, Write};

use kymograph::encode::{EncodeError, WebpEncoder};
use kymograph::geometry::PixelRect;
use kymograph::raster::{Raster, Rgba};
use kymograph::timing::LoopCount;

use super::shown::{exact, played_webp, shown_webp, webp_chunks, webp_plays};
use crate::support::film::{Film, Noise, fill};

#[test]
fn webps_show_the_film_exactly() {
    let noise = &mut Noise(7);
    for alphas in [&[255_u8][..], &[0, 255], &[0, 5, 90, 255]] {
        for size in [(1, 1), (7, 1), (1, 9), (23, 17)] {
            for _ in 0..10 {
                let film = noise.film(size, 24, alphas);
                let shown = shown_webp(&film.webp(LoopCount::Forever).expect("a film"));
                let wanted = film.distinct(exact);
                assert_eq!(shown.len(), wanted.len(), "equal frames are merged, and only they");
                let mut time = 0;
                for ((shown, delay), (wanted, until)) in shown.iter().zip(&wanted) {
                    assert!(shown == wanted, "{alphas:?} {size:?} at {until} s");
                    time += delay;
                    assert_eq!(time, (until * 1000.0).round() as u32);
                }
            }
        }
    }
}

/// `image-webp` 0.2.4 rounds down where it blends opaque pixels, so its channels may be off by one.
#[test]
fn another_decoder_plays_the_webp() {
    let noise = &mut Noise(12);
    for alphas in [&[255_u8][..], &[0, 255], &[0, 5, 90, 255]] {
        let film = noise.film((23, 17), 24, alphas);
        let file = film.webp(LoopCount::Forever).expect("a film");
        let (shown, played) = (shown_webp(&file), played_webp(&file));
        assert_eq!(shown.len(), played.len());
        for ((shown, delay), (played, other)) in shown.iter().zip(&played) {
            assert_eq!(delay, other);
            let off = |(a, b): (&u8, &u8)| a.abs_diff(*b);
            let most = shown.as_flattened().iter().zip(played.as_flattened()).map(off).max();
            assert!(most <= Some(1), "{alphas:?}: {most:?}");
        }
    }
}

#[test]
fn a_webp_frame_covers_the_bounding_box_of_the_change_from_even_coordinates() {
    let mut picture = Raster::filled(40, 30, Rgba::WHITE);
    let mut pictures = vec![picture.clone()];
    fill(&mut picture, PixelRect { left: 5, top: 6, right: 9, bottom: 8 }, Rgba::BLACK);
    fill(&mut picture, PixelRect { left: 20, top: 7, right: 21, bottom: 12 }, Rgba::BLACK);
    pictures.push(picture);
    let file = Film::new(pictures).webp(LoopCount::Forever).expect("a film");
    let frames: Vec<_> = webp_chunks(&file).into_iter().filter(|(name, _)| *name == b"ANMF").collect();
    // Position in units of two pixels, size minus one, 40 ms, blended over the canvas.
    assert_eq!(frames[1].1[..16], [2, 0, 0, 3, 0, 0, 16, 0, 0, 5, 0, 0, 40, 0, 0, 0]);
    assert_eq!((frames.len(), &frames[1].1[16..20]), (2, &b"VP8L"[..]));
}

#[test]
fn long_delays_continue_in_frames_without_changes() {
    for color in [Rgba::WHITE, Rgba::CLEAR] {
        let mut film = Film::new(vec![Raster::filled(3, 2, Rgba::BLACK), Raster::filled(3, 2, color)]);
        film.untils = vec![40_000.0, 40_000.5];
        let shown = shown_webp(&film.webp(LoopCount::Forever).expect("a film"));
        assert_eq!(shown.iter().map(|frame| frame.1).sum::<u32>(), 40_000_500);
        assert_eq!(shown.len(), 4);
        for (index, (picture, _)) in shown.iter().enumerate() {
            assert_eq!(*picture, exact(&film.pictures[usize::from(index == 3)]), "frame {index}");
        }
    }
}

#[test]
fn the_requested_loop_count_is_stored() {
    let film = Noise(8).film((5, 5), 4, &[255]);
    for (plays, stored) in
        [(LoopCount::Forever, 0), (LoopCount::Times(1), 1), (LoopCount::Times(65_535), 65_535)]
    {
        assert_eq!(webp_plays(&film.webp(plays).expect("a film")), stored, "{plays:?}");
    }
    assert!(matches!(film.webp(LoopCount::Times(65_536)), Err(EncodeError::Film(_))));
}

#[test]
fn a_film_with_one_distinct_frame_may_have_any_duration() {
    let mut film = Film::new(vec![Raster::filled(4, 3, Rgba::BLACK); 3]);
    film.untils = vec![0.0, 0.001, 0.002];
    assert_eq!(shown_webp(&film.webp(LoopCount::Times(1)).expect("a film")), [(vec![[0, 0, 0, 255]; 12], 2)]);
}

#[test]
fn sizes_delays_and_counts_that_webp_cannot_store_are_errors() {
    let mut film = Noise(9).film((6, 6), 9, &[255]);
    film.untils = (1..=9).map(|frame| f64::from(frame) / 100.0).collect();
    assert!(matches!(film.webp(LoopCount::Forever), Err(EncodeError::FrameTooShort { .. })));
    film.untils = (1..=9).map(|frame| f64::from(frame) * 1e5).collect();
    assert!(matches!(film.webp(LoopCount::Forever), Err(EncodeError::FrameTooLong)));
    for size in [(0, 5), (5, 16_384)] {
        let begun = WebpEncoder::new(Cursor::new(Vec::new()), size, LoopCount::Forever);
        assert!(matches!(begun.err(), Some(EncodeError::Size { .. })));
    }
    let mut begun = WebpEncoder::new(Cursor::new(Vec::new()), (5, 6), LoopCount::Forever).expect("a size");
    assert!(matches!(
        begun.push(&film.frames().next().expect("a frame")),
        Err(EncodeError::FrameSize { .. })
    ));
    assert!(matches!(begun.finish(), Err(EncodeError::Film(_))));
}

/// The file begins at the writer's present position.
#[test]
fn a_webp_may_begin_in_the_middle_of_its_writer() {
    let film = Noise(10).film((9, 9), 6, &[255]);
    let alone = film.webp(LoopCount::Forever).expect("a film");
    let mut writer = Cursor::new(b"before".to_vec());
    writer.seek(SeekFrom::End(0)).expect("a place");
    let mut encoder = WebpEncoder::new(&mut writer, film.size(), LoopCount::Forever).expect("a film");
    film.frames().try_for_each(|frame| encoder.push(&frame)).expect("frames");
    encoder.finish().expect("a film");
    writer.write_all(b"after").expect("room");
    assert_eq!(writer.into_inner(), [b"before", alone.as_slice(), b"after"].concat());
}

#[test]
fn a_write_error_is_returned() {
    /// The number of bytes that still fit.
    struct Full(Cursor<Vec<u8>>, usize);
    impl Write for Full {
        fn write(&mut self, data: &[u8]) -> Result<usize, Error> {
            self.1 = self.1.checked_sub(data.len()).ok_or(ErrorKind::StorageFull)?;
            self.0.write(data)
        }
        fn flush(&mut self) -> Result<(), Error> {
            Ok(())
        }
    }
    impl Seek for Full {
        fn seek(&mut self, place: SeekFrom) -> Result<u64, Error> {
            self.0.seek(place)
        }
    }
    let film = Noise(11).film((9, 9), 6, &[255]);
    // The length is written twice: as a placeholder first, and at the end.
    let written = film.webp(LoopCount::Forever).expect("a film").len() + 4;
    for room in 0..=written {
        let begun = WebpEncoder::new(Full(Cursor::new(Vec::new()), room), film.size(), LoopCount::Forever);
        let ended = begun.and_then(|mut encoder| {
            film.frames().try_for_each(|frame| encoder.push(&frame))?;
            encoder.finish()
        });
        match ended {
            Ok(()) => assert_eq!(room, written),
            Err(error) => assert!(matches!(error, EncodeError::Io(_)) && room < written, "{room}: {error}"),
        }
    }
}
