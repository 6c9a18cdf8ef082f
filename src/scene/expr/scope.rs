//! The symbol table of a scene and the rules for which names an expression may use.
//!
//! Params, signals, systems and the free variables of curves share one namespace. Each symbol carries its
//! transitive dependencies, so that an expression that uses it knows whether it changes with time or with a
//! param.

use std::collections::{BTreeMap, BTreeSet};

use super::value_type::ValueType;
use crate::system::{Schema, SystemKind};

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
    /// Index of a param, in the order of definition in `[params]`.
    ParamId
    /// Index of a user-defined signal or function, in the order of definition.
    SignalId
    /// Index of a system, in the order in which systems are solved.
    SystemId
    /// Index of a free variable: a name that exists only as the variable of curves (`over = "s"`).
    FreeId
}

/// An independent variable: curves can run over it, and an evaluation can bind it to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// The time `t`, in seconds.
    Time,
    /// A param.
    Param(ParamId),
    /// A free variable.
    Free(FreeId),
}

/// The meaning of a name in the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symbol {
    /// A number of `[params]`.
    Param(ParamId),
    /// A user-defined signal of `[signals]`.
    Signal(SignalId),
    /// A user-defined function, `H(w)` of `[signals]` or `[params]`.
    Function(SignalId),
    /// A system of `[systems]`, whose members are named `system.member`.
    System(SystemId, SystemKind),
    /// A free variable.
    Free(FreeId),
}

/// The symbols that a value depends on, directly or through other definitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// Whether the value changes with the present time.
    pub time: bool,
    /// The params it depends on.
    pub params: BTreeSet<ParamId>,
    /// The user-defined signals it depends on.
    pub signals: BTreeSet<SignalId>,
    /// The systems it depends on.
    pub systems: BTreeSet<SystemId>,
    /// The free variables it depends on.
    pub free: BTreeSet<FreeId>,
}

impl Dependencies {
    /// Whether the value can change with this variable.
    #[must_use]
    pub fn contains(&self, variable: Variable) -> bool {
        match variable {
            Variable::Time => self.time,
            Variable::Param(param) => self.params.contains(&param),
            Variable::Free(free) => self.free.contains(&free),
        }
    }

    /// Adds all dependencies of another value.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.time |= other.time;
        self.params.extend(&other.params);
        self.signals.extend(&other.signals);
        self.systems.extend(&other.systems);
        self.free.extend(&other.free);
    }
}

/// The properties of a symbol that follow from its definition.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SymbolInfo {
    /// The dependencies of the definition, excluding the symbol itself.
    pub(crate) dependencies: Dependencies,
    /// The recursion depth of its evaluation.
    pub(crate) depth: usize,
    /// The type of the value of a param, a signal or a function.
    pub(crate) value_type: ValueType,
    /// The names of the arguments of a function; empty for other symbols.
    pub(crate) arguments: Vec<String>,
    /// The members of a system; empty for other symbols.
    pub(crate) schema: Schema,
}

/// The names of a scene and what they mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SymbolTable {
    names: BTreeMap<String, Symbol>,
    info: BTreeMap<Symbol, SymbolInfo>,
}

impl SymbolTable {
    /// The symbol with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Symbol> {
        self.names.get(name).copied()
    }

    /// All names with their symbols, in alphabetical order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Symbol)> {
        self.names.iter().map(|(name, symbol)| (name.as_str(), *symbol))
    }

    /// The name of a symbol; empty if the table does not contain it.
    pub(crate) fn name(&self, symbol: Symbol) -> &str {
        self.iter().find(|(_, known)| *known == symbol).map_or("", |(name, _)| name)
    }

    /// Adds a name.
    pub(crate) fn insert(&mut self, name: &str, symbol: Symbol) {
        self.names.insert(name.to_owned(), symbol);
    }

    /// Records the properties of a symbol, once its definition is compiled.
    pub(crate) fn define(&mut self, symbol: Symbol, info: SymbolInfo) {
        self.info.insert(symbol, info);
    }

    /// The properties of a symbol. None for a free variable, which has no definition.
    pub(crate) fn info(&self, symbol: Symbol) -> Option<&SymbolInfo> {
        self.info.get(&symbol)
    }
}

