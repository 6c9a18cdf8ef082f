//! Parses TOML text to a [`Node`] and explains TOML syntax errors.
//!
//! The `toml` crate finds the errors, but its messages are about grammar. Most errors in scenes are LaTeX in double quotes,
//! text without quotes, and unclosed quotes or brackets. These are recognized and answered with what to write.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::diagnostic::Diagnostic;
use super::source::{FileId, Origin, Sources};
use super::source_string::SourceString;
use super::tree::{Entry, Node, TomlTable, Value};
use crate::suggest::quoted;

/// Parses a whole file.
///
/// # Errors
/// The first syntax error.
///
/// # Panics
/// `file` is not in `sources`.
pub fn parse(sources: &Sources, file: FileId) -> Result<Node, Diagnostic> {
    let text = sources.get(file).text();
    let parser = TomlParser { text, file, offset: 0 };
    match DeTable::parse(text) {
        Ok(table) => parser.node(table.span(), &DeValue::Table(table.into_inner())),
        Err(error) => Err(parser.explain(&error)),
    }
}

/// Parses one value, at the bytes `range` of `file`, without white space around it.
///
/// # Errors
/// The first syntax error.
///
/// # Panics
/// `file` is not in `sources`, or `range` is outside the file.
pub fn parse_value(sources: &Sources, file: FileId, range: Range<usize>) -> Result<Node, Diagnostic> {
    let text = sources.get(file).text();
    let parser = TomlParser { text, file, offset: range.start };
    match DeValue::parse(&text[range]) {
        Ok(value) => parser.node(value.span(), value.get_ref()),
        Err(error) => Err(parser.explain(&error)),
    }
}

/// Parses the part of `text` that begins at `offset`.
#[derive(Clone, Copy)]
struct TomlParser<'a> {
    text: &'a str,
    file: FileId,
    offset: usize,
}

