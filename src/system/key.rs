//! The keys of a system: what is known of them in a scene, and their values when it is solved.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use num_complex::Complex64;

use super::{Schema, System, SystemError};
use crate::work::WorkMeter;

/// A real or complex function of the time in seconds.
pub type SignalFn = Arc<dyn Fn(f64) -> Result<Complex64, SystemError> + Send + Sync>;

/// A real function of the time in seconds and of the components of the state.
pub type StateFn = Arc<dyn Fn(f64, &[f64]) -> Result<f64, SystemError> + Send + Sync>;

/// A function of the time in seconds and of variables.
type VariablesCall = Arc<dyn Fn(f64, &[f64]) -> Result<Complex64, SystemError> + Send + Sync>;

/// A number of a key, as a function of variables that the key's description names, and perhaps of the time.
#[derive(Clone)]
pub struct VariablesFn {
    call: VariablesCall,
    /// For each variable, whether the value depends on it.
    uses: Vec<bool>,
    uses_time: bool,
}

/// The text of a file that a key names.
#[derive(Debug, PartialEq, Eq)]
pub struct FileText {
    /// The path as messages show it.
    pub name: String,
    /// The content.
    pub text: String,
}

/// The value of a key, whose expressions are evaluated.
#[derive(Clone)]
pub enum Value {
    /// Of [`KeyType::Number`](crate::keys::KeyType::Number).
    Number(f64),
    /// Of [`KeyType::Integer`](crate::keys::KeyType::Integer).
    Integer(i64),
    /// Of [`KeyType::Bool`](crate::keys::KeyType::Bool).
    Bool(bool),
    /// Of [`KeyType::Word`](crate::keys::KeyType::Word).
    Word(&'static str),
    /// Of [`KeyType::Text`](crate::keys::KeyType::Text).
    Text(String),
    /// Of [`KeyType::File`](crate::keys::KeyType::File).
    File(Arc<FileText>),
    /// Of [`KeyType::Vector`](crate::keys::KeyType::Vector).
    Vector(Vec<Complex64>),
    /// Of [`KeyType::Matrix`](crate::keys::KeyType::Matrix). All rows are equally long.
    Matrix(Vec<Vec<Complex64>>),
    /// Of [`KeyType::Signal`](crate::keys::KeyType::Signal).
    Signal(SignalFn),
    /// Of [`KeyType::Numbers`](crate::keys::KeyType::Numbers), in the order of the scene. A single number has the empty name.
    Numbers(Vec<(String, f64)>),
    /// Of [`KeyType::Texts`](crate::keys::KeyType::Texts), in the order of the scene.
    Texts(Vec<(String, String)>),
    /// Of [`KeyType::OfState`](crate::keys::KeyType::OfState), in the order of the scene.
    OfState(Vec<(String, StateFn)>),
    /// Of [`KeyType::SampledSignal`](crate::keys::KeyType::SampledSignal), with the times of the rows if it is a column of
    /// a system that is sampled, else none.
    SampledSignal(SignalFn, Vec<f64>),
    /// Of [`KeyType::Function`](crate::keys::KeyType::Function) or
    /// [`KeyType::TimeFunction`](crate::keys::KeyType::TimeFunction).
    Function(VariablesFn),
    /// Of [`KeyType::VectorOf`](crate::keys::KeyType::VectorOf).
    VectorOf(Vec<VariablesFn>),
    /// Of [`KeyType::MatrixOf`](crate::keys::KeyType::MatrixOf). All rows are equally long.
    MatrixOf(Vec<Vec<VariablesFn>>),
    /// Of [`KeyType::System`](crate::keys::KeyType::System).
    System(Arc<dyn System>),
}

/// The keys of one system with their values.
#[derive(Clone, Default)]
pub struct Keys {
    pub(super) entries: Vec<(&'static str, Value)>,
    /// Counts the work of solving the system.
    pub(super) work: WorkMeter,
}

/// The value of a key as far as it is known before expressions are evaluated.
#[derive(Clone, Debug, PartialEq)]
pub enum OutlineValue {
    /// A number, an integer, a signal or a function; its value if it is written as a number.
    Scalar(Option<f64>),
    /// `true` or `false`.
    Bool(bool),
    /// A word.
    Word(&'static str),
    /// A string.
    Text(String),
    /// A file.
    File(Arc<FileText>),
    /// A vector of this length, of numbers or functions.
    Vector(usize),
    /// A matrix of numbers or functions: its rows and columns.
    Matrix(usize, usize),
    /// The names of a table, in the order of the scene.
    Names(Vec<String>),
    /// The names of a table with their strings, in the order of the scene.
    Texts(Vec<(String, String)>),
    /// Another system: its members, whose lengths may still be unknown.
    System(Schema),
}

/// The keys of one system before expressions are evaluated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline(pub Vec<(&'static str, OutlineValue)>);

/// An error in the keys of a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyError {
    /// The place of the error.
    pub location: KeyLocation,
    /// The message, without a final period.
    pub message: String,
    /// The remedy.
    pub help: String,
}

/// The place of an error in the keys of a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyLocation {
    /// The system as a whole, such as for a missing key.
    System,
    /// The value of a key: `mass`, `rates.x`, `A[1][0]`.
    Key(String),
    /// Some bytes of the file that a key names.
    File(&'static str, Range<usize>),
}

impl VariablesFn {
    /// A function of the time in seconds and of the values of the variables. It depends on those variables for which
    /// `uses` holds.
    #[must_use]
    pub fn new(
        uses: Vec<bool>,
        uses_time: bool,
        call: impl Fn(f64, &[f64]) -> Result<Complex64, SystemError> + Send + Sync + 'static,
    ) -> Self {
        Self { call: Arc::new(call), uses, uses_time }
    }

