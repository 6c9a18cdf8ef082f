//! Converts one value of a scene to the type a key requires.
//!
//! A value of the wrong type is an error that says what was expected and what was found and, where the intention is
//! clear, shows the line to write.

use std::ops::RangeInclusive;

use super::diagnostic::Diagnostic;
use super::errors::Errors;
use super::source::Origin;
use super::source_string::SourceString;
use super::syntax::single_quoted;
use super::table_reader::TableReader;
use super::tree::{Node, TableCopy, Value};
use crate::suggest::{self, hint, listed};

/// A value of a scene with its full name, to be converted.
#[derive(Clone, Debug)]
pub struct ValueReader<'a> {
    node: &'a Node,
    path: String,
    errors: Errors,
}

/// A number in a scene: a literal or an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// A finite TOML number and its position.
    Literal(f64, Origin),
    /// A string that holds an expression.
    Expression(SourceString),
}

impl Number {
    /// Its position in the file.
    #[must_use]
    pub fn origin(&self) -> Origin {
        match self {
            Self::Literal(_, origin) => *origin,
            Self::Expression(content) => content.origin(),
        }
    }
}

impl<'a> ValueReader<'a> {
    /// A reader of `node`, whose full name is `path`.
    pub(super) fn new(node: &'a Node, path: String, errors: Errors) -> Self {
        Self { node, path, errors }
    }