impl TomlParser<'_> {
    fn origin(self, span: Range<usize>) -> Origin {
        Origin::new(self.file, span.start + self.offset..span.end + self.offset)
    }

    fn node(self, span: Range<usize>, value: &DeValue<'_>) -> Result<Node, Diagnostic> {
        let origin = self.origin(span);
        let value = match value {
            DeValue::String(value) => Value::String(SourceString::from_literal(value, self.text, origin)),
            DeValue::Integer(digits) => Value::Integer(
                i64::from_str_radix(digits.as_str(), digits.radix()).map_err(|_| too_large(origin))?,
            ),
            DeValue::Float(digits) => Value::Float(float(digits.as_str()).ok_or_else(|| too_large(origin))?),
            DeValue::Boolean(value) => Value::Bool(*value),
            DeValue::Datetime(_) => Value::Datetime,
            DeValue::Array(items) => Value::Array(
                items.iter().map(|item| self.node(item.span(), item.get_ref())).collect::<Result<_, _>>()?,
            ),
            DeValue::Table(table) => Value::Table(self.table(table)?),
        };
        Ok(Node { origin, value })
    }

    fn table(self, table: &DeTable<'_>) -> Result<TomlTable, Diagnostic> {
        let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let key: &Spanned<std::borrow::Cow<'_, str>> = key;
            Ok(Entry {
                key: key.get_ref().to_string(),
                key_origin: self.origin(key.span()),
                node: self.node(value.span(), value.get_ref())?,
            })
        };
        table.iter().map(entry).collect()
    }

    /// Rewrites an error of the `toml` crate for authors of scenes.
    fn explain(self, error: &Error) -> Diagnostic {
        let span = error.span().unwrap_or(0..0);
        let at = span.start + self.offset..span.end + self.offset;
        let found = self.text.get(at.clone()).unwrap_or_default();
        let message = error.message();
        let diagnostic = |message: &str, help: &str| Diagnostic::new(message).help(help);
        let explained = match message.split(", expected").next().unwrap_or(message) {
            it if it.starts_with("missing escaped value") || it.contains("unicode value") => {
                return self.bad_escape(at.start);
            }
            "duplicate key" => diagnostic(
                &format!("`{found}` is written a second time"),
                "a key or a [table] stands once: merge the two, or drop one",
            ),
            "string values must be quoted" => unquoted(found),
            "unexpected key or value" => self.trailing(at.start),
            "key with no value" | "unexpected content" => return self.no_value(at),
            "missing comma between array elements" => return self.no_comma(at),
            "invalid unquoted key" | "unquoted keys cannot be empty" => diagnostic(
                "this is not a key",
                "a key holds letters of a to z, digits, `-` and `_`; others want quotes",
            ),
            "invalid boolean" => {
                diagnostic(&format!("`{found}` is not a TOML value"), "write `true` or `false`")
            }
            "unexpected leading zero" | "invalid fraction" | "invalid mantissa" | "invalid float" => {
                diagnostic("this is not a number as TOML writes them", "write 0.5, 12.0, 1e-3, inf")
            }
            "unclosed array" => {
                diagnostic("this list is not closed", "end it with `]`, its values separated by commas")
            }
            "unclosed inline table" => {
                diagnostic("this table is not closed", "end it with `}` on the same line")
            }
            "unclosed table" | "unclosed array table" => {
                diagnostic("this table's name is not closed", "write [name] or [[name]]")
            }
            "invalid basic string" | "invalid multi-line basic string" => diagnostic(
                "this string is not closed",
                "end it with the quotes it began with, on the same line for \"…\"",
            ),
            "invalid literal string" | "invalid multi-line literal string" => diagnostic(
                "this string is not closed, or holds a control character",
                "end it with the quotes it began with; a text with an apostrophe goes between '''…'''",
            ),
            it if it.starts_with("cannot extend value") => diagnostic(
                &format!("`{found}` has a value already and is not a table"),
                "give it a value or keys of its own, not both",
            ),
            _ => Diagnostic::new(format!("not TOML: {message}")),
        };
        explained.at(Origin::new(self.file, at))
    }

    /// The error of an unknown escape in a double-quoted string, which is nearly always LaTeX.
    fn bad_escape(self, at: usize) -> Diagnostic {
        let line_start = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let start = self.text[line_start..at].rfind('\\').map_or(at, |backslash| line_start + backslash);
        let command = |c: char| c.is_ascii_alphabetic();
        let end = start + 1 + self.text[start..].chars().skip(1).take_while(|&c| command(c)).count();
        let written = self.text.get(start..end).unwrap_or_default();
        let help = match self.double_quoted_around(start) {
            Some(inner) => {
                format!("use single quotes, where a backslash is itself: {}", single_quoted(&inner))
            }
            None => "use single quotes, where a backslash is itself".to_owned(),
        };
        Diagnostic::new(format!("`{written}` means nothing to TOML in double quotes"))
            .at(Origin::new(self.file, start..end.min(self.text.len())))
            .help(help)
    }

    /// The probably intended value of the one-line string `"…"` around the byte `at`.
    fn double_quoted_around(self, at: usize) -> Option<String> {
        let line_start = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let open = quotes(&self.text[line_start..at]).last()? + line_start + 1;
        let line = self.text[open..].lines().next()?;
        let inner = &line[..quotes(line).next()?];
        Some(inner.replace("\\\\", "\\").replace("\\\"", "\""))
    }

    /// The error of text after a complete value.
    fn trailing(self, at: usize) -> Diagnostic {
        let before = self.text[..at].trim_end();
        let rest = self.text[at..].lines().next().unwrap_or_default();
        let help = if rest.starts_with(',') {
            "one `key = value` a line; decimals take a point, lists brackets"
        } else if before.ends_with('\'') {
            "a text with an apostrophe goes between '''…'''"
        } else if before.ends_with('"') {
            "a text with double quotes goes between single ones, '…'"
        } else {
            "one `key = value` a line"
        };
        Diagnostic::new(format!("{} follows a complete value", quoted(rest))).help(help)
    }

    /// The error of a key without ` = value`.
    fn no_value(self, at: Range<usize>) -> Diagnostic {
        let line_start = self.text[..at.start].rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.text[line_start..].lines().next().unwrap_or_default();
        if let Some((key, value)) = line.split_once(':').filter(|(key, _)| is_bare_key(key.trim())) {
            let colon = line_start + key.len();
            return Diagnostic::new("a key and its value are joined by `=`")
                .at(Origin::new(self.file, colon..colon + 1))
                .help(format!("write `{} = {}`", key.trim(), value.trim()));
        }
        let key = self.text[line_start..at.start].trim();
        Diagnostic::new("a value is missing")
            .at(Origin::new(self.file, at))
            .help(format!("write `{key} = …`"))
    }

    /// The error of a missing comma in a list. If a `[` at the beginning of a line follows, the list was not closed before
    /// it.
    fn no_comma(self, at: Range<usize>) -> Diagnostic {
        let (before, rest) = self.text.split_at(at.start);
        let next_table = rest.starts_with('[') && before.trim_end_matches([' ', '\t']).ends_with('\n');
        match before.rfind('[').filter(|_| next_table) {
            Some(open) => Diagnostic::new("this list is not closed")
                .at(Origin::new(self.file, open..open + 1))
                .help("end it with `]`, its values separated by commas"),
            None => Diagnostic::new("a comma is missing before this")
                .at(Origin::new(self.file, at))
                .help("the values of a list are separated by commas"),
        }
    }
}

