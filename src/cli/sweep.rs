//! `kymo sweep`: writes one scene file for each combination of parameter values.
//!
//! The combinations are a grid of values (`--set`) or the rows of a CSV file (`--csv`). Each file extends the base
//! scene and holds only its own values and output paths. All scenes are checked as `kymo render` checks them before
//! the first file is written. Files that would not change are not touched, so build tools see them as up to date.

mod base_scene;
mod combinations;
mod files;
mod grid;
mod names;
mod parameter;
mod range;
mod table;

use std::collections::BTreeMap;
use std::path::Path;

use kymograph::files::{ReadError, open_or_inherited, read_text};
use kymograph::printable::name;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::source::{STDIN, Sources};

use super::args;
use super::console::Console;
use super::find::DASH;
use super::load::{self, LocatedError};
use base_scene::BaseScene;
use combinations::Sweep;
use files::{MAX_NAME_BYTES, SceneFile};

/// Largest size of a CSV file in bytes: 100,000 rows, the limit of a sweep, of 160 characters each.
const MAX_CSV_BYTES: u64 = 16 << 20;

/// Writes the scenes and returns whether that succeeded.
pub(super) fn run(args: &args::Sweep, console: &Console) -> bool {
    match sweep(args) {
        Ok(summary) => {
            console.info(&summary);
            true
        }
        Err(error) => {
            console.scene_errors(error);
            false
        }
    }
}

/// Writes the scenes and returns a summary such as `21 scenes in sweep/, 20 unchanged`.
fn sweep(args: &args::Sweep) -> Result<String, LocatedError> {
    if args.scene.as_os_str() == DASH {
        let error = Diagnostic::new("a sweep cannot read its scene from standard input");
        return Err(without_source(error.help("write the scene to a file: the new scenes extend it")));
    }
    let link = files::relative_path(&args.into, &args.scene).map_err(without_source)?;
    let bases = load::bases(&args.bases).map_err(|error| without_source(Diagnostic::new(error)))?;
    let base = BaseScene::read(&args.scene, link, &bases)?;
    // The base scene must be readable as a base of every new scene.
    bases.check(&args.scene, &args.into.join("scene.toml")).map_err(|error| {
        let (scene, folder) = (name(&args.scene), name(&args.into));
        let error = Diagnostic::new(format!("scenes in {folder} cannot extend {scene}: {error}"));
        without_source(error.help("pass --root with a folder that holds both"))
    })?;
    let sweep = match &args.csv {
        Some(path) => read_csv(path)?,
        None => Sweep::from_options(&args.set)?,
    };
    check_keys(&sweep)?;
    let files = scene_files(&base, &sweep)?;
    let unchanged = files::write(&args.into, &files).map_err(without_source)?;
    let plural = if files.len() == 1 { "" } else { "s" };
    let unchanged = if unchanged > 0 { format!(", {unchanged} unchanged") } else { String::new() };
    Ok(format!("{} scene{plural} in {}{unchanged}", files.len(), name(&args.into.join(""))))
}

fn without_source(error: Diagnostic) -> LocatedError {
    (error.into(), Sources::new())
}

fn read_csv(path: &Path) -> Result<Sweep, LocatedError> {
    let shown = if path.as_os_str() == DASH { Path::new(STDIN) } else { path };
    let text = csv_text(path).map_err(|error| {
        let help = "pass a CSV file in UTF-8 with --csv, or values with --set";
        without_source(Diagnostic::new(format!("cannot read {}: {error}", name(shown))).help(help))
    })?;
    Sweep::from_csv(&shown.to_string_lossy(), text)
}

fn csv_text(path: &Path) -> Result<String, ReadError> {
    if path.as_os_str() == DASH {
        return read_text(std::io::stdin().lock(), MAX_CSV_BYTES);
    }
    read_text(open_or_inherited(path)?, MAX_CSV_BYTES)
}

