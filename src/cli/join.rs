//! `kymo join`: parts of a film into the film. No pixel is decoded; bytes are copied, in order.

use std::io::{self, BufReader, BufWriter, Write};
use std::ops::Range;
use std::path::Path;
use std::time::Instant;

use kymograph::encode::{Coding, Disorder, EncodeError, Join, JoinError, Part, PartError};
use kymograph::files;
use kymograph::printable::name;
use kymograph::scene::Format;
use kymograph::scene::resolve::format_of;

use super::args::Join as Args;
use super::console::{Console, bytes, seconds};
use super::find::DASH;
use super::target::Root;

/// Joins parts; whether that was done.
pub(super) fn run(args: &Args, console: &Console) -> bool {
    let begun = Instant::now();
    match join(args) {
        Ok((join, size)) => {
            let (film, frames, count) = (name(&args.output), join.frames(), args.parts.len());
            let took = seconds(begun.elapsed());
            console.say(&format!("{film}: {frames} frames of {count} parts, {}, {took}", bytes(size)));
            true
        }
        Err((why, remedy)) => {
            console.error(&format!("{why}; {remedy}"));
            false
        }
    }
}

/// The film and its size in bytes, or why there is none and the remedy.
fn join(args: &Args) -> Result<(Join, u64), (String, String)> {
    let names: Vec<String> = args.parts.iter().map(|path| name(path).to_string()).collect();
    let open = |index: usize| files::open(&args.parts[index]).map(BufReader::new).map_err(io::Error::from);
    let root = Root::new(&args.root, args.allow_outside)
        .map_err(|why| (why, "pass --root with the project's folder".to_owned()))?;
    if args.output.as_os_str() == DASH {
        let why = "parts are not joined to standard output, for only at their end it is known whether they are whole";
        return Err((why.to_owned(), "write --output NAME".to_owned()));
    }
    let place = root.place(&args.output)?;
    let mut parts = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let part = open(index).map_err(PartError::from).and_then(Part::open);
        let part = part.map_err(|error| unreadable(name, &error))?;
        parts.push((part.head().clone(), part.length()));
    }
    let told = |error: JoinError| refusal(error, &names);
    let join = Join::of(parts).map_err(told)?;
    check_ending(&args.output, join.coding())?;
    let unwritten = |error: io::Error| {
        let why = format!("{} cannot be written: {error}", name(&place.shown));
        (why, "choose another folder, or make room".to_owned())
    };
    let mut draft = place.draft();
    let mut writer = BufWriter::new(&mut draft);
    join.write(open, &mut writer).map_err(|error| match error {
        JoinError::Film(EncodeError::Io(error)) => unwritten(error),
        error => told(error),
    })?;
    writer.flush().map_err(unwritten)?;
    drop(writer);
    let size = place.publish(draft).map_err(unwritten)?;
    Ok((join, size))
}

/// Refuses a name that says another format than the parts are of.
fn check_ending(path: &Path, coding: Coding) -> Result<(), (String, String)> {
    let (format, ending) = match coding {
        Coding::Gif => (Format::Gif, "gif"),
        Coding::Apng => (Format::Apng, "apng"),
        Coding::Webp => (Format::Webp, "webp"),
    };
    if format_of(path).is_ok_and(|told| told == format) {
        return Ok(());
    }
    let why = format!("the parts are of an .{ending}, and --output is {}", name(path));
    Err((why, format!("write --output {}", name(&path.with_extension(ending)))))
}

/// Why parts are no film, and the remedy.
fn refusal(error: JoinError, names: &[String]) -> (String, String) {
    match error {
        JoinError::Survey(index) => {
            let why = format!("{} is a survey, which holds no frames", names[index]);
            (why, "leave it out: surveys are for kymo render --surveys".to_owned())
        }
        JoinError::Strangers(one, other) => {
            let (one, other) = (&names[one], &names[other]);
            let why = format!(
                "{other} is of another film than {one}: of another scene, picture or version of kymo"
            );
            (why, "make all parts with the same scene and options".to_owned())
        }
        JoinError::Order(disorder) => disordered(&disorder, names, "part"),
        JoinError::Part(index, error) => unreadable(&names[index], &error),
        JoinError::Film(error) => (error.to_string(), "see kymo render --help".to_owned()),
    }
}

/// Why a file is no part or survey, and the remedy.
pub(super) fn unreadable(name: &str, error: &PartError) -> (String, String) {
    let again = "make it again: kymo render SCENE --frames A..B".to_owned();
    match error {
        PartError::Io(error) => (format!("{name} cannot be read: {error}"), again),
        PartError::Foreign => (format!("{name} is no part of a film"), again),
        PartError::Version(version) => {
            (format!("{name} is a part as another kymo writes it, in version {version} of its layout"), again)
        }
        PartError::Damaged => (format!("{name} was cut off or changed since it was written"), again),
    }
}

/// What keeps stretches from being a film, each told by its name and all by the word for them, and the remedy.
pub(super) fn disordered(disorder: &Disorder, names: &[String], word: &str) -> (String, String) {
    let told = |Range { start, end }: &Range<usize>| format!("{start}..{end}");
    match disorder {
        Disorder::Missing(gaps) => {
            let gaps: Vec<String> = gaps.iter().map(told).collect();
            let remedy = format!("make it: kymo render SCENE --frames {} --{word} PATH", gaps[0]);
            (format!("the frames {} are in no {word}", gaps.join(", ")), remedy)
        }
        Disorder::Overlap(one, other, frames) => {
            let why = format!("{} and {} both hold the frames {}", names[*one], names[*other], told(frames));
            (why, format!("pass {word}s that hold each frame once"))
        }
    }
}
