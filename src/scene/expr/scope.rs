//! What names mean: the symbols of a scene, and which of them an expression may use.
//!
//! Params, signals, systems and the variables that curves run over share one set of names. Each
//! symbol carries what it depends on, transitively, so that an expression that uses it knows whether it
//! moves with time or with a param.

use std::collections::{BTreeMap, BTreeSet};

use super::SystemKind;
use super::function::is_function;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) u32);

        impl $name {
            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A number of `[params]`, counted in the order of their definitions.
    ParamId
    /// A signal of `[signals]`, counted in the order of their definitions.
    SignalId
    /// A system, counted in the order in which systems are solved.
    SystemId
    /// A fresh variable that curves run over.
    FreeId
}

/// What a curve may run over, and an evaluation may bind anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// `t`, in seconds.
    Time,
    /// A param.
    Param(ParamId),
    /// A fresh name.
    Free(FreeId),
}

/// What a name of the scene stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symbol {
    /// A number.
    Param(ParamId),
    /// A signal of the scene's own.
    Signal(SignalId),
    /// A system, which has members.
    System(SystemId, SystemKind),
    /// A variable that curves run over.
    Free(FreeId),
}

/// All that a value depends on, through whatever definitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// Whether it changes with the present time.
    pub time: bool,
    /// Params.
    pub params: BTreeSet<ParamId>,
    /// Signals of the scene's own.
    pub signals: BTreeSet<SignalId>,
    /// Systems.
    pub systems: BTreeSet<SystemId>,
    /// Variables that curves run over.
    pub free: BTreeSet<FreeId>,
}

impl Dependencies {
    /// Whether the value can change with the variable.
    #[must_use]
    pub fn contains(&self, variable: Variable) -> bool {
        match variable {
            Variable::Time => self.time,
            Variable::Param(param) => self.params.contains(&param),
            Variable::Free(free) => self.free.contains(&free),
        }
    }

    /// Takes in the dependencies of what is used, too.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.time |= other.time;
        self.params.extend(&other.params);
        self.signals.extend(&other.signals);
        self.systems.extend(&other.systems);
        self.free.extend(&other.free);
    }
}

/// What is known of a defined symbol.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SymbolInfo {
    /// What its definition depends on, itself not included.
    pub(crate) dependencies: Dependencies,
    /// How deeply its evaluation recurses.
    pub(crate) depth: usize,
}

/// The names of a scene.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SymbolTable {
    names: BTreeMap<String, Symbol>,
    info: BTreeMap<Symbol, SymbolInfo>,
}

impl SymbolTable {
    /// What a name stands for.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Symbol> {
        self.names.get(name).copied()
    }

    /// All names and what they stand for, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Symbol)> {
        self.names.iter().map(|(name, symbol)| (name.as_str(), *symbol))
    }

    pub(crate) fn name(&self, symbol: Symbol) -> &str {
        self.iter().find(|(_, known)| *known == symbol).map_or("", |(name, _)| name)
    }

    pub(crate) fn insert(&mut self, name: &str, symbol: Symbol) {
        self.names.insert(name.to_owned(), symbol);
    }

    /// Records what the symbol's definition turned out to depend on.
    pub(crate) fn define(&mut self, symbol: Symbol, info: SymbolInfo) {
        self.info.insert(symbol, info);
    }

    /// What is known of the symbol; nothing of a free variable, which has no definition.
    pub(crate) fn info(&self, symbol: Symbol) -> Option<&SymbolInfo> {
        self.info.get(&symbol)
    }
}

/// What an expression is for, which decides what it may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExprRole<'a> {
    /// A number, which holds for all times: it may look at a signal only at a time that it states.
    Number,
    /// A signal of the scene's own, which may use every variable that some curve runs over.
    Signal,
    /// What an element shows, while these variables are bound.
    Element(&'a [FreeId]),
}

/// Where an expression is compiled.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The names it may use.
    pub symbols: &'a SymbolTable,
    /// What it is for.
    pub role: ExprRole<'a>,
}

impl Scope<'_> {
    /// Whether the variable has a value here.
    pub(super) fn binds(&self, free: FreeId) -> bool {
        match self.role {
            ExprRole::Number => false,
            ExprRole::Signal => true,
            ExprRole::Element(bound) => bound.contains(&free),
        }
    }
}

/// What is given a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A number of `[params]`.
    Param,
    /// A signal of `[signals]`.
    Signal,
    /// A system.
    System,
    /// A variable that curves run over, or that `sum` and `integral` bind.
    Variable,
}

impl NameKind {
    /// As messages call it.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Param => "param",
            Self::Signal => "signal",
            Self::System => "system",
            Self::Variable => "variable",
        }
    }
}

/// Words with a meaning of their own.
const RESERVED: [&str; 9] = ["t", "j", "pi", "inf", "nan", "and", "or", "not", "if"];

/// Whether something may be given this name, apart from other things that have it already.
///
/// # Errors
///
/// A message that says why not.
pub fn check_name(kind: NameKind, name: &str) -> Result<(), String> {
    let noun = kind.noun();
    let letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !letters || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let rule = "a letter from A to Z or a to z, then letters, digits and `_`";
        return Err(format!("`{name}` cannot name a {noun}: a name is {rule}"));
    }
    if RESERVED.contains(&name) {
        return Err(format!("`{name}` cannot name a {noun}: it is a word of the expression language"));
    }
    if kind == NameKind::Signal && is_function(name) {
        return Err(format!("`{name}` cannot name a signal: `{name}(…)` is a function, not another time"));
    }
    Ok(())
}
