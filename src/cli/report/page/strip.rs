//! A bar chart of all frames: the height is the number of pixels that differ, and a mark is under each frame that the
//! page shows. The script selects frames in it.

use std::fmt::Write;

use super::super::model::{ReportEntry, ShownFrame};
use super::super::sentences;

/// The height of the chart, and that of the lowest bar, which must be visible.
const HEIGHT: f64 = 100.0;
const LEAST: f64 = 6.0;
/// The width of a bar; the rest of 1 is the gap to the next.
const BAR: f64 = 0.8;

/// The strip of an entry; frame `worst` is selected at first.
pub(super) fn html(entry: &ReportEntry, shown: &[&ShownFrame], worst: usize) -> String {
    let (frames, last) = (entry.frames, entry.frames - 1);
    let label = sentences::differing_count(entry).unwrap_or_else(|| format!("{frames} frames"));
    let mut marks = String::new();
    for frame in shown {
        let (at, class) =
            (middle(frame.index, frames), if frame.index == worst { " class=\"chosen\"" } else { "" });
        // Writing to a string cannot fail.
        let _ = write!(marks, "<i{class} style=\"left:{at:.3}%\"></i>");
    }
    format!(
        "<p class=\"sum\">{label}.</p>\n\
         <div class=\"strip\" role=\"img\" aria-label=\"Pixels that differ, frame by frame\" data-frames=\"{frames}\">\
         <svg viewBox=\"0 0 {frames} {HEIGHT}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <path class=\"tolerated\" d=\"{}\"/><path class=\"failing\" d=\"{}\"/></svg>\
         <div class=\"marks\" aria-hidden=\"true\">{marks}</div></div>\n\
         <p class=\"ends\" aria-hidden=\"true\"><span>frame 0</span><span>{last}</span></p>\n",
        bars(entry, false),
        bars(entry, true)
    )
}

/// The middle of a frame's bar, in percent of the width.
fn middle(index: usize, frames: usize) -> f64 {
    100.0 * (index as f64 + 0.5) / frames as f64
}

/// The outlines of the bars of frames that fail, or of those that do not.
fn bars(entry: &ReportEntry, fails: bool) -> String {
    let most = entry.differing.iter().map(|frame| frame.pixels).max().unwrap_or(1).max(1);
    let mut path = String::new();
    for frame in entry.differing.iter().filter(|frame| frame.fails == fails) {
        let height = (HEIGHT * frame.pixels as f64 / most as f64).max(LEAST);
        let _ = write!(
            path,
            "M{:.1} {HEIGHT}v-{height:.1}h{BAR}V{HEIGHT}z",
            frame.index as f64 + (1.0 - BAR) / 2.0
        );
    }
    path
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{DifferingFrame, Verdict};
    use super::super::super::sample::{entry, frame};
    use super::*;

    #[test]
    fn bars_are_as_high_as_pixels_differ_and_stand_at_their_frames() {
        let mut film = entry("a", Verdict::Changed);
        film.differing = vec![frame(2, 50), DifferingFrame { fails: false, ..frame(4, 100) }, frame(9, 1)];
        assert_eq!(bars(&film, true), "M2.1 100v-50.0h0.8V100zM9.1 100v-6.0h0.8V100z");
        assert_eq!(bars(&film, false), "M4.1 100v-100.0h0.8V100z");
    }
}