    /// The position of the value in the file.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.node.origin
    }

    /// Its full name, such as `panels.x.draw[2].width`; lists count from 0.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The unconverted value, for keys that accept several types.
    #[must_use]
    pub fn value(&self) -> &'a Value {
        &self.node.value
    }

    /// The values that distinguish this table from the other copies of one table, if it is a copy.
    pub(super) fn copy(&self) -> Option<&'a TableCopy> {
        self.node.as_table()?.copy()
    }

    /// An error about this value. `why` follows the full name of the value in the message.
    #[must_use]
    pub fn error(&self, why: &str) -> Diagnostic {
        Diagnostic::new(format!("`{}` {why}", self.path)).at(self.node.origin)
    }

    /// The error of a value that is not `what`, such as "a string".
    #[must_use]
    pub fn expected(&self, what: &str) -> Diagnostic {
        self.error(&format!("wants {what}, found {}", describe(&self.node.value)))
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    /// The value has another type.
    pub fn bool(self) -> Result<bool, Diagnostic> {
        match &self.node.value {
            Value::Bool(value) => Ok(*value),
            value => {
                let quoted = if let Value::String(content) = value { content.as_str() } else { "" };
                let help = match quoted.parse::<bool>() {
                    Ok(word) => format!("write {} = {word}", self.key()),
                    Err(_) => format!("write {} = true or {0} = false", self.key()),
                };
                Err(self.expected("`true` or `false`").help(help))
            }
        }
    }

    /// Reads a whole number.
    ///
    /// # Errors
    /// The value has another type.
    pub fn integer(self) -> Result<i64, Diagnostic> {
        self.integer_in(i64::MIN..=i64::MAX)
    }

    /// Reads a whole number in `range`.
    ///
    /// # Errors
    /// The value has another type or is outside the range.
    pub fn integer_in(self, range: RangeInclusive<i64>) -> Result<i64, Diagnostic> {
        let (key, min, max) = (self.key(), *range.start(), *range.end());
        match &self.node.value {
            Value::Integer(value) if range.contains(value) => Ok(*value),
            Value::Integer(value) => {
                Err(self.error(&format!("is {value}")).help(format!("it reaches from {min} to {max}")))
            }
            Value::Float(value) if value.is_finite() => {
                let nearest = |whole: f64| (whole as i64).clamp(min, max);
                let (below, above) = (nearest(value.floor()), nearest(value.ceil()));
                let other = if above > below { format!(" or {key} = {above}") } else { String::new() };
                Err(self.expected("a whole number").help(format!("write {key} = {below}{other}")))
            }
            _ => Err(self.expected_unquoted("a whole number", |text| text.parse::<i64>().is_ok())),
        }
    }

    /// Reads a finite number. Expressions are not accepted.
    ///
    /// # Errors
    /// The value has another type, or is `inf` or `nan`.
    pub fn float(self) -> Result<f64, Diagnostic> {
        match &self.node.value {
            Value::Integer(value) => Ok(*value as f64),
            Value::Float(value) if value.is_finite() => Ok(*value),
            Value::Float(_) => Err(self
                .expected("a finite number")
                .help("write a number such as 2.5, or an expression such as '3*pi'")),
            _ => {
                Err(self.expected_unquoted("a number", |text| text.parse::<f64>().is_ok_and(f64::is_finite)))
            }
        }
    }

    /// Reads a finite number or a string that holds an expression. Signals are read in the same way.
    ///
    /// # Errors
    /// The value has another type, or is `inf` or `nan` outside a string.
    pub fn number(self) -> Result<Number, Diagnostic> {
        match &self.node.value {
            Value::String(content) if content.as_str().trim().is_empty() => {
                let help = format!("write {} = 2.5 or {0} = '3*pi'", self.key());
                Err(self.expected("a number or an expression").help(help))
            }
            Value::String(content) => Ok(Number::Expression(content.clone())),
            Value::Integer(_) | Value::Float(_) => {
                let origin = self.origin();
                self.float().map(|value| Number::Literal(value, origin))
            }
            Value::Table(_) | Value::Array(_) | Value::Bool(_) | Value::Datetime => {
                let help = format!("write {} = 2.5 or {0} = '3*pi'", self.key());
                Err(self.expected("a number or an expression").help(help))
            }
        }
    }

    /// Reads a string.
    ///
    /// # Errors
    /// The value has another type.
    pub fn string(self) -> Result<&'a SourceString, Diagnostic> {
        let shown = match &self.node.value {
            Value::String(content) => return Ok(content),
            Value::Integer(value) => value.to_string(),
            Value::Float(value) => value.to_string(),
            Value::Bool(value) => value.to_string(),
            Value::Table(_) | Value::Array(_) | Value::Datetime => "…".to_owned(),
        };
        let help = format!("write {} = {}", self.key(), single_quoted(&shown));
        Err(self.expected("a string").help(help))
    }

    /// Reads a string that `parse` converts. The error of `parse` is the help for a string that is not `what`.
    ///
    /// # Errors
    /// The value has another type, or `parse` fails.
    pub fn parsed<T>(
        self,
        what: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, Diagnostic> {
        let text = self.clone().string()?.as_str();
        let error =
            |help: String| self.error(&format!("is not {what}: {}", suggest::quoted(text))).help(help);
        parse(text).map_err(error)
    }

    /// Reads one of the words in `choices` and returns the value paired with it.
    ///
    /// # Errors
    /// The value has another type or is another word.
    pub fn choice<T: Copy>(self, choices: &[(&str, T)]) -> Result<T, Diagnostic> {
        let words: Vec<&str> = choices.iter().map(|&(word, _)| word).collect();
        let Value::String(content) = &self.node.value else {
            return Err(self.expected("a word").help(format!("one of {}", listed(&words))));
        };
        let word = content.as_str();
        let chosen = choices.iter().find(|&&(it, _)| it == word).map(|&(_, value)| value);
        chosen.ok_or_else(|| {
            let why = format!("cannot be {}", suggest::quoted(word));
            self.error(&why).maybe_help(hint(word, &words))
        })
    }

    /// Reads a table.
    ///
    /// # Errors
    /// The value has another type.
    pub fn table(self) -> Result<TableReader<'a>, Diagnostic> {
        let Value::Table(table) = &self.node.value else {
            let help = format!("write {} = {{ … }}", self.key());
            return Err(self.expected("a table").help(help));
        };
        Ok(TableReader::new(table, self.node.origin, self.path, self.errors))
    }

    /// Reads a list, converting each value with `read`.
    ///
    /// # Errors
    /// The value has another type, or the first error of `read`.
    pub fn list<T>(
        self,
        read: impl FnMut(ValueReader<'a>) -> Result<T, Diagnostic>,
    ) -> Result<Vec<T>, Diagnostic> {
        self.items("a list", "[…, …]")?.into_iter().map(read).collect()
    }

    /// As [`list`](Self::list), for values that are independent of each other: all of them are read.
    ///
    /// # Errors
    /// The value has another type, or the first error of `read`; its other errors go to the errors of the scene.
    pub fn list_all<T>(
        self,
        read: impl FnMut(ValueReader<'a>) -> Result<T, Diagnostic>,
    ) -> Result<Vec<T>, Diagnostic> {
        let errors = self.errors.clone();
        errors.all(self.items("a list", "[…, …]")?.into_iter().map(read))
    }

    /// Reads a list of two values, converting each with `read`.
    ///
    /// # Errors
    /// The value has another type, the list another length, or the first error of `read`.
    pub fn pair<T>(
        self,
        mut read: impl FnMut(ValueReader<'a>) -> Result<T, Diagnostic>,
    ) -> Result<[T; 2], Diagnostic> {
        let items = self.clone().items("a list of two", "[…, …]")?;
        let count = items.len();
        let Ok([first, second]) = <[ValueReader<'a>; 2]>::try_from(items) else {
            let help = format!("write {} = […, …]", self.key());
            return Err(self.error(&format!("wants two values, found {count}")).help(help));
        };
        Ok([read(first)?, read(second)?])
    }

    /// The values of a list, named `path[0]`, `path[1]` and so on.
    fn items(self, what: &str, example: &str) -> Result<Vec<ValueReader<'a>>, Diagnostic> {
        let Value::Array(nodes) = &self.node.value else {
            let help = format!("write {} = {example}", self.key());
            return Err(self.expected(what).help(help));
        };
        let item = |(at, node)| ValueReader::new(node, format!("{}[{at}]", self.path), self.errors.clone());
        Ok(nodes.iter().enumerate().map(item).collect())
    }

    /// As [`expected`](Self::expected). For a string with a valid value in it, the help is to drop the quotes.
    fn expected_unquoted(&self, what: &str, is_right: impl Fn(&str) -> bool) -> Diagnostic {
        let diagnostic = self.expected(what);
        match &self.node.value {
            Value::String(content) if is_right(content.as_str()) => {
                diagnostic.help(format!("write {} = {}", self.key(), content.as_str()))
            }
            _ => diagnostic,
        }
    }

    /// The last name of the path, which is written before the `=`.
    fn key(&self) -> &str {
        let start = self.path.rfind('.').map_or(0, |point| point + 1);
        self.path[start..].split('[').next().unwrap_or_default()
    }
}

/// Describes a value for a message.
fn describe(value: &Value) -> String {
    match value {
        Value::Table(_) => "a table".to_owned(),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::String(content) => format!("the string {}", suggest::quoted(content.as_str())),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Bool(value) => format!("`{value}`"),
        Value::Datetime => "a date".to_owned(),
    }
}
