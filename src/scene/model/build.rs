//! Builds a model from named formulas: checks names, parses formulas, orders definitions, compiles them.

use std::collections::{BTreeMap, BTreeSet};
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
use crate::work::WorkMeter;

/// Collects the definitions of a model, in any order.
#[derive(Clone, Debug, Default)]
pub struct ModelBuilder {
    definitions: Vec<Definition>,
    free: Vec<String>,
    /// Names whose definitions are known to be wrong.
    faulty: BTreeSet<String>,
    /// Panel, name and value.
    panel_constants: Vec<(String, String, f64)>,
    work: WorkMeter,
}

/// A model of the definitions that are right, and the errors of the others.
#[derive(Clone, Debug)]
pub(in crate::scene) struct PartialModel {
    pub(in crate::scene) model: Model,
    pub(in crate::scene) errors: Vec<ModelError>,
    /// The names without a definition in the model, each with the name of the wrong definition that is the cause: its
    /// own, or one that it uses.
    pub(in crate::scene) causes: BTreeMap<String, String>,
}

/// The number of cycles of definitions that are reported.
const MAX_CYCLES: usize = 8;

/// The definitions that are known so far while a model is built.
#[derive(Default)]
struct Faults {
    errors: Vec<ModelError>,
    causes: BTreeMap<String, String>,
}

