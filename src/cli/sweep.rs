//! `kymo sweep`: the scenes of a grid, or of the rows of a CSV file, as files.
//!
//! Each file extends the scene that is swept and says its own values and pictures, nothing else. It is checked
//! as `kymo render` will check it, and no file is written unless all are right. Files that are there as they should be are
//! not touched, so that whatever compares times finds nothing to do.

mod base_scene;
mod files;
mod names;
mod parameter;
mod range;
mod table;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use kymograph::scene::source::STDIN;

use super::args;
use super::console::Console;
use super::find::DASH;
use super::load::Located;
use base_scene::BaseScene;
use files::{MAX_NAME_BYTES, SceneFile};
use parameter::{Mistake, Sweep};

/// Why there is no sweep.
enum Failure {
    /// Something that was written.
    Scene(Located),
    /// Something about the disk.
    File(String),
}

impl From<Located> for Failure {
    fn from(located: Located) -> Self {
        Self::Scene(located)
    }
}

impl From<String> for Failure {
    fn from(why: String) -> Self {
        Self::File(why)
    }
}

/// Makes the scenes; whether it was done.
pub(super) fn run(args: &args::Sweep, console: &Console) -> bool {
    match make(args) {
        Ok(news) => {
            console.say(&news);
            true
        }
        Err(Failure::Scene((diagnostic, sources))) => {
            console.scene_error(diagnostic, sources);
            false
        }
        Err(Failure::File(why)) => {
            console.error(&why);
            false
        }
    }
}

fn make(args: &args::Sweep) -> Result<String, Failure> {
    if args.scene.as_os_str() == DASH {
        return Err("a sweep's scenes extend a file: write the scene into one".to_owned().into());
    }
    let link = files::relative_path(&args.into, &args.scene)?;
    let base = BaseScene::read(&args.scene, link)?;
    let sweep = match &args.csv {
        Some(path) => Sweep::from_csv(&shown(path), read(path)?)?,
        None => Sweep::from_options(&args.set)?,
    };
    check_keys(&sweep)?;
    let files = files(&base, &sweep, &names::stem(&args.scene))?;
    let kept = files::write(&args.into, &files)?;
    let counted = match files.len() {
        1 => "1 scene".to_owned(),
        several => format!("{several} scenes"),
    };
    let as_they_were = if kept > 0 { format!(", {kept} as before") } else { String::new() };
    Ok(format!("{counted} in {}{as_they_were}", args.into.join("").display()))
}

fn shown(csv: &Path) -> String {
    if csv.as_os_str() == DASH { STDIN.to_owned() } else { csv.display().to_string() }
}

fn read(csv: &Path) -> Result<String, String> {
    let mut text = String::new();
    let read = if csv.as_os_str() == DASH {
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(csv)
    };
    read.map_err(|error| format!("cannot read {}: {error}", shown(csv)))
}

/// Refuses keys that no scene of a sweep may set, and two that set the same.
fn check_keys(sweep: &Sweep) -> Result<(), Located> {
    let full = |key: &str| if key.contains('.') { format!("{key}.") } else { format!("params.{key}.") };
    let keys: Vec<String> = sweep.parameters.iter().map(|column| full(&column.key.value)).collect();
    for (index, key) in keys.iter().enumerate() {
        let mistake = |why: String, help: &str| Err(sweep.at_key(index, Mistake::new(why, help, 0..0)));
        if key.starts_with("output.") || key.starts_with("extends.") {
            let name = key.split('.').next().unwrap_or_default();
            let why = format!("a sweep writes each scene's `{name}` itself");
            return mistake(why, "sweep a param or another key, or change the scene that is swept");
        }
        if let Some(other) = keys[..index].iter().find(|it| it.starts_with(key) || key.starts_with(*it)) {
            let (key, other) = (key.trim_end_matches('.'), other.trim_end_matches('.'));
            let why = if key == other {
                format!("`{key}` is swept twice")
            } else {
                format!("`{key}` and `{other}` set the same")
            };
            return mistake(why, "keep one of the two; a list holds values and ranges: zeta=0:1:0.1,2");
        }
    }
    Ok(())
}

/// All files, each by another name.
fn files(base: &BaseScene<'_>, sweep: &Sweep, stem: &str) -> Result<Vec<SceneFile>, Failure> {
    let mut rows_by_name: BTreeMap<String, usize> = BTreeMap::new();
    let mut files = Vec::new();
    for (row, suffix) in names::suffixes(sweep).into_iter().enumerate() {
        let name = format!("{stem}{suffix}.toml");
        // Some disks know no capitals.
        if let Some(other) = rows_by_name.insert(name.to_lowercase(), row) {
            return Err(alike(sweep, &name, row, other).into());
        }
        check_row(sweep, row, &name)?;
        let assignments: Vec<String> = assignments(sweep, row);
        let told = |(diagnostic, sources): Located| {
            sweep.relocated(row, (diagnostic.note(format!("met in the scene {name}")), sources))
        };
        let text = base.scene(&assignments, &suffix).map_err(told)?;
        files.push(SceneFile { name, text });
    }
    Ok(files)
}

fn assignments(sweep: &Sweep, row: usize) -> Vec<String> {
    sweep
        .parameters
        .iter()
        .zip(&sweep.combinations[row])
        .map(|(column, index)| column.assignment(*index))
        .collect()
}

/// Two scenes of one name, told of the later one by what makes them alike.
fn alike(sweep: &Sweep, name: &str, row: usize, other: usize) -> Located {
    let last = sweep.parameters.len() - 1;
    let differs =
        (0..=last).find(|column| sweep.combinations[row][*column] != sweep.combinations[other][*column]);
    let help = "write each combination of values once; what is no decimal number must differ in its letters and digits";
    let mut mistake = Mistake::new(format!("two scenes would be called {name}"), help, 0..0);
    if let Some(line) = sweep.line(other) {
        mistake = mistake.note(format!("the other one is line {line}"));
    }
    sweep.at_value(row, differs.unwrap_or(last), mistake)
}

/// Refuses a scene whose values or name no file can hold.
fn check_row(sweep: &Sweep, row: usize, name: &str) -> Result<(), Located> {
    for (column, held) in sweep.parameters.iter().enumerate() {
        let value = &held.values[sweep.combinations[row][column]].value;
        if value.contains(char::is_control) || value.contains("'''") {
            let help = "write it on one line, without tabs and without three quotes in a row";
            return Err(sweep.at_value(row, column, Mistake::new("this value cannot be swept", help, 0..0)));
        }
    }
    if name.len() > MAX_NAME_BYTES {
        let why =
            format!("the scene's name would be {} bytes long, and {MAX_NAME_BYTES} is the most", name.len());
        return Err(sweep.at_value(
            row,
            0,
            Mistake::new(why, "sweep fewer keys at once, or shorter values", 0..0),
        ));
    }
    Ok(())
}
