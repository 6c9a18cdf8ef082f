//! A system of a model: its compiled keys, how they are evaluated, and how their errors find their place.

use std::sync::Arc;

use num_complex::Complex64;

use super::key_content::{CompiledKey, KeyContent};
use super::solved::{Evaluator, Solved};
use super::{DefinitionPath, ModelError};
use crate::keys::KeyType;
use crate::scene::expr::{Code, EvalError, to_real};
use crate::system::{KeyError, KeyLocation, Keys, System, SystemError, SystemKind, Value};
use crate::work::WorkMeter;

/// A system with its compiled keys.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SystemDefinition {
    pub(super) name: String,
    pub(super) kind: SystemKind,
    pub(super) keys: Vec<CompiledKey>,
}

impl SystemDefinition {
    /// Solves the system at the values of `solved`, in which everything that the keys use is up to date. `work` counts
    /// the evaluations of the keys, those of the solution included.
    pub(super) fn solve(
        &self,
        solved: &Arc<Solved>,
        signals: &Arc<Vec<Code>>,
        work: &WorkMeter,
    ) -> Result<Arc<dyn System>, ModelError> {
        let (solved, signals) = (Arc::clone(solved), Arc::clone(signals));
        let evaluator = Evaluator { solved, signals, work: work.clone() };
        let values = self.keys.iter().map(|key| Ok((key.0.name, self.value(key, &evaluator)?)));
        let keys = Keys::new(values.collect::<Result<_, ModelError>>()?).counted_by(work);
        self.kind.solve(&keys).map_err(|error| key_error(&self.name, error))
    }

    /// The value of one key.
    fn value(&self, (key, content): &CompiledKey, evaluator: &Evaluator) -> Result<Value, ModelError> {
        let number = |path: String, code: &Code| self.real(&path, code, evaluator);
        let entry = |path: String, code: &Code| self.finite(&path, code, evaluator);
        Ok(match content.try_map(key.name, |path, code| Ok::<_, ModelError>((path, code)))? {
            KeyContent::Scalar((path, code)) => match key.value {
                KeyType::Signal => Value::Signal(evaluator.signal_fn(path, code)),
                KeyType::SampledSignal => {
                    Value::SampledSignal(evaluator.signal_fn(path, code), evaluator.rows(code))
                }
                KeyType::Function(names) | KeyType::TimeFunction(names) => {
                    Value::Function(evaluator.variables_fn(path, code, names.len()))
                }
                KeyType::System => Value::System(evaluator.referenced(code)),
                KeyType::Integer | KeyType::IntegerIn(..) => {
                    Value::Integer(self.integer(&path, code, evaluator)?)
                }
                KeyType::Numbers => Value::Numbers(vec![(String::new(), number(path, code)?)]),
                _ => Value::Number(number(path, code)?),
            },
            KeyContent::Bool(value) => Value::Bool(value),
            KeyContent::Word(word) => Value::Word(word),
            KeyContent::Text(text) => Value::Text(text),
            KeyContent::File(file) => Value::File(file),
            KeyContent::Vector(values) if let KeyType::VectorOf(names) = key.value => Value::VectorOf(
                values
                    .into_iter()
                    .map(|(path, code)| evaluator.variables_fn(path, code, names.len()))
                    .collect(),
            ),
            KeyContent::Matrix(rows) if let KeyType::MatrixOf(names) = key.value => {
                let row = |row: Vec<(String, &Code)>| {
                    row.into_iter()
                        .map(|(path, code)| evaluator.variables_fn(path, code, names.len()))
                        .collect()
                };
                Value::MatrixOf(rows.into_iter().map(row).collect())
            }
            KeyContent::Vector(values) => Value::Vector(
                values.into_iter().map(|(path, code)| entry(path, code)).collect::<Result<_, _>>()?,
            ),
            KeyContent::Matrix(rows) => Value::Matrix(
                rows.into_iter()
                    .map(|row| row.into_iter().map(|(path, code)| entry(path, code)).collect())
                    .collect::<Result<_, _>>()?,
            ),
            KeyContent::Named(entries) if key.value == KeyType::Numbers => Value::Numbers(
                entries
                    .into_iter()
                    .map(|(name, (path, code))| Ok((name, number(path, code)?)))
                    .collect::<Result<_, ModelError>>()?,
            ),
            KeyContent::Named(entries) => Value::OfState(
                entries
                    .into_iter()
                    .map(|(name, (path, code))| (name, evaluator.state_fn(path, code)))
                    .collect(),
            ),
            KeyContent::Texts(texts) => Value::Texts(texts),
        })
    }

    /// The value of an expression as a real number.
    fn real(&self, path: &str, code: &Code, evaluator: &Evaluator) -> Result<f64, ModelError> {
        let value = evaluator.value(code, 0.0).and_then(|value| to_real(value).map_err(EvalError::from));
        value.map_err(|error| {
            ModelError::new(self.path(path), error.to_string())
                .with_help("write re(…), im(…) or abs(…) for a real number")
        })
    }

    /// The value of an expression as a whole number.
    fn integer(&self, path: &str, code: &Code, evaluator: &Evaluator) -> Result<i64, ModelError> {
        let value = self.real(path, code, evaluator)?;
        if value.fract() == 0.0 && value.abs() < 1e9 {
            return Ok(value as i64);
        }
        let message = format!("`{path}` is {value}, and a whole number is needed");
        Err(ModelError::new(self.path(path), message).with_help("write floor(…), or a whole number"))
    }

    /// The value of an expression, finite and perhaps complex.
    fn finite(&self, path: &str, code: &Code, evaluator: &Evaluator) -> Result<Complex64, ModelError> {
        let value = evaluator
            .value(code, 0.0)
            .map_err(|error| ModelError::new(self.path(path), error.to_string()))?;
        if value.re.is_finite() && value.im.is_finite() {
            return Ok(value);
        }
        let message = format!("`{path}` is {}, and a finite number is needed", value.re + value.im);
        Err(ModelError::new(self.path(path), message)
            .with_help(format!("change `{path}`, or the values that its expression uses")))
    }

    fn path(&self, key: &str) -> DefinitionPath {
        DefinitionPath::Key { system: self.name.clone(), key: key.to_owned() }
    }
}

/// An error in the keys of a system as an error of the model.
pub(super) fn key_error(system: &str, error: KeyError) -> ModelError {
    let (definition, in_file) = match error.location {
        KeyLocation::System => (DefinitionPath::System(system.to_owned()), None),
        KeyLocation::Key(key) => (DefinitionPath::Key { system: system.to_owned(), key }, None),
        KeyLocation::File(key, bytes) => {
            (DefinitionPath::Key { system: system.to_owned(), key: key.to_owned() }, Some(bytes))
        }
    };
    ModelError { in_file, ..ModelError::new(definition, error.message).with_help(error.help) }
}

/// An error of a solved system as an error of the model.
pub(super) fn system_error(system: &str, error: &SystemError) -> ModelError {
    let definition = DefinitionPath::Key { system: system.to_owned(), key: error.key.clone() };
    ModelError::new(definition, error.message.clone()).with_help(error.help.clone())
}
