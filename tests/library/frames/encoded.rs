//! The repository's films as files: decoded by other code than wrote them, and held against the
//! frames that were drawn.

use std::collections::BTreeSet;
use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::{AnimationDecoder, RgbaImage};
use kymograph::encode::EncodeError;
use kymograph::panel::Figure;
use kymograph::raster::{Raster, Rgba};
use kymograph::scene::Scene;

use crate::support::stage::{BUSY, all_posted, figure, own, played, posted};

/// A decoded film: pictures with the time at which each ends, in milliseconds.
type Shown = Vec<(RgbaImage, f64)>;

fn film<'a>(frames: impl Iterator<Item = image::ImageResult<image::Frame>> + 'a) -> Shown {
    let mut until = 0.0;
    let frames = frames.map(|frame| {
        let frame = frame.expect("a sound frame");
        let (numerator, denominator) = frame.delay().numer_denom_ms();
        until += f64::from(numerator) / f64::from(denominator);
        (frame.into_buffer(), until)
    });
    frames.collect()
}

pub(crate) fn gif(figure: &Figure<'_>) -> (Vec<u8>, Shown) {
    let mut file = Vec::new();
    let marks = |index| Ok::<_, EncodeError>(figure.marks(index).expect("marks"));
    figure.animation().write_gif(&mut file, marks).expect("a GIF");
    let decoder = GifDecoder::new(Cursor::new(&file)).expect("a GIF");
    let shown = film(decoder.into_frames());
    (file, shown)
}

pub(crate) fn apng(figure: &Figure<'_>) -> (Vec<u8>, Shown) {
    let mut file = Vec::new();
    let marks = |index| Ok::<_, EncodeError>(figure.marks(index).expect("marks"));
    figure.animation().write_apng(&mut file, marks).expect("an APNG");
    let decoder = PngDecoder::new(Cursor::new(&file)).expect("a PNG");
    let shown = film(decoder.apng().expect("an APNG").into_frames());
    (file, shown)
}

/// What a film shows when its frame `index` is on: halfway through it.
pub(crate) fn on_screen<'a>(shown: &'a Shown, scene: &Scene, index: usize) -> &'a RgbaImage {
    let timing = scene.timeline.timing();
    let middle = (index as f64 + 0.5) / timing.fps * 1000.0;
    &shown.iter().find(|(_, until)| middle < *until).expect("the film lasts").0
}

/// All films, at their own scale or with other changes.
fn films(changes: &[&str]) -> impl Iterator<Item = (String, Scene)> {
    let posted = all_posted().into_iter().map(move |posted| (posted.name.clone(), posted.scene(changes)));
    posted.filter(|(_, scene)| scene.timeline.frames > 1).chain([("busy".to_owned(), own(BUSY))])
}

/// The colors that a scene names, and that of its paper and of its axes.
fn inks(figure: &Figure<'_>) -> BTreeSet<Rgba> {
    let marks = figure.marks(0).expect("marks").into_iter();
    let colors = marks.filter_map(|mark| mark.color());
    let scene = figure.scene();
    colors.chain([scene.canvas.background, scene.theme.ink]).filter(|color| color.a == 255).collect()
}

/// The sum of squared differences, and the greatest one.
fn difference(drawn: &Raster, shown: &RgbaImage, inks: &BTreeSet<Rgba>, what: &str) -> (f64, u8) {
    let (mut squares, mut greatest) = (0.0, 0);
    for (pixel, found) in drawn.pixels().iter().zip(shown.pixels()) {
        let channels = [(pixel.r, found.0[0]), (pixel.g, found.0[1]), (pixel.b, found.0[2])];
        let off = channels.map(|(a, b)| a.abs_diff(b));
        assert_eq!(found.0[3], 255, "{what}: a hole");
        assert!(!inks.contains(pixel) || off == [0; 3], "{what}: {pixel:?} became {found:?}");
        squares += off.map(|d| f64::from(d).powi(2)).iter().sum::<f64>();
        greatest = off.into_iter().fold(greatest, u8::max);
    }
    (squares, greatest)
}

