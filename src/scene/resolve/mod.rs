//! Validates a merged tree and makes a [`Scene`] of it. No other code validates scenes.
//!
//! Tables are resolved in the order of their dependencies: first the model, because every number may be an expression of
//! its params; then time and timeline; then panels.

mod axis;
mod canvas;
pub(in crate::scene) mod chain;
mod check;
pub(in crate::scene) mod color_scale;
mod colorbar;
pub(in crate::scene) mod context;
mod data_file;
pub(in crate::scene) mod each;
pub(super) mod element;
mod frame_rate;
mod inset;
mod key_tables;
mod layout;
mod limits;
pub(in crate::scene) mod matrix;
mod model;
mod motion;
mod moving_range;
mod output;
mod panel;
mod panel_names;
pub(in crate::scene) mod place;
pub(in crate::scene) mod plotted_signal;
mod removed;
pub(in crate::scene) mod scale;
mod second_axis;
pub(in crate::scene) mod spring;
pub(in crate::scene) mod style;
mod system;
mod ticks;
mod timeline;
mod variables;

pub use key_tables::{KeyTable, key_tables};
pub use model::SceneOrigins;
pub use output::{format_of, sequence_name};

use crate::keys::{KeySpec, KeyType};
use crate::scene::bases::Bases;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Panel;
use crate::scene::errors::{Diagnostics, Errors};
use crate::scene::fingerprint::Fingerprint;
use crate::scene::source::{Source, Sources};
use crate::scene::source_string::SourceString;
use crate::scene::table_reader::TableReader;
use crate::scene::tree::{Entry, Node, TomlTable};
use crate::scene::value_reader::ValueReader;
use crate::scene::variant;
use crate::scene::{Area, Scene};
use crate::work::WorkMeter;
use canvas::ResolvedCanvas;
use context::Context;
use data_file::DataFiles;
use layout::PanelCells;
use model::{DefinitionTables, ResolvedModel};
use removed::{Remaining, with_panels};
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
    KeySpec::new("limits", KeyType::Table, "as below", "how much work and memory the scene may take"),
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
/// The keys and values that are unknown, missing, of the wrong type, out of range, or inconsistent with others. Each
/// mistake is one error.
pub fn resolve(
    root: &Node,
    mut sources: Sources,
    options: &Options,
) -> Result<Scene, (Diagnostics, Sources)> {
    let errors = Errors::default();
    match resolve_parts(root, &mut sources, options, &errors) {
        Ok(parts) => Ok(Scene { sources, ..parts }),
        Err(diagnostic) => Err((errors.with(diagnostic), sources)),
    }
}

/// The model of a scene without the signals of panels. Its errors are reported when the scene itself is resolved.
fn model_without_panels(
    root: &Node,
    sources: &mut Sources,
    options: &Options,
    work: &WorkMeter,
) -> ResolvedModel {
    let errors = Errors::default();
    let read = |key| TableReader::root(root).ok()?.opt(key, ValueReader::table).ok().flatten();
    let definitions = DefinitionTables {
        params: read("params"),
        signals: read("signals"),
        systems: read("systems"),
        panels: None,
        variables: &variables::variables(root),
        work: work.clone(),
    };
    model::model(&definitions, &mut DataFiles::new(options.bases.as_ref(), sources), &errors)
}

