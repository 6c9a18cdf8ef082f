//! A model at given values of its params, its free variables and the time.
//!
//! Binding a param re-evaluates the params and systems that depend on it, and nothing else. A param that was
//! bound or overridden keeps its value whatever its definition uses, so the order of bindings does not matter:
//! the result equals that of a model written with these numbers.

use std::cell::Cell;
use std::sync::Arc;

use num_complex::Complex64;

use super::numbering::numbered;
use super::solved::Solved;
use super::{DefinitionPath, Evaluation, EvaluationTarget, Model, ModelError};
use crate::scene::expr::{
    Bindings, Code, ComplexJet, EvalError, FreeId, Jet, Lanes, ParamId, SystemId, Variable, evaluate,
    evaluate_jet, evaluate_lanes, to_real,
};
use crate::system::System;
use crate::work::WorkMeter;

/// A model at given values.
#[derive(Clone, Debug)]
pub struct Env<'m> {
    model: &'m Model,
    time: f64,
    /// NaN for variables that are not bound. Code that uses an unbound variable does not compile.
    free: Vec<f64>,
    pub(super) solved: Arc<Solved>,
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

    /// The params at t = 0, without systems. A param that needs a system is NaN.
    pub(super) fn without_systems(
        model: &'m Model,
        overrides: &[(ParamId, f64)],
    ) -> Result<Self, ModelError> {
        let mut env = Self::unsolved(model);
        for (param, value) in overrides {
            env.set_param(*param, *value);
        }
        let is_param = |step: &&Evaluation| {
            matches!(step.target, EvaluationTarget::Param(_)) && step.dependencies.systems.is_empty()
        };
        for evaluation in model.evaluation_order.iter().filter(is_param) {
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
    /// once, and systems that depend on the variable are solved once for each value.
    pub(crate) fn eval_lanes_of(
        &self,
        codes: &[&Code],
        over: Variable,
        values: &[f64],
    ) -> Vec<Option<Lanes>> {
        match self.definitions_with(over) {
            Some(definitions) => evaluate_lanes(codes, &self.bindings(), (over, values), definitions),
            None => self.eval_one_by_one(codes, over, values),
        }
    }

    /// [`Env::eval_lanes_of`], where a system depends on the variable.
    fn eval_one_by_one(&self, codes: &[&Code], over: Variable, values: &[f64]) -> Vec<Option<Lanes>> {
        if values.is_empty() {
            return vec![None; codes.len()];
        }
        let mut bound = self.clone();
        let mut all: Vec<Option<Vec<Complex64>>> = vec![Some(Vec::with_capacity(values.len())); codes.len()];
        for value in values {
            if bound.bind_in_place(over, *value).is_err() {
                return vec![None; codes.len()];
            }
            for (code, known) in codes.iter().zip(&mut all) {
                *known = known.take().and_then(|mut known| {
                    known.push(bound.eval(code).ok()?);
                    Some(known)
                });
            }
        }
        all.into_iter().map(|values| Some(Lanes::of_values(values?))).collect()
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
    /// of the variable. `None` where no bounds are known, where a system depends on the variable, and beyond the remaining
    /// number of operations, from which those of this evaluation are subtracted.
    pub(crate) fn eval_jet(
        &self,
        code: &Code,
        over: Variable,
        range: Jet,
        remaining: &Cell<u32>,
    ) -> Option<ComplexJet> {
        evaluate_jet(code, &self.bindings(), (over, range), self.definitions_with(over)?, remaining)
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
                    Ok(numbered(self, system, &evaluation.dependencies, solution))
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
