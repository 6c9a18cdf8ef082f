//! The evaluator: runs compiled code at one set of bindings.
//!
//! An undefined value is NaN. A system that has no solution at the time that is asked for is an error. The work of an
//! evaluation is counted, and too much of it is an error, so that no scene can hang the program: `work` says what counts.

use std::cell::OnceCell;
use std::fmt;
use std::sync::Arc;

use num_complex::Complex64;

use super::arithmetic::negate;
use super::ast::BinaryOperator;
use super::code::{BoundVariable, Code, Op, OpIndex, OpList};
use super::interpolate::interpolate;
use super::number::{NAN, NotReal, from_real, from_truth, real_or_nan, six_digits, to_truth};
use super::quadrature::integrate;
use super::scope::{SignalId, SystemId};
use super::series::{Accumulator, Series, Terms};
use super::work::{EvaluationWork, order_work};
use crate::system::{At, Component, MemberKind, System, SystemError};
use crate::work::{WorkLimit, WorkMeter};

/// The greatest distance of the number of a step from a whole number.
const STEP_TOLERANCE: f64 = 1e-9;

/// The values of all slots.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bindings<'a> {
    /// The present time, in seconds.
    pub(crate) time: f64,
    /// Values of params, indexed by [`super::ParamId`].
    pub(crate) params: &'a [Complex64],
    /// Values of free variables, indexed by [`super::FreeId`].
    pub(crate) free: &'a [f64],
    /// Solved systems, indexed by [`super::SystemId`].
    pub(crate) systems: &'a [Arc<dyn System>],
    /// Definitions of signals, indexed by [`super::SignalId`].
    pub(crate) signals: &'a [Code],
    /// The state of a system whose rates are expressions.
    pub(crate) state: &'a [f64],
    /// Counts the work.
    pub(crate) work: &'a WorkMeter,
}

/// An error of an evaluation.
#[derive(Clone, Debug, PartialEq)]
pub enum EvalError {
    /// The value is complex where a real number is needed.
    NotReal(NotReal),
    /// The scene needs more work than this limit.
    TooMuchWork(WorkLimit),
    /// The number of a step is not a whole number.
    StepNumber(f64),
    /// A system has no solution at the time that is asked for.
    System {
        /// The system.
        system: SystemId,
        /// Its error.
        error: Box<SystemError>,
    },
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReal(not_real) => not_real.fmt(f),
            Self::System { error, .. } => f.write_str(&error.message),
            Self::StepNumber(number) => {
                write!(f, "the number of a step is a whole number, and this one is {}", six_digits(*number))
            }
            Self::TooMuchWork(limit) => limit.fmt(f),
        }
    }
}

impl EvalError {
    /// The remedy.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::NotReal(_) => "write re(…), im(…) or abs(…) for a real number".to_owned(),
            Self::StepNumber(_) => "write floor(…), or a whole number".to_owned(),
            Self::TooMuchWork(limit) => limit.help(),
            Self::System { error, .. } => error.help.clone(),
        }
    }
}

impl std::error::Error for EvalError {}

impl From<NotReal> for EvalError {
    fn from(not_real: NotReal) -> Self {
        Self::NotReal(not_real)
    }
}

/// Evaluates an expression.
///
/// # Errors
///
/// [`EvalError::TooMuchWork`] if the meter's limit is exceeded, [`EvalError::System`] if a system has no solution.
pub(crate) fn evaluate(code: &Code, bindings: &Bindings<'_>) -> Result<Complex64, EvalError> {
    let evaluator =
        Evaluator { bindings, work: EvaluationWork::new(bindings.work), failure: OnceCell::new() };
    let value = evaluator.run(code, bindings.time);
    match (evaluator.failure.into_inner(), evaluator.work.finish()) {
        (Some(error), _) => Err(error),
        (None, Some(limit)) => Err(EvalError::TooMuchWork(limit)),
        (None, None) => Ok(value),
    }
}

struct Evaluator<'a> {
    bindings: &'a Bindings<'a>,
    /// The work so far. Beyond the limit values are NaN.
    work: EvaluationWork<'a>,
    /// The first error of a system.
    failure: OnceCell<EvalError>,
}

/// The surroundings of an operation: its code, the time, and the local variables in scope.
#[derive(Clone, Copy)]
struct EvalContext<'a> {
    code: &'a Code,
    time: f64,
    /// The local variable of the innermost enclosing series or integral.
    local: Option<&'a LocalVariable<'a, Complex64>>,
}

/// The local variable of a series or an integral, linked to the one of the enclosing series or integral. The outermost
/// ones are the arguments of the function whose code is evaluated.
pub(super) struct LocalVariable<'a, T> {
    pub(super) value: T,
    pub(super) outer: Option<&'a LocalVariable<'a, T>>,
}

