//! The description of the keys of a scene.
//!
//! Each table of a scene has its keys as rows of [`KeySpec`] beside the code that reads it. The rows say which keys are
//! known and which is meant by a misspelled one; ranges and words are read by them; and the documentation's tables of
//! keys are made of them. So the sentence about a key is written once.

use std::fmt;

/// The description of one key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeySpec {
    /// The name. The keys of a nested table may be joined by a point: `drive.omega`.
    pub name: &'static str,
    /// The type of its value.
    pub value: KeyType,
    /// The default in Markdown: in code style if it can be written out without any change to the picture, else in words;
    /// empty for a key that must be given.
    pub default: &'static str,
    /// The unit in Markdown; empty for a pure number or a word.
    pub unit: &'static str,
    /// The meaning in Markdown: a phrase without a final period.
    pub doc: &'static str,
}

/// The type of a key's value. Numbers are TOML numbers or expressions that do not depend on time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KeyType {
    /// A finite real number.
    Number,
    /// A number greater than 0.
    Positive,
    /// A number that is at least 0.
    NonNegative,
    /// A number from 0 to 1.
    Fraction,
    /// A length greater than 0, in CSS pixels.
    Length,
    /// A whole number.
    Integer,
    /// A whole number from the first to the second one, both included.
    IntegerIn(i64, i64),
    /// `true` or `false`.
    Bool,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Any string.
    Text,
    /// The path of a file.
    File,
    /// A color.
    Color,
    /// A text that may contain formulas and readouts.
    Label,
    /// One of the nine points of a box.
    Anchor,
    /// An expression that may change with time and may be complex.
    Signal,
    /// A signal, or a column of a system that is sampled, whose rows are then known.
    SampledSignal,
    /// A place in a panel: two signals, or a complex one.
    Place,
    /// Two different numbers, the first and the last value.
    Span,
    /// Two values of a type.
    Pair(&'static KeyType),
    /// A list of values of a type.
    List(&'static KeyType),
    /// A list of numbers, which may be complex.
    Vector,
    /// A list of lists of numbers, which may be complex; one flat list is a single row.
    Matrix,
    /// A table from names of the author's own to numbers; a single number stands for all names.
    Numbers,
    /// A table from names of the author's own to strings.
    Texts,
    /// A table from names of the author's own to expressions of the time and of the state, whose components have
    /// the names that stand in the table of this key.
    OfState(&'static str),
    /// A number, or an expression of these variables, which may be complex and does not change with time.
    Function(&'static [&'static str]),
    /// A number, or an expression of these variables and of the time, which may be complex.
    TimeFunction(&'static [&'static str]),
    /// A list of values of [`KeyType::Function`].
    VectorOf(&'static [&'static str]),
    /// A list of lists of values of [`KeyType::Function`]; one flat list is a single row.
    MatrixOf(&'static [&'static str]),
    /// The name of another system.
    System,
    /// A table whose keys have rows of their own.
    Table,
    /// Several types, in the words of the documentation.
    Mixed(&'static str),
}

impl KeySpec {
    /// A key whose value has no unit.
    #[must_use]
    pub const fn new(name: &'static str, value: KeyType, default: &'static str, doc: &'static str) -> Self {
        Self { name, value, default, unit: "", doc }
    }

    /// The same key with a unit.
    #[must_use]
    pub const fn in_unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }
}

/// The words of choices, for [`KeyType::Word`]: the words that a reader accepts are those of the row.
#[must_use]
pub const fn words<T, const N: usize>(choices: &[(&'static str, T); N]) -> [&'static str; N] {
    let mut words = [""; N];
    let mut index = 0;
    while index < N {
        words[index] = choices[index].0;
        index += 1;
    }
    words
}

impl fmt::Display for KeyType {
    /// Writes the type as the documentation names it, in Markdown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer => f.write_str("integer"),
            Self::IntegerIn(min, max) => write!(f, "integer, {min} to {max}"),
            Self::Fraction => f.write_str("number, 0 to 1"),
            Self::Word(words) => write_words(f, words),
            Self::Pair(of) => write!(f, "two {}", of.plural()),
            Self::List(of) => write!(f, "list of {}", of.plural()),
            Self::Span => f.write_str("two different numbers"),
            Self::Vector => f.write_str("list of numbers"),
            Self::Matrix => f.write_str("list of lists of numbers"),
            Self::Function(of) => write_expression(f, "expression", of),
            Self::TimeFunction(of) => {
                write_expression(f, "expression", of)?;
                f.write_str(if of.is_empty() { " in `t`" } else { " and `t`" })
            }
            Self::VectorOf(of) => write_expression(f, "list of expressions", of),
            Self::MatrixOf(of) => write_expression(f, "list of lists of expressions", of),
            Self::Numbers => f.write_str("number or table of numbers"),
            Self::Texts => f.write_str("table of strings"),
            Self::OfState(_) => f.write_str("table of expressions"),
            Self::Mixed(text) => f.write_str(text),
            Self::Number
            | Self::Positive
            | Self::NonNegative
            | Self::Length
            | Self::Bool
            | Self::Text
            | Self::File
            | Self::Color
            | Self::Label
            | Self::Anchor
            | Self::Signal
            | Self::SampledSignal
            | Self::Place
            | Self::System
            | Self::Table => {
                let (noun, range) = self.noun();
                write!(f, "{noun}{range}")
            }
        }
    }
}

