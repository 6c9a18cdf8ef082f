//! The matrices of a system as functions of the step.

use num_complex::Complex64;

use crate::system::state_space::named_matrix;
use crate::system::{KeyError, KeyLocation, Keys, SystemError, Value, VariablesFn};

/// A step that matrices are evaluated for.
#[derive(Clone, Copy, Debug)]
pub(super) struct StepAt {
    pub(super) k: usize,
    /// The time in seconds.
    pub(super) t: f64,
    /// The input. Matrices depend on its real part.
    pub(super) u: Complex64,
}

/// The rows of a matrix.
pub(super) type Rows = Vec<Vec<Complex64>>;

/// The matrix A or Ad.
pub(super) enum MatrixSource {
    /// Rows of functions, of the key with this name.
    Rows(&'static str, Vec<Vec<VariablesFn>>),
    /// A named matrix.
    Named(Named),
    /// The matrix of another system.
    Fixed(Vec<Vec<Complex64>>),
}

/// A named matrix, whose values may depend on the step.
pub(super) struct Named {
    pub(super) kind: &'static str,
    /// The key of the values, and the values.
    pub(super) values: Option<(&'static str, Vec<VariablesFn>)>,
    /// The other keys.
    pub(super) rest: Keys,
}

/// A vector such as B or D.
pub(super) struct VectorSource(pub(super) &'static str, pub(super) Vec<VariablesFn>);

impl MatrixSource {
    fn functions(&self) -> Vec<&VariablesFn> {
        match self {
            Self::Rows(_, rows) => rows.iter().flatten().collect(),
            Self::Named(named) => named.values.iter().flat_map(|(_, values)| values).collect(),
            Self::Fixed(_) => Vec::new(),
        }
    }

    /// The number of rows.
    pub(super) fn order(&self) -> usize {
        match self {
            Self::Rows(_, rows) => rows.len(),
            Self::Fixed(rows) => rows.len(),
            Self::Named(named) => match &named.values {
                Some(("A.coefficients", values)) => values.len().saturating_sub(1),
                Some((_, values)) => values.len(),
                None => named.rest.integer("A.order").and_then(|order| order.try_into().ok()).unwrap_or(0),
            },
        }
    }

    /// Whether the matrix is the same at each step.
    pub(super) fn is_constant(&self) -> bool {
        self.functions().into_iter().all(VariablesFn::is_constant)
    }

    /// Whether the matrix depends on the input.
    pub(super) fn uses_input(&self) -> bool {
        self.functions().into_iter().any(|function| function.uses(1))
    }

    /// The rows at a step, and the vector B of a named matrix.
    pub(super) fn at(&self, at: StepAt) -> Result<(Rows, Option<Vec<Complex64>>), SystemError> {
        match self {
            Self::Rows(key, rows) => Ok((rows_at(key, rows, at)?, None)),
            Self::Named(named) => {
                let mut keys = named.rest.clone();
                if let Some((key, values)) = &named.values {
                    keys.entries.push((*key, Value::Vector(vector_at(key, values, at)?)));
                }
                let matrix = named_matrix(named.kind, &keys).map_err(system_error)?;
                Ok((matrix.a(), Some(matrix.b())))
            }
            Self::Fixed(rows) => Ok((rows.clone(), None)),
        }
    }
}

impl VectorSource {
    /// Whether the vector is the same at each step.
    pub(super) fn is_constant(&self) -> bool {
        self.1.iter().all(VariablesFn::is_constant)
    }

    /// Whether the vector depends on the input.
    pub(super) fn uses_input(&self) -> bool {
        self.1.iter().any(|function| function.uses(1))
    }

    /// The entries at a step.
    pub(super) fn at(&self, at: StepAt) -> Result<Vec<Complex64>, SystemError> {
        vector_at(self.0, &self.1, at)
    }
}

fn rows_at(key: &str, rows: &[Vec<VariablesFn>], at: StepAt) -> Result<Rows, SystemError> {
    // One flat list is a single row of C, which messages name by one index.
    let name =
        |row: usize| if key == "C" && rows.len() == 1 { key.to_owned() } else { format!("{key}[{row}]") };
    rows.iter().enumerate().map(|(row, entries)| entries_at(|| name(row), entries, at)).collect()
}

fn vector_at(key: &str, entries: &[VariablesFn], at: StepAt) -> Result<Vec<Complex64>, SystemError> {
    entries_at(|| key.to_owned(), entries, at)
}

/// The values of functions, which must be finite.
fn entries_at(
    name: impl Fn() -> String,
    entries: &[VariablesFn],
    at: StepAt,
) -> Result<Vec<Complex64>, SystemError> {
    let evaluate = |(index, function): (usize, &VariablesFn)| {
        let value = function.value(at.t, &[at.k as f64, at.u.re])?;
        if value.re.is_finite() && value.im.is_finite() {
            return Ok(value);
        }
        let key = format!("{}[{index}]", name());
        let place = if function.is_constant() { String::new() } else { format!(" at step {}", at.k) };
        let message = format!("`{key}` is not a finite number{place}");
        let help = "change its expression such that it is defined there";
        Err(SystemError::new(key, message, help))
    };
    entries.iter().enumerate().map(evaluate).collect()
}

/// The error of a key, once the system is evaluated.
fn system_error(error: KeyError) -> SystemError {
    let key = match error.location {
        KeyLocation::Key(key) => key,
        KeyLocation::System | KeyLocation::File(..) => "A".to_owned(),
    };
    SystemError::new(key, error.message, error.help)
}

/// The error of a system, while it is solved.
pub(super) fn key_error(error: SystemError) -> KeyError {
    KeyError::key(error.key, error.message, error.help)
}

/// The first number that is complex beyond rounding, by its index.
pub(super) fn first_complex(numbers: &[Complex64]) -> Option<usize> {
    numbers.iter().position(|number| is_complex(*number))
}

/// Whether an imaginary part is more than what rounding may leave.
pub(super) fn is_complex(number: Complex64) -> bool {
    number.im.abs() > IMAGINARY_ROUNDING * number.re.abs() + SMALLEST_IMAGINARY
}

/// The imaginary part that rounding may leave in a real number, relative to the number and absolutely.
const IMAGINARY_ROUNDING: f64 = 1e-9;
const SMALLEST_IMAGINARY: f64 = 1e-14;
