//! `kymo render --frames A..B`: a stretch of one long film, into a part that `kymo join` joins with the others, or into a
//! survey that parts are made with.
//!
//! A part is there whole or not at all, and one that is there already is not made again, so that a batch which was
//! interrupted is completed by starting it once more.

use std::io::{BufReader, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, Instant};

use kymograph::encode::{Content, EncodeError, Part, PartError, Stamp, in_order};
use kymograph::files::{self, ReadError};
use kymograph::film::{Counts, Edition, Share};
use kymograph::panel::Figure;
use kymograph::printable::name;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::{Format, Output, Scene};

use super::args::Render;
use super::console::{Console, bytes, seconds};
use super::find::{self, DASH};
use super::jobs::{at_output, threads};
use super::join::{disordered, unreadable};
use super::load::{self, Located};
use super::picture::Failure;
use super::place::{Draft, Place};
use super::printing;
use super::render::{check_rate, chosen_outputs, overridden};
use super::target::Root;
use super::timings::Timings;

/// A stretch as the command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frames(Range<usize>);

impl FromStr for Frames {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        match numbers {
            Some((from, to)) if from < to => Ok(Self(from..to)),
            Some((from, to)) => {
                Err(format!("no frame lies in {from}..{to}: the first counts, the last does not"))
            }
            None => Err("write the first frame and the one behind the last: 0..250".to_owned()),
        }
    }
}

/// What is to be written, and where.
struct Wish<'a> {
    frames: Range<usize>,
    path: &'a Path,
    /// Frames, or what they hold.
    survey: bool,
}

/// All that is known before anything is drawn.
struct Plan {
    scene: Scene,
    output: Output,
    frames: Range<usize>,
    content: Content,
    edition: Edition,
    place: Place,
    counts: Option<Counts>,
    /// How long reading and checking the scene took.
    read: Duration,
}

/// Whether the command line asks for a part, or seems to.
pub(super) fn asked(args: &Render) -> bool {
    let parts = &args.parts;
    parts.frames.is_some() || parts.part.is_some() || parts.survey.is_some() || !parts.surveys.is_empty()
}

/// Makes the part; whether it was made, or was there.
pub(super) fn run(args: &Render, console: &Console) -> bool {
    let begun = Instant::now();
    let planned = wish(args).and_then(|wish| {
        let root = Root::new(&args.root, args.allow_outside)?;
        let scene = scene(args, &root)?;
        Ok((wish, root, scene))
    });
    let (wish, root, scene) = match planned {
        Ok(planned) => planned,
        Err(error) => return tell(error, console),
    };
    let sources = scene.sources.clone();
    let located = |diagnostic| Refusal::Scene((diagnostic, sources.clone()));
    match plan(scene, &wish, args, &root, begun).map_err(located) {
        Ok(plan) if !args.force && plan.is_there() => {
            console.say(&format!("{}: fresh", name(&plan.place.shown)));
            true
        }
        Ok(plan) => match plan.make(args, console) {
            Ok(()) => true,
            Err(Failure::Scene(diagnostic)) => tell(located(diagnostic), console),
            Err(Failure::File(why)) => tell(located(Diagnostic::new(why)), console),
            Err(Failure::Closed) => false,
        },
        Err(error) => tell(error, console),
    }
}

/// Why there is no part: a sentence, or something about the scene.
enum Refusal {
    Words(String),
    Scene(Located),
}

impl From<String> for Refusal {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

fn tell(refusal: Refusal, console: &Console) -> bool {
    match refusal {
        Refusal::Words(words) => console.error(&words),
        Refusal::Scene((diagnostic, sources)) => console.scene_error(diagnostic, sources),
    }
    false
}

fn wish(args: &Render) -> Result<Wish<'_>, Refusal> {
    let parts = &args.parts;
    let (path, survey) = match (&parts.part, &parts.survey) {
        (Some(path), None) => (path, false),
        (None, Some(path)) => (path, true),
        // The command line refuses both.
        (Some(_), Some(_)) | (None, None) => {
            let why = "--frames and --surveys are for a part of a film, which --part PATH writes";
            return Err(format!("{why}; for a still, pass --frame N").into());
        }
    };
    let Some(Frames(frames)) = parts.frames.clone() else {
        return Err("which frames of the film? pass --frames A..B, counted from 0, B left out"
            .to_owned()
            .into());
    };
    Ok(Wish { frames, path, survey })
}

fn scene(args: &Render, root: &Root) -> Result<Scene, Refusal> {
    let bases = root.bases()?;
    let (paths, errors) = find::scenes(&args.scenes);
    match (paths.as_slice(), errors.into_iter().next()) {
        (_, Some(error)) => Err(error.into()),
        ([path], None) => {
            load::scene(path, &args.overrides, &bases, "a part is of one film").map_err(Refusal::Scene)
        }
        (paths, None) => {
            let count = paths.len();
            Err(format!("a part is of one film, and there are {count} scenes; name the one").into())
        }
    }
}

