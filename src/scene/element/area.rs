//! `area`: the area between a curve and another curve, or zero.

use super::{ElementKind, ElementModel, ElementType, PlottedSignal, Reveal};
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::{CURVE_WIDTH, ElementReader};
use crate::scene::resolve::plotted_signal::{OVER, REVEALS, SPAN, X};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("area", KeyType::Signal, "", "the area between a curve and another one"),
    OVER,
    X,
    SPAN,
    KeySpec::new("to", KeyType::Signal, "zero", "the other curve; zero is the low end of a logarithmic axis"),
    KeySpec::new(
        "reveal",
        KeyType::Word(&words(&REVEALS)),
        "`\"grow\"` over the film's variable, else `\"all\"`",
        "up to the present, or all of it",
    ),
];

pub(super) const TYPE: ElementType = ElementType {
    is_curve: true,
    fill: Some(KeySpec::new("fill", KeyType::Color, "its `color`", "of the whole area")),
    width: CURVE_WIDTH,
    opacity: 0.35,
    ..ElementType::new(KEYS, read)
};

/// The area between a curve and another curve, or zero.
#[derive(Clone, Debug)]
pub struct Area {
    /// The curve.
    pub signal: PlottedSignal,
    /// The other curve; `None` for zero.
    pub to: Option<Code>,
    /// The part of it that a frame shows.
    pub reveal: Reveal,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let signal = reader.curve(main, table)?;
    let to = table.opt("to", |item| reader.along_curve(item, signal.over))?;
    let reveal = reader.reveal(signal.over, refuse_tail, table)?;
    Ok(ElementKind::Area(Area { signal, to, reveal }))
}

/// An area cannot fade.
fn refuse_tail(item: ValueReader<'_>) -> Result<Reveal, Diagnostic> {
    Err(item.error("as a tail is for traces").help("write reveal = 'grow' or 'all'"))
}

impl ElementModel for Area {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn signal(&self) -> Option<&PlottedSignal> {
        Some(&self.signal)
    }

    fn codes(&self) -> Vec<&Code> {
        self.to.iter().collect()
    }
}
