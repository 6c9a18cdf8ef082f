//! A model at given values of its params, its free variables and the time.
//!
//! Binding a param re-evaluates the params and systems that depend on it, and nothing else. A param that was
//! bound or overridden keeps its value whatever its definition uses, so the order of bindings does not matter:
//! the result equals that of a model written with these numbers.

use std::sync::{Arc, OnceLock};

use num_complex::Complex64;

use super::solved::Solved;
use super::{DefinitionPath, Evaluation, EvaluationTarget, Model, ModelError};
use crate::scene::expr::{
    Bindings, Code, Dependencies, EvalError, FreeId, Jet, Lanes, ParamId, SystemId, Variable, evaluate,
    evaluate_jet, evaluate_lanes, to_real,
};
use crate::system::{PathFn, System, numbered_along};
use crate::work::WorkMeter;

/// A model at given values.
#[derive(Clone, Debug)]
pub struct Env<'m> {
    model: &'m Model,
    time: f64,
    /// NaN for variables that are not bound. Code that uses an unbound variable does not compile.
    free: Vec<f64>,
    solved: Arc<Solved>,
    /// Counts the work of evaluations.
    work: WorkMeter,
}

impl<'m> Env<'m> {
    pub(super) fn new(model: &'m Model, overrides: &[(ParamId, f64)]) -> Result<Self, ModelError> {
        let solve = || Self::solve(model, overrides).map(|env| env.solved);
        let solved = if overrides.is_empty() { model.solutions.unbound(solve)? } else { solve()? };
        Ok(Self::with_solved(model, solved))
    }

    /// The model at t = 0, with params and systems evaluated in their order.
    fn solve(model: &'m Model, overrides: &[(ParamId, f64)]) -> Result<Self, ModelError> {
        let mut env = Self::unsolved(model);
        for (param, value) in overrides {
            env.set_param(*param, *value);
        }
        for evaluation in &model.evaluation_order {
            env.update(evaluation)?;
        }
        Ok(env)
    }

    /// The model at t = 0, without values.
    fn unsolved(model: &'m Model) -> Self {
        let nan = Complex64::new(f64::NAN, 0.0);
        let solved = Solved {
            params: vec![nan; model.params.len()],
            overridden: vec![false; model.params.len()],
            systems: Vec::with_capacity(model.systems.len()),
        };
        Self::with_solved(model, Arc::new(solved))
    }

