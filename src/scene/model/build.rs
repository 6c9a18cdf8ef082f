//! From named formulas to a model: names checked, formulas read, put in order, compiled.

use std::collections::BTreeMap;
use std::ops::Range;

use super::system::{System, check_keys, keys};
use super::topological_sort::order;
use super::{Model, ModelError, Param, Place, Step, Target};
use crate::scene::expr::{
    Ast, Code, Dependencies, Facts, FreeId, Kind, NameKind, ParamId, Purpose, Scope, SignalId, Symbol,
    Symbols, SystemId, check_name, compile, parse,
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
    role: Role,
    formulas: Vec<(String, Formula)>,
}

/// What is defined.
#[derive(Clone, Copy, Debug)]
enum Role {
    Param(ParamId),
    Signal(SignalId),
    System(Kind),
}

/// A formula that was read.
enum Body {
    Number(f64),
    Ast(Ast),
}

/// One use of a definition by another.
struct Use {
    definition: usize,
    /// Which of the user's formulas.
    formula: usize,
    /// Where in it.
    span: Range<usize>,
}

impl ModelBuilder {
    /// Adds a number of `[params]`.
    pub fn param(&mut self, name: impl Into<String>, formula: impl Into<Formula>) -> &mut Self {
        let id = self.count(|role| matches!(role, Role::Param(_)));
        self.define(name, Role::Param(ParamId(id)), vec![(String::new(), formula.into())])
    }

    /// Adds a signal of `[signals]`.
    pub fn signal(&mut self, name: impl Into<String>, formula: impl Into<Formula>) -> &mut Self {
        let id = self.count(|role| matches!(role, Role::Signal(_)));
        self.define(name, Role::Signal(SignalId(id)), vec![(String::new(), formula.into())])
    }

    /// Adds a system with its keys, tables flattened: `drive.omega`.
    pub fn system<K, F>(
        &mut self,
        name: impl Into<String>,
        kind: Kind,
        keys: impl IntoIterator<Item = (K, F)>,
    ) -> &mut Self
    where
        K: Into<String>,
        F: Into<Formula>,
    {
        let formulas = keys.into_iter().map(|(key, formula)| (key.into(), formula.into())).collect();
        self.define(name, Role::System(kind), formulas)
    }

    /// Adds a variable that some curve runs over; adding it again changes nothing.
    pub fn free(&mut self, name: impl Into<String>) -> &mut Self {
        let name = name.into();
        if !self.free.contains(&name) {
            self.free.push(name);
        }
        self
    }

    fn define(&mut self, name: impl Into<String>, role: Role, formulas: Vec<(String, Formula)>) -> &mut Self {
        self.definitions.push(Definition { name: name.into(), role, formulas });
        self
    }

