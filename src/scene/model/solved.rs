//! The values of params and the solutions of systems, and what remembers them.
//!
//! A [`Solved`] is shared by everything that is evaluated at the same values of the params. [`Solutions`] remembers
//! each solution of a system by the values of the params that it depends on, so that a film solves a system once
//! for each distinct set of values, on whatever thread and in whatever pass it is asked for.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use num_complex::Complex64;

use super::Model;
use crate::scene::expr::{Bindings, Code, EvalError, ParamId, SystemId, evaluate, to_real};
use crate::system::{Rays, SignalFn, StateFn, System, SystemError, VariablesFn};
use crate::work::WorkMeter;

/// The values of all params, and all solved systems.
#[derive(Clone, Debug)]
pub(super) struct Solved {
    /// Indexed by [`ParamId`].
    pub(super) params: Vec<Complex64>,
    /// For each param, whether its value was set and no longer follows its definition.
    pub(super) overridden: Vec<bool>,
    /// Indexed by [`SystemId`].
    pub(super) systems: Vec<Arc<dyn System>>,
}

/// The bits of the params that the solution of a system depends on.
type SolutionKey = Box<[u64]>;

/// The solutions of a model so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Solutions(Arc<SharedSolutions>);

#[derive(Debug, Default)]
struct SharedSolutions {
    /// The model at the values of its definitions.
    unbound: OnceLock<Arc<Solved>>,
    /// Indexed by [`SystemId`].
    remembered: Mutex<Vec<Remembered>>,
    /// The number of times that a system was solved.
    count: AtomicU64,
    /// A copy of the model, in which the poles of a system have no numbers but their own.
    unnumbered: OnceLock<Arc<Model>>,
    /// The poles of systems along params.
    rays: Mutex<HashMap<SystemId, Arc<Rays>>>,
}

/// The remembered solutions of one system.
#[derive(Debug, Default)]
struct Remembered {
    solutions: HashMap<SolutionKey, Arc<dyn System>>,
    /// The keys of `solutions`, oldest first.
    order: VecDeque<SolutionKey>,
}

impl Solutions {
    /// The number of times that a system was solved.
    pub(super) fn count(&self) -> u64 {
        self.0.count.load(Ordering::Relaxed)
    }

    /// A copy of `model` for the points of paths.
    pub(super) fn unnumbered(&self, model: &Model) -> Arc<Model> {
        let copy = || {
            let solutions = Self::default();
            Arc::new(Model { solutions, numbers_poles: false, ..model.clone() })
        };
        Arc::clone(self.0.unnumbered.get_or_init(copy))
    }

    /// The poles of a system along params, as far as they were followed.
    pub(super) fn rays(&self, system: SystemId) -> Arc<Rays> {
        let mut all = self.0.rays.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(system).or_default())
    }

    /// The model at the values of its definitions, which `solve` computes the first time.
    pub(super) fn unbound<E>(
        &self,
        solve: impl FnOnce() -> Result<Arc<Solved>, E>,
    ) -> Result<Arc<Solved>, E> {
        if let Some(solved) = self.0.unbound.get() {
            return Ok(Arc::clone(solved));
        }
        let solved = solve()?;
        Ok(Arc::clone(self.0.unbound.get_or_init(|| solved)))
    }

    /// The solution of a system at these values of the params that it depends on, which `solve` computes unless it
    /// is remembered. At most `limit` solutions of a system are remembered; the oldest ones are forgotten first.
    pub(super) fn get<E>(
        &self,
        system: SystemId,
        limit: usize,
        params: impl Iterator<Item = Complex64>,
        solve: impl FnOnce() -> Result<Arc<dyn System>, E>,
    ) -> Result<Arc<dyn System>, E> {
        let key: SolutionKey = params.flat_map(|value| [value.re.to_bits(), value.im.to_bits()]).collect();
        // The lock is held while a system is solved, so that no two threads solve the same one.
        let mut all = self.0.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() <= system.index() {
            all.resize_with(system.index() + 1, Remembered::default);
        }
        let remembered = &mut all[system.index()];
        if let Some(solution) = remembered.solutions.get(&key) {
            return Ok(Arc::clone(solution));
        }
        let solution = solve()?;
        self.0.count.fetch_add(1, Ordering::Relaxed);
        if remembered.order.len() >= limit
            && let Some(oldest) = remembered.order.pop_front()
        {
            remembered.solutions.remove(&oldest);
        }
        remembered.order.push_back(key.clone());
        remembered.solutions.insert(key, Arc::clone(&solution));
        Ok(solution)
    }
}

