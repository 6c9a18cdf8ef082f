//! Standard error: the progress of what takes long, a line for each picture, and errors with their lines.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::iter::Sum;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use kymograph::printable::text;
use kymograph::scene::diagnostic::{Diagnostic, SceneError};
use kymograph::scene::source::{Origin, Sources};

use super::args::ColorChoice;
use super::load::LocatedError;

/// Standard error, and the options for writing to it.
pub(super) struct Console {
    color: bool,
    /// For standard output, which may be another device.
    output_color: bool,
    quiet: bool,
    begun: Instant,
    /// Hidden in the beginning: see [`show_later`].
    bar: ProgressBar,
    /// Errors that were printed for a variant; other variants of the file do not repeat them.
    reported: Mutex<Vec<ReportedError>>,
}

/// An error of a scene, without the variant.
#[derive(PartialEq, Eq)]
struct ReportedError {
    file: String,
    origin: Option<Origin>,
    message: String,
}

/// The work of the progress bar: a frame takes one step or two, as it is drawn and then coded.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FrameCount {
    pub(super) frames: usize,
    pub(super) steps: usize,
}

impl Sum for FrameCount {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, count| Self {
            frames: sum.frames + count.frames,
            steps: sum.steps + count.steps,
        })
    }
}

/// The number of errors of one scene that are printed.
const MAX_ERRORS: usize = 20;
/// Redraws of the progress bar per second.
const REDRAWS: u8 = 10;
/// Work that takes longer shows its progress.
const PATIENCE: Duration = Duration::from_millis(500);
/// The progress while it is not known how much there is to do, and while it is.
const UNKNOWN_LENGTH: &str = "{spinner} {msg}, {elapsed}";
const KNOWN_LENGTH: &str = "{bar:20} {frames}, {left}: {msg}";

impl Console {
    pub(super) fn new(color: ColorChoice, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colored = |terminal: bool| match color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !no_color,
        };
        let (color, output_color) = (colored(terminal), colored(std::io::stdout().is_terminal()));
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(progress_style(UNKNOWN_LENGTH));
        if terminal && !quiet {
            show_later(bar.clone());
        }
        Self { color, output_color, quiet, begun: Instant::now(), bar, reported: Mutex::default() }
    }

    /// The time since the program began.
    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Shows what is done now, for a scene or its file.
    pub(super) fn begin_stage(&self, scene: &str, stage: &str) {
        self.bar.set_message(format!("{}: {stage}", text(scene)));
    }

    /// Whether standard output is colored.
    pub(super) fn colors_output(&self) -> bool {
        self.output_color
    }

    /// Whether only errors are printed.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Sets the number of frames of the progress bar.
    pub(super) fn set_frames(&self, count: FrameCount) {
        let style = progress_style(KNOWN_LENGTH);
        let done = move |state: &ProgressState, line: &mut dyn fmt::Write| {
            let FrameCount { frames, steps } = count;
            let _ = write!(line, "{}/{frames} frames", state.pos() as usize * frames / steps.max(1));
        };
        self.bar.set_style(style.with_key("frames", done));
        self.bar.set_length(count.steps as u64);
    }

    /// Begins to measure the time that a frame takes, unless frames are done already.
    pub(super) fn begin_frames(&self) {
        if self.bar.position() == 0 {
            self.bar.reset_eta();
        }
    }

    /// Advances the progress bar by one step.
    pub(super) fn finish_step(&self) {
        self.bar.inc(1);
    }

    /// A function that removes the progress bar, for the end of the program.
    pub(super) fn clear_progress(&self) -> impl Fn() + Send + 'static {
        let bar = self.bar.clone();
        move || bar.finish_and_clear()
    }

    /// Removes the progress bar.
    pub(super) fn finish_progress(&self) {
        self.bar.finish_and_clear();
    }

    /// Prints a message, unless `--quiet` is given.
    pub(super) fn info(&self, line: &str) {
        if !self.quiet {
            self.print(&text(line).to_string());
        }
    }

    /// Prints the errors of a scene with their lines, up to a limit.
    pub(super) fn scene_errors(&self, (errors, sources): LocatedError) {
        for error in errors.all().iter().take(MAX_ERRORS) {
            self.scene_error(error.clone(), sources.clone());
        }
        if let Some(more) = errors.all().len().checked_sub(MAX_ERRORS).filter(|more| *more > 0) {
            let (noun, them) = if more == 1 { ("error", "it") } else { ("errors", "them") };
            let rest = Diagnostic::new(format!("the scene has {more} more {noun}"));
            self.scene_error(rest.help(format!("correct these first to see {them}")), sources);
        }
    }

    /// Prints an error of a scene with its line, as rustc does. An error that several variants of a file have in common
    /// is printed once.
    pub(super) fn scene_error(&self, diagnostic: Diagnostic, sources: Sources) {
        if sources.variant().is_some() {
            let file = sources.first().map(|file| file.name().to_owned()).unwrap_or_default();
            let message = diagnostic.message.clone();
            let error = ReportedError { file, origin: diagnostic.origin, message };
            let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
            if reported.contains(&error) {
                return;
            }
            reported.push(error);
        }
        self.print(SceneError::new(diagnostic, sources).render(self.color).trim_end());
    }

    /// Prints a warning about a scene, unless `--quiet` is given.
    pub(super) fn warning(&self, diagnostic: &Diagnostic, sources: &Sources) {
        if !self.quiet {
            let error = SceneError::new(diagnostic.clone(), sources.clone());
            self.print(error.render(self.color).trim_end());
        }
    }

    /// Reports an error of writing to standard output and returns whether there was none. A closed pipe is not an error.
    pub(super) fn check_stdout(&self, printed: io::Result<()>) -> bool {
        match printed {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                self.error(&format!("standard output: {error}"));
                false
            }
            _ => true,
        }
    }

    /// Prints an error that belongs to no scene.
    pub(super) fn error(&self, message: &str) {
        let label = if self.color { "\u{1b}[1;31merror\u{1b}[0m" } else { "error" };
        self.print(&format!("{label}: {}", text(message)));
    }

    /// Prints text without control characters other than line breaks and colors.
    fn print(&self, text: &str) {
        // If standard error is closed, the message is lost.
        self.bar.suspend(|| {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        });
    }
}

/// Shows a progress bar after a while, unless it is finished by then.
fn show_later(bar: ProgressBar) {
    let show = move || {
        thread::sleep(PATIENCE);
        if !bar.is_finished() {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(REDRAWS));
            bar.enable_steady_tick(Duration::from_secs(1) / REDRAWS.into());
        }
    };
    // Without a thread there is no bar.
    let _ = thread::Builder::new().spawn(show);
}

/// The style of a progress bar with this template.
fn progress_style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.with_key("left", |state: &ProgressState, line: &mut dyn fmt::Write| {
        // Nothing is known of the time left before the first frame.
        let _ = match state.pos() {
            0 => write!(line, "{} so far", HumanDuration(state.elapsed())),
            _ => write!(line, "{} left", HumanDuration(state.eta())),
        };
    })
}

/// A size in bytes with a unit.
pub(super) fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.0} kB", count as f64 / 1e3),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}

/// A duration in seconds.
pub(super) fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}
