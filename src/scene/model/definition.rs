//! One definition of a model: a param, a signal, or a system with its keys, from formulas to compiled code.

use std::sync::Arc;

use super::head::Head;
use super::key_content::{CompiledKey, KeyContent};
use super::system::{SystemDefinition, key_error};
use super::{DefinitionPath, Evaluation, EvaluationTarget, Model, ModelError};
use crate::keys::{KeySpec, KeyType};
use crate::scene::expr::{
    Ast, Code, ExprRole, LocalNames, NameKind, ParamId, Scope, SignalId, Symbol, SymbolInfo, SymbolTable,
    SystemId, check_name, compile, compile_reference, parse,
};
use crate::suggest::nearest;
use crate::system::{Outline, OutlineValue, Schema, SystemKind};

/// A value in a scene: a TOML number, or a string with an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A number.
    Number(f64),
    /// The source of an expression.
    Text(String),
}

impl From<f64> for Formula {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Formula {
    fn from(source: &str) -> Self {
        Self::Text(source.to_owned())
    }
}

impl From<String> for Formula {
    fn from(source: String) -> Self {
        Self::Text(source)
    }
}

/// A named definition. A param, a signal or a function has one key, whose name is empty.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    /// Its name in the scene, of a function with the arguments.
    pub(super) written: String,
    pub(super) head: Head,
    /// The panel that alone can use the name; `None` for a name of the whole scene.
    pub(super) panel: Option<String>,
    pub(super) kind: DefinitionKind,
    pub(super) keys: Vec<(String, KeyContent<Formula>)>,
}

/// The kind of a definition. Params, signals and functions carry their index.
#[derive(Clone, Copy, Debug)]
pub(super) enum DefinitionKind {
    Param(ParamId),
    Signal(SignalId),
    /// A function of `[signals]`, or of `[params]`.
    Function {
        id: SignalId,
        is_param: bool,
    },
    System(SystemKind),
}

/// A formula after parsing.
pub(super) enum ParsedFormula {
    Number(f64),
    Ast(Ast),
}

impl DefinitionKind {
    /// Whether this is a signal or a function, which share their indices.
    pub(super) fn is_signal(self) -> bool {
        matches!(self, Self::Signal(_) | Self::Function { .. })
    }
}

impl Definition {
    /// The kind of its name.
    pub(super) fn name_kind(&self) -> NameKind {
        match self.kind {
            DefinitionKind::Param(_) => NameKind::Param,
            DefinitionKind::Signal(_) => NameKind::Signal,
            DefinitionKind::Function { .. } => NameKind::Function,
            DefinitionKind::System(_) => NameKind::System,
        }
    }

    /// The path of the formula with this key. The empty key means the definition itself.
    pub(super) fn path(&self, key: &str) -> DefinitionPath {
        let name = self.written.clone();
        match self.kind {
            DefinitionKind::Param(_) | DefinitionKind::Function { is_param: true, .. } => {
                DefinitionPath::Param(name)
            }
            DefinitionKind::Signal(_) | DefinitionKind::Function { .. } => match self.panel.clone() {
                None => DefinitionPath::Signal(name),
                Some(panel) => DefinitionPath::PanelSignal { panel, name },
            },
            DefinitionKind::System(_) if key.is_empty() => DefinitionPath::System(name),
            DefinitionKind::System(_) => DefinitionPath::Key { system: name, key: key.to_owned() },
        }
    }

