//! The header of a CSV file: the names of the columns, and the character that separates cells.
//!
//! Lines that begin with `#` are comments. Where the first other line has numbers, the last comment before it that has
//! several columns is the header: `numpy.savetxt` writes it so.

use std::ops::Range;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::KeyError;
use super::number::number;
use super::record::{WrittenRecord, cell_end, content};

/// The characters that can separate cells. The first of them in the header separates the cells of the file.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The names of the columns.
pub(super) struct Header {
    /// The names without spaces around them. There are two at least.
    pub(super) names: Vec<String>,
    /// The bytes of each name.
    pub(super) cells: Vec<Range<usize>>,
    /// The character between two cells.
    pub(super) delimiter: u8,
    /// The first byte behind the header.
    pub(super) end: usize,
}

impl Header {
    /// Reads the header of a file.
    pub(super) fn read(text: &str) -> Result<Self, KeyError> {
        let start = find(text)?;
        let delimiter = delimiter(text, start);
        let mut reader = reader(&text[start..], delimiter);
        let mut record = ByteRecord::new();
        // A reader of a text in memory does not fail.
        let _ = reader.read_byte_record(&mut record);
        let written = WrittenRecord::find(text, start, delimiter);
        if let Some(quote) = written.open_quote {
            return Err(open_quote(quote));
        }
        if record.len() < 2 {
            let help = "separate the columns by commas, semicolons or tabs: t,x";
            return Err(KeyError::file("file", written.bytes(), "the file has one column", help));
        }
        let names = (0..record.len()).map(|column| content(&record, column).to_owned()).collect();
        let end = start + reader.position().byte() as usize;
        Ok(Self { names, cells: written.cells, delimiter, end })
    }

    /// The bytes from the first name to the last.
    pub(super) fn bytes(&self) -> Range<usize> {
        self.cells[0].start..self.cells[self.cells.len() - 1].end
    }
}

/// A reader of records that may differ in length.
pub(super) fn reader(text: &str, delimiter: u8) -> Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).comment(Some(b'#')).delimiter(delimiter);
    builder.from_reader(text.as_bytes())
}

/// The error for a quote that is never closed.
pub(super) fn open_quote(at: usize) -> KeyError {
    KeyError::file(
        "file",
        at..at + 1,
        "the quote is not closed",
        "write a second quote at the end of the cell",
    )
}

/// The first byte of the header, behind the `#` of a comment.
fn find(text: &str) -> Result<usize, KeyError> {
    let (mut at, mut comment) = (if text.starts_with('\u{feff}') { 3 } else { 0 }, None);
    for line in text[at..].split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.starts_with('#') {
            let name = line.trim_start_matches(['#', ' ']);
            let has_columns = name.contains(DELIMITERS.map(char::from));
            comment = if has_columns { Some(at - name.len()) } else { comment };
        } else if has_numbers_only(line) {
            let help = "write the names of the columns in a line above: t,x";
            let bytes = start..start + line.trim_end().len();
            return comment.ok_or_else(|| KeyError::file("file", bytes, "the file has no header", help));
        } else if !line.trim().is_empty() {
            return Ok(start);
        }
    }
    let help = "write the names of the columns, such as t,x, and below them a line of values for each time";
    comment.ok_or_else(|| KeyError::file("file", 0..text.len(), "the file is empty", help))
}

/// Whether a line has a number, and in every cell a number or nothing.
fn has_numbers_only(line: &str) -> bool {
    let cells = || line.split(DELIMITERS.map(char::from)).map(|cell| cell.trim().trim_matches('"'));
    let is_number = |cell: &str| number(cell).is_ok_and(|value| !value.is_nan());
    cells().any(is_number) && cells().all(|cell| number(cell).is_ok())
}

/// The character between the cells of the record that starts at a byte; a comma if there is one cell.
fn delimiter(text: &str, start: usize) -> u8 {
    let is_used = |delimiter: &u8| {
        let (end, _) = cell_end(text.as_bytes(), start, *delimiter);
        text.as_bytes().get(end) == Some(delimiter)
    };
    DELIMITERS.into_iter().find(is_used).unwrap_or(b',')
}
