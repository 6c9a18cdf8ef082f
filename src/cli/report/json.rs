//! A report for programs: docs/reports.md names its fields, which stay what they are.

use super::document::ReportJson;
use super::model::Report;

/// The text.
pub(super) fn text(report: &Report) -> String {
    ReportJson::new(report).pretty() + "\n"
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::sample::{frame, mixed, shown};
    use super::*;

    #[test]
    fn the_fields_are_those_that_are_promised() {
        let mut report = mixed();
        report.entries.truncate(1);
        report.entries[0].differing = vec![frame(37, 120)];
        report.entries[0].shown = vec![shown(37)];
        let value: Value = serde_json::from_str(&text(&report)).expect("JSON");
        let expected = json!({
            "version": 1,
            "counts": { "failed": 0, "changed": 1, "missing": 0, "orphaned": 0, "same": 0 },
            "shards": [],
            "pictures": [{
                "picture": "imgs/a.gif",
                "verdict": "changed",
                "scene": "scenes/a.toml",
                "variant": null,
                "place": [3, 10],
                "reasons": ["one frame differs"],
                "size": [100, 100],
                "frames": 100,
                "differing": [{
                    "index": 37, "pixels": 120, "share": 0.012, "worst": 77, "bounds": [2, 3, 12, 9], "fails": true,
                }],
            }],
        });
        assert_eq!(value, expected);
        assert!(!text(&report).contains("iVBOR"), "no pictures");
    }
}
