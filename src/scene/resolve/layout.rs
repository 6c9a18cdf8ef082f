//! Resolves `[layout]`: the grid cells of panels, and the ratios and gaps of rows and columns.

use std::ops::Range;

use super::context::Context;
use super::removed::drop_emptied_tracks;
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::source_string::SourceString;
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;
use crate::scene::{Area, Gap, Grid};
use crate::suggest::{hint, listed};

/// The keys of `[layout]`.
pub(super) const KEYS: &[KeySpec] = &[
    KeySpec::new(
        "mosaic",
        KeyType::List(&KeyType::Text),
        "the panels stacked",
        "a string for each row, a word for each cell, `.` for an empty cell; a panel's cells form a rectangle",
    ),
    KeySpec::new(
        "columns",
        KeyType::IntegerIn(1, 100),
        "1; with copies of a panel about as many as rows",
        "the panels fill the rows of a grid with so many columns, in their order; or `mosaic`",
    ),
    KeySpec::new(
        "heights",
        KeyType::Mixed("a number > 0 for each row"),
        "1 each",
        "ratios of the heights of the plot rectangles",
    ),
    KeySpec::new(
        "widths",
        KeyType::Mixed("a number > 0 for each column"),
        "1 each",
        "ratios of their widths",
    ),
    KeySpec::new(
        "row-gap",
        GAPS,
        "`\"auto\"`",
        "between plot rectangles; `\"auto\"` is what the labels need",
    ),
    KeySpec::new("column-gap", GAPS, "`\"auto\"`", "the same between columns"),
];
const GAPS: KeyType = KeyType::Mixed("length ≥ 0 or `\"auto\"`, or a list");

/// An empty cell of the mosaic.
pub(super) const EMPTY: &str = ".";

/// The panels that a grid arranges.
pub(super) struct PanelCells<'a> {
    pub(super) names: &'a [&'a str],
    /// The names of panels of the base that the scene removes. Their cells are empty.
    pub(super) removed: &'a [String],
    /// The number of columns without a mosaic.
    pub(super) columns: usize,
}

/// Resolves the grid of panels.
pub(super) fn grid(
    table: Option<TableReader<'_>>,
    &PanelCells { names, removed, columns: default_columns }: &PanelCells<'_>,
    context: &Context<'_>,
) -> Result<Grid, Diagnostic> {
    let Some(table) = table else {
        let (areas, rows, columns) = in_rows(names.len(), default_columns);
        return Ok(Grid {
            heights: vec![1.0; rows],
            widths: vec![1.0; columns],
            row_gaps: vec![Gap::Auto; rows - 1],
            column_gaps: vec![Gap::Auto; columns - 1],
            areas,
        });
    };
    let mut table = table.with_keys(KEYS);
    let mosaic = table.opt("mosaic", |item| Mosaic::read(item, names, removed))?;
    let given_columns = table.attempt("columns", |item| {
        if mosaic.is_some() {
            return Err(item.error("and `mosaic` both arrange the panels").help("keep one of the two"));
        }
        item.integer_in(1..=100).map(|columns| columns as usize)
    });
    let (areas, rows, columns) = match &mosaic {
        Some(Mosaic { cells, areas }) => (areas.clone(), cells.len(), cells[0].len()),
        None => in_rows(names.len(), given_columns.unwrap_or(default_columns)),
    };
    let heights = table.attempt("heights", |item| ratios(item, rows, "row", context));
    let widths = table.attempt("widths", |item| ratios(item, columns, "column", context));
    let row_gaps = table.attempt("row-gap", |item| gaps(item, rows.saturating_sub(1), context));
    let column_gaps = table.attempt("column-gap", |item| gaps(item, columns - 1, context));
    table.finish()?;
    let mut grid = Grid {
        heights: heights.unwrap_or_else(|| vec![1.0; rows]),
        widths: widths.unwrap_or_else(|| vec![1.0; columns]),
        row_gaps: row_gaps.unwrap_or_else(|| vec![Gap::Auto; rows.saturating_sub(1)]),
        column_gaps: column_gaps.unwrap_or_else(|| vec![Gap::Auto; columns - 1]),
        areas,
    };
    if let Some(Mosaic { cells, .. }) = mosaic.filter(|_| !removed.is_empty()) {
        drop_emptied_tracks(&mut grid, &cells, removed);
    }
    Ok(grid)
}

/// The cells of so many panels that fill one row after the other, and the numbers of rows and columns.
fn in_rows(count: usize, columns: usize) -> (Vec<Area>, usize, usize) {
    let columns = columns.clamp(1, count.max(1));
    let area = |index: usize| {
        let (row, column) = (index / columns, index % columns);
        Area { rows: row..row + 1, columns: column..column + 1 }
    };
    ((0..count).map(area).collect(), count.div_ceil(columns).max(1), columns)
}

