//! The recurrence x(k) = Ad(k)·x(k−1) + Bd(k)·u(k) with x(0) = x0 + Bd(0)·u(0), in the form of S4
//! (A. Gu, K. Goel and C. Ré, "Efficiently modeling long sequences with structured state spaces", 2022).
//!
//! [`Method`] makes Ad and Bd of the matrices A and B of x′ = A·x + B·u and of the length of a step. A
//! [`Recurrence`] keeps the states of some steps, so that the state of any step is near one of them. Values do
//! not depend on what was asked before.

mod lu;
mod method;
mod recurrence;
mod resolvent;
mod response;
mod step_matrices;
mod steps;

pub use method::{DiscretizationError, Method};
pub use recurrence::{Equation, Failure, MAX_STEPS, Recurrence};
pub use response::{Kernel, ZTransfer, eigenvalues};
pub use step_matrices::StepMatrices;
pub use steps::State;
