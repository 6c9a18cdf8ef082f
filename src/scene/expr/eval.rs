//! The evaluator: runs compiled code at one set of bindings.
//!
//! An undefined value is NaN. A system that has no solution at the time that is asked for is an error. The work of an
//! evaluation is counted, and too much of it is an error, so that no scene can hang the program: `work` says what counts.
//! The terms of a series and the points of an integral are evaluated in lanes.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use num_complex::Complex64;

use super::arithmetic::negate;
use super::ast::BinaryOperator;
use super::code::Code;
use super::eval_error::EvalError;
use super::interpolate::interpolate;
use super::lane_context::LaneContext;
use super::lane_eval::LaneEvaluator;
use super::lane_integral::IntegralOf;
use super::lane_series::SeriesOf;
use super::lanes::Lanes;
use super::number::{NAN, from_real, from_truth, real_or_nan, to_truth};
use super::op::{BoundVariable, Op, OpIndex, OpList};
use super::real_lanes::RealLanes;
use super::scope::{SignalId, SystemId};
use super::series::{Accumulator, Terms};
use super::work::{EvaluationWork, SERIES_TERM, angle_work, member_work, recurrence_step, recurrence_work};
use crate::system::{At, Component, MemberKind, System, SystemError};
use crate::work::WorkMeter;

/// The greatest distance of the number of a step from a whole number.
const STEP_TOLERANCE: f64 = 1e-9;

/// The most terms of a series that are evaluated one by one, which takes less time than preparing lanes.
const FEW_TERMS: u32 = 4;

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

/// Evaluates an expression.
///
/// # Errors
///
/// [`EvalError::TooMuchWork`] if the meter's limit is exceeded, [`EvalError::System`] if a system has no solution.
pub(crate) fn evaluate(code: &Code, bindings: &Bindings<'_>) -> Result<Complex64, EvalError> {
    let evaluator =
        Evaluator { bindings, work: EvaluationWork::scalar(bindings.work), failure: OnceCell::new() };
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

impl<'a> EvalContext<'a> {
    /// The same surroundings in every lane.
    fn in_lanes(self) -> Rc<LaneContext<'a>> {
        let variables = std::iter::successors(self.local, |local| local.outer);
        let mut locals: Vec<Lanes> = variables.map(|local| Lanes::of(local.value)).collect();
        locals.reverse();
        Rc::new(LaneContext::new(self.code, RealLanes::Uniform(self.time), locals))
    }
}

/// The local variable of a series or an integral, linked to the one of the enclosing series or integral. The outermost
/// ones are the arguments of the function whose code is evaluated.
pub(super) struct LocalVariable<'a, T> {
    value: T,
    outer: Option<&'a LocalVariable<'a, T>>,
    /// The number of variables outside of this one.
    place: u32,
}

impl<'a, T> LocalVariable<'a, T> {
    /// A variable inside of others.
    pub(super) fn new(value: T, outer: Option<&'a Self>) -> Self {
        Self { value, outer, place: outer.map_or(0, |outer| outer.place + 1) }
    }
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
            Op::Constant(constant) => constant.value(),
            Op::Time => from_real(context.time),
            Op::Param(param) => self.bindings.params[param.index()],
            Op::Free(free) => from_real(self.bindings.free[free.index()]),
            Op::LocalVariable(place) => local_value(context.local, place).copied().unwrap_or(NAN),
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
            Op::UnaryFunction(function, a) => {
                let a = value(a);
                if self.work.add(angle_work(function, a)) { function.apply(a) } else { NAN }
            }
            Op::BinaryFunction(function, a, b) => {
                let (a, b) = (value(a), value(b));
                let work = recurrence_step(function).map_or(0, |step| recurrence_work(step, a.re));
                if self.work.add(work) { function.apply(a, b) } else { NAN }
            }
            Op::If { condition, then, otherwise } => match to_truth(value(condition)) {
                Some(true) => value(then),
                Some(false) => value(otherwise),
                None => NAN,
            },
            Op::Series { series, body, limits, variable } => {
                let limits = limits.map(|limit| real_or_nan(value(limit)));
                self.series(context, SeriesOf { series, body, variable }, limits)
            }
            Op::Integral { body, limits, variable, fixed } => {
                let limits = limits.map(|limit| RealLanes::Uniform(real_or_nan(value(limit))));
                self.in_lanes(|lanes| {
                    lanes.integral(&context.in_lanes(), IntegralOf { body, variable, fixed }, limits)
                })
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
        let argument = LocalVariable::new(self.op(context, *first), before);
        self.with_arguments(context, callee, rest, Some(&argument))
    }

    /// The value of a component of a system; NaN if there is no such component.
    fn member(&self, context: EvalContext<'_>, op: OpIndex, at: At) -> Complex64 {
        let Op::Member(member) = context.code.op(op) else { return NAN };
        let component = member.component(member.index_ops().iter().map(|index| self.op(context, *index)));
        let system = &*self.bindings.systems[member.system.index()];
        if !self.work.add(member_work(system, component)) {
            return NAN;
        }
        let value = member_value(system, component, at).map_err(|error| error.at(member.system));
        self.unless_failed(value).unwrap_or(NAN)
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

    /// Evaluates the body of a series at one value of its variable.
    fn with_variable(
        &self,
        context: EvalContext<'_>,
        variable: BoundVariable,
        body: OpIndex,
        value: f64,
    ) -> Complex64 {
        match variable {
            BoundVariable::Time => self.op(EvalContext { time: value, ..context }, body),
            BoundVariable::Local(_) => {
                let local = LocalVariable::new(from_real(value), context.local);
                self.op(EvalContext { code: context.code, time: context.time, local: Some(&local) }, body)
            }
        }
    }

    /// The value of a series; NaN if its limits are no integers.
    fn series(&self, context: EvalContext<'_>, of: SeriesOf, limits: [f64; 2]) -> Complex64 {
        let (from, count) = match Terms::between(limits[0], limits[1]) {
            Terms::Finite { from, count } if count <= FEW_TERMS => (from, count),
            _ => {
                let limits = limits.map(RealLanes::Uniform);
                return self.in_lanes(|lanes| lanes.series(&context.in_lanes(), of, limits));
            }
        };
        let term = context.code.weight(of.body).saturating_add(SERIES_TERM);
        if !self.work.charge(term.saturating_mul(count.into())) {
            return NAN;
        }
        let mut total = Accumulator::new(of.series);
        for i in 0..count {
            total.add(self.with_variable(context, of.variable, of.body, from + f64::from(i)));
        }
        total.value()
    }

    /// A value that is computed in lanes; NaN after an error.
    fn in_lanes(&self, value: impl FnOnce(&LaneEvaluator<'_>) -> Result<Lanes, EvalError>) -> Complex64 {
        if self.failure.get().is_some() {
            return NAN;
        }
        let value = value(&LaneEvaluator::of_one_value(self.bindings, &self.work));
        self.unless_failed(value).map_or(NAN, |value| value.at(0))
    }

    /// A result, or `None` for an error, which is noted.
    fn unless_failed<T>(&self, result: Result<T, EvalError>) -> Option<T> {
        // Only the first error is reported.
        result.map_err(|error| self.failure.set(error)).ok()
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
    pub(super) fn at(self, system: SystemId) -> EvalError {
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

/// The value of the local variable with this place, counted from the outermost one.
pub(super) fn local_value<'a, T>(innermost: Option<&'a LocalVariable<'a, T>>, place: u32) -> Option<&'a T> {
    let mut variables = std::iter::successors(innermost, |local| local.outer);
    variables.find(|local| local.place == place).map(|local| &local.value)
}
