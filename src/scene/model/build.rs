//! Builds a model from named formulas: checks names, parses formulas, orders definitions, compiles them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::system::{System, check_keys, system_keys};
use super::topological_sort::{Edge, topological_sort};
use super::{DefinitionPath, Evaluation, EvaluationTarget, Model, ModelError, Param};
use crate::scene::expr::{
    Ast, Code, Dependencies, ExprRole, FreeId, NameKind, ParamId, Scope, SignalId, Symbol, SymbolInfo,
    SymbolTable, SystemId, SystemKind, check_name, compile, parse,
};

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

/// Collects the definitions of a model, in any order.
#[derive(Clone, Debug, Default)]
pub struct ModelBuilder {
    definitions: Vec<Definition>,
    free: Vec<String>,
}

/// A named definition. A param or a signal has one formula with an empty key; a system has one formula per key.
#[derive(Clone, Debug)]
struct Definition {
    name: String,
    kind: DefinitionKind,
    /// Keys and formulas.
    formulas: Vec<(String, Formula)>,
}

/// The kind of a definition. Params and signals carry their index.
#[derive(Clone, Copy, Debug)]
enum DefinitionKind {
    Param(ParamId),
    Signal(SignalId),
    System(SystemKind),
}

/// A formula after parsing.
enum ParsedFormula {
    Number(f64),
    Ast(Ast),
}

/// A reference from one definition to another.
struct Reference {
    /// The index of the definition referred to.
    definition: usize,
    /// The index of the referring formula in its definition.
    formula: usize,
    /// The bytes of the name in the referring formula.
    span: Range<usize>,
}

impl ModelBuilder {
    /// Adds a param of `[params]`.
    pub fn param(&mut self, name: impl Into<String>, formula: impl Into<Formula>) -> &mut Self {
        let id = self.count(|kind| matches!(kind, DefinitionKind::Param(_)));
        self.define(name, DefinitionKind::Param(ParamId(id)), vec![(String::new(), formula.into())])
    }

    /// Adds a signal of `[signals]`.
    pub fn signal(&mut self, name: impl Into<String>, formula: impl Into<Formula>) -> &mut Self {
        let id = self.count(|kind| matches!(kind, DefinitionKind::Signal(_)));
        self.define(name, DefinitionKind::Signal(SignalId(id)), vec![(String::new(), formula.into())])
    }

    /// Adds a system with its keys. The keys of nested tables are joined by points: `drive.omega`.
    pub fn system<K, F>(
        &mut self,
        name: impl Into<String>,
        kind: SystemKind,
        keys: impl IntoIterator<Item = (K, F)>,
    ) -> &mut Self
    where
        K: Into<String>,
        F: Into<Formula>,
    {
        let formulas = keys.into_iter().map(|(key, formula)| (key.into(), formula.into())).collect();
        self.define(name, DefinitionKind::System(kind), formulas)
    }

    /// Adds a free variable of curves. Adding it again changes nothing.
    pub fn free(&mut self, name: impl Into<String>) -> &mut Self {
        let name = name.into();
        if !self.free.contains(&name) {
            self.free.push(name);
        }
        self
    }

    fn define(
        &mut self,
        name: impl Into<String>,
        kind: DefinitionKind,
        formulas: Vec<(String, Formula)>,
    ) -> &mut Self {
        self.definitions.push(Definition { name: name.into(), kind, formulas });
        self
    }

    /// The number of definitions of a kind.
    fn count(&self, is_counted: impl Fn(DefinitionKind) -> bool) -> u32 {
        self.definitions.iter().filter(|definition| is_counted(definition.kind)).count() as u32
    }

    /// Builds the model.
    ///
    /// # Errors
    ///
    /// The first error found: an invalid or duplicate name, an unknown key, a formula that does not parse or
    /// uses a name that it may not use, or a cycle of definitions.
    pub fn build(&self) -> Result<Model, ModelError> {
        self.check_names()?;
        let formulas = self.parse_formulas()?;
        let order = self.sort(&formulas)?;
        let mut model = Model {
            symbols: self.symbols(&order),
            params: self.params_without_code(),
            signals: vec![
                Code::constant(f64::NAN);
                self.count(|kind| matches!(kind, DefinitionKind::Signal(_))) as usize
            ],
            systems: Vec::new(),
            free: self.free.clone(),
            evaluation_order: Vec::new(),
        };
        for index in order {
            self.definitions[index].compile(&formulas[index], &mut model)?;
        }
        Ok(model)
    }

