//! The lane evaluator: runs compiled code at many values of a variable at once.
//!
//! Each operation is executed for all lanes before the next one, which costs a fraction of running the code
//! once per value. Every lane gets the bits that it has alone. Where lanes take different steps, because of a
//! condition or a limit, those that take the same steps are evaluated together.
//!
//! The lanes are samples of a curve, the terms of a series, or the points of an integral. So the evaluator of single
//! values uses this one for its series and integrals.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::ast::BinaryOperator;
use super::code::Code;
use super::eval::Bindings;
use super::eval_error::EvalError;
use super::function::UnaryFunction;
use super::lane_context::{Known, LaneContext, OuterContext};
use super::lane_integral::IntegralOf;
use super::lane_series::SeriesOf;
use super::lanes::Lanes;
use super::needs::Needs;
use super::number::{NAN, from_real, from_truth, to_truth};
use super::op::{Op, OpIndex, OpList};
use super::real_lanes::RealLanes;
use super::scope::{FreeId, ParamId, SignalId, Variable};
use super::work::{EvaluationWork, angle_work, recurrence_step, recurrence_work};
use crate::system::System;

/// The most lanes whose arguments are looked at to count the work of all lanes.
const LANES_ASKED: usize = 8;

/// Evaluates expressions at each of `values` of a variable. Signals that they share are evaluated once.
///
/// A param is bound together with params that follow from it: `definitions` are these, in an order in which each comes after
/// those that it uses.
///
/// An expression has no lanes if one of its values is an error. None of them has lanes if there are no values.
pub(crate) fn evaluate_lanes<'a>(
    codes: &[&Code],
    bindings: &Bindings<'_>,
    (over, values): (Variable, &[f64]),
    definitions: impl IntoIterator<Item = (ParamId, &'a Code)>,
) -> Vec<Option<Lanes>> {
    if values.is_empty() {
        return vec![None; codes.len()];
    }
    let work = EvaluationWork::new(bindings.work);
    let lanes = RealLanes::each(values.to_vec());
    let mut time = RealLanes::Uniform(bindings.time);
    let mut evaluator =
        LaneEvaluator { bindings, lanes: values.len(), variables: LaneVariables::default(), work: &work };
    match over {
        Variable::Time => time = lanes,
        Variable::Free(free) => evaluator.variables.free = Some((free, lanes)),
        Variable::Param(param) => evaluator.variables.params.push((param, Lanes::real(lanes))),
    }
    for (param, definition) in definitions {
        let context = LaneContext::new(definition, time.clone(), Vec::new());
        let Ok(value) = evaluator.run(&Rc::new(context)) else { return vec![None; codes.len()] };
        evaluator.variables.params.push((param, value));
    }
    let signals = Rc::default();
    let value = |code: &&Code| {
        let context =
            LaneContext { signals: Rc::clone(&signals), ..LaneContext::new(code, time.clone(), Vec::new()) };
        evaluator.run(&Rc::new(context)).ok()
    };
    codes.iter().map(value).collect()
}

/// Evaluates code in lanes.
pub(super) struct LaneEvaluator<'a> {
    bindings: &'a Bindings<'a>,
    lanes: usize,
    variables: LaneVariables,
    /// The work so far, of all lanes.
    work: &'a EvaluationWork<'a>,
}

/// The variables of the scene that differ between lanes, other than the time.
#[derive(Clone, Default)]
struct LaneVariables {
    free: Option<(FreeId, RealLanes)>,
    params: Vec<(ParamId, Lanes)>,
}

impl LaneVariables {
    /// The variables in some lanes.
    fn gather(&self, lanes: &[usize]) -> Self {
        Self {
            free: self.free.as_ref().map(|(free, values)| (*free, values.gather(lanes))),
            params: self.params.iter().map(|(param, values)| (*param, values.gather(lanes))).collect(),
        }
    }

