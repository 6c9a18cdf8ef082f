//! The states of all steps, of which every [`BLOCK`]-th one is kept.
//!
//! The kept states form a sequence that is extended when a later step is asked for. The states of the other steps
//! follow from the kept one before, so any state costs at most a block. Whole blocks that were asked for lately are
//! kept as well, since curves ask for one step after the other.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use num_complex::Complex64;

use super::step_matrices::StepMatrices;
use super::steps::{Clock, State, Steps};

/// The number of steps that can be computed.
pub const MAX_STEPS: usize = 1_000_000;

/// The steps from one kept state to the next.
const BLOCK: usize = 128;

/// The number of numbers in the blocks that are kept.
const RECENT_NUMBERS: usize = 1 << 20;

/// A step is reached already this fraction of its length before its time, which is a rounded product or sum.
const EARLY: f64 = 1e-9;

/// The matrices and the input of each step.
pub trait Equation: Send + Sync {
    /// The error of a step.
    type Error: Clone + Send + Sync;

    /// The length of a step in seconds, if all have the same. Times are then its multiples.
    fn fixed_step(&self) -> Option<f64>;

    /// The input at step k, which is at `t` seconds.
    ///
    /// # Errors
    /// There is none.
    fn input(&self, k: usize, t: f64) -> Result<Complex64, Self::Error>;

    /// The length in seconds of a step that has an input.
    ///
    /// # Errors
    /// There is none.
    fn step(&self, k: usize, t: f64, u: Complex64) -> Result<f64, Self::Error>;

    /// The matrices of a step that has an input.
    ///
    /// # Errors
    /// There are none.
    fn matrices(&self, k: usize, t: f64, u: Complex64) -> Result<Arc<StepMatrices>, Self::Error>;
}

/// The reason why there is no state at a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure<E> {
    /// The step lies beyond [`MAX_STEPS`].
    TooManySteps,
    /// The equation fails at this step or before.
    Equation(E),
}

/// The states of all steps.
pub struct Recurrence<E: Equation> {
    equation: E,
    chain: RwLock<Chain<E::Error>>,
    recent: Mutex<HashMap<usize, Arc<Block<E::Error>>>>,
}

/// The state before a block begins.
#[derive(Clone)]
struct Checkpoint {
    /// The state of the step before; x0 for the first block.
    state: Vec<Complex64>,
    clock: Clock,
}

/// The starts of blocks, up to the last one that was asked for.
struct Chain<E> {
    starts: Vec<Checkpoint>,
    /// The error of the last block, which nothing follows.
    end: Option<E>,
}

/// The steps of a block, up to an error.
struct Block<E> {
    steps: Arc<Steps>,
    /// The state at the end, or the error of the next step.
    end: Result<Clock, E>,
}

impl<E: Equation> Recurrence<E> {
    /// The recurrence from `x0`, to which the first step adds its input.
    #[must_use]
    pub fn new(equation: E, x0: Vec<Complex64>) -> Self {
        let first = Checkpoint { state: x0, clock: Clock::default() };
        let chain = RwLock::new(Chain { starts: vec![first], end: None });
        Self { equation, chain, recent: Mutex::default() }
    }

    /// The equation of the steps.
    #[must_use]
    pub fn equation(&self) -> &E {
        &self.equation
    }

    /// The state of step `k`.
    ///
    /// # Errors
    /// The equation fails at this step or before, or the step lies beyond [`MAX_STEPS`].
    pub fn state(&self, k: usize) -> Result<State, Failure<E::Error>> {
        if k > MAX_STEPS {
            return Err(Failure::TooManySteps);
        }
        let block = self.block(k / BLOCK).map_err(Failure::Equation)?;
        let at = k % BLOCK;
        match &block.end {
            Err(error) if at >= block.steps.times.len() => Err(Failure::Equation(error.clone())),
            _ => Ok(State::new(&block.steps, at)),
        }
    }

    /// The time of step `k` in seconds.
    ///
    /// # Errors
    /// The errors of [`Recurrence::state`], unless all steps have the same length.
    pub fn time(&self, k: usize) -> Result<f64, Failure<E::Error>> {
        match self.equation.fixed_step() {
            Some(_) if k > MAX_STEPS => Err(Failure::TooManySteps),
            Some(step) => Ok(k as f64 * step),
            None => self.state(k).map(|state| state.t()),
        }
    }

    /// The last step that is not after a time in seconds; none before the first one. A step counts as reached from
    /// 1e-9 of its length before.
    ///
    /// # Errors
    /// The equation fails before this time, or the step lies beyond [`MAX_STEPS`].
    pub fn step_at(&self, t: f64) -> Result<Option<usize>, Failure<E::Error>> {
        match self.equation.fixed_step() {
            Some(step) => {
                let steps = libm::floor(t / step + EARLY);
                if steps > MAX_STEPS as f64 {
                    return Err(Failure::TooManySteps);
                }
                Ok((steps >= 0.0).then_some(steps as usize))
            }
            None => self.search(t),
        }
    }

