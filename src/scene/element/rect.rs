//! `rect`: an axis-aligned rectangle.

use super::{ElementKind, ElementModel, ElementType, PointCodes};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::ElementReader;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] =
    &[KeySpec::new("rect", KeyType::Pair(&KeyType::Place), "", "an upright rectangle between two corners")];

pub(super) const TYPE: ElementType = ElementType {
    fill: Some(KeySpec::new("fill", KeyType::Color, "none", "of the interior")),
    ..ElementType::new(KEYS, read)
};

/// An axis-aligned rectangle.
#[derive(Clone, Debug)]
pub struct Rect {
    /// Two opposite corners.
    pub corners: [PointCodes; 2],
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    _: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    Ok(ElementKind::Rect(Rect { corners: reader.corners(main)? }))
}

impl ElementModel for Rect {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn codes(&self) -> Vec<&Code> {
        self.corners.iter().flatten().collect()
    }
}
