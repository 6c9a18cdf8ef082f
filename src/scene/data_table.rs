//! The values of all systems and signals of a scene, as a table with one row for each frame.

use num_complex::Complex64;

use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::{Code, ExprRole, Variable, to_real};
use crate::scene::model::Env;
use crate::system::{Member, MemberKind, Schema};

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
    let mut env = scene.frame_env(0)?;
    let mut columns = first_values(scene, &env)?;
    let mut header = vec![scene.variable_name().to_owned()];
    let over_time = scene.timeline.variable == Variable::Time;
    if !over_time {
        header.push("t".to_owned());
    }
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(scene.timeline.frames);
    for index in 0..scene.timeline.frames {
        if index > 0 {
            env = scene.frame_env(index)?;
            columns.iter_mut().try_for_each(|column| column.add_value(scene, &env))?;
        }
        let mut row = vec![scene.timeline.present(index)];
        if !over_time {
            row.push(env.time());
        }
        rows.push(row);
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

impl Column {
    /// Adds the value of the next frame.
    fn add_value(&mut self, scene: &Scene, env: &Env<'_>) -> Result<(), Diagnostic> {
        self.values.push(scene.value(&self.code, env, scene.panels[0].origin)?);
        Ok(())
    }
}

/// The columns with their values in the first frame, which tell whether a system has a member.
fn first_values(scene: &Scene, env: &Env<'_>) -> Result<Vec<Column>, Diagnostic> {
    let model = &scene.model;
    let mut columns = Vec::new();
    for (id, system, _) in model.systems() {
        let schema = env.system(id).schema();
        let names = shown(schema).flat_map(|member| {
            let components = member.shape.suffixes().into_iter();
            components.map(move |index| (format!("{system}.{}{index}", member.name), member.is_complex))
        });
        let own =
            names.map(|(name, is_complex)| column(scene, name, is_complex)).collect::<Result<_, _>>()?;
        columns.extend(with_values(scene, env, own)?);
    }
    for (_, name) in model.signals() {
        let mut signal = column(scene, name.to_owned(), false)?;
        signal.add_value(scene, env)?;
        columns.push(signal);
    }
    Ok(columns)
}

/// The members of a system that change with time. A system whose members all hold for the whole film is shown by its
/// constants.
fn shown(schema: &Schema) -> impl Iterator<Item = &Member> {
    let changes = |member: &Member| matches!(member.kind, MemberKind::Signal | MemberKind::Sequence(_));
    let has_signals = schema.members.iter().any(changes);
    let members = schema.members.iter();
    members.filter(move |member| changes(member) || !has_signals && member.kind == MemberKind::Constant)
}

fn column(scene: &Scene, name: String, complex: bool) -> Result<Column, Diagnostic> {
    let code = scene
        .model
        .compile(&name, ExprRole::Element(&[]))
        .map_err(|error| Diagnostic::new(error.message).maybe_help(error.help))?;
    Ok(Column { name, code, complex, values: Vec::with_capacity(scene.timeline.frames) })
}

/// The columns of one system without those of members that it does not have, such as the kernel of a selective system.
///
/// # Errors
/// None of the columns has a value.
fn with_values(scene: &Scene, env: &Env<'_>, columns: Vec<Column>) -> Result<Vec<Column>, Diagnostic> {
    let mut first = None;
    let mut kept = Vec::new();
    for mut column in columns {
        match column.add_value(scene, env) {
            Ok(()) => kept.push(column),
            Err(error) => first = first.or(Some(error)),
        }
    }
    match first {
        Some(error) if kept.is_empty() => Err(error),
        _ => Ok(kept),
    }
}
