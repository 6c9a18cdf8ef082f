//! A CSV file as columns: a header of keys, then a row a scene.
//!
//! Fields stand between commas; in double quotes a field may hold commas, line breaks and, doubled, quotes. Empty lines
//! are left out. Each field keeps its place, for whoever finds fault with it later.

use std::ops::Range;

use super::parameter::{Mistake, Parameter, Value};

/// The columns, all equally long.
///
/// # Errors
/// A quote left open, a row that is longer or shorter than the header, a field or a key without anything in it, no
/// rows at all.
pub(super) fn columns(text: &str) -> Result<Vec<Parameter>, Mistake> {
    let mut rows = rows(text)?.into_iter();
    let header = rows.next().ok_or_else(|| empty("the file is empty", 0..text.len()))?;
    if let Some(key) = header.fields.iter().find(|key| key.value.is_empty()) {
        let help = "give each column the name of a param (zeta), or of any key (canvas.font-size)";
        return Err(key.mistake("a column has no key", help));
    }
    if let [key] = header.fields.as_slice()
        && key.value.contains([';', '\t'])
    {
        return Err(key.mistake("the file has one column", "write commas between its fields"));
    }
    let mut columns: Vec<Vec<Value>> = vec![Vec::new(); header.fields.len()];
    for row in rows {
        row.check(columns.len())?;
        columns.iter_mut().zip(row.fields).for_each(|(column, cell)| column.push(cell));
    }
    if columns.iter().all(Vec::is_empty) {
        return Err(empty("the file has no row below its header", header.place));
    }
    Ok(header.fields.into_iter().zip(columns).map(|(key, values)| Parameter::new(key, values)).collect())
}

fn empty(message: &str, place: Range<usize>) -> Mistake {
    Mistake::new(message, "write a line of keys (zeta,k), then a line of values a scene (0.1,20)", place)
}

/// One row of the file: its fields, and its place in the text.
struct Row {
    fields: Vec<Value>,
    place: Range<usize>,
}

/// All rows that hold anything; lines of white space are left out.
fn rows(text: &str) -> Result<Vec<Row>, Mistake> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|error| Mistake::new(error.to_string(), "write the file as CSV", 0..0))?;
        let row = Row::locate(&record, text)?;
        if !text[row.place.clone()].trim().is_empty() {
            rows.push(row);
        }
    }
    Ok(rows)
}

impl Row {
    /// Finds the fields of a record in the text, since the reader tells only where the record begins. The reader also
    /// accepts quotes that are wrong and guesses what they mean; here they are errors.
    fn locate(record: &csv::StringRecord, text: &str) -> Result<Self, Mistake> {
        let position = record.position().map_or(0, |position| position.byte() as usize);
        // The reader counts the line breaks before a record as its own.
        let start = text.len() - text[position..].trim_start_matches(['\r', '\n']).len();
        let (mut fields, mut end) = (Vec::new(), start);
        for field in record {
            let at = if fields.is_empty() { start } else { end + 1 };
            let rest = text.get(at..).unwrap_or_default();
            let quoted = format!("\"{}\"", field.replace('"', "\"\""));
            let written = if rest.starts_with('"') { &quoted } else { field };
            if !rest
                .strip_prefix(written)
                .is_some_and(|it| it.is_empty() || it.starts_with([',', '\r', '\n']))
            {
                let unclosed = quoted.strip_suffix('"') == Some(rest);
                let why =
                    if unclosed { "this quote is not closed" } else { "text follows the closing quote" };
                let help = "put the whole field in quotes, and write each quote inside it twice";
                return Err(Mistake::new(why, help, at..at + 1));
            }
            end = at + written.len();
            fields.push(Value::field(field, at..end));
        }
        Ok(Self { fields, place: start..end })
    }

    /// Refuses a row that does not have a value for each column.
    fn check(&self, columns: usize) -> Result<(), Mistake> {
        let found = self.fields.len();
        if found != columns {
            let why = format!("this row has {found} fields, and the header has {columns}");
            let help = "write a value for each key; one with commas in quotes";
            return Err(Mistake::new(why, help, self.place.clone()));
        }
        match self.fields.iter().find(|field| field.value.is_empty()) {
            Some(field) => {
                Err(field.mistake("a value is missing", "write it, or leave the row or column out"))
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parameter::Sweep;

    fn read(text: &str) -> Vec<Vec<String>> {
        let columns = super::columns(text).unwrap_or_else(|it| panic!("{text}: {it:?}"));
        let column = |it: super::Parameter| {
            [it.key].into_iter().chain(it.values).map(|cell| cell.value).collect::<Vec<_>>()
        };
        columns.into_iter().map(column).collect()
    }

    #[test]
    fn fields_are_what_a_spreadsheet_wrote() {
        let expected = [["zeta", "0.1", "2"], ["canvas.theme", "dark", "print"]];
        for text in [
            "zeta,canvas.theme\n0.1,dark\n2,print\n",
            "zeta,canvas.theme\r\n0.1,dark\r\n2,print",
            "\n zeta , \"canvas.theme\"\n0.1,dark\n\n2, print \n\n".replace(", \"", ",\"").as_str(),
            "\"zeta\",\"canvas.theme\"\r\n\"0.1\",\"dark\"\r\n\"2\",\"print\"\r\n",
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
        assert_eq!(read("alt\n\"a, \"\"b\"\"\nc\"\nd\n"), [["alt", "a, \"b\"\nc", "d"]]);
        assert_eq!(read("é\nβ\n"), [["é", "β"]]);
        assert_eq!(read("k\n\n\"\"\"\"\n \t\n1\"2\n"), [["k", "\"", "1\"2"]]);
    }

    #[test]
    fn mistakes_are_told_by_line_and_column() {
        for (text, message, line, column) in [
            ("", "is empty", 1, 1),
            ("\n\n", "is empty", 1, 1),
            ("zeta,k\n", "no row below", 1, 1),
            ("zeta,\n1,2\n", "no key", 1, 6),
            ("zeta;k\n1;2\n", "one column", 1, 1),
            ("zeta,k\n1,2\n3\n", "has 1 fields, and the header has 2", 3, 1),
            ("zeta,k\n1,2,3\n", "has 3 fields", 2, 1),
            ("zeta,k\n1,\n", "a value is missing", 2, 3),
            ("zeta,k\n1,\"2\n", "not closed", 2, 3),
            ("zeta,k\n1,\"2\"\"\n", "not closed", 2, 3),
            ("zeta,k\n1,\"2\"3\"\n", "text follows", 2, 3),
            ("zeta,k\n1,\"2\",3\n", "has 3 fields", 2, 1),
            ("\n\nzeta,k\n\n \n\"1\n\",\"é,\"\n3\n", "has 1 fields", 8, 1),
            ("zeta,k\n1,2\n\n\"é\"\"é\",\n", "a value is missing", 4, 8),
            ("zeta,k\n1,\"2\"3\n", "text follows", 2, 3),
        ] {
            for text in [text.to_owned(), format!("\u{feff}{text}"), text.replace('\n', "\r\n")] {
                let (found, sources) = Sweep::from_csv("a.csv", text.clone()).expect_err(&text);
                assert!(found.message.contains(message), "{text:?}: {}", found.message);
                let place = sources.position(found.origin.expect("a place"));
                assert_eq!((place.line, place.column), (line, column), "{text:?}");
                assert!(found.help.is_some());
            }
        }
    }
}
