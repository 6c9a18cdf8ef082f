//! The stages of a picture: the terminal shows the present one, and `kymo render --timings` prints how long each took.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use kymograph::film::{Progress, Stage};

use super::console::Console;

/// The stages of a picture, each with the time at which it began.
pub(super) struct Timings<'a> {
    console: &'a Console,
    /// The name of the scene.
    scene: &'a str,
    /// The time from the beginning of the program to that of the first stage.
    before: Duration,
    begun: Mutex<Vec<(&'static str, Instant)>>,
}

/// When a scene was read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ReadTimes {
    /// The time from the beginning of the program until the scene was read.
    pub(super) before: Duration,
    /// How long reading it took.
    pub(super) took: Duration,
}

impl<'a> Timings<'a> {
    /// Timings without a stage, for a picture that is begun now.
    pub(super) fn new(console: &'a Console, scene: &'a str) -> Self {
        Self { console, scene, before: console.elapsed(), begun: Mutex::new(Vec::new()) }
    }

    /// Begins a stage, which ends the one before it.
    pub(super) fn begin_stage(&self, stage: &'static str) {
        self.console.begin_stage(self.scene, stage);
        if let Ok(mut begun) = self.begun.lock() {
            begun.push((stage, Instant::now()));
        }
    }

    /// A line for each stage since the program began, in order, and one for their sum.
    pub(super) fn lines(self, read: ReadTimes) -> Vec<String> {
        let (end, total) = (Instant::now(), self.console.elapsed());
        let begun = self.begun.into_inner().unwrap_or_default();
        let ends = begun.iter().skip(1).map(|(_, next)| *next).chain([end]);
        let stages = begun.iter().zip(ends).map(|((stage, begun), end)| (*stage, end - *begun));
        let before = [
            ("start the program and find the scene", read.before),
            ("read, check and solve the scene", read.took),
            (
                "look at its pictures, and at other scenes",
                self.before.saturating_sub(read.before + read.took),
            ),
        ];
        let line = |(stage, took): (_, Duration)| format!("  {:9.2} ms  {stage}", took.as_secs_f64() * 1e3);
        before.into_iter().chain(stages).chain([("in all", total)]).map(line).collect()
    }
}

impl Progress for Timings<'_> {
    fn begin(&self, stage: Stage) {
        self.console.begin_frames();
        self.begin_stage(match stage {
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
