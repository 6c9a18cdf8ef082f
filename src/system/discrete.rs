//! The row of the discrete system: its keys and members over [`solver::discrete`](crate::solver::discrete).

mod build;
mod members;
mod readout;
mod sources;
mod steps;

use super::state_space::{KINDS, check_a, declared_order, is_s4d, square_order, wrong_number_of_states};
use super::{KeyError, KindSpec, Outline, Schema, Shape};
use crate::keys::{KeySpec, KeyType};
use crate::solver::discrete::Method;
use crate::solver::state_space::MAX_ORDER;
use build::solve;
use members::Form;

/// The recurrence x(k) = Ad(k)·x(k−1) + Bd(k)·u(k), y(k) = C·x(k) + D·u(k).
pub(crate) static KIND: KindSpec =
    KindSpec { name: "discrete", article: "a", keys: &KEYS, max_solutions: 128, declare, solve };

/// What matrices and steps can depend on.
const OF_STEP: &[&str] = &["k", "u"];

const METHODS: [(&str, Method); 4] = [
    ("bilinear", Method::Bilinear),
    ("zoh", Method::Zoh),
    ("euler", Method::Euler),
    ("backward-euler", Method::BackwardEuler),
];

const KEYS: [KeySpec; 16] = [
    KeySpec::new(
        "of",
        KeyType::System,
        "",
        "a state-space system, whose matrices, input and start are taken: instead of `A`, `B`, `C` and `D`",
    ),
    KeySpec::new(
        "A",
        KeyType::MatrixOf(OF_STEP),
        "",
        "the matrix A of the continuous system: a list of rows, or a table with a `kind`",
    ),
    KeySpec::new("A.kind", KeyType::Word(&KINDS), "", "a named matrix, which brings its B"),
    KeySpec::new(
        "A.coefficients",
        KeyType::VectorOf(OF_STEP),
        "",
        "the coefficients of a companion matrix, highest power first",
    ),
    KeySpec::new(
        "A.values",
        KeyType::VectorOf(OF_STEP),
        "",
        "the values on the diagonal of a diagonal matrix",
    ),
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
        KeyType::VectorOf(OF_STEP),
        "that of the named A, else 0",
        "the vector B of the continuous system, one entry for each state",
    ),
    KeySpec::new(
        "Ad",
        KeyType::MatrixOf(OF_STEP),
        "",
        "the matrix of the recurrence itself, instead of `A` and `method`",
    ),
    KeySpec::new(
        "Bd",
        KeyType::VectorOf(OF_STEP),
        "0 each",
        "the vector of the recurrence itself, beside `Ad`",
    ),
    KeySpec::new(
        "C",
        KeyType::MatrixOf(OF_STEP),
        "1 for the first state, else 0",
        "the matrix C: one row, or a list of rows for several outputs",
    ),
    KeySpec::new(
        "D",
        KeyType::VectorOf(OF_STEP),
        "`0`",
        "the part of u that passes to y directly, one number for each output",
    ),
    KeySpec::new("x0", KeyType::Vector, "0 each", "the state before the input at step 0 is added"),
    KeySpec::new(
        "u",
        KeyType::TimeFunction(&["k"]),
        "that of `of`, else none",
        "the input at step k, which is at the time t",
    ),
    KeySpec::new("step", KeyType::Function(OF_STEP), "1 with `Ad`", "the time from one step to the next")
        .in_unit("s"),
    KeySpec::new(
        "method",
        KeyType::Word(&crate::keys::words(&METHODS)),
        "`\"bilinear\"`",
        "how Ad and Bd are made of A, B and the step; `\"zoh\"` is exact for an input that is constant in each step",
    ),
];

/// The key that the matrix of the states comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Of,
    Continuous,
    Given,
}

impl Origin {
    fn key(self) -> &'static str {
        match self {
            Self::Of => "of",
            Self::Continuous => "A",
            Self::Given => "Ad",
        }
    }
}

fn declare(keys: &Outline) -> Result<Schema, KeyError> {
    let origin = origin(keys)?;
    check_foreign(keys, origin)?;
    if origin != Origin::Given && !keys.has("step") {
        return Err(KeyError::system("a discrete system needs `step`", "write step = 0.1, in seconds"));
    }
    let kind = keys.word("A.kind");
    let form = match origin {
        Origin::Of => form_of_system(keys)?,
        Origin::Continuous => {
            check_a(keys, kind)?;
            form_of_matrices(keys, declared_order(keys, kind)?, kind)
        }
        Origin::Given => form_of_matrices(keys, square_order(keys, "Ad")?, None),
    };
    if let Some(order) = form.order.filter(|order| !(1..=MAX_ORDER).contains(order)) {
        return Err(wrong_number_of_states("a discrete system", origin.key(), order));
    }
    check_lengths(keys, origin, &form)?;
    Ok(form.schema())
}

