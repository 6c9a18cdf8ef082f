//! Resolves the keys of a matrix panel: its values, its size, the names of its rows and columns, and its colors.

use super::color_scale::{MAP, RANGE, color_scale};
use super::context::Context;
use super::ticks::tick_labels;
use crate::keys::{KeySpec, KeyType};
use crate::scene::color::ColorMap;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, Label, Matrix, Scale, Ticks};
use crate::scene::expr::{Code, FreeId, Meaning, Symbol, ValueType};
use crate::scene::number_format::NumberFormat;
use crate::scene::source::Origin;
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

/// The most rows and columns.
const MAX_SIZE: i64 = 400;
/// The most ticks at rows and columns without names.
const MAX_TICKS: usize = 20;

/// The keys that only a matrix panel has.
pub(super) const KEYS: &[KeySpec] = &[
    KeySpec::new(
        "value",
        KeyType::Signal,
        "",
        "the value of a component, an expression of `row` and `col`, which count from 0",
    ),
    KeySpec::new(
        "rows",
        KeyType::IntegerIn(1, MAX_SIZE),
        "those of the system's matrix",
        "how many rows are shown",
    ),
    KeySpec::new(
        "columns",
        KeyType::IntegerIn(1, MAX_SIZE),
        "those of the system's matrix",
        "how many columns are shown",
    ),
    KeySpec::new("row-labels", KeyType::List(&KeyType::Label), "the numbers", "a name for each row"),
    KeySpec::new("column-labels", KeyType::List(&KeyType::Label), "the numbers", "a name for each column"),
    MAP,
    RANGE,
    KeySpec::new(
        "format",
        KeyType::Mixed("format of a [readout](labels.md#formats-of-readouts), or `false`"),
        "`\".2\"`",
        "how values are written into cells, where they fit; `false` writes none",
    ),
];

/// The names of the column and the row in the expression of a value.
const INDICES: [&str; 2] = ["col", "row"];
/// The keys of the numbers of columns and rows, and of their names.
const SIZES: [&str; 2] = ["columns", "rows"];
const NAMES: [&str; 2] = ["column-labels", "row-labels"];

/// Reads the keys of a matrix panel.
pub(in crate::scene) fn matrix(
    table: &mut TableReader<'_>,
    context: &Context<'_>,
) -> Result<Matrix, Diagnostic> {
    table.add_keys(KEYS);
    let place = context.model.unnamed();
    let names = INDICES.into_iter().zip(place.map(|free| Meaning::Symbol(Symbol::Free(free))));
    let inner = context.with_locals(names);
    let value = table.opt("value", |item| value(item, &inner, place))?;
    let (value, origin) = value.ok_or_else(|| table.missing_key("value", "value = 'ss.A[row][col]'"))?;
    let size = [0, 1].map(|index| size(table, context, (&value, place[index]), SIZES[index]));
    let [columns, rows] = size;
    let size = [columns?, rows?];
    let names = [0, 1].map(|index| names_of(table, context, NAMES[index], size[index]));
    let format = table.attempt("format", format).unwrap_or_else(|| NumberFormat::parse(".2").ok());
    let colors = color_scale(table, context, (ColorMap::Viridis, Scale::Linear))?;
    Ok(Matrix { value, place, size, names, colors, format, origin })
}

fn value(
    item: ValueReader<'_>,
    context: &Context<'_>,
    place: [FreeId; 2],
) -> Result<(Code, Origin), Diagnostic> {
    let code = context.signal_with(item.clone(), &place)?;
    if code.value_type() == ValueType::Complex {
        return Err(item
            .error("is complex, and colors show real numbers")
            .help("write abs(…), re(…), im(…) or arg(…)"));
    }
    Ok((code, item.origin()))
}

/// The number of rows or columns: as given, or that of the components that the value indexes.
fn size(
    table: &mut TableReader<'_>,
    context: &Context<'_>,
    (value, index): (&Code, FreeId),
    key: &'static str,
) -> Result<usize, Diagnostic> {
    let own = context.index_range(value, index).filter(|[first, _]| *first == 0.0);
    let given = table.opt_integer(key)?.map(|count| count as usize);
    let count = given.or(own.map(|[_, last]| last as usize + 1));
    count.ok_or_else(|| table.missing_key(key, &format!("{key} = 4")))
}

/// The names of the rows or the columns.
fn names_of(
    table: &mut TableReader<'_>,
    context: &Context<'_>,
    key: &'static str,
    count: usize,
) -> Vec<Label> {
    let names = table.attempt(key, |item| {
        let names = tick_labels(item.clone(), context)?;
        if names.len() == count {
            return Ok(names);
        }
        let why = format!("has {} names for {count} {}", names.len(), &SIZES[usize::from(key == NAMES[1])]);
        Err(item.error(&why).help("write one for each of them"))
    });
    names.unwrap_or_default()
}

fn format(item: ValueReader<'_>) -> Result<Option<NumberFormat>, Diagnostic> {
    if let Value::Bool(false) = item.value() {
        return Ok(None);
    }
    let spec = item.clone().string()?.as_str();
    let format = NumberFormat::parse(spec.trim());
    format.map(Some).map_err(|error| item.error(&format!("is no format: {}", error.message)).help(error.help))
}

/// Gives the axes of a matrix panel ticks at rows and columns, unless they have ticks of their own.
pub(super) fn name_axes(matrix: &Matrix, axes: [&mut Axis; 2]) {
    for ((axis, names), count) in axes.into_iter().zip(&matrix.names).zip(matrix.size) {
        if !matches!(axis.ticks, Ticks::Auto) {
            continue;
        }
        let step = [1, 2, 5, 10, 20].into_iter().find(|step| count <= step * MAX_TICKS).unwrap_or(20);
        axis.ticks = if names.is_empty() {
            Ticks::Every { step: step as f64, unit: None }
        } else {
            let named = names.iter().enumerate();
            Ticks::At(named.map(|(index, name)| (index as f64, Some(name.clone()))).collect())
        };
    }
}
