//! Laws of the encoders: whatever film goes in, decoders show it, at the right time, as often as asked.

use std::io::Cursor;

use image::AnimationDecoder;
use image::codecs::gif::GifDecoder;
use kymograph::encode::{
    ApngEncoder, Census, EncodeError, Frame, GifEncoder, Palette, Plays, Survey, write_png,
};
use kymograph::geometry::PixelRect;
use kymograph::raster::{Raster, Rgba};

/// A film in memory: pictures and the instants at which they end.
struct Film {
    pictures: Vec<Raster>,
    untils: Vec<f64>,
    /// Where each picture may differ from the one before.
    changed: Vec<Vec<PixelRect>>,
}

impl Film {
    /// At 25 frames a second, each said to change everywhere.
    fn new(pictures: Vec<Raster>) -> Self {
        let untils = (1..=pictures.len()).map(|frame| frame as f64 / 25.0).collect();
        let changed = pictures.iter().map(|picture| vec![picture.bounds()]).collect();
        Self { pictures, untils, changed }
    }

    fn size(&self) -> (u32, u32) {
        (self.pictures[0].width(), self.pictures[0].height())
    }

    fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        let times = self.untils.iter().zip(&self.changed);
        self.pictures.iter().zip(times).map(|(image, (&until, changed))| Frame { image, changed, until })
    }

    fn census(&self) -> Census {
        let mut survey = Survey::new();
        for frame in self.frames() {
            survey.push(&frame).expect("one size");
        }
        survey.finish().expect("a frame")
    }

    fn palette(&self) -> Palette {
        Palette::build(&self.census(), &[], MATTE)
    }

    fn gif(&self, palette: &Palette, plays: Plays) -> Result<Vec<u8>, EncodeError> {
        let mut file = Vec::new();
        let mut encoder = GifEncoder::new(&mut file, self.size(), palette.clone(), plays)?;
        for frame in self.frames() {
            encoder.push(&frame)?;
        }
        encoder.finish()?;
        Ok(file)
    }

    fn apng(&self, plays: Plays) -> Result<Vec<u8>, EncodeError> {
        let mut file = Vec::new();
        let mut encoder = ApngEncoder::new(&mut file, self.size(), &self.census(), plays)?;
        for frame in self.frames() {
            encoder.push(&frame)?;
        }
        encoder.finish()?;
        Ok(file)
    }

    /// The pictures without those that equal the one before, each with the instant at which it ends.
    fn distinct<P: PartialEq>(&self, shown: impl Fn(&Raster) -> P) -> Vec<(P, f64)> {
        let mut distinct: Vec<(P, f64)> = Vec::new();
        for (picture, &until) in self.pictures.iter().zip(&self.untils) {
            let picture = shown(picture);
            match distinct.last_mut() {
                Some(last) if last.0 == picture => last.1 = until,
                _ => distinct.push((picture, until)),
            }
        }
        distinct
    }
}

const MATTE: Rgba = Rgba::opaque(250, 240, 230);

/// Small deterministic noise: splitmix64.
struct Noise(u64);

impl Noise {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % u64::from(bound)) as u32
    }

    fn rect(&mut self, width: u32, height: u32) -> PixelRect {
        let (left, top) = (self.below(width) as i32, self.below(height) as i32);
        let (right, bottom) = (left + 1 + self.below(width) as i32, top + 1 + self.below(height) as i32);
        PixelRect { left, top, right, bottom }.intersect(&PixelRect::of_size(width, height))
    }

    fn colour(&mut self, alphas: &[u8]) -> Rgba {
        let a = alphas[self.below(alphas.len() as u32) as usize];
        let channel = |noise: &mut Self| (noise.below(6) * 51) as u8;
        match a {
            0 => Rgba::CLEAR,
            _ => Rgba { r: channel(self), g: channel(self), b: channel(self), a },
        }
    }

    /// Rectangles over rectangles, now and then nothing new, now and then many at once.
    fn film(&mut self, (width, height): (u32, u32), frames: usize, alphas: &[u8]) -> Film {
        let mut picture = Raster::filled(width, height, self.colour(alphas));
        let mut film = Film::new(vec![picture.clone()]);
        while film.pictures.len() < frames {
            let rects: Vec<_> = (0..self.below(3)).map(|_| self.rect(width, height)).collect();
            for rect in &rects {
                fill(&mut picture, *rect, self.colour(alphas));
            }
            film.pictures.push(picture.clone());
            film.changed.push(rects);
            let last = film.untils[film.untils.len() - 1];
            film.untils.push(last + 0.02 + f64::from(self.below(1000)) / 7000.0);
        }
        film
    }
}

