//! One report of several.
//!
//! Shards have only orphans in common. If reports disagree on a picture, as after checks with different options, the
//! worse verdict wins and gets a note. An orphan is a picture that no scene *of its own report* makes, so it gives way
//! to any verdict about a scene. The order of the reports does not matter.

use std::cmp::Ordering;

use super::model::{Report, ReportEntry, Verdict};

/// Merges reports; entries by picture, each once.
pub(super) fn merge(reports: Vec<Report>) -> Report {
    let mut shards: Vec<_> = reports.iter().flat_map(|report| report.shards.iter().copied()).collect();
    shards.sort_by_key(|shard| (shard.of, shard.number));
    shards.dedup();
    let mut all: Vec<ReportEntry> = reports.into_iter().flat_map(|report| report.entries).collect();
    all.sort_by(|one, other| one.key().cmp(&other.key()).then_with(|| one.order(other)));
    let mut entries: Vec<ReportEntry> = Vec::new();
    for entry in all {
        match entries.last_mut() {
            Some(kept) if kept.key() == entry.key() => kept.absorb(&entry),
            _ => entries.push(entry),
        }
    }
    Report { entries, shards }
}

impl ReportEntry {
    /// The first of several is kept: the worse verdict, of equal ones what differs more, and then any order
    /// that is the same every time.
    fn order(&self, other: &Self) -> Ordering {
        let pixels = |entry: &Self| entry.differing.iter().map(|frame| frame.pixels).sum::<u64>();
        let text = |entry: &Self| {
            format!("{:?}", (&entry.scene, &entry.variant, entry.line, &entry.reasons, &entry.differing))
        };
        (self.severity_rank().cmp(&other.severity_rank()))
            .then_with(|| pixels(other).cmp(&pixels(self)))
            .then_with(|| text(self).cmp(&text(other)))
            .then_with(|| (self.size, self.frames).cmp(&(other.size, other.frames)))
            .then_with(|| self.shown.cmp(&other.shown))
    }

    /// Lower is worse.
    fn severity_rank(&self) -> u8 {
        match self.verdict {
            Verdict::Failed => 0,
            Verdict::Changed => 1,
            Verdict::Missing => 2,
            Verdict::Same => 3,
            Verdict::Orphaned => 4,
        }
    }

    /// Stands for another entry too, and gets a note if they disagree.
    fn absorb(&mut self, other: &Self) {
        if self.agrees_with(other) || other.verdict == Verdict::Orphaned {
            return;
        }
        let note = if other.verdict == self.verdict {
            format!("another of the merged reports has it {}, too, but otherwise", self.verdict.name())
        } else {
            format!("another of the merged reports has it {}", other.verdict.name())
        };
        // Merging a merged report again adds no second note.
        if !self.reasons.contains(&note) {
            self.reasons.push(note);
        }
    }

    /// Whether two entries are equal, apart from the notes of earlier merging.
    fn agrees_with(&self, other: &Self) -> bool {
        let reasons = |entry: &Self| -> Vec<String> {
            let note = |reason: &&String| !reason.starts_with("another of the merged reports");
            entry.reasons.iter().filter(note).cloned().collect()
        };
        reasons(self) == reasons(other)
            && Self { reasons: Vec::new(), ..self.clone() } == Self { reasons: Vec::new(), ..other.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{entry, frame};
    use super::*;
    use crate::cli::shard::Shard;

    fn report(number: u32, entries: Vec<ReportEntry>) -> Report {
        Report::new(entries, Some(Shard { number, of: 2 }))
    }

    fn verdicts(report: &Report) -> Vec<(&str, Verdict)> {
        report.entries.iter().map(|entry| (entry.picture.as_str(), entry.verdict)).collect()
    }

    #[test]
    fn shards_make_one_report_in_any_order() {
        let orphan = entry("imgs/old.gif", Verdict::Orphaned);
        let one = report(1, vec![entry("imgs/c.gif", Verdict::Same), orphan.clone()]);
        let two = report(2, vec![entry("imgs/a.gif", Verdict::Changed), orphan]);
        let merged = merge(vec![one.clone(), two.clone()]);
        assert_eq!(
            verdicts(&merged),
            [
                ("imgs/a.gif", Verdict::Changed),
                ("imgs/c.gif", Verdict::Same),
                ("imgs/old.gif", Verdict::Orphaned)
            ]
        );
        assert_eq!(merged.shards, [Shard { number: 1, of: 2 }, Shard { number: 2, of: 2 }]);
        assert_eq!(merge(vec![two, one.clone()]), merged);
        assert_eq!(merge(vec![merged.clone(), one, merged.clone()]), merged, "nothing is text twice");
    }

    #[test]
    fn the_worse_verdict_wins_and_says_so() {
        let (same, changed) = (entry("a", Verdict::Same), entry("a", Verdict::Changed));
        let more = ReportEntry { differing: vec![frame(0, 90)], ..changed.clone() };
        for (one, other, wins, note) in [
            (&same, &changed, &changed, Some("another of the merged reports has it same")),
            (
                &changed,
                &more,
                &more,
                Some("another of the merged reports has it changed, too, but otherwise"),
            ),
            (&same, &entry("a", Verdict::Orphaned), &same, None),
            (&more, &more, &more, None),
        ] {
            let merged = merge(vec![report(1, vec![one.clone()]), report(2, vec![other.clone()])]);
            let turned = merge(vec![report(2, vec![other.clone()]), report(1, vec![one.clone()])]);
            assert_eq!(merged, turned);
            let mut expected = wins.clone();
            expected.reasons.extend(note.map(str::to_owned));
            assert_eq!(merged.entries, [expected.clone()]);
            assert_eq!(merge(vec![merged, report(1, vec![one.clone()])]).entries, [expected]);
        }
    }

    #[test]
    fn variants_of_a_scene_that_cannot_be_read_stay_apart() {
        let failed = |variant: &str| ReportEntry {
            scene: Some("s.toml".to_owned()),
            variant: Some(variant.to_owned()),
            ..entry("s.toml", Verdict::Failed)
        };
        let merged = merge(vec![report(1, vec![failed("b"), failed("a")])]);
        assert_eq!(merged.entries, [failed("a"), failed("b")]);
    }
}
