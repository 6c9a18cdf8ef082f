//! `contour`: the lines on which a signal of the place has given values.

use super::{ElementKind, ElementModel, ElementType};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::{Code, FreeId, ValueType};
use crate::scene::resolve::element::ElementReader;
use crate::scene::resolve::place::{OVER, place_context};
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new(
        "contour",
        KeyType::Signal,
        "",
        "lines on which it has equal values; the signal may use the place's coordinates `x` and `y`, and in a plane `s`",
    ),
    OVER,
    KeySpec::new(
        "levels",
        KeyType::Mixed("integer, 1 to 64, or list of numbers"),
        "`8`",
        "the values, or about how many round ones there are",
    ),
    KeySpec::new("labels", KeyType::Bool, "`true`", "whether lines carry their values, where there is room"),
];

/// Contours are fainter than curves.
pub(super) const TYPE: ElementType = ElementType { width: 1.0, ..ElementType::new(KEYS, read) };

/// The default number of levels.
const DEFAULT_COUNT: usize = 8;
/// The most levels.
const MAX_COUNT: i64 = 64;

/// The lines on which a signal has given values.
#[derive(Clone, Debug)]
pub struct Contour {
    /// The value at each place, a real number.
    pub value: Code,
    /// The variables of the coordinates x and y.
    pub place: [FreeId; 2],
    /// The values of the lines.
    pub levels: ContourLevels,
    /// Whether lines carry their values.
    pub has_labels: bool,
}

/// The values of contours.
#[derive(Clone, Debug, PartialEq)]
pub enum ContourLevels {
    /// About this many round values, which fit all frames.
    Count(usize),
    /// These values.
    At(Vec<f64>),
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let (context, place) = place_context(reader, table)?;
    let value = context.signal_with(main.clone(), &place)?;
    if value.value_type() == ValueType::Complex {
        return Err(main
            .error("is complex, and contours show real numbers")
            .help("write abs(…), re(…), im(…) or arg(…)"));
    }
    let levels = table.opt("levels", |item| levels(reader, item))?;
    let has_labels = table.attempt("labels", ValueReader::bool).unwrap_or(true);
    let levels = levels.unwrap_or(ContourLevels::Count(DEFAULT_COUNT));
    Ok(ElementKind::Contour(Contour { value, place, levels, has_labels }))
}

fn levels(reader: &ElementReader<'_, '_>, item: ValueReader<'_>) -> Result<ContourLevels, Diagnostic> {
    let Value::Array(_) = item.value() else {
        return item.integer_in(1..=MAX_COUNT).map(|count| ContourLevels::Count(count as usize));
    };
    let whole = item.clone();
    let mut values = item.list(|level| reader.context.number(level))?;
    if values.is_empty() || values.len() > MAX_COUNT as usize {
        let message = format!("lists {} values", values.len());
        return Err(whole
            .error(&message)
            .help(format!("write 1 to {MAX_COUNT} values, such as levels = [0, 1]")));
    }
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    Ok(ContourLevels::At(values))
}

impl ElementModel for Contour {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn codes(&self) -> Vec<&Code> {
        vec![&self.value]
    }
}
