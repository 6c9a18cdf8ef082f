//! `bars`: a bar from a baseline to each sample.

use super::{ElementKind, ElementModel, ElementType, PlottedSignal, Reveal};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::number_format::shortest;
use crate::scene::resolve::element::ElementReader;
use crate::scene::resolve::plotted_signal::{BASELINE, COUNT, OVER, REVEAL, SPAN, STEP, X};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("bars", KeyType::Signal, "", "a bar from a baseline to each sample"),
    OVER,
    X,
    SPAN,
    STEP,
    COUNT,
    REVEAL,
    BASELINE,
    KeySpec::new(
        "gap",
        KeyType::Fraction,
        "`0.2`",
        "the gap between two bars, as a part of the least distance of two samples; less than 1",
    ),
    KeySpec::new("horizontal", KeyType::Bool, "`false`", "bars along the x axis, one over the other"),
];

pub(super) const TYPE: ElementType = ElementType {
    fill: Some(KeySpec::new(
        "fill",
        KeyType::Color,
        "its `color`",
        "of the interior; the edge keeps `color`",
    )),
    ..ElementType::of_samples(KEYS, read)
};

/// The default gap, as in matplotlib.
const DEFAULT_GAP: f64 = 0.2;

/// A bar from a baseline to each sample.
#[derive(Clone, Debug)]
pub struct Bars {
    /// The samples.
    pub signal: PlottedSignal,
    /// The part of them that a frame shows.
    pub reveal: Reveal,
    /// The value at which bars begin; `None` for zero, or the low end of a logarithmic axis.
    pub baseline: Option<Code>,
    /// The gap between two bars, as a part of the least distance of two samples; at least 0 and less than 1.
    pub gap: f64,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    reader.require_plot(&main, "write scatter = … for points of the plane")?;
    let is_horizontal = table.opt("horizontal", ValueReader::bool)?.unwrap_or(false);
    let (signal, reveal) = reader.samples(main, table)?;
    let signal = PlottedSignal { is_horizontal, ..signal };
    let baseline = table.opt(BASELINE.name, |item| reader.along_curve(item, signal.over))?;
    let gap = table.opt("gap", |item| {
        let gap = reader.context.fraction(item.clone())?;
        if gap < 1.0 {
            return Ok(gap);
        }
        Err(item.error(&format!("is {}", shortest(gap))).help("bars would have no width: it is less than 1"))
    })?;
    Ok(ElementKind::Bars(Bars { signal, reveal, baseline, gap: gap.unwrap_or(DEFAULT_GAP) }))
}

impl ElementModel for Bars {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn signal(&self) -> Option<&PlottedSignal> {
        Some(&self.signal)
    }

    fn codes(&self) -> Vec<&Code> {
        self.baseline.iter().collect()
    }
}
