//! The built program, run as a person runs it: words in, pictures and messages out.
//!
//! Every test has a folder of its own, a `project`, and knows nothing of the program but what it
//! leaves there and what it says.
#![cfg(feature = "cli")]

mod bad_scenes;
mod check;
#[cfg(unix)]
mod ci_page;
mod data;
mod files;
#[cfg(unix)]
mod folders;
mod fresh;
mod help;
mod inspect;
mod merge_reports;
#[cfg(unix)]
mod names;
mod parts;
mod project;
#[cfg(unix)]
mod reading;
mod render;
mod streams;
mod sweep;
mod variants;
mod video;
