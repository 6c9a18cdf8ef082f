//! Builds a model from named formulas: checks names, parses formulas, orders definitions, compiles them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::definition::{Definition, DefinitionKind, Formula, ParsedFormula};
use super::head::Head;
use super::key_content::KeyContent;
use super::solved::Solutions;
use super::topological_sort::{Edge, topological_sort};
use super::{DefinitionPath, Model, ModelError, Param};
use crate::scene::expr::{
    Code, FreeId, LocalNames, Meaning, NameKind, ParamId, SignalId, Symbol, SymbolTable, SystemId, check_name,
};
use crate::system::{Schema, SystemKind};

/// Collects the definitions of a model, in any order.
#[derive(Clone, Debug, Default)]
pub struct ModelBuilder {
    definitions: Vec<Definition>,
    free: Vec<String>,
}

/// A reference from one definition to another.
struct Reference {
    /// The index of the definition referred to.
    definition: usize,
    /// The path of the referring formula in its definition.
    path: String,
    /// The bytes of the name in the referring formula.
    span: Range<usize>,
}

/// The indices of definitions by panel and name. A name of the whole scene has no panel.
type DefinitionNames<'a> = BTreeMap<(Option<&'a str>, &'a str), usize>;

impl ModelBuilder {
    /// Adds a param of `[params]`.
    pub fn param(&mut self, name: impl Into<String>, formula: impl Into<Formula>) -> &mut Self {
        let name = name.into();
        let kind = if is_function(&name) {
            DefinitionKind::Function { id: self.next_signal(), is_param: true }
        } else {
            DefinitionKind::Param(ParamId(self.count(|kind| matches!(kind, DefinitionKind::Param(_)))))
        };
        self.define(name, kind, vec![(String::new(), KeyContent::Scalar(formula.into()))])
    }

    /// Adds a signal of `[signals]`.
    pub fn signal(&mut self, name: impl Into<String>, formula: impl Into<Formula>) -> &mut Self {
        let (name, id) = (name.into(), self.next_signal());
        let kind = if is_function(&name) {
            DefinitionKind::Function { id, is_param: false }
        } else {
            DefinitionKind::Signal(id)
        };
        self.define(name, kind, vec![(String::new(), KeyContent::Scalar(formula.into()))])
    }

    /// The index of the next signal or function.
    fn next_signal(&self) -> SignalId {
        SignalId(self.count(DefinitionKind::is_signal))
    }

