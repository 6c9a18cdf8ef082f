//! One picture on the page: its facts, the reasons of its verdict, and its frames.

use std::fmt::Write;

use kymograph::printable::name;

use super::super::markup::escaped;
use super::super::model::{ReportEntry, ShownFrame};
use super::super::sentences;
use super::frame_view::FrameView;
use super::{breakable, strip};

/// The beginning of an article, before the number of its entry.
pub(super) const OPENING: &str = "<article id=\"p";

/// The article of an entry; `number` is its place in the page's data.
pub(super) fn html(number: usize, entry: &ReportEntry, shown: &[&ShownFrame]) -> String {
    let (verdict, picture) = (entry.verdict.name(), breakable(&sentences::title(entry)));
    let reasons: String = sentences::reasons(entry).iter().map(|reason| self::reason(reason)).collect();
    format!(
        "{OPENING}{number}\" class=\"{verdict}\" data-entry=\"{number}\" tabindex=\"-1\" aria-labelledby=\"p{number}-title\">\n\
         <h3 id=\"p{number}-title\"><span class=\"verdict {verdict}\">{verdict}</span> <code>{picture}</code></h3>\n\
         <p class=\"facts\">{}</p>\n<ul class=\"reasons\">{reasons}</ul>\n{}</article>\n",
        facts(entry),
        look(entry, shown)
    )
}

/// One line: the scene's place, the variant, the size and the number of frames.
fn facts(entry: &ReportEntry) -> String {
    let mut facts: Vec<String> = Vec::new();
    facts.extend(sentences::location(entry).map(|place| format!("<code>{}</code>", breakable(&place))));
    if let Some(variant) = &entry.variant {
        facts.push(format!("variant <code>{}</code>", escaped(&name(variant).to_string())));
    }
    facts.extend(entry.size.map(|(width, height)| format!("{width} × {height}")));
    if entry.frames > 1 {
        facts.push(format!("{} frames", sentences::grouped(entry.frames as u64)));
    }
    facts.iter().flat_map(|fact| ["<span>", fact, "</span>"]).collect()
}

/// One reason. A reason of several lines is a message that shows a place in a scene, so its columns are kept.
fn reason(reason: &str) -> String {
    if reason.contains('\n') {
        return format!("<li><pre>{}</pre></li>", escaped(reason));
    }
    format!("<li>{}</li>", escaped(reason))
}

/// The worst frame, the strip of all frames, and a caption for each frame that is shown.
fn look(entry: &ReportEntry, shown: &[&ShownFrame]) -> String {
    // The worst frame is never left out.
    let Some(worst) = entry.ranked().into_iter().next() else {
        return sentences::frames_summary(entry)
            .map(|text| format!("<p class=\"frames\">{text}.</p>\n"))
            .unwrap_or_default();
    };
    let bounds = entry.difference(worst.index).map(|difference| difference.bounds);
    let sheet = FrameView::new(worst, bounds);
    let film = entry.frames > 1 && (shown.len() > 1 || !entry.differing.is_empty());
    let strip = if film { strip::html(entry, shown, worst.index) } else { String::new() };
    format!(
        "<div class=\"look\" style=\"{}\">\n<div class=\"panes\">\n{}</div>\n{strip}{}</div>\n",
        sheet.measures(),
        sheet.panes(&sentences::title(entry)),
        frames(entry, shown, worst.index)
    )
}

/// A caption for each frame that is shown. The script displays that of the selected frame, and reads the box around its
/// differences from it.
fn frames(entry: &ReportEntry, shown: &[&ShownFrame], worst: usize) -> String {
    let mut lines = String::new();
    for frame in shown {
        let difference = entry.difference(frame.index);
        let bounds = difference.map_or_else(String::new, |difference| {
            let [left, top, right, bottom] = difference.bounds;
            format!(" data-box=\"{left} {top} {right} {bottom}\"")
        });
        let chosen = if frame.index == worst { " class=\"chosen\"" } else { "" };
        let text = match difference {
            Some(difference) if difference.fails => sentences::pixel_summary(difference),
            Some(difference) => sentences::pixel_summary(difference) + ", within tolerance",
            None if frame.difference.is_empty() => String::new(),
            None => "no pixel differs".to_owned(),
        };
        // A number and its unit stay on one line.
        let text = text.replace(" %", "\u{a0}%");
        let label = if entry.frames > 1 { format!("<b>Frame {}</b> ", frame.index) } else { String::new() };
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "<li{chosen} data-frame=\"{}\"{bounds}>{label}{text}</li>", frame.index);
    }
    format!("<ol class=\"frames\">\n{lines}</ol>\n")
}