    /// Checks the names of definitions and variables, and the keys of systems.
    fn check_names(&self) -> Result<(), ModelError> {
        let free =
            self.free.iter().map(|name| (name, NameKind::Variable, DefinitionPath::Variable(name.clone())));
        let defined = self.definitions.iter().map(|d| (&d.name, d.name_kind(), d.path("")));
        let mut taken: BTreeMap<&str, NameKind> = BTreeMap::new();
        for (name, kind, path) in defined.chain(free) {
            if let Err(message) = check_name(kind, name) {
                return Err(ModelError::name(path, message));
            }
            if let Some(other) = taken.insert(name, kind) {
                let message = format!("`{name}` is already the name of a {}", other.noun());
                return Err(ModelError::name(path, message));
            }
        }
        for definition in &self.definitions {
            if let DefinitionKind::System(kind) = definition.kind {
                let given: Vec<&str> = definition.formulas.iter().map(|(key, _)| key.as_str()).collect();
                check_keys(&definition.name, kind, &given)?;
            }
        }
        Ok(())
    }

    /// Parses the formulas of each definition.
    fn parse_formulas(&self) -> Result<Vec<Vec<ParsedFormula>>, ModelError> {
        let parse_one = |definition: &Definition, key: &str, formula: &Formula| match formula {
            Formula::Number(value) => Ok(ParsedFormula::Number(*value)),
            Formula::Text(source) => parse(source)
                .map(ParsedFormula::Ast)
                .map_err(|error| ModelError::in_expression(definition.path(key), error)),
        };
        self.definitions
            .iter()
            .map(|d| d.formulas.iter().map(|(key, formula)| parse_one(d, key, formula)).collect())
            .collect()
    }

    /// The indices of the definitions, each after those it refers to.
    fn sort(&self, formulas: &[Vec<ParsedFormula>]) -> Result<Vec<usize>, ModelError> {
        let names: BTreeMap<&str, usize> =
            self.definitions.iter().enumerate().map(|(i, d)| (d.name.as_str(), i)).collect();
        let references: Vec<Vec<Reference>> =
            formulas.iter().map(|formulas| find_references(formulas, &names)).collect();
        let uses: Vec<Vec<usize>> =
            references.iter().map(|references| references.iter().map(|r| r.definition).collect()).collect();
        topological_sort(&uses).map_err(|cycle| self.cycle_error(&cycle, &references))
    }

    /// The error for a cycle of definitions, which it lists.
    fn cycle_error(&self, cycle: &[Edge], references: &[Vec<Reference>]) -> ModelError {
        let reference = |edge: &Edge| &references[edge.definition][edge.reference];
        let key = |edge: &Edge| &self.definitions[edge.definition].formulas[reference(edge).formula].0;
        let label = |edge: &Edge| {
            let (name, key) = (&self.definitions[edge.definition].name, key(edge));
            if key.is_empty() { name.clone() } else { format!("{name}.{key}") }
        };
        let first = &cycle[0];
        let labels: Vec<String> = cycle.iter().chain([first]).map(label).collect();
        let message = format!("these definitions form a cycle: {}", labels.join(" → "));
        let path = self.definitions[first.definition].path(key(first));
        let span = Some(reference(first).span.clone());
        ModelError { span, ..ModelError::new(path, message) }
            .with_help("define one of them by a number, or by a formula without the others")
    }

    /// The symbol table. Systems are numbered in the order given, which is that of evaluation.
    fn symbols(&self, order: &[usize]) -> SymbolTable {
        let mut symbols = SymbolTable::default();
        let mut systems = (0..).map(SystemId);
        for definition in order.iter().map(|index| &self.definitions[*index]) {
            let symbol = match definition.kind {
                DefinitionKind::Param(param) => Some(Symbol::Param(param)),
                DefinitionKind::Signal(signal) => Some(Symbol::Signal(signal)),
                DefinitionKind::System(kind) => systems.next().map(|id| Symbol::System(id, kind)),
            };
            if let Some(symbol) = symbol {
                symbols.insert(&definition.name, symbol);
            }
        }
        for (id, name) in (0..).zip(&self.free) {
            symbols.insert(name, Symbol::Free(FreeId(id)));
        }
        symbols
    }

