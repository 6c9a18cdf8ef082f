//! The members of a discrete system, before and after it is solved.

use std::sync::OnceLock;

use num_complex::Complex64;

use super::outputs_of;
use super::readout::{Matrices, Readout, selective};
use super::sources::StepAt;
use super::steps::{Length, Steps};
use crate::solver::discrete::{
    Equation, Failure, Kernel, MAX_STEPS, Recurrence, State, ZTransfer, eigenvalues,
};
use crate::system::state_space::eigenvalue_work;
use crate::system::{At, Component, Member, Schema, Shape, System, SystemError};
use crate::work::OneCharge;

/// The members in the order of the documentation. A slot is an index into them.
#[derive(Clone, Copy)]
enum Quantity {
    X,
    Y,
    U,
    K,
    T,
    Ad,
    Bd,
    C,
    Pole,
    H,
}

const QUANTITIES: [Quantity; 10] = [
    Quantity::X,
    Quantity::Y,
    Quantity::U,
    Quantity::K,
    Quantity::T,
    Quantity::Ad,
    Quantity::Bd,
    Quantity::C,
    Quantity::Pole,
    Quantity::H,
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
    /// The form of a continuous system, if its A is a matrix.
    pub(super) fn of_system(schema: &Schema) -> Option<Self> {
        let member = |name| schema.find(name).map(|(_, member)| member);
        let Shape::Matrix(rows, _) = member("A")?.shape else {
            return None;
        };
        Some(Self {
            order: rows.length,
            outputs: outputs_of(member("D")?.shape),
            is_state_complex: member("x")?.is_complex,
            is_output_complex: member("y").is_some_and(|y| y.is_complex),
        })
    }

    /// The members.
    pub(super) fn schema(self) -> Schema {
        Schema { members: QUANTITIES.map(|quantity| self.member(quantity)).into(), grid: Vec::new() }
    }

    fn member(self, quantity: Quantity) -> Member {
        let of_states = Shape::vector(self.order);
        let of_outputs = if self.outputs == 1 { Shape::Scalar } else { Shape::vector(Some(self.outputs)) };
        let c = if self.outputs == 1 { of_states } else { Shape::matrix(Some(self.outputs), self.order) };
        let [of_state, of_output] = [self.is_state_complex, self.is_output_complex];
        let sequence = |name: &'static str| Member::sequence(name, "k");
        match quantity {
            Quantity::X => sequence("x").shaped(of_states).complex_if(of_state),
            Quantity::Y => sequence("y").shaped(of_outputs).complex_if(of_output),
            Quantity::U => sequence("u").complex_if(of_state),
            Quantity::K => sequence("K").complex_if(of_output),
            Quantity::T => sequence("t"),
            Quantity::Ad => sequence("Ad").shaped(Shape::matrix(self.order, self.order)).complex_if(of_state),
            Quantity::Bd => sequence("Bd").shaped(of_states).complex_if(of_state),
            Quantity::C => Member::constant("C").shaped(c).complex_if(of_state),
            Quantity::Pole => Member::constant("pole").shaped(of_states).complex_if(true).numbered_by("pole"),
            Quantity::H => Member::function("H", "z").complex_if(true),
        }
    }
}

/// How far a step may lie before a span to belong to it, relative to its time.
const ROUNDING: f64 = 1e-12;

/// A solved system with its members.
pub(super) struct Solved {
    schema: Schema,
    recurrence: Recurrence<Steps>,
    readout: Readout,
    is_output_complex: bool,
    kernel: OnceLock<Kernel>,
    transfer: OnceLock<ZTransfer>,
    poles: OnceLock<Vec<Complex64>>,
    poles_work: OneCharge,
}

impl Solved {
    /// The members of a solved system.
    pub(super) fn new(steps: Steps, x0: Vec<Complex64>, readout: Readout) -> Self {
        let is_output_complex = steps.is_complex && !readout.is_twice_real;
        let form = Form {
            order: Some(x0.len()),
            outputs: readout.outputs(),
            is_state_complex: steps.is_complex,
            is_output_complex,
        };
        Self {
            schema: form.schema(),
            recurrence: Recurrence::new(steps, x0),
            readout,
            is_output_complex,
            kernel: OnceLock::new(),
            transfer: OnceLock::new(),
            poles: OnceLock::new(),
            poles_work: OneCharge::default(),
        }
    }

    fn steps(&self) -> &Steps {
        self.recurrence.equation()
    }

    /// The step that a value is asked for; `None` before the first one.
    fn step(&self, at: At) -> Result<Option<usize>, SystemError> {
        match at.argument {
            Some(k) if k.re >= 0.0 => Ok(Some(k.re as usize)),
            Some(_) => Ok(None),
            None => self.recurrence.step_at(at.time).map_err(system_error),
        }
    }

    /// A sequence's value at a step.
    fn at_step(
        &self,
        quantity: Quantity,
        [row, column]: [usize; 2],
        k: usize,
    ) -> Result<Complex64, SystemError> {
        match quantity {
            Quantity::X => Ok(self.state(k)?.x()[row]),
            Quantity::Y => {
                let state = self.state(k)?;
                let at = StepAt { k, t: state.t(), u: state.u() };
                let y = self.readout.output(row, at, state.x())?;
                Ok(self.real_if_real(y))
            }
            Quantity::K => self.kernel(k),
            Quantity::T => Ok(self.time(k)?.into()),
            Quantity::U => self.steps().input(k, self.time(k)?),
            Quantity::Ad | Quantity::Bd => {
                let t = self.time(k)?;
                let u =
                    if self.steps().fixed.is_some() { Complex64::ZERO } else { self.steps().input(k, t)? };
                let matrices = self.steps().matrices(k, t, u)?;
                Ok(if let Quantity::Ad = quantity { matrices.a(row, column) } else { matrices.b(row) })
            }
            Quantity::C | Quantity::Pole | Quantity::H => Ok(Complex64::new(f64::NAN, 0.0)),
        }
    }

