//! Collisions: pictures of one command with the same file. None of them is made.
//!
//! Files are compared by their folder, with links resolved, and their name, so two spellings of a path are equal. A
//! sequence counts with each of its files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use kymograph::printable::name;
use kymograph::scene::Scene;
use kymograph::scene::diagnostic::Diagnostic;

use super::failure::at_output;
use super::job::{FailedScene, Job};

/// Removes the jobs whose pictures have the same file, and returns them as failed scenes.
pub(super) fn refuse(jobs: &mut Vec<Job>) -> Vec<FailedScene> {
    let mut owners: BTreeMap<PathBuf, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, job) in jobs.iter().enumerate() {
        for (number, picture) in job.pictures.iter().enumerate() {
            for file in picture.files(&job.scene) {
                owners.entry(file).or_default().push((index, number));
            }
        }
    }
    let mut bad: BTreeMap<usize, Diagnostic> = BTreeMap::new();
    for owners in owners.values().filter(|owners| owners.len() > 1) {
        for (own, &(index, number)) in owners.iter().enumerate() {
            let other = owners[usize::from(own == 0)];
            bad.entry(index).or_insert_with(|| overlap(jobs, (index, number), other));
        }
    }
    let refused = |(index, diagnostic): (&usize, &Diagnostic)| {
        let Job { path, scene, .. } = &mut jobs[*index];
        FailedScene {
            path: path.clone(),
            error: (diagnostic.clone().into(), std::mem::take(&mut scene.sources)),
        }
    };
    let refused = bad.iter().map(refused).collect();
    let mut index = 0;
    jobs.retain(|_| {
        index += 1;
        !bad.contains_key(&(index - 1))
    });
    refused
}

/// The error for one of two pictures with the same file. Each is given by the indices of its job and of the picture in it.
fn overlap(jobs: &[Job], own: (usize, usize), other: (usize, usize)) -> Diagnostic {
    let picture = |(index, number): (usize, usize)| &jobs[index].pictures[number];
    let path = &picture(own).output.path;
    let why = if own.0 == other.0 {
        format!("{} is written twice", name(path))
    } else {
        let scene = called(&jobs[other.0].scene);
        format!("{} is written by {scene}, too", name(path))
    };
    at_output(Diagnostic::new(why), &picture(own).output).help("give each picture a name of its own")
}

/// The name of a scene in messages.
fn called(scene: &Scene) -> String {
    let file = name(scene.sources.first().map_or("another scene", |source| source.name()));
    match scene.sources.variant() {
        Some(variant) => format!("the variant `{variant}` of {file}"),
        None => file.to_string(),
    }
}
