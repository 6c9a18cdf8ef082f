//! The row of ordinary differential equations: their keys and members over [`solver::ode`](crate::solver::ode).

use std::fmt;
use std::sync::Arc;

use num_complex::Complex64;

use super::{
    At, Component, KeyError, Keys, KindSpec, Member, Outline, Schema, Shape, StateFn, System, SystemError,
};
use crate::keys::{KeySpec, KeyType};
use crate::solver::ode::{Equation, Failure, Settings, Solution};
use crate::work::WorkMeter;

/// Ordinary differential equations, solved numerically.
pub(crate) static KIND: KindSpec =
    KindSpec { name: "ode", article: "an", keys: &KEYS, max_solutions: 16, declare, solve };

const KEYS: [KeySpec; 5] = [
    KeySpec::new(
        "rates",
        KeyType::OfState("rates"),
        "",
        "the rate of change of each state, an expression of t and of the states",
    )
    .in_unit("that of the state, per s"),
    KeySpec::new("start", KeyType::Numbers, "", "the value of each state at t = 0")
        .in_unit("that of the state"),
    KeySpec::new(
        "tolerance",
        KeyType::Number,
        "`1e-10`",
        "the admissible error as a share of the solution's size, from 1e-13 to 1e-2",
    ),
    KeySpec::new(
        "stiff",
        KeyType::Bool,
        "found out",
        "whether some motion dies out much faster than the rest",
    ),
    KeySpec::new(
        "events",
        KeyType::OfState("rates"),
        "none",
        "expressions whose changes of sign are found: `NAME[n]` is the time of change n from t = 0 on",
    ),
];

const DEFAULT_TOLERANCE: f64 = 1e-10;
const SMALLEST_TOLERANCE: f64 = 1e-13;
const LARGEST_TOLERANCE: f64 = 1e-2;

/// The equations as functions of the time and of the state.
struct Expressions {
    rates: Vec<(String, StateFn)>,
    events: Vec<(String, StateFn)>,
    /// Counts the work of steps beside that of the rates.
    work: WorkMeter,
    /// The work for each time that the rates are evaluated.
    step_work: u64,
}

/// The solved system.
#[derive(Debug)]
struct Ode {
    schema: Schema,
    /// The names of the states, for messages.
    states: Vec<String>,
    solution: Solution<Expressions>,
}

fn declare(keys: &Outline) -> Result<Schema, KeyError> {
    let states = keys.names("rates");
    if states.is_empty() {
        return Err(KeyError::system(
            "an ode needs `rates`",
            "write rates = { x = \"v\", v = \"-x\" }: the rate of change of each state",
        ));
    }
    if states.iter().any(|state| state == "t") {
        return Err(KeyError::key("rates.t", "`t` is the time", "give the state another name"));
    }
    if !keys.has("start") {
        let values: Vec<String> = states.iter().map(|state| format!("{state} = 0")).collect();
        return Err(KeyError::system(
            "an ode needs `start`",
            format!("write start = {{ {} }}: the value of each state at t = 0", values.join(", ")),
        ));
    }
    check_start(states, keys.names("start"))?;
    let events = keys.names("events");
    if let Some(event) = events.iter().find(|event| states.contains(event)) {
        return Err(KeyError::key(
            format!("events.{event}"),
            format!("`{event}` is the name of a state already"),
            "give the event a name of its own",
        ));
    }
    Ok(schema(states, events))
}

/// Checks that `start` has a value for each state and for nothing else. A single number, which stands for all
/// states, has no names.
fn check_start(states: &[String], given: &[String]) -> Result<(), KeyError> {
    if given.iter().any(String::is_empty) {
        return Ok(());
    }
    if let Some(unknown) = given.iter().find(|name| !states.contains(name)) {
        return Err(KeyError::key(
            format!("start.{unknown}"),
            format!("`{unknown}` is not a state"),
            format!("`rates` has {}", list(states)),
        ));
    }
    if let Some(missing) = states.iter().find(|state| !given.contains(state)) {
        return Err(KeyError::key(
            "start",
            format!("`{missing}` has no value at t = 0"),
            format!("write {missing} = 0 in `start`"),
        ));
    }
    Ok(())
}

/// Names in backquotes, separated by commas.
fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// The states, followed by the events.
fn schema(states: &[String], events: &[String]) -> Schema {
    let states = states.iter().cloned().map(Member::signal);
    let events = events.iter().map(|event| Member::signal(event.clone()).shaped(Shape::vector(None)));
    Schema { members: states.chain(events).collect(), grid: Vec::new() }
}

/// The work of a step for each time that the rates are evaluated. An implicit step solves linear equations.
fn step_work(order: usize, is_stiff: Option<bool>) -> u64 {
    let square = (order * order) as u64;
    match is_stiff {
        Some(true) => 2 * square,
        None => square / 4,
        Some(false) => 0,
    }
}

