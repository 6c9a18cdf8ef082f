//! `hline`: a horizontal line across the whole panel.

use super::{ElementKind, ElementModel, ElementType};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::ElementReader;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] =
    &[KeySpec::new("hline", KeyType::Signal, "", "a line across the panel at this height")];

pub(super) const TYPE: ElementType = ElementType::new(KEYS, read);

/// A line across the whole panel.
#[derive(Clone, Debug)]
pub struct Hline {
    /// Its y coordinate.
    pub y: Code,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    _: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    Ok(ElementKind::Hline(Hline { y: reader.context.signal(main)? }))
}

impl ElementModel for Hline {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn codes(&self) -> Vec<&Code> {
        vec![&self.y]
    }
}
