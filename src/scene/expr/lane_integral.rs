//! Integrals in the lane evaluator.
//!
//! Each lane adapts its subintervals on its own. The points of subintervals of many lanes are evaluated together. An
//! operation that does not depend on the lane is evaluated once for each point, and one that does not depend on the
//! point once for each lane.

use std::collections::HashMap;
use std::rc::Rc;

use super::eval_error::EvalError;
use super::kronrod::{self, NODES, Subinterval, nodes};
use super::lane_context::{LaneContext, OuterContext};
use super::lane_eval::LaneEvaluator;
use super::lanes::Lanes;
use super::needs::Needs;
use super::op::{BoundVariable, Limit, OpIndex};
use super::quadrature::{AdaptiveRule, Domain, NextStep, Piece, Totals};
use super::real_lanes::RealLanes;
use super::work::{INTEGRAL_PIECE, INTEGRAL_POINT, INTEGRAL_STEP, SUBINTERVAL};

/// The most subintervals that are evaluated together.
const SUBINTERVALS_AT_ONCE: usize = 64;

/// The body of an integral and its variable.
#[derive(Clone, Copy)]
pub(super) struct IntegralOf {
    pub(super) body: OpIndex,
    pub(super) variable: BoundVariable,
    /// The limit from which the integral is continued.
    pub(super) fixed: Option<Limit>,
}

/// The integral over one piece in one lane.
struct Task {
    lane: usize,
    piece: Piece,
    rule: AdaptiveRule,
    /// The totals, as soon as they are known.
    totals: Totals,
}

/// A subinterval that a task needs.
#[derive(Clone, Copy)]
struct Request {
    task: usize,
    between: [f64; 2],
}

impl LaneEvaluator<'_> {
    /// The value of an integral between two limits.
    pub(super) fn integral(
        &self,
        context: &Rc<LaneContext<'_>>,
        of: IntegralOf,
        [from, to]: [RealLanes; 2],
    ) -> Result<Lanes, EvalError> {
        let needs = context.code.needs(of.body).without(of.variable);
        let has_one_value =
            from.uniform().is_some() && to.uniform().is_some() && !needs.intersects(self.varying(context));
        if has_one_value && self.lanes() > 1 {
            let value = self.in_lane(0, 1).integral(&Rc::new(context.of_lane(0)), of, [from, to])?;
            return Ok(Lanes::of(value.at(0)));
        }
        let domain = |lane| Domain::between(from.at(lane), to.at(lane), of.fixed);
        let domains: Vec<Domain> = (0..self.lanes()).map(domain).collect();
        let pieces: usize = domains.iter().map(|domain| domain.pieces().len()).sum();
        self.charge_once(INTEGRAL_PIECE * pieces as u64)?;
        if !needs.intersects(self.varying(context)) {
            // All lanes have the same integrand, and may share pieces.
            let single = self.in_lane(0, 1);
            return single.sums_of_shared_pieces(&Rc::new(context.of_lane(0)), of, &domains);
        }
        let pieces = domains
            .iter()
            .enumerate()
            .flat_map(|(lane, domain)| domain.pieces().iter().map(move |piece| Task::new(lane, *piece)));
        let mut tasks: Vec<Task> = pieces.collect();
        self.complete(context, of, &mut tasks)?;
        let mut parts = tasks.iter().map(|task| task.totals);
        let values = domains.iter().map(|domain| domain.sum(parts.by_ref().take(domain.pieces().len())));
        Ok(Lanes::from_values(values))
    }

    /// The integrals over domains of one integrand, that of the only lane.
    fn sums_of_shared_pieces(
        &self,
        context: &Rc<LaneContext<'_>>,
        of: IntegralOf,
        domains: &[Domain],
    ) -> Result<Lanes, EvalError> {
        let mut known: HashMap<[u64; 4], usize> = HashMap::new();
        let mut tasks: Vec<Task> = Vec::new();
        for piece in domains.iter().flat_map(Domain::pieces) {
            known.entry(piece.bits()).or_insert_with(|| {
                tasks.push(Task::new(0, *piece));
                tasks.len() - 1
            });
        }
        self.complete(context, of, &mut tasks)?;
        let totals = |piece: &Piece| known.get(&piece.bits()).map(|task| tasks[*task].totals);
        let values = domains.iter().map(|domain| domain.sum(domain.pieces().iter().filter_map(totals)));
        Ok(Lanes::from_values(values))
    }

    /// Evaluates subintervals until the values of all tasks are known.
    fn complete(
        &self,
        context: &Rc<LaneContext<'_>>,
        of: IntegralOf,
        tasks: &mut [Task],
    ) -> Result<(), EvalError> {
        let first = |(task, Task { piece, .. }): (usize, &Task)| {
            piece.first_subintervals().into_iter().map(move |between| Request { task, between })
        };
        let mut requests: Vec<Request> = tasks.iter().enumerate().flat_map(first).collect();
        while !requests.is_empty() {
            let estimates = self.estimates(context, of, tasks, &requests)?;
            let (mut wanted, mut subintervals) = (Vec::new(), 0);
            for (group, estimates) in requests.chunk_by(|a, b| a.task == b.task).scan(0, |first, group| {
                let range = *first..*first + group.len();
                *first = range.end;
                Some((group, &estimates[range]))
            }) {
                let index = group[0].task;
                let halves = tasks[index].advance(estimates);
                subintervals += tasks[index].rule.len() as u64;
                wanted.extend(halves.into_iter().map(|between| Request { task: index, between }));
            }
            self.charge_once(SUBINTERVAL * subintervals)?;
            requests = wanted;
        }
        Ok(())
    }

    /// The estimates for subintervals. Equal ones are evaluated together.
    fn estimates(
        &self,
        context: &Rc<LaneContext<'_>>,
        of: IntegralOf,
        tasks: &[Task],
        requests: &[Request],
    ) -> Result<Vec<Subinterval>, EvalError> {
        let mut estimates = vec![None; requests.len()];
        for some in side_by_side(tasks, requests).chunks(SUBINTERVALS_AT_ONCE) {
            let distinct: Vec<Request> =
                some.chunk_by(|a, b| a.group == b.group).map(|equal| requests[equal[0].index]).collect();
            let lanes = some.iter().map(|grouped| tasks[requests[grouped.index].task].lane);
            let values = self.values_at(context, of, &Points::new(tasks, some, &distinct), lanes)?;
            let [mut re, mut im] = values.into_parts(some.len() * NODES);
            for ((grouped, re), im) in some.iter().zip(re.chunks_mut(NODES)).zip(im.chunks_mut(NODES)) {
                let Request { task, between } = requests[grouped.index];
                tasks[task].piece.transform(between, [re, im]);
            }
            let subintervals: Vec<[f64; 2]> =
                some.iter().map(|grouped| requests[grouped.index].between).collect();
            for (grouped, estimate) in some.iter().zip(kronrod::estimates(&subintervals, &re, &im)) {
                estimates[grouped.index] = Some(estimate);
            }
        }
        Ok(estimates.into_iter().flatten().collect())
    }

    /// The values of the body at the points of subintervals, each for its lane.
    fn values_at(
        &self,
        context: &Rc<LaneContext<'_>>,
        of: IntegralOf,
        points: &Points,
        lanes: impl Iterator<Item = usize>,
    ) -> Result<Lanes, EvalError> {
        let lanes: Rc<[usize]> = lanes.flat_map(|lane| [lane; NODES]).collect();
        let bound = Needs::bound(of.variable);
        let of_points = self.in_lane(0, points.distinct.len());
        let at_points =
            context.of_lane(0).with_variable(of.variable, RealLanes::each(points.distinct.clone()));
        let values = points.lanes.iter().map(|point| points.distinct[*point]).collect();
        let mut inner = context.gather(&lanes).with_variable(of.variable, RealLanes::each(values));
        let evaluator = self.of_lanes(&lanes);
        if self.lanes() > 1 {
            let (context, lanes) = (Rc::clone(context), Some(lanes));
            inner.outer.push(OuterContext { evaluator: self, context, lacks: bound, lanes });
        }
        if points.distinct.len() < points.lanes.len() {
            let lacks = self.varying(context);
            let (context, lanes) = (Rc::new(at_points), Some(Rc::clone(&points.lanes)));
            inner.outer.push(OuterContext { evaluator: &of_points, context, lacks, lanes });
        }
        self.charge_once(INTEGRAL_STEP)?;
        evaluator.charge(context.code.weight(of.body).saturating_add(INTEGRAL_POINT))?;
        evaluator.op(&Rc::new(inner), of.body)
    }
}

