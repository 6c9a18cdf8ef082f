//! The program: the only place that knows terminal, clock and paths.
//!
//! `args` is the command line, `find` and `load` turn its words into scenes, then there is a file for
//! each subcommand. Messages go to standard error through `console`; [`Ended`] says the exit codes.

mod args;
mod bless;
mod check;
mod collision;
mod console;
mod data;
mod deps;
mod examine;
mod fault;
mod find;
mod folders;
mod goldens;
mod inspect;
mod jobs;
mod load;
mod made;
mod orphans;
mod picture;
mod place;
mod printing;
mod render;
mod report;
mod shard;
mod status;
mod sweep;
mod target;
mod timings;
mod video;

use std::process::ExitCode;

use clap::Parser;
use kymograph::scene::source::Sources;

use args::{Args, Command};
use console::Console;

/// How a command ended, as its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// All was done.
    Fine = 0,
    /// Pictures are not as they should be.
    Differs = 1,
    /// The input or the environment is wrong.
    Wrong = 2,
}

impl Ended {
    /// Of a command that either does what it is told or cannot.
    fn done(done: bool) -> Self {
        if done { Self::Fine } else { Self::Wrong }
    }
}

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    fault::install_hook();
    let args = Args::parse();
    let console = Console::new(args.color, args.quiet);
    let ended = fault::guard(None, || match &args.command {
        Command::Render(render) => Ended::done(render::run(render, &console)),
        Command::Check(check) => check::run(check, &console),
        Command::Bless(bless) => Ended::done(bless::run(bless, &console)),
        Command::Status(status) => status::run(status, &console),
        Command::Data(data) => Ended::done(data::run(data, &console)),
        Command::Inspect(inspect) => Ended::done(inspect::run(inspect, &console)),
        Command::Sweep(sweep) => Ended::done(sweep::run(sweep, &console)),
        Command::MergeReports(merge) => report::merge_reports(merge, &console),
    })
    .unwrap_or_else(|error| {
        console.scene_error(error, Sources::new());
        Ended::Wrong
    });
    ExitCode::from(ended as u8)
}
