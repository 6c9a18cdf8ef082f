//! From the values of the keys to a solved system.

use std::sync::Arc;

use num_complex::Complex64;

use super::members::Solved;
use super::{input_work, is_s4d, too_few_coefficients, wrong_order};
use crate::solver::state_space::{
    InputError, InputFn, MAX_ORDER, Matrices, MatrixError, NamedMatrix, OutputPart, StateSpace,
};
use crate::system::{KeyError, Keys, SignalFn, System};

/// Solves a system.
pub(super) fn solve(keys: &Keys) -> Result<Arc<dyn System>, KeyError> {
    let named = keys.word("A.kind").map(|kind| named_matrix(kind, keys)).transpose()?;
    let a = match &named {
        Some(named) => named.a(),
        None => keys.matrix("A").unwrap_or_default().to_vec(),
    };
    let order = a.len();
    let zeros = || vec![Complex64::ZERO; order];
    let given = |key| keys.vector(key).map(<[Complex64]>::to_vec);
    let b = given("B").or_else(|| named.as_ref().map(NamedMatrix::b)).unwrap_or_else(zeros);
    let c = keys.matrix("C").map_or_else(|| vec![first_unit(order)], <[Vec<Complex64>]>::to_vec);
    let d = given("D").unwrap_or_else(|| vec![Complex64::ZERO; c.len()]);
    let output =
        if keys.word("A.kind").is_some_and(is_s4d) { OutputPart::TwiceReal } else { OutputPart::Whole };
    let x0 = given("x0").unwrap_or_else(zeros);
    let is_complex = a.iter().flatten().any(|entry| entry.im != 0.0);
    let input = keys.counted_signal("u", input_work(order, is_complex)).map(input_function);
    match StateSpace::new(Matrices { a, b, c, d, output }, &x0, input) {
        Ok(system) => Ok(Arc::new(Solved::new(system, &keys.work))),
        Err(error) => Err(invalid_matrix(&error)),
    }
}

/// (1, 0, …).
fn first_unit(order: usize) -> Vec<Complex64> {
    (0..order).map(|at| f64::from(u8::from(at == 0)).into()).collect()
}

fn input_function(signal: SignalFn) -> InputFn {
    Arc::new(move |t| signal(t).map_err(|error| Arc::new(error) as InputError))
}

fn invalid_matrix(error: &MatrixError) -> KeyError {
    let help = format!("change `{}`, or the values that its expressions use", error.symbol);
    KeyError::key(error.symbol, error.to_string(), help)
}

/// The matrix of `A.kind`.
pub(in crate::system) fn named_matrix(kind: &str, keys: &Keys) -> Result<NamedMatrix, KeyError> {
    Ok(match kind {
        "companion" => NamedMatrix::Companion(coefficients(keys)?),
        "diagonal" => NamedMatrix::Diagonal(keys.vector("A.values").unwrap_or_default().to_vec()),
        "hippo-legs" => NamedMatrix::HippoLegs { order: order(keys)? },
        "hippo-legt" => NamedMatrix::HippoLegt { order: order(keys)?, window: window(keys, 1.0)? },
        "hippo-lagt" => NamedMatrix::HippoLagt { order: order(keys)? },
        "hippo-fout" => NamedMatrix::HippoFout { order: order(keys)?, window: window(keys, 2.0)? },
        "s4d-lin" => NamedMatrix::S4dLin { order: order(keys)? },
        "s4d-inv" => NamedMatrix::S4dInv { order: order(keys)? },
        _ => NamedMatrix::S4dReal { order: order(keys)? },
    })
}

fn coefficients(keys: &Keys) -> Result<Vec<Complex64>, KeyError> {
    let coefficients = keys.vector("A.coefficients").unwrap_or_default();
    if coefficients.len() < 2 {
        return Err(too_few_coefficients());
    }
    if coefficients[0] == Complex64::ZERO {
        let message = "the first of the coefficients must not be 0";
        return Err(KeyError::key("A.coefficients", message, "leave out leading zeros"));
    }
    Ok(coefficients.to_vec())
}

fn order(keys: &Keys) -> Result<usize, KeyError> {
    let order = keys.integer("A.order").unwrap_or(0);
    match usize::try_from(order) {
        Ok(order) if (1..=MAX_ORDER).contains(&order) => Ok(order),
        _ => Err(wrong_order(order as f64)),
    }
}

fn window(keys: &Keys, default: f64) -> Result<f64, KeyError> {
    let window = keys.number("A.window").unwrap_or(default);
    if window > 0.0 {
        return Ok(window);
    }
    let message = format!("`window` must be greater than 0, it is {window}");
    Err(KeyError::key("A.window", message, "write window = 1, in seconds"))
}
