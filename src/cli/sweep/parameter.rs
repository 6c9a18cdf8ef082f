//! A parameter of a sweep: a key of the scene and the values that it takes.
//!
//! Each value keeps its place in the `--set` option or CSV file, so that errors can point at it.

use std::ops::Range;

use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::source::{FileId, Origin};
use rust_decimal::Decimal;

use super::range::{parse_decimal, to_toml};

/// The limit on the scenes of one sweep. A larger number is usually a typing error in a step.
const MAX_SCENES: usize = 100_000;

/// A key or a value, and its place.
#[derive(Clone, Debug)]
pub(super) struct Spanned {
    pub(super) text: String,
    pub(super) origin: Origin,
}

impl Spanned {
    /// The part `span` of a source's text, without white space around it.
    pub(super) fn trimmed(file: FileId, text: &str, span: Range<usize>) -> Self {
        let written = &text[span.clone()];
        let start = span.start + written.len() - written.trim_start().len();
        let text = written.trim().to_owned();
        Self { origin: Origin::new(file, start..start + text.len()), text }
    }

    pub(super) fn error(&self, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic::new(message).at(self.origin).help(help)
    }

    /// The value as a number, if it is one.
    pub(super) fn decimal(&self) -> Option<Decimal> {
        parse_decimal(&self.text)
    }
}

/// A key of the scene and the values that it takes.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) key: Spanned,
    pub(super) values: Vec<Spanned>,
}

impl Parameter {
    /// `KEY=VALUE`, as `kymo render --set` takes it.
    pub(super) fn assignment(&self, value: usize) -> String {
        let value = &self.values[value];
        let text = value.decimal().map_or_else(|| value.text.clone(), to_toml);
        format!("{}={text}", self.key.text)
    }
}

/// Refuses more than [`MAX_SCENES`] scenes.
pub(super) fn check_count(scenes: u128, place: Origin) -> Result<(), Diagnostic> {
    if scenes <= MAX_SCENES as u128 {
        return Ok(());
    }
    let help = format!("a sweep makes at most {MAX_SCENES}: take larger steps, or split the sweep");
    Err(Diagnostic::new(format!("this makes {scenes} scenes")).at(place).help(help))
}
