//! `kymo render`: renders scenes to the pictures that they name, several at a time.

use std::path::{Path, PathBuf};
use std::time::Instant;

use kymograph::quality::Quality;
use kymograph::scene::bases::Bases;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::resolve::format_of;
use kymograph::scene::{Format, Output, Pick, Scene};

use super::args::Render;
use super::batch::{Batch, each, threads};
use super::console::Console;
use super::deps;
use super::failure::at_output;
use super::find::{self, DASH};
use super::frame_rate::check_rate;
use super::group;
use super::job::{FigureCache, Job};
use super::load::{self, LocatedError};
use super::picture::Picture;
use super::render_context::RenderContext;
use super::root::Root;
use super::timings::Timings;
use super::video::Video;

/// Renders the pictures and returns whether all succeeded.
pub(super) fn run(args: &Render, console: &Console) -> bool {
    let root = Root::new(&args.root, args.allow_outside);
    let (root, bases) = match root.and_then(|root| root.bases().map(|bases| (root, bases))) {
        Ok(found) => found,
        Err(error) => {
            console.error(&error);
            return false;
        }
    };
    if args.output.is_some() {
        let scenes = find::scenes(&args.scenes).0.len();
        if scenes > 1 {
            console.error(&format!("--output names one picture, and there are {scenes} scenes"));
            return false;
        }
    }
    let read = |path: &Path| scenes(path, args, &bases);
    let mut batch = Batch::load(&args.scenes, console, read, |scene| pictures(scene, args, &root));
    batch.retain_shard(args.sharding.shard);
    batch.retain_valid(|job| job.prepare(args.force || args.draft));
    let mut done = batch.report_failures(console);
    let jobs = &batch.jobs;
    let threads = threads(args.jobs);
    let context = RenderContext {
        timings: args.timings,
        draft: args.draft,
        ..RenderContext::new(jobs, threads, console)
    };
    for (job, rendered) in jobs.iter().zip(each(jobs, threads, |job| job.render(&context))) {
        done &= rendered.unwrap_or_else(|error| {
            console.scene_error(error, job.scene.sources.clone());
            false
        });
    }
    console.finish_progress();
    match &args.deps {
        Some(path) if done => deps::write(path, jobs, &root, console),
        _ => done,
    }
}

/// The scenes of a file, and the errors of the others. With `--output`, more than one scene is an error.
fn scenes(path: &Path, args: &Render, bases: &Bases) -> (Vec<Scene>, Vec<LocatedError>) {
    let (mut scenes, errors) = finished_scenes(path, args, bases);
    if args.draft {
        // The stamp of a draft is that of no finished picture.
        for scene in &mut scenes {
            scene.fingerprint = scene.fingerprint.of_draft();
        }
    }
    (scenes, errors)
}

/// As [`scenes`], for finished pictures.
fn finished_scenes(path: &Path, args: &Render, bases: &Bases) -> (Vec<Scene>, Vec<LocatedError>) {
    if args.output.is_none() {
        return load::scenes(path, &args.overrides, bases);
    }
    match load::scene(path, &args.overrides, bases, "--output names one picture") {
        Ok(scene) => (vec![scene], Vec::new()),
        Err(error) => (Vec::new(), vec![error]),
    }
}

fn pictures(scene: &Scene, args: &Render, root: &Root) -> Result<Vec<Picture>, Diagnostic> {
    let outputs = chosen_outputs(scene, args)?;
    outputs
        .into_iter()
        .map(|output| {
            check_rate(scene, &output)?;
            if output.path.as_os_str() == DASH {
                return Ok(Picture { output, target: None, fresh: false });
            }
            let located = |why: String, remedy: String| at_output(Diagnostic::new(why).help(remedy), &output);
            let target = root.target(&output.path).map_err(|(why, remedy)| located(why, remedy))?;
            Ok(Picture { output, target: Some(target), fresh: false })
        })
        .collect()
}

