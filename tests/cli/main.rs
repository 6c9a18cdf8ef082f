//! The built program, run as a person runs it: arguments in, pictures and messages out.
//!
//! Every test has a folder of its own, a `project`, and sees only the program's files, messages and exit codes. Ignored
//! tests need another program: `cargo test --test cli -- --ignored` runs them where ffmpeg and make are on the PATH.
#![cfg(feature = "cli")]

mod bad_scenes;
mod check;
#[cfg(unix)]
mod ci_page;
mod damping;
mod data;
mod draft;
mod files;
#[cfg(unix)]
mod folders;
mod fresh;
mod help;
mod inspect;
#[cfg(target_os = "linux")]
mod interrupt;
mod merge_reports;
#[cfg(unix)]
mod names;
mod project;
#[cfg(unix)]
mod reading;
mod render;
mod same_files;
mod streams;
#[expect(dead_code, reason = "the tests of the library use the rest")]
#[path = "../support/mod.rs"]
mod support;
mod surprises;
mod sweep;
#[cfg(unix)]
mod systems;
mod variants;
mod video;