/// Resolves each table by itself. The first error is returned, the others go to `errors`.
fn resolve_parts(
    file: &Node,
    sources: &mut Sources,
    options: &Options,
    errors: &Errors,
) -> Result<Scene, Diagnostic> {
    let limits = TableReader::root_with(file, errors.clone())?.opt("limits", ValueReader::table);
    let limits = errors.note(limits.and_then(limits::limits)).unwrap_or_default();
    let work = WorkMeter::with_limits(limits);
    let define = || model_without_panels(file, &mut sources.clone(), options, &work);
    let remaining = Remaining::of(file);
    let (kept, removed) = remaining.as_ref().map_or((file, &[][..]), |it| (&it.root, &it.removed));
    let expanded = each::expanded(kept, errors, define)?;
    let root = expanded.as_ref().unwrap_or(kept);
    let mut table = TableReader::root_with(root, errors.clone())?.with_keys(KEYS);
    variant::check_single(root)?;
    table.reject_reserved(&["format"])?;
    // They are known already.
    table.attempt("limits", |_| Ok(()));
    let alt = table.attempt("alt", |item| item.string().map(SourceString::as_str).map(str::to_owned));
    let mut read = |key| table.attempt(key, ValueReader::table);
    let definitions = DefinitionTables {
        params: read("params"),
        signals: read("signals"),
        systems: read("systems"),
        panels: read("panels"),
        variables: &variables::variables(root),
        work,
    };
    let files = &mut DataFiles::new(options.bases.as_ref(), sources);
    let ResolvedModel { model, mut origins, faults } = model::model(&definitions, files, errors);
    let env = model.env(&[]).map_err(|error| origins.locate(&error))?;
    let context = Context::new(&model, env, &faults);
    let canvas = table.opt("canvas", ValueReader::table);
    let canvas = errors.note(canvas.and_then(|table| canvas::canvas(table, options.scale, &context)));
    let time = table.opt("time", ValueReader::table);
    let time = errors.note(time.and_then(|table| timeline::time(table, &context)));
    let timeline = table.opt("animate", ValueReader::table);
    let timeline = errors.note(timeline.and_then(|table| timeline::timeline(table, time.as_ref(), &context)));
    let check = table.opt("check", ValueReader::table);
    let check = errors.note(check.and_then(|table| check::check(table, &context)));
    let film =
        (timeline.as_ref().ok().map(|(timeline, _)| timeline), canvas.as_ref().ok().map(|it| &it.canvas));
    let outputs = errors.note(output::outputs(&mut table, &options.stem, film, &context));
    let spans = match (&timeline, &time) {
        (Ok((timeline, _)), Ok(time)) => Ok(FilmSpans { timeline, time: time.span }),
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    let panels = errors.note(panels(&mut table, spans, &context));
    let grid = table.opt("layout", ValueReader::table);
    let is_in_grid = |panel: &Entry| panel.node.as_table().is_none_or(|keys| keys.get("inset").is_none());
    let arranged = with_panels(root, is_in_grid);
    let cells = PanelCells { names: &panel_names(&arranged), removed, columns: each::columns(&arranged) };
    let grid = errors.note(grid.and_then(|table| layout::grid(table, &cells, &context)));
    table.finish()?;
    let (ResolvedCanvas { canvas, theme, size }, (timeline, frame_rate)) = (canvas?, timeline?);
    let (time, check, outputs, panels, mut grid) = (time?.present(), check?, outputs?, panels?, grid?);
    if let Some(error) = errors.first() {
        return Err(error);
    }
    grid.areas = areas_of_all(&panels, &grid.areas);
    variables::check_all_used(definitions.variables, &panels, &model)?;
    (origins.canvas, origins.frame_rate) = (size, frame_rate);
    Ok(Scene {
        sources: Sources::new(),
        origins,
        stem: options.stem.clone(),
        fingerprint: Fingerprint::of(file, sources.data().map(Source::text)),
        alt,
        outputs,
        check,
        limits,
        canvas,
        theme,
        time,
        timeline,
        grid,
        panels,
        model: model.clone(),
    })
}

/// Reads the panels, at least one. `spans` may be the error of the table that gives them.
fn panels(
    table: &mut TableReader<'_>,
    spans: Result<FilmSpans<'_>, &Diagnostic>,
    context: &Context<'_>,
) -> Result<Vec<Panel>, Diagnostic> {
    let nothing = Diagnostic::new("the scene shows nothing");
    let Some(panel_table) = table.opt("panels", ValueReader::table)? else {
        return Err(nothing.help("write [panels.x] with kind = 'plot' and draw = […]"));
    };
    let origin = panel_table.origin();
    let panels = panel::panels(panel_table, spans, context)?;
    if panels.is_empty() { Err(nothing.at(origin).help("write [panels.x]")) } else { Ok(panels) }
}

/// The cells of all panels, from those of the panels of the grid: a panel inside of another one has the cells of that.
fn areas_of_all(panels: &[Panel], arranged: &[Area]) -> Vec<Area> {
    let rank = |index: usize| panels[..index].iter().filter(|panel| panel.inset.is_none()).count();
    let area = |index: usize| arranged.get(rank(inset::host_in_grid(panels, index)?)).cloned();
    (0..panels.len()).filter_map(area).collect()
}

/// The names of the panels in the file, whether or not their tables are right.
fn panel_names(root: &Node) -> Vec<&str> {
    let panels = root.as_table().and_then(|root| root.get("panels")).and_then(|entry| entry.node.as_table());
    panels.map_or(&[][..], TomlTable::entries).iter().map(|entry| entry.key.as_str()).collect()
}