    /// The params in the order of their ids, each to be compiled later.
    fn params_without_code(&self) -> Vec<Param> {
        let params = self.definitions.iter().filter(|d| matches!(d.kind, DefinitionKind::Param(_)));
        params.map(|d| Param { name: d.name.clone(), code: Code::constant(f64::NAN) }).collect()
    }
}

/// The references in the formulas of one definition.
fn find_references(formulas: &[ParsedFormula], names: &BTreeMap<&str, usize>) -> Vec<Reference> {
    let mut references = Vec::new();
    for (formula, parsed) in formulas.iter().enumerate() {
        if let ParsedFormula::Ast(ast) = parsed {
            ast.each_name(&mut |name, span| {
                if let Some(&definition) = names.get(name) {
                    references.push(Reference { definition, formula, span });
                }
            });
        }
    }
    references
}

impl Definition {
    /// The kind of its name.
    fn name_kind(&self) -> NameKind {
        match self.kind {
            DefinitionKind::Param(_) => NameKind::Param,
            DefinitionKind::Signal(_) => NameKind::Signal,
            DefinitionKind::System(_) => NameKind::System,
        }
    }

    /// The path of the formula with this key. The empty key means the definition itself.
    fn path(&self, key: &str) -> DefinitionPath {
        let name = self.name.clone();
        match self.kind {
            DefinitionKind::Param(_) => DefinitionPath::Param(name),
            DefinitionKind::Signal(_) => DefinitionPath::Signal(name),
            DefinitionKind::System(_) if key.is_empty() => DefinitionPath::System(name),
            DefinitionKind::System(_) => DefinitionPath::Key { system: name, key: key.to_owned() },
        }
    }

    /// Compiles the formulas into the model, which already contains the definitions they refer to.
    fn compile(&self, formulas: &[ParsedFormula], model: &mut Model) -> Result<(), ModelError> {
        let role = match self.kind {
            DefinitionKind::Signal(_) => ExprRole::Signal,
            DefinitionKind::Param(_) | DefinitionKind::System(_) => ExprRole::Number,
        };
        let scope = Scope { symbols: &model.symbols, role };
        let mut codes = Vec::with_capacity(formulas.len());
        let mut info = SymbolInfo::default();
        for ((key, _), parsed) in self.formulas.iter().zip(formulas) {
            let code = match parsed {
                ParsedFormula::Number(value) => Code::constant(*value),
                ParsedFormula::Ast(ast) => {
                    compile(ast, &scope).map_err(|error| ModelError::in_expression(self.path(key), error))?
                }
            };
            info.dependencies.extend(code.dependencies());
            info.depth = info.depth.max(code.depth());
            codes.push(code);
        }
        self.store(codes, info, model);
        Ok(())
    }

    /// Adds the compiled formulas to the model.
    fn store(&self, codes: Vec<Code>, info: SymbolInfo, model: &mut Model) {
        let dependencies: Dependencies = info.dependencies.clone();
        let symbol = match self.kind {
            DefinitionKind::Param(param) => {
                model
                    .evaluation_order
                    .push(Evaluation { target: EvaluationTarget::Param(param), dependencies });
                for code in codes {
                    model.params[param.index()].code = code;
                }
                Symbol::Param(param)
            }
            DefinitionKind::Signal(signal) => {
                for code in codes {
                    model.signals[signal.index()] = code;
                }
                Symbol::Signal(signal)
            }
            DefinitionKind::System(kind) => {
                let id = SystemId(model.systems.len() as u32);
                model
                    .evaluation_order
                    .push(Evaluation { target: EvaluationTarget::System(id), dependencies });
                let known = |key: &str| system_keys(kind).iter().copied().find(|known| *known == key);
                let keys = self.formulas.iter().zip(codes);
                let keys = keys.filter_map(|((key, _), code)| known(key).map(|key| (key, code))).collect();
                model.systems.push(System { name: self.name.clone(), kind, keys });
                Symbol::System(id, kind)
            }
        };
        model.symbols.define(symbol, info);
    }
}
