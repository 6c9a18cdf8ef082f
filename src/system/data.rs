//! The row of measured data: its keys and members over [`solver::data`](crate::solver::data).
//!
//! The members are the columns of a CSV file. The file is read when the system is declared, so that every error in
//! it is found before anything is drawn, and again when it is solved.

mod columns;
mod header;
mod number;
mod record;
mod rows;
mod suggest;

use std::sync::Arc;

use num_complex::Complex64;

use super::{
    At, Component, FileText, KeyError, Keys, KindSpec, Member, Outline, Schema, System, SystemError,
};
use crate::keys::{KeySpec, KeyType};
use crate::solver::data::{Interpolation, TimeSeries};
use columns::Columns;
use header::Header;
use number::LARGEST;
use rows::Rows;

/// A table of measured values.
pub(crate) static KIND: KindSpec =
    KindSpec { name: "data", article: "a", keys: &KEYS, max_solutions: 16, declare, solve };

const KEYS: [KeySpec; 5] = [
    KeySpec::new(
        "file",
        KeyType::File,
        "",
        "the CSV file, relative to the scene; its first line has the headers of the columns",
    ),
    KeySpec::new("t", KeyType::Text, "the first column", "the header of the column of the variable"),
    KeySpec::new(
        "columns",
        KeyType::Texts,
        "headers are the names",
        "the header of each column by its name in the scene",
    ),
    KeySpec::new(
        "interpolate",
        KeyType::Word(&["linear", "cubic", "previous", "none"]),
        "linear",
        "the values between rows: on lines, on a cubic not-a-knot spline, of the row before, or none",
    ),
    KeySpec::new(
        "unit-scale",
        KeyType::Numbers,
        "1",
        "the factor of all columns except the variable's, or a table of factors by names of columns",
    ),
];

/// A solved system: the member in slot n is column n of the series.
#[derive(Debug)]
struct Data {
    schema: Schema,
    series: TimeSeries,
}

/// The content of the file.
struct Table {
    columns: Columns,
    rows: Rows,
}

fn declare(keys: &Outline) -> Result<Schema, KeyError> {
    let columns = keys.has("columns").then(|| keys.texts("columns"));
    let table = Table::read(keys.file("file"), keys.text("t"), columns)?;
    if let Some(name) =
        keys.names("unit-scale").iter().find(|name| !name.is_empty() && !table.columns.has(name))
    {
        let message = format!("`unit-scale` names `{name}`, which is no column");
        let names = table.columns.members.iter().map(|(name, _)| name.as_str());
        return Err(KeyError::key(format!("unit-scale.{name}"), message, suggest::help(name, names)));
    }
    Ok(table.schema())
}

fn solve(keys: &Keys) -> Result<Arc<dyn System>, KeyError> {
    let columns = keys.has("columns").then(|| keys.texts("columns"));
    let mut table = Table::read(keys.file("file"), keys.text("t"), columns)?;
    table.scale(keys.numbers("unit-scale"))?;
    let schema = table.schema();
    let interpolation =
        keys.word("interpolate").and_then(Interpolation::from_name).unwrap_or(Interpolation::Linear);
    let series = TimeSeries::new(table.rows.times, table.rows.values, interpolation);
    Ok(Arc::new(Data { schema, series }))
}

impl Table {
    /// Reads a file of which `t` and `columns` name columns.
    fn read(
        file: Option<&Arc<FileText>>,
        t: Option<&str>,
        columns: Option<&[(String, String)]>,
    ) -> Result<Self, KeyError> {
        let Some(file) = file else {
            return Err(KeyError::system("measured data need `file`", "write file = \"measured.csv\""));
        };
        let header = Header::read(&file.text)?;
        let columns = Columns::choose(&header, &file.name, t, columns)?;
        let rows = Rows::read(&file.text, &header, &columns)?;
        Ok(Self { columns, rows })
    }

    fn schema(&self) -> Schema {
        let members = self.columns.members.iter().map(|(name, _)| Member::signal(name.clone()));
        Schema { members: members.collect(), grid: self.rows.times.clone() }
    }

    /// Multiplies the columns by factors: one that has the empty name for all, or one for each name.
    fn scale(&mut self, factors: &[(String, f64)]) -> Result<(), KeyError> {
        for ((member, _), values) in self.columns.members.iter().zip(&mut self.rows.values) {
            let Some((name, factor)) = factors.iter().find(|(name, _)| name.is_empty() || name == member)
            else {
                continue;
            };
            let key = if name.is_empty() { "unit-scale".to_owned() } else { format!("unit-scale.{name}") };
            if !factor.is_finite() {
                let message = format!("a factor must be a finite number, it is {factor}");
                return Err(KeyError::key(key, message, "write unit-scale = 0.001, or leave it out"));
            }
            for value in values {
                *value *= factor;
                if value.abs() > LARGEST {
                    let message = format!("`{member}` times {factor:e} exceeds {LARGEST:e} in magnitude");
                    return Err(KeyError::key(key, message, "write a smaller factor"));
                }
            }
        }
        Ok(())
    }
}

impl System for Data {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn value(&self, component: Component, at: At) -> Result<Complex64, SystemError> {
        Ok(Complex64::new(self.series.value(usize::from(component.slot.0), at.time), 0.0))
    }
}

#[cfg(test)]
mod tests;
