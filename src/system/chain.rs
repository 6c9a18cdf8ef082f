//! The row of chains of masses and springs: its keys and members over [`solver::chain`](crate::solver::chain).

use std::sync::Arc;

use num_complex::Complex64;

use super::state_space::{motion_work, propagator_work};
use super::{
    At, Component, KeyError, Keys, KindSpec, Member, Outline, Schema, Shape, System, SystemError, VariablesFn,
};
use crate::keys::{KeySpec, KeyType, words};
use crate::solver::chain::{Chain, ChainError, Ends, MAX_COUNT, MAX_COUPLED, MAX_UNEQUAL_RING, Parameters};
use crate::work::StepsWork;

/// Masses on springs in a row or in a ring.
pub(crate) static KIND: KindSpec =
    KindSpec { name: "chain", article: "a", keys: &KEYS, max_solutions: 32, declare, solve };

const KEYS: [KeySpec; 7] = [
    KeySpec::new("count", KeyType::Integer, "", "the number of masses, 1 to 1000"),
    KeySpec::new("mass", KeyType::Function(&["i"]), "`1`", "the mass of mass i, greater than 0")
        .in_unit("kg"),
    KeySpec::new("stiffness", KeyType::Function(&["i"]), "`1`", "the stiffness of spring i, left of mass i")
        .in_unit("N/m"),
    KeySpec::new(
        "damping",
        KeyType::Function(&["i"]),
        "`0`",
        "the damping coefficient of the damper beside spring i",
    )
    .in_unit("N·s/m"),
    KeySpec::new(
        "ends",
        KeyType::Word(&words(&Ends::NAMES)),
        "`\"fixed\"`",
        "walls on both sides, on none, or on the left; or a ring",
    ),
    KeySpec::new(
        "x0",
        KeyType::Function(&["i", "s"]),
        "`0`",
        "the displacement of mass i at t = 0; s goes from 0 to 1 along the chain",
    )
    .in_unit("m"),
    KeySpec::new("v0", KeyType::Function(&["i", "s"]), "`0`", "the velocity of mass i at t = 0")
        .in_unit("m/s"),
];

/// The members in the order of the documentation. A slot is an index into them.
#[derive(Clone, Copy)]
enum Quantity {
    X,
    V,
    Mode,
    Omega,
    Shape,
    Ends,
    Kinetic,
    Potential,
    Energy,
}

const QUANTITIES: [Quantity; 9] = [
    Quantity::X,
    Quantity::V,
    Quantity::Mode,
    Quantity::Omega,
    Quantity::Shape,
    Quantity::Ends,
    Quantity::Kinetic,
    Quantity::Potential,
    Quantity::Energy,
];

/// A solved system with its members.
#[derive(Debug)]
struct Solved {
    schema: Schema,
    ends: Ends,
    chain: Chain,
    states_work: StepsWork,
}

fn declare(keys: &Outline) -> Result<Schema, KeyError> {
    if !keys.has("count") {
        return Err(KeyError::system("a chain needs `count`", "write count = 8: the number of masses"));
    }
    let count = match keys.literal("count") {
        Some(count) if !(1.0..=MAX_COUNT as f64).contains(&count) => return Err(wrong_count(count)),
        count => count.map(|count| count as usize),
    };
    Ok(schema(count))
}

fn schema(count: Option<usize>) -> Schema {
    let vector = Shape::vector(count);
    let member = |quantity| match quantity {
        Quantity::X => Member::signal("x").shaped(vector),
        Quantity::V => Member::signal("v").shaped(vector),
        Quantity::Mode => Member::signal("mode").shaped(vector),
        Quantity::Omega => Member::constant("omega").shaped(vector),
        Quantity::Shape => Member::constant("shape").shaped(Shape::matrix(count, count)),
        Quantity::Ends => Member::constant("ends").shaped(Shape::vector(Some(2))),
        Quantity::Kinetic => Member::signal("kinetic"),
        Quantity::Potential => Member::signal("potential"),
        Quantity::Energy => Member::signal("energy"),
    };
    Schema { members: QUANTITIES.map(member).into(), grid: Vec::new() }
}

fn wrong_count(count: f64) -> KeyError {
    let message = format!("a chain has 1 to {MAX_COUNT} masses, this one has {count}");
    KeyError::key("count", message, format!("write a number from 1 to {MAX_COUNT}"))
}

/// The work of the modes of unequal masses or springs, as multiples of powers of the number of masses.
const SQUARES_OF_MODES: u64 = 500;
const CUBES_OF_RING: u64 = 10;
/// The work of a mode at a time.
const WORK_PER_MODE: u64 = 40;
/// The work of a mode for each value that its amplitude is part of.
const WORK_PER_AMPLITUDE: u64 = 2;

