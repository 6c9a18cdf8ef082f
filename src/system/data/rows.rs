//! The rows of a CSV file below its header.

use csv::ByteRecord;

use super::KeyError;
use super::columns::Columns;
use super::header::{Header, open_quote, reader};
use super::number::{CellError, number};
use super::record::{WrittenRecord, content, shown};

/// The values of the columns that a system uses.
pub(super) struct Rows {
    /// The times, strictly increasing.
    pub(super) times: Vec<f64>,
    /// The values of each member; NaN is a gap.
    pub(super) values: Vec<Vec<f64>>,
}

/// The text of a data file, with its header and the columns to read.
#[derive(Clone, Copy)]
struct Source<'a> {
    text: &'a str,
    header: &'a Header,
    columns: &'a Columns,
}

/// The place of an error in a row.
#[derive(Clone, Copy)]
enum Place {
    Row,
    Cell(usize),
}

impl Rows {
    /// Reads all rows.
    pub(super) fn read(text: &str, header: &Header, columns: &Columns) -> Result<Self, KeyError> {
        let mut rows = Self { times: Vec::new(), values: vec![Vec::new(); columns.members.len()] };
        let source = Source { text, header, columns };
        let mut reader = reader(&text[header.end..], header.delimiter);
        let mut record = ByteRecord::new();
        // A reader of a text in memory does not fail.
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            let is_blank = record.len() == 1 && content(&record, 0).is_empty();
            if !is_blank {
                rows.push(source, &record)?;
            }
        }
        if rows.times.is_empty() {
            let help = "write a line of values for each time below the header";
            return Err(KeyError::file("file", header.bytes(), "the file has no row", help));
        }
        Ok(rows)
    }

    /// Adds one row.
    fn push(&mut self, source: Source, record: &ByteRecord) -> Result<(), KeyError> {
        source.check_length(record)?;
        let time = source.time(record, self.times.last().copied())?;
        self.times.push(time);
        for (values, (_, column)) in self.values.iter_mut().zip(&source.columns.members) {
            values.push(source.number(record, *column)?);
        }
        Ok(())
    }
}

impl Source<'_> {
    /// Checks that a row has a cell for each column.
    fn check_length(self, record: &ByteRecord) -> Result<(), KeyError> {
        let (found, expected) = (record.len(), self.header.names.len());
        if found == expected {
            return Ok(());
        }
        let cells = if found == 1 { "cell" } else { "cells" };
        let message = format!("the row has {found} {cells}, and the header has {expected}");
        let help = if found < expected {
            "write a cell for each column, empty for a gap"
        } else {
            "write one cell for each column, with a point in decimal numbers"
        };
        Err(self.error(record, Place::Row, message, help))
    }

    /// The time of a row, which comes after that of the row before.
    fn time(self, record: &ByteRecord, before: Option<f64>) -> Result<f64, KeyError> {
        let column = self.columns.time;
        let time = self.number(record, column)?;
        let name = shown(&self.header.names[column]);
        let error = |message: String, help: &str| Err(self.error(record, Place::Cell(column), message, help));
        match before {
            _ if time.is_nan() => {
                error(format!("the row has no value of `{name}`"), "write the value, or remove the row")
            }
            Some(before) if before >= time => error(
                format!("`{name}` does not increase: {time} follows {before}"),
                "sort the rows, and keep one row for each time",
            ),
            _ => Ok(time),
        }
    }

    /// The number in a cell.
    fn number(self, record: &ByteRecord, column: usize) -> Result<f64, KeyError> {
        number(content(record, column))
            .map_err(|CellError { message, help }| self.error(record, Place::Cell(column), message, &help))
    }

    /// An error about a row or a cell of it.
    fn error(self, record: &ByteRecord, place: Place, message: String, help: &str) -> KeyError {
        let position = record.position().map_or(0, |position| position.byte() as usize);
        let written = WrittenRecord::find(self.text, self.header.end + position, self.header.delimiter);
        if let Some(quote) = written.open_quote {
            return open_quote(quote);
        }
        let bytes = match place {
            Place::Row => written.bytes(),
            Place::Cell(column) => written.cells.get(column).cloned().unwrap_or_else(|| written.bytes()),
        };
        KeyError::file("file", bytes, message, help)
    }
}
