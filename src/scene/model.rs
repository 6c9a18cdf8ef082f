//! The model of a scene: its params, signals and systems, resolved and in order.
//!
//! A [`Model`] is built once from named formulas. It has no cycles and no unknown names, and it knows the
//! order in which params and systems are evaluated. An [`Env`] is the model at given values of time, params
//! and variables; expressions are evaluated in it.

mod build;
mod definition;
mod env;
mod head;
mod key_content;
mod numbering;
mod solved;
mod system;
mod topological_sort;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

pub use build::ModelBuilder;
pub(super) use build::PartialModel;
pub use definition::Formula;
pub use env::Env;
pub use key_content::KeyContent;
use solved::Solutions;
use system::SystemDefinition;

use super::expr::{
    Code, Dependencies, EvalError, ExprError, ExprRole, FreeId, LocalNames, ParamId, Scope, SignalId, Symbol,
    SymbolTable, SystemId, compile, parse,
};
use crate::system::{MemberKind, Schema, SystemKind};
use crate::work::WorkMeter;

/// A definition in the scene, for locating errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefinitionPath {
    /// A param of `[params]`, or a function with its arguments, `H(w)`, as it is written there.
    Param(String),
    /// A signal of `[signals]`, or a function with its arguments.
    Signal(String),
    /// A signal of `[panels.P.signals]`.
    PanelSignal {
        /// The panel's name.
        panel: String,
        /// The signal's name, or a function with its arguments.
        name: String,
    },
    /// A system as a whole.
    System(String),
    /// A key of a system, or a part of its value. Nested tables are joined by points, `drive.omega`, and the entries
    /// of lists have an index, `A[0][1]`.
    Key {
        /// The system's name.
        system: String,
        /// The key.
        key: String,
    },
    /// A free variable of curves.
    Variable(String),
}

impl DefinitionPath {
    /// The name of the definition, of a function without its arguments; of a key, that of its system.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Param(name) | Self::Signal(name) | Self::PanelSignal { name, .. } => head::name(name),
            Self::System(name) | Self::Variable(name) => name,
            Self::Key { system, .. } => system,
        }
    }
}

/// An error in a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelError {
    /// The definition.
    pub definition: DefinitionPath,
    /// The bytes of its expression that the error is about; `None` if it is about the whole definition.
    pub span: Option<Range<usize>>,
    /// The bytes of the file that a key names, if the error is about its content.
    pub in_file: Option<Range<usize>>,
    /// Whether the error is about the name of the definition and not about its value.
    pub is_about_name: bool,
    /// The message.
    pub message: String,
    /// A remedy, if one is known.
    pub help: Option<String>,
}

/// The params, signals and systems of a scene.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    symbols: SymbolTable,
    /// Indexed by [`ParamId`].
    params: Vec<Param>,
    /// Indexed by [`SignalId`].
    signals: Arc<Vec<Code>>,
    /// Indexed by [`SystemId`]; each system comes after those it uses.
    systems: Vec<SystemDefinition>,
    /// The names that single panels have for themselves, by panel.
    panel_names: BTreeMap<String, LocalNames>,
    /// Names of the free variables, indexed by [`FreeId`].
    free: Vec<String>,
    /// Params and systems; each one comes after those it uses.
    evaluation_order: Vec<Evaluation>,
    /// The solutions of the systems so far.
    solutions: Solutions,
    /// Whether poles keep their numbers while params move.
    numbers_poles: bool,
    /// Counts all work but that of frames: see [`Env::with_own_work`].
    work: WorkMeter,
}

/// A param and its definition.
#[derive(Clone, Debug, PartialEq)]
struct Param {
    name: String,
    code: Code,
}

/// One step in evaluating an [`Env`].
#[derive(Clone, Debug, PartialEq)]
struct Evaluation {
    target: EvaluationTarget,
    dependencies: Dependencies,
}

/// The param or system that an [`Evaluation`] evaluates.
#[derive(Clone, Copy, Debug, PartialEq)]
enum EvaluationTarget {
    Param(ParamId),
    System(SystemId),
}