    /// The variables as they are in one lane, in all lanes.
    fn of_lane(&self, lane: usize) -> Self {
        Self {
            free: self.free.as_ref().map(|(free, values)| (*free, RealLanes::Uniform(values.at(lane)))),
            params: self.params.iter().map(|(param, values)| (*param, Lanes::of(values.at(lane)))).collect(),
        }
    }
}

impl<'a> LaneEvaluator<'a> {
    /// An evaluator of one value.
    pub(super) fn of_one_value(bindings: &'a Bindings<'a>, work: &'a EvaluationWork<'a>) -> Self {
        Self { bindings, lanes: 1, variables: LaneVariables::default(), work }
    }

    /// An evaluator of some of the lanes, which may repeat.
    pub(super) fn of_lanes(&self, lanes: &[usize]) -> Self {
        Self { lanes: lanes.len(), variables: self.variables.gather(lanes), ..*self }
    }

    /// An evaluator of something else than samples in one of the lanes: of terms or points.
    pub(super) fn in_lane(&self, lane: usize, count: usize) -> Self {
        Self { lanes: count, variables: self.variables.of_lane(lane), ..*self }
    }

    /// The number of lanes.
    pub(super) fn lanes(&self) -> usize {
        self.lanes
    }

    /// Counts the same work for each lane.
    pub(super) fn charge(&self, units: u64) -> Result<(), EvalError> {
        self.work.spend(self.lanes as u64, units)
    }

    /// Counts the same work for each of some values.
    pub(super) fn charge_each(&self, count: usize, units: u64) -> Result<(), EvalError> {
        self.work.spend(count as u64, units)
    }

