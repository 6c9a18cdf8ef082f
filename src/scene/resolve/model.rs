//! Resolves `[params]`, `[signals]` and `[systems]` to a model, and maps its errors to positions in the file.

use std::collections::BTreeMap;

use super::context::expression_error;
use super::data_file::DataFiles;
use super::system::system;
use super::variables::Variable;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::errors::Errors;
use crate::scene::expr::ExprError;
use crate::scene::model::{DefinitionPath, Formula, Model, ModelBuilder, ModelError, PartialModel};
use crate::scene::source::{FileId, Origin};
use crate::scene::source_string::SourceString;
use crate::scene::table_reader::{NamedValue, TableReader};
use crate::scene::value_reader::{Number, ValueReader};
use crate::work::WorkMeter;

/// The positions in the file of the definitions of a model, of the canvas size and of the frame rate.
#[derive(Clone, Debug, Default)]
pub struct SceneOrigins {
    definitions: Vec<Definition>,
    /// The position of the canvas size.
    pub canvas: Option<Origin>,
    /// The position of the value that determines the frame rate.
    pub frame_rate: Option<Origin>,
}

/// The position of one definition.
#[derive(Clone, Debug)]
struct Definition {
    path: DefinitionPath,
    /// The position of its name.
    name: Origin,
    /// The position of its value, or of its name if it has no value.
    origin: Origin,
    /// Its expression, if it is one.
    expression: Option<SourceString>,
    /// The text of the file that the value names.
    file: Option<FileId>,
}

impl SceneOrigins {
    pub(super) fn add(&mut self, path: DefinitionPath, name: Origin, value: &Number) {
        let expression = match value {
            Number::Literal(..) => None,
            Number::Expression(expression) => Some(expression.clone()),
        };
        self.definitions.push(Definition { path, name, origin: value.origin(), expression, file: None });
    }

    /// Adds a system, or a key whose value is no expression. `file` is the text of the file that it names.
    pub(super) fn add_key(&mut self, path: DefinitionPath, origin: Origin, file: Option<FileId>) {
        self.definitions.push(Definition { path, name: origin, origin, expression: None, file });
    }

    fn variable(&mut self, name: &str, origin: Origin) {
        let path = DefinitionPath::Variable(name.to_owned());
        self.definitions.push(Definition { path, name: origin, origin, expression: None, file: None });
    }

    /// The position of a definition. A part of a key that has no position itself has that of the key, and a key that is
    /// not given has that of its system.
    fn definition(&self, path: &DefinitionPath) -> Option<&Definition> {
        // The last one is the most precise.
        let exact =
            |path: &DefinitionPath| self.definitions.iter().rfind(|definition| definition.path == *path);
        let DefinitionPath::Key { system, key } = path else { return exact(path) };
        let outer = |key: &str| key.rfind(['.', '[']).map(|end| key[..end].to_owned());
        let keys = std::iter::successors(Some(key.clone()), |key| outer(key));
        let mut paths = keys.map(|key| DefinitionPath::Key { system: system.clone(), key });
        paths.find_map(|path| exact(&path)).or_else(|| exact(&DefinitionPath::System(system.clone())))
    }

    /// Converts an error of the model to a diagnostic at its position in the file.
    #[must_use]
    pub fn locate(&self, error: &ModelError) -> Diagnostic {
        let diagnostic = Diagnostic::new(error.message.clone()).maybe_help(error.help.clone());
        let definition = self.definition(&error.definition);
        if let (Some(Definition { file: Some(file), .. }), Some(bytes)) = (definition, &error.in_file) {
            return diagnostic.at(Origin::new(*file, bytes.clone()));
        }
        match (definition, &error.span) {
            (Some(definition), _) if error.is_about_name => diagnostic.at(definition.name),
            (Some(Definition { expression: Some(expression), .. }), Some(span)) => {
                let error = ExprError {
                    span: span.clone(),
                    message: error.message.clone(),
                    help: error.help.clone(),
                };
                expression_error(error, expression)
            }
            (Some(definition), _) => diagnostic.at(definition.origin),
            (None, _) => diagnostic,
        }
    }
}

/// The model of a scene. Where definitions are wrong, it holds the others.
#[derive(Default)]
pub(super) struct ResolvedModel {
    pub(super) model: Model,
    pub(super) origins: SceneOrigins,
    /// The errors of the definitions that are left out, by name.
    pub(super) faults: Faults,
}

/// Errors of definitions: of each name that has no definition, the error that is the cause.
pub(in crate::scene) type Faults = BTreeMap<String, Diagnostic>;

/// The most wrong values of definitions that one run finds; each is found by evaluating the others.
const MAX_EVALUATIONS: usize = 20;

/// The tables of the definitions of a scene.
#[derive(Default)]
pub(super) struct DefinitionTables<'a> {
    pub(super) params: Option<TableReader<'a>>,
    pub(super) signals: Option<TableReader<'a>>,
    pub(super) systems: Option<TableReader<'a>>,
    /// Each panel may have signals of its own.
    pub(super) panels: Option<TableReader<'a>>,
    /// The free variables of curves.
    pub(super) variables: &'a [Variable],
    /// Counts the work of the model.
    pub(super) work: WorkMeter,
}

/// Reads the definitions, each by itself.
struct ModelReader<'e> {
    builder: ModelBuilder,
    origins: SceneOrigins,
    faults: Faults,
    errors: &'e Errors,
}

