//! Running compiled code.
//!
//! Evaluation is total: what is not defined is NaN. It is also bounded: every term of a sum, every
//! point of an integral and every use of a signal takes from an allowance, and what exceeds it is
//! an error, so that no scene hangs the program.

use std::cell::Cell;
use std::fmt;

use num_complex::Complex64;

use super::arithmetic::{divide, multiply, negate, power};
use super::ast::Binary;
use super::code::{Code, Index, Op};
use super::number::{NAN, NotReal, from_real, from_truth, is_whole, real, real_or_nan, truth};
use super::quadrature::integrate;
use crate::solver::Trajectory;

/// How many terms, points and uses of signals one evaluation may take: a second's work at worst.
pub(super) const ALLOWANCE: u32 = 4_000_000;

/// The most terms of one sum.
pub(super) const MAX_TERMS: f64 = 1e6;

/// The values that slots stand for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bindings<'a> {
    /// The present time, in seconds.
    pub(crate) time: f64,
    /// By [`super::ParamId`].
    pub(crate) params: &'a [Complex64],
    /// By [`super::FreeId`].
    pub(crate) free: &'a [f64],
    /// By [`super::SystemId`].
    pub(crate) systems: &'a [Trajectory],
    /// By [`super::SignalId`].
    pub(crate) signals: &'a [Code],
}

/// Why an expression has no usable value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EvalError {
    /// A real number is needed.
    NotReal(NotReal),
    /// Its sums, integrals and signals of signals take too long.
    TooMuchWork,
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReal(not_real) => not_real.fmt(f),
            Self::TooMuchWork => write!(
                f,
                "the value takes too much work: a sum may have {MAX_TERMS} terms, and all sums, integrals and \
                 signals together {ALLOWANCE} evaluations"
            ),
        }
    }
}

impl std::error::Error for EvalError {}

impl From<NotReal> for EvalError {
    fn from(not_real: NotReal) -> Self {
        Self::NotReal(not_real)
    }
}

/// The value of an expression.
///
/// # Errors
///
/// [`EvalError::TooMuchWork`].
pub(crate) fn evaluate(code: &Code, bindings: &Bindings<'_>) -> Result<Complex64, EvalError> {
    let machine = Machine { bindings, allowance: Cell::new(Some(ALLOWANCE)) };
    let value = machine.run(code, bindings.time);
    if machine.allowance.get().is_some() { Ok(value) } else { Err(EvalError::TooMuchWork) }
}

struct Machine<'a> {
    bindings: &'a Bindings<'a>,
    /// What is left; `None` once it was exceeded.
    allowance: Cell<Option<u32>>,
}

/// Where an operation runs.
#[derive(Clone, Copy)]
struct Frame<'a> {
    ops: &'a [Op],
    time: f64,
    /// The innermost variable of the sums and integrals around.
    local: Option<&'a Local<'a>>,
}

/// The variable of a sum or an integral, and the next one further out.
pub(super) struct Local<'a> {
    pub(super) value: f64,
    pub(super) outer: Option<&'a Local<'a>>,
}