fn too_large(origin: Origin) -> Diagnostic {
    Diagnostic::new("this number is too large").at(origin).help("numbers reach to about 1.8e308")
}

/// Parses a TOML float. Returns `None` if it overflows and is not written as `inf`.
fn float(digits: &str) -> Option<f64> {
    let value: f64 = digits.parse().ok()?;
    (!value.is_infinite() || digits.ends_with("inf")).then_some(value)
}

/// The error of a value that does not begin like a TOML value.
fn unquoted(found: &str) -> Diagnostic {
    if found.is_empty() {
        return Diagnostic::new("a value is missing").help("write `key = value`");
    }
    let message = format!("{} is not a TOML value", quoted(found));
    let words: Vec<&str> = found.split_whitespace().collect();
    if words.len() > 1 && words.iter().all(|word| word.parse::<f64>().is_ok()) {
        return Diagnostic::new(message).help(format!("separate values by commas: {}", words.join(", ")));
    }
    Diagnostic::new(message)
        .help(format!("texts and expressions stand in quotes: {}", single_quoted(found.trim_end())))
}

/// `text` as a literal TOML string, in which a backslash is not an escape.
#[must_use]
pub fn single_quoted(text: &str) -> String {
    let quote = if text.contains('\'') { "'''" } else { "'" };
    format!("{quote}{text}{quote}")
}

