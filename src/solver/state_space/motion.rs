//! The state at any time: from the start of the input's cell by propagators.

use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use num_complex::Complex64;

use super::input::{InputCells, InputEnd, InputError, InputFn};
use super::polynomial::Polynomial;
use super::propagators::{Propagators, TooLarge};
use super::scalar::Scalar;

/// The reason why there is no state at a time.
#[derive(Clone)]
pub enum MotionError {
    /// The state is too large for a number.
    TooLarge {
        /// The time in seconds.
        t: f64,
    },
    /// The input changes too often before this time.
    TooRough {
        /// The time in seconds.
        t: f64,
    },
    /// The input is complex, but the system is real.
    ComplexInput {
        /// The time in seconds.
        t: f64,
    },
    /// The input function fails.
    Input(InputError),
}

/// The motion of a state. A trait object, since systems are real or complex.
pub(super) trait Motion: fmt::Debug + Send + Sync {
    /// The state at `t` seconds; NaN where the input before is undefined.
    fn state(&self, t: f64) -> Result<Vec<Complex64>, MotionError>;
}

/// The input of a motion.
#[derive(Clone)]
pub(super) enum Drive {
    /// The same input at all times.
    Constant(Complex64),
    /// A function of time.
    Function(InputFn),
}

/// A motion with states of one number type.
pub(super) struct MotionOf<T> {
    propagators: Arc<Propagators<T>>,
    /// The state at t = 0. All states inside are balanced.
    start: Vec<T>,
    drive: Drive,
    /// The cells of a drive that is a function.
    cells: RwLock<Cells<T>>,
    /// The motion in reversed time.
    backward: OnceLock<Box<MotionOf<T>>>,
}

/// The cells up to the latest time that was asked for.
struct Cells<T> {
    known: Vec<Arc<Cell<T>>>,
    input: InputCells,
    /// The state at the end of the last cell.
    state: Vec<T>,
    /// The reason why there are no more cells.
    end: Option<End>,
}

/// The end of the sequence of cells.
#[derive(Clone)]
pub(in crate::solver) enum End {
    /// The state is too large.
    TooLarge,
    /// There are too many cells.
    TooRough,
    /// The input has no polynomial.
    Input(InputEnd),
}

/// A cell of the input and the state at its start.
struct Cell<T> {
    start: f64,
    input: Polynomial<T>,
    state: Vec<T>,
}

/// The number of cells that one motion may have, and of numbers in their states. A sine reaches about 5e5
/// radians.
const MAX_CELLS: usize = 1 << 18;
const MAX_NUMBERS: usize = 1 << 26;

impl<T: Scalar> MotionOf<T> {
    /// The motion from this state at t = 0.
    pub(super) fn new(propagators: Arc<Propagators<T>>, start: &[T], drive: Drive) -> Self {
        let start = propagators.balanced(start);
        Self::of_balanced(propagators, start, drive)
    }

    fn of_balanced(propagators: Arc<Propagators<T>>, start: Vec<T>, drive: Drive) -> Self {
        let function: InputFn = match &drive {
            Drive::Constant(value) => {
                let value = *value;
                Arc::new(move |_| Ok(value))
            }
            Drive::Function(function) => Arc::clone(function),
        };
        let cells =
            Cells { known: Vec::new(), input: InputCells::new(function), state: start.clone(), end: None };
        Self { propagators, start, drive, cells: RwLock::new(cells), backward: OnceLock::new() }
    }

    /// The motion in reversed time.
    fn backward(&self) -> &Self {
        self.backward.get_or_init(|| {
            let drive = match &self.drive {
                Drive::Constant(value) => Drive::Constant(*value),
                Drive::Function(function) => {
                    let function = Arc::clone(function);
                    Drive::Function(Arc::new(move |t| function(-t)))
                }
            };
            Box::new(Self::of_balanced(Arc::new(self.propagators.reversed()), self.start.clone(), drive))
        })
    }