#[test]
fn a_gif_is_its_frames_to_sixty_decibels() {
    for (name, scene) in films(&[]) {
        let figure = figure(&scene);
        let (_, shown) = gif(&figure);
        let inks = inks(&figure);
        let mut squares = 0.0;
        let frames = played(&scene);
        for (index, (drawn, _)) in frames.iter().enumerate() {
            let (sum, greatest) = difference(drawn, on_screen(&shown, &scene, index), &inks, &name);
            assert!(greatest <= 16, "{name}, frame {index}: a channel is off by {greatest}");
            squares += sum;
        }
        let values = frames.len() * frames[0].0.pixels().len() * 3;
        let noise = 10.0 * (255.0 * 255.0 * values as f64 / squares.max(1e-9)).log10();
        // Translucent layers on a small canvas have ten times the colors that a GIF can hold.
        let least = if name == "busy" { 50.0 } else { 60.0 };
        assert!(noise >= least, "{name}: {noise:.1} dB");
    }
}

#[test]
fn an_apng_is_its_frames_exactly() {
    for (name, scene) in films(&["canvas.scale=1"]) {
        let (_, shown) = apng(&figure(&scene));
        for (index, (drawn, _)) in played(&scene).iter().enumerate() {
            let found = on_screen(&shown, &scene, index).pixels().map(|p| p.0);
            let same = drawn.pixels().iter().map(|p| [p.r, p.g, p.b, p.a]).eq(found);
            assert!(same, "{name}, frame {index}");
        }
    }
}

#[test]
fn films_last_as_long_as_they_say() {
    for (name, scene) in films(&["canvas.scale=1"]) {
        let figure = figure(&scene);
        let timing = scene.timeline.timing();
        let whole = (timing.frames as f64 / timing.fps + timing.hold) * 1000.0;
        for (kind, shown, tick) in [("GIF", gif(&figure).1, 10.0), ("APNG", apng(&figure).1, 1.0)] {
            let (last, end) = shown.last().expect("frames");
            assert!((end - whole).abs() <= tick / 2.0, "{name} as {kind}: {end} ms, not {whole}");
            assert_eq!(last.dimensions(), figure.size(), "{name} as {kind}");
            for index in 0..timing.frames {
                let until = timing.frame_end(index) * 1000.0;
                let near = shown.iter().any(|(_, end)| (end - until).abs() <= tick / 2.0 + 1e-6);
                let still = index + 1 < timing.frames;
                assert!(near || still, "{name} as {kind}: frame {index}");
            }
        }
    }
}

#[test]
fn the_posts_films_are_of_their_size_and_length() {
    for (name, size) in [
        ("simple-harmonic-motion", (1000, 700)),
        ("simple-harmonic-motion-wide", (1600, 700)),
        ("simple-harmonic-motion-z", (800, 800)),
    ] {
        let scene = posted(name, &[]);
        let figure = figure(&scene);
        let (file, shown) = gif(&figure);
        assert_eq!((figure.size(), shown.len()), (size, 100), "{name}");
        let ends: Vec<f64> = shown.iter().map(|(_, until)| *until).collect();
        let wanted: Vec<f64> = (1..=100).map(|i| f64::from(i) * 40.0 + f64::from(i / 100) * 1000.0).collect();
        assert_eq!(ends, wanted, "{name}");
        // 03 01, then the number of repetitions: 0 is for ever.
        let loops = file.windows(16).find(|window| window.starts_with(b"NETSCAPE2.0")).expect("a loop");
        assert_eq!(loops[11..], [3, 1, 0, 0, 0], "{name}");
    }
}

#[test]
fn the_first_film_is_small() {
    let scene = posted("simple-harmonic-motion", &[]);
    let (file, _) = gif(&figure(&scene));
    assert!(file.len() <= 450_000, "{} bytes", file.len());
}

#[test]
fn a_long_film_is_encoded() {
    let scene = own("
        canvas = { size = [50, 50] }
        time = { span = [0, 200] }
        animate = { frames = 2000, fps = 50, loop = 3 }
        [panels.p]
        kind = 'plane'
        axes = 'none'
        draw = [{ trace = 'exp(j*t)*t/200' }, { point = 'exp(j*t)*t/200', size = 4, color = 'red' }]");
    let figure = figure(&scene);
    for (file, shown) in [gif(&figure), apng(&figure)] {
        assert!(shown.len() > 1900 && shown.len() <= 2000, "{} frames", shown.len());
        assert!((shown.last().expect("frames").1 - 40_000.0).abs() < 1.0);
        assert!(file.len() < 2_000_000, "{} bytes", file.len());
    }
}