/// The code of a function, and the time at which it is evaluated.
#[derive(Clone, Copy)]
struct Callee<'a> {
    code: &'a Code,
    time: f64,
}

impl Evaluator<'_> {
    /// Evaluates code at a time.
    fn run(&self, code: &Code, time: f64) -> Complex64 {
        self.run_with(code, time, None)
    }

    /// Evaluates code at a time with these arguments, if the work that this takes is allowed.
    fn run_with(
        &self,
        code: &Code,
        time: f64,
        arguments: Option<&LocalVariable<'_, Complex64>>,
    ) -> Complex64 {
        match code.root() {
            Some(root) if self.work.charge(code.weight(root)) => {
                self.op(EvalContext { code, time, local: arguments }, root)
            }
            _ => NAN,
        }
    }

    /// Evaluates the operation at `index`.
    fn op(&self, context: EvalContext<'_>, index: OpIndex) -> Complex64 {
        let value = |index| self.op(context, index);
        match context.code.op(index) {
            Op::Constant(constant) => constant,
            Op::Time => from_real(context.time),
            Op::Param(param) => self.bindings.params[param.index()],
            Op::Free(free) => from_real(self.bindings.free[free.index()]),
            Op::LocalVariable(levels) => local_value(context.local, levels).copied().unwrap_or(NAN),
            Op::Call { function, arguments } => self.call(context, function, arguments, context.time),
            Op::Signal(signal) => self.run(&self.bindings.signals[signal.index()], context.time),
            Op::State(index) => from_real(self.bindings.state[index as usize]),
            Op::Member(_) => self.member(context, index, At::time(context.time)),
            Op::MemberFunction { member, argument } => {
                self.member(context, member, At { time: context.time, argument: Some(value(argument)) })
            }
            Op::At { signal, time } => {
                let time = real_or_nan(value(time));
                match context.code.op(signal) {
                    // The indices and the argument of a member belong to the present time.
                    Op::Member(_) => self.member(context, signal, At::time(time)),
                    Op::MemberFunction { member, argument } => {
                        self.member(context, member, At { time, argument: Some(value(argument)) })
                    }
                    Op::Call { function, arguments } => self.call(context, function, arguments, time),
                    _ => self.op(EvalContext { time, ..context }, signal),
                }
            }
            Op::Negate(a) => negate(value(a)),
            Op::Not(a) => to_truth(value(a)).map_or(NAN, |a| from_truth(!a)),
            Op::BinaryOperator(operator, a, b) => self.binary(context, operator, a, b),
            Op::UnaryFunction(function, a) => function.apply(value(a)),
            Op::BinaryFunction(function, a, b) => {
                let (a, b) = (value(a), value(b));
                if self.work.charge(order_work(function, a.re)) { function.apply(a, b) } else { NAN }
            }
            Op::If { condition, then, otherwise } => match to_truth(value(condition)) {
                Some(true) => value(then),
                Some(false) => value(otherwise),
                None => NAN,
            },
            Op::Series { series, body, limits, variable } => {
                let [from, to] = limits.map(|limit| real_or_nan(value(limit)));
                let terms = Terms::between(from, to);
                if !self.work.charge_times(terms.count(), context.code.weight(body)) {
                    return NAN;
                }
                self.series(series, terms, |term| self.with_variable(context, variable, body, term))
            }
            Op::Integral { body, limits, variable } => {
                let [from, to] = limits.map(|limit| real_or_nan(value(limit)));
                let weight = context.code.weight(body);
                let integrand = |s| {
                    if self.work.charge(weight) {
                        self.with_variable(context, variable, body, s)
                    } else {
                        NAN
                    }
                };
                integrate(integrand, from, to)
            }
            Op::Interpolate { x, points } => {
                let points = context.code.list(points);
                interpolate(
                    real_or_nan(value(x)),
                    points.len() / 2,
                    |i| real_or_nan(value(points[2 * i])),
                    |i| value(points[2 * i + 1]),
                )
            }
        }
    }

    /// The value of a function at a time. Its arguments belong to the present time.
    fn call(&self, context: EvalContext<'_>, function: SignalId, arguments: OpList, time: f64) -> Complex64 {
        let callee = Callee { code: &self.bindings.signals[function.index()], time };
        self.with_arguments(context, callee, context.code.list(arguments), None)
    }

    /// Evaluates the arguments that are left, links them to those before, and evaluates the function.
    fn with_arguments(
        &self,
        context: EvalContext<'_>,
        callee: Callee<'_>,
        arguments: &[OpIndex],
        before: Option<&LocalVariable<'_, Complex64>>,
    ) -> Complex64 {
        let Some((first, rest)) = arguments.split_first() else {
            return self.run_with(callee.code, callee.time, before);
        };
        let argument = LocalVariable { value: self.op(context, *first), outer: before };
        self.with_arguments(context, callee, rest, Some(&argument))
    }

    /// The value of a component of a system; NaN if there is no such component.
    fn member(&self, context: EvalContext<'_>, op: OpIndex, at: At) -> Complex64 {
        let Op::Member(member) = context.code.op(op) else { return NAN };
        let component = member.component(member.index_ops().iter().map(|index| self.op(context, *index)));
        let system = &*self.bindings.systems[member.system.index()];
        member_value(system, component, at).unwrap_or_else(|error| {
            // Only the first error is reported.
            let _ = self.failure.set(error.at(member.system));
            NAN
        })
    }

    /// Evaluates an infix operator.
    fn binary(
        &self,
        context: EvalContext<'_>,
        operator: BinaryOperator,
        a: OpIndex,
        b: OpIndex,
    ) -> Complex64 {
        let a = self.op(context, a);
        match operator {
            // The second operand is not evaluated if the first one decides.
            BinaryOperator::And | BinaryOperator::Or => match to_truth(a) {
                None => NAN,
                Some(first) if first == (operator == BinaryOperator::Or) => from_truth(first),
                Some(_) => to_truth(self.op(context, b)).map_or(NAN, from_truth),
            },
            _ => operator.apply(a, self.op(context, b)),
        }
    }

    /// Evaluates the body of a series or an integral at one value of its variable.
    fn with_variable(
        &self,
        context: EvalContext<'_>,
        variable: BoundVariable,
        body: OpIndex,
        value: f64,
    ) -> Complex64 {
        match variable {
            BoundVariable::Time => self.op(EvalContext { time: value, ..context }, body),
            BoundVariable::Local => {
                let local = LocalVariable { value: from_real(value), outer: context.local };
                self.op(EvalContext { code: context.code, time: context.time, local: Some(&local) }, body)
            }
        }
    }

    /// The value of a series; NaN if its limits are no integers.
    fn series(&self, series: Series, terms: Terms, term: impl Fn(f64) -> Complex64) -> Complex64 {
        let (from, count) = match terms {
            Terms::Finite { from, count } => (from, count),
            Terms::Undefined | Terms::TooMany => return NAN,
        };
        let mut total = Accumulator::new(series);
        for i in 0..count {
            total.add(term(from + f64::from(i)));
            if self.work.is_exceeded() {
                return NAN;
            }
        }
        total.value()
    }
}