/// The cells of a mosaic, row by row, and the rectangles of the panels, in their order.
struct Mosaic<'a> {
    cells: Vec<Vec<&'a str>>,
    areas: Vec<Area>,
}

impl<'a> Mosaic<'a> {
    fn read(item: ValueReader<'a>, names: &[&str], removed: &[String]) -> Result<Self, Diagnostic> {
        let whole = item.clone();
        let rows = item.list(ValueReader::string)?;
        let cells: Vec<Vec<&str>> =
            rows.iter().map(|row| row.as_str().split_whitespace().collect()).collect();
        let columns = cells.first().map_or(0, Vec::len);
        if columns == 0 {
            return Err(whole
                .error("has no cells")
                .help(r#"write mosaic = ["spring", "x"], a string a row"#));
        }
        let known: Vec<&str> = names.iter().copied().chain(removed.iter().map(String::as_str)).collect();
        for (cells, row) in cells.iter().zip(&rows) {
            check_row(cells, columns, row, &known)?;
        }
        let areas = names.iter().map(|name| area(&cells, name, &whole)).collect::<Result<_, _>>()?;
        Ok(Self { cells, areas })
    }
}

fn check_row(cells: &[&str], columns: usize, row: &SourceString, names: &[&str]) -> Result<(), Diagnostic> {
    if cells.len() != columns {
        let message = format!("this row of the mosaic is {} wide, the first is {columns}", cells.len());
        return Err(Diagnostic::new(message).at(row.origin()).help("an empty cell is written `.`"));
    }
    match cells.iter().find(|cell| **cell != EMPTY && !names.contains(cell)) {
        None => Ok(()),
        Some(unknown) => {
            let help = hint(unknown, names).unwrap_or_else(|| format!("the panels are {}", listed(names)));
            let start = row.as_str().find(unknown).unwrap_or_default();
            Err(Diagnostic::new(format!("there is no panel `{unknown}` for this cell"))
                .within(row, start..start + unknown.len())
                .help(help))
        }
    }
}

/// The rectangle of cells with a name.
fn area(cells: &[Vec<&str>], name: &str, mosaic: &ValueReader<'_>) -> Result<Area, Diagnostic> {
    let mut found: Option<Area> = None;
    let mut count = 0;
    for (r, row) in cells.iter().enumerate() {
        for (c, _) in row.iter().enumerate().filter(|(_, cell)| **cell == name) {
            count += 1;
            let area = found.get_or_insert(Area { rows: r..r + 1, columns: c..c + 1 });
            area.rows = area.rows.start..r + 1;
            area.columns = area.columns.start.min(c)..area.columns.end.max(c + 1);
        }
    }
    let area = found.ok_or_else(|| {
        mosaic
            .error(&format!("has no cell for panel `{name}`"))
            .help(format!("write `{name}` into a row, or take the panel out of the file"))
    })?;
    let size = |range: &Range<usize>| range.end - range.start;
    if count == size(&area.rows) * size(&area.columns) {
        return Ok(area);
    }
    Err(mosaic
        .error(&format!("has cells of `{name}` that form no rectangle"))
        .help("a panel fills neighboring cells of whole rows and columns; an empty cell is written `.`"))
}

fn ratios(
    item: ValueReader<'_>,
    count: usize,
    track: &str,
    context: &Context<'_>,
) -> Result<Vec<f64>, Diagnostic> {
    let whole = item.clone();
    let ratios = item.list(|ratio| context.positive(ratio))?;
    if ratios.len() == count {
        return Ok(ratios);
    }
    let message = format!("wants one ratio a {track}, that is {count}, found {}", ratios.len());
    Err(whole.error(&message).help("leave it out for equal ones"))
}

fn gaps(item: ValueReader<'_>, count: usize, context: &Context<'_>) -> Result<Vec<Gap>, Diagnostic> {
    if !matches!(item.value(), Value::Array(_)) {
        return Ok(vec![gap(item, context)?; count]);
    }
    let whole = item.clone();
    let gaps = item.list(|item| gap(item, context))?;
    if gaps.len() == count {
        return Ok(gaps);
    }
    let message = format!("wants a gap between each two neighbors, that is {count}, found {}", gaps.len());
    Err(whole.error(&message).help("write one length for all of them, or 'auto'"))
}

fn gap(item: ValueReader<'_>, context: &Context<'_>) -> Result<Gap, Diagnostic> {
    match item.value() {
        Value::String(content) if content.as_str() == "auto" => Ok(Gap::Auto),
        _ => context.at_least(item, 0.0).map(Gap::Length),
    }
}
