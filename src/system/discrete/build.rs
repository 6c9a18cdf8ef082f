//! From the values of the keys to a solved system.

use std::sync::{Arc, Mutex};

use num_complex::Complex64;

use super::members::Solved;
use super::readout::Readout;
use super::sources::{MatrixSource, Named, StepAt, VectorSource, first_complex, is_complex, key_error};
use super::steps::{Input, Length, Steps};
use super::{METHODS, is_s4d};
use crate::solver::discrete::{Equation, Method};
use crate::system::{At, Component, KeyError, Keys, Shape, Slot, System, SystemError, VariablesFn};
use crate::work::StepsWork;

/// Solves a system.
pub(super) fn solve(keys: &Keys) -> Result<Arc<dyn System>, KeyError> {
    let parts = match keys.system("of") {
        Some(system) => Parts::of_system(system).map_err(key_error)?,
        None => Parts::of_keys(keys),
    };
    let length = length(keys)?;
    let Parts { a, b, c, d, is_twice_real, .. } = parts;
    let method = if keys.has("Ad") { None } else { Some(method(keys)) };
    let input = keys.function("u").cloned().map_or(parts.input, Input::Function);
    let sources = [Some(&d), b.as_ref()];
    let uses_input = a.uses_input()
        || c.uses_input()
        || sources.into_iter().flatten().any(VectorSource::uses_input)
        || matches!(&length, Length::Changing(length) if length.uses(1));
    let recent = Mutex::default();
    let mut steps = Steps {
        input,
        length,
        a,
        b,
        method,
        uses_input,
        is_complex: parts.is_complex,
        fixed: None,
        recent,
        work: StepsWork::new(&keys.work),
    };
    let x0 = match keys.vector("x0") {
        Some(x0) => x0.to_vec(),
        None => parts.x0.unwrap_or_default(),
    };
    check_finite("x0", &x0)?;
    let first = first_step(&steps);
    steps.is_complex |= first_complex(&x0).is_some() || is_complex_at(&steps, &c, &d, first);
    if steps.a.is_constant() {
        steps.a.at(first).map_err(key_error)?;
    }
    let order = steps.a.order();
    let x0 = if x0.is_empty() { vec![Complex64::ZERO; order] } else { x0 };
    check_length("x0", x0.len(), order)?;
    if let Some(b) = &steps.b {
        check_length(b.0, b.1.len(), order)?;
    }
    if steps.is_constant() {
        steps.fixed = Some(Arc::new(steps.discretize(first).map_err(key_error)?));
    }
    let readout = Readout::new(c, d, order, is_twice_real).map_err(key_error)?;
    check_length("C", readout.columns(order), order)?;
    Ok(Arc::new(Solved::new(steps, x0, readout)))
}

/// The values that come from matrices here or from another system.
struct Parts {
    a: MatrixSource,
    b: Option<VectorSource>,
    c: MatrixSource,
    d: VectorSource,
    x0: Option<Vec<Complex64>>,
    input: Input,
    is_complex: bool,
    is_twice_real: bool,
}

impl Parts {
    fn of_keys(keys: &Keys) -> Self {
        let rows = |key: &'static str| keys.matrix_of(key).map(|rows| MatrixSource::Rows(key, rows.to_vec()));
        let vector =
            |key: &'static str| keys.vector_of(key).map(|entries| VectorSource(key, entries.to_vec()));
        let kind = keys.word("A.kind");
        Self {
            a: match kind {
                Some(kind) => MatrixSource::Named(named(kind, keys)),
                None => rows("Ad").or_else(|| rows("A")).unwrap_or(MatrixSource::Fixed(Vec::new())),
            },
            b: vector("Bd").or_else(|| vector("B")),
            // An empty matrix stands for (1, 0, …).
            c: rows("C").unwrap_or(MatrixSource::Fixed(Vec::new())),
            d: vector("D").unwrap_or(VectorSource("D", Vec::new())),
            x0: None,
            input: Input::None,
            is_complex: false,
            is_twice_real: kind.is_some_and(is_s4d),
        }
    }

    fn of_system(system: &Arc<dyn System>) -> Result<Self, SystemError> {
        let (a, b) = (rows(&**system, "A")?, vector(&**system, "B")?);
        let schema = system.schema();
        let is_complex = |name: &str| schema.find(name).is_some_and(|(_, member)| member.is_complex);
        let constants = |values: Vec<Complex64>| values.into_iter().map(VariablesFn::constant).collect();
        let input = schema.find("u").map(|(slot, _)| Component::scalar(slot));
        Ok(Self {
            b: Some(VectorSource("of", constants(b))),
            c: MatrixSource::Fixed(match schema.find("C").map(|(_, member)| member.shape) {
                Some(Shape::Matrix(..)) => rows(&**system, "C")?,
                _ => vec![vector(&**system, "C")?],
            }),
            d: VectorSource("of", constants(vector(&**system, "D")?)),
            x0: Some(vector(&**system, "x")?),
            input: input.map_or(Input::None, |input| Input::Member(Arc::clone(system), input)),
            is_complex: is_complex("x"),
            // A real output of complex states is twice the real part of C·x.
            is_twice_real: is_complex("x") && !is_complex("y"),
            a: MatrixSource::Fixed(a),
        })
    }
}

