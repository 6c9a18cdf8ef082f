//! From x′ = A·x + B·u to the matrices Ad and Bd of a step of h seconds.
//!
//! ```text
//! euler           Ad = 1 + h·A                          Bd = h·B
//! backward Euler  Ad = (1 − h·A)⁻¹                      Bd = (1 − h·A)⁻¹·h·B
//! bilinear        Ad = (1 − h/2·A)⁻¹·(1 + h/2·A)        Bd = (1 − h/2·A)⁻¹·h·B
//! zoh             Ad = exp(h·A)                         Bd = ∫₀ʰ exp(τ·A)·B dτ
//! ```
//!
//! In control engineering the bilinear transformation changes C and D as well; here it leaves them, as S4 does.

use num_complex::Complex64;

use super::lu::Singular;
use super::resolvent::Resolvent;
use super::step_matrices::{Pair, StepMatrices};
use crate::solver::state_space::matrix::Matrix;
use crate::solver::state_space::polynomial::Polynomial;
use crate::solver::state_space::propagators::Propagators;
use crate::solver::state_space::scalar::Scalar;

/// A way to replace the derivative by a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The forward difference.
    Euler,
    /// The backward difference.
    BackwardEuler,
    /// The trapezoidal rule, also called Tustin's method.
    Bilinear,
    /// The exact solution for an input that is constant during each step.
    Zoh,
}

/// The reason why there are no matrices for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscretizationError {
    /// 1 − h·A (backward Euler) or 1 − h/2·A (bilinear) has no inverse.
    Singular,
    /// The exponential of h·A is too large for a number.
    TooLarge,
}

impl Method {
    /// The matrices for a step of `step` seconds. Rows of `a` are as long as `b`. Imaginary parts are dropped unless
    /// `is_complex`.
    ///
    /// # Errors
    /// There are no such matrices.
    pub fn discretize(
        self,
        a: &[Vec<Complex64>],
        b: &[Complex64],
        step: f64,
        is_complex: bool,
    ) -> Result<StepMatrices, DiscretizationError> {
        if is_complex {
            self.apply(&Pair::of(a, b), step, exponential).map(StepMatrices::of_complex)
        } else {
            let real = |z: f64| exponential(z.into()).map(|part| part.re);
            self.apply(&Pair::of(a, b), step, real).map(StepMatrices::of_real)
        }
    }

    /// The matrices from numbers of one type. `exponential` gives exp(z) and (exp(z) − 1)/z.
    fn apply<T: Scalar>(
        self,
        system: &Pair<T>,
        step: f64,
        exponential: impl Fn(T) -> [T; 2],
    ) -> Result<Pair<T>, DiscretizationError> {
        match self {
            Self::Euler => Ok(Pair {
                a: one_plus(&system.a, step),
                b: system.b.iter().map(|entry| entry.scale(step)).collect(),
            }),
            Self::BackwardEuler => implicit(system, step, 1.0),
            Self::Bilinear => implicit(system, step, 2.0),
            Self::Zoh => match diagonal(&system.a) {
                Some(values) => held_diagonal(&values, &system.b, step, exponential),
                None => held(system, step),
            },
        }
    }

    /// The work of [`Method::discretize`], in operations.
    #[must_use]
    pub fn work(self, a: &[Vec<Complex64>], is_complex: bool) -> u64 {
        let per_number = if is_complex { 4 } else { 1 };
        let square = per_number * (a.len() * a.len()) as u64;
        match self {
            Self::Euler => EULER_SQUARES * square,
            Self::BackwardEuler | Self::Bilinear => IMPLICIT_CUBES * square * a.len() as u64,
            Self::Zoh if is_diagonal(a) => square,
            Self::Zoh => EXPONENTIAL_CUBES * square * a.len() as u64,
        }
    }

    /// The eigenvalue of Ad for an eigenvalue s of A.
    #[must_use]
    pub fn pole(self, s: Complex64, step: f64) -> Complex64 {
        match self {
            Self::Euler => 1.0 + s * step,
            Self::BackwardEuler => 1.0 / (1.0 - s * step),
            Self::Bilinear => (1.0 + s * (step / 2.0)) / (1.0 - s * (step / 2.0)),
            Self::Zoh => exponential(s * step)[0],
        }
    }
}

/// The work of a matrix whose entries are evaluated, as a multiple of the square of the order.
const EULER_SQUARES: u64 = 4;
/// The work of an inverse and of an exponential, as multiples of the cube of the order.
const IMPLICIT_CUBES: u64 = 48;
const EXPONENTIAL_CUBES: u64 = 80;

/// Whether all entries beside the diagonal are 0.
fn is_diagonal(a: &[Vec<Complex64>]) -> bool {
    let is_zero = |row: usize, entries: &[Complex64]| {
        entries.iter().enumerate().all(|(column, entry)| row == column || *entry == Complex64::ZERO)
    };
    a.iter().enumerate().all(|(row, entries)| is_zero(row, entries))
}

