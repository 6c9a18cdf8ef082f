//! A compiled expression: a flat tree whose names are slots.
//!
//! Nodes refer to nodes before them by index, the last one is the root. Nothing in it is looked up
//! by name, and running it allocates nothing but the pieces of an integral.

use num_complex::Complex64;

use super::ast::BinaryOperator;
use super::function::{BinaryFunction, UnaryFunction};
use super::number::from_real;
use super::scope::{Dependencies, FreeId, ParamId, SignalId, SystemId, Variable};
use crate::solver;

/// Where a node stands in its code.
pub(super) type Index = u32;

/// One step of the calculation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Op {
    Constant(Complex64),
    Time,
    Param(ParamId),
    Free(FreeId),
    /// The variable of the sum or integral this many levels further out.
    LocalVariable(u32),
    Signal(SignalId),
    SystemSignal(SystemId, solver::SystemSignal),
    SystemConstant(SystemId, solver::SystemConstant),
    At {
        signal: Index,
        time: Index,
    },
    Negate(Index),
    Not(Index),
    BinaryOperator(BinaryOperator, Index, Index),
    UnaryFunction(UnaryFunction, Index),
    BinaryFunction(BinaryFunction, Index, Index),
    If {
        condition: Index,
        then: Index,
        otherwise: Index,
    },
    Sum {
        term: Index,
        from: Index,
        to: Index,
    },
    Integral {
        integrand: Index,
        from: Index,
        to: Index,
    },
}

/// A compiled expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    pub(super) ops: Box<[Op]>,
    pub(super) dependencies: Dependencies,
    /// How deeply its evaluation recurses, through the signals it uses.
    pub(super) depth: usize,
}

impl Code {
    /// The code of a number that is known.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        let ops = Box::new([Op::Constant(from_real(value))]);
        Self { ops, dependencies: Dependencies::default(), depth: 1 }
    }

    /// All that the value depends on.
    #[must_use]
    pub fn dependencies(&self) -> &Dependencies {
        &self.dependencies
    }

    /// Whether the value can change with the variable.
    #[must_use]
    pub fn depends_on(&self, variable: Variable) -> bool {
        self.dependencies.contains(variable)
    }

    /// Whether the value changes with the present time.
    #[must_use]
    pub fn depends_on_time(&self) -> bool {
        self.dependencies.time
    }

    /// How deeply its evaluation recurses, through the signals it uses.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }
}
