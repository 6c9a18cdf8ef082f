//! `kymo render`: scenes into the pictures that they name, several at a time.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use kymograph::encode::time::{GIF_FASTEST_RATE, nearest_good_rates};
use kymograph::panel::Figure;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::resolve::format_of;
use kymograph::scene::{Format, Output, Pick, Scene};

use super::args::Render;
use super::collision;
use super::console::Console;
use super::find::{self, DASH};
use super::load::{self, Located};
use super::picture::{Failure, Picture};
use super::target::Root;
use super::timings::Timings;
use super::video::{self, Video};

/// A scene and where its pictures go.
pub(super) struct Job {
    pub(super) scene: Scene,
    pub(super) pictures: Vec<Picture>,
    /// How long reading and checking the scene took.
    read: Duration,
}

/// How jobs are done.
pub(super) struct Manner<'a> {
    console: &'a Console,
    /// Held by whoever writes to standard output.
    pub(super) output: Mutex<()>,
    /// Threads for one picture.
    pub(super) threads: usize,
    timings: bool,
}

/// Browsers show a frame of an APNG or a WebP of 10 ms or less for 100 ms; of 90 a second all last 11 ms or more.
const MILLISECONDS_FASTEST_RATE: f64 = 90.0;

/// Renders all that is asked for; whether all of it was done.
pub(super) fn run(args: &Render, console: &Console) -> bool {
    let (paths, errors) = find::scenes(&args.scenes);
    for error in &errors {
        console.error(error);
    }
    let root = match Root::new(&args.root, args.allow_outside) {
        Ok(root) => root,
        Err(error) => {
            console.error(&error);
            return false;
        }
    };
    if args.output.is_some() && paths.len() > 1 {
        console.error(&format!("--output names one picture, and there are {} scenes", paths.len()));
        return false;
    }
    let mut jobs: Vec<Job> = Vec::new();
    let mut done = errors.is_empty();
    for path in &paths {
        let begun = Instant::now();
        let (scenes, mut errors) = scenes(path, args);
        let read = begun.elapsed();
        for scene in scenes {
            match prepare(scene, read, args, &root) {
                Ok(job) => jobs.push(job),
                Err(error) => errors.push(error),
            }
        }
        done &= errors.is_empty();
        for (diagnostic, sources) in errors {
            console.scene_error(diagnostic, sources);
        }
    }
    done &= collision::refuse(&mut jobs, console);
    let passes: usize =
        jobs.iter().map(|job| job.pictures.iter().map(|p| p.passes(&job.scene)).sum::<usize>()).sum();
    console.expect(passes as u64);
    let threads = threads(args);
    let manner = Manner {
        console,
        output: Mutex::new(()),
        threads: (threads / jobs.len().max(1)).max(1),
        timings: args.timings,
    };
    done &= render_all(&jobs, threads, &manner);
    console.finish();
    done
}

fn threads(args: &Render) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    args.jobs.map_or_else(cores, usize::from)
}

/// The scenes of a file and what is wrong with the others; one at most where there is one output.
fn scenes(path: &Path, args: &Render) -> (Vec<Scene>, Vec<Located>) {
    if args.output.is_none() {
        return load::scenes(path, &args.overrides);
    }
    match load::scene(path, &args.overrides, "--output names one picture") {
        Ok(scene) => (vec![scene], Vec::new()),
        Err(error) => (Vec::new(), vec![error]),
    }
}

/// Finds the places of a scene's pictures; `read` is how long reading it took.
fn prepare(mut scene: Scene, read: Duration, args: &Render, root: &Root) -> Result<Job, Located> {
    match pictures(&scene, args, root) {
        Ok(pictures) => Ok(Job { scene, pictures, read }),
        Err(diagnostic) => Err((diagnostic, std::mem::take(&mut scene.sources))),
    }
}

