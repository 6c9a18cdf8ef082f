//! Reads a table key by key and reports unknown keys.
//!
//! Callers read keys in order: `let fps = r.opt("fps", ValueReader::float)?`. Each value is a [`ValueReader`] that knows
//! its full name, such as `panels.x.draw[2].width`, and is converted or becomes a [`Diagnostic`]. The known keys are the rows
//! given to [`TableReader::with_keys`], or, without rows, all keys that were read: [`TableReader::finish`] reports any other
//! key and suggests the nearest known one. A key whose value is independent of the others is read with
//! [`TableReader::attempt`], which goes on after an error.

use super::diagnostic::Diagnostic;
use super::errors::Errors;
use super::meant;
use super::source::Origin;
use super::syntax::is_bare_key;
use super::tree::{Entry, Node, TomlTable, Value};
use super::value_reader::ValueReader;
use crate::keys::{KeySpec, KeyType};
use crate::suggest::{self, hint, listed};

/// A table of a scene, to be read key by key.
#[derive(Clone, Debug)]
pub struct TableReader<'a> {
    table: &'a TomlTable,
    origin: Origin,
    path: String,
    /// The names of the rows with their types; empty if the table was read without rows.
    rows: Vec<(&'static str, KeyType)>,
    asked: Vec<&'static str>,
    /// The errors of the scene.
    errors: Errors,
    /// The first error of a value that was attempted.
    failed: Option<Diagnostic>,
}

/// A named value of a table whose keys are chosen by the author, such as `[params]`.
#[derive(Clone, Debug)]
pub struct NamedValue<'a> {
    /// The name.
    pub name: &'a str,
    /// The position of the name.
    pub name_origin: Origin,
    /// The value.
    pub item: ValueReader<'a>,
}

