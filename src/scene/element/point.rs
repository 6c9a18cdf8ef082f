//! `point`: a marker at the present value of a signal, with or without a note.

use super::marker::{FILL, MARKER};
use super::{
    Anchor, ElementKind, ElementModel, ElementType, Halo, Label, MarkerStyle, PlottedSignal, TextAnchor,
};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::{ElementReader, HALO, halo, text_anchor};
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

/// A label that follows a point.
#[derive(Clone, Debug)]
pub struct Note {
    /// The label.
    pub label: Label,
    /// The part of the label that is nearest to the point.
    pub anchor: TextAnchor,
    /// The width of its halo.
    pub halo: Halo,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let signal = reader.present(main, table)?;
    let marker = MarkerStyle::read(reader, table, MARKER_SIZE)?;
    let note = note(reader, table)?;
    Ok(ElementKind::Point(Point { signal, marker, note }))
}

fn note(reader: &ElementReader<'_, '_>, table: &mut TableReader<'_>) -> Result<Option<Note>, Diagnostic> {
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
            let anchor = anchor.unwrap_or(TextAnchor::Fixed(Anchor::SOUTH_WEST));
            Ok(Some(Note { label, anchor, halo: halo.unwrap_or_default() }))
        }
        (None, Some(error)) => Err(error.help("write note = 'text' beside it, or leave it out")),
        (None, None) => Ok(None),
    }
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