/// Where the matrix of the states comes from.
fn origin(keys: &Outline) -> Result<Origin, KeyError> {
    if keys.has("of") {
        return Ok(Origin::Of);
    }
    if keys.has("Ad") {
        return Ok(Origin::Given);
    }
    if keys.has("A") || keys.0.iter().any(|(key, _)| key.starts_with("A.")) {
        return Ok(Origin::Continuous);
    }
    if keys.has("Bd") {
        return Err(KeyError::key(
            "Bd",
            "`Bd` needs `Ad` beside it",
            "write Ad = [[0.9]], or B in place of Bd",
        ));
    }
    Err(KeyError::system(
        "a discrete system needs `A`, `Ad` or `of`",
        "write A = [[0, 1], [-4, -0.4]], Ad = [[0.9]], or of = \"ss\" with the name of a state-space system",
    ))
}

/// Checks that no key contradicts the origin.
fn check_foreign(keys: &Outline, origin: Origin) -> Result<(), KeyError> {
    let is_foreign = |key: &str| match origin {
        Origin::Of => matches!(key, "A" | "B" | "C" | "D" | "Ad" | "Bd") || key.starts_with("A."),
        Origin::Continuous => key == "Bd",
        Origin::Given => matches!(key, "A" | "B" | "method") || key.starts_with("A."),
    };
    let Some((key, _)) = keys.0.iter().find(|(key, _)| is_foreign(key)) else {
        return Ok(());
    };
    let message = match origin {
        Origin::Of => format!("`of` brings its matrices, so `{key}` cannot be given"),
        Origin::Continuous => "`Bd` needs `Ad` in place of `A`".to_owned(),
        Origin::Given if *key == "method" => "`Ad` is a step already, so there is no `method`".to_owned(),
        Origin::Given => format!("`Ad` and `{key}` cannot both be given"),
    };
    Err(KeyError::key(*key, message, format!("leave out `{key}`, or `{}`", origin.key())))
}

/// The sizes of another system.
fn form_of_system(keys: &Outline) -> Result<Form, KeyError> {
    let help = "name a state-space system, or write its matrices `A`, `B`, `C` and `D` here";
    let Some(schema) = keys.system("of") else {
        return Err(KeyError::key("of", "`of` is not a system", help));
    };
    for name in ["A", "B", "C", "D", "x"] {
        if schema.find(name).is_none() {
            return Err(KeyError::key("of", format!("the system has no `{name}`"), help));
        }
    }
    Form::of_system(schema).ok_or_else(|| KeyError::key("of", "`A` of the system is not a matrix", help))
}

/// The sizes of matrices that are given here.
fn form_of_matrices(keys: &Outline, order: Option<usize>, kind: Option<&str>) -> Form {
    let outputs = keys.size("C").map_or(1, |(rows, _)| rows);
    let is_s4d = kind.is_some_and(is_s4d);
    // Whether written numbers are complex is known once they are evaluated.
    let is_state_complex = is_s4d || kind == Some("diagonal");
    Form { order, outputs, is_state_complex, is_output_complex: is_state_complex && !is_s4d }
}

/// Checks that vectors have an entry for each state or for each output.
fn check_lengths(keys: &Outline, origin: Origin, form: &Form) -> Result<(), KeyError> {
    let columns = keys.size("C").map(|(_, columns)| columns);
    let lengths =
        [("B", keys.length("B")), ("Bd", keys.length("Bd")), ("C", columns), ("x0", keys.length("x0"))];
    for (key, length) in lengths {
        if let Some((length, order)) = length.zip(form.order).filter(|(length, order)| length != order) {
            let each_row = if key == "C" { "each row of " } else { "" };
            let message = format!(
                "{each_row}`{key}` needs as many numbers as there are states ({order}), it has {length}"
            );
            let rows = if origin == Origin::Of { "the system has states" } else { "the matrix has rows" };
            return Err(KeyError::key(key, message, format!("give `{key}` as many numbers as {rows}")));
        }
    }
    if let Some(length) = keys.length("D").filter(|length| *length != form.outputs) {
        let outputs = form.outputs;
        let message = format!("`D` needs as many numbers as `C` has rows ({outputs}), it has {length}");
        return Err(KeyError::key("D", message, "give `D` as many numbers as `C` has rows"));
    }
    Ok(())
}

/// The number of outputs that a member's shape stands for.
fn outputs_of(shape: Shape) -> usize {
    match shape {
        Shape::Vector(axis) => axis.length.unwrap_or(1),
        Shape::Scalar | Shape::Matrix(..) => 1,
    }
}

#[cfg(test)]
mod tests;
