//! Compiled expressions: flat code in which names are slots.
//!
//! Operations refer to earlier operations by index; the last operation is the root of the expression. Running
//! code looks nothing up by name. Only integrals allocate, for their subintervals.

use num_complex::Complex64;

use super::ast::BinaryOperator;
use super::function::{BinaryFunction, UnaryFunction};
use super::number::from_real;
use super::scope::{Dependencies, FreeId, ParamId, SignalId, SystemId, Variable};
use crate::solver;

/// The index of an operation in its code.
pub(super) type OpIndex = u32;

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Op {
    Constant(Complex64),
    Time,
    Param(ParamId),
    Free(FreeId),
    /// The local variable of an enclosing sum or integral; level 0 is the innermost.
    LocalVariable(u32),
    Signal(SignalId),
    SystemSignal(SystemId, solver::SystemSignal),
    SystemConstant(SystemId, solver::SystemConstant),
    /// A signal evaluated at an explicit time.
    At {
        signal: OpIndex,
        time: OpIndex,
    },
    Negate(OpIndex),
    Not(OpIndex),
    BinaryOperator(BinaryOperator, OpIndex, OpIndex),
    UnaryFunction(UnaryFunction, OpIndex),
    BinaryFunction(BinaryFunction, OpIndex, OpIndex),
    If {
        condition: OpIndex,
        then: OpIndex,
        otherwise: OpIndex,
    },
    Sum {
        term: OpIndex,
        from: OpIndex,
        to: OpIndex,
    },
    Integral {
        integrand: OpIndex,
        from: OpIndex,
        to: OpIndex,
    },
}

/// A compiled expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    pub(super) ops: Box<[Op]>,
    pub(super) dependencies: Dependencies,
    /// The recursion depth of its evaluation, including the signals it uses.
    pub(super) depth: usize,
}

impl Code {
    /// Code that evaluates to a constant number.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        let ops = Box::new([Op::Constant(from_real(value))]);
        Self { ops, dependencies: Dependencies::default(), depth: 1 }
    }

    /// Everything that the value depends on.
    #[must_use]
    pub fn dependencies(&self) -> &Dependencies {
        &self.dependencies
    }

    /// Whether the value can change with this variable.
    #[must_use]
    pub fn depends_on(&self, variable: Variable) -> bool {
        self.dependencies.contains(variable)
    }

    /// Whether the value changes with the present time.
    #[must_use]
    pub fn depends_on_time(&self) -> bool {
        self.dependencies.time
    }

    /// The recursion depth of its evaluation, including the signals it uses.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }
}
