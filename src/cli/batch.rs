//! The jobs of a command: finds and reads the scenes of the command line, selects a shard of them, and runs work for each
//! on several threads.

use std::path::{Path, PathBuf};
use std::time::Instant;

use kymograph::parallel;
use kymograph::scene::Scene;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::source::Sources;

use super::collision;
use super::console::Console;
use super::fault;
use super::find;
use super::job::{FailedScene, Job};
use super::load::LocatedError;
use super::picture::Picture;
use super::shard::Shard;
use super::timings::ReadTimes;

/// The stage of reading a scene.
pub(super) const READING: &str = "read, check and solve";

/// The jobs of a command, and the errors in finding and reading their scenes.
pub(super) struct Batch {
    /// In the order of the command line; those of a folder by name.
    pub(super) jobs: Vec<Job>,
    pub(super) refused: Vec<FailedScene>,
    /// Messages for paths without scenes.
    pub(super) path_errors: Vec<String>,
}

impl Batch {
    /// Finds and reads all scenes that `paths` name. `read` reads the scenes of a file, `pictures`
    /// lists the pictures of a scene. Pictures with the same file are errors.
    pub(super) fn load(
        paths: &[PathBuf],
        console: &Console,
        read: impl Fn(&Path) -> (Vec<Scene>, Vec<LocatedError>),
        pictures: impl Fn(&Scene) -> Result<Vec<Picture>, Diagnostic>,
    ) -> Self {
        let (scene_files, path_errors) = find::scenes(paths);
        let (mut jobs, mut refused) = (Vec::new(), Vec::new());
        for path in scene_files {
            let (before, begun) = (console.elapsed(), Instant::now());
            console.begin_stage(&path.to_string_lossy(), READING);
            let (scenes, errors) = fault::guard(Some(&path), || read(&path))
                .unwrap_or_else(|error| (Vec::new(), vec![(error.into(), Sources::new())]));
            let read_times = ReadTimes { before, took: begun.elapsed() };
            refused.extend(errors.into_iter().map(|error| FailedScene { path: path.clone(), error }));
            for mut scene in scenes {
                match fault::guard(Some(&path), || pictures(&scene)).and_then(|pictures| pictures) {
                    Ok(pictures) => jobs.push(Job { path: path.clone(), scene, pictures, read: read_times }),
                    Err(diagnostic) => {
                        let error = (diagnostic.into(), std::mem::take(&mut scene.sources));
                        refused.push(FailedScene { path: path.clone(), error });
                    }
                }
            }
        }
        refused.extend(collision::refuse(&mut jobs));
        Self { jobs, refused, path_errors }
    }

    /// Keeps the jobs that pass a check; the others become failed scenes.
    pub(super) fn retain_valid(
        &mut self,
        mut compare_picture: impl FnMut(&mut Job) -> Result<(), Diagnostic>,
    ) {
        let mut kept = Vec::new();
        for mut job in std::mem::take(&mut self.jobs) {
            let path = job.path.clone();
            match fault::guard(Some(&path), || compare_picture(&mut job)).and_then(|examined| examined) {
                Ok(()) => kept.push(job),
                Err(diagnostic) => {
                    let error = (diagnostic.into(), job.scene.sources);
                    self.refused.push(FailedScene { path: job.path, error });
                }
            }
        }
        self.jobs = kept;
    }

    /// Prints all errors and returns whether there were none.
    pub(super) fn report_failures(&mut self, console: &Console) -> bool {
        self.path_errors.iter().for_each(|error| console.error(error));
        let refused = std::mem::take(&mut self.refused);
        let sound = self.path_errors.is_empty() && refused.is_empty();
        for FailedScene { error, .. } in refused {
            console.scene_errors(error);
        }
        sound
    }

    /// Keeps the jobs of a shard. All scenes were read before, so all shards report the same collisions.
    pub(super) fn retain_shard(&mut self, shard: Option<Shard>) {
        let Some(shard) = shard else { return };
        self.jobs.retain(|job| shard.holds(&job.scene.stem));
        let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        self.refused.retain(|refused| shard.holds(&stem(&refused.path)));
    }
}

/// The number of threads: `jobs`, or the number of cores.
pub(super) fn threads(jobs: Option<u16>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    jobs.map_or_else(cores, usize::from)
}

/// Calls `work` for each job, on several threads. Results are in the order of the jobs. A job that panics ends with an internal
/// error; the others are not affected.
pub(super) fn each<R: Send>(
    jobs: &[Job],
    threads: usize,
    work: impl Fn(&Job) -> R + Sync,
) -> Vec<Result<R, Diagnostic>> {
    let guarded = |job: &Job| fault::guard(Some(&job.path), || work(job));
    parallel::map(&mut vec![(); threads], jobs.len(), |(), index| guarded(&jobs[index]))
}

#[cfg(test)]
mod tests {
    use kymograph::scene::load::load_text;
    use kymograph::scene::resolve::{Options, resolve};

    use super::*;

    /// A job of a small scene, without pictures.
    fn job(name: &str) -> Job {
        let path = PathBuf::from(format!("scenes/{name}.toml"));
        let text = "panels.x = { kind = 'plot', draw = [{ trace = 'sin(t)' }] }\ntime = { span = [0, 1] }";
        let mut sources = Sources::new();
        let mut read = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
        let tree = load_text(&path, text.to_owned(), &mut sources, &mut read).expect("it is TOML");
        let options = Options { stem: name.to_owned(), ..Options::default() };
        let scene = resolve(&tree, sources, &options).map_err(|(error, _)| error).expect("a scene");
        Job { path, scene, pictures: Vec::new(), read: ReadTimes::default() }
    }

    #[test]
    fn a_job_that_panics_ends_alone_and_its_error_names_its_scene() {
        let jobs = ["a", "b", "c"].map(job);
        for threads in 1..4 {
            let results = each(&jobs, threads, |job| {
                assert_ne!(job.scene.stem, "b", "a fault");
                job.scene.stem.clone()
            });
            assert!(
                matches!(&results[0], Ok(stem) if stem == "a")
                    && matches!(&results[2], Ok(stem) if stem == "c")
            );
            let error = results[1].as_ref().expect_err("b panics");
            assert!(
                error.message.contains("scenes/b.toml") && error.message.contains("a fault"),
                "{error:?}"
            );
        }
    }
}