fn solve(keys: &Keys) -> Result<Arc<dyn System>, KeyError> {
    let expressions = Expressions {
        rates: keys.of_state("rates").to_vec(),
        events: keys.of_state("events").to_vec(),
        work: keys.work.clone(),
        step_work: step_work(keys.of_state("rates").len(), keys.bool("stiff")),
    };
    let names = |functions: &[(String, StateFn)]| -> Vec<String> {
        functions.iter().map(|(name, _)| name.clone()).collect()
    };
    let states = names(&expressions.rates);
    let events = names(&expressions.events);
    let settings = Settings {
        start: start(&states, keys.numbers("start"))?,
        tolerance: tolerance(keys)?,
        stiff: keys.bool("stiff"),
        events: events.len(),
    };
    let solution = Solution::new(expressions, &settings);
    Ok(Arc::new(Ode { schema: schema(&states, &events), states, solution }))
}

/// The tolerance, in its range.
fn tolerance(keys: &Keys) -> Result<f64, KeyError> {
    let tolerance = keys.number("tolerance").unwrap_or(DEFAULT_TOLERANCE);
    if (SMALLEST_TOLERANCE..=LARGEST_TOLERANCE).contains(&tolerance) {
        return Ok(tolerance);
    }
    Err(KeyError::key(
        "tolerance",
        format!("`tolerance` must lie between 1e-13 and 1e-2, it is {tolerance:e}"),
        "write tolerance = 1e-10, or leave it out",
    ))
}

/// The values of the states at t = 0, in the order of the states.
fn start(states: &[String], given: &[(String, f64)]) -> Result<Vec<f64>, KeyError> {
    let names: Vec<String> = given.iter().map(|(name, _)| name.clone()).collect();
    check_start(states, &names)?;
    let value = |state: &String| {
        let found = given.iter().find(|(name, _)| name.is_empty() || name == state);
        found.map_or(f64::NAN, |(_, value)| *value)
    };
    let values: Vec<f64> = states.iter().map(value).collect();
    match states.iter().zip(&values).find(|(_, value)| !value.is_finite()) {
        Some((state, value)) => Err(KeyError::key(
            format!("start.{state}"),
            format!("`{state}` must start at a finite number, it is {value}"),
            format!("change `{state}` in `start`, or the values that its expression uses"),
        )),
        None => Ok(values),
    }
}

impl Equation for Expressions {
    type Error = SystemError;

    fn rates(&self, t: f64, state: &[f64], rates: &mut [f64]) -> Result<(), SystemError> {
        self.work.charge(self.step_work).map_err(|limit| SystemError::too_much_work("rates", limit))?;
        for ((_, function), rate) in self.rates.iter().zip(rates) {
            *rate = function(t, state)?;
        }
        Ok(())
    }

    fn event(&self, event: usize, t: f64, state: &[f64]) -> Result<f64, SystemError> {
        (self.events[event].1)(t, state)
    }
}

impl fmt::Debug for Expressions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |functions: &[(String, StateFn)]| -> Vec<String> {
            functions.iter().map(|(name, _)| name.clone()).collect()
        };
        f.debug_struct("Expressions")
            .field("rates", &names(&self.rates))
            .field("events", &names(&self.events))
            .finish_non_exhaustive()
    }
}

impl Ode {
    /// The error for a solution that ends.
    fn error(&self, failure: Failure<SystemError>) -> SystemError {
        let rate = |component: usize| format!("rates.{}", self.states[component]);
        match failure {
            Failure::BlowUp { t, component } => SystemError::new(
                rate(component),
                format!("the solution blows up at t = {}", rounded(t)),
                format!("{}, or change `start`", shorter_span(t)),
            ),
            Failure::Singular { t } => SystemError::new(
                "rates",
                format!(
                    "the solution cannot be continued past t = {}, where rates change too fast",
                    rounded(t)
                ),
                format!("{}, or change `start` or the rates", shorter_span(t)),
            ),
            Failure::NotReal { t, component } => SystemError::new(
                rate(component),
                format!(
                    "the rate of `{}` is not a real number at t = {}",
                    self.states[component],
                    rounded(t)
                ),
                "change `start` or the expression such that it is defined there",
            ),
            Failure::TooManySteps { t, steps } => SystemError::new(
                "rates",
                format!("the solution takes more than {steps} steps up to t = {}", rounded(t)),
                format!("{}, raise `tolerance`, or write stiff = true", shorter_span(t)),
            ),
            Failure::Equation(error) => error,
        }
    }
}

/// The remedy for a solution that ends at `t`.
fn shorter_span(t: f64) -> &'static str {
    if t < 0.0 { "begin the span later" } else { "end the span before" }
}

/// A time with five significant digits.
fn rounded(t: f64) -> String {
    // The sum turns the -0 of the way backwards into 0.
    format!("{:.4e}", t + 0.0).parse::<f64>().map_or_else(|_| t.to_string(), |t| t.to_string())
}

impl System for Ode {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn value(&self, component: Component, at: At) -> Result<Complex64, SystemError> {
        let slot = usize::from(component.slot.0);
        let real = if slot < self.states.len() {
            self.solution.value(slot, at.time)
        } else {
            let n = usize::try_from(component.index[0]).unwrap_or(usize::MAX);
            self.solution.crossing(slot - self.states.len(), n, at.time)
        };
        real.map(|real| Complex64::new(real, 0.0)).map_err(|failure| self.error(failure))
    }
}

#[cfg(test)]
mod tests;
