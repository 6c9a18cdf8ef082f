//! Errors and warnings about a scene, with a position and a remedy.
//!
//! A [`Diagnostic`] has a position as an [`Origin`], without the text. A [`SceneError`] joins it with the [`Sources`], and
//! is printed in one line, or in several with the marked line of the file.

use std::fmt;

use super::source::{Origin, Sources};
use super::source_string::SourceString;
use crate::printable::{name, text};
use crate::work::{MemoryLimit, WorkLimit, WorkMeter};

/// The severity of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The scene cannot be rendered.
    Error,
    /// The scene can be rendered, but probably not as intended.
    Warning,
}

/// An error or a warning that says how to fix it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The severity.
    pub severity: Severity,
    /// The message: one sentence without a full stop, with names in backticks.
    pub message: String,
    /// The position. `None` only if there is no text, such as for a missing file.
    pub origin: Option<Origin>,
    /// A few words under the marked text.
    pub label: Option<String>,
    /// The remedy: what to write instead.
    pub help: Option<String>,
    /// Further notes, one line each.
    pub notes: Vec<String>,
}

impl Diagnostic {
    /// An error without a position.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            origin: None,
            label: None,
            help: None,
            notes: Vec::new(),
        }
    }

    /// A warning without a position.
    #[must_use]
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::new(message) }
    }

    /// Sets the position.
    #[must_use]
    pub fn at(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// Sets the position to the bytes `range` of a string's value.
    #[must_use]
    pub fn within(self, content: &SourceString, range: std::ops::Range<usize>) -> Self {
        self.at(content.origin_of(range))
    }

    /// Sets the words under the marked text.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets the remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the remedy, if there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<impl Into<String>>) -> Self {
        self.help = help.map(Into::into);
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

impl From<WorkLimit> for Diagnostic {
    fn from(limit: WorkLimit) -> Self {
        Self::new(limit.to_string()).help(limit.help())
    }
}

impl From<MemoryLimit> for Diagnostic {
    fn from(limit: MemoryLimit) -> Self {
        Self::new(limit.to_string()).help(limit.help())
    }
}

/// Counts work that is about to be done, for what stands at `origin`.
///
/// # Errors
/// It exceeds the limit of the meter.
pub(crate) fn charge(meter: &WorkMeter, units: u64, origin: Origin) -> Result<(), Diagnostic> {
    meter.charge(units).map_err(|limit| Diagnostic::from(limit).at(origin))
}

/// A [`Diagnostic`] together with the texts it points into.
#[derive(Clone, Debug)]
pub struct SceneError {
    diagnostic: Box<Diagnostic>,
    sources: Sources,
}

impl SceneError {
    /// Joins a diagnostic and its texts.
    #[must_use]
    pub fn new(diagnostic: Diagnostic, sources: Sources) -> Self {
        Self { diagnostic: Box::new(diagnostic), sources }
    }

    /// The diagnostic.
    #[must_use]
    pub fn diagnostic(&self) -> &Diagnostic {
        &self.diagnostic
    }

    /// The texts that were read before the error was found.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}

impl std::error::Error for SceneError {}

/// One line: `file:line:column: message, in the variant `name` (help)`.
impl fmt::Display for SceneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(origin) = self.diagnostic.origin {
            let position = self.sources.position(origin);
            let file = name(self.sources.get(origin.file).name());
            write!(f, "{file}:{}:{}: ", position.line, position.column)?;
        }
        text(&self.diagnostic.message).fmt(f)?;
        if let Some(variant) = self.sources.variant() {
            write!(f, ", in the variant `{}`", name(variant))?;
        }
        match &self.diagnostic.help {
            Some(help) => write!(f, " ({})", text(help)),
            None => Ok(()),
        }
    }
}

#[cfg(feature = "cli")]
mod render {
    use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

    use super::{Origin, SceneError, Severity, name, text};
    use crate::printable::is_unprintable;

    impl SceneError {
        /// Formats the error in several lines for a terminal, with the marked line of the file; `color` adds ANSI escapes.
        #[must_use]
        pub fn render(&self, color: bool) -> String {
            let diagnostic = self.diagnostic();
            let level = match diagnostic.severity {
                Severity::Error => Level::ERROR,
                Severity::Warning => Level::WARNING,
            };
            let title = text(&diagnostic.message).to_string();
            let mut report = Group::with_title(level.primary_title(title));
            match (diagnostic.origin, self.sources.first()) {
                (Some(origin), _) => report = report.element(self.snippet(origin)),
                // The scene is named even if the error has no position.
                (None, Some(scene)) => {
                    let path = name(scene.name()).to_string();
                    report = report.element(annotate_snippets::Origin::path(path));
                }
                (None, None) => {}
            }
            // The same text may be valid in one variant and invalid in another.
            let variant = self.sources.variant().map(|name| format!("met in the variant `{name}`"));
            let notes = diagnostic.notes.iter().chain(&variant);
            let notes = notes.map(|note| Level::NOTE.message(text(note).to_string()));
            let help = diagnostic.help.iter().map(|help| Level::HELP.message(text(help).to_string()));
            let renderer = if color { Renderer::styled() } else { Renderer::plain() };
            renderer.render(&[report.elements(notes).elements(help)])
        }

