//! `scatter`: a marker at each sample, with or without error bars.

use super::marker::{DEFAULT_SAMPLE_SIZE, FILL, MARKER, SAMPLE_SIZE};
use super::{ElementKind, ElementModel, ElementType, MarkerStyle, PlottedSignal, PointCodes, Reveal};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::ElementReader;
use crate::scene::resolve::plotted_signal::{COUNT, OVER, REVEAL, SPAN, STEP, X};
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("scatter", KeyType::Signal, "", "a marker at each sample"),
    OVER,
    X,
    SPAN,
    STEP,
    COUNT,
    REVEAL,
    MARKER,
    SAMPLE_SIZE,
    KeySpec::new(
        "error",
        KeyType::Mixed("signal, or two signals"),
        "none",
        "how far the error bar of a sample reaches up and down, or `[below, above]`",
    ),
];

pub(super) const TYPE: ElementType = ElementType { fill: Some(FILL), ..ElementType::of_samples(KEYS, read) };

/// A marker at each sample.
#[derive(Clone, Debug)]
pub struct Scatter {
    /// The samples.
    pub signal: PlottedSignal,
    /// The part of them that a frame shows.
    pub reveal: Reveal,
    /// The markers.
    pub marker: MarkerStyle,
    /// The lengths of error bars below and above a sample.
    pub error: Option<PointCodes>,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let (signal, reveal) = reader.samples(main, table)?;
    let marker = MarkerStyle::read(reader, table, DEFAULT_SAMPLE_SIZE)?;
    let error = table.opt("error", |item| {
        reader.require_plot(&item, "leave it out")?;
        let length = |item: ValueReader<'_>| reader.along_curve(item, signal.over);
        match item.value() {
            Value::Array(_) => item.pair(length),
            _ => length(item).map(|both| [both.clone(), both]),
        }
    })?;
    Ok(ElementKind::Scatter(Scatter { signal, reveal, marker, error }))
}

impl ElementModel for Scatter {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn signal(&self) -> Option<&PlottedSignal> {
        Some(&self.signal)
    }

    fn codes(&self) -> Vec<&Code> {
        self.marker.codes().chain(self.error.iter().flatten()).collect()
    }
}