    fn count(&self, of: impl Fn(Role) -> bool) -> u32 {
        self.definitions.iter().filter(|definition| of(definition.role)).count() as u32
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
                self.count(|role| matches!(role, Role::Signal(_))) as usize
            ],
            systems: Vec::new(),
            free: self.free.clone(),
            order: Vec::new(),
        };
        for index in order {
            self.definitions[index].compile(&bodies[index], &mut model)?;
        }
        Ok(model)
    }

    fn check_names(&self) -> Result<(), ModelError> {
        let free = self.free.iter().map(|name| (name, NameKind::Variable, Place::Variable(name.clone())));
        let defined = self.definitions.iter().map(|d| (&d.name, d.noun(), d.place("")));
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
            if let Role::System(kind) = definition.role {
                let given: Vec<&str> = definition.formulas.iter().map(|(key, _)| key.as_str()).collect();
                check_keys(&definition.name, kind, &given)?;
            }
        }
        Ok(())
    }

    /// The formulas of each definition, read.
    fn read(&self) -> Result<Vec<Vec<Body>>, ModelError> {
        let read = |definition: &Definition, key: &str, formula: &Formula| match formula {
            Formula::Number(value) => Ok(Body::Number(*value)),
            Formula::Text(source) => {
                parse(source).map(Body::Ast).map_err(|error| ModelError::within(definition.place(key), error))
            }
        };
        self.definitions
            .iter()
            .map(|d| d.formulas.iter().map(|(key, formula)| read(d, key, formula)).collect())
            .collect()
    }

    /// The definitions in the order of their use.
    fn order(&self, bodies: &[Vec<Body>]) -> Result<Vec<usize>, ModelError> {
        let names: BTreeMap<&str, usize> =
            self.definitions.iter().enumerate().map(|(i, d)| (d.name.as_str(), i)).collect();
        let uses: Vec<Vec<Use>> = bodies.iter().map(|bodies| uses(bodies, &names)).collect();
        let edges: Vec<Vec<usize>> =
            uses.iter().map(|uses| uses.iter().map(|used| used.definition).collect()).collect();
        order(&edges).map_err(|ring| self.ring(&ring, &uses))
    }

    /// The error that shows a ring.
    fn ring(&self, ring: &[(usize, usize)], uses: &[Vec<Use>]) -> ModelError {
        let key = |(user, used): (usize, usize)| &self.definitions[user].formulas[uses[user][used].formula].0;
        let label = |at: (usize, usize)| {
            let (name, key) = (&self.definitions[at.0].name, key(at));
            if key.is_empty() { name.clone() } else { format!("{name}.{key}") }
        };
        let first = ring[0];
        let labels: Vec<String> = ring.iter().chain([&first]).map(|at| label(*at)).collect();
        let message = format!("the definitions go round in a ring: {}", labels.join(" → "));
        let place = self.definitions[first.0].place(key(first));
        let span = Some(uses[first.0][first.1].span.clone());
        ModelError { span, ..ModelError::new(place, message) }
            .with_help("give one of them a number, or a formula without the others")
    }

    /// All names, systems being numbered in this order.
    fn symbols(&self, order: &[usize]) -> Symbols {
        let mut symbols = Symbols::default();
        let mut systems = (0..).map(SystemId);
        for definition in order.iter().map(|index| &self.definitions[*index]) {
            let symbol = match definition.role {
                Role::Param(param) => Some(Symbol::Param(param)),
                Role::Signal(signal) => Some(Symbol::Signal(signal)),
                Role::System(kind) => systems.next().map(|id| Symbol::System(id, kind)),
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
        let params = self.definitions.iter().filter(|d| matches!(d.role, Role::Param(_)));
        params.map(|d| Param { name: d.name.clone(), code: Code::constant(f64::NAN) }).collect()
    }
}

/// The definitions that these formulas use.
fn uses(bodies: &[Body], names: &BTreeMap<&str, usize>) -> Vec<Use> {
    let mut uses = Vec::new();
    for (formula, body) in bodies.iter().enumerate() {
        if let Body::Ast(ast) = body {
            ast.each_name(&mut |name, span| {
                if let Some(&definition) = names.get(name) {
                    uses.push(Use { definition, formula, span });
                }
            });
        }
    }
    uses
}

impl Definition {
    fn noun(&self) -> NameKind {
        match self.role {
            Role::Param(_) => NameKind::Param,
            Role::Signal(_) => NameKind::Signal,
            Role::System(_) => NameKind::System,
        }
    }

    /// Where a formula stands; no key is the definition itself.
    fn place(&self, key: &str) -> Place {
        let name = self.name.clone();
        match self.role {
            Role::Param(_) => Place::Param(name),
            Role::Signal(_) => Place::Signal(name),
            Role::System(_) if key.is_empty() => Place::System(name),
            Role::System(_) => Place::Key { system: name, key: key.to_owned() },
        }
    }

    /// Compiles the formulas into the model, which holds all that they use already.
    fn compile(&self, bodies: &[Body], model: &mut Model) -> Result<(), ModelError> {
        let purpose = match self.role {
            Role::Signal(_) => Purpose::Definition,
            Role::Param(_) | Role::System(_) => Purpose::Number,
        };
        let scope = Scope { symbols: &model.symbols, purpose };
        let mut codes = Vec::with_capacity(bodies.len());
        let mut facts = Facts::default();
        for ((key, _), body) in self.formulas.iter().zip(bodies) {
            let code = match body {
                Body::Number(value) => Code::constant(*value),
                Body::Ast(ast) => {
                    compile(ast, &scope).map_err(|error| ModelError::within(self.place(key), error))?
                }
            };
            facts.dependencies.add(code.dependencies());
            facts.depth = facts.depth.max(code.depth());
            codes.push(code);
        }
        self.store(codes, facts, model);
        Ok(())
    }

    fn store(&self, codes: Vec<Code>, facts: Facts, model: &mut Model) {
        let dependencies: Dependencies = facts.dependencies.clone();
        let symbol = match self.role {
            Role::Param(param) => {
                model.order.push(Step { what: Target::Param(param), dependencies });
                for code in codes {
                    model.params[param.index()].code = code;
                }
                Symbol::Param(param)
            }
            Role::Signal(signal) => {
                for code in codes {
                    model.signals[signal.index()] = code;
                }
                Symbol::Signal(signal)
            }
            Role::System(kind) => {
                let id = SystemId(model.systems.len() as u32);
                model.order.push(Step { what: Target::System(id), dependencies });
                let known = |key: &str| keys(kind).iter().copied().find(|known| *known == key);
                let keys = self.formulas.iter().zip(codes);
                let keys = keys.filter_map(|((key, _), code)| known(key).map(|key| (key, code))).collect();
                model.systems.push(System { name: self.name.clone(), kind, keys });
                Symbol::System(id, kind)
            }
        };
        model.symbols.define(symbol, facts);
    }
}
