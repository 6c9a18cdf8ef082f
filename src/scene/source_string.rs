//! A TOML string that maps each byte of its value to the bytes of the file.
//!
//! Errors in expressions and labels are at offsets in the value of a string. The file has quotes around the value and,
//! in double-quoted strings, escapes in it. So a string is stored as chunks that are either verbatim or a single escape,
//! which maps any range of the value exactly to the file.

use std::ops::Range;

use super::source::{FileId, Origin};

/// The value of a string, with a map from its bytes to the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceString {
    value: String,
    origin: Origin,
    chunks: Vec<Chunk>,
}

/// A range of the value and the range of the file it comes from. A chunk is verbatim if both have the same length; a TOML
/// escape is always longer than its value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chunk {
    value: Range<usize>,
    source: Range<usize>,
}

impl Chunk {
    fn is_verbatim(&self) -> bool {
        self.value.len() == self.source.len()
    }
}

impl SourceString {
    /// The `value` of a quoted TOML string at `origin` in `text`.
    #[must_use]
    pub fn from_literal(value: &str, text: &str, origin: Origin) -> Self {
        let token = text.get(origin.range()).unwrap_or_default();
        let mut chunks = chunks(token);
        for chunk in &mut chunks {
            chunk.source.start += origin.start as usize;
            chunk.source.end += origin.start as usize;
        }
        // If the chunks do not add up to the value, every range maps to the whole string.
        if chunks.last().map_or(0, |last| last.value.end) != value.len() {
            chunks = vec![Chunk { value: 0..value.len(), source: origin.range() }];
        }
        Self { value: value.to_owned(), origin, chunks }
    }

    /// A value without quotes or escapes that begins at the byte `start` of the file.
    #[must_use]
    pub fn verbatim(value: &str, file: FileId, start: usize) -> Self {
        let source = start..start + value.len();
        let origin = Origin::new(file, source.clone());
        Self { value: value.to_owned(), origin, chunks: vec![Chunk { value: 0..value.len(), source }] }
    }

    /// The value.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// The position of the whole string, quotes included.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The position of the bytes `range` of the value in the file. A range that begins or ends inside an escape grows to
    /// the whole escape; a range beyond the value is clipped to its end.
    #[must_use]
    pub fn origin_of(&self, range: Range<usize>) -> Origin {
        let start = self.source_start(range.start);
        let end = if range.is_empty() { start } else { self.source_end(range.end).max(start) };
        Origin::new(self.origin.file, start..end)
    }

    /// Whether the byte at `offset` of the value was written as an escape, such as `\t`.
    #[must_use]
    pub fn is_escape(&self, offset: usize) -> bool {
        self.chunks.iter().any(|it| it.value.contains(&offset) && !it.is_verbatim())
    }

    fn source_start(&self, offset: usize) -> usize {
        match self.chunks.iter().find(|it| offset < it.value.end) {
            Some(it) if it.is_verbatim() => it.source.start + (offset - it.value.start),
            Some(it) => it.source.start,
            None => self.content_end(),
        }
    }

    fn source_end(&self, offset: usize) -> usize {
        match self.chunks.iter().find(|it| offset <= it.value.end) {
            Some(it) if it.is_verbatim() => it.source.start + (offset - it.value.start),
            Some(it) => it.source.end,
            None => self.content_end(),
        }
    }

    /// The end of the last character in the file, before the closing quote.
    fn content_end(&self) -> usize {
        self.chunks.last().map_or(self.origin.start as usize, |last| last.source.end)
    }
}

/// Splits a quoted literal into chunks whose `source` counts from the first byte of the token. An empty string has one
/// empty chunk between its quotes.
fn chunks(token: &str) -> Vec<Chunk> {
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| token.starts_with(quote));
    let Some(quote) = quote.filter(|quote| token.len() >= 2 * quote.len()) else {
        return Vec::new();
    };
    let mut start = quote.len();
    if quote.len() == 3 {
        // TOML drops a line break directly after the opening quotes.
        let inner = &token[start..];
        start += if inner.starts_with("\r\n") { 2 } else { usize::from(inner.starts_with('\n')) };
    }
    let end = (token.len() - quote.len()).max(start);
    if quote.starts_with('\'') {
        return vec![Chunk { value: 0..end - start, source: start..end }];
    }
    basic_chunks(token, start..end)
}

