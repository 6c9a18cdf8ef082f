//! `kymo`: parse the command line, do what it says, tell the exit code.

// As in the library: nothing that reaches a file asks the platform for a sine.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
