//! The members of a transfer function, before and after it is solved.

use num_complex::Complex64;

use crate::solver::state_space::MotionError;
use crate::solver::transfer_function::TransferFunction;
use crate::system::state_space::motion_work;
use crate::system::{At, Component, Member, Schema, Shape, System, SystemError};
use crate::work::{StepsWork, WorkMeter};

/// The members in the order of the documentation. A slot is an index into them.
#[derive(Clone, Copy)]
enum Quantity {
    Y,
    H,
    Pole,
    Zero,
    Residue,
    Impulse,
    Step,
}

const QUANTITIES: [Quantity; 7] = [
    Quantity::Y,
    Quantity::H,
    Quantity::Pole,
    Quantity::Zero,
    Quantity::Residue,
    Quantity::Impulse,
    Quantity::Step,
];

/// The sizes of a transfer function.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// The number of zeros, once it is known.
    pub(super) zeros: Option<usize>,
    /// The number of poles, once it is known.
    pub(super) poles: Option<usize>,
    /// Whether responses can be complex. It is known once numbers are evaluated.
    pub(super) is_complex: bool,
}

impl Form {
    /// The members.
    pub(super) fn schema(self) -> Schema {
        Schema { members: QUANTITIES.map(|quantity| self.member(quantity)).into(), grid: Vec::new() }
    }

    fn member(self, quantity: Quantity) -> Member {
        let roots =
            |name: &'static str, count| Member::constant(name).shaped(Shape::vector(count)).complex_if(true);
        match quantity {
            Quantity::Y => Member::signal("y").complex_if(self.is_complex),
            Quantity::H => Member::function("H", "s").complex_if(true),
            Quantity::Pole => roots("pole", self.poles).numbered_by("pole"),
            Quantity::Zero => roots("zero", self.zeros).numbered_by("zero"),
            Quantity::Residue => roots("residue", self.poles).numbered_by("pole"),
            Quantity::Impulse => Member::function("impulse", "t").complex_if(self.is_complex),
            Quantity::Step => Member::function("step", "t").complex_if(self.is_complex),
        }
    }
}

/// A solved transfer function with its members.
#[derive(Debug)]
pub(super) struct Solved {
    schema: Schema,
    function: TransferFunction,
    states_work: StepsWork,
}

impl Solved {
    /// The members of a solved transfer function.
    pub(super) fn new(function: TransferFunction, work: &WorkMeter) -> Self {
        let form = Form {
            zeros: Some(function.zeros().len()),
            poles: Some(function.poles().len()),
            is_complex: !function.is_real(),
        };
        Self { schema: form.schema(), function, states_work: StepsWork::new(work) }
    }
}

impl System for Solved {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn cost(&self, component: Component) -> u64 {
        let order = self.function.poles().len();
        match QUANTITIES[usize::from(component.slot.0)] {
            Quantity::Impulse | Quantity::Step => motion_work(order, !self.function.is_real()),
            Quantity::H => 4 * (order + self.function.zeros().len()) as u64,
            _ => 0,
        }
    }

    fn value(&self, component: Component, at: At) -> Result<Complex64, SystemError> {
        let index = component.index[0] as usize;
        let value = match QUANTITIES[usize::from(component.slot.0)] {
            Quantity::Y => self.function.output(at.time),
            Quantity::H => Ok(self.function.at(at.argument_or_nan())),
            Quantity::Pole => Ok(self.function.poles()[index]),
            Quantity::Zero => Ok(self.function.zeros()[index]),
            Quantity::Residue => Ok(self.function.residues()[index]),
            Quantity::Impulse => self.function.impulse(at.argument_or_nan().re),
            Quantity::Step => self.function.step(at.argument_or_nan().re),
        };
        let units = motion_work(self.function.poles().len(), !self.function.is_real());
        let counted = self.states_work.reach(self.function.computed_states(), units);
        counted.map_err(|limit| SystemError::too_much_work("u", limit))?;
        value.map_err(motion_error)
    }
}

fn motion_error(error: MotionError) -> SystemError {
    let message = error.to_string();
    match error {
        MotionError::TooLarge { .. } => SystemError::new(
            "u",
            message,
            "end the span before, or give the function poles with smaller real parts",
        ),
        MotionError::TooRough { .. } => {
            SystemError::new("u", message, "end the span before, or write a smoother `u`")
        }
        MotionError::ComplexInput { .. } => SystemError::new("u", message, "write re(…) around `u`"),
        MotionError::Input(error) => match error.downcast_ref::<SystemError>() {
            Some(error) => error.clone(),
            None => SystemError::new("u", message, "change `u`, or end the span before"),
        },
    }
}
