//! A report as JSON, and back from the page that carries it.
//!
//! What `--format json` prints is what a page holds, the pictures aside; so whoever can read the one can
//! read the other. Of each picture the page's data leave out the worst frame, which a person sees without
//! any script and which the page would hold twice.

use kymograph::printable;
use serde::{Deserialize, Serialize};

use super::model::{Report, ReportEntry, Shard, ShownFrame, Verdict};
use super::page;

/// Raised when a field comes to mean something else.
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

/// A report that was read.
#[derive(Deserialize)]
struct Stored {
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

/// The report that a page carries.
///
/// # Errors
/// What the page is instead, and the remedy.
pub(super) fn report_of(page: &str) -> Result<Report, String> {
    let stranger = || "is no report that kymo wrote: name what --report made".to_owned();
    let (_, rest) = page.split_once(OPENING).ok_or_else(stranger)?;
    let (json, _) =
        rest.split_once(CLOSING).ok_or_else(|| "ends in its middle: write it again".to_owned())?;
    let damaged = |error: serde_json::Error| format!("holds a damaged report ({error}): write it again");
    let Version { version } = serde_json::from_str(json).map_err(damaged)?;
    if version != VERSION {
        return Err(format!(
            "is a report of version {version}, and this kymo reads version {VERSION}: write all reports with one kymo"
        ));
    }
    let Stored { shards, pictures, shown } = serde_json::from_str(json).map_err(damaged)?;
    if shown.len() != pictures.len() {
        return Err(
            "holds a damaged report (pictures and their frames are not as many): write it again".to_owned()
        );
    }
    let mut entries: Vec<ReportEntry> =
        pictures.into_iter().zip(shown).map(|(entry, shown)| ReportEntry { shown, ..entry }).collect();
    for (number, article) in page::articles(page) {
        let Some(entry) = entries.get_mut(number) else { continue };
        let Some(index) = entry.ranked().first().map(|frame| frame.index) else { continue };
        if let Some(frame) = entry.shown.iter_mut().find(|frame| frame.index == index) {
            *frame = page::shown(article, index);
        }
    }
    Ok(Report { entries, shards })
}

/// Bytes as text, for serde.
pub(super) mod base64 {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in super::super) fn text(bytes: &[u8]) -> String {
        STANDARD.encode(bytes)
    }

    /// The bytes of a text, none of what is no such text.
    pub(in super::super) fn bytes(text: &str) -> Vec<u8> {
        STANDARD.decode(text).unwrap_or_default()
    }

    pub(in super::super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text(bytes))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        STANDARD.decode(text.as_ref()).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{mixed, shown};
    use super::*;

    #[test]
    fn a_page_gives_back_the_report_whatever_its_texts_hold() {
        let mut report = mixed();
        report.shards = vec![Shard { number: 2, of: 3 }];
        report.entries[0].reasons = vec!["</script><!-- <script> \u{2028} \\u003c \0".to_owned()];
        report.entries[0].shown = vec![shown(37), shown(40)];
        let html = page::html(&report);
        assert_eq!(report_of(&html).expect("a report"), report);
        assert_eq!(html, page::html(&report), "equal reports are equal bytes");
    }

    #[test]
    fn other_pages_are_refused_with_a_reason() {
        let whole = page::html(&mixed());
        let cut = &whole[..whole.find(OPENING).expect("the element") + OPENING.len() + 10];
        for (page, why) in [
            ("<!doctype html><p>hello", "no report that kymo wrote"),
            (cut, "ends in its middle"),
            (&whole.replace("\"version\":1", "\"version\":2"), "version 2, and this kymo reads version 1"),
            (&whole.replace("\"picture\":", "\"image\":"), "damaged report"),
            (&whole.replace("\"shown\":[[]", "\"shown\":[[],[]"), "not as many"),
        ] {
            let text = report_of(page).expect_err(why);
            assert!(text.contains(why), "{text}");
        }
    }
}
