//! Markers: their shapes, sizes and keys.

use super::{Code, StyleSignal};
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::resolve::element::ElementReader;
use crate::scene::resolve::style::fixed_part;
use crate::scene::table_reader::TableReader;

/// The shape of markers.
pub(super) const MARKER: KeySpec =
    KeySpec::new("marker", KeyType::Word(&words(&SHAPES)), "`\"o\"`", "disc, cross, plus, square");
/// The size of the markers of samples.
pub(super) const SAMPLE_SIZE: KeySpec =
    KeySpec::new("size", KeyType::Length, "`6`", "the diameter of the markers, which may be a signal");
/// The interior of markers.
pub(super) const FILL: KeySpec =
    KeySpec::new("fill", KeyType::Color, "its `color`", "of `\"o\"` and `\"s\"`; the edge keeps `color`");

/// The shapes by name.
const SHAPES: [(&str, Marker); 4] =
    [("o", Marker::Disc), ("x", Marker::Cross), ("+", Marker::Plus), ("s", Marker::Square)];
/// The default diameter of the markers of samples in CSS pixels.
pub(super) const DEFAULT_SAMPLE_SIZE: f64 = 6.0;

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

/// The shape and the size of a marker.
#[derive(Clone, Debug)]
pub struct MarkerStyle {
    /// The shape.
    pub shape: Marker,
    /// The diameter in CSS pixels.
    pub size: f64,
    /// The diameter, if it is a signal; `size` then has no meaning.
    pub moving_size: Option<Box<StyleSignal>>,
}

impl MarkerStyle {
    /// Reads `marker` and `size`.
    pub(super) fn read(
        reader: &ElementReader<'_, '_>,
        table: &mut TableReader<'_>,
        default_size: f64,
    ) -> Result<Self, Diagnostic> {
        let shape = table.opt("marker", |item| item.choice(&SHAPES))?.unwrap_or(Marker::Disc);
        let mut moving_size = None;
        let size = fixed_part(reader.number_or_signal(table, "size")?, &mut moving_size);
        Ok(Self { shape, size: size.unwrap_or(default_size), moving_size: moving_size.map(Box::new) })
    }

    /// The expression of the diameter.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &Code> {
        self.moving_size.iter().map(|size| &size.code)
    }
}