fn fill(picture: &mut Raster, rect: PixelRect, colour: Rgba) {
    for y in rect.top..rect.bottom {
        picture.row_mut(y, rect.left, rect.right).fill(colour);
    }
}

/// A picture as the palette says it, found by trying every colour.
fn mapped(picture: &Raster, palette: &Palette) -> Vec<[u8; 4]> {
    let square =
        |a: [u8; 3], b: [u8; 3]| -> u32 { (0..3).map(|c| u32::from(a[c].abs_diff(b[c])).pow(2)).sum() };
    let nearest =
        |rgb| palette.colours().iter().min_by_key(|&&colour| square(colour, rgb)).expect("a colour");
    let show = |&pixel: &Rgba| match palette.flatten(pixel).map(nearest) {
        Some(&[r, g, b]) => [r, g, b, 255],
        None => [0; 4],
    };
    picture.pixels().iter().map(show).collect()
}

fn exact(picture: &Raster) -> Vec<[u8; 4]> {
    picture.pixels().iter().map(|pixel| [pixel.r, pixel.g, pixel.b, pixel.a]).collect()
}

/// What a decoder shows of a GIF: composited frames, clear pixels as zeros, and delays in hundredths.
fn shown_gif(file: &[u8]) -> Vec<(Vec<[u8; 4]>, u32)> {
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

/// What APNG's specification shows of a file: composited frames and delays in milliseconds.
fn shown_apng(file: &[u8]) -> Vec<(Vec<[u8; 4]>, f64)> {
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info().expect("a PNG");
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

#[test]
fn gifs_show_the_film_frame_by_frame() {
    let noise = &mut Noise(1);
    for alphas in [&[255_u8][..], &[0, 255], &[0, 0, 0, 255], &[0, 5, 90, 255]] {
        for size in [(1, 1), (7, 1), (1, 9), (23, 17)] {
            for _ in 0..10 {
                let film = noise.film(size, 24, alphas);
                let palette = film.palette();
                let shown = shown_gif(&film.gif(&palette, Plays::Forever).expect("a film"));
                let wanted = film.distinct(|picture| mapped(picture, &palette));
                assert_eq!(shown.len(), wanted.len(), "equal frames are merged, and only they");
                let mut told = 0;
                for ((shown, delay), (wanted, until)) in shown.iter().zip(&wanted) {
                    assert!(shown == wanted, "{alphas:?} {size:?} at {until} s");
                    told += delay;
                    assert_eq!(told, (until * 100.0).round() as u32);
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
                let shown = shown_apng(&film.apng(Plays::Forever).expect("a film"));
                let wanted = film.distinct(exact);
                assert_eq!(shown.len(), wanted.len(), "equal frames are merged, and only they");
                let mut told = 0.0;
                for ((shown, delay), (wanted, until)) in shown.iter().zip(&wanted) {
                    assert!(shown == wanted, "{alphas:?} {size:?} at {until} s");
                    told += delay;
                    assert!((told - (until * 1000.0).round()).abs() < 1e-6, "{told} ms at {until} s");
                }
            }
        }
    }
}

#[test]
fn gifs_write_no_more_than_the_box_of_what_changed() {
    let mut picture = Raster::filled(40, 30, Rgba::WHITE);
    let mut pictures = vec![picture.clone()];
    fill(&mut picture, PixelRect { left: 5, top: 6, right: 9, bottom: 8 }, Rgba::BLACK);
    fill(&mut picture, PixelRect { left: 20, top: 7, right: 21, bottom: 12 }, Rgba::BLACK);
    pictures.push(picture);
    let film = Film::new(pictures);
    let file = film.gif(&film.palette(), Plays::Forever).expect("a film");
    let mut decoder = gif::DecodeOptions::new().read_info(Cursor::new(file)).expect("a GIF");
    decoder.read_next_frame().expect("sound").expect("the first");
    let frame = decoder.read_next_frame().expect("sound").expect("the second");
    assert_eq!((frame.left, frame.top, frame.width, frame.height), (5, 6, 16, 6));
}

/// Pillow and ffmpeg clear to an opaque background where a frame, the first included, names no transparent index.
#[test]
fn every_frame_of_a_film_that_erases_names_the_transparent_index() {
    let film = Film::new(vec![Raster::filled(3, 2, Rgba::BLACK), Raster::filled(3, 2, Rgba::CLEAR)]);
    let file = film.gif(&film.palette(), Plays::Forever).expect("a film");
    let mut decoder = gif::DecodeOptions::new().read_info(Cursor::new(file)).expect("a GIF");
    assert_eq!(decoder.bg_color(), Some(usize::from(Palette::CLEAR)));
    for _ in 0..2 {
        let frame = decoder.read_next_frame().expect("sound").expect("two frames");
        assert_eq!(frame.transparent, Some(Palette::CLEAR));
    }
}

#[test]
fn long_delays_go_on_in_frames_that_change_nothing() {
    for alpha in [255, 0] {
        let mut film = Film::new(vec![
            Raster::filled(3, 2, Rgba::BLACK),
            Raster::filled(3, 2, if alpha == 0 { Rgba::CLEAR } else { Rgba::WHITE }),
        ]);
        film.untils = vec![2000.0, 2000.5];
        let palette = film.palette();
        let shown = shown_gif(&film.gif(&palette, Plays::Forever).expect("a film"));
        let delays: Vec<u32> = shown.iter().map(|frame| frame.1).collect();
        assert_eq!(delays.iter().sum::<u32>(), 200_050);
        assert_eq!(delays.len(), 5);
        for (index, (picture, _)) in shown.iter().enumerate() {
            assert_eq!(*picture, mapped(&film.pictures[usize::from(index == 4)], &palette), "frame {index}");
        }
        let shown = shown_apng(&film.apng(Plays::Forever).expect("a film"));
        assert_eq!(shown.iter().map(|frame| frame.1).collect::<Vec<_>>(), [2_000_000.0, 500.0]);
    }
}

/// The number in GIF's looping extension.
fn gif_loop_count(file: &[u8]) -> Option<u16> {
    let name = file.windows(11).position(|window| window == b"NETSCAPE2.0")?;
    assert_eq!(file[name + 11..name + 13], [3, 1]);
    Some(u16::from_le_bytes([file[name + 13], file[name + 14]]))
}

/// The number of plays in APNG's `acTL`.
fn apng_plays(file: &[u8]) -> u32 {
    let name = file.windows(4).position(|window| window == b"acTL").expect("an animation");
    u32::from_be_bytes(file[name + 8..name + 12].try_into().expect("four bytes"))
}

#[test]
fn films_play_as_often_as_asked() {
    let film = Noise(3).film((5, 5), 4, &[255]);
    let palette = film.palette();
    for (plays, gif, apng) in [
        (Plays::Forever, Some(0), 0),
        (Plays::Times(1), None, 1),
        (Plays::Times(2), Some(1), 2),
        (Plays::Times(65_536), Some(65_535), 65_536),
    ] {
        assert_eq!(gif_loop_count(&film.gif(&palette, plays).expect("a film")), gif, "{plays:?}");
        assert_eq!(apng_plays(&film.apng(plays).expect("a film")), apng, "{plays:?}");
    }
    assert!(matches!(film.gif(&palette, Plays::Times(65_537)), Err(EncodeError::Film(_))));
}

#[test]
fn one_frame_is_a_film_however_short() {
    let mut film = Film::new(vec![Raster::filled(4, 3, Rgba::BLACK); 3]);
    film.untils = vec![0.0, 0.001, 0.002];
    let palette = film.palette();
    assert_eq!(shown_gif(&film.gif(&palette, Plays::Times(1)).expect("a film")).len(), 1);
    assert_eq!(shown_apng(&film.apng(Plays::Times(1)).expect("a film")).len(), 1);
}

#[test]
fn what_a_format_cannot_say_is_an_error() {
    let mut film = Noise(4).film((6, 6), 9, &[255]);
    let palette = film.palette();
    film.untils = (1..=9).map(|frame| f64::from(frame) / 100.0).collect();
    assert!(matches!(film.gif(&palette, Plays::Forever), Err(EncodeError::FrameTooShort { .. })));
    film.untils = (1..=9).map(|frame| f64::from(frame) * 1e5).collect();
    assert!(matches!(film.gif(&palette, Plays::Forever), Err(EncodeError::FrameTooLong)));
    assert!(matches!(film.apng(Plays::Forever), Err(EncodeError::FrameTooLong)));
    for size in [(0, 5), (5, 65_536)] {
        let begun = GifEncoder::new(Vec::new(), size, palette.clone(), Plays::Forever);
        assert!(matches!(begun.err(), Some(EncodeError::Size { .. })));
    }
    let mut begun = GifEncoder::new(Vec::new(), (5, 6), palette, Plays::Forever).expect("a size");
    let frame = film.frames().next().expect("a frame");
    assert!(matches!(begun.push(&frame), Err(EncodeError::FrameSize { .. })));
    assert!(matches!(begun.finish(), Err(EncodeError::Film(_))));
    assert!(matches!(Survey::new().finish(), Err(EncodeError::Film(_))));
}

#[test]
fn an_apng_with_other_frames_than_surveyed_is_an_error() {
    let film = Noise(5).film((6, 6), 9, &[255]);
    for off in [-1, 1] {
        let mut census = film.census();
        census.distinct_frames = census.distinct_frames.checked_add_signed(off).expect("a count");
        let mut begun = ApngEncoder::new(Vec::new(), film.size(), &census, Plays::Forever).expect("a film");
        let pushed: Result<(), _> = film.frames().try_for_each(|frame| begun.push(&frame));
        let ended = pushed.and_then(|()| begun.finish());
        assert!(matches!(ended, Err(EncodeError::FrameCount { .. })), "{off} frame");
    }
}

#[test]
fn a_writer_that_fails_is_not_hidden() {
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
    let (palette, census) = (film.palette(), film.census());
    let whole = film.gif(&palette, Plays::Forever).expect("a film").len();
    for room in 0..whole {
        let begun = GifEncoder::new(Full(room), film.size(), palette.clone(), Plays::Forever);
        let ended = begun.and_then(|mut encoder| {
            film.frames().try_for_each(|frame| encoder.push(&frame))?;
            encoder.finish()
        });
        assert!(matches!(ended, Err(EncodeError::Io(_))), "room for {room} of {whole} bytes");
    }
    let whole = film.apng(Plays::Forever).expect("a film").len();
    for room in 0..whole {
        let begun = ApngEncoder::new(Full(room), film.size(), &census, Plays::Forever);
        let ended = begun.and_then(|mut encoder| {
            film.frames().try_for_each(|frame| encoder.push(&frame))?;
            encoder.finish()
        });
        assert!(matches!(ended, Err(EncodeError::Io(_))), "room for {room} of {whole} bytes");
    }
}

/// The edges of lines: all mixtures of pairs of base colours, rarer the nearer to the middle.
fn edges(pairs: &[(Rgba, Rgba)]) -> Film {
    let mix =
        |a: u8, b: u8, level: u32| ((u32::from(a) * (255 - level) + u32::from(b) * level + 127) / 255) as u8;
    let mut picture = Raster::filled(320, 8 * pairs.len() as u32, Rgba::WHITE);
    for (band, &(a, b)) in pairs.iter().enumerate() {
        for y in 8 * band as i32..8 * band as i32 + 8 {
            let row = picture.row_mut(y, 0, 320);
            row[256..].fill(b);
            for (level, pixel) in (0..256).zip(row) {
                *pixel = Rgba::opaque(mix(a.r, b.r, level), mix(a.g, b.g, level), mix(a.b, b.b, level));
            }
        }
    }
    Film::new(vec![picture])
}

const BASES: [Rgba; 8] = [
    Rgba::BLACK,
    Rgba::opaque(255, 165, 0),
    Rgba::opaque(0, 0, 255),
    Rgba::opaque(0, 128, 0),
    Rgba::opaque(255, 0, 0),
    Rgba::opaque(31, 119, 180),
    Rgba::opaque(148, 103, 189),
    Rgba::opaque(140, 86, 75),
];

#[test]
fn colours_that_fit_are_exact() {
    let film = Noise(7).film((40, 40), 30, &[255]);
    let palette = film.palette();
    assert!(film.census().colours.len() <= 255, "6 x 6 x 6 colours at most");
    for picture in &film.pictures {
        assert_eq!(mapped(picture, &palette), exact(picture));
    }
    let grey = |levels: u32| {
        let mut picture = Raster::filled(levels, 1, Rgba::BLACK);
        for (level, pixel) in picture.row_mut(0, 0, levels as i32).iter_mut().enumerate() {
            *pixel = Rgba::opaque(level as u8, (level / 256) as u8, 0);
        }
        Film::new(vec![picture])
    };
    assert_eq!(mapped(&grey(255).pictures[0], &grey(255).palette()), exact(&grey(255).pictures[0]));
    assert!(grey(1000).palette().colours().len() <= 255);
}

#[test]
fn base_colours_are_exact_and_edges_close() {
    for (name, ground) in [("white", Rgba::WHITE), ("black", Rgba::opaque(1, 1, 1))] {
        let film = edges(&BASES.map(|base| (ground, base)));
        let mut pinned = BASES.to_vec();
        pinned.push(ground);
        let palette = Palette::build(&film.census(), &pinned, MATTE);
        for pin in &pinned {
            assert!(palette.colours().contains(&[pin.r, pin.g, pin.b]), "{pin:?} on {name}");
        }
        let (mut worst, mut square, mut channels) = (0, 0.0, 0.0);
        for (wanted, shown) in exact(&film.pictures[0]).iter().zip(mapped(&film.pictures[0], &palette)) {
            for (&wanted, shown) in wanted.iter().zip(shown).take(3) {
                worst = worst.max(wanted.abs_diff(shown));
                square += f64::from(wanted.abs_diff(shown)).powi(2);
                channels += 1.0;
            }
        }
        assert!(worst <= 16, "a channel is off by {worst} on {name}");
        // Nearly all pixels of this film are edges, hence 40 dB; in a real film not one in ten is.
        assert!(square / channels <= 255.0_f64.powi(2) / 1e4, "mean square {} on {name}", square / channels);
    }
}

#[test]
fn a_census_counts_pixels_in_every_frame_and_frames_that_differ() {
    let film = Noise(8).film((13, 11), 40, &[0, 128, 255]);
    let census = film.census();
    let mut wanted = std::collections::BTreeMap::new();
    for pixel in film.pictures.iter().flat_map(Raster::pixels) {
        *wanted.entry(*pixel).or_insert(0_u64) += 1;
    }
    assert_eq!(census.colours, wanted.into_iter().collect::<Vec<_>>());
    assert_eq!(census.distinct_frames as usize, film.distinct(exact).len());
    assert!(!census.coarse);
}

#[test]
fn soft_edges_meet_the_matte_and_faint_ones_vanish() {
    let film = Film::new(vec![Raster::filled(2, 2, Rgba::BLACK)]);
    let palette = film.palette();
    assert_eq!(palette.flatten(Rgba { r: 9, g: 9, b: 9, a: 7 }), None);
    assert_eq!(palette.flatten(Rgba { r: 0, g: 0, b: 0, a: 8 }), Some([242, 232, 223]));
    for alpha in 8..=255 {
        let [r, g, b] = palette.flatten(Rgba { r: 0, g: 255, b: 10, a: alpha }).expect("opaque");
        let share = f64::from(alpha) / 255.0;
        for (shown, (top, below)) in [r, g, b].into_iter().zip([(0.0, 250.0), (255.0, 240.0), (10.0, 230.0)])
        {
            assert!((f64::from(shown) - (top * share + below * (1.0 - share))).abs() <= 0.5 + 1e-9);
        }
    }
}

#[test]
fn stills_are_lossless_at_every_number_of_colours() {
    let noise = &mut Noise(9);
    for alphas in [&[255_u8][..], &[0, 255], &[0, 77, 255]] {
        for colours in [1, 2, 3, 4, 5, 16, 17, 256, 257, 1000] {
            let palette: Vec<Rgba> = (0..colours)
                .map(|index: u32| Rgba { g: index as u8, b: (index >> 8) as u8, ..noise.colour(alphas) })
                .map(|colour| if colour.a == 0 { Rgba::CLEAR } else { colour })
                .collect();
            let mut picture = Raster::filled(37, 29, Rgba::BLACK);
            for y in 0..29 {
                for pixel in picture.row_mut(y, 0, 37) {
                    *pixel = palette[noise.below(colours) as usize];
                }
            }
            let mut file = Vec::new();
            write_png(&picture, &mut file).expect("a still");
            let decoded = image::load_from_memory(&file).expect("a PNG").into_rgba8();
            assert_eq!(decoded.dimensions(), (37, 29));
            assert_eq!(
                decoded.pixels().map(|pixel| pixel.0).collect::<Vec<_>>(),
                exact(&picture),
                "{colours}"
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
        ("opaque", &[255_u8][..], Plays::Forever),
        ("clear", &[0, 255], Plays::Times(3)),
        ("mostly-clear", &[0, 0, 0, 255], Plays::Times(1)),
    ] {
        let film = noise.film((61, 47), 30, alphas);
        let write = |ending, file: Vec<u8>| std::fs::write(folder.join(name).with_extension(ending), file);
        write("gif", film.gif(&film.palette(), plays).expect("a film")).expect("a writable folder");
        write("apng", film.apng(plays).expect("a film")).expect("a writable folder");
    }
    let mut held = Film::new(vec![Raster::filled(9, 9, Rgba::BLACK), Raster::filled(9, 9, Rgba::CLEAR)]);
    held.untils = vec![700.0, 701.0];
    let file = held.gif(&held.palette(), Plays::Forever).expect("a film");
    std::fs::write(folder.join("long-delay.gif"), file).expect("a writable folder");
}