    fn state(&self, k: usize) -> Result<State, SystemError> {
        self.recurrence.state(k).map_err(system_error)
    }

    fn time(&self, k: usize) -> Result<f64, SystemError> {
        self.recurrence.time(k).map_err(system_error)
    }

    /// C·Ad^k·Bd, plus D at step 0.
    fn kernel(&self, k: usize) -> Result<Complex64, SystemError> {
        let matrices = self.constant()?;
        let Some(fixed) = &self.steps().fixed else {
            return Err(self.changing());
        };
        let kernel = self.kernel.get_or_init(|| Kernel::new(fixed.clone()));
        let state = kernel.state(k).map_err(|failure| match failure {
            Failure::TooManySteps => too_many_steps(),
            Failure::Equation(never) => match never {},
        })?;
        let pulse = if k == 0 { Complex64::ONE } else { Complex64::ZERO };
        Ok(self.real_if_real(self.readout.read(matrices, 0, state.x(), pulse)))
    }

    /// The rows of C, which must be the same at each step.
    fn c(&self) -> Result<&[Vec<Complex64>], SystemError> {
        self.readout.constant().map(|matrices| matrices.c.as_slice())
    }

    /// C and D of a system whose matrices are all the same at each step.
    fn constant(&self) -> Result<&Matrices, SystemError> {
        if self.steps().fixed.is_none() { Err(self.changing()) } else { self.readout.constant() }
    }

    /// The error for the key of the matrices that change.
    fn changing(&self) -> SystemError {
        let steps = self.steps();
        let is_given = steps.method.is_none();
        selective(match &steps.length {
            Length::Changing(_) if !is_given => "step",
            _ if !steps.a.is_constant() => {
                if is_given {
                    "Ad"
                } else {
                    "A"
                }
            }
            _ => {
                if is_given {
                    "Bd"
                } else {
                    "B"
                }
            }
        })
    }

    /// The transfer function from u to the first output.
    fn transfer(&self, z: Complex64) -> Result<Complex64, SystemError> {
        let Matrices { c, d } = self.constant()?;
        let Some(fixed) = &self.steps().fixed else {
            return Err(self.changing());
        };
        let transfer = self.transfer.get_or_init(|| ZTransfer::new(fixed, &c[0]));
        let value = transfer.at(z);
        Ok(d[0] + if self.readout.is_twice_real { value + transfer.at(z.conj()).conj() } else { value })
    }

    /// The eigenvalues of Ad, in the order of those of A.
    fn poles(&self) -> Result<&[Complex64], SystemError> {
        let steps = self.steps();
        if !steps.is_a_constant() {
            return Err(self.changing());
        }
        if self.poles.get().is_none() {
            let first = StepAt { k: 0, t: 0.0, u: Complex64::ZERO };
            let (a, _) = steps.a.at(first)?;
            let length = steps.step(0, 0.0, Complex64::ZERO)?;
            let units = eigenvalue_work(a.len());
            self.poles_work
                .charge(steps.work.meter(), units)
                .map_err(|limit| SystemError::too_much_work(steps.a_key(), limit))?;
            let map = |s: Complex64| steps.method.map_or(s, |method| method.pole(s, length));
            // The eigenvalues of A keep more digits than those of Ad, for stiff systems.
            let poles = eigenvalues(&a).into_iter().map(map).collect();
            return Ok(self.poles.get_or_init(|| poles));
        }
        Ok(self.poles.get().map_or(&[], Vec::as_slice))
    }

    /// The value, whose imaginary part is dropped where outputs are real.
    fn real_if_real(&self, value: Complex64) -> Complex64 {
        if self.is_output_complex { value } else { value.re.into() }
    }
}

fn system_error(failure: Failure<SystemError>) -> SystemError {
    match failure {
        Failure::TooManySteps => too_many_steps(),
        Failure::Equation(error) => error,
    }
}

fn too_many_steps() -> SystemError {
    let message = format!("a discrete system has at most {MAX_STEPS} steps");
    SystemError::new("step", message, "end the span before, or give a larger `step`")
}

impl std::fmt::Debug for Solved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Solved").field("recurrence", &self.recurrence).finish_non_exhaustive()
    }
}

impl System for Solved {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn sample_times(&self, [from, to]: [f64; 2]) -> Result<Option<Vec<f64>>, SystemError> {
        let step_at = |t: f64| self.recurrence.step_at(t).map_err(system_error);
        let Some(last) = step_at(to)? else { return Ok(Some(Vec::new())) };
        let first = step_at(from)?.unwrap_or(0);
        let mut times: Vec<f64> = (first..=last).map(|k| self.time(k)).collect::<Result<_, _>>()?;
        // The step at the first end or before it belongs to the span if it only lies before it by rounding.
        if times.first().is_some_and(|time| *time < from - ROUNDING * from.abs()) {
            times.remove(0);
        }
        Ok(Some(times))
    }

    fn value(&self, component: Component, at: At) -> Result<Complex64, SystemError> {
        let index = component.index.map(|index| index as usize);
        match QUANTITIES[usize::from(component.slot.0)] {
            Quantity::C if self.readout.outputs() == 1 => Ok(self.c()?[0][index[0]]),
            Quantity::C => Ok(self.c()?[index[0]][index[1]]),
            Quantity::Pole => Ok(self.poles()?[index[0]]),
            Quantity::H => self.transfer(at.argument_or_nan()),
            quantity => match self.step(at)? {
                Some(k) => self.at_step(quantity, index, k),
                None => Ok(Complex64::ZERO),
            },
        }
    }
}
