//! Reads the CSV file of `kymo sweep --csv`: a header of keys, then one row for each scene.

use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::source::{FileId, Origin};

use super::parameter::{Parameter, Spanned, check_count};

/// One parameter for each column, and the number of rows.
///
/// # Errors
/// Wrong quotes, an empty key or value, a row that is longer or shorter than the header, no rows or too many.
pub(super) fn parameters(file: FileId, text: &str) -> Result<(Vec<Parameter>, usize), Diagnostic> {
    let mut rows = read_rows(file, text)?.into_iter();
    let header = rows.next().ok_or_else(|| no_rows("the file is empty", Origin::new(file, 0..text.len())))?;
    header.check_keys()?;
    if rows.len() == 0 {
        return Err(no_rows("the file has no row below its header", header.origin));
    }
    check_count(rows.len() as u128, header.origin)?;
    let count = rows.len();
    let parameter = |key| Parameter { key, values: Vec::with_capacity(count) };
    let mut parameters: Vec<Parameter> = header.fields.into_iter().map(parameter).collect();
    for row in rows {
        row.check_values(parameters.len())?;
        parameters.iter_mut().zip(row.fields).for_each(|(parameter, value)| parameter.values.push(value));
    }
    Ok((parameters, count))
}

fn no_rows(message: &str, place: Origin) -> Diagnostic {
    let help = "write a line of keys (zeta,k), then a line of values for each scene (0.1,20)";
    Diagnostic::new(message).at(place).help(help)
}

/// One row of the file; a quoted field may continue it on the next line.
struct Row {
    fields: Vec<Spanned>,
    origin: Origin,
}

/// All rows except blank lines.
fn read_rows(file: FileId, text: &str) -> Result<Vec<Row>, Diagnostic> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| no_rows(&error.to_string(), Origin::new(file, 0..0)))?;
        let row = Row::locate(&record, file, text)?;
        if !text[row.origin.range()].trim().is_empty() {
            rows.push(row);
        }
    }
    Ok(rows)
}

impl Row {
    /// Finds the place of each field. The reader tells only where a record begins, and accepts wrong quotes, which are
    /// errors here.
    fn locate(record: &csv::StringRecord, file: FileId, text: &str) -> Result<Self, Diagnostic> {
        let position = record.position().map_or(0, |position| position.byte() as usize);
        // The position may lie before the line breaks between two records.
        let start = text.len() - text[position..].trim_start_matches(['\r', '\n']).len();
        let (mut fields, mut end) = (Vec::new(), start);
        for field in record {
            let at = if fields.is_empty() { start } else { end + 1 };
            end = at
                + written_length(field, text.get(at..).unwrap_or_default()).map_err(|message| {
                    let help = "put the whole field in quotes, and write each quote inside it twice";
                    Diagnostic::new(message).at(Origin::new(file, at..at + 1)).help(help)
                })?;
            fields.push(Spanned { text: field.trim().to_owned(), origin: Origin::new(file, at..end) });
        }
        Ok(Self { fields, origin: Origin::new(file, start..end) })
    }

    fn check_keys(&self) -> Result<(), Diagnostic> {
        if let Some(key) = self.fields.iter().find(|key| key.text.is_empty()) {
            let help = "give each column the name of a param (zeta), or of any key (canvas.font-size)";
            return Err(key.error("a column has no key", help));
        }
        match self.fields.as_slice() {
            [key] if key.text.contains([';', '\t']) => {
                Err(key.error("the file has one column", "write commas between the fields"))
            }
            _ => Ok(()),
        }
    }

    fn check_values(&self, columns: usize) -> Result<(), Diagnostic> {
        let found = self.fields.len();
        if found != columns {
            let why = format!("this row has {found} fields, and the header has {columns}");
            let help = "write a value for each key, and put a value that has commas in quotes";
            return Err(Diagnostic::new(why).at(self.origin).help(help));
        }
        match self.fields.iter().find(|field| field.text.is_empty()) {
            Some(field) => Err(field.error("a value is missing", "write it, or leave the row or column out")),
            None => Ok(()),
        }
    }
}

/// The length of a field as it is written at the beginning of `rest`: with its quotes, if it has any.
fn written_length(field: &str, rest: &str) -> Result<usize, &'static str> {
    let quoted = format!("\"{}\"", field.replace('"', "\"\""));
    let written = if rest.starts_with('"') { &quoted } else { field };
    match rest.strip_prefix(written) {
        Some(behind) if behind.is_empty() || behind.starts_with([',', '\r', '\n']) => Ok(written.len()),
        _ if quoted.strip_suffix('"') == Some(rest) => Err("this quote is not closed"),
        _ => Err("text follows the closing quote"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::combinations::Sweep;

    fn read(text: &str) -> Vec<Vec<String>> {
        let sweep = Sweep::from_csv("a.csv", text.to_owned())
            .unwrap_or_else(|(error, _)| panic!("{text}: {}", error.first().message));
        let column = |it: super::Parameter| {
            [it.key].into_iter().chain(it.values).map(|field| field.text).collect::<Vec<_>>()
        };
        sweep.parameters.into_iter().map(column).collect()
    }

    #[test]
    fn fields_are_read_as_spreadsheets_write_them() {
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
    fn errors_have_a_line_and_a_column() {
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
                let (error, sources) = Sweep::from_csv("a.csv", text.clone()).expect_err(&text);
                assert!(error.first().message.contains(message), "{text:?}: {}", error.first().message);
                let place = sources.position(error.first().origin.expect("a place"));
                assert_eq!((place.line, place.column), (line, column), "{text:?}");
                assert!(error.first().help.is_some());
            }
        }
    }

    #[test]
    fn every_short_text_is_located_exactly_or_refused() {
        let characters = ['k', '"', ',', '\n', '\r', ' ', 'é', '\u{feff}'];
        for number in 0..characters.len().pow(5) {
            let text: String = (0..5)
                .map(|digit| characters[number / characters.len().pow(digit) % characters.len()])
                .collect();
            match Sweep::from_csv("a.csv", text.clone()) {
                Ok(sweep) => {
                    let (parameter, value) = (&sweep.parameters[0], sweep.value(0, 0));
                    for field in [&parameter.key, value] {
                        let written = &text.strip_prefix('\u{feff}').unwrap_or(&text)[field.origin.range()];
                        let unquoted = written.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
                        let meant = unquoted.map_or(written.to_owned(), |it| it.replace("\"\"", "\""));
                        assert_eq!(meant.trim(), field.text, "{text:?}");
                    }
                }
                Err((error, _)) => {
                    assert!(error.first().origin.is_some() && error.first().help.is_some(), "{text:?}");
                }
            }
        }
    }
}
