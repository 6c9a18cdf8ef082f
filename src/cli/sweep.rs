//! `kymo sweep`: the scenes of a grid, or of the rows of a CSV file, as files.
//!
//! Each file extends the scene that is swept and says its own values and pictures, nothing else. It is checked
//! as `kymo render` will check it, and no file is written unless all are right. Files that are there as they should be are
//! not touched, so that whatever compares times finds nothing to do.

mod base;
mod column;
mod csv;
mod decimal;
mod files;
mod name;

use std::collections::BTreeMap;
use std::path::Path;

use kymograph::files::{ReadError, open_or_inherited, text};
use kymograph::printable::name;
use kymograph::scene::source::STDIN;

use super::args;
use super::console::Console;
use super::find::DASH;
use super::load::{self, Located};
use base::Base;
use column::{Mistake, Sweep};
use files::{LONGEST_NAME, Sheet};

/// Bytes of a table, at most: 100,000 rows, which is the most that a sweep takes, of 160 characters each.
const LARGEST_TABLE: u64 = 16 << 20;

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
    let way = files::way(&args.into, &args.scene)?;
    let bases = load::bases(&args.bases)?;
    let base = Base::read(&args.scene, way, &bases)?;
    // The swept scene becomes the base of every scene that is made.
    bases.check(&args.scene, &args.into.join("scene.toml")).map_err(|error| {
        let (scene, folder) = (name(&args.scene), name(&args.into));
        format!(
            "scenes in {folder} cannot extend {scene}: {error}; pass --root with a folder that holds both"
        )
    })?;
    let sweep = match &args.csv {
        Some(path) => {
            let text = read(path).map_err(|error| format!("cannot read {}: {error}", name(called(path))))?;
            Sweep::of_csv(&called(path).to_string_lossy(), text)?
        }
        None => Sweep::of_words(&args.set)?,
    };
    check_keys(&sweep)?;
    let sheets = sheets(&base, &sweep, &name::stem(&args.scene))?;
    let kept = files::write(&args.into, &sheets)?;
    let counted = match sheets.len() {
        1 => "1 scene".to_owned(),
        several => format!("{several} scenes"),
    };
    let as_they_were = if kept > 0 { format!(", {kept} as before") } else { String::new() };
    Ok(format!("{counted} in {}{as_they_were}", name(&args.into.join(""))))
}

/// What to call the file of a table.
fn called(csv: &Path) -> &Path {
    if csv.as_os_str() == DASH { Path::new(STDIN) } else { csv }
}

fn read(csv: &Path) -> Result<String, ReadError> {
    if csv.as_os_str() == DASH {
        return text(std::io::stdin().lock(), LARGEST_TABLE);
    }
    text(open_or_inherited(csv)?, LARGEST_TABLE)
}

/// Refuses keys that no scene of a sweep may set, and two that set the same.
fn check_keys(sweep: &Sweep) -> Result<(), Located> {
    let full = |key: &str| if key.contains('.') { format!("{key}.") } else { format!("params.{key}.") };
    let keys: Vec<String> = sweep.columns.iter().map(|column| full(&column.key.value)).collect();
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
fn sheets(base: &Base<'_>, sweep: &Sweep, stem: &str) -> Result<Vec<Sheet>, Failure> {
    let mut rows_by_name: BTreeMap<String, usize> = BTreeMap::new();
    let mut sheets = Vec::new();
    for (row, suffix) in name::suffixes(sweep).into_iter().enumerate() {
        let name = format!("{stem}{suffix}.toml");
        // Some disks know no capitals.
        if let Some(other) = rows_by_name.insert(name.to_lowercase(), row) {
            return Err(alike(sweep, &name, row, other).into());
        }
        check_row(sweep, row, &name)?;
        let assignments: Vec<String> = assignments(sweep, row);
        let told = |(diagnostic, sources): Located| {
            sweep.retold(row, (diagnostic.note(format!("met in the scene {name}")), sources))
        };
        let text = base.scene(&assignments, &suffix).map_err(told)?;
        sheets.push(Sheet { name, text });
    }
    Ok(sheets)
}

fn assignments(sweep: &Sweep, row: usize) -> Vec<String> {
    sweep.columns.iter().zip(&sweep.rows[row]).map(|(column, index)| column.assignment(*index)).collect()
}

/// Two scenes of one name, told of the later one by what makes them alike.
fn alike(sweep: &Sweep, name: &str, row: usize, other: usize) -> Located {
    let last = sweep.columns.len() - 1;
    let differs = (0..=last).find(|column| sweep.rows[row][*column] != sweep.rows[other][*column]);
    let help = "write each combination of values once; what is no decimal number must differ in its letters and digits";
    let mut mistake = Mistake::new(format!("two scenes would be called {name}"), help, 0..0);
    if let Some(line) = sweep.line(other) {
        mistake = mistake.note(format!("the other one is line {line}"));
    }
    sweep.at_value(row, differs.unwrap_or(last), mistake)
}

/// Refuses a scene whose values or name no file can hold.
fn check_row(sweep: &Sweep, row: usize, name: &str) -> Result<(), Located> {
    for (column, held) in sweep.columns.iter().enumerate() {
        let value = &held.values[sweep.rows[row][column]].value;
        if value.contains(char::is_control) || value.contains("'''") {
            let help = "write it on one line, without tabs and without three quotes in a row";
            return Err(sweep.at_value(row, column, Mistake::new("this value cannot be swept", help, 0..0)));
        }
    }
    if name.len() > LONGEST_NAME {
        let why =
            format!("the scene's name would be {} bytes long, and {LONGEST_NAME} is the most", name.len());
        return Err(sweep.at_value(
            row,
            0,
            Mistake::new(why, "sweep fewer keys at once, or shorter values", 0..0),
        ));
    }
    Ok(())
}