/// 1 + h·A.
fn one_plus<T: Scalar>(a: &Matrix<T>, step: f64) -> Matrix<T> {
    Matrix::from_fn(a.rows(), a.rows(), |row, column| {
        let one = if row == column { T::from_complex(Complex64::ONE) } else { T::default() };
        one + a.get(row, column).scale(step)
    })
}

/// `share`·(1 − g·A)⁻¹ − (`share` − 1) and (1 − g·A)⁻¹·h·B, computed for balanced states. With a share of 2 and g =
/// h/2 the first is (1 − g·A)⁻¹·(1 + g·A).
fn implicit<T: Scalar>(system: &Pair<T>, step: f64, share: f64) -> Result<Pair<T>, DiscretizationError> {
    let size = system.b.len();
    let scales = system.a.balance();
    let a = system.a.scaled(&scales);
    let resolvent = Resolvent::new(&a, step / share).map_err(|Singular| DiscretizationError::Singular)?;
    let columns: Vec<Vec<T>> = (0..size).map(|column| resolvent.times(&unit(size, column))).collect();
    let b: Vec<T> = system.b.iter().zip(&scales).map(|(b, scale)| b.scale(1.0 / scale)).collect();
    let b = resolvent.times(&b);
    Ok(Pair {
        a: Matrix::from_fn(size, size, |row, column| {
            let scaled = columns[column][row].scale(share * (scales[row] / scales[column]));
            if row == column { scaled - T::from_complex((share - 1.0).into()) } else { scaled }
        }),
        b: b.iter().zip(&scales).map(|(b, scale)| b.scale(step * scale)).collect(),
    })
}

/// The vector that is 1 in one place and 0 elsewhere.
fn unit<T: Scalar>(size: usize, at: usize) -> Vec<T> {
    (0..size).map(|row| T::from_complex(f64::from(u8::from(row == at)).into())).collect()
}

/// The values on the diagonal, if all others are 0.
fn diagonal<T: Scalar>(a: &Matrix<T>) -> Option<Vec<T>> {
    let is_zero = |row: usize, column: usize| row == column || a.get(row, column) == T::default();
    let size = a.rows();
    let is_diagonal = (0..size).all(|row| (0..size).all(|column| is_zero(row, column)));
    is_diagonal.then(|| (0..size).map(|at| a.get(at, at)).collect())
}

/// The exact step of independent states.
fn held_diagonal<T: Scalar>(
    values: &[T],
    b: &[T],
    step: f64,
    exponential: impl Fn(T) -> [T; 2],
) -> Result<Pair<T>, DiscretizationError> {
    let parts: Vec<[T; 2]> = values.iter().map(|value| exponential(value.scale(step))).collect();
    if parts.iter().flatten().any(|part| !part.size().is_finite()) {
        return Err(DiscretizationError::TooLarge);
    }
    let a = Matrix::from_fn(
        b.len(),
        b.len(),
        |row, column| {
            if row == column { parts[row][0] } else { T::default() }
        },
    );
    Ok(Pair { a, b: parts.iter().zip(b).map(|([_, mean], b)| (*mean * *b).scale(step)).collect() })
}

/// The exact step, column by column: the motion from each unit vector, and from 0 under the input 1.
fn held<T: Scalar>(system: &Pair<T>, step: f64) -> Result<Pair<T>, DiscretizationError> {
    let size = system.b.len();
    let propagators = Propagators::new(&system.a, &system.b);
    let moved = |start: Vec<T>, input: f64| {
        let input = Polynomial::constant(T::from_complex(input.into()));
        let end = propagators.advance(propagators.balanced(&start), &input, step);
        end.map(|end| propagators.unbalanced(&end)).map_err(|_| DiscretizationError::TooLarge)
    };
    let columns =
        (0..size).map(|column| moved(unit(size, column), 0.0)).collect::<Result<Vec<Vec<T>>, _>>()?;
    Ok(Pair {
        a: Matrix::from_fn(size, size, |row, column| columns[column][row]),
        b: moved(vec![T::default(); size], 1.0)?,
    })
}

/// exp(z) and (exp(z) − 1)/z.
fn exponential(z: Complex64) -> [Complex64; 2] {
    let (sin, cos) = libm::sincos(z.im);
    let size = libm::exp(z.re);
    if z == Complex64::ZERO {
        return [Complex64::ONE; 2];
    }
    // exp(x + jy) − 1 = (exp x − 1)·cos y + (cos y − 1) + j·exp x·sin y.
    let half = libm::sin(z.im / 2.0);
    let minus_one = Complex64::new(libm::expm1(z.re) * cos - 2.0 * half * half, size * sin);
    // Real numbers stay real: a quotient of complex ones would round their parts more than once.
    let mean = if z.im == 0.0 { (minus_one.re / z.re).into() } else { minus_one / z };
    [Complex64::new(size * cos, size * sin), mean]
}

#[cfg(test)]
mod tests;