fn solve(keys: &Keys) -> Result<Arc<dyn System>, KeyError> {
    let given = keys.integer("count").unwrap_or(0);
    let count = usize::try_from(given).ok().filter(|count| (1..=MAX_COUNT).contains(count));
    let count = count.ok_or_else(|| wrong_count(given as f64))?;
    let ends = keys.word("ends").and_then(Ends::from_name).unwrap_or(Ends::Fixed);
    // The variables that each key has: the number, and for the start also the place.
    let numbers = |key, default| values(keys, key, default, (0..count).map(|i| vec![i as f64]));
    let of_springs = |key, default| values(keys, key, default, ends.springs(count).map(|i| vec![i as f64]));
    let start = |key| values(keys, key, 0.0, (0..count).map(|i| vec![i as f64, ends.place(i, count)]));
    let square = (count * count) as u64;
    let parameters = Parameters {
        ends,
        masses: numbers("mass", 1.0)?,
        stiffnesses: of_springs("stiffness", 1.0)?,
        dampings: of_springs("damping", 0.0)?,
        x0: start("x0")?,
        v0: start("v0")?,
    };
    let is_equal = ["mass", "stiffness"].map(|key| keys.function(key).is_none_or(VariablesFn::is_constant));
    if is_equal != [true; 2] {
        let cube = if ends == Ends::Ring { CUBES_OF_RING * square * count as u64 } else { 0 };
        keys.charge("count", SQUARES_OF_MODES * square + cube)?;
    }
    let chain = Chain::new(parameters).map_err(|error| key_error(&error))?;
    if chain.is_coupled() {
        keys.charge("damping", propagator_work(2 * count, false))?;
    }
    Ok(Arc::new(Solved { schema: schema(Some(count)), ends, chain, states_work: StepsWork::new(&keys.work) }))
}

/// The values of a key for each of these variables.
fn values(
    keys: &Keys,
    key: &str,
    default: f64,
    variables: impl Iterator<Item = Vec<f64>>,
) -> Result<Vec<f64>, KeyError> {
    let Some(function) = keys.function(key) else {
        return Ok(variables.map(|_| default).collect());
    };
    variables.map(|variables| value(function, key, &variables)).collect()
}

fn value(function: &VariablesFn, key: &str, variables: &[f64]) -> Result<f64, KeyError> {
    let value =
        function.value(0.0, variables).map_err(|error| KeyError::key(key, error.message, error.help))?;
    if value.im == 0.0 {
        return Ok(value.re);
    }
    let message = format!("`{key}` is complex at i = {}", variables[0]);
    Err(KeyError::key(key, message, "write re(…) around the expression"))
}

fn key_error(error: &ChainError) -> KeyError {
    let (key, help) = match error {
        ChainError::Count(_) => ("count", format!("write a number from 1 to {MAX_COUNT}")),
        ChainError::Length { list, .. } | ChainError::Range { list, .. } => {
            (*list, format!("change `{list}`, or the values that its expression uses"))
        }
        ChainError::UnequalRing(_) | ChainError::NotConverged => (
            "count",
            format!("lower `count` to {MAX_UNEQUAL_RING}, or write one `mass` and one `stiffness` for all"),
        ),
        ChainError::Coupled(_) => (
            "damping",
            format!("lower `count` to {MAX_COUPLED}, or write `damping` as a constant times `stiffness`"),
        ),
    };
    KeyError::key(key, error.to_string(), help)
}

impl System for Solved {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn cost(&self, component: Component) -> u64 {
        let count = self.chain.count() as u64;
        match QUANTITIES[usize::from(component.slot.0)] {
            Quantity::Omega | Quantity::Shape | Quantity::Ends => 0,
            _ => WORK_PER_AMPLITUDE * count,
        }
    }

    fn value(&self, component: Component, at: At) -> Result<Complex64, SystemError> {
        let [first, second] = component.index.map(|index| index as usize);
        let (chain, t) = (&self.chain, at.time);
        let value = match QUANTITIES[usize::from(component.slot.0)] {
            Quantity::X => chain.position(first, t),
            Quantity::V => chain.velocity(first, t),
            Quantity::Mode => chain.state(t).map(|state| state.amplitudes[first]),
            Quantity::Omega => Ok(chain.omega(first)),
            Quantity::Shape => Ok(chain.shape(first, second)),
            Quantity::Ends => Ok(f64::from(self.ends.at_sides()[first])),
            Quantity::Kinetic => chain.kinetic(t),
            Quantity::Potential => chain.potential(t),
            Quantity::Energy => chain.kinetic(t).and_then(|kinetic| Ok(kinetic + chain.potential(t)?)),
        };
        let count = chain.count();
        let units =
            if chain.is_coupled() { motion_work(2 * count, false) } else { WORK_PER_MODE * count as u64 };
        let counted = self.states_work.reach(chain.computed_states(), units);
        counted.map_err(|limit| SystemError::too_much_work("count", limit))?;
        match value {
            Ok(value) => Ok(value.into()),
            Err(error) => Err(SystemError::new(
                "damping",
                error.to_string(),
                "begin the span later: damped motion grows backwards",
            )),
        }
    }
}

#[cfg(test)]
mod tests;