    /// The balanced state at a time that is not negative.
    fn forward(&self, t: f64) -> Result<Vec<T>, End> {
        let state = match &self.drive {
            Drive::Constant(value) => {
                let input = Polynomial::constant(T::from_complex(*value));
                self.propagators.advance(self.start.clone(), &input, t)
            }
            Drive::Function(_) => {
                let cell = self.cell(t)?;
                self.propagators.advance(cell.state.clone(), &cell.input, t - cell.start)
            }
        };
        state.map_err(|TooLarge| End::TooLarge)
    }

    /// The cell that holds a time. A panic of the input function leaves the cells as they were.
    fn cell(&self, t: f64) -> Result<Arc<Cell<T>>, End> {
        if let Some(cell) = self.cells.read().unwrap_or_else(PoisonError::into_inner).find(t) {
            return cell;
        }
        let mut cells = self.cells.write().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(cell) = cells.find(t) {
                return cell;
            }
            cells.extend(&self.propagators);
        }
    }
}

impl<T: Scalar> Motion for MotionOf<T> {
    fn state(&self, t: f64) -> Result<Vec<Complex64>, MotionError> {
        let state = match t {
            _ if !t.is_finite() => Err(End::Input(InputEnd::Undefined)),
            _ if t < 0.0 => self.backward().forward(-t),
            _ => self.forward(t),
        };
        match state.map_err(|end| end.error(t)) {
            Ok(state) => Ok(self.propagators.unbalanced(&state).into_iter().map(T::to_complex).collect()),
            Err(None) => Ok(vec![Complex64::new(f64::NAN, 0.0); self.start.len()]),
            Err(Some(error)) => Err(error),
        }
    }
}

impl End {
    /// The error for a state that lies beyond, at `t` seconds; `None` where the state is undefined.
    pub(in crate::solver) fn error(self, t: f64) -> Option<MotionError> {
        match self {
            Self::TooLarge => Some(MotionError::TooLarge { t }),
            Self::TooRough => Some(MotionError::TooRough { t }),
            Self::Input(InputEnd::Complex) => Some(MotionError::ComplexInput { t }),
            Self::Input(InputEnd::Failed(error)) => Some(MotionError::Input(error)),
            Self::Input(InputEnd::Undefined) => None,
        }
    }
}

impl<T: Scalar> Cells<T> {
    /// The cell that holds a time, the reason why there is none, or `None` if the cells do not reach as far
    /// yet.
    fn find(&self, t: f64) -> Option<Result<Arc<Cell<T>>, End>> {
        let after = self.known.partition_point(|cell| cell.start <= t);
        if let Some(cell) = after.checked_sub(1).map(|at| &self.known[at])
            && t < cell.start + cell.input.length
        {
            return Some(Ok(Arc::clone(cell)));
        }
        self.end.clone().map(Err)
    }

    /// Adds the next cell, or the end.
    fn extend(&mut self, propagators: &Propagators<T>) {
        let count = self.known.len();
        if count >= MAX_CELLS || (count + 1) * self.state.len() > MAX_NUMBERS {
            self.end = Some(End::TooRough);
            return;
        }
        let start = self.input.start();
        let input = match self.input.next() {
            Ok(input) => input,
            Err(end) => {
                self.end = Some(End::Input(end));
                return;
            }
        };
        let next = propagators.advance(self.state.clone(), &input, input.length);
        if next == Err(TooLarge) {
            self.end = Some(End::TooLarge);
        }
        let state = std::mem::replace(&mut self.state, next.unwrap_or_default());
        self.known.push(Arc::new(Cell { start, input, state }));
    }
}

impl<T: Scalar> fmt::Debug for MotionOf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Motion").field("start", &self.start).finish_non_exhaustive()
    }
}

impl fmt::Display for MotionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { t } => write!(f, "the state is too large for a number at t = {t}"),
            Self::TooRough { t } => write!(f, "the input changes too often before t = {t}"),
            Self::ComplexInput { t } => {
                write!(f, "the input is complex before t = {t}, but the system is real")
            }
            Self::Input(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for MotionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for MotionError {}
