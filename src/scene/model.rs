//! What moves: the params, signals and systems of a scene, resolved and in order.
//!
//! A [`Model`] is built once, from named formulas. It has no rings and no unknown names, and knows
//! the order in which numbers and systems are to be evaluated. An [`Env`] is the model at given
//! values: there every expression has its value.

mod build;
mod env;
mod system;
mod topological_sort;

use std::fmt;
use std::ops::Range;

pub use build::{Formula, ModelBuilder};
pub use env::Env;
use system::System;
pub use system::system_keys;

use super::expr::{
    Code, Dependencies, ExprError, ExprRole, FreeId, ParamId, Scope, SignalId, Symbol, SymbolTable, SystemId,
    SystemKind, compile, parse,
};

/// Which definition of the scene an error is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefinitionPath {
    /// A number of `[params]`.
    Param(String),
    /// A signal of `[signals]`.
    Signal(String),
    /// A system as a whole.
    System(String),
    /// A key of a system, `drive.omega` being one of `drive = { … }`.
    Key {
        /// The system's name.
        system: String,
        /// The key.
        key: String,
    },
    /// A variable that curves run over.
    Variable(String),
}

/// What is wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelError {
    /// Which one.
    pub definition: DefinitionPath,
    /// The bytes of its expression, where the error is about a part of it.
    pub span: Option<Range<usize>>,
    /// Whether the error is about the name and not about what it stands for.
    pub about_name: bool,
    /// What is wrong.
    pub message: String,
    /// What to write instead, where that is known.
    pub help: Option<String>,
}

/// The params, signals and systems of a scene.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    symbols: SymbolTable,
    /// By [`ParamId`].
    params: Vec<Param>,
    /// By [`SignalId`].
    signals: Vec<Code>,
    /// By [`SystemId`], so that each comes after those it uses.
    systems: Vec<System>,
    /// The names, by [`FreeId`].
    free: Vec<String>,
    /// Params and systems, each after those it uses.
    evaluation_order: Vec<Evaluation>,
}

/// A number of the scene.
#[derive(Clone, Debug, PartialEq)]
struct Param {
    name: String,
    code: Code,
}

/// One evaluation on the way to an [`Env`].
#[derive(Clone, Debug, PartialEq)]
struct Evaluation {
    target: EvaluationTarget,
    dependencies: Dependencies,
}

/// What a [`Evaluation`] evaluates.
#[derive(Clone, Copy, Debug, PartialEq)]
enum EvaluationTarget {
    Param(ParamId),
    System(SystemId),
}

impl Model {
    /// A model without definitions, to be filled.
    #[must_use]
    pub fn builder() -> ModelBuilder {
        ModelBuilder::default()
    }

    /// The names of the scene.
    #[must_use]
    pub fn symbols(&self) -> &SymbolTable {
        &self.symbols
    }

    /// Params and their names, in the order of their definitions.
    pub fn params(&self) -> impl Iterator<Item = (ParamId, &str)> {
        (0..).map(ParamId).zip(self.params.iter().map(|param| param.name.as_str()))
    }

    /// Signals of the scene's own and their names, in the order of their definitions.
    #[must_use]
    pub fn signals(&self) -> Vec<(SignalId, &str)> {
        let mut signals: Vec<_> = self
            .symbols
            .iter()
            .filter_map(|(name, symbol)| match symbol {
                Symbol::Signal(id) => Some((id, name)),
                Symbol::Param(_) | Symbol::System(..) | Symbol::Free(_) => None,
            })
            .collect();
        signals.sort_unstable_by_key(|(id, _)| *id);
        signals
    }

    /// Systems, their names and their kinds, each after those it uses.
    pub fn systems(&self) -> impl Iterator<Item = (SystemId, &str, SystemKind)> {
        (0..).zip(&self.systems).map(|(id, system)| (SystemId(id), system.name.as_str(), system.kind))
    }

    /// The param of that name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<ParamId> {
        match self.symbols.get(name)? {
            Symbol::Param(param) => Some(param),
            Symbol::Signal(_) | Symbol::System(..) | Symbol::Free(_) => None,
        }
    }

    /// The signal of the scene's own of that name.
    #[must_use]
    pub fn signal(&self, name: &str) -> Option<SignalId> {
        match self.symbols.get(name)? {
            Symbol::Signal(signal) => Some(signal),
            Symbol::Param(_) | Symbol::System(..) | Symbol::Free(_) => None,
        }
    }

    /// The system of that name, and its kind.
    #[must_use]
    pub fn system(&self, name: &str) -> Option<(SystemId, SystemKind)> {
        match self.symbols.get(name)? {
            Symbol::System(system, kind) => Some((system, kind)),
            Symbol::Param(_) | Symbol::Signal(_) | Symbol::Free(_) => None,
        }
    }

    /// The variable of that name that curves run over.
    #[must_use]
    pub fn free(&self, name: &str) -> Option<FreeId> {
        match self.symbols.get(name)? {
            Symbol::Free(free) => Some(free),
            Symbol::Param(_) | Symbol::Signal(_) | Symbol::System(..) => None,
        }
    }

    /// Reads an expression of a panel, an axis or a label.
    ///
    /// # Errors
    ///
    /// Whatever is not an expression, or not one for this role.
    pub fn compile(&self, source: &str, role: ExprRole<'_>) -> Result<Code, ExprError> {
        compile(&parse(source)?, &Scope { symbols: &self.symbols, role })
    }

    /// The model at t = 0, with some params set to other values than their definitions'.
    ///
    /// # Errors
    ///
    /// A system's key that is not real or not possible, and a definition that takes too much work.
    pub fn env(&self, overrides: &[(ParamId, f64)]) -> Result<Env<'_>, ModelError> {
        Env::new(self, overrides)
    }
}

impl ModelError {
    fn new(definition: DefinitionPath, message: impl Into<String>) -> Self {
        Self { definition, span: None, about_name: false, message: message.into(), help: None }
    }

    /// An error about the name that a definition was given.
    fn name(definition: DefinitionPath, message: impl Into<String>) -> Self {
        let help = "give it another name, there and in what uses it".to_owned();
        Self { about_name: true, help: Some(help), ..Self::new(definition, message) }
    }

    fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// An error inside of a definition's expression.
    fn within(definition: DefinitionPath, error: ExprError) -> Self {
        Self { span: Some(error.span), help: error.help, ..Self::new(definition, error.message) }
    }
}

impl fmt::Display for DefinitionPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Param(name) => write!(f, "param `{name}`"),
            Self::Signal(name) => write!(f, "signal `{name}`"),
            Self::System(name) => write!(f, "system `{name}`"),
            Self::Key { system, key } => write!(f, "`{key}` of system `{system}`"),
            Self::Variable(name) => write!(f, "variable `{name}`"),
        }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.definition, self.message)?;
        self.help.iter().try_for_each(|help| write!(f, ": {help}"))
    }
}

impl std::error::Error for ModelError {}