fn pictures(scene: &Scene, args: &Render, root: &Root) -> Result<Vec<Picture>, Diagnostic> {
    let outputs = chosen_outputs(scene, args)?;
    outputs
        .into_iter()
        .map(|output| {
            check_rate(scene, &output)?;
            let located = |why: String, remedy: String| at_output(Diagnostic::new(why).help(remedy), &output);
            if Video::of(output.format).is_some() {
                video::probe().map_err(|(why, remedy)| located(why, remedy))?;
            }
            if output.path.as_os_str() == DASH {
                return Ok(Picture { output, place: None });
            }
            let place = root.place(&output.path).map_err(|(why, remedy)| located(why, remedy))?;
            place.probe().map_err(|error| {
                let why = format!("{} cannot be written: {error}", place.shown.display());
                located(why, "choose another folder, or change its permissions".to_owned())
            })?;
            Ok(Picture { output, place: Some(place) })
        })
        .collect()
}

pub(super) fn at_output(diagnostic: Diagnostic, output: &Output) -> Diagnostic {
    match output.origin {
        Some(origin) => diagnostic.at(origin),
        None => diagnostic,
    }
}

/// The scene's outputs, or what the command line wants in their place.
fn chosen_outputs(scene: &Scene, args: &Render) -> Result<Vec<Output>, Diagnostic> {
    let pick = args.frame.map(Pick::Frame).or(args.at.map(Pick::At));
    if let Some(frame) = args.frame.filter(|frame| *frame >= scene.clock.frames) {
        let last = scene.clock.frames - 1;
        let why = format!("--frame is {frame}, and the last frame is {last}");
        return Err(
            Diagnostic::new(why).help(format!("frames count from 0: pass --frame {last} for the last one"))
        );
    }
    if args.at.is_some_and(|at| !at.is_finite()) {
        return Err(Diagnostic::new("--at is no finite number").help("pass --at 2.5"));
    }
    let scale = args.overrides.scale;
    let picked = |path: PathBuf, format| Output { path, format, pick, scale, origin: None };
    match &args.output {
        Some(path) if path.as_os_str() == DASH => {
            let format = match (scene.outputs[0].format, pick) {
                (format, None) => format,
                (Format::Svg | Format::SvgFilm, Some(_)) => Format::Svg,
                (
                    Format::Gif
                    | Format::Apng
                    | Format::Webp
                    | Format::Mp4
                    | Format::Webm
                    | Format::Png
                    | Format::PngSequence,
                    Some(_),
                ) => Format::Png,
            };
            if format == Format::PngSequence {
                return Err(Diagnostic::new("a sequence of stills cannot go to standard output")
                    .help("pass --frame or --at for one of them"));
            }
            if Video::of(format).is_some() {
                return Err(Diagnostic::new(
                    "video cannot go to standard output, for it is not written in order",
                )
                .help("write --output NAME.mp4 or NAME.webm"));
            }
            Ok(vec![picked(path.clone(), format)])
        }
        Some(path) => {
            let ending = format_of(path)
                .map_err(|(why, remedy)| Diagnostic::new(format!("--output: {why}")).help(remedy))?;
            let format = match (ending, args.animated) {
                (Format::Svg, true) => Format::SvgFilm,
                (_, true) => {
                    return Err(Diagnostic::new("--animated is for pictures that end in .svg")
                        .help("leave it out, or write --output NAME.svg"));
                }
                (ending, false) => ending,
            };
            if pick.is_some() && !format.is_still() {
                let remedy = if args.animated {
                    "leave out --animated"
                } else {
                    "write --output NAME.png or NAME.svg"
                };
                return Err(Diagnostic::new("--frame and --at make a still").help(remedy));
            }
            Ok(vec![picked(path.clone(), format)])
        }
        None if pick.is_some() => Ok(vec![picked(scene.outputs[0].path.with_extension("png"), Format::Png)]),
        None => Ok(scene
            .outputs
            .iter()
            .map(|output| Output { scale: scale.or(output.scale), ..output.clone() })
            .collect()),
    }
}

