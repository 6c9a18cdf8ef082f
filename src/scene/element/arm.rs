//! `arm`: a line from the origin to the present value of a signal.

use super::{ElementKind, ElementModel, ElementType, LogAxisDefect, PlottedSignal};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::resolve::element::ElementReader;
use crate::scene::resolve::plotted_signal::{OVER, X};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("arm", KeyType::Signal, "", "a line from the origin to the present value"),
    OVER,
    X,
    KeySpec::new("arrow", KeyType::Bool, "`false`", "an arrowhead at its end"),
];

pub(super) const TYPE: ElementType = ElementType {
    log_axis: Some(LogAxisDefect {
        why: "an arm starts at the origin, which a logarithmic axis does not have",
        remedy: "write a line from a place that is there, such as line = [[1, 1], ['t', 'x']]",
    }),
    ..ElementType::new(KEYS, read)
};

/// A line from the origin to the present value.
#[derive(Clone, Debug)]
pub struct Arm {
    /// The signal.
    pub signal: PlottedSignal,
    /// Whether it ends in an arrowhead.
    pub arrow: bool,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let signal = reader.present(main, table)?;
    let arrow = table.opt("arrow", ValueReader::bool)?.unwrap_or(false);
    Ok(ElementKind::Arm(Arm { signal, arrow }))
}

impl ElementModel for Arm {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn signal(&self) -> Option<&PlottedSignal> {
        Some(&self.signal)
    }
}
