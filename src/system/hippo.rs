//! The row of `HiPPO` memories: their keys and members over [`solver::hippo`](crate::solver::hippo).

use std::sync::Arc;

use num_complex::Complex64;

use super::{
    At, Component, KeyError, Keys, KindSpec, Member, Outline, Schema, Shape, SignalFn, System, SystemError,
};
use crate::keys::{KeySpec, KeyType};
use crate::solver::hippo::{Hippo, HippoError, Measure};
use crate::solver::state_space::{InputError, InputFn, MAX_ORDER, MotionError};
use crate::work::StepsWork;

/// Coefficients that remember the past of a signal.
pub(crate) static KIND: KindSpec =
    KindSpec { name: "hippo", article: "a", keys: &KEYS, max_solutions: 16, declare, solve };

const KEYS: [KeySpec; 4] = [
    KeySpec::new(
        "measure",
        KeyType::Word(&MEASURES),
        "",
        "the weight of the past, and with it the functions",
    ),
    KeySpec::new("order", KeyType::Integer, "", "the number of coefficients, 1 to 256"),
    KeySpec::new("u", KeyType::Signal, "", "the real signal that is remembered from t = 0 on"),
    KeySpec::new(
        "window",
        KeyType::Number,
        "1 for legt, 2 for fout",
        "the length of the window that legt or fout remembers",
    )
    .in_unit("s"),
];

const MEASURES: [&str; 4] = ["legs", "legt", "lagt", "fout"];

/// The work of the coefficients at a time, as a multiple of the square of the order.
const SQUARES_PER_STATE: u64 = 4;
/// The work of a term of a reconstruction.
const WORK_PER_TERM: u64 = 4;

/// The members in the order of the documentation. A slot is an index into them.
#[derive(Clone, Copy)]
enum Quantity {
    Coefficient,
    Reconstruction,
    Weight,
}

const QUANTITIES: [Quantity; 3] = [Quantity::Coefficient, Quantity::Reconstruction, Quantity::Weight];

/// A memory with its members.
#[derive(Debug)]
struct Solved {
    schema: Schema,
    order: u64,
    hippo: Hippo,
    states_work: StepsWork,
}

fn declare(keys: &Outline) -> Result<Schema, KeyError> {
    let Some(measure) = keys.word("measure") else {
        let help =
            "write measure = \"legs\", which remembers all of the past, or \"legt\", \"lagt\" or \"fout\"";
        return Err(KeyError::system("a hippo system needs `measure`", help));
    };
    if !keys.has("order") {
        let help = "write order = 16: the number of coefficients";
        return Err(KeyError::system("a hippo system needs `order`", help));
    }
    if !keys.has("u") {
        return Err(KeyError::system(
            "a hippo system needs `u`",
            "write u = \"sin(t)\": the signal that is remembered",
        ));
    }
    if keys.has("window") && !has_window(measure) {
        let message = format!("a {measure} measure has no `window`");
        let help = "leave it out, or write measure = \"legt\", which remembers a window";
        return Err(KeyError::key("window", message, help));
    }
    match keys.literal("order") {
        Some(order) if !(1.0..=MAX_ORDER as f64).contains(&order) => Err(wrong_order(order)),
        order => Ok(schema(order.map(|order| order as usize))),
    }
}

/// Whether a measure remembers a window.
fn has_window(measure: &str) -> bool {
    matches!(measure, "legt" | "fout")
}

fn schema(order: Option<usize>) -> Schema {
    let member = |quantity| match quantity {
        Quantity::Coefficient => Member::signal("c").shaped(Shape::vector(order)),
        Quantity::Reconstruction => Member::time_function("reconstruction", "s"),
        Quantity::Weight => Member::time_function("weight", "s"),
    };
    Schema { members: QUANTITIES.map(member).into(), grid: Vec::new() }
}

fn solve(keys: &Keys) -> Result<Arc<dyn System>, KeyError> {
    let window = |default| keys.number("window").unwrap_or(default);
    let measure = match keys.word("measure") {
        Some("legt") => Measure::Legt { window: window(1.0) },
        Some("lagt") => Measure::Lagt,
        Some("fout") => Measure::Fout { window: window(2.0) },
        _ => Measure::Legs,
    };
    let given = keys.integer("order").unwrap_or(0);
    let order = usize::try_from(given).map_err(|_| wrong_order(given as f64))?;
    let square = (order as u64).saturating_mul(order as u64);
    let signal = keys.counted_signal("u", square);
    let input = signal.map_or_else(|| Arc::new(|_| Ok(Complex64::ZERO)) as InputFn, input_function);
    let hippo = Hippo::new(measure, order, input).map_err(|error| match error {
        HippoError::Order(order) => wrong_order(order as f64),
        HippoError::Window(window) => KeyError::key(
            "window",
            format!("`window` must be greater than 0, it is {window}"),
            "write window = 1, in seconds",
        ),
    })?;
    Ok(Arc::new(Solved {
        schema: schema(Some(order)),
        order: order as u64,
        hippo,
        states_work: StepsWork::new(&keys.work),
    }))
}

fn input_function(signal: SignalFn) -> InputFn {
    Arc::new(move |t| signal(t).map_err(|error| Arc::new(error) as InputError))
}

fn wrong_order(order: f64) -> KeyError {
    KeyError::key("order", format!("`order` must be 1 to {MAX_ORDER}, it is {order}"), "write order = 16")
}

impl System for Solved {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn cost(&self, component: Component) -> u64 {
        match QUANTITIES[usize::from(component.slot.0)] {
            Quantity::Reconstruction => WORK_PER_TERM * self.order,
            Quantity::Coefficient | Quantity::Weight => 0,
        }
    }

    fn value(&self, component: Component, at: At) -> Result<Complex64, SystemError> {
        let past = at.argument_or_nan().re;
        let value = match QUANTITIES[usize::from(component.slot.0)] {
            Quantity::Coefficient => self.hippo.coefficient(component.index[0] as usize, at.time),
            Quantity::Reconstruction => self.hippo.reconstruction(past, at.time),
            Quantity::Weight => Ok(self.hippo.weight(past, at.time)),
        };
        let units = SQUARES_PER_STATE * self.order * self.order;
        let counted = self.states_work.reach(self.hippo.computed_states(), units);
        counted.map_err(|limit| SystemError::too_much_work("u", limit))?;
        value.map(|value| Complex64::new(value, 0.0)).map_err(input_error)
    }
}

fn input_error(error: MotionError) -> SystemError {
    let message = error.to_string();
    match error {
        MotionError::TooLarge { .. } => {
            SystemError::new("u", message, "end the span before, or write a smaller `u`")
        }
        MotionError::TooRough { .. } => {
            SystemError::new("u", message, "end the span before, or write a smoother `u`")
        }
        MotionError::ComplexInput { t } => SystemError::new(
            "u",
            format!("the signal is complex before t = {t}, but a hippo memory is real"),
            "write re(…) around `u`",
        ),
        MotionError::Input(error) => match error.downcast_ref::<SystemError>() {
            Some(error) => error.clone(),
            None => SystemError::new("u", message, "change `u`, or end the span before"),
        },
    }
}

#[cfg(test)]
mod tests;
