//! A report as JSON: the output of `--format json`, and the data of a page, which also has frames.
//!
//! The data of a page leave out the PNGs of each picture's worst frame: the page shows that frame without a script and
//! would hold it twice.

use kymograph::printable;
use serde::{Deserialize, Serialize};

use super::model::{Report, ReportEntry, ShownFrame, Verdict};
use crate::cli::shard::Shard;

/// Raised when the meaning of a field changes.
const VERSION: u32 = 1;

/// The element of the page that holds the report, and its end.
pub(super) const OPENING: &str = "<script type=\"application/json\" id=\"kymo-report\">";
pub(super) const CLOSING: &str = "</script>";

/// A report to be written.
#[derive(Serialize)]
pub(super) struct ReportJson<'a> {
    version: u32,
    counts: Counts,
    shards: &'a [Shard],
    pictures: &'a [ReportEntry],
    /// One list of frames an entry of `pictures`.
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<Vec<Vec<Frame<'a>>>>,
}

/// A frame with its pictures, or what is said of one that the page shows as it is opened.
#[derive(Serialize)]
#[serde(untagged)]
enum Frame<'a> {
    Here(&'a ShownFrame),
    InPage { index: usize },
}

#[derive(Serialize)]
struct Counts {
    failed: usize,
    changed: usize,
    missing: usize,
    orphaned: usize,
    same: usize,
}

/// A parsed report.
#[derive(Deserialize)]
struct ParsedReport {
    shards: Vec<Shard>,
    pictures: Vec<ReportEntry>,
    shown: Vec<Vec<ShownFrame>>,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl<'a> ReportJson<'a> {
    /// All but the frames as pictures.
    pub(super) fn new(report: &'a Report) -> Self {
        let count = |verdict| report.with_verdict(verdict).count();
        let counts = Counts {
            failed: count(Verdict::Failed),
            changed: count(Verdict::Changed),
            missing: count(Verdict::Missing),
            orphaned: count(Verdict::Orphaned),
            same: count(Verdict::Same),
        };
        Self { version: VERSION, counts, shards: &report.shards, pictures: &report.entries, shown: None }
    }

    /// With the frames that each entry shows.
    pub(super) fn showing(self, shown: Vec<Vec<&'a ShownFrame>>) -> Self {
        let frames = |(entry, shown): (&ReportEntry, Vec<&'a ShownFrame>)| {
            let worst = entry.ranked().first().map(|frame| frame.index);
            let frame = |frame: &'a ShownFrame| match worst {
                Some(index) if index == frame.index => Frame::InPage { index },
                _ => Frame::Here(frame),
            };
            shown.into_iter().map(frame).collect()
        };
        Self { shown: Some(self.pictures.iter().zip(shown).map(frames).collect()), ..self }
    }

    pub(super) fn pretty(&self) -> String {
        // Strings, numbers and lists: nothing that JSON could not hold.
        printable::json(&serde_json::to_string_pretty(self).unwrap_or_default())
    }

    /// The element of a page. In JSON `<` stands in strings alone, where it may be written so that no
    /// text in it can end the element.
    pub(super) fn element(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default().replace('<', "\\u003c");
        format!("{OPENING}{}{CLOSING}", printable::json(&json))
    }
}

/// Reads the JSON of a page. The worst frame of each picture has no PNGs yet: they are elsewhere on the page.
///
/// # Errors
/// The JSON is damaged, or of another version; the message continues the name of the page.
pub(super) fn parse(json: &str) -> Result<Report, String> {
    let damaged = |error: serde_json::Error| format!("holds a damaged report ({error}): write it again");
    let Version { version } = serde_json::from_str(json).map_err(damaged)?;
    if version != VERSION {
        return Err(format!(
            "is a report of version {version}, and this kymo reads version {VERSION}: write all reports with one kymo"
        ));
    }
    let ParsedReport { shards, pictures, shown } = serde_json::from_str(json).map_err(damaged)?;
    if shown.len() != pictures.len() {
        return Err(
            "holds a damaged report (pictures and their frames are not as many): write it again".to_owned()
        );
    }
    let entries =
        pictures.into_iter().zip(shown).map(|(entry, shown)| ReportEntry { shown, ..entry }).collect();
    Ok(Report { entries, shards })
}
