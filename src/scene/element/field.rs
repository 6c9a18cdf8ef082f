//! `field`: a direction field, short arrows in the direction (dx, dy) all over the panel.

use std::ops::RangeInclusive;

use super::{ElementKind, ElementModel, ElementType, PointCodes};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::{Code, FreeId};
use crate::scene::resolve::element::ElementReader;
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new(
        "field",
        KeyType::Pair(&KeyType::Signal),
        "",
        "arrows of equal length that show where (dx, dy) leads; both signals may use the place's coordinates `x` and `y`",
    ),
    KeySpec::new(
        "count",
        KeyType::Mixed("integer, 1 to 200, or two of these"),
        "`20`",
        "arrows in a row, in square cells; or `[columns, rows]`",
    ),
];

/// Its arrows are a faint background of the curves.
pub(super) const TYPE: ElementType = ElementType { width: 0.9, opacity: 0.4, ..ElementType::new(KEYS, read) };

/// The names of the coordinates in the expressions of a direction.
pub(in crate::scene) const COORDINATES: [&str; 2] = ["x", "y"];
/// The default number of arrows in a row.
const DEFAULT_COUNT: usize = 20;
/// The range of the number of arrows in a row or a column.
const COUNTS: RangeInclusive<i64> = 1..=200;

/// A direction field: short arrows in the direction (dx, dy) all over the panel.
#[derive(Clone, Debug)]
pub struct Field {
    /// dx and dy in the units of the axes, as expressions of the position (x, y).
    pub direction: PointCodes,
    /// The variables for the coordinates x and y.
    pub place: [FreeId; 2],
    /// The number of arrows in a row.
    pub columns: usize,
    /// The number of arrows in a column; `None` for the one that makes cells most nearly square.
    pub rows: Option<usize>,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let [Some(x), Some(y)] = COORDINATES.map(|name| reader.context.model.free(name)) else {
        return Err(main
            .error("calls a place (x, y), and one of these names means something else here")
            .help("give the param, signal or system of that name another one"));
    };
    let place = [x, y];
    let direction = main.pair(|part| reader.context.signal_with(part, &place))?;
    let (columns, rows) = table.opt("count", count)?.unwrap_or((DEFAULT_COUNT, None));
    Ok(ElementKind::Field(Field { direction, place, columns, rows }))
}

/// Reads the number of columns, or those of columns and rows.
fn count(item: ValueReader<'_>) -> Result<(usize, Option<usize>), Diagnostic> {
    let number = |item: ValueReader<'_>| item.integer_in(COUNTS).map(|count| count as usize);
    if let Value::Array(_) = item.value() {
        let [columns, rows] = item.pair(number)?;
        return Ok((columns, Some(rows)));
    }
    Ok((number(item)?, None))
}

impl ElementModel for Field {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn codes(&self) -> Vec<&Code> {
        self.direction.iter().collect()
    }
}
