//! The values of all systems and signals of a scene, as a table with one row for each frame.

use num_complex::Complex64;

use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::{Code, ExprRole, Variable, to_real};
use crate::system::{Member, MemberKind};

/// One column for each quantity, two if it is complex, and one row for each frame.
#[derive(Clone, Debug, PartialEq)]
pub struct DataTable {
    /// `t`, `spring.x`, `spring.z.re`, …
    pub header: Vec<String>,
    /// The values, one for each column; NaN if a quantity is undefined.
    pub rows: Vec<Vec<f64>>,
}

/// A quantity over all frames.
struct Column {
    name: String,
    code: Code,
    complex: bool,
    values: Vec<Complex64>,
}

/// The table of a scene: the film's variable, then `t` if that is another variable, the signals of all systems, and the
/// signals that the scene defines.
///
/// A complex signal of a system has two columns, as does a signal of the scene that is complex in any frame.
///
/// # Errors
/// A value of the film's variable makes a system invalid.
pub fn table(scene: &Scene) -> Result<DataTable, Diagnostic> {
    let mut columns = columns(scene)?;
    let mut header = vec![scene.variable_name().to_owned()];
    let over_time = scene.timeline.variable == Variable::Time;
    if !over_time {
        header.push("t".to_owned());
    }
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(scene.timeline.frames);
    for index in 0..scene.timeline.frames {
        let env = scene.env(index)?;
        let mut row = vec![scene.timeline.present(index)];
        if !over_time {
            row.push(env.time());
        }
        rows.push(row);
        for column in &mut columns {
            column.values.push(scene.value(&column.code, &env, scene.panels[0].origin)?);
        }
    }
    for column in columns {
        let complex = column.complex || column.values.iter().any(|value| to_real(*value).is_err());
        if complex {
            header.extend([format!("{}.re", column.name), format!("{}.im", column.name)]);
        } else {
            header.push(column.name);
        }
        for (row, value) in rows.iter_mut().zip(column.values) {
            row.push(value.re);
            if complex {
                row.push(value.im);
            }
        }
    }
    Ok(DataTable { header, rows })
}

fn columns(scene: &Scene) -> Result<Vec<Column>, Diagnostic> {
    let model = &scene.model;
    let mut names: Vec<(String, bool)> = Vec::new();
    let env = scene.env(0)?;
    for (id, system, _) in model.systems() {
        let members = &env.system(id).schema().members;
        let changes = |member: &&Member| matches!(member.kind, MemberKind::Signal | MemberKind::Sequence(_));
        // A system whose members all hold for the whole film is shown by its constants.
        let has_signals = members.iter().any(|member| changes(&member));
        let is_shown =
            |member: &&Member| changes(member) || !has_signals && member.kind == MemberKind::Constant;
        for member in members.iter().filter(is_shown) {
            let components = member.shape.suffixes().into_iter();
            names.extend(
                components.map(|index| (format!("{system}.{}{index}", member.name), member.is_complex)),
            );
        }
    }
    names.extend(model.signals().into_iter().map(|(_, name)| (name.to_owned(), false)));
    names
        .into_iter()
        .map(|(name, complex)| {
            let code = model
                .compile(&name, ExprRole::Element(&[]))
                .map_err(|error| Diagnostic::new(error.message).maybe_help(error.help))?;
            Ok(Column { name, code, complex, values: Vec::with_capacity(scene.timeline.frames) })
        })
        .collect()
}
