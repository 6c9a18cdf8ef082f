//! The program: the only place that knows terminal, clock and paths.
//!
//! `args` is the command line, `find` and `load` turn its words into scenes, then there is a file for
//! each subcommand. Messages go to standard error through `console`; [`Outcome`] lists the exit codes. Ctrl-C ends the
//! program with the code 130: `interrupt`.

mod args;
mod artifact;
mod batch;
mod bless;
mod check;
mod collision;
mod compare;
mod console;
mod data;
mod deps;
mod failure;
mod fault;
mod find;
mod folders;
mod frame_rate;
mod goldens;
mod group;
mod inspect;
mod interrupt;
mod job;
mod load;
mod meant_options;
mod orphans;
mod picture;
mod render;
mod render_context;
mod report;
mod root;
mod shard;
mod status;
mod sweep;
mod target;
mod timings;
mod video;

use std::process::ExitCode;

use clap::Parser;
use kymograph::scene::source::Sources;

use args::{Args, ColorChoice, Command};
use console::Console;

/// The result of a command, as its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Everything succeeded.
    Success = 0,
    /// Pictures differ from what they should be.
    Different = 1,
    /// The input or the environment is wrong.
    Error = 2,
}

impl Outcome {
    /// The outcome of a command that either succeeds or fails.
    fn from_success(success: bool) -> Self {
        if success { Self::Success } else { Self::Error }
    }
}

/// Prints the error of a command line that has an option of another program, or leaves help and other errors to clap.
fn refuse_arguments(error: &clap::Error) -> ExitCode {
    let words: Vec<String> =
        std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let Some(diagnostic) = meant_options::remedy(error, &words) else { error.exit() };
    Console::new(ColorChoice::Auto, false).scene_error(diagnostic, Sources::new());
    ExitCode::from(Outcome::Error as u8)
}

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    fault::install_hook();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return refuse_arguments(&error),
    };
    let console = Console::new(args.color, args.quiet);
    interrupt::install(console.clear_progress());
    let ended = fault::guard(None, || match &args.command {
        Command::Render(render) => Outcome::from_success(render::run(render, &console)),
        Command::Check(check) => check::run(check, &console),
        Command::Bless(bless) => Outcome::from_success(bless::run(bless, &console)),
        Command::Status(status) => status::run(status, &console),
        Command::Data(data) => Outcome::from_success(data::run(data, &console)),
        Command::Inspect(inspect) => Outcome::from_success(inspect::run(inspect, &console)),
        Command::Sweep(sweep) => Outcome::from_success(sweep::run(sweep, &console)),
        Command::MergeReports(merge) => report::merge_reports(merge, &console),
    })
    .unwrap_or_else(|error| {
        console.scene_error(error, Sources::new());
        Outcome::Error
    });
    console.finish_progress();
    ExitCode::from(ended as u8)
}
