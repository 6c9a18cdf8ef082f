//! `phasors`: complex samples as arms from tip to tail, with circles around their starts and the trail of the last tip.

use super::{ElementKind, ElementModel, ElementType, PlottedSignal, Reveal, Sampling};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Variable;
use crate::scene::resolve::element::ElementReader;
use crate::scene::resolve::plotted_signal::{COUNT, OVER, REVEAL, REVEALS, SPAN, STEP};
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("phasors", KeyType::Signal, "", "complex samples as arms from tip to tail, in a plane"),
    OVER,
    SPAN,
    STEP,
    COUNT,
    REVEAL,
    KeySpec::new("circles", KeyType::Bool, "`true`", "a circle for the tip of each arm, around its start"),
    KeySpec::new(
        "trail",
        KeyType::Mixed("boolean, `\"grow\"`, `\"all\"` or `{ tail = number > 0 }`"),
        "`false`",
        "the path of the last tip; `true` is up to the present in a film over what moves the arms, else all of it",
    ),
];

pub(super) const TYPE: ElementType =
    ElementType { is_curve: true, marks_samples: true, ..ElementType::new(KEYS, read) };

/// Complex samples as arms from tip to tail.
#[derive(Clone, Debug)]
pub struct Phasors {
    /// The arms.
    pub signal: PlottedSignal,
    /// The arms that a frame shows.
    pub reveal: Reveal,
    /// Whether arms follow each other by their distance from 0, as 0, 1, −1, 2, −2, …, not in the direction of the span.
    pub is_alternating: bool,
    /// Whether there is a circle around the start of each arm.
    pub has_circles: bool,
    /// The path of the last tip.
    pub trail: Option<Trail>,
}

/// The path of the last tip.
#[derive(Clone, Debug)]
pub struct Trail {
    /// What moves the tip: time, or the film's variable.
    pub over: Variable,
    /// The first and last value of that variable.
    pub span: [f64; 2],
    /// The part of the path that a frame shows.
    pub reveal: Reveal,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    if reader.plots {
        return Err(main
            .error("is for panels of kind 'plane'")
            .help("write kind = 'plane', or scatter = re(…) for a part of it"));
    }
    let has_span = table.has(SPAN.name);
    let (signal, reveal) = reader.samples(main, table)?;
    let has_circles = table.opt("circles", ValueReader::bool)?.unwrap_or(true);
    let trail = table.opt("trail", |item| trail(reader, &signal, item))?.flatten();
    let is_alternating = !has_span && matches!(signal.sampling, Sampling::Whole);
    Ok(ElementKind::Phasors(Phasors { signal, reveal, is_alternating, has_circles, trail }))
}

/// Reads `trail`.
fn trail(
    reader: &ElementReader<'_, '_>,
    signal: &PlottedSignal,
    item: ValueReader<'_>,
) -> Result<Option<Trail>, Diagnostic> {
    let film = reader.film.as_ref().map_err(Clone::clone)?;
    let over = if signal.value.depends_on(film.variable()) { film.variable() } else { Variable::Time };
    let reveal = match item.value() {
        Value::Bool(false) => return Ok(None),
        Value::Bool(true) => reader.default_reveal(over),
        Value::Table(_) => reader.tail(item.clone())?,
        _ => item.clone().choice(&REVEALS)?,
    };
    if signal.over == over || !signal.value.depends_on(over) {
        return Err(item
            .error("is the path of arms that do not move")
            .help("leave it out, or write trace = … for the curve of their sum"));
    }
    let span = film.span(over).ok_or_else(|| {
        item.error("is a path over time, and time has no span").help("write [time] span = [0, 10]")
    })?;
    Ok(Some(Trail { over, span, reveal }))
}

impl ElementModel for Phasors {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn signal(&self) -> Option<&PlottedSignal> {
        Some(&self.signal)
    }
}
