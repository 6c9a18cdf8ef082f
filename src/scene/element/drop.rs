//! `drop`: the perpendicular from the present value of a signal to an axis.

use super::{ElementKind, ElementModel, ElementType, PlottedSignal};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::resolve::element::ElementReader;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

pub(super) const TYPE: ElementType = ElementType::new("drop", read);

/// The perpendicular from the present value to an axis.
#[derive(Clone, Debug)]
pub struct Drop {
    /// The signal.
    pub signal: PlottedSignal,
    /// Onto the x axis (y = 0), or the y axis (x = 0).
    pub onto: Onto,
}

/// The axis that a perpendicular ends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onto {
    /// y = 0.
    X,
    /// x = 0.
    Y,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let signal = reader.present(main, table)?;
    let axes = [("x", Onto::X), ("y", Onto::Y)];
    let onto = table.opt("onto", |item| item.choice(&axes))?.unwrap_or(Onto::X);
    Ok(ElementKind::Drop(Drop { signal, onto }))
}

impl ElementModel for Drop {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn signal(&self) -> Option<&PlottedSignal> {
        Some(&self.signal)
    }
}
