//! What a person sees on standard error: a bar while it lasts, a line a scene, errors with their line;
//! and whether standard output is for a person, too.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kymograph::printable::text;
use kymograph::scene::diagnostic::{Diagnostic, SceneError};
use kymograph::scene::source::{Origin, Sources};

use super::args::ColorChoice;

/// Standard error, and how to write to it.
pub(super) struct Console {
    color: bool,
    /// Of standard output, which may go elsewhere.
    output_color: bool,
    quiet: bool,
    bar: ProgressBar,
    /// What was wrong in files with variants.
    told: Mutex<Vec<Told>>,
}

/// A mistake by its file, its place there and its message.
type Told = (String, Option<Origin>, String);

/// How often the bar is drawn anew, a second.
const REDRAWS: u8 = 10;

impl Console {
    pub(super) fn new(color: ColorChoice, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colored = |terminal: bool| match color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !refused,
        };
        let (color, output_color) = (colored(terminal), colored(std::io::stdout().is_terminal()));
        let target = if terminal && !quiet {
            ProgressDrawTarget::stderr_with_hz(REDRAWS)
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(None, target).with_style(style);
        Self { color, output_color, quiet, bar, told: Mutex::default() }
    }

    /// Whether what goes to standard output is colored.
    pub(super) fn colors_output(&self) -> bool {
        self.output_color
    }

    /// Whether only errors are told.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// There are so many more steps to come.
    pub(super) fn set_steps(&self, steps: u64) {
        self.bar.set_length(steps);
    }

    /// One step is done.
    pub(super) fn finish_step(&self) {
        self.bar.inc(1);
    }

    /// No more steps come.
    pub(super) fn finish_progress(&self) {
        self.bar.finish_and_clear();
    }

    /// A line of news.
    pub(super) fn info(&self, line: &str) {
        if !self.quiet {
            self.print(&text(line).to_string());
        }
    }

    /// What is wrong in a scene, as the compiler of Rust would tell it; what several variants of a file
    /// have wrong alike, once.
    pub(super) fn scene_error(&self, diagnostic: Diagnostic, sources: Sources) {
        if sources.variant().is_some() {
            let file = sources.first().map(|file| file.name().to_owned()).unwrap_or_default();
            let mistake = (file, diagnostic.origin, diagnostic.message.clone());
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            if told.contains(&mistake) {
                return;
            }
            told.push(mistake);
        }
        self.print(SceneError::new(diagnostic, sources).render(self.color).trim_end());
    }

    /// What is doubtful about a scene, told the same way.
    pub(super) fn warning(&self, diagnostic: &Diagnostic, sources: &Sources) {
        if !self.quiet {
            let told = SceneError::new(diagnostic.clone(), sources.clone());
            self.print(told.render(self.color).trim_end());
        }
    }

    /// Whether standard output took what was printed; a reader who has gone has what it wanted.
    pub(super) fn check_stdout(&self, printed: io::Result<()>) -> bool {
        match printed {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                self.error(&format!("standard output: {error}"));
                false
            }
            _ => true,
        }
    }

    /// What is wrong outside of any scene.
    pub(super) fn error(&self, message: &str) {
        let label = if self.color { "\u{1b}[1;31merror\u{1b}[0m" } else { "error" };
        self.print(&format!("{label}: {}", text(message)));
    }

    /// Prints what holds no control characters but line breaks and those of colors.
    fn print(&self, text: &str) {
        // PicturePaths standard error is closed, there is nobody left to tell.
        self.bar.suspend(|| {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        });
    }
}

/// A length in bytes as people read it.
pub(super) fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.0} kB", count as f64 / 1e3),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}

/// A time as people read it.
pub(super) fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}
