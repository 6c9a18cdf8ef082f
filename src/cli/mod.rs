//! The program: the only place that knows terminal, clock and paths.
//!
//! `args` is the command line, `find` and `load` turn its words into scenes, then there is a file for
//! each subcommand. Messages go to standard error through `console`; exit codes are 0 (done) and 2
//! (the input or the environment is wrong).

mod args;
mod collision;
mod console;
mod data;
mod find;
mod inspect;
mod load;
mod picture;
mod render;
mod sweep;
mod target;
mod timings;
mod video;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use console::Console;

/// The input or the environment is wrong.
const WRONG: u8 = 2;

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    std::panic::set_hook(Box::new(|fault| {
        // No scene should be able to do this; whoever meets it needs one sentence, not a stack.
        eprintln!("error: kymo has a fault of its own, which the scene brought out: {fault}");
        std::process::exit(WRONG.into());
    }));
    let args = Args::parse();
    let console = Console::new(args.color, args.quiet);
    let done = match &args.command {
        Command::Render(render) => render::run(render, &console),
        Command::Data(data) => data::run(data, &console),
        Command::Inspect(inspect) => inspect::run(inspect, &console),
        Command::Sweep(sweep) => sweep::run(sweep, &console),
    };
    if done { ExitCode::SUCCESS } else { ExitCode::from(WRONG) }
}
