//! The context for resolving tables: the model that compiles expressions, the values that do not depend on time, and the
//! names that a part of the scene has for itself.

use super::model::Faults;
use super::variables::TIME;
use crate::keys::KeyType;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Label;
use crate::scene::expr::{Code, ExprError, ExprRole, FreeId, LocalNames, Meaning, SystemId, Variable, parse};
use crate::scene::label::Template;
use crate::scene::model::{Env, Model};
use crate::scene::number_format::shortest;
use crate::scene::source_string::SourceString;
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::{Number, ValueReader};
use crate::suggest::hint;
use crate::system::System;

/// The model, an environment without time, and local names, which all expressions and labels read here may use.
#[derive(Clone)]
pub(in crate::scene) struct Context<'m> {
    pub(in crate::scene) model: &'m Model,
    env: Env<'m>,
    locals: LocalNames,
    /// The names that the model lacks because of an error.
    faults: &'m Faults,
}

/// Converts an error in an expression to a diagnostic at its position in the file.
pub(in crate::scene) fn expression_error(error: ExprError, content: &SourceString) -> Diagnostic {
    Diagnostic::new(error.message).maybe_help(error.help).within(content, error.span)
}

impl<'m> Context<'m> {
    pub(in crate::scene) fn new(model: &'m Model, env: Env<'m>, faults: &'m Faults) -> Self {
        Self { model, env, locals: LocalNames::default(), faults }
    }

    /// The context of a part of the scene, which has these names beside those that it has already.
    pub(in crate::scene) fn with_locals<'n>(
        &self,
        names: impl IntoIterator<Item = (&'n str, Meaning)>,
    ) -> Self {
        let mut context = self.clone();
        for (name, meaning) in names {
            context.locals.insert(name, meaning);
        }
        context
    }

    /// Compiles an expression.
    pub(in crate::scene) fn compile(&self, source: &str, role: ExprRole<'_>) -> Result<Code, ExprError> {
        self.model.compile_in(&self.locals, source, role)
    }

    /// Compiles an expression of the file. What a wrong definition makes wrong is no error of its own, but that of the
    /// definition.
    fn compile_content(&self, content: &SourceString, role: ExprRole<'_>) -> Result<Code, Diagnostic> {
        self.compile(content.as_str(), role)
            .map_err(|error| self.cause(content.as_str()).unwrap_or_else(|| expression_error(error, content)))
    }

    /// The error of the first faulty name that an expression uses.
    fn cause(&self, source: &str) -> Option<Diagnostic> {
        if self.faults.is_empty() {
            return None;
        }
        // A name that is no identifier is not one name of the expression: `my-spring.x` is a difference.
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut odd = self.faults.iter().filter(|(name, _)| !name.chars().all(is_letter));
        if let Some((_, error)) = odd.find(|(name, _)| source.contains(name.as_str())) {
            return Some(error.clone());
        }
        let ast = parse(source).ok()?;
        let mut found = None;
        ast.each_name(&mut |name, _| found = found.take().or_else(|| self.faults.get(name)));
        found.cloned()
    }

    /// The error of a name that the model does not know: that of its definition, if it has a wrong one.
    pub(in crate::scene) fn unknown(&self, name: &str, error: Diagnostic) -> Diagnostic {
        self.faults.get(name).cloned().unwrap_or(error)
    }

    /// Reads a finite number: a TOML number, or an expression of params and constants.
    pub(in crate::scene) fn number(&self, item: ValueReader<'_>) -> Result<f64, Diagnostic> {
        let content = match item.clone().number()? {
            Number::Literal(value, _) => return Ok(value),
            Number::Expression(content) => content,
        };
        let code = self.compile_content(&content, ExprRole::Number)?;
        let value =
            self.env.eval_real(&code).map_err(|error| item.error(&format!("has no value: {error}")))?;
        if value.is_finite() {
            return Ok(value);
        }
        Err(item.error(&format!("is {}", shortest(value))).help("it must be a finite number"))
    }

    /// Reads an optional number in the range of its row.
    pub(in crate::scene) fn opt_number(
        &self,
        table: &mut TableReader<'_>,
        key: &'static str,
    ) -> Result<Option<f64>, Diagnostic> {
        let range = table.key_type(key).unwrap_or(KeyType::Number);
        table.opt(key, |item| match range {
            KeyType::Positive | KeyType::Length => self.positive(item),
            KeyType::NonNegative => self.at_least(item, 0.0),
            KeyType::Fraction => self.fraction(item),
            _ => self.number(item),
        })
    }

    /// As [`opt_number`](Self::opt_number), for a key that is attempted.
    pub(in crate::scene) fn attempt_number(
        &self,
        table: &mut TableReader<'_>,
        key: &'static str,
    ) -> Option<f64> {
        let number = self.opt_number(table, key);
        table.note(number)
    }

    /// Reads a number greater than 0.
    pub(in crate::scene) fn positive(&self, item: ValueReader<'_>) -> Result<f64, Diagnostic> {
        let value = self.number(item.clone())?;
        if value > 0.0 {
            return Ok(value);
        }
        Err(item.error(&format!("is {}", shortest(value))).help("it must be greater than 0"))
    }

    /// Reads a number that is at least `min`.
    pub(in crate::scene) fn at_least(&self, item: ValueReader<'_>, min: f64) -> Result<f64, Diagnostic> {
        let value = self.number(item.clone())?;
        if value >= min {
            return Ok(value);
        }
        Err(item.error(&format!("is {}", shortest(value))).help(format!("it must be at least {min}")))
    }

