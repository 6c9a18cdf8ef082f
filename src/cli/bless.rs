//! `kymo bless`: replaces references by what their scenes render to now, where they differ.

use std::fs;

use kymograph::printable::name;
use kymograph::scene::Scene;
use kymograph::scene::diagnostic::Diagnostic;

use super::args::Bless;
use super::artifact::TempLocation;
use super::batch::{each, threads};
use super::compare::{CompareOptions, PictureComparison, compare_picture};
use super::console::{Console, bytes};
use super::failure::Failure;
use super::failure::at_output;
use super::goldens::Goldens;
use super::group;
use super::job::{FigureCache, Job};
use super::orphans::{Orphan, orphans};
use super::picture::Picture;
use super::render_context::RenderContext;
use super::report::Verdict;
use super::timings::Timings;

/// Replaces the references that differ and returns whether all succeeded.
pub(super) fn run(args: &Bless, console: &Console) -> bool {
    let Some((goldens, mut jobs)) = Goldens::load_batch(&args.paths, &args.scenes, console) else {
        return false;
    };
    let mut orphans = match if args.prune { orphans(&args.scenes, &jobs, None) } else { Ok(Vec::new()) } {
        Ok(orphans) => orphans,
        Err(error) => {
            console.error(&error);
            return false;
        }
    };
    let whole = jobs.refused.is_empty() && jobs.path_errors.is_empty();
    let mut done = jobs.report_failures(console);
    if args.prune && !whole {
        console.error("--prune: what no scene makes is not known while a scene cannot be read");
    }
    let unmatched = filter(&args.filters, &mut jobs.jobs, &mut orphans);
    for filter in &unmatched {
        console.error(&format!("no picture and no scene has `{filter}` in its path"));
    }
    done &= unmatched.is_empty();
    jobs.retain_valid(|job| prepare(job, &goldens, args.dry_run));
    done &= jobs.report_failures(console);
    let threads = threads(args.jobs);
    let context = RenderContext::new(&jobs.jobs, threads, console);
    let blessed = each(&jobs.jobs, threads, |job| bless(job, args.dry_run, &context));
    console.finish_progress();
    let blessed: Vec<Option<usize>> = jobs
        .jobs
        .iter()
        .zip(blessed)
        .map(|(job, blessed)| {
            blessed.unwrap_or_else(|error| {
                console.scene_error(error, job.scene.sources.clone());
                None
            })
        })
        .collect();
    let count: usize = blessed.iter().flatten().sum();
    done &= blessed.iter().all(Option::is_some);
    let pruned = orphans.iter().filter(|orphan| prune(orphan, args.dry_run, console)).count();
    done &= pruned == orphans.len();
    match count + pruned {
        0 if done => console.info("nothing differs"),
        0 => {}
        _ if args.dry_run => console.info("nothing was written: this was a dry run"),
        _ => {}
    }
    done
}

/// Keeps the pictures that a filter matches, and returns the filters that match nothing.
fn filter<'a>(filters: &'a [String], jobs: &mut Vec<Job>, orphans: &mut Vec<Orphan>) -> Vec<&'a str> {
    if filters.is_empty() {
        return Vec::new();
    }
    let mut used = vec![false; filters.len()];
    let mut matches = |paths: &[&str]| {
        let mut any = false;
        for (filter, used) in filters.iter().zip(&mut used) {
            let named = paths.iter().any(|path| path.contains(filter.as_str()));
            *used |= named;
            any |= named;
        }
        any
    };
    for job in jobs.iter_mut() {
        let scene = job.path.to_string_lossy();
        job.pictures.retain(|picture| matches(&[&picture.shown(), &scene]));
    }
    jobs.retain(|job| !job.pictures.is_empty());
    orphans.retain(|orphan| matches(&[&orphan.shown.to_string_lossy()]));
    filters.iter().zip(used).filter(|(_, used)| !used).map(|(filter, _)| filter.as_str()).collect()
}

/// Checks that the references can be written.
fn prepare(job: &mut Job, goldens: &Goldens, dry_run: bool) -> Result<(), Diagnostic> {
    for picture in &mut job.pictures {
        let located = |(why, remedy)| at_output(Diagnostic::new(why).help(remedy), &picture.output);
        picture.target = Some(goldens.target(&picture.output.path).map_err(located)?);
        if dry_run { picture.check_program() } else { picture.check_writable() }.map_err(located)?;
    }
    Ok(())
}

/// Replaces the references of a scene that differ, and returns their number; `None` if something failed.
fn bless(job: &Job, dry_run: bool, context: &RenderContext<'_>) -> Option<usize> {
    let mut figures = FigureCache::new(&job.scene, context.threads);
    let (mut count, mut done) = (0, true);
    let location = |picture| if dry_run { TempLocation::System } else { Picture::temp_location(picture) };
    let options = CompareOptions { exact: false, shown: 0 };
    for group in job.groups() {
        let timings = Timings::new(context.console, &job.scene.stem);
        let artifacts = figures.render(&group, &timings, |figure| {
            group::render(&group, location, figure, context.threads, &timings)
        });
        let artifacts = artifacts.unwrap_or_else(|failure| {
            job.report_failure(failure, group[0], context.console);
            done = false;
            Vec::new()
        });
        for (picture, artifact) in group.into_iter().zip(artifacts) {
            let comparison =
                artifact.and_then(|artifact| compare_picture(picture, &job.scene, artifact, options));
            let blessed = comparison.and_then(|comparison| match comparison.verdict {
                Verdict::Same => Ok(None),
                Verdict::Changed | Verdict::Missing | Verdict::Orphaned | Verdict::Failed => {
                    accept(picture, &job.scene, comparison, dry_run).map(Some)
                }
            });
            match blessed {
                Ok(None) => {}
                Ok(Some(message)) => {
                    count += 1;
                    context.console.info(&message);
                }
                Err(failure) => {
                    job.report_failure(failure, picture, context.console);
                    done = false;
                }
            }
        }
    }
    done.then_some(count)
}

/// Moves a picture to its target, except in a dry run, and returns the message about it.
fn accept(
    picture: &Picture,
    scene: &Scene,
    comparison: PictureComparison,
    dry_run: bool,
) -> Result<String, Failure> {
    let Some(target) = &picture.target else { return Ok(String::new()) };
    let unwritten = |error| Failure::File(format!("{} cannot be written: {error}", name(&target.display)));
    let old: u64 = picture.files(scene).iter().filter_map(|file| Some(fs::metadata(file).ok()?.len())).sum();
    let (verdict, mut artifact) = (comparison.verdict, comparison.artifact);
    let new = artifact.size().map_err(unwritten)?;
    if !dry_run {
        artifact.publish(target).map_err(unwritten)?;
    }
    let shown = name(&target.display);
    Ok(match verdict {
        Verdict::Missing => format!("{shown}: new, {}", bytes(new)),
        Verdict::Same | Verdict::Changed | Verdict::Orphaned | Verdict::Failed => {
            format!("{shown}: changed, {} → {}", bytes(old), bytes(new))
        }
    })
}

/// Removes an orphan, except in a dry run, and returns whether that succeeded.
fn prune(orphan: &Orphan, dry_run: bool, console: &Console) -> bool {
    let shown = name(&orphan.shown);
    let size = fs::metadata(&orphan.file).map_or(0, |file| file.len());
    match if dry_run { Ok(()) } else { fs::remove_file(&orphan.file) } {
        Ok(()) => {
            console.info(&format!("{shown}: removed, {}", bytes(size)));
            true
        }
        Err(error) => {
            console.error(&format!("{shown} cannot be removed: {error}"));
            false
        }
    }
}
