//! The matrices of a system, with their checks.

use std::fmt;

use num_complex::Complex64;

use super::matrix::Matrix;

/// The largest number of states.
pub const MAX_ORDER: usize = 256;

/// The matrices of a system.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrices {
    /// The rows of A.
    pub a: Vec<Vec<Complex64>>,
    /// B.
    pub b: Vec<Complex64>,
    /// The rows of C, one for each output.
    pub c: Vec<Vec<Complex64>>,
    /// D, one entry for each output.
    pub d: Vec<Complex64>,
    /// The output's part that is taken.
    pub output: OutputPart,
}

/// The part of C·x that is an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputPart {
    /// All of it.
    Whole,
    /// Twice its real part: the states stand for as many conjugate ones.
    TwiceReal,
}

/// A matrix, a vector or a start that no system can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixError {
    /// The symbol of the matrix or vector, such as `B`.
    pub symbol: &'static str,
    /// The message, without a final period.
    pub message: String,
}

impl Matrices {
    /// Whether every number is real.
    #[must_use]
    pub fn is_real(&self) -> bool {
        let Self { a, b, c, d, output: _ } = self;
        let mut rows = a.iter().chain(c).map(Vec::as_slice).chain([b.as_slice(), d.as_slice()]);
        rows.all(|row| row.iter().all(|entry| entry.im == 0.0))
    }

    /// Returns the first matrix or vector whose size or whose numbers no system can have.
    pub(super) fn check(&self) -> Result<(), MatrixError> {
        let order = self.a.len();
        if order == 0 || order > MAX_ORDER {
            let message = format!("A must have 1 to {MAX_ORDER} rows, it has {order}");
            return Err(MatrixError { symbol: "A", message });
        }
        for row in &self.a {
            if row.len() != order {
                let message = format!("A must be square, it is {order} × {}", row.len());
                return Err(MatrixError { symbol: "A", message });
            }
            check_finite("A", row)?;
        }
        check_length("B", self.b.len(), order)?;
        check_finite("B", &self.b)?;
        if self.c.is_empty() {
            return Err(MatrixError { symbol: "C", message: "C must have at least one row".to_owned() });
        }
        for row in &self.c {
            check_length("C", row.len(), order)?;
            check_finite("C", row)?;
        }
        if self.d.len() != self.c.len() {
            let message = format!(
                "D must have as many entries as C has rows ({}), it has {}",
                self.c.len(),
                self.d.len()
            );
            return Err(MatrixError { symbol: "D", message });
        }
        check_finite("D", &self.d)
    }

    /// A.
    pub(super) fn a_matrix(&self) -> Matrix<Complex64> {
        Matrix::from_fn(self.a.len(), self.a.len(), |row, column| self.a[row][column])
    }

    /// C·x or twice its real part.
    pub(super) fn read(&self, index: usize, state: &[Complex64]) -> Complex64 {
        let sum: Complex64 = self.c[index].iter().zip(state).map(|(c, x)| c * x).sum();
        match self.output {
            OutputPart::Whole => sum,
            OutputPart::TwiceReal => (2.0 * sum.re).into(),
        }
    }
}

/// Checks that a vector, or a row of C, has an entry for each state.
pub(super) fn check_length(symbol: &'static str, length: usize, order: usize) -> Result<(), MatrixError> {
    if length == order {
        return Ok(());
    }
    let what = if symbol == "C" { "in each row as many entries" } else { "as many entries" };
    let message = format!("{symbol} must have {what} as A has rows ({order}), it has {length}");
    Err(MatrixError { symbol, message })
}

/// Checks that there is no infinity and no NaN.
pub(super) fn check_finite(symbol: &'static str, entries: &[Complex64]) -> Result<(), MatrixError> {
    if entries.iter().all(|entry| entry.re.is_finite() && entry.im.is_finite()) {
        return Ok(());
    }
    Err(MatrixError { symbol, message: format!("{symbol} must have finite entries") })
}

impl fmt::Display for MatrixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MatrixError {}
