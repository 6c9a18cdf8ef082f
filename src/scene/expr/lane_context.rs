//! The surroundings of an operation in lanes, and the values that are known in them.
//!
//! The body of a series or an integral is evaluated in surroundings of its own, inside of others. An operation that does not
//! depend on the variable of the body is evaluated in the outer ones, once for all terms or points.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::code::Code;
use super::lane_eval::LaneEvaluator;
use super::lanes::Lanes;
use super::needs::Needs;
use super::number::NAN;
use super::op::{BoundVariable, OpIndex};
use super::real_lanes::RealLanes;
use super::scope::SignalId;

/// The surroundings of an operation: its code, the time, and the local variables in scope.
pub(super) struct LaneContext<'a> {
    pub(super) code: &'a Code,
    /// The time in seconds.
    pub(super) time: RealLanes,
    /// The arguments of a function and the local variables of enclosing series and integrals, outermost first.
    pub(super) locals: Vec<Lanes>,
    /// The values of signals at this time.
    pub(super) signals: Rc<Known<SignalId>>,
    /// The values of operations that inner surroundings asked for.
    pub(super) operations: Known<OpIndex>,
    /// Other surroundings, in which some operations have the same value.
    pub(super) outer: Vec<OuterContext<'a>>,
}

/// Values that were computed.
pub(super) type Known<K> = RefCell<BTreeMap<K, Lanes>>;

/// Surroundings in which operations have the same value, unless they depend on some variables.
#[derive(Clone)]
pub(super) struct OuterContext<'a> {
    pub(super) evaluator: &'a LaneEvaluator<'a>,
    pub(super) context: Rc<LaneContext<'a>>,
    /// The variables that have other values there, or none.
    pub(super) lacks: Needs,
    /// For each lane, the lane there; `None` if they are the same.
    pub(super) lanes: Option<Rc<[usize]>>,
}

impl<'a> LaneContext<'a> {
    /// Surroundings of their own.
    pub(super) fn new(code: &'a Code, time: RealLanes, locals: Vec<Lanes>) -> Self {
        let (signals, operations) = (Rc::default(), Known::default());
        Self { code, time, locals, signals, operations, outer: Vec::new() }
    }

    /// The surroundings of the body of a series or an integral, at values of its variable.
    pub(super) fn with_variable(&self, variable: BoundVariable, values: RealLanes) -> Self {
        let mut inner = Self::new(self.code, self.time.clone(), self.locals.clone());
        match variable {
            BoundVariable::Time => inner.time = values,
            BoundVariable::Local(place) => {
                // An operation that does not depend on the variables between is evaluated without them.
                inner.locals.resize(place as usize, Lanes::of(NAN));
                inner.locals.push(Lanes::real(values));
                inner.signals = Rc::clone(&self.signals);
            }
        }
        inner
    }

    /// The surroundings in some lanes.
    pub(super) fn gather(&self, lanes: &[usize]) -> Self {
        let locals = self.locals.iter().map(|local| local.gather(lanes)).collect();
        Self::new(self.code, self.time.gather(lanes), locals)
    }

    /// The surroundings as they are in one lane, in all lanes.
    pub(super) fn of_lane(&self, lane: usize) -> Self {
        let locals = self.locals.iter().map(|local| Lanes::of(local.at(lane))).collect();
        Self::new(self.code, RealLanes::Uniform(self.time.at(lane)), locals)
    }

    /// The surroundings of a signal at the present time.
    pub(super) fn of_signal(&self, code: &'a Code) -> Self {
        let outer = self.outer.iter().map(|outer| OuterContext {
            context: Rc::new(outer.context.of_signal(code)),
            lacks: outer.lacks.without_locals(),
            ..outer.clone()
        });
        Self {
            signals: Rc::clone(&self.signals),
            outer: outer.collect(),
            ..Self::new(code, self.time.clone(), Vec::new())
        }
    }

    /// The time and the local variables that differ between lanes.
    pub(super) fn varying(&self) -> Needs {
        let time = if self.time.uniform().is_none() { Needs::TIME } else { Needs::default() };
        let locals = self.locals.iter().enumerate().filter(|(_, local)| local.uniform().is_none());
        locals.fold(time, |varying, (place, _)| varying.and(Needs::local(place)))
    }
}
