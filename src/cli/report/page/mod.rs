//! A report as an HTML page that contains its style, script and pictures and loads nothing from a network.
//!
//! Without its script the page shows everything: verdicts, reasons, the worst frame of each picture as
//! expected, actual and difference. The script overlays them, steps through the other frames, and magnifies.
//! `article` is one picture, `frame_view` a frame of it, `strip` the plot of all its frames, `read` the way back.

mod article;
mod frame_view;
mod read;
mod strip;

use std::fmt::Write;

use super::document::ReportJson;
use super::markup::escaped;
use super::model::{Report, ReportEntry, Verdict};
use super::{frame_budget, sentences};

pub(super) use read::report;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page may use only what it contains.
const POLICY: &str =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/// Up to this many names of equal pictures are shown without a click.
const FEW: usize = 20;

/// The page.
pub(super) fn html(report: &Report) -> String {
    let shown = frame_budget::frames_to_show(report);
    let numbers = 0..report.entries.len();
    let of = |verdict: Verdict| -> Vec<usize> {
        numbers.clone().filter(|&number| report.entries[number].verdict == verdict).collect()
    };
    let (mut links, mut sections) = (String::new(), String::new());
    for verdict in Verdict::BY_SEVERITY.into_iter().filter(|verdict| *verdict != Verdict::Same) {
        let numbers = of(verdict);
        if numbers.is_empty() {
            continue;
        }
        links.extend(numbers.iter().map(|&number| link(number, &report.entries[number])));
        let articles: String = numbers
            .iter()
            .map(|&number| article::html(number, &report.entries[number], &shown[number]))
            .collect();
        sections.push_str(&section(verdict, &articles));
    }
    sections.push_str(&same(&of(Verdict::Same).iter().map(|&n| &report.entries[n]).collect::<Vec<_>>()));
    let nav = match links.as_str() {
        "" => String::new(),
        links => format!("<nav aria-label=\"Pictures that are not as expected\"><ol>\n{links}</ol></nav>\n"),
    };
    let title = escaped(&format!("{} – kymo check", sentences::counts(report)));
    let (header, data) = (header(report), ReportJson::new(report).showing(shown).element());
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"kymo\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{header}\
         <div class=\"columns\">\n{nav}<main id=\"pictures\">\n{sections}</main>\n</div>\n\
         {data}\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

/// The head of the page: a sentence, the counts, and a bar of their proportions.
fn header(report: &Report) -> String {
    let (mut counts, mut bar) = (String::new(), String::new());
    for verdict in Verdict::BY_SEVERITY {
        let (count, name) = (report.with_verdict(verdict).count(), verdict.name());
        if count > 0 {
            // Writing to a string cannot fail.
            let shown = sentences::grouped(count as u64);
            let _ = write!(
                counts,
                "<li><a href=\"#{name}\"><i class=\"dot {name}\"></i><b>{shown}</b> {name}</a></li>"
            );
            let _ = write!(bar, "<i class=\"{name}\" style=\"flex-grow:{count}\"></i>");
        }
    }
    let shards = sentences::shards(report)
        .map(|shards| format!("<p class=\"note\">Pictures of {}.</p>\n", escaped(&shards)));
    format!(
        "<a class=\"skip\" href=\"#pictures\">To the pictures</a>\n<header>\n<p class=\"brand\">kymo check</p>\n\
         <h1>{}</h1>\n<div class=\"bar\" aria-hidden=\"true\">{bar}</div>\n<ul class=\"counts\">{counts}</ul>\n{}</header>\n",
        sentences::headline(report),
        shards.unwrap_or_default()
    )
}

fn section(verdict: Verdict, articles: &str) -> String {
    let (name, title, meaning) = match verdict {
        Verdict::Failed => ("failed", "Failed", "What could not be rendered or compared."),
        Verdict::Changed => ("changed", "Changed", "Pictures that are other than their references."),
        Verdict::Missing => ("missing", "Missing", "Pictures that have no reference yet."),
        Verdict::Orphaned => ("orphaned", "Orphaned", "Pictures that kymo made and no scene makes any more."),
        Verdict::Same => ("same", "Same", "Pictures that are as their references."),
    };
    format!(
        "<section id=\"{name}\" aria-labelledby=\"{name}-title\">\n<h2 id=\"{name}-title\">{title}</h2>\n\
         <p class=\"note\">{meaning}</p>\n{articles}</section>\n"
    )
}

/// A link to the article of an entry.
fn link(number: usize, entry: &ReportEntry) -> String {
    let share = entry.worst().map(|worst| format!("<small>{}</small>", sentences::percent(worst.share)));
    format!(
        "<li><a href=\"#p{number}\"><i class=\"dot {}\"></i><span>{}</span>{}</a></li>\n",
        entry.verdict.name(),
        breakable(&sentences::title(entry)),
        share.unwrap_or_default()
    )
}

/// A path that may be broken after its slashes.
fn breakable(path: &str) -> String {
    escaped(path).replace('/', "/<wbr>")
}

/// The section of the pictures that are as expected, which lists their names only.
fn same(entries: &[&ReportEntry]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let mut names = String::new();
    for entry in entries {
        let note = if entry.worst().is_some() { " <small>within tolerance</small>" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(names, "<li><code>{}</code>{note}</li>", breakable(&sentences::title(entry)));
    }
    let count = sentences::grouped(entries.len() as u64);
    let open = if entries.len() <= FEW { " open" } else { "" };
    section(
        Verdict::Same,
        &format!(
            "<details{open}><summary>{count} as expected</summary>\n<ul class=\"names\">\n{names}</ul>\n</details>\n"
        ),
    )
}

/// The articles of a page that this module wrote, each with its entry's number. No text on it can pass
/// for the beginning of one, for none holds a bare `<`.
fn articles(page: &str) -> impl Iterator<Item = (usize, &str)> {
    let parts = page.split(article::OPENING).skip(1);
    parts.filter_map(|part| {
        let (number, rest) = part.split_once('"')?;
        Some((number.parse().ok()?, rest))
    })
}