impl Model {
    /// A builder without definitions.
    #[must_use]
    pub fn builder() -> ModelBuilder {
        ModelBuilder::default()
    }

    /// The symbol table of the scene.
    #[must_use]
    pub fn symbols(&self) -> &SymbolTable {
        &self.symbols
    }

    /// All params with their names, in the order of definition.
    pub fn params(&self) -> impl Iterator<Item = (ParamId, &str)> {
        (0..).map(ParamId).zip(self.params.iter().map(|param| param.name.as_str()))
    }

    /// The names that a panel has for itself.
    #[must_use]
    pub fn panel_names(&self, panel: &str) -> &LocalNames {
        self.panel_names.get(panel).unwrap_or_else(|| LocalNames::none())
    }

    /// All signals of `[signals]` with their names, in the order of definition.
    #[must_use]
    pub fn signals(&self) -> Vec<(SignalId, &str)> {
        let mut signals: Vec<_> = self
            .symbols
            .iter()
            .filter_map(|(name, symbol)| match symbol {
                Symbol::Signal(id) => Some((id, name)),
                Symbol::Param(_) | Symbol::Function(_) | Symbol::System(..) | Symbol::Free(_) => None,
            })
            .collect();
        signals.sort_unstable_by_key(|(id, _)| *id);
        signals
    }

    /// All systems with their names and kinds, in the order of evaluation.
    pub fn systems(&self) -> impl Iterator<Item = (SystemId, &str, SystemKind)> {
        (0..).zip(&self.systems).map(|(id, system)| (SystemId(id), system.name.as_str(), system.kind))
    }

