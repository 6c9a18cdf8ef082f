//! Encoded films: independent decoders show the frames that were drawn.

use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use kymograph::panel::Figure;
use kymograph::raster::Rgba;
use kymograph::scene::Scene;

use super::shown::{self, Drawn, Ends, Screen};
use crate::support::scenes::{BUSY, draw_frames, figure, figure_at_scale, named_scenes, parse_scene};

/// A film that all tests share. Its files are encoded when a test first needs them.
struct Film {
    name: String,
    scene: Scene,
    gif: OnceLock<Vec<u8>>,
    apng: OnceLock<Vec<u8>>,
}

/// The films of the repository and the busy one.
static FILMS: LazyLock<Vec<Film>> = LazyLock::new(|| {
    let films = named_scenes()
        .filter(|(_, scene)| scene.timeline.frames > 1)
        .chain([("busy".to_owned(), parse_scene(BUSY))]);
    films.map(|(name, scene)| Film { name, scene, gif: OnceLock::new(), apng: OnceLock::new() }).collect()
});

impl Film {
    fn named(name: &str) -> &'static Self {
        FILMS.iter().find(|film| film.name == name).unwrap_or_else(|| panic!("no scene makes {name}"))
    }

    /// The GIF at the scene's own scale.
    fn gif(&self) -> &[u8] {
        self.gif.get_or_init(|| shown::gif(&figure(&self.scene)))
    }

    /// The APNG at scale 1, because no law of it depends on the scale.
    fn apng(&self) -> &[u8] {
        self.apng.get_or_init(|| shown::apng(&figure_at_scale(&self.scene, 1.0)))
    }
}

/// The opaque colors that a scene names, and those of its paper and of its axes.
fn inks(figure: &Figure<'_>) -> BTreeSet<[u8; 4]> {
    let marks = figure.marks(0).expect("marks").into_iter();
    let colors = marks.filter_map(|mark| mark.color());
    let scene = figure.scene();
    let all = colors.chain([scene.canvas.background, scene.theme.ink]);
    all.filter(|color| color.a == 255).map(|Rgba { r, g, b, a }| [r, g, b, a]).collect()
}

#[test]
fn a_gif_matches_its_frames_to_sixty_decibels() {
    let mut misses = Vec::new();
    for film in &*FILMS {
        let Film { name, scene, .. } = film;
        let figure = figure(scene);
        let inks = inks(&figure);
        let mut screen = Screen::gif(film.gif());
        let mut drawn = Drawn::new(&figure);
        let mut squares = 0;
        draw_frames(&figure, |index, frame| {
            drawn.update(frame);
            for [pixel, found] in drawn.differences(screen.of_frame(index, scene)) {
                assert_eq!(found[3], 255, "{name}, frame {index}: a hole");
                assert!(!inks.contains(&pixel), "{name}, frame {index}: {pixel:?} became {found:?}");
                let off = [0, 1, 2].map(|channel| u64::from(pixel[channel].abs_diff(found[channel])));
                let greatest = off.into_iter().max();
                assert!(greatest <= Some(16), "{name}, frame {index}: {pixel:?} became {found:?}");
                squares += off.map(|off| off * off).iter().sum::<u64>();
            }
        });
        assert!(drawn.opaque, "{name}");
        let values = scene.timeline.frames * drawn.bytes.len() / 4 * 3;
        let noise = 10.0 * (255.0 * 255.0 * values as f64 / (squares as f64).max(1e-9)).log10();
        // Translucent layers on a small canvas have ten times the colors that a GIF can hold. Curves of several colors that cross
        // in most frames have twice as many.
        let least = match name.as_str() {
            "busy" => 50.0,
            "lorenz" | "fourier-square" => 55.0,
            _ => 60.0,
        };
        if noise < least {
            misses.push(format!("{name}: {noise:.1} dB"));
        }
    }
    assert!(misses.is_empty(), "{misses:?}");
}

