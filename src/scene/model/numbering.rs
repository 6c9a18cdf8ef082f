//! The paths of params along which the poles of a system are numbered.
//!
//! Poles have the numbers of those at the values of the definitions. They are followed from there to the values of the
//! params that were set: one param after the other moves, in the order of evaluation. The path depends on the values alone.

use std::sync::Arc;

use num_complex::Complex64;

use super::{Env, EvaluationTarget, Model};
use crate::scene::expr::{Dependencies, ParamId, SystemId};
use crate::system::{Leg, ParamPath, PathFn, System, numbered_along};

/// A solution whose poles are numbered as in the model at the values of its definitions.
pub(super) fn numbered(
    env: &Env<'_>,
    system: SystemId,
    dependencies: &Dependencies,
    solution: Arc<dyn System>,
) -> Arc<dyn System> {
    let model = env.model();
    let is_set = dependencies.params.iter().any(|param| env.solved.overridden[param.index()]);
    if !is_set || !model.numbers_poles {
        return solution;
    }
    let unnumbered = model.solutions.unnumbered(model);
    let steps = model.evaluation_order.iter().filter_map(|step| match step.target {
        EvaluationTarget::Param(param) => Some(param),
        EvaluationTarget::System(_) => None,
    });
    let params = steps.filter(|param| dependencies.params.contains(param));
    let ends: Vec<(ParamId, Complex64)> = params.map(|param| (param, env.param(param))).collect();
    let path: PathFn = Box::new(move || {
        let legs = legs(&unnumbered, &ends)?;
        let model = Arc::clone(&unnumbered);
        let system = move |values: &[(u32, f64)]| solution_at(&model, system, values);
        Some(ParamPath { legs, system: Box::new(system) })
    });
    numbered_along(path, &model.solutions.rays(system), solution)
}

/// The solution of a system while some params have other values than the defined ones.
fn solution_at(model: &Model, system: SystemId, values: &[(u32, f64)]) -> Option<Arc<dyn System>> {
    let overrides: Vec<(ParamId, f64)> =
        values.iter().map(|(param, value)| (ParamId(*param), *value)).collect();
    Some(Arc::clone(&model.env(&overrides).ok()?.solved.systems[system.index()]))
}

/// The path on which all params get these values. Those that follow from others by their definitions move with them. The
/// params are in the order of evaluation. `None` if the model has no solution on the way.
fn legs(model: &Model, ends: &[(ParamId, Complex64)]) -> Option<Vec<Leg>> {
    let needs_systems = |(param, _): &(ParamId, Complex64)| {
        !model.params[param.index()].code.dependencies().systems.is_empty()
    };
    let needs_systems = ends.iter().any(needs_systems);
    let mut legs: Vec<Leg> = Vec::new();
    for (param, end) in ends {
        let before: Vec<(ParamId, f64)> = legs.iter().map(|leg| (ParamId(leg.param), leg.end)).collect();
        let env = if needs_systems { model.env(&before) } else { Env::without_systems(model, &before) };
        let start = env.ok()?.param(*param).re;
        if start.to_bits() != end.re.to_bits() {
            legs.push(Leg { param: param.0, start, end: end.re });
        }
    }
    Some(legs)
}
