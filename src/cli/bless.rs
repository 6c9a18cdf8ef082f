//! `kymo bless`: accepts what scenes render to now, where it differs from what was accepted.

use std::fs;

use kymograph::printable::name;
use kymograph::scene::Scene;
use kymograph::scene::diagnostic::Diagnostic;

use super::args::Bless;
use super::console::{Console, bytes};
use super::examine::{Rigour, examine};
use super::goldens::Goldens;
use super::jobs::{Figures, Job, at_output, each, threads};
use super::made::{Made, Workshop};
use super::orphans::{Orphan, orphans};
use super::picture::{Failure, Picture};
use super::printing;
use super::render::Manner;
use super::report::Verdict;
use super::timings::Timings;

/// Accepts all that is asked for; whether it was done.
pub(super) fn run(args: &Bless, console: &Console) -> bool {
    let Some((goldens, mut jobs)) = Goldens::gather(&args.place, &args.scenes, console) else {
        return false;
    };
    let mut orphans = match if args.prune { orphans(&args.scenes, &jobs, None) } else { Ok(Vec::new()) } {
        Ok(orphans) => orphans,
        Err(error) => {
            console.error(&error);
            return false;
        }
    };
    let whole = jobs.refused.is_empty() && jobs.unfound.is_empty();
    let mut done = jobs.tell(console);
    if args.prune && !whole {
        console.error("--prune: what no scene makes is not known while a scene cannot be read");
    }
    let unmatched = filter(&args.filters, &mut jobs.jobs, &mut orphans);
    for filter in &unmatched {
        console.error(&format!("no picture and no scene has `{filter}` in its path"));
    }
    done &= unmatched.is_empty();
    jobs.keep(|job| prepare(job, &goldens, args.dry_run));
    done &= jobs.tell(console);
    let threads = threads(args.jobs);
    let manner = Manner::of(&jobs.jobs, threads, console);
    let blessed = each(&jobs.jobs, threads, |job| bless(job, args.dry_run, &manner));
    console.finish();
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
        0 if done => console.say("nothing differs"),
        0 => {}
        _ if args.dry_run => console.say("nothing was written: this was a dry run"),
        _ => {}
    }
    done
}

/// Keeps what a filter names; the filters that name nothing.
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

/// Whether there is room for the references.
fn prepare(job: &mut Job, goldens: &Goldens, dry_run: bool) -> Result<(), Diagnostic> {
    for picture in &mut job.pictures {
        let located = |(why, remedy)| at_output(Diagnostic::new(why).help(remedy), &picture.output);
        picture.place = Some(goldens.place(&picture.output.path).map_err(located)?);
        if dry_run { picture.needs() } else { picture.probe() }.map_err(located)?;
    }
    Ok(())
}

/// Accepts what differs of a scene's pictures: how many; none where something failed.
fn bless(job: &Job, dry_run: bool, manner: &Manner<'_>) -> Option<usize> {
    let mut figures = Figures::new(&job.scene);
    let (mut count, mut done) = (0, true);
    let workshop = |picture| if dry_run { Workshop::Apart } else { Picture::workshop(picture) };
    let rigour = Rigour { exact: false, shown: 0 };
    for group in job.groups() {
        let timings = Timings::new(manner.console);
        let made = figures.made(&group, |figure| printing::make(&group, workshop, figure, manner, &timings));
        let made = made.unwrap_or_else(|failure| {
            job.tell(failure, group[0], manner.console);
            done = false;
            Vec::new()
        });
        for (picture, made) in group.into_iter().zip(made) {
            let examined = made.and_then(|made| examine(picture, &job.scene, made, rigour));
            let blessed = examined.and_then(|found| match found.verdict {
                Verdict::Same => Ok(None),
                verdict => accept((picture, &job.scene), found.made, verdict, dry_run).map(Some),
            });
            match blessed {
                Ok(None) => {}
                Ok(Some(news)) => {
                    count += 1;
                    manner.console.say(&news);
                }
                Err(failure) => {
                    job.tell(failure, picture, manner.console);
                    done = false;
                }
            }
        }
    }
    done.then_some(count)
}

/// Puts a picture in its place, unless it is only asked what would happen; the news of it.
fn accept(
    (picture, scene): (&Picture, &Scene),
    mut made: Made,
    verdict: Verdict,
    dry_run: bool,
) -> Result<String, Failure> {
    let Some(place) = &picture.place else { return Ok(String::new()) };
    let unwritten = |error| Failure::File(format!("{} cannot be written: {error}", name(&place.shown)));
    let old: u64 = picture.files(scene).iter().filter_map(|file| Some(fs::metadata(file).ok()?.len())).sum();
    let new = made.size().map_err(unwritten)?;
    if !dry_run {
        made.publish(place).map_err(unwritten)?;
    }
    let shown = name(&place.shown);
    Ok(match verdict {
        Verdict::Missing => format!("{shown}: new, {}", bytes(new)),
        Verdict::Same | Verdict::Changed | Verdict::Orphaned | Verdict::Failed => {
            format!("{shown}: changed, {} → {}", bytes(old), bytes(new))
        }
    })
}

/// Removes a picture that no scene makes any more, unless it is only asked what would happen; whether that was done.
fn prune(orphan: &Orphan, dry_run: bool, console: &Console) -> bool {
    let shown = name(&orphan.shown);
    let size = fs::metadata(&orphan.file).map_or(0, |file| file.len());
    match if dry_run { Ok(()) } else { fs::remove_file(&orphan.file) } {
        Ok(()) => {
            console.say(&format!("{shown}: removed, {}", bytes(size)));
            true
        }
        Err(error) => {
            console.error(&format!("{shown} cannot be removed: {error}"));
            false
        }
    }
}