    /// A function that has the same value everywhere.
    #[must_use]
    pub fn constant(value: Complex64) -> Self {
        Self::new(Vec::new(), false, move |_, _| Ok(value))
    }

    /// The value at a time in seconds and at values of the variables, in the order of the key's description. NaN where
    /// it is undefined.
    ///
    /// # Errors
    /// A system that the expression uses has no solution there, or the expression takes too much work.
    pub fn value(&self, time: f64, variables: &[f64]) -> Result<Complex64, SystemError> {
        (self.call)(time, variables)
    }

    /// Whether the value depends on the variable with this index.
    #[must_use]
    pub fn uses(&self, variable: usize) -> bool {
        self.uses.get(variable).copied().unwrap_or(false)
    }

    /// Whether the value depends on the time.
    #[must_use]
    pub fn uses_time(&self) -> bool {
        self.uses_time
    }

    /// Whether the value is the same everywhere.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        !self.uses_time && !self.uses.contains(&true)
    }
}

impl Keys {
    /// Keys with these values. The work of solving is counted against the default limit.
    #[must_use]
    pub fn new(entries: Vec<(&'static str, Value)>) -> Self {
        Self { entries, work: WorkMeter::default() }
    }

    /// The same keys, of which the work of solving is counted by this meter.
    #[must_use]
    pub fn counted_by(self, work: &WorkMeter) -> Self {
        Self { work: work.clone(), ..self }
    }

    /// Counts work that is about to be done because of a key.
    ///
    /// # Errors
    /// The limit is exceeded.
    pub(super) fn charge(&self, key: &str, units: u64) -> Result<(), KeyError> {
        self.work.charge(units).map_err(|limit| KeyError::key(key, limit.to_string(), limit.help()))
    }

    /// A function of time, if it is given. Each value of it counts `units` of work for what the solver does with it.
    pub(super) fn counted_signal(&self, name: &'static str, units: u64) -> Option<SignalFn> {
        let signal = Arc::clone(self.signal(name)?);
        let work = self.work.clone();
        Some(Arc::new(move |time| {
            work.charge(units).map_err(|limit| SystemError::too_much_work(name, limit))?;
            signal(time)
        }))
    }

    /// The value of a key, if it is given.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entries.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Whether a key is given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A number, if it is given.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        if let Some(Value::Number(value)) = self.get(name) { Some(*value) } else { None }
    }

    /// A whole number, if it is given.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i64> {
        if let Some(Value::Integer(value)) = self.get(name) { Some(*value) } else { None }
    }

    /// `true` or `false`, if it is given.
    #[must_use]
    pub fn bool(&self, name: &str) -> Option<bool> {
        if let Some(Value::Bool(value)) = self.get(name) { Some(*value) } else { None }
    }

