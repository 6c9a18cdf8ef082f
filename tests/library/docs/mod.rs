//! The documentation is correct: every scene on its pages renders, every picture below a scene is its last frame, every
//! link has a target, the table of keys is made of
//! the rows that the program reads by, and every default in it is that of the program.
//!
//! `SNAPSHOTS=overwrite cargo test` rewrites the pictures below the scenes and the table of keys.

mod defaults;
mod keys;
mod links;
mod peers;
mod scenes;

use std::fs;
use std::path::PathBuf;

/// The folder with the reference of the scene format.
const REFERENCE: &str = "docs/scenes";
/// The page with the table of keys, the last one of the reference.
const KEYS: &str = "docs/scenes/keys.md";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The names of the files in a folder that have this ending, sorted.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
    let mut names: Vec<String> = names.filter(|name| name.ends_with(ending)).collect();
    names.sort();
    names
}

/// The pages of the reference, as paths below the root.
fn reference() -> Vec<String> {
    files(REFERENCE, ".md").into_iter().map(|name| format!("{REFERENCE}/{name}")).collect()
}
