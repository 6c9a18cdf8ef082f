//! The names of panels, as another panel refers to them.

use crate::scene::diagnostic::Diagnostic;
use crate::scene::value_reader::ValueReader;
use crate::suggest::hint;

/// The names of all panels, for the keys of one of them.
#[derive(Clone, Copy)]
pub(super) struct PanelNames<'a> {
    /// The name of the panel itself.
    pub(super) own: &'a str,
    /// All names, in the order of the file.
    pub(super) all: &'a [&'a str],
}

impl PanelNames<'_> {
    /// Reads the name of another panel and returns its index.
    pub(super) fn other(&self, item: ValueReader<'_>) -> Result<usize, Diagnostic> {
        let name = item.clone().string()?.as_str();
        if name == self.own {
            return Err(item.error("names the panel itself").help("name another panel"));
        }
        self.all
            .iter()
            .position(|known| *known == name)
            .ok_or_else(|| item.error(&format!("names no panel: `{name}`")).maybe_help(hint(name, self.all)))
    }
}
