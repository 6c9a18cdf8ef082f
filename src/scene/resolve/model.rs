//! Resolves `[params]`, `[signals]` and `[systems]` to a model, and maps its errors to positions in the file.

use super::context::expression_error;
use super::data_file::DataFiles;
use super::system::system;
use super::variables::Variable;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::ExprError;
use crate::scene::model::{DefinitionPath, Formula, Model, ModelError};
use crate::scene::source::{FileId, Origin};
use crate::scene::source_string::SourceString;
use crate::scene::table_reader::{NamedValue, TableReader};
use crate::scene::value_reader::{Number, ValueReader};

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

/// The tables of a scene that define names.
pub(super) struct Tables<'a> {
    pub(super) params: Option<TableReader<'a>>,
    pub(super) signals: Option<TableReader<'a>>,
    pub(super) systems: Option<TableReader<'a>>,
    /// Each panel may have signals of its own.
    pub(super) panels: Option<TableReader<'a>>,
}

/// Builds the model of a scene. `variables` are the free variables of curves.
pub(super) fn model(
    tables: Tables<'_>,
    variables: &[Variable],
    files: &mut DataFiles<'_>,
) -> Result<(Model, SceneOrigins), Diagnostic> {
    let Tables { params, signals, systems, panels } = tables;
    let mut builder = Model::builder();
    let mut origins = SceneOrigins::default();
    for NamedValue { name, name_origin, item } in params.map(TableReader::named).unwrap_or_default() {
        let value = param(item)?;
        origins.add(DefinitionPath::Param(name.to_owned()), name_origin, &value);
        builder.param(name, formula(value));
    }
    for NamedValue { name, name_origin, item } in signals.map(TableReader::named).unwrap_or_default() {
        let value = item.number()?;
        origins.add(DefinitionPath::Signal(name.to_owned()), name_origin, &value);
        builder.signal(name, formula(value));
    }
    for panel in panels.map(TableReader::named).unwrap_or_default() {
        for NamedValue { name, name_origin, item } in panel_signals(&panel)? {
            let value = item.number()?;
            let path = DefinitionPath::PanelSignal { panel: panel.name.to_owned(), name: name.to_owned() };
            origins.add(path, name_origin, &value);
            builder.panel_signal(panel.name, name, formula(value));
        }
    }
    for NamedValue { name, name_origin, item } in systems.map(TableReader::named).unwrap_or_default() {
        let path = DefinitionPath::System(name.to_owned());
        origins.add_key(path, name_origin, None);
        let (kind, keys) = system(name, item, &mut origins, files)?;
        builder.system(name, kind, keys);
    }
    for Variable { name, origin } in variables {
        origins.variable(name, *origin);
        builder.free(name);
    }
    let model = builder.build().map_err(|error| origins.locate(&error))?;
    Ok((model, origins))
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