impl Machine<'_> {
    /// Takes one from the allowance; false when nothing is left.
    fn spend(&self) -> bool {
        self.allowance.set(self.allowance.get().and_then(|left| left.checked_sub(1)));
        self.allowance.get().is_some()
    }

    fn run(&self, code: &Code, time: f64) -> Complex64 {
        match code.ops.len().checked_sub(1) {
            Some(root) => self.op(Frame { ops: &code.ops, time, local: None }, root as Index),
            None => NAN,
        }
    }

    fn op(&self, frame: Frame<'_>, index: Index) -> Complex64 {
        let value = |index| self.op(frame, index);
        match frame.ops[index as usize] {
            Op::Constant(constant) => constant,
            Op::Time => from_real(frame.time),
            Op::Param(param) => self.bindings.params[param.index()],
            Op::Free(free) => from_real(self.bindings.free[free.index()]),
            Op::Local(levels) => local(frame.local, levels),
            Op::Signal(signal) if self.spend() => {
                self.run(&self.bindings.signals[signal.index()], frame.time)
            }
            Op::Signal(_) => NAN,
            Op::SystemSignal(system, signal) => {
                self.bindings.systems[system.index()].signal(signal, frame.time)
            }
            Op::SystemConstant(system, constant) => self.bindings.systems[system.index()].constant(constant),
            Op::At { signal, time } => self.op(Frame { time: real_or_nan(value(time)), ..frame }, signal),
            Op::Negate(a) => negate(value(a)),
            Op::Not(a) => truth(value(a)).map_or(NAN, |a| from_truth(!a)),
            Op::Binary(operator, a, b) => self.binary(frame, operator, a, b),
            Op::One(function, a) => function.apply(value(a)),
            Op::Two(function, a, b) => function.apply(value(a), value(b)),
            Op::If { condition, then, otherwise } => match truth(value(condition)) {
                Some(true) => value(then),
                Some(false) => value(otherwise),
                None => NAN,
            },
            Op::Sum { term, from, to } => {
                self.sum(frame, term, real_or_nan(value(from)), real_or_nan(value(to)))
            }
            Op::Integral { integrand, from, to } => integrate(
                |s| if self.spend() { self.with_local(frame, integrand, s) } else { NAN },
                real_or_nan(value(from)),
                real_or_nan(value(to)),
            ),
        }
    }

    fn binary(&self, frame: Frame<'_>, operator: Binary, a: Index, b: Index) -> Complex64 {
        let a = self.op(frame, a);
        match operator {
            // The second operand is not looked at where the first one decides.
            Binary::And | Binary::Or => match truth(a) {
                None => NAN,
                Some(first) if first == (operator == Binary::Or) => from_truth(first),
                Some(_) => truth(self.op(frame, b)).map_or(NAN, from_truth),
            },
            Binary::Add => a + self.op(frame, b),
            Binary::Subtract => a - self.op(frame, b),
            Binary::Multiply => multiply(a, self.op(frame, b)),
            Binary::Divide => divide(a, self.op(frame, b)),
            Binary::Power => power(a, self.op(frame, b)),
            Binary::Equal => from_truth(a == self.op(frame, b)),
            Binary::NotEqual => from_truth(a != self.op(frame, b)),
            Binary::Less => compared(a, self.op(frame, b), |a, b| a < b),
            Binary::LessEqual => compared(a, self.op(frame, b), |a, b| a <= b),
            Binary::Greater => compared(a, self.op(frame, b), |a, b| a > b),
            Binary::GreaterEqual => compared(a, self.op(frame, b), |a, b| a >= b),
        }
    }

    fn with_local(&self, frame: Frame<'_>, body: Index, value: f64) -> Complex64 {
        let local = Local { value, outer: frame.local };
        self.op(Frame { ops: frame.ops, time: frame.time, local: Some(&local) }, body)
    }

    /// The sum over whole numbers from `from` to `to`, both included; 0 where there are none between,
    /// NaN where the limits are not whole. Compensated after Neumaier (1974).
    fn sum(&self, frame: Frame<'_>, term: Index, from: f64, to: f64) -> Complex64 {
        if !is_whole(from) || !is_whole(to) {
            return NAN;
        }
        if from > to {
            return from_real(0.0);
        }
        if !(0.0..MAX_TERMS).contains(&(to - from)) {
            self.allowance.set(None);
            return NAN;
        }
        let (mut re, mut im) = (Total::default(), Total::default());
        for i in 0..=(to - from) as u32 {
            if !self.spend() {
                return NAN;
            }
            let value = self.with_local(frame, term, from + f64::from(i));
            re.add(value.re);
            im.add(value.im);
        }
        Complex64::new(re.value(), im.value())
    }
}

/// A comparison by size, NaN where there is none to compare; nothing is less or more than NaN.
pub(super) fn compared(a: Complex64, b: Complex64, holds: fn(f64, f64) -> bool) -> Complex64 {
    match (real(a), real(b)) {
        (Ok(a), Ok(b)) => from_truth(holds(a, b)),
        (Err(_), _) | (_, Err(_)) => NAN,
    }
}

/// The variable `levels` further out.
pub(super) fn local(innermost: Option<&Local<'_>>, levels: u32) -> Complex64 {
    let mut at = innermost;
    for _ in 0..levels {
        at = at.and_then(|local| local.outer);
    }
    at.map_or(NAN, |local| from_real(local.value))
}

/// A running sum, and what rounding has taken from it.
#[derive(Clone, Copy, Default)]
pub(super) struct Total {
    sum: f64,
    lost: f64,
}

impl Total {
    pub(super) fn add(&mut self, term: f64) {
        let sum = self.sum + term;
        self.lost +=
            if self.sum.abs() >= term.abs() { (self.sum - sum) + term } else { (term - sum) + self.sum };
        self.sum = sum;
    }

    pub(super) fn value(&self) -> f64 {
        // Once infinite, the sum has lost nothing that could be given back.
        if self.sum.is_finite() { self.sum + self.lost } else { self.sum }
    }
}
