//! The row of the state-space system: its keys and members over
//! [`solver::state_space`](crate::solver::state_space).

mod build;
mod members;

use super::{KeyError, KindSpec, Outline, OutlineValue, Schema};
use crate::keys::{KeySpec, KeyType};
use crate::solver::state_space::MAX_ORDER;
pub(super) use build::named_matrix;
use build::solve;
use members::Form;

/// The linear system x′ = A·x + B·u, y = C·x + D·u.
pub(crate) static KIND: KindSpec =
    KindSpec { name: "state-space", article: "a", keys: &KEYS, max_solutions: 128, declare, solve };

/// The products of a matrix and a vector that lead to a state: one for each bit of the time, and those of a series.
const SQUARES_PER_STATE: u64 = 6;
/// The values of the input that a cell is made from.
const VALUES_PER_CELL: u64 = 17;
/// The products of matrices that lead to the propagators, in the arithmetic of wide numbers.
const CUBES_PER_SYSTEM: u64 = 30;
/// The products of matrices that take as long as the eigenvalues.
const CUBES_OF_EIGENVALUES: u64 = 8;

const KEYS: [KeySpec; 11] = [
    KeySpec::new("A", KeyType::Matrix, "", "the matrix A: a list of rows, or a table with a `kind`"),
    KeySpec::new("A.kind", KeyType::Word(&KINDS), "", "a named matrix, which brings its B"),
    KeySpec::new(
        "A.coefficients",
        KeyType::Vector,
        "",
        "the coefficients of a companion matrix, highest power first",
    ),
    KeySpec::new("A.values", KeyType::Vector, "", "the values on the diagonal of a diagonal matrix"),
    KeySpec::new(
        "A.order",
        KeyType::Integer,
        "",
        "the number of states of a HiPPO matrix, or of complex states of S4D, 1 to 256",
    ),
    KeySpec::new(
        "A.window",
        KeyType::Number,
        "1 for hippo-legt, 2 for hippo-fout",
        "the length of the window that a hippo-legt or hippo-fout matrix remembers",
    )
    .in_unit("s"),
    KeySpec::new(
        "B",
        KeyType::Vector,
        "that of the named A, else 0",
        "the vector B, one entry for each state",
    ),
    KeySpec::new(
        "C",
        KeyType::Matrix,
        "1 for the first state, else 0",
        "the matrix C: one row, or a list of rows for several outputs",
    ),
    KeySpec::new(
        "D",
        KeyType::Vector,
        "`0`",
        "the part of u that passes to y directly, one number for each output",
    ),
    KeySpec::new("u", KeyType::Signal, "none", "the input u"),
    KeySpec::new("x0", KeyType::Vector, "0 each", "the state at t = 0, one entry for each state"),
];

pub(super) const KINDS: [&str; 9] = [
    "companion",
    "diagonal",
    "hippo-legs",
    "hippo-legt",
    "hippo-lagt",
    "hippo-fout",
    "s4d-lin",
    "s4d-inv",
    "s4d-real",
];

/// The work of a state of a linear system at a time, by the number of states.
pub(super) fn motion_work(order: usize, is_complex: bool) -> u64 {
    SQUARES_PER_STATE * square(order, is_complex)
}

/// The work of a cell of the input for each value of the input.
pub(super) fn input_work(order: usize, is_complex: bool) -> u64 {
    square(order, is_complex) / VALUES_PER_CELL
}

/// The work of the propagators of all steps, once they are needed.
pub(super) fn propagator_work(order: usize, is_complex: bool) -> u64 {
    CUBES_PER_SYSTEM * square(order, is_complex) * order as u64
}

/// The work of the eigenvalues.
pub(super) fn eigenvalue_work(order: usize) -> u64 {
    CUBES_OF_EIGENVALUES * square(order, true) * order as u64
}

/// The multiplications of a product of a matrix and a vector.
fn square(order: usize, is_complex: bool) -> u64 {
    let per_number = if is_complex { 3 } else { 1 };
    per_number * order as u64 * order as u64
}

fn declare(keys: &Outline) -> Result<Schema, KeyError> {
    let kind = keys.word("A.kind");
    check_a(keys, kind)?;
    let order = declared_order(keys, kind)?;
    let (outputs, columns) = keys.size("C").map_or((1, order), |(rows, columns)| (rows, Some(columns)));
    let lengths = [("B", keys.length("B")), ("C", columns), ("x0", keys.length("x0"))];
    for (key, length) in lengths {
        if let Some((length, order)) = length.zip(order).filter(|(length, order)| length != order) {
            return Err(wrong_length(key, length, order));
        }
    }
    if let Some(length) = keys.length("D").filter(|length| *length != outputs) {
        let message = format!("`D` needs as many numbers as `C` has rows ({outputs}), it has {length}");
        return Err(KeyError::key("D", message, "give `D` as many numbers as `C` has rows"));
    }
    // Whether written numbers are complex is known once they are evaluated.
    let is_s4d = kind.is_some_and(is_s4d);
    let is_state_complex = is_s4d || kind == Some("diagonal");
    Ok(Form { order, outputs, is_state_complex, is_output_complex: is_state_complex && !is_s4d }.schema())
}

pub(super) fn is_s4d(kind: &str) -> bool {
    kind.starts_with("s4d-")
}

