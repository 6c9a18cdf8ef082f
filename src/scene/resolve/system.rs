//! `[systems.NAME]`: the keys of one system, read by their descriptions.

use super::data_file::DataFiles;
use super::model::{SceneOrigins, formula};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::meant;
use crate::scene::model::{DefinitionPath, Formula, KeyContent};
use crate::scene::source_string::SourceString;
use crate::scene::table_reader::NamedValue;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;
use crate::system::SystemKind;

/// The key that every system has.
pub(super) const KIND: KeySpec =
    KeySpec::new("kind", KeyType::Word(&SystemKind::NAMES), "", "what the system is");

/// The keys of a system that are given, with their contents.
type GivenKeys = Vec<(&'static str, KeyContent<Formula>)>;

/// Reads the keys of one system. The keys of tables within it are joined by a point.
pub(super) fn system(
    name: &str,
    item: ValueReader<'_>,
    origins: &mut SceneOrigins,
    files: &mut DataFiles<'_>,
) -> Result<(SystemKind, GivenKeys), Diagnostic> {
    let mut table = item.table()?.with_keys(&[KIND]);
    let kinds = SystemKind::ALL.map(|kind| (kind.name(), kind));
    let kind = table.opt("kind", |item| item.choice(&kinds))?;
    let kind = kind.ok_or_else(|| table.missing_key("kind", "kind = 'oscillator'"))?;
    table.add_keys(&rows(kind));
    let mut reader = KeyReader { system: name, origins, files, given: Vec::new() };
    for spec in kind.keys().iter().filter(|spec| !spec.name.contains('.')) {
        let nested = nested(kind, spec.name);
        table.attempt(spec.name, |item| match item.value() {
            Value::Table(_) if !nested.is_empty() => reader.table(item, &nested),
            Value::String(word) if is_kind(word.as_str(), &nested) => Err(item
                .error("is given by a kind, which stands in a table with its keys")
                .help(format!("write {} = {}", spec.name, meant::matrix(word.as_str())))),
            _ => reader.key(spec, item),
        });
    }
    for outer in outer_names(kind) {
        table.attempt(outer, |item| reader.table(item, &nested(kind, outer)));
    }
    let given = reader.given;
    table.finish()?;
    Ok((kind, given))
}

/// The rows of the table itself: its keys, and the tables that have keys.
fn rows(kind: SystemKind) -> Vec<KeySpec> {
    let own = kind.keys().iter().filter(|spec| !spec.name.contains('.')).copied();
    let outer = outer_names(kind).into_iter().map(|name| KeySpec::new(name, KeyType::Table, "", ""));
    own.chain(outer).collect()
}

/// The keys of the table `outer`, with their names in it.
fn nested(kind: SystemKind, outer: &str) -> Vec<(&'static str, &'static KeySpec)> {
    let inner =
        |spec: &'static KeySpec| spec.name.strip_prefix(outer)?.strip_prefix('.').map(|name| (name, spec));
    kind.keys().iter().filter_map(inner).collect()
}

/// Whether a word is a kind of these keys.
fn is_kind(word: &str, keys: &[(&str, &KeySpec)]) -> bool {
    let kind = keys.iter().find(|(name, _)| *name == KIND.name);
    kind.is_some_and(|(_, spec)| matches!(spec.value, KeyType::Word(words) if words.contains(&word)))
}

/// The names of tables that have no value of their own, in the order of the keys.
fn outer_names(kind: SystemKind) -> Vec<&'static str> {
    let outer = |spec: &'static KeySpec| spec.name.split_once('.').map(|(outer, _)| outer);
    let mut names: Vec<&str> = kind.keys().iter().filter_map(outer).collect();
    names.dedup();
    names.retain(|name| !kind.keys().iter().any(|spec| spec.name == *name));
    names
}

struct KeyReader<'a, 'f> {
    system: &'a str,
    origins: &'a mut SceneOrigins,
    files: &'a mut DataFiles<'f>,
    given: GivenKeys,
}

impl KeyReader<'_, '_> {
    /// Reads a table of keys.
    fn table(
        &mut self,
        item: ValueReader<'_>,
        keys: &[(&'static str, &'static KeySpec)],
    ) -> Result<(), Diagnostic> {
        let rows: Vec<KeySpec> = keys.iter().map(|(name, spec)| KeySpec { name, ..**spec }).collect();
        let mut table = item.table()?.with_keys(&rows);
        for (name, spec) in keys {
            table.attempt(name, |item| self.key(spec, item));
        }
        table.finish()
    }

