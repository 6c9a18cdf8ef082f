//! `trace`: a curve.

use super::{ElementKind, ElementModel, ElementType, PlottedSignal, Reveal};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::resolve::element::{CURVE_WIDTH, ElementReader, OVER, SPAN, STEP, X};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("trace", KeyType::Signal, "", "a curve"),
    OVER,
    X,
    SPAN,
    STEP,
    KeySpec::new(
        "reveal",
        KeyType::Mixed("`\"grow\"`, `\"all\"` or `{ tail = number > 0 }`"),
        "`\"grow\"` over the film's variable, else `\"all\"`",
        "up to the present, all of it, or only so much before the present, fading",
    ),
];

pub(super) const TYPE: ElementType =
    ElementType { is_curve: true, width: CURVE_WIDTH, ..ElementType::new(KEYS, read) };

/// A curve.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The signal.
    pub signal: PlottedSignal,
    /// The part of it that a frame shows.
    pub reveal: Reveal,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let signal = reader.curve(main, table)?;
    let reveal = reader.reveal(&signal, |item| tail(reader, item), table)?;
    Ok(ElementKind::Trace(Trace { signal, reveal }))
}

/// Reads `{ tail = N }`.
fn tail(reader: &ElementReader<'_, '_>, item: ValueReader<'_>) -> Result<Reveal, Diagnostic> {
    let mut table = item.table()?;
    let length = table.opt("tail", |item| reader.context.positive(item))?;
    let length =
        length.ok_or_else(|| table.missing_key("tail", "tail = 2, how much of the curve's variable"))?;
    table.finish()?;
    Ok(Reveal::Tail(length))
}

impl ElementModel for Trace {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn signal(&self) -> Option<&PlottedSignal> {
        Some(&self.signal)
    }
}
