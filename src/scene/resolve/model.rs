//! Resolves `[params]`, `[signals]` and `[systems]` to a model, and maps its errors to positions in the file.

use super::context::expression_error;
use super::variables::Variable;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::{ExprError, SystemKind};
use crate::scene::model::{DefinitionPath, Formula, Model, ModelBuilder, ModelError, system_keys};
use crate::scene::source::Origin;
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
    /// Its expression, if the value is one.
    expression: Option<SourceString>,
}

impl SceneOrigins {
    fn add(&mut self, path: DefinitionPath, name: Origin, value: &Number) {
        let expression = match value {
            Number::Literal(..) => None,
            Number::Expression(expression) => Some(expression.clone()),
        };
        self.definitions.push(Definition { path, name, origin: value.origin(), expression });
    }

    fn variable(&mut self, name: &str, origin: Origin) {
        let path = DefinitionPath::Variable(name.to_owned());
        self.definitions.push(Definition { path, name: origin, origin, expression: None });
    }

    /// Converts an error of the model to a diagnostic at its position in the file.
    #[must_use]
    pub fn locate(&self, error: &ModelError) -> Diagnostic {
        let diagnostic = Diagnostic::new(error.message.clone()).maybe_help(error.help.clone());
        let definition = self.definitions.iter().find(|definition| definition.path == error.definition);
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

/// Builds the model of a scene. `variables` are the free variables of curves.
pub(super) fn model(
    params: Option<TableReader<'_>>,
    signals: Option<TableReader<'_>>,
    systems: Option<TableReader<'_>>,
    variables: &[Variable],
) -> Result<(Model, SceneOrigins), Diagnostic> {
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
    for NamedValue { name, name_origin, item } in systems.map(TableReader::named).unwrap_or_default() {
        let path = DefinitionPath::System(name.to_owned());
        origins.definitions.push(Definition {
            path,
            name: name_origin,
            origin: name_origin,
            expression: None,
        });
        system(name, item, &mut builder, &mut origins)?;
    }
    for Variable { name, origin } in variables {
        origins.variable(name, *origin);
        builder.free(name);
    }
    let model = builder.build().map_err(|error| origins.locate(&error))?;
    Ok((model, origins))
}

/// Reads a param: a number or an expression. Tables are reserved for interactive controls.
fn param(item: ValueReader<'_>) -> Result<Number, Diagnostic> {
    match item.clone().table() {
        Ok(_) => Err(item.error("as a table is not yet built").help("write a number or an expression")),
        Err(_) => item.number(),
    }
}

fn formula(value: Number) -> Formula {
    match value {
        Number::Literal(value, _) => Formula::Number(value),
        Number::Expression(expression) => Formula::Text(expression.as_str().to_owned()),
    }
}

/// Reads a system. The keys of nested tables are joined by a point, such as `drive.omega`.
fn system(
    name: &str,
    item: ValueReader<'_>,
    builder: &mut ModelBuilder,
    origins: &mut SceneOrigins,
) -> Result<(), Diagnostic> {
    let mut table = item.table()?;
    let kinds = SystemKind::ALL.map(|kind| (kind.name(), kind));
    let kind = table.opt("kind", |item| item.choice(&kinds))?;
    let kind = kind.ok_or_else(|| table.missing_key("kind", "kind = 'oscillator'"))?;
    let origin = table.origin();
    let mut given = Vec::new();
    let mut add = |key: &'static str, value: Number| {
        origins.add(DefinitionPath::Key { system: name.to_owned(), key: key.to_owned() }, origin, &value);
        given.push((key, formula(value)));
    };
    for key in system_keys(kind).iter().filter(|key| !key.contains('.')) {
        if let Some(value) = table.opt(key, ValueReader::number)? {
            add(key, value);
        }
    }
    let nested: Vec<(&'static str, &'static str, &'static str)> = system_keys(kind)
        .iter()
        .filter_map(|key| key.split_once('.').map(|(outer, inner)| (*key, outer, inner)))
        .collect();
    let mut outers: Vec<&'static str> = nested.iter().map(|(_, outer, _)| *outer).collect();
    outers.dedup();
    for outer in outers {
        let Some(mut inner_table) = table.opt(outer, ValueReader::table)? else { continue };
        for (key, _, inner) in nested.iter().filter(|(_, name, _)| *name == outer) {
            if let Some(value) = inner_table.opt(inner, ValueReader::number)? {
                add(key, value);
            }
        }
        inner_table.finish()?;
    }
    table.finish()?;
    builder.system(name, kind, given);
    Ok(())
}
