//! The places of cells in the text of a CSV file, and their content as messages show it.
//!
//! The reader of the crate `csv` tells where a record begins; the cells within it are found here, and only for an
//! error.

use std::ops::Range;

use csv::ByteRecord;

/// The most characters of a cell that a message shows.
const LONGEST_SHOWN: usize = 40;

/// One record as it is written in the text.
pub(super) struct WrittenRecord {
    /// The bytes of each cell, with its quotes and without spaces around it.
    pub(super) cells: Vec<Range<usize>>,
    /// The place of a quote that is never closed.
    pub(super) open_quote: Option<usize>,
}

impl WrittenRecord {
    /// Finds the cells of the first record at or after the byte `at`, behind line breaks and comments.
    pub(super) fn find(text: &str, at: usize, delimiter: u8) -> Self {
        let mut at = skip_comments(text, at);
        let (mut cells, mut open_quote) = (Vec::new(), None);
        loop {
            let (end, is_closed) = cell_end(text.as_bytes(), at, delimiter);
            open_quote = if is_closed { open_quote } else { Some(at) };
            cells.push(trimmed(text, at..end));
            if text.as_bytes().get(end) != Some(&delimiter) {
                return Self { cells, open_quote };
            }
            at = end + 1;
        }
    }

    /// The bytes from the first cell to the last.
    pub(super) fn bytes(&self) -> Range<usize> {
        self.cells[0].start..self.cells[self.cells.len() - 1].end
    }
}

/// The content of a cell: without spaces around it, nor quotes that follow a space.
pub(super) fn content(record: &ByteRecord, column: usize) -> &str {
    // The bytes come from a string and are cut at ASCII characters.
    let cell = std::str::from_utf8(&record[column]).unwrap_or_default().trim();
    cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).map_or(cell, str::trim)
}

/// A cell for a message, cut short.
pub(super) fn shown(cell: &str) -> String {
    let mut shown: String = cell.chars().take(LONGEST_SHOWN).collect();
    if shown.len() < cell.len() {
        shown.push('…');
    }
    shown
}

/// The start of the record at or after a byte.
fn skip_comments(text: &str, at: usize) -> usize {
    let mut rest = text[at..].trim_start_matches(['\r', '\n']);
    while rest.starts_with('#') {
        let comment = rest.find('\n').unwrap_or(rest.len());
        rest = rest[comment..].trim_start_matches(['\r', '\n']);
    }
    text.len() - rest.len()
}

/// The end of the cell that starts at a byte, and whether its quote is closed.
pub(super) fn cell_end(text: &[u8], start: usize, delimiter: u8) -> (usize, bool) {
    let mut at = start;
    if text.get(start) == Some(&b'"') {
        let Some(quote) = closing_quote(text, start + 1) else { return (text.len(), false) };
        at = quote + 1;
    }
    let is_end = |byte: &u8| *byte == delimiter || matches!(byte, b'\r' | b'\n');
    (text[at..].iter().position(is_end).map_or(text.len(), |length| at + length), true)
}

/// The first quote at or after a byte that is not doubled.
fn closing_quote(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        at += text[at..].iter().position(|byte| *byte == b'"')?;
        if text.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// The same bytes without spaces at either end.
fn trimmed(text: &str, bytes: Range<usize>) -> Range<usize> {
    let cell = &text[bytes.clone()];
    let start = bytes.end - cell.trim_start().len();
    start..start + cell.trim().len()
}

#[cfg(test)]
mod tests {
    use super::super::tests::random_texts;
    use super::*;

    #[test]
    fn cells_are_found_as_they_are_written() {
        let text = "t,x\r\n# a, \"comment\r\n\r\n 1 ,\"a,\n\"\"b\"\"\",é, \n2,3";
        let record = WrittenRecord::find(text, 5, b',');
        let cells: Vec<&str> = record.cells.iter().map(|bytes| &text[bytes.clone()]).collect();
        assert_eq!(cells, ["1", "\"a,\n\"\"b\"\"\"", "é", ""]);
        assert_eq!(&text[record.bytes()], "1 ,\"a,\n\"\"b\"\"\",é, ");
        assert_eq!(record.open_quote, None);
    }

    #[test]
    fn a_quote_that_is_not_closed_is_found() {
        let text = "1,\"2\n3,4\n";
        assert_eq!(WrittenRecord::find(text, 0, b',').open_quote, Some(2));
    }

    #[test]
    fn cells_are_those_of_the_reader() {
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(b';');
        for text in random_texts() {
            for record in builder.from_reader(text.as_bytes()).byte_records() {
                let record = record.expect("a record");
                let start = record.position().map_or(0, |position| position.byte() as usize);
                let written = WrittenRecord::find(&text, start, b';');
                assert_eq!(written.cells.len(), record.len(), "{text:?}");
                for (column, bytes) in written.cells.into_iter().enumerate() {
                    let is_plain = !text[bytes.clone()].contains('"');
                    assert!(!is_plain || text[bytes] == *content(&record, column), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn long_cells_are_cut_short() {
        assert_eq!(shown("abc"), "abc");
        assert_eq!(shown(&"é".repeat(50)), format!("{}…", "é".repeat(40)));
    }
}