    /// Reads a number from 0 to 1.
    pub(in crate::scene) fn fraction(&self, item: ValueReader<'_>) -> Result<f64, Diagnostic> {
        let value = self.number(item.clone())?;
        if (0.0..=1.0).contains(&value) {
            return Ok(value);
        }
        Err(item.error(&format!("is {}", shortest(value))).help("it reaches from 0 to 1"))
    }

    /// Reads a signal: a number or an expression that may depend on time.
    pub(in crate::scene) fn signal(&self, item: ValueReader<'_>) -> Result<Code, Diagnostic> {
        self.signal_with(item, &[])
    }

    /// Reads a signal that may also depend on the variables `bound`.
    pub(in crate::scene) fn signal_with(
        &self,
        item: ValueReader<'_>,
        bound: &[FreeId],
    ) -> Result<Code, Diagnostic> {
        match item.number()? {
            Number::Literal(value, _) => Ok(Code::constant(value)),
            Number::Expression(content) => self.compile_content(&content, ExprRole::Element(bound)),
        }
    }

    /// The systems with rows or steps of which an expression uses members at the present time.
    pub(in crate::scene) fn sampled_systems(&self, code: &Code) -> Vec<SystemId> {
        let systems = self.model.present_systems(code).into_iter();
        systems
            .filter(|system| !matches!(self.env.system(*system).sample_times([0.0; 2]), Ok(None)))
            .collect()
    }

    /// The first and the last index, if an expression uses a free variable as the index of components and nothing else.
    pub(in crate::scene) fn index_range(&self, code: &Code, free: FreeId) -> Option<[f64; 2]> {
        let index = code.index_of(free)?;
        let schema = self.env.system(index.system).schema();
        let axis = schema.member(index.slot).shape.axes().get(index.position).copied()?;
        let length = axis.length.filter(|length| *length > 0)?;
        Some([axis.first as f64, axis.first as f64 + (length - 1) as f64])
    }

    /// Reads the name of a system.
    pub(in crate::scene) fn system<'a>(
        &self,
        item: &ValueReader<'a>,
    ) -> Result<(&'a str, SystemId), Diagnostic> {
        let name = item.clone().string()?.as_str();
        if let Some((id, _)) = self.model.system(name) {
            return Ok((name, id));
        }
        let known: Vec<&str> = self.model.systems().map(|(_, name, _)| name).collect();
        let error = item.error(&format!("names no system: `{name}`")).maybe_help(hint(name, &known));
        Err(self.unknown(name, error))
    }

    /// The system with the values that params have while the scene is read.
    pub(in crate::scene) fn solved(&self, id: SystemId) -> &dyn System {
        self.env.system(id)
    }

    /// Reads the variable of a curve: `t`, a param, or a free variable, which the model already has.
    pub(in crate::scene) fn variable(&self, item: ValueReader<'_>) -> Result<Variable, Diagnostic> {
        let name = item.clone().string()?.as_str();
        let param = || self.model.param(name).map(Variable::Param);
        let free = || self.model.free(name).map(Variable::Free);
        let known = if name == TIME { Some(Variable::Time) } else { param().or_else(free) };
        known.ok_or_else(|| {
            let error = item.error("names nothing to run over").help("write over = 't', or a param");
            self.unknown(name, error)
        })
    }

    /// Reads a label and compiles its readouts.
    pub(in crate::scene) fn label(&self, item: ValueReader<'_>) -> Result<Label, Diagnostic> {
        let origin = item.origin();
        let template = Template::read(item)?;
        let readouts = template
            .readouts()
            .map(|readout| {
                self.compile(&readout.expression, ExprRole::Element(&[])).map_err(|error| {
                    let located = Diagnostic::new(error.message)
                        .maybe_help(error.help)
                        .at(template.origin_in(readout, error.span));
                    self.cause(&readout.expression).unwrap_or(located)
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Label { template, readouts, origin })
    }

    /// Whether a number is written as an expression with `pi`.
    pub(in crate::scene) fn names_pi(item: &ValueReader<'_>) -> bool {
        let Value::String(content) = item.value() else { return false };
        let mut words = content.as_str().split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        words.any(|word| word == "pi")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_names_hide_those_of_the_scene() {
        let model = Model::builder().param("k", 2.0).signal("f", "k*t").build().expect("a model");
        let faults = Faults::new();
        let context = Context::new(&model, model.env(&[]).expect("values"), &faults);
        let inner = context.with_locals([("k", Meaning::Constant(7.0))]);
        let nested = inner.with_locals([("n", Meaning::Constant(1.0))]);
        let value = |context: &Context<'_>, source: &str| {
            context.compile(source, ExprRole::Number).map(|code| context.env.eval_real(&code))
        };
        assert_eq!(value(&context, "k + f(3)"), Ok(Ok(8.0)));
        assert_eq!(value(&inner, "k + f(3)"), Ok(Ok(13.0)));
        assert_eq!(value(&nested, "k + n"), Ok(Ok(8.0)));
        assert!(value(&inner, "k + n").is_err());
        let error = value(&nested, "sum(n, n, 1, 3)").expect_err("a variable that is a name already");
        assert!(error.message.contains("already defined"), "{error}");
    }
}