impl Faults {
    /// Takes the value of a result. The definition of an error is faulty.
    fn note<T>(&mut self, result: Result<T, ModelError>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    /// Makes a definition faulty if its formulas use a faulty name.
    fn inherit(&mut self, name: &str, parsed: &[KeyContent<ParsedFormula>]) {
        if self.causes.is_empty() {
            return;
        }
        let mut found = None;
        for content in parsed {
            content.each("", |_, formula| {
                let ParsedFormula::Ast(ast) = formula else { return };
                ast.each_name(&mut |name, _| found = found.take().or_else(|| self.causes.get(name).cloned()));
            });
        }
        if let Some(cause) = found {
            self.causes.entry(name.to_owned()).or_insert(cause);
        }
    }

    fn add(&mut self, error: ModelError) {
        let name = error.definition.name().to_owned();
        self.causes.entry(name.clone()).or_insert(name);
        self.errors.push(error);
    }
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
    /// Counts the work of the model by this meter, and not by one of its own with the default limit.
    pub fn count_work(&mut self, work: &WorkMeter) -> &mut Self {
        self.work = work.clone();
        self
    }

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

    /// Adds a name of a panel that stands for a number.
    pub fn panel_constant(
        &mut self,
        panel: impl Into<String>,
        name: impl Into<String>,
        value: f64,
    ) -> &mut Self {
        self.panel_constants.push((panel.into(), name.into(), value));
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

    /// Marks a name whose definition is wrong and is not added. What uses it is no error of its own.
    pub(in crate::scene) fn faulty(&mut self, name: impl Into<String>) -> bool {
        self.faulty.insert(name.into())
    }

    /// Builds the model.
    ///
    /// # Errors
    ///
    /// The first error found: an invalid or duplicate name, an unknown key, a formula that does not parse or
    /// uses a name that it may not use, or a cycle of definitions.
    pub fn build(&self) -> Result<Model, ModelError> {
        let PartialModel { model, errors, .. } = self.build_partial();
        errors.into_iter().next().map_or(Ok(model), Err)
    }

    /// Builds a model of the definitions that are right. A definition that uses a wrong one is left out without an error.
    pub(in crate::scene) fn build_partial(&self) -> PartialModel {
        let causes = self.faulty.iter().map(|name| (name.clone(), name.clone())).collect();
        let mut faults = Faults { causes, ..Faults::default() };
        self.check_names(&mut faults);
        let parsed: Vec<_> =
            self.definitions.iter().map(|d| faults.note(d.parse()).unwrap_or_default()).collect();
        let order = self.sort(&parsed, &mut faults);
        let schemas = self.schemas(&order, &parsed, &mut faults);
        let mut model = self.compile(&order, &parsed, &schemas, &mut faults);
        if !faults.causes.is_empty() {
            // The systems of the model are numbered without those left out.
            let right = |index: &usize| !faults.causes.contains_key(&self.definitions[*index].head.name);
            let order: Vec<usize> = order.into_iter().filter(right).collect();
            model = self.compile(&order, &parsed, &schemas, &mut faults);
        }
        PartialModel { model, errors: faults.errors, causes: faults.causes }
    }

    /// Compiles the definitions that are not faulty, in an order in which each comes after those it uses.
    fn compile(
        &self,
        order: &[usize],
        parsed: &[Vec<KeyContent<ParsedFormula>>],
        schemas: &[Option<Schema>],
        faults: &mut Faults,
    ) -> Model {
        let mut model = Model {
            symbols: self.symbols(order, faults),
            panel_names: self.panel_names(),
            params: self.params_without_code(),
            signals: Arc::new(vec![Code::constant(f64::NAN); self.count(DefinitionKind::is_signal) as usize]),
            systems: Vec::new(),
            free: self.free.clone(),
            evaluation_order: Vec::new(),
            solutions: Solutions::default(),
            numbers_poles: true,
            work: self.work.clone(),
        };
        for &index in order {
            let definition = &self.definitions[index];
            faults.inherit(&definition.head.name, &parsed[index]);
            let compiled = match &schemas[index] {
                Some(schema) if !faults.causes.contains_key(&definition.head.name) => {
                    faults.note(definition.compile(&parsed[index], schema, &mut model))
                }
                _ => None,
            };
            if compiled.is_none() {
                definition.leave_out(&mut model);
            }
        }
        model
    }

    /// Checks the names of definitions and variables, and the arguments of functions.
    fn check_names(&self, faults: &mut Faults) {
        for definition in &self.definitions {
            faults.note(definition.head.check(&definition.written).map_err(|(message, help)| ModelError {
                help: Some(help),
                ..ModelError::name(definition.path(""), message)
            }));
        }
        let free =
            self.free.iter().map(|name| (name, NameKind::Variable, DefinitionPath::Variable(name.clone())));
        let defined = |is_local: bool| {
            let definitions = self.definitions.iter().filter(move |d| d.panel.is_some() == is_local);
            definitions.map(|d| (&d.head.name, d.name_kind(), d.path("")))
        };
        let mut taken: BTreeMap<&str, NameKind> = BTreeMap::new();
        for (name, kind, path) in defined(false).chain(free) {
            if faults.note(check_free_name(name, kind, &path, &taken)).is_some() {
                taken.insert(name, kind);
            }
        }
        // Panels may have signals of the same name, because none of them sees those of another.
        for (name, kind, path) in defined(true) {
            faults.note(check_free_name(name, kind, &path, &taken));
        }
    }

    /// The members of each definition that is a system; none for the others, and `None` where they cannot be known.
    /// `order` has each definition after those it refers to.
    fn schemas(
        &self,
        order: &[usize],
        parsed: &[Vec<KeyContent<ParsedFormula>>],
        faults: &mut Faults,
    ) -> Vec<Option<Schema>> {
        let mut schemas = vec![None; self.definitions.len()];
        for &index in order {
            let definition = &self.definitions[index];
            faults.inherit(&definition.head.name, &parsed[index]);
            if faults.causes.contains_key(&definition.head.name) {
                continue;
            }
            let system = |definition: &Definition| matches!(definition.kind, DefinitionKind::System(_));
            let other = |name: &str| {
                let at =
                    self.definitions.iter().position(|other| other.head.name == name && system(other))?;
                schemas[at].clone()
            };
            schemas[index] = faults.note(definition.schema(other));
        }
        schemas
    }

    /// The indices of the definitions, each after those it refers to; those of cycles are faulty.
    fn sort(&self, parsed: &[Vec<KeyContent<ParsedFormula>>], faults: &mut Faults) -> Vec<usize> {
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
        let mut uses: Vec<Vec<usize>> =
            references.iter().map(|references| references.iter().map(|r| r.definition).collect()).collect();
        for _ in 0..MAX_CYCLES {
            let cycle = match topological_sort(&uses) {
                Ok(order) => return order,
                Err(cycle) => cycle,
            };
            let error = self.cycle_error(&cycle, &references);
            let cause = error.definition.name().to_owned();
            for Edge { definition, .. } in cycle {
                uses[definition].clear();
                let name = self.definitions[definition].head.name.clone();
                faults.causes.entry(name).or_insert_with(|| cause.clone());
            }
            faults.add(error);
        }
        // Definitions with more cycles are not looked at.
        let last = faults.errors.last().map(|error| error.definition.name().to_owned()).unwrap_or_default();
        for Definition { head, .. } in &self.definitions {
            faults.causes.entry(head.name.clone()).or_insert_with(|| last.clone());
        }
        Vec::new()
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
    fn symbols(&self, order: &[usize], faults: &Faults) -> SymbolTable {
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
        for (id, name) in (0..).zip(&self.free).filter(|(_, name)| !faults.causes.contains_key(*name)) {
            symbols.insert(name, Symbol::Free(FreeId(id)));
        }
        symbols
    }

    /// The names of signals and constants of panels, by panel.
    fn panel_names(&self) -> BTreeMap<String, LocalNames> {
        let mut names: BTreeMap<String, LocalNames> = BTreeMap::new();
        for (panel, name, value) in &self.panel_constants {
            names.entry(panel.clone()).or_default().insert(name, Meaning::Constant(*value));
        }
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
