//! Compiled expressions: flat code in which names are slots.
//!
//! Operations refer to earlier operations by index; the last operation is the root of the expression. Running
//! code looks nothing up by name. Only integrals allocate, for their subintervals.

use num_complex::Complex64;

use super::ast::BinaryOperator;
use super::function::{BinaryFunction, UnaryFunction};
use super::number::{from_real, is_whole, real_or_nan};
use super::scope::{Dependencies, FreeId, ParamId, SignalId, SystemId, Variable};
use crate::system::{Component, Slot};

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
    /// A component of a member of a system, at the present time if the member is a signal.
    Member(MemberOp),
    /// A member that is a function, at an argument. `member` is an [`Op::Member`].
    MemberFunction {
        member: OpIndex,
        argument: OpIndex,
    },
    /// A component of the state whose rate an expression gives.
    State(u32),
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

/// A component of a member: the system, the member, and the operations that compute the indices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct MemberOp {
    pub(super) system: SystemId,
    pub(super) slot: Slot,
    /// The number of indices.
    pub(super) indices: u8,
    /// The operations of the indices; those beyond `indices` have no meaning.
    pub(super) index: [OpIndex; 2],
}

impl MemberOp {
    /// The operations of the indices.
    pub(super) fn index_ops(&self) -> &[OpIndex] {
        &self.index[..usize::from(self.indices)]
    }

    /// The component with these indices; `None` if one of them is not a whole number.
    pub(super) fn component(&self, indices: impl IntoIterator<Item = Complex64>) -> Option<Component> {
        let mut component = Component::scalar(self.slot);
        for (index, value) in component.index.iter_mut().zip(indices) {
            let value = real_or_nan(value);
            if !is_whole(value) || value.is_infinite() {
                return None;
            }
            *index = value as i64;
        }
        Some(component)
    }
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

    /// Code whose value is NaN and whose only dependency is a system, with those of the system itself.
    pub(crate) fn reference(system: SystemId, info: &Dependencies) -> Self {
        let mut code = Self::constant(f64::NAN);
        code.dependencies.extend(info);
        code.dependencies.systems.insert(system);
        code
    }

    /// The system that one of its members is the whole expression of.
    pub(crate) fn member_of(&self) -> Option<SystemId> {
        match self.ops.last()? {
            Op::Member(member) => Some(member.system),
            _ => None,
        }
    }

    /// Whether the value depends on the component of the state, or on the variable of a key, with this index.
    pub(crate) fn uses_state(&self, index: usize) -> bool {
        self.ops.iter().any(|op| matches!(op, Op::State(used) if *used as usize == index))
    }

    /// The recursion depth of its evaluation, including the signals it uses.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }
}
