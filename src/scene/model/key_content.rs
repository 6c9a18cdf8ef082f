//! The values of a system's keys before they are evaluated: formulas or compiled code in the structure that the
//! scene gives them.

use std::sync::Arc;

use super::definition::Formula;
use crate::keys::{KeySpec, KeyType};
use crate::scene::expr::Code;
use crate::system::{FileText, OutlineValue};

/// The value of a key, in which each expression is a `T`: a [`Formula`], or [`Code`].
#[derive(Clone, Debug, PartialEq)]
pub enum KeyContent<T> {
    /// A number or a signal.
    Scalar(T),
    /// `true` or `false`.
    Bool(bool),
    /// A word.
    Word(&'static str),
    /// A string.
    Text(String),
    /// A file.
    File(Arc<FileText>),
    /// A list.
    Vector(Vec<T>),
    /// A list of rows.
    Matrix(Vec<Vec<T>>),
    /// A table of names with expressions.
    Named(Vec<(String, T)>),
    /// A table of names with strings.
    Texts(Vec<(String, String)>),
}

impl<T: Into<Formula>> From<T> for KeyContent<Formula> {
    fn from(formula: T) -> Self {
        Self::Scalar(formula.into())
    }
}

impl<T> KeyContent<T> {
    /// Replaces each expression. `convert` gets the path of the expression from the key on: `A[0][1]`, `rates.x`.
    pub(super) fn try_map<'a, U, E>(
        &'a self,
        key: &str,
        mut convert: impl FnMut(String, &'a T) -> Result<U, E>,
    ) -> Result<KeyContent<U>, E> {
        Ok(match self {
            Self::Scalar(value) => KeyContent::Scalar(convert(key.to_owned(), value)?),
            Self::Bool(value) => KeyContent::Bool(*value),
            Self::Word(word) => KeyContent::Word(word),
            Self::Text(text) => KeyContent::Text(text.clone()),
            Self::File(file) => KeyContent::File(Arc::clone(file)),
            Self::Vector(values) => {
                let entry = |(n, value)| convert(format!("{key}[{n}]"), value);
                KeyContent::Vector(values.iter().enumerate().map(entry).collect::<Result<_, E>>()?)
            }
            Self::Matrix(rows) => {
                let mut mapped = Vec::with_capacity(rows.len());
                for (m, row) in rows.iter().enumerate() {
                    let entry = |(n, value)| convert(format!("{key}[{m}][{n}]"), value);
                    mapped.push(row.iter().enumerate().map(entry).collect::<Result<_, E>>()?);
                }
                KeyContent::Matrix(mapped)
            }
            Self::Named(entries) => {
                let entry = |(name, value): &'a (String, T)| {
                    Ok((name.clone(), convert(format!("{key}.{name}"), value)?))
                };
                KeyContent::Named(entries.iter().map(entry).collect::<Result<_, E>>()?)
            }
            Self::Texts(texts) => KeyContent::Texts(texts.clone()),
        })
    }

    /// Calls `visit` with each expression and its path.
    pub(super) fn each<'a>(&'a self, key: &str, mut visit: impl FnMut(&str, &'a T)) {
        let visited = self.try_map(key, |path, value| {
            visit(&path, value);
            Ok::<_, std::convert::Infallible>(())
        });
        debug_assert!(visited.is_ok(), "visiting cannot fail");
    }

    /// The names of a table; empty for other values.
    pub(super) fn names(&self) -> Vec<String> {
        match self {
            Self::Named(entries) => entries.iter().map(|(name, _)| name.clone()).collect(),
            _ => Vec::new(),
        }
    }
}

impl KeyContent<Formula> {
    /// The outline of the value, which is known before expressions are evaluated.
    pub(super) fn outline(&self, value: KeyType) -> OutlineValue {
        match self {
            Self::Scalar(_) if value == KeyType::Numbers => OutlineValue::Names(vec![String::new()]),
            Self::Scalar(Formula::Number(value)) => OutlineValue::Scalar(Some(*value)),
            Self::Scalar(Formula::Text(_)) => OutlineValue::Scalar(None),
            Self::Bool(value) => OutlineValue::Bool(*value),
            Self::Word(word) => OutlineValue::Word(word),
            Self::Text(text) => OutlineValue::Text(text.clone()),
            Self::File(file) => OutlineValue::File(Arc::clone(file)),
            Self::Vector(values) => OutlineValue::Vector(values.len()),
            Self::Matrix(rows) => OutlineValue::Matrix(rows.len(), rows.first().map_or(0, Vec::len)),
            Self::Named(entries) => {
                OutlineValue::Names(entries.iter().map(|(name, _)| name.clone()).collect())
            }
            Self::Texts(texts) => OutlineValue::Texts(texts.clone()),
        }
    }

    /// Whether a key of this type can have this value.
    pub(super) fn fits(&self, key: &KeySpec) -> bool {
        match (self, key.value) {
            (Self::Scalar(_), value) if value.is_scalar() => true,
            (Self::Scalar(_), KeyType::Numbers)
            | (Self::Bool(_), KeyType::Bool)
            | (Self::Text(_), KeyType::Text)
            | (Self::File(_), KeyType::File)
            | (Self::Vector(_), KeyType::Vector | KeyType::VectorOf(_))
            | (Self::Scalar(Formula::Text(_)), KeyType::System)
            | (Self::Named(_), KeyType::Numbers | KeyType::OfState(_))
            | (Self::Texts(_), KeyType::Texts) => true,
            (Self::Word(word), KeyType::Word(words)) => words.contains(word),
            (Self::Matrix(rows), KeyType::Matrix | KeyType::MatrixOf(_)) => {
                rows.windows(2).all(|pair| pair[0].len() == pair[1].len())
            }
            _ => false,
        }
    }
}

/// The compiled value of a key, with the key's description.
pub(super) type CompiledKey = (&'static KeySpec, KeyContent<Code>);
