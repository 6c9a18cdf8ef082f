//! `trace`: a curve.

use super::{ElementKind, ElementModel, ElementType, PlottedSignal, Reveal};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::resolve::element::{CURVE_WIDTH, ElementReader};
use crate::scene::resolve::plotted_signal::{COUNT, CURVE_STEP, OVER, REVEAL, SPAN, X};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] =
    &[KeySpec::new("trace", KeyType::Signal, "", "a curve"), OVER, X, SPAN, CURVE_STEP, COUNT, REVEAL];

pub(super) const TYPE: ElementType = ElementType {
    is_curve: true,
    is_colored_along: true,
    width: CURVE_WIDTH,
    ..ElementType::new(KEYS, read)
};

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
    let reveal = reader.reveal_or_tail(signal.over, table)?;
    Ok(ElementKind::Trace(Trace { signal, reveal }))
}

impl ElementModel for Trace {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn signal(&self) -> Option<&PlottedSignal> {
        Some(&self.signal)
    }
}
