//! The `note` of a point or an arrow.

use super::{Halo, Label, TextAnchor};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::resolve::element::{ElementReader, HALO, halo, text_anchor};
use crate::scene::table_reader::TableReader;

/// A label that stands beside a marker or an arrow, and moves with it.
#[derive(Clone, Debug)]
pub struct Note {
    /// The label.
    pub label: Label,
    /// The part of the label that is nearest to it.
    pub anchor: TextAnchor,
    /// The width of its halo.
    pub halo: Halo,
}

impl Note {
    /// Reads the note of an element, if it has one. `default` is its anchor.
    pub(super) fn read(
        reader: &ElementReader<'_, '_>,
        table: &mut TableReader<'_>,
        default: TextAnchor,
    ) -> Result<Option<Self>, Diagnostic> {
        let label = table.opt("note", |item| reader.context.label(item))?;
        let mut extra = None;
        let anchor = table.opt("anchor", |item| {
            extra = Some(item.error("places a note, and there is none"));
            text_anchor(reader, item)
        })?;
        let halo = table.opt(HALO.name, |item| {
            extra = Some(item.error("surrounds a note, and there is none"));
            halo(reader, item)
        })?;
        match (label, extra) {
            (Some(label), _) => {
                let anchor = anchor.unwrap_or(default);
                Ok(Some(Self { label, anchor, halo: halo.unwrap_or_default() }))
            }
            (None, Some(error)) => Err(error.help("write note = 'text' beside it, or leave it out")),
            (None, None) => Ok(None),
        }
    }
}