    /// A word, if it is given.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<&'static str> {
        if let Some(Value::Word(word)) = self.get(name) { Some(word) } else { None }
    }

    /// A string, if it is given.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        if let Some(Value::Text(text)) = self.get(name) { Some(text) } else { None }
    }

    /// A file, if it is given.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&Arc<FileText>> {
        if let Some(Value::File(file)) = self.get(name) { Some(file) } else { None }
    }

    /// A vector, if it is given.
    #[must_use]
    pub fn vector(&self, name: &str) -> Option<&[Complex64]> {
        if let Some(Value::Vector(values)) = self.get(name) { Some(values) } else { None }
    }

    /// The rows of a matrix, if it is given.
    #[must_use]
    pub fn matrix(&self, name: &str) -> Option<&[Vec<Complex64>]> {
        if let Some(Value::Matrix(rows)) = self.get(name) { Some(rows) } else { None }
    }

    /// A function of time, if it is given.
    #[must_use]
    pub fn signal(&self, name: &str) -> Option<&SignalFn> {
        if let Some(Value::Signal(signal)) = self.get(name) { Some(signal) } else { None }
    }

    /// A function of time with the times of its rows, if it is given.
    #[must_use]
    pub fn sampled_signal(&self, name: &str) -> Option<(&SignalFn, &[f64])> {
        if let Some(Value::SampledSignal(signal, rows)) = self.get(name) {
            Some((signal, rows))
        } else {
            None
        }
    }

    /// A table of numbers; empty if it is not given.
    #[must_use]
    pub fn numbers(&self, name: &str) -> &[(String, f64)] {
        if let Some(Value::Numbers(numbers)) = self.get(name) { numbers } else { &[] }
    }

    /// A table of strings; empty if it is not given.
    #[must_use]
    pub fn texts(&self, name: &str) -> &[(String, String)] {
        if let Some(Value::Texts(texts)) = self.get(name) { texts } else { &[] }
    }

    /// A function of variables, if it is given.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<&VariablesFn> {
        if let Some(Value::Function(function)) = self.get(name) { Some(function) } else { None }
    }

    /// A vector of functions, if it is given.
    #[must_use]
    pub fn vector_of(&self, name: &str) -> Option<&[VariablesFn]> {
        if let Some(Value::VectorOf(functions)) = self.get(name) { Some(functions) } else { None }
    }

    /// The rows of a matrix of functions, if it is given.
    #[must_use]
    pub fn matrix_of(&self, name: &str) -> Option<&[Vec<VariablesFn>]> {
        if let Some(Value::MatrixOf(rows)) = self.get(name) { Some(rows) } else { None }
    }

    /// Another system, solved, if it is given.
    #[must_use]
    pub fn system(&self, name: &str) -> Option<&Arc<dyn System>> {
        if let Some(Value::System(system)) = self.get(name) { Some(system) } else { None }
    }

    /// A table of functions of the state; empty if it is not given.
    #[must_use]
    pub fn of_state(&self, name: &str) -> &[(String, StateFn)] {
        if let Some(Value::OfState(functions)) = self.get(name) { functions } else { &[] }
    }
}

impl Outline {
    /// The members of another system, if it is given.
    #[must_use]
    pub fn system(&self, name: &str) -> Option<&Schema> {
        if let Some(OutlineValue::System(schema)) = self.get(name) { Some(schema) } else { None }
    }

    /// The outline of a key, if it is given.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OutlineValue> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Whether a key is given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The value of a key that is written as a number.
    #[must_use]
    pub fn literal(&self, name: &str) -> Option<f64> {
        if let Some(OutlineValue::Scalar(value)) = self.get(name) { *value } else { None }
    }

    /// A word, if it is given.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<&'static str> {
        if let Some(OutlineValue::Word(word)) = self.get(name) { Some(word) } else { None }
    }

    /// A string, if it is given.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        if let Some(OutlineValue::Text(text)) = self.get(name) { Some(text) } else { None }
    }

    /// A file, if it is given.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&Arc<FileText>> {
        if let Some(OutlineValue::File(file)) = self.get(name) { Some(file) } else { None }
    }

    /// The length of a vector, if it is given.
    #[must_use]
    pub fn length(&self, name: &str) -> Option<usize> {
        if let Some(OutlineValue::Vector(length)) = self.get(name) { Some(*length) } else { None }
    }

    /// The rows and columns of a matrix, if it is given.
    #[must_use]
    pub fn size(&self, name: &str) -> Option<(usize, usize)> {
        if let Some(OutlineValue::Matrix(rows, columns)) = self.get(name) {
            Some((*rows, *columns))
        } else {
            None
        }
    }

    /// The names of a table; empty if it is not given.
    #[must_use]
    pub fn names(&self, name: &str) -> &[String] {
        if let Some(OutlineValue::Names(names)) = self.get(name) { names } else { &[] }
    }

    /// A table of strings; empty if it is not given.
    #[must_use]
    pub fn texts(&self, name: &str) -> &[(String, String)] {
        if let Some(OutlineValue::Texts(texts)) = self.get(name) { texts } else { &[] }
    }
}

impl KeyError {
    /// An error about the value of a key.
    #[must_use]
    pub fn key(key: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { location: KeyLocation::Key(key.into()), message: message.into(), help: help.into() }
    }

    /// An error about the system as a whole, such as a missing key.
    #[must_use]
    pub fn system(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { location: KeyLocation::System, message: message.into(), help: help.into() }
    }

    /// An error about some bytes of the file that a key names.
    #[must_use]
    pub fn file(
        key: &'static str,
        bytes: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { location: KeyLocation::File(key, bytes), message: message.into(), help: help.into() }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries.iter().map(|(key, _)| key)).finish()
    }
}
