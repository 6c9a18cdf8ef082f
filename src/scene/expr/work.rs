//! The work of evaluating an expression: the weight of its operations, and the meter of one evaluation.
//!
//! The weight of an operation is that of evaluating it once together with its operands. The bodies of series and
//! integrals, signals and functions of the scene are not part of it: they are counted each time they are evaluated.

use std::cell::Cell;

use num_complex::Complex64;

use super::ast::BinaryOperator;
use super::eval_error::EvalError;
use super::function::{BinaryFunction, UnaryFunction};
use super::op::{Op, OpIndex};
use super::special::MAX_ORDER;
use crate::system::{Component, System};
use crate::work::{EVALUATION, WorkLimit, WorkMeter};

/// The weight of an elementary function.
const FUNCTION: u64 = 8;
/// The work of reducing an angle beyond [`LARGE_ANGLE`] to one period, in many digits of π.
const ANGLE_REDUCTION: u64 = 140;
/// Smaller angles are reduced in two or three operations.
const LARGE_ANGLE: f64 = 1e6;
/// The weight of a component of a system, whose motion is known.
const MEMBER: u64 = 8;
/// The weight of one step of a recurrence over the degree of a Legendre polynomial, and over the order of a Bessel
/// function.
const RECURRENCE_STEPS: [u64; 2] = [26, 8];
/// The work of a term of a series beside its body.
pub(super) const SERIES_TERM: u64 = 12;
/// The work of a point of an integral beside its integrand.
pub(super) const INTEGRAL_POINT: u64 = 22;
/// The work of a piece of an integral beside its points.
pub(super) const INTEGRAL_PIECE: u64 = 200;
/// The work of evaluating the points of some subintervals of an integral, however few they are.
pub(super) const INTEGRAL_STEP: u64 = 4000;
/// The work of a subinterval of an integral each time that another one is halved.
pub(super) const SUBINTERVAL: u64 = 7;
/// How many times as much an operation takes that is done for one value and not for a block of lanes.
const SCALAR: u64 = 8;

/// The weights of the operations of an expression. Each operation comes after its operands.
pub(super) fn weights(ops: &[Op], lists: &[OpIndex]) -> Box<[u64]> {
    let mut weights: Vec<u64> = Vec::with_capacity(ops.len());
    for op in ops {
        let mut weight = own_weight(op);
        let mut add = |operand: OpIndex| weight = weight.saturating_add(weights[operand as usize]);
        match *op {
            Op::Series { limits, .. } | Op::Integral { limits, .. } => limits.into_iter().for_each(add),
            op => op.each_operand(lists, &mut add),
        }
        weights.push(weight);
    }
    weights.into()
}

/// The weight of an operation without its operands.
fn own_weight(op: &Op) -> u64 {
    match op {
        Op::UnaryFunction(..) | Op::BinaryFunction(..) => FUNCTION,
        Op::BinaryOperator(operator, ..) if *operator == BinaryOperator::Power => FUNCTION,
        Op::Member(_) => MEMBER,
        _ => 1,
    }
}

/// The work of a step of the recurrence that a function of two arguments takes over its first one, the order; `None` if there
/// is no recurrence.
pub(super) fn recurrence_step(function: BinaryFunction) -> Option<u64> {
    let [legendre, bessel] = RECURRENCE_STEPS;
    match function {
        BinaryFunction::Legendre => Some(legendre),
        BinaryFunction::Besselj => Some(bessel),
        _ => None,
    }
}

/// The work of a recurrence up to an order.
pub(super) fn recurrence_work(step: u64, order: f64) -> u64 {
    // Beyond it the value is NaN.
    if order.abs() <= MAX_ORDER { step * order.abs() as u64 } else { 0 }
}

/// The work of a function beyond its weight, which depends on the size of its argument.
pub(super) fn angle_work(function: UnaryFunction, argument: Complex64) -> u64 {
    let is_periodic = matches!(function, UnaryFunction::Sin | UnaryFunction::Cos | UnaryFunction::Tan);
    if is_periodic && argument.re.abs() > LARGE_ANGLE { ANGLE_REDUCTION } else { 0 }
}

/// The work of a value of a component beyond the weight of a member; 0 if there is no such component.
pub(super) fn member_work(system: &dyn System, component: Option<Component>) -> u64 {
    let is_there = |component: &Component| !system.schema().excludes(*component);
    component.filter(is_there).map_or(0, |component| system.cost(component))
}

/// The work of one evaluation, which goes to a meter in larger amounts.
pub(super) struct EvaluationWork<'a> {
    meter: &'a WorkMeter,
    /// The work that the meter does not know yet.
    pending: Cell<u64>,
    exceeded: Cell<Option<WorkLimit>>,
    /// The work of a unit of weight.
    factor: u64,
}

/// The work after which the meter is told.
const PORTION: u64 = 4096;

impl<'a> EvaluationWork<'a> {
    /// The work of an evaluation in lanes so far.
    pub(super) fn new(meter: &'a WorkMeter) -> Self {
        Self::begun(meter, 0, 1)
    }

    /// The work of an evaluation for one value so far.
    pub(super) fn scalar(meter: &'a WorkMeter) -> Self {
        Self::begun(meter, EVALUATION, SCALAR)
    }

    fn begun(meter: &'a WorkMeter, units: u64, factor: u64) -> Self {
        Self { meter, pending: Cell::new(units), exceeded: Cell::new(None), factor }
    }

    /// Counts work that is about to be done, by its weight. Returns false if the limit is exceeded.
    pub(super) fn charge(&self, weight: u64) -> bool {
        self.add(weight.saturating_mul(self.factor))
    }

    /// Counts work that is about to be done, in units. Returns false if the limit is exceeded.
    pub(super) fn add(&self, units: u64) -> bool {
        self.pending.set(self.pending.get().saturating_add(units));
        if self.pending.get() >= PORTION {
            self.settle();
        }
        self.exceeded.get().is_none()
    }

    /// Counts the same work several times.
    ///
    /// # Errors
    ///
    /// [`EvalError::TooMuchWork`] if the limit is exceeded.
    pub(super) fn spend(&self, count: u64, units: u64) -> Result<(), EvalError> {
        self.add(count.saturating_mul(units));
        self.exceeded.get().map_or(Ok(()), |limit| Err(EvalError::TooMuchWork(limit)))
    }

    /// The limit, if it is exceeded by all work of the evaluation.
    pub(super) fn finish(self) -> Option<WorkLimit> {
        self.settle();
        self.exceeded.get()
    }

    fn settle(&self) {
        if let Err(limit) = self.meter.charge(self.pending.take()) {
            self.exceeded.set(Some(limit));
        }
    }
}

impl Drop for EvaluationWork<'_> {
    fn drop(&mut self) {
        self.settle();
    }
}