impl NamedValue<'_> {
    /// The position of the value below some keys; the position of the name if there is no such value.
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
    /// `node` is not a table.
    pub fn root(node: &'a Node) -> Result<Self, Diagnostic> {
        Self::root_with(node, Errors::default())
    }

    /// A reader of a whole scene whose errors go to `errors`.
    pub(super) fn root_with(node: &'a Node, errors: Errors) -> Result<Self, Diagnostic> {
        ValueReader::new(node, String::new(), errors).table()
    }

    /// A reader of a table at `origin` whose full name is `path`.
    pub(super) fn new(table: &'a TomlTable, origin: Origin, path: String, errors: Errors) -> Self {
        Self { table, origin, path, rows: Vec::new(), asked: Vec::new(), errors, failed: None }
    }

    /// The errors of the scene.
    pub(super) fn errors(&self) -> &Errors {
        &self.errors
    }

    /// Adds known keys to those that the table has so far. Each must be read before [`finish`](Self::finish).
    #[must_use]
    pub fn with_keys(mut self, keys: &[KeySpec]) -> Self {
        self.add_keys(keys);
        self
    }

    /// As [`with_keys`](Self::with_keys), for keys that follow from the value of another key, such as `kind`.
    pub fn add_keys(&mut self, keys: &[KeySpec]) {
        self.rows.extend(keys.iter().map(|key| (key.name, key.value)));
    }

    /// The type of a known key.
    pub(super) fn key_type(&self, key: &str) -> Option<KeyType> {
        self.rows.iter().find(|(name, _)| *name == key).map(|&(_, value)| value)
    }

    /// The names of the known keys.
    fn known(&self) -> Vec<&'static str> {
        if self.rows.is_empty() {
            self.asked.clone()
        } else {
            self.rows.iter().map(|(name, _)| *name).collect()
        }
    }

    /// Notes that a key is read. A key without a row is a bug of its reader.
    fn ask(&mut self, key: &'static str) {
        debug_assert!(
            self.rows.is_empty() || self.key_type(key).is_some(),
            "`{key}` of {} has no row in its table of keys",
            self.title()
        );
        self.asked.push(key);
    }

    /// The full name of the table; empty for the whole scene.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The position of the table in the file.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Whether the table has a key. The key does not become a known one by this call.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// Reads the value of an optional key with `read`.
    ///
    /// # Errors
    /// The error of `read`.
    pub fn opt<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(ValueReader<'a>) -> Result<T, Diagnostic>,
    ) -> Result<Option<T>, Diagnostic> {
        self.ask(key);
        self.table.get(key).map(|entry| read(self.item(entry))).transpose()
    }

    /// As [`opt`](Self::opt), for a key whose error does not keep the others from being read: the error goes to the
    /// errors of the scene, the key counts as left out, and [`finish`](Self::finish) fails.
    pub fn attempt<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(ValueReader<'a>) -> Result<T, Diagnostic>,
    ) -> Option<T> {
        let result = self.opt(key, read);
        self.note(result)
    }

    /// Takes the value of an attempt. An error goes to the errors of the scene, and [`finish`](Self::finish) fails.
    pub(super) fn note<T>(&mut self, result: Result<Option<T>, Diagnostic>) -> Option<T> {
        self.errors.note(result).unwrap_or_else(|error| {
            self.failed.get_or_insert(error);
            None
        })
    }

    /// Reads the value of a required key with `read`.
    ///
    /// # Errors
    /// The key is missing, or the error of `read`.
    pub fn req<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(ValueReader<'a>) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        self.opt(key, read)?.ok_or_else(|| self.missing_key(key, &format!("{key} = …")))
    }

    /// Finds the only one of several keys that the table has, such as `trace` or `hline`. It determines what the table
    /// is; `what` is the common name, such as "an element".
    ///
    /// # Errors
    /// The table has none of the keys, or two.
    pub fn one_of(
        &mut self,
        what: &str,
        keys: &[&'static str],
    ) -> Result<(&'static str, ValueReader<'a>), Diagnostic> {
        let mut found = keys.iter().filter_map(|&key| Some((key, self.table.get(key)?)));
        let Some((key, entry)) = found.next() else {
            return Err(self.none_of(what, keys));
        };
        self.ask(key);
        match found.next() {
            None => Ok((key, self.item(entry))),
            Some((other, second)) => {
                Err(Diagnostic::new(format!("`{key}` and `{other}` cannot both be {what}"))
                    .at(second.key_origin)
                    .help("keep one of the two, or write two tables"))
            }
        }
    }

    /// Rejects keys that are reserved for the future. Call this before other keys are read, because a reserved key may
    /// change their meaning.
    ///
    /// # Errors
    /// The table has one of the keys.
    pub fn reject_reserved(&self, keys: &[&str]) -> Result<(), Diagnostic> {
        let Some(entry) = self.table.entries().iter().find(|entry| keys.contains(&entry.key.as_str())) else {
            return Ok(());
        };
        Err(Diagnostic::new(format!("`{}` is not yet built", joined(&self.path, &entry.key)))
            .at(entry.key_origin)
            .help("leave it out for now"))
    }

    /// The error of a key that belongs to another table.
    #[must_use]
    pub(super) fn misplaced(&self, key: &str) -> Diagnostic {
        let origin = self.table.entries().iter().find(|entry| entry.key == key).map(|entry| entry.key_origin);
        Diagnostic::new(format!("`{}` is in the wrong table", joined(&self.path, key)))
            .at(origin.unwrap_or(self.origin))
    }

    /// The error of a table without a required key. `example` is a line to write. If the value of the key is wrong, that
    /// is the error.
    #[must_use]
    pub fn missing_key(&self, key: &str, example: &str) -> Diagnostic {
        if let Some(error) = self.failed.as_ref().filter(|_| self.has(key)) {
            return error.clone();
        }
        let diagnostic = Diagnostic::new(format!("{} lacks `{key}`", self.title())).at(self.origin);
        match self.misspelled(&[key]) {
            Some(entry) => diagnostic.at(entry.key_origin).help(format!("did you mean `{key}`?")),
            None => diagnostic.help(format!("write {example}")),
        }
    }

    /// All values of a table whose keys are chosen by the author, in order.
    #[must_use]
    pub fn named(self) -> Vec<NamedValue<'a>> {
        let named = |entry: &'a Entry| NamedValue {
            name: &entry.key,
            name_origin: entry.key_origin,
            item: self.item(entry),
        };
        self.table.entries().iter().map(named).collect()
    }

    /// Reads an optional whole number in the range of its row.
    ///
    /// # Errors
    /// The value has another type or is outside the range.
    pub(super) fn opt_integer(&mut self, key: &'static str) -> Result<Option<i64>, Diagnostic> {
        let range = match self.key_type(key) {
            Some(KeyType::IntegerIn(min, max)) => min..=max,
            _ => i64::MIN..=i64::MAX,
        };
        self.opt(key, |item| item.integer_in(range))
    }

    /// Checks that all keys are known, after the last one was read.
    ///
    /// # Errors
    /// The first error of an attempt, or the first unknown key; the others go to the errors of the scene.
    pub fn finish(self) -> Result<(), Diagnostic> {
        debug_assert!(
            self.failed.is_some() || self.rows.iter().all(|(name, _)| self.asked.contains(name)),
            "a row of {} is not read: {:?} of {:?}",
            self.title(),
            self.asked,
            self.rows
        );
        let known = self.known();
        // A misspelled key may have been reported as a missing one.
        let failed = self.failed.as_ref().and_then(|error| error.origin);
        let unknown = self.table.entries().iter().filter(|entry| !known.contains(&entry.key.as_str()));
        let unknown = unknown.filter(|entry| failed != Some(entry.key_origin));
        let unknown = unknown.map(|entry| Err(self.unknown(entry, &known)));
        self.errors.all(self.failed.iter().cloned().map(Err).chain(unknown)).map(|_: Vec<()>| ())
    }

    /// As [`finish`](Self::finish), for a table whose `value` may be an error; its unknown keys are reported nevertheless.
    ///
    /// # Errors
    /// The error of the value, or those of [`finish`](Self::finish).
    pub(super) fn finish_with<T>(mut self, value: Result<T, Diagnostic>) -> Result<T, Diagnostic> {
        if let Err(error) = &value {
            self.note::<T>(Err(error.clone()));
        }
        self.finish()?;
        value
    }

    fn item(&self, entry: &'a Entry) -> ValueReader<'a> {
        ValueReader::new(&entry.node, joined(&self.path, &entry.key), self.errors.clone())
    }

    /// The name of the table in messages.
    fn title(&self) -> String {
        if self.path.is_empty() { "the scene".to_owned() } else { format!("`{}`", self.path) }
    }

    fn unknown(&self, entry: &Entry, known: &[&str]) -> Diagnostic {
        let meant = meant::key(&self.path, &entry.key, known).map(str::to_owned);
        Diagnostic::new(format!("unknown key `{}` in {}", entry.key, self.title()))
            .at(entry.key_origin)
            .maybe_help(meant.or_else(|| hint(&entry.key, known)))
    }

    fn none_of(&self, what: &str, keys: &[&str]) -> Diagnostic {
        let foreign = |entry: &&&Entry| meant::key(&self.path, &entry.key, keys).is_some();
        match self.misspelled(keys).or_else(|| self.table.entries().iter().find(|entry| foreign(&entry))) {
            Some(entry) => self.unknown(entry, keys),
            None => Diagnostic::new(format!("{} is not {what}", self.title()))
                .at(self.origin)
                .help(format!("give it one of {}", listed(keys))),
        }
    }

    /// An unknown entry whose key is probably one of `keys`, misspelled.
    fn misspelled(&self, keys: &[&str]) -> Option<&'a Entry> {
        let known = self.known();
        self.table.entries().iter().find(|entry| {
            !known.contains(&entry.key.as_str())
                && suggest::nearest(&entry.key, keys.iter().copied()).is_some()
        })
    }
}

/// `path.key`, with the key quoted if TOML requires it.
fn joined(path: &str, key: &str) -> String {
    let key = if is_bare_key(key) { key.to_owned() } else { format!("{key:?}") };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}
