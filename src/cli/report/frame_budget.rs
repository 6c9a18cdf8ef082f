//! Chooses the frames that a page shows if all of them would make it too large.
//!
//! The worst frame of every picture comes first, then the second worst of every picture, up to the limit. Each picture
//! keeps at least its worst frame, however large that is.

use super::model::{Report, ReportEntry, ShownFrame};

/// The largest total size of the PNGs of a page, in bytes. Browsers take seconds to open larger pages.
const MAX_PNG_BYTES: usize = 32 << 20;

/// The frames to show of each entry, in order.
pub(super) fn frames_to_show(report: &Report) -> Vec<Vec<&ShownFrame>> {
    fit(MAX_PNG_BYTES, report)
}

fn fit(room: usize, report: &Report) -> Vec<Vec<&ShownFrame>> {
    let ranked: Vec<Vec<&ShownFrame>> = report.entries.iter().map(ReportEntry::ranked).collect();
    let mut kept: Vec<Vec<&ShownFrame>> = vec![Vec::new(); ranked.len()];
    let mut left = room;
    for turn in 0..ranked.iter().map(Vec::len).max().unwrap_or(0) {
        for (frames, kept) in ranked.iter().zip(&mut kept) {
            let Some(frame) = frames.get(turn) else { continue };
            match left.checked_sub(frame.weight()) {
                Some(rest) => left = rest,
                None if turn == 0 => left = 0,
                None => continue,
            }
            kept.push(frame);
        }
    }
    for frames in &mut kept {
        frames.sort_by_key(|frame| frame.index);
    }
    kept
}

impl ShownFrame {
    fn weight(&self) -> usize {
        self.expected.len() + self.actual.len() + self.difference.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Verdict;
    use super::super::sample::{entry, frame};
    use super::*;

    fn film(name: &str, pixels: &[(usize, u64)]) -> ReportEntry {
        let shown = |&(index, _): &(usize, u64)| ShownFrame {
            index,
            expected: vec![0; 4],
            actual: vec![0; 4],
            difference: vec![0; 2],
        };
        ReportEntry {
            differing: pixels.iter().map(|&(index, pixels)| frame(index, pixels)).collect(),
            shown: pixels.iter().map(shown).collect(),
            ..entry(name, Verdict::Changed)
        }
    }

    #[test]
    fn pictures_take_turns_and_each_keeps_its_worst_frame() {
        let report = Report::new(
            vec![film("a", &[(1, 5), (2, 9), (3, 7), (4, 6)]), film("b", &[(0, 1), (8, 2)])],
            None,
        );
        let kept = |room| {
            let kept = fit(room, &report);
            kept.iter()
                .map(|frames| frames.iter().map(|frame| frame.index).collect())
                .collect::<Vec<Vec<_>>>()
        };
        assert_eq!(kept(1000), [vec![1, 2, 3, 4], vec![0, 8]]);
        assert_eq!(kept(40), [vec![2, 3], vec![0, 8]]);
        assert_eq!(kept(30), [vec![2, 3], vec![8]]);
        assert_eq!(kept(0), [vec![2], vec![8]]);
    }
}
