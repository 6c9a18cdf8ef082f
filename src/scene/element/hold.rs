//! `hold`: the staircase of samples, each of which is kept until the next one.

use super::{ElementKind, ElementModel, ElementType, PlottedSignal, Reveal};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::resolve::element::{CURVE_WIDTH, ElementReader};
use crate::scene::resolve::plotted_signal::{COUNT, OVER, REVEAL, SPAN, STEP, X};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new(
        "hold",
        KeyType::Signal,
        "",
        "a staircase that keeps each sample until the next one, the last for one step",
    ),
    OVER,
    X,
    SPAN,
    STEP,
    COUNT,
    REVEAL,
];

pub(super) const TYPE: ElementType = ElementType {
    is_curve: true,
    is_colored_along: true,
    width: CURVE_WIDTH,
    ..ElementType::new(KEYS, read)
};

/// A staircase that keeps each sample until the next one.
#[derive(Clone, Debug)]
pub struct Hold {
    /// The samples.
    pub signal: PlottedSignal,
    /// The part of the staircase that a frame shows.
    pub reveal: Reveal,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    reader.require_plot(&main, "write trace = … with a step")?;
    let (signal, reveal) = reader.samples(main, table)?;
    Ok(ElementKind::Hold(Hold { signal, reveal }))
}

impl ElementModel for Hold {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn signal(&self) -> Option<&PlottedSignal> {
        Some(&self.signal)
    }
}
