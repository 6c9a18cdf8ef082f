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
    let mut rows = Reader { text, at: 0 }.rows()?.into_iter();
    let header = rows.next().ok_or_else(|| empty("the file is empty", 0..text.len()))?;
    if let Some(key) = header.cells.iter().find(|key| key.value.is_empty()) {
        let help = "give each column the name of a param (zeta), or of any key (canvas.font-size)";
        return Err(key.mistake("a column has no key", help));
    }
    if let [key] = header.cells.as_slice()
        && key.value.contains([';', '\t'])
    {
        return Err(key.mistake("the file has one column", "write commas between its fields"));
    }
    let mut columns: Vec<Vec<Value>> = vec![Vec::new(); header.cells.len()];
    for row in rows {
        row.check(columns.len())?;
        columns.iter_mut().zip(row.cells).for_each(|(column, cell)| column.push(cell));
    }
    if columns.iter().all(Vec::is_empty) {
        return Err(empty("the file has no row below its header", header.place));
    }
    Ok(header.cells.into_iter().zip(columns).map(|(key, values)| Parameter::new(key, values)).collect())
}

fn empty(message: &str, place: Range<usize>) -> Mistake {
    Mistake::new(message, "write a line of keys (zeta,k), then a line of values a scene (0.1,20)", place)
}

/// A line, or several where a quoted field goes on.
struct Row {
    cells: Vec<Value>,
    place: Range<usize>,
}

impl Row {
    /// Whether it fits a header of so many columns and says something everywhere.
    fn check(&self, columns: usize) -> Result<(), Mistake> {
        let found = self.cells.len();
        if found != columns {
            let why = format!("this row has {found} fields, and the header has {columns}");
            return Err(Mistake::new(
                why,
                "write a value for each key; one with commas in quotes",
                self.place.clone(),
            ));
        }
        match self.cells.iter().find(|cell| cell.value.is_empty()) {
            Some(cell) => Err(cell.mistake("a value is missing", "write it, or leave the row or column out")),
            None => Ok(()),
        }
    }
}

/// A text and how much of it has been read.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rows(mut self) -> Result<Vec<Row>, Mistake> {
        let mut rows = Vec::new();
        while self.at < self.text.len() {
            let row = self.row()?;
            if !self.text[row.place.clone()].trim().is_empty() {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    fn row(&mut self) -> Result<Row, Mistake> {
        let (start, mut cells) = (self.at, Vec::new());
        loop {
            cells.push(self.field()?);
            let end = self.at;
            if self.take(",") {
                continue;
            }
            let _ = self.take("\r\n") || self.take("\n");
            return Ok(Row { cells, place: start..end });
        }
    }

    /// Whether this comes next; it is then behind us.
    fn take(&mut self, word: &str) -> bool {
        let found = self.text[self.at..].starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// The next field, up to the comma or the end of the line.
    fn field(&mut self) -> Result<Value, Mistake> {
        let start = self.at;
        if self.take("\"") {
            return self.quoted(start);
        }
        let rest = &self.text[start..];
        let length = rest.find([',', '\n']).unwrap_or(rest.len());
        let returned = rest[length..].starts_with('\n') && rest[..length].ends_with('\r');
        self.at += length - usize::from(returned);
        Ok(Value::field(&self.text[start..self.at], start..self.at))
    }

    /// The rest of a field whose quote has just been read.
    fn quoted(&mut self, start: usize) -> Result<Value, Mistake> {
        let mut value = String::new();
        loop {
            let Some(length) = self.text[self.at..].find('"') else {
                let help = "write the closing \", and a quote within it twice";
                return Err(Mistake::new("this quote is not closed", help, start..start + 1));
            };
            value += &self.text[self.at..self.at + length];
            self.at += length + 1;
            if !self.take("\"") {
                break;
            }
            value.push('"');
        }
        let end = self.at;
        let rest = &self.text[end..];
        if rest.is_empty() || rest.starts_with([',', '\n']) || rest.starts_with("\r\n") {
            return Ok(Value::field(&value, start..end));
        }
        let help = "put all of the field in quotes, and write a quote within it twice";
        Err(Mistake::new("a field goes on after its closing quote", help, start..end))
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
            ("zeta,k\n1,\"2\"3\n", "goes on after", 2, 3),
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
