//! The result of a comparison, and its formats.
//!
//! `model` is the result as plain data, `sentences` its wording. `human`, `json`, `junit` and `github` make
//! a text of it, and `page` an HTML page that needs no other files and can be read back, so that
//! `merge` can make one report of those of the shards. All of them are functions of the data:
//! equal reports are equal bytes, and no clock is asked.

mod base64_text;
mod document;
mod frame_budget;
mod github;
mod human;
mod json;
mod junit;
mod markup;
mod merge;
mod merge_reports;
mod model;
mod page;
#[cfg(test)]
mod sample;
mod sentences;

use std::io::{self, Write};
use std::path::Path;

use kymograph::printable::{self, name};

pub(super) use merge_reports::run as merge_reports;
pub(super) use model::{DifferingFrame, Report, ReportEntry, ShownFrame, Verdict};

use super::Outcome;
use super::args::{ReportFormat, ReportOptions};
use super::console::Console;
use super::root::Root;

/// The page's name in its folder.
const INDEX: &str = "index.html";

/// Prints a report in the format of the command line, and writes its page if one is asked for.
pub(super) fn tell(report: &Report, report_options: &ReportOptions, console: &Console) -> Outcome {
    let mut done = print(report, report_options.format, console);
    if let Some(folder) = &report_options.report {
        match write_page(report, folder) {
            Ok(()) => console.info(&format!("{}: the report", name(&folder.join(INDEX)))),
            Err(why) => {
                console.error(&why);
                done = false;
            }
        }
    }
    if done { ended(report) } else { Outcome::Error }
}

/// The outcome of a command with this report.
fn ended(report: &Report) -> Outcome {
    match report.worst() {
        Verdict::Same => Outcome::Success,
        Verdict::Changed | Verdict::Missing | Verdict::Orphaned => Outcome::Different,
        Verdict::Failed => Outcome::Error,
    }
}

/// Prints the report and returns whether that succeeded.
fn print(report: &Report, format: ReportFormat, console: &Console) -> bool {
    let text = match format {
        ReportFormat::Human => {
            let style = human::HumanStyle { color: console.colors_output(), brief: console.is_quiet() };
            human::text(report, style)
        }
        ReportFormat::Json => json::text(report),
        ReportFormat::Junit => junit::text(report),
        ReportFormat::Github => github::text(report),
    };
    let mut out = io::stdout().lock();
    console.check_stdout(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Writes the page into a folder, which is made if it is missing; what was there before stays until the
/// page is complete.
fn write_page(report: &Report, folder: &Path) -> Result<(), String> {
    let cannot = |error: io::Error| format!("the report {} cannot be written: {error}", name(folder));
    let new = folder.file_name().filter(|_| !folder.exists()).unwrap_or_default();
    if let Some((why, remedy)) = printable::refusal(&new.to_string_lossy()) {
        return Err(format!("--report: {why}; {remedy}"));
    }
    match std::fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parent = name(folder.parent().unwrap_or(folder));
            return Err(format!(
                "there is no folder {parent} for the report: make it with mkdir -p {parent}"
            ));
        }
        Err(error) if !folder.is_dir() => return Err(cannot(error)),
        _ => {}
    }
    let target = Root::new(folder, false)?.target(Path::new(INDEX)).map_err(|(why, _)| why)?;
    let mut temp_file = target.temp_file();
    temp_file.write_all(page::html(report).as_bytes()).map_err(cannot)?;
    target.publish(temp_file).map_err(cannot)?;
    Ok(())
}
