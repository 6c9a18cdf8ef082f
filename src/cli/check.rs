//! `kymo check`: compares pictures with what their scenes render to. It writes nothing but the report.

use std::path::Path;

use kymograph::scene::diagnostic::{Diagnostic, SceneError};
use kymograph::scene::source::{Origin, Sources};

use super::Outcome;
use super::args::Check;
use super::artifact::TempLocation;
use super::batch::{each, threads};
use super::compare::{CompareOptions, PictureComparison, compare_picture};
use super::console::Console;
use super::failure::Failure;
use super::goldens::Goldens;
use super::group;
use super::job::{FailedScene, FigureCache, Job};
use super::orphans::{Orphan, orphans};
use super::picture::Picture;
use super::render_context::RenderContext;
use super::report::{self, DifferingFrame, Report, ReportEntry, Verdict};
use super::timings::Timings;

/// The number of frames of a picture that a report shows, at most.
const SHOWN: usize = 16;

/// Checks the pictures and reports the result.
pub(super) fn run(args: &Check, console: &Console) -> Outcome {
    let Some((_, mut jobs)) = Goldens::load_batch(&args.paths, &args.scenes, console) else {
        return Outcome::Error;
    };
    let orphans = orphans(&args.scenes, &jobs, args.sharding.shard);
    jobs.retain_shard(args.sharding.shard);
    let mut entries: Vec<ReportEntry> = jobs.refused.iter().map(refused).collect();
    let mut sound = jobs.report_failures(console);
    let shown = if args.report_options.report.is_some() { SHOWN } else { 0 };
    let options = CompareOptions { exact: args.exact, shown };
    entries.extend(check(&jobs.jobs, options, threads(args.jobs), console));
    match orphans {
        Ok(orphans) => entries.extend(orphans.iter().map(orphaned)),
        Err(error) => {
            console.error(&error);
            sound = false;
        }
    }
    let ended = report::tell(&Report::new(entries, args.sharding.shard), &args.report_options, console);
    if sound { ended } else { Outcome::Error }
}

/// The entries of all pictures, in the order of the jobs.
fn check(jobs: &[Job], options: CompareOptions, threads: usize, console: &Console) -> Vec<ReportEntry> {
    let context = RenderContext::new(jobs, threads, console);
    let entries = each(jobs, threads, |job| check_job(job, options, &context));
    console.finish_progress();
    let faulty = |job: &Job, error: Diagnostic| -> Vec<ReportEntry> {
        console.scene_error(error.clone(), job.scene.sources.clone());
        let entry = |picture: &Picture| failed(picture.shown(), &job.path, &error, &job.scene.sources);
        job.pictures.iter().map(entry).collect()
    };
    let entries = jobs.iter().zip(entries);
    entries.flat_map(|(job, found)| found.unwrap_or_else(|error| faulty(job, error))).collect()
}

fn check_job(job: &Job, options: CompareOptions, context: &RenderContext<'_>) -> Vec<ReportEntry> {
    let mut figures = FigureCache::new(&job.scene, context.threads);
    let mut entries = Vec::new();
    for group in job.groups() {
        let timings = Timings::new(context.console, &job.scene.stem);
        let apart = |_| TempLocation::System;
        let made = figures.render(&group, &timings, |figure| {
            group::render(&group, apart, figure, context.threads, &timings)
        });
        let failed = |failure: Failure, pictures: &[&Picture]| -> Vec<ReportEntry> {
            let diagnostic = failure.diagnostic(&pictures[0].output);
            context.console.scene_error(diagnostic.clone(), job.scene.sources.clone());
            let entry =
                |picture: &&Picture| failed(picture.shown(), &job.path, &diagnostic, &job.scene.sources);
            pictures.iter().map(entry).collect()
        };
        match made {
            Ok(made) => {
                for (picture, made) in group.into_iter().zip(made) {
                    match made.and_then(|made| compare_picture(picture, &job.scene, made, options)) {
                        Ok(found) => entries.push(text(job, picture, found)),
                        Err(failure) => entries.extend(failed(failure, &[picture])),
                    }
                }
            }
            Err(failure) => entries.extend(failed(failure, &group)),
        }
    }
    entries
}

/// The entry of a picture that was compared.
fn text(job: &Job, picture: &Picture, found: PictureComparison) -> ReportEntry {
    let size = picture.size(&job.scene);
    let pixels = f64::from(size.0) * f64::from(size.1);
    ReportEntry {
        reasons: found.reasons,
        size: Some(size),
        frames: picture.frames(&job.scene),
        differing: found
            .differing
            .iter()
            .map(|frame| DifferingFrame {
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
        ..located(picture.shown(), found.verdict, &job.path, picture.output.origin, &job.scene.sources)
    }
}

/// The entry of a scene that could not be read.
fn refused(refused: &FailedScene) -> ReportEntry {
    let (errors, sources) = &refused.error;
    let picture = refused.path.to_string_lossy().into_owned();
    let mut entry = failed(picture, &refused.path, errors.first(), sources);
    let others = errors.all()[1..].iter();
    entry.reasons.extend(others.map(|error| SceneError::new(error.clone(), sources.clone()).to_string()));
    entry
}

fn failed(picture: String, scene: &Path, diagnostic: &Diagnostic, sources: &Sources) -> ReportEntry {
    ReportEntry {
        reasons: std::iter::once(&diagnostic.message).chain(&diagnostic.help).cloned().collect(),
        ..located(picture, Verdict::Failed, scene, diagnostic.origin, sources)
    }
}

/// An entry with the scene's file, variant and line.
fn located(
    picture: String,
    verdict: Verdict,
    scene: &Path,
    origin: Option<Origin>,
    sources: &Sources,
) -> ReportEntry {
    let place = origin.map(|origin| (sources.get(origin.file).name(), sources.position(origin)));
    ReportEntry {
        scene: Some(place.map_or_else(|| scene.to_string_lossy().into_owned(), |(file, _)| file.to_owned())),
        variant: sources.variant().map(str::to_owned),
        line: place.map(|(_, position)| (position.line, position.column)),
        ..ReportEntry::new(picture, verdict)
    }
}

fn orphaned(orphan: &Orphan) -> ReportEntry {
    ReportEntry {
        reasons: vec![
            "kymo made it, and no scene makes it any more; `kymo bless --prune` removes it".to_owned(),
        ],
        ..ReportEntry::new(orphan.shown.to_string_lossy().into_owned(), Verdict::Orphaned)
    }
}