/// Refuses keys that a sweep writes itself, and keys that overwrite each other.
fn check_keys(sweep: &Sweep) -> Result<(), LocatedError> {
    // A trailing point makes `canvas.` a prefix of `canvas.size.`, but not of `canvas-size.`.
    let path = |key: &str| if key.contains('.') { format!("{key}.") } else { format!("params.{key}.") };
    let paths: Vec<String> = sweep.parameters.iter().map(|parameter| path(&parameter.key.text)).collect();
    for (index, path) in paths.iter().enumerate() {
        let error = |why: String, help: &str| sweep.error(&sweep.parameters[index].key, why, help);
        if let Some(key) = ["output", "extends"].into_iter().find(|key| path.starts_with(&format!("{key}.")))
        {
            let why = format!("a sweep writes the `{key}` of each scene itself");
            return Err(error(why, "sweep another key, or change the base scene"));
        }
        if let Some(other) = paths[..index].iter().find(|it| it.starts_with(path) || path.starts_with(*it)) {
            let (key, other) = (path.trim_end_matches('.'), other.trim_end_matches('.'));
            let why = if key == other {
                format!("`{key}` is swept twice")
            } else {
                format!("`{key}` and `{other}` set the same value")
            };
            return Err(error(why, "keep one of the two; it can list values and ranges: zeta=0:1:0.1,2"));
        }
    }
    Ok(())
}

/// The files of all scenes, in the order of the combinations.
fn scene_files(base: &BaseScene<'_>, sweep: &Sweep) -> Result<Vec<SceneFile>, LocatedError> {
    let mut used_names: BTreeMap<String, usize> = BTreeMap::new();
    let mut files = Vec::new();
    for (scene, suffix) in names::suffixes(sweep).into_iter().enumerate() {
        let name = format!("{}{suffix}.toml", base.stem());
        // Some file systems ignore case.
        if let Some(other) = used_names.insert(name.to_lowercase(), scene) {
            return Err(duplicate_name(sweep, &name, scene, other));
        }
        check_values(sweep, scene, &name)?;
        let text = base.scene_text(&sweep.assignments(scene), &suffix).map_err(|(errors, sources)| {
            let met = errors.map(|error| error.note(format!("met in the scene {name}")));
            sweep.relocate(scene, (met, sources))
        })?;
        files.push(SceneFile { name, text });
    }
    Ok(files)
}

/// The error for two scenes with the same file name, at the first value of the later one that differs.
fn duplicate_name(sweep: &Sweep, name: &str, scene: usize, other: usize) -> LocatedError {
    let parameters = 0..sweep.parameters.len();
    let differs =
        |parameter: &usize| sweep.combinations[scene][*parameter] != sweep.combinations[other][*parameter];
    let value = sweep.value(scene, parameters.clone().find(differs).unwrap_or(parameters.end - 1));
    let help =
        "write each combination of values once; values other than numbers must differ in letters or digits";
    let (error, sources) = sweep.error(value, format!("two scenes would be called {name}"), help);
    match sweep.line(other) {
        Some(line) => (error.map(|error| error.note(format!("the other one is line {line}"))), sources),
        None => (error, sources),
    }
}

/// Refuses values that cannot be written to a scene file, and names that are too long for a file.
fn check_values(sweep: &Sweep, scene: usize, name: &str) -> Result<(), LocatedError> {
    for parameter in 0..sweep.parameters.len() {
        let value = sweep.value(scene, parameter);
        if value.text.contains(char::is_control) || value.text.contains("'''") {
            let help = "write it on one line, without tabs and without three quotes in a row";
            return Err(sweep.error(value, "this value cannot be swept", help));
        }
    }
    if name.len() > MAX_NAME_BYTES {
        let why = format!("the scene's file name has {} bytes; the limit is {MAX_NAME_BYTES}", name.len());
        return Err(sweep.error(sweep.value(scene, 0), why, "sweep fewer keys at once, or shorter values"));
    }
    Ok(())
}