    /// The solved systems.
    pub(super) fn systems(&self) -> &'a [Arc<dyn System>] {
        self.bindings.systems
    }

    /// Counts work that does not depend on the number of lanes.
    pub(super) fn charge_once(&self, units: u64) -> Result<(), EvalError> {
        self.work.spend(1, units)
    }

    /// Counts the work of a function that depends on the size of its argument: the mean of some lanes from the first to the
    /// last one.
    fn charge_angles(&self, function: UnaryFunction, a: &Lanes) -> Result<(), EvalError> {
        let lanes = if a.uniform().is_some() { 1 } else { self.lanes };
        let asked = lanes.min(LANES_ASKED);
        let lane = |number: usize| (lanes - 1) * number / (asked - 1).max(1);
        let work: u64 = (0..asked).map(|number| angle_work(function, a.at(lane(number)))).sum();
        self.work.spend(lanes as u64, work / asked as u64)
    }

    /// The variables that differ between lanes.
    pub(super) fn varying(&self, context: &LaneContext<'_>) -> Needs {
        let free = self.variables.free.iter().filter(|(_, values)| values.uniform().is_none());
        let params = self.variables.params.iter().filter(|(_, values)| values.uniform().is_none());
        let all =
            free.map(|(free, _)| Needs::free(*free)).chain(params.map(|(param, _)| Needs::param(*param)));
        all.fold(context.varying(), Needs::and)
    }

    /// Evaluates the whole code of a context.
    fn run(&self, context: &Rc<LaneContext<'_>>) -> Result<Lanes, EvalError> {
        let Some(root) = context.code.root() else { return Ok(Lanes::of(NAN)) };
        self.charge(context.code.weight(root))?;
        self.op(context, root)
    }

    /// The lanes by a key.
    pub(super) fn group<K: Ord>(&self, key: impl Fn(usize) -> K) -> BTreeMap<K, Vec<usize>> {
        let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
        for lane in 0..self.lanes {
            groups.entry(key(lane)).or_default().push(lane);
        }
        groups
    }

    /// Evaluates something for groups of lanes, from the key of each group.
    pub(super) fn in_groups<K: Copy>(
        &self,
        context: &Rc<LaneContext<'_>>,
        groups: BTreeMap<K, Vec<usize>>,
        evaluate: impl Fn(&LaneEvaluator<'_>, &Rc<LaneContext<'_>>, K) -> Result<Lanes, EvalError>,
    ) -> Result<Lanes, EvalError> {
        let mut all = vec![NAN; self.lanes];
        for (key, lanes) in groups {
            if lanes.len() == self.lanes {
                return evaluate(self, context, key);
            }
            let values = evaluate(&self.of_lanes(&lanes), &Rc::new(context.gather(&lanes)), key)?;
            lanes.iter().enumerate().for_each(|(at, lane)| all[*lane] = values.at(at));
        }
        Ok(Lanes::from_values(all.into_iter()))
    }

    /// A value that may be known already.
    fn known<K: Ord>(
        known: &Known<K>,
        key: K,
        value: impl FnOnce() -> Result<Lanes, EvalError>,
    ) -> Result<Lanes, EvalError> {
        if let Some(known) = known.borrow().get(&key) {
            return Ok(known.clone());
        }
        let value = value()?;
        known.borrow_mut().insert(key, value.clone());
        Ok(value)
    }

    /// The value of an operation from other surroundings.
    fn from_outer(outer: &OuterContext<'_>, index: OpIndex) -> Result<Lanes, EvalError> {
        let OuterContext { evaluator, context, lanes, .. } = outer;
        let value = Self::known(&context.operations, index, || evaluator.op(context, index))?;
        Ok(match lanes {
            Some(lanes) => value.gather(lanes),
            None => value,
        })
    }

    /// Evaluates what follows from the truth of a condition; NaN where it is undefined.
    fn branch(
        &self,
        context: &Rc<LaneContext<'_>>,
        condition: &Lanes,
        evaluate: impl Fn(&LaneEvaluator<'_>, &Rc<LaneContext<'_>>, bool) -> Result<Lanes, EvalError>,
    ) -> Result<Lanes, EvalError> {
        let evaluate = |evaluator: &LaneEvaluator<'_>, context: &Rc<LaneContext<'_>>, truth: Option<bool>| {
            truth.map_or(Ok(Lanes::of(NAN)), |truth| evaluate(evaluator, context, truth))
        };
        match condition.uniform() {
            Some(condition) => evaluate(self, context, to_truth(condition)),
            None => self.in_groups(context, self.group(|lane| to_truth(condition.at(lane))), evaluate),
        }
    }

    /// The values of the operation at `index`.
    pub(super) fn op(&self, context: &Rc<LaneContext<'_>>, index: OpIndex) -> Result<Lanes, EvalError> {
        let op = context.code.op(index);
        if op.is_computed() {
            let needs = context.code.needs(index);
            if let Some(outer) = context.outer.iter().find(|outer| !needs.intersects(outer.lacks)) {
                return Self::from_outer(outer, index);
            }
        }
        if context.code.is_shared(index) {
            return Self::known(&context.operations, index, || self.compute(context, op, index));
        }
        self.compute(context, op, index)
    }

    /// Evaluates an operation, which is the one at `index`.
    fn compute(&self, context: &Rc<LaneContext<'_>>, op: Op, index: OpIndex) -> Result<Lanes, EvalError> {
        let value = |index| self.op(context, index);
        Ok(match op {
            Op::Constant(constant) => Lanes::of(constant.value()),
            Op::Time => Lanes::real(context.time.clone()),
            Op::Param(param) => self.param(param),
            Op::Free(free) => Lanes::real(match &self.variables.free {
                Some((over, values)) if *over == free => values.clone(),
                _ => RealLanes::Uniform(self.bindings.free[free.index()]),
            }),
            Op::LocalVariable(place) => {
                context.locals.get(place as usize).cloned().unwrap_or_else(|| Lanes::of(NAN))
            }
            Op::Call { function, arguments } => {
                self.call(context, function, arguments, context.time.clone())?
            }
            Op::Signal(signal) => {
                let code = &self.bindings.signals[signal.index()];
                Self::known(&context.signals, signal, || self.run(&Rc::new(context.of_signal(code))))?
            }
            Op::State(index) => Lanes::of(from_real(self.bindings.state[index as usize])),
            Op::Member(_) | Op::MemberFunction { .. } => self.member(context, index, &context.time)?,
            Op::At { signal, time } => self.at_time(context, signal, value(time)?.reals_or_nan())?,
            Op::Negate(a) => value(a)?.negated(),
            Op::Not(a) => value(a)?.map(|a| to_truth(a).map_or(NAN, |a| from_truth(!a))),
            Op::BinaryOperator(operator @ (BinaryOperator::And | BinaryOperator::Or), a, b) => {
                // The second operand is not evaluated if the first one decides.
                self.branch(context, &value(a)?, |evaluator, context, first| {
                    if first == (operator == BinaryOperator::Or) {
                        return Ok(Lanes::of(from_truth(first)));
                    }
                    Ok(evaluator.op(context, b)?.map(|b| to_truth(b).map_or(NAN, from_truth)))
                })?
            }
            Op::BinaryOperator(operator, a, b) => value(a)?.apply_operator(operator, value(b)?),
            Op::UnaryFunction(function, a) => {
                let a = value(a)?;
                self.charge_angles(function, &a)?;
                a.apply(function)
            }
            Op::BinaryFunction(function, a, b) => {
                let (a, b) = (value(a)?, value(b)?);
                if let Some(step) = recurrence_step(function) {
                    let work = (0..self.lanes).map(|lane| recurrence_work(step, a.at(lane).re));
                    self.charge_once(work.fold(0, u64::saturating_add))?;
                }
                a.apply_two(function, b)
            }
            Op::If { condition, then, otherwise } => {
                self.branch(context, &value(condition)?, |evaluator, context, holds| {
                    evaluator.op(context, if holds { then } else { otherwise })
                })?
            }
            Op::Series { series, body, limits: [from, to], variable } => {
                let limits = [value(from)?.reals_or_nan(), value(to)?.reals_or_nan()];
                self.series(context, SeriesOf { series, body, variable }, limits)?
            }
            Op::Integral { body, limits: [from, to], variable, fixed } => {
                let limits = [value(from)?.reals_or_nan(), value(to)?.reals_or_nan()];
                self.integral(context, IntegralOf { body, variable, fixed }, limits)?
            }
            Op::Interpolate { x, points } => self.interpolate(context, x, points)?,
        })
    }

    /// The values of a param.
    fn param(&self, param: ParamId) -> Lanes {
        let lanes = self.variables.params.iter().find(|(bound, _)| *bound == param);
        lanes.map_or_else(|| Lanes::of(self.bindings.params[param.index()]), |(_, values)| values.clone())
    }

    /// Evaluates a signal, a call or a component of a system at other times.
    fn at_time(
        &self,
        context: &Rc<LaneContext<'_>>,
        signal: OpIndex,
        time: RealLanes,
    ) -> Result<Lanes, EvalError> {
        match context.code.op(signal) {
            Op::Member(_) | Op::MemberFunction { .. } => self.member(context, signal, &time),
            Op::Call { function, arguments } => self.call(context, function, arguments, time),
            _ => self.op(&Rc::new(LaneContext::new(context.code, time, context.locals.clone())), signal),
        }
    }

    /// The values of a function at the times of the lanes. Its arguments belong to the present time.
    fn call(
        &self,
        context: &Rc<LaneContext<'_>>,
        function: SignalId,
        arguments: OpList,
        time: RealLanes,
    ) -> Result<Lanes, EvalError> {
        let arguments = context.code.list(arguments).iter().map(|argument| self.op(context, *argument));
        let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        self.run(&Rc::new(LaneContext::new(&self.bindings.signals[function.index()], time, arguments)))
    }
}
