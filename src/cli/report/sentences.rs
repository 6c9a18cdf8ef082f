//! The sentences that all formats of a report share. Names in them are printable.

use kymograph::printable::{name, text};

use super::model::{DifferingFrame, Report, ReportEntry, Verdict};
use crate::cli::shard::Shard;

/// The count of each verdict: `37 same, 2 changed`.
pub(super) fn counts(report: &Report) -> String {
    let text = Verdict::ALL.iter().filter_map(|&verdict| {
        let count = report.with_verdict(verdict).count();
        (count > 0).then(|| format!("{} {}", grouped(count as u64), verdict.name()))
    });
    let text: Vec<String> = text.collect();
    if text.is_empty() { "no pictures".to_owned() } else { text.join(", ") }
}

/// The headline: `2 of 40 pictures are not as expected`.
pub(super) fn headline(report: &Report) -> String {
    let all = report.entries.len();
    match (all - report.with_verdict(Verdict::Same).count(), all) {
        (_, 0) => "No pictures".to_owned(),
        (0, 1) => "The picture is as expected".to_owned(),
        (0, all) => format!("All {} pictures are as expected", grouped(all as u64)),
        (1, all) => format!("1 of {} {} is not as expected", grouped(all as u64), pictures(all)),
        (odd, all) => {
            format!("{} of {} pictures are not as expected", grouped(odd as u64), grouped(all as u64))
        }
    }
}

fn pictures(count: usize) -> &'static str {
    if count == 1 { "picture" } else { "pictures" }
}

/// The shards of the report, and those that are missing.
pub(super) fn shards(report: &Report) -> Option<String> {
    let named = |shards: &[Shard]| {
        let names: Vec<String> =
            shards.iter().map(|shard| format!("{}/{}", shard.number, shard.of)).collect();
        names.join(", ")
    };
    if report.shards.is_empty() {
        return None;
    }
    let missing = report.missing_shards();
    let here = format!("shards {}", named(&report.shards));
    Some(if missing.is_empty() { here } else { format!("{here}; without {}", named(&missing)) })
}

/// The title of an entry: its picture, with the variant where the path is that of a scene.
pub(super) fn title(entry: &ReportEntry) -> String {
    match entry.key() {
        (picture, None) => name(picture).to_string(),
        (scene, Some(variant)) => format!("{} (variant {})", name(scene), name(variant)),
    }
}

/// The scene that makes a picture.
pub(super) fn scene_name(entry: &ReportEntry) -> Option<String> {
    entry.scene.as_ref().map(|scene| name(scene).to_string())
}

/// The scene that makes a picture and the place in it: `scenes/a.toml:3:10`.
pub(super) fn location(entry: &ReportEntry) -> Option<String> {
    let scene = scene_name(entry)?;
    Some(match entry.line {
        Some((line, column)) => format!("{scene}:{line}:{column}"),
        None => scene,
    })
}

/// The reasons of an entry without its frames.
pub(super) fn reasons(entry: &ReportEntry) -> Vec<String> {
    entry.reasons.iter().map(|reason| text(reason).to_string()).collect()
}

/// The reasons of an entry, and how its frames differ.
pub(super) fn explanation(entry: &ReportEntry) -> Vec<String> {
    let mut lines = reasons(entry);
    if entry.verdict != Verdict::Same {
        lines.extend(frames_summary(entry));
    }
    lines
}

/// How many frames differ, and how the worst of them does.
pub(super) fn frames_summary(entry: &ReportEntry) -> Option<String> {
    let worst = pixel_summary(entry.worst()?);
    Some(differing_count(entry).map_or_else(|| worst.clone(), |spread| format!("{spread}: {worst}")))
}

