//! `drop`: the perpendicular from the present value of a signal to an axis.

use super::{ElementKind, ElementModel, ElementType, PlottedSignal};
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::resolve::element::ElementReader;
use crate::scene::resolve::plotted_signal::{OVER, X};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("drop", KeyType::Signal, "", "the perpendicular from the present value to an axis"),
    OVER,
    X,
    KeySpec::new(
        "onto",
        KeyType::Word(&words(&AXES)),
        "`\"x\"`",
        "the axis; `\"y\"` is the right side for `axis = \"y2\"`",
    ),
];

pub(super) const TYPE: ElementType = ElementType::new(KEYS, read);

/// The axes by name.
const AXES: [(&str, Onto); 2] = [("x", Onto::X), ("y", Onto::Y)];

/// The perpendicular from the present value to an axis.
#[derive(Clone, Debug)]
pub struct Drop {
    /// The signal.
    pub signal: PlottedSignal,
    /// Onto the x axis (y = 0), or the y axis: x = 0, or the right side of the plot for the second one.
    pub onto: Onto,
}

/// The axis that a perpendicular ends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onto {
    /// y = 0.
    X,
    /// x = 0, or the right side of the plot.
    Y,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let signal = reader.present(main, table)?;
    let onto = table.opt("onto", |item| item.choice(&AXES))?.unwrap_or(Onto::X);
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