/// The key beside `A.kind` that a kind needs, and an example.
fn needed_key(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "companion" => ("A.coefficients", "coefficients = [1, 0.4, 4]"),
        "diagonal" => ("A.values", "values = [-1, -2]"),
        _ => ("A.order", "order = 8"),
    }
}

/// Checks that A is given in one way, and with the keys of its kind.
pub(super) fn check_a(keys: &Outline, kind: Option<&'static str>) -> Result<(), KeyError> {
    let Some(kind) = kind else {
        return check_unnamed(keys);
    };
    if keys.has("A") {
        let help = "give one of the two";
        return Err(KeyError::key("A", "`A` cannot be both a list of rows and a named matrix", help));
    }
    let (needed, example) = needed_key(kind);
    if !keys.has(needed) {
        let message = format!("a {kind} matrix needs `{}`", needed.trim_start_matches("A."));
        let help = format!("write A = {{ kind = \"{kind}\", {example} }}");
        return Err(KeyError::key("A.kind", message, help));
    }
    let has_window = matches!(kind, "hippo-legt" | "hippo-fout");
    let is_foreign = |key: &str| key != "A.kind" && key != needed && !(has_window && key == "A.window");
    match keys.0.iter().find(|(key, _)| key.starts_with("A.") && is_foreign(key)) {
        Some((key, _)) => {
            let message = format!("a {kind} matrix has no `{}`", key.trim_start_matches("A."));
            Err(KeyError::key(*key, message, "leave it out"))
        }
        None => Ok(()),
    }
}

/// Checks that A is given as a list of rows.
fn check_unnamed(keys: &Outline) -> Result<(), KeyError> {
    let help = "write A = [[0, 1], [-4, -0.4]], or A = { kind = \"hippo-legs\", order = 8 }";
    if let Some((key, _)) = keys.0.iter().find(|(key, _)| key.starts_with("A.")) {
        let message = format!("`{}` needs `kind` beside it", key.trim_start_matches("A."));
        return Err(KeyError::key(*key, message, help));
    }
    if !keys.has("A") {
        return Err(KeyError::system("a state-space system needs `A`", help));
    }
    Ok(())
}

/// The number of states, if it is known before expressions are evaluated.
pub(super) fn declared_order(keys: &Outline, kind: Option<&str>) -> Result<Option<usize>, KeyError> {
    let order = match kind {
        None => square_order(keys, "A")?,
        Some("companion") => match keys.length("A.coefficients") {
            Some(0 | 1) => return Err(too_few_coefficients()),
            length => length.map(|length| length - 1),
        },
        Some("diagonal") => keys.length("A.values"),
        Some(_) => match keys.literal("A.order") {
            Some(order) if !(1.0..=MAX_ORDER as f64).contains(&order) => return Err(wrong_order(order)),
            order => order.map(|order| order as usize),
        },
    };
    match order {
        Some(order) if !(1..=MAX_ORDER).contains(&order) => {
            Err(wrong_number_of_states("a state-space system", given_size(kind), order))
        }
        order => Ok(order),
    }
}

/// The number of rows of a square matrix, if it is known.
pub(super) fn square_order(keys: &Outline, key: &'static str) -> Result<Option<usize>, KeyError> {
    match keys.get(key) {
        Some(OutlineValue::Matrix(0, _) | OutlineValue::Matrix(_, 0)) => {
            let help = format!("write {key} = [[0, 1], [-4, -0.4]]: a list of rows");
            Err(KeyError::key(key, format!("`{key}` holds no number"), help))
        }
        Some(OutlineValue::Matrix(rows, columns)) if rows != columns => {
            let [rows, columns] = [count(*rows, "row"), count(*columns, "column")];
            let message = format!("`{key}` must be square, it has {rows} and {columns}");
            Err(KeyError::key(key, message, format!("give `{key}` as many columns as rows")))
        }
        Some(OutlineValue::Matrix(rows, _)) => Ok(Some(*rows)),
        _ => Ok(None),
    }
}

/// The error for a matrix that is too large.
pub(super) fn wrong_number_of_states(system: &str, key: &'static str, order: usize) -> KeyError {
    let message = format!("{system} has 1 to {MAX_ORDER} states, this one has {order}");
    KeyError::key(key, message, format!("give it 1 to {MAX_ORDER}"))
}

/// A number of things: `1 row`, `2 rows`.
fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// The key that determines the number of states.
fn given_size(kind: Option<&str>) -> &'static str {
    kind.map_or("A", |kind| needed_key(kind).0)
}

fn too_few_coefficients() -> KeyError {
    KeyError::key(
        "A.coefficients",
        "a companion matrix needs at least two coefficients",
        "write those of s² + 0.4s + 4 as [1, 0.4, 4]",
    )
}

fn wrong_order(order: f64) -> KeyError {
    KeyError::key("A.order", format!("`order` must be 1 to {MAX_ORDER}, it is {order}"), "write order = 8")
}

fn wrong_length(key: &'static str, length: usize, order: usize) -> KeyError {
    let each_row = if key == "C" { "each row of " } else { "" };
    let message =
        format!("{each_row}`{key}` needs as many numbers as there are states ({order}), it has {length}");
    KeyError::key(key, message, format!("give `{key}` as many numbers as `A` has rows"))
}

#[cfg(test)]
mod tests;
