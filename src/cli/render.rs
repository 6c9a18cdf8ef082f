//! `kymo render`: scenes into the pictures that they name, several at a time.

use std::io::{self, Cursor, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use kymograph::draw::mark::Mark;
use kymograph::encode::EncodeError;
use kymograph::encode::time::{GIF_FASTEST_RATE, nearest_good_rates};
use kymograph::film::{Page, Reel};
use kymograph::panel::Figure;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::resolve::{format_of, sequence_name};
use kymograph::scene::{Format, Output, Pick, Scene};

use super::args::Render;
use super::collision;
use super::console::{Console, bytes, seconds};
use super::find::{self, DASH};
use super::load::{self, Located};
use super::target::{Place, Root};
use super::video::{self, Video};

/// A scene and where its pictures go.
pub(super) struct Job {
    pub(super) scene: Scene,
    pub(super) pictures: Vec<Picture>,
}

/// Browsers show a frame of an APNG or a WebP of 10 ms or less for 100 ms; of 90 a second all last 11 ms or more.
const MILLISECONDS_FASTEST_RATE: f64 = 90.0;

/// One picture to make.
pub(super) struct Picture {
    pub(super) output: Output,
    /// None is standard output.
    pub(super) place: Option<Place>,
}

/// A film under way: its frames, and how they are played.
pub(super) struct Film<'a> {
    pub(super) reel: Reel,
    page: Page<'a>,
    pub(super) marks: &'a dyn Fn(usize) -> Result<Vec<Mark>, Failure>,
}

/// Why a picture could not be made.
pub(super) enum Failure {
    Scene(Diagnostic),
    File(String),
    /// Whoever reads standard output has gone.
    Closed,
}

