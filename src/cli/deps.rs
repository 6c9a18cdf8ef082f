//! `kymo render --deps FILE`: which files each picture depends on, as rules for make.
//!
//! Each scene has a rule with its pictures and the files that were read for it. Every file that was read also gets a rule that does
//! nothing, so that make goes on when a base is deleted.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use kymograph::printable::{is_unprintable, name};

use super::console::Console;
use super::job::Job;
use super::root::Root;

/// Writes the rules and returns whether that succeeded.
pub(super) fn write(path: &Path, jobs: &[Job], root: &Root, console: &Console) -> bool {
    let written = rules(jobs).and_then(|rules| {
        let target =
            root.target_in_existing_folder(path).map_err(|(why, remedy)| format!("{why}; {remedy}"))?;
        let mut temp_file = target.temp_file();
        let published = temp_file.write_all(rules.as_bytes()).and_then(|()| target.publish(temp_file));
        published.map_err(|error| format!("{} cannot be written: {error}", name(&target.display)))
    });
    if let Err(why) = &written {
        console.error(&format!("--deps: {why}"));
    }
    written.is_ok()
}

fn rules(jobs: &[Job]) -> Result<String, String> {
    let mut rules = String::new();
    let mut read = BTreeSet::new();
    for job in jobs {
        let targets = targets(job).iter().map(|target| escaped(target)).collect::<Result<Vec<_>, _>>()?;
        let files = job.scene.sources.files();
        let sources = files.map(escaped).collect::<Result<Vec<_>, _>>()?;
        if targets.is_empty() || sources.is_empty() {
            continue;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(rules, "{}: \\\n  {}", targets.join(" \\\n"), sources.join(" \\\n  "));
        read.extend(sources);
    }
    for source in read {
        let _ = writeln!(rules, "\n{source}:");
    }
    Ok(rules)
}

/// The files of a job's pictures, as the user wrote their paths.
fn targets(job: &Job) -> Vec<String> {
    let mut targets = Vec::new();
    for picture in &job.pictures {
        let Some(target) = &picture.target else { continue };
        let named = |name| target.display.with_file_name(name).to_string_lossy().into_owned();
        targets.extend(picture.names(&job.scene).into_iter().map(named));
    }
    targets
}

/// A path as make reads it: `$` is written twice; blanks, `#`, `:` and `%` get a backslash, before which backslashes
/// count double. Control characters are refused.
fn escaped(path: &str) -> Result<String, String> {
    let mut escaped = String::new();
    let mut backslashes = 0;
    for character in path.chars() {
        match character {
            // No rule can hold a line break, and make prints the others to the terminal.
            control if is_unprintable(control) => {
                let shown = control.escape_default();
                return Err(format!("{} holds the control character {shown}: rename it", name(path)));
            }
            '$' => escaped.push('$'),
            ' ' | '#' | ':' | '%' => {
                escaped.extend(std::iter::repeat_n('\\', backslashes + 1));
            }
            _ => {}
        }
        backslashes = if character == '\\' { backslashes + 1 } else { 0 };
        escaped.push(character);
    }
    Ok(escaped)
}