    /// The model at t = 0 with these values.
    fn with_solved(model: &'m Model, solved: Arc<Solved>) -> Self {
        let free = vec![f64::NAN; model.free_count()];
        Self { model, time: 0.0, free, solved, work: model.work.clone() }
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// The present time, in seconds.
    #[must_use]
    pub fn time(&self) -> f64 {
        self.time
    }

    /// The value of a param.
    #[must_use]
    pub fn param(&self, param: ParamId) -> Complex64 {
        self.solved.params[param.index()]
    }

    /// The value of a free variable; NaN if it is not bound.
    #[must_use]
    pub fn free(&self, free: FreeId) -> f64 {
        self.free[free.index()]
    }

    /// A solved system.
    #[must_use]
    pub fn system(&self, system: SystemId) -> &dyn System {
        &*self.solved.systems[system.index()]
    }

    /// A copy whose work is counted from 0, against the limit of the model.
    #[must_use]
    pub fn with_own_work(&self) -> Self {
        Self { work: WorkMeter::new(self.work.limit()), ..self.clone() }
    }

    /// The meter that counts the work of evaluations.
    #[must_use]
    pub fn work(&self) -> &WorkMeter {
        &self.work
    }

    /// A copy at another time.
    #[must_use]
    pub fn with_time(&self, time: f64) -> Self {
        Self { time, ..self.clone() }
    }

    /// A copy in which a variable has another value.
    ///
    /// # Errors
    ///
    /// A key of a system that this value of a param makes invalid.
    pub fn bind(&self, variable: Variable, value: f64) -> Result<Self, ModelError> {
        let mut bound = self.clone();
        bound.bind_in_place(variable, value)?;
        Ok(bound)
    }

    /// Gives a variable another value in place. For the time and for free variables nothing is copied.
    ///
    /// # Errors
    ///
    /// The errors of [`Env::bind`]. After an error nothing is changed.
    pub fn bind_in_place(&mut self, variable: Variable, value: f64) -> Result<(), ModelError> {
        match variable {
            Variable::Time => self.time = value,
            Variable::Free(free) => self.free[free.index()] = value,
            Variable::Param(param) => {
                let before = (self.param(param), self.solved.overridden[param.index()]);
                self.set_param(param, value);
                if let Err(error) = self.update_dependents(variable) {
                    let solved = Arc::make_mut(&mut self.solved);
                    (solved.params[param.index()], solved.overridden[param.index()]) = before;
                    // The values before were valid, and their solutions are remembered.
                    self.update_dependents(variable)?;
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Evaluates everything again that depends on a variable.
    fn update_dependents(&mut self, variable: Variable) -> Result<(), ModelError> {
        let order = &self.model.evaluation_order;
        order
            .iter()
            .filter(|step| step.dependencies.contains(variable))
            .try_for_each(|step| self.update(step))
    }

    /// The value of an expression; NaN if it is undefined.
    ///
    /// # Errors
    ///
    /// [`EvalError::TooMuchWork`], or [`EvalError::System`] where a system has no solution.
    pub fn eval(&self, code: &Code) -> Result<Complex64, EvalError> {
        evaluate(code, &self.bindings())
    }

    /// The value of an expression as a real number.
    ///
    /// # Errors
    ///
    /// The errors of [`Env::eval`], or [`EvalError::NotReal`] for an imaginary part that is not rounding noise.
    pub fn eval_real(&self, code: &Code) -> Result<f64, EvalError> {
        Ok(to_real(self.eval(code)?)?)
    }

    /// The values of [`Env::eval`] at many values of a variable; `None` if one of them is an error.
    pub(crate) fn eval_lanes(&self, code: &Code, over: Variable, values: &[f64]) -> Option<Lanes> {
        self.eval_lanes_of(&[code], over, values).pop()?
    }

    /// [`Env::eval_lanes`] of several expressions at the same values of a variable. Signals that they share are evaluated
    /// once.
    pub(crate) fn eval_lanes_of(
        &self,
        codes: &[&Code],
        over: Variable,
        values: &[f64],
    ) -> Vec<Option<Lanes>> {
        let Some(definitions) = self.definitions_with(over) else { return vec![None; codes.len()] };
        evaluate_lanes(codes, &self.bindings(), (over, values), definitions)
    }

    /// The definitions of the params that follow from a variable, in the order of evaluation; `None` if a system depends
    /// on it, which has to be solved for each value.
    fn definitions_with(&self, variable: Variable) -> Option<Vec<(ParamId, &'m Code)>> {
        let steps = self.model.evaluation_order.iter();
        let mut definitions = Vec::new();
        for step in steps.filter(|step| step.dependencies.contains(variable)) {
            match step.target {
                EvaluationTarget::Param(param) if self.solved.overridden[param.index()] => {}
                EvaluationTarget::Param(param) => {
                    definitions.push((param, &self.model.params[param.index()].code));
                }
                EvaluationTarget::System(_) => return None,
            }
        }
        Some(definitions)
    }

    /// Bounds on an expression and its derivatives while a variable runs over a range, which is given as the jet
    /// of the variable. `None` for a param and where no bounds are known.
    pub(crate) fn eval_jet(&self, code: &Code, over: Variable, range: Jet) -> Option<Jet> {
        match over {
            Variable::Time | Variable::Free(_) => evaluate_jet(code, &self.bindings(), over, range),
            Variable::Param(_) => None,
        }
    }

    /// The values as the evaluator reads them.
    fn bindings(&self) -> Bindings<'_> {
        Bindings {
            time: self.time,
            params: &self.solved.params,
            free: &self.free,
            systems: &self.solved.systems,
            signals: &self.model.signals,
            state: &[],
            work: &self.work,
        }
    }

    /// A solution whose poles are numbered as in the model at the values of its definitions. They are followed along a line
    /// from these values of the params to those that were set. The line depends on the values alone.
    fn numbered(
        &self,
        system: SystemId,
        dependencies: &Dependencies,
        solution: Arc<dyn System>,
    ) -> Arc<dyn System> {
        let is_set = dependencies.params.iter().any(|param| self.solved.overridden[param.index()]);
        if !is_set || !self.model.numbers_poles {
            return solution;
        }
        let model = self.model.solutions.unnumbered(self.model);
        let steps = self.model.evaluation_order.iter().filter_map(|step| match step.target {
            EvaluationTarget::Param(param) => Some(param),
            EvaluationTarget::System(_) => None,
        });
        let params = steps.filter(|param| dependencies.params.contains(param));
        let ends: Vec<(ParamId, Complex64)> = params.map(|param| (param, self.param(param))).collect();
        let moving: OnceLock<Option<Vec<Moving>>> = OnceLock::new();
        let path: PathFn = Arc::new(move |share| {
            let moving = moving.get_or_init(|| moving_params(&model, &ends)).as_ref()?;
            let at: Vec<(ParamId, f64)> = moving.iter().map(|moving| moving.at(share)).collect();
            Some(Arc::clone(&model.env(&at).ok()?.solved.systems[system.index()]))
        });
        numbered_along(path, solution)
    }

    /// Sets a param to a value that overrides its definition.
    fn set_param(&mut self, param: ParamId, value: f64) {
        let solved = Arc::make_mut(&mut self.solved);
        solved.params[param.index()] = Complex64::new(value, 0.0);
        solved.overridden[param.index()] = true;
    }

    /// Evaluates a param or solves a system again. Its dependencies have to be up to date.
    fn update(&mut self, evaluation: &Evaluation) -> Result<(), ModelError> {
        match evaluation.target {
            EvaluationTarget::Param(param) if self.solved.overridden[param.index()] => {}
            EvaluationTarget::Param(param) => {
                let definition = &self.model.params[param.index()];
                let value = self.eval(&definition.code).map_err(|error| {
                    ModelError::new(DefinitionPath::Param(definition.name.clone()), error.to_string())
                        .with_help(error.help())
                })?;
                Arc::make_mut(&mut self.solved).params[param.index()] = value;
            }
            EvaluationTarget::System(system) => {
                let Model { systems, signals, solutions, .. } = self.model;
                let params = self.solved.values(&evaluation.dependencies.params);
                let limit = systems[system.index()].kind.max_solutions();
                let solve = || {
                    let solution = systems[system.index()].solve(&self.solved, signals, &self.work)?;
                    Ok(self.numbered(system, &evaluation.dependencies, solution))
                };
                let solution = solutions.get(system, limit, params, solve)?;
                let solved = Arc::make_mut(&mut self.solved);
                match solved.systems.get_mut(system.index()) {
                    Some(known) => *known = solution,
                    // Systems are numbered in the order of evaluation, so a system solved for the first time is
                    // the next one.
                    None => solved.systems.push(solution),
                }
            }
        }
        Ok(())
    }
}

/// A param that moves from its defined value to another one.
struct Moving {
    param: ParamId,
    start: f64,
    end: f64,
}

impl Moving {
    /// The param and its value at a part of the way.
    fn at(&self, share: f64) -> (ParamId, f64) {
        // The value at the end has the bits of the end.
        let value = if share == 1.0 { self.end } else { self.start + (self.end - self.start) * share };
        (self.param, value)
    }
}

/// The params that have to be set for all of them to have these values; the others follow from their definitions. The params
/// are in the order of evaluation. `None` if the model has no solution on the way.
fn moving_params(model: &Model, ends: &[(ParamId, Complex64)]) -> Option<Vec<Moving>> {
    let defined = model.env(&[]).ok()?;
    let mut moving: Vec<Moving> = Vec::new();
    for (param, end) in ends {
        let at: Vec<(ParamId, f64)> = moving.iter().map(|moving| moving.at(1.0)).collect();
        let now = model.env(&at).ok()?.param(*param);
        if now.re.to_bits() != end.re.to_bits() {
            moving.push(Moving { param: *param, start: defined.param(*param).re, end: end.re });
        }
    }
    Some(moving)
}