    /// The description of a key of a system.
    fn spec(&self, key: &str) -> Option<&'static KeySpec> {
        let DefinitionKind::System(kind) = self.kind else { return None };
        kind.keys().iter().find(|spec| spec.name == key)
    }

    /// The names of the state, or of other variables of its own, that the expressions of a key may use.
    pub(super) fn state_names(&self, key: &str) -> Vec<String> {
        match self.spec(key).map(|spec| spec.value) {
            Some(KeyType::OfState(table)) => {
                let states = self.keys.iter().find(|(key, _)| key == table);
                states.map_or(Vec::new(), |(_, content)| content.names())
            }
            Some(
                KeyType::Function(names)
                | KeyType::TimeFunction(names)
                | KeyType::VectorOf(names)
                | KeyType::MatrixOf(names),
            ) => names.iter().map(|name| (*name).to_owned()).collect(),
            _ => Vec::new(),
        }
    }

    /// Checks the keys of a system and returns its members. Params and signals have none. `others` gives the members
    /// of a system that a key refers to.
    pub(super) fn schema(&self, others: impl Fn(&str) -> Option<Schema>) -> Result<Schema, ModelError> {
        let DefinitionKind::System(kind) = self.kind else { return Ok(Schema::default()) };
        let mut outline = Outline::default();
        for (key, content) in &self.keys {
            let spec = self.spec(key).ok_or_else(|| self.unknown_key(kind, key))?;
            if !content.fits(spec) {
                let message = format!("`{key}` of {} has a value of another type", kind.with_article());
                return Err(ModelError::new(self.path(key), message).with_help(spec.doc));
            }
            if let KeyType::OfState(_) = spec.value {
                self.check_member_names(key, content)?;
            }
            let outlined = match (content, spec.value) {
                (KeyContent::Scalar(Formula::Text(name)), KeyType::System) => {
                    OutlineValue::System(others(name).ok_or_else(|| self.unknown_system(key, name))?)
                }
                _ => content.outline(spec.value),
            };
            outline.0.push((spec.name, outlined));
        }
        kind.declare(&outline).map_err(|error| key_error(&self.head.name, error))
    }

    /// Checks the names of states or events, which expressions use as they stand.
    fn check_member_names(&self, key: &str, content: &KeyContent<Formula>) -> Result<(), ModelError> {
        for name in content.names() {
            check_name(NameKind::Member, &name)
                .map_err(|message| ModelError::name(self.path(&format!("{key}.{name}")), message))?;
        }
        Ok(())
    }

    /// The error for a key that refers to a system that the scene does not have.
    fn unknown_system(&self, key: &str, name: &str) -> ModelError {
        let error = ModelError::new(self.path(key), format!("there is no system `{name}`"));
        match check_name(NameKind::System, name) {
            Ok(()) => error.with_help(format!("write `[systems.{name}]`, or the name of another system")),
            Err(_) => error.with_help("write the name of another system"),
        }
    }

    /// The error for a key that systems of this kind do not have.
    fn unknown_key(&self, kind: SystemKind, key: &str) -> ModelError {
        let message = format!("{} has no key `{key}`", kind.with_article());
        let error = ModelError::new(self.path(key), message);
        match nearest(key, kind.keys().iter().map(|spec| spec.name)) {
            Some(near) => error.with_help(format!("did you mean `{near}`?")),
            None => error,
        }
    }

    /// Parses the formulas of all keys.
    pub(super) fn parse(&self) -> Result<Vec<KeyContent<ParsedFormula>>, ModelError> {
        let parse_one = |path: String, formula: &Formula| match formula {
            Formula::Number(value) => Ok(ParsedFormula::Number(*value)),
            Formula::Text(source) => parse(source)
                .map(ParsedFormula::Ast)
                .map_err(|error| ModelError::in_expression(self.path(&path), error)),
        };
        self.keys.iter().map(|(key, content)| content.try_map(key, parse_one)).collect()
    }

    /// The place of the formulas of a key, which decides what they may use.
    fn role(&self, key: &str) -> ExprRole<'static> {
        match (self.kind, self.spec(key).map(|spec| spec.value)) {
            (DefinitionKind::Signal(_) | DefinitionKind::Function { is_param: false, .. }, _) => {
                ExprRole::Signal
            }
            (
                _,
                Some(
                    KeyType::Signal | KeyType::SampledSignal | KeyType::TimeFunction(_) | KeyType::OfState(_),
                ),
            ) => ExprRole::Element(&[]),
            (DefinitionKind::Param(_) | DefinitionKind::Function { .. } | DefinitionKind::System(_), _) => {
                ExprRole::Number
            }
        }
    }

    /// Compiles the formulas into the model, which already contains the definitions they refer to.
    pub(super) fn compile(
        &self,
        parsed: &[KeyContent<ParsedFormula>],
        schema: &Schema,
        model: &mut Model,
    ) -> Result<(), ModelError> {
        let mut codes = Vec::with_capacity(parsed.len());
        let arguments = self.head.arguments.clone();
        let mut info = SymbolInfo { schema: schema.clone(), arguments, ..SymbolInfo::default() };
        for ((key, _), content) in self.keys.iter().zip(parsed) {
            let state = self.state_names(key);
            let locals = self.panel.as_ref().map_or(LocalNames::none(), |panel| model.panel_names(panel));
            let scope = Scope {
                symbols: &model.symbols,
                role: self.role(key),
                state: &state,
                locals,
                arguments: &self.head.arguments,
            };
            let is_reference = self.spec(key).is_some_and(|spec| spec.value == KeyType::System);
            let compile = if is_reference { compile_reference } else { compile };
            codes.push(content.try_map(key, |path, formula| {
                let code = match formula {
                    ParsedFormula::Number(value) => Code::constant(*value),
                    ParsedFormula::Ast(ast) => compile(ast, &scope)
                        .map_err(|error| ModelError::in_expression(self.path(&path), error))?,
                };
                self.check_variables(key, &path, &code, &model.symbols)?;
                info.dependencies.extend(code.dependencies());
                info.value_type = code.value_type();
                // Each argument is evaluated within a frame of its own.
                info.depth = info.depth.max(code.depth() + self.head.arguments.len());
                Ok::<_, ModelError>(code)
            })?);
        }
        self.store(codes, info, model);
        Ok(())
    }

    /// Checks that a variable of a key that an expression uses means nothing else in the scene: `k` is the number of a step
    /// for one system, and the name of a stiffness for many a scene.
    fn check_variables(
        &self,
        key: &str,
        path: &str,
        code: &Code,
        symbols: &SymbolTable,
    ) -> Result<(), ModelError> {
        if let Some(KeyType::OfState(_)) = self.spec(key).map(|spec| spec.value) {
            return Ok(());
        }
        let names = self.state_names(key).into_iter().enumerate();
        let is_defined = |name: &str| !matches!(symbols.get(name), None | Some(Symbol::Free(_)));
        let mut ambiguous = names.filter(|(index, name)| code.uses_state(*index) && is_defined(name));
        match ambiguous.next() {
            None => Ok(()),
            Some((_, name)) => {
                let message = format!("`{name}` is a variable of this key, and the scene defines it as well");
                Err(ModelError::new(self.path(path), message)
                    .with_help(format!("rename the `{name}` of the scene, here and where it is defined")))
            }
        }
    }

    /// Adds no formulas to the model. A system keeps its number.
    pub(super) fn leave_out(&self, model: &mut Model) {
        if let DefinitionKind::System(kind) = self.kind {
            model.systems.push(SystemDefinition { name: self.head.name.clone(), kind, keys: Vec::new() });
        }
    }

    /// Adds the compiled formulas to the model.
    fn store(&self, codes: Vec<KeyContent<Code>>, mut info: SymbolInfo, model: &mut Model) {
        let only = |mut codes: Vec<KeyContent<Code>>| match codes.pop() {
            Some(KeyContent::Scalar(code)) => code,
            _ => Code::constant(f64::NAN),
        };
        let (symbol, target) = match self.kind {
            DefinitionKind::Param(param) => {
                model.params[param.index()].code = only(codes);
                (Symbol::Param(param), Some(EvaluationTarget::Param(param)))
            }
            DefinitionKind::Signal(signal) => {
                Arc::make_mut(&mut model.signals)[signal.index()] = only(codes);
                (Symbol::Signal(signal), None)
            }
            DefinitionKind::Function { id, .. } => {
                Arc::make_mut(&mut model.signals)[id.index()] = only(codes);
                (Symbol::Function(id), None)
            }
            DefinitionKind::System(kind) => {
                let id = SystemId(model.systems.len() as u32);
                // A solution holds for all times, even if an input of the system changes with time.
                info.dependencies.time = false;
                model.systems.push(SystemDefinition {
                    name: self.head.name.clone(),
                    kind,
                    keys: self.compiled(codes),
                });
                (Symbol::System(id, kind), Some(EvaluationTarget::System(id)))
            }
        };
        if let Some(target) = target {
            model.evaluation_order.push(Evaluation { target, dependencies: info.dependencies.clone() });
        }
        model.symbols.define(symbol, info);
    }

    /// The compiled keys of a system with their descriptions.
    fn compiled(&self, codes: Vec<KeyContent<Code>>) -> Vec<CompiledKey> {
        let keys = self.keys.iter().zip(codes);
        keys.filter_map(|((key, _), code)| Some((self.spec(key)?, code))).collect()
    }
}
