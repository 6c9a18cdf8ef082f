//! `kymo data`: prints the values of a scene, one row for each frame.

use std::io::{self, BufWriter, Write};

use kymograph::scene::Scene;
use kymograph::scene::data_table::{DataTable, table};
use kymograph::scene::diagnostic::Diagnostic;

use super::args::{Data, TableFormat};
use super::batch::READING;
use super::console::Console;
use super::load;

/// Prints the table and returns whether that succeeded.
pub(super) fn run(args: &Data, console: &Console) -> bool {
    let bases = match load::bases(&args.bases) {
        Ok(bases) => bases,
        Err(error) => {
            console.error(&error);
            return false;
        }
    };
    console.begin_stage(&args.scene.to_string_lossy(), READING);
    let mut scene = match load::scene(&args.scene, &args.overrides, &bases, "`kymo data` prints one scene") {
        Ok(scene) => scene,
        Err(error) => {
            console.scene_errors(error);
            return false;
        }
    };
    console.begin_stage(&scene.stem, "evaluate");
    match print(&scene, args.format, console) {
        Ok(printed) => console.check_stdout(printed),
        Err(diagnostic) => {
            console.scene_error(diagnostic, std::mem::take(&mut scene.sources));
            false
        }
    }
}

fn print(scene: &Scene, format: TableFormat, console: &Console) -> Result<io::Result<()>, Diagnostic> {
    let table = table(scene)?;
    console.finish_progress();
    let out = BufWriter::new(io::stdout().lock());
    Ok(match format {
        TableFormat::Csv => csv(&table, out),
        TableFormat::Json => json(&table, out),
    })
}

fn csv(table: &DataTable, mut out: impl Write) -> io::Result<()> {
    writeln!(out, "{}", table.header.join(","))?;
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|value| shortest(*value)).collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    out.flush()
}

fn json(table: &DataTable, mut out: impl Write) -> io::Result<()> {
    writeln!(out, "[")?;
    for (index, row) in table.rows.iter().enumerate() {
        let cells: Vec<String> = table
            .header
            .iter()
            .zip(row)
            // JSON has no infinity and no NaN.
            .map(|(name, value)| {
                let value = if value.is_finite() { shortest(*value) } else { "null".to_owned() };
                format!("\"{name}\": {value}")
            })
            .collect();
        let comma = if index + 1 == table.rows.len() { "" } else { "," };
        writeln!(out, "  {{ {} }}{comma}", cells.join(", "))?;
    }
    writeln!(out, "]")?;
    out.flush()
}

/// The shortest decimal that reads back as the same number; with an exponent where the digits
/// would be mostly zeros.
fn shortest(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude == 0.0 || !magnitude.is_finite() || (1e-5..1e16).contains(&magnitude) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::shortest;

    #[test]
    fn numbers_read_back() {
        for value in [0.1, -3.0, 1e-300, 1.5e20, f64::MAX, f64::MIN_POSITIVE, 1.0 / 3.0, -0.0] {
            assert_eq!(shortest(value).parse::<f64>().map(f64::to_bits), Ok(value.to_bits()));
        }
    }
}
