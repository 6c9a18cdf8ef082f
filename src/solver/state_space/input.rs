//! The input as polynomials on cells of time, each as long as the input allows.
//!
//! A cell's length is a power of two and its start a multiple of it. The sequence of cells begins at t = 0
//! and depends on the input alone. A pulse shorter than about 1/600 of the time at which it comes can lie
//! between the times at which a cell is looked at, and be missed.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use num_complex::Complex64;

use super::polynomial::{Polynomial, nodes};
use super::scalar::Scalar;

/// An error of an input function.
pub type InputError = Arc<dyn Error + Send + Sync>;

/// A function of the time in seconds.
pub type InputFn = Arc<dyn Fn(f64) -> Result<Complex64, InputError> + Send + Sync>;

/// The reason why no cell follows.
#[derive(Clone)]
pub(in crate::solver) enum InputEnd {
    /// The input is not a finite number.
    Undefined,
    /// The input function fails.
    Failed(InputError),
    /// The input is complex, but the system is real.
    Complex,
}

/// A fit is accepted where its error is below this fraction of the largest input so far.
const TOLERANCE: f64 = 1e-13;

/// A fit is accepted as well where its error times the cell's length is below this fraction of the largest
/// input times the time. It ends the halving of cells at jumps.
const AREA_TOLERANCE: f64 = 1.0 / (1_u64 << 47) as f64;

/// The number of jumps below [`LARGEST_NOISE`], while the time doubles, after which they are taken for the
/// input's own rounding. 1 − cos t, say, has digits for few values only where t is small, and jumps between
/// them.
const NOISE_COUNT: u32 = 256;

/// The largest jump that can be rounding, as a fraction of the largest input so far. Before [`NOISY_START`]
/// any can be.
const LARGEST_NOISE: f64 = 1e-5;
const NOISY_START: f64 = 1.0 / 8192.0;

/// A cell's length is at most this fraction of its start time, so that short pulses are not passed over.
const LONGEST_CELL: f64 = 1.0 / 64.0;

/// The length of the first cell, if the input allows it.
const FIRST_CELL: f64 = 1.0 / 65_536.0;

/// Fractions of the cell where the fit is checked, beside the nodes. The outer ones see jumps between the
/// outermost nodes and the cell's ends.
const CHECKS: [f64; 5] = [EDGE, 0.29, 0.5, 0.71, 1.0 - EDGE];
const EDGE: f64 = 1.0 / (1_u64 << 36) as f64;

/// The imaginary part that rounding may leave in a real input, relative to its size.
const IMAGINARY_ROUNDING: f64 = 1e-9;

/// An input, cut into cells.
pub(in crate::solver) struct InputCells {
    function: InputFn,
    /// The start of the next cell.
    start: f64,
    /// The length of the last cell; at the beginning, half of the length to try first.
    last_length: f64,
    /// The largest size of the input so far.
    scale: f64,
    /// The jumps that can be rounding since `count_start`: their number, and the largest error of their fits.
    count: u32,
    count_error: f64,
    count_start: f64,
    /// The error that is taken for the input's own rounding.
    noise: f64,
}

/// The outcome of a fit to finite values.
struct Fit<T> {
    polynomial: Polynomial<T>,
    error: f64,
    /// The largest size of the input up to the end of the cell.
    scale: f64,
}

impl InputCells {
    /// The cells of an input.
    pub(in crate::solver) fn new(function: InputFn) -> Self {
        Self {
            function,
            start: 0.0,
            last_length: FIRST_CELL / 2.0,
            scale: 0.0,
            count: 0,
            count_error: 0.0,
            count_start: FIRST_CELL,
            noise: 0.0,
        }
    }

    /// The start of the next cell, seconds.
    pub(in crate::solver) fn start(&self) -> f64 {
        self.start
    }

