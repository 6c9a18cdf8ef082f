//! A report as `JUnit` XML: a suite with a test for each picture, valid for Jenkins' schema junit-10.xsd.
//!
//! Unlike Ant's, that schema requires no durations and no time stamps. None are written, so equal reports are equal bytes.

use std::fmt::Write;

use super::markup::escaped;
use super::model::{Report, ReportEntry, Verdict};
use super::sentences;

/// The text.
pub(super) fn text(report: &Report) -> String {
    let errors = report.with_verdict(Verdict::Failed).count();
    let failures = report.entries.len() - report.with_verdict(Verdict::Same).count() - errors;
    let counts = format!("tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\"", report.entries.len());
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"kymo\" {counts}>\n\
         <testsuite name=\"kymo check\" {counts}>\n"
    );
    for entry in &report.entries {
        case(&mut text, entry);
    }
    text + "</testsuite>\n</testsuites>\n"
}

/// The test of one picture. Writing to a string cannot fail.
fn case(text: &mut String, entry: &ReportEntry) {
    let (name, class) = (escaped(&sentences::title(entry)), escaped(&class(entry)));
    let _ = write!(text, "<testcase classname=\"{class}\" name=\"{name}\"");
    let element = match entry.verdict {
        Verdict::Same => {
            text.push_str("/>\n");
            return;
        }
        Verdict::Changed | Verdict::Missing | Verdict::Orphaned => "failure",
        Verdict::Failed => "error",
    };
    let (kind, mut story) = (entry.verdict.name(), sentences::explanation(entry));
    let message = story.first().and_then(|reason| reason.lines().next()).unwrap_or(kind).to_owned();
    story.extend(sentences::location(entry).map(|place| format!("at {place}")));
    let _ = writeln!(
        text,
        ">\n<{element} type=\"{kind}\" message=\"{}\">{}</{element}>\n</testcase>",
        escaped(&message),
        escaped(&story.join("\n"))
    );
}

/// The scene without its extension: readers take the part before the last dot for a package.
fn class(entry: &ReportEntry) -> String {
    let scene = sentences::scene_name(entry).unwrap_or_else(|| entry.verdict.name().to_owned());
    scene.strip_suffix(".toml").unwrap_or(&scene).to_owned()
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, Node};

    use super::super::sample::mixed;
    use super::*;

    #[test]
    fn a_test_a_picture_and_the_counts_are_theirs() {
        let text = text(&mixed());
        let document = Document::parse(&text).expect("XML");
        let suite = document.root_element().first_element_child().expect("a suite");
        for whole in [document.root_element(), suite] {
            let count = |name| whole.attribute(name).and_then(|count| count.parse().ok());
            assert_eq!([count("tests"), count("failures"), count("errors")], [Some(5), Some(3), Some(1)]);
        }
        let text = |case: Node<'_, '_>| {
            let name = |node: Node<'_, '_>| node.tag_name().name().to_owned();
            let inside = case.first_element_child();
            (
                case.attribute("classname").expect("a class").to_owned(),
                case.attribute("name").expect("a name").to_owned(),
                inside.map_or_else(String::new, |inside| {
                    format!("{} {}", name(inside), inside.attribute("type").expect("a type"))
                }),
            )
        };
        let cases: Vec<_> = suite.children().filter(Node::is_element).map(text).collect();
        let case =
            |class: &str, name: &str, found: &str| (class.to_owned(), name.to_owned(), found.to_owned());
        assert_eq!(
            cases,
            [
                case("scenes/a", "imgs/a.gif", "failure changed"),
                case("scenes/b", "imgs/b,c:%.gif", "failure missing"),
                case("orphaned", "imgs/old <&>\".gif", "failure orphaned"),
                case("scenes/a", "imgs/same.png", ""),
                case("scenes/bad", "scenes/bad.toml (variant heavy)", "error failed"),
            ]
        );
    }

    #[test]
    fn the_first_line_is_the_message_and_the_rest_is_told() {
        let text = text(&mixed());
        let document = Document::parse(&text).expect("XML");
        let error = document.descendants().find(|node| node.has_tag_name("error")).expect("an error");
        assert_eq!(error.attribute("message"), Some("error: unknown key `stifness`"));
        assert_eq!(
            error.text(),
            Some("error: unknown key `stifness`\n  help: write `stiffness`\nat scenes/bad.toml:7:1")
        );
    }
}