impl From<EncodeError> for Failure {
    fn from(error: EncodeError) -> Self {
        match error {
            EncodeError::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => Self::Closed,
            error => Self::File(error.to_string()),
        }
    }
}

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
        let (scenes, mut errors) = scenes(path, args);
        for scene in scenes {
            match prepare(scene, args, &root) {
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
    done &= render_all(&jobs, threads(args), console);
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

/// Finds the places of a scene's pictures.
fn prepare(mut scene: Scene, args: &Render, root: &Root) -> Result<Job, Located> {
    match pictures(&scene, args, root) {
        Ok(pictures) => Ok(Job { scene, pictures }),
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
    let help = match output.format {
        Format::Gif => {
            format!("write fps = {} or {}, or make an .apng", hundredths(faster), hundredths(slower))
        }
        Format::Apng
        | Format::Webp
        | Format::Mp4
        | Format::Webm
        | Format::Png
        | Format::PngSequence
        | Format::Svg
        | Format::SvgFilm => format!("write fps = {fastest}"),
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
fn render_all(jobs: &[Job], threads: usize, console: &Console) -> bool {
    let next = AtomicUsize::new(0);
    let done = AtomicBool::new(true);
    let output = Mutex::new(());
    let work = || {
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            if !job.render(console, &output) {
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
    fn render(&self, console: &Console, output: &Mutex<()>) -> bool {
        let mut done = true;
        let mut figures = Figures { scene: &self.scene, known: Vec::new() };
        for (number, picture) in self.pictures.iter().enumerate() {
            let begun = Instant::now();
            let drawn = figures.at(picture.scale(&self.scene)).map_err(Failure::Scene).and_then(|figure| {
                if number == 0 {
                    figure
                        .warnings()
                        .iter()
                        .for_each(|warning| console.warning(warning, &self.scene.sources));
                }
                picture.render(figure, (console, output))
            });
            match drawn {
                Ok(size) => picture.tell(&self.scene, size, begun, console),
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

impl Picture {
    /// How many frames have to be drawn.
    fn passes(&self, scene: &Scene) -> usize {
        match self.output.format {
            Format::Gif | Format::Apng => 2 * scene.clock.frames,
            Format::Webp | Format::Mp4 | Format::Webm | Format::PngSequence | Format::SvgFilm => {
                scene.clock.frames
            }
            Format::Png | Format::Svg => 1,
        }
    }

    fn tell(&self, scene: &Scene, size: u64, begun: Instant, console: &Console) {
        let Some(place) = &self.place else { return };
        let (width, height) = scene.canvas.at_scale(self.scale(scene)).device_size();
        let frames = match self.output.format {
            Format::Png | Format::Svg => String::new(),
            Format::Gif
            | Format::Apng
            | Format::Webp
            | Format::Mp4
            | Format::Webm
            | Format::PngSequence
            | Format::SvgFilm => format!(", {} frames", scene.clock.frames),
        };
        let took = seconds(begun.elapsed());
        let name = place.shown.display();
        console.say(&format!("{name}: {width} × {height}{frames}, {}, {took}", bytes(size)));
    }

    fn scale(&self, scene: &Scene) -> f64 {
        self.output.scale.unwrap_or(scene.canvas.scale)
    }

    fn render(&self, figure: &Figure<'_>, (console, output): (&Console, &Mutex<()>)) -> Result<u64, Failure> {
        let scene = figure.scene();
        let marks = |index: usize| -> Result<Vec<Mark>, Failure> {
            console.step();
            figure.marks(index).map_err(Failure::Scene)
        };
        let reel = Reel {
            size: figure.size(),
            background: scene.canvas.background,
            matte: scene.canvas.matte,
            timing: scene.clock.timing(),
            plays: scene.clock.plays,
        };
        // The span's end may be left out because nothing moves there.
        let seamless = || scene.clock.is_seamless() && figure.marks(scene.clock.frames).is_ok();
        let page = Page {
            scale: self.scale(scene),
            title: scene.alt.as_deref(),
            seamless: self.output.format == Format::SvgFilm && seamless(),
        };
        let film = Film { reel, page, marks: &marks };
        if let Some(place) = &self.place {
            return self.to_file(place, scene, &film);
        }
        let _alone = output.lock();
        self.to_stdout(scene, &film)
    }

    fn write(&self, scene: &Scene, film: &Film<'_>, writer: impl Write + Seek) -> Result<(), Failure> {
        match self.output.format {
            Format::Gif => film.reel.write_gif(writer, film.marks),
            Format::Apng => film.reel.write_apng(writer, film.marks),
            Format::Webp => film.reel.write_webp(writer, film.marks),
            Format::Png | Format::PngSequence => film.reel.write_still(self.frame(scene), writer, film.marks),
            // Asked for beforehand: video has a file, and no writer.
            Format::Mp4 | Format::Webm => Err(Failure::File("video needs a file of its own".to_owned())),
            Format::Svg => film.reel.write_svg(self.frame(scene), &film.page, writer, film.marks),
            Format::SvgFilm => film.reel.write_svg_film(&film.page, writer, film.marks),
        }
    }

    /// The frame that a still shows.
    fn frame(&self, scene: &Scene) -> usize {
        match self.output.pick {
            Some(Pick::Frame(index)) => index,
            Some(Pick::At(value)) => scene.clock.nearest_frame(value),
            None => scene.clock.frames - 1,
        }
    }

    fn to_stdout(&self, scene: &Scene, film: &Film<'_>) -> Result<u64, Failure> {
        let mut bytes = Cursor::new(Vec::new());
        self.write(scene, film, &mut bytes)?;
        let bytes = bytes.into_inner();
        let mut stdout = io::stdout().lock();
        stdout.write_all(&bytes).and_then(|()| stdout.flush()).map_err(EncodeError::Io)?;
        Ok(bytes.len() as u64)
    }

    fn to_file(&self, place: &Place, scene: &Scene, film: &Film<'_>) -> Result<u64, Failure> {
        let unwritten = |place: &Place, error: io::Error| {
            Failure::File(format!("{} cannot be written: {error}", place.shown.display()))
        };
        if self.output.format == Format::PngSequence {
            return write_sequence(place, film, &unwritten);
        }
        if let Some(video) = Video::of(self.output.format) {
            return video::write(video, place, film);
        }
        let mut draft = place.draft();
        let mut writer = io::BufWriter::new(&mut draft);
        self.write(scene, film, &mut writer)?;
        writer.flush().map_err(|error| unwritten(place, error))?;
        drop(writer);
        place.publish(draft).map_err(|error| unwritten(place, error))
    }
}

/// All stills first, then all names: a failure leaves the sequence that was there.
fn write_sequence(
    place: &Place,
    film: &Film<'_>,
    unwritten: &dyn Fn(&Place, io::Error) -> Failure,
) -> Result<u64, Failure> {
    let mut all = place.draft();
    let mut lengths = Vec::new();
    film.reel.write_stills(film.marks, |bytes| {
        lengths.push(bytes.len() as u64);
        all.write_all(bytes).map_err(|error| unwritten(place, error))
    })?;
    place
        .publish_all(all, &lengths, |index| sequence_name(place.name(), index))
        .map_err(|error| unwritten(place, error))
}