/// Models are equal if their definitions are; what is remembered of them makes no difference.
impl PartialEq for Solutions {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The values that the keys of a system are evaluated at.
#[derive(Clone)]
pub(super) struct Evaluator {
    pub(super) solved: Arc<Solved>,
    pub(super) signals: Arc<Vec<Code>>,
    pub(super) work: WorkMeter,
}

impl Evaluator {
    /// The value of an expression at a time.
    pub(super) fn value(&self, code: &Code, time: f64) -> Result<Complex64, EvalError> {
        evaluate(code, &self.bindings(time, &[]))
    }

    /// An expression as a function of time. `key` is its path, for errors.
    pub(super) fn signal_fn(&self, key: String, code: &Code) -> SignalFn {
        let (evaluator, code) = (self.clone(), code.clone());
        Arc::new(move |time| evaluator.value(&code, time).map_err(|error| evaluation_error(&key, &error)))
    }

    /// An expression as a function of time and state. `key` is its path, for errors.
    pub(super) fn state_fn(&self, key: String, code: &Code) -> StateFn {
        let (evaluator, code) = (self.clone(), code.clone());
        Arc::new(move |time, state| {
            let value = evaluate(&code, &evaluator.bindings(time, state));
            let real = value.and_then(|value| to_real(value).map_err(EvalError::from));
            real.map_err(|error| evaluation_error(&key, &error))
        })
    }

    /// An expression as a function of the variables of its key, of which there are `count`. `key` is its path, for
    /// errors.
    pub(super) fn variables_fn(&self, key: String, code: &Code, count: usize) -> VariablesFn {
        let uses = (0..count).map(|variable| code.uses_state(variable)).collect();
        let (evaluator, code) = (self.clone(), code.clone());
        VariablesFn::new(uses, code.depends_on_time(), move |time, variables| {
            evaluate(&code, &evaluator.bindings(time, variables))
                .map_err(|error| evaluation_error(&key, &error))
        })
    }

    /// The solved system that [`Code::reference`] refers to.
    pub(super) fn referenced(&self, code: &Code) -> Arc<dyn System> {
        // Systems are numbered after those they use, so this one is the last of its dependencies.
        let system = code.dependencies().systems.last();
        Arc::clone(&self.solved.systems[system.map_or(0, |system| system.index())])
    }

    /// The times of the rows of a signal, if it is a column of a system that is sampled; else none.
    pub(super) fn rows(&self, code: &Code) -> Vec<f64> {
        let system = code.member_of().map(|system| &self.solved.systems[system.index()]);
        system.map_or_else(Vec::new, |system| system.schema().grid.clone())
    }

    fn bindings<'a>(&'a self, time: f64, state: &'a [f64]) -> Bindings<'a> {
        Bindings {
            time,
            params: &self.solved.params,
            // A key of a system cannot use free variables.
            free: &[],
            systems: &self.solved.systems,
            signals: &self.signals,
            state,
            work: &self.work,
        }
    }
}

/// An error in the expression of a key while a system is evaluated.
fn evaluation_error(key: &str, error: &EvalError) -> SystemError {
    SystemError::new(key, error.to_string(), error.help())
}

impl Solved {
    /// The values of some params.
    pub(super) fn values<'a>(
        &'a self,
        params: impl IntoIterator<Item = &'a ParamId>,
    ) -> impl Iterator<Item = Complex64> {
        params.into_iter().map(|param| self.params[param.index()])
    }
}
