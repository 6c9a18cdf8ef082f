//! `point`: a marker at the present value of a signal, with or without a note.

use super::marker::{FILL, MARKER};
use super::{Anchor, ElementKind, ElementModel, ElementType, MarkerStyle, Note, PlottedSignal, TextAnchor};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::{ElementReader, HALO};
use crate::scene::resolve::plotted_signal::{OVER, X};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("point", KeyType::Signal, "", "a marker at the present value"),
    OVER,
    X,
    MARKER,
    KeySpec::new("size", KeyType::Length, "`7`", "diameter, which may be a signal"),
    KeySpec::new("note", KeyType::Label, "none", "a text that moves with the point"),
    KeySpec::new("anchor", KeyType::Anchor, "`\"sw\"`", "the part of the note nearest to the point"),
    HALO,
];

pub(super) const TYPE: ElementType =
    ElementType { fill: Some(FILL), is_over: true, ..ElementType::new(KEYS, read) };

/// The default diameter of markers in CSS pixels.
const MARKER_SIZE: f64 = 7.0;

/// A marker at the present value.
#[derive(Clone, Debug)]
pub struct Point {
    /// The signal.
    pub signal: PlottedSignal,
    /// The marker.
    pub marker: MarkerStyle,
    /// A label that moves with the marker.
    pub note: Option<Note>,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let signal = reader.present(main, table)?;
    let marker = MarkerStyle::read(reader, table, MARKER_SIZE)?;
    let note = Note::read(reader, table, TextAnchor::Fixed(Anchor::SOUTH_WEST))?;
    Ok(ElementKind::Point(Point { signal, marker, note }))
}

impl ElementModel for Point {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn signal(&self) -> Option<&PlottedSignal> {
        Some(&self.signal)
    }

    fn codes(&self) -> Vec<&Code> {
        self.marker.codes().chain(self.note.iter().flat_map(|note| note.anchor.codes())).collect()
    }
}