impl KeyType {
    /// Whether a value is one number or one expression.
    #[must_use]
    pub fn is_scalar(self) -> bool {
        matches!(
            self,
            Self::Number
                | Self::Positive
                | Self::NonNegative
                | Self::Fraction
                | Self::Length
                | Self::Integer
                | Self::IntegerIn(..)
                | Self::Signal
                | Self::SampledSignal
                | Self::Function(_)
                | Self::TimeFunction(_)
        )
    }

    /// A noun and the range behind it.
    fn noun(&self) -> (&'static str, &'static str) {
        match self {
            Self::Number | Self::Fraction => ("number", ""),
            Self::Positive => ("number", " > 0"),
            Self::NonNegative => ("number", " ≥ 0"),
            Self::Length => ("length", " > 0"),
            Self::Integer | Self::IntegerIn(..) => ("integer", ""),
            Self::Bool => ("boolean", ""),
            Self::Word(_) => ("word", ""),
            Self::Text => ("string", ""),
            Self::File => ("path", ""),
            Self::Color => ("color", ""),
            Self::Label => ("label", ""),
            Self::Anchor => ("anchor", ""),
            Self::Signal | Self::SampledSignal => ("signal", ""),
            Self::Function(_) | Self::TimeFunction(_) => ("expression", ""),
            Self::System => ("system", ""),
            Self::Place => ("place", ""),
            Self::Table | Self::Numbers | Self::Texts | Self::OfState(_) => ("table", ""),
            Self::Pair(_) | Self::Span => ("pair", ""),
            Self::List(_) | Self::Vector | Self::Matrix | Self::VectorOf(_) | Self::MatrixOf(_) => {
                ("list", "")
            }
            Self::Mixed(_) => ("value", ""),
        }
    }

    fn plural(&self) -> String {
        let (noun, range) = self.noun();
        format!("{noun}s{range}")
    }
}

/// Writes a noun and the variables of its expressions: "expression in `i`", "expression in `i` and `s`".
fn write_expression(f: &mut fmt::Formatter<'_>, noun: &str, variables: &[&str]) -> fmt::Result {
    f.write_str(noun)?;
    for (index, variable) in variables.iter().enumerate() {
        write!(f, " {} `{variable}`", if index == 0 { "in" } else { "and" })?;
    }
    Ok(())
}

/// Writes words as TOML strings: `"a"`, `"b"`; two are joined by "or".
fn write_words(f: &mut fmt::Formatter<'_>, words: &[&str]) -> fmt::Result {
    let joint = if words.len() == 2 { " or " } else { ", " };
    for (index, word) in words.iter().enumerate() {
        write!(f, "{}`\"{word}\"`", if index == 0 { "" } else { joint })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHOICES: [(&str, u8); 3] = [("light", 1), ("dark", 2), ("print", 3)];
    const ROW: KeySpec = KeySpec::new("theme", KeyType::Word(&words(&CHOICES)), "`\"light\"`", "the theme");

    #[test]
    fn types_are_named_as_in_the_documentation() {
        for (value, name) in [
            (ROW.value, "`\"light\"`, `\"dark\"`, `\"print\"`"),
            (KeyType::Word(&["x", "y"]), "`\"x\"` or `\"y\"`"),
            (KeyType::Positive, "number > 0"),
            (KeyType::IntegerIn(0, 100), "integer, 0 to 100"),
            (KeyType::Pair(&KeyType::Positive), "two numbers > 0"),
            (KeyType::List(&KeyType::Text), "list of strings"),
            (KeyType::Function(&["i", "s"]), "expression in `i` and `s`"),
            (KeyType::TimeFunction(&["k"]), "expression in `k` and `t`"),
            (KeyType::Mixed("boolean or anchor"), "boolean or anchor"),
        ] {
            assert_eq!(value.to_string(), name);
        }
    }
}
