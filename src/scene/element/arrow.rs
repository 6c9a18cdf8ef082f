//! `arrow`: a vector from one point to another, with or without a note.

use super::{ElementKind, ElementModel, ElementType, Note, PointCodes, TextAnchor};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::{ElementReader, HALO};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("arrow", KeyType::Pair(&KeyType::Place), "", "a vector from the first place to the second"),
    KeySpec::new("note", KeyType::Label, "none", "a text beside its middle"),
    KeySpec::new(
        "anchor",
        KeyType::Anchor,
        "across the vector",
        "the part of the note nearest to its middle",
    ),
    HALO,
];

pub(super) const TYPE: ElementType = ElementType::new(KEYS, read);

/// A vector.
#[derive(Clone, Debug)]
pub struct Arrow {
    /// The start and the tip.
    pub ends: [PointCodes; 2],
    /// A label beside the middle.
    pub note: Option<Note>,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let ends = reader.corners(main)?;
    let note = Note::read(reader, table, TextAnchor::Across)?;
    Ok(ElementKind::Arrow(Arrow { ends, note }))
}

impl ElementModel for Arrow {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn codes(&self) -> Vec<&Code> {
        self.ends.iter().flatten().chain(self.note.iter().flat_map(|note| note.anchor.codes())).collect()
    }
}
