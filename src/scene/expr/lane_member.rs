//! Components of systems, and interpolation, in the lane evaluator.

use std::rc::Rc;

use num_complex::Complex64;

use super::eval::{MemberError, member_value};
use super::eval_error::EvalError;
use super::interpolate::interpolate;
use super::lane_context::LaneContext;
use super::lane_eval::LaneEvaluator;
use super::lanes::Lanes;
use super::number::{NAN, real_or_nan};
use super::op::{Op, OpIndex, OpList};
use super::real_lanes::RealLanes;
use super::work::member_work;
use crate::system::{At, MemberKind};

impl LaneEvaluator<'_> {
    /// Evaluates a component of a system at the times of the lanes; its indices and arguments belong to the present
    /// time.
    pub(super) fn member(
        &self,
        context: &Rc<LaneContext<'_>>,
        op: OpIndex,
        time: &RealLanes,
    ) -> Result<Lanes, EvalError> {
        let (member, arguments) = match context.code.op(op) {
            Op::MemberFunction { member, argument } => (member, Some(self.op(context, argument)?)),
            _ => (op, None),
        };
        let Op::Member(member) = context.code.op(member) else { return Ok(Lanes::of(NAN)) };
        let system = &*self.systems()[member.system.index()];
        let indices = member.index_ops().iter().map(|op| self.op(context, *op));
        let indices = indices.collect::<Result<Vec<Lanes>, _>>()?;
        let component = |lane| member.component(indices.iter().map(|index| index.at(lane)));
        let value = |lane: usize| {
            let argument = arguments.as_ref().map(|arguments| arguments.at(lane));
            let component = component(lane);
            self.charge_once(member_work(system, component))?;
            member_value(system, component, At { time: time.at(lane), argument })
                .map_err(|error| error.at(member.system))
        };
        let kind = system.schema().member(member.slot).kind;
        let has_one_time = time.uniform().is_some();
        let has_one_argument = arguments.as_ref().is_none_or(|arguments| arguments.uniform().is_some());
        let is_uniform = match kind {
            MemberKind::Constant => true,
            MemberKind::Signal => has_one_time,
            MemberKind::Function(_) => has_one_argument,
            MemberKind::TimeFunction(_) => has_one_time && has_one_argument,
            MemberKind::Sequence(_) => has_one_argument && (arguments.is_some() || has_one_time),
        };
        let has_one_component = indices.iter().all(|index| index.uniform().is_some());
        match (kind, time) {
            _ if is_uniform && has_one_component => Ok(Lanes::of(value(0)?)),
            (MemberKind::Signal, RealLanes::Each(times)) if has_one_component => {
                let Some(component) = component(0).filter(|found| !system.schema().excludes(*found)) else {
                    return Ok(Lanes::of(NAN));
                };
                self.charge_each(times.len(), member_work(system, Some(component)))?;
                let mut values = vec![NAN; times.len()];
                system
                    .sample(component, times, &mut values)
                    .map_err(|error| MemberError::System(error).at(member.system))?;
                Ok(Lanes::from_values(values.into_iter()))
            }
            _ => {
                let values = (0..self.lanes()).map(value).collect::<Result<Vec<Complex64>, _>>()?;
                Ok(Lanes::from_values(values.into_iter()))
            }
        }
    }

    /// The interpolation of points at x, all of which may differ between lanes.
    pub(super) fn interpolate(
        &self,
        context: &Rc<LaneContext<'_>>,
        x: OpIndex,
        points: OpList,
    ) -> Result<Lanes, EvalError> {
        let x = self.op(context, x)?;
        let points = context.code.list(points).iter().map(|op| self.op(context, *op));
        let points = points.collect::<Result<Vec<Lanes>, _>>()?;
        let at = |lane: usize| {
            interpolate(
                real_or_nan(x.at(lane)),
                points.len() / 2,
                |i| real_or_nan(points[2 * i].at(lane)),
                |i| points[2 * i + 1].at(lane),
            )
        };
        let is_uniform = points.iter().chain([&x]).all(|value| value.uniform().is_some());
        Ok(if is_uniform { Lanes::of(at(0)) } else { Lanes::from_values((0..self.lanes()).map(at)) })
    }
}
