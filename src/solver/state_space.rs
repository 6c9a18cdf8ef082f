//! The linear system x′ = A·x + B·u, y = C·x + D·u, solved exactly.
//!
//! The input is a polynomial on each of many short cells of time (`input`), and the response to it is exact. Powers
//! of the exponential over steps of 2ᵏ seconds lead from the start of a cell to any time in it in a few products
//! (`propagators`). Nothing is diagonalized, so defective and stiff matrices lose no digits. The cells depend on the
//! input alone, so values do not depend on what was asked before.
//!
//! Accuracy: errors stay below 1e-10 of the signal's scale, and are usually below 1e-12. An input that jumps adds at
//! most 2⁻⁴⁷·t times each jump. `tests/library/state_space.rs` checks this. A pulse shorter than about 1/600 of the
//! time at which it comes can be missed.
//!
//! The motion continues backwards for t < 0, where damped motion grows and finally is too large for a number.

pub(super) mod input;
mod matrices;
pub(super) mod matrix;
pub(super) mod motion;
mod named;
pub(super) mod poles;
pub(super) mod polynomial;
pub(super) mod propagators;
pub(super) mod scalar;
pub(super) mod transfer;
mod wide_matrix;

use std::fmt;
use std::sync::{Arc, OnceLock};

use num_complex::Complex64;

use super::recent::RecentStates;
pub use input::{InputError, InputFn};
pub use matrices::{MAX_ORDER, Matrices, MatrixError, OutputPart};
use matrices::{check_finite, check_length};
use matrix::Matrix;
pub use motion::MotionError;
use motion::{Drive, Motion, MotionOf};
pub use named::NamedMatrix;
use propagators::Propagators;
use scalar::Scalar;
use transfer::Transfer;

/// A solved system.
pub struct StateSpace {
    matrices: Matrices,
    is_complex: bool,
    input: InputFn,
    motion: Box<dyn Motion>,
    /// The motion from B at t = 0 without an input.
    impulse: Box<dyn Motion>,
    /// The motion from 0 under the input 1.
    step: Box<dyn Motion>,
    poles: OnceLock<Vec<Complex64>>,
    transfer: OnceLock<Transfer>,
    recent: RecentStates,
}

impl StateSpace {
    /// Solves the system from a state at t = 0, under an input; without one it is 0.
    ///
    /// # Errors
    /// Returns the first matrix or vector whose size or whose numbers no system can have.
    pub fn new(matrices: Matrices, x0: &[Complex64], input: Option<InputFn>) -> Result<Self, MatrixError> {
        matrices.check()?;
        check_length("x0", x0.len(), matrices.a.len())?;
        check_finite("x0", x0)?;
        let is_complex = !(matrices.is_real() && x0.iter().all(|x| x.im == 0.0));
        Ok(if is_complex {
            Self::with_numbers::<Complex64>(matrices, x0, input)
        } else {
            Self::with_numbers::<f64>(matrices, x0, input)
        })
    }

    fn with_numbers<T: Scalar>(matrices: Matrices, x0: &[Complex64], input: Option<InputFn>) -> Self {
        let a: Matrix<T> = matrices.a_matrix().map_entries(T::from_complex);
        let b: Vec<T> = matrices.b.iter().map(|entry| T::from_complex(*entry)).collect();
        let x0: Vec<T> = x0.iter().map(|entry| T::from_complex(*entry)).collect();
        let drive = input.clone().map_or(Drive::Constant(Complex64::ZERO), Drive::Function);
        let propagators = Arc::new(Propagators::new(&a, &b));
        let motion = |start: &[T], drive| Box::new(MotionOf::new(Arc::clone(&propagators), start, drive));
        Self {
            is_complex: T::IS_COMPLEX,
            input: input.unwrap_or_else(|| Arc::new(|_| Ok(Complex64::ZERO))),
            motion: motion(&x0, drive),
            step: motion(&vec![T::default(); b.len()], Drive::Constant(Complex64::ONE)),
            impulse: motion(&b, Drive::Constant(Complex64::ZERO)),
            poles: OnceLock::new(),
            transfer: OnceLock::new(),
            recent: RecentStates::default(),
            matrices,
        }
    }