/// Refuses a film that viewers would slow down.
fn check_rate(scene: &Scene, output: &Output) -> Result<(), Diagnostic> {
    let fps = scene.clock.fps;
    let (name, fastest, shortest) = match output.format {
        Format::Gif => ("GIF", GIF_FASTEST_RATE, "0.02 s"),
        Format::Apng => ("APNG", MILLISECONDS_FASTEST_RATE, "0.011 s"),
        Format::Webp => ("WebP", MILLISECONDS_FASTEST_RATE, "0.011 s"),
        Format::Mp4 | Format::Webm | Format::Png | Format::PngSequence | Format::Svg | Format::SvgFilm => {
            return Ok(());
        }
    };
    if scene.clock.frames == 1 || fps <= fastest {
        return Ok(());
    }
    let why = format!(
        "{} frames a second are too many for {name}: viewers slow down delays under {shortest}",
        hundredths(fps)
    );
    let (slower, faster) = nearest_good_rates(fps);
    let help = if output.format == Format::Gif {
        format!("write fps = {} or {}, or make an .apng", hundredths(faster), hundredths(slower))
    } else {
        format!("write fps = {fastest}")
    };
    let diagnostic = at_output(Diagnostic::new(why), output).help(help);
    Err(match scene.places.pace {
        Some(origin) => diagnostic.at(origin),
        None => diagnostic,
    })
}

/// A rate to two decimals.
fn hundredths(rate: f64) -> f64 {
    (rate * 100.0).round() / 100.0
}

/// Renders jobs on several threads; whether all were done.
fn render_all(jobs: &[Job], threads: usize, manner: &Manner<'_>) -> bool {
    let next = AtomicUsize::new(0);
    let done = AtomicBool::new(true);
    let work = || {
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            if !job.render(manner) {
                done.store(false, Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(jobs.len()) {
            scope.spawn(work);
        }
        work();
    });
    done.into_inner()
}

impl Job {
    /// Makes all pictures of a scene; whether all were made.
    fn render(&self, manner: &Manner<'_>) -> bool {
        let console = manner.console;
        let mut done = true;
        let mut figures = Figures { scene: &self.scene, known: Vec::new() };
        for (number, picture) in self.pictures.iter().enumerate() {
            let begun = Instant::now();
            let timings = Timings::new(console);
            timings.next("lay out");
            let drawn = figures.at(picture.scale(&self.scene)).map_err(Failure::Scene).and_then(|figure| {
                let doubts = if number == 0 { figure.warnings() } else { &[] };
                for warning in doubts {
                    console.warning(warning, &self.scene.sources);
                }
                picture.render(figure, manner, &timings)
            });
            match drawn {
                Ok(size) => {
                    picture.tell(&self.scene, size, begun, console);
                    if manner.timings {
                        timings.lines(self.read).iter().for_each(|line| console.say(line));
                    }
                }
                Err(Failure::Closed) => done = false,
                Err(Failure::Scene(diagnostic)) => {
                    console.scene_error(diagnostic, self.scene.sources.clone());
                    done = false;
                }
                Err(Failure::File(why)) => {
                    let diagnostic = at_output(Diagnostic::new(why), &picture.output);
                    console.scene_error(diagnostic, self.scene.sources.clone());
                    done = false;
                }
            }
        }
        done
    }
}

/// The figures of a scene, one for each scale: pictures of one scale share its curves and labels.
struct Figures<'s> {
    scene: &'s Scene,
    known: Vec<(f64, Figure<'s>)>,
}

impl<'s> Figures<'s> {
    fn at(&mut self, scale: f64) -> Result<&Figure<'s>, Diagnostic> {
        let known = self.known.iter().position(|(known, _)| *known == scale);
        let index = known.unwrap_or(self.known.len());
        if known.is_none() {
            self.known.push((scale, Figure::new(self.scene, scale)?));
        }
        Ok(&self.known[index].1)
    }
}