fn plan(
    scene: Scene,
    wish: &Wish<'_>,
    args: &Render,
    root: &Root,
    begun: Instant,
) -> Result<Plan, Diagnostic> {
    let (output, edition) = film(&scene, args)?;
    check_rate(&scene, &output)?;
    let film = scene.clock.frames;
    if wish.frames.end > film {
        let Range { start, end } = wish.frames;
        return Err(Diagnostic::new(format!("--frames is {start}..{end}, and the film has {film} frames"))
            .help(format!("frames count from 0: all of them are 0..{film}")));
    }
    if !edition.wants_counts() && (wish.survey || !args.parts.surveys.is_empty()) {
        return Err(Diagnostic::new(
            "an exact WebP needs no survey: its frames are coded without knowing the others",
        )
        .help("leave out --survey and --surveys"));
    }
    let refused = |(why, remedy): (String, String)| Diagnostic::new(why).help(remedy);
    let place = root.place(wish.path).map_err(refused)?;
    guard(&place).map_err(refused)?;
    place.probe().map_err(|error| {
        Diagnostic::new(format!("{} cannot be written: {error}", name(&place.shown)))
            .help("choose another folder, or change its permissions")
    })?;
    let counts = counts(&args.parts.surveys, scene.stamp(&output), film).map_err(refused)?;
    let content = if wish.survey { Content::Survey } else { Content::Frames(edition.coding) };
    let read = begun.elapsed();
    Ok(Plan { scene, output, frames: wish.frames.clone(), content, edition, place, counts, read })
}

/// Which of the scene's films: the only one, or the one that `--output` names.
fn film(scene: &Scene, args: &Render) -> Result<(Output, Edition), Diagnostic> {
    let coded = |output: Output| match edition(scene, &output) {
        Ok(edition) => Ok((output, edition)),
        Err((why, remedy)) => Err(at_output(Diagnostic::new(why).help(remedy), &output)),
    };
    if let Some(path) = &args.output {
        if path.as_os_str() == DASH {
            return Err(Diagnostic::new(
                "--output says which picture the part is of, and standard output is none",
            )
            .help("write --output NAME.gif, which the parts are joined to later"));
        }
        if let Some(own) = scene.outputs.iter().find(|output| output.path == *path) {
            return coded(overridden(own, args));
        }
        let mut outputs = chosen_outputs(scene, args)?;
        return coded(outputs.remove(0));
    }
    let films: Vec<&Output> =
        scene.outputs.iter().filter(|output| output.format.coding().is_some()).collect();
    match films.as_slice() {
        [one] => coded(overridden(one, args)),
        [] => coded(scene.outputs[0].clone()),
        [first, second, ..] => {
            let (first, second) = (name(&first.path), name(&second.path));
            Err(Diagnostic::new(format!("a part is of one film, and the scene makes {first} and {second}"))
                .help(format!("name the one: --output {first}")))
        }
    }
}

/// How the parts of a picture tell it; if it has none, why and the remedy.
fn edition(scene: &Scene, output: &Output) -> Result<Edition, (&'static str, &'static str)> {
    match (printing::edition(scene, output), output.format) {
        (Some(edition), _) => Ok(edition),
        (None, Format::Png | Format::Svg) => {
            Err(("a still has no parts", "name a film: --output NAME.gif, .apng or .webp"))
        }
        (None, Format::PngSequence) => Err((
            "a sequence of stills needs no parts, for each frame is a file of its own",
            "make them one by one, --frame N --output NAME-N.png, or all in one go",
        )),
        (None, Format::SvgFilm) => Err((
            "a moving .svg has no parts: each of its things is told once, for all frames together",
            "render it in one go, or name another film: --output NAME.gif, .apng or .webp",
        )),
        (None, Format::Gif | Format::Apng | Format::Webp | Format::Mp4 | Format::Webm) => Err((
            "a video has no parts: ffmpeg codes frames by what lies far before and behind them",
            "render it in one go, or name another film: --output NAME.gif, .apng or .webp",
        )),
    }
}

/// Refuses to write over what is no part: any name will do for one, and scenes have names, too.
fn guard(place: &Place) -> Result<(), (String, String)> {
    let foreign = match files::open(&place.file(None)) {
        Ok(file) => {
            let empty = file.metadata().is_ok_and(|data| data.len() == 0);
            !empty && matches!(Part::open(BufReader::new(file)), Err(PartError::Foreign))
        }
        Err(error) => matches!(error, ReadError::NotRegular(_)),
    };
    if !foreign {
        return Ok(());
    }
    let shown = name(&place.shown);
    let why = format!("{shown} is something else than a part, and would be written over");
    Err((why, format!("write another name, or remove it: rm {shown}")))
}