#[test]
fn an_apng_matches_its_frames_exactly() {
    for film in &*FILMS {
        let figure = figure_at_scale(&film.scene, 1.0);
        let mut screen = Screen::apng(film.apng());
        let mut drawn = Drawn::new(&figure);
        draw_frames(&figure, |index, frame| {
            drawn.update(frame);
            let same = drawn.bytes == *screen.of_frame(index, &film.scene).as_raw();
            assert!(same, "{}, frame {index}", film.name);
        });
    }
}

#[test]
fn films_last_as_long_as_their_scene_says() {
    for film in &*FILMS {
        let timing = film.scene.timeline.timing();
        let whole = (timing.frames as f64 / timing.fps + timing.hold) * 1000.0;
        let gif = (figure(&film.scene).size(), Ends::of_gif(film.gif()), 10.0);
        let apng = (figure_at_scale(&film.scene, 1.0).size(), Ends::of_apng(film.apng()), 1.0);
        for (kind, (size, shown, tick)) in [("GIF", gif), ("APNG", apng)] {
            let what = format!("{} as {kind}", film.name);
            let end = shown.ends.last().expect("frames");
            assert!((end - whole).abs() <= tick / 2.0, "{what}: {end} ms, not {whole}");
            assert_eq!(shown.size, size, "{what}");
            for index in 0..timing.frames {
                let until = timing.frame_end(index) * 1000.0;
                let near = shown.ends.iter().any(|end| (end - until).abs() <= tick / 2.0 + 1e-6);
                let still = index + 1 < timing.frames;
                assert!(near || still, "{what}: frame {index}");
            }
        }
    }
}

#[test]
fn the_simple_harmonic_motion_films_have_their_size_and_length() {
    for (name, size) in [
        ("simple-harmonic-motion", (1000, 700)),
        ("simple-harmonic-motion-wide", (1600, 700)),
        ("simple-harmonic-motion-z", (800, 800)),
    ] {
        let file = Film::named(name).gif();
        let shown = Ends::of_gif(file);
        assert_eq!((shown.size, shown.ends.len()), (size, 100), "{name}");
        let wanted: Vec<f64> = (1..=100).map(|i| f64::from(i) * 40.0 + f64::from(i / 100) * 1000.0).collect();
        assert_eq!(shown.ends, wanted, "{name}");
        // 03 01, then the number of repetitions: 0 means forever.
        let loops = file.windows(16).find(|window| window.starts_with(b"NETSCAPE2.0")).expect("a loop");
        assert_eq!(loops[11..], [3, 1, 0, 0, 0], "{name}");
    }
}

#[test]
fn the_simple_harmonic_motion_film_takes_at_most_450_kb() {
    let file = Film::named("simple-harmonic-motion").gif();
    assert!(file.len() <= 450_000, "{} bytes", file.len());
}

#[test]
fn a_film_of_two_thousand_frames_is_encoded() {
    let scene = parse_scene(
        "
        canvas = { size = [50, 50] }
        time = { span = [0, 200] }
        animate = { frames = 2000, fps = 50, loop = 3 }
        [panels.p]
        kind = 'plane'
        axes = 'none'
        draw = [{ trace = 'exp(j*t)*t/200' }, { point = 'exp(j*t)*t/200', size = 4, color = 'red' }]",
    );
    let figure = figure(&scene);
    let (gif, apng) = (shown::gif(&figure), shown::apng(&figure));
    for (file, ends) in [(&gif, Ends::of_gif(&gif).ends), (&apng, Ends::of_apng(&apng).ends)] {
        assert!(ends.len() > 1900 && ends.len() <= 2000, "{} frames", ends.len());
        assert!((ends.last().expect("frames") - 40_000.0).abs() < 1.0);
        assert!(file.len() < 2_000_000, "{} bytes", file.len());
    }
    // Every frame can be decoded.
    let [mut gif, mut apng] = [Screen::gif(&gif), Screen::apng(&apng)];
    gif.of_frame(1999, &scene);
    apng.of_frame(1999, &scene);
}
