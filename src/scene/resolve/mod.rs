//! Validates a merged tree and makes a [`Scene`] of it. No other code validates scenes.
//!
//! Tables are resolved in the order of their dependencies: first the model, because every number may be an expression of
//! its params; then time and timeline; then panels.

mod canvas;
mod check;
pub(in crate::scene) mod context;
mod data_file;
pub(super) mod element;
mod frame_rate;
mod key_tables;
mod layout;
mod model;
mod motion;
mod moving_range;
mod output;
mod panel;
mod scale;
pub(in crate::scene) mod spring;
pub(in crate::scene) mod style;
mod system;
mod timeline;
mod variables;

pub use key_tables::{KeyTable, key_tables};
pub use model::SceneOrigins;
pub use output::{format_of, sequence_name};

use crate::keys::{KeySpec, KeyType};
use crate::scene::Scene;
use crate::scene::bases::Bases;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::fingerprint::Fingerprint;
use crate::scene::source::{Source, Sources};
use crate::scene::source_string::SourceString;
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Node;
use crate::scene::value_reader::ValueReader;
use crate::scene::variant;
use canvas::ResolvedCanvas;
use context::Context;
use data_file::DataFiles;
use model::Tables;
use timeline::FilmSpans;

/// The keys of the file. Other modules read `extends` and `variant` before the tree is resolved.
const KEYS: &[KeySpec] = &[
    KeySpec::new("alt", KeyType::Text, "none", "the picture in words"),
    KeySpec::new(
        "output",
        KeyType::Mixed("path, table, or list of these"),
        "imgs/‹name of the file›.gif",
        "which files are made",
    ),
    KeySpec::new("canvas", KeyType::Table, "as below", "the size and the colors of the picture"),
    KeySpec::new("check", KeyType::Table, "as below", "the tolerance of comparisons"),
    KeySpec::new("time", KeyType::Table, "none", "the seconds of motion"),
    KeySpec::new("animate", KeyType::Table, "none: a still", "the frames"),
    KeySpec::new(
        "params",
        KeyType::Mixed("table of numbers"),
        "none",
        "numbers for every expression, which may be complex; `--set R=…` overrides `params.R`",
    ),
    KeySpec::new("signals", KeyType::Mixed("table of signals"), "none", "signals for every expression"),
    KeySpec::new("systems", KeyType::Mixed("table of systems"), "none", "what moves"),
    KeySpec::new("layout", KeyType::Table, "the panels stacked", "where the panels stand"),
    KeySpec::new("panels", KeyType::Mixed("table of panels"), "", "what is shown"),
];

/// Options of the caller for a scene.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// The name of the scene: the file name without its extension.
    pub stem: String,
    /// Device pixels per CSS pixel; overrides that of the scene.
    pub scale: Option<f64>,
    /// The folders that may contain the data files of the scene; `None` if it may have none.
    pub bases: Option<Bases>,
}

/// Resolves a merged tree to a scene.
///
/// # Errors
/// The first key or value that is unknown, missing, of the wrong type, out of range, or inconsistent with another.
pub fn resolve(root: &Node, mut sources: Sources, options: &Options) -> Result<Scene, (Diagnostic, Sources)> {
    match resolve_parts(root, &mut sources, options) {
        Ok(parts) => Ok(Scene { sources, ..parts }),
        Err(diagnostic) => Err((diagnostic, sources)),
    }
}

fn resolve_parts(root: &Node, sources: &mut Sources, options: &Options) -> Result<Scene, Diagnostic> {
    let mut table = TableReader::root(root)?.with_keys(KEYS);
    variant::check_single(root)?;
    table.reject_reserved(&["limits", "format"])?;
    let alt = table.opt("alt", |item| item.string().map(SourceString::as_str).map(str::to_owned))?;
    let tables = Tables {
        params: table.opt("params", ValueReader::table)?,
        signals: table.opt("signals", ValueReader::table)?,
        systems: table.opt("systems", ValueReader::table)?,
        panels: table.opt("panels", ValueReader::table)?,
    };
    let panels = tables.panels.clone();
    let variables = variables::variables(root);
    let (model, mut origins) =
        model::model(tables, &variables, &mut DataFiles::new(options.bases.as_ref(), sources))?;
    let env = model.env(&[]).map_err(|error| origins.locate(&error))?;
    let context = Context::new(&model, env);
    let canvas = table.opt("canvas", ValueReader::table)?;
    let ResolvedCanvas { canvas, theme, size } = canvas::canvas(canvas, options.scale, &context)?;
    origins.canvas = size;
    let time = timeline::time(table.opt("time", ValueReader::table)?, &context)?;
    let (timeline, frame_rate) =
        timeline::timeline(table.opt("animate", ValueReader::table)?, &time, &context)?;
    origins.frame_rate = frame_rate;
    let check = check::check(table.opt("check", ValueReader::table)?, &context)?;
    let outputs = output::outputs(&mut table, &options.stem, (&timeline, &canvas), &context)?;
    let panel_table = panels.ok_or_else(|| {
        Diagnostic::new("the scene shows nothing").help("write [panels.x] with kind = 'plot' and draw = […]")
    })?;
    let panels_origin = panel_table.origin();
    let panels = panel::panels(panel_table, &FilmSpans { timeline: &timeline, time: time.span }, &context)?;
    if panels.is_empty() {
        return Err(Diagnostic::new("the scene shows nothing").at(panels_origin).help("write [panels.x]"));
    }
    variables::check_all_used(&variables, &panels, &model)?;
    let names: Vec<&str> = panels.iter().map(|panel| panel.name.as_str()).collect();
    let grid = layout::grid(table.opt("layout", ValueReader::table)?, &names, &context)?;
    table.finish()?;
    Ok(Scene {
        sources: Sources::new(),
        origins,
        stem: options.stem.clone(),
        fingerprint: Fingerprint::of(root, sources.data().map(Source::text)),
        alt,
        outputs,
        check,
        canvas,
        theme,
        time: time.present(),
        timeline,
        grid,
        panels,
        model: model.clone(),
    })
}