/// The scene's outputs, or the ones that the command line gives instead.
fn chosen_outputs(scene: &Scene, args: &Render) -> Result<Vec<Output>, Diagnostic> {
    let pick = args.frame.map(Pick::Frame).or(args.at.map(Pick::At));
    if let Some(frame) = args.frame.filter(|frame| *frame >= scene.timeline.frames) {
        let last = scene.timeline.frames - 1;
        let why = format!("--frame is {frame}, and the last frame is {last}");
        return Err(
            Diagnostic::new(why).help(format!("frames count from 0: pass --frame {last} for the last one"))
        );
    }
    if let Some(at) = args.at {
        if !at.is_finite() {
            return Err(Diagnostic::new("--at is no finite number").help("pass --at 2.5"));
        }
        if let Some((why, nearest)) = scene.timeline.outside(at) {
            let help = match nearest {
                Some(nearest) => format!("pass --at {nearest}"),
                None => format!("leave --at out, or pass --set time.at={at}"),
            };
            return Err(Diagnostic::new(format!("--at {why}")).help(help));
        }
    }
    let scale = args.overrides.scale;
    let quality = args.quality.unwrap_or(Quality::EXACT);
    let picked = |path: PathBuf, format| Output { path, format, pick, scale, quality, origin: None };
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
            if Video::from_format(format).is_some() {
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
            if args.quality.is_some() && format.animation_format().is_none() {
                return Err(Diagnostic::new("--quality is for films whose colors are chosen here")
                    .help("leave it out, or write --output NAME.gif, .apng or .webp"));
            }
            Ok(vec![picked(path.clone(), format)])
        }
        None if pick.is_some() => Ok(vec![picked(scene.outputs[0].path.with_extension("png"), Format::Png)]),
        None => Ok(scene.outputs.iter().map(|output| overridden(output, args)).collect()),
    }
}

/// An output of the scene with the scale and quality of the command line.
fn overridden(output: &Output, args: &Render) -> Output {
    let (scale, quality) = (args.overrides.scale.or(output.scale), args.quality.unwrap_or(output.quality));
    Output { scale, quality, ..output.clone() }
}

impl Job {
    /// Marks the fresh pictures and checks that the others can be written.
    fn prepare(&mut self, force: bool) -> Result<(), Diagnostic> {
        for picture in &mut self.pictures {
            picture.fresh = !force && picture.is_fresh(&self.scene);
            if !picture.fresh {
                let located = |(why, remedy)| at_output(Diagnostic::new(why).help(remedy), &picture.output);
                picture.check_writable().map_err(located)?;
            }
        }
        Ok(())
    }

    /// Renders the pictures of a scene and returns whether all succeeded.
    fn render(&self, context: &RenderContext<'_>) -> bool {
        let console = context.console;
        let mut done = true;
        let figures = if context.draft { FigureCache::drafts } else { FigureCache::new };
        let mut figures = figures(&self.scene, context.threads);
        self.pictures
            .iter()
            .filter(|picture| picture.fresh)
            .for_each(|picture| picture.report_fresh(console));
        for (number, group) in self.groups().iter().enumerate() {
            let begun = Instant::now();
            let timings = Timings::new(console, &self.scene.stem);
            let made = figures.render(group, &timings, |figure| {
                let doubts = if number == 0 { figure.warnings() } else { &[] };
                for warning in doubts {
                    console.warning(warning, &self.scene.sources);
                }
                group::render(group, Picture::temp_location, figure, context.threads, &timings)
            });
            timings.begin_stage("put the picture in its place");
            let mut failed = |failure, picture: &Picture| {
                done = false;
                self.report_failure(failure, picture, console);
            };
            let made = match made {
                Ok(made) => made,
                Err(failure) => {
                    failed(failure, group[0]);
                    continue;
                }
            };
            for (picture, made) in group.iter().zip(made) {
                match made.and_then(|made| picture.deliver(made, &context.stdout)) {
                    Ok(size) => picture.report_done(&self.scene, size, begun, console),
                    Err(failure) => failed(failure, picture),
                }
            }
            if context.timings {
                timings.lines(self.read).iter().for_each(|line| console.info(line));
            }
        }
        done
    }
}