    /// The matrices.
    #[must_use]
    pub fn matrices(&self) -> &Matrices {
        &self.matrices
    }

    /// Whether the states are complex: those of complex matrices or of a complex start.
    #[must_use]
    pub fn is_complex(&self) -> bool {
        self.is_complex
    }

    /// The input at `t` seconds; its real part if the system is real.
    ///
    /// # Errors
    /// The input function fails.
    pub fn input(&self, t: f64) -> Result<Complex64, MotionError> {
        let value = (self.input)(t).map_err(MotionError::Input)?;
        Ok(if self.is_complex { value } else { value.re.into() })
    }

    /// The state at `t` seconds; NaN from the first time on at which the input is not finite.
    ///
    /// # Errors
    /// The state is too large, or the input fails or changes too often before.
    pub fn state(&self, t: f64) -> Result<Arc<[Complex64]>, MotionError> {
        self.recent.get(t, || self.motion.state(t))
    }

    /// The number of states that were computed, for distinct times.
    #[must_use]
    pub fn computed_states(&self) -> u64 {
        self.recent.added()
    }

    /// An output at `t` seconds.
    ///
    /// # Errors
    /// The errors of [`StateSpace::state`].
    pub fn output(&self, index: usize, t: f64) -> Result<Complex64, MotionError> {
        let state = self.state(t)?;
        let d = self.matrices.d[index];
        let through = if d == Complex64::ZERO { d } else { d * self.input(t)? };
        Ok(self.real_if_real(self.matrices.read(index, &state) + through))
    }

    /// The first output's response to a unit impulse at t = 0, without the impulse that D passes on:
    /// C·exp(A·t)·B for t ≥ 0.
    ///
    /// # Errors
    /// The response is too large.
    pub fn impulse(&self, t: f64) -> Result<Complex64, MotionError> {
        if t < 0.0 {
            return Ok(Complex64::ZERO);
        }
        let state = self.impulse.state(t)?;
        Ok(self.real_if_real(self.matrices.read(0, &state)))
    }

    /// The first output's response to a unit step at t = 0.
    ///
    /// # Errors
    /// The response is too large.
    pub fn step(&self, t: f64) -> Result<Complex64, MotionError> {
        if t < 0.0 {
            return Ok(Complex64::ZERO);
        }
        let state = self.step.state(t)?;
        Ok(self.real_if_real(self.matrices.read(0, &state) + self.matrices.d[0]))
    }

    /// The transfer function C·(s − A)⁻¹·B + D to the first output; not finite at a pole.
    #[must_use]
    pub fn transfer(&self, s: Complex64) -> Complex64 {
        let Matrices { b, c, d, output, .. } = &self.matrices;
        let transfer = self.transfer.get_or_init(|| {
            let a = self.matrices.a_matrix();
            let scales = a.balance();
            let b: Vec<Complex64> = b.iter().zip(&scales).map(|(b, scale)| b / scale).collect();
            let c: Vec<Complex64> = c[0].iter().zip(&scales).map(|(c, scale)| c * scale).collect();
            Transfer::new(&a.scaled(&scales), &b, &c)
        });
        let value = transfer.at(s);
        d[0] + match output {
            OutputPart::Whole => value,
            OutputPart::TwiceReal => value + transfer.at(s.conj()).conj(),
        }
    }

    /// The eigenvalues of A: by |im| from the smallest on, then by re from the largest on, and of a conjugate
    /// pair the one above the real axis first.
    #[must_use]
    pub fn poles(&self) -> &[Complex64] {
        self.poles.get_or_init(|| poles::eigenvalues(&self.matrices.a_matrix()))
    }

    /// The value, whose imaginary part is dropped where outputs are real.
    fn real_if_real(&self, value: Complex64) -> Complex64 {
        if self.is_complex && self.matrices.output == OutputPart::Whole { value } else { value.re.into() }
    }
}

impl fmt::Debug for StateSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateSpace").field("matrices", &self.matrices).finish_non_exhaustive()
    }
}