/// The chunks of a double-quoted literal whose content is `range` of `token`.
fn basic_chunks(token: &str, range: Range<usize>) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut value = 0;
    let mut at = range.start;
    loop {
        let plain = token[at..range.end].find('\\').unwrap_or(range.end - at);
        if plain > 0 || (at == range.end && chunks.is_empty()) {
            chunks.push(Chunk { value: value..value + plain, source: at..at + plain });
        }
        value += plain;
        at += plain;
        if at >= range.end {
            return chunks;
        }
        let (written, value_length) = escape(&token[at..range.end]);
        if value_length > 0 {
            chunks.push(Chunk { value: value..value + value_length, source: at..at + written });
        }
        value += value_length;
        at += written;
    }
}

/// The length of the escape at the beginning of `text`, and the length of its value, in bytes.
fn escape(text: &str) -> (usize, usize) {
    let digits = match text.as_bytes().get(1) {
        Some(b'x') => 2,
        Some(b'u') => 4,
        Some(b'U') => 8,
        // A backslash at the end of a line removes all white space up to the next character.
        Some(b' ' | b'\t' | b'\r' | b'\n') => {
            let rest = text[1..].trim_start_matches([' ', '\t', '\r', '\n']);
            return (text.len() - rest.len(), 0);
        }
        _ => return (text.len().min(2), 1),
    };
    let scalar = text.get(2..2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let value_length = scalar.and_then(char::from_u32).map_or(1, char::len_utf8);
    (text.len().min(2 + digits), value_length)
}

#[cfg(test)]
mod tests {
    use super::super::source::Sources;
    use super::super::syntax;
    use super::super::tree::Value;
    use super::*;

    /// The string of `x = LITERAL`, and the sources it points into.
    fn content(literal: &str) -> (SourceString, Sources) {
        let mut sources = Sources::new();
        let file = sources.add("a.toml", format!("x = {literal} # 'end'\n"));
        let tree = syntax::parse(&sources, file).unwrap();
        match &tree.as_table().unwrap().get("x").unwrap().node.value {
            Value::String(content) => (content.clone(), sources),
            other => panic!("{other:?}"),
        }
    }

    const VERBATIM: [&str; 7] = [
        r"'$\omega_0$ é β'",
        r#""t = @{t:.1} s""#,
        "'''it's $x$'''",
        "'''\nline é\n two'''",
        "\"\"\"\r\na\r\nb\"\"\"",
        "''",
        "''''quoted''''",
    ];

    #[test]
    fn ranges_of_strings_without_escapes_map_to_equal_text() {
        for literal in VERBATIM {
            let (content, sources) = content(literal);
            let value = content.as_str().to_owned();
            let bounds: Vec<usize> = (0..=value.len()).filter(|&at| value.is_char_boundary(at)).collect();
            for &start in &bounds {
                for &end in bounds.iter().filter(|&&end| end >= start) {
                    let found = sources.excerpt(content.origin_of(start..end));
                    assert_eq!(found, &value[start..end], "{literal} {start}..{end}");
                }
            }
        }
    }

    #[test]
    fn characters_written_as_escapes_map_to_their_escapes() {
        let written = ["a", r"\t", "é", r"\\", r"\u03b2", "b", r#"\""#, r"\U0001F600", "z", r"\n"];
        for rotation in 0..written.len() {
            let mut written = written;
            written.rotate_left(rotation);
            let (content, sources) = content(&format!("\"{}\"", written.concat()));
            for ((at, c), expected) in content.as_str().char_indices().zip(written) {
                let found = sources.excerpt(content.origin_of(at..at + c.len_utf8()));
                assert_eq!(found, expected, "rotation {rotation}");
                assert_eq!(content.is_escape(at), expected.starts_with('\\'));
            }
            let all = sources.excerpt(content.origin_of(0..content.as_str().len()));
            assert_eq!(all, written.concat());
        }
    }

    #[test]
    fn a_removed_line_break_belongs_to_no_character() {
        let (content, sources) = content("\"\"\"ab\\\n   cd\"\"\"");
        assert_eq!(content.as_str(), "abcd");
        assert_eq!(sources.excerpt(content.origin_of(1..2)), "b");
        assert_eq!(sources.excerpt(content.origin_of(2..3)), "c");
        assert_eq!(sources.excerpt(content.origin_of(1..3)), "b\\\n   c");
    }

    #[test]
    fn the_end_of_the_value_lies_before_the_closing_quote() {
        for literal in VERBATIM.into_iter().chain([r#""""#, r#""a\t""#]) {
            let (content, sources) = content(literal);
            let end = content.as_str().len();
            let origin = content.origin_of(end..end + 5);
            let after = &sources.get(origin.file).text()[origin.start as usize..];
            let quote = &literal[..1];
            assert!(after.trim_start_matches(quote).starts_with(" # 'end'"), "{literal}: {after}");
            assert!(after.starts_with(quote), "{literal}: {after}");
        }
    }
}
