//! A report as workflow commands of GitHub Actions, which annotate the lines of scenes.

use super::model::{Report, ReportEntry, Verdict};
use super::sentences;

/// The text: a command for each picture that is not as expected, and the counts for readers of the log.
pub(super) fn text(report: &Report) -> String {
    let odd = report.entries.iter().filter(|entry| entry.verdict != Verdict::Same);
    let commands: String = odd.map(command).collect();
    commands + &sentences::counts(report) + "\n"
}

fn command(entry: &ReportEntry) -> String {
    let file = sentences::scene_name(entry).unwrap_or_else(|| sentences::title(entry));
    let place = match entry.line {
        Some((line, column)) => format!(",line={line},col={column}"),
        None => String::new(),
    };
    let title = format!("{} {}", sentences::title(entry), entry.verdict.name());
    let message = sentences::explanation(entry).join("\n");
    let message = if message.is_empty() { &title } else { &message };
    format!("::error file={}{place},title={}::{}\n", property(&file), property(&title), data(message))
}

/// A message on one line, as GitHub's own toolkit escapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::sample::mixed;
    use super::*;

    #[test]
    fn commands_are_lines_and_their_values_are_escaped() {
        assert_eq!(
            text(&mixed()),
            "\
::error file=scenes/a.toml,line=3,col=10,title=imgs/a.gif changed::one frame differs
::error file=scenes/b.toml,title=imgs/b%2Cc%3A%25.gif missing::there is no reference: kymo bless makes it
::error file=imgs/old <&>\".gif,title=imgs/old <&>\".gif orphaned::no scene makes it: kymo bless --prune takes it away
::error file=scenes/bad.toml,line=7,col=1,title=scenes/bad.toml (variant heavy) failed::error: unknown key `stifness`%0A  help: write `stiffness`
1 same, 1 changed, 1 missing, 1 orphaned, 1 failed
"
        );
        assert_eq!(data("50 %\r\n"), "50 %25%0D%0A");
    }
}
