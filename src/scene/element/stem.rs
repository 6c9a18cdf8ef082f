//! `stem`: a line from a baseline to each sample, with a marker at its end.

use super::marker::{DEFAULT_SAMPLE_SIZE, FILL, MARKER, SAMPLE_SIZE};
use super::{ElementKind, ElementModel, ElementType, MarkerStyle, PlottedSignal, Reveal};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::ElementReader;
use crate::scene::resolve::plotted_signal::{BASELINE, COUNT, OVER, REVEAL, SPAN, STEP, X};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new(
        "stem",
        KeyType::Signal,
        "",
        "a line from a baseline to each sample, with a marker at its end",
    ),
    OVER,
    X,
    SPAN,
    STEP,
    COUNT,
    REVEAL,
    BASELINE,
    MARKER,
    SAMPLE_SIZE,
];

pub(super) const TYPE: ElementType = ElementType { fill: Some(FILL), ..ElementType::of_samples(KEYS, read) };

/// A line from a baseline to each sample, with a marker at its end.
#[derive(Clone, Debug)]
pub struct Stem {
    /// The samples.
    pub signal: PlottedSignal,
    /// The part of them that a frame shows.
    pub reveal: Reveal,
    /// The value at which stems begin; `None` for zero, or the low end of a logarithmic axis.
    pub baseline: Option<Code>,
    /// The markers.
    pub marker: MarkerStyle,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    reader.require_plot(&main, "write scatter = … for points of the plane")?;
    let (signal, reveal) = reader.samples(main, table)?;
    let baseline = table.opt(BASELINE.name, |item| reader.along_curve(item, signal.over))?;
    let marker = MarkerStyle::read(reader, table, DEFAULT_SAMPLE_SIZE)?;
    Ok(ElementKind::Stem(Stem { signal, reveal, baseline, marker }))
}

impl ElementModel for Stem {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn signal(&self) -> Option<&PlottedSignal> {
        Some(&self.signal)
    }

    fn codes(&self) -> Vec<&Code> {
        self.marker.codes().chain(&self.baseline).collect()
    }
}
