//! Fourier series of finitely many terms: x(t) = Σ cₙ·exp(2πjnt/T), n from −N to N.
//!
//! The coefficients are given, or those of a function, cₙ = 1/T·∫ f·exp(−2πjnt/T) dt over the period from 0 to T. For
//! that, the function becomes a Legendre polynomial on each of several cells of the period, which are halved where it
//! bends and at jumps (`cells`). The integrals of the polynomials have closed forms for every n (`integral`). Errors stay below
//! 1e-12 of the function's size (`tests/library/fourier_series.rs`). A pulse shorter than about 1/2000 of the period can be
//! missed.
//!
//! Phases are reduced to one period before they are multiplied by n.

mod bessel;
mod cells;
mod integral;
mod legendre;

use std::f64::consts::TAU;
use std::fmt;

use num_complex::Complex64;

/// The largest n of a series.
pub const MAX_TERMS: usize = 1000;

/// A series with its coefficients.
#[derive(Clone, Debug, PartialEq)]
pub struct FourierSeries {
    period: f64,
    /// From n = −N on.
    coefficients: Vec<Complex64>,
    is_real: bool,
}

/// The reason why a function has no series. `E` is the error of the function.
#[derive(Clone, Debug, PartialEq)]
pub enum FunctionError<E> {
    /// The function is not a finite number at this time, in seconds.
    Undefined(f64),
    /// The function changes too often within the period.
    TooRough,
    /// The function fails.
    Failed(E),
}

/// Coefficients of opposite n are conjugate if they differ by less than this fraction of the largest coefficient.
const CONJUGATE: f64 = 1e-12;

/// The number of powers of one phase that are computed by multiplication from an exact one.
const POWERS: usize = 16;

impl FourierSeries {
    /// The series with these coefficients, from n = −N to N, and this period in seconds.
    ///
    /// # Panics
    /// Panics if the number of coefficients is even.
    #[must_use]
    pub fn new(period: f64, coefficients: Vec<Complex64>) -> Self {
        assert!(!coefficients.len().is_multiple_of(2), "coefficients from −N to N");
        let size = |c: Complex64| c.re.abs().max(c.im.abs());
        let largest = coefficients.iter().fold(0.0, |largest: f64, c| largest.max(size(*c)));
        let mut pairs = coefficients.iter().zip(coefficients.iter().rev());
        let is_real = pairs.all(|(c, opposite)| size(c - opposite.conj()) <= CONJUGATE * largest);
        Self { period, coefficients, is_real }
    }

    /// The series of a function of time, with `terms` as the largest n.
    ///
    /// # Errors
    /// The function fails, is not finite, or changes too often.
    pub fn of<E>(
        period: f64,
        terms: usize,
        function: impl FnMut(f64) -> Result<Complex64, E>,
    ) -> Result<Self, FunctionError<E>> {
        let cells = cells::fit(period, function)?;
        Ok(Self::new(period, integral::coefficients(&cells, terms)))
    }

    /// The largest n.
    #[must_use]
    pub fn terms(&self) -> usize {
        self.coefficients.len() / 2
    }

    /// Whether the sum is real at all times: coefficients of opposite n are conjugate.
    #[must_use]
    pub fn is_real(&self) -> bool {
        self.is_real
    }

    /// The coefficient of an n from −N to N.
    #[must_use]
    pub fn coefficient(&self, n: i64) -> Complex64 {
        self.coefficients[(n + self.terms() as i64) as usize]
    }

    /// The term of an n from −N to N at `t` seconds.
    #[must_use]
    pub fn arm(&self, n: i64, t: f64) -> Complex64 {
        let phase = phase(self.fraction(t), n.unsigned_abs());
        self.coefficient(n) * if n < 0 { phase.conj() } else { phase }
    }

    /// The sum of all terms at `t` seconds.
    #[must_use]
    pub fn value(&self, t: f64) -> Complex64 {
        self.partial(self.terms(), t)
    }

    /// The sum of the terms from −n to n at `t` seconds, where n is at most N.
    #[must_use]
    pub fn partial(&self, n: usize, t: f64) -> Complex64 {
        let fraction = self.fraction(t);
        let (before, after) = self.coefficients.split_at(self.terms());
        let mut sum = after[0];
        let step = phase(fraction, 1);
        let mut power = Complex64::ONE;
        for (at, (positive, negative)) in after[1..].iter().zip(before.iter().rev()).take(n).enumerate() {
            let n = at + 1;
            power = if n.is_multiple_of(POWERS) { phase(fraction, n as u64) } else { power * step };
            sum += positive * power + negative * power.conj();
        }
        if self.is_real { sum.re.into() } else { sum }
    }

    /// The time as a fraction of the period, from 0 to 1; NaN if it is not finite.
    fn fraction(&self, t: f64) -> f64 {
        // The remainder is exact.
        let fraction = libm::fmod(t, self.period) / self.period;
        if fraction < 0.0 { fraction + 1.0 } else { fraction }
    }
}

/// exp(2πjn·fraction).
fn phase(fraction: f64, n: u64) -> Complex64 {
    let turns = fraction * n as f64;
    let (sin, cos) = libm::sincos(TAU * (turns - turns.floor()));
    Complex64::new(cos, sin)
}

impl<E: fmt::Display> fmt::Display for FunctionError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undefined(t) => write!(f, "the function is not a finite number at t = {t}"),
            Self::TooRough => f.write_str("the function changes too often within the period"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for FunctionError<E> {}
