//! `kymo check`: whether pictures are what their scenes render to. Nothing is written but a report.

use std::path::Path;

use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::source::{Origin, Sources};

use super::Ended;
use super::args::Check;
use super::console::Console;
use super::examine::{Examined, Rigour, examine};
use super::goldens::Goldens;
use super::jobs::{Figures, Job, Refused, each, threads};
use super::made::Workshop;
use super::orphans::{Orphan, orphans};
use super::picture::{Failure, Picture};
use super::printing;
use super::render::Manner;
use super::report::{self, Entry, FrameDifference, Report, Verdict};
use super::shard::Shard;
use super::timings::Timings;

/// Frames of a picture that a report shows.
const SHOWN: usize = 16;

/// Checks all that is asked for and tells what was found.
pub(super) fn run(args: &Check, console: &Console) -> Ended {
    let Some((_, mut jobs)) = Goldens::gather(&args.place, &args.scenes, console) else {
        return Ended::Wrong;
    };
    let orphans = orphans(&args.scenes, &jobs, args.share.shard);
    jobs.share(args.share.shard);
    let mut entries: Vec<Entry> = jobs.refused.iter().map(refused).collect();
    let mut sound = jobs.tell(console);
    let shown = if args.telling.report.is_some() { SHOWN } else { 0 };
    let rigour = Rigour { exact: args.exact, shown };
    entries.extend(check(&jobs.jobs, rigour, threads(args.jobs), console));
    match orphans {
        Ok(orphans) => entries.extend(orphans.iter().map(orphaned)),
        Err(error) => {
            console.error(&error);
            sound = false;
        }
    }
    let shard = args.share.shard.map(Shard::told);
    let ended = report::tell(&Report::new(entries, shard), &args.telling, console);
    if sound { ended } else { Ended::Wrong }
}

/// What was found of every picture, in the order of the jobs.
fn check(jobs: &[Job], rigour: Rigour, threads: usize, console: &Console) -> Vec<Entry> {
    let manner = Manner::of(jobs, threads, console);
    let entries = each(jobs, threads, |job| check_job(job, rigour, &manner));
    console.finish();
    let faulty = |job: &Job, error: Diagnostic| -> Vec<Entry> {
        console.scene_error(error.clone(), job.scene.sources.clone());
        let entry = |picture: &Picture| failed(picture.shown(), &job.path, &error, &job.scene.sources);
        job.pictures.iter().map(entry).collect()
    };
    let entries = jobs.iter().zip(entries);
    entries.flat_map(|(job, found)| found.unwrap_or_else(|error| faulty(job, error))).collect()
}

fn check_job(job: &Job, rigour: Rigour, manner: &Manner<'_>) -> Vec<Entry> {
    let mut figures = Figures::new(&job.scene);
    let mut entries = Vec::new();
    for group in job.groups() {
        let timings = Timings::new(manner.console);
        let apart = |_| Workshop::Apart;
        let made = figures.made(&group, |figure| printing::make(&group, apart, figure, manner, &timings));
        let failed = |failure: Failure, pictures: &[&Picture]| -> Vec<Entry> {
            let diagnostic = failure.diagnostic(&pictures[0].output);
            manner.console.scene_error(diagnostic.clone(), job.scene.sources.clone());
            let entry =
                |picture: &&Picture| failed(picture.shown(), &job.path, &diagnostic, &job.scene.sources);
            pictures.iter().map(entry).collect()
        };
        match made {
            Ok(made) => {
                for (picture, made) in group.into_iter().zip(made) {
                    match made.and_then(|made| examine(picture, &job.scene, made, rigour)) {
                        Ok(found) => entries.push(told(job, picture, found)),
                        Err(failure) => entries.extend(failed(failure, &[picture])),
                    }
                }
            }
            Err(failure) => entries.extend(failed(failure, &group)),
        }
    }
    entries
}

/// A picture that was compared.
fn told(job: &Job, picture: &Picture, found: Examined) -> Entry {
    let size = picture.size(&job.scene);
    let pixels = f64::from(size.0) * f64::from(size.1);
    Entry {
        reasons: found.reasons,
        size: Some(size),
        frames: picture.frames(&job.scene),
        differing: found
            .differing
            .iter()
            .map(|frame| FrameDifference {
                index: frame.index,
                pixels: frame.pixels as u64,
                share: frame.pixels as f64 / pixels,
                worst: frame.worst,
                bounds: [frame.bounds.left, frame.bounds.top, frame.bounds.right, frame.bounds.bottom]
                    .map(|side| side as u32),
                fails: frame.fails,
            })
            .collect(),
        shown: found.shown,
        ..located(picture.shown(), found.verdict, (&job.path, picture.output.origin, &job.scene.sources))
    }
}

/// A scene that could not be read.
fn refused(refused: &Refused) -> Entry {
    let (diagnostic, sources) = &refused.error;
    failed(refused.path.to_string_lossy().into_owned(), &refused.path, diagnostic, sources)
}

fn failed(picture: String, scene: &Path, diagnostic: &Diagnostic, sources: &Sources) -> Entry {
    Entry {
        reasons: std::iter::once(&diagnostic.message).chain(&diagnostic.help).cloned().collect(),
        ..located(picture, Verdict::Failed, (scene, diagnostic.origin, sources))
    }
}

/// What is said of a scene's picture, or at a place in it.
fn located(
    picture: String,
    verdict: Verdict,
    (scene, origin, sources): (&Path, Option<Origin>, &Sources),
) -> Entry {
    let place = origin.map(|origin| (sources.get(origin.file).name(), sources.position(origin)));
    Entry {
        scene: Some(place.map_or_else(|| scene.to_string_lossy().into_owned(), |(file, _)| file.to_owned())),
        variant: sources.variant().map(str::to_owned),
        line: place.map(|(_, position)| (position.line, position.column)),
        ..Entry::new(picture, verdict)
    }
}

fn orphaned(orphan: &Orphan) -> Entry {
    Entry {
        reasons: vec![
            "kymo made it, and no scene makes it any more; `kymo bless --prune` removes it".to_owned(),
        ],
        ..Entry::new(orphan.shown.to_string_lossy().into_owned(), Verdict::Orphaned)
    }
}
