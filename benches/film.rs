//! Where the time of a film goes, as ratios within one run: `cargo bench`.
//!
//! Each stage of `scenes/simple-harmonic-motion.toml` is timed over several rounds and its median is
//! compared with the floor of any film of that size: copying every frame's pixels once. Then the same drawing is put on
//! a larger canvas, where as many pixels change as before.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use kymograph::draw::mark::{Cap, Mark, Pen, Polyline, Stroke};
use kymograph::encode::{EncodeError, Survey};
use kymograph::film::Reel;
use kymograph::geometry::{PixelRect, Point};
use kymograph::panel::Figure;
use kymograph::raster::Rgba;
use kymograph::scene::Scene;
use kymograph::scene::load::load;
use kymograph::scene::resolve::{Options, resolve};
use kymograph::scene::source::Sources;

const ROUNDS: usize = 7;

/// The larger canvas, in pixels.
const LARGE: (u32, u32) = (3840, 2160);

/// The median time of a piece of work, in milliseconds.
fn median<T>(mut work: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            black_box(work());
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}

/// The median ratio of the times of two pieces of work, done in turn.
fn ratio(mut one: impl FnMut(), mut other: impl FnMut()) -> f64 {
    let time = |work: &mut dyn FnMut()| {
        let begun = Instant::now();
        work();
        begun.elapsed().as_secs_f64()
    };
    let mut ratios: Vec<f64> = (0..ROUNDS).map(|_| time(&mut one) / time(&mut other)).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ROUNDS / 2]
}

fn scene() -> Scene {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes/simple-harmonic-motion.toml");
    let mut sources = Sources::new();
    let tree = load(&path, &mut sources, &mut |path| std::fs::read_to_string(path)).expect("the scene");
    let options = Options { stem: "film".to_owned(), scale: None };
    resolve(&tree, sources, &options).map_err(|(error, _)| error).expect("a sound scene")
}

/// A dot of 14 pixels that goes round in the middle of a canvas of this size.
fn dot(index: usize, (width, height): (u32, u32)) -> Mark {
    let (sin, cos) = libm::sincos(index as f64 * 0.06);
    let (x, y) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
    let at = Point::new(x + 0.6 * y * cos, y + 0.6 * y * sin);
    let path = Arc::new(Polyline { points: vec![at], starts: vec![0] });
    let pen = Pen { colour: Rgba::BLACK, width: 14.0, dash: Vec::new(), cap: Cap::Round };
    let clip = PixelRect::of_size(width, height);
    Mark::Stroke(Stroke { path, upto: 1, pen: Arc::new(pen), clip })
}

fn main() {
    let scene = scene();
    let figure = Figure::new(&scene, scene.canvas.scale).expect("a figure");
    let (width, height) = figure.size();
    let reel = figure.reel();
    let marks = |index| -> Result<Vec<Mark>, EncodeError> { Ok(figure.marks(index).expect("marks")) };
    let frames = scene.clock.frames;
    let frame = vec![0_u8; (width * height * 4) as usize];
    let mut copy = frame.clone();
    let floor = median(|| (0..frames).for_each(|_| copy.copy_from_slice(black_box(&frame))));
    let mut gif = Vec::new();
    let stages = [
        ("copy every frame once", floor),
        ("read and resolve the scene", median(self::scene)),
        ("lay out and draw what stands", median(|| Figure::new(&scene, scene.canvas.scale).is_ok())),
        ("list the marks", median(|| (0..frames).map(|i| marks(i).expect("marks").len()).sum::<usize>())),
        ("paint", median(|| reel.play(marks, |_| Ok(())).is_ok())),
        ("paint and count colours", {
            median(|| {
                let mut survey = Survey::new();
                reel.play(marks, |frame| survey.push(frame)).expect("a survey");
                survey.finish().expect("a census").colours.len()
            })
        }),
        ("the whole film as GIF", {
            median(|| {
                gif.clear();
                reel.write_gif(&mut gif, marks).expect("a film");
            })
        }),
        ("the same on two threads", {
            median(|| reel.write_gif_on(2, std::io::sink(), &marks, &()).expect("a film"))
        }),
        ("the whole film as APNG", { median(|| reel.write_apng(std::io::sink(), marks).is_ok()) }),
    ];
    println!(
        "{frames} frames of {width} x {height}, the GIF has {} bytes; medians of {ROUNDS} rounds",
        gif.len()
    );
    for (stage, time) in stages {
        println!(
            "{stage:30} {time:9.2} ms {:9.3} ms a frame {:7.2} x the copy",
            time / frames as f64,
            time / floor
        );
    }

    let standing = marks(0).expect("marks");
    let dotted = |index| -> Result<Vec<Mark>, EncodeError> {
        Ok(standing.iter().cloned().chain([dot(index, (width, height))]).collect())
    };
    let large = Reel { size: LARGE, ..reel };
    println!(
        "the same as a GIF on {} x {} pixels, on one and on two threads, each round beside the other canvas's:",
        LARGE.0, LARGE.1
    );
    for threads in [1, 2] {
        let film = |reel: &Reel| reel.write_gif_on(threads, std::io::sink(), &marks, &()).expect("a film");
        let small = |reel: &Reel| reel.write_gif_on(threads, std::io::sink(), &dotted, &()).expect("a film");
        println!("{:30} {:7.2} x", "the whole film", ratio(|| film(&large), || film(&reel)));
        println!("{:30} {:7.2} x", "a dot over its first frame", ratio(|| small(&large), || small(&reel)));
    }
}
