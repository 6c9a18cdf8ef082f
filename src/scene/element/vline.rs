//! `vline`: a vertical line over the whole height of the panel.

use super::{ElementKind, ElementModel, ElementType};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::ElementReader;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[KeySpec::new("vline", KeyType::Signal, "", "a line over the panel's height")];

pub(super) const TYPE: ElementType = ElementType::new(KEYS, read);

/// A line over the whole height of the panel.
#[derive(Clone, Debug)]
pub struct Vline {
    /// Its x coordinate.
    pub x: Code,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    _: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    Ok(ElementKind::Vline(Vline { x: reader.context.signal(main)? }))
}

impl ElementModel for Vline {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn codes(&self) -> Vec<&Code> {
        vec![&self.x]
    }

    fn has_height(&self) -> bool {
        false
    }
}
