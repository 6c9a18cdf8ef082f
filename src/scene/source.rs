//! The texts a scene is read from, and positions in them.
//!
//! Every value carries an [`Origin`]: a file and a range of its bytes. Lines and columns are computed only for messages;
//! both count from 1, and columns count characters.

use std::ops::Range;

/// The name of text from standard input in messages.
pub const STDIN: &str = "<stdin>";
/// The name of a `--set KEY=VALUE` in messages; its text is `KEY=VALUE`.
pub const OVERRIDE: &str = "--set";

/// The index of a text in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// A range of bytes in one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The text.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte; equal to `start` for a position between two characters.
    pub end: u32,
}

impl Origin {
    /// The bytes `range` of `file`. Offsets beyond 4 GiB are clamped, which affects only messages.
    #[must_use]
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self { file, start: offset(range.start), end: offset(range.end) }
    }

    /// The range of bytes, for slicing.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A line and a column, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

/// A text and its name.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
}

impl Source {
    /// The name in messages: a path, [`STDIN`] or [`OVERRIDE`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, without a byte order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and column of the byte `offset`; an offset beyond the end counts as the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }

    /// The bytes of the line that holds `offset`, without its line break (`\n` or `\r\n`).
    #[must_use]
    pub fn line_range(&self, offset: usize) -> Range<usize> {
        let offset = self.text.floor_char_boundary(offset);
        let start = self.text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.text[start..].split('\n').next().unwrap_or_default();
        start..start + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// The line that holds `offset`, without its line break.
    #[must_use]
    pub fn line(&self, offset: usize) -> &str {
        &self.text[self.line_range(offset)]
    }
}

/// All texts that one scene was read from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    data: Vec<FileId>,
    variant: Option<String>,
}

impl Sources {
    /// No texts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text. A byte order mark is dropped, so that column 1 is the first visible character.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        self.files.push(Source { name: name.into(), text });
        FileId(self.files.len() as u32 - 1)
    }

    /// Adds the text of a data file, on which the picture depends as on the scene itself.
    pub fn add_data(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = self.add(name, text);
        self.data.push(id);
        id
    }

    /// The texts of the data files, in the order in which they were read.
    pub fn data(&self) -> impl Iterator<Item = &Source> {
        self.data.iter().map(|id| self.get(*id))
    }

    /// The first text, which is the scene itself; its bases follow.
    #[must_use]
    pub fn first(&self) -> Option<&Source> {
        self.files.first()
    }

    /// The paths of the texts that were read from files: the scene, then its bases.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(Source::name).filter(|name| ![STDIN, OVERRIDE].contains(name))
    }

    /// The same texts, marked as read for a variant of the scene.
    #[must_use]
    pub fn for_variant(self, name: &str) -> Self {
        Self { variant: Some(name.to_owned()), ..self }
    }

    /// The variant that the texts were read for, if the scene has variants.
    #[must_use]
    pub fn variant(&self) -> Option<&str> {
        self.variant.as_deref()
    }

    /// The text with an id.
    ///
    /// # Panics
    /// The id is from other `Sources`.
    #[must_use]
    pub fn get(&self, file: FileId) -> &Source {
        &self.files[file.0 as usize]
    }

    /// The line and column at which `origin` begins.
    ///
    /// # Panics
    /// As [`get`](Self::get).
    #[must_use]
    pub fn position(&self, origin: Origin) -> Position {
        self.get(origin.file).position(origin.start as usize)
    }

    /// The text at `origin`.
    ///
    /// # Panics
    /// As [`get`](Self::get).
    #[must_use]
    pub fn excerpt(&self, origin: Origin) -> &str {
        let text = self.get(origin.file).text();
        let end = text.floor_char_boundary(origin.end as usize);
        &text[text.floor_char_boundary(origin.start as usize).min(end)..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        let mut sources = Sources::new();
        let id = sources.add("a.toml", text);
        sources.get(id).clone()
    }

    #[test]
    fn lines_and_columns_count_from_one_and_by_characters() {
        let source = source("é = 1\r\nβγ = 'x'\n");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position("é = ".len()), Position { line: 1, column: 5 });
        assert_eq!(source.position("é = 1\r\nβγ".len()), Position { line: 2, column: 3 });
        assert_eq!(source.position(usize::MAX), Position { line: 3, column: 1 });
    }

    #[test]
    fn every_offset_is_in_the_line_of_its_position() {
        let text = "a = 1\r\nμ = 'é'\n\nlast";
        let source = source(text);
        for (offset, _) in text.char_indices() {
            let line = source.position(offset).line;
            assert_eq!(source.line(offset), text.lines().nth(line - 1).unwrap(), "at {offset}");
        }
        assert_eq!(source.line(text.len()), "last");
    }

    #[test]
    fn a_byte_order_mark_has_no_column() {
        let source = source("\u{feff}k = 1");
        assert_eq!((source.text(), source.position(4).column), ("k = 1", 5));
    }

    #[test]
    fn excerpts_accept_offsets_inside_characters_and_beyond_the_end() {
        let mut sources = Sources::new();
        let file = sources.add(STDIN, "aé");
        assert_eq!(sources.excerpt(Origin::new(file, 1..3)), "é");
        assert_eq!(sources.excerpt(Origin::new(file, 2..99)), "é");
        assert_eq!(sources.excerpt(Origin { file, start: 9, end: 2 }), "");
    }
}
