//! The operations of compiled code.

use std::fmt;

use num_complex::Complex64;

use super::arithmetic::negate;
use super::ast::BinaryOperator;
use super::function::{BinaryFunction, UnaryFunction};
use super::number::{NAN, from_truth, is_whole, real_or_nan, to_truth};
use super::scope::{FreeId, ParamId, SignalId, SystemId};
use super::series::Series;
use crate::system::{Component, Slot};

/// The index of an operation in its code.
pub(super) type OpIndex = u32;

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    Constant(Constant),
    Time,
    Param(ParamId),
    Free(FreeId),
    /// The local variable of an enclosing series or integral, or an argument; the outermost one has the number 0.
    LocalVariable(u32),
    Signal(SignalId),
    /// A user-defined function of these arguments, at the present time.
    Call {
        function: SignalId,
        arguments: OpList,
    },
    /// A component of a member of a system, at the present time if the member is a signal.
    Member(MemberOp),
    /// A member that is a function, at an argument. `member` is an [`Op::Member`].
    MemberFunction {
        member: OpIndex,
        argument: OpIndex,
    },
    /// A component of the state whose rate an expression gives.
    State(u32),
    /// A signal or a call, evaluated at an explicit time.
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
    /// A sum, a mean or a product of `body` over the integers between two limits.
    Series {
        series: Series,
        body: OpIndex,
        limits: [OpIndex; 2],
        variable: BoundVariable,
    },
    Integral {
        body: OpIndex,
        limits: [OpIndex; 2],
        variable: BoundVariable,
        fixed: Option<Limit>,
    },
    /// The interpolation of points at x. `points` lists x0, y0, x1, y1, …
    Interpolate {
        x: OpIndex,
        points: OpList,
    },
}

/// A complex number, which is equal to one with the same bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Constant([u64; 2]);

impl Constant {
    pub(super) fn value(self) -> Complex64 {
        let [re, im] = self.0.map(f64::from_bits);
        Complex64::new(re, im)
    }
}

impl fmt::Debug for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}

/// The variable that a series or an integral gives its values to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum BoundVariable {
    /// A variable of its own, the [`Op::LocalVariable`] with this number.
    Local(u32),
    /// The time: the body is evaluated as if it were the present time.
    Time,
}

/// A limit of an integral that stays where it is while the other one moves and the integrand stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Limit {
    From,
    To,
}

/// A list of operations: a range of the lists of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct OpList {
    pub(super) start: u32,
    pub(super) count: u32,
}

impl OpList {
    /// The entries, of all lists of the code.
    pub(super) fn entries(self, lists: &[OpIndex]) -> &[OpIndex] {
        &lists[self.start as usize..][..self.count as usize]
    }
}

/// A component of a member: the system, the member, and the operations that compute the indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct MemberOp {
    pub(super) system: SystemId,
    pub(super) slot: Slot,
    /// The number of indices.
    pub(super) indices: u8,
    /// The operations of the indices; those beyond `indices` have no meaning.
    pub(super) index: [OpIndex; 2],
}

impl Op {
    /// A number.
    pub(super) fn number(value: Complex64) -> Self {
        Self::Constant(Constant([value.re.to_bits(), value.im.to_bits()]))
    }

    /// Calls `visit` with each operand, an operand that is used twice twice. `lists` are the lists of the code.
    pub(super) fn each_operand(self, lists: &[OpIndex], mut visit: impl FnMut(OpIndex)) {
        let mut visit_list = |list: OpList| list.entries(lists).iter().for_each(|entry| visit(*entry));
        match self {
            Self::Constant(_)
            | Self::Time
            | Self::Param(_)
            | Self::Free(_)
            | Self::LocalVariable(_)
            | Self::Signal(_)
            | Self::State(_) => {}
            Self::Call { arguments, .. } => visit_list(arguments),
            Self::Member(member) => member.index_ops().iter().for_each(|index| visit(*index)),
            Self::Negate(a) | Self::Not(a) | Self::UnaryFunction(_, a) => visit(a),
            Self::MemberFunction { member: a, argument: b }
            | Self::At { signal: a, time: b }
            | Self::BinaryOperator(_, a, b)
            | Self::BinaryFunction(_, a, b) => [a, b].into_iter().for_each(visit),
            Self::If { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(visit);
            }
            Self::Series { body, limits: [from, to], .. }
            | Self::Integral { body, limits: [from, to], .. } => {
                [body, from, to].into_iter().for_each(visit);
            }
            Self::Interpolate { x, points } => {
                visit_list(points);
                visit(x);
            }
        }
    }

    /// The value of the operation if it follows from those of its operands, which `operand` gives.
    pub(super) fn constant(self, operand: impl Fn(OpIndex) -> Option<Complex64>) -> Option<Complex64> {
        match self {
            Self::Constant(value) => Some(value.value()),
            Self::Negate(a) => Some(negate(operand(a)?)),
            Self::Not(a) => Some(to_truth(operand(a)?).map_or(NAN, |a| from_truth(!a))),
            Self::BinaryOperator(operator, a, b) => Some(operator.apply(operand(a)?, operand(b)?)),
            Self::UnaryFunction(function, a) => Some(function.apply(operand(a)?)),
            Self::BinaryFunction(function, a, b) => Some(function.apply(operand(a)?, operand(b)?)),
            _ => None,
        }
    }
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