/// The entries of a table of definitions.
fn named<'a>(table: Option<&TableReader<'a>>) -> Vec<NamedValue<'a>> {
    table.cloned().map(TableReader::named).unwrap_or_default()
}

/// Builds the model of a scene. Errors of definitions go to `errors`.
pub(super) fn model(
    tables: &DefinitionTables<'_>,
    files: &mut DataFiles<'_>,
    errors: &Errors,
) -> ResolvedModel {
    let (mut builder, origins) = (Model::builder(), SceneOrigins::default());
    builder.count_work(&tables.work);
    let mut reader = ModelReader { builder, origins, faults: Faults::new(), errors };
    for NamedValue { name, name_origin, item } in named(tables.params.as_ref()) {
        let path = DefinitionPath::Param(name.to_owned());
        if let Some(value) = reader.note(&path, param(item)) {
            reader.origins.add(path, name_origin, &value);
            reader.builder.param(name, formula(value));
        }
    }
    for NamedValue { name, name_origin, item } in named(tables.signals.as_ref()) {
        let path = DefinitionPath::Signal(name.to_owned());
        if let Some(value) = reader.note(&path, item.number()) {
            reader.origins.add(path, name_origin, &value);
            reader.builder.signal(name, formula(value));
        }
    }
    for panel in named(tables.panels.as_ref()) {
        for (name, value) in panel.item.copy().map_or(&[][..], |copy| &copy.names) {
            reader.builder.panel_constant(panel.name, name, *value);
        }
        for NamedValue { name, name_origin, item } in errors.note(panel_signals(&panel)).unwrap_or_default() {
            let path = DefinitionPath::PanelSignal { panel: panel.name.to_owned(), name: name.to_owned() };
            if let Some(value) = reader.note(&path, item.number()) {
                reader.origins.add(path, name_origin, &value);
                reader.builder.panel_signal(panel.name, name, formula(value));
            }
        }
    }
    for NamedValue { name, name_origin, item } in named(tables.systems.as_ref()) {
        let path = DefinitionPath::System(name.to_owned());
        reader.origins.add_key(path.clone(), name_origin, None);
        let keys = system(name, item, &mut reader.origins, files);
        if let Some((kind, keys)) = reader.note(&path, keys) {
            reader.builder.system(name, kind, keys);
        }
    }
    for Variable { name, origin } in tables.variables {
        reader.origins.variable(name, *origin);
        reader.builder.free(name);
    }
    reader.build()
}

impl ModelReader<'_> {
    /// Takes the value of a definition. After an error its name is faulty.
    fn note<T>(&mut self, path: &DefinitionPath, result: Result<T, Diagnostic>) -> Option<T> {
        let result = self.errors.note(result);
        result.map_err(|error| self.fault(path.name(), error)).ok()
    }

    fn fault(&mut self, name: &str, error: Diagnostic) {
        self.builder.faulty(name);
        self.faults.entry(name.to_owned()).or_insert(error);
    }

    /// Builds a model that can be evaluated: without the definitions that are wrong, and those that use them.
    fn build(mut self) -> ResolvedModel {
        let mut model = self.build_compiled();
        for _ in 0..MAX_EVALUATIONS {
            let Some((name, error)) = model.env(&[]).err().map(|error| self.locate(&error)) else { break };
            self.errors.report(error.clone());
            self.fault(&name, error);
            if model.work().is_exceeded() {
                // No other definition could be evaluated.
                break;
            }
            model = self.build_compiled();
        }
        ResolvedModel { model, origins: self.origins, faults: self.faults }
    }

    /// Builds a model of the definitions that compile.
    fn build_compiled(&mut self) -> Model {
        let PartialModel { model, errors, causes } = self.builder.build_partial();
        for (name, error) in errors.iter().map(|error| self.locate(error)).collect::<Vec<_>>() {
            self.errors.report(error.clone());
            self.fault(&name, error);
        }
        for (name, cause) in causes {
            if let Some(error) = self.faults.get(&cause).cloned() {
                self.faults.entry(name).or_insert(error);
            }
        }
        model
    }

    /// The name of the definition that an error is about, and the error with its place.
    fn locate(&self, error: &ModelError) -> (String, Diagnostic) {
        (error.definition.name().to_owned(), self.origins.locate(error))
    }
}

/// The signals of one panel. A panel that is no table has none; the reader of panels reports it.
fn panel_signals<'a>(panel: &NamedValue<'a>) -> Result<Vec<NamedValue<'a>>, Diagnostic> {
    let Ok(mut table) = panel.item.clone().table() else { return Ok(Vec::new()) };
    let signals = table.opt("signals", ValueReader::table)?;
    Ok(signals.map(TableReader::named).unwrap_or_default())
}

/// Reads a param: a number or an expression. Tables are reserved for interactive controls.
fn param(item: ValueReader<'_>) -> Result<Number, Diagnostic> {
    match item.clone().table() {
        Ok(_) => Err(item.error("as a table is not yet built").help("write a number or an expression")),
        Err(_) => item.number(),
    }
}

pub(super) fn formula(value: Number) -> Formula {
    match value {
        Number::Literal(value, _) => Formula::Number(value),
        Number::Expression(expression) => Formula::Text(expression.as_str().to_owned()),
    }
}
