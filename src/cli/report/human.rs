//! A report for a terminal: what is not as expected, each with its reasons, and the counts.

use kymograph::printable::name;

use super::model::{Report, Verdict};
use super::sentences;

/// Style of the text.
#[derive(Clone, Copy)]
pub(super) struct HumanStyle {
    pub(super) color: bool,
    /// Without the closing line.
    pub(super) brief: bool,
}

/// The width of the column of verdicts.
const COLUMN: usize = 10;

/// The text.
pub(super) fn text(report: &Report, style: HumanStyle) -> String {
    let mut lines = Vec::new();
    for entry in report.entries.iter().filter(|entry| entry.verdict != Verdict::Same) {
        let verdict = painted(&format!("{:COLUMN$}", entry.verdict.name()), entry.verdict, style.color);
        let place = match sentences::location(entry) {
            Some(place) if place != name(&entry.picture).to_string() => format!("  ({place})"),
            _ => String::new(),
        };
        lines.push(format!("{verdict}{}{place}", sentences::title(entry)));
        let story = sentences::explanation(entry);
        lines.extend(story.iter().flat_map(|reason| reason.lines()).map(|line| format!("  {line}")));
    }
    if !style.brief {
        let shards = sentences::shards(report).map_or_else(String::new, |shards| format!(" ({shards})"));
        lines.push(sentences::counts(report) + &shards);
    }
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

/// The color of a verdict by its severity.
fn painted(text: &str, verdict: Verdict, color: bool) -> String {
    let code = match verdict {
        Verdict::Same => 32,
        Verdict::Changed => 33,
        Verdict::Missing => 35,
        Verdict::Orphaned => 36,
        Verdict::Failed => 31,
    };
    if color { format!("\u{1b}[1;{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{frame, mixed};
    use super::*;

    #[test]
    fn each_picture_that_is_not_same_has_its_line_and_its_reasons() {
        let mut report = mixed();
        report.entries[0].differing = vec![frame(37, 120)];
        let plain = HumanStyle { color: false, brief: false };
        assert_eq!(
            text(&report, plain),
            "\
changed   imgs/a.gif  (scenes/a.toml:3:10)
  one frame differs
  1 of 100 frames differ; the worst is frame 37: 120 pixels differ (1.2 %), by up to 77, from (2, 3) to (12, 9)
missing   imgs/b,c:%.gif  (scenes/b.toml)
  there is no reference: kymo bless makes it
orphaned  imgs/old <&>\".gif
  no scene makes it: kymo bless --prune takes it away
failed    scenes/bad.toml (variant heavy)  (scenes/bad.toml:7:1)
  error: unknown key `stifness`
    help: write `stiffness`
1 same, 1 changed, 1 missing, 1 orphaned, 1 failed
"
        );
        let brief = text(&report, HumanStyle { brief: true, ..plain });
        assert!(!brief.contains("1 same") && brief.contains("changed   imgs/a.gif"));
        let colored = text(&report, HumanStyle { color: true, ..plain });
        assert!(colored.starts_with("\u{1b}[1;33mchanged   \u{1b}[0mimgs/a.gif"), "{colored}");
    }
}