    /// Reads a key.
    fn key(&mut self, spec: &'static KeySpec, item: ValueReader<'_>) -> Result<(), Diagnostic> {
        let has_own_place = spec.value.is_scalar() || matches!(spec.value, KeyType::File | KeyType::System);
        if !has_own_place {
            self.origins.add_key(self.path(spec.name), item.origin(), None);
        }
        let content = match spec.value {
            KeyType::Number
            | KeyType::Positive
            | KeyType::NonNegative
            | KeyType::Fraction
            | KeyType::Length
            | KeyType::Integer
            | KeyType::IntegerIn(..)
            | KeyType::Signal
            | KeyType::SampledSignal
            | KeyType::Function(_)
            | KeyType::TimeFunction(_) => KeyContent::Scalar(self.formula(spec.name, item)?),
            KeyType::Bool => KeyContent::Bool(item.bool()?),
            KeyType::Word(words) => {
                let choices: Vec<(&str, &'static str)> = words.iter().map(|word| (*word, *word)).collect();
                KeyContent::Word(item.choice(&choices)?)
            }
            KeyType::Text => KeyContent::Text(item.string().map(SourceString::as_str)?.to_owned()),
            KeyType::File => {
                let origin = item.origin();
                let (id, text) = self.files.read(item)?;
                self.origins.add_key(self.path(spec.name), origin, Some(id));
                KeyContent::File(text)
            }
            KeyType::System => {
                let name = item.clone().string()?.as_str().to_owned();
                self.origins.add(self.path(spec.name), item.origin(), &item.number()?);
                KeyContent::Scalar(Formula::Text(name))
            }
            KeyType::Vector | KeyType::VectorOf(_) => KeyContent::Vector(self.vector(spec.name, item)?),
            KeyType::Matrix | KeyType::MatrixOf(_) => KeyContent::Matrix(self.matrix(spec.name, item)?),
            KeyType::Numbers if !matches!(item.value(), Value::Table(_)) => {
                KeyContent::Scalar(self.formula(spec.name, item)?)
            }
            KeyType::Numbers | KeyType::OfState(_) => {
                let mut entries = Vec::new();
                for NamedValue { name, name_origin, item } in item.table()?.named() {
                    let value = item.number()?;
                    self.origins.add(self.path(&format!("{}.{name}", spec.name)), name_origin, &value);
                    entries.push((name.to_owned(), formula(value)));
                }
                KeyContent::Named(entries)
            }
            KeyType::Texts => {
                let mut texts = Vec::new();
                for NamedValue { name, item, .. } in item.table()?.named() {
                    self.origins.add_key(self.path(&format!("{}.{name}", spec.name)), item.origin(), None);
                    texts.push((name.to_owned(), item.string()?.as_str().to_owned()));
                }
                KeyContent::Texts(texts)
            }
            KeyType::Color
            | KeyType::Label
            | KeyType::Anchor
            | KeyType::Place
            | KeyType::Span
            | KeyType::Pair(_)
            | KeyType::List(_)
            | KeyType::Table
            | KeyType::Mixed(_) => return Err(item.error("has a type that no system can have")),
        };
        self.given.push((spec.name, content));
        Ok(())
    }

    /// Reads an expression or a number, whose place is kept under the path of its key.
    fn formula(&mut self, path: &str, item: ValueReader<'_>) -> Result<Formula, Diagnostic> {
        let value = item.number()?;
        self.origins.add(self.path(path), value.origin(), &value);
        Ok(formula(value))
    }

    /// Reads a list of expressions. A single one is a list of one.
    fn vector(&mut self, path: &str, item: ValueReader<'_>) -> Result<Vec<Formula>, Diagnostic> {
        if !matches!(item.value(), Value::Array(_)) {
            return Ok(vec![self.formula(path, item)?]);
        }
        let mut index = 0..;
        item.list(|item| self.formula(&format!("{path}[{}]", index.next().unwrap_or(0)), item))
    }

    /// Reads a list of rows. A list of expressions is a single row.
    fn matrix(&mut self, path: &str, item: ValueReader<'_>) -> Result<Vec<Vec<Formula>>, Diagnostic> {
        let is_row = !matches!(item.value(), Value::Array(rows) if rows.iter().any(|row| matches!(row.value, Value::Array(_))));
        if is_row {
            return Ok(vec![self.vector(&format!("{path}[0]"), item)?]);
        }
        let mut rows: Vec<Vec<Formula>> = Vec::new();
        let mut origins = Vec::new();
        item.clone().list(|item| {
            origins.push(item.clone());
            rows.push(self.vector(&format!("{path}[{}]", rows.len()), item)?);
            Ok(())
        })?;
        let columns = rows.first().map_or(0, Vec::len);
        match rows.iter().zip(&origins).find(|(row, _)| row.len() != columns) {
            Some((row, item)) => Err(item
                .error(&format!("is a row of length {}, and the first row has length {columns}", row.len()))
                .help("write rows of equal length")),
            None => Ok(rows),
        }
    }

    fn path(&self, key: &str) -> DefinitionPath {
        DefinitionPath::Key { system: self.system.to_owned(), key: key.to_owned() }
    }
}