    /// The param with this name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<ParamId> {
        match self.symbols.get(name)? {
            Symbol::Param(param) => Some(param),
            Symbol::Signal(_) | Symbol::Function(_) | Symbol::System(..) | Symbol::Free(_) => None,
        }
    }

    /// The user-defined signal with this name.
    #[must_use]
    pub fn signal(&self, name: &str) -> Option<SignalId> {
        match self.symbols.get(name)? {
            Symbol::Signal(signal) => Some(signal),
            Symbol::Param(_) | Symbol::Function(_) | Symbol::System(..) | Symbol::Free(_) => None,
        }
    }

    /// The system with this name, and its kind.
    #[must_use]
    pub fn system(&self, name: &str) -> Option<(SystemId, SystemKind)> {
        match self.symbols.get(name)? {
            Symbol::System(system, kind) => Some((system, kind)),
            Symbol::Param(_) | Symbol::Signal(_) | Symbol::Function(_) | Symbol::Free(_) => None,
        }
    }

    /// The members of a system. Lengths that depend on values are unknown; those of a solved system are in
    /// [`Env::system`].
    #[must_use]
    pub fn schema(&self, system: SystemId) -> Option<&Schema> {
        let kind = self.systems.get(system.index())?.kind;
        self.symbols.info(Symbol::System(system, kind)).map(|info| &info.schema)
    }

    /// Whether an expression or one of the scene's signals uses a param to count: as an index, as the number of a step, or as
    /// a limit of a series.
    #[must_use]
    pub fn counts_by(&self, param: ParamId, code: &Code) -> bool {
        let is_sequence = |system, slot| {
            let schema = self.schema(system);
            schema.is_some_and(|schema| matches!(schema.member(slot).kind, MemberKind::Sequence(_)))
        };
        let own = std::iter::once(code);
        let signals = code.dependencies().signals.iter().map(|signal| &self.signals[signal.index()]);
        own.chain(signals).any(|code| code.counts_by(param, is_sequence))
    }

    /// The systems of which an expression uses members at the present time, by itself or in a signal.
    #[must_use]
    pub fn present_systems(&self, code: &Code) -> BTreeSet<SystemId> {
        let signals = code.dependencies().signals.iter().map(|signal| &self.signals[signal.index()]);
        std::iter::once(code).chain(signals).flat_map(Code::present_systems).collect()
    }

    /// The number of times that a system of this model was solved. Each system is solved once for each distinct set
    /// of the params that it depends on.
    #[must_use]
    pub fn solve_count(&self) -> u64 {
        self.solutions.count()
    }

    /// The error of an evaluation at the key of a system that it is about; `None` if it is about none.
    #[must_use]
    pub fn system_error(&self, error: &EvalError) -> Option<ModelError> {
        let EvalError::System { system, error } = error else { return None };
        Some(system::system_error(&self.systems.get(system.index())?.name, error))
    }

    /// The free variable with this name.
    #[must_use]
    pub fn free(&self, name: &str) -> Option<FreeId> {
        match self.symbols.get(name)? {
            Symbol::Free(free) => Some(free),
            Symbol::Param(_) | Symbol::Signal(_) | Symbol::Function(_) | Symbol::System(..) => None,
        }
    }

    /// The variables of the coordinates x and y of a place. They are the free variables of these names, or variables without
    /// a name where the scene gives these names another meaning.
    #[must_use]
    pub fn coordinates(&self) -> [FreeId; 2] {
        let [x, y] = self.unnamed();
        [self.free("x").unwrap_or(x), self.free("y").unwrap_or(y)]
    }

    /// Two free variables that have names in a part of the scene only.
    #[must_use]
    pub fn unnamed(&self) -> [FreeId; 2] {
        [0, 1].map(|index| FreeId(self.free.len() as u32 + index))
    }

    /// The number of free variables, with those without a name.
    fn free_count(&self) -> usize {
        self.free.len() + 2
    }

    /// Parses and compiles an expression of a panel, an axis or a label.
    ///
    /// # Errors
    ///
    /// A syntax error, an unknown name, or a name that this role does not allow.
    pub fn compile(&self, source: &str, role: ExprRole<'_>) -> Result<Code, ExprError> {
        self.compile_in(LocalNames::none(), source, role)
    }

    /// As [`compile`](Self::compile), in a part of the scene that has names of its own.
    ///
    /// # Errors
    ///
    /// The errors of [`compile`](Self::compile).
    pub fn compile_in(
        &self,
        locals: &LocalNames,
        source: &str,
        role: ExprRole<'_>,
    ) -> Result<Code, ExprError> {
        compile(&parse(source)?, &Scope { symbols: &self.symbols, role, state: &[], locals, arguments: &[] })
    }

    /// Counts all work but that of frames, against the limit of the scene.
    #[must_use]
    pub fn work(&self) -> &WorkMeter {
        &self.work
    }

    /// The model at t = 0. `overrides` sets params to values other than those of their definitions.
    ///
    /// # Errors
    ///
    /// A key of a system whose value is complex or invalid, or a definition that takes too much work.
    pub fn env(&self, overrides: &[(ParamId, f64)]) -> Result<Env<'_>, ModelError> {
        Env::new(self, overrides)
    }
}

impl ModelError {
    fn new(definition: DefinitionPath, message: impl Into<String>) -> Self {
        Self {
            definition,
            span: None,
            in_file: None,
            is_about_name: false,
            message: message.into(),
            help: None,
        }
    }

    /// An error about the name of a definition.
    fn name(definition: DefinitionPath, message: impl Into<String>) -> Self {
        let help = "rename it, here and in every expression that uses it".to_owned();
        Self { is_about_name: true, help: Some(help), ..Self::new(definition, message) }
    }

    fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// An error in the expression of a definition.
    fn in_expression(definition: DefinitionPath, error: ExprError) -> Self {
        Self { span: Some(error.span), help: error.help, ..Self::new(definition, error.message) }
    }
}

impl fmt::Display for DefinitionPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Param(name) => write!(f, "param `{name}`"),
            Self::Signal(name) => write!(f, "signal `{name}`"),
            Self::PanelSignal { panel, name } => write!(f, "signal `{name}` of panel `{panel}`"),
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
