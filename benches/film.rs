//! Where the time of a film goes, as ratios within one run: `cargo bench`.
//!
//! Each stage of `scenes/simple-harmonic-motion.toml` is timed over several rounds and its median is
//! compared with the floor of any film of that size: copying every frame's pixels once.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use kymograph::draw::mark::Mark;
use kymograph::encode::{Coding, EncodeError, Survey};
use kymograph::panel::Figure;
use kymograph::scene::Scene;
use kymograph::scene::load::load;
use kymograph::scene::resolve::{Options, resolve};
use kymograph::scene::source::Sources;

const ROUNDS: usize = 7;

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

fn scene() -> Scene {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes/simple-harmonic-motion.toml");
    let mut sources = Sources::new();
    let tree = load(&path, &mut sources, &mut |path| std::fs::read_to_string(path)).expect("the scene");
    let options = Options { stem: "film".to_owned(), scale: None };
    resolve(&tree, sources, &options).map_err(|(error, _)| error).expect("a sound scene")
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
            median(|| {
                let mut file = std::io::Cursor::new(Vec::new());
                reel.write_on(2, Coding::Gif, &mut file, &marks, &()).expect("a film");
            })
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
}
