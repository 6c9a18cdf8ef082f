//! Compiled expressions: flat code in which names are slots.
//!
//! Operations refer to earlier operations by index; the last operation is the root of the expression. Running
//! code looks nothing up by name. Only integrals allocate, for their subintervals.

use num_complex::Complex64;

use super::arithmetic::negate;
use super::ast::BinaryOperator;
use super::function::{BinaryFunction, UnaryFunction};
use super::needs::Needs;
use super::number::{NAN, from_real, from_truth, is_whole, real_or_nan, to_truth};
use super::scope::{Dependencies, FreeId, ParamId, SignalId, SystemId, Variable};
use super::series::Series;
use super::value_type::ValueType;
use super::work::weights;
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
    },
    /// The interpolation of points at x. `points` lists x0, y0, x1, y1, …
    Interpolate {
        x: OpIndex,
        points: OpList,
    },
}

/// The variable that a series or an integral gives its values to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BoundVariable {
    /// A variable of its own, the [`Op::LocalVariable`] with this number.
    Local(u32),
    /// The time: the body is evaluated as if it were the present time.
    Time,
}

/// A list of operations: a range of the lists of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct MemberOp {
    pub(super) system: SystemId,
    pub(super) slot: Slot,
    /// The number of indices.
    pub(super) indices: u8,
    /// The operations of the indices; those beyond `indices` have no meaning.
    pub(super) index: [OpIndex; 2],
}

impl Op {
    /// The value of the operation if it follows from those of its operands, which `operand` gives.
    pub(super) fn constant(self, operand: impl Fn(OpIndex) -> Option<Complex64>) -> Option<Complex64> {
        match self {
            Self::Constant(value) => Some(value),
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

/// A variable as an index of a member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexUse {
    pub(crate) system: SystemId,
    pub(crate) slot: Slot,
    /// 0 for the first index, 1 for the second.
    pub(crate) position: usize,
}

/// A compiled expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    pub(super) ops: Box<[Op]>,
    /// The entries of all lists, one list after the other.
    pub(super) lists: Box<[OpIndex]>,
    /// The work of each operation: see `weights`.
    pub(super) weights: Box<[u64]>,
    /// For each operation, the variables that its value depends on.
    pub(super) needs: Box<[Needs]>,
    pub(super) value_type: ValueType,
    pub(super) dependencies: Dependencies,
    /// The recursion depth of its evaluation, including the signals it uses.
    pub(super) depth: usize,
}

impl Code {
    /// Code that evaluates to a constant number.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        let ops = Box::new([Op::Constant(from_real(value))]);
        Self {
            weights: weights(ops.as_slice(), &[]),
            ops,
            lists: Box::new([]),
            needs: Box::new([Needs::default()]),
            value_type: ValueType::Real,
            dependencies: Dependencies::default(),
            depth: 1,
        }
    }

    /// The operation of the whole expression; `None` if there is none.
    pub(super) fn root(&self) -> Option<OpIndex> {
        Some(self.ops.len().checked_sub(1)? as OpIndex)
    }

    /// The operation at an index.
    pub(super) fn op(&self, index: OpIndex) -> Op {
        self.ops[index as usize]
    }

    /// The variables that the value of an operation depends on.
    pub(super) fn needs(&self, index: OpIndex) -> Needs {
        self.needs[index as usize]
    }

    /// The entries of a list.
    pub(super) fn list(&self, list: OpList) -> &[OpIndex] {
        list.entries(&self.lists)
    }

    /// The work of evaluating an operation once, without what it repeats or uses of the scene.
    pub(super) fn weight(&self, index: OpIndex) -> u64 {
        self.weights[index as usize]
    }

    /// The type of the value.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        self.value_type
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

    /// Code whose value is the argument (angle) of the value of this code.
    pub(crate) fn argument(self) -> Self {
        let Some(root) = self.root() else { return self };
        let ops: Vec<Op> =
            self.ops.iter().copied().chain([Op::UnaryFunction(UnaryFunction::Arg, root)]).collect();
        let needs: Vec<Needs> = self.needs.iter().chain(self.needs.last()).copied().collect();
        Self {
            weights: weights(&ops, &self.lists),
            ops: ops.into(),
            needs: needs.into(),
            value_type: ValueType::Real,
            depth: self.depth + 1,
            ..self
        }
    }

    /// The system that one of its members is the whole expression of.
    pub(crate) fn member_of(&self) -> Option<SystemId> {
        match self.ops.last()? {
            Op::Member(member) => Some(member.system),
            _ => None,
        }
    }

    /// The systems of which members are used at the present time, without an argument or a time of their own.
    pub(crate) fn present_systems(&self) -> impl Iterator<Item = SystemId> {
        let is_called = move |index: OpIndex| {
            self.ops.iter().any(|op| match *op {
                Op::MemberFunction { member, .. } => member == index,
                Op::At { signal, .. } => signal == index,
                _ => false,
            })
        };
        let member = move |(index, op): (OpIndex, &Op)| match op {
            Op::Member(member) if !is_called(index) => Some(member.system),
            _ => None,
        };
        (0..).zip(&self.ops).filter_map(member)
    }

    /// The index of components that a free variable is, if it is nothing else in this expression; the first one found.
    pub(crate) fn index_of(&self, free: FreeId) -> Option<IndexUse> {
        let is_variable = |op: OpIndex| self.ops[op as usize] == Op::Free(free);
        let members =
            self.ops.iter().filter_map(|op| if let Op::Member(member) = op { Some(member) } else { None });
        let uses: Vec<IndexUse> = members
            .flat_map(|member| {
                let positions = (0..).zip(member.index_ops()).filter(|(_, op)| is_variable(**op));
                positions.map(|(position, _)| IndexUse { system: member.system, slot: member.slot, position })
            })
            .collect();
        // Each use of the variable is an operation of its own, and so is each index.
        let count = self.ops.iter().filter(|op| **op == Op::Free(free)).count();
        let calls = |op: &Op| matches!(op, Op::Signal(_) | Op::Call { .. });
        uses.first().copied().filter(|_| count == uses.len() && !self.ops.iter().any(calls))
    }

    /// Whether a param is the index of a component, the number of a step, or a limit of a series, alone or in a sum or a
    /// product: then only whole values of it have a meaning. `is_sequence` says which members are sequences.
    pub(crate) fn counts_by(&self, param: ParamId, is_sequence: impl Fn(SystemId, Slot) -> bool) -> bool {
        let is_count = |op: OpIndex| self.is_linear_in(param, op);
        self.ops.iter().any(|op| match *op {
            Op::Member(member) => member.index_ops().iter().any(|op| is_count(*op)),
            Op::MemberFunction { member, argument } => match self.ops[member as usize] {
                Op::Member(member) => is_sequence(member.system, member.slot) && is_count(argument),
                _ => false,
            },
            Op::Series { limits, .. } => limits.into_iter().any(is_count),
            _ => false,
        })
    }

    /// Whether an operation is a param, or a sum or a product with it.
    fn is_linear_in(&self, param: ParamId, op: OpIndex) -> bool {
        match self.ops[op as usize] {
            Op::Param(used) => used == param,
            Op::Negate(a) => self.is_linear_in(param, a),
            Op::BinaryOperator(
                BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply,
                a,
                b,
            ) => self.is_linear_in(param, a) || self.is_linear_in(param, b),
            _ => false,
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