/// How many frames of a film differ, and which the worst of them is.
pub(super) fn differing_count(entry: &ReportEntry) -> Option<String> {
    let worst = entry.worst().filter(|_| entry.frames > 1)?;
    let (some, all) = (grouped(entry.differing.len() as u64), grouped(entry.frames as u64));
    let failing = entry.differing.iter().filter(|frame| frame.fails).count();
    let beyond = match failing {
        0 => String::new(),
        failing if failing == entry.differing.len() => String::new(),
        failing => format!(", {} of them by more than is tolerated", grouped(failing as u64)),
    };
    Some(format!("{some} of {all} frames differ{beyond}; the worst is frame {}", worst.index))
}

/// How a frame differs: `1,204 pixels differ (0.17 %), by up to 143, from (12, 30) to (400, 220)`.
pub(super) fn pixel_summary(frame: &DifferingFrame) -> String {
    let pixels = match frame.pixels {
        1 => "1 pixel differs".to_owned(),
        many => format!("{} pixels differ", grouped(many)),
    };
    let [left, top, right, bottom] = frame.bounds;
    let share = percent(frame.share);
    format!("{pixels} ({share}), by up to {}, from ({left}, {top}) to ({right}, {bottom})", frame.worst)
}

/// A share in percent, with two significant digits.
pub(super) fn percent(share: f64) -> String {
    match share * 100.0 {
        all if all >= 9.95 => format!("{all:.0} %"),
        some if some >= 0.995 => format!("{some:.1} %"),
        few if few >= 0.01 || few == 0.0 => format!("{few:.2} %"),
        _ => "under 0.01 %".to_owned(),
    }
}

/// A count with commas between thousands.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::super::sample::{entry, frame};
    use super::*;

    #[test]
    fn numbers_are_grouped_and_shares_have_two_digits() {
        for (count, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(count), text);
        }
        for (share, text) in [
            (0.0, "0.00 %"),
            (0.000_01, "under 0.01 %"),
            (0.0017, "0.17 %"),
            (0.0994, "9.9 %"),
            (0.0999, "10 %"),
            (1.0, "100 %"),
        ] {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn the_worst_frame_is_one_that_fails_even_if_others_differ_in_more_pixels() {
        let mut film = entry("imgs/a.gif", Verdict::Changed);
        film.frames = 100;
        film.differing = vec![
            DifferingFrame { fails: false, ..frame(3, 900) },
            frame(5, 20),
            frame(7, 40),
            DifferingFrame { worst: 9, ..frame(8, 40) },
        ];
        assert_eq!(
            frames_summary(&film).expect("frames"),
            "4 of 100 frames differ, 3 of them by more than is tolerated; the worst is frame 7: \
             40 pixels differ (0.40 %), by up to 77, from (2, 3) to (12, 9)"
        );
        film.frames = 1;
        film.differing = vec![frame(0, 1)];
        assert_eq!(
            frames_summary(&film).expect("a frame"),
            "1 pixel differs (0.01 %), by up to 77, from (2, 3) to (12, 9)"
        );
    }

    #[test]
    fn counts_leave_out_what_there_is_none_of() {
        let same = |name| entry(name, Verdict::Same);
        let report = |entries| Report::new(entries, None);
        assert_eq!(counts(&report(vec![])), "no pictures");
        assert_eq!(headline(&report(vec![same("a")])), "The picture is as expected");
        let mixed =
            report(vec![same("a"), entry("b", Verdict::Failed), entry("c", Verdict::Changed), same("d")]);
        assert_eq!(counts(&mixed), "2 same, 1 changed, 1 failed");
        assert_eq!(headline(&mixed), "2 of 4 pictures are not as expected");
    }

    #[test]
    fn shards_that_are_missing_are_named() {
        let shard = |number| Shard { number, of: 4 };
        let mut report = Report { entries: vec![], shards: vec![shard(1), shard(2), shard(4)] };
        assert_eq!(shards(&report).expect("shards"), "shards 1/4, 2/4, 4/4; without 3/4");
        report.shards.push(shard(3));
        assert!(report.missing_shards().is_empty());
    }
}