fn named(kind: &'static str, keys: &Keys) -> Named {
    let values = ["A.coefficients", "A.values"];
    let values = values.into_iter().find_map(|key| Some((key, keys.vector_of(key)?.to_vec())));
    let rest = keys.entries.iter().filter(|(key, _)| matches!(*key, "A.order" | "A.window"));
    Named { kind, values, rest: Keys::new(rest.cloned().collect()) }
}

/// A number of another system at t = 0.
fn entry(system: &dyn System, slot: Slot, index: [usize; 2]) -> Result<Complex64, SystemError> {
    system.value(Component { slot, index: index.map(|index| index as i64) }, At::time(0.0))
}

/// A vector of another system at t = 0; a number is a vector of one entry.
fn vector(system: &dyn System, name: &str) -> Result<Vec<Complex64>, SystemError> {
    let Some((slot, member)) = system.schema().find(name) else {
        return Ok(Vec::new());
    };
    let length = if let Shape::Vector(axis) = member.shape { axis.length.unwrap_or(0) } else { 1 };
    (0..length).map(|row| entry(system, slot, [row, 0])).collect()
}

/// A matrix of another system.
fn rows(system: &dyn System, name: &str) -> Result<Vec<Vec<Complex64>>, SystemError> {
    let Some((slot, Shape::Matrix(rows, columns))) =
        system.schema().find(name).map(|(slot, member)| (slot, member.shape))
    else {
        return Ok(Vec::new());
    };
    let [rows, columns] = [rows, columns].map(|axis| axis.length.unwrap_or(0));
    (0..rows).map(|row| (0..columns).map(|column| entry(system, slot, [row, column])).collect()).collect()
}

fn method(keys: &Keys) -> Method {
    let word = keys.word("method");
    METHODS.iter().find(|(name, _)| Some(*name) == word).map_or(Method::Bilinear, |(_, method)| *method)
}

fn length(keys: &Keys) -> Result<Length, KeyError> {
    let Some(function) = keys.function("step") else {
        return Ok(Length::Fixed(1.0));
    };
    if !function.is_constant() {
        return Ok(Length::Changing(function.clone()));
    }
    let value = function.value(0.0, &[0.0, 0.0]).map_err(key_error)?;
    if value.re > 0.0 && value.re.is_finite() && !is_complex(value) {
        return Ok(Length::Fixed(value.re));
    }
    let shown = if is_complex(value) { value.to_string() } else { value.re.to_string() };
    let message = format!("`step` must be greater than 0, it is {shown}");
    Err(KeyError::key("step", message, "write step = 0.1, in seconds"))
}

/// Step 0. An input that fails shows its error once the system is evaluated.
fn first_step(steps: &Steps) -> StepAt {
    let u = steps.input(0, 0.0).unwrap_or(Complex64::ZERO);
    StepAt { k: 0, t: 0.0, u }
}

/// Whether a matrix is complex at step 0.
fn is_complex_at(steps: &Steps, c: &MatrixSource, d: &VectorSource, first: StepAt) -> bool {
    let has_complex = |rows: &[Vec<Complex64>]| rows.iter().any(|row| first_complex(row).is_some());
    let of_states = steps.sources(first).is_ok_and(|(a, b)| has_complex(&a) || first_complex(&b).is_some());
    let of_c = c.at(first).is_ok_and(|(rows, _)| has_complex(&rows));
    of_states || of_c || d.at(first).is_ok_and(|entries| first_complex(&entries).is_some())
}

/// Checks that a vector, or a row of C, has an entry for each state.
fn check_length(key: &'static str, length: usize, order: usize) -> Result<(), KeyError> {
    if length == order {
        return Ok(());
    }
    let message = format!("`{key}` needs as many numbers as there are states ({order}), it has {length}");
    Err(KeyError::key(key, message, format!("give `{key}` {order}")))
}

fn check_finite(key: &'static str, numbers: &[Complex64]) -> Result<(), KeyError> {
    match numbers.iter().position(|number| !(number.re.is_finite() && number.im.is_finite())) {
        None => Ok(()),
        Some(index) => {
            let message = format!("`{key}[{index}]` is not a finite number");
            let help = format!("change `{key}`, or the values that its expressions use");
            Err(KeyError::key(format!("{key}[{index}]"), message, help))
        }
    }
}
