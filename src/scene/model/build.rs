//! From named formulas to a model: names checked, formulas read, put in order, compiled.

use std::collections::BTreeMap;
use std::ops::Range;

use super::system::{System, check_keys, system_keys};
use super::topological_sort::topological_sort;
use super::{DefinitionPath, Evaluation, EvaluationTarget, Model, ModelError, Param};
use crate::scene::expr::{
    Ast, Code, Dependencies, ExprRole, FreeId, NameKind, ParamId, Scope, SignalId, Symbol, SymbolInfo,
    SymbolTable, SystemId, SystemKind, check_name, compile, parse,
};

/// What a scene writes for a value: a TOML number, or a string holding an expression.
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

/// Something with a name: a param and a signal have one formula, a system has one a key.
#[derive(Clone, Debug)]
struct Definition {
    name: String,
    kind: DefinitionKind,
    formulas: Vec<(String, Formula)>,
}

/// What is defined.
#[derive(Clone, Copy, Debug)]
enum DefinitionKind {
    Param(ParamId),
    Signal(SignalId),
    System(SystemKind),
}

/// A formula that was read.
enum ParsedFormula {
    Number(f64),
    Ast(Ast),
}

/// One use of a definition by another.
struct Reference {
    definition: usize,
    /// Which of the user's formulas.
    formula: usize,
    /// Where in it.
    span: Range<usize>,
}

impl ModelBuilder {
    /// Adds a number of `[params]`.
    pub fn param(&mut self, name: impl Into<String>, formula: impl Into<Formula>) -> &mut Self {
        let id = self.count(|kind| matches!(kind, DefinitionKind::Param(_)));
        self.define(name, DefinitionKind::Param(ParamId(id)), vec![(String::new(), formula.into())])
    }

    /// Adds a signal of `[signals]`.
    pub fn signal(&mut self, name: impl Into<String>, formula: impl Into<Formula>) -> &mut Self {
        let id = self.count(|kind| matches!(kind, DefinitionKind::Signal(_)));
        self.define(name, DefinitionKind::Signal(SignalId(id)), vec![(String::new(), formula.into())])
    }

    /// Adds a system with its keys, tables flattened: `drive.omega`.
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

    /// Adds a variable that some curve runs over; adding it again changes nothing.
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

    fn count(&self, of: impl Fn(DefinitionKind) -> bool) -> u32 {
        self.definitions.iter().filter(|definition| of(definition.kind)).count() as u32
    }