    /// The last step that is not after a time, where steps have different lengths.
    fn search(&self, t: f64) -> Result<Option<usize>, Failure<E::Error>> {
        if t.is_nan() || t < 0.0 {
            return Ok(None);
        }
        let mut low = BLOCK * self.last_block_before(t)?;
        let mut high = low + BLOCK + 1;
        let is_reached = |k: usize| -> Result<bool, Failure<E::Error>> {
            let [before, at] = [self.time(k - 1)?, self.time(k)?];
            Ok(t >= at - EARLY * (at - before))
        };
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            if is_reached(middle).unwrap_or(false) {
                low = middle;
            } else {
                high = middle;
            }
        }
        // A step that fails may be reached as well.
        self.time(low + 1).map(|_| Some(low))
    }

    /// The last block that starts at a time or before.
    fn last_block_before(&self, t: f64) -> Result<usize, Failure<E::Error>> {
        loop {
            let chain = self.chain.read().unwrap_or_else(PoisonError::into_inner);
            let after = chain.starts.partition_point(|start| start.clock.time <= t);
            if after < chain.starts.len() || chain.end.is_some() {
                return Ok(after.max(1) - 1);
            }
            drop(chain);
            if after * BLOCK > MAX_STEPS || t.is_infinite() {
                return Err(Failure::TooManySteps);
            }
            let block = self.block(after - 1).map_err(Failure::Equation)?;
            self.append(after - 1, &block);
        }
    }

    /// A block, computed from its start if it is not kept.
    fn block(&self, index: usize) -> Result<Arc<Block<E::Error>>, E::Error> {
        if let Some(block) = self.recent.lock().unwrap_or_else(PoisonError::into_inner).get(&index) {
            return Ok(Arc::clone(block));
        }
        let block = Arc::new(self.compute(index * BLOCK, self.start_of(index)?));
        self.append(index, &block);
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() * block.steps.order * BLOCK >= RECENT_NUMBERS {
            recent.clear();
        }
        recent.insert(index, Arc::clone(&block));
        Ok(block)
    }

    /// The start of a block, or the error of a step before it.
    fn start_of(&self, index: usize) -> Result<Checkpoint, E::Error> {
        loop {
            let chain = self.chain.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(start) = chain.starts.get(index) {
                return Ok(start.clone());
            }
            if let Some(error) = &chain.end {
                return Err(error.clone());
            }
            let last = chain.starts.len() - 1;
            drop(chain);
            let block = self.block(last)?;
            self.append(last, &block);
        }
    }

    /// Keeps what is known at the end of a block, unless it is known already.
    fn append(&self, index: usize, block: &Block<E::Error>) {
        let mut chain = self.chain.write().unwrap_or_else(PoisonError::into_inner);
        if chain.starts.len() == index + 1 {
            match &block.end {
                Ok(clock) => {
                    let state = block.steps.state(BLOCK - 1).to_vec();
                    chain.starts.push(Checkpoint { state, clock: *clock });
                }
                Err(error) => chain.end = Some(error.clone()),
            }
        }
    }

    /// The block from step `first` on.
    fn compute(&self, first: usize, start: Checkpoint) -> Block<E::Error> {
        let Checkpoint { mut state, mut clock } = start;
        let mut steps = Steps { order: state.len(), ..Steps::default() };
        for k in first..first + BLOCK {
            match self.advance(k, &state, &mut clock) {
                Ok((next, u, t)) => {
                    steps.states.extend_from_slice(&next);
                    steps.inputs.push(u);
                    steps.times.push(t);
                    state = next;
                }
                Err(error) => return Block { steps: Arc::new(steps), end: Err(error) },
            }
        }
        Block { steps: Arc::new(steps), end: Ok(clock) }
    }

    /// The state, the input and the time of a step, from the state before.
    fn advance(
        &self,
        k: usize,
        state: &[Complex64],
        clock: &mut Clock,
    ) -> Result<(Vec<Complex64>, Complex64, f64), E::Error> {
        let fixed = self.equation.fixed_step();
        let t = fixed.map_or(clock.time, |step| k as f64 * step);
        let u = self.equation.input(k, t)?;
        let matrices = self.equation.matrices(k, t, u)?;
        if fixed.is_none() {
            clock.add(self.equation.step(k, t, u)?);
        }
        let next = if k == 0 { matrices.start(state, u) } else { matrices.advance(state, u) };
        Ok((next, u, t))
    }
}

impl<E: Equation> fmt::Debug for Recurrence<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recurrence").finish_non_exhaustive()
    }
}
