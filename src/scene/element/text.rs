//! `text`: a label at a position.

use super::{Anchor, ElementKind, ElementModel, ElementType, Halo, Label, PointCodes, TextAnchor};
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::{ElementReader, HALO, halo, text_anchor};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("text", KeyType::Label, "", "a text"),
    KeySpec::new("at", KeyType::Place, "", "where it stands"),
    KeySpec::new(
        "in",
        KeyType::Word(&words(&SPACES)),
        "`\"data\"`",
        "whether `at` is in values of the axes, or in fractions of the panel, upward",
    ),
    KeySpec::new(
        "anchor",
        KeyType::Anchor,
        "`\"sw\"`; in the panel: `\"nw\"`",
        "the part of the text that stands there",
    ),
    HALO,
];

pub(super) const TYPE: ElementType = ElementType { is_over: true, ..ElementType::new(KEYS, read) };

/// The coordinate systems by name.
pub(in crate::scene) const SPACES: [(&str, Space); 2] = [("data", Space::Data), ("panel", Space::Panel)];

/// A label.
#[derive(Clone, Debug)]
pub struct Text {
    /// The label.
    pub label: Label,
    /// The position.
    pub at: PointCodes,
    /// The coordinate system of the position.
    pub space: Space,
    /// The part of the text that is at the position.
    pub anchor: TextAnchor,
    /// The width of its halo.
    pub halo: Halo,
}

/// The coordinate system of a text's position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Values of the axes.
    Data,
    /// Fractions of the panel, from its lower left corner.
    Panel,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let label = reader.context.label(main)?;
    let at = table.opt("at", |item| reader.place(item))?;
    let at = at.ok_or_else(|| table.missing_key("at", "at = [x, y]"))?;
    let space = table.opt("in", |item| item.choice(&SPACES))?.unwrap_or(Space::Data);
    let default = match space {
        Space::Data => Anchor::SOUTH_WEST,
        Space::Panel => Anchor::NORTH_WEST,
    };
    let anchor = table.opt("anchor", |item| text_anchor(reader, item))?;
    let anchor = anchor.unwrap_or(TextAnchor::Fixed(default));
    let halo = table.opt(HALO.name, |item| halo(reader, item))?.unwrap_or_default();
    Ok(ElementKind::Text(Text { label, at, space, anchor, halo }))
}

impl ElementModel for Text {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn codes(&self) -> Vec<&Code> {
        self.at.iter().chain(self.anchor.codes()).collect()
    }

    fn has_height(&self) -> bool {
        self.space == Space::Data
    }
}
