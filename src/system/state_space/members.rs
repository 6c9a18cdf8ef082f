//! The members of a state-space system, before and after it is solved.

use num_complex::Complex64;

use super::{eigenvalue_work, motion_work, propagator_work};

use crate::solver::state_space::{MotionError, OutputPart, StateSpace};
use crate::system::{At, Component, Member, Schema, Shape, System, SystemError};
use crate::work::{OneCharge, StepsWork, WorkMeter};

/// The members in the order of the documentation. A slot is an index into them.
#[derive(Clone, Copy)]
enum Quantity {
    X,
    Y,
    U,
    A,
    B,
    C,
    D,
    Pole,
    H,
    Impulse,
    Step,
}

const QUANTITIES: [Quantity; 11] = [
    Quantity::X,
    Quantity::Y,
    Quantity::U,
    Quantity::A,
    Quantity::B,
    Quantity::C,
    Quantity::D,
    Quantity::Pole,
    Quantity::H,
    Quantity::Impulse,
    Quantity::Step,
];

/// The sizes of a system, and which of its members are complex.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// The number of states, once it is known.
    pub(super) order: Option<usize>,
    /// The number of outputs.
    pub(super) outputs: usize,
    /// Whether x, u and the matrices can be complex.
    pub(super) is_state_complex: bool,
    /// Whether y and the responses can be complex.
    pub(super) is_output_complex: bool,
}

impl Form {
    /// The members.
    pub(super) fn schema(self) -> Schema {
        Schema { members: QUANTITIES.map(|quantity| self.member(quantity)).into(), grid: Vec::new() }
    }

    fn member(self, quantity: Quantity) -> Member {
        let of_states = Shape::vector(self.order);
        let of_outputs = if self.outputs == 1 { Shape::Scalar } else { Shape::vector(Some(self.outputs)) };
        let c = if self.outputs == 1 { of_states } else { Shape::matrix(Some(self.outputs), self.order) };
        let [of_state, of_output] = [self.is_state_complex, self.is_output_complex];
        match quantity {
            Quantity::X => Member::signal("x").shaped(of_states).complex_if(of_state),
            Quantity::Y => Member::signal("y").shaped(of_outputs).complex_if(of_output),
            Quantity::U => Member::signal("u").complex_if(of_state),
            Quantity::A => {
                Member::constant("A").shaped(Shape::matrix(self.order, self.order)).complex_if(of_state)
            }
            Quantity::B => Member::constant("B").shaped(of_states).complex_if(of_state),
            Quantity::C => Member::constant("C").shaped(c).complex_if(of_state),
            Quantity::D => Member::constant("D").shaped(of_outputs).complex_if(of_state),
            Quantity::Pole => Member::constant("pole").shaped(of_states).complex_if(true).numbered_by("pole"),
            Quantity::H => Member::function("H", "s").complex_if(true),
            Quantity::Impulse => Member::function("impulse", "t").complex_if(of_output),
            Quantity::Step => Member::function("step", "t").complex_if(of_output),
        }
    }
}

/// A solved system with its members.
#[derive(Debug)]
pub(super) struct Solved {
    schema: Schema,
    system: StateSpace,
    states_work: StepsWork,
    propagators: OneCharge,
    poles: OneCharge,
}

impl Solved {
    /// The members of a solved system.
    pub(super) fn new(system: StateSpace, work: &WorkMeter) -> Self {
        let matrices = system.matrices();
        let is_state_complex = system.is_complex();
        let form = Form {
            order: Some(matrices.a.len()),
            outputs: matrices.c.len(),
            is_state_complex,
            is_output_complex: is_state_complex && matrices.output == OutputPart::Whole,
        };
        Self {
            schema: form.schema(),
            system,
            states_work: StepsWork::new(work),
            propagators: OneCharge::default(),
            poles: OneCharge::default(),
        }
    }

    fn order(&self) -> usize {
        self.system.matrices().a.len()
    }

    /// Counts the work that a member needs before its first value, unless it is counted.
    fn prepare(&self, quantity: Quantity) -> Result<(), SystemError> {
        let (charge, units) = match quantity {
            Quantity::X | Quantity::Y | Quantity::Impulse | Quantity::Step => {
                (&self.propagators, propagator_work(self.order(), self.system.is_complex()))
            }
            Quantity::Pole => (&self.poles, eigenvalue_work(self.order())),
            _ => return Ok(()),
        };
        charge.charge(self.states_work.meter(), units).map_err(|limit| SystemError::too_much_work("A", limit))
    }
}

impl System for Solved {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn cost(&self, component: Component) -> u64 {
        match QUANTITIES[usize::from(component.slot.0)] {
            Quantity::Impulse | Quantity::Step => motion_work(self.order(), self.system.is_complex()),
            // The transfer function is evaluated from a Hessenberg matrix.
            Quantity::H => 2 * (self.order() * self.order()) as u64,
            _ => 0,
        }
    }

    fn value(&self, component: Component, at: At) -> Result<Complex64, SystemError> {
        let [row, column] = component.index.map(|index| index as usize);
        let matrices = self.system.matrices();
        let quantity = QUANTITIES[usize::from(component.slot.0)];
        self.prepare(quantity)?;
        let value = match quantity {
            Quantity::X => self.system.state(at.time).map(|state| state[row]),
            Quantity::Y => self.system.output(row, at.time),
            Quantity::U => self.system.input(at.time),
            Quantity::A => Ok(matrices.a[row][column]),
            Quantity::B => Ok(matrices.b[row]),
            Quantity::C if matrices.c.len() == 1 => Ok(matrices.c[0][row]),
            Quantity::C => Ok(matrices.c[row][column]),
            Quantity::D => Ok(matrices.d[row]),
            Quantity::Pole => Ok(self.system.poles()[row]),
            Quantity::H => Ok(self.system.transfer(at.argument_or_nan())),
            Quantity::Impulse => self.system.impulse(at.argument_or_nan().re),
            Quantity::Step => self.system.step(at.argument_or_nan().re),
        };
        let units = motion_work(self.order(), self.system.is_complex());
        let counted = self.states_work.reach(self.system.computed_states(), units);
        counted.map_err(|limit| SystemError::too_much_work("A", limit))?;
        value.map_err(motion_error)
    }
}

fn motion_error(error: MotionError) -> SystemError {
    let message = error.to_string();
    match error {
        MotionError::TooLarge { t } if t < 0.0 => {
            SystemError::new("A", message, "start the span at 0: damped motion grows backwards")
        }
        MotionError::TooLarge { .. } => SystemError::new(
            "A",
            message,
            "end the span before, or give `A` eigenvalues with smaller real parts",
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