    /// The model of these definitions.
    ///
    /// # Errors
    ///
    /// A name that cannot be given or is given twice, an unknown key, a formula that is not an
    /// expression or uses what it may not, a ring of definitions: the first one found.
    pub fn build(&self) -> Result<Model, ModelError> {
        self.check_names()?;
        let bodies = self.read()?;
        let order = self.order(&bodies)?;
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
            self.definitions[index].compile(&bodies[index], &mut model)?;
        }
        Ok(model)
    }

    fn check_names(&self) -> Result<(), ModelError> {
        let free =
            self.free.iter().map(|name| (name, NameKind::Variable, DefinitionPath::Variable(name.clone())));
        let defined = self.definitions.iter().map(|d| (&d.name, d.name_kind(), d.path("")));
        let mut taken: BTreeMap<&str, NameKind> = BTreeMap::new();
        for (name, kind, place) in defined.chain(free) {
            if let Err(message) = check_name(kind, name) {
                return Err(ModelError::name(place, message));
            }
            if let Some(other) = taken.insert(name, kind) {
                let message = format!("`{name}` is the name of a {} already", other.noun());
                return Err(ModelError::name(place, message));
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

    /// The formulas of each definition, read.
    fn read(&self) -> Result<Vec<Vec<ParsedFormula>>, ModelError> {
        let read = |definition: &Definition, key: &str, formula: &Formula| match formula {
            Formula::Number(value) => Ok(ParsedFormula::Number(*value)),
            Formula::Text(source) => parse(source)
                .map(ParsedFormula::Ast)
                .map_err(|error| ModelError::within(definition.path(key), error)),
        };
        self.definitions
            .iter()
            .map(|d| d.formulas.iter().map(|(key, formula)| read(d, key, formula)).collect())
            .collect()
    }

    /// The definitions in the order of their use.
    fn order(&self, bodies: &[Vec<ParsedFormula>]) -> Result<Vec<usize>, ModelError> {
        let names: BTreeMap<&str, usize> =
            self.definitions.iter().enumerate().map(|(i, d)| (d.name.as_str(), i)).collect();
        let uses: Vec<Vec<Reference>> = bodies.iter().map(|bodies| uses(bodies, &names)).collect();
        let edges: Vec<Vec<usize>> =
            uses.iter().map(|uses| uses.iter().map(|used| used.definition).collect()).collect();
        topological_sort(&edges).map_err(|cycle| self.cycle_error(&cycle, &uses))
    }

    /// The error that shows a cycle.
    fn cycle_error(&self, cycle: &[(usize, usize)], uses: &[Vec<Reference>]) -> ModelError {
        let key = |(user, used): (usize, usize)| &self.definitions[user].formulas[uses[user][used].formula].0;
        let label = |at: (usize, usize)| {
            let (name, key) = (&self.definitions[at.0].name, key(at));
            if key.is_empty() { name.clone() } else { format!("{name}.{key}") }
        };
        let first = cycle[0];
        let labels: Vec<String> = cycle.iter().chain([&first]).map(|at| label(*at)).collect();
        let message = format!("the definitions go round in a ring: {}", labels.join(" → "));
        let place = self.definitions[first.0].path(key(first));
        let span = Some(uses[first.0][first.1].span.clone());
        ModelError { span, ..ModelError::new(place, message) }
            .with_help("give one of them a number, or a formula without the others")
    }

    /// All names, systems being numbered in this order.
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

    fn params_without_code(&self) -> Vec<Param> {
        let params = self.definitions.iter().filter(|d| matches!(d.kind, DefinitionKind::Param(_)));
        params.map(|d| Param { name: d.name.clone(), code: Code::constant(f64::NAN) }).collect()
    }
}

/// The definitions that these formulas use.
fn uses(bodies: &[ParsedFormula], names: &BTreeMap<&str, usize>) -> Vec<Reference> {
    let mut uses = Vec::new();
    for (formula, body) in bodies.iter().enumerate() {
        if let ParsedFormula::Ast(ast) = body {
            ast.each_name(&mut |name, span| {
                if let Some(&definition) = names.get(name) {
                    uses.push(Reference { definition, formula, span });
                }
            });
        }
    }
    uses
}

impl Definition {
    fn name_kind(&self) -> NameKind {
        match self.kind {
            DefinitionKind::Param(_) => NameKind::Param,
            DefinitionKind::Signal(_) => NameKind::Signal,
            DefinitionKind::System(_) => NameKind::System,
        }
    }

    /// Where a formula stands; no key is the definition itself.
    fn path(&self, key: &str) -> DefinitionPath {
        let name = self.name.clone();
        match self.kind {
            DefinitionKind::Param(_) => DefinitionPath::Param(name),
            DefinitionKind::Signal(_) => DefinitionPath::Signal(name),
            DefinitionKind::System(_) if key.is_empty() => DefinitionPath::System(name),
            DefinitionKind::System(_) => DefinitionPath::Key { system: name, key: key.to_owned() },
        }
    }

    /// Compiles the formulas into the model, which holds all that they use already.
    fn compile(&self, bodies: &[ParsedFormula], model: &mut Model) -> Result<(), ModelError> {
        let role = match self.kind {
            DefinitionKind::Signal(_) => ExprRole::Signal,
            DefinitionKind::Param(_) | DefinitionKind::System(_) => ExprRole::Number,
        };
        let scope = Scope { symbols: &model.symbols, role };
        let mut codes = Vec::with_capacity(bodies.len());
        let mut info = SymbolInfo::default();
        for ((key, _), body) in self.formulas.iter().zip(bodies) {
            let code = match body {
                ParsedFormula::Number(value) => Code::constant(*value),
                ParsedFormula::Ast(ast) => {
                    compile(ast, &scope).map_err(|error| ModelError::within(self.path(key), error))?
                }
            };
            info.dependencies.extend(code.dependencies());
            info.depth = info.depth.max(code.depth());
            codes.push(code);
        }
        self.store(codes, info, model);
        Ok(())
    }

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
