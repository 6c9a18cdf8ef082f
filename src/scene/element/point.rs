//! `point`: a marker at the present value of a signal, with or without a note.

use super::{Anchor, ElementKind, ElementModel, ElementType, Label, PlottedSignal};
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::resolve::element::{ElementReader, OVER, X, anchor};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("point", KeyType::Signal, "", "a marker at the present value"),
    OVER,
    X,
    KeySpec::new("marker", KeyType::Word(&words(&MARKERS)), "`\"o\"`", "disc, cross, plus, square"),
    KeySpec::new("size", KeyType::Length, "`7`", "diameter"),
    KeySpec::new("note", KeyType::Label, "none", "a text that moves with the point"),
    KeySpec::new("anchor", KeyType::Anchor, "`\"sw\"`", "the part of the note nearest to the point"),
];

pub(super) const TYPE: ElementType = ElementType {
    fill: Some(KeySpec::new(
        "fill",
        KeyType::Color,
        "its `color`",
        "of `\"o\"` and `\"s\"`; the edge keeps `color`",
    )),
    is_over: true,
    ..ElementType::new(KEYS, read)
};

/// The markers by name.
const MARKERS: [(&str, Marker); 4] =
    [("o", Marker::Disc), ("x", Marker::Cross), ("+", Marker::Plus), ("s", Marker::Square)];
/// The default diameter of markers in CSS pixels.
const MARKER_SIZE: f64 = 7.0;

/// A marker at the present value.
#[derive(Clone, Debug)]
pub struct Point {
    /// The signal.
    pub signal: PlottedSignal,
    /// The shape.
    pub marker: Marker,
    /// The diameter in CSS pixels.
    pub size: f64,
    /// A label that moves with the marker.
    pub note: Option<Note>,
}

/// The shape of a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// `"o"`, a disc.
    Disc,
    /// `"x"`, a diagonal cross.
    Cross,
    /// `"+"`, an upright cross.
    Plus,
    /// `"s"`, a square.
    Square,
}

/// A label that follows a point.
#[derive(Clone, Debug)]
pub struct Note {
    /// The label.
    pub label: Label,
    /// The part of the label that is nearest to the point.
    pub anchor: Anchor,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let signal = reader.present(main, table)?;
    let marker = table.opt("marker", |item| item.choice(&MARKERS))?.unwrap_or(Marker::Disc);
    let size = reader.context.opt_number(table, "size")?.unwrap_or(MARKER_SIZE);
    let note = note(reader, table)?;
    Ok(ElementKind::Point(Point { signal, marker, size, note }))
}

fn note(reader: &ElementReader<'_, '_>, table: &mut TableReader<'_>) -> Result<Option<Note>, Diagnostic> {
    let label = table.opt("note", |item| reader.context.label(item))?;
    let mut anchor_item = None;
    let anchor = table.opt("anchor", |item| {
        anchor_item = Some(item.clone());
        anchor(item)
    })?;
    match (label, anchor_item) {
        (Some(label), _) => Ok(Some(Note { label, anchor: anchor.unwrap_or(Anchor::SOUTH_WEST) })),
        (None, Some(item)) => Err(item
            .error("places a note, and there is none")
            .help("write note = 'text' beside it, or leave it out")),
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
}
