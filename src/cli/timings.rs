//! `kymo render --timings`: how long each step of a picture took.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use kymograph::film::{Progress, Stage};

use super::console::Console;

/// The steps of a picture, each with the time at which it began.
pub(super) struct Timings<'a> {
    console: &'a Console,
    begun: Mutex<Vec<(&'static str, Instant)>>,
}

impl<'a> Timings<'a> {
    /// Timings without a step.
    pub(super) fn new(console: &'a Console) -> Self {
        Self { console, begun: Mutex::new(Vec::new()) }
    }

    /// Begins a step, which ends the one before it.
    pub(super) fn begin_step(&self, what: &'static str) {
        if let Ok(mut begun) = self.begun.lock() {
            begun.push((what, Instant::now()));
        }
    }

    /// A line for each step, in order; `read` is the time that reading the scene took.
    pub(super) fn lines(self, read: Duration) -> Vec<String> {
        let end = Instant::now();
        let begun = self.begun.into_inner().unwrap_or_default();
        let ends = begun.iter().skip(1).map(|(_, next)| *next).chain([end]);
        let took = begun.iter().zip(ends).map(|((what, begun), end)| (*what, end - *begun));
        let line = |(what, took): (_, Duration)| format!("  {:9.2} ms  {what}", took.as_secs_f64() * 1e3);
        [("read and check the scene", read)].into_iter().chain(took).map(line).collect()
    }
}

impl Progress for Timings<'_> {
    fn begin(&self, stage: Stage) {
        self.begin_step(match stage {
            Stage::Draw => "draw the frames, count what they hold",
            Stage::Choose => "choose colors",
            Stage::Code => "code the frames",
            Stage::Both => "draw and code the frames",
        });
    }

    fn step(&self) {
        self.console.finish_step();
    }
}
