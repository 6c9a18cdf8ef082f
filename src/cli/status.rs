//! `kymo status`: lists which pictures are fresh. Nothing is rendered.

use std::io::{self, Write};

use kymograph::printable::{self, name};
use serde::Serialize;

use super::Outcome;
use super::args::Status;
use super::batch::Batch;
use super::console::Console;
use super::goldens::Goldens;
use super::orphans::orphans;

/// The state of a picture relative to its scene.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Fresh,
    Stale,
    Missing,
    Orphaned,
}

const STATES: [State; 4] = [State::Fresh, State::Stale, State::Missing, State::Orphaned];

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Missing => "missing",
            Self::Orphaned => "orphaned",
        }
    }
}

/// One picture.
#[derive(Serialize)]
struct Row {
    picture: String,
    /// `None` for an orphan.
    scene: Option<String>,
    state: State,
}

/// Lists all pictures.
pub(super) fn run(args: &Status, console: &Console) -> Outcome {
    let Some((_, mut jobs)) = Goldens::load_batch(&args.paths, &args.scenes, console) else {
        return Outcome::Error;
    };
    let orphans = orphans(&args.scenes, &jobs, args.sharding.shard);
    jobs.retain_shard(args.sharding.shard);
    let mut rows = rows(&jobs);
    let mut sound = jobs.report_failures(console);
    match orphans {
        Ok(orphans) => rows.extend(orphans.into_iter().map(|orphan| Row {
            picture: orphan.shown.to_string_lossy().into_owned(),
            scene: None,
            state: State::Orphaned,
        })),
        Err(error) => {
            console.error(&error);
            sound = false;
        }
    }
    console.finish_progress();
    sound &= console.check_stdout(if args.json { json(&rows) } else { lines(&rows) });
    if !sound {
        Outcome::Error
    } else if rows.iter().all(|row| row.state == State::Fresh) {
        Outcome::Success
    } else {
        Outcome::Different
    }
}

fn rows(jobs: &Batch) -> Vec<Row> {
    let mut rows = Vec::new();
    for job in &jobs.jobs {
        for picture in &job.pictures {
            let files = picture.files(&job.scene);
            let state = if files.is_empty() || !files.iter().all(|file| file.exists()) {
                State::Missing
            } else if picture.is_fresh(&job.scene) {
                State::Fresh
            } else {
                State::Stale
            };
            let scene = Some(job.path.to_string_lossy().into_owned());
            rows.push(Row { picture: picture.shown(), scene, state });
        }
    }
    rows
}

fn lines(rows: &[Row]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let width = STATES.map(|state| state.word().len()).into_iter().max().unwrap_or_default();
    for row in rows {
        writeln!(out, "{:width$}  {}", row.state.word(), name(&row.picture))?;
    }
    let count = |state: State| (rows.iter().filter(|row| row.state == state).count(), state.word());
    let counts = STATES.map(count).into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, word)| format!("{count} {word}")).collect();
    if !counts.is_empty() {
        writeln!(out, "{}", counts.join(", "))?;
    }
    out.flush()
}

fn json(rows: &[Row]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", printable::json(&serde_json::to_string_pretty(rows)?))?;
    out.flush()
}
