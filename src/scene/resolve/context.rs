//! What every table needs to be resolved: the model its expressions are compiled in, and the numbers
//! that hold for the whole film.

use super::variables::TIME;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Label;
use crate::scene::expr::{Code, ExprError, ExprRole, FreeId, Variable};
use crate::scene::label::Template;
use crate::scene::model::{Env, Model};
use crate::scene::number_format::shortest;
use crate::scene::source_string::SourceString;
use crate::scene::tree::Value;
use crate::scene::value_reader::{Number, ValueReader};

/// The model, and its values before anything moves.
pub(super) struct Context<'m> {
    pub(super) model: &'m Model,
    env: Env<'m>,
}

/// A mistake in an expression, at its place in the file.
pub(super) fn expression_error(error: ExprError, content: &SourceString) -> Diagnostic {
    Diagnostic::new(error.message).maybe_help(error.help).within(content, error.span)
}

impl<'m> Context<'m> {
    pub(super) fn new(model: &'m Model, env: Env<'m>) -> Self {
        Self { model, env }
    }

    /// A finite number: a TOML number, or an expression over params and constants.
    pub(super) fn number(&self, item: ValueReader<'_>) -> Result<f64, Diagnostic> {
        let content = match item.clone().number()? {
            Number::Literal(value, _) => return Ok(value),
            Number::Expression(content) => content,
        };
        let code = self
            .model
            .compile(content.as_str(), ExprRole::Number)
            .map_err(|error| expression_error(error, &content))?;
        let value =
            self.env.eval_real(&code).map_err(|error| item.error(&format!("has no value: {error}")))?;
        if value.is_finite() {
            return Ok(value);
        }
        Err(item.error(&format!("is {}", shortest(value))).help("it must be a finite number"))
    }

    /// A number greater than 0.
    pub(super) fn positive(&self, item: ValueReader<'_>) -> Result<f64, Diagnostic> {
        let value = self.number(item.clone())?;
        if value > 0.0 {
            return Ok(value);
        }
        Err(item.error(&format!("is {}", shortest(value))).help("it must be greater than 0"))
    }

    /// A number that is not less than `least`.
    pub(super) fn at_least(&self, item: ValueReader<'_>, least: f64) -> Result<f64, Diagnostic> {
        let value = self.number(item.clone())?;
        if value >= least {
            return Ok(value);
        }
        Err(item.error(&format!("is {}", shortest(value))).help(format!("it must be at least {least}")))
    }

    /// A number from 0 to 1.
    pub(super) fn fraction(&self, item: ValueReader<'_>) -> Result<f64, Diagnostic> {
        let value = self.number(item.clone())?;
        if (0.0..=1.0).contains(&value) {
            return Ok(value);
        }
        Err(item.error(&format!("is {}", shortest(value))).help("it reaches from 0 to 1"))
    }

    /// A signal: a number that may move.
    pub(super) fn signal(&self, item: ValueReader<'_>) -> Result<Code, Diagnostic> {
        self.signal_with(item, &[])
    }

    /// A signal that may use these variables, too.
    pub(super) fn signal_with(&self, item: ValueReader<'_>, bound: &[FreeId]) -> Result<Code, Diagnostic> {
        match item.number()? {
            Number::Literal(value, _) => Ok(Code::constant(value)),
            Number::Expression(content) => self
                .model
                .compile(content.as_str(), ExprRole::Element(bound))
                .map_err(|error| expression_error(error, &content)),
        }
    }

    /// What a curve runs over: `t`, a param, or a fresh name, which the model knows already.
    pub(super) fn variable(&self, item: ValueReader<'_>) -> Result<Variable, Diagnostic> {
        let name = item.clone().string()?.as_str();
        let param = || self.model.param(name).map(Variable::Param);
        let free = || self.model.free(name).map(Variable::Free);
        let known = if name == TIME { Some(Variable::Time) } else { param().or_else(free) };
        known.ok_or_else(|| item.error("names nothing to run over").help("write over = 't', or a param"))
    }

    /// A label with its readouts compiled.
    pub(super) fn label(&self, item: ValueReader<'_>) -> Result<Label, Diagnostic> {
        let origin = item.origin();
        let template = Template::read(item)?;
        let readouts = template
            .readouts()
            .map(|readout| {
                self.model.compile(&readout.expression, ExprRole::Element(&[])).map_err(|error| {
                    Diagnostic::new(error.message)
                        .maybe_help(error.help)
                        .at(template.origin_in(readout, error.span))
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Label { template, readouts, origin })
    }

    /// Whether a number is written with π in it.
    pub(super) fn names_pi(item: &ValueReader<'_>) -> bool {
        let Value::String(content) = item.value() else { return false };
        let mut words = content.as_str().split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        words.any(|word| word == "pi")
    }
}