    /// The polynomial of the next cell. After an error there is no further cell.
    pub(in crate::solver) fn next<T: Scalar>(&mut self) -> Result<Polynomial<T>, InputEnd> {
        let mut length = self.longest();
        loop {
            let is_shortest = length <= self.shortest();
            match self.fit(length) {
                Ok(fit) if is_shortest || fit.error <= self.tolerance(&fit) => {
                    self.add(&fit);
                    return Ok(fit.polynomial);
                }
                Err(end) if is_shortest => return Err(end),
                Ok(_) | Err(_) => length *= 0.5,
            }
        }
    }

    /// The error that is allowed.
    fn tolerance<T>(&self, fit: &Fit<T>) -> f64 {
        let area = AREA_TOLERANCE * fit.scale * self.start.max(FIRST_CELL);
        self.exactness(fit).max(area / fit.polynomial.length)
    }

    /// The error of a fit that is as good as the input.
    fn exactness<T>(&self, fit: &Fit<T>) -> f64 {
        self.noise.max(TOLERANCE * fit.scale)
    }

    /// Goes on behind a cell.
    fn add<T>(&mut self, fit: &Fit<T>) {
        let can_be_noise = fit.error <= LARGEST_NOISE * fit.scale || self.start < NOISY_START;
        if fit.error > self.exactness(fit) && can_be_noise {
            self.count += 1;
            self.count_error = self.count_error.max(fit.error);
            if self.count >= NOISE_COUNT {
                self.noise = 4.0 * self.count_error;
            }
        }
        self.scale = fit.scale;
        self.start += fit.polynomial.length;
        self.last_length = fit.polynomial.length;
        if self.start >= 2.0 * self.count_start {
            (self.count, self.count_error, self.count_start) = (0, 0.0, self.start);
        }
    }

    /// The length to try first: twice the last one where the alignment and the limit allow it.
    fn longest(&self) -> f64 {
        let double = 2.0 * self.last_length;
        let is_aligned = self.start % double == 0.0;
        let is_short = self.start == 0.0 || double <= LONGEST_CELL * self.start;
        if is_aligned && is_short { double } else { self.last_length }
    }

    /// The length below which cells are not divided further.
    fn shortest(&self) -> f64 {
        AREA_TOLERANCE * self.start.max(FIRST_CELL)
    }

    /// Fits a polynomial to the input on a cell of this length.
    fn fit<T: Scalar>(&self, length: f64) -> Result<Fit<T>, InputEnd> {
        let mut values = Vec::with_capacity(nodes().len() + CHECKS.len());
        for sigma in nodes().iter().chain(&CHECKS) {
            let value = (self.function)(self.time(*sigma, length)).map_err(InputEnd::Failed)?;
            if !(value.re.is_finite() && value.im.is_finite()) {
                return Err(InputEnd::Undefined);
            }
            values.push(value);
        }
        let scale = values.iter().fold(self.scale, |largest, value| largest.max(value.size()));
        let is_complex = |value: &Complex64| value.im.abs() > IMAGINARY_ROUNDING * scale;
        if !T::IS_COMPLEX && values.iter().any(is_complex) {
            return Err(InputEnd::Complex);
        }
        let values: Vec<T> = values.into_iter().map(T::from_complex).collect();
        let (at_nodes, at_checks) = values.split_at(nodes().len());
        let (polynomial, tail) = Polynomial::through(at_nodes, length);
        let errors =
            CHECKS.iter().zip(at_checks).map(|(sigma, value)| (polynomial.at(*sigma) - *value).size());
        // A fit of rounded values is itself rounded, so at checks a little more is allowed.
        let error = errors.fold(tail, |largest, error| largest.max(error / 8.0));
        Ok(Fit { polynomial, error, scale })
    }

    /// The time at a fraction of a cell, strictly between its ends.
    fn time(&self, sigma: f64, length: f64) -> f64 {
        let end = self.start + length;
        (self.start + sigma * length).clamp(self.start.next_up(), end.next_down())
    }
}

impl fmt::Debug for InputCells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InputCells").field("start", &self.start).finish_non_exhaustive()
    }
}
