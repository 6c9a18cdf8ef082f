//! `point`: a marker at the present value of a signal, with or without a note.

use super::{
    Anchor, ElementKind, ElementModel, ElementType, Halo, Label, PlottedSignal, StyleSignal, TextAnchor,
};
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::{ElementReader, HALO, OVER, X, halo, text_anchor};
use crate::scene::resolve::style::fixed_part;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("point", KeyType::Signal, "", "a marker at the present value"),
    OVER,
    X,
    KeySpec::new("marker", KeyType::Word(&words(&MARKERS)), "`\"o\"`", "disc, cross, plus, square"),
    KeySpec::new("size", KeyType::Length, "`7`", "diameter, which may be a signal"),
    KeySpec::new("note", KeyType::Label, "none", "a text that moves with the point"),
    KeySpec::new("anchor", KeyType::Anchor, "`\"sw\"`", "the part of the note nearest to the point"),
    HALO,
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
    /// The diameter, if it is a signal; `size` then has no meaning.
    pub moving_size: Option<Box<StyleSignal>>,
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
    let marker = table.opt("marker", |item| item.choice(&MARKERS))?.unwrap_or(Marker::Disc);
    let mut moving_size = None;
    let size = fixed_part(reader.number_or_signal(table, "size")?, &mut moving_size).unwrap_or(MARKER_SIZE);
    let moving_size = moving_size.map(Box::new);
    let note = note(reader, table)?;
    Ok(ElementKind::Point(Point { signal, marker, size, moving_size, note }))
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
        let size = self.moving_size.iter().map(|size| &size.code);
        size.chain(self.note.iter().flat_map(|note| note.anchor.codes())).collect()
    }
}
