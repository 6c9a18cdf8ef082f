//! Takes a table apart key by key, and refuses what nobody asked for.
//!
//! Code that resolves a scene reads from top to bottom: `let fps = r.opt("fps", ValueReader::float)?`. Each
//! value comes as a [`ValueReader`], which knows its full name (`panels.x.draw[2].width`) and becomes what
//! is asked of it or a [`Diagnostic`] that says what was found and what to write. The keys that were
//! asked for are the known ones: [`TableReader::finish`] reports any other with the nearest of them. Only
//! the first mistake of a scene is told.

use super::diagnostic::Diagnostic;
use super::source::Origin;
use super::suggest::{self, hint, listed};
use super::syntax::is_bare_key;
use super::tree::{Entry, Node, TomlTable, Value};
use super::value_reader::ValueReader;

/// One table being read.
#[derive(Clone, Debug)]
pub struct TableReader<'a> {
    table: &'a TomlTable,
    origin: Origin,
    path: String,
    asked: Vec<&'static str>,
}

/// A value of a table whose keys are names that the author chose, such as `[params]`.
#[derive(Clone, Debug)]
pub struct NamedValue<'a> {
    /// The name.
    pub name: &'a str,
    /// Where the name stands.
    pub name_origin: Origin,
    /// What it names.
    pub item: ValueReader<'a>,
}

impl NamedValue<'_> {
    /// Where the value below some keys stands; where the name does if it is not there.
    pub(super) fn origin_of(&self, keys: &[&str]) -> Origin {
        let mut found = None;
        for key in keys {
            let value = found.map_or(self.item.value(), |node: &Node| &node.value);
            let Value::Table(table) = value else { return self.name_origin };
            let Some(entry) = table.get(key) else { return self.name_origin };
            found = Some(&entry.node);
        }
        found.map_or(self.name_origin, |node| node.origin)
    }
}

impl<'a> TableReader<'a> {
    /// A reader of a whole scene.
    ///
    /// # Errors
    /// If `node` is no table.
    pub fn root(node: &'a Node) -> Result<Self, Diagnostic> {
        ValueReader::new(node, String::new()).table()
    }

    /// A reader of the table that stands at `origin` and goes by the full name `path`.
    pub(super) fn new(table: &'a TomlTable, origin: Origin, path: String) -> Self {
        Self { table, origin, path, asked: Vec::new() }
    }

    /// The table's full name, empty for the scene.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where the table stands.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Whether the key is there. Asking this makes it no known key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// The value of a key that may be left out, as `read` makes it.
    ///
    /// # Errors
    /// What `read` says.
    pub fn opt<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(ValueReader<'a>) -> Result<T, Diagnostic>,
    ) -> Result<Option<T>, Diagnostic> {
        self.asked.push(key);
        self.table.get(key).map(|entry| read(self.item(entry))).transpose()
    }

    /// The value of a key that must be there, as `read` makes it.
    ///
    /// # Errors
    /// The key is missing, or what `read` says.
    pub fn req<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(ValueReader<'a>) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        self.opt(key, read)?.ok_or_else(|| self.missing_key(key, &format!("{key} = …")))
    }

    /// The one of several keys that says what the table is, such as `trace` or `hline`; `what` names
    /// such a thing, as in "an element".
    ///
    /// # Errors
    /// None of the keys, or two.
    pub fn one_of(
        &mut self,
        what: &str,
        keys: &[&'static str],
    ) -> Result<(&'static str, ValueReader<'a>), Diagnostic> {
        let mut found = keys.iter().filter_map(|&key| Some((key, self.table.get(key)?)));
        let Some((key, entry)) = found.next() else {
            return Err(self.none_of(what, keys));
        };
        self.asked.push(key);
        match found.next() {
            None => Ok((key, self.item(entry))),
            Some((other, second)) => {
                Err(Diagnostic::new(format!("`{key}` and `{other}` cannot both be {what}"))
                    .at(second.key_origin)
                    .help("keep one of the two, or write two tables"))
            }
        }
    }

    /// Keys that are reserved. They are refused before anything else is read, since they may give
    /// the other keys another meaning.
    ///
    /// # Errors
    /// The first of them that is there.
    pub fn reject_reserved(&self, keys: &[&str]) -> Result<(), Diagnostic> {
        let Some(entry) = self.table.entries().iter().find(|entry| keys.contains(&entry.key.as_str())) else {
            return Ok(());
        };
        Err(Diagnostic::new(format!("`{}` is not yet built", joined(&self.path, &entry.key)))
            .at(entry.key_origin)
            .help("leave it out for now"))
    }

    /// The refusal of a table without a key that it must have; `example` is what to write.
    #[must_use]
    pub fn missing_key(&self, key: &str, example: &str) -> Diagnostic {
        let diagnostic = Diagnostic::new(format!("{} lacks `{key}`", self.title())).at(self.origin);
        match self.misspelled(&[key]) {
            Some(entry) => diagnostic.at(entry.key_origin).help(format!("did you mean `{key}`?")),
            None => diagnostic.help(format!("write {example}")),
        }
    }

    /// All values of a table whose keys are the author's own names, in order.
    #[must_use]
    pub fn named(self) -> Vec<NamedValue<'a>> {
        let named = |entry: &'a Entry| NamedValue {
            name: &entry.key,
            name_origin: entry.key_origin,
            item: self.item(entry),
        };
        self.table.entries().iter().map(named).collect()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// The first key that was not asked for.
    pub fn finish(self) -> Result<(), Diagnostic> {
        match self.table.entries().iter().find(|entry| !self.asked.contains(&entry.key.as_str())) {
            Some(entry) => Err(self.unknown(entry, &self.asked)),
            None => Ok(()),
        }
    }

    fn item(&self, entry: &'a Entry) -> ValueReader<'a> {
        ValueReader::new(&entry.node, joined(&self.path, &entry.key))
    }

    /// How messages call the table.
    fn title(&self) -> String {
        if self.path.is_empty() { "the scene".to_owned() } else { format!("`{}`", self.path) }
    }

    fn unknown(&self, entry: &Entry, known: &[&str]) -> Diagnostic {
        Diagnostic::new(format!("unknown key `{}` in {}", entry.key, self.title()))
            .at(entry.key_origin)
            .maybe_help(hint(&entry.key, known))
    }

    fn none_of(&self, what: &str, keys: &[&str]) -> Diagnostic {
        match self.misspelled(keys) {
            Some(entry) => self.unknown(entry, keys),
            None => Diagnostic::new(format!("{} is not {what}", self.title()))
                .at(self.origin)
                .help(format!("give it one of {}", listed(keys))),
        }
    }

    /// An entry that looks like one of `keys` misspelt, and is nothing else that was asked for.
    fn misspelled(&self, keys: &[&str]) -> Option<&'a Entry> {
        self.table.entries().iter().find(|entry| {
            !self.asked.contains(&entry.key.as_str())
                && suggest::nearest(&entry.key, keys.iter().copied()).is_some()
        })
    }
}

/// `path.key`, the key quoted where TOML wants it so.
fn joined(path: &str, key: &str) -> String {
    let key = if is_bare_key(key) { key.to_owned() } else { format!("{key:?}") };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}