    /// Adds a signal of `[panels.P.signals]`, which the panel alone can use.
    pub fn panel_signal(
        &mut self,
        panel: impl Into<String>,
        name: impl Into<String>,
        formula: impl Into<Formula>,
    ) -> &mut Self {
        self.signal(name, formula);
        if let Some(definition) = self.definitions.last_mut() {
            definition.panel = Some(panel.into());
        }
        self
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
        F: Into<KeyContent<Formula>>,
    {
        let keys = keys.into_iter().map(|(key, content)| (key.into(), content.into())).collect();
        self.define(name, DefinitionKind::System(kind), keys)
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
        keys: Vec<(String, KeyContent<Formula>)>,
    ) -> &mut Self {
        let written = name.into();
        // The keys of a table of systems are names as they stand.
        let head = match kind {
            DefinitionKind::System(_) => Head { name: written.clone(), arguments: Vec::new() },
            _ => Head::split(&written),
        };
        self.definitions.push(Definition { written, head, panel: None, kind, keys });
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
        let parsed = self.definitions.iter().map(Definition::parse).collect::<Result<Vec<_>, _>>()?;
        let order = self.sort(&parsed)?;
        let schemas = self.schemas(&order)?;
        let mut model = Model {
            symbols: self.symbols(&order),
            panel_names: self.panel_names(),
            params: self.params_without_code(),
            signals: Arc::new(vec![Code::constant(f64::NAN); self.count(DefinitionKind::is_signal) as usize]),
            systems: Vec::new(),
            free: self.free.clone(),
            evaluation_order: Vec::new(),
            solutions: Solutions::default(),
        };
        for index in order {
            self.definitions[index].compile(&parsed[index], &schemas[index], &mut model)?;
        }
        Ok(model)
    }

    /// Checks the names of definitions and variables, and the arguments of functions.
    fn check_names(&self) -> Result<(), ModelError> {
        for definition in &self.definitions {
            definition.head.check(&definition.written).map_err(|(message, help)| ModelError {
                help: Some(help),
                ..ModelError::name(definition.path(""), message)
            })?;
        }
        let free =
            self.free.iter().map(|name| (name, NameKind::Variable, DefinitionPath::Variable(name.clone())));
        let defined = |is_local: bool| {
            let definitions = self.definitions.iter().filter(move |d| d.panel.is_some() == is_local);
            definitions.map(|d| (&d.head.name, d.name_kind(), d.path("")))
        };
        let mut taken: BTreeMap<&str, NameKind> = BTreeMap::new();
        for (name, kind, path) in defined(false).chain(free) {
            check_free_name(name, kind, &path, &taken)?;
            taken.insert(name, kind);
        }
        // Panels may have signals of the same name, because none of them sees those of another.
        defined(true).try_for_each(|(name, kind, path)| check_free_name(name, kind, &path, &taken))
    }

    /// The members of each definition that is a system; none for the others. `order` has each definition after those it
    /// refers to.
    fn schemas(&self, order: &[usize]) -> Result<Vec<Schema>, ModelError> {
        let mut schemas = vec![Schema::default(); self.definitions.len()];
        for &index in order {
            let system = |definition: &Definition| matches!(definition.kind, DefinitionKind::System(_));
            let other = |name: &str| {
                let at =
                    self.definitions.iter().position(|other| other.head.name == name && system(other))?;
                Some(schemas[at].clone())
            };
            schemas[index] = self.definitions[index].schema(other)?;
        }
        Ok(schemas)
    }

    /// The indices of the definitions, each after those it refers to.
    fn sort(&self, parsed: &[Vec<KeyContent<ParsedFormula>>]) -> Result<Vec<usize>, ModelError> {
        let names: DefinitionNames<'_> = self
            .definitions
            .iter()
            .enumerate()
            .map(|(i, d)| ((d.panel.as_deref(), d.head.name.as_str()), i))
            .collect();
        let references: Vec<Vec<Reference>> = self
            .definitions
            .iter()
            .zip(parsed)
            .map(|(definition, parsed)| find_references(definition, parsed, &names))
            .collect();
        let uses: Vec<Vec<usize>> =
            references.iter().map(|references| references.iter().map(|r| r.definition).collect()).collect();
        topological_sort(&uses).map_err(|cycle| self.cycle_error(&cycle, &references))
    }

    /// The error for a cycle of definitions, which it lists.
    fn cycle_error(&self, cycle: &[Edge], references: &[Vec<Reference>]) -> ModelError {
        let reference = |edge: &Edge| &references[edge.definition][edge.reference];
        let key = |edge: &Edge| &reference(edge).path;
        let label = |edge: &Edge| {
            let (name, key) = (&self.definitions[edge.definition].head.name, key(edge));
            if key.is_empty() { name.clone() } else { format!("{name}.{key}") }
        };
        let first = &cycle[0];
        let labels: Vec<String> = cycle.iter().chain([first]).map(label).collect();
        let message = format!("these definitions form a cycle: {}", labels.join(" → "));
        let path = self.definitions[first.definition].path(key(first));
        let is_function = |edge: &Edge| !self.definitions[edge.definition].head.arguments.is_empty();
        let help = if cycle.iter().any(is_function) {
            "a function cannot use itself; write its values as a sum, a product or an integral"
        } else {
            "define one of them by a number, or by a formula without the others"
        };
        let span = Some(reference(first).span.clone());
        ModelError { span, ..ModelError::new(path, message) }.with_help(help)
    }

    /// The symbol table. Systems are numbered in the order given, which is that of evaluation.
    fn symbols(&self, order: &[usize]) -> SymbolTable {
        let mut symbols = SymbolTable::default();
        let mut systems = (0..).map(SystemId);
        let definitions = order.iter().map(|index| &self.definitions[*index]);
        for definition in definitions.filter(|definition| definition.panel.is_none()) {
            let symbol = match definition.kind {
                DefinitionKind::Param(param) => Some(Symbol::Param(param)),
                DefinitionKind::Signal(signal) => Some(Symbol::Signal(signal)),
                DefinitionKind::Function { id, .. } => Some(Symbol::Function(id)),
                DefinitionKind::System(kind) => systems.next().map(|id| Symbol::System(id, kind)),
            };
            if let Some(symbol) = symbol {
                symbols.insert(&definition.head.name, symbol);
            }
        }
        for (id, name) in (0..).zip(&self.free) {
            symbols.insert(name, Symbol::Free(FreeId(id)));
        }
        symbols
    }

    /// The names of signals of panels, by panel.
    fn panel_names(&self) -> BTreeMap<String, LocalNames> {
        let mut names: BTreeMap<String, LocalNames> = BTreeMap::new();
        for definition in &self.definitions {
            let symbol = match definition.kind {
                DefinitionKind::Signal(signal) => Symbol::Signal(signal),
                DefinitionKind::Function { id, .. } => Symbol::Function(id),
                DefinitionKind::Param(_) | DefinitionKind::System(_) => continue,
            };
            if let Some(panel) = &definition.panel {
                let meaning = Meaning::Symbol(symbol);
                names.entry(panel.clone()).or_default().insert(&definition.head.name, meaning);
            }
        }
        names
    }

    /// The params in the order of their ids, each to be compiled later.
    fn params_without_code(&self) -> Vec<Param> {
        let params = self.definitions.iter().filter(|d| matches!(d.kind, DefinitionKind::Param(_)));
        params.map(|d| Param { name: d.head.name.clone(), code: Code::constant(f64::NAN) }).collect()
    }
}

/// Whether the name of a definition has arguments.
fn is_function(name: &str) -> bool {
    name.contains('(')
}

/// Checks that something may have this name, and that nothing else has it.
fn check_free_name(
    name: &str,
    kind: NameKind,
    path: &DefinitionPath,
    taken: &BTreeMap<&str, NameKind>,
) -> Result<(), ModelError> {
    check_name(kind, name).map_err(|message| ModelError::name(path.clone(), message))?;
    match taken.get(name) {
        None => Ok(()),
        Some(other) => {
            let message = format!("`{name}` is already the name of a {}", other.noun());
            Err(ModelError::name(path.clone(), message))
        }
    }
}

/// The references in the formulas of one definition. A name of the state of a system is no reference, and an argument of
/// a function is none.
fn find_references(
    definition: &Definition,
    parsed: &[KeyContent<ParsedFormula>],
    names: &DefinitionNames<'_>,
) -> Vec<Reference> {
    let mut references = Vec::new();
    for ((key, _), content) in definition.keys.iter().zip(parsed) {
        let own = [definition.state_names(key), definition.head.arguments.clone()].concat();
        content.each(key, |path, formula| {
            let ParsedFormula::Ast(ast) = formula else { return };
            ast.each_name(&mut |name, span| {
                let of_panel = definition.panel.as_deref().and_then(|panel| names.get(&(Some(panel), name)));
                if let Some(&definition) = of_panel.or_else(|| names.get(&(None, name)))
                    && !own.iter().any(|own| own == name)
                {
                    references.push(Reference { definition, path: path.to_owned(), span });
                }
            });
        });
    }
    references
}