        /// The line in which `origin` begins, with the part of `origin` in it marked. One line suffices to find the
        /// position; a mark over several lines would be long.
        fn snippet(&self, origin: Origin) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
            let source = self.sources.get(origin.file);
            let range = origin.range();
            let line = source.line_range(range.start);
            let whole = source.line(range.start);
            let start = whole.floor_char_boundary(range.start.saturating_sub(line.start));
            let end = whole.floor_char_boundary(range.end.saturating_sub(line.start)).max(start);
            let [before, marked, after] =
                [&whole[..start], &whole[start..end], &whole[end..]].map(replace_unprintable);
            let span = before.len()..before.len() + marked.len();
            let label = self.diagnostic.label.as_deref().map(|label| text(label).to_string());
            Snippet::source(before + &marked + &after)
                .path(name(source.name()).to_string())
                .line_start(source.position(range.start).line)
                .annotation(AnnotationKind::Primary.span(span).label(label))
        }
    }

    /// Replaces each unprintable character of a text by one character, so that marks stay aligned. The renderer itself
    /// replaces those of ASCII.
    fn replace_unprintable(part: &str) -> String {
        let replaced =
            |c: char| if !c.is_ascii() && is_unprintable(c) { char::REPLACEMENT_CHARACTER } else { c };
        part.chars().map(replaced).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str, range: std::ops::Range<usize>) -> SceneError {
        let mut sources = Sources::new();
        let file = sources.add("scenes/a.toml", text);
        let diagnostic = Diagnostic::new("unknown key `frmaes` in `animate`")
            .at(Origin::new(file, range))
            .label("unknown")
            .help("did you mean `frames`?");
        SceneError::new(diagnostic, sources)
    }

    #[test]
    fn one_line_has_position_message_and_remedy() {
        assert_eq!(
            error("[animate]\nfrmaes = 1\n", 10..16).to_string(),
            "scenes/a.toml:2:1: unknown key `frmaes` in `animate` (did you mean `frames`?)"
        );
    }

    #[test]
    fn the_variant_is_named() {
        let mut error = error("[animate]\nfrmaes = 1\n", 10..16);
        error.sources = error.sources.for_variant("heavy");
        assert!(error.to_string().ends_with("in `animate`, in the variant `heavy` (did you mean `frames`?)"));
        #[cfg(feature = "cli")]
        assert!(error.render(false).contains("= note: met in the variant `heavy`\n"));
    }

    #[test]
    fn an_error_without_position_is_only_its_message() {
        let error = SceneError::new(Diagnostic::new("there is no file `a.toml`"), Sources::new());
        assert_eq!(error.to_string(), "there is no file `a.toml`");
    }

    #[cfg(feature = "cli")]
    #[test]
    fn rendering_shows_the_line_and_the_mark() {
        let shown = error("[animate]\r\nfrmaes = 1\r\n", 11..17).render(false);
        let expected = "\
error: unknown key `frmaes` in `animate`
 --> scenes/a.toml:2:1
  |
2 | frmaes = 1
  | ^^^^^^ unknown
  |
  = help: did you mean `frames`?";
        assert_eq!(shown, expected);
    }

    #[cfg(feature = "cli")]
    #[test]
    fn the_mark_is_aligned_after_tabs_and_wide_characters() {
        for before in ["\t", "é = 'β', ", "\u{1f600} ", ""] {
            let text = format!("{before}frmaes = 1");
            let shown = error(&text, before.len()..before.len() + 6).render(false);
            let lines: Vec<&str> = shown.lines().collect();
            let width = |text: &str| text.chars().map(|c| 1 + usize::from(c > '\u{ffff}')).sum::<usize>();
            let word = lines[3].find("frmaes").map(|at| width(&lines[3][..at]));
            assert_eq!(word, lines[4].find('^').map(|at| width(&lines[4][..at])), "{shown}");
        }
    }

    #[cfg(feature = "cli")]
    #[test]
    fn control_characters_of_a_scene_and_its_name_are_escaped() {
        let obeyed = "\u{1b}[31m \u{9b}2J \u{7} \u{202e} \u{2028}";
        let mut sources = Sources::new();
        let file = sources.add(format!("a{obeyed}\n.toml"), format!("k{obeyed} = 1"));
        let diagnostic = Diagnostic::new(format!("unknown {obeyed}"))
            .at(Origin::new(file, 0..1))
            .help(format!("write {obeyed}"))
            .note(format!("note {obeyed}"));
        let located = SceneError::new(diagnostic.clone(), sources.clone());
        let unlocated = SceneError::new(Diagnostic { origin: None, ..diagnostic }, sources);
        for error in [located, unlocated] {
            for shown in [error.render(false), error.to_string()] {
                let obeyed = |c: char| c != '\n' && crate::printable::is_unprintable(c);
                assert!(!shown.contains(obeyed), "{shown:?}");
                assert!(shown.contains("unknown \\u{1b}[31m"), "{shown}");
            }
            assert!(
                error.render(false).lines().any(|line| line.contains("a\\u{1b}")),
                "{}",
                error.render(false)
            );
        }
    }

    #[cfg(feature = "cli")]
    #[test]
    fn every_position_can_be_rendered() {
        let long = format!("label = '{}'\nz = 1", "long ".repeat(500));
        for text in ["", "\n", "a\r\nb\r\n", "é = 'β\t\u{7}\u{202e}'\n\n", "last", long.as_str()] {
            for start in (0..=text.len() + 2).step_by(1 + text.len() / 50) {
                for length in [0, 1, 2, 7, 4000] {
                    let shown = error(text, start..start + length);
                    for color in [false, true] {
                        assert!(shown.render(color).contains("unknown key"), "{text:?} {start}+{length}");
                    }
                    assert!(shown.to_string().starts_with("scenes/a.toml:"));
                }
            }
        }
    }
}
