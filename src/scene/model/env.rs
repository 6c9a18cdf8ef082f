//! A model at given values of its params, its free variables and the time.
//!
//! Binding a param re-evaluates the params and systems that depend on it, and nothing else. A param that was
//! bound or overridden keeps its value whatever its definition uses, so the order of bindings does not matter:
//! the result equals that of a model written with these numbers.

use num_complex::Complex64;

use super::{DefinitionPath, EvaluationTarget, Model, ModelError};
use crate::scene::expr::{
    Bindings, Code, EvalError, FreeId, Jet, Lanes, ParamId, SystemId, Variable, evaluate, evaluate_jet,
    evaluate_lanes, to_real,
};
use crate::solver::Trajectory;

/// A model at given values.
#[derive(Clone, Debug)]
pub struct Env<'m> {
    model: &'m Model,
    time: f64,
    params: Vec<Complex64>,
    /// For each param, whether its value was set and no longer follows its definition.
    overridden: Vec<bool>,
    /// NaN for variables that are not bound. Code that uses an unbound variable does not compile.
    free: Vec<f64>,
    systems: Vec<Trajectory>,
}

impl<'m> Env<'m> {
    pub(super) fn new(model: &'m Model, overrides: &[(ParamId, f64)]) -> Result<Self, ModelError> {
        let nan = Complex64::new(f64::NAN, 0.0);
        let mut env = Self {
            model,
            time: 0.0,
            params: vec![nan; model.params.len()],
            overridden: vec![false; model.params.len()],
            free: vec![f64::NAN; model.free.len()],
            systems: Vec::with_capacity(model.systems.len()),
        };
        for (param, value) in overrides {
            env.set_param(*param, *value);
        }
        for evaluation in &model.evaluation_order {
            env.update(evaluation.target)?;
        }
        Ok(env)
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
        self.params[param.index()]
    }

    /// The value of a free variable; NaN if it is not bound.
    #[must_use]
    pub fn free(&self, free: FreeId) -> f64 {
        self.free[free.index()]
    }

    /// The solved motion of a system.
    #[must_use]
    pub fn system(&self, system: SystemId) -> &Trajectory {
        &self.systems[system.index()]
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
        match variable {
            Variable::Time => bound.time = value,
            Variable::Free(free) => bound.free[free.index()] = value,
            Variable::Param(param) => {
                bound.set_param(param, value);
                let model = self.model;
                let dependents =
                    model.evaluation_order.iter().filter(|step| step.dependencies.contains(variable));
                for evaluation in dependents {
                    bound.update(evaluation.target)?;
                }
            }
        }
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
            Variable::Param(_) => *self = self.bind(variable, value)?,
        }
        Ok(())
    }

    /// The value of an expression; NaN if it is undefined or takes too much work.
    #[must_use]
    pub fn eval(&self, code: &Code) -> Complex64 {
        self.try_eval(code).unwrap_or(Complex64::new(f64::NAN, 0.0))
    }

    /// The value of an expression; NaN if it is undefined.
    ///
    /// # Errors
    ///
    /// [`EvalError::TooMuchWork`].
    pub fn try_eval(&self, code: &Code) -> Result<Complex64, EvalError> {
        evaluate(code, &self.bindings())
    }

    /// The value of an expression as a real number.
    ///
    /// # Errors
    ///
    /// [`EvalError::TooMuchWork`], or [`EvalError::NotReal`] for an imaginary part that is not rounding noise.
    pub fn eval_real(&self, code: &Code) -> Result<f64, EvalError> {
        Ok(to_real(self.try_eval(code)?)?)
    }

    /// The values of [`Env::eval`] at many values of a variable; `None` if they cannot be computed together.
    pub(crate) fn eval_lanes(&self, code: &Code, over: Variable, values: &[f64]) -> Option<Lanes> {
        evaluate_lanes(code, &self.bindings(), over, values)
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
            params: &self.params,
            free: &self.free,
            systems: &self.systems,
            signals: &self.model.signals,
        }
    }

    /// Sets a param to a value that overrides its definition.
    fn set_param(&mut self, param: ParamId, value: f64) {
        self.params[param.index()] = Complex64::new(value, 0.0);
        self.overridden[param.index()] = true;
    }

    /// Evaluates a param or solves a system again. Its dependencies have to be up to date.
    fn update(&mut self, target: EvaluationTarget) -> Result<(), ModelError> {
        match target {
            EvaluationTarget::Param(param) if self.overridden[param.index()] => {}
            EvaluationTarget::Param(param) => {
                let definition = &self.model.params[param.index()];
                let value = self.try_eval(&definition.code).map_err(|error| {
                    ModelError::new(DefinitionPath::Param(definition.name.clone()), error.to_string())
                        .with_help("simplify the expression, or write a number")
                })?;
                self.params[param.index()] = value;
            }
            EvaluationTarget::System(system) => {
                let solved = self.model.systems[system.index()].solve(&self.bindings())?;
                match self.systems.get_mut(system.index()) {
                    Some(trajectory) => *trajectory = solved,
                    // Systems are numbered in the order of evaluation, so a system solved for the first time is
                    // the next one.
                    None => self.systems.push(solved),
                }
            }
        }
        Ok(())
    }
}