/// What the whole film holds, from surveys that cover it; nothing if there are no surveys.
fn counts(surveys: &[PathBuf], stamp: Stamp, film: usize) -> Result<Option<Counts>, (String, String)> {
    let (mut all, mut stretches) = (Counts::default(), Vec::new());
    let names: Vec<String> = surveys.iter().map(|path| name(path).to_string()).collect();
    for (path, name) in surveys.iter().zip(&names) {
        let told = |error: PartError| unreadable(name, &error);
        let survey = files::open(path).map_err(|error| PartError::Io(error.into()));
        let survey = survey.map(BufReader::new).and_then(Part::open);
        let survey = survey.map_err(told)?;
        let head = survey.head().clone();
        if head.content != Content::Survey {
            let why = format!("{name} is a part, and no survey");
            return Err((why, "--surveys takes what `--survey PATH` has written".to_owned()));
        }
        if (head.stamp, head.film) != (Some(stamp), film) {
            let why =
                format!("{name} is a survey of another film: of another scene, picture or version of kymo");
            return Err((why, "make it again, with the same scene and options as the part".to_owned()));
        }
        let mut said = Vec::new();
        let read: Result<(), PartError> = survey.read(|bytes| {
            said.extend_from_slice(bytes);
            Ok(())
        });
        read.map_err(told)?;
        all.add(&Counts::from_bytes(&said).ok_or(PartError::Damaged).map_err(told)?);
        stretches.push(head.frames);
    }
    if surveys.is_empty() {
        return Ok(None);
    }
    in_order(&stretches, film).map_err(|disorder| disordered(&disorder, &names, "survey"))?;
    Ok(Some(all))
}

impl Plan {
    /// Whether the very part is in its place already.
    fn is_there(&self) -> bool {
        let Ok(file) = files::open(&self.place.file(None)) else { return false };
        let Ok(part) = Part::open(BufReader::new(file)) else { return false };
        let head = part.head();
        let same = head.content == self.content
            && head.stamp == Some(self.scene.stamp(&self.output))
            && (head.film, &head.frames) == (self.scene.clock.frames, &self.frames);
        same && part.is_sound().is_ok_and(|sound| sound)
    }

    fn make(&self, args: &Render, console: &Console) -> Result<(), Failure> {
        let begun = Instant::now();
        let timings = Timings::new(console);
        timings.next("lay out");
        let scale = self.output.scale.unwrap_or(self.scene.canvas.scale);
        let figure = Figure::new(&self.scene, scale).map_err(Failure::Scene)?;
        for warning in figure.warnings() {
            console.warning(warning, &self.scene.sources);
        }
        console.expect(self.passes() as u64);
        let drawn = self.draw(&figure, threads(args.jobs), &timings);
        console.finish();
        let draft = drawn?;
        timings.next("put the part in its place");
        let part = name(&self.place.shown);
        let size = self
            .place
            .publish(draft)
            .map_err(|error| Failure::File(format!("{part} cannot be written: {error}")))?;
        let (Range { start, end }, took) = (&self.frames, seconds(begun.elapsed()));
        let of = format!("frames {start}..{end} of {}", name(&self.output.path));
        let what = if self.content == Content::Survey { "survey of " } else { "" };
        console.say(&format!("{part}: {what}{of}, {}, {took}", bytes(size)));
        if args.timings {
            timings.lines(self.read).iter().for_each(|line| console.say(line));
        }
        Ok(())
    }

    /// How many frames have to be drawn, about.
    fn passes(&self) -> usize {
        let (own, film) = (self.frames.len(), self.scene.clock.frames);
        match (self.content, &self.counts) {
            (Content::Frames(_), None) if self.edition.wants_counts() => film + own,
            (Content::Frames(_) | Content::Survey, _) => own,
        }
    }

    fn draw(&self, figure: &Figure<'_>, threads: usize, timings: &Timings<'_>) -> Result<Draft, Failure> {
        let (reel, stamp) = (figure.reel(), self.edition.stamp);
        let marks = |index: usize| figure.marks(index).map_err(Failure::Scene);
        let mut draft = self.place.draft();
        let mut writer = BufWriter::new(&mut draft);
        if self.content == Content::Survey {
            reel.write_survey(self.frames.clone(), stamp, threads, &mut writer, &marks, timings)?;
        } else {
            let share =
                Share { edition: self.edition, frames: self.frames.clone(), counts: self.counts.as_ref() };
            reel.write_part(&share, threads, &mut writer, &marks, timings)?;
        }
        writer.flush().map_err(EncodeError::Io)?;
        drop(writer);
        Ok(draft)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_read_and_what_is_none_is_refused() {
        assert_eq!("0..250".parse(), Ok(Frames(0..250)));
        assert_eq!("7..8".parse(), Ok(Frames(7..8)));
        for text in ["", "5", "..", "5..", "..5", "5..5", "6..5", "-1..3", "0...3", "0..=3", "a..b"] {
            assert!(text.parse::<Frames>().is_err(), "{text}");
        }
    }
}
