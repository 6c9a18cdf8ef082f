//! `kymo merge-reports`: merges the reports of shards into one.

use std::io;
use std::path::Path;

use kymograph::files::{self, ReadError};
use kymograph::printable::name;

use super::super::Outcome;
use super::super::args::MergeReports;
use super::super::console::Console;
use super::merge::merge;
use super::model::Report;
use super::{INDEX, page, sentences, tell};

/// Reads the pages, prints the merged report, and returns the outcome of the whole check.
pub(crate) fn run(args: &MergeReports, console: &Console) -> Outcome {
    let (mut reports, mut whole) = (Vec::new(), true);
    for path in &args.reports {
        match read(path) {
            Ok(report) => reports.push(report),
            Err(why) => {
                console.error(&why);
                whole = false;
            }
        }
    }
    // A merged page without one of the reports would pass for the whole.
    if !whole {
        return Outcome::Error;
    }
    let report = merge(reports);
    let code = tell(&report, &args.report_options, console);
    if report.missing_shards().is_empty() {
        return code;
    }
    // The missing shards may hold any verdict.
    let shards = sentences::shards(&report).unwrap_or_default();
    console.error(&format!("these are {shards}: name the reports of all shards"));
    Outcome::Error
}

/// Bytes of a page, at most. A page holds 32 MiB of pictures, and of each picture at least the worst frame; browsers give up
/// on pages much shorter than this.
const MAX_PAGE_BYTES: u64 = 256 << 20;

/// The report of a page, or of the folder of a page.
fn read(path: &Path) -> Result<Report, String> {
    let file = if path.is_dir() { path.join(INDEX) } else { path.to_owned() };
    let page = files::open_or_inherited(&file).and_then(|page| files::read_bytes(page, MAX_PAGE_BYTES));
    let file = name(&file);
    let page = page.map_err(|error| match error {
        ReadError::Io(error) if error.kind() == io::ErrorKind::NotFound => {
            format!("there is no report {file}")
        }
        error => format!("the report {file} cannot be read: {error}"),
    })?;
    page::report(&String::from_utf8_lossy(&page)).map_err(|why| format!("{file} {why}"))
}
