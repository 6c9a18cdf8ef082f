//! `kymo`: parse the command line, do what it says, tell the exit code.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