/// The place of an expression in a scene, which decides which names it may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExprRole<'a> {
    /// A number that does not depend on time. It may use a signal only at an explicit time, `osc.x(2)`.
    Number,
    /// The definition of a signal, which may use the time and every free variable.
    Signal,
    /// A value that an element shows, which may use the time and the free variables listed here.
    Element(&'a [FreeId]),
}

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// A symbol of the scene.
    Symbol(Symbol),
    /// A number.
    Constant(f64),
    /// The complex number x + jy of two free variables.
    Place([FreeId; 2]),
}

/// The names that a part of a scene has for itself, such as a panel or an element. They hide names of the scene.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LocalNames(BTreeMap<String, Meaning>);

impl LocalNames {
    /// No names.
    #[must_use]
    pub fn none() -> &'static Self {
        static NONE: LocalNames = LocalNames(BTreeMap::new());
        &NONE
    }

    /// Gives a name a meaning. It replaces a meaning that the name has here.
    pub fn insert(&mut self, name: impl Into<String>, meaning: Meaning) {
        self.0.insert(name.into(), meaning);
    }

    /// The meaning of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Meaning> {
        self.0.get(name).copied()
    }

    /// All names with their meanings, in alphabetical order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Meaning)> {
        self.0.iter().map(|(name, meaning)| (name.as_str(), *meaning))
    }
}

/// The environment in which an expression is compiled.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The names of the scene.
    pub symbols: &'a SymbolTable,
    /// The place of the expression in the scene.
    pub role: ExprRole<'a>,
    /// The names of the components of the state whose rate the expression gives. They hide names of the scene.
    pub state: &'a [String],
    /// The names of the part of the scene that the expression belongs to. They hide names of the scene.
    pub locals: &'a LocalNames,
    /// The arguments of the function that the expression defines. They hide all other names.
    pub arguments: &'a [String],
}

impl Scope<'_> {
    /// The meaning of a name, here or in the scene.
    pub(super) fn lookup(&self, name: &str) -> Option<Meaning> {
        self.locals.get(name).or_else(|| self.symbols.get(name).map(Meaning::Symbol))
    }

    /// All names with their meanings: those of this part of the scene, then those of the scene that they do not hide.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, Meaning)> {
        let of_scene = self.symbols.iter().filter(|(name, _)| self.locals.get(name).is_none());
        self.locals.iter().chain(of_scene.map(|(name, symbol)| (name, Meaning::Symbol(symbol))))
    }

    /// Whether the expression may use this free variable.
    pub(super) fn binds(&self, free: FreeId) -> bool {
        match self.role {
            ExprRole::Number => false,
            ExprRole::Signal => true,
            ExprRole::Element(bound) => bound.contains(&free),
        }
    }
}

/// The kinds of things that have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A param of `[params]`.
    Param,
    /// A signal of `[signals]`.
    Signal,
    /// A function of `[signals]` or `[params]`.
    Function,
    /// An argument of a function.
    Argument,
    /// A system of `[systems]`.
    System,
    /// A free variable of curves, or the local variable of a `sum` or an `integral`.
    Variable,
    /// A member of a system whose name the scene chooses, such as the state of an ode.
    Member,
}

impl NameKind {
    /// The noun for messages.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Param => "param",
            Self::Signal => "signal",
            Self::Function => "function",
            Self::Argument => "argument",
            Self::System => "system",
            Self::Variable => "variable",
            Self::Member => "member",
        }
    }
}

impl NameKind {
    /// The noun with its article.
    fn noun_with_article(self) -> String {
        format!("{} {}", if self == Self::Argument { "an" } else { "a" }, self.noun())
    }
}

/// Words of the language, which cannot be used as names.
const RESERVED: [&str; 9] = ["t", "j", "pi", "inf", "nan", "and", "or", "not", "if"];

/// Checks that something of this kind may have this name. Whether the name is already taken is not checked.
///
/// # Errors
///
/// A message with the rule that the name breaks.
pub fn check_name(kind: NameKind, name: &str) -> Result<(), String> {
    let noun = kind.noun_with_article();
    let has_valid_letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !has_valid_letters || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let rule = "a letter from A to Z or a to z, then letters, digits and `_`";
        return Err(format!("`{name}` cannot name {noun}: a name is {rule}"));
    }
    if RESERVED.contains(&name) {
        return Err(format!("`{name}` cannot name {noun}: it is a word of the expression language"));
    }
    Ok(())
}
