//! Running compiled code.
//!
//! Evaluation is total: what is not defined is NaN. It is also bounded: every term of a sum, every
//! point of an integral and every use of a signal takes from an remaining, and what exceeds it is
//! an error, so that no scene hangs the program.

use std::cell::Cell;
use std::fmt;

use num_complex::Complex64;

use super::arithmetic::{divide, multiply, negate, power};
use super::ast::BinaryOperator;
use super::code::{Code, Index, Op};
use super::number::{NAN, NotReal, from_real, from_truth, is_whole, real_or_nan, to_real, to_truth};
use super::quadrature::integrate;
use crate::solver::Trajectory;

/// How many terms, points and uses of signals one evaluation may take: a second's work at worst.
pub(super) const MAX_EVALUATIONS: u32 = 4_000_000;

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
                 signals together {MAX_EVALUATIONS} evaluations"
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
    let machine = Evaluator { bindings, remaining: Cell::new(Some(MAX_EVALUATIONS)) };
    let value = machine.run(code, bindings.time);
    if machine.remaining.get().is_some() { Ok(value) } else { Err(EvalError::TooMuchWork) }
}

struct Evaluator<'a> {
    bindings: &'a Bindings<'a>,
    /// What is left; `None` once it was exceeded.
    remaining: Cell<Option<u32>>,
}

/// Where an operation runs.
#[derive(Clone, Copy)]
struct EvalContext<'a> {
    ops: &'a [Op],
    time: f64,
    /// The innermost variable of the sums and integrals around.
    local: Option<&'a LocalVariable<'a>>,
}

/// The variable of a sum or an integral, and the next one further out.
pub(super) struct LocalVariable<'a> {
    pub(super) value: f64,
    pub(super) outer: Option<&'a LocalVariable<'a>>,
}

impl Evaluator<'_> {
    /// Takes one from the remaining; false when nothing is left.
    fn count_evaluation(&self) -> bool {
        self.remaining.set(self.remaining.get().and_then(|left| left.checked_sub(1)));
        self.remaining.get().is_some()
    }

    fn run(&self, code: &Code, time: f64) -> Complex64 {
        match code.ops.len().checked_sub(1) {
            Some(root) => self.op(EvalContext { ops: &code.ops, time, local: None }, root as Index),
            None => NAN,
        }
    }

    fn op(&self, context: EvalContext<'_>, index: Index) -> Complex64 {
        let value = |index| self.op(context, index);
        match context.ops[index as usize] {
            Op::Constant(constant) => constant,
            Op::Time => from_real(context.time),
            Op::Param(param) => self.bindings.params[param.index()],
            Op::Free(free) => from_real(self.bindings.free[free.index()]),
            Op::LocalVariable(levels) => local_value(context.local, levels),
            Op::Signal(signal) if self.count_evaluation() => {
                self.run(&self.bindings.signals[signal.index()], context.time)
            }
            Op::Signal(_) => NAN,
            Op::SystemSignal(system, signal) => {
                self.bindings.systems[system.index()].signal(signal, context.time)
            }
            Op::SystemConstant(system, constant) => self.bindings.systems[system.index()].constant(constant),
            Op::At { signal, time } => {
                self.op(EvalContext { time: real_or_nan(value(time)), ..context }, signal)
            }
            Op::Negate(a) => negate(value(a)),
            Op::Not(a) => to_truth(value(a)).map_or(NAN, |a| from_truth(!a)),
            Op::BinaryOperator(operator, a, b) => self.binary(context, operator, a, b),
            Op::UnaryFunction(function, a) => function.apply(value(a)),
            Op::BinaryFunction(function, a, b) => function.apply(value(a), value(b)),
            Op::If { condition, then, otherwise } => match to_truth(value(condition)) {
                Some(true) => value(then),
                Some(false) => value(otherwise),
                None => NAN,
            },
            Op::Sum { term, from, to } => {
                self.sum(context, term, real_or_nan(value(from)), real_or_nan(value(to)))
            }
            Op::Integral { integrand, from, to } => integrate(
                |s| if self.count_evaluation() { self.with_local(context, integrand, s) } else { NAN },
                real_or_nan(value(from)),
                real_or_nan(value(to)),
            ),
        }
    }

    fn binary(&self, context: EvalContext<'_>, operator: BinaryOperator, a: Index, b: Index) -> Complex64 {
        let a = self.op(context, a);
        match operator {
            // The second operand is not looked at where the first one decides.
            BinaryOperator::And | BinaryOperator::Or => match to_truth(a) {
                None => NAN,
                Some(first) if first == (operator == BinaryOperator::Or) => from_truth(first),
                Some(_) => to_truth(self.op(context, b)).map_or(NAN, from_truth),
            },
            BinaryOperator::Add => a + self.op(context, b),
            BinaryOperator::Subtract => a - self.op(context, b),
            BinaryOperator::Multiply => multiply(a, self.op(context, b)),
            BinaryOperator::Divide => divide(a, self.op(context, b)),
            BinaryOperator::Power => power(a, self.op(context, b)),
            BinaryOperator::Equal => from_truth(a == self.op(context, b)),
            BinaryOperator::NotEqual => from_truth(a != self.op(context, b)),
            BinaryOperator::Less => compare(a, self.op(context, b), |a, b| a < b),
            BinaryOperator::LessEqual => compare(a, self.op(context, b), |a, b| a <= b),
            BinaryOperator::Greater => compare(a, self.op(context, b), |a, b| a > b),
            BinaryOperator::GreaterEqual => compare(a, self.op(context, b), |a, b| a >= b),
        }
    }

    fn with_local(&self, context: EvalContext<'_>, body: Index, value: f64) -> Complex64 {
        let local = LocalVariable { value, outer: context.local };
        self.op(EvalContext { ops: context.ops, time: context.time, local: Some(&local) }, body)
    }

    /// The sum over whole numbers from `from` to `to`, both included; 0 where there are none between,
    /// NaN where the limits are not whole. Compensated after Neumaier (1974).
    fn sum(&self, context: EvalContext<'_>, term: Index, from: f64, to: f64) -> Complex64 {
        if !is_whole(from) || !is_whole(to) {
            return NAN;
        }
        if from > to {
            return from_real(0.0);
        }
        if !(0.0..MAX_TERMS).contains(&(to - from)) {
            self.remaining.set(None);
            return NAN;
        }
        let (mut re, mut im) = (CompensatedSum::default(), CompensatedSum::default());
        for i in 0..=(to - from) as u32 {
            if !self.count_evaluation() {
                return NAN;
            }
            let value = self.with_local(context, term, from + f64::from(i));
            re.add(value.re);
            im.add(value.im);
        }
        Complex64::new(re.value(), im.value())
    }
}

/// A comparison by size, NaN where there is none to compare; nothing is less or more than NaN.
pub(super) fn compare(a: Complex64, b: Complex64, holds: fn(f64, f64) -> bool) -> Complex64 {
    match (to_real(a), to_real(b)) {
        (Ok(a), Ok(b)) => from_truth(holds(a, b)),
        (Err(_), _) | (_, Err(_)) => NAN,
    }
}

/// The variable `levels` further out.
pub(super) fn local_value(innermost: Option<&LocalVariable<'_>>, levels: u32) -> Complex64 {
    let mut at = innermost;
    for _ in 0..levels {
        at = at.and_then(|local| local.outer);
    }
    at.map_or(NAN, |local| from_real(local.value))
}

/// A running sum, and what rounding has taken from it.
#[derive(Clone, Copy, Default)]
pub(super) struct CompensatedSum {
    sum: f64,
    lost: f64,
}

impl CompensatedSum {
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