/// Whether TOML accepts `name` as a key without quotes.
#[must_use]
pub fn is_bare_key(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// The offsets of the double quotes in `text` that no backslash escapes.
fn quotes(text: &str) -> impl Iterator<Item = usize> {
    let mut escaped = false;
    text.char_indices().filter_map(move |(at, c)| {
        let quote = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        quote.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error in `text`: the marked text, the message and the help.
    fn error_in(text: &str) -> (String, String, String) {
        let mut sources = Sources::new();
        let file = sources.add("a.toml", text);
        let found = parse(&sources, file).expect_err(text);
        let origin = found.origin.expect("an error with a position");
        (sources.excerpt(origin).to_owned(), found.message, found.help.unwrap_or_default())
    }

    #[test]
    fn latex_in_double_quotes_suggests_single_quotes() {
        for (text, marked, remedy) in [
            (r#"label = "$\omega_0$""#, r"\omega", r"'$\omega_0$'"),
            (r#"label = "$\xi$ \\ \"a\" ""#, r"\xi", r#"'$\xi$ \ "a" '"#),
            (r#"label = "l'élan $\upsilon$""#, r"\upsilon", r"'''l'élan $\upsilon$'''"),
            (r#"draw = [{ text = "b" }, { text = "\theta\gamma" }]"#, r"\gamma", r"'\theta\gamma'"),
        ] {
            let (found, message, help) = error_in(text);
            assert_eq!(found, marked, "{text}");
            assert!(message.contains("double quotes"), "{message}");
            assert!(help.contains("single quotes") && help.ends_with(remedy), "{help}");
        }
    }

    #[test]
    fn common_errors_have_a_remedy() {
        for (text, message, help) in [
            ("k = 1\nk = 2", "`k` is written a second time", "stands once"),
            ("[a]\n[a]", "`a` is written a second time", "[table]"),
            ("k = 'abc\nm = 1", "not closed", "'''"),
            ("k = \"abc\nm = 1", "not closed", "quotes it began with"),
            ("k = [1, 2", "list is not closed", "`]`"),
            ("k = {a = 1", "table is not closed", "`}`"),
            ("[a", "name is not closed", "[name]"),
            ("k = 2*m", "\"2*m\" is not a TOML value", "'2*m'"),
            ("k = [1 2]", "is not a TOML value", "commas: 1, 2"),
            ("k =", "a value is missing", "key = value"),
            ("k", "a value is missing", "`k = …`"),
            ("k : 1", "joined by `=`", "`k = 1`"),
            ("k = [1, 2\n\n[a]", "list is not closed", "`]`"),
            ("k = ['a' 'b']", "a comma is missing", "commas"),
            ("k = 1,5", "\",5\" follows", "point"),
            ("k = 'l'a'", "follows", "'''"),
            ("k = True", "`True`", "`true`"),
            ("ω = 1", "not a key", "quotes"),
            ("k = .5", "not a number", "0.5"),
            ("k = 1\nk.a = 2", "has a value already", "not both"),
            ("k = 99999999999999999999", "too large", "1.8e308"),
            ("k = 1e999", "too large", "1.8e308"),
        ] {
            let (_, found, remedy) = error_in(text);
            assert!(found.contains(message), "{text}: {found}");
            assert!(remedy.contains(help), "{text}: {remedy}");
        }
    }

    #[test]
    fn values_have_positions_and_keep_the_order_of_the_file() {
        let text = "z = -0x1F\nb = { y = 1_000, x = 2.5e-3 }\n[[p.draw]]\nc = 'é'\n[[p.draw]]\nd = -inf\n";
        let mut sources = Sources::new();
        let file = sources.add("a.toml", text.replace("-0x1F", "0x1F"));
        let tree = parse(&sources, file).unwrap();
        let root = tree.as_table().unwrap();
        let keys: Vec<_> = root.entries().iter().map(|it| it.key.as_str()).collect();
        assert_eq!(keys, ["z", "b", "p"]);
        assert_eq!(root.get("z").unwrap().node.value, Value::Integer(31));
        let b = root.get("b").unwrap().node.as_table().unwrap();
        assert_eq!(b.entries().iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["y", "x"]);
        assert_eq!(b.get("y").unwrap().node.value, Value::Integer(1000));
        assert_eq!(sources.excerpt(b.get("x").unwrap().node.origin), "2.5e-3");
        let draw = &root.get("p").unwrap().node.as_table().unwrap().get("draw").unwrap().node;
        let Value::Array(items) = &draw.value else { panic!("{draw:?}") };
        assert_eq!(
            items[1].as_table().unwrap().get("d").unwrap().node.value,
            Value::Float(f64::NEG_INFINITY)
        );
        assert_eq!(sources.excerpt(items[0].as_table().unwrap().get("c").unwrap().key_origin), "c");
    }

    #[test]
    fn a_single_value_has_positions_in_the_whole_text() {
        let mut sources = Sources::new();
        let file = sources.add("--set", "k=[1, 'a']");
        let node = parse_value(&sources, file, 2..10).unwrap();
        let Value::Array(items) = &node.value else { panic!("{node:?}") };
        assert_eq!(sources.excerpt(node.origin), "[1, 'a']");
        assert_eq!(sources.excerpt(items[1].origin), "'a'");
        assert!(parse_value(&sources, file, 2..9).is_err());
    }

    #[test]
    fn truncated_and_mangled_files_never_panic() {
        let text = r#"label = "a\t$\u03b2$" # c
k = [1, { a = 'é', "b c" = """x\
  y""" }]
[[p.draw]]
d = 2024-01-01"#;
        let bounds: Vec<usize> = (0..text.len()).filter(|&at| text.is_char_boundary(at)).collect();
        let mut refused = 0;
        for &cut in &bounds {
            for mangled in [text[..cut].to_owned(), text[cut..].to_owned()].into_iter().chain(
                ["\\", "\"", "'", "{", "\r", "é"].map(|it| format!("{}{it}{}", &text[..cut], &text[cut..])),
            ) {
                let mut sources = Sources::new();
                let file = sources.add("a.toml", mangled);
                if let Err(found) = parse(&sources, file) {
                    refused += 1;
                    let error = super::super::diagnostic::SceneError::new(found, sources);
                    assert!(error.to_string().starts_with("a.toml:"));
                }
            }
        }
        assert!(refused > bounds.len());
    }
}
