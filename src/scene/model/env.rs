//! A model at given values of its params, its variables and the time.
//!
//! Binding a param anew evaluates what depends on it, and nothing else. Params that were bound or
//! overridden stay as they were set, whatever their definitions use, so the order of bindings does
//! not matter: the result is that of a model written with these numbers.

use num_complex::Complex64;

use super::{DefinitionPath, EvaluationTarget, Model, ModelError};
use crate::scene::expr::{
    Bindings, Code, EvalError, FreeId, Jet, Lanes, ParamId, SystemId, Variable, evaluate, evaluate_lanes,
    jet, to_real,
};
use crate::solver::Trajectory;

/// A model at given values.
#[derive(Clone, Debug)]
pub struct Env<'m> {
    model: &'m Model,
    time: f64,
    params: Vec<Complex64>,
    /// Which params were set, and do not follow their definitions.
    overridden: Vec<bool>,
    /// NaN until bound; code that uses an unbound variable does not compile.
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
        for step in &model.evaluation_order {
            env.update(step.target)?;
        }
        Ok(env)
    }

    /// The model these are the values of.
    #[must_use]
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// The present time, in seconds.
    #[must_use]
    pub fn time(&self) -> f64 {
        self.time
    }

    /// A param's value.
    #[must_use]
    pub fn param(&self, param: ParamId) -> Complex64 {
        self.params[param.index()]
    }

    /// A variable's value, NaN where it is not bound.
    #[must_use]
    pub fn free(&self, free: FreeId) -> f64 {
        self.free[free.index()]
    }

    /// A system's motion.
    #[must_use]
    pub fn system(&self, system: SystemId) -> &Trajectory {
        &self.systems[system.index()]
    }

    /// The same at another time.
    #[must_use]
    pub fn with_time(&self, time: f64) -> Self {
        Self { time, ..self.clone() }
    }

    /// The same with a variable at another value.
    ///
    /// # Errors
    ///
    /// A system that this value of a param makes impossible.
    pub fn bind(&self, variable: Variable, value: f64) -> Result<Self, ModelError> {
        let mut bound = self.clone();
        match variable {
            Variable::Time => bound.time = value,
            Variable::Free(free) => bound.free[free.index()] = value,
            Variable::Param(param) => {
                bound.set_param(param, value);
                let model = self.model;
                for step in model.evaluation_order.iter().filter(|step| step.dependencies.contains(variable))
                {
                    bound.update(step.target)?;
                }
            }
        }
        Ok(bound)
    }

    /// Binds a variable in place: for the time and for free variables without any copying.
    ///
    /// # Errors
    ///
    /// As [`Env::bind`]; then nothing is changed.
    pub fn bind_in_place(&mut self, variable: Variable, value: f64) -> Result<(), ModelError> {
        match variable {
            Variable::Time => self.time = value,
            Variable::Free(free) => self.free[free.index()] = value,
            Variable::Param(_) => *self = self.bind(variable, value)?,
        }
        Ok(())
    }

    /// The value of an expression; NaN where it is not defined or takes too much work.
    #[must_use]
    pub fn eval(&self, code: &Code) -> Complex64 {
        self.try_eval(code).unwrap_or(Complex64::new(f64::NAN, 0.0))
    }

    /// The value of an expression.
    ///
    /// # Errors
    ///
    /// Too much work.
    pub fn try_eval(&self, code: &Code) -> Result<Complex64, EvalError> {
        evaluate(code, &self.bindings())
    }

    /// The value of an expression where a real number is needed.
    ///
    /// # Errors
    ///
    /// Too much work, or an imaginary part that is not rounding noise.
    pub fn eval_real(&self, code: &Code) -> Result<f64, EvalError> {
        Ok(to_real(self.try_eval(code)?)?)
    }

    /// What [`Env::eval`] gives at each of many values of a variable, if they can be taken together.
    pub(crate) fn eval_lanes(&self, code: &Code, over: Variable, values: &[f64]) -> Option<Lanes> {
        evaluate_lanes(code, &self.bindings(), over, values)
    }

    /// How an expression runs along a variable, which is no param, if bounds are known.
    pub(crate) fn jet(&self, code: &Code, over: Variable, run: Jet) -> Option<Jet> {
        match over {
            Variable::Time | Variable::Free(_) => jet(code, &self.bindings(), over, run),
            Variable::Param(_) => None,
        }
    }

    fn bindings(&self) -> Bindings<'_> {
        Bindings {
            time: self.time,
            params: &self.params,
            free: &self.free,
            systems: &self.systems,
            signals: &self.model.signals,
        }
    }

    fn set_param(&mut self, param: ParamId, value: f64) {
        self.params[param.index()] = Complex64::new(value, 0.0);
        self.overridden[param.index()] = true;
    }

    /// Evaluates a definition whose own dependencies are up to date.
    fn update(&mut self, target: EvaluationTarget) -> Result<(), ModelError> {
        match target {
            EvaluationTarget::Param(param) if self.overridden[param.index()] => {}
            EvaluationTarget::Param(param) => {
                let definition = &self.model.params[param.index()];
                let value = self.try_eval(&definition.code).map_err(|error| {
                    ModelError::new(DefinitionPath::Param(definition.name.clone()), error.to_string())
                        .with_help("simplify it, or write its number")
                })?;
                self.params[param.index()] = value;
            }
            EvaluationTarget::System(system) => {
                let solved = self.model.systems[system.index()].solve(&self.bindings())?;
                match self.systems.get_mut(system.index()) {
                    Some(place) => *place = solved,
                    // Systems are numbered in the order of evaluation: the first time round each is the next.
                    None => self.systems.push(solved),
                }
            }
        }
        Ok(())
    }
}