/// An error in the value of a member.
#[derive(Debug)]
pub(super) enum MemberError {
    StepNumber(f64),
    System(SystemError),
}

impl MemberError {
    /// The error of an evaluation, for a member of this system.
    fn at(self, system: SystemId) -> EvalError {
        match self {
            Self::StepNumber(number) => EvalError::StepNumber(number),
            Self::System(error) => EvalError::System { system, error: Box::new(error) },
        }
    }
}

/// The value of a component of a solved system; NaN if there is no such component, or no such step.
pub(super) fn member_value(
    system: &dyn System,
    component: Option<Component>,
    at: At,
) -> Result<Complex64, MemberError> {
    let Some(component) = component.filter(|component| !system.schema().excludes(*component)) else {
        return Ok(NAN);
    };
    let at = match (system.schema().member(component.slot).kind, at.argument) {
        (MemberKind::Sequence(_), Some(number)) if number.is_nan() => return Ok(NAN),
        (MemberKind::Sequence(_), Some(number)) => {
            At { argument: Some(step_number(number).map_err(MemberError::StepNumber)?), ..at }
        }
        _ => at,
    };
    system.value(component, at).map_err(MemberError::System)
}

/// The whole number of a step; the number itself where it is none.
fn step_number(number: Complex64) -> Result<Complex64, f64> {
    let step = number.re.round();
    let is_whole = (number.re - step).abs() <= STEP_TOLERANCE && number.im.abs() <= STEP_TOLERANCE;
    if is_whole || number.re.is_infinite() { Ok(from_real(step)) } else { Err(number.re) }
}

/// The value of the local variable `levels` levels outside of the innermost one.
pub(super) fn local_value<'a, T>(innermost: Option<&'a LocalVariable<'a, T>>, levels: u32) -> Option<&'a T> {
    let mut variable = innermost;
    for _ in 0..levels {
        variable = variable.and_then(|local| local.outer);
    }
    variable.map(|local| &local.value)
}