/// The points of subintervals.
struct Points {
    /// The points of distinct subintervals.
    distinct: Vec<f64>,
    /// For each point of each subinterval, its index in `distinct`.
    lanes: Rc<[usize]>,
}

impl Points {
    /// The points of requests, from one request of each group.
    fn new(tasks: &[Task], grouped: &[Grouped], distinct: &[Request]) -> Self {
        let points = distinct
            .iter()
            .flat_map(|Request { task, between }| nodes(*between).map(|u| tasks[*task].piece.point(u)));
        let first = grouped[0].group;
        let lanes = grouped.iter().flat_map(|grouped| {
            let point = (grouped.group - first) * NODES;
            point..point + NODES
        });
        Self { distinct: points.collect(), lanes: lanes.collect() }
    }
}

/// A request with the number of its group of equal ones.
struct Grouped {
    group: usize,
    /// Its index among all requests.
    index: usize,
}

/// Requests with equal ones side by side, in the order of the first ones.
fn side_by_side(tasks: &[Task], requests: &[Request]) -> Vec<Grouped> {
    let mut known: HashMap<([u64; 2], [u64; 2]), usize> = HashMap::with_capacity(requests.len());
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, Request { task, between }) in requests.iter().enumerate() {
        let key = (tasks[*task].piece.substitution_bits(), between.map(f64::to_bits));
        let group = *known.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(index);
    }
    let numbered = |(group, indices): (usize, Vec<usize>)| {
        indices.into_iter().map(move |index| Grouped { group, index })
    };
    groups.into_iter().enumerate().flat_map(numbered).collect()
}

impl Task {
    fn new(lane: usize, piece: Piece) -> Self {
        Self { lane, piece, rule: piece.rule(), totals: Totals::default() }
    }

    /// Adds estimates to the rule. Returns the subintervals that it needs next; none if it knows the value.
    fn advance(&mut self, estimates: &[Subinterval]) -> Vec<[f64; 2]> {
        self.rule.add(estimates.iter().copied());
        match self.rule.next_step() {
            NextStep::Done(totals) => {
                self.totals = totals;
                Vec::new()
            }
            NextStep::Halve(halves) => halves,
        }
    }
}
